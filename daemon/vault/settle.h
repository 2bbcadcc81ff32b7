/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VAULT_SETTLE_H
#define VAULT_SETTLE_H

#include <stdint.h>

#include "lib/err.h"
#include "proto/msg_seal.h"

/* Opaque types. */
struct link;
struct settle;
struct vault;

/*
 * What a SEAL took before anybody knew what becomes of the report: one of the member's
 * automatic releases, and a place in the counts of who says the same.  Kept in memory
 * under a ticket until the front says whether the report was stored and went out; after
 * SETTLE_MS, when there are too many, or when the front's link is gone, both are given
 * back, as for a report that was not stored: a count too low warns nobody wrongly.
 */
enum { SETTLE_MS = 120 * 1000, SETTLE_MOST = 8192 };

int settle_new(struct settle **ret, struct vault *v) MUST_CHECK;
void settle_free(struct settle *s); /* wiped; NULL is fine */

/* The envelope is on disk: auto_ok, the counts and the ticket of its answer. */
void settle_open(struct settle *s, const struct link *l, struct vault_order *o,
    struct vault_seal *ret);
/* Of a ticket that is not (or no more) this link's: nothing. */
void settle_close(struct settle *s, const struct link *l, const struct vault_settle *m);
void settle_forget(struct settle *s, const struct link *l);
/* What is too old by now is given back; a timer does it too. */
void settle_sweep(struct settle *s, int64_t now_ms);

/* Would a report of this member go out by itself now?  Takes nothing. */
int settle_auto_ok(struct settle *s, const char *member);

#endif
