/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/front/in_report.h"

#include <stdio.h>
#include <string.h>

#include "daemon/front/conn.h"
#include "daemon/front/front.h"
#include "daemon/front/in_blind.h"
#include "daemon/front/in_case.h"
#include "daemon/front/in_http.h"
#include "daemon/front/in_report_work.h"
#include "daemon/front/route.h"
#include "daemon/front/settle.h"
#include "daemon/front/terms.h"
#include "daemon/front/who.h"
#include "lib/clock.h"
#include "lib/mem.h"
#include "proto/msg_put.h"
#include "proto/names_sender.h"
#include "proto/report.h"
#include "proto/scrub.h"
#include "proto/topic.h"

/*
 * A report on its way: read and check, find its CEPTOAR, learn the sender's terms, scrub;
 * then for a preview (in_preview.c) ask the keeper who would get it, and otherwise: is
 * the key known? may it follow (in_follow.c)? seal, store, answer.  What goes on to the
 * keeper is canonical JSON without a trace of who sent it; nothing of the connection goes
 * with it.
 */
enum { FULL_MS = 5000 };

static void
work_free(struct front *f, void *work)
{
	struct report_work *w = work;

	(void)f;
	json_decref(w->report);
	json_decref(w->scrubbed);
	json_decref(w->replaced);
	buf_wipe(&w->text);
	mem_wipe_free(w, sizeof *w);
}

/* The waiting request of an answer, or NULL when nobody waits any more. */
struct report_work *
in_report_waiting(struct front *f, uint64_t owner, struct conn **ret)
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
take_approved(struct report_work *w, json_t *in, struct fault *why)
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

/* A token says a sector group; the CEPTOAR in it is the sender's word. */
static int
find_slot_blind(struct conn *c, struct report_work *w, struct fault *why)
{
	unsigned slot = taxonomy_slot(c->f->tax, slice_of(w->facts.ceptoar));

	if (slot != SLOT_NONE) {
		w->put.slot = (uint8_t)slot;
		return 0;
	}
	(void)snprintf(why->pointer, sizeof why->pointer, "/ceptoar");
	why->problem = w->facts.ceptoar[0] == '\0' ? P_MISSING_FIELD : P_INVALID_FIELD;
	why->detail = "a CEPTOAR of the token's sector group";
	return ERR_INVALID;
}

/* Whose report is it?  One of the sender's CEPTOARs; the report must say which when there
 * are several.  An agency may have none. */
