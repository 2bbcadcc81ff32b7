/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/buf.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "lib/mem.h"

struct slice
slice_of(const char *cstr)
{
	struct slice s = { cstr, strlen(cstr) };

	return s;
}

int
slice_eq(struct slice a, const char *cstr)
{
	size_t n = strlen(cstr);

	return a.n == n && (n == 0 || memcmp(a.p, cstr, n) == 0);
}

int
slice_eq_nocase(struct slice a, const char *cstr)
{
	size_t n = strlen(cstr);

	return a.n == n && (n == 0 || strncasecmp(a.p, cstr, n) == 0);
}

void
buf_init(struct buf *b, size_t cap)
{
	memset(b, 0, sizeof *b);
	b->cap = cap;
}

void
buf_init_secret(struct buf *b, size_t cap)
{
	buf_init(b, cap);
	b->secret = 1;
}

void
buf_done(struct buf *b)
{
	if (b->secret)
		mem_wipe(b->p, b->n);
	mem_free(b->p);
	b->p = NULL;
	b->n = b->room = 0;
	b->err = 0;
}

void
buf_wipe(struct buf *b)
{
	mem_wipe(b->p, b->room);
	buf_done(b);
}

void
buf_reset(struct buf *b)
{
	buf_cut(b, 0);
	b->err = 0;
}

void
buf_cut(struct buf *b, size_t n)
{
	if (b->secret && n < b->n)
		mem_wipe(b->p + n, b->n - n);
	b->n = n;
}

/* Room for `room` bytes, more than now; NULL: sticky. */
static char *
grow(struct buf *b, size_t room)
{
	char *p;

	if (!b->secret) {
		p = mem_realloc(b->p, room);
	} else {
		p = mem_alloc(room); /* realloc would leave the old ones as they are */
		if (p != NULL && b->n > 0)
			memcpy(p, b->p, b->n);
		if (p != NULL)
			mem_wipe_free(b->p, b->n);
	}
	if (p == NULL) {
		b->err = ERR_NOMEM;
		return NULL;
	}
	b->p = p;
	b->room = room;
	return p;
}

char *
buf_extend(struct buf *b, size_t n)
{
	size_t room;
	char *p;

	if (b->err != 0)
		return NULL;
	if (n > b->cap - b->n) {
		b->err = ERR_LIMIT;
		return NULL;
	}
	/* Without the second half, no bytes of no memory would look like a failure. */
	if (b->n + n > b->room || b->p == NULL) {
		room = b->room != 0 ? b->room : 256;
		while (room < b->n + n)
			room = room > SIZE_MAX / 2 ? b->n + n : room * 2;
		if (room > b->cap)
			room = b->cap;
		if (grow(b, room) == NULL)
			return NULL;
	}
	p = b->p + b->n;
	b->n += n;
	return p;
}

void
buf_add(struct buf *b, const void *p, size_t n)
{
	char *w;

	if (n == 0)
		return;
	w = buf_extend(b, n);
	if (w != NULL)
		memcpy(w, p, n);
}

void
buf_adds(struct buf *b, const char *cstr)
{
	buf_add(b, cstr, strlen(cstr));
}

void
buf_addc(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}

void
buf_addf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	char small[256], *w;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(small, sizeof small, fmt, ap);
	va_end(ap);
	if (n < 0) {
		b->err = ERR_INVALID;
		return;
	}
	if ((size_t)n < sizeof small) {
		buf_add(b, small, (size_t)n);
		return;
	}
	/* Not in place: the NUL of vsnprintf must not count against the cap. */
	w = b->err == 0 ? mem_alloc((size_t)n + 1) : NULL;
	if (w == NULL) {
		b->err = b->err != 0 ? b->err : ERR_NOMEM;
		return;
	}
	va_start(ap, fmt);
	(void)vsnprintf(w, (size_t)n + 1, fmt, ap);
	va_end(ap);
	buf_add(b, w, (size_t)n);
	mem_wipe_free(w, (size_t)n);
}

