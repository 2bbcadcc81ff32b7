/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_SCRUB_OWN_H
#define PROTO_SCRUB_OWN_H

#include "proto/scrub_find.h"

/* One look for the sender's own terms. */
struct scrub_search {
	const struct scrubber *s;
	const struct scrub_view *w;
	const struct scrub_dense *d;
	struct scrub_hits *h;
	int strict, squeezed;
};

/* What joins the parts of a code. */
static inline int
scrub_is_code_sign(uint32_t c)
{
	return c == '-' || c == '_';
}

/* Does a family name stand as only a name does, or is it part of another word? */
int scrub_is_called(const struct scrub_view *w, size_t a, size_t b);
int scrub_is_called_else(const struct scrub_view *w, size_t a, size_t b);
/* Does what is sold or shown under a name begin at i, in katakana? */
int scrub_begins_offer(const struct scrub_view *w, size_t i);
/* Latin terms: word edges, capitals, codes.  1 and the range to take, or 0. */
int scrub_accepts_latin(
    const struct scrub_search *q, const struct scrub_term *t, size_t *pa, size_t *pb);

#endif
