/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/release.h"

#include <string.h>

#include <openssl/rand.h>

#include "daemon/keeper/approval.h"
#include "daemon/keeper/drill.h"
#include "daemon/keeper/mode.h"
#include "daemon/keeper/publish.h"
#include "daemon/keeper/recall.h"
#include "daemon/keeper/red.h"
#include "daemon/keeper/second.h"
#include "daemon/keeper/situation.h"
#include "daemon/keeper/triage.h"
#include "daemon/keeper/stats.h"
#include "daemon/keeper/words.h"
#include "proto/bulletin.h"

enum { MINUTE_MS = 60000, REASON_BYTES = 1000 };

/* The header of what leaves: revision 1, or the next one. */
static int
set_head(struct keeper *k, const struct draft_facts *f, const struct audience *a,
    int64_t minute, struct store_bulletin *b)
{
	struct frame_head *h = &b->head;
	int rc;

	if (a->revises) {
		*b = a->target;
		if (b->revision == UINT16_MAX)
			return ERR_LIMIT;
		publish_next(b, FRAME_UPDATE);
	} else {
		memset(b, 0, sizeof *b);
		if (RAND_bytes(b->id, ID_LEN) != 1)
			return ERR_CRYPTO;
		rc = publish_number(k, minute, f->exercise, b->number);
		if (rc != 0)
			return rc;
		b->revision = 1;
		b->issued = minute;
		h->kind = FRAME_BULLETIN;
	}
	b->state = BULLETIN_STANDS;
	b->verified = 1;
	b->note_due = 0;
	b->end_due = b->valid_until = f->valid_until;
	h->slots = a->slots;
	h->flags = a->flags;
	h->severity = f->severity;
	h->tlp = f->tlp;
	h->sector = a->sector < SECTOR_BITS ? (uint8_t)a->sector : SECTOR_NONE;
	h->revision = b->revision;
	h->minute = (uint32_t)minute;
	memcpy(h->id, b->id, ID_LEN);
	if ((a->shown & SHOWN_PRODUCTS) != 0)
		publish_products(h, f->products, f->product_count);
	return red_set(h, f);
}

static int
read_files(struct keeper *k, const uint8_t *draft, json_t **ret)
{
	struct buf text;
	int rc;

	buf_init(&text, 16 * 1024);
	rc = draft_files(k, draft, &text);
	if (rc == 0) {
		*ret = json_loadb(text.p, text.n, 0, NULL);
		rc = *ret != NULL ? 0 : ERR_NOMEM;
	}
	buf_done(&text);
	return rc;
}

static int
write_row(struct keeper *k, const struct store_draft *d, const json_t *content,
    const struct draft_facts *f, const struct audience *a, int64_t minute,
    struct store_bulletin *b)
{
	struct bulletin_make m;
	struct buf body, stub;
	json_t *files = NULL;
	int rc;

	publish_make(b, minute, &m);
	m.sector = a->sector;
	m.origin =
	    publish_origin(d->desk == DESK_CENTRE ? ORIGIN_CENTRE : ORIGIN_SECRETARIAT);
	m.ack_ms = f->ack ? f->deadline * MINUTE_MS : 0;
	m.hold_products = (a->shown & SHOWN_PRODUCTS) == 0;
	if ((a->shown & SHOWN_MINUTE) == 0)
		m.issued_ms = publish_day(m.issued_ms, 0);
	buf_init(&body, FRAME_BODY_MAX);
	buf_init(&stub, FRAME_BODY_MAX);
	rc = mode_said(k, &m.mode);
	if (rc == 0)
		rc = read_files(k, d->id, &files);
	if (rc == 0)
		rc = bulletin_desk(&m, content, files, k->tax, &body);
	if (rc == 0 && b->head.kind != FRAME_BULLETIN)
		rc = bulletin_stub(&m, &stub);
	if (rc == 0)
		rc = publish_row(k, &b->head, &body, &stub);
	if (rc == 0)
		rc = store_bulletin_put(k->store, b);
	json_decref(files);
	buf_done(&body);
	buf_done(&stub);
	return rc;
}

