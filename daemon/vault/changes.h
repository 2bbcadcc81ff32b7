/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VAULT_CHANGES_H
#define VAULT_CHANGES_H

#include "lib/err.h"
#include "lib/link.h"
#include "proto/msg_vault.h"

/* Opaque types. */
struct vault;
struct changes;

/*
 * Changes of the registry, kept in memory until VM_A_COMMIT writes them in one
 * transaction: meanwhile envelopes are sealed as always.  One administrator at a time.  A
 * change that is refused spoils the whole batch, so that a caller need only look at the
 * answer to its COMMIT.  A batch is dropped when its link goes, or after a minute of
 * silence.
 */
int changes_new(struct changes **ret, struct vault *v) MUST_CHECK;
void changes_free(struct changes *c); /* NULL is fine */
/* Takes one change, VM_A_MEMBER to VM_A_DISABLE, VM_A_RECIPIENT, VM_A_GROUPS,
 * VM_A_SECTORS or one of change_people.h, of the right size; what to answer. */
enum vault_status changes_add(
    struct changes *c, struct link *l, const struct link_frame *f);
enum vault_status changes_commit(struct changes *c, struct link *l);
void changes_forget(struct changes *c, const struct link *l);

/* Payload bytes of a change, or 0 when the type is none. */
size_t changes_frame_len(uint16_t type);

#endif
