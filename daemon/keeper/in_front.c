/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "daemon/keeper/acks.h"
#include "daemon/keeper/batch.h"
#include "daemon/keeper/case.h"
#include "daemon/keeper/desk_call.h"
#include "daemon/keeper/in_admin.h"
#include "daemon/keeper/intake.h"
#include "daemon/keeper/keeper.h"
#include "daemon/keeper/links.h"
#include "daemon/keeper/look.h"
#include "daemon/keeper/message.h"
#include "daemon/keeper/mode.h"
#include "daemon/keeper/shelf.h"
#include "daemon/keeper/signer.h"
#include "daemon/keeper/slip.h"
#include "daemon/keeper/statement.h"
#include "daemon/keeper/streamed.h"
#include "daemon/keeper/tail.h"
#include "daemon/keeper/transparency.h"
#include "lib/log.h"
#include "proto/report.h"

/* The calls of fronts.  What only reads is answered at once; what writes enters a batch.
 */

static int write_call(struct keeper *k, struct front *f, const struct link_frame *fr);

static void
hello(struct keeper *k, struct front *f, const struct link_frame *fr)
{
	struct keeper_hello m;
	struct store_info info;

	store_info(k->store, &info);
	m.epoch = info.epoch;
	memcpy(m.cursor_key, info.cursor_key, sizeof m.cursor_key);
	m.head = info.head;
	m.earliest = info.earliest;
	buf_reset(&k->out);
	keeper_hello_put(&k->out, &m);
	keeper_send_out(k, f, fr, P_OK);
	f->greeted = 1;
	keeper_tell_auto(k, f);
	mode_tell(k, f);
}

static int
tail(struct keeper *k, struct front *f, struct wire *w)
{
	uint64_t from = wire_u64(w);

	if (wire_end(w) != 0)
		return ERR_PROTO;
	tail_start(k->tail, f, from);
	return 0;
}

static int
page(struct keeper *k, struct front *f, const struct link_frame *fr, struct wire *w)
{
	uint64_t from = wire_u64(w);
	uint32_t most = wire_u32(w);
	int rc;

	if (wire_end(w) != 0)
		return ERR_PROTO;
	buf_reset(&k->out);
	rc = tail_page(k->tail, from, most, &k->out);
	if (rc != 0) {
		keeper_store_failed(k, rc);
		buf_reset(&k->out);
	}
	keeper_send_out(k, f, fr, rc == 0 ? P_OK : problem_of(rc));
	return 0;
}

/* Answers with what was written to `body`, or with the problem of rc. */
static void
reply(struct keeper *k, struct front *f, const struct link_frame *fr, int rc,
    const struct buf *body)
{
	struct keeper_reply r;

	if (rc == ERR_CORRUPT || rc == ERR_IO)
		keeper_store_failed(k, rc);
	memset(&r, 0, sizeof r);
	r.problem = rc == 0 ? P_OK : problem_of(rc);
	if (rc == 0)
		r.body = buf_slice(body);
	keeper_answer(k, f, fr->type, fr->call, &r);
}

static int
find(struct keeper *k, struct front *f, const struct link_frame *fr, struct wire *w)
{
	uint8_t key[32], mac[32];
	struct buf body;
	int rc;

	wire_bytes(w, key, sizeof key);
	wire_bytes(w, mac, sizeof mac);
	if (wire_end(w) != 0)
		return ERR_PROTO;
	buf_init(&body, 65536);
	rc = intake_find(k, key, mac, &body);
	if (rc == ERR_CONFLICT)
		keeper_refuse(k, f, fr->type, fr->call, P_IDEMPOTENCY_MISMATCH);
	else
		reply(k, f, fr, rc, &body);
	buf_done(&body);
	return 0;
}

static void
stray(struct front *f)
{
	if (f->strayed++ == 0)
		log_warn("caller %llu asks for what is a desk's: look at that front",
		    (unsigned long long)f->id);
}

/*
 * What only the desks' front may ask.  From the members' front it is not there, and an
 * honest one never asks: who takes it over cannot read a desk's things with it.
 */
static int
is_for_desks(struct keeper *k, struct front *f, const struct link_frame *fr, int desk)
{
	if (!desk || f->door == DOOR_DESK)
		return 0;
	stray(f);
	keeper_refuse(k, f, fr->type, fr->call, P_NOT_FOUND);
	return 1;
}

