/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_SECOND_H
#define KEEPER_SECOND_H

#include "daemon/keeper/release.h"

/*
 * Two pairs of eyes: what one person may not do alone waits here until another one of the
 * same desk, of a neighbour (same group of sectors) or of the centre has looked.  What
 * was done alone while no second one was at the desk lies here afterwards, for a day;
 * then the desks' bells ring.
 */
/* An answer to what was asked three days ago would be about another situation. */
enum { SECOND_LOOK_MINUTES = 24 * 60, SECOND_WAIT_MINUTES = 72 * 60 };

/* Are two persons at this desk now? */
int second_is_there(struct keeper *k, unsigned desk, int64_t now_ms);
/*
 * Files what waits, once (the same request twice is one), rings, and refuses the call
 * with P_SECOND_PERSON; what was written stays.  v: action, desk, draft or bulletin.
 */
int second_ask(struct keeper *k, struct desk_call *c, struct store_second *v) MUST_CHECK;
/* May it be done alone now?  0, or ERR_INVALID with the reason. */
int second_alone(struct keeper *k, struct desk_call *c, unsigned desk,
    const struct release_words *w) MUST_CHECK;
/* Files what was done alone. */
int second_after(
    struct keeper *k, struct desk_call *c, struct store_second *v) MUST_CHECK;

/* GET /v1/second, POST /v1/second/{id}. */
int second_list(struct keeper *k, struct desk_call *c) MUST_CHECK;
int second_give(struct keeper *k, struct desk_call *c) MUST_CHECK;
/* One that nobody looked at in time rings, once.  ERR_NOTFOUND: none is due. */
int second_due(struct keeper *k, int64_t minute) MUST_CHECK;

#endif
