/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_BATCH_H
#define KEEPER_BATCH_H

#include <stdint.h>

#include "daemon/keeper/keeper.h"
#include "proto/json.h"
#include "proto/msg_case.h"
#include "proto/msg_courier.h"
#include "proto/msg_desk.h"
#include "proto/msg_link.h"
#include "proto/msg_put.h"
#include "proto/report.h"
#include "proto/topic.h"

enum { BATCH_OPS = 256, BATCH_WAITING = 4096, BATCH_BYTES = 64 * 1024 * 1024 };

/* One operation that writes: what came in, and what will be answered after COMMIT. */
struct batch_op {
	struct batch_op *next;
	uint64_t front, call;
	uint16_t type;	      /* enum keeper_msg */
	uint8_t door;	      /* DESK: enum door it came in by */
	unsigned char *bytes; /* the call's payload; the slices below point into it */
	size_t n;
	size_t answer_max; /* of a call with a large answer: bytes; 0: of any other */
	union {
		struct keeper_put put;
		struct keeper_case which;
		struct keeper_list list;
		struct keeper_message message;
		struct keeper_desk desk;
		struct link_answer answer;
		struct {
			struct rights rights;
			uint16_t n;
			struct slice list;
		} acks;
		struct courier_lease lease;
		struct slice results; /* of the courier */
		struct {
			uint8_t receiver[RECEIVER_LEN];
			struct subscription wants;
		} sub;
	};
	json_t *json;	      /* PUT, MESSAGE, DESK: the parsed text */
	uint8_t by_telephone; /* PUT: the centre's desk opened it for a caller */
	struct report_facts facts;
	uint8_t spent[32]; /* PUT with a token: what it is remembered by */
	uint32_t spent_epoch;
	struct topics topics; /* and what the vault has counted for each */
	struct topic_count counts[TOPICS_MAX];
	/* The answer. */
	enum problem problem;
	uint8_t created;
	uint8_t keep; /* a problem is answered, and what was written stays */
	struct fault fault;
	char said[160];	   /* a detail of it that is no literal */
	char *more;	   /* a member of the problem, "name":JSON; NULL: none */
	struct slice body; /* inside the batch's answers */
	size_t body_at;
};

/*
 * Group commit without a timer: what the sockets of one loop turn brought is written in
 * one transaction; while that waits for the disk, the next turn's operations pile up in
 * the sockets.  A batch is closed once it is store_filled(); the rest waits for the
 * next.  Answers and publication come after COMMIT only.
 */
struct batch *batch_new(struct keeper *k) MUST_CHECK;
void batch_free(struct batch *b);
/* Takes over op (also on error: then the caller has been refused with 503). */
void batch_add(struct batch *b, struct batch_op *op);
struct batch_op *batch_op_new(struct front *f, const struct link_frame *fr) MUST_CHECK;
void batch_op_free(struct batch_op *op);
/* What waits is written in this turn: the members are known now. */
void batch_poke(struct batch *b);
/* Writes everything that waits now. */
void batch_flush(struct batch *b);
size_t batch_waiting(const struct batch *b);

/* A transaction of the keeper's own (expiry, retention): fn writes, rows are published.
 * fn's error rolls back and is returned. */
int batch_transact(
    struct batch *b, int (*fn)(struct keeper *, void *), void *arg) MUST_CHECK;
/* The same for what somebody is to be roused by: when the disk is full the ballast is
 * given up, and fn is called once more. */
int batch_transact_critical(
    struct batch *b, int (*fn)(struct keeper *, void *), void *arg) MUST_CHECK;
/* Where store_log_add puts rows that leave after COMMIT. */
struct buf *batch_rows(struct batch *b);
/* Where an operation writes the body of its answer. */
struct buf *batch_answers(struct batch *b);

#endif
