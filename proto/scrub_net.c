/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses, AS numbers and MAC addresses. */
#include "proto/scrub_find.h"

#include <arpa/inet.h>

static int
is_digit(const struct scrub_cp *v, size_t n, size_t i)
{
	return i < n && v[i].cls == CLASS_DIGIT;
}

static int
is_hex(uint32_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

static int
is_alnum_at(const struct scrub_cp *v, size_t n, size_t i)
{
	return i < n && scrub_is_ascii_alnum(v[i].c);
}

/* A number of at most `digits` digits; entries eaten. */
static size_t
read_number(const struct scrub_cp *v, size_t n, size_t i, unsigned digits, uint64_t *ret)
{
	size_t k = 0;

	*ret = 0;
	while (k < digits && is_digit(v, n, i + k)) {
		*ret = *ret * 10 + (v[i + k].c - '0');
		k++;
	}
	return is_digit(v, n, i + k) ? 0 : k;
}

static size_t
read_prefix(
    const struct scrub_cp *v, size_t n, size_t i, unsigned most, unsigned *ret_prefix)
{
	uint64_t x;
	size_t k;

	if (i >= n || v[i].c != '/')
		return 0;
	k = read_number(v, n, i + 1, 3, &x);
	if (k == 0 || x > most || is_alnum_at(v, n, i + 1 + k))
		return 0;
	*ret_prefix = (unsigned)x;
	return k + 1;
}

/* The dot between two numbers, also the Japanese full stop or one between blanks; entries
 * eaten. */
static size_t
dot_at(const struct scrub_cp *v, size_t n, size_t i)
{
	if (i >= n)
		return 0;
	if (v[i].c == '.')
		return 1;
	if (i > 0 && is_digit(v, n, i - 1)) {
		if (v[i].c == 0x3002)
			return is_digit(v, n, i + 1) ? 1 : 0;
		if (i + 2 < n && v[i].c == ' ' && v[i + 1].c == '.')
			return v[i + 2].c == ' ' && is_digit(v, n, i + 3) ? 3
			       : is_digit(v, n, i + 2)			  ? 2
									  : 0;
	}
	return 0;
}

/* One part of a dotted address: a byte, or letters x and stars for any. */
static size_t
read_part(const struct scrub_cp *v, size_t n, size_t i, unsigned char *ret, int *ret_any)
{
	uint64_t x;
	size_t k = 0;

	*ret_any = 0;
	*ret = 0;
	if (is_digit(v, n, i)) {
		k = read_number(v, n, i, 3, &x);
		if (x > 255)
			return 0;
		*ret = (unsigned char)x;
		return k;
	}
	while (i + k < n && k < 3 && (v[i + k].c == 'x' || v[i + k].c == '*'))
		k++;
	*ret_any = 1;
	return k;
}

static size_t
read_v4(const struct scrub_cp *v, size_t n, size_t i, unsigned char ip[16],
    unsigned *ret_prefix)
{
	size_t at = i, k;
	unsigned part, fixed = 0;
	int any;

	for (part = 0; part < 4; part++) {
		if (part > 0) {
			k = dot_at(v, n, at);
			if (k == 0)
				break;
			at += k;
		}
		k = read_part(v, n, at, &ip[part], &any);
		if (k == 0 || (any && part == 0))
			return 0;
		if (!any && fixed < part)
			return 0;
		if (!any)
			fixed++;
		at += k;
	}
	/* "10.x" and "10.20.*" are written too; "10.20" is a number. */
	if (part < 4 && (fixed == part || part < 2))
		return 0;
	for (k = part; k < 4; k++)
		ip[k] = 0;
	if (is_alnum_at(v, n, at) ||
	    (at + 1 < n && v[at].c == '.' && is_digit(v, n, at + 1)))
		return 0;
	*ret_prefix = fixed * 8;
	return at - i + read_prefix(v, n, at, 32, ret_prefix);
}

static size_t
read_v6(const struct scrub_cp *v, size_t n, size_t i, unsigned char ip[16],
    unsigned *ret_prefix)
{
	char text[48];
	size_t k = 0, colons = 0, at;

	while (k < sizeof text - 1 && i + k < n &&
	       (is_hex(v[i + k].c) || v[i + k].c == ':' || v[i + k].c == '.')) {
		text[k] = (char)v[i + k].c;
		if (v[i + k].c == ':')
			colons++;
		k++;
	}
	while (k > 0 && (text[k - 1] == '.' ||
			    (text[k - 1] == ':' && (k < 2 || text[k - 2] != ':'))))
		k--;
	text[k] = '\0';
	if (colons < 2 || k < 3 || inet_pton(AF_INET6, text, ip) != 1)
		return 0;
	at = i + k;
	if (is_alnum_at(v, n, at))
		return 0;
	*ret_prefix = 128;
	if (at + 1 < n && v[at].c == '%' && scrub_is_ascii_alnum(v[at + 1].c))
		for (at++; is_alnum_at(v, n, at); at++)
			;
	return at - i + read_prefix(v, n, at, 128, ret_prefix);
}

size_t
scrub_read_address(const struct scrub_cp *v, size_t n, size_t i, unsigned char ip[16],
    unsigned *ret_len, unsigned *ret_prefix)
{
	size_t k, j;

	if (i >= n)
		return 0;
	if (v[i].cls == CLASS_DIGIT) {
		k = read_v4(v, n, i, ip, ret_prefix);
		*ret_len = 4;
		if (k > 0)
			return k;
	}
	/* Most words are no address: a colon must come soon. */
	for (j = i; j < n && j < i + 5 && is_hex(v[j].c); j++)
		;
	if (j >= n || v[j].c != ':')
		return 0;
	*ret_len = 16;
	return read_v6(v, n, i, ip, ret_prefix);
}

static int
is_private_v4(const unsigned char *ip)
{
	return ip[0] == 10 || ip[0] == 127 || (ip[0] == 172 && (ip[1] & 0xF0) == 16) ||
	       (ip[0] == 192 && ip[1] == 168) || (ip[0] == 100 && (ip[1] & 0xC0) == 64) ||
	       (ip[0] == 169 && ip[1] == 254);
}

static int
is_private(const unsigned char *ip, unsigned len)
{
	static const unsigned char loop[16] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		0, 1 };
	static const unsigned char mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF,
		0xFF };
	static const unsigned char nat64[12] = { 0, 0x64, 0xFF, 0x9B };

	if (len == 4)
		return is_private_v4(ip);
	if ((ip[0] & 0xFE) == 0xFC || (ip[0] == 0xFE && ip[1] >= 0x80))
		return 1;
	if (memcmp(ip, loop, 16) == 0)
		return 1;
	return (memcmp(ip, mapped, 12) == 0 || memcmp(ip, nat64, 12) == 0) &&
	       is_private_v4(ip + 12);
}

