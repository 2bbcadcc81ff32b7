/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/batch.h"

#include <string.h>

#include "daemon/keeper/acks.h"
#include "daemon/keeper/audit.h"
#include "daemon/keeper/case.h"
#include "daemon/keeper/checkpoint.h"
#include "daemon/keeper/desk_call.h"
#include "daemon/keeper/intake.h"
#include "daemon/keeper/kgate.h"
#include "daemon/keeper/links.h"
#include "daemon/keeper/look.h"
#include "daemon/keeper/message.h"
#include "daemon/keeper/mode.h"
#include "daemon/keeper/outbox.h"
#include "daemon/keeper/signer.h"
#include "daemon/keeper/store_audit.h"
#include "daemon/keeper/store_hotline.h"
#include "daemon/keeper/tail.h"
#include "lib/ballast.h"
#include "lib/clock.h"
#include "lib/log.h"
#include "lib/loop.h"
#include "lib/mem.h"

enum {
	ROWS_MAX = 64 * 1024 * 1024,
	ANSWERS_MAX = 32 * 1024 * 1024,
	BATCH_TAKE =
	    8 * 1024 * 1024, /* of calls: what they write and answer fits there */
};

struct batch {
	struct keeper *k;
	struct loop_task *task;
	struct loop_timer *patience; /* for the members to be known */
	struct batch_op *first, **last;
	size_t waiting, bytes;
	struct buf rows, answers;
	uint64_t head_before;
};

static void batch_run(void *arg);
static void on_patience(void *arg);

struct batch *
batch_new(struct keeper *k)
{
	struct batch *b = mem_zalloc(sizeof *b);

	if (b == NULL)
		return NULL;
	b->k = k;
	b->last = &b->first;
	buf_init(&b->rows, ROWS_MAX);
	/* The tokens of links leave in answers. */
	buf_init_secret(&b->answers, ANSWERS_MAX);
	b->task = loop_task_new(k->loop, batch_run, b);
	b->patience = loop_timer_new(k->loop, on_patience, b);
	if (b->task == NULL || b->patience == NULL) {
		batch_free(b);
		return NULL;
	}
	return b;
}

void
batch_free(struct batch *b)
{
	struct batch_op *op;

	if (b == NULL)
		return;
	while ((op = b->first) != NULL) {
		b->first = op->next;
		batch_op_free(op);
	}
	loop_task_free(b->task);
	loop_timer_free(b->patience);
	buf_done(&b->rows);
	buf_done(&b->answers);
	mem_free(b);
}

struct batch_op *
batch_op_new(struct front *f, const struct link_frame *fr)
{
	struct batch_op *op = mem_zalloc(sizeof *op);

	if (op == NULL)
		return NULL;
	op->bytes = (unsigned char *)mem_dup(fr->p, fr->n);
	if (op->bytes == NULL) {
		mem_free(op);
		return NULL;
	}
	op->n = fr->n;
	op->front = f->id;
	op->call = fr->call;
	op->type = fr->type;
	return op;
}

void
batch_op_free(struct batch_op *op)
{
	if (op == NULL)
		return;
	json_decref(op->json);
	mem_free(op->more);
	mem_free(op->bytes);
	mem_free(op);
}

size_t
batch_waiting(const struct batch *b)
{
	return b->waiting;
}

struct buf *
batch_rows(struct batch *b)
{
	return &b->rows;
}

struct buf *
batch_answers(struct batch *b)
{
	return &b->answers;
}

static void
refuse(struct batch *b, struct batch_op *op, enum problem p)
{
	keeper_refuse(b->k, keeper_front(b->k, op->front), op->type, op->call, p);
}

void
batch_add(struct batch *b, struct batch_op *op)
{
	struct keeper *k = b->k;
	int64_t left = k->members_by - clock_mono_ms();
	int looks = op->type == KM_DESK || look_is(op->type);

	if ((k->write_stop && !looks) || k->failing || k->stopping ||
	    b->waiting >= BATCH_WAITING || b->bytes + op->n > BATCH_BYTES) {
		k->count.refused++;
		refuse(b, op, P_UNAVAILABLE);
		batch_op_free(op);
		return;
	}
	op->next = NULL;
	*b->last = op;
	b->last = &op->next;
	b->waiting++;
	b->bytes += op->n;
	if (kgate_known(k->gate) || left <= 0)
		loop_task_poke(b->task);
	else
		loop_timer_set(b->patience, left, 0);
}

