/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_ESCALATE_H
#define KEEPER_ESCALATE_H

#include "daemon/keeper/keeper.h"
#include "daemon/keeper/store_escalation.h"
#include "daemon/keeper/store_relay.h"

/* Opaque types. */
struct escalate;

/*
 * Silence is followed up: who has not acknowledged a bulletin gets it by a second route,
 * then at a second contact, and when the time is over each desk gets one list and the
 * centre one figure.  Deadlines are minutes in the database and go by steady.h: a
 * restart goes on where it was, a clock that jumps sets off nothing.  A step looks at
 * some receivers only, so that thousands of them do not hold up the sockets.
 */
struct escalate *escalate_new(struct keeper *k) MUST_CHECK;
void escalate_free(struct escalate *e);

/* Inside the transaction of a row that was just written: a bulletin begins to be followed
 * up, or what went before it ends.  An exercise is followed up by nobody: its drill says
 * who is in it. */
int escalate_row(
    struct keeper *k, const struct frame_head *h, struct slice body) MUST_CHECK;
/* Before the next revision of a wrapper whose original got this one: where that asks
 * nobody anew, its wrapper does not either. */
int escalate_follow(struct keeper *k, const struct frame_head *original,
    const struct store_relay *r) MUST_CHECK;
/* Inside the transaction of an acknowledgement that counts: what is on its way to rouse
 * this receiver is dropped. */
int escalate_acked(struct keeper *k, const uint8_t *bulletin, uint16_t revision,
    const uint8_t *receiver) MUST_CHECK;
/* Has this receiver acknowledged the row, or an earlier one to which the hub has only
 * added a word since?  1, 0, or an error. */
int escalate_has_said(
    struct keeper *k, const struct frame_head *h, const uint8_t *receiver) MUST_CHECK;
/* Has it said anything of these revisions?  1, 0, or an error. */
int escalate_said(struct keeper *k, const uint8_t *bulletin, unsigned floor,
    unsigned revision, const uint8_t *receiver) MUST_CHECK;
/* Is this delivery still wanted, now that it could be sent?  1, 0, or an error. */
int escalate_wants(struct keeper *k, const struct store_delivery *d) MUST_CHECK;

/* escalate_step.c: one step of what is due at `minute`; ERR_NOTFOUND: nothing is. */
int escalate_step(struct keeper *k, int64_t minute) MUST_CHECK;
/* The minute that deadlines go by. */
int64_t escalate_minute(struct keeper *k);

/* escalate_list.c: the time of *v is over: its list, if anybody may have one, and a bell
 * when anybody is silent. */
int escalate_list(struct keeper *k, const struct store_bulletin *b,
    const struct store_silence *v) MUST_CHECK;
/* "silences":[...] of these desks, for the inbox. */
int escalate_show(
    struct keeper *k, const struct slots *slots, int centre, struct buf *out) MUST_CHECK;

#endif
