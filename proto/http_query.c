/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/http.h"

#include <string.h>

#include "proto/http_chars.h"

/* The byte at s->p, percent-decoded, and the slice moved on; -1 for a bad escape. */
static int
next_byte(struct slice *s)
{
	int h, l, c = (unsigned char)s->p[0];
	size_t n = 1;

	if (c == '%') {
		if (s->n < 3)
			return -1;
		h = http_hex(s->p[1]);
		l = http_hex(s->p[2]);
		if (h < 0 || l < 0)
			return -1;
		c = h << 4 | l;
		n = 3;
	}
	*s = (struct slice){ s->p + n, s->n - n };
	return c;
}

/* 1 when `raw` decodes to `name`; 0 when not; ERR_INVALID for a bad escape. */
static int
name_is(struct slice raw, const char *name)
{
	size_t i = 0, n = strlen(name);
	int c, same = 1;

	while (raw.n != 0) {
		c = next_byte(&raw);
		if (c < 0)
			return ERR_INVALID;
		if (i >= n || c != (unsigned char)name[i])
			same = 0;
		i++;
	}
	return same && i == n;
}

/* Cuts the first parameter off the rest of the query. */
static void
cut(struct slice *rest, struct slice *ret_name, struct slice *ret_value)
{
	const char *amp = memchr(rest->p, '&', rest->n), *eq;
	size_t n = amp != NULL ? (size_t)(amp - rest->p) : rest->n;

	*ret_name = (struct slice){ rest->p, n };
	*ret_value = (struct slice){ rest->p + n, 0 };
	eq = memchr(rest->p, '=', n);
	if (eq != NULL) {
		ret_name->n = (size_t)(eq - rest->p);
		*ret_value = (struct slice){ eq + 1, n - ret_name->n - 1 };
	}
	if (amp != NULL)
		n++;
	*rest = (struct slice){ rest->p + n, rest->n - n };
}

static int
add_decoded(struct slice raw, struct buf *out)
{
	size_t start = out->n;
	int c;

	while (raw.n != 0) {
		c = next_byte(&raw);
		if (c < 0)
			return ERR_INVALID;
		buf_addc(out, (char)c);
	}
	if (buf_err(out) != 0)
		return buf_err(out) == ERR_LIMIT ? ERR_INVALID : buf_err(out);
	if (out->n == start)
		return 0;
	return http_text_ok((struct slice){ out->p + start, out->n - start })
		   ? 0
		   : ERR_INVALID;
}

int
http_query(struct slice query, const char *name, struct buf *out)
{
	struct slice n, v, value = { NULL, 0 };
	int is, found = 0, err;

	while (query.n != 0) {
		cut(&query, &n, &v);
		is = name_is(n, name);
		if (is < 0 || (is && found))
			return ERR_INVALID;
		if (!is)
			continue;
		found = 1;
		value = v;
	}
	if (!found)
		return 0;
	err = add_decoded(value, out);
	return err != 0 ? err : 1;
}

struct slice
http_query_unknown(struct slice query, const char *const *names)
{
	struct slice n, v;
	size_t i;

	while (query.n != 0) {
		cut(&query, &n, &v);
		for (i = 0; names[i] != NULL && name_is(n, names[i]) != 1; i++)
			;
		if (names[i] == NULL)
			return n;
	}
	return (struct slice){ NULL, 0 };
}

int
http_query_known(struct slice query, const char *const *names)
{
	return http_query_unknown(query, names).p == NULL;
}