void
batch_poke(struct batch *b)
{
	if (b->first != NULL)
		loop_task_poke(b->task);
}

static void
on_patience(void *arg)
{
	batch_poke(arg);
}

/* What a call adds to a batch: its own bytes, and the long answer of one that looks. */
static size_t
weight(const struct batch_op *op)
{
	size_t answer = op->answer_max;

	if ((look_is(op->type) || (op->type == KM_DESK && op->json == NULL)) &&
	    answer < KEEPER_FRAME_MAX / 2)
		answer = KEEPER_FRAME_MAX / 2;
	return op->n + answer;
}

/* At most BATCH_OPS and about BATCH_TAKE bytes of what waits, as a list of its own. */
static struct batch_op *
take(struct batch *b)
{
	struct batch_op *list = b->first, *op = list;
	size_t n, bytes = 0;

	for (n = 1; op != NULL; op = op->next, n++) {
		b->waiting--;
		b->bytes -= op->n;
		bytes += weight(op);
		if (n == BATCH_OPS || bytes > BATCH_TAKE || op->next == NULL) {
			b->first = op->next;
			op->next = NULL;
			if (b->first == NULL)
				b->last = &b->first;
			break;
		}
	}
	return list;
}

/* The transaction has been filled for long enough: what comes after `last` waits again.
 */
static void
put_back(struct batch *b, struct batch_op *last)
{
	struct batch_op *op;

	for (op = last; op->next != NULL; op = op->next) {
		b->waiting++;
		b->bytes += op->next->n;
	}
	op->next = b->first;
	if (b->first == NULL)
		b->last = &op->next;
	b->first = last->next;
	last->next = NULL;
}

static int
apply(struct keeper *k, struct batch_op *op)
{
	switch (op->type) {
	case KM_PUT:
		return intake_apply(k, op);
	case KM_WITHDRAW:
		return case_withdraw(k, op);
	case KM_CLOSE:
		return case_close(k, op);
	case KM_MESSAGE:
		return message_apply(k, op);
	case KM_ACKS:
		return acks_apply(k, op);
	case KM_DESK:
		return desk_call_apply(k, op);
	case KM_ANSWER:
		return links_apply(k, op);
	case KM_C_DIGEST:
		return courier_digest_apply(k, op);
	case KM_C_LEASE:
	case KM_C_PAGES:
		return courier_lease_apply(k, op);
	case KM_C_DONE:
		return courier_done_apply(k, op);
	default:
		return look_is(op->type) ? look_apply(k, op) : acks_sub_apply(k, op);
	}
}

/* Takes back what a refused operation has written, and its errors that stick. */
static void
undo(struct batch *b, struct batch_op *op, size_t rows)
{
	if (op->type == KM_C_LEASE || op->type == KM_C_DONE || op->type == KM_C_DIGEST ||
	    op->type == KM_C_PAGES)
		outbox_failed(b->k);
	store_mark_undo(b->k->store);
	op->created = 0;
	op->body.n = 0;
	b->rows.n = rows;
	buf_cut(&b->answers, op->body_at);
	b->rows.err = b->answers.err = 0;
}

/* What is the operation's own fault, and not the store's; P_OK when it is neither. */
static enum problem
own_fault(int rc)
{
	switch (rc) {
	case ERR_EXISTS: /* the same report id twice */
		return P_CONFLICT;
	case ERR_LIMIT: /* no validated report makes a text as large as that */
		return P_TOO_LARGE;
	case ERR_INVALID:
		return P_INTERNAL;
	default:
		return P_OK;
	}
}

static int
is_call(const struct keeper *k, const uint8_t *case_id)
{
	struct store_call c;

	return store_call_get(k->store, case_id, &c) == 0;
}

/* What the centre needs to answer a call and to send an alarm, with its correction. */
static int
is_the_centres(const struct keeper_desk *m)
{
	if ((m->rights.roles & ROLE_CENTRE) == 0)
		return 0;
	switch (m->verb) {
	case DV_HOTLINE_ACK:
	case DV_HOTLINE_OPEN:
	case DV_MODE_SWITCH:
	case DV_DRAFT_NEW:
	case DV_DRAFT_PUT:
	case DV_DRAFT_RELEASE:
	case DV_SECOND_GIVE:
	case DV_BULLETIN_UPDATE:
	case DV_BULLETIN_CANCEL:
	case DV_FALSE_ALARM:
		return 1;
	default:
		return 0;
	}
}

