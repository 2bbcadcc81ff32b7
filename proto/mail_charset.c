/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/mail_read.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>
#include <strings.h>

#include <utf8proc.h>

#include "lib/mem.h"

/* What mails of Japan come in, by the names that they use.  The detail is a literal for
 * each, so that a refusal names the charset and echoes nothing. */
static const struct {
	const char *name, *is, *detail;
} charsets[] = {
	{ "iso-2022-jp", "ISO-2022-JP", "ISO-2022-JP cannot be read on this machine" },
	{ "iso-2022-jp-1", "ISO-2022-JP-1",
	    "ISO-2022-JP-1 cannot be read on this machine" },
	{ "shift_jis", "CP932", "Shift_JIS cannot be read on this machine" },
	{ "shift-jis", "CP932", "Shift_JIS cannot be read on this machine" },
	{ "sjis", "CP932", "Shift_JIS cannot be read on this machine" },
	{ "windows-31j", "CP932", "Windows-31J cannot be read on this machine" },
	{ "cp932", "CP932", "CP932 cannot be read on this machine" },
	{ "euc-jp", "EUC-JP", "EUC-JP cannot be read on this machine" },
	{ "iso-8859-1", "ISO-8859-1", "ISO-8859-1 cannot be read on this machine" },
	{ "windows-1252", "CP1252", "windows-1252 cannot be read on this machine" },
};
enum { CHARSETS = sizeof charsets / sizeof charsets[0], PIECE = 4096 };

static const char replacement[] = "\xef\xbf\xbd";

struct mail_charsets {
	iconv_t of[CHARSETS];
};

static int
is_open(iconv_t cd)
{
	return cd != (iconv_t)-1;
}

struct mail_charsets *
mail_charsets_new(void)
{
	struct mail_charsets *c = mem_zalloc(sizeof *c);
	size_t i;

	for (i = 0; c != NULL && i < CHARSETS; i++)
		c->of[i] = iconv_open("UTF-8", charsets[i].is);
	return c;
}

void
mail_charsets_free(struct mail_charsets *c)
{
	size_t i;

	for (i = 0; c != NULL && i < CHARSETS; i++)
		if (is_open(c->of[i]))
			(void)iconv_close(c->of[i]);
	mem_free(c);
}

static int
is(struct slice s, const char *word)
{
	return s.n == strlen(word) && strncasecmp(s.p, word, s.n) == 0;
}

static size_t
charset_of(struct slice name)
{
	size_t i = 0;

	while (i < CHARSETS && !is(name, charsets[i].name))
		i++;
	return i;
}

int
mail_bad_charset(struct slice charset, struct fault *why)
{
	const struct json_at at = { .key = "text" };
	size_t i = charset_of(charset);

	return fault_set(why, P_INVALID_FIELD, &at,
	    i < CHARSETS ? charsets[i].detail
			 : "a mail in UTF-8, US-ASCII, ISO-2022-JP, Shift_JIS, EUC-JP, "
			   "ISO-8859-1 or windows-1252: its charset is another one");
}

static int
add_utf8(struct slice s, struct buf *out)
{
	const utf8proc_uint8_t *p = (const utf8proc_uint8_t *)s.p;
	utf8proc_int32_t c;
	utf8proc_ssize_t n;
	size_t i;

	for (i = 0; i < s.n; i += (size_t)n) {
		n = utf8proc_iterate(p + i, (utf8proc_ssize_t)(s.n - i), &c);
		if (n > 0) {
			buf_add(out, s.p + i, (size_t)n);
		} else {
			buf_adds(out, replacement);
			n = 1;
		}
	}
	return buf_err(out);
}

static int
convert(iconv_t cd, struct slice s, struct buf *out)
{
	char room[PIECE], *to, *from = (char *)(uintptr_t)s.p;
	size_t left = s.n, space, got;

	(void)iconv(cd, NULL, NULL, NULL, NULL);
	while (left > 0 && buf_err(out) == 0) {
		to = room;
		space = sizeof room;
		got = iconv(cd, &from, &left, &to, &space);
		buf_add(out, room, (size_t)(to - room));
		if (got != (size_t)-1 || errno == E2BIG)
			continue;
		buf_adds(out, replacement);
		from++;
		left--;
	}
	return buf_err(out);
}

int
mail_to_utf8(const struct mail_charsets *c, struct slice charset, struct slice bytes,
    struct buf *out)
{
	size_t i;

	if (charset.n == 0 || is(charset, "utf-8") || is(charset, "us-ascii") ||
	    is(charset, "utf8") || is(charset, "ascii"))
		return add_utf8(bytes, out);
	i = charset_of(charset);
	if (i == CHARSETS || c == NULL || !is_open(c->of[i]))
		return ERR_NOTFOUND;
	return convert(c->of[i], bytes, out);
}

/* -------- transfer encodings */

