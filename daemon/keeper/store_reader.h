/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_STORE_READER_H
#define KEEPER_STORE_READER_H

#include "daemon/keeper/store.h"

/* What the store keeps of receivers, in their own keyed domain. */
/* How it is known that a receiver has a bulletin.  Each grade is kept, and counted, by
 * itself. */
enum ack_evidence {
	EVIDENCE_CLIENT = 1, /* its own certificate said so */
	EVIDENCE_LINK,	     /* whoever had the link of a mail to it */
	EVIDENCE_TELEPHONE,  /* its desk heard it */
	EVIDENCE_RELAY,	     /* another hub says so */
	EVIDENCES = EVIDENCE_RELAY,
};

/* One receiver's word about one revision, in one grade. */
struct ack_record {
	uint8_t bulletin[ID_LEN], receiver[RECEIVER_LEN];
	uint8_t person[RECEIVER_LEN]; /* who said so; TELEPHONE: who took the call */
	uint16_t revision;
	uint8_t status, evidence, flagged; /* flagged: kept, not counted */
	uint32_t forwarded;		   /* members it was passed on to */
	int64_t minute;
	struct slice note; /* at most 1 KiB */
};

/* What of it an earlier word has fixed. */
struct ack_before {
	uint8_t status, flagged;
	uint32_t forwarded;
};

int store_ack_get(
    struct store *s, const struct ack_record *key, struct ack_before *ret) MUST_CHECK;
int store_ack_put(struct store *s, const struct ack_record *a) MUST_CHECK;
/* The number alone, of a word that stands. */
int store_ack_forwarded(struct store *s, const struct ack_record *a) MUST_CHECK;
/* How many receivers have reached which stage of any revision, flagged words left out,
 * and to how many they have passed it on. */
int store_ack_count(struct store *s, const uint8_t *bulletin, uint32_t *ret_received,
    uint32_t *ret_read, uint32_t *ret_acted, uint32_t *ret_forwarded) MUST_CHECK;
int store_sub_get(
    struct store *s, const uint8_t *receiver, struct subscription *ret) MUST_CHECK;
int store_sub_put(
    struct store *s, const uint8_t *receiver, const struct subscription *sub) MUST_CHECK;

#endif