/* "Version 10.2.3.4" is none of our business. */
static int
is_version(const struct scrub_cp *v, size_t i)
{
	static const char32_t *const words[] = { U"ver", U"ver.", U"version", U"v", U"v.",
		U"バージョン", U"ヴァージョン", U"release", U"rev", U"rev.", U"build",
		U"リリース" };
	size_t k, n, j;

	if (i > 0 && v[i - 1].cls == CLASS_SPACE)
		i--;
	for (k = 0; k < sizeof words / sizeof words[0]; k++) {
		for (n = 0; words[k][n] != 0; n++)
			;
		if (n > i ||
		    (n < i && scrub_is_alnum(&v[i - n - 1]) && scrub_is_alnum(&v[i - n])))
			continue;
		for (j = 0; j < n && v[i - n + j].c == words[k][j]; j++)
			;
		if (j == n)
			return 1;
	}
	return 0;
}

static int
may_begin(const struct scrub_cp *v, size_t i)
{
	const struct scrub_cp *p;

	if (!is_hex(v[i].c) && !(v[i].c == ':' && v[i].cls == CLASS_OTHER))
		return 0;
	if (i == 0)
		return 1;
	p = &v[i - 1];
	if (p->cls == CLASS_LATIN || p->cls == CLASS_DIGIT)
		/* A version may be glued to its letter: v10.0.0.1; is_version sees it. */
		return 0;
	if (p->c == '.' && i > 1 && scrub_is_alnum(&v[i - 2]))
		return 0;
	return p->c != ':' || v[i].c != ':';
}

