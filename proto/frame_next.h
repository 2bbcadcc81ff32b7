/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_FRAME_NEXT_H
#define PROTO_FRAME_NEXT_H

#include "proto/frame.h"

/*
 * What an update or cancel knows of all earlier revisions together, so that whoever was
 * sent one of them is sent it too.  In reach_flags FRAME_OT says that one may have
 * concerned OT, FRAME_CROSS beside FRAME_RELAY that all of them left the members out.
 * Bits that a reach does not need otherwise say which kinds there were (none: the row is
 * an older program's, and nothing is known), and whether one did not show its sector.
 */
enum frame_had {
	FRAME_HAD_NO_SECTOR = 1u << 4,
	FRAME_HAD_ATTACK_METHOD = 1u << 8,
	FRAME_HAD_EARLY_WARNING = 1u << 12,
	FRAME_HAD_RECOVERY_METHOD = 1u << 13,
	FRAME_HAD_OUTAGE_ATTACK = 1u << 14,
	FRAME_HAD_KINDS = FRAME_HAD_EARLY_WARNING | FRAME_HAD_RECOVERY_METHOD |
			  FRAME_HAD_OUTAGE_ATTACK | FRAME_HAD_ATTACK_METHOD,
};

/* Makes of a row that was written the beginning of the bulletin's next one: its own
 * audience, and what readers chose it by, join the reach. */
void frame_next(struct frame_head *h, enum frame_kind kind);
/* The kinds that earlier revisions had, a bit each; 0: it is not known. */
unsigned frame_had_kinds(const struct frame_head *h);

#endif
