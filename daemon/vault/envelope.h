/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VAULT_ENVELOPE_H
#define VAULT_ENVELOPE_H

#include <stdint.h>

#include "lib/buf.h"
#include "lib/err.h"
#include "proto/msg_escrow.h"

/* Opaque types. */
struct envelope_maker;

/*
 * Identity envelopes: who sent a report, readable only for both escrow holders together.
 * A short text of fixed length goes into CMS AuthEnvelopedData (RFC 5083, AES-256-GCM,
 * ephemeral ECDH to the holder's P-256 or P-384 certificate) for holder A, and that into
 * another one for holder B.  To open: `openssl cms -decrypt -inform DER` with B's key,
 * then with A's.  Every envelope of one pair of holders has the same length.
 */
enum {
	ENVELOPE_TEXT = 192, /* bytes of the plaintext */
	ENVELOPE_MAX = ENVELOPE_CMS_MAX,
};

/* Reads the two certificates (PEM).  They must be of different keys.  `why` names the
 * file; ERR_IO, ERR_INVALID, ERR_CRYPTO, ERR_NOMEM. */
int envelope_new(struct envelope_maker **ret, const char *cert_a, const char *cert_b,
    struct buf *why) MUST_CHECK;
void envelope_free(struct envelope_maker *m); /* NULL is fine */

/* Length of every envelope. */
size_t envelope_len(const struct envelope_maker *m);
/* PAIR_LEN bytes of SHA-256 over the DER of both certificates, A's first. */
const unsigned char *envelope_pair(const struct envelope_maker *m);
/* Seconds since 1970 at which the first of the two certificates ends. */
int64_t envelope_not_after(const struct envelope_maker *m);
/* Writes envelope_len() bytes.  `epoch`: the week since 1970.  ERR_CRYPTO. */
int envelope_seal(struct envelope_maker *m, const char *member,
    const unsigned char report[ID_LEN], uint32_t epoch, unsigned char *out) MUST_CHECK;
/* The plaintext, for tests and documentation. */
void envelope_text(const char *member, const unsigned char report[ID_LEN], uint32_t epoch,
    char out[ENVELOPE_TEXT]);

#endif
