/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/in_admin.h"

#include <string.h>

#include "daemon/keeper/batch.h"
#include "daemon/keeper/directory.h"
#include "daemon/keeper/outbox.h"
#include "daemon/keeper/slip.h"
#include "daemon/keeper/statement.h"
#include "lib/log.h"
#include "lib/loop.h"
#include "lib/mem.h"

/* The administrator's calls: how it goes, who would get a report, a copy of the store. */

struct backup {
	struct keeper *k;
	struct loop_task *task;
	uint64_t front, call;
	unsigned
	    said; /* progress in percent, so that it is told a hundred times at most */
};

int
explain_call(struct keeper *k, struct front *f, const struct link_frame *fr)
{
	static const struct json_caps caps = { REPORT_JSON_MAX, 16, 10000,
		REPORT_JSON_MAX };
	struct report_facts facts;
	struct policy_input in = { .facts = &facts };
	struct keeper_reply r;
	struct slice text;
	struct fault why;
	struct buf body;
	json_t *json = NULL;
	struct wire w;
	int rc;

	wire_init(&w, fr->p, fr->n);
	in.slot = wire_u8(&w);
	in.blind = wire_u8(&w) != 0;
	in.auto_ok = wire_u8(&w) != 0;
	text = wire_str(&w, REPORT_JSON_MAX);
	if (wire_end(&w) != 0)
		return ERR_PROTO;
	memset(&r, 0, sizeof r);
	memset(&why, 0, sizeof why);
	buf_init(&body, 65536);
	if (in.slot != SLOT_NONE && taxonomy_slug(k->tax, in.slot) == NULL) {
		rc = fault_set(&why, P_INVALID_FIELD, NULL, "no such CEPTOAR");
	} else {
		rc = json_read(text, &caps, &json, &why);
		if (rc == 0 && !json_is_object(json))
			rc = fault_set(&why, P_WRONG_TYPE, NULL, "an object");
	}
	if (rc == 0) {
		report_facts(json, &facts);
		rc = policy_explain(k, &in, &body);
		r.problem = rc == 0 ? P_OK : problem_of(rc);
	} else {
		r.problem = rc == ERR_INVALID ? why.problem : problem_of(rc);
		r.pointer = slice_of(why.pointer);
		r.detail = slice_of(why.detail != NULL ? why.detail : "");
	}
	if (rc == 0)
		r.body = buf_slice(&body);
	keeper_answer(k, f, fr->type, fr->call, &r);
	json_decref(json);
	buf_done(&body);
	return 0;
}

static void
status(struct keeper *k, struct front *f, const struct link_frame *fr)
{
	struct keeper_reply r;
	struct store_info info;
	struct front *one;
	struct buf b;
	unsigned fronts = 0;

	store_info(k->store, &info);
	for (one = k->fronts; one != NULL; one = one->next)
		fronts += one->tailing != 0;
	buf_init(&b, 65536);
	buf_addf(&b, "{\"head\":%llu,\"earliest\":%llu,\"wal_bytes\":%llu,\"fronts\":%u,",
	    (unsigned long long)info.head, (unsigned long long)info.earliest,
	    (unsigned long long)info.wal_bytes, fronts);
	buf_addf(&b, "\"waiting\":%zu,\"batches\":%llu,\"puts\":%llu,\"refused\":%llu,",
	    batch_waiting(k->batch), (unsigned long long)k->count.batches,
	    (unsigned long long)k->count.puts, (unsigned long long)k->count.refused);
	buf_addf(&b,
	    "\"vault\":%s,\"directory\":%zu,\"generation\":%llu,\"write_stop\":%s,",
	    directory_is_up(k->dir) ? "true" : "false", directory_count(k->dir),
	    (unsigned long long)directory_generation(k->dir),
	    k->write_stop ? "true" : "false");
	buf_adds(&b, "\"outbox\":");
	outbox_status(k, &b);
	buf_adds(&b, ",\"reload_error\":");
	json_add_string(&b, slice_of(k->reload_error));
	buf_addc(&b, '}');
	memset(&r, 0, sizeof r);
	r.problem = buf_err(&b) == 0 ? P_OK : P_INTERNAL;
	r.body = buf_slice(&b);
	keeper_answer(k, f, fr->type, fr->call, &r);
	buf_done(&b);
}

