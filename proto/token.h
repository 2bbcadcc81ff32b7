/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_TOKEN_H
#define PROTO_TOKEN_H

#include <stdint.h>

#include "lib/buf.h"
#include "proto/blind_rsa.h"

/*
 * A one-time token: "verified member of sector group G in epoch E", and nothing else.
 *
 *   offset 0    version u8 (1)
 *          1    group u8, index of the sector group in the CEPTOAR list
 *          2    epoch u32, big-endian
 *          6    nonce, 32 random bytes of the client
 *          38   prefix, 32 random bytes of the client
 *          70   signature, 384 bytes
 *
 * What is signed: prefix | "CEPTOAR token" | version | group | epoch | key id | nonce,
 * where the key id is SHA-256 of the issuer key's modulus.  In HTTP:
 * `Authorization: PrivateToken token="<base64url, no padding>"` (RFC 9577, section 2.2).
 */
enum {
	TOKEN_VERSION = 1,
	TOKEN_NONCE = 32,
	TOKEN_LEN = 1 + 1 + 4 + TOKEN_NONCE + BLIND_RSA_PREFIX + BLIND_RSA_LEN,
	TOKEN_TEXT = (TOKEN_LEN * 4 + 2) / 3, /* characters of base64url */
	TOKEN_PREPARED = BLIND_RSA_PREFIX + 13 + 1 + 1 + 4 + 32 + TOKEN_NONCE,
	KEY_ID_LEN = 32,
};

struct token {
	uint8_t group;
	uint32_t epoch;
	unsigned char nonce[TOKEN_NONCE], prefix[BLIND_RSA_PREFIX];
	unsigned char sig[BLIND_RSA_LEN];
};

/* ERR_CRYPTO (memory short): no half hash is ever stored or compared. */
int token_key_id(
    const unsigned char n[BLIND_RSA_LEN], unsigned char ret[KEY_ID_LEN]) MUST_CHECK;
void token_put(const struct token *t, unsigned char ret[TOKEN_LEN]);
/* ERR_INVALID: another version. */
int token_get(const unsigned char in[TOKEN_LEN], struct token *ret) MUST_CHECK;
/* The value of an Authorization header.  ERR_NOTFOUND: another scheme; ERR_INVALID. */
int token_read(struct slice header, unsigned char ret[TOKEN_LEN]) MUST_CHECK;
void token_write(const unsigned char in[TOKEN_LEN], struct buf *out); /* that value */
/* What the signature is over. */
void token_prepared(const struct token *t, const unsigned char key_id[KEY_ID_LEN],
    unsigned char ret[TOKEN_PREPARED]);
/* What a spent token is remembered by: SHA-256 of the prepared message. */
int token_spent_id(
    const unsigned char prepared[TOKEN_PREPARED], unsigned char ret[32]) MUST_CHECK;

#endif