/* The centre's own text goes out for the first time: one more in the year's table. */
static int
count_sent(struct keeper *k, const struct store_draft *d, const struct draft_facts *f,
    const struct store_bulletin *b, int64_t minute)
{
	struct store_meta before;
	int rc;

	if (d->desk != DESK_CENTRE || (b->head.flags & FRAME_EXERCISE) != 0)
		return 0;
	rc = store_meta_get(k->store, b->id, &before);
	if (rc == 0 && before.desk == DESK_CENTRE)
		return 0;
	if (rc != 0 && rc != ERR_NOTFOUND)
		return rc;
	return stats_sent(k, bulletin_kind_word(f->kind), minute);
}

static int
write_meta(struct keeper *k, const struct store_draft *d, const struct draft_facts *f,
    const struct release_by *by, const struct store_bulletin *b)
{
	struct store_meta m;

	memset(&m, 0, sizeof m);
	memcpy(m.bulletin, b->id, ID_LEN);
	m.desk = d->desk;
	m.origin = d->desk == DESK_CENTRE ? ORIGIN_CENTRE : ORIGIN_SECRETARIAT;
	m.kind = f->kind;
	memcpy(m.person, by->person, RECEIVER_LEN);
	m.has_second = by->second != NULL;
	if (by->second != NULL)
		memcpy(m.second, by->second, RECEIVER_LEN);
	memcpy(m.draft, d->id, ID_LEN);
	m.ack_due = f->ack ? f->deadline : 0;
	return store_meta_put(k->store, &m);
}

int
release_write(struct keeper *k, struct store_draft *d, const json_t *content,
    const struct draft_facts *f, const struct release_by *by, int64_t minute,
    struct audience *a, struct store_bulletin *ret)
{
	struct store_bulletin b;
	unsigned i;
	int rc;

	rc = set_head(k, f, a, minute, &b);
	if (rc == 0)
		rc = write_row(k, d, content, f, a, minute, &b);
	if (rc == 0)
		rc = count_sent(k, d, f, &b, minute);
	if (rc == 0)
		rc = write_meta(k, d, f, by, &b);
	for (i = 0; rc == 0 && i < a->n; i++)
		rc = release_settle(k, d, &a->v[i], a, &b, minute);
	if (rc == 0)
		rc = situation_sent(k, d, &b, minute);
	if (rc == 0)
		rc = triage_released(k, d, f->cases, f->case_count, b.id);
	if (rc != 0)
		return rc;
	d->state = DRAFT_RELEASED;
	d->touched = minute;
	d->has_bulletin = 1;
	memcpy(d->bulletin, b.id, ID_LEN);
	*ret = b;
	return store_draft_put(k->store, d);
}

int
release_draft(struct keeper *k, struct desk_call *c, struct store_draft *d,
    const struct rights *rights, const struct release_by *by, struct store_bulletin *ret)
{
	struct draft_facts f;
	struct audience a;
	json_t *content = NULL;
	int rc;

	if (d->state == DRAFT_RELEASED)
		return desk_fail(c, P_CONFLICT, NULL, "it is released");
	rc = drill_keeps(k, c, d->id);
	if (rc != 0)
		return rc;
	rc = draft_read(k, d, d->revision, &content);
	if (rc != 0)
		return rc;
	draft_facts(content, k->tax, &f);
	mode_deadline(k, c->minute, &f);
	rc = approval_check(k, c, d, content, &f);
	if (rc == 0)
		rc = audience_weigh(k, rights, d, &f, c->minute, &a);
	if (rc == 0) {
		if (a.reasons != 0)
			rc = audience_refuse(k, c, &a);
		else if (a.wide)
			rc = desk_fail(c, P_SECOND_PERSON, NULL, NULL);
		else
			rc = release_write(k, d, content, &f, by, c->minute, &a, ret);
		audience_free(&a);
	}
	json_decref(content);
	return rc;
}

void
release_answer(const struct store_bulletin *b, struct buf *out)
{
	buf_adds(out, "{\"state\":\"released\",\"bulletin\":{");
	words_id("id", b->id, out);
	buf_addf(
	    out, ",\"number\":\"%s\",\"revision\":%u}", b->number, (unsigned)b->revision);
}

