/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VAULT_LAYER_H
#define VAULT_LAYER_H

#include "lib/err.h"
#include "proto/msg_escrow.h"
#include "proto/recipient.h"

/* Opaque types. */
struct layer;

/*
 * CMS AuthEnvelopedData (RFC 5083, AES-256-GCM) for one recipient by ephemeral ECDH, of
 * one length: what one escrow holder opens, or a named recipient.  `openssl cms -decrypt
 * -inform DER` opens it.
 */
enum { LAYER_MAX = ENVELOPE_CMS_MAX };

/* For contents of exactly `content` bytes.  ERR_INVALID: *ret_wrong says what was
 * expected of the certificate; ERR_CRYPTO, ERR_NOMEM, ERR_LIMIT (its issuer's name). */
int layer_new(struct layer **ret, struct x509_st *cert, size_t content,
    const char **ret_wrong) MUST_CHECK;
void layer_free(struct layer *l); /* NULL is fine */
size_t layer_len(const struct layer *l);
const struct recipient *layer_recipient(const struct layer *l);
int layer_same_key(const struct layer *a, const struct layer *b);
/* Writes layer_len() bytes.  ERR_CRYPTO. */
int layer_seal(
    struct layer *l, const unsigned char *content, unsigned char *out) MUST_CHECK;

#endif
