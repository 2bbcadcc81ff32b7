/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>
#include <string.h>

#include "proto/frame.h"

/* A row as bytes, in the log and on links. */

/* In the first byte of an encoded row: names follow the header. */
enum { WIRE_NAMES = 0x80 };

void
frame_head_put(struct buf *b, const struct frame_head *h)
{
	unsigned i;

	wire_put_u64(b, h->seq);
	wire_put_u8(b, (uint8_t)(h->kind | (h->name_count > 0 ? WIRE_NAMES : 0)));
	wire_put_u8(b, h->severity);
	wire_put_u8(b, h->tlp);
	wire_put_u8(b, h->sector);
	wire_put_u16(b, h->flags);
	wire_put_bytes(b, h->slots.b, SLOT_BYTES);
	wire_put_u8(b, h->reach_severity);
	wire_put_u8(b, h->reach_tlp);
	wire_put_u16(b, h->reach_flags);
	wire_put_bytes(b, h->reach.b, SLOT_BYTES);
	for (i = 0; i < 8; i++)
		wire_put_u32(b, h->products[i]);
	wire_put_u8(b, h->product_count);
	wire_put_bytes(b, h->id, ID_LEN);
	wire_put_u16(b, h->revision);
	wire_put_u32(b, h->minute);
	wire_put_u64(b, h->first);
	wire_put_u32(b, h->body_len);
	wire_put_u32(b, h->stub_len);
	if (h->name_count == 0)
		return;
	wire_put_u8(b, h->name_count);
	wire_put_u64(b, h->named);
	wire_put_bytes(b, h->names, (size_t)h->name_count * RECEIVER_LEN);
}

static void
names_get(struct wire *w, struct frame_head *h)
{
	h->name_count = wire_u8(w);
	h->named = wire_u64(w);
	if (h->name_count == 0 || h->name_count > NAMES_MOST ||
	    (h->name_count < NAMES_MOST && h->named >> h->name_count != 0)) {
		w->err = ERR_PROTO;
		h->name_count = 0;
		return;
	}
	wire_bytes(w, h->names, (size_t)h->name_count * RECEIVER_LEN);
}

void
frame_head_get(struct wire *w, struct frame_head *ret)
{
	struct frame_head *h = ret;
	uint8_t kind;
	unsigned i;

	memset(h, 0, offsetof(struct frame_head, names)); /* as far as it is read */
	h->seq = wire_u64(w);
	kind = wire_u8(w);
	h->kind = (uint8_t)(kind & ~WIRE_NAMES);
	h->severity = wire_u8(w);
	h->tlp = wire_u8(w);
	h->sector = wire_u8(w);
	h->flags = wire_u16(w);
	wire_bytes(w, h->slots.b, SLOT_BYTES);
	h->reach_severity = wire_u8(w);
	h->reach_tlp = wire_u8(w);
	h->reach_flags = wire_u16(w);
	wire_bytes(w, h->reach.b, SLOT_BYTES);
	for (i = 0; i < 8; i++)
		h->products[i] = wire_u32(w);
	h->product_count = wire_u8(w);
	wire_bytes(w, h->id, ID_LEN);
	h->revision = wire_u16(w);
	h->minute = wire_u32(w);
	h->first = wire_u64(w);
	h->body_len = wire_u32(w);
	h->stub_len = wire_u32(w);
	if ((kind & WIRE_NAMES) != 0)
		names_get(w, h);
	if (h->kind < FRAME_BULLETIN || h->kind > FRAME_CONTACT || h->severity > 4 ||
	    h->tlp > TLP_RED || h->reach_severity > 4 || h->reach_tlp > TLP_RED ||
	    h->product_count > 8 || h->body_len > FRAME_BODY_MAX ||
	    h->stub_len > FRAME_BODY_MAX)
		w->err = ERR_PROTO;
}

void
frame_put(struct buf *b, const struct frame_head *h, struct slice body, struct slice stub)
{
	struct frame_head out = *h;

	out.body_len = (uint32_t)body.n;
	out.stub_len = (uint32_t)stub.n;
	frame_head_put(b, &out);
	buf_add(b, body.p, body.n);
	buf_add(b, stub.p, stub.n);
}

static struct slice
take_slice(struct wire *w, size_t n)
{
	struct slice s = { "", 0 };

	if (w->err != 0 || n > w->n - w->at) {
		w->err = ERR_PROTO;
		return s;
	}
	s.p = (const char *)w->p + w->at;
	s.n = n;
	w->at += n;
	return s;
}

void
frame_get(struct wire *w, struct frame_head *ret, struct slice *ret_body,
    struct slice *ret_stub)
{
	frame_head_get(w, ret);
	*ret_body = take_slice(w, ret->body_len);
	*ret_stub = take_slice(w, ret->stub_len);
}