static const struct field words_table[] = {
	{ .name = "alone", .type = FIELD_BOOL },
	{ .name = "reason", .type = FIELD_BLOCK, .bytes = REASON_BYTES },
	{ .name = NULL },
};

int
release_words(struct desk_call *c, const json_t *in, struct release_words *ret)
{
	struct fault why = { P_INTERNAL, "", NULL };
	struct report_check check = { .now_ms = INT64_MAX, .lang = "ja", .why = &why };
	json_t *out = NULL, *reason;
	struct buf text;
	int rc;

	memset(ret, 0, sizeof *ret);
	if (in == NULL)
		return 0;
	rc = report_object(&check, words_table, in, NULL, &out);
	if (rc == ERR_INVALID)
		return desk_fail(c, why.problem, why.pointer, why.detail);
	if (rc != 0)
		return rc;
	ret->alone = json_is_true(json_object_get(out, "alone"));
	reason = json_object_get(out, "reason");
	buf_init(&text, SECOND_TEXT_MAX);
	if (reason != NULL) {
		rc = json_canonical(reason, &text);
		if (rc == 0) {
			memcpy(ret->text, text.p, text.n);
			ret->reason = json_incref(reason);
		} else if (rc == ERR_LIMIT) {
			rc = desk_fail(c, P_INVALID_FIELD, "/reason", "too long");
		}
	}
	buf_done(&text);
	json_decref(out);
	return rc;
}

void
release_words_done(struct release_words *w)
{
	json_decref(w->reason);
	w->reason = NULL;
}

/* What the request is to be filed under. */
static void
second_of(
    const struct store_draft *d, const struct release_words *w, struct store_second *ret)
{
	memset(ret, 0, sizeof *ret);
	ret->action = SECOND_RELEASE;
	ret->desk = d->desk;
	ret->has_draft = 1;
	memcpy(ret->draft, d->id, ID_LEN);
	ret->revision = d->revision;
	ret->has_bulletin = d->has_bulletin;
	memcpy(ret->bulletin, d->bulletin, ID_LEN);
	memcpy(ret->reason, w->text, sizeof ret->reason);
}

/* Released by this person: at once, alone with its reason, or when another agrees. */
static int
release_by_one(struct keeper *k, struct desk_call *c, struct store_draft *d,
    const struct release_words *w)
{
	struct release_by by = { .person = c->m->rights.person };
	struct store_second v;
	struct store_bulletin b;
	int rc, after = 0;

	second_of(d, w, &v);
	rc = release_draft(k, c, d, &c->m->rights, &by, &b);
	if (rc == ERR_INVALID && c->problem == P_SECOND_PERSON) {
		if (!w->alone) {
			d->state = DRAFT_WAITS;
			rc = store_draft_put(k->store, d);
			return rc == 0 ? second_ask(k, c, &v) : rc;
		}
		rc = second_alone(k, c, d->desk, w);
		if (rc == 0)
			rc = release_draft(k, c, d, NULL, &by, &b);
		after = rc == 0;
	}
	if (rc == 0)
		rc = store_second_drop(k->store, d->id, 0);
	if (rc == 0 && after) {
		v.has_bulletin = 1;
		memcpy(v.bulletin, b.id, ID_LEN);
		rc = second_after(k, c, &v);
	}
	if (rc != 0)
		return rc;
	c->created = 1;
	release_answer(&b, c->out);
	if (after) {
		buf_adds(c->out, ",\"second\":{");
		words_id("id", v.id, c->out);
		buf_adds(c->out, ",\"due\":");
		words_time(v.due * MINUTE_MS, c->out);
		buf_addc(c->out, '}');
	}
	buf_addc(c->out, '}');
	return buf_err(c->out);
}

/* The body without `key`, which is taken by its caller: a new reference, NULL when there
 * was none. */
static json_t *
without(const json_t *in, const char *key)
{
	json_t *out = in != NULL ? json_copy((json_t *)(uintptr_t)in) : NULL;

	if (out != NULL && json_is_object(out))
		(void)json_object_del(out, key);
	return out;
}

