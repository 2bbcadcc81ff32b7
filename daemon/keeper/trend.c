/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/trend.h"

#include <string.h>

#include "daemon/keeper/batch.h"
#include "daemon/keeper/publish.h"
#include "daemon/keeper/store_topic.h"

enum {
	CONFIRM_MOST = 8,	      /* bulletins by one report and topic */
	ROWS_ROOM = 32 * 1024 * 1024, /* of a batch's rows: then the next report does */
	SPAN_MOST = 1000,
	DAY_MINUTES = 24 * 60,
};

int
trend_check(struct batch_op *op)
{
	const struct keeper_put *p = &op->put;
	unsigned i, n;
	int rc = topics_of(op->json, &op->topics);

	for (i = 0; rc == 0 && i < op->topics.n; i++)
		for (n = 0; n < p->topic_count; n++)
			if (memcmp(p->topics[n], op->topics.v[i].id, TOPIC_LEN) == 0)
				op->counts[i] = p->counts[n];
	return rc;
}

unsigned
trend_counted(const struct batch_op *op)
{
	unsigned i, most = 0;

	for (i = 0; i < op->topics.n; i++)
		if (topic_is_strong(&op->topics.v[i]) && op->counts[i].members > most)
			most = op->counts[i].members;
	return most;
}

static int
keep(struct keeper *k, const struct batch_op *op, unsigned i,
    const struct store_report *row)
{
	struct store_topic t = { .minute = row->minute,
		.since = op->put.since,
		.slot = row->slot,
		.level = row->level,
		.sectors = op->counts[i].sectors,
		.members = op->counts[i].members };

	memcpy(t.topic, op->topics.v[i].id, TOPIC_LEN);
	memcpy(t.case_id, row->case_id, ID_LEN);
	t.waits = row->revision > 0 && topic_is_strong(&op->topics.v[i]) &&
		  trend_counted(op) < CONFIRM_MEMBERS;
	return store_topic_put(k->store, &t);
}

/* -------- many say the same */

static uint16_t
step_of(const struct keeper *k, unsigned members)
{
	uint16_t step = 0;
	unsigned i;

	for (i = 0; i < TREND_STEPS && k->opt.trend_steps[i] != 0; i++)
		if (members >= k->opt.trend_steps[i])
			step = k->opt.trend_steps[i];
	return step;
}

static int
tell(struct keeper *k, struct store_trend *t, int64_t minute, int exercise, int kept)
{
	uint16_t step = step_of(k, t->members);

	if (minute - t->told_at >= DAY_MINUTES)
		t->told = 0; /* another day, another 24 hours */
	if (step <= t->told)
		return 0;
	t->told = step;
	t->told_at = minute;
	return publish_trend(k, t, exercise, kept);
}

/* Its words are those of its newest report, or of the newest that the government may
 * have: one that is kept from it does not take that one's place.  *ret: it is kept. */
static int
take_words(struct keeper *k, const struct batch_op *op, const struct store_report *row,
    int fresh, struct store_trend *t, int *ret)
{
	int rc = 1;

	*ret = op->facts.no_government && op->facts.hotline == HOTLINE_NONE;
	if (*ret && !fresh)
		rc = trend_is_kept(k, t->report);
	if (rc == 1)
		memcpy(t->report, row->id, ID_LEN);
	*ret = *ret && rc != 0;
	return rc < 0 ? rc : 0;
}

/* From the first step on a topic is followed; what belongs to no slot says so by none. */
static int
follow(struct keeper *k, const struct batch_op *op, unsigned i,
    const struct store_report *row)
{
	const struct topic_count *n = &op->counts[i];
	const uint8_t *topic = op->topics.v[i].id;
	struct store_trend t;
	int rc = store_trend_get(k->store, topic, &t), fresh = rc == ERR_NOTFOUND, kept;

	if (fresh) {
		if (step_of(k, n->members) == 0)
			return 0;
		memset(&t, 0, sizeof t);
		memcpy(t.topic, topic, TOPIC_LEN);
		rc = store_topic_span(k->store, topic, SPAN_MOST, &t);
	}
	if (rc != 0)
		return rc;
	slots_set(&t.slots, row->slot);
	if (row->level > t.level)
		t.level = row->level;
	if (n->members > 0) {
		rc = take_words(k, op, row, fresh, &t, &kept);
		t.members = n->members;
		t.sectors = n->sectors;
		t.since = op->put.since;
		t.last = row->minute;
		if (rc == 0)
			rc = tell(k, &t, row->minute, op->facts.exercise, kept);
	}
	return rc != 0 ? rc : store_trend_put(k->store, &t);
}

