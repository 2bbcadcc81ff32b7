/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/publish.h"

#include <stdio.h>
#include <string.h>

#include <openssl/rand.h>

#include "daemon/keeper/batch.h"
#include "daemon/keeper/store_topic.h"
#include "daemon/keeper/trend.h"
#include "daemon/keeper/words.h"
#include "proto/bulletin.h"
#include "proto/report_time.h"

enum { AUDIENCE_FLAGS = FRAME_CROSS | FRAME_ALL | FRAME_PUBLIC | FRAME_CENTRE };
enum { MINUTE_MS = 60000, NUMBER_TRIES = 50 };

/* Body and stub of one row. */
struct texts {
	struct buf body, stub;
};

static void
texts_init(struct texts *t)
{
	buf_init(&t->body, FRAME_BODY_MAX);
	buf_init(&t->stub, FRAME_BODY_MAX);
}

static void
texts_done(struct texts *t)
{
	buf_done(&t->body);
	buf_done(&t->stub);
}

static int
log_add(struct keeper *k, struct frame_head *h, const struct texts *t)
{
	return store_log_add(
	    k->store, h, buf_slice(&t->body), buf_slice(&t->stub), batch_rows(k->batch));
}

int
publish_bell(struct keeper *k, const struct release *r)
{
	const char *slug = taxonomy_slug(k->tax, r->slot);
	struct frame_head h;
	struct texts t;
	int rc;

	memset(&h, 0, sizeof h);
	h.kind = FRAME_INBOX;
	h.severity = r->in->facts->level;
	h.sector = (uint8_t)taxonomy_sector_of_slot(k->tax, r->slot);
	slots_set(&h.slots, r->slot);
	if (r->in->facts->exercise)
		h.flags |= FRAME_EXERCISE;
	if ((r->verdict->desks & DESK_BIT_CENTRE) != 0)
		h.flags |= FRAME_CENTRE;
	h.minute = (uint32_t)r->minute;
	texts_init(&t);
	buf_adds(&t.body, "{\"ceptoar\":");
	if (slug != NULL)
		json_add_string(&t.body, slice_of(slug));
	else
		buf_adds(&t.body, "null");
	buf_adds(&t.body, ",\"minute\":");
	words_time(r->minute * MINUTE_MS, &t.body);
	buf_addf(&t.body, ",\"severity\":%u%s}", (unsigned)h.severity,
	    r->in->facts->exercise ? ",\"status\":\"exercise\"" : "");
	rc = buf_err(&t.body);
	if (rc == 0)
		rc = log_add(k, &h, &t);
	texts_done(&t);
	return rc;
}

/* Year and five random characters: consecutive numbers would count the restricted ones.
 */
