/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_SIGNER_H
#define KEEPER_SIGNER_H

#include "daemon/keeper/keeper.h"
#include "proto/bundle.h"

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
/* {"foreign":[...],"keys":[...]}, the newest first; foreign: other hubs'. */
int signer_jwks(const struct signer *s, struct buf *out) MUST_CHECK;

/* This hub's name among hubs: of its first key's thumbprint, so that a rotation changes
 * nothing.  ERR_DOWN: no key yet. */
int signer_hub(const struct signer *s, char ret[BUNDLE_HUB + 1]) MUST_CHECK;
/* A compact JWS of a statement of another kind, with the key of now. */
int signer_statement(
    struct keeper *k, const char *typ, struct slice payload, struct buf *out) MUST_CHECK;
/* Another hub's public key is published too, as foreign: it is good for what we pass on,
 * and for nothing else that hub ever signs.  Inside a transaction.  ERR_LIMIT: no room.
 * signer_reload after COMMIT. */
int signer_adopt(
    struct keeper *k, const char *kid, const unsigned char point[JWK_POINT]) MUST_CHECK;
int signer_reload(struct keeper *k) MUST_CHECK;

/* KM_JWKS of a front, KM_A_SIGNING of the administrator; 0 or ERR_PROTO. */
int signer_jwks_call(
    struct keeper *k, struct front *f, const struct link_frame *fr) MUST_CHECK;
int signer_admin(
    struct keeper *k, struct front *f, const struct link_frame *fr) MUST_CHECK;

#endif
