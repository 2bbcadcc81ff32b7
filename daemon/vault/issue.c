/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/vault/issue.h"

#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>

#include "daemon/vault/issuer.h"
#include "daemon/vault/queue.h"
#include "daemon/vault/registry.h"
#include "daemon/vault/retain.h"
#include "daemon/vault/vault.h"
#include "daemon/vault/vstore.h"
#include "daemon/vault/vstore_tokens.h"
#include "lib/clock.h"
#include "lib/db.h"
#include "lib/mem.h"

enum {
	QUEUE = 1024, /* orders that wait, some seconds of work */
	BATCH = 64,
	BATCH_US = 8000,
};

struct issue {
	struct vault *v;
	struct queue *queue; /* of struct vault_issue */
	struct vault_signed answers[BATCH];
	struct {
		struct issuer_key *key; /* or NULL */
		char member[VAULT_ID_MAX];
	} first[BATCH]; /* whose first under this key it is */
};

static void run(void *arg);

int
issue_new(struct issue **ret, struct vault *v)
{
	struct issue *s = mem_zalloc(sizeof *s);
	int rc;

	if (s == NULL)
		return ERR_NOMEM;
	s->v = v;
	rc = queue_new(&s->queue, v->loop, QUEUE, sizeof(struct vault_issue), run, s);
	if (rc != 0) {
		issue_free(s);
		return rc;
	}
	*ret = s;
	return 0;
}

void
issue_free(struct issue *s)
{
	if (s == NULL)
		return;
	queue_free(s->queue);
	mem_wipe_free(s, sizeof *s);
}

int
issue_add(struct issue *s, struct link *l, uint64_t call, const struct vault_issue *m)
{
	return queue_add(s->queue, l, call, m);
}

void
issue_forget(struct issue *s, const struct link *l)
{
	queue_forget(s->queue, l);
}

int
issue_idle(const struct issue *s)
{
	return queue_count(s->queue) == 0;
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
		s->first[i].key = k;
		(void)snprintf(
		    s->first[i].member, sizeof s->first[i].member, "%s", member);
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
	unsigned waiting = queue_count(s->queue), n = waiting < BATCH ? waiting : BATCH,
		 i;
	int64_t end = clock_mono_us() + BATCH_US;
	int rc = s->v->writes_off ? ERR_CORRUPT : db_begin(db);
	enum vault_status all;

	memset(s->answers, 0, sizeof s->answers);
	memset(s->first, 0, sizeof s->first);
	for (i = 0; rc == 0 && i < n; i++) {
		if (i > 0 && clock_mono_us() > end)
			n = i;
		else if (queue_at(s->queue, i)->link != NULL)
			rc = sign_one(s, queue_at(s->queue, i)->order, i);
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
		if (s->first[i].key != NULL)
			issuer_drawn(s->v->issuer, s->first[i].key, s->first[i].member);
	return n;
}

static void
run(void *arg)
{
	struct issue *s = arg;
	const struct queued *q;
	unsigned n, i;

	if (queue_count(s->queue) == 0)
		return;
	n = sign_batch(s);
	for (i = 0; i < n; i++) {
		q = queue_at(s->queue, i);
		if (q->link == NULL)
			continue;
		buf_reset(&s->v->page);
		vault_signed_put(&s->v->page, &s->answers[i]);
		vault_answer(s->v, q->link, VM_ISSUE,
		    (enum vault_status)s->answers[i].status, q->call);
	}
	queue_take(s->queue, n);
	mem_wipe(s->answers, sizeof s->answers);
	mem_wipe(s->first, sizeof s->first);
	retain_after_write(s->v->retain);
}
