/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/publish.h"

#include <stdio.h>
#include <string.h>

#include <openssl/rand.h>

#include "daemon/keeper/batch.h"
#include "daemon/keeper/escalate.h"
#include "daemon/keeper/kgate.h"
#include "daemon/keeper/mode.h"
#include "daemon/keeper/outbox.h"
#include "daemon/keeper/reach.h"
#include "daemon/keeper/red.h"
#include "daemon/keeper/relay.h"
#include "daemon/keeper/signer.h"
#include "daemon/keeper/situation.h"
#include "daemon/keeper/store_draft.h"
#include "daemon/keeper/store_topic.h"
#include "daemon/keeper/trend.h"
#include "daemon/keeper/words.h"
#include "proto/bulletin.h"
#include "proto/report_time.h"

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

/* What readers get of a bulletin is signed; bells, modes and statements are not its. */
static int
sign(struct keeper *k, const struct frame_head *h, struct buf *body, struct buf *stub)
{
	int rc = 0;

	if (h->kind != FRAME_BULLETIN && h->kind != FRAME_UPDATE &&
	    h->kind != FRAME_CANCEL)
		return 0;
	if (body->n > 0)
		rc = signer_text(k, body);
	if (rc == 0 && stub->n > 0)
		rc = signer_text(k, stub);
	return rc;
}

int
publish_row(struct keeper *k, struct frame_head *h, struct buf *body, struct buf *stub)
{
	int rc = sign(k, h, body, stub);

	if (rc == 0)
		rc = store_log_add(
		    k->store, h, buf_slice(body), buf_slice(stub), batch_rows(k->batch));
	if (rc == 0)
		rc = reach_released(k, h);
	if (rc == 0)
		rc = outbox_add(k, h);
	if (rc == 0)
		rc = escalate_row(k, h, buf_slice(body));
	if (rc == 0)
		rc = situation_row(k, h);
	return rc != 0 ? rc : relay_row(k, h, buf_slice(body));
}

static int
log_add(struct keeper *k, struct frame_head *h, struct texts *t)
{
	return publish_row(k, h, &t->body, &t->stub);
}

int
publish_bell(struct keeper *k, const struct bell *b)
{
	const char *slug = taxonomy_slug(k->tax, b->slot);
	struct frame_head h;
	struct texts t;
	unsigned who;
	int64_t at;
	int rc;

	memset(&h, 0, sizeof h);
	h.kind = FRAME_INBOX;
	h.severity = b->level;
	h.sector = (uint8_t)taxonomy_sector_of_slot(k->tax, b->slot);
	slots_set(&h.slots, b->slot);
	who = taxonomy_reader(k->tax, b->slot, b->minute * MINUTE_MS, &at);
	if (at == b->minute * MINUTE_MS)
		slots_set(&h.slots, who); /* it stands in for a desk that sleeps */
	if (b->exercise)
		h.flags |= FRAME_EXERCISE;
	h.flags |= (b->desks & DESK_BIT_CENTRE) != 0 ? FRAME_CENTRE : FRAME_NO_GOV;
	h.minute = (uint32_t)b->minute;
	texts_init(&t);
	buf_adds(&t.body, "{\"ceptoar\":");
	if (slug != NULL)
		json_add_string(&t.body, slice_of(slug));
	else
		buf_adds(&t.body, "null");
	buf_adds(&t.body, ",\"minute\":");
	words_time(b->minute * MINUTE_MS, &t.body);
	buf_addf(&t.body, ",\"severity\":%u%s}", (unsigned)h.severity,
	    b->exercise ? ",\"status\":\"exercise\"" : "");
	rc = buf_err(&t.body);
	if (rc == 0)
		rc = log_add(k, &h, &t);
	texts_done(&t);
	return rc;
}

int
publish_number(struct keeper *k, int64_t minute, int exercise, char ret[NUMBER_MAX])
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

/* As readers are shown it: the true list is the header's alone. */
static const char *
audience_word(const struct frame_head *h)
{
	unsigned i, n = 0;

	if (h->tlp >= TLP_RED && h->name_count > 0)
		return "named";
	if ((h->flags & FRAME_DESK) == 0 || (h->flags & (FRAME_PUBLIC | FRAME_ALL)) != 0)
		return policy_audience(h->flags);
	for (i = 0; i < SLOTS; i++)
		n += slots_has(&h->slots, i) != 0;
	return n > 1 || (h->flags & (FRAME_CROSS | FRAME_MINISTRY | FRAME_AGENCY)) != 0
		   ? "several"
		   : "ceptoar";
}

