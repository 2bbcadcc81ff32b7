/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "daemon/front/conn.h"
#include "daemon/front/front.h"
#include "daemon/front/in_http.h"
#include "daemon/front/route.h"
#include "daemon/front/who.h"
#include "lib/clock.h"
#include "lib/mem.h"
#include "proto/json.h"
#include "proto/msg_issuer.h"
#include "proto/msg_keeper.h"
#include "proto/taxonomy.h"

/*
 * Blind tokens.  GET: the issuer keys and the council's statement of them, from the
 * keeper.  POST: a whole batch of blinded elements, signed by the vault one by one; a few
 * at a time, so that one member's batch shares the vault with everybody's.
 */
enum { AT_ONCE = 8 };

struct element {
	uint64_t call; /* 0: not asked, or answered */
	unsigned char blinded[BLIND_RSA_LEN], sig[BLIND_RSA_LEN];
};

struct work {
	struct vault_issue ask; /* all but the element */
	unsigned n, sent, done;
	struct element v[];
};

static void
cancel_all(struct front *f, struct work *w)
{
	unsigned i;

	for (i = 0; i < w->sent; i++) {
		call_cancel(f, w->v[i].call);
		w->v[i].call = 0;
	}
}

static void
work_free(struct front *f, void *work)
{
	struct work *w = work;

	cancel_all(f, w);
	mem_wipe_free(w, sizeof *w + w->n * sizeof w->v[0]);
}

static void
on_keys(struct front *f, uint64_t owner, const struct answer *a)
{
	struct conn *c = conn_find(f, owner);

	if (c == NULL || c->req == NULL)
		return;
	c->req->call = 0;
	http_keeper(c, a, 0);
}

void
in_tokens_get(struct conn *c)
{
	struct buf none;
	int rc;

	buf_init(&none, 1);
	rc = c->f->keeper_ready ? call_start(c->f, CALL_KEEPER, KM_TOKENS, &none, c->id,
				      on_keys, &c->req->call)
				: ERR_DOWN;
	buf_done(&none);
	if (rc != 0)
		http_no_answer(c, rc);
}

/* The tokens of this epoch are drawn: seconds until the next one, and a few more so that
 * not all come at once; by a clock that is wrong no more than a whole one. */
static int64_t
until_next(struct front *f, uint32_t epoch)
{
	int64_t length = f->opt.token_epoch / 1000, left;
	unsigned char few;

	front_random(f, &few, 1);
	left = ((int64_t)epoch + 1) * length - clock_wall_ms() / 1000;
	left = left > 0 ? left + few % 16 : 1;
	return left < length ? left : length;
}

/* What the vault's refusal means to the member. */
static void
refuse(struct conn *c, const struct work *w, unsigned status, unsigned i)
{
	char pointer[32];

	switch (status) {
	case VS_INVALID:
		(void)snprintf(pointer, sizeof pointer, "/blinded/%u", i);
		http_problem(c, P_INVALID_FIELD, pointer,
		    "a number between 1 and the key's modulus");
		break;
	case VS_NO_KEY:
		http_problem(c, P_INVALID_FIELD, "/epoch",
		    "the current epoch, as GET /v1/tokens says it");
		break;
	case VS_QUOTA:
		http_later(c, "the tokens of this epoch are drawn",
		    until_next(c->f, w->ask.epoch));
		break;
	case VS_DISABLED:
		http_problem_end(c, P_DISABLED_MEMBER);
		break;
	case VS_UNKNOWN:
	case VS_EXPIRED:
	case VS_REVOKED:
		http_problem_end(c, P_UNKNOWN_MEMBER);
		break;
	case VS_FULL:
		http_problem(c, P_STORAGE_FULL, NULL, NULL);
		break;
	default: /* also: its queue is full */
		http_problem(c, P_UNAVAILABLE, NULL, NULL);
		break;
	}
}

static void
answer(struct conn *c, const struct work *w)
{
	struct buf out;
	unsigned i;

	buf_init(&out, 256 * 1024);
	buf_adds(&out, "{\"signatures\":[");
	for (i = 0; i < w->n; i++) {
		buf_adds(&out, i == 0 ? "\"" : ",\"");
		buf_add_b64url(&out, w->v[i].sig, BLIND_RSA_LEN);
		buf_addc(&out, '"');
	}
	buf_adds(&out, "]}");
	if (buf_err(&out) == 0)
		http_json(c, 200, buf_slice(&out));
	else
		http_no_answer(c, buf_err(&out));
	buf_done(&out);
}

static void on_signed(struct front *f, uint64_t owner, const struct answer *a);

/* Asks for the next ones, up to AT_ONCE; an error ends the request. */
static void
ask_on(struct conn *c, struct work *w)
{
	struct buf b;
	int rc = 0;

	buf_init(&b, VAULT_ISSUE_LEN);
	while (rc == 0 && w->sent < w->n && w->sent - w->done < AT_ONCE) {
		memcpy(w->ask.blinded, w->v[w->sent].blinded, BLIND_RSA_LEN);
		buf_reset(&b);
		vault_issue_put(&b, &w->ask);
		rc = c->f->vault_ready ? call_start(c->f, CALL_VAULT, VM_ISSUE, &b, c->id,
					     on_signed, &w->v[w->sent].call)
				       : ERR_DOWN;
		w->sent += rc == 0;
	}
	buf_done(&b);
	if (rc == 0)
		return;
	cancel_all(c->f, w);
	http_no_answer(c, rc);
}