void
backup_end(struct keeper *k)
{
	if (k->backup == NULL)
		return;
	store_backup_end(k->store);
	loop_task_free(k->backup->task);
	mem_free(k->backup);
	k->backup = NULL;
}

void
backup_caller_gone(struct keeper *k, uint64_t front)
{
	if (k->backup != NULL && k->backup->front == front)
		backup_end(k);
}

static void
backup_finish(struct keeper *k, int rc)
{
	struct front *f = keeper_front(k, k->backup->front);
	struct keeper_reply r;

	memset(&r, 0, sizeof r);
	r.problem = rc == 0 ? P_OK : problem_of(rc);
	r.detail = slice_of(rc == 0 ? "" : err_str(rc));
	keeper_answer(k, f, KM_A_BACKUP, k->backup->call, &r);
	if (rc != 0)
		log_warn("backup: %s", err_str(rc));
	else
		log_info("backup: done");
}

/* The task may not be freed inside itself: the end of the backup is left to a timer. */
static void
backup_step(void *arg)
{
	struct backup *b = arg;
	struct keeper *k = b->k;
	struct front *f = keeper_front(k, b->front);
	unsigned done = 0, total = 0, percent;
	struct buf p;
	int rc;

	rc = store_backup_step(k->store, &done, &total);
	if (rc != 0) {
		backup_finish(k, rc == 1 ? 0 : rc);
		store_backup_end(k->store);
		b->front = 0;
		return;
	}
	percent = total > 0 ? (unsigned)((uint64_t)done * 100 / total) : 0;
	if (f != NULL && percent != b->said) {
		buf_init(&p, 64);
		wire_put_u32(&p, done);
		wire_put_u32(&p, total);
		if (buf_err(&p) == 0 &&
		    link_send(f->l, KM_A_PROGRESS, P_OK, b->call, p.p, p.n) == 0)
			b->said = percent;
		buf_done(&p);
	}
	loop_task_poke(b->task);
}

static int
backup(struct keeper *k, struct front *f, const struct link_frame *fr)
{
	char path[PATH_MAX];
	struct slice s;
	struct wire w;
	int rc;

	wire_init(&w, fr->p, fr->n);
	s = wire_str(&w, sizeof path - 1);
	if (wire_end(&w) != 0 || memchr(s.p, '\0', s.n) != NULL)
		return ERR_PROTO;
	memcpy(path, s.p, s.n);
	path[s.n] = '\0';
	if (k->backup != NULL && k->backup->front == 0)
		backup_end(k); /* the last one has ended */
	if (k->backup != NULL || path[0] != '/') {
		keeper_refuse(k, f, fr->type, fr->call,
		    path[0] != '/' ? P_BAD_REQUEST : P_CONFLICT);
		return 0;
	}
	k->backup = mem_zalloc(sizeof *k->backup);
	if (k->backup == NULL) {
		keeper_refuse(k, f, fr->type, fr->call, P_UNAVAILABLE);
		return 0;
	}
	k->backup->k = k;
	k->backup->front = f->id;
	k->backup->call = fr->call;
	k->backup->task = loop_task_new(k->loop, backup_step, k->backup);
	rc = k->backup->task == NULL ? ERR_NOMEM : store_backup_start(k->store, path);
	if (rc != 0) {
		backup_finish(k, rc);
		backup_end(k);
		return 0;
	}
	loop_task_poke(k->backup->task);
	return 0;
}

void
admin_frame(void *arg, struct link *l, const struct link_frame *fr)
{
	struct keeper *k = arg;
	struct front *f = link_user(l);
	int rc = 0;

	if (f == NULL)
		return;
	switch (fr->type) {
	case KM_A_STATUS:
		status(k, f, fr);
		break;
	case KM_A_EXPLAIN:
		rc = explain_call(k, f, fr);
		break;
	case KM_A_BACKUP:
		rc = backup(k, f, fr);
		break;
	case KM_A_DUTY_KEY:
		rc = slip_key_set(k, f, fr);
		break;
	case KM_DUTY_KEYS:
		slip_keys(k, f, fr);
		break;
	case KM_A_STATEMENT:
		rc = statement_call(k, f, fr);
		break;
	default:
		rc = ERR_PROTO;
		break;
	}
	if (rc != 0)
		keeper_broken(k, f);
}
