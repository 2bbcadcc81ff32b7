/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_MODE_H
#define KEEPER_MODE_H

#include "daemon/keeper/desk_call.h"
#include "daemon/keeper/store_mode.h"

/* Opaque types. */
struct draft_facts;
struct escalation_rules;

/*
 * The hub's operating mode: normal, or large-scale while a large failure of critical
 * infrastructure is dealt with.  A person of the centre switches it, with a reason that
 * everybody reads; it stands in each bulletin, shortens the time to acknowledge and until
 * silence is followed up, and widens whom a draft goes to that does not say.  It never
 * widens what a reporter or k allow, nor what is sent without anybody's hand.  Its verbs
 * stand in centre.h.
 */

/* What stands in a bulletin: "normal", "large-scale". */
int mode_said(struct keeper *k, const char **ret) MUST_CHECK;
/* [escalation] as the mode has it. */
void mode_rules(struct keeper *k, struct escalation_rules *ret);
/* Until when a bulletin of this level that asks to be acknowledged is, when nobody has
 * said until when; from level 3 no later than those rules have it. */
int64_t mode_default(struct keeper *k, int64_t minute, unsigned level);
/* Sets that deadline in a draft that asks and does not say when. */
void mode_deadline(struct keeper *k, int64_t minute, struct draft_facts *f);
/* Does a draft of this level that names no audience go to all? */
int mode_is_wide(struct keeper *k, unsigned level);

/* Inside a transaction of expire.c: asks for the renewal, or ends what nobody renewed.
 * ERR_NOTFOUND: nothing is due. */
int mode_due(struct keeper *k, int64_t minute) MUST_CHECK;
/* After COMMIT: tells this front, or all when it has changed (NULL). */
void mode_tell(struct keeper *k, struct front *f);

#endif
