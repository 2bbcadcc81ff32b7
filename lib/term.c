/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/term.h"

#include <stdint.h>

/* Decodes one character of n bytes; the length, or 0 when it is not UTF-8. */
static size_t
decode(const unsigned char *p, size_t n, uint32_t *ret)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t len = p[0] < 0x80    ? 1
		     : p[0] >= 0xf0 ? 4
		     : p[0] >= 0xe0 ? 3
		     : p[0] >= 0xc0 ? 2
				    : 0;
	uint32_t c;
	size_t i;

	if (len == 0 || len > n || p[0] > 0xf4)
		return 0;
	c = len == 1 ? p[0] : p[0] & (0xffU >> (len + 1));
	for (i = 1; i < len; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3fU);
	}
	if (c < least[len] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*ret = c;
	return len;
}

static int
is_hidden(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c <= 0x9f) ||	 /* controls */
	       c == 0xad || c == 0x61c || c == 0x180e || /* soft hyphen, marks */
	       (c >= 0x200b && c <= 0x200f) ||		 /* zero width, direction marks */
	       (c >= 0x2028 && c <= 0x202e) ||		 /* separators, overrides */
	       (c >= 0x2060 && c <= 0x206f) || c == 0xfeff || /* invisible, isolates */
	       (c >= 0xfff0 && c <= 0xfffb) || (c >= 0xe0000 && c <= 0xe0fff);
}

void
term_add(struct buf *out, struct slice text, int how)
{
	const unsigned char *p = (const unsigned char *)text.p;
	uint32_t c = 0;
	size_t at, len;

	for (at = 0; at < text.n; at += len) {
		len = decode(p + at, text.n - at, &c);
		if (len == 0) {
			buf_addf(out, "<0x%02X>", p[at]);
			len = 1;
		} else if (c == '\n' && how == TERM_TEXT) {
			buf_addc(out, '\n');
		} else if (c == '\t') {
			buf_addc(out, ' ');
		} else if (is_hidden(c)) {
			buf_addf(out, "<U+%04X>", (unsigned)c);
		} else {
			buf_add(out, p + at, len);
		}
	}
}

int
term_is_plain(struct slice text)
{
	const unsigned char *p = (const unsigned char *)text.p;
	uint32_t c = 0;
	size_t at, len;

	for (at = 0; at < text.n; at += len) {
		len = decode(p + at, text.n - at, &c);
		if (len == 0 || is_hidden(c))
			return 0;
	}
	return 1;
}
