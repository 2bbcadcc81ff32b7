/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VAULT_SEAL_H
#define VAULT_SEAL_H

#include <stdint.h>

#include "lib/err.h"
#include "proto/msg_seal.h"

/* Opaque types. */
struct vault;
struct link;
struct seal;

/*
 * Group commit of envelopes, without a timer: what came in while the last transaction ran
 * is the next one.  A batch ends at 256 envelopes or when it is db_filled(), so
 * that an ADMIT never waits longer than 16 ms, or for eight, and one sync.  Answers
 * leave after COMMIT.
 */
int seal_new(struct seal **ret, struct vault *v) MUST_CHECK;
void seal_free(struct seal *s); /* NULL is fine; what is queued is forgotten */
/* Queues one; the answer goes to `l` under `call`.  ERR_AGAIN: the queue is full. */
int seal_add(struct seal *s, struct link *l, uint64_t call,
    const struct vault_order *o) MUST_CHECK;
/* The link is gone: what it asked for and is not written yet is not written. */
void seal_forget(struct seal *s, const struct link *l);
/* Runs batches until nothing is queued. */
void seal_drain(struct seal *s);
int seal_idle(const struct seal *s);

#endif