/* -------- a second member says the same */

static int
confirm(struct keeper *k, const struct batch_op *op, struct store_bulletin *b,
    int64_t minute, unsigned members)
{
	int exercise = (b->head.flags & FRAME_EXERCISE) != 0;

	if (b->state != BULLETIN_STANDS || b->verified ||
	    b->reporters >= CONFIRM_MEMBERS || b->revision == UINT16_MAX ||
	    (b->end_due > 0 && b->end_due <= minute) || exercise != op->facts.exercise)
		return 0;
	return publish_confirm(k, b, minute, members);
}

static int
confirm_case(struct keeper *k, const struct batch_op *op, const uint8_t *case_id,
    int64_t minute, unsigned members)
{
	struct store_bulletin b;
	struct store_case c;
	int rc = store_case_get(k->store, case_id, &c);

	if (rc == 0 && !c.has_bulletin)
		return 0;
	if (rc == 0)
		rc = store_bulletin_get(k->store, c.bulletin, &b);
	if (rc == 0)
		rc = confirm(k, op, &b, minute, members);
	return rc == ERR_NOTFOUND ? 0 : rc; /* its time was over */
}

static int
confirm_waiting(struct keeper *k, const struct batch_op *op, unsigned i,
    const struct store_report *row)
{
	struct store_topic waiting[CONFIRM_MOST];
	size_t n = 0, at;
	int rc = store_topic_waiting(
	    k->store, op->topics.v[i].id, row->case_id, waiting, CONFIRM_MOST, &n);

	for (at = 0; rc == 0 && at < n; at++) {
		if (batch_rows(k->batch)->n > ROWS_ROOM)
			break;
		rc = confirm_case(
		    k, op, waiting[at].case_id, row->minute, op->counts[i].members);
		if (rc == 0)
			rc = store_topic_settled(k->store, &waiting[at]);
	}
	return rc;
}

/* Two members say that a bulletin happened to them: one of them is not its author. */
static int
confirm_seen(struct keeper *k, const struct batch_op *op, unsigned i,
    const struct store_report *row)
{
	const json_t *seen = json_object_get(op->json, "seen_bulletin");
	struct slice ref = { json_string_value(seen), json_string_length(seen) };
	uint8_t id[ID_LEN];
	struct store_bulletin b;
	int rc;

	if (hex_decode(ref, id, sizeof id) == ID_LEN)
		rc = store_bulletin_get(k->store, id, &b);
	else
		rc = store_bulletin_by_number(k->store, ref.p, &b);
	if (rc == 0 && memcmp(b.case_id, row->case_id, ID_LEN) != 0)
		rc = confirm(k, op, &b, row->minute, op->counts[i].members);
	return rc == ERR_NOTFOUND ? 0 : rc;
}

int
trend_apply(struct keeper *k, const struct batch_op *op, const struct store_report *row)
{
	unsigned i;
	int rc = 0;

	for (i = 0; rc == 0 && i < op->topics.n; i++) {
		rc = keep(k, op, i, row);
		if (rc == 0)
			rc = follow(k, op, i, row);
		if (rc != 0 || !topic_is_strong(&op->topics.v[i]) ||
		    op->counts[i].members < CONFIRM_MEMBERS)
			continue;
		rc = confirm_waiting(k, op, i, row);
		if (rc == 0 && op->topics.v[i].kind == TOPIC_BULLETIN)
			rc = confirm_seen(k, op, i, row);
	}
	return rc;
}
