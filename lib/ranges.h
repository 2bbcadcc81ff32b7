/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LIB_RANGES_H
#define LIB_RANGES_H

#include <stddef.h>
#include <stdint.h>

#include "lib/err.h"

/* A set of numbers as ranges: ascending, apart from each other by a gap at least. */
struct range {
	uint64_t first, last; /* both are in it */
};
struct ranges {
	struct range *v;
	size_t n, room;
};

void ranges_done(struct ranges *r); /* empty afterwards; zeros are an empty set */
/*
 * Adds first..last and joins what touches.  At more than `most` ranges the lowest go:
 * forgetting is all that a full set does.  *ret_at (or NULL) says in which range it lies
 * now.  ERR_INVALID: first > last, or last is the highest number; ERR_NOMEM: the set is
 * as it was; ERR_LIMIT: it lies below `most` others, and was forgotten at once.
 */
int ranges_add(struct ranges *r, uint64_t first, uint64_t last, size_t most,
    size_t *ret_at) MUST_CHECK;
int ranges_has(const struct ranges *r, uint64_t x);

#endif
