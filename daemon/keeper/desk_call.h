/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_DESK_CALL_H
#define KEEPER_DESK_CALL_H

#include "daemon/keeper/keeper.h"
#include "proto/audit.h"
#include "proto/json.h"
#include "proto/msg_desk.h"

/* Opaque types. */
struct batch_op;

/*
 * One KM_DESK call inside the transaction of its batch: reading calls too, for the row of
 * the audit log that says who looked is durable before the answer leaves.
 */
enum { DESK_SAID = 160 };
struct desk_call {
	const struct keeper_desk *m;
	enum door door;
	const json_t *json; /* the body; NULL without */
	int64_t now_ms, minute;
	struct slots desks;   /* where the caller sits now: its own, and as a deputy */
	enum problem problem; /* with fault: what desk_fail was told */
	struct fault fault;
	char *said; /* DESK_SAID bytes: room for a detail that is no literal */
	uint8_t created;
	uint8_t keep; /* what was written stays although a problem is answered */
	/* For the audit log: the id of what was made, where the path does not name it; a
	 * word about what was done, never text of others. */
	char ref[AUDIT_REF_MAX + 1], detail[AUDIT_DETAIL_MAX + 1];
	struct buf *out; /* the answer's body is appended here */
	char *more;	 /* beside a problem, see desk_more() */
};

/* What P_SECOND_PERSON says of a request that was filed. */
extern const char desk_second_detail[];

/* The caller's own fault: what to answer.  Returns ERR_INVALID. */
int desk_fail(struct desk_call *c, enum problem p, const char *pointer,
    const char *detail) MUST_CHECK;
/* What the audit log says this call was about, where its path does not. */
void desk_ref(struct desk_call *c, const uint8_t id[ID_LEN]);
/* A member of the problem that is about to be answered: `value` is JSON.  The last one
 * counts. */
enum { DESK_MORE_MAX = 16 * 1024 };
int desk_more(struct desk_call *c, const char *name, struct slice value) MUST_CHECK;
/* A decimal parameter of the query within lo..hi: *ret is left alone when it is absent.
 */
int desk_number(struct desk_call *c, const char *name, uint64_t lo, uint64_t hi,
    uint64_t *ret) MUST_CHECK;
/* Is this one of the desk's CEPTOARs, or is it the centre's desk? */
int desk_is_of(const struct rights *r, unsigned slot);

/*
 * Does the caller sit at this desk (a slot, or DESK_CENTRE) now: as its own, or standing
 * in while that desk is off duty?
 */
int desk_sits_at(const struct desk_call *c, unsigned desk);
/* Is it not its own, but one that the caller stands in for? */
int desk_is_deputy(const struct desk_call *c, unsigned desk);
/* The call is about this desk: the audit log says so when the caller stands in for it. */
void desk_about(struct keeper *k, struct desk_call *c, unsigned desk);

/* Decodes op->bytes and looks whether this door has the verb for these rights: 0,
 * ERR_INVALID with op->problem, ERR_PROTO, ERR_NOMEM. */
int desk_call_take(struct keeper *k, unsigned door, struct batch_op *op) MUST_CHECK;
/* In the batch: 0 also when refused (op->problem), else an error of the store. */
int desk_call_apply(struct keeper *k, struct batch_op *op) MUST_CHECK;

#endif
