/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/desk_call.h"

#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>

#include "daemon/keeper/audit.h"
#include "daemon/keeper/batch.h"
#include "daemon/keeper/desk.h"
#include "daemon/keeper/desk_verbs.h"
#include "daemon/keeper/store_draft.h"
#include "lib/mem.h"
#include "proto/http.h"

enum { IDEM_BODY_MAX = 64 * 1024 };

const char desk_second_detail[] =
    "it waits for another person of this desk, of a neighbour or of the centre";

int
desk_fail(struct desk_call *c, enum problem p, const char *pointer, const char *detail)
{
	c->problem = p;
	c->fault.problem = p;
	c->fault.detail = detail;
	(void)snprintf(c->fault.pointer, sizeof c->fault.pointer, "%s",
	    pointer != NULL ? pointer : "");
	return ERR_INVALID;
}

void
desk_ref(struct desk_call *c, const uint8_t id[ID_LEN])
{
	hex_encode(id, ID_LEN, c->ref);
}

int
desk_more(struct desk_call *c, const char *name, struct slice value)
{
	struct buf b;
	int rc;

	buf_init(&b, DESK_MORE_MAX + 64);
	buf_addf(&b, "\"%s\":", name);
	buf_add(&b, value.p, value.n);
	rc = buf_err(&b);
	mem_free(c->more);
	c->more = rc == 0 ? mem_dup(buf_cstr(&b), b.n + 1) : NULL;
	buf_done(&b);
	return rc == 0 && c->more == NULL ? ERR_NOMEM : rc;
}

int
desk_number(
    struct desk_call *c, const char *name, uint64_t lo, uint64_t hi, uint64_t *ret)
{
	struct buf v;
	uint64_t n = 0;
	size_t i;
	int got;

	buf_init(&v, 12);
	got = http_query(c->m->query, name, &v);
	if (got == 1 && (buf_err(&v) != 0 || v.n == 0 || v.n > 9))
		got = ERR_INVALID;
	for (i = 0; got == 1 && i < v.n; i++) {
		if (v.p[i] < '0' || v.p[i] > '9')
			got = ERR_INVALID;
		else
			n = n * 10 + (uint64_t)(v.p[i] - '0');
	}
	buf_done(&v);
	if (got < 0 || (got == 1 && (n < lo || n > hi)))
		return desk_fail(c, P_BAD_REQUEST, NULL, "a number of the query");
	if (got == 1)
		*ret = n;
	return 0;
}

int
desk_is_of(const struct rights *r, unsigned slot)
{
	if ((r->roles & ROLE_CENTRE) != 0)
		return 1;
	return (r->roles & ROLE_SECRETARIAT) != 0 && slots_has(&r->sec, slot);
}

int
desk_sits_at(const struct desk_call *c, unsigned desk)
{
	const struct rights *r = &c->m->rights;

	if (desk == DESK_CENTRE)
		return (r->roles & ROLE_CENTRE) != 0;
	return (r->roles & ROLE_SECRETARIAT) != 0 && slots_has(&c->desks, desk);
}

int
desk_is_deputy(const struct desk_call *c, unsigned desk)
{
	return desk < SLOTS && slots_has(&c->desks, desk) &&
	       !slots_has(&c->m->rights.sec, desk);
}

void
desk_about(struct keeper *k, struct desk_call *c, unsigned desk)
{
	if (desk_is_deputy(c, desk))
		(void)snprintf(
		    c->detail, sizeof c->detail, "for %s", taxonomy_slug(k->tax, desk));
}

static const struct desk_entry *
find(uint8_t verb)
{
	size_t i;

	for (i = 0; i < desk_verb_count; i++)
		if (desk_verbs[i].verb == verb && desk_verbs[i].fn != NULL)
			return &desk_verbs[i];
	return NULL;
}

static enum problem
may(const struct desk_entry *v, unsigned door, const struct keeper_desk *m)
{
	if (v == NULL || (v->doors & door) == 0)
		return P_NOT_FOUND;
	if (v->roles == 0)
		return m->has_secret ? P_OK : P_UNAUTHORIZED;
	if ((v->roles & m->rights.roles) == 0)
		return P_FORBIDDEN;
	if (v->duties != 0 && (v->duties & m->rights.duties) == 0)
		return P_FORBIDDEN;
	return P_OK;
}

