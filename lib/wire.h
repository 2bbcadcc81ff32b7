/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LIB_WIRE_H
#define LIB_WIRE_H

#include <stddef.h>
#include <stdint.h>

#include "lib/buf.h"
#include "lib/err.h"

/*
 * Codec of the messages between programs: little-endian integers, byte strings with a
 * length in front.  Errors are sticky: read ten fields, test once.  A read past the end
 * gives zeros and sets the error.
 */
struct wire {
	const unsigned char *p;
	size_t n, at;
	int err;
};

void wire_init(struct wire *w, const void *p, size_t n); /* keeps the pointer */
uint8_t wire_u8(struct wire *w);
uint8_t wire_bool(struct wire *w); /* 0 or 1; anything else is an error */
uint16_t wire_u16(struct wire *w);
uint32_t wire_u32(struct wire *w);
uint64_t wire_u64(struct wire *w);
int64_t wire_i64(struct wire *w);
void wire_bytes(
    struct wire *w, void *out, size_t n);	   /* exactly n bytes; zeros on error */
struct slice wire_str(struct wire *w, size_t cap); /* u32 length + bytes, points inside */
int wire_end(struct wire *w) MUST_CHECK; /* 0 when no error and nothing is left over */

void wire_put_u8(struct buf *b, uint8_t v);
void wire_put_u16(struct buf *b, uint16_t v);
void wire_put_u32(struct buf *b, uint32_t v);
void wire_put_u64(struct buf *b, uint64_t v);
void wire_put_i64(struct buf *b, int64_t v);
void wire_put_bytes(struct buf *b, const void *p, size_t n);
void wire_put_str(struct buf *b, struct slice s);

#endif
