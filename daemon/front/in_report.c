/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/front/in_report.h"

#include <stdio.h>
#include <string.h>

#include <openssl/sha.h>

#include "daemon/front/conn.h"
#include "daemon/front/front.h"
#include "daemon/front/in_http.h"
#include "daemon/front/route.h"
#include "daemon/front/who.h"
#include "lib/clock.h"
#include "lib/mem.h"
#include "proto/msg_put.h"
#include "proto/report.h"
#include "proto/scrub.h"

/*
 * A report on its way: read and check, find its CEPTOAR, learn the sender's terms, scrub;
 * then for a preview ask the keeper who would get it, and otherwise: is the key known?
 * seal, store, answer.  What goes on to the keeper is canonical JSON without a trace of
 * who sent it; nothing of the connection goes with it.
 */
enum { APPROVED_LEN = 43 };

struct work {
	enum report_kind kind;
	json_t *report, *scrubbed, *replaced;
	struct report_facts facts;
	char approved[APPROVED_LEN + 1];
	struct scrubber *building;
	uint64_t generation; /* of the terms being read */
	uint16_t page;
	struct keeper_put put;
	struct buf text; /* canonical */
};

static void
work_free(struct front *f, void *work)
{
	struct work *w = work;

	(void)f;
	json_decref(w->report);
	json_decref(w->scrubbed);
	json_decref(w->replaced);
	scrubber_free(w->building);
	buf_wipe(&w->text);
	mem_wipe_free(w, sizeof *w);
}

static void
refuse(struct conn *c, const struct fault *why)
{
	http_problem(
	    c, why->problem, why->pointer[0] != '\0' ? why->pointer : NULL, why->detail);
}

/* The waiting request of an answer, or NULL when nobody waits any more. */
static struct work *
waiting(struct front *f, uint64_t owner, struct conn **ret)
{
	struct conn *c = conn_find(f, owner);
	enum problem p;

	if (c == NULL || c->req == NULL || c->req->work == NULL)
		return NULL;
	c->req->call = 0;
	p = who_check(c);
	if (p != P_OK) { /* the right ended in between */
		http_problem_end(c, p);
		return NULL;
	}
	*ret = c;
	return c->req->work;
}

/* `approved` is no field of a report: taken out before it is checked. */
static int
take_approved(struct work *w, json_t *in, struct fault *why)
{
	json_t *v = json_object_get(in, "approved");

	if (v == NULL)
		return 0;
	if (!json_is_string(v)) {
		(void)fault_set(why, P_WRONG_TYPE, NULL, "a string");
		(void)snprintf(why->pointer, sizeof why->pointer, "/approved");
		return ERR_INVALID;
	}
	/* Of another length it cannot be equal: refused below as changed. */
	(void)snprintf(w->approved, sizeof w->approved, "%s",
	    json_string_length(v) == APPROVED_LEN ? json_string_value(v) : "-");
	(void)json_object_del(in, "approved");
	return 0;
}

/* Whose report is it?  One of the sender's CEPTOARs; the report must say which when there
 * are several.  An agency may have none. */
static int
find_slot(struct conn *c, struct work *w, struct fault *why)
{
	const struct rights *r = &c->who->rights;
	const struct taxonomy *t = c->f->tax;
	unsigned i, count = 0, only = SLOT_NONE;

	for (i = 0; i < SLOTS; i++) {
		if (!slots_has(&r->op, i) && !slots_has(&r->aff, i))
			continue;
		count++;
		only = i;
	}
	(void)snprintf(why->pointer, sizeof why->pointer, "/ceptoar");
	if (w->facts.ceptoar[0] != '\0') {
		i = taxonomy_slot(t, slice_of(w->facts.ceptoar));
		if (i == SLOT_NONE || (!slots_has(&r->op, i) && !slots_has(&r->aff, i))) {
			why->problem = P_INVALID_FIELD;
			why->detail = "one of your CEPTOARs";
			return ERR_INVALID;
		}
		only = i;
	} else if (count > 1) {
		why->problem = P_MISSING_FIELD;
		why->detail = "you sit in several: say which";
		return ERR_INVALID;
	}
	w->put.slot = (uint8_t)only;
	/* Always there, or it would tell the senders with several from the others. */
	if (only != SLOT_NONE && json_object_set_new(w->report, "ceptoar",
				     json_string(taxonomy_slug(t, only))) != 0)
		return ERR_NOMEM;
	return 0;
}

