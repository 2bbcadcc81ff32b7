/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/vault/seal.h"

#include <string.h>

#include "daemon/vault/envelope.h"
#include "daemon/vault/named.h"
#include "daemon/vault/queue.h"
#include "daemon/vault/registry.h"
#include "daemon/vault/retain.h"
#include "daemon/vault/settle.h"
#include "daemon/vault/vstore.h"
#include "daemon/vault/vstore_books.h"
#include "daemon/vault/vault.h"
#include "lib/ballast.h"
#include "lib/clock.h"
#include "lib/db.h"
#include "lib/mem.h"

enum {
	QUEUE = 8192, /* orders that wait */
	BATCH = 256,
};

struct seal {
	struct vault *v;
	struct queue *queue; /* of struct vault_order */
};

static void run(void *arg);

int
seal_new(struct seal **ret, struct vault *v)
{
	struct seal *s = mem_zalloc(sizeof *s);
	int rc;

	if (s == NULL)
		return ERR_NOMEM;
	s->v = v;
	rc = queue_new(&s->queue, v->loop, QUEUE, sizeof(struct vault_order), run, s);
	if (rc != 0) {
		seal_free(s);
		return rc;
	}
	*ret = s;
	return 0;
}

void
seal_free(struct seal *s)
{
	if (s == NULL)
		return;
	queue_free(s->queue);
	mem_free(s);
}

int
seal_add(struct seal *s, struct link *l, uint64_t call, const struct vault_order *o)
{
	return queue_add(s->queue, l, call, o);
}

void
seal_forget(struct seal *s, const struct link *l)
{
	queue_forget(s->queue, l);
}

int
seal_idle(const struct seal *s)
{
	return queue_count(s->queue) == 0;
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

/* While the ballast is given up its room is for what is critical. */
static int
write_if_room(struct vault *v, const struct vault_order *o, uint8_t *ret_status)
{
	if (o->critical || !ballast_is_spent(v->ballast))
		return write_one(v, o, ret_status);
	*ret_status = VS_FULL;
	return 0;
}

/* The first *n, or as many as fit into one transaction, and the status of each. */
static int
write_some(struct seal *s, uint8_t status[BATCH], unsigned *ret_n)
{
	struct db *db = vstore_db(s->v->store);
	unsigned i, n = *ret_n, added = 0;
	int rc = s->v->writes_off ? ERR_CORRUPT : db_begin(db);

	if (rc == 0 && !s->v->pair_noted)
		rc = vbooks_note_pair(s->v->books, envelope_pair(s->v->maker));
	for (i = 0; rc == 0 && i < n; i++) {
		if (db_filled(db, i))
			n = i;
		else if (queue_at(s->queue, i)->link != NULL)
			rc =
			    write_if_room(s->v, queue_at(s->queue, i)->order, &status[i]);
		else
			status[i] =
			    VS_UNKNOWN; /* nobody waits: no envelope without a report */
		added += i < n && rc == 0 && status[i] == VS_OK;
	}
	if (rc == 0)
		rc = db_commit(db);
	*ret_n = n;
	if (rc != 0) {
		db_rollback(db);
		return rc;
	}
	s->v->envelopes += added;
	s->v->pair_noted = 1;
	if (added > 0)
		s->v->disk_full = 0;
	return 0;
}

static int
is_critical(const struct seal *s, unsigned n)
{
	const struct vault_order *o;
	unsigned i;

	for (i = 0; i < n; i++) {
		o = queue_at(s->queue, i)->order;
		if (queue_at(s->queue, i)->link != NULL && o->critical)
			return 1;
	}
	return 0;
}

/* How many were written or refused, and the status of each. */
static unsigned
write_batch(struct seal *s, uint8_t status[BATCH])
{
	unsigned waiting = queue_count(s->queue), n = waiting < BATCH ? waiting : BATCH;
	int rc = write_some(s, status, &n);

	if (rc == ERR_FULL && is_critical(s, n) && ballast_spend(s->v->ballast))
		rc = write_some(s, status, &n);
	if (rc != 0)
		memset(status, vault_write_failed(s->v, rc), n);
	return n;
}

static void
run(void *arg)
{
	struct seal *s = arg;
	uint8_t status[BATCH];
	struct vault_seal answer;
	const struct queued *q;
	unsigned n, i;

	if (queue_count(s->queue) == 0)
		return;
	n = write_batch(s, status);
	for (i = 0; i < n; i++) {
		q = queue_at(s->queue, i);
		if (q->link == NULL)
			continue;
		memset(&answer, 0, sizeof answer);
		answer.status = status[i];
		if (status[i] == VS_OK) {
			settle_open(s->v->settle, q->link, q->order, &answer);
			named_receivers(s->v, q->order, answer.named);
		}
		buf_reset(&s->v->page);
		vault_seal_put(&s->v->page, &answer);
		vault_answer(s->v, q->link, VM_SEAL, status[i], q->call);
	}
	queue_take(s->queue, n);
	retain_after_write(s->v->retain);
}

void
seal_drain(struct seal *s)
{
	while (queue_count(s->queue) > 0)
		run(s);
}
