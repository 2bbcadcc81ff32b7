/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_SHELF_H
#define KEEPER_SHELF_H

#include "daemon/keeper/keeper.h"

/* Opaque types. */
struct store_bulletin;

/* Bulletins as they stand, for one reader at a time, by today's rights. */

/*
 * KM_BULLETINS: {"bulletins":[...],"next":cursor or null}, newest first, each at its
 * newest revision; `next` is an opaque cursor, so that nobody counts rows that he may not
 * see.
 */
int shelf_list(struct keeper *k, const struct keeper_list *q, struct buf *out) MUST_CHECK;
/* By id (32 hex digits) or number, in whatever case, whoever asks; ERR_NOTFOUND. */
int shelf_find(struct keeper *k, struct slice ref, struct store_bulletin *ret) MUST_CHECK;
/* One by id (32 hex digits) or number; revision 0: the newest.  ERR_NOTFOUND also for
 * what is not for this reader. */
int shelf_one(struct keeper *k, const struct rights *r, struct slice ref,
    uint16_t revision, struct buf *out) MUST_CHECK;

#endif