static int
read_body(struct conn *c, struct work *w, struct fault *why)
{
	json_t *in = NULL;
	int rc = json_read(buf_slice(&c->req->body), &json_caps_report, &in, why);

	if (rc != 0)
		return rc;
	if (!json_is_object(in))
		rc = fault_set(why, P_WRONG_TYPE, NULL, "an object");
	if (rc == 0)
		rc = take_approved(w, in, why);
	if (rc == 0)
		rc = report_check(in, c->f->tax, clock_wall_ms(), &w->report, why);
	json_decref(in);
	if (rc != 0)
		return rc;
	report_facts(w->report, &w->facts);
	return find_slot(c, w, why);
}

/* -------- last part: store */

static void
on_put(struct front *f, uint64_t owner, const struct answer *a)
{
	struct conn *c = conn_find(f, owner);

	if (c == NULL || c->req == NULL)
		return;
	c->req->call = 0;
	if (a->err != 0) /* it was sent: nobody knows */
		http_problem(c, P_OUTCOME_UNKNOWN, NULL, NULL);
	else
		http_keeper(c, a, 1);
}

static void
on_seal(struct front *f, uint64_t owner, const struct answer *a)
{
	struct vault_seal s;
	struct conn *c;
	struct work *w = waiting(f, owner, &c);
	struct buf b;
	int rc;

	if (w == NULL)
		return;
	if (a->err != 0 || vault_seal_get(a->p, a->n, &s) != 0) {
		http_no_answer(c, a->err != 0 ? a->err : ERR_PROTO);
		return;
	}
	if (s.status == VS_INVALID) {
		http_problem(c, P_INVALID_FIELD, "/consent/named_to",
		    "member ids of the centre or of ministries that can be named now");
		return;
	}
	if (s.status != VS_OK) {
		http_problem(c,
		    s.status == VS_FULL	      ? P_STORAGE_FULL
		    : s.status == VS_OUTCOME  ? P_UNAVAILABLE
		    : s.status == VS_DISABLED ? P_DISABLED_MEMBER
		    : s.status == VS_UNKNOWN || s.status == VS_REVOKED ||
			    s.status == VS_EXPIRED
			? P_UNKNOWN_MEMBER
			: P_INTERNAL,
		    NULL, NULL);
		return;
	}
	w->put.auto_ok = s.auto_ok;
	memcpy(w->put.named, s.named, sizeof w->put.named);
	w->put.json = buf_slice(&w->text);
	buf_init(&b, REPORT_JSON_MAX + 1024);
	keeper_put_put(&b, &w->put);
	rc = f->keeper_ready
		 ? call_start(f, CALL_KEEPER, KM_PUT, &b, owner, on_put, &c->req->call)
		 : ERR_DOWN;
	buf_wipe(&b);
	if (rc != 0)
		http_no_answer(c, rc);
}

/* Whether the keeper may release it by itself: the vault counts these.  An exercise is no
 * release that could flood anybody. */
static int
may_release(const struct front *f, const struct work *w)
{
	const struct report_facts *x = &w->facts;

	if (x->publish == CONSENT_NONE || x->tlp == TLP_RED || x->exercise)
		return 0;
	if (w->put.slot < SLOTS)
		return x->level >= f->auto_from.level[w->put.slot];
	return x->publish == CONSENT_CROSS_SECTOR && x->level >= f->auto_from.no_slot;
}

/* Whom the reporter lets know; ids of at most 63 bytes, as report_check found them. */
static void
take_named(struct work *w, struct vault_order *o)
{
	const json_t *list =
	    json_object_get(json_object_get(w->report, "consent"), "named_to");
	const char *id;
	size_t i;

	for (i = 0; i < json_array_size(list) && i < NAMED_MAX; i++) {
		id = json_string_value(json_array_get(list, i));
		(void)snprintf(o->named[i], sizeof o->named[i], "%s", id);
		o->named_count++;
	}
	w->put.named_count = o->named_count;
}

static void
seal(struct conn *c, struct work *w)
{
	struct vault_order o;
	struct buf b;
	int rc, may = may_release(c->f, w);

	front_random(c->f, w->put.report, sizeof w->put.report);
	memset(&o, 0, sizeof o);
	memcpy(o.spki, c->who->spki, SPKI_LEN);
	memcpy(o.report, w->put.report, ID_LEN);
	o.wants_auto = may ? 1 : 0;
	take_named(w, &o);
	buf_init(&b, VAULT_ORDER_LEN);
	vault_order_put(&b, &o);
	rc = c->f->vault_ready ? call_start(c->f, CALL_VAULT, VM_SEAL, &b, c->id, on_seal,
				     &c->req->call)
			       : ERR_DOWN;
	buf_done(&b);
	if (rc != 0)
		http_no_answer(c, rc);
}

