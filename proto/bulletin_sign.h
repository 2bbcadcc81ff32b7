/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_BULLETIN_SIGN_H
#define PROTO_BULLETIN_SIGN_H

#include "proto/jwk.h"

/*
 * The hub's signature of a bulletin, update, cancel or stub: a JWS with detached payload
 * (ES256, its kid the key's RFC 7638 thumbprint) over the canonical bytes without the
 * member "signature", put into the object as that member.  What is signed is the bytes:
 * the object stays canonical, and a text that is not canonical does not verify.
 */
#define BULLETIN_SIGN_TYP "ceptoar-bulletin"

/* Room beside the payload that a signature takes. */
enum { BULLETIN_SIGN_ROOM = 512 };

/* Appends `canonical`, an object, with "signature":"<jws>" at its place.  ERR_INVALID: no
 * object, or it has such a member. */
int bulletin_sign_insert(
    struct slice canonical, struct slice jws, struct buf *out) MUST_CHECK;
/* The other way: appends the payload; *ret_jws points into `text`.  ERR_NOTFOUND: it is
 * not signed; ERR_INVALID: no canonical object, or the member is no string. */
int bulletin_sign_take(
    struct slice text, struct buf *payload, struct slice *ret_jws) MUST_CHECK;

/* Signs *text in place; `kid` is the key's.  The text stays as it was on an error. */
int bulletin_sign(struct evp_pkey_st *key, const char *kid, struct buf *text) MUST_CHECK;
/* 0: signed by a key of the set, whose kid goes to ret_kid.  ERR_NOTFOUND: not signed;
 * ERR_CONFLICT: by a key that is not in the set (ret_kid says which); ERR_DENIED: the
 * signature does not fit the text; ERR_INVALID: malformed. */
int bulletin_verify(
    const struct jwks *set, struct slice text, char ret_kid[JWK_KID + 1]) MUST_CHECK;
/* The same of the original in a relay that has been verified: by a key of the set, or by
 * another hub's that it holds as foreign.  Nothing else is good for such a key. */
int bulletin_verify_original(
    const struct jwks *set, struct slice text, char ret_kid[JWK_KID + 1]) MUST_CHECK;

#endif
