/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/frame_next.h"

#include <string.h>

static const uint16_t had_kind[] = { [KIND_EARLY_WARNING] = FRAME_HAD_EARLY_WARNING,
	[KIND_RECOVERY_METHOD] = FRAME_HAD_RECOVERY_METHOD,
	[KIND_OUTAGE_ATTACK] = FRAME_HAD_OUTAGE_ATTACK,
	[KIND_ATTACK_METHOD] = FRAME_HAD_ATTACK_METHOD };

unsigned
frame_had_kinds(const struct frame_head *h)
{
	unsigned i, kinds = 0;

	for (i = 0; i < sizeof had_kind / sizeof had_kind[0]; i++)
		if ((h->reach_flags & had_kind[i]) != 0)
			kinds |= 1u << i;
	return kinds;
}

/* By what a reader may have chosen this revision. */
static unsigned
chosen_by(const struct frame_head *h)
{
	unsigned had = had_kind[(h->flags & FRAME_KIND_MASK) >> FRAME_KIND_AT];

	/* A row that shows no system went to those too who want OT alone. */
	if ((h->flags & (FRAME_IT | FRAME_OT | FRAME_IOT)) == 0)
		had |= FRAME_OT;
	if (h->sector >= SECTOR_BITS)
		had |= FRAME_HAD_NO_SECTOR;
	return had;
}

/* And the earlier ones, those included that an older program wrote. */
static unsigned
chosen_before(const struct frame_head *h)
{
	const unsigned all = FRAME_HAD_KINDS | FRAME_HAD_NO_SECTOR;

	return (h->reach_flags & FRAME_HAD_KINDS) != 0 ? h->reach_flags & all
						       : all | FRAME_OT;
}

/* Without this flag the row has reached more, so that it stays only if all had it. */
static unsigned
narrowing(const struct frame_head *h)
{
	return FRAME_NO_GOV | ((h->flags & FRAME_RELAY) != 0 ? FRAME_CROSS : 0);
}

void
frame_next(struct frame_head *h, enum frame_kind kind)
{
	/* Whom TLP:RED reached stands in `names`; its desk is no audience. */
	const int red = h->tlp >= TLP_RED && h->name_count > 0;
	const unsigned less = narrowing(h), own = chosen_by(h),
		       flags = red ? h->flags & ~(unsigned)FRAME_AUDIENCE : h->flags;
	unsigned i;

	if (h->kind == FRAME_BULLETIN) { /* its reach fields mean nothing yet */
		h->reach_severity = h->severity;
		h->reach_tlp = h->tlp;
		h->reach_flags = (uint16_t)((flags & (FRAME_REACH | FRAME_NO_GOV)) | own);
		memset(&h->reach, 0, sizeof h->reach);
	} else {
		if (h->severity > h->reach_severity)
			h->reach_severity = h->severity;
		if (h->tlp < h->reach_tlp)
			h->reach_tlp = h->tlp;
		h->reach_flags =
		    (uint16_t)(((h->reach_flags | flags) & FRAME_REACH & ~less) |
			       (h->reach_flags & flags & less) | own | chosen_before(h));
	}
	for (i = 0; i < SLOT_BYTES && !red; i++)
		h->reach.b[i] |= h->slots.b[i];
	h->kind = (uint8_t)kind;
}