static int
number_draw(struct keeper *k, int64_t minute, int exercise, char ret[NUMBER_MAX])
{
	static const char set[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	struct store_bulletin other;
	char now[REPORT_TIME_LEN];
	unsigned char r[5];
	int i, rc, n;

	report_time_write(minute * MINUTE_MS, now);
	for (i = 0; i < NUMBER_TRIES; i++) {
		if (RAND_bytes(r, sizeof r) != 1)
			return ERR_CRYPTO;
		n = snprintf(ret, NUMBER_MAX, "%s%.4s-%c%c%c%c%c", exercise ? "EX-" : "",
		    now, set[r[0] & 31], set[r[1] & 31], set[r[2] & 31], set[r[3] & 31],
		    set[r[4] & 31]);
		if (n < 0 || n >= NUMBER_MAX)
			return ERR_LIMIT;
		rc = store_bulletin_by_number(k->store, ret, &other);
		if (rc != 0)
			return rc == ERR_NOTFOUND ? 0 : rc;
	}
	return ERR_LIMIT;
}

static void
make_of(const struct store_bulletin *b, int64_t minute, struct bulletin_make *ret)
{
	memset(ret, 0, sizeof *ret);
	memcpy(ret->id, b->id, ID_LEN);
	memcpy(ret->number, b->number, sizeof ret->number);
	ret->revision = b->revision;
	ret->kind = (enum frame_kind)b->head.kind;
	ret->issued_ms = minute * MINUTE_MS;
	ret->valid_until_ms = b->valid_until * MINUTE_MS;
	ret->sector = b->head.sector;
	ret->audience = policy_audience(b->head.flags);
	ret->tlp = b->head.tlp;
	ret->severity = b->head.severity;
	ret->exercise = (b->head.flags & FRAME_EXERCISE) != 0;
	ret->verified = b->verified;
	ret->confirmed = b->reporters >= CONFIRM_MEMBERS;
	ret->reports = policy_shown(b->reporters, b->head.flags);
}

/* Writes the row of b->head and the bulletin's new state. */
static int
revise(struct keeper *k, struct store_bulletin *b, const struct bulletin_make *m,
    const json_t *json, int stub_only)
{
	struct texts t;
	int rc = 0;

	b->head.revision = b->revision;
	b->head.minute = (uint32_t)(m->issued_ms / MINUTE_MS);
	memcpy(b->head.id, b->id, ID_LEN);
	texts_init(&t);
	if (m->kind != FRAME_BULLETIN)
		rc = bulletin_stub(m, &t.stub);
	/* With nobody left in the audience the new text does not leave the inbox at all.
	 */
	if (rc == 0)
		rc = stub_only ? bulletin_stub(m, &t.body)
			       : bulletin_write(m, json, k->tax, &t.body);
	if (rc == 0)
		rc = log_add(k, &b->head, &t);
	texts_done(&t);
	if (rc == 0)
		rc = store_bulletin_put(k->store, b);
	return rc;
}

/* Products of an earlier revision stay: who was reached for one hears of the rest. */
static void
products_join(struct frame_head *h, const struct report_facts *f)
{
	unsigned i, k, most = sizeof h->products / sizeof h->products[0];

	for (i = 0; i < f->product_count && h->product_count < most; i++) {
		for (k = 0; k < h->product_count; k++)
			if (h->products[k] == f->products[i])
				break;
		if (k == h->product_count)
			h->products[h->product_count++] = f->products[i];
	}
}

static void
set_facts(struct frame_head *h, const struct policy_input *in)
{
	const struct report_facts *f = in->facts;

	h->severity = f->level;
	h->tlp = f->tlp;
	products_join(h, f);
}

int
publish_first(struct keeper *k, const struct release *r, struct store_bulletin *ret)
{
	const struct policy_rules *rules = policy_of(&k->policy, r->slot);
	struct store_bulletin b;
	struct bulletin_make m;
	int rc;

	memset(&b, 0, sizeof b);
	if (RAND_bytes(b.id, ID_LEN) != 1)
		return ERR_CRYPTO;
	rc = number_draw(k, r->minute, r->in->facts->exercise, b.number);
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
	b.head.sector = (uint8_t)taxonomy_sector_of_slot(k->tax, r->slot);
	b.head.slots = r->verdict->slots;
	b.head.flags = r->verdict->flags;
	set_facts(&b.head, r->in);
	make_of(&b, r->minute, &m);
	rc = revise(k, &b, &m, r->json, 0);
	if (rc == 0)
		*ret = b;
	return rc;
}

static void
slots_join(struct slots *into, const struct slots *more)
{
	unsigned i;

	for (i = 0; i < SLOT_BYTES; i++)
		into->b[i] |= more->b[i];
}

static int
slots_empty(const struct slots *s)
{
	static const struct slots none;

	return memcmp(s, &none, sizeof none) == 0;
}

/* The next revision's header: everybody whom an earlier one reached is in the reach. */
static void
next_head(struct store_bulletin *b, enum frame_kind kind)
{
	struct frame_head *h = &b->head;

	if (h->kind == FRAME_BULLETIN) { /* its reach fields mean nothing yet */
		h->reach_severity = h->severity;
		h->reach_tlp = h->tlp;
		h->reach_flags = h->flags & AUDIENCE_FLAGS;
		h->reach = h->slots;
	} else {
		if (h->severity > h->reach_severity)
			h->reach_severity = h->severity;
		if (h->tlp < h->reach_tlp)
			h->reach_tlp = h->tlp;
		h->reach_flags |= h->flags & AUDIENCE_FLAGS;
		slots_join(&h->reach, &h->slots);
	}
	h->kind = (uint8_t)kind;
	b->revision++;
}

int
publish_update(struct keeper *k, const struct release *r, struct store_bulletin *b)
{
	struct frame_head *h = &b->head;
	struct bulletin_make m;

	if (b->revision == UINT16_MAX)
		return ERR_LIMIT;
	if (r->in->reporters > b->reporters)
		b->reporters = (uint16_t)r->in->reporters;
	next_head(b, FRAME_UPDATE);
	h->slots = h->reach;
	h->flags = h->reach_flags;
	policy_narrow(r->in, &h->slots, &h->flags);
	if (r->verdict->automatic)
		slots_join(&h->slots, &r->verdict->slots);
	/* What the report is (systems, exercise), and the audience that is new. */
	h->flags |= r->verdict->flags;
	set_facts(h, r->in);
	memcpy(b->report, r->report, ID_LEN);
	make_of(b, r->minute, &m);
	return revise(k, b, &m, r->json,
	    slots_empty(&h->slots) && (h->flags & AUDIENCE_FLAGS) == 0);
}

/* The text that the bulletin stands for now, and whose desk it lies on. */
static int
text_of(struct keeper *k, const struct store_bulletin *b, struct store_report *ret,
    json_t **ret_json)
{
	static const struct json_caps caps = { REPORT_JSON_MAX, 32, 20000,
		REPORT_JSON_MAX };
	struct fault why;
	struct buf body;
	int rc;

	buf_init(&body, REPORT_JSON_MAX);
	rc = store_report_get(k->store, b->report, ret, &body);
	if (rc == 0 && json_read(buf_slice(&body), &caps, ret_json, &why) != 0)
		rc = ERR_CORRUPT;
	buf_done(&body);
	return rc;
}

static int
repeat(struct keeper *k, struct store_bulletin *b, int64_t minute, enum frame_kind kind,
    const char *reason)
{
	struct store_report row;
	struct bulletin_make m;
	json_t *json = NULL;
	unsigned reporters = 0;
	int rc, nobody;

	if (b->revision == UINT16_MAX)
		return ERR_LIMIT;
	nobody = slots_empty(&b->head.slots) && (b->head.flags & AUDIENCE_FLAGS) == 0;
	if (kind != FRAME_CANCEL) { /* a cancel says nothing of the text */
		rc = text_of(k, b, &row, &json);
		if (rc == 0)
			rc = trend_reporters(k, json, &reporters);
		if (rc != 0) {
			json_decref(json);
			return rc;
		}
		/* Of one that is confirmed the count goes on. */
		if (b->reporters >= CONFIRM_MEMBERS && reporters > b->reporters)
			b->reporters = (uint16_t)reporters;
	}
	next_head(b, kind);
	make_of(b, minute, &m);
	m.reason = reason;
	rc = revise(k, b, &m, json, nobody);
	json_decref(json);
	return rc;
}

int
publish_note(struct keeper *k, struct store_bulletin *b, int64_t minute)
{
	b->note_due = 0;
	return repeat(k, b, minute, FRAME_UPDATE, "still_unverified");
}

int
publish_confirm(
    struct keeper *k, struct store_bulletin *b, int64_t minute, unsigned reporters)
{
	struct report_facts facts;
	/* It was let through when it came; what is new is that it is not alone. */
	struct policy_input in = {
		.auto_ok = 1, .facts = &facts, .reporters = reporters
	};
	struct policy_verdict verdict;
	struct store_report row;
	struct release r = { .report = row.id,
		.case_id = b->case_id,
		.minute = minute,
		.in = &in,
		.verdict = &verdict };
	json_t *json = NULL;
	int rc = text_of(k, b, &row, &json);

	if (rc == 0) {
		report_facts(json, &facts);
		r.slot = in.slot = row.slot;
		in.blind = row.blind;
		r.json = json;
		policy_decide(&k->policy, &in, &verdict);
		rc = publish_update(k, &r, b);
	}
	json_decref(json);
	return rc;
}

int
publish_trend(struct keeper *k, const struct store_trend *t, int exercise)
{
	struct frame_head h;
	struct texts text;
	int rc;

	memset(&h, 0, sizeof h);
	h.kind = FRAME_INBOX;
	h.severity = t->level;
	h.sector = SECTOR_NONE;
	h.slots = t->slots;
	h.flags = FRAME_CENTRE;
	if (exercise)
		h.flags |= FRAME_EXERCISE;
	h.minute = (uint32_t)t->told_at;
	texts_init(&text);
	buf_adds(&text.body, "{\"ceptoar\":null,\"minute\":");
	words_time(t->told_at * MINUTE_MS, &text.body);
	buf_addf(&text.body, ",\"severity\":%u%s,\"trend\":true}", (unsigned)t->level,
	    exercise ? ",\"status\":\"exercise\"" : "");
	rc = buf_err(&text.body);
	if (rc == 0)
		rc = log_add(k, &h, &text);
	texts_done(&text);
	return rc;
}

int
publish_cancel(
    struct keeper *k, struct store_bulletin *b, int64_t minute, const char *reason)
{
	b->state = BULLETIN_CANCELLED;
	b->note_due = b->end_due = 0;
	return repeat(k, b, minute, FRAME_CANCEL, reason);
}
