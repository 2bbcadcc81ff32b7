/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_MSG_PUT_H
#define PROTO_MSG_PUT_H

#include "proto/msg_keeper.h"
#include "proto/msg_seal.h"
#include "proto/token.h"

/* KM_PUT: a report on its way from a front to the keeper. */
enum { SLIP_MAX = 2048 /* bytes of a call-back slip */ };

/* A report, first or follow-up, scrubbed and canonical. */
struct keeper_put {
	uint8_t report[ID_LEN]; /* drawn by the front, sealed before */
	uint8_t has_idem;
	uint8_t idem_key[32]; /* SHA-256(listener, key, case_commitment) */
	uint8_t idem_mac[32]; /* schema.sql */
	uint8_t slot;	      /* CEPTOAR of the report, SLOT_NONE for an agency's */
	uint8_t auto_ok;      /* the vault's word: under the automatic releases of 24 h */
	uint8_t blind;	      /* came over the blind listener */
	uint8_t has_case;     /* follow-up: case id and the presented secret's hash */
	uint8_t case_id[ID_LEN];
	uint8_t secret_hash[32];
	/* A first report of the blind listener: proof of membership, spent with it. */
	uint8_t has_token, token[TOKEN_LEN];
	/* What it is about, and how many different members said so in 24 h, as the vault
	 * has counted since `since` (a minute). */
	uint8_t topic_count, topics[TOPICS_MAX][TOPIC_LEN];
	struct topic_count counts[TOPICS_MAX];
	uint32_t since;
	/* Readers whom the reporter of a named report chose, by receiver id. */
	uint8_t named_count, named[NAMED_MAX][RECEIVER_LEN];
	uint8_t
	    slip_desk; /* whom the slip is for: its slot, or SLOT_NONE for the centre */
	struct slice slip; /* call-back slip, CMS; empty: none */
	struct slice json; /* canonical bytes */
};

/* What an answer speaks of: known before (200), new (201), or new and the first of its
 * case that went out by itself, which only KM_PUT says. */
enum reply_created { REPLY_KNOWN, REPLY_NEW, REPLY_RELEASED };

void keeper_put_put(struct buf *b, const struct keeper_put *m);
int keeper_put_get(const void *p, size_t n, struct keeper_put *ret) MUST_CHECK;

#endif