void
scrub_find_address(
    const struct scrub_view *w, const struct scrubber *own, struct scrub_hits *h)
{
	const struct scrub_cp *v = w->v;
	unsigned char ip[16];
	unsigned len = 0, prefix = 0;
	uint64_t x;
	size_t i, k, tail;
	int ours;

	for (i = 0; i < w->n; i++) {
		if (!may_begin(v, i))
			continue;
		k = scrub_read_address(v, w->n, i, ip, &len, &prefix);
		if (k == 0)
			continue;
		ours = scrub_owns_address(own, ip, len, prefix);
		if ((ours || is_private(ip, len)) && !(len == 4 && is_version(v, i))) {
			/* "10.20.4.15-20" */
			tail = 0;
			if (len == 4 && i + k < w->n && v[i + k].c == '-')
				tail = read_number(v, w->n, i + k + 1, 3, &x);
			if (tail > 0 && !is_alnum_at(v, w->n, i + k + 1 + tail) &&
			    (i + k + 1 + tail >= w->n || v[i + k + 1 + tail].c != '.'))
				k += tail + 1;
			scrub_hits_add(h, i, i + k,
			    is_private(ip, len) ? RULE_PRIVATE : RULE_NETWORK);
		}
		i += k - 1;
	}
}

/* AS64500, AS 64500, ASN: 64500; not "as 12 users", not the AS/400. */
static size_t
read_asn(const struct scrub_cp *v, size_t n, size_t i, uint32_t *ret)
{
	size_t at = i + 2, k, gap;
	uint64_t x;
	int upper = (v[i].flags & CP_UPPER) != 0 && (v[i + 1].flags & CP_UPPER) != 0;

	if (at < n && v[at].c == 'n')
		at++;
	gap = at;
	if (at + 2 < n && v[at].c == ' ' && v[at + 1].c == 0x756A)
		at++;
	if (at + 1 < n && v[at].c == 0x756A && v[at + 1].c == 0x53F7) /* "number" */
		gap = at += 2;
	while (at < n && at < gap + 6 &&
	       (v[at].cls == CLASS_SPACE || v[at].c == ':' || v[at].c == '#' ||
		   v[at].c == '-' || v[at].c == 0x306F))
		at++;
	k = read_number(v, n, at, 10, &x);
	if (k == 0 || x > UINT32_MAX || is_alnum_at(v, n, at + k))
		return 0;
	/* AS1 to AS4 are ways to exchange messages. */
	if (at == i + 2 && (x == 400 || (!upper && k < 3) ||
			       (k == 1 && x <= 4 && (at + k == n || v[at + k].c != '.'))))
		return 0;
	if (at > i + 2 && !upper && v[i + 2].c != 'n')
		return 0;
	if (at + k + 1 < n && v[at + k].c == '.' && is_digit(v, n, at + k + 1)) {
		/* asdot: AS1.10 */
		gap = read_number(v, n, at + k + 1, 5, &x);
		k += gap > 0 ? gap + 1 : 0;
	}
	*ret = (uint32_t)x;
	return at + k - i;
}

static size_t
read_mac(const struct scrub_cp *v, size_t n, size_t i)
{
	size_t each, groups, g, k, at = i, letters = 0;
	uint32_t sign;

	for (k = 0; i + k < n && is_hex(v[i + k].c) && k < 5; k++)
		;
	if (k != 2 && k != 4)
		return 0;
	each = k;
	groups = k == 2 ? 6 : 3;
	if (i + k >= n)
		return 0;
	sign = v[i + k].c;
	if (sign != '-' && sign != (each == 2 ? (uint32_t)':' : (uint32_t)'.'))
		return 0;
	for (g = 0; g < groups; g++) {
		if (g > 0) {
			if (at >= n || v[at].c != sign)
				return 0;
			at++;
		}
		for (k = 0; k < each; k++)
			if (at + k >= n || !is_hex(v[at + k].c))
				return 0;
			else if (v[at + k].cls == CLASS_LATIN)
				letters++;
		at += each;
	}
	/* "1234-5678-9012" is some other number. */
	if (each == 4 && sign == '-' && letters == 0)
		return 0;
	if (is_alnum_at(v, n, at) ||
	    (at + 1 < n && v[at].c == sign && is_hex(v[at + 1].c)))
		return 0;
	return at - i;
}

