/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/intake.h"

#include <string.h>

#include <openssl/rand.h>

#include "daemon/keeper/batch.h"
#include "daemon/keeper/case.h"
#include "daemon/keeper/drill.h"
#include "daemon/keeper/hotline.h"
#include "daemon/keeper/kgate.h"
#include "daemon/keeper/publish.h"
#include "daemon/keeper/redeem.h"
#include "daemon/keeper/slip.h"
#include "daemon/keeper/stats.h"
#include "daemon/keeper/store_case.h"
#include "daemon/keeper/store_hotline.h"
#include "daemon/keeper/store_named.h"
#include "daemon/keeper/trend.h"
#include "daemon/keeper/triage.h"
#include "daemon/keeper/words.h"
#include "lib/mem.h"

static const struct json_caps caps = { REPORT_JSON_MAX, 16, 10000, 128 * 1024 };

int
intake_read(struct slice bytes, json_t **ret, struct fault *why)
{
	json_t *j = NULL;
	struct buf again;
	int rc;

	rc = json_read(bytes, &caps, &j, why);
	if (rc != 0)
		return rc;
	/* Key order and spacing would be a mark of the client that wrote them. */
	buf_init(&again, bytes.n + 1024);
	rc = json_canonical(j, &again);
	if (rc == ERR_NOMEM)
		goto out;
	if (rc != 0 || again.n != bytes.n || memcmp(again.p, bytes.p, bytes.n) != 0) {
		rc = fault_set(why, P_NOT_PUBLIC, NULL, "not in canonical form");
		goto out;
	}
	rc = report_is_public(j, why);
out:
	buf_done(&again);
	if (rc == 0)
		*ret = j;
	else
		json_decref(j);
	return rc;
}

static int
refuse(struct batch_op *op, enum problem p, const char *pointer, const char *detail)
{
	size_t n = strlen(pointer);

	op->problem = p;
	memcpy(op->fault.pointer, pointer, n + 1); /* literals, shorter than the field */
	op->fault.detail = detail;
	return ERR_INVALID;
}

int
intake_check(struct keeper *k, struct batch_op *op)
{
	const char *slug;
	int rc;

	rc = keeper_put_get(op->bytes, op->n, &op->put);
	if (rc != 0)
		return rc;
	rc = redeem_check(k, op);
	if (rc != 0)
		return rc;
	rc = intake_read(op->put.json, &op->json, &op->fault);
	if (rc != 0) {
		op->problem = op->fault.problem;
		return rc;
	}
	report_facts(op->json, &op->facts);
	/* Without a certificate there is no name that an envelope could hold. */
	if (op->put.blind && (op->facts.named || op->put.named_count > 0))
		return refuse(op, P_INVALID_FIELD, "/consent/named_to",
		    "a blind report names nobody");
	/* Whoever is named has an envelope, and nobody else. */
	if (op->facts.named != (op->put.named_count > 0))
		return refuse(op, P_INVALID_FIELD, "/consent/named_to",
		    "a report that names its recipients comes with their envelopes");
	rc = trend_check(op);
	if (rc != 0)
		return rc;
	slug = taxonomy_slug(k->tax, op->put.slot);
	if (op->put.slot != SLOT_NONE && slug == NULL)
		return refuse(op, P_INVALID_FIELD, "/ceptoar", "no such CEPTOAR");
	if (op->put.blind && op->facts.ceptoar[0] == '\0')
		return refuse(op, P_MISSING_FIELD, "/ceptoar", "no token says it");
	if (op->facts.ceptoar[0] != '\0' &&
	    (slug == NULL || strcmp(slug, op->facts.ceptoar) != 0))
		return refuse(
		    op, P_INVALID_FIELD, "/ceptoar", "not the CEPTOAR of this report");
	return 0;
}

/* The same bytes whenever they are asked for: nothing in them depends on today. */
static int
receipt_write(struct keeper *k, const struct store_report *r, const struct store_case *c,
    struct buf *out)
{
	struct store_bulletin b;
	int rc;

	buf_addc(out, '{');
	words_id("id", r->id, out);
	if (c->has_commitment) {
		buf_addc(out, ',');
		words_id("case", r->case_id, out);
	}
	buf_addf(out, ",\"state\":\"%s\"", r->revision > 0 ? "released" : "received");
	if (r->revision > 0) {
		rc = store_bulletin_get(k->store, r->bulletin, &b);
		if (rc != 0)
			return rc;
		buf_adds(out, ",\"bulletin\":{");
		words_id("id", b.id, out);
		buf_addf(out, ",\"number\":\"%s\"}", b.number);
	}
	buf_adds(out, ",\"read_by\":");
	words_read_by(k->tax, r->slot, r->desks, r->minute * 60000, out);
	buf_addc(out, '}');
	return buf_err(out);
}

