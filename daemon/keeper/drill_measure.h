/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_DRILL_MEASURE_H
#define KEEPER_DRILL_MEASURE_H

#include "daemon/keeper/reach.h"
#include "daemon/keeper/store_drill.h"

/* What a drill shows of each CEPTOAR: figures by stage, and nothing that names anybody.
 */
enum drill_stage { STAGE_MINISTRY, STAGE_SECRETARIAT, STAGE_OPERATOR, DRILL_STAGES };

/* Why somebody could not be reached; drill_reason_word() has them. */
enum drill_reason {
	REASON_NONE, /* it was */
	REASON_NO_CONTACT,
	REASON_NOT_CONNECTED,
	REASON_WAITING,
	REASON_MAILBOX_FULL,
	REASON_NO_ADDRESSEE,
	REASON_GONE,
	REASON_TLS,
	REASON_NO_ANSWER,
	REASON_OTHER,
	DRILL_REASONS,
};
enum drill_reason drill_reason(const struct reach_row *r);
const char *drill_reason_word(enum drill_reason why);

/*
 * Calls fn with the object of each CEPTOAR that somebody of it is entitled, the lowest
 * slot first, then with that of all (slot SLOT_NONE); fn may use the store, and what it
 * returns other than 0 is handed back.  `head` is of the row that was sent.  Reports are
 * counted with `final` alone: a figure that moves would tell them apart.
 */
int drill_measure(struct keeper *k, const struct store_drill *d,
    const struct frame_head *head, int final,
    int (*fn)(void *arg, unsigned slot, struct slice body), void *arg) MUST_CHECK;

#endif