static int
case_state(struct keeper *k, struct front *f, const struct link_frame *fr)
{
	struct keeper_case m;
	struct store_case c;
	struct buf body;
	int rc;

	if (keeper_case_get(fr->p, fr->n, &m) != 0)
		return ERR_PROTO;
	if (is_for_desks(k, f, fr, m.desk))
		return 0;
	if (m.desk)
		return write_call(k, f, fr);
	buf_init(&body, KEEPER_FRAME_MAX / 2);
	rc = case_enter(k, &m, &c);
	if (rc == 0)
		rc = case_state_write(k, &c, 0, &body);
	reply(k, f, fr, rc, &body);
	buf_done(&body);
	return 0;
}

/* Asked before the sender of a further version is sealed: of what is refused later an
 * envelope would have been made. */
static int
follow(struct keeper *k, struct front *f, const struct link_frame *fr)
{
	struct keeper_reply r;
	struct keeper_case m;
	struct store_case c;
	struct buf none;
	const char *why = NULL;
	int rc;

	if (keeper_case_get(fr->p, fr->n, &m) != 0)
		return ERR_PROTO;
	buf_init(&none, 1);
	rc = case_open(k, m.case_id, m.secret_hash, &c);
	if (rc == 0)
		rc = case_may_follow(k, &c, 0, &why);
	if (why != NULL) {
		memset(&r, 0, sizeof r);
		r.problem = P_CONFLICT;
		r.detail = slice_of(why);
		keeper_answer(k, f, fr->type, fr->call, &r);
	} else {
		reply(k, f, fr, rc, &none);
	}
	buf_done(&none);
	return 0;
}

/* What was said of a case; a desk's question, as that for a slip, goes by the batch. */
static int
case_part(struct keeper *k, struct front *f, const struct link_frame *fr)
{
	struct keeper_case m;
	struct buf body;
	int rc;

	if (keeper_case_get(fr->p, fr->n, &m) != 0)
		return ERR_PROTO;
	if (is_for_desks(k, f, fr, m.desk || fr->type == KM_SLIP))
		return 0;
	if (m.desk || fr->type == KM_SLIP)
		return write_call(k, f, fr);
	buf_init(&body, KEEPER_FRAME_MAX);
	rc = message_list(k, &m, &body);
	reply(k, f, fr, rc, &body);
	buf_wipe(&body);
	return 0;
}

static int
list(struct keeper *k, struct front *f, const struct link_frame *fr)
{
	struct keeper_list q;
	struct buf body;
	int rc;

	if (keeper_list_get(fr->p, fr->n, &q) != 0)
		return ERR_PROTO;
	if (is_for_desks(k, f, fr, fr->type != KM_BULLETINS))
		return 0;
	if (fr->type != KM_BULLETINS)
		return write_call(k, f, fr);
	buf_init(&body, KEEPER_FRAME_MAX);
	rc = shelf_list(k, &q, &body);
	reply(k, f, fr, rc, &body);
	buf_done(&body);
	return 0;
}

static int
transparency(struct keeper *k, struct front *f, const struct link_frame *fr)
{
	struct buf body;
	int rc;

	if (fr->n != 0)
		return ERR_PROTO;
	buf_init(&body, 65536);
	rc = transparency_write(k, &body);
	reply(k, f, fr, rc, &body);
	buf_done(&body);
	return 0;
}

static int
bulletin(struct keeper *k, struct front *f, const struct link_frame *fr, struct wire *w)
{
	struct rights rights;
	struct slice ref;
	struct buf body;
	uint16_t revision;
	int rc;

	rights_get(w, &rights);
	ref = wire_str(w, 64);
	revision = wire_u16(w);
	if (wire_end(w) != 0)
		return ERR_PROTO;
	buf_init(&body, KEEPER_FRAME_MAX);
	rc = shelf_one(k, &rights, ref, revision, &body);
	reply(k, f, fr, rc, &body);
	buf_done(&body);
	return 0;
}

static int
sub_get(struct keeper *k, struct front *f, const struct link_frame *fr, struct wire *w)
{
	uint8_t receiver[RECEIVER_LEN];
	struct subscription s;
	struct buf body;
	int rc;

	wire_bytes(w, receiver, sizeof receiver);
	if (wire_end(w) != 0)
		return ERR_PROTO;
	buf_init(&body, 1024);
	rc = acks_sub_get(k, receiver, &s);
	if (rc == 0)
		subscription_put(&body, &s);
	reply(k, f, fr, rc == 0 ? buf_err(&body) : rc, &body);
	buf_done(&body);
	return 0;
}

