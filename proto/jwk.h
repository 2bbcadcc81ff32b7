/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_JWK_H
#define PROTO_JWK_H

#include "lib/buf.h"
#include "lib/err.h"
#include "proto/json.h"

/* Opaque types. */
struct evp_pkey_st;
struct jwks;

/*
 * Public keys on P-256 as JSON (RFC 7517, RFC 7518 6.2), and sets of them.  A key's name
 * is its RFC 7638 thumbprint and is worked out, never believed: a set in which a "kid"
 * says something else is refused.
 */
enum {
	JWK_POINT = 65,
	JWK_KID = 43,
	JWKS_KEYS_MAX = 64, /* in a list; a set has two of them */
	JWKS_MAX = 64 * 1024
};

/* 0x04, x and y.  ERR_INVALID: not a key on P-256. */
int jwk_point(const struct evp_pkey_st *key, unsigned char ret[JWK_POINT]) MUST_CHECK;
/* The key of a point; ERR_INVALID: the point is not on the curve. */
int jwk_key(const unsigned char point[JWK_POINT], struct evp_pkey_st **ret) MUST_CHECK;
/* The thumbprint, SHA-256 as base64url. */
int jwk_kid(const unsigned char point[JWK_POINT], char ret[JWK_KID + 1]) MUST_CHECK;
/* Appends the JWK: alg, crv, kid, kty, use, x, y; canonical. */
int jwk_write(const unsigned char point[JWK_POINT], struct buf *out) MUST_CHECK;

/* {"foreign":[...],"keys":[...]}: 1 to JWKS_KEYS_MAX keys for ES256, and up to as many in
 * "foreign", which may be missing: other hubs' keys, apart, for whoever reads a set as
 * RFC 7517 has it must not take them for this hub's.  ERR_INVALID with `why`. */
int jwks_read(struct slice text, struct jwks **ret, struct fault *why) MUST_CHECK;
int jwks_of(const json_t *set, struct jwks **ret, struct fault *why) MUST_CHECK;
void jwks_free(struct jwks *set); /* NULL is fine */
/* Other hubs' keys, a set of its own, never NULL; the next three say nothing of them. */
const struct jwks *jwks_foreign(const struct jwks *set);
size_t jwks_count(const struct jwks *set);
const char *jwks_kid(const struct jwks *set, size_t i);
/* The key of that name, the set's own; NULL: not in it. */
struct evp_pkey_st *jwks_find(const struct jwks *set, const char *kid);

#endif
