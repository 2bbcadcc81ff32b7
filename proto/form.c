/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/form.h"

#include <string.h>

#include "proto/http_chars.h"

static int
hex_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The names of our forms are letters: none of them needs an escape. */
static struct form_field *
find(struct slice name, struct form_field *fields, unsigned n)
{
	unsigned i;

	for (i = 0; i < n; i++)
		if (slice_eq(name, fields[i].name))
			return &fields[i];
	return NULL;
}

static int
decode(struct slice s, char ret[FORM_VALUE_MAX + 1])
{
	size_t i, n = 0;
	int c, high, low;

	for (i = 0; i < s.n; i++) {
		c = s.p[i] == '+' ? ' ' : (unsigned char)s.p[i];
		if (c == '%') {
			high = i + 1 < s.n ? hex_of(s.p[i + 1]) : -1;
			low = i + 2 < s.n ? hex_of(s.p[i + 2]) : -1;
			if (high < 0 || low < 0)
				return ERR_INVALID;
			c = high << 4 | low;
			i += 2;
		}
		if (c < 0x20 || c > 0x7E || n == FORM_VALUE_MAX)
			return ERR_INVALID;
		ret[n++] = (char)c;
	}
	ret[n] = '\0';
	return 0;
}

static int
read_pair(struct slice pair, struct form_field *fields, unsigned n)
{
	const char *eq = pair.n > 0 ? memchr(pair.p, '=', pair.n) : NULL;
	struct form_field *f;
	struct slice value;

	if (eq == NULL)
		return ERR_INVALID;
	f = find((struct slice){ pair.p, (size_t)(eq - pair.p) }, fields, n);
	if (f == NULL || f->there)
		return ERR_INVALID;
	f->there = 1;
	value.p = eq + 1;
	value.n = pair.n - (size_t)(value.p - pair.p);
	return decode(value, f->value);
}

int
form_read(struct slice body, struct form_field *fields, unsigned n)
{
	const char *amp;
	struct slice pair;
	unsigned i;
	int rc = 0;

	for (i = 0; i < n; i++) {
		fields[i].there = 0;
		fields[i].value[0] = '\0';
	}
	if (body.n == 0 || body.n > FORM_MAX)
		return ERR_INVALID;
	while (rc == 0) {
		amp = body.n > 0 ? memchr(body.p, '&', body.n) : NULL;
		pair = body;
		if (amp != NULL)
			pair.n = (size_t)(amp - body.p);
		rc = read_pair(pair, fields, n);
		if (amp == NULL)
			break;
		body.n -= pair.n + 1;
		body.p = amp + 1;
	}
	return rc;
}

int
form_is_announced(const struct http_request *r)
{
	struct slice v = http_header(r, "content-type"), type = v, rest;
	const char *semi = v.n != 0 ? memchr(v.p, ';', v.n) : NULL;

	if (semi != NULL)
		type.n = (size_t)(semi - v.p);
	if (!slice_eq_nocase(http_trim(type), "application/x-www-form-urlencoded"))
		return 0;
	if (semi == NULL)
		return 1;
	rest = http_trim((struct slice){ semi + 1, v.n - type.n - 1 });
	return slice_eq_nocase(rest, "charset=utf-8");
}
