/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/second.h"

#include <string.h>

#include <openssl/rand.h>

#include "daemon/keeper/drill.h"
#include "daemon/keeper/publish.h"
#include "daemon/keeper/recall.h"
#include "daemon/keeper/words.h"
#include "lib/mem.h"

enum {
	WAITING_MOST = 10000,
	DESK_MOST = 50, /* that one desk has asked for */
	LIST_MOST = 200,
	LIST_BYTES = KEEPER_FRAME_MAX / 2,
	MINUTE_MS = 60000,
	REASON_BYTES = 1000,
};

/* Who cannot wait is told what goes without. */
static const char wait_detail[] =
    "it waits for another person of this desk, of a neighbour or of the centre; what a "
    "secretariat sends to its own CEPTOAR alone needs none";

int
second_is_there(struct keeper *k, unsigned desk, int64_t now_ms)
{
	return taxonomy_is_paired(k->tax, desk, now_ms);
}

/* Who stands in for a desk has the second person of its own. */
static int
is_paired(struct keeper *k, const struct desk_call *c, unsigned desk)
{
	unsigned i;

	if (second_is_there(k, desk, c->now_ms))
		return 1;
	for (i = 0; i < SLOTS && desk_is_deputy(c, desk); i++)
		if (slots_has(&c->m->rights.sec, i) && second_is_there(k, i, c->now_ms))
			return 1;
	return 0;
}

int
second_alone(
    struct keeper *k, struct desk_call *c, unsigned desk, const struct release_words *w)
{
	if (w->reason == NULL)
		return desk_fail(
		    c, P_MISSING_FIELD, "/reason", "why nobody else could look");
	if (is_paired(k, c, desk))
		return desk_fail(c, P_SECOND_PERSON, "/alone",
		    "alone only while no second person is at the desk");
	return 0;
}

/* How loud: the level of what is to be looked at. */
static int
level_of(struct keeper *k, const struct store_second *v, unsigned *ret_level,
    int *ret_exercise)
{
	struct store_bulletin b;
	struct draft_facts f;
	struct store_draft d;
	json_t *content = NULL;
	int rc;

	if (v->has_draft) {
		rc = store_draft_get(k->store, v->draft, &d);
		if (rc == 0)
			rc = draft_read(k, &d, v->revision, &content);
		if (rc != 0)
			return rc;
		draft_facts(content, k->tax, &f);
		json_decref(content);
		*ret_level = f.severity;
		*ret_exercise = f.exercise;
		return 0;
	}
	rc = store_bulletin_get(k->store, v->bulletin, &b);
	if (rc == 0) {
		*ret_level = b.head.severity;
		*ret_exercise = (b.head.flags & FRAME_EXERCISE) != 0;
	}
	return rc;
}

/* Who may not look: the government, or with TLP:RED anybody but the desk. */
enum { KEPT_NOT, KEPT_FROM_GOVERNMENT, KEPT_BY_DESK };

static int
kept(struct keeper *k, const struct store_second *v)
{
	struct store_bulletin b;
	struct draft_facts f;
	struct store_draft d;
	json_t *content = NULL;
	int rc;

	if (!v->has_draft) {
		rc = store_bulletin_get(k->store, v->bulletin, &b);
		return rc == 0 && b.head.tlp >= TLP_RED ? KEPT_BY_DESK : KEPT_NOT;
	}
	rc = store_draft_get(k->store, v->draft, &d);
	if (rc == 0)
		rc = draft_read(k, &d, v->revision, &content);
	if (rc != 0)
		return KEPT_BY_DESK; /* what it says is not known */
	draft_facts(content, k->tax, &f);
	json_decref(content);
	/* Without an audience of its own it goes to whom the last revision went. */
	if (!f.has_audience && d.has_bulletin &&
	    store_bulletin_get(k->store, d.bulletin, &b) == 0)
		f.flags |= (uint16_t)(b.head.flags & FRAME_NO_GOV);
	if (f.tlp >= TLP_RED)
		return KEPT_BY_DESK;
	return (f.flags & FRAME_NO_GOV) != 0 ? KEPT_FROM_GOVERNMENT : KEPT_NOT;
}

/* It rings where somebody may look. */
static int
ring(struct keeper *k, const struct store_second *v, int64_t minute)
{
	unsigned level = 0, group = taxonomy_group_of_slot(k->tax, v->desk);
	int exercise = 0, closed = kept(k, v), rc = level_of(k, v, &level, &exercise);
	struct slots slots;
	const struct word_bell bell = { "second", &slots, level, exercise, minute,
		closed != KEPT_NOT && v->desk != DESK_CENTRE };

	memset(&slots, 0, sizeof slots);
	if (v->desk < SLOTS && closed == KEPT_BY_DESK)
		slots_set(&slots, v->desk);
	else if (v->desk < SLOTS && group < SECTOR_BITS)
		taxonomy_group_slots(k->tax, group, &slots);
	return rc == 0 ? publish_word(k, &bell) : rc;
}