/* Whoever says which revision it has read releases no other. */
static int
check_revision(struct desk_call *c, const struct store_draft *d)
{
	const json_t *j = json_object_get(c->json, "revision");

	if (j == NULL)
		return 0;
	if (!json_is_integer(j))
		return desk_fail(c, P_WRONG_TYPE, "/revision", "an integer");
	if (json_integer_value(j) != d->revision)
		return desk_fail(c, P_CONFLICT, "/revision",
		    "somebody has changed the draft since; read it again");
	return 0;
}

int
release_post(struct keeper *k, struct desk_call *c)
{
	struct release_words w = { 0 };
	struct store_draft d;
	json_t *rest;
	int rc;

	rc = draft_enter(k, c, &d);
	if (rc == 0)
		rc = check_revision(c, &d);
	if (rc != 0)
		return rc;
	rest = without(c->json, "revision");
	rc = release_words(c, rest, &w);
	if (rc == 0)
		rc = release_by_one(k, c, &d, &w);
	release_words_done(&w);
	json_decref(rest);
	return rc;
}

/* A draft of the bulletin's own desk is to be the next revision. */
static int
take_draft(struct keeper *k, struct desk_call *c, const struct store_bulletin *b,
    uint8_t desk, const json_t *ref, struct store_draft *d)
{
	struct slice s = { json_string_value(ref), json_string_length(ref) };
	uint8_t id[ID_LEN];
	int rc = ERR_NOTFOUND;

	if (s.p != NULL && s.n == (size_t)2 * ID_LEN &&
	    hex_decode(s, id, ID_LEN) == ID_LEN)
		rc = store_draft_get(k->store, id, d);
	if (rc == 0 && d->desk != desk)
		rc = ERR_NOTFOUND;
	if (rc == ERR_NOTFOUND)
		return desk_fail(
		    c, P_INVALID_FIELD, "/draft", "a draft of the bulletin's desk");
	if (rc != 0)
		return rc;
	if (d->state == DRAFT_RELEASED)
		return desk_fail(c, P_CONFLICT, "/draft", "it is released");
	d->has_bulletin = 1;
	memcpy(d->bulletin, b->id, ID_LEN);
	return store_draft_put(k->store, d);
}

/* A new draft of what was sent, with the files of the revision before. */
static int
make_draft(struct keeper *k, struct desk_call *c, const struct store_bulletin *b,
    uint8_t desk, const json_t *content, struct store_draft *d)
{
	struct draft_seed seed = { .content = content, .desk = &desk };
	struct store_meta m;
	uint8_t id[ID_LEN];
	int rc;

	if (!json_is_object(content))
		return desk_fail(
		    c, P_MISSING_FIELD, "/content", "a draft's id, or its content");
	rc = draft_make(k, c, &seed, id);
	if (rc == 0)
		rc = store_draft_get(k->store, id, d);
	if (rc != 0)
		return rc;
	d->has_bulletin = 1;
	memcpy(d->bulletin, b->id, ID_LEN);
	rc = store_meta_get(k->store, b->id, &m);
	if (rc == 0)
		rc = store_attachment_copy(k->store, m.draft, d->id);
	else if (rc == ERR_NOTFOUND)
		rc = 0;
	return rc == 0 ? store_draft_put(k->store, d) : rc;
}

int
release_update(struct keeper *k, struct desk_call *c)
{
	const json_t *ref = json_object_get(c->json, "draft");
	const json_t *content = json_object_get(c->json, "content");
	struct release_words w = { 0 };
	json_t *rest, *words = NULL;
	struct store_bulletin b;
	struct store_draft d;
	uint8_t desk;
	int rc;

	rc = recall_enter(k, c, &b, &desk);
	if (rc == 0)
		rc = drill_stands(k, c, b.id);
	if (rc == 0 && (ref != NULL) == (content != NULL))
		rc = desk_fail(
		    c, P_MISSING_FIELD, "/content", "a draft's id, or its content");
	if (rc != 0)
		return rc;
	rest = without(c->json, "draft");
	words = without(rest, "content");
	rc = release_words(c, words, &w);
	if (rc == 0)
		rc = ref != NULL ? take_draft(k, c, &b, desk, ref, &d)
				 : make_draft(k, c, &b, desk, content, &d);
	if (rc == 0)
		rc = release_by_one(k, c, &d, &w);
	release_words_done(&w);
	json_decref(rest);
	json_decref(words);
	return rc;
}
