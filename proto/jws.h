/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_JWS_H
#define PROTO_JWS_H

#include "lib/buf.h"
#include "lib/err.h"

/* Opaque types. */
struct evp_pkey_st;

/*
 * JWS compact serialization (RFC 7515) with ES256 (RFC 7518, 3.4) and nothing else: the
 * algorithm is never chosen by what is read, and a key that is not on P-256 is refused.
 * The protected header is {"alg":"ES256","typ":"<typ>"}, with a "kid" between them when
 * one is given; a reader takes a "kid" and looks at it no further.  The typ keeps one
 * kind of statement from being taken for another.  Detached (appendix F): the payload's
 * place is empty, it travels by itself.
 */
enum {
	JWS_SIGNATURE = 64, /* r and s */
	JWS_PAYLOAD_MAX = 1024 * 1024,
	JWS_MAX = (JWS_PAYLOAD_MAX + 2) / 3 * 4 + 1024,
	JWS_TYP_MAX = 48, /* [a-z0-9.+-] */
	JWS_KID_MAX = 64, /* [A-Za-z0-9_-] */
};

enum jws_form { JWS_COMPACT, JWS_DETACHED };

/* Appends to `out`.  ERR_INVALID: typ, an oversized payload, no private P-256 key. */
int jws_sign(struct evp_pkey_st *key, const char *typ, struct slice payload,
    enum jws_form form, struct buf *out) MUST_CHECK;
/* The same with a "kid" of base64url characters: which of several keys it was. */
int jws_sign_kid(struct evp_pkey_st *key, const char *typ, const char *kid,
    struct slice payload, enum jws_form form, struct buf *out) MUST_CHECK;
/* The "kid" of one that is not verified yet, into a room of JWS_KID_MAX + 1.
 * ERR_NOTFOUND: it has none; ERR_INVALID: malformed. */
int jws_kid(struct slice jws, char *ret) MUST_CHECK;
/* Appends the payload of a compact one.  ERR_INVALID: malformed, another algorithm or
 * typ, or `key` is not on P-256; ERR_DENIED: the signature is not that key's. */
int jws_open(struct evp_pkey_st *key, const char *typ, struct slice jws,
    struct buf *ret_payload) MUST_CHECK;
/* The same of a detached one; `payload` is what it should be over. */
int jws_verify(struct evp_pkey_st *key, const char *typ, struct slice jws,
    struct slice payload) MUST_CHECK;

#endif
