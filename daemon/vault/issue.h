/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VAULT_ISSUE_H
#define VAULT_ISSUE_H

#include <stdint.h>

#include "lib/err.h"
#include "proto/msg_issuer.h"

/* Opaque types. */
struct vault;
struct link;
struct issue;

/*
 * VM_ISSUE: blinded elements are signed, as many for each member, group and epoch as the
 * batch has.  Group commit as in seal.h: a signature leaves when it is on disk, so that
 * the same element always gets the same one and counts once.  A turn of the loop signs
 * for 8 ms at most (and one signature more): ADMIT and SEAL never wait for the queue.
 */
int issue_new(struct issue **ret, struct vault *v) MUST_CHECK;
void issue_free(struct issue *s); /* NULL is fine; what is queued is forgotten */
/* Queues one; the answer goes to `l` under `call`.  ERR_AGAIN: the queue is full. */
int issue_add(struct issue *s, struct link *l, uint64_t call,
    const struct vault_issue *m) MUST_CHECK;
void issue_forget(struct issue *s, const struct link *l); /* the link is gone */
int issue_idle(const struct issue *s);

#endif
