/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VAULT_BATCH_H
#define VAULT_BATCH_H

#include "lib/err.h"
#include "lib/link.h"
#include "proto/msg_vault.h"

/* Opaque types. */
struct vault;
struct batch;

/*
 * Changes of the registry, kept in memory until VM_A_COMMIT writes them in one
 * transaction: meanwhile envelopes are sealed as always.  One administrator at a time.  A
 * change that is refused spoils the whole batch, so that a caller need only look at the
 * answer to its COMMIT.  A batch is dropped when its link goes, or after a minute of
 * silence.
 */
int batch_new(struct batch **ret, struct vault *v) MUST_CHECK;
void batch_free(struct batch *b); /* NULL is fine */
/* Takes one change, VM_A_MEMBER to VM_A_DISABLE, of the right size; what to answer. */
enum vault_status batch_add(struct batch *b, struct link *l, const struct link_frame *f);
enum vault_status batch_commit(struct batch *b, struct link *l);
void batch_forget(struct batch *b, const struct link *l);

/* Payload bytes of a change, or 0 when the type is none. */
size_t batch_frame_len(uint16_t type);

#endif
