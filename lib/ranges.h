/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LIB_RANGES_H
#define LIB_RANGES_H

#include <stddef.h>
#include <stdint.h>

#include "lib/err.h"

/*
 * A set of numbers as ascending ranges, each with a mark: what was added first keeps the
 * mark that it came with.  Ranges that touch differ in it.
 */
struct range {
	uint64_t first, last; /* both are in it */
	uint32_t mark;	      /* 0: none is known */
};
struct ranges {
	struct range *v;
	size_t n, room;
};

void ranges_done(struct ranges *r); /* empty afterwards; zeros are an empty set */
/*
 * Adds what of x is not there yet, with its mark; from the number `fresh` on, what
 * continues a range takes over that one's (unless it is 0).  At more than `most` ranges
 * the lowest that touch are joined under the higher mark, and when none do, the lowest
 * go.  *ret_changed spans the ranges that are not as they were, before and after: first >
 * last when all are.  ERR_INVALID: x.first > x.last, or x.last is the highest number;
 * ERR_NOMEM: a part of it is in the set.
 */
int ranges_add(struct ranges *r, const struct range *x, uint64_t fresh, size_t most,
    struct range *ret_changed) MUST_CHECK;
/* The range that holds it, until the set changes; NULL: none. */
const struct range *ranges_get(const struct ranges *r, uint64_t n);

#endif
