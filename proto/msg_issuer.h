/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_MSG_ISSUER_H
#define PROTO_MSG_ISSUER_H

#include "proto/blind_rsa.h"
#include "proto/msg_vault.h"

/* What the vault publishes of itself: issuer keys, and how often an envelope was handed
 * out.  Messages of vault-keeper. */

/* An issuer key as the keeper and the members know it. */
enum issuer_state { ISSUER_COMING = 1, ISSUER_CURRENT, ISSUER_GRACE };
struct vault_issuer {
	uint8_t group; /* index of the sector group in the CEPTOAR list */
	uint32_t epoch;
	uint8_t state;	/* enum issuer_state */
	uint32_t drawn; /* members that drew a batch in this epoch */
	unsigned char n[BLIND_RSA_LEN];
};

/* What the vault has published of itself. */
struct vault_public {
	uint32_t epoch, epoch_seconds;
	uint16_t batch, envelope_days;
	uint64_t exports; /* envelopes ever handed out, and the head of their log */
	unsigned char exports_head[32];
};

/* Encoders write exactly the fixed size; decoders check it (ERR_PROTO). */
void vault_issuer_put(struct buf *b, const struct vault_issuer *m);
int vault_issuer_get(const void *p, size_t n, struct vault_issuer *ret) MUST_CHECK;
void vault_public_put(struct buf *b, const struct vault_public *m);
int vault_public_get(const void *p, size_t n, struct vault_public *ret) MUST_CHECK;

#endif