/* The room of the ballast is for what is critical, and for the row that says who looked:
 * what else a call wrote shows in the count. */
static int
may_spend(
    const struct keeper *k, const struct batch_op *op, uint64_t changes, uint64_t audited)
{
	switch (op->type) {
	case KM_PUT:
		return report_is_critical(&op->facts);
	case KM_C_DIGEST:
	case KM_C_PAGES:
	case KM_C_LEASE:
	case KM_C_DONE:
		return 1;
	case KM_MESSAGE:
		if (is_call(k, op->message.which.case_id))
			return 1;
		break;
	case KM_DESK:
		if (is_the_centres(&op->desk))
			return 1;
		break;
	default:
		break;
	}
	return store_changes(k->store) - changes == audit_added(k) - audited;
}

/*
 * One operation under its own mark, so that a refused one takes back its rows and leaves
 * its neighbours alone.  An error of the store itself ends the whole batch: SQLite may
 * have rolled back everything before it.
 */
static int
apply_marked(struct batch *b, struct batch_op *op)
{
	uint64_t changes = store_changes(b->k->store), audited = audit_added(b->k);
	size_t rows = b->rows.n;
	int rc;

	op->body_at = b->answers.n;
	rc = store_mark(b->k->store);
	if (rc != 0)
		return rc;
	rc = apply(b->k, op);
	if (rc == 0)
		rc = buf_err(&b->rows) != 0 ? buf_err(&b->rows) : buf_err(&b->answers);
	if (rc != 0) {
		op->problem = own_fault(rc);
		if (op->problem == P_OK)
			return rc;
	}
	op->body.n = b->answers.n - op->body_at;
	if (ballast_is_spent(b->k->ballast) && (op->problem == P_OK || op->keep) &&
	    !may_spend(b->k, op, changes, audited)) {
		op->problem = P_STORAGE_FULL;
		op->keep = 0;
	}
	if (op->problem == P_OK || op->keep)
		return store_mark_keep(b->k->store);
	undo(b, op, rows);
	return 0;
}

static int
begin(struct batch *b)
{
	struct store_info info;
	int rc = signer_settle(b->k);

	if (rc != 0)
		return rc;
	buf_reset(&b->rows);
	buf_reset(&b->answers);
	store_info(b->k->store, &info);
	b->head_before = info.head;
	/* Room for what tail_publish writes in front of the rows. */
	if (buf_extend(&b->rows, TAIL_PREFIX) == NULL)
		return ERR_NOMEM;
	return store_begin(b->k->store);
}

static int
write_all(struct batch *b, struct batch_op *list)
{
	struct batch_op *op;
	unsigned n = 0;
	int rc = begin(b);

	if (rc != 0)
		return rc;
	audit_begin(b->k);
	for (op = list; op != NULL && rc == 0; op = op->next) {
		rc = apply_marked(b, op);
		if (rc == 0 && op->next != NULL && store_filled(b->k->store, ++n))
			put_back(b, op);
	}
	if (rc == 0)
		rc = audit_end(b->k);
	if (rc != 0) {
		store_rollback(b->k->store);
		return rc;
	}
	return store_commit(b->k->store);
}

/* It is tried once more, in another transaction. */
static void
again(struct batch_op *op)
{
	op->problem = P_OK;
	op->created = op->keep = 0;
	op->body.n = 0;
	memset(&op->fault, 0, sizeof op->fault);
}

/* One call while nothing can be written: answered if it has written nothing. */
static void
look_only(struct batch *b, struct batch_op *op, enum problem why)
{
	struct store *s = b->k->store;
	size_t rows = b->rows.n;
	uint64_t before = store_changes(s);
	int rc;

	again(op);
	op->body_at = b->answers.n;
	rc = op->type == KM_DESK || look_is(op->type) ? store_mark(s) : ERR_FULL;
	if (rc != 0) {
		op->problem = why;
		return;
	}
	rc = apply(b->k, op);
	if (rc == 0)
		rc = buf_err(&b->answers);
	if (store_changes(s) != before)
		op->problem = why;
	else if (rc != 0)
		op->problem = rc == ERR_FULL ? why : problem_of(rc);
	if (op->problem != P_OK)
		undo(b, op, rows);
	op->body.n = b->answers.n - op->body_at;
}

