/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"
#include "proto/json.h"

enum {
	DEPTH_MAX = 64,
	KEYS_SMALL = 48, /* sorted on the stack; larger objects take a block */
};
/* Beyond 2^53 RFC 8785 would write a rounded number. */
static const json_int_t INT_MAX_EXACT = 9007199254740991;

struct member {
	const char *key;
	size_t n;
	const json_t *value;
};

/* By UTF-16 units.  UTF-8 bytes sort alike, but for characters beyond U+FFFF, whose
 * surrogates (D800..DFFF) come before U+E000..U+FFFF. */
static int
key_order(const void *va, const void *vb)
{
	const struct member *a = va, *b = vb;
	size_t n = a->n < b->n ? a->n : b->n, i;
	unsigned x, y;

	for (i = 0; i < n; i++) {
		x = (unsigned char)a->key[i];
		y = (unsigned char)b->key[i];
		if (x == y)
			continue;
		if (x >= 0xEE && y >= 0xEE && (x >= 0xF0) != (y >= 0xF0))
			return x >= 0xF0 ? -1 : 1;
		return x < y ? -1 : 1;
	}
	return a->n < b->n ? -1 : a->n > b->n;
}

/* Objects of ours are small and often sorted already. */
static void
sort_members(struct member *m, size_t n)
{
	struct member x;
	size_t i, k;

	if (n > KEYS_SMALL) {
		qsort(m, n, sizeof *m, key_order);
		return;
	}
	for (i = 1; i < n; i++) {
		x = m[i];
		for (k = i; k > 0 && key_order(&m[k - 1], &x) > 0; k--)
			m[k] = m[k - 1];
		m[k] = x;
	}
}

void
json_add_string(struct buf *out, struct slice utf8)
{
	static const char names[] = "btn_fr", digit[] = "0123456789abcdef";
	size_t i, from = 0;
	unsigned char c;

	buf_addc(out, '"');
	for (i = 0; i < utf8.n; i++) {
		c = (unsigned char)utf8.p[i];
		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		buf_add(out, utf8.p + from, i - from);
		from = i + 1;
		buf_addc(out, '\\');
		if (c >= 0x20) {
			buf_addc(out, (char)c);
		} else if (c >= 8 && c <= 13 && c != 11) {
			buf_addc(out, names[c - 8]);
		} else {
			buf_adds(out, "u00");
			buf_addc(out, digit[c >> 4]);
			buf_addc(out, digit[c & 15]);
		}
	}
	buf_add(out, utf8.p + from, utf8.n - from);
	buf_addc(out, '"');
}

static int canonical(const json_t *j, struct buf *out, unsigned depth);

static int
write_members(const struct member *m, size_t n, struct buf *out, unsigned depth)
{
	struct slice key;
	size_t i;
	int r;

	buf_addc(out, '{');
	for (i = 0; i < n; i++) {
		if (i > 0)
			buf_addc(out, ',');
		key.p = m[i].key;
		key.n = m[i].n;
		json_add_string(out, key);
		buf_addc(out, ':');
		r = canonical(m[i].value, out, depth);
		if (r != 0)
			return r;
	}
	buf_addc(out, '}');
	return buf_err(out);
}

static int
write_object(const json_t *j, struct buf *out, unsigned depth)
{
	/* jansson's iterators want a pointer to non-const, and change nothing. */
	union {
		const json_t *in;
		json_t *out;
	} u = { j };
	struct member small[KEYS_SMALL], *m = small;
	size_t n = json_object_size(j), i = 0;
	void *it;
	int r;

	if (n > KEYS_SMALL) {
		m = mem_calloc(n, sizeof *m);
		if (m == NULL)
			return ERR_NOMEM;
	}
	for (it = json_object_iter(u.out); it != NULL && i < n;
	     it = json_object_iter_next(u.out, it)) {
		m[i].key = json_object_iter_key(it);
		m[i].n = json_object_iter_key_len(it);
		m[i].value = json_object_iter_value(it);
		i++;
	}
	sort_members(m, i);
	r = write_members(m, i, out, depth);
	if (m != small)
		mem_free(m);
	return r;
}

static int
write_array(const json_t *j, struct buf *out, unsigned depth)
{
	size_t i, n = json_array_size(j);
	int r;

	buf_addc(out, '[');
	for (i = 0; i < n; i++) {
		if (i > 0)
			buf_addc(out, ',');
		r = canonical(json_array_get(j, i), out, depth);
		if (r != 0)
			return r;
	}
	buf_addc(out, ']');
	return buf_err(out);
}

static void
write_integer(json_int_t v, struct buf *out)
{
	char digits[24], *p = digits + sizeof digits;
	uint64_t u = v < 0 ? (uint64_t)-v : (uint64_t)v;

	do {
		*--p = (char)('0' + u % 10);
		u /= 10;
	} while (u > 0);
	if (v < 0)
		*--p = '-';
	buf_add(out, p, (size_t)(digits + sizeof digits - p));
}

static int
canonical(const json_t *j, struct buf *out, unsigned depth)
{
	struct slice s;
	json_int_t v;

	if (depth == 0 || j == NULL)
		return ERR_INVALID;
	switch (json_typeof(j)) {
	case JSON_OBJECT:
		return write_object(j, out, depth - 1);
	case JSON_ARRAY:
		return write_array(j, out, depth - 1);
	case JSON_STRING:
		s.p = json_string_value(j);
		s.n = json_string_length(j);
		json_add_string(out, s);
		return buf_err(out);
	case JSON_INTEGER:
		v = json_integer_value(j);
		if (v > INT_MAX_EXACT || v < -INT_MAX_EXACT)
			return ERR_INVALID;
		write_integer(v, out);
		return buf_err(out);
	case JSON_TRUE:
		buf_adds(out, "true");
		return buf_err(out);
	case JSON_FALSE:
		buf_adds(out, "false");
		return buf_err(out);
	case JSON_NULL:
		buf_adds(out, "null");
		return buf_err(out);
	case JSON_REAL:
	default:
		return ERR_INVALID;
	}
}

int
json_canonical(const json_t *j, struct buf *out)
{
	return canonical(j, out, DEPTH_MAX);
}