void
publish_make(const struct store_bulletin *b, int64_t minute, struct bulletin_make *ret)
{
	memset(ret, 0, sizeof *ret);
	memcpy(ret->id, b->id, ID_LEN);
	memcpy(ret->number, b->number, sizeof ret->number);
	ret->revision = b->revision;
	ret->kind = (enum frame_kind)b->head.kind;
	ret->issued_ms = minute * MINUTE_MS;
	ret->valid_until_ms = b->valid_until * MINUTE_MS;
	ret->sector = b->head.sector;
	ret->audience = audience_word(&b->head);
	ret->tlp = b->head.tlp;
	ret->severity = b->head.severity;
	ret->exercise = (b->head.flags & FRAME_EXERCISE) != 0;
	ret->verified = b->verified;
	ret->confirmed = b->reporters >= CONFIRM_MEMBERS;
	ret->what = (uint8_t)((b->head.flags & FRAME_KIND_MASK) >> FRAME_KIND_AT);
}

/* What a revision does with its texts. */
enum writing { WRITE_ALL, WRITE_STUB, WRITE_NOTHING };

/* Writes the row of b->head and the bulletin's new state. */
static int
revise(struct keeper *k, struct store_bulletin *b, int64_t minute,
    const struct bulletin_make *m, const json_t *json, enum writing how)
{
	struct bulletin_make full = *m;
	struct texts t;
	int rc = mode_said(k, &full.mode);

	b->head.revision = b->revision;
	b->head.minute = (uint32_t)minute;
	memcpy(b->head.id, b->id, ID_LEN);
	texts_init(&t);
	if (rc == 0 && m->kind != FRAME_BULLETIN)
		rc = bulletin_stub(m, &t.stub);
	/* With nobody left in the audience the new text does not leave the inbox at all.
	 */
	if (rc == 0)
		rc = how == WRITE_STUB ? bulletin_stub(m, &t.body)
				       : bulletin_write(&full, json, k->tax, &t.body);
	/* What has to wait is signed too, and thrown away: it shall take as long. */
	if (rc == 0)
		rc = how != WRITE_NOTHING ? log_add(k, &b->head, &t)
					  : sign(k, &b->head, &t.body, &t.stub);
	texts_done(&t);
	if (rc == 0 && how != WRITE_NOTHING)
		rc = store_bulletin_put(k->store, b);
	return rc;
}

void
publish_products(struct frame_head *h, const uint32_t *products, unsigned n)
{
	unsigned i, k, most = sizeof h->products / sizeof h->products[0];

	for (i = 0; i < n && h->product_count < most; i++) {
		for (k = 0; k < h->product_count; k++)
			if (h->products[k] == products[i])
				break;
		if (k == h->product_count)
			h->products[h->product_count++] = products[i];
	}
}

static void
set_facts(struct frame_head *h, const struct policy_input *in)
{
	h->severity = in->facts->level;
	h->tlp = in->facts->tlp;
}

int64_t
publish_day(int64_t ms, int up)
{
	const int64_t day = 86400000, japan = 9 * 3600000;
	int64_t start = (ms + japan) / day * day - japan;

	return up && start < ms ? start + day : start;
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
	m->reports = kgate_reports(policy_of(&k->policy, r->slot),
	    (h->flags & (FRAME_CROSS | FRAME_ALL | FRAME_PUBLIC)) != 0, b->reporters);
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
	int rc = revise(k, b, r->minute, m, r->json, WRITE_ALL);

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
		rc = revise(k, &b, r->minute, &m, r->json, WRITE_NOTHING);
		b.revision = 0;
	}
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

void
publish_next(struct store_bulletin *b, enum frame_kind kind)
{
	struct frame_head *h = &b->head;

	struct slots none;
	/* Whom TLP:RED reached stands in `names`; its desk is no audience. */
	int red = h->tlp >= TLP_RED && h->name_count > 0;
	const struct slots *slots = red ? &none : &h->slots;
	unsigned flags = red ? h->flags & (uint16_t)~FRAME_AUDIENCE : h->flags;

	memset(&none, 0, sizeof none);
	if (h->kind == FRAME_BULLETIN) { /* its reach fields mean nothing yet */
		h->reach_severity = h->severity;
		h->reach_tlp = h->tlp;
		h->reach_flags = (uint16_t)(flags & (FRAME_REACH | FRAME_NO_GOV));
		h->reach = *slots;
	} else {
		if (h->severity > h->reach_severity)
			h->reach_severity = h->severity;
		if (h->tlp < h->reach_tlp)
			h->reach_tlp = h->tlp;
		h->reach_flags =
		    (uint16_t)((h->reach_flags & FRAME_REACH) | (flags & FRAME_REACH) |
			       (h->reach_flags & flags & FRAME_NO_GOV));
		slots_join(&h->reach, slots);
	}
	h->kind = (uint8_t)kind;
	b->revision++;
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

/* Readers that the new version no longer allows are told so, whatever has to wait. */
static int
retract(struct keeper *k, const struct release *r, struct store_bulletin *b)
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
	publish_next(b, FRAME_UPDATE);
	memset(&h->slots, 0, sizeof h->slots);
	h->flags &= (uint16_t)~FRAME_AUDIENCE;
	h->named = 0;
	if ((h->flags & FRAME_DESK) == 0)
		memcpy(b->report, r->report, ID_LEN);
	publish_make(b, r->minute, &m);
	return revise(k, b, r->minute, &m, NULL, WRITE_STUB);
}

