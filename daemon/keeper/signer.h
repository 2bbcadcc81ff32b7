/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_SIGNER_H
#define KEEPER_SIGNER_H

#include "daemon/keeper/keeper.h"

/* Opaque types. */
struct signer;

/*
 * The hub's keys for bulletins: one on P-256 is made at the first start.  The newest one
 * whose time has begun and whose private half is there signs; all public halves are
 * published for ever.  A rotation publishes the new key at once and lets it sign after an
 * overlap, so that readers have fetched it by then; to retire a key destroys its private
 * half.
 */
/* Reads the keys; makes one when none can sign.  When that cannot be written (a full
 * disk), the keeper starts all the same and tries again with the next batch. */
int signer_open(struct keeper *k) MUST_CHECK;
void signer_close(struct signer *s); /* NULL is fine */
/* Before a transaction: a key is there, or one is made in a transaction of its own. */
int signer_settle(struct keeper *k) MUST_CHECK;
/* Signs a canonical text in place, at k's time.  ERR_DOWN: no key. */
int signer_text(struct keeper *k, struct buf *text) MUST_CHECK;
/* {"keys":[...]}, the newest first. */
int signer_jwks(const struct signer *s, struct buf *out) MUST_CHECK;

/* KM_JWKS of a front, KM_A_SIGNING of the administrator; 0 or ERR_PROTO. */
int signer_jwks_call(
    struct keeper *k, struct front *f, const struct link_frame *fr) MUST_CHECK;
int signer_admin(
    struct keeper *k, struct front *f, const struct link_frame *fr) MUST_CHECK;

#endif
