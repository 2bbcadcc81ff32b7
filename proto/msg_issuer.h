/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_MSG_ISSUER_H
#define PROTO_MSG_ISSUER_H

#include "proto/blind_rsa.h"
#include "proto/msg_vault.h"

/* What the vault publishes of itself: issuer keys, and how often an envelope was handed
 * out (vault-keeper); how a token is asked for (vault-front); what it must be told for it
 * (vault-admin). */

/* VM_A_GROUPS, in a batch: of which sector group each CEPTOAR slot is.  The vault reads
 * no lists. */
enum { GROUPS_MAX = 64, GROUP_NONE = 255 };
struct vault_groups {
	uint8_t n;	   /* how many there are */
	uint8_t of[SLOTS]; /* index, or GROUP_NONE */
};
enum { VAULT_GROUPS_LEN = 1 + SLOTS };

/* VM_ISSUE: one blinded element, and its signature.  The same element gets the same
 * signature again. */
struct vault_issue {
	unsigned char spki[32];
	uint8_t group;
	uint32_t epoch;
	unsigned char blinded[BLIND_RSA_LEN];
};
enum { VAULT_ISSUE_LEN = 32 + 1 + 4 + BLIND_RSA_LEN };
struct vault_signed {
	uint8_t status; /* enum vault_status */
	unsigned char sig[BLIND_RSA_LEN];
};

/* An issuer key as the keeper and the members know it. */
enum issuer_state { ISSUER_COMING = 1, ISSUER_CURRENT, ISSUER_GRACE };
struct vault_issuer {
	uint8_t group; /* index of the sector group in the CEPTOAR list */
	uint32_t epoch;
	uint8_t state;	/* enum issuer_state */
	uint32_t drawn; /* members that drew a batch in this epoch */
	unsigned char n[BLIND_RSA_LEN];
	/* Of the CEPTOARs of the group, in their order: active members that report there
	 * and drew.  A blind report says its CEPTOAR, so this is what it hides among. */
	uint8_t slots;
	uint8_t slot[SLOTS];
	uint32_t in[SLOTS];
};
enum { VAULT_ISSUER_LEN = 1 + 4 + 1 + 4 + BLIND_RSA_LEN + 1 /* and 5 for each slot */ };

/* What the vault has published of itself. */
struct vault_public {
	uint32_t epoch, epoch_seconds;
	uint16_t batch, envelope_days;
	uint64_t exports; /* envelopes ever handed out, and the head of their log */
	unsigned char exports_head[32];
};

/* Encoders write exactly the fixed size, of an issuer that of its slots; decoders check
 * it (ERR_PROTO). */
void vault_groups_put(struct buf *b, const struct vault_groups *m);
int vault_groups_get(const void *p, size_t n, struct vault_groups *ret) MUST_CHECK;
void vault_issue_put(struct buf *b, const struct vault_issue *m);
int vault_issue_get(const void *p, size_t n, struct vault_issue *ret) MUST_CHECK;
void vault_signed_put(struct buf *b, const struct vault_signed *m);
int vault_signed_get(const void *p, size_t n, struct vault_signed *ret) MUST_CHECK;
void vault_issuer_put(struct buf *b, const struct vault_issuer *m);
int vault_issuer_get(const void *p, size_t n, struct vault_issuer *ret) MUST_CHECK;
void vault_public_put(struct buf *b, const struct vault_public *m);
int vault_public_get(const void *p, size_t n, struct vault_public *ret) MUST_CHECK;

#endif