/* A desk has taken it over: what the reporter adds lies before the desk with the gate's
 * word on it, what it takes back is taken back at once. */
static int
beside_desk(struct keeper *k, const struct release *r, struct store_bulletin *b)
{
	struct frame_head weighed = b->head;
	struct kgate_ask ask;

	(void)gate(k, r, &weighed, &ask);
	return retract(k, r, b);
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
	policy_narrow(r->in, &h->slots, &h->flags);
	if (r->verdict->automatic)
		slots_join(&h->slots, &r->verdict->slots);
	/* What the report is (systems, exercise), and the audience that is new. */
	h->flags |= r->verdict->flags;
	open = gate(k, r, h, &ask);
	set_facts(h, r->in);
	memcpy(b->report, r->report, ID_LEN);
	show(k, r, b, &m);
	if (open && !nobody(h))
		return release_row(k, r, &ask, b, &m);
	if (open)
		return revise(k, b, r->minute, &m, r->json, WRITE_STUB);
	rc = revise(k, b, r->minute, &m, r->json, WRITE_NOTHING);
	*b = was;
	return rc == 0 ? retract(k, r, b) : rc;
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
	return empty ? revise(k, b, r->minute, &m, r->json, WRITE_STUB)
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

int
publish_word(struct keeper *k, const struct word_bell *w)
{
	struct frame_head h;
	struct texts text;
	int rc;

	memset(&h, 0, sizeof h);
	h.kind = FRAME_INBOX;
	h.severity = (uint8_t)w->level;
	h.sector = SECTOR_NONE;
	if (w->slots != NULL)
		h.slots = *w->slots;
	h.flags = (uint16_t)(FRAME_CENTRE | (w->exercise ? FRAME_EXERCISE : 0));
	h.minute = (uint32_t)w->minute;
	texts_init(&text);
	buf_adds(&text.body, "{\"ceptoar\":null,\"minute\":");
	words_time(w->minute * MINUTE_MS, &text.body);
	if (strcmp(w->word, "severity") < 0)
		buf_addf(&text.body, ",\"%s\":true", w->word);
	buf_addf(&text.body, ",\"severity\":%u%s", w->level,
	    w->exercise ? ",\"status\":\"exercise\"" : "");
	if (strcmp(w->word, "severity") > 0)
		buf_addf(&text.body, ",\"%s\":true", w->word);
	buf_addc(&text.body, '}');
	rc = buf_err(&text.body);
	if (rc == 0)
		rc = log_add(k, &h, &text);
	texts_done(&text);
	return rc;
}

int
publish_trend(struct keeper *k, const struct store_trend *t, int exercise)
{
	const struct word_bell bell = { "trend", &t->slots, t->level, exercise,
		t->told_at };

	return publish_word(k, &bell);
}

/* Whose bulletin it is, when a desk's. */
static int
set_origin(struct keeper *k, const struct store_bulletin *b, struct bulletin_make *m)
{
	struct store_meta meta;
	int rc;

	if ((b->head.flags & FRAME_DESK) == 0)
		return 0;
	rc = store_meta_get(k->store, b->id, &meta);
	if (rc == 0)
		m->origin = publish_origin(meta.origin);
	return rc;
}

const char *
publish_origin(unsigned origin)
{
	return origin == ORIGIN_CENTRE ? "centre" : "secretariat";
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
	return rc == 0 ? revise(k, b, minute, &m, NULL, empty ? WRITE_STUB : WRITE_ALL)
		       : rc;
}

int
publish_cancel(
    struct keeper *k, struct store_bulletin *b, int64_t minute, const char *reason)
{
	return publish_recall(k, b, minute, reason, NULL);
}
