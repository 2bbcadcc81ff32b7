/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_STEADY_H
#define KEEPER_STEADY_H

#include <stdint.h>

#include "lib/err.h"

/* Opaque types. */
struct keeper;
struct steady;

/*
 * The clock that deadlines go by: the wall clock, but a jump of more than two minutes is
 * believed only when it has stood for an hour, so that a wrong clock that is soon put
 * right ends nothing, fires nothing and hides nothing.  Until then time passes by the
 * machine's timer.  It is stored: a restart goes on by it.  After a start of the machine,
 * or where that is not known, what the wall clock says is a jump when it is behind what
 * was believed last, or more than a quarter of an hour ahead of it.
 *
 * When a jump is believed, what runs (silence, pages, tries of deliveries, the mode's
 * renewal) keeps the time that was left of it; what has a time that somebody was told
 * (the end of a warning, a drill) goes by that time.
 */
int steady_open(struct keeper *k) MUST_CHECK;
void steady_close(struct keeper *k);
int64_t steady_s(struct keeper *k);
int64_t steady_minute(struct keeper *k);
/* How many minutes the clock on the wall is ahead of it now. */
int64_t steady_off(struct keeper *k);
/* Once a second: writes it down, believes what has stood long enough. */
void steady_tick(struct keeper *k);

/* The reckoning alone, in milliseconds: `wall` and `timer` as they are now.  *c is zeroed
 * before the first call, or has ahead and set. */
struct steady_clock {
	int64_t ahead;	     /* the believed time less the timer */
	int64_t since, jump; /* jumped: since when by the timer, how far */
	uint8_t set, jumped;
};
int64_t steady_read(struct steady_clock *c, int64_t wall, int64_t timer);
/* The jump that is to be believed now, or 0. */
int64_t steady_believes(const struct steady_clock *c, int64_t wall, int64_t timer);

#endif