int
desk_call_take(struct keeper *k, unsigned door, struct batch_op *op)
{
	static const struct json_caps caps = { DESK_JSON_MAX, 16, 20000, 64 * 1024 };
	int rc = keeper_desk_get(op->bytes, op->n, &op->desk);

	(void)k;
	if (rc != 0)
		return rc;
	op->door = (uint8_t)door;
	op->problem = may(find(op->desk.verb), door, &op->desk);
	if (op->problem != P_OK)
		return ERR_INVALID;
	if (op->desk.verb == DV_ATTACH_GET || op->desk.verb == DV_BULLETIN_FILE)
		op->answer_max = DESK_DATA_MAX;
	if (op->desk.json.n == 0)
		return 0;
	rc = json_read(op->desk.json, &caps, &op->json, &op->fault);
	if (rc == ERR_INVALID)
		op->problem = op->fault.problem;
	return rc;
}

/* Which call a key was used for, beside its body. */
static int
call_hash(const struct keeper_desk *m, uint8_t ret[32])
{
	struct buf b;
	int ok;

	buf_init(&b, 2 * DESK_REF_MAX + 64);
	buf_addc(&b, (char)m->verb);
	buf_add(&b, m->rights.receiver, RECEIVER_LEN);
	wire_put_str(&b, m->ref);
	wire_put_str(&b, m->sub);
	ok = buf_err(&b) == 0 && EVP_Digest(b.p, b.n, ret, NULL, EVP_sha256(), NULL) == 1;
	buf_done(&b);
	return ok ? 0 : ERR_CRYPTO;
}

/* 1: the key is known, and the same answer is given; 0: a new one. */
static int
known(struct keeper *k, struct desk_call *c)
{
	struct store_desk_idem i;
	uint8_t call[32];
	size_t at = c->out->n;
	int rc;

	if (!c->m->has_idem)
		return 0;
	rc = store_desk_idem_get(k->store, c->m->idem_key, &i, c->out);
	if (rc != 0)
		return rc == ERR_NOTFOUND ? 0 : rc;
	rc = call_hash(c->m, call);
	if (rc != 0)
		return rc;
	if (mem_equal_ct(i.mac, c->m->idem_mac, 32) && mem_equal_ct(i.call, call, 32))
		return c->out->n > at
			   ? 1
			   : desk_fail(c, P_SECOND_PERSON, NULL, desk_second_detail);
	c->out->n = at;
	return desk_fail(c, P_IDEMPOTENCY_MISMATCH, NULL, NULL);
}

static int
remember(struct keeper *k, const struct desk_call *c, size_t at)
{
	struct slice body = { c->out->p + at, c->out->n - at };
	struct store_desk_idem i;
	int rc;

	if (!c->m->has_idem || buf_err(c->out) != 0 || body.n > IDEM_BODY_MAX)
		return 0;
	memcpy(i.mac, c->m->idem_mac, sizeof i.mac);
	rc = call_hash(c->m, i.call);
	return rc == 0
		   ? store_desk_idem_add(k->store, c->m->idem_key, &i, c->minute, body)
		   : rc;
}

static int
run(struct keeper *k, const struct desk_entry *v, struct desk_call *c)
{
	size_t at = c->out->n;
	int rc;

	if (v == NULL)
		return ERR_NOTFOUND;
	rc = known(k, c);
	if (rc != 0)
		return rc == 1 ? 0 : rc;
	rc = v->fn(k, c);
	if (rc == ERR_INVALID && c->keep) { /* it waits: nothing to say but that */
		c->out->n = at;
		rc = remember(k, c, at);
		return rc == 0 ? ERR_INVALID : rc;
	}
	return rc == 0 ? remember(k, c, at) : rc;
}

int
desk_call_apply(struct keeper *k, struct batch_op *op)
{
	const struct desk_entry *v = find(op->desk.verb);
	struct desk_call c;
	int rc;

	memset(&c, 0, sizeof c);
	c.m = &op->desk;
	c.door = (enum door)op->door;
	c.json = op->json;
	c.now_ms = k->now_ms();
	c.minute = c.now_ms / 60000;
	c.out = batch_answers(k->batch);
	c.said = op->said;
	desk_slots(k, &op->desk.rights, &c.desks);
	rc = run(k, v, &c);
	/* The verb decides, not what else was shown: those of reporters, who show a
	 * secret, have no action. */
	if ((rc == 0 || c.keep) && v != NULL && v->action != NULL) {
		int said = audit_add(k, &c.m->rights, v->action,
		    c.ref[0] != '\0' ? slice_of(c.ref) : c.m->ref, c.detail);

		rc = said != 0 ? said : rc;
	}
	op->created = c.created;
	op->keep = c.keep;
	mem_free(op->more);
	op->more = c.more;
	switch (rc) {
	case ERR_INVALID:
		op->problem = c.problem != P_OK ? c.problem : P_INTERNAL;
		op->fault = c.fault;
		return 0;
	case ERR_NOTFOUND:
	case ERR_CONFLICT:
	case ERR_DENIED:
		op->problem = problem_of(rc);
		return 0;
	default:
		return rc;
	}
}
