/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/mail_mime.h"

#include <string.h>
#include <utf8proc.h>

enum {
	ADDRESS_MAX = 254,
	LOCAL_MAX = 64,
	LABEL_MAX = 63,
	PLAIN_MAX = 64,	 /* bytes of a header's value that is written as it is */
	WORD_BYTES = 39, /* of UTF-8 in an encoded word: 52 letters of base64 */
	LINE_BYTES = 57, /* of a part in a line of base64: 76 letters */
	QP_MAX = 75,	 /* letters of a line of quoted-printable, then "=" */
};

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static int
is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Atoms with dots between them; those of a host name are its labels. */
static int
is_dotted(struct slice s, const char *also, size_t most)
{
	size_t i, run = 0;

	for (i = 0; i < s.n; i++) {
		if (s.p[i] == '.') {
			if (run == 0)
				return 0;
			run = 0;
			continue;
		}
		if (!is_alnum(s.p[i]) && (s.p[i] == '\0' || strchr(also, s.p[i]) == NULL))
			return 0;
		if (++run > most)
			return 0;
	}
	return run > 0;
}

int
mail_address_ok(struct slice s)
{
	const char *at = s.n > 0 && s.n <= ADDRESS_MAX ? memchr(s.p, '@', s.n) : NULL;
	struct slice local, host;

	if (at == NULL)
		return 0;
	local = (struct slice){ s.p, (size_t)(at - s.p) };
	host = (struct slice){ at + 1, s.n - local.n - 1 };
	return local.n <= LOCAL_MAX && host.n > 0 && host.p[0] != '-' &&
	       host.p[host.n - 1] != '-' &&
	       is_dotted(local, "!#$%&'*+/=?^_`{|}~-", LOCAL_MAX) &&
	       is_dotted(host, "-", LABEL_MAX);
}

static int
is_from_right(utf8proc_int32_t c)
{
	return (c >= 0x590 && c <= 0x8FF) || (c >= 0xFB1D && c <= 0xFDFF) ||
	       (c >= 0xFE70 && c <= 0xFEFE) || (c >= 0x10800 && c <= 0x10FFF) ||
	       (c >= 0x1E800 && c <= 0x1EFFF);
}

/* Breaks a line, moves text, or is not seen. */
static int
is_unseen(utf8proc_int32_t c)
{
	return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x61C || c == 0x200B ||
	       c == 0x200E || c == 0x200F || (c >= 0x2028 && c <= 0x202E) ||
	       (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF;
}

/* The code point at *at, which moves on; U+FFFD for a byte that begins none. */
static utf8proc_int32_t
next_point(struct slice s, size_t *at)
{
	utf8proc_int32_t c;
	utf8proc_ssize_t n = utf8proc_iterate(
	    (const utf8proc_uint8_t *)s.p + *at, (utf8proc_ssize_t)(s.n - *at), &c);

	*at += n > 0 ? (size_t)n : 1;
	return n > 0 ? c : 0xFFFD;
}

static void
add_point(struct buf *out, utf8proc_int32_t c)
{
	utf8proc_uint8_t b[4];

	buf_add(out, b, (size_t)utf8proc_encode_char(c, b));
}

static int
has_from_right(struct slice s)
{
	size_t at = 0;

	while (at < s.n)
		if (is_from_right(next_point(s, &at)))
			return 1;
	return 0;
}

void
mail_add_line(struct buf *out, struct slice utf8, unsigned points)
{
	int isolated = has_from_right(utf8);
	utf8proc_int32_t c;
	size_t at = 0;
	unsigned n = 0;

	if (isolated)
		add_point(out, 0x2068);
	while (at < utf8.n) {
		c = next_point(utf8, &at);
		if (n++ == points) {
			add_point(out, 0x2026);
			break;
		}
		add_point(out, is_unseen(c) ? ' ' : c);
	}
	if (isolated)
		add_point(out, 0x2069);
}

void
mail_add_block(struct buf *out, struct slice utf8)
{
	utf8proc_int32_t c;
	size_t at = 0;

	while (at < utf8.n) {
		c = next_point(utf8, &at);
		if (c == '\r' && at < utf8.n && utf8.p[at] == '\n')
			continue;
		add_point(out, c != '\n' && c != '\t' && is_unseen(c) ? ' ' : c);
	}
}

static void
add_base64(struct buf *out, const char *p, size_t n)
{
	uint32_t v;
	size_t i, k;

	for (i = 0; i < n; i += 3) {
		v = 0;
		for (k = 0; k < 3; k++)
			v = v << 8 | (i + k < n ? (unsigned char)p[i + k] : 0u);
		for (k = 0; k < 4; k++)
			buf_addc(out, i + k > n ? '=' : alphabet[v >> (18 - 6 * k) & 63]);
	}
}

static int
is_plain(struct slice s)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		if (s.p[i] < 0x20 || s.p[i] > 0x7E)
			return 0;
	return s.n <= PLAIN_MAX && memmem(s.p, s.n, "=?", 2) == NULL;
}