/*
 * The disk is full, or the store is damaged: what would be written is refused, and so is
 * a look that would leave a row of the audit log; members who only look get the answer.
 * That is done in a transaction that is rolled back, for nobody but the call itself knows
 * whether it writes.
 */
static int
look_all(struct batch *b, struct batch_op *list, enum problem why)
{
	struct batch_op *op;
	int rc = begin(b);

	if (rc != 0)
		return rc;
	for (op = list; op != NULL; op = op->next)
		look_only(b, op, why);
	store_rollback(b->k->store);
	return 0;
}

static void
answer(struct batch *b, struct batch_op *op)
{
	struct keeper *k = b->k;
	struct keeper_reply r;

	memset(&r, 0, sizeof r);
	r.problem = op->problem;
	r.created = op->created;
	r.pointer = slice_of(op->fault.pointer);
	r.detail = slice_of(op->fault.detail != NULL ? op->fault.detail : "");
	if (op->body.n > 0) {
		r.body.p = b->answers.p + op->body_at;
		r.body.n = op->body.n;
	} else if (op->problem != P_OK && op->more != NULL) {
		r.body = slice_of(op->more);
	}
	keeper_answer(k, keeper_front(k, op->front), op->type, op->call, &r);
	if (op->type == KM_SUB_PUT && op->problem == P_OK)
		acks_sub_changed(k, op->sub.receiver, &op->sub.wants);
	if (op->type == KM_DESK && op->desk.verb == DV_MODE_SWITCH)
		mode_tell(k, NULL);
	k->count.puts += op->type == KM_PUT && op->created != REPLY_KNOWN;
}

static void
batch_run(void *arg)
{
	struct batch *b = arg;
	struct batch_op *list, *op;
	int rc;

	list = take(b);
	if (list == NULL)
		return;
	rc = b->k->failing || b->k->write_stop ? ERR_DOWN : write_all(b, list);
	if (rc == ERR_FULL && ballast_spend(b->k->ballast)) {
		outbox_failed(b->k);
		for (op = list; op != NULL; op = op->next)
			again(op);
		rc = write_all(b, list);
	}
	if (rc == 0) {
		b->k->count.batches++;
		tail_publish(b->k->tail, b->head_before, &b->rows);
	} else if (rc != ERR_DOWN) {
		outbox_failed(b->k);
		keeper_store_failed(b->k, rc);
	}
	if (rc != 0 && !b->k->failing && (rc == ERR_FULL || b->k->write_stop) &&
	    look_all(b, list, problem_of(rc)) == 0)
		rc = 0; /* each has its own answer */
	while ((op = list) != NULL) {
		list = op->next;
		if (rc == 0)
			answer(b, op);
		else
			refuse(b, op, problem_of(rc));
		batch_op_free(op);
	}
	buf_reset(&b->answers);
	checkpoint_written(b->k->checkpoint);
	if (b->first != NULL)
		loop_task_poke(b->task);
}

void
batch_flush(struct batch *b)
{
	while (b->first != NULL)
		batch_run(b);
}

static int
transact_once(struct batch *b, int (*fn)(struct keeper *, void *), void *arg)
{
	int rc = begin(b);

	if (rc != 0)
		return rc;
	rc = fn(b->k, arg);
	if (rc == 0)
		rc = buf_err(&b->rows);
	if (rc != 0) {
		store_rollback(b->k->store);
		return rc;
	}
	return store_commit(b->k->store);
}

static int
transact(
    struct batch *b, int (*fn)(struct keeper *, void *), void *arg, int may_have_ballast)
{
	struct keeper *k = b->k;
	int rc;

	if (k->failing || k->write_stop)
		return ERR_DOWN;
	rc = transact_once(b, fn, arg);
	if (rc == ERR_FULL && may_have_ballast && ballast_spend(k->ballast)) {
		outbox_failed(k);
		rc = transact_once(b, fn, arg);
	}
	if (rc == 0) {
		tail_publish(k->tail, b->head_before, &b->rows);
		checkpoint_written(k->checkpoint);
	} else if (rc != ERR_NOTFOUND) { /* nothing to do: not even written */
		outbox_failed(k);
		keeper_store_failed(k, rc);
	}
	return rc;
}

int
batch_transact(struct batch *b, int (*fn)(struct keeper *, void *), void *arg)
{
	return transact(b, fn, arg, 0);
}

int
batch_transact_critical(struct batch *b, int (*fn)(struct keeper *, void *), void *arg)
{
	return transact(b, fn, arg, 1);
}