static void
on_find(struct front *f, uint64_t owner, const struct answer *a)
{
	struct keeper_reply k;
	struct conn *c;
	struct work *w = waiting(f, owner, &c);

	if (w == NULL)
		return;
	if (a->err == 0 && keeper_reply_get(a->p, a->n, &k) == 0 &&
	    k.problem == P_NOT_FOUND)
		seal(c, w);
	else
		http_keeper(c, a, 0);
}

static void
send_on(struct conn *c, struct work *w)
{
	const uint8_t *commitment = w->put.has_case	      ? w->put.secret_hash
				    : w->facts.has_commitment ? w->facts.commitment
							      : NULL;
	struct buf b;
	int rc = in_idem_of(c, commitment, w->put.idem_key, w->put.idem_mac);

	if (rc < 0) {
		http_problem(c, rc == ERR_INVALID ? P_INVALID_FIELD : P_INTERNAL, NULL,
		    rc == ERR_INVALID ? "Idempotency-Key: at least 128 random bits"
				      : NULL);
		return;
	}
	w->put.has_idem = rc == 1;
	if (rc == 0) {
		seal(c, w);
		return;
	}
	buf_init(&b, 64);
	wire_put_bytes(&b, w->put.idem_key, 32);
	wire_put_bytes(&b, w->put.idem_mac, 32);
	rc = c->f->keeper_ready ? call_start(c->f, CALL_KEEPER, KM_FIND, &b, c->id,
				      on_find, &c->req->call)
				: ERR_DOWN;
	buf_done(&b);
	if (rc != 0)
		http_no_answer(c, rc);
}

/* -------- preview */

static int
preview_write(
    struct work *w, const char *approved, struct slice explained, struct buf *out)
{
	static const struct json_caps caps = { 256 * 1024, 16, 8000, 64 * 1024 };
	static const char *const lifted[] = { "audience", "automatic", "candidates",
		"inbox", "level", "read_by", "reasons" };
	json_t *x = NULL, *v;
	struct fault why;
	size_t i;
	int rc = json_read(explained, &caps, &x, &why);

	buf_addf(out, "{\"approved\":\"%s\"", approved);
	for (i = 0; rc == 0 && i < sizeof lifted / sizeof lifted[0]; i++) {
		v = json_object_get(x, lifted[i]);
		if (v == NULL)
			continue;
		buf_addf(out, ",\"%s\":", lifted[i]);
		rc = json_canonical(v, out);
	}
	buf_adds(out, ",\"replacements\":");
	if (rc == 0)
		rc = json_canonical(w->replaced, out);
	buf_adds(out, ",\"report\":");
	buf_add(out, w->text.p, w->text.n);
	buf_addc(out, '}');
	json_decref(x);
	return rc != 0 ? rc : buf_err(out);
}

static void
approval(const struct work *w, char out[APPROVED_LEN + 1])
{
	unsigned char md[32];
	struct buf b;

	(void)SHA256((const unsigned char *)w->text.p, w->text.n, md);
	buf_init(&b, 64);
	buf_add_b64url(&b, md, sizeof md);
	(void)snprintf(out, APPROVED_LEN + 1, "%s", buf_cstr(&b));
	buf_done(&b);
}

static void
on_explain(struct front *f, uint64_t owner, const struct answer *a)
{
	char approved[APPROVED_LEN + 1];
	struct keeper_reply k;
	struct conn *c;
	struct work *w = waiting(f, owner, &c);
	struct buf out;
	int rc;

	if (w == NULL)
		return;
	if (a->err != 0 || keeper_reply_get(a->p, a->n, &k) != 0 || k.problem != P_OK) {
		http_keeper(c, a, 0);
		return;
	}
	approval(w, approved);
	buf_init(&out, 2 * 1024 * 1024);
	rc = preview_write(w, approved, k.body, &out);
	if (rc == 0)
		http_json(c, 200, buf_slice(&out));
	else
		http_no_answer(c, rc);
	buf_wipe(&out);
}

static void
preview(struct conn *c, struct work *w)
{
	struct buf b;
	int rc;

	buf_init(&b, REPORT_JSON_MAX + 64);
	wire_put_u8(&b, w->put.slot);
	wire_put_u8(&b, 0);
	wire_put_u8(&b, 1);
	wire_put_str(&b, buf_slice(&w->text));
	rc = c->f->keeper_ready ? call_start(c->f, CALL_KEEPER, KM_EXPLAIN, &b, c->id,
				      on_explain, &c->req->call)
				: ERR_DOWN;
	buf_wipe(&b);
	if (rc != 0)
		http_no_answer(c, rc);
}

