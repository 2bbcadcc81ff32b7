/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_STORE_DELIVERY_H
#define KEEPER_STORE_DELIVERY_H

#include "daemon/keeper/store.h"
#include "proto/msg_courier.h"

/* The part of the store that the outbox needs; rules and results as in store.h. */

struct store_outbox {
	uint64_t seq; /* the log's row */
	uint8_t bulletin[ID_LEN];
	uint16_t revision;
	uint8_t after[RECEIVER_LEN]; /* receivers up to here are done */
};

struct store_delivery {
	struct courier_key key;
	uint8_t state; /* enum delivery_state */
	uint8_t
	    digest; /* goes with the daily mail; set by the store, from the first state */
	uint8_t stage; /* enum brought */
	uint16_t tries;
	int64_t next_at, lease_until; /* seconds */
	char reason[COURIER_REASON_MAX + 1];
	int64_t queued_at, sent_at; /* minutes */
	/* Whose contact it went to; zeros: the member's own, or not known.  What is read
	 * has zeros, and zeros change nothing. */
	uint8_t person[RECEIVER_LEN];
};

int store_outbox_add(struct store *s, const struct store_outbox *o) MUST_CHECK;
int store_outbox_first(struct store *s, struct store_outbox *ret) MUST_CHECK;
int store_outbox_move(struct store *s, const struct store_outbox *o) MUST_CHECK;
int store_outbox_del(struct store *s, uint64_t seq) MUST_CHECK;

/* One that is there already stays as it is. */
int store_delivery_add(struct store *s, const struct store_delivery *d) MUST_CHECK;
int store_delivery_get(struct store *s, const struct courier_key *key,
    struct store_delivery *ret) MUST_CHECK;
/* state, tries, next_at, lease_until, reason, sent_at of the row with this key. */
int store_delivery_set(struct store *s, const struct store_delivery *d) MUST_CHECK;
int store_delivery_del(struct store *s, const struct courier_key *key) MUST_CHECK;
/* Whose digest is due first, and when (seconds); ERR_NOTFOUND: nobody waits for one. */
int store_digest_first(struct store *s, int64_t *ret_at, uint8_t *ret_receiver,
    uint8_t *ret_contact) MUST_CHECK;
/* What goes into it, oldest first. */
int store_digest_of(struct store *s, const uint8_t *receiver, uint8_t contact,
    int64_t now, unsigned most, struct store_delivery *v, unsigned *ret_n) MUST_CHECK;
/* Queued ones of one receiver and route that are due at `now`, oldest first. */
int store_delivery_due(struct store *s, const uint8_t *receiver, unsigned route,
    int64_t now, unsigned most, struct store_delivery *v, unsigned *ret_n) MUST_CHECK;
/* When the next queued one of them is due; INT64_MAX: none is queued. */
int store_delivery_next(
    struct store *s, const uint8_t *receiver, unsigned route, int64_t *ret_at) MUST_CHECK;
/* Leases that ran out: those rows are queued again. */
int store_delivery_lapse(
    struct store *s, int64_t now, unsigned most, unsigned *ret_n) MUST_CHECK;
/* Every receiver and route with something queued (when the first is due) or leased (how
 * many are). */
int store_delivery_lanes(struct store *s,
    int (*fn)(void *arg, const uint8_t *receiver, unsigned route, int64_t next_at,
	unsigned leased),
    void *arg) MUST_CHECK;
/* The contact was tried with success. */
int store_gone_put(
    struct store *s, const struct courier_key *key, const uint8_t *mark) MUST_CHECK;
int store_gone_get(
    struct store *s, const struct courier_key *key, uint8_t *ret_mark) MUST_CHECK;
int store_gone_del(struct store *s, const struct courier_key *key) MUST_CHECK;

/* What became of the last try of a way that came to an end, at this minute. */
int store_way_put(
    struct store *s, const struct courier_key *key, int works, int64_t minute) MUST_CHECK;
/* Its receiver has one contact of this route now (CONTACT_ALL in the key), or several:
 * what was known of the others, or of the one, is of no more use. */
int store_way_drop_others(struct store *s, const struct courier_key *key) MUST_CHECK;
/* By receiver: each route of which something is known to be broken since this minute, or
 * gone, and no contact is known to work.  fn returns 0 or an error. */
int store_ways_broken(struct store *s, int64_t since,
    int (*fn)(void *arg, const uint8_t *receiver, unsigned route), void *arg) MUST_CHECK;
int store_prune_ways(
    struct store *s, int64_t before, unsigned most, unsigned *ret_n) MUST_CHECK;

/* token_sum: SHA-256 of the token. */
int store_link_add(struct store *s, const uint8_t *token_sum,
    const struct courier_key *key, int64_t sent_at) MUST_CHECK;
int store_prune_links(
    struct store *s, int64_t before_s, unsigned most, unsigned *ret_n) MUST_CHECK;

#endif
