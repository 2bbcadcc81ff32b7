/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/subscription.h"

#include <string.h>

enum { PRODUCTS = sizeof((struct subscription *)NULL)->products / sizeof(uint32_t) };
enum { FIRST_LEN = 62 /* encoded, before sector levels, kinds and OT */ };

void
subscription_default(struct subscription *s)
{
	memset(s, 0, sizeof *s);
	s->cross_severity = LEVEL_NEVER;
	s->exercise = 1;
	s->was_min_severity = s->was_cross_severity = LEVEL_NEVER;
	memset(s->sector_level, LEVEL_NEVER, sizeof s->sector_level);
}

uint8_t
subscription_cross(const struct subscription *s)
{
	uint8_t lowest = s->cross_severity;
	unsigned i;

	for (i = 0; i < SECTOR_BITS; i++)
		if (s->sector_level[i] < lowest)
			lowest = s->sector_level[i];
	return lowest;
}

/* Four bits for each sector; 15: none of its own. */
static void
put_levels(struct buf *b, const struct subscription *s)
{
	unsigned i;

	for (i = 0; i < SECTOR_BITS; i += 2)
		wire_put_u8(b, (uint8_t)((s->sector_level[i] & 15) |
					 (s->sector_level[i + 1] & 15) << 4));
}

static int
get_levels(struct wire *w, struct subscription *ret)
{
	unsigned i, v = 0;
	int bad = 0;

	for (i = 0; i < SECTOR_BITS; i++) {
		v = i % 2 == 0 ? wire_u8(w) : v >> 4;
		ret->sector_level[i] = (v & 15) == 15 ? LEVEL_NEVER : v & 15;
		bad |= (v & 15) > 4 && (v & 15) != 15;
	}
	return bad;
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
	put_levels(b, s);
	wire_put_u8(b, s->kinds);
	wire_put_u8(b, s->ot_only);
}

static int
is_level(unsigned v)
{
	return v <= 4 || v == LEVEL_NEVER;
}

/* The part that has been there from the first version on. */
static int
get_first(struct wire *w, struct subscription *ret)
{
	unsigned i;
	int bad = 0;

	subscription_default(ret);
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
	return bad || ret->product_count > PRODUCTS || ret->exercise > 1 ||
	       !is_level(ret->min_severity) || !is_level(ret->cross_severity) ||
	       !is_level(ret->was_min_severity) || !is_level(ret->was_cross_severity);
}

/* Nothing out of range may reach a reader that forgot to test. */
static void
refuse(struct wire *w, struct subscription *ret)
{
	subscription_default(ret);
	w->err = ERR_PROTO;
}

void
subscription_get(struct wire *w, struct subscription *ret)
{
	int bad = get_first(w, ret);

	bad |= get_levels(w, ret);
	ret->kinds = wire_u8(w);
	ret->ot_only = wire_u8(w);
	if (bad || ret->kinds > 15 || ret->ot_only > 1)
		refuse(w, ret);
}

int
subscription_stored(struct slice bytes, struct subscription *ret)
{
	struct wire w;

	wire_init(&w, bytes.p, bytes.n);
	if (bytes.n != FIRST_LEN)
		subscription_get(&w, ret);
	else if (get_first(&w, ret))
		refuse(&w, ret);
	return wire_end(&w) == 0 ? 0 : ERR_CORRUPT;
}
