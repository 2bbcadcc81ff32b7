/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_RELAY_H
#define KEEPER_RELAY_H

#include "daemon/keeper/keeper.h"
#include "daemon/keeper/store_relay.h"

/* Opaque types. */
struct desk_call;

/*
 * Bulletins passed on within a CEPTOAR: a wrapper of its own number around the original's
 * signed bytes.  One living wrapper for each original and CEPTOAR, and never around a
 * wrapper. Members whom the original has reached are not told twice: where its audience
 * holds the whole CEPTOAR, the wrapper goes to affiliates and the desk, unless the desk
 * says that its note matters to everybody.  What becomes of the original becomes of the
 * wrapper, in the same transaction, until its desk takes it back.
 */
/* A wrapper has room for its original and the desk's words. */
enum { RELAY_BODY_MAX = FRAME_BODY_MAX - 64 * 1024 };

/* What is wrapped: a row's header and its signed body. */
struct relay_of {
	const struct frame_head *head;
	struct slice body;
};

/* POST /v1/bulletins/{id}/relay; again adds the note to what an order has passed on. */
int relay_post(struct keeper *k, struct desk_call *c) MUST_CHECK;
/* Whose a wrapper is: the slot of the desk that has passed it on. */
int relay_desk(struct keeper *k, const struct store_bulletin *b, uint8_t *ret) MUST_CHECK;
/* May its desk take this wrapper back; else why not is in *c. */
int relay_may_end(
    struct keeper *k, struct desk_call *c, const struct store_bulletin *b) MUST_CHECK;
/* Takes it back: all whom it reached hear that, and it follows its original no more. */
int relay_end(struct keeper *k, struct store_bulletin *b, int64_t minute,
    const json_t *why) MUST_CHECK;
/* May this be passed on within the CEPTOAR at all: it is in the audience, and the TLP
 * leaves its members' organisations at least. */
int relay_covers(const struct frame_head *h, unsigned slot);
/* Has the original reached the CEPTOAR's members as such? */
int relay_has_members(const struct frame_head *h, unsigned slot);
/* Writes the wrapper's first or next revision, inside a transaction.  r->bulletin and
 * `number` are those of the wrapper; NULL: drawn, when there is none yet. */
int relay_issue(struct keeper *k, struct store_relay *r, struct slice words,
    const struct relay_of *of, const char *number) MUST_CHECK;
/* After a row of the log: wrappers follow their originals, standing orders are looked at.
 */
int relay_row(struct keeper *k, const struct frame_head *h, struct slice body) MUST_CHECK;

/* orders.c */
int orders_row(
    struct keeper *k, const struct frame_head *h, struct slice body) MUST_CHECK;
int order_list(struct keeper *k, struct desk_call *c) MUST_CHECK;
int order_put(struct keeper *k, struct desk_call *c) MUST_CHECK;
int order_delete(struct keeper *k, struct desk_call *c) MUST_CHECK;

#endif
