/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include <openssl/rand.h>

#include "daemon/keeper/kgate.h"
#include "daemon/keeper/publish.h"
#include "daemon/keeper/red.h"
#include "daemon/keeper/situation.h"
#include "daemon/keeper/store_draft.h"
#include "daemon/keeper/trend.h"
#include "proto/bulletin.h"

/* The bulletin of a case from its first warning to its end: how much the k gate lets each
 * revision show, and to whom. */

enum { MINUTE_MS = 60000 };

static void
set_facts(struct frame_head *h, const struct policy_input *in)
{
	h->severity = in->facts->level;
	h->tlp = in->facts->tlp;
}

static const char *
facility_of(const struct release *r, unsigned bit, const char *key)
{
	if ((r->gate->shown & bit) == 0)
		return NULL;
	return json_string_value(
	    json_object_get(json_object_get(r->json, "facility"), key));
}

/* What the gate lets be seen, in the header and in the text. */
static void
show(struct keeper *k, const struct release *r, struct store_bulletin *b,
    struct bulletin_make *m)
{
	unsigned shown = r->gate->shown,
		 sector = taxonomy_sector_of_slot(k->tax, r->slot);
	struct frame_head *h = &b->head;

	h->sector = (shown & SHOWN_SECTOR) != 0 ? (uint8_t)sector : SLOT_NONE;
	if ((shown & SHOWN_OT) == 0)
		h->flags &= (uint16_t)~FRAME_OT;
	if ((shown & SHOWN_PRODUCTS) != 0)
		publish_products(h, r->in->facts->products, r->in->facts->product_count);
	publish_make(b, r->minute, m);
	if ((shown & SHOWN_GROUP) != 0)
		m->sector = BULLETIN_GROUP + taxonomy_sector_group(k->tax, sector);
	m->region = facility_of(r, SHOWN_REGION, "region");
	m->class_ = facility_of(r, SHOWN_CLASS, "class");
	m->size = facility_of(r, SHOWN_SIZE, "size");
	m->hold_products = (shown & SHOWN_PRODUCTS) == 0;
	m->reports = kgate_reports(
	    policy_of(&k->policy, r->slot), (h->flags & KGATE_BEYOND) != 0, b->reporters);
	if ((shown & SHOWN_MINUTE) == 0) {
		m->issued_ms = publish_day(m->issued_ms, 0);
		m->valid_until_ms = publish_day(m->valid_until_ms, 1);
	}
}

/* Writes a row that shows something, and remembers what. */
static int
release_row(struct keeper *k, const struct release *r, const struct kgate_ask *ask,
    struct store_bulletin *b, const struct bulletin_make *m)
{
	int rc = publish_revise(k, b, r->minute, m, r->json, PUBLISH_ALL);

	if (rc != 0)
		return rc;
	kgate_remember(ask, r->gate, r->shown);
	rc = store_shown_put(k->store, b->case_id, r->shown);
	return rc == 0 ? situation_released(k, b->case_id, b, r->minute) : rc;
}

int
publish_first(struct keeper *k, const struct release *r, struct store_bulletin *ret)
{
	const struct policy_rules *rules = policy_of(&k->policy, r->slot);
	struct kgate_ask ask = { .before = r->shown };
	struct store_bulletin b;
	struct bulletin_make m;
	int rc;

	memset(&b, 0, sizeof b);
	if (RAND_bytes(b.id, ID_LEN) != 1)
		return ERR_CRYPTO;
	rc = publish_number(k, r->minute, r->in->facts->exercise, b.number);
	if (rc != 0)
		return rc;
	memcpy(b.case_id, r->case_id, ID_LEN);
	memcpy(b.report, r->report, ID_LEN);
	b.revision = 1;
	b.state = BULLETIN_STANDS;
	b.reporters = (uint16_t)r->in->reporters;
	b.issued = r->minute;
	b.note_due = r->minute + rules->unverified_note / MINUTE_MS;
	b.end_due = r->minute + rules->unverified_end / MINUTE_MS;
	b.valid_until = b.end_due;
	b.head.kind = FRAME_BULLETIN;
	policy_weigh(k, r->in, r->verdict, &ask, r->gate);
	b.head.slots = r->verdict->slots;
	b.head.flags = r->verdict->flags;
	set_facts(&b.head, r->in);
	show(k, r, &b, &m);
	if (r->verdict->automatic) {
		rc = release_row(k, r, &ask, &b, &m);
	} else {
		rc = publish_revise(k, &b, r->minute, &m, r->json, PUBLISH_NOTHING);
		b.revision = 0;
	}
	if (rc == 0)
		*ret = b;
	return rc;
}

