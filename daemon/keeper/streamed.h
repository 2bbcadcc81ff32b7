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
 */
struct streamed *streamed_new(struct keeper *k) MUST_CHECK; /* reads the store */
void streamed_free(struct streamed *s); /* NULL is fine; writes nothing */
/* KM_STREAMED; ERR_PROTO. */
int streamed_take(
    struct keeper *k, struct front *f, const struct link_frame *fr) MUST_CHECK;
/* Writes everything that waits, and answers for it. */
void streamed_flush(struct streamed *s);
/* Was this row, by its head, handed to this receiver?  The body or, where that is all it
 * is for, the stub. */
int streamed_has(
    const struct streamed *s, const uint8_t *receiver, const struct frame_head *h);
size_t streamed_count(const struct streamed *s); /* receivers, once for each way */

#endif
