/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/rights.h"

#include <string.h>

enum { PRODUCTS = sizeof((struct subscription *)NULL)->products / sizeof(uint32_t) };

void
rights_put(struct buf *b, const struct rights *r)
{
	wire_put_bytes(b, r->receiver, sizeof r->receiver);
	wire_put_bytes(b, r->op.b, sizeof r->op.b);
	wire_put_bytes(b, r->sec.b, sizeof r->sec.b);
	wire_put_bytes(b, r->aff.b, sizeof r->aff.b);
	wire_put_u16(b, r->roles);
	wire_put_u8(b, r->clearance);
	wire_put_bytes(b, r->person, sizeof r->person);
	wire_put_u8(b, r->duties);
}

void
rights_get(struct wire *w, struct rights *ret)
{
	memset(ret, 0, sizeof *ret);
	wire_bytes(w, ret->receiver, sizeof ret->receiver);
	wire_bytes(w, ret->op.b, sizeof ret->op.b);
	wire_bytes(w, ret->sec.b, sizeof ret->sec.b);
	wire_bytes(w, ret->aff.b, sizeof ret->aff.b);
	ret->roles = wire_u16(w);
	ret->clearance = wire_u8(w);
	wire_bytes(w, ret->person, sizeof ret->person);
	ret->duties = wire_u8(w);
	if (ret->clearance > TLP_RED || ret->duties > DUTIES_ALL)
		w->err = ERR_PROTO;
}

void
subscription_default(struct subscription *s)
{
	memset(s, 0, sizeof *s);
	s->cross_severity = LEVEL_NEVER;
	s->exercise = 1;
	s->was_min_severity = s->was_cross_severity = LEVEL_NEVER;
}

void
subscription_put(struct buf *b, const struct subscription *s)
{
	unsigned i;

	wire_put_u8(b, s->min_severity);
	wire_put_u8(b, s->cross_severity);
	wire_put_u8(b, s->exercise);
	wire_put_u64(b, s->sectors);
	for (i = 0; i < PRODUCTS; i++)
		wire_put_u32(b, i < s->product_count ? s->products[i] : 0);
	wire_put_u8(b, s->product_count);
	wire_put_u8(b, s->was_min_severity);
	wire_put_u8(b, s->was_cross_severity);
	wire_put_u64(b, s->was_sectors);
	wire_put_u64(b, s->was_until);
}

static int
is_level(unsigned v)
{
	return v <= 4 || v == LEVEL_NEVER;
}

void
subscription_get(struct wire *w, struct subscription *ret)
{
	unsigned i;
	int bad = 0;

	memset(ret, 0, sizeof *ret);
	ret->min_severity = wire_u8(w);
	ret->cross_severity = wire_u8(w);
	ret->exercise = wire_u8(w);
	ret->sectors = wire_u64(w);
	for (i = 0; i < PRODUCTS; i++)
		ret->products[i] = wire_u32(w);
	ret->product_count = wire_u8(w);
	ret->was_min_severity = wire_u8(w);
	ret->was_cross_severity = wire_u8(w);
	ret->was_sectors = wire_u64(w);
	ret->was_until = wire_u64(w);
	for (i = ret->product_count; i < PRODUCTS; i++)
		bad |= ret->products[i] != 0; /* one form only */
	if (bad || ret->product_count > PRODUCTS || ret->exercise > 1 ||
	    !is_level(ret->min_severity) || !is_level(ret->cross_severity) ||
	    !is_level(ret->was_min_severity) || !is_level(ret->was_cross_severity)) {
		/* Nothing out of range may reach a reader that forgot to test. */
		subscription_default(ret);
		w->err = ERR_PROTO;
	}
}

uint32_t
product_hash(struct slice name)
{
	uint32_t h = 2166136261u;
	size_t i;
	int blank = 0, any = 0;
	unsigned char c;

	for (i = 0; i < name.n; i++) {
		c = (unsigned char)name.p[i];
		if (c == ' ' || (c >= '\t' && c <= '\r')) {
			blank = 1;
			continue;
		}
		if (blank && any)
			h = (h ^ ' ') * 16777619u;
		if (c >= 'A' && c <= 'Z')
			c = (unsigned char)(c + ('a' - 'A'));
		h = (h ^ c) * 16777619u;
		blank = 0;
		any = 1;
	}
	return h;
}
