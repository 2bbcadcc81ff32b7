/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_STORE_STEADY_H
#define KEEPER_STORE_STEADY_H

#include "daemon/keeper/store.h"

/* The part of the store that steady.c needs; rules and results as in store.h. */

enum { BOOT_LEN = 16 };

struct store_steady {
	uint8_t boot[BOOT_LEN];
	uint8_t jumped;
	int64_t minute;
	int64_t ahead, since, jump; /* milliseconds */
};

int store_steady_get(struct store *s, struct store_steady *ret) MUST_CHECK;
int store_steady_put(struct store *s, const struct store_steady *v) MUST_CHECK;

/* What runs keeps what was left of it when the clock is set by so many minutes, to `now`:
 * steps of silence, pages, tries and leases of deliveries, and the mode's renewal. */
int store_steady_shift(struct store *s, int64_t minutes, int64_t now) MUST_CHECK;
/* What a clock that was wrong has put further ahead than it can be is due now, or as soon
 * as it may be: `now` in minutes, the others in seconds and minutes from then. */
int store_steady_clamp(
    struct store *s, int64_t now, int64_t delay_s, int64_t page_minutes) MUST_CHECK;

#endif