/* Asked too long ago to be done; what was done alone waits for as long as it takes. */
static int
is_stale(const struct store_second *v, int64_t minute)
{
	return v->due == 0 && v->minute + SECOND_WAIT_MINUTES < minute;
}

struct looking {
	const struct store_second *want;
	int64_t minute;
	unsigned waiting;
};

/* 1: the same request waits already. */
static int
same(void *arg, const struct store_second *v)
{
	struct looking *l = arg;
	const struct store_second *w = l->want;

	if (v->desk != w->desk || is_stale(v, l->minute))
		return 0;
	l->waiting++;
	return v->due == 0 && v->action == w->action && v->revision == w->revision &&
	       v->has_draft == w->has_draft && memcmp(v->draft, w->draft, ID_LEN) == 0 &&
	       memcmp(v->bulletin, w->bulletin, ID_LEN) == 0;
}

static int
file(struct keeper *k, struct desk_call *c, struct store_second *v)
{
	int rc;

	if (RAND_bytes(v->id, ID_LEN) != 1)
		return ERR_CRYPTO;
	v->state = SECOND_WAITS;
	memcpy(v->person, c->m->rights.person, RECEIVER_LEN);
	v->minute = c->minute;
	rc = store_second_put(k->store, v);
	return rc == 0 ? ring(k, v, c->minute) : rc;
}

int
second_ask(struct keeper *k, struct desk_call *c, struct store_second *v)
{
	struct looking l = { v, c->minute, 0 };
	int rc = store_second_each(k->store, WAITING_MOST, same, &l);

	if (rc == 0 && l.waiting >= DESK_MOST)
		return desk_fail(
		    c, P_CONFLICT, NULL, "too many requests wait for a second person");
	if (rc == 0)
		rc = file(k, c, v);
	if (rc != 0 && rc != 1)
		return rc;
	c->keep = 1;
	return desk_fail(c, P_SECOND_PERSON, NULL,
	    v->action == SECOND_RELEASE ? wait_detail : desk_second_detail);
}

int
second_after(struct keeper *k, struct desk_call *c, struct store_second *v)
{
	v->due = c->minute + SECOND_LOOK_MINUTES;
	return file(k, c, v);
}

/* The desk itself, its neighbours, the centre. */
static int
may_look(struct keeper *k, const struct desk_call *c, const struct store_second *v)
{
	const struct rights *r = &c->m->rights;
	unsigned desk = v->desk, group = taxonomy_group_of_slot(k->tax, desk);
	struct slots near;
	int closed;

	if (desk_sits_at(c, desk))
		return 1;
	closed = kept(k, v);
	if (closed == KEPT_BY_DESK)
		return 0;
	if ((r->roles & ROLE_CENTRE) != 0)
		return closed == KEPT_NOT;
	if ((r->roles & ROLE_SECRETARIAT) == 0 || desk >= SLOTS || group >= SECTOR_BITS)
		return 0;
	taxonomy_group_slots(k->tax, group, &near);
	return slots_meet(&near, &r->sec);
}

static const char *
action_word(enum second_action a)
{
	static const char *const words[] = { "", "release", "cancel", "false_alarm" };

	return words[a >= SECOND_RELEASE && a <= SECOND_FALSE_ALARM ? a : 0];
}

/* The text that is to be released, with whom it would reach. */
static int
write_draft(struct keeper *k, const struct store_second *v, struct buf *out)
{
	struct draft_facts f;
	struct store_draft d;
	struct audience a;
	json_t *content = NULL;
	int rc;

	rc = store_draft_get(k->store, v->draft, &d);
	if (rc == 0)
		rc = draft_read(k, &d, v->revision, &content);
	if (rc != 0)
		return rc;
	draft_facts(content, k->tax, &f);
	/* The desk's cases are not the neighbour's affair. */
	(void)json_object_del(content, "cases");
	buf_adds(out, ",\"draft\":{");
	words_id("id", v->draft, out);
	buf_addf(out, ",\"revision\":%u,\"content\":", (unsigned)v->revision);
	rc = json_canonical(content, out);
	json_decref(content);
	buf_adds(out, ",\"attachments\":");
	if (rc == 0)
		rc = draft_files(k, v->draft, out);
	buf_addc(out, '}');
	if (rc == 0 && v->due == 0) {
		rc = audience_weigh(k, NULL, &d, &f, k->now_ms() / MINUTE_MS, &a);
		if (rc == 0) {
			buf_adds(out, ",\"audience\":{");
			rc = audience_write(k, &f, &a, out);
			buf_addc(out, '}');
			audience_free(&a);
		}
	}
	return rc != 0 ? rc : buf_err(out);
}

