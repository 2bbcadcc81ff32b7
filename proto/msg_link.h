/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_MSG_LINK_H
#define PROTO_MSG_LINK_H

#include "proto/msg_keeper.h"

/*
 * The acknowledgement link of a mail: KM_LINK {token_sum raw[32]} -> reply, body: struct
 * link_facts; KM_ANSWER struct link_answer -> reply, body: struct link_done.  NOT_FOUND
 * for a link that never was, was used, or has ended: nobody is told which.
 */
enum {
	LINK_TOKEN_LEN = 16, /* random; 22 letters of base64url in the link */
	LINK_TOKEN_TEXT = 22,
	LINK_SUM_LEN = 32,  /* SHA-256 of the token */
	LINK_SEAL_LEN = 20, /* minute u32, 16 bytes of HMAC over it and the sum */
	LINK_SEAL_TEXT = 27,
	LINK_FORWARDED_MAX = 1000000,
	LINK_NOT_TOLD = 255,
};

/* What the page may show: nothing that is written in the bulletin. */
struct link_facts {
	char number[16];
	uint16_t revision;
	uint8_t kind;	  /* of bulletin: 0 early warning .. 3 attack method; NOT_TOLD */
	uint8_t message;  /* enum frame_kind */
	uint8_t severity; /* or NOT_TOLD */
	uint8_t exercise;
	/* Stands in the form: who has not seen the page has none. */
	uint8_t seal[LINK_SEAL_LEN];
};

enum link_choice {
	LINK_RECEIVED = ACK_RECEIVED,
	LINK_READ = ACK_READ,
	LINK_ACTED = ACK_ACTED,
	LINK_NOT_ME, /* the mail is not for whoever got it */
};

struct link_answer {
	uint8_t sum[LINK_SUM_LEN], seal[LINK_SEAL_LEN];
	uint8_t choice; /* enum link_choice */
	uint32_t forwarded;
};

enum link_outcome {
	LINK_DONE = 1,
	LINK_SOON,  /* so soon after sending that a scanner may have sent it: again */
	LINK_STALE, /* no seal, or one of a page that was left open: the page anew */
};

struct link_done {
	uint8_t outcome;
	uint16_t wait_s;	 /* SOON: from then on it counts */
	struct link_facts facts; /* SOON and STALE: what the page shows again */
};

void link_facts_put(struct buf *b, const struct link_facts *m);
int link_facts_get(const void *p, size_t n, struct link_facts *ret) MUST_CHECK;
void link_answer_put(struct buf *b, const struct link_answer *m);
int link_answer_get(const void *p, size_t n, struct link_answer *ret) MUST_CHECK;
void link_done_put(struct buf *b, const struct link_done *m);
int link_done_get(const void *p, size_t n, struct link_done *ret) MUST_CHECK;

#endif