static int
hex_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* `word`: of an encoded word, in which _ is a blank. */
static void
quoted(struct slice s, int word, struct buf *out)
{
	int hi, lo;
	size_t i, k;

	for (i = 0; i < s.n; i++) {
		if (s.p[i] != '=') {
			buf_addc(out, (char)(word && s.p[i] == '_' ? ' ' : s.p[i]));
			continue;
		}
		for (k = i + 1;
		     k < s.n && (s.p[k] == ' ' || s.p[k] == '\t' || s.p[k] == '\r');)
			k++;
		if (k == s.n || s.p[k] == '\n') { /* a soft end of line */
			i = k;
			continue;
		}
		hi = i + 2 < s.n ? hex_of(s.p[i + 1]) : -1;
		lo = hi >= 0 ? hex_of(s.p[i + 2]) : -1;
		if (lo < 0) {
			buf_addc(out, '=');
			continue;
		}
		buf_addc(out, (char)(hi << 4 | lo));
		i += 2;
	}
}

static void
base64(struct slice s, struct buf *out)
{
	static const char set[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	uint32_t bits = 0;
	const char *at;
	unsigned n = 0;
	size_t i;

	for (i = 0; i < s.n && s.p[i] != '='; i++) {
		at = s.p[i] != '\0' ? strchr(set, s.p[i]) : NULL;
		if (at == NULL)
			continue; /* ends of lines, and what is none of its letters */
		bits = bits << 6 | (uint32_t)(at - set);
		n += 6;
		if (n >= 8) {
			n -= 8;
			buf_addc(out, (char)(bits >> n & 0xff));
		}
	}
}

int
mail_transfer(struct slice coding, struct slice bytes, struct buf *out)
{
	if (is(coding, "base64"))
		base64(bytes, out);
	else if (is(coding, "quoted-printable"))
		quoted(bytes, 0, out);
	else if (coding.n == 0 || is(coding, "7bit") || is(coding, "8bit") ||
		 is(coding, "binary"))
		buf_add(out, bytes.p, bytes.n);
	else
		return ERR_INVALID;
	return buf_err(out);
}

/* -------- encoded words */

struct word {
	struct slice charset, text;
	int b;
	size_t n; /* bytes of all of it */
};

static int
word_at(struct slice s, struct word *ret)
{
	const char *end = s.p + s.n, *q, *e;

	if (s.n < 8 || s.p[0] != '=' || s.p[1] != '?')
		return 0;
	q = memchr(s.p + 2, '?', s.n - 2);
	if (q == NULL || q == s.p + 2 || end - q < 5 || q[2] != '?')
		return 0;
	ret->charset = (struct slice){ s.p + 2, (size_t)(q - s.p) - 2 };
	e = memchr(ret->charset.p, '*', ret->charset.n); /* a language */
	if (e != NULL)
		ret->charset.n = (size_t)(e - ret->charset.p);
	ret->b = (q[1] | 0x20) == 'b';
	if (!ret->b && (q[1] | 0x20) != 'q')
		return 0;
	e = memmem(q + 3, (size_t)(end - q) - 3, "?=", 2);
	if (e == NULL || memchr(q + 3, ' ', (size_t)(e - q) - 3) != NULL)
		return 0;
	ret->text = (struct slice){ q + 3, (size_t)(e - q) - 3 };
	ret->n = (size_t)(e + 2 - s.p);
	return 1;
}

static int
add_word(const struct word *w, const struct mail_charsets *c, struct buf *out,
    struct fault *why)
{
	struct buf raw;
	int rc;

	buf_init(&raw, MAIL_FIELD_MAX);
	if (w->b)
		base64(w->text, &raw);
	else
		quoted(w->text, 1, &raw);
	rc = buf_err(&raw);
	if (rc == 0)
		rc = mail_to_utf8(c, w->charset, buf_slice(&raw), out);
	buf_wipe(&raw);
	return rc == ERR_NOTFOUND ? mail_bad_charset(w->charset, why) : rc;
}

int
mail_words(
    struct slice value, const struct mail_charsets *c, struct buf *out, struct fault *why)
{
	struct slice rest = value;
	struct word w;
	size_t blanks;
	int rc = 0, after = 0;

	while (rc == 0 && rest.n > 0) {
		for (blanks = 0; blanks < rest.n && rest.p[blanks] == ' ';)
			blanks++;
		if (!word_at((struct slice){ rest.p + blanks, rest.n - blanks }, &w)) {
			blanks += blanks < rest.n;
			buf_add(out, rest.p, blanks);
			after = 0;
		} else {
			/* Between two of them blanks mean nothing. */
			buf_add(out, rest.p, after ? 0 : blanks);
			rc = add_word(&w, c, out, why);
			blanks += w.n;
			after = 1;
		}
		rest.p += blanks;
		rest.n -= blanks;
	}
	return rc != 0 ? rc : buf_err(out);
}