static int
write_bulletin(struct keeper *k, const struct store_second *v, struct buf *out)
{
	struct store_bulletin b;
	int rc = store_bulletin_get(k->store, v->bulletin, &b);

	if (rc != 0)
		return rc == ERR_NOTFOUND ? 0 : rc;
	buf_adds(out, ",\"bulletin\":{");
	words_id("id", b.id, out);
	buf_addf(
	    out, ",\"number\":\"%s\",\"revision\":%u}", b.number, (unsigned)b.revision);
	return buf_err(out);
}

struct listing {
	struct keeper *k;
	struct desk_call *c;
	unsigned n;
};

static int
list_one(void *arg, const struct store_second *v)
{
	struct listing *l = arg;
	const struct rights *r = &l->c->m->rights;
	struct buf *out = l->c->out;
	size_t before = out->n;
	int rc = 0;

	if (l->n == LIST_MOST || out->n > LIST_BYTES || is_stale(v, l->c->minute) ||
	    !may_look(l->k, l->c, v))
		return 0;
	buf_adds(out, l->n++ > 0 ? ",{" : "{");
	words_id("id", v->id, out);
	buf_addf(out, ",\"action\":\"%s\",\"desk\":\"%s\",", action_word(v->action),
	    draft_desk_word(l->k, v->desk));
	words_id("person", v->person, out);
	buf_addf(out, ",\"mine\":%s,\"at\":",
	    mem_equal_ct(v->person, r->person, RECEIVER_LEN) ? "true" : "false");
	words_time(v->minute * MINUTE_MS, out);
	buf_addf(out, ",\"after_the_fact\":%s", v->due > 0 ? "true" : "false");
	if (v->due > 0) {
		buf_adds(out, ",\"due\":");
		words_time(v->due * MINUTE_MS, out);
		buf_addf(out, ",\"overdue\":%s", v->overdue ? "true" : "false");
	}
	if (v->reason[0] != '\0')
		buf_addf(out, ",\"reason\":%s", v->reason);
	if (v->has_draft)
		rc = write_draft(l->k, v, out);
	if (rc == 0 && v->has_bulletin)
		rc = write_bulletin(l->k, v, out);
	if (rc == ERR_NOTFOUND) { /* its draft is gone, the others wait on */
		out->n = before;
		l->n--;
		return 0;
	}
	buf_addc(out, '}');
	return rc != 0 ? rc : buf_err(out);
}

int
second_list(struct keeper *k, struct desk_call *c)
{
	struct listing l = { k, c, 0 };
	int rc;

	buf_adds(c->out, "{\"second\":[");
	rc = store_second_each(k->store, WAITING_MOST, list_one, &l);
	buf_adds(c->out, "]}");
	return rc != 0 ? rc : buf_err(c->out);
}

static const struct field give_table[] = {
	{ .name = "agree", .type = FIELD_BOOL, .required = 1 },
	{ .name = "reason", .type = FIELD_BLOCK, .bytes = REASON_BYTES },
	{ .name = NULL },
};

static int
give_body(struct desk_call *c, struct store_second *v, int *ret_agree)
{
	struct fault why = { P_INTERNAL, "", NULL };
	struct report_check check = { .now_ms = INT64_MAX, .lang = "ja", .why = &why };
	json_t *out = NULL;
	struct buf text;
	int rc;

	if (c->json == NULL)
		return desk_fail(c, P_MISSING_FIELD, "/agree", "true or false");
	rc = report_object(&check, give_table, c->json, NULL, &out);
	if (rc == ERR_INVALID)
		return desk_fail(c, why.problem, why.pointer, why.detail);
	if (rc != 0)
		return rc;
	*ret_agree = json_is_true(json_object_get(out, "agree"));
	buf_init(&text, SECOND_TEXT_MAX);
	if (json_object_get(out, "reason") != NULL)
		rc = json_canonical(json_object_get(out, "reason"), &text);
	else if (!*ret_agree)
		rc = desk_fail(c, P_MISSING_FIELD, "/reason", "why you do not agree");
	if (rc == ERR_LIMIT)
		rc = desk_fail(c, P_INVALID_FIELD, "/reason", "too long");
	if (rc == 0)
		memcpy(v->answer, buf_cstr(&text), text.n + 1);
	buf_done(&text);
	json_decref(out);
	return rc;
}

