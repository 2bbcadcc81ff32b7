/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_DESK_H
#define KEEPER_DESK_H

#include "daemon/keeper/keeper.h"

/* The CEPTOARs whose desk this reader may sit at now: its own as secretariat, and those
 * for which one of them stands in while their desk is off duty. */
void desk_slots(struct keeper *k, const struct rights *r, struct slots *ret);

/*
 * The inbox, read-only: reports of the reader's CEPTOARs as secretariat, for the centre
 * those of level 3 and up, hotline calls and agencies' reports, and for the centre and
 * ministries those that name them.  Newest first;
 * `before` is the number of items to pass over, "next" the one to go on with.
 * ERR_DENIED for readers without a desk, ERR_INVALID too far back.
 */
int desk_inbox(struct keeper *k, const struct keeper_list *q, struct buf *out) MUST_CHECK;
/* One report as the inbox has it.  The caller has looked whether it lies on the desk. */
int desk_report(struct keeper *k, const struct rights *rights, const uint8_t *report,
    struct buf *out) MUST_CHECK;

#endif
