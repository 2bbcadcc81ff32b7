/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FRONT_BUCKET_H
#define FRONT_BUCKET_H

#include <stdint.h>

/*
 * A rate: so many a period, at most one period's worth at once.  A bucket of zeros is
 * full at its first use, so that whoever begins has all of it.
 */
struct bucket {
	int64_t left; /* in parts: one thing is as many as the period has milliseconds */
	int64_t at;   /* when that was so; 0: not used yet */
};
enum { BUCKET_SECOND = 1000, BUCKET_MINUTE = 60 * 1000 };

/* 1 when one more is left now, with `rate` a period. */
static inline int
bucket_has(struct bucket *b, int64_t rate, int64_t period, int64_t now)
{
	int64_t full = rate * period, passed = now - b->at;

	if (b->at == 0)
		b->left = full;
	else
		b->left += (passed < period ? passed : period) * rate;
	b->at = now;
	if (b->left > full)
		b->left = full;
	return b->left >= period;
}

static inline void
bucket_take(struct bucket *b, int64_t period)
{
	b->left -= period;
}

#endif