static void
on_signed(struct front *f, uint64_t owner, const struct answer *a)
{
	struct conn *c = conn_find(f, owner);
	struct vault_signed m = { .status = VS_INTERNAL };
	struct work *w;
	enum problem p;
	unsigned i = 0;

	if (c == NULL || c->req == NULL || c->req->work == NULL)
		return;
	w = c->req->work;
	while (i < w->sent && w->v[i].call != a->id)
		i++;
	if (i == w->sent)
		return;
	w->v[i].call = 0;
	p = who_check(c);
	if (a->err == 0 && vault_signed_get(a->p, a->n, &m) != 0)
		m.status = VS_INTERNAL;
	if (p == P_OK && a->err == 0 && m.status == VS_OK) {
		memcpy(w->v[i].sig, m.sig, sizeof m.sig);
		if (++w->done == w->n)
			answer(c, w);
		else
			ask_on(c, w);
		return;
	}
	cancel_all(f, w);
	if (p != P_OK) /* the right ended in between */
		http_problem_end(c, p);
	else if (a->err != 0)
		http_no_answer(c, a->err);
	else
		refuse(c, w, m.status, i);
}

/* Is it a group of one of the member's own CEPTOARs, as operator or affiliate? */
static int
is_own(const struct conn *c, unsigned group)
{
	const struct rights *r = &c->who->rights;
	unsigned i;

	for (i = 0; i < SLOTS; i++)
		if (rights_reports_in(&r->op, &r->aff, r->roles, i) &&
		    taxonomy_group_of_slot(c->f->tax, i) == group)
			return 1;
	return 0;
}

static int
read_group(struct conn *c, const json_t *v, struct vault_issue *ret, struct fault *why)
{
	const struct json_at at = { NULL, "group", 0 };
	unsigned group;

	if (v == NULL)
		return fault_set(why, P_MISSING_FIELD, &at, "a sector group");
	if (!json_is_string(v))
		return fault_set(why, P_WRONG_TYPE, &at, "a string");
	group = taxonomy_group(c->f->tax, slice_of(json_string_value(v)));
	if (group == GROUP_NONE)
		return fault_set(why, P_INVALID_FIELD, &at, "a sector group");
	if (!is_own(c, group))
		return fault_set(
		    why, P_FORBIDDEN, &at, "a sector group of one of your CEPTOARs");
	ret->group = (uint8_t)group;
	return 0;
}

static int
read_epoch(const json_t *v, struct vault_issue *ret, struct fault *why)
{
	const struct json_at at = { NULL, "epoch", 0 };

	if (v == NULL)
		return fault_set(why, P_MISSING_FIELD, &at, "an epoch's number");
	if (!json_is_integer(v))
		return fault_set(why, P_WRONG_TYPE, &at, "an integer");
	if (json_integer_value(v) < 0 || json_integer_value(v) > UINT32_MAX)
		return fault_set(why, P_INVALID_FIELD, &at, "an epoch's number");
	ret->epoch = (uint32_t)json_integer_value(v);
	return 0;
}

static int
read_blinded(const json_t *v, struct work *w, struct fault *why)
{
	const struct json_at list = { NULL, "blinded", 0 };
	struct json_at at = { &list, NULL, 0 };
	const json_t *s;

	if (v == NULL)
		return fault_set(why, P_MISSING_FIELD, &list, "blinded elements");
	if (!json_is_array(v))
		return fault_set(why, P_WRONG_TYPE, &list, "a list");
	if (json_array_size(v) != w->n)
		return fault_set(why, P_INVALID_FIELD, &list,
		    "exactly one batch, as GET /v1/tokens says it");
	for (; at.index < w->n; at.index++) {
		s = json_array_get(v, at.index);
		if (!json_is_string(s))
			return fault_set(why, P_WRONG_TYPE, &at, "a string");
		if (b64url_decode(slice_of(json_string_value(s)), w->v[at.index].blinded,
			BLIND_RSA_LEN) != BLIND_RSA_LEN)
			return fault_set(why, P_INVALID_FIELD, &at,
			    "384 bytes in base64url without padding");
	}
	return 0;
}

static int
read_all(struct conn *c, json_t *in, struct work *w, struct fault *why)
{
	struct json_at at = { NULL, NULL, 0 };
	void *it;
	int rc;

	if (!json_is_object(in))
		return fault_set(why, P_WRONG_TYPE, NULL, "an object");
	for (it = json_object_iter(in); it != NULL; it = json_object_iter_next(in, it)) {
		at.key = json_object_iter_key(it);
		if (strcmp(at.key, "group") != 0 && strcmp(at.key, "epoch") != 0 &&
		    strcmp(at.key, "blinded") != 0)
			return fault_set(
			    why, P_UNKNOWN_FIELD, &at, "group, epoch and blinded");
	}
	rc = read_group(c, json_object_get(in, "group"), &w->ask, why);
	if (rc == 0)
		rc = read_epoch(json_object_get(in, "epoch"), &w->ask, why);
	return rc != 0 ? rc : read_blinded(json_object_get(in, "blinded"), w, why);
}

void
in_tokens_post(struct conn *c)
{
	static const struct json_caps caps = { 128 * 1024, 4, 500, 1024 };
	struct fault why = { P_INTERNAL, "", NULL };
	unsigned n = (unsigned)c->f->opt.token_batch;
	struct work *w = mem_zalloc(sizeof *w + n * sizeof w->v[0]);
	json_t *in = NULL;
	int rc;

	if (w == NULL) {
		http_no_answer(c, ERR_NOMEM);
		return;
	}
	w->n = n;
	c->req->work = w;
	c->req->work_free = work_free;
	memcpy(w->ask.spki, c->who->spki, sizeof w->ask.spki);
	rc = json_read(buf_slice(&c->req->body), &caps, &in, &why);
	if (rc == 0)
		rc = read_all(c, in, w, &why);
	json_decref(in);
	if (rc == 0)
		ask_on(c, w);
	else
		http_refuse(c, rc, &why);
}
