/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_BLIND_RSA_H
#define PROTO_BLIND_RSA_H

#include <stddef.h>

#include "lib/err.h"

/* Opaque types. */
struct blind_state;
struct evp_pkey_st;

/*
 * RSABSSA-SHA384-PSS-Randomized (RFC 9474), RSA of 3072 bits with the exponent 65537.
 * Pure functions on OpenSSL's non-deprecated calls.  Names of the steps are those of
 * section 4: Prepare, Blind, BlindSign, Finalize, Verify.
 */
enum {
	BLIND_RSA_LEN = 384,   /* modulus, blinded message, signature */
	BLIND_RSA_PREFIX = 32, /* random bytes in front of a prepared message */
	BLIND_RSA_SALT = 48,
	BLIND_RSA_MESSAGE_MAX = 512,
};

/* A public key from its modulus.  ERR_INVALID: not 3072 bits, or even. */
int blind_rsa_key(
    struct evp_pkey_st **ret, const unsigned char n[BLIND_RSA_LEN]) MUST_CHECK;
/* The modulus of a key of either kind; ERR_INVALID when it is not RSA-3072 with 65537. */
int blind_rsa_modulus(
    const struct evp_pkey_st *key, unsigned char ret_n[BLIND_RSA_LEN]) MUST_CHECK;

/*
 * Client.  `prepared` is the prefix and the message (Prepare is: draw 32 bytes, put them
 * in front), at most BLIND_RSA_MESSAGE_MAX bytes.  Salt and factor are drawn from
 * OpenSSL's private generator.  *ret_state goes into blind_rsa_finalize and is freed,
 * wiped, by blind_state_free.  The steps with a given salt and factor, as the vectors of
 * appendix A have them, stand in proto/blind_rsa_raw.h.
 */
int blind_rsa_blind(struct evp_pkey_st *pub, const unsigned char *prepared, size_t n,
    unsigned char ret_blinded[BLIND_RSA_LEN], struct blind_state **ret_state) MUST_CHECK;
/* Unblinds and verifies.  ERR_DENIED: the signer did not sign what it was given. */
int blind_rsa_finalize(struct evp_pkey_st *pub, const unsigned char *prepared, size_t n,
    const unsigned char blind_sig[BLIND_RSA_LEN], const struct blind_state *state,
    unsigned char ret_sig[BLIND_RSA_LEN]) MUST_CHECK;
void blind_state_free(struct blind_state *s); /* NULL is fine */
/* A state that has to outlive the program while the signer is asked: as secret as the
 * token itself. */
void blind_state_put(const struct blind_state *s, unsigned char ret[BLIND_RSA_LEN]);
int blind_state_get(
    struct blind_state **ret, const unsigned char in[BLIND_RSA_LEN]) MUST_CHECK;

/* Signer.  ERR_INVALID: 0, 1, n - 1, or not below the modulus n.  The result is verified
 * before it is handed out (ERR_CRYPTO), so that a fault cannot give the key away. */
int blind_rsa_sign(struct evp_pkey_st *priv, const unsigned char blinded[BLIND_RSA_LEN],
    unsigned char ret_sig[BLIND_RSA_LEN]) MUST_CHECK;

/* Anybody.  0, or ERR_DENIED. */
int blind_rsa_verify(struct evp_pkey_st *pub, const unsigned char *prepared, size_t n,
    const unsigned char sig[BLIND_RSA_LEN]) MUST_CHECK;

#endif