int
intake_find(struct keeper *k, const uint8_t *key, const uint8_t *mac, struct buf *out)
{
	struct store_idem i;
	struct store_report r;
	struct store_case c;
	int rc;

	rc = store_idem_get(k->store, key, &i);
	if (rc != 0)
		return rc;
	if (!mem_equal_ct(i.mac, mac, sizeof i.mac))
		return ERR_CONFLICT;
	rc = store_report_get(k->store, i.report, &r, NULL);
	if (rc == 0)
		rc = store_case_get(k->store, r.case_id, &c);
	if (rc == 0)
		rc = receipt_write(k, &r, &c, out);
	return rc;
}

/* 1: the key is known and the answer stands in op; 0: a new one. */
static int
find_known(struct keeper *k, struct batch_op *op)
{
	int rc;

	if (!op->put.has_idem)
		return 0;
	rc = intake_find(k, op->put.idem_key, op->put.idem_mac, batch_answers(k->batch));
	if (rc == ERR_NOTFOUND)
		return 0;
	if (rc == ERR_CONFLICT)
		op->problem = P_IDEMPOTENCY_MISMATCH;
	return rc == 0 || rc == ERR_CONFLICT ? 1 : rc;
}

/* The case that this version belongs to; *c is what will be written. */
static int
case_of(struct keeper *k, struct batch_op *op, int64_t minute, struct store_case *c)
{
	const struct keeper_put *p = &op->put;
	const char *why = NULL;
	int rc;

	if (p->has_case) {
		rc = case_open(k, p->case_id, p->secret_hash, c);
		if (rc == ERR_NOTFOUND) {
			op->problem = P_NOT_FOUND;
			return 0;
		}
		if (rc == 0)
			rc = case_may_follow(k, c, p->blind, &why);
		if (rc == 0 && why != NULL)
			(void)refuse(op, P_CONFLICT, "", why);
		else if (rc == 0 && c->slot != p->slot)
			(void)refuse(
			    op, P_CONFLICT, "/ceptoar", "the case is another CEPTOAR's");
		if (rc == 0) {
			c->reports++;
			memcpy(c->report, p->report, ID_LEN);
		}
		return rc;
	}
	memset(c, 0, sizeof *c);
	if (RAND_bytes(c->id, ID_LEN) != 1)
		return ERR_CRYPTO;
	c->has_commitment = op->facts.has_commitment;
	memcpy(c->commitment, op->facts.commitment, sizeof c->commitment);
	c->slot = p->slot;
	c->state = CASE_RECEIVED;
	c->minute = minute;
	c->reports = 1;
	memcpy(c->report, p->report, ID_LEN);
	return 0;
}

/* A desk that had an earlier version gets this one whatever its level, or the earlier one
 * would stay the newest there; not the centre what is kept from the government. */
static void
decide(struct keeper *k, const struct policy_input *in, const struct store_case *c,
    struct policy_verdict *ret)
{
	policy_decide(&k->policy, in, ret);
	if ((ret->flags & FRAME_NO_GOV) == 0)
		ret->desks |= c->desks;
}

/* Where the case lies from now on.  A reporter that keeps the government out takes it off
 * the centre's desk, what was said before included; not when the centre was called, by
 * the hotline or by the level, for it is answering. */
static int
place(struct keeper *k, const struct policy_verdict *v, struct store_case *c)
{
	struct store_call call;
	int rc;

	c->desks |= (uint8_t)v->desks;
	if ((v->flags & FRAME_NO_GOV) == 0 || (c->desks & DESK_BIT_CENTRE) == 0)
		return 0;
	rc = store_call_get(k->store, c->id, &call);
	if (rc != ERR_NOTFOUND)
		return rc;
	c->desks &= (uint8_t)~DESK_BIT_CENTRE;
	return triage_left(k, c);
}

/* 1: this one stands. */
static int
standing(void *arg, struct store_bulletin *b)
{
	if (b->state != BULLETIN_STANDS)
		return 0;
	*(struct store_bulletin *)arg = *b;
	return 1;
}

/* First release, update, or nothing: what this version does to the case's bulletin.  When
 * none stands any more this is news again. */
static int
release(struct keeper *k, struct batch_op *op, const struct release *r,
    struct store_case *c, struct store_report *row)
{
	struct store_bulletin b = { .revision = 0 };
	uint16_t revision;
	int rc = case_bulletins(k, c, standing, &b);

	if (rc < 0)
		return rc;
	if (rc == 1 && op->facts.exercise != ((b.head.flags & FRAME_EXERCISE) != 0)) {
		(void)refuse(
		    op, P_CONFLICT, "/exercise", "the case's bulletin is the other kind");
		return 0;
	}
	if (rc == 1) {
		revision = b.revision;
		rc = publish_update(k, r, &b);
	} else {
		revision = 0;
		rc = publish_first(k, r, &b);
	}
	if (rc != 0 || b.revision == revision) /* it waits on the desk */
		return rc;
	c->state = CASE_RELEASED;
	c->has_bulletin = 1;
	memcpy(c->bulletin, b.id, ID_LEN);
	memcpy(row->bulletin, b.id, ID_LEN);
	row->revision = b.revision;
	op->created = revision == 0 ? REPLY_RELEASED : REPLY_NEW;
	return 0;
}

struct going_on {
	struct keeper *k;
	const struct release *r;
	const struct store_case *c;
};