static int
find_slot(struct conn *c, struct report_work *w, struct fault *why)
{
	const struct rights *r = &c->who->rights;
	const struct taxonomy *t = c->f->tax;
	unsigned i, count = 0, only = SLOT_NONE;

	for (i = 0; i < SLOTS; i++) {
		if (!rights_reports_in(&r->op, &r->aff, r->roles, i))
			continue;
		count++;
		only = i;
	}
	(void)snprintf(why->pointer, sizeof why->pointer, "/ceptoar");
	if (w->facts.ceptoar[0] != '\0') {
		i = taxonomy_slot(t, slice_of(w->facts.ceptoar));
		if (!rights_reports_in(&r->op, &r->aff, r->roles, i)) {
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
read_body(struct conn *c, struct report_work *w, struct fault *why)
{
	json_t *in = NULL;
	int rc = json_read(buf_slice(&c->req->body), &json_caps_report, &in, why);

	if (rc != 0)
		return rc;
	if (!json_is_object(in))
		rc = fault_set(why, P_WRONG_TYPE, NULL, "an object");
	if (rc == 0)
		rc = take_approved(w, in, why);
	if (rc == 0 && w->put.blind)
		rc = names_sender_json(in, why);
	if (rc == 0)
		rc = in_slip_take(
		    in, c->f->tax, w->slip, &w->put.slip.n, &w->put.slip_desk, why);
	w->put.slip.p = (const char *)w->slip;
	if (rc == 0)
		rc = report_check(in, c->f->tax, clock_wall_ms(), &w->report, why);
	json_decref(in);
	if (rc != 0)
		return rc;
	report_facts(w->report, &w->facts);
	if (!w->put.blind)
		return find_slot(c, w, why);
	if (w->facts.named) { /* nobody here could be named */
		(void)fault_set(why, P_NAMES_SENDER, NULL, NULL);
		(void)snprintf(why->pointer, sizeof why->pointer, "/consent/identity");
		return ERR_INVALID;
	}
	return find_slot_blind(c, w, why);
}

/* -------- last part: store */

static void
note_full(struct front *f, const struct answer *a)
{
	struct keeper_reply k;

	if (a->err == 0 && keeper_reply_get(a->p, a->n, &k) == 0 &&
	    k.problem == P_STORAGE_FULL)
		f->full_until = clock_mono_ms() + FULL_MS;
}

static void
on_put(struct front *f, uint64_t owner, const struct answer *a)
{
	struct conn *c = conn_find(f, owner);
	const struct report_work *w;

	note_full(f, a);
	if (a->note != NULL)
		settle(f, a->note, a);
	if (c == NULL || c->req == NULL || c->req->work == NULL)
		return;
	w = c->req->work;
	c->req->call = 0;
	if (c->on == ON_BLIND)
		in_blind_put(c, a);
	if (a->err != 0) /* it was sent: nobody knows */
		http_problem(c, P_OUTCOME_UNKNOWN, NULL, NULL);
	else if (w->put.has_case)
		in_case_answer(c, a, 1);
	else
		http_keeper(c, a, 1);
}

/* `ticket`: what the vault has to be told about it; NULL: nothing. */
static void
store(struct conn *c, struct report_work *w, const uint8_t *ticket)
{
	struct front *f = c->f;
	struct buf b;
	int rc;

	w->put.json = buf_slice(&w->text);
	buf_init(&b, REPORT_JSON_MAX + SLIP_MAX + 1024);
	keeper_put_put(&b, &w->put);
	rc = f->keeper_ready
		 ? call_start(f, CALL_KEEPER, KM_PUT, &b, c->id, on_put, &c->req->call)
		 : ERR_DOWN;
	buf_wipe(&b);
	if (rc == 0 && ticket != NULL)
		call_keep(f, c->req->call, ticket);
	else if (ticket != NULL)
		settle(f, ticket, NULL);
	if (rc != 0)
		http_no_answer(c, rc);
}

/* The vault's no; a preview says the same as the report would. */
void
in_report_refused(struct conn *c, unsigned status)
{
	if (status == VS_INVALID)
		http_problem(c, P_INVALID_FIELD, "/consent/named_to",
		    "member ids of the centre or of ministries that can be named now");
	else
		http_problem(c,
		    status == VS_FULL	    ? P_STORAGE_FULL
		    : status == VS_OUTCOME  ? P_UNAVAILABLE
		    : status == VS_DISABLED ? P_DISABLED_MEMBER
		    : status == VS_UNKNOWN || status == VS_REVOKED || status == VS_EXPIRED
			? P_UNKNOWN_MEMBER
			: P_INTERNAL,
		    NULL, NULL);
}

static void
on_seal(struct front *f, uint64_t owner, const struct answer *a)
{
	struct vault_seal s;
	struct conn *c;
	struct report_work *w = in_report_waiting(f, owner, &c);
	int rc = a->err != 0 ? a->err : vault_seal_get(a->p, a->n, &s);

	if (w == NULL) { /* nobody waits: it will not be stored */
		if (rc == 0 && s.status == VS_OK)
			settle(f, s.ticket, NULL);
		return;
	}
	if (rc != 0) {
		http_no_answer(c, rc);
		return;
	}
	if (s.status != VS_OK) {
		in_report_refused(c, s.status);
		return;
	}
	w->put.auto_ok = s.auto_ok;
	memcpy(w->put.counts, s.topics, sizeof w->put.counts);
	w->put.since = s.since;
	memcpy(w->put.named, s.named, sizeof w->put.named);
	store(c, w, s.ticket);
}

/* Whether the keeper may release it by itself: the vault counts these.  An exercise is no
 * release that could flood anybody. */
static int
may_release(const struct front *f, const struct report_work *w)
{
	const struct report_facts *x = &w->facts;

	if (x->publish == CONSENT_NONE || x->tlp == TLP_RED || x->exercise)
		return 0;
	if (w->put.slot < SLOTS)
		return x->level >= f->auto_from.level[w->put.slot];
	return x->publish == CONSENT_CROSS_SECTOR && x->level >= f->auto_from.no_slot;
}

void
in_report_seal(struct conn *c, struct report_work *w)
{
	struct vault_order o;
	struct buf b;
	int rc, may = may_release(c->f, w);

	/* An envelope would take the room that the keeper has for others, and stay
	 * behind. */
	if (clock_mono_ms() < c->f->full_until && !report_is_critical(&w->facts)) {
		http_problem(c, P_STORAGE_FULL, NULL, NULL);
		return;
	}
	front_random(c->f, w->put.report, sizeof w->put.report);
	memset(&o, 0, sizeof o);
	memcpy(o.spki, c->who->spki, SPKI_LEN);
	memcpy(o.report, w->put.report, ID_LEN);
	o.wants_auto = may ? 1 : 0;
	o.critical = report_is_critical(&w->facts) ? 1 : 0;
	o.topic_count = w->put.topic_count;
	memcpy(o.topics, w->put.topics, sizeof o.topics);
	in_report_named(w, &o);
	buf_init(&b, VAULT_ORDER_LEN);
	vault_order_put(&b, &o);
	rc = c->f->vault_ready ? call_start(c->f, CALL_VAULT, VM_SEAL, &b, c->id, on_seal,
				     &c->req->call)
			       : ERR_DOWN;
	buf_done(&b);
	if (rc == 0)
		call_keep(c->f, c->req->call, NULL);
	else
		http_no_answer(c, rc);
}

/* A blind report has no identity that could be sealed, and nobody whose releases could be
 * counted: [policy] blind_auto alone decides about those. */
static void
seal_and_store(struct conn *c, struct report_work *w)
{
	if (!w->put.blind) {
		if (w->put.has_case)
			in_follow_ask(c, w);
		else
			in_report_seal(c, w);
		return;
	}
	front_random(c->f, w->put.report, sizeof w->put.report);
	w->put.auto_ok = 1;
	store(c, w, NULL);
}

static void
on_find(struct front *f, uint64_t owner, const struct answer *a)
{
	struct keeper_reply k;
	struct conn *c;
	struct report_work *w = in_report_waiting(f, owner, &c);

	if (w == NULL)
		return;
	if (a->err == 0 && keeper_reply_get(a->p, a->n, &k) == 0 &&
	    k.problem == P_NOT_FOUND)
		seal_and_store(c, w);
	else
		http_keeper(c, a, 0);
}

static void
send_on(struct conn *c, struct report_work *w)
{
	const uint8_t *commitment = w->put.has_case	      ? w->put.secret_hash
				    : w->facts.has_commitment ? w->facts.commitment
							      : NULL;
	struct buf b;
	int rc = in_idem_of(c, commitment, w->put.idem_key, w->put.idem_mac);

	if (rc < 0) {
		http_problem(c, rc == ERR_INVALID ? P_INVALID_FIELD : P_INTERNAL, NULL,
		    rc == ERR_INVALID ? IDEM_DETAIL : NULL);
		return;
	}
	w->put.has_idem = rc == 1;
	if (rc == 0) {
		seal_and_store(c, w);
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

/* -------- scrub */

/* What it is about, from the text that is stored: the keeper makes the same. */
static int
take_topics(struct report_work *w)
{
	struct topics t;
	unsigned i;
	int rc = topics_of(w->scrubbed, &t);

	if (rc != 0)
		return rc;
	w->put.topic_count = (uint8_t)t.n;
	for (i = 0; i < t.n; i++)
		memcpy(w->put.topics[i], t.v[i].id, TOPIC_LEN);
	return 0;
}

static void
scrub(struct conn *c)
{
	struct report_work *w = c->req->work;
	char approved[APPROVED_LEN + 1];
	struct fault why = { P_INTERNAL, "", NULL };
	int rc;

	rc = scrub_report(terms_scrubber(c), w->report, &w->scrubbed,
	    w->kind == REPORT_PREVIEW ? &w->replaced : NULL, &why);
	if (rc == 0)
		rc = json_canonical(w->scrubbed, &w->text);
	if (rc == 0)
		rc = buf_err(&w->text);
	if (rc == 0)
		rc = take_topics(w);
	if (rc != 0) {
		http_refuse(c, rc, &why);
		return;
	}
	if (w->kind == REPORT_PREVIEW) {
		in_preview(c, w);
		return;
	}
	in_preview_approval(w, approved);
	if (w->approved[0] != '\0' && strcmp(w->approved, approved) != 0) {
		http_problem(c, P_TEXT_CHANGED, "/approved", "preview it again");
		return;
	}
	send_on(c, w);
}

int
in_report_may(struct conn *c)
{
	return c->on == ON_BLIND ? in_blind_may_report(c->f)
				 : who_may_report(c->f, c->who->reader);
}

void
in_report_start(struct conn *c, enum report_kind kind, const uint8_t *case_id,
    const uint8_t *secret_hash)
{
	struct fault why = { P_INTERNAL, "", NULL };
	struct report_work *w;
	int rc;

	if (!in_report_may(c)) {
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
	w->put.blind = c->on == ON_BLIND;
	w->put.has_token = w->put.blind && kind == REPORT_FIRST;
	if (w->put.has_token && !in_blind_token(c, w->put.token))
		return; /* w is gone with the answer */
	rc = read_body(c, w, &why);
	if (rc != 0)
		http_refuse(c, rc, &why);
	else
		terms_need(c, scrub);
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