static int
nobody(const struct frame_head *h)
{
	return slots_empty(&h->slots) && (h->flags & FRAME_AUDIENCE) == 0;
}

/* The gate's word on the audience of *h, which it narrows; 0 when the row has to wait. */
static int
gate(struct keeper *k, const struct release *r, struct frame_head *h,
    struct kgate_ask *ask)
{
	ask->slot = r->slot;
	ask->facts = r->in->facts;
	ask->before = r->shown;
	kgate_audience(&h->slots, h->flags, ask);
	kgate_decide(k->gate, k->tax, policy_of(&k->policy, r->slot), ask, r->gate);
	(void)kgate_narrow(r->gate, r->slot, &h->slots, &h->flags);
	return (r->gate->held & HELD_K) == 0;
}

int
publish_retract(struct keeper *k, const struct release *r, struct store_bulletin *b)
{
	struct frame_head *h = &b->head;
	struct slots was = h->slots, slots;
	uint16_t was_flags = h->flags, flags;
	struct bulletin_make m;

	red_places(k->dir, h, &was, &was_flags);
	slots = was;
	flags = was_flags;
	policy_narrow(r->in, &slots, &flags);
	if (flags == was_flags && memcmp(&slots, &was, sizeof slots) == 0 &&
	    r->in->facts->tlp <= h->tlp)
		return 0;
	if (b->revision == UINT16_MAX)
		return ERR_LIMIT;
	publish_next(b, FRAME_UPDATE);
	memset(&h->slots, 0, sizeof h->slots);
	h->flags &= (uint16_t)~FRAME_AUDIENCE;
	h->named = 0;
	if ((h->flags & FRAME_DESK) == 0)
		memcpy(b->report, r->report, ID_LEN);
	publish_make(b, r->minute, &m);
	return publish_revise(k, b, r->minute, &m, NULL, PUBLISH_STUB);
}

/* A desk has taken it over: what the reporter adds lies before the desk with the gate's
 * word on it, what it takes back is taken back at once. */
static int
beside_desk(struct keeper *k, const struct release *r, struct store_bulletin *b)
{
	struct frame_head weighed = b->head;
	struct kgate_ask ask;

	(void)gate(k, r, &weighed, &ask);
	return publish_retract(k, r, b);
}

static void
slots_join(struct slots *into, const struct slots *more)
{
	unsigned i;

	for (i = 0; i < SLOT_BYTES; i++)
		into->b[i] |= more->b[i];
}

int
publish_update(struct keeper *k, const struct release *r, struct store_bulletin *b)
{
	struct store_bulletin was = *b;
	struct frame_head *h = &b->head;
	struct bulletin_make m;
	struct kgate_ask ask;
	int rc, open;

	if (b->revision == UINT16_MAX)
		return ERR_LIMIT;
	if ((b->head.flags & FRAME_DESK) != 0)
		return beside_desk(k, r, b);
	if (r->in->reporters > b->reporters)
		b->reporters = (uint16_t)r->in->reporters;
	publish_next(b, FRAME_UPDATE);
	h->slots = h->reach;
	h->flags = h->reach_flags & FRAME_AUDIENCE;
	if (r->verdict->automatic)
		slots_join(&h->slots, &r->verdict->slots);
	/* What the report is (systems, exercise), and the audience that is new. */
	h->flags |= r->verdict->flags;
	policy_narrow(r->in, &h->slots, &h->flags);
	open = gate(k, r, h, &ask);
	set_facts(h, r->in);
	memcpy(b->report, r->report, ID_LEN);
	show(k, r, b, &m);
	if (open && !nobody(h))
		return release_row(k, r, &ask, b, &m);
	if (open)
		return publish_revise(k, b, r->minute, &m, r->json, PUBLISH_STUB);
	rc = publish_revise(k, b, r->minute, &m, r->json, PUBLISH_NOTHING);
	*b = was;
	return rc == 0 ? publish_retract(k, r, b) : rc;
}

int
publish_load(
    struct keeper *k, const uint8_t *report, struct store_report *ret, json_t **ret_json)
{
	static const struct json_caps caps = { REPORT_JSON_MAX, 32, 20000,
		REPORT_JSON_MAX };
	struct fault why;
	struct buf body;
	int rc;

	buf_init(&body, REPORT_JSON_MAX);
	rc = store_report_get(k->store, report, ret, &body);
	if (rc == 0 && json_read(buf_slice(&body), &caps, ret_json, &why) != 0)
		rc = ERR_CORRUPT;
	buf_done(&body);
	return rc;
}

