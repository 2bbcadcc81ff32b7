/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_SUBSCRIPTION_H
#define PROTO_SUBSCRIPTION_H

#include <stdint.h>

#include "lib/err.h"
#include "lib/wire.h"

enum { SECTOR_BITS = 64 /* indexes of sectors lie below, in conf/ceptoars.json */ };

/* What a receiver wants.  255 = never. */
enum { LEVEL_NEVER = 255 };
struct subscription {
	uint8_t min_severity; /* of the own CEPTOARs, from this level (default 0) */
	/* Of others, as cross-sector subscriber; 255: is none. */
	uint8_t cross_severity;
	uint8_t exercise; /* 1: exercise objects too (default) */
	/* Bit per sector index: cross-sector only from these; 0 = all. */
	uint64_t sectors;
	/* Hashes of product names; a match lowers the threshold to 0. */
	uint32_t products[8];
	uint8_t product_count;
	/* What it was before the last changes: updates and cancels of bulletins first
	 * issued up to row was_until still reach whom those thresholds had let in.  Set
	 * by the keeper; was_until 0: none. */
	uint8_t was_min_severity, was_cross_severity;
	uint64_t was_sectors, was_until;
	/* A level of its own for another sector: 0..4, LEVEL_NEVER: `cross_severity` and
	 * `sectors` decide.  Stands whatever those say. */
	uint8_t sector_level[SECTOR_BITS];
	uint8_t kinds;	 /* bit per enum bulletin_kind that is wanted; 0: all */
	uint8_t ot_only; /* 1: not what concerns information technology alone */
};

void subscription_default(struct subscription *s);
void subscription_put(struct buf *b, const struct subscription *s);
void subscription_get(struct wire *w, struct subscription *ret);
/* A stored one: all of the bytes, also as they were before there were sector levels,
 * kinds and OT.  0 or ERR_CORRUPT. */
int subscription_stored(struct slice bytes, struct subscription *ret) MUST_CHECK;
/* Does it want anything of other sectors?  And from which level at the lowest. */
uint8_t subscription_cross(const struct subscription *s);
/* FNV-1a of a product name, folded (proto/fold.h), spaces squeezed: in product.c. */
uint32_t product_hash(struct slice name);

#endif