void
mail_add_encoded(struct buf *out, struct slice utf8)
{
	const char *before = " =?UTF-8?B?";
	size_t n;

	while (utf8.n > 0) {
		n = utf8.n < WORD_BYTES ? utf8.n : WORD_BYTES;
		/* A word holds whole characters. */
		while (n > 1 && n < utf8.n && (utf8.p[n] & 0xC0) == 0x80)
			n--;
		buf_adds(out, before);
		add_base64(out, utf8.p, n);
		buf_adds(out, "?=");
		before = "\r\n =?UTF-8?B?";
		utf8.p += n;
		utf8.n -= n;
	}
}

void
mail_header(struct buf *out, const char *name, struct slice utf8)
{
	buf_adds(out, name);
	buf_addc(out, ':');
	if (is_plain(utf8)) {
		buf_addc(out, ' ');
		buf_add(out, utf8.p, utf8.n);
	} else {
		mail_add_encoded(out, utf8);
	}
	buf_adds(out, "\r\n");
}

/* One byte; what stands at the end of a line may be no blank, and no line of a mailbox
 * may begin with "From ". */
static void
add_quoted(struct buf *out, struct slice text, size_t at, size_t *column)
{
	static const char hex[] = "0123456789ABCDEF";
	unsigned char c = (unsigned char)text.p[at];
	int last = at + 1 == text.n || text.p[at + 1] == '\n';
	int plain = c > 0x20 && c < 0x7F && c != '=';

	if ((c == ' ' || c == '\t') && !last)
		plain = 1;
	if (*column == 0 && (c == 'F' || c == '.'))
		plain = 0;
	if (*column + (plain ? 1 : 3) > QP_MAX) {
		buf_adds(out, "=\r\n");
		*column = 0;
		plain = plain && c != 'F' && c != '.';
	}
	if (plain) {
		buf_addc(out, (char)c);
		*column += 1;
		return;
	}
	buf_addc(out, '=');
	buf_addc(out, hex[c >> 4]);
	buf_addc(out, hex[c & 15]);
	*column += 3;
}

static void
add_quoted_text(struct buf *out, struct slice text)
{
	size_t at, column = 0;

	for (at = 0; at < text.n; at++) {
		if (text.p[at] == '\n') {
			buf_adds(out, "\r\n");
			column = 0;
		} else {
			add_quoted(out, text, at, &column);
		}
	}
	if (column != 0)
		buf_adds(out, "\r\n");
}

/* The text with CRLF as its line ends, in lines of base64. */
static void
add_base64_text(struct buf *out, struct slice text)
{
	char line[LINE_BYTES];
	size_t at, n = 0;
	int cr = 0;

	for (at = 0; at < text.n;) {
		if (text.p[at] == '\n' && !cr) {
			line[n++] = '\r';
			cr = 1;
		} else {
			line[n++] = text.p[at++];
			cr = 0;
		}
		if (n < sizeof line && at < text.n)
			continue;
		add_base64(out, line, n);
		buf_adds(out, "\r\n");
		n = 0;
	}
}

void
mail_part(struct buf *out, const char *lang, struct slice text)
{
	size_t i, high = 0;
	int quoted;

	for (i = 0; i < text.n; i++)
		high += (unsigned char)text.p[i] >= 0x80;
	quoted = high * 6 < text.n;
	buf_addf(out,
	    "Content-Type: text/plain; charset=UTF-8\r\n"
	    "Content-Language: %s\r\n"
	    "Content-Disposition: inline\r\n"
	    "Content-Transfer-Encoding: %s\r\n\r\n",
	    lang, quoted ? "quoted-printable" : "base64");
	if (quoted)
		add_quoted_text(out, text);
	else
		add_base64_text(out, text);
}
