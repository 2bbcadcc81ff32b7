/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/front/terms.h"

#include "daemon/front/conn.h"
#include "daemon/front/front.h"
#include "daemon/front/in_http.h"
#include "daemon/front/who.h"
#include "lib/mem.h"
#include "proto/msg_vault.h"
#include "proto/scrub.h"

/* A scrubber that is being built for the waiting request. */
struct terms {
	struct scrubber *building;
	uint64_t generation; /* of the terms being read */
	uint16_t page;
	void (*go)(struct conn *c);
};

void
terms_free(struct terms *t)
{
	if (t == NULL)
		return;
	scrubber_free(t->building);
	mem_free(t);
}

const struct scrubber *
terms_scrubber(const struct conn *c)
{
	return c->who != NULL ? c->who->scrubber : c->f->patterns;
}

static int
add_terms(struct scrubber *s, const struct vault_terms *t)
{
	struct wire in;
	struct slice text;
	unsigned i, kind;
	int rc;

	wire_init(&in, t->data.p, t->data.n);
	for (i = 0; i < t->count; i++) {
		kind = wire_u8(&in);
		text = wire_str(&in, VAULT_TERM_MAX);
		if (in.err != 0)
			return ERR_PROTO;
		rc = scrubber_add(s, (enum term_kind)kind, text);
		if (rc != 0)
			return rc;
	}
	return 0;
}

static void ask(struct conn *c);

static void
on_terms(struct front *f, uint64_t owner, const struct answer *a)
{
	struct conn *c = conn_find(f, owner);
	struct vault_terms v;
	struct terms *t;
	enum problem p;
	int rc = a->err;

	if (c == NULL || c->req == NULL || c->req->terms == NULL)
		return;
	t = c->req->terms;
	c->req->call = 0;
	p = who_check(c);
	if (p != P_OK) { /* the right ended in between */
		http_problem_end(c, p);
		return;
	}
	if (rc == 0)
		rc = vault_terms_get(a->p, a->n, &v);
	if (rc == 0 && v.status != VS_OK)
		rc = ERR_DOWN;
	if (rc == 0)
		rc = add_terms(t->building, &v);
	if (rc == 0 && ++t->page < v.pages) {
		ask(c);
		return;
	}
	if (rc == 0)
		rc = scrubber_ready(t->building);
	if (rc != 0) {
		http_no_answer(c, rc);
		return;
	}
	scrubber_free(c->who->scrubber);
	c->who->scrubber = t->building;
	c->who->scrubber_generation = t->generation;
	t->building = NULL;
	t->go(c);
}

static void
ask(struct conn *c)
{
	struct buf b;
	int rc;

	buf_init(&b, 64);
	wire_put_bytes(&b, c->who->spki, SPKI_LEN);
	wire_put_u16(&b, c->req->terms->page);
	rc = c->f->vault_ready ? call_start(c->f, CALL_VAULT, VM_TERMS, &b, c->id,
				     on_terms, &c->req->call)
			       : ERR_DOWN;
	buf_done(&b);
	if (rc != 0)
		http_no_answer(c, rc);
}

void
terms_need(struct conn *c, void (*go)(struct conn *c))
{
	struct terms *t;

	if (c->who == NULL || (c->who->scrubber != NULL &&
				  c->who->scrubber_generation == c->f->generation)) {
		go(c);
		return;
	}
	t = mem_zalloc(sizeof *t);
	if (t == NULL) {
		http_no_answer(c, ERR_NOMEM);
		return;
	}
	c->req->terms = t;
	t->generation = c->f->generation;
	t->go = go;
	t->building = scrubber_new();
	if (t->building == NULL)
		http_no_answer(c, ERR_NOMEM);
	else
		ask(c);
}
