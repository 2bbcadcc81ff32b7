/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_TAIL_H
#define KEEPER_TAIL_H

#include "daemon/keeper/keeper.h"

/* Bytes before the rows in KM_ROWS: head u64, count u32. */
enum { TAIL_PREFIX = 12 };

/*
 * Hands rows of the log to the fronts.  Live rows come from the batch that committed
 * them; a front that is behind, or whose queue is full, is served in pages from the
 * table until it has caught up.  What was committed before a crash is served after it.
 */
struct tail *tail_new(struct keeper *k) MUST_CHECK;
void tail_free(struct tail *t);
/* KM_TAIL: from now on this front gets rows from `from` on. */
void tail_start(struct tail *t, struct front *f, uint64_t from);
/* The link's queue has run empty. */
void tail_drained(struct tail *t, struct front *f);
/* Rows head_before + 1 and following are committed; `rows` begins with TAIL_PREFIX free
 * bytes. */
void tail_publish(struct tail *t, uint64_t head_before, struct buf *rows);
/* KM_PAGE: {head u64, earliest u64, n u32, rows} into out. */
int tail_page(
    struct tail *t, uint64_t from, uint32_t max_bytes, struct buf *out) MUST_CHECK;

#endif
