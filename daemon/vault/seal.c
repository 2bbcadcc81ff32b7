/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/vault/seal.h"

#include <string.h>

#include "daemon/vault/distinct.h"
#include "daemon/vault/envelope.h"
#include "daemon/vault/named.h"
#include "daemon/vault/registry.h"
#include "daemon/vault/retain.h"
#include "daemon/vault/vstore.h"
#include "daemon/vault/vstore_books.h"
#include "daemon/vault/vault.h"
#include "lib/clock.h"
#include "lib/db.h"
#include "lib/link.h"
#include "lib/loop.h"
#include "lib/mem.h"

enum {
	QUEUE = 8192, /* orders that wait; a power of two */
	BATCH = 256,
	BATCH_US = 8000,
};

struct order {
	struct link *link; /* NULL: gone meanwhile */
	uint64_t call;
	struct vault_order o;
};

struct seal {
	struct vault *v;
	struct loop_task *run;
	unsigned head, count; /* queue[head & (QUEUE - 1)] is the oldest */
	struct order queue[QUEUE];
};

static void run(void *arg);

int
seal_new(struct seal **ret, struct vault *v)
{
	struct seal *s = mem_zalloc(sizeof *s);

	if (s == NULL)
		return ERR_NOMEM;
	s->v = v;
	s->run = loop_task_new(v->loop, run, s);
	if (s->run == NULL) {
		seal_free(s);
		return ERR_NOMEM;
	}
	*ret = s;
	return 0;
}

void
seal_free(struct seal *s)
{
	if (s == NULL)
		return;
	loop_task_free(s->run);
	mem_wipe_free(s, sizeof *s);
}

static struct order *
order_at(struct seal *s, unsigned i)
{
	return &s->queue[(s->head + i) & (QUEUE - 1)];
}

int
seal_add(struct seal *s, struct link *l, uint64_t call, const struct vault_order *o)
{
	struct order *q;

	if (s->count == QUEUE)
		return ERR_AGAIN;
	q = order_at(s, s->count++);
	q->link = l;
	q->call = call;
	q->o = *o;
	loop_task_poke(s->run);
	return 0;
}

void
seal_forget(struct seal *s, const struct link *l)
{
	unsigned i;

	for (i = 0; i < s->count; i++)
		if (order_at(s, i)->link == l)
			order_at(s, i)->link = NULL;
}

int
seal_idle(const struct seal *s)
{
	return s->count == 0;
}

/* One envelope into the open transaction, and those of the named recipients.  A status,
 * or an error of the whole batch. */
static int
write_one(struct vault *v, const struct vault_order *o, uint8_t *ret_status)
{
	unsigned char envelope[ENVELOPE_MAX];
	struct reg_member *m = NULL;
	struct named_set named;
	int64_t day = clock_wall_minute() / 1440;
	int rc;

	/* Looked up now, not on arrival: the member may have been suspended meanwhile. */
	*ret_status =
	    (uint8_t)registry_check(v->reg, o->spki, clock_wall_ms() / 1000, &m);
	if (*ret_status == VS_OK &&
	    (registry_duties(registry_cert(v->reg, o->spki)) & DUTY_REPORTER) == 0)
		*ret_status = VS_DISABLED;
	if (*ret_status == VS_OK)
		*ret_status =
		    (uint8_t)named_make(v, o, m->m.id, (uint32_t)(day / 7), &named);
	if (*ret_status != VS_OK)
		return 0;
	rc = envelope_seal(v->maker, m->m.id, o->report, (uint32_t)(day / 7), envelope);
	if (rc != 0) {
		*ret_status = VS_INTERNAL;
		return 0;
	}
	rc = vstore_put_envelope(v->store, o->report, envelope, envelope_len(v->maker),
	    day, envelope_pair(v->maker));
	if (rc == ERR_EXISTS) {
		*ret_status = VS_EXISTS;
		return 0;
	}
	return rc != 0 ? rc : named_put(v, o, &named, day);
}

/* As many as fit into one transaction; how many, and the status of each. */
static unsigned
write_batch(struct seal *s, uint8_t status[BATCH])
{
	struct db *db = vstore_db(s->v->store);
	unsigned n = s->count < BATCH ? s->count : BATCH, i, added = 0;
	int64_t end = clock_mono_us() + BATCH_US;
	int rc = s->v->writes_off ? ERR_CORRUPT : db_begin(db);
	enum vault_status all;

	if (rc == 0 && !s->v->pair_noted)
		rc = vbooks_note_pair(s->v->books, envelope_pair(s->v->maker));
	for (i = 0; rc == 0 && i < n; i++) {
		if (i > 0 && clock_mono_us() > end)
			n = i;
		else if (order_at(s, i)->link != NULL)
			rc = write_one(s->v, &order_at(s, i)->o, &status[i]);
		else
			status[i] =
			    VS_UNKNOWN; /* nobody waits: no envelope without a report */
		added += i < n && rc == 0 && status[i] == VS_OK;
	}
	if (rc == 0)
		rc = db_commit(db);
	if (rc == 0) {
		s->v->envelopes += added;
		s->v->pair_noted = 1;
		s->v->disk_full = 0;
		return n;
	}
	db_rollback(db);
	all = vault_write_failed(s->v, rc);
	memset(status, all, n);
	return n;
}

/* Counted only when the envelope is on disk. */
static void
count(struct vault *v, struct vault_order *o, struct vault_seal *ret)
{
	struct reg_member *m = NULL;
	int64_t now = clock_timer_ms();

	if (registry_check(v->reg, o->spki, clock_wall_ms() / 1000, &m) != VS_OK)
		return;
	ret->auto_ok =
	    (uint8_t)registry_auto(m, (unsigned)v->opt.auto_releases, now, o->wants_auto);
	if (o->topic_count == 0)
		return;
	ret->since =
	    (uint32_t)(clock_wall_minute() - (int64_t)distinct_count(v->distinct, m->m.id,
						 registry_sectors(v->reg, m), o->topics,
						 o->topic_count, now, ret->topics));
}

static void
run(void *arg)
{
	struct seal *s = arg;
	uint8_t status[BATCH];
	struct vault_seal answer;
	unsigned n, i;
	struct order *q;

	if (s->count == 0)
		return;
	n = write_batch(s, status);
	for (i = 0; i < n; i++) {
		q = order_at(s, i);
		if (q->link == NULL)
			continue;
		memset(&answer, 0, sizeof answer);
		answer.status = status[i];
		if (status[i] == VS_OK) {
			count(s->v, &q->o, &answer);
			named_receivers(s->v, &q->o, answer.named);
		}
		buf_reset(&s->v->page);
		vault_seal_put(&s->v->page, &answer);
		vault_answer(s->v, q->link, VM_SEAL, status[i], q->call);
	}
	/* Nothing of who asked for what stays behind. */
	for (i = 0; i < n; i++)
		mem_wipe(order_at(s, i), sizeof *q);
	s->head = (s->head + n) & (QUEUE - 1);
	s->count -= n;
	if (s->count > 0)
		loop_task_poke(s->run);
	retain_after_write(s->v->retain);
}

void
seal_drain(struct seal *s)
{
	while (s->count > 0)
		run(s);
}