void
buf_drop(struct buf *b, size_t n)
{
	if (n >= b->n) {
		buf_cut(b, 0);
		return;
	}
	if (n == 0)
		return;
	memmove(b->p, b->p + n, b->n - n);
	buf_cut(b, b->n - n);
}

const char *
buf_cstr(struct buf *b)
{
	if (b->err != 0)
		return "";
	/* The NUL stands outside the cap. */
	if (b->n == b->room && grow(b, b->n + 1) == NULL)
		return "";
	b->p[b->n] = '\0';
	return b->p;
}

int
buf_err(const struct buf *b)
{
	return b->err;
}

struct slice
buf_slice(const struct buf *b)
{
	struct slice s = { b->p, b->n };

	return s;
}

static const char b64[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

void
buf_add_b64url(struct buf *b, const void *p, size_t n)
{
	const unsigned char *s = p;
	uint32_t v = 0;
	size_t i, rest = n % 3;
	char *o = buf_extend(b, n / 3 * 4 + (rest > 0 ? rest + 1 : 0));

	if (o == NULL)
		return;
	for (i = 0; i + 2 < n; i += 3) {
		v = (uint32_t)s[i] << 16 | (uint32_t)s[i + 1] << 8 | s[i + 2];
		*o++ = b64[v >> 18];
		*o++ = b64[v >> 12 & 63];
		*o++ = b64[v >> 6 & 63];
		*o++ = b64[v & 63];
	}
	if (rest == 0)
		return;
	v = (uint32_t)s[i] << 16 | (rest == 2 ? (uint32_t)s[i + 1] << 8 : 0);
	*o++ = b64[v >> 18];
	*o++ = b64[v >> 12 & 63];
	if (rest == 2)
		*o = b64[v >> 6 & 63];
}

static int
b64_value(char c)
{
	const char *at = c != '\0' ? strchr(b64, c) : NULL;

	return at != NULL ? (int)(at - b64) : -1;
}

long
b64url_decode(struct slice s, void *out, size_t cap)
{
	unsigned char *w = out;
	uint32_t v = 0;
	unsigned bits = 0;
	size_t i, n = 0;
	int d;

	if (s.n % 4 == 1)
		return ERR_INVALID;
	for (i = 0; i < s.n; i++) {
		d = b64_value(s.p[i]);
		if (d < 0)
			return ERR_INVALID;
		v = v << 6 | (uint32_t)d;
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			if (n == cap)
				return ERR_LIMIT;
			w[n++] = (unsigned char)(v >> bits);
			v &= (1u << bits) - 1;
		}
	}
	if (v != 0) /* stray bits would make two spellings of one value */
		return ERR_INVALID;
	return (long)n;
}

static const char hex_digit[] = "0123456789abcdef";

void
buf_add_hex(struct buf *b, const void *p, size_t n)
{
	const unsigned char *s = p;
	size_t i;

	for (i = 0; i < n; i++) {
		buf_addc(b, hex_digit[s[i] >> 4]);
		buf_addc(b, hex_digit[s[i] & 15]);
	}
}

void
hex_encode(const void *p, size_t n, char *out)
{
	const unsigned char *s = p;
	size_t i;

	for (i = 0; i < n; i++) {
		*out++ = hex_digit[s[i] >> 4];
		*out++ = hex_digit[s[i] & 15];
	}
	*out = '\0';
}

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

long
hex_decode(struct slice s, void *out, size_t cap)
{
	unsigned char *w = out;
	size_t i;
	int h, l;

	if (s.n % 2 != 0)
		return ERR_INVALID;
	if (s.n / 2 > cap)
		return ERR_LIMIT;
	for (i = 0; i < s.n; i += 2) {
		h = hex_value(s.p[i]);
		l = hex_value(s.p[i + 1]);
		if (h < 0 || l < 0)
			return ERR_INVALID;
		w[i / 2] = (unsigned char)(h << 4 | l);
	}
	return (long)(s.n / 2);
}
