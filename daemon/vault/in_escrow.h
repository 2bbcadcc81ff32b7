/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VAULT_IN_ESCROW_H
#define VAULT_IN_ESCROW_H

#include "lib/err.h"
#include "lib/link.h"
#include "proto/msg_escrow.h"

/* Opaque types. */
struct vault;

/* Calls of an administrator that have to do with the escrow holders.  Sizes of their
 * payloads: */
enum {
	ESCROW_ENVELOPE_LEN = ID_LEN + ENVELOPE_REASON_MAX,
	ESCROW_EXPORTS_LEN = 8,
};
/* VM_A_ENVELOPE: one envelope, for a reason that is in the log before it leaves. */
void in_escrow_envelope(struct vault *v, struct link *l, const struct link_frame *f);
/* VM_A_EXPORTS: a page of that log. */
void in_escrow_exports(struct vault *v, struct link *l, const struct link_frame *f);
/* VM_A_ESCROW: which pairs of holders envelopes are left for. */
void in_escrow_pairs(struct vault *v, struct link *l, const struct link_frame *f);
/* VM_A_RELOAD: what SIGHUP does, with an answer. */
void in_escrow_reload(struct vault *v, struct link *l, const struct link_frame *f);

/* At start: the head of the log of exports.  A row that does not verify is told and
 * changes nothing, for envelopes must be sealed all the same. */
int in_escrow_head(struct vault *v) MUST_CHECK;

#endif