/* Twelve hexadecimal digits, set apart in whatever way, right behind the word "MAC". */
static size_t
read_bare_mac(const struct scrub_cp *v, size_t n, size_t i)
{
	size_t back, k, digits = 0;

	for (back = i; back > 2 && i - back < 14; back--)
		if (v[back - 1].c == 'c' && v[back - 2].c == 'a' &&
		    v[back - 3].c == 'm' && (back == 3 || !scrub_is_alnum(&v[back - 4])))
			break;
	if (back <= 2 || i - back >= 14)
		return 0;
	for (k = i; k < n && digits < 12; k++)
		if (is_hex(v[k].c))
			digits++;
		else if (!scrub_is_in(U":-. ", v[k].c) || !is_hex(v[k - 1].c))
			return 0;
	return digits == 12 && !is_alnum_at(v, n, k) ? k - i : 0;
}

/* The sender's own number as it stands alone in a path or a table; not a port. */
static size_t
read_own_asn(const struct scrubber *own, const struct scrub_cp *v, size_t n, size_t i)
{
	uint64_t x;
	size_t k;

	if (own == NULL || own->asns == 0)
		return 0;
	k = read_number(v, n, i, 10, &x);
	if (k < 5 || x > UINT32_MAX || !scrub_owns_asn(own, (uint32_t)x) ||
	    is_alnum_at(v, n, i + k))
		return 0;
	if (i + k + 1 < n && scrub_is_in(U".,-:/", v[i + k].c) &&
	    v[i + k + 1].cls == CLASS_DIGIT)
		return 0;
	if (i > 0 && scrub_is_in(U":.,-/=#%$", v[i - 1].c))
		return 0;
	return i > 4 && v[i - 1].c == ' ' && v[i - 2].c == 't' && v[i - 3].c == 'r' &&
		       v[i - 4].c == 'o'
		   ? 0
		   : k;
}

/* Two digits and a sign before i may belong to a longer row; the "c:" of "MAC:" does not.
 */
static int
is_inside_mac(const struct scrub_cp *v, size_t i)
{
	return i > 2 && (v[i - 1].c == ':' || v[i - 1].c == '-') && is_hex(v[i - 2].c) &&
	       is_hex(v[i - 3].c) && (i == 3 || !scrub_is_alnum(&v[i - 4]));
}

void
scrub_find_number(
    const struct scrub_view *w, const struct scrubber *own, struct scrub_hits *h)
{
	const struct scrub_cp *v = w->v;
	uint32_t asn;
	size_t i, k;

	for (i = 0; i + 2 < w->n; i++) {
		if (!scrub_is_ascii_alnum(v[i].c) || (i > 0 && scrub_is_alnum(&v[i - 1])))
			continue;
		if (v[i].c == 'a' && v[i + 1].c == 's') {
			k = read_asn(v, w->n, i, &asn);
			scrub_hits_add(h, i, i + k, RULE_AS_NUMBER);
		}
		if (is_hex(v[i].c) && !is_inside_mac(v, i)) {
			k = read_mac(v, w->n, i);
			if (k == 0)
				k = read_bare_mac(v, w->n, i);
			scrub_hits_add(h, i, i + k, RULE_MAC);
		}
		if (v[i].cls == CLASS_DIGIT) {
			k = read_own_asn(own, v, w->n, i);
			scrub_hits_add(h, i, i + k, RULE_ASN);
			k = k > 0 ? 0 : scrub_route_number(w, i);
			scrub_hits_add(h, i, i + k, RULE_AS_NUMBER);
		}
	}
}
