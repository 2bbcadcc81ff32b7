/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/wire.h"

#include <string.h>

void
wire_init(struct wire *w, const void *p, size_t n)
{
	w->p = p != NULL ? p : (const void *)"";
	w->n = n;
	w->at = 0;
	w->err = 0;
}

static const unsigned char *
take(struct wire *w, size_t n)
{
	const unsigned char *p;

	if (w->err != 0 || n > w->n - w->at) {
		w->err = ERR_PROTO;
		return NULL;
	}
	p = w->p + w->at;
	w->at += n;
	return p;
}

static uint64_t
take_int(struct wire *w, size_t n)
{
	const unsigned char *p = take(w, n);
	uint64_t v = 0;

	if (p == NULL)
		return 0;
	while (n-- > 0)
		v = v << 8 | p[n];
	return v;
}

uint8_t
wire_u8(struct wire *w)
{
	return (uint8_t)take_int(w, 1);
}

uint8_t
wire_bool(struct wire *w)
{
	uint8_t v = wire_u8(w);

	if (v > 1)
		w->err = ERR_PROTO;
	return v;
}

uint16_t
wire_u16(struct wire *w)
{
	return (uint16_t)take_int(w, 2);
}

uint32_t
wire_u32(struct wire *w)
{
	return (uint32_t)take_int(w, 4);
}

uint64_t
wire_u64(struct wire *w)
{
	return take_int(w, 8);
}

int64_t
wire_i64(struct wire *w)
{
	return (int64_t)take_int(w, 8);
}

void
wire_bytes(struct wire *w, void *out, size_t n)
{
	const unsigned char *p = take(w, n);

	if (p == NULL)
		memset(out, 0, n);
	else
		memcpy(out, p, n);
}

struct slice
wire_str(struct wire *w, size_t cap)
{
	struct slice s = { "", 0 };
	uint32_t n = wire_u32(w);
	const unsigned char *p;

	if (n > cap) {
		w->err = ERR_PROTO;
		return s;
	}
	p = take(w, n);
	if (p == NULL)
		return s;
	s.p = (const char *)p;
	s.n = n;
	return s;
}

int
wire_end(struct wire *w)
{
	if (w->err == 0 && w->at != w->n)
		w->err = ERR_PROTO;
	return w->err;
}

static void
put_int(struct buf *b, uint64_t v, size_t n)
{
	unsigned char t[8];
	size_t i;

	for (i = 0; i < n; i++)
		t[i] = (unsigned char)(v >> (8 * i));
	buf_add(b, t, n);
}

void
wire_put_u8(struct buf *b, uint8_t v)
{
	put_int(b, v, 1);
}

void
wire_put_u16(struct buf *b, uint16_t v)
{
	put_int(b, v, 2);
}

void
wire_put_u32(struct buf *b, uint32_t v)
{
	put_int(b, v, 4);
}

void
wire_put_u64(struct buf *b, uint64_t v)
{
	put_int(b, v, 8);
}

void
wire_put_i64(struct buf *b, int64_t v)
{
	put_int(b, (uint64_t)v, 8);
}

void
wire_put_bytes(struct buf *b, const void *p, size_t n)
{
	buf_add(b, p, n);
}

void
wire_put_str(struct buf *b, struct slice s)
{
	wire_put_u32(b, (uint32_t)s.n);
	buf_add(b, s.p, s.n);
}
