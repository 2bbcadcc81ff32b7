/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_MSG_SEAL_H
#define PROTO_MSG_SEAL_H

#include "proto/msg_vault.h"

/* VM_SEAL: what a front asks the vault before a report is stored, and the answer. */

/* What a report is about, for counting how many different members say so. */
enum { TOPICS_MAX = 8, TOPIC_LEN = 16, NAMED_MAX = 2, TICKET_LEN = 16 };

/* What a front asks to be sealed.  Of one length, whatever stands in it. */
struct vault_order {
	unsigned char spki[32], report[ID_LEN];
	uint8_t wants_auto;
	uint8_t topic_count, topics[TOPICS_MAX][TOPIC_LEN]; /* proto/topic.h */
	uint8_t named_count;				    /* recipients who may know */
	char named[NAMED_MAX][VAULT_ID_MAX];		    /* member ids */
	uint8_t critical; /* a full disk keeps room for it */
};
enum {
	VAULT_ORDER_LEN = 32 + ID_LEN + 1 + 1 + TOPICS_MAX * TOPIC_LEN + 1 +
			  NAMED_MAX * VAULT_ID_MAX + 1
};

/* How many different members of how many sectors brought one topic in the last 24 h; a
 * figure that stands in the vault's memory only. */
struct topic_count {
	uint16_t members;
	uint8_t sectors;
};

struct vault_seal {
	uint8_t status;	 /* VS_INVALID: a named recipient is none */
	uint8_t auto_ok; /* 1: the member is under its automatic releases of 24 h */
	uint32_t since;	 /* minute from which the counts are whole */
	struct topic_count topics[TOPICS_MAX];
	/* Receiver ids of the named recipients, whom the report reaches as readers. */
	unsigned char named[NAMED_MAX][RECEIVER_LEN];
	/* Under which the vault is told what became of it; VS_OK of a VM_SEAL only. */
	unsigned char ticket[TICKET_LEN];
};

/* VM_SETTLE: the keeper has answered, or nobody will ask it.  Of one length, and sent
 * for every VM_SEAL that went well. */
struct vault_settle {
	unsigned char ticket[TICKET_LEN];
	uint8_t stored;	  /* 1: a new report */
	uint8_t released; /* 1: and the first of its case that went out by itself */
};
enum { VAULT_SETTLE_LEN = TICKET_LEN + 2 };

/* Encoders write exactly the fixed size; decoders check it (ERR_PROTO). */
void vault_order_put(struct buf *b, const struct vault_order *m);
int vault_order_get(const void *p, size_t n, struct vault_order *ret) MUST_CHECK;
void vault_seal_put(struct buf *b, const struct vault_seal *m);
int vault_seal_get(const void *p, size_t n, struct vault_seal *ret) MUST_CHECK;
void vault_settle_put(struct buf *b, const struct vault_settle *m);
int vault_settle_get(const void *p, size_t n, struct vault_settle *ret) MUST_CHECK;

#endif
