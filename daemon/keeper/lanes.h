/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_LANES_H
#define KEEPER_LANES_H

#include <stdint.h>

#include "daemon/keeper/store_delivery.h"

/*
 * Who has deliveries queued, in memory: a lane for each receiver and route.  Leases go
 * round the lanes, a few from each, so that a receiver that is slow, or has a thousand
 * bulletins waiting, delays no other.  The database is the truth: after a transaction
 * that failed the lanes are stale and are read anew.
 */
enum { LANE_LEASED_MAX = 4 /* jobs of one lane under way at once */ };

struct lane {
	uint8_t receiver[RECEIVER_LEN];
	uint8_t route;
	unsigned leased;
	int64_t next_at;   /* second at which the first queued one is due, or before */
	int64_t told_hour; /* when its desk was last told of a failure */
};

/* Opaque types. */
struct lanes;

struct lanes *lanes_new(void) MUST_CHECK;
void lanes_free(struct lanes *l);
void lanes_stale(struct lanes *l);
/* Reads them anew when they are stale. */
int lanes_ready(struct lanes *l, struct store *s) MUST_CHECK;
/* The lane, made when it is new; NULL without memory. */
struct lane *lanes_get(struct lanes *l, const uint8_t *receiver, unsigned route);
/* Something of this lane is due at `at` (seconds). */
int lanes_due(
    struct lanes *l, const uint8_t *receiver, unsigned route, int64_t at) MUST_CHECK;
/* The next lane, in turn, of one of these routes (bits 1 << route) that has something due
 * at `now` and room for another job; NULL when there is none.  Goes round once after
 * lanes_round(). */
void lanes_round(struct lanes *l);
struct lane *lanes_next(struct lanes *l, unsigned routes, int64_t now);
/* Second at which one of them has something due; INT64_MAX for never. */
int64_t lanes_first(const struct lanes *l, unsigned routes);
unsigned lanes_leased(const struct lanes *l);

#endif
