/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_TRIAGE_H
#define KEEPER_TRIAGE_H

#include "daemon/keeper/desk_call.h"
#include "daemon/keeper/store_draft.h"
#include "daemon/keeper/store_triage.h"

/* Opaque types. */
struct batch_op;

/*
 * What waits on a desk, as groups: reports that are copies of each other (the same text,
 * or the same set of things named) are one item, however many there are.  A group is one
 * desk's; a report that lies on two desks is in a group of each, and what one desk does
 * with it leaves the other's alone.  Who sent a copy is in no group.
 */

/* -------- triage.c: what comes in, inside its transaction */

/* A version that was stored just now.  A copy joins its group, quietly when that was set
 * aside or is done, unless its level is higher.  A follow-up that is no copy any more
 * leaves a group of several. */
int triage_join(struct keeper *k, const struct batch_op *op,
    const struct store_report *row) MUST_CHECK;
/* The reporter has said something: its groups wait again, on top. */
int triage_heard(struct keeper *k, const struct store_case *c, int64_t minute) MUST_CHECK;
/* The case was withdrawn or closed; a group without any other is done. */
int triage_ended(struct keeper *k, const struct store_case *c) MUST_CHECK;
/* It has left the centre's desk: there it is as if it had ended. */
int triage_left(struct keeper *k, const struct store_case *c) MUST_CHECK;
/* A draft has become this bulletin: the groups that it was made of are done, and those of
 * the desk that hold one of its cases. */
int triage_released(struct keeper *k, const struct store_draft *d,
    const uint8_t (*cases)[ID_LEN], size_t n, const uint8_t *bulletin) MUST_CHECK;

/* -------- triage_lock.c: one person at a time */

/* The group that the call names, when it is one of this desk's.  ERR_NOTFOUND. */
int triage_open(
    struct keeper *k, struct desk_call *c, struct store_group *ret) MUST_CHECK;
/* Before a change: ERR_INVALID with a conflict while another person holds it; the
 * holder's own time begins anew. */
int triage_hold(
    struct keeper *k, struct desk_call *c, const struct store_group *g) MUST_CHECK;
/* The holder looks at it: its time begins anew.  Others may look too. */
int triage_touch(
    struct keeper *k, struct desk_call *c, const struct store_group *g) MUST_CHECK;
/* Who asks, as a person: of the member's own certificate the member. */
void triage_person(const struct rights *r, uint8_t ret[RECEIVER_LEN]);
/* ,"lock":{..} while it is held, else nothing; *ret: is it? */
int triage_lock_write(struct keeper *k, const struct desk_call *c,
    const struct store_group *g, struct buf *out, int *ret) MUST_CHECK;
/* Verbs. */
int triage_lock(struct keeper *k, struct desk_call *c) MUST_CHECK;
int triage_unlock(struct keeper *k, struct desk_call *c) MUST_CHECK;

/* -------- triage_show.c, triage_like.c: what the desk sees */

int triage_item_write(struct keeper *k, const struct desk_call *c,
    const struct store_group *g, struct buf *out) MUST_CHECK;
/* "alike":{..}: how many others say something like it, from k up. */
int triage_like_write(struct keeper *k, const struct store_group *g, const json_t *json,
    int64_t minute, struct buf *out) MUST_CHECK;
int triage_list(struct keeper *k, struct desk_call *c) MUST_CHECK;
int triage_item(struct keeper *k, struct desk_call *c) MUST_CHECK;

/* -------- triage_act.c: what the desk does */

int triage_aside(struct keeper *k, struct desk_call *c) MUST_CHECK;
int triage_back(struct keeper *k, struct desk_call *c) MUST_CHECK;
int triage_ask(struct keeper *k, struct desk_call *c) MUST_CHECK;
/* triage_merge.c */
int triage_merge(struct keeper *k, struct desk_call *c) MUST_CHECK;

#endif
