/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_MSG_ESCROW_H
#define PROTO_MSG_ESCROW_H

#include "proto/msg_vault.h"

/* Envelopes that leave the vault: to a named recipient, or by an export that is written
 * down before. */
enum {
	ENVELOPE_REASON_MIN = 10,  /* bytes of the reason of an export */
	ENVELOPE_REASON_MAX = 512, /* closing NUL included */
	ENVELOPE_CMS_MAX = 3072,   /* bytes of one envelope */
	RECIPIENT_DER_MAX = 2048,  /* bytes of a recipient's certificate */
	PAIR_LEN = 8, /* of SHA-256 over the certificates of holders A and B */
	PAIRS_MAX = 128,
	EXPORTS_PAGE = 6, /* rows of one answer to VM_A_EXPORTS */
};

/* One row of the log of exports.  sum = SHA-256(prev, number u64, minute u32, report,
 * reason), integers little-endian, the reason without its NUL; prev is the sum of the row
 * before, zeros in the first. */
struct vault_export {
	uint64_t number; /* from 1 on, without a gap */
	uint32_t minute; /* since 1970 */
	unsigned char report[ID_LEN];
	char reason[ENVELOPE_REASON_MAX];
	unsigned char prev[32], sum[32];
};
/* The sum that the row ought to have.  0 or ERR_CRYPTO. */
int vault_export_sum(const struct vault_export *e, unsigned char ret[32]) MUST_CHECK;

/* A pair of escrow holders that envelopes were made for. */
struct vault_pair {
	unsigned char pair[PAIR_LEN]; /* zeros: made before pairs were noted */
	uint32_t envelopes;	      /* that are left */
	uint32_t last_day;	      /* day since 1970 on which the newest ends */
	uint8_t now;		      /* 1: envelopes are made for it */
};

/* Answer to VM_NAMED, of one length; VS_OK: the envelope. */
struct vault_named {
	uint8_t status;
	struct slice cms; /* points into the frame */
};

/* Encoders write exactly the fixed size; decoders check it (ERR_PROTO). */
void vault_export_put(struct buf *b, const struct vault_export *m);
void vault_export_get(struct wire *w, struct vault_export *ret);
void vault_pair_put(struct buf *b, const struct vault_pair *m);
void vault_pair_get(struct wire *w, struct vault_pair *ret);
void vault_named_put(struct buf *b, const struct vault_named *m);
int vault_named_get(const void *p, size_t n, struct vault_named *ret) MUST_CHECK;

#endif
