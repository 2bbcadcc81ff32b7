/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COURIER_BACKOFF_H
#define COURIER_BACKOFF_H

#include <stdint.h>

/*
 * When a delivery that failed is tried again.  No I/O and no clock.
 */
struct backoff {
	uint32_t first, last; /* seconds: the shortest and the longest pause */
};

/* Seconds to wait after `tries` failed tries (1 or more): doubles from first to last;
 * `dice` (any random number) takes up to half of it away, never below first. */
uint32_t backoff_delay(const struct backoff *b, unsigned tries, uint32_t dice);

/*
 * What a Retry-After header asks for, in seconds from `now` (seconds since 1970): a
 * number or an HTTP date, brought into first..last whatever it says.  -1: it cannot be
 * read.
 */
int64_t backoff_retry_after(
    const struct backoff *b, const char *text, unsigned n, int64_t now);

#endif
