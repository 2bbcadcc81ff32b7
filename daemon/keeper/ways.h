/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_WAYS_H
#define KEEPER_WAYS_H

#include "daemon/keeper/keeper.h"
#include "proto/msg_courier.h"

/* Opaque types. */
struct vault_dir_row;

/*
 * What is known of the ways to each receiver: one whose last delivery was given up does
 * not work, until one is taken there or OUTBOX_WAY_DAYS have gone by; one that said that
 * it is gone does not, until it takes something.  That its address has changed since the
 * keeper cannot see: the next delivery shows it.
 */

/* In the transaction of a result: what went this way was taken, or given up. */
int ways_learn(struct keeper *k, const struct courier_key *key, int works) MUST_CHECK;

/* The ways that are known to be broken, by receiver; freed with ways_done, also after an
 * error. */
struct ways_one {
	uint8_t receiver[RECEIVER_LEN];
	uint8_t routes; /* enum route_bit */
};
struct ways {
	struct ways_one *v;
	size_t n, room;
};
int ways_load(struct ways *w, struct keeper *k) MUST_CHECK;
void ways_done(struct ways *w);
/* Has it a route that is not known to be broken?  A telephone for people is one. */
int ways_has_contact(const struct ways *w, const struct vault_dir_row *row);

#endif
