/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_STREAMED_H
#define KEEPER_STREAMED_H

#include "daemon/keeper/keeper.h"

/* Opaque types. */
struct streamed;

/*
 * Which rows of the log were streamed or paged to whom, as the fronts say.  In memory as
 * ranges; what has changed is written every few seconds in small transactions, and only
 * then the front gets its answer: a crash on either side costs a repetition, not a row.
 *
 * When a row was sent is not kept row by row.  A range has the minute in which its first
 * rows were confirmed.  It grows, under that minute, by rows that were confirmed within a
 * minute or so of their publication; what comes later than that (after a break, from a
 * slow reader) begins a range of its own.  So a row was sent at the later of its own
 * minute and its range's.  Of more than 256 ranges of one receiver the oldest are joined
 * under the later minute.
 */
struct streamed *streamed_new(struct keeper *k) MUST_CHECK; /* reads the store */
void streamed_free(struct streamed *s); /* NULL is fine; writes nothing */
/* KM_STREAMED; ERR_PROTO. */
int streamed_take(
    struct keeper *k, struct front *f, const struct link_frame *fr) MUST_CHECK;
/* Writes everything that waits, and answers for it. */
void streamed_flush(struct streamed *s);
/* Rows from this one on are published now, after their COMMIT. */
void streamed_published(struct streamed *s, uint64_t first);
/* Was this row, by its head, handed to this receiver?  The body or, where that is all it
 * is for, the stub.  *ret_minute: when first; 0: of a version that did not know. */
int streamed_has(const struct streamed *s, const uint8_t *receiver,
    const struct frame_head *h, int64_t *ret_minute);

#endif
