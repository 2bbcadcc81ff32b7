/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_DRILL_H
#define KEEPER_DRILL_H

#include "daemon/keeper/desk_call.h"
#include "daemon/keeper/store_drill.h"

/*
 * 情報提供訓練 and 情報連絡訓練.  A drill is a marked bulletin that goes the everyday
 * way, and what becomes of it until the deadline; in the second kind members are asked by
 * it for marked reports, which are counted and belong to nobody.  Planned ones begin, and
 * running ones end, with the clock; what they have shown is written down at the end and
 * stays.  Contact tests (contact_test.h) live and end here too.
 */
enum {
	DRILL_OPEN_MOST = 32,	/* planned and running, of all desks */
	DRILL_DAYS_MOST = 31,	/* from start to deadline */
	DRILL_AHEAD_DAYS = 366, /* from now to the start */
	DRILL_LEVEL = 4,	/* every way is used */
};

/* POST /v1/drills, GET /v1/drills, GET /v1/drills/{id}, POST /v1/drills/{id}/end. */
int drill_post(struct keeper *k, struct desk_call *c) MUST_CHECK;
int drill_list(struct keeper *k, struct desk_call *c) MUST_CHECK;
int drill_get(struct keeper *k, struct desk_call *c) MUST_CHECK;
int drill_end(struct keeper *k, struct desk_call *c) MUST_CHECK;

/* Inside a transaction: one that is to begin or end by now does.  ERR_NOTFOUND: none. */
int drill_due(struct keeper *k, int64_t minute) MUST_CHECK;
/* A second person is against the text of a planned drill: it ends before it began. */
int drill_turned_down(struct keeper *k, const uint8_t *draft, int64_t minute) MUST_CHECK;
/* A planned drill's draft goes out as it was when somebody looked at it: nobody changes,
 * releases or deletes it.  0, or the reason was said. */
int drill_keeps(struct keeper *k, struct desk_call *c, const uint8_t *draft) MUST_CHECK;
/* A running drill measures the text that it began with: what is acknowledged of another
 * revision would be lost.  0, or the reason was said. */
int drill_stands(
    struct keeper *k, struct desk_call *c, const uint8_t *bulletin) MUST_CHECK;
/* A first report of an exercise has come from this CEPTOAR: running drills count it. */
int drill_report(struct keeper *k, unsigned slot) MUST_CHECK;

/* drill_plan.c: what the body of the call asks for.  d->kind, start, deadline, desk,
 * draft and same are set, its draft is written, and `body` is what the store keeps. */
int drill_plan(struct keeper *k, struct desk_call *c, struct store_drill *d,
    struct buf *body) MUST_CHECK;
/* Whoever began it ends it: a person of that desk itself, no deputy. */
int drill_is_of(const struct rights *r, unsigned desk);
/* drill_show.c: {"id","kind",..} without its closing brace; the one of the path when it
 * is this desk's (`own`) or one that it was part of. */
int drill_head(struct keeper *k, const struct store_drill *d, struct slice body,
    struct buf *out) MUST_CHECK;
int drill_enter(struct keeper *k, struct desk_call *c, struct store_drill *ret,
    struct buf *body) MUST_CHECK;

#endif
