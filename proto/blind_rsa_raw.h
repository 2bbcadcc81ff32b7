/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_BLIND_RSA_RAW_H
#define PROTO_BLIND_RSA_RAW_H

#include <stddef.h>

#include "lib/buf.h"
#include "lib/err.h"

/* Opaque types. */
struct evp_pkey_st;

/*
 * The steps of RFC 9474 with SHA-384 for a modulus of any length and a salt of any length
 * (PSS: 48, PSSZERO: 0): what proto/blind_rsa.c fixes to the hub's key and the vectors of
 * appendix A run with theirs.  Unless noted a byte string is as long as the modulus.
 */
enum { BLIND_RAW_MAX = 512, BLIND_RAW_MIN = 128, BLIND_RAW_HASH = 48 };

/* Bytes of the modulus; 0 when the key is no RSA key of BLIND_RAW_MIN to _MAX bytes. */
size_t blind_raw_len(const struct evp_pkey_st *key);
/* EMSA-PSS-ENCODE (RFC 8017, 9.1.1) for `bits` bits into (bits + 7) / 8 bytes. */
int blind_raw_encode(
    struct slice msg, struct slice salt, size_t bits, unsigned char *ret) MUST_CHECK;
/* inv: the inverse of the blinding factor, ERR_INVALID unless 0 < inv < n and it has one
 * itself.  The message is secret as well. */
int blind_raw_blind(struct evp_pkey_st *pub, struct slice msg, struct slice salt,
    const unsigned char *inv, unsigned char *ret_blinded) MUST_CHECK;
/* Draws a number 0 < inv < n from OpenSSL's private generator. */
int blind_raw_draw(struct evp_pkey_st *pub, unsigned char *ret_inv) MUST_CHECK;
/* ERR_INVALID: 0, 1, n - 1, or not below n.  ERR_CRYPTO: the result did not verify. */
int blind_raw_sign(struct evp_pkey_st *priv, const unsigned char *blinded,
    unsigned char *ret_sig) MUST_CHECK;
/* ERR_DENIED: what comes out is no signature of msg. */
int blind_raw_finalize(struct evp_pkey_st *pub, struct slice msg, size_t salt_n,
    const unsigned char *blind_sig, const unsigned char *inv,
    unsigned char *ret_sig) MUST_CHECK;
/* RSASSA-PSS-VERIFY.  0, ERR_DENIED, or ERR_CRYPTO when it could not be tried. */
int blind_raw_verify(struct evp_pkey_st *pub, struct slice msg, size_t salt_n,
    const unsigned char *sig) MUST_CHECK;

#endif