/* What writes, and what a desk looks at: decoded and checked now, applied in the batch of
 * this turn. */
static int
write_call(struct keeper *k, struct front *f, const struct link_frame *fr)
{
	struct batch_op *op = batch_op_new(f, fr);
	struct keeper_reply r;
	int rc;

	if (op == NULL) {
		keeper_refuse(k, f, fr->type, fr->call, P_UNAVAILABLE);
		return 0;
	}
	switch (fr->type) {
	case KM_PUT:
		rc = intake_check(k, op);
		break;
	case KM_MESSAGE:
		rc = message_take(op);
		break;
	case KM_WITHDRAW:
	case KM_CLOSE:
		rc = keeper_case_get(op->bytes, op->n, &op->which);
		break;
	case KM_ACKS:
		rc = acks_check(op);
		break;
	case KM_DESK:
		rc = desk_call_take(k, f->door, op);
		if (rc == ERR_INVALID && op->problem == P_NOT_FOUND &&
		    f->door != DOOR_DESK)
			stray(f); /* its routes name no verb that is not there */
		break;
	case KM_ANSWER:
		rc = links_check(op);
		break;
	default:
		rc = look_is(fr->type) ? look_take(op) : acks_sub_check(op);
		break;
	}
	if (rc == 0 && is_for_desks(k, f, fr,
			   fr->type == KM_CLOSE ||
			       (fr->type == KM_MESSAGE && op->message.which.desk))) {
		batch_op_free(op);
		return 0;
	}
	if (rc == 0) {
		batch_add(k->batch, op);
		return 0;
	}
	if (rc == ERR_INVALID) {
		memset(&r, 0, sizeof r);
		r.problem = op->problem;
		r.pointer = slice_of(op->fault.pointer);
		r.detail = slice_of(op->fault.detail != NULL ? op->fault.detail : "");
		keeper_answer(k, f, fr->type, fr->call, &r);
	} else if (rc == ERR_NOMEM) {
		keeper_refuse(k, f, fr->type, fr->call, P_UNAVAILABLE);
	}
	batch_op_free(op);
	return rc == ERR_PROTO ? rc : 0;
}

void
front_frame(void *arg, struct link *l, const struct link_frame *fr)
{
	struct keeper *k = arg;
	struct front *f = link_user(l);
	struct wire w;
	int rc = 0;

	if (f == NULL || k->failing)
		return;
	wire_init(&w, fr->p, fr->n);
	switch (fr->type) {
	case KM_HELLO:
		hello(k, f, fr);
		break;
	case KM_TAIL:
		rc = tail(k, f, &w);
		break;
	case KM_PAGE:
		rc = page(k, f, fr, &w);
		break;
	case KM_FIND:
		rc = find(k, f, fr, &w);
		break;
	case KM_CASE:
		rc = case_state(k, f, fr);
		break;
	case KM_FOLLOW:
		rc = follow(k, f, fr);
		break;
	case KM_MESSAGES:
	case KM_SLIP:
		rc = case_part(k, f, fr);
		break;
	case KM_DUTY_KEYS:
		slip_keys(k, f, fr);
		break;
	case KM_EXPLAIN:
		rc = explain_call(k, f, fr);
		break;
	case KM_BULLETINS:
	case KM_INBOX:
	case KM_TRENDS:
		rc = list(k, f, fr);
		break;
	case KM_TRANSPARENCY:
		rc = transparency(k, f, fr);
		break;
	case KM_BULLETIN:
		rc = bulletin(k, f, fr, &w);
		break;
	case KM_SUB_GET:
		rc = sub_get(k, f, fr, &w);
		break;
	case KM_JWKS:
		rc = signer_jwks_call(k, f, fr);
		break;
	case KM_STREAMED:
		rc = streamed_take(k, f, fr);
		break;
	case KM_TOKENS:
		rc = tokens_call(k, f, fr);
		break;
	case KM_LINK:
		rc = links_show(k, f, fr);
		break;
	case KM_PUT:
	case KM_WITHDRAW:
	case KM_MESSAGE:
	case KM_CLOSE:
	case KM_ACKS:
	case KM_SUB_PUT:
	case KM_DESK:
	case KM_ANSWER:
		rc = write_call(k, f, fr);
		break;
	default:
		rc = ERR_PROTO;
		break;
	}
	if (rc != 0)
		keeper_broken(k, f);
}
