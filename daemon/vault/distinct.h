/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VAULT_DISTINCT_H
#define VAULT_DISTINCT_H

#include <stddef.h>
#include <stdint.h>

#include "lib/err.h"
#include "proto/msg_seal.h"

/* Opaque types. */
struct distinct;

/*
 * How many different members said the same in the last 24 hours, in memory only: nothing
 * of it is ever stored, logged or answered but the counts.  Of a member there is an HMAC
 * over topic and member id, under a key that is drawn at the start and anew every day; a
 * key goes when all that was made with it is too old.  Times are kept in steps of ten
 * minutes.  Room is fixed: when it is full the oldest go, and the count is whole from a
 * later minute on, which is answered with it.
 */
enum { DISTINCT_MOST = 400000 /* entries: 45 MiB, touched as they are needed */ };

/* now_ms: a clock that never goes back. */
int distinct_new(struct distinct **ret, size_t most, int64_t now_ms) MUST_CHECK;
void distinct_free(struct distinct *d); /* wiped first; NULL is fine */

/*
 * This member, who sits in these sectors (a bit for each), is about to say n things.  The
 * counts go to ret[0..n), the member itself among them; one who says a thing twice counts
 * once.  A sector whose last member has gone counts for a step longer.  Returns for how
 * many of the minutes before now they are whole, at most 1440; 0 and zeros when the count
 * failed.  Otherwise distinct_settle follows, whatever comes of it.
 */
unsigned distinct_count(struct distinct *d, const char *member, uint64_t sectors,
    uint8_t (*topics)[TOPIC_LEN], unsigned n, int64_t now_ms, struct topic_count *ret);
/*
 * Has it said them?  Then its 24 hours begin, here; if not, the member goes out of the
 * count again, unless it has said the same before or is about to say it once more.
 */
void distinct_settle(struct distinct *d, const char *member, uint64_t sectors,
    uint8_t (*topics)[TOPIC_LEN], unsigned n, int64_t now_ms, int said);
/* What is too old goes, keys too; to be called now and then. */
void distinct_tick(struct distinct *d, int64_t now_ms);
/* Entries that are kept now. */
size_t distinct_entries(const struct distinct *d);

#endif
