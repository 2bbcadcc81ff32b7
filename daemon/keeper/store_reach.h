/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_STORE_REACH_H
#define KEEPER_STORE_REACH_H

#include "daemon/keeper/store_reader.h"
#include "lib/ranges.h"

/* What the store keeps of who was reached. */

/* Ranges of rows that were streamed.  `as` numbers how they were looked at. */
int store_streamed_as_put(struct store *s, int64_t as, struct slice bytes) MUST_CHECK;
/* The stored ranges that begin within lo..hi make room for those of `v`; their marks are
 * minutes. */
int store_streamed_put(struct store *s, const uint8_t *receiver, int64_t as,
    const struct range *v, size_t n, uint64_t lo, uint64_t hi) MUST_CHECK;
/* Drops what lies before the oldest row that is kept, then hands out the rest: each way
 * of looking, then each range, by receiver.  fn returns 0 or an error. */
struct store_streamed_reader {
	int (*as)(void *arg, int64_t as, struct slice bytes);
	int (*range)(void *arg, const uint8_t *receiver, int64_t as, struct range r);
	void *arg;
};
int store_streamed_load(
    struct store *s, const struct store_streamed_reader *to) MUST_CHECK;

/* How many were entitled at the release; slot SLOT_NONE: all, each once. */
int store_entitled_put(struct store *s, const uint8_t *bulletin, uint16_t revision,
    unsigned slot, unsigned n) MUST_CHECK;
/* *ret[slot] for each that has a figure, ret[SLOTS] for all; others are left alone. */
int store_entitled_get(struct store *s, const uint8_t *bulletin, uint16_t revision,
    int32_t ret[SLOTS + 1]) MUST_CHECK;

/* One acknowledgement, as it is shown. */
struct store_ack {
	uint8_t receiver[RECEIVER_LEN], person[RECEIVER_LEN];
	uint8_t evidence, status, flagged;
	int64_t minute, at[4]; /* at[status]: when it first said so; 0: it did not */
	uint32_t forwarded;
};
/*
 * A walk over the acknowledgements of a revision by receiver and evidence, behind the
 * receiver `after` (NULL: all of them).  next: ERR_NOTFOUND at the end.  Between start
 * and end nothing else may be asked for acknowledgements.
 */
int store_ack_walk(struct store *s, const uint8_t *bulletin, uint16_t revision,
    const uint8_t *after) MUST_CHECK;
int store_ack_next(struct store *s, struct store_ack *ret) MUST_CHECK;
void store_ack_end(struct store *s);

/* One delivery by mail, webhook or gateway, and a walk over them likewise. */
struct store_route {
	uint8_t receiver[RECEIVER_LEN];
	uint8_t route, contact, state, stage; /* as in struct store_delivery */
	char reason[72];
	int64_t queued_at, sent_at; /* minutes; 0: not yet */
	uint8_t has_person,
	    person[RECEIVER_LEN]; /* whose contact, when it is a person's */
};
int store_route_walk(struct store *s, const uint8_t *bulletin, uint16_t revision,
    const uint8_t *after) MUST_CHECK;
int store_route_next(struct store *s, struct store_route *ret) MUST_CHECK;
void store_route_end(struct store *s);

#endif