static int
retract_other(void *arg, struct store_bulletin *b)
{
	const struct going_on *o = arg;

	if (b->state != BULLETIN_STANDS ||
	    (o->c->has_bulletin && memcmp(b->id, o->c->bulletin, ID_LEN) == 0))
		return 0;
	return publish_retract(o->k, o->r, b);
}

/* What several desks have made of one case: consent that is taken back takes back all. */
static int
release_all(struct keeper *k, struct batch_op *op, const struct release *r,
    struct store_case *c, struct store_report *row)
{
	struct going_on o = { k, r, c };
	int rc = release(k, op, r, c, row);

	if (rc != 0 || op->problem != P_OK || !op->put.has_case)
		return rc;
	return case_bulletins(k, c, retract_other, &o);
}

static int
write_rows(struct keeper *k, const struct batch_op *op, const struct store_report *row,
    const struct store_case *c, const struct store_gate *gate)
{
	struct store_idem i;
	unsigned n;
	int rc;

	rc = store_report_add(k->store, row, op->put.json);
	if (rc == 0)
		rc = store_gate_add(k->store, row->id, gate);
	if (rc == 0)
		rc = store_case_put(k->store, c);
	if (rc == 0 && op->put.slip.n > 0)
		rc = slip_keep(k, &op->put, c->id, row->minute);
	if (rc == 0 && (row->desks & DESK_BIT_OWN) != 0)
		rc = store_inbox_add(k->store, row->slot, row->minute, row->id);
	if (rc == 0 && (row->desks & DESK_BIT_CENTRE) != 0)
		rc = store_inbox_add(k->store, DESK_CENTRE, row->minute, row->id);
	for (n = 0; rc == 0 && n < op->put.named_count; n++)
		rc = store_named_add(k->store, op->put.named[n], row->minute, row->id);
	if (rc == 0 && op->put.has_idem) {
		memcpy(i.mac, op->put.idem_mac, sizeof i.mac);
		memcpy(i.report, row->id, ID_LEN);
		i.minute = row->minute;
		rc = store_idem_add(k->store, op->put.idem_key, &i);
	}
	return rc;
}

/* What is kept of many reports together. */
static int
count_in(struct keeper *k, struct batch_op *op, const struct store_report *row,
    const struct store_case *c)
{
	int rc = trend_apply(k, op, row);

	if (rc == 0)
		rc = stats_take(k, op, c, row->minute);
	if (rc == 0 && op->facts.exercise && c->reports == 1)
		rc = drill_report(k, row->slot);
	return rc == 0 ? triage_join(k, op, row) : rc;
}

int
intake_apply(struct keeper *k, struct batch_op *op)
{
	const struct keeper_put *p = &op->put;
	struct policy_input in = { .slot = p->slot,
		.blind = p->blind,
		.auto_ok = p->auto_ok,
		.facts = &op->facts,
		.reporters = trend_counted(op) };
	struct policy_verdict verdict;
	struct store_shown shown;
	struct store_report row;
	struct store_gate gate;
	struct store_case c;
	struct release r;
	struct bell bell;
	int rc;

	rc = find_known(k, op);
	if (rc != 0)
		return rc == 1 ? 0 : rc;
	rc = redeem_spend(k, op);
	if (rc != 0 || op->problem != P_OK)
		return rc;
	memset(&row, 0, sizeof row);
	row.minute = k->now_ms() / 60000;
	rc = case_of(k, op, row.minute, &c);
	if (rc != 0 || op->problem != P_OK)
		return rc;
	decide(k, &in, &c, &verdict);
	if (p->slip.n > 0 && !slip_fits(p, verdict.desks)) {
		(void)refuse(
		    op, P_INVALID_FIELD, "/slip/to", "a desk that this report comes to");
		return 0;
	}
	memcpy(row.id, p->report, ID_LEN);
	memcpy(row.case_id, c.id, ID_LEN);
	row.slot = p->slot;
	row.level = op->facts.level;
	row.blind = p->blind;
	row.desks = verdict.desks;
	c.touched = row.minute;
	r = (struct release){ row.id, c.id, p->slot, row.minute, op->json, &in, &verdict,
		&shown, &gate };
	bell = (struct bell){ p->slot, row.desks, row.level, op->facts.exercise,
		row.minute };
	op->created = REPLY_NEW;
	rc = place(k, &verdict, &c);
	if (rc == 0)
		rc = store_shown_get(k->store, c.id, &shown);
	if (rc == 0)
		rc = publish_bell(k, &bell);
	if (rc == 0)
		rc = release_all(k, op, &r, &c, &row);
	if (rc != 0 || op->problem != P_OK)
		return rc;
	gate.held = (uint16_t)policy_neutral(gate.held | verdict.held);
	rc = write_rows(k, op, &row, &c, &gate);
	if (rc == 0)
		rc = hotline_report(k, &row, &op->facts);
	if (rc == 0)
		rc = count_in(k, op, &row, &c);
	if (rc == 0)
		rc = receipt_write(k, &row, &c, batch_answers(k->batch));
	return rc;
}