/* -------- scrub */

static void
scrub(struct conn *c, struct work *w)
{
	char approved[APPROVED_LEN + 1];
	struct fault why = { P_INTERNAL, "", NULL };
	int rc;

	rc = scrub_report(c->who->scrubber, w->report, &w->scrubbed,
	    w->kind == REPORT_PREVIEW ? &w->replaced : NULL, &why);
	if (rc == 0)
		rc = json_canonical(w->scrubbed, &w->text);
	if (rc == 0)
		rc = buf_err(&w->text);
	if (rc != 0) {
		if (rc == ERR_INVALID)
			refuse(c, &why);
		else if (rc == ERR_LIMIT)
			http_problem(c, P_TOO_LARGE, NULL, NULL);
		else
			http_no_answer(c, rc);
		return;
	}
	if (w->kind == REPORT_PREVIEW) {
		preview(c, w);
		return;
	}
	approval(w, approved);
	if (w->approved[0] != '\0' && strcmp(w->approved, approved) != 0) {
		http_problem(c, P_TEXT_CHANGED, "/approved", "preview it again");
		return;
	}
	send_on(c, w);
}

static void ask_terms(struct conn *c, struct work *w);

static int
add_terms(struct work *w, const struct vault_terms *t)
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
		rc = scrubber_add(w->building, (enum term_kind)kind, text);
		if (rc != 0)
			return rc;
	}
	return 0;
}

static void
on_terms(struct front *f, uint64_t owner, const struct answer *a)
{
	struct vault_terms t;
	struct conn *c;
	struct work *w = waiting(f, owner, &c);
	int rc;

	if (w == NULL)
		return;
	rc = a->err;
	if (rc == 0)
		rc = vault_terms_get(a->p, a->n, &t);
	if (rc == 0 && t.status != VS_OK)
		rc = ERR_DOWN;
	if (rc == 0)
		rc = add_terms(w, &t);
	if (rc == 0 && ++w->page < t.pages) {
		ask_terms(c, w);
		return;
	}
	if (rc == 0)
		rc = scrubber_ready(w->building);
	if (rc != 0) { /* without its terms nothing is sent on */
		http_no_answer(c, rc);
		return;
	}
	scrubber_free(c->who->scrubber);
	c->who->scrubber = w->building;
	c->who->scrubber_generation = w->generation;
	w->building = NULL;
	scrub(c, w);
}

static void
ask_terms(struct conn *c, struct work *w)
{
	struct buf b;
	int rc;

	buf_init(&b, 64);
	wire_put_bytes(&b, c->who->spki, SPKI_LEN);
	wire_put_u16(&b, w->page);
	rc = c->f->vault_ready ? call_start(c->f, CALL_VAULT, VM_TERMS, &b, c->id,
				     on_terms, &c->req->call)
			       : ERR_DOWN;
	buf_done(&b);
	if (rc != 0)
		http_no_answer(c, rc);
}

void
in_report_start(struct conn *c, enum report_kind kind, const uint8_t *case_id,
    const uint8_t *secret_hash)
{
	struct fault why = { P_INTERNAL, "", NULL };
	struct work *w;
	int rc;

	if (!who_may_report(c->f, c->who->reader)) {
		http_problem(c, P_RATE, NULL, NULL);
		return;
	}
	w = mem_zalloc(sizeof *w);
	if (w == NULL) {
		http_no_answer(c, ERR_NOMEM);
		return;
	}
	w->kind = kind;
	buf_init(&w->text, REPORT_JSON_MAX);
	if (case_id != NULL) {
		w->put.has_case = 1;
		memcpy(w->put.case_id, case_id, ID_LEN);
		memcpy(w->put.secret_hash, secret_hash, 32);
	}
	c->req->work = w;
	c->req->work_free = work_free;
	rc = read_body(c, w, &why);
	if (rc == ERR_INVALID) {
		refuse(c, &why);
	} else if (rc != 0) {
		http_no_answer(c, rc);
	} else if (c->who->scrubber != NULL &&
		   c->who->scrubber_generation == c->f->generation) {
		scrub(c, w);
	} else {
		w->generation = c->f->generation;
		w->building = scrubber_new();
		if (w->building == NULL)
			http_no_answer(c, ERR_NOMEM);
		else
			ask_terms(c, w);
	}
}

void
in_report_post(struct conn *c)
{
	in_report_start(c, REPORT_FIRST, NULL, NULL);
}

void
in_report_preview(struct conn *c)
{
	in_report_start(c, REPORT_PREVIEW, NULL, NULL);
}