/* What was asked for is done now, by both. */
static int
perform(struct keeper *k, struct desk_call *c, struct store_second *v,
    struct store_bulletin *ret)
{
	struct release_by by = { v->person, c->m->rights.person };
	struct store_bulletin b;
	struct store_draft d;
	int rc;

	if (v->action == SECOND_RELEASE) {
		rc = store_draft_get(k->store, v->draft, &d);
		if (rc == 0 && d.revision != v->revision)
			rc = desk_fail(
			    c, P_CONFLICT, NULL, "the draft has another text now");
		return rc == 0 ? release_draft(k, c, &d, NULL, &by, ret) : rc;
	}
	rc = store_bulletin_get(k->store, v->bulletin, &b);
	if (rc == 0 && (b.state != BULLETIN_STANDS || b.revision != v->revision))
		rc = desk_fail(c, P_CONFLICT, NULL, "the bulletin has changed since");
	if (rc == 0)
		rc = recall_write(k, &b, v->desk, c->minute,
		    v->action == SECOND_FALSE_ALARM, v->reason);
	if (rc == 0)
		*ret = b;
	return rc;
}

/* Not agreed: the draft is the desk's again, a drill that was planned with it does not
 * begin, and the desk hears of it. */
static int
turn_down(struct keeper *k, struct desk_call *c, const struct store_second *v)
{
	struct store_draft d;
	int rc = 0;

	if (v->has_draft && v->due == 0) {
		rc = store_draft_get(k->store, v->draft, &d);
		if (rc == 0) {
			d.state = DRAFT_OPEN;
			rc = store_draft_put(k->store, &d);
		}
	} else if (v->has_draft) {
		rc = drill_turned_down(k, v->draft, c->minute);
	}
	return rc == 0 ? ring(k, v, c->minute) : rc;
}

static int
enter(struct keeper *k, struct desk_call *c, struct store_second *ret)
{
	struct store_second v;
	uint8_t id[ID_LEN];
	int rc;

	if (c->m->ref.n != (size_t)2 * ID_LEN ||
	    hex_decode(c->m->ref, id, ID_LEN) != ID_LEN)
		return ERR_NOTFOUND;
	rc = store_second_get(k->store, id, &v);
	if (rc == 0 && !may_look(k, c, &v))
		rc = ERR_NOTFOUND;
	if (rc == 0 && v.state != SECOND_WAITS)
		rc = desk_fail(c, P_CONFLICT, NULL, "somebody has answered it");
	if (rc == 0 && is_stale(&v, c->minute))
		rc = desk_fail(
		    c, P_CONFLICT, NULL, "it was asked for too long ago; ask again");
	if (rc == 0 && mem_equal_ct(v.person, c->m->rights.person, RECEIVER_LEN))
		rc = desk_fail(
		    c, P_SECOND_PERSON, NULL, "another person than the one who asked");
	if (rc == 0)
		*ret = v;
	return rc;
}

int
second_give(struct keeper *k, struct desk_call *c)
{
	struct store_bulletin b;
	struct store_second v;
	int rc, agree = 0, done = 0;

	rc = enter(k, c, &v);
	if (rc == 0)
		rc = give_body(c, &v, &agree);
	if (rc != 0)
		return rc;
	done = agree && v.due == 0;
	if (done)
		rc = perform(k, c, &v, &b);
	else if (!agree)
		rc = turn_down(k, c, &v);
	v.state = agree ? SECOND_AGREED : SECOND_REFUSED;
	v.has_second = 1;
	memcpy(v.second, c->m->rights.person, RECEIVER_LEN);
	v.answered = c->minute;
	if (rc == 0)
		rc = store_second_put(k->store, &v);
	if (rc != 0)
		return rc;
	buf_addf(c->out, "{\"agreed\":%s", agree ? "true" : "false");
	if (done) {
		buf_adds(c->out, ",\"bulletin\":{");
		words_id("id", b.id, c->out);
		buf_addf(c->out, ",\"number\":\"%s\",\"revision\":%u}", b.number,
		    (unsigned)b.revision);
	}
	buf_addc(c->out, '}');
	return buf_err(c->out);
}

int
second_due(struct keeper *k, int64_t minute)
{
	struct store_second v;
	int rc = store_second_due(k->store, minute, &v);

	if (rc != 0)
		return rc;
	v.overdue = 1;
	rc = store_second_put(k->store, &v);
	if (rc == 0)
		rc = ring(k, &v, minute);
	return rc == ERR_NOTFOUND ? 0 : rc; /* its draft is gone: the next one's turn */
}
