/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/vault/issue.h"

#include <string.h>

#include <openssl/evp.h>

#include "daemon/vault/issuer.h"
#include "daemon/vault/registry.h"
#include "daemon/vault/retain.h"
#include "daemon/vault/vault.h"
#include "daemon/vault/vstore.h"
#include "daemon/vault/vstore_tokens.h"
#include "lib/clock.h"
#include "lib/db.h"
#include "lib/link.h"
#include "lib/loop.h"
#include "lib/mem.h"

enum {
	QUEUE = 1024, /* orders that wait, some seconds of work; a power of two */
	BATCH = 64,
	BATCH_US = 8000,
};

struct order {
	struct link *link; /* NULL: gone meanwhile */
	uint64_t call;
	struct vault_issue m;
};

struct issue {
	struct vault *v;
	struct loop_task *run;
	unsigned head, count; /* queue[head & (QUEUE - 1)] is the oldest */
	struct vault_signed answers[BATCH];
	struct issuer_key *first[BATCH]; /* a member's first under this key, or NULL */
	struct order queue[QUEUE];
};

static void run(void *arg);

int
issue_new(struct issue **ret, struct vault *v)
{
	struct issue *s = mem_zalloc(sizeof *s);

	if (s == NULL)
		return ERR_NOMEM;
	s->v = v;
	s->run = loop_task_new(v->loop, run, s);
	if (s->run == NULL) {
		issue_free(s);
		return ERR_NOMEM;
	}
	*ret = s;
	return 0;
}

void
issue_free(struct issue *s)
{
	if (s == NULL)
		return;
	loop_task_free(s->run);
	mem_wipe_free(s, sizeof *s);
}

static struct order *
order_at(struct issue *s, unsigned i)
{
	return &s->queue[(s->head + i) & (QUEUE - 1)];
}

int
issue_add(struct issue *s, struct link *l, uint64_t call, const struct vault_issue *m)
{
	struct order *q;

	if (s->count == QUEUE)
		return ERR_AGAIN;
	q = order_at(s, s->count++);
	q->link = l;
	q->call = call;
	q->m = *m;
	loop_task_poke(s->run);
	return 0;
}

void
issue_forget(struct issue *s, const struct link *l)
{
	unsigned i;

	for (i = 0; i < s->count; i++)
		if (order_at(s, i)->link == l)
			order_at(s, i)->link = NULL;
}

int
issue_idle(const struct issue *s)
{
	return s->count == 0;
}

/* Signs what was not signed before.  0 and the status, or an error of the whole batch. */
static int
sign_new(struct issue *s, const struct vault_issue *m, const char *member,
    const unsigned char hash[32], struct issuer_key *k, unsigned i)
{
	struct vstore_tokens *store = issuer_store(s->v->issuer);
	struct vault_signed *a = &s->answers[i];
	int count = vstore_tokens_issued_count(store, k->id, member), rc;

	if (count < 0)
		return count;
	if (count >= s->v->opt.batch) {
		a->status = VS_QUOTA;
		return 0;
	}
	rc = blind_rsa_sign(k->priv, m->blinded, a->sig);
	if (rc != 0) {
		a->status = rc == ERR_INVALID ? VS_INVALID : VS_INTERNAL;
		return 0;
	}
	rc = vstore_tokens_issued_add(store, k->id, member, hash, a->sig);
	if (rc == 0 && count == 0) {
		s->first[i] = k;
		rc = vstore_tokens_drawn(store, k->id);
	}
	return rc;
}

static int
sign_one(struct issue *s, const struct vault_issue *m, unsigned i)
{
	struct vault_signed *a = &s->answers[i];
	struct issuer_key *k = issuer_current(s->v->issuer, m->group, m->epoch);
	struct reg_member *who = NULL;
	unsigned char hash[32];
	int rc;

	/* Looked up now, not on arrival: the member may have been suspended meanwhile. */
	a->status =
	    (uint8_t)registry_check(s->v->reg, m->spki, clock_wall_ms() / 1000, &who);
	if (a->status == VS_OK &&
	    (registry_duties(registry_cert(s->v->reg, m->spki)) & DUTY_REPORTER) == 0)
		a->status = VS_DISABLED;
	if (a->status != VS_OK)
		return 0;
	if (k == NULL || !issuer_may(s->v->issuer, who, m->group)) {
		a->status = VS_NO_KEY;
		return 0;
	}
	if (EVP_Digest(m->blinded, sizeof m->blinded, hash, NULL, EVP_sha256(), NULL) !=
	    1) {
		a->status = VS_INTERNAL;
		return 0;
	}
	rc = vstore_tokens_issued(
	    issuer_store(s->v->issuer), k->id, who->m.id, hash, a->sig);
	return rc == ERR_NOTFOUND ? sign_new(s, m, who->m.id, hash, k, i) : rc;
}

/* As many as fit into one transaction; how many. */
static unsigned
sign_batch(struct issue *s)
{
	struct db *db = vstore_db(s->v->store);
	unsigned n = s->count < BATCH ? s->count : BATCH, i;
	int64_t end = clock_mono_us() + BATCH_US;
	int rc = s->v->writes_off ? ERR_CORRUPT : db_begin(db);
	enum vault_status all;

	memset(s->answers, 0, sizeof s->answers);
	memset(s->first, 0, sizeof s->first);
	for (i = 0; rc == 0 && i < n; i++) {
		if (i > 0 && clock_mono_us() > end)
			n = i;
		else if (order_at(s, i)->link != NULL)
			rc = sign_one(s, &order_at(s, i)->m, i);
	}
	if (rc == 0)
		rc = db_commit(db);
	if (rc != 0) {
		db_rollback(db);
		all = vault_write_failed(s->v, rc);
		memset(s->answers, 0, sizeof s->answers); /* no signature leaves */
		for (i = 0; i < n; i++)
			s->answers[i].status = (uint8_t)all;
		return n;
	}
	for (i = 0; i < n; i++)
		if (s->first[i] != NULL)
			issuer_drawn(s->v->issuer, s->first[i]);
	return n;
}

static void
run(void *arg)
{
	struct issue *s = arg;
	struct order *q;
	unsigned n, i;

	if (s->count == 0)
		return;
	n = sign_batch(s);
	for (i = 0; i < n; i++) {
		q = order_at(s, i);
		if (q->link != NULL) {
			buf_reset(&s->v->page);
			vault_signed_put(&s->v->page, &s->answers[i]);
			vault_answer(s->v, q->link, VM_ISSUE,
			    (enum vault_status)s->answers[i].status, q->call);
		}
		/* Nothing of who asked for what stays behind. */
		mem_wipe(q, sizeof *q);
	}
	mem_wipe(s->answers, sizeof s->answers);
	s->head = (s->head + n) & (QUEUE - 1);
	s->count -= n;
	if (s->count > 0)
		loop_task_poke(s->run);
	retain_after_write(s->v->retain);
}