static int
note_row(struct keeper *k, struct store_bulletin *b, const struct release *r)
{
	struct store_bulletin was = *b;
	struct bulletin_make m;
	struct kgate_ask ask;
	int empty = nobody(&b->head);

	publish_next(b, FRAME_UPDATE);
	if (!gate(k, r, &b->head, &ask)) {
		*b = was;
		return store_bulletin_put(k->store, b);
	}
	show(k, r, b, &m);
	m.reason = "still_unverified";
	return empty ? publish_revise(k, b, r->minute, &m, r->json, PUBLISH_STUB)
		     : release_row(k, r, &ask, b, &m);
}

int
publish_note(struct keeper *k, struct store_bulletin *b, int64_t minute)
{
	struct report_facts facts;
	struct policy_input in = { .facts = &facts };
	struct store_shown shown;
	struct store_report row;
	struct store_gate verdict;
	struct release r = { .case_id = b->case_id,
		.minute = minute,
		.in = &in,
		.shown = &shown,
		.gate = &verdict };
	unsigned reporters = 0;
	json_t *json = NULL;
	int rc;

	if (b->revision == UINT16_MAX)
		return ERR_LIMIT;
	b->note_due = 0;
	rc = publish_load(k, b->report, &row, &json);
	if (rc == 0)
		rc = store_shown_get(k->store, b->case_id, &shown);
	if (rc == 0)
		rc = trend_reporters(k, json, &reporters);
	if (rc == 0) {
		/* Of one that is confirmed the count goes on. */
		if (b->reporters >= CONFIRM_MEMBERS && reporters > b->reporters)
			b->reporters = (uint16_t)reporters;
		report_facts(json, &facts);
		r.slot = in.slot = row.slot;
		r.json = json;
		rc = note_row(k, b, &r);
	}
	json_decref(json);
	return rc;
}

/* The same text to whom it may go by now: it was let through when it came. */
static int
confirm(
    struct keeper *k, struct store_bulletin *b, int64_t minute, struct policy_input *in)
{
	struct report_facts facts;
	struct policy_verdict verdict;
	struct store_shown shown;
	struct store_gate gates;
	struct store_report row;
	struct release r = { .report = row.id,
		.case_id = b->case_id,
		.minute = minute,
		.in = in,
		.verdict = &verdict,
		.shown = &shown,
		.gate = &gates };
	json_t *json = NULL;
	int rc = publish_load(k, b->report, &row, &json);

	if (rc == 0)
		rc = store_shown_get(k->store, b->case_id, &shown);
	if (rc == 0) {
		report_facts(json, &facts);
		in->auto_ok = 1;
		in->facts = &facts;
		r.slot = in->slot = row.slot;
		in->blind = row.blind;
		r.json = json;
		policy_decide(&k->policy, in, &verdict);
		rc = publish_update(k, &r, b);
		in->facts = NULL;
	}
	json_decref(json);
	return rc;
}

int
publish_confirm(
    struct keeper *k, struct store_bulletin *b, int64_t minute, unsigned reporters)
{
	struct policy_input in = { .reporters = reporters };

	return confirm(k, b, minute, &in);
}

int
publish_pass_on(struct keeper *k, struct store_bulletin *b, int64_t minute)
{
	struct policy_input in = { .reporters = b->reporters, .passed_on = 1 };

	return confirm(k, b, minute, &in);
}

/* Whose bulletin it is, when a desk's. */
static int
set_origin(struct keeper *k, const struct store_bulletin *b, struct bulletin_make *m)
{
	struct store_meta meta;
	int rc;

	if ((b->head.flags & FRAME_RELAY) != 0)
		m->origin = "relay";
	if ((b->head.flags & FRAME_DESK) == 0)
		return 0;
	rc = store_meta_get(k->store, b->id, &meta);
	if (rc == 0)
		m->origin = publish_origin(meta.origin);
	return rc;
}

int
publish_recall(struct keeper *k, struct store_bulletin *b, int64_t minute,
    const char *reason, const json_t *why)
{
	struct bulletin_make m;
	int empty = nobody(&b->head), rc;

	if (b->revision == UINT16_MAX)
		return ERR_LIMIT;
	b->state = BULLETIN_CANCELLED;
	b->note_due = b->end_due = 0;
	publish_next(b, FRAME_CANCEL);
	b->head.flags &= (uint16_t)~FRAME_ACK;
	publish_make(b, minute, &m);
	m.reason = reason;
	m.why = why;
	rc = set_origin(k, b, &m);
	/* It says nothing of the text, and of the sender what the last revision said. */
	return rc == 0 ? publish_revise(
			     k, b, minute, &m, NULL, empty ? PUBLISH_STUB : PUBLISH_ALL)
		       : rc;
}

int
publish_cancel(
    struct keeper *k, struct store_bulletin *b, int64_t minute, const char *reason)
{
	return publish_recall(k, b, minute, reason, NULL);
}
