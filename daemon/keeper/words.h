/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_WORDS_H
#define KEEPER_WORDS_H

#include "daemon/keeper/store.h"
#include "proto/taxonomy.h"

/* Small pieces of JSON that several answers share. */

/* "2026-11-08T09:00:00+09:00": Japan's time, whole minutes. */
void words_time(int64_t ms, struct buf *out);
/* {"ja":..,"en":..} for each desk of the DESK_BIT_* set, separated by commas. */
void words_desks(
    const struct taxonomy *t, unsigned slot, unsigned desks, struct buf *out);
/* {"who":{..},"at":".."}: the desk that reads it first, a deputy when its own sleeps. */
void words_read_by(const struct taxonomy *t, unsigned slot, unsigned desks,
    int64_t now_ms, struct buf *out);
const char *words_state(enum case_state s);
/* "id":"<hex>" and the like, name and value. */
void words_id(const char *name, const uint8_t *id, struct buf *out);

#endif
