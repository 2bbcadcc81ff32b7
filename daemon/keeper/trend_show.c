/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/trend.h"

#include <string.h>

#include "daemon/keeper/kgate.h"
#include "daemon/keeper/store_topic.h"
#include "daemon/keeper/words.h"
#include "lib/mem.h"
#include "proto/report.h"
#include "proto/topic.h"

enum {
	DAY_MINUTES = 24 * 60,
	CASES_MOST = 1000, /* rows looked at for one count */
	SCAN = 2000,
	FAR = 100000,
};

/* The figures of a topic as last counted.  ERR_NOTFOUND. */
static int
figures(struct keeper *k, const uint8_t *topic, struct store_trend *ret)
{
	struct store_topic t;
	int rc = store_trend_get(k->store, topic, ret);

	if (rc != ERR_NOTFOUND)
		return rc;
	rc = store_topic_last(k->store, topic, &t);
	if (rc != 0)
		return rc;
	memset(ret, 0, sizeof *ret);
	memcpy(ret->topic, topic, TOPIC_LEN);
	ret->last = t.minute;
	ret->members = t.members;
	ret->sectors = t.sectors;
	ret->since = t.since;
	return 0;
}

int
trend_reporters(struct keeper *k, const json_t *json, unsigned *ret)
{
	struct store_trend f;
	struct topics t;
	unsigned i, most = 0;
	int rc = topics_of(json, &t);

	for (i = 0; rc == 0 && i < t.n; i++) {
		if (!topic_is_strong(&t.v[i]))
			continue;
		rc = figures(k, t.v[i].id, &f);
		if (rc == 0 && f.members > most)
			most = f.members;
		if (rc == ERR_NOTFOUND)
			rc = 0;
	}
	if (rc == 0)
		*ret = most;
	return rc;
}

static int
read_report(struct keeper *k, const uint8_t *id, json_t **ret)
{
	static const struct json_caps caps = { REPORT_JSON_MAX, 32, 20000,
		REPORT_JSON_MAX };
	struct store_report r;
	struct fault why;
	struct buf body;
	int rc;

	buf_init(&body, REPORT_JSON_MAX);
	rc = store_report_get(k->store, id, &r, &body);
	if (rc == 0 && json_read(buf_slice(&body), &caps, ret, &why) != 0)
		rc = ERR_CORRUPT;
	buf_done(&body);
	return rc;
}

int
trend_is_kept(struct keeper *k, const uint8_t *report)
{
	struct report_facts facts;
	json_t *json = NULL;
	int rc = read_report(k, report, &json);

	if (rc == 0) {
		report_facts(json, &facts);
		rc = facts.no_government && facts.hotline == HOTLINE_NONE;
	}
	json_decref(json);
	return rc == ERR_NOTFOUND ? 1 : rc;
}

int
trend_others(struct keeper *k, const struct store_case *c, unsigned *ret)
{
	json_t *json = NULL;
	unsigned members = 0;
	int rc = read_report(k, c->report, &json);

	if (rc == 0)
		rc = trend_reporters(k, json, &members);
	/* The reporter is one of them, or may be. */
	if (rc == 0)
		*ret = kgate_reports(
		    policy_of(&k->policy, c->slot), 0, members > 0 ? members - 1 : 0);
	json_decref(json);
	return rc;
}

/* A count that was begun less than 24 hours before lacks what was before that. */
static int
is_whole(const struct store_trend *f)
{
	return f->since <= f->last - DAY_MINUTES;
}

/* Cases of the 24 hours before the last, up to the minute `to`. */
static int
cases_of(struct keeper *k, const struct store_trend *f, int64_t to, unsigned *ret)
{
	return store_topic_cases(
	    k->store, f->topic, f->last - DAY_MINUTES, to, CASES_MOST, ret);
}

/* "last", "members" and so on, without the braces.  Of few members the number of reports
 * beside theirs would say which cases have one sender: then it is null. */
static void
write_figures(
    struct keeper *k, const struct store_trend *f, unsigned reports, struct buf *out)
{
	buf_adds(out, "\"last\":");
	words_time(f->last * 60000, out);
	buf_addf(out, ",\"members\":%u,\"reports\":", (unsigned)f->members);
	if (kgate_reports(policy_of(&k->policy, SLOT_NONE), 0, f->members) > 0)
		buf_addf(out, "%u", reports);
	else
		buf_adds(out, "null");
	buf_addf(out, ",\"sectors\":%u,\"since\":", (unsigned)f->sectors);
	words_time(f->since * 60000, out);
}

/* Which topic says most: a strong one that several name, else the one that most name. */
static int
best_of(struct keeper *k, const json_t *json, struct store_trend *ret)
{
	struct store_trend f;
	struct topics t;
	unsigned i, weight, heaviest = 0;
	int rc = topics_of(json, &t);

	for (i = 0; rc == 0 && i < t.n; i++) {
		rc = figures(k, t.v[i].id, &f);
		if (rc == ERR_NOTFOUND) {
			rc = 0;
			continue;
		}
		weight = f.members;
		if (topic_is_strong(&t.v[i]) && f.members >= CONFIRM_MEMBERS)
			weight += UINT16_MAX;
		if (rc == 0 && weight > heaviest) {
			heaviest = weight;
			*ret = f;
		}
	}
	return rc == 0 && heaviest == 0 ? ERR_NOTFOUND : rc;
}

int
trend_like(struct keeper *k, const json_t *json, struct buf *out)
{
	struct store_trend f;
	unsigned reports = 0, before = 0;
	int rc = best_of(k, json, &f);

	if (rc == 0)
		rc = cases_of(k, &f, f.last, &reports);
	if (rc == 0 && !is_whole(&f))
		rc = cases_of(k, &f, f.since, &before);
	if (rc == ERR_NOTFOUND)
		return 0;
	if (rc != 0)
		return rc;
	/* Two cases of one member are nobody's business; but that others may have been
	 * lost from the count is. */
	if (f.members < CONFIRM_MEMBERS && (before == 0 || reports < 2))
		return 0;
	buf_adds(out, ",\"like\":{");
	write_figures(k, &f, reports, out);
	buf_adds(out, ",\"topic\":");
	rc = topic_words(json, f.topic, out);
	buf_addf(out, ",\"whole\":%s}", is_whole(&f) ? "true" : "false");
	return rc != 0 ? rc : buf_err(out);
}

static int
trend_write(struct keeper *k, const struct store_trend *t, struct buf *out)
{
	json_t *json = NULL;
	unsigned reports = 0;
	int rc = read_report(k, t->report, &json);

	if (rc == 0)
		rc = cases_of(k, t, t->last, &reports);
	if (rc == 0) {
		buf_adds(out, "{\"first\":");
		words_time(t->first * 60000, out);
		buf_addc(out, ',');
		write_figures(k, t, reports, out);
		buf_addf(out, ",\"status\":\"%s\",\"topic\":",
		    json_is_true(json_object_get(json, "exercise")) ? "exercise"
								    : "actual");
		rc = topic_words(json, t->topic, out);
		buf_addf(out, ",\"whole\":%s}", is_whole(t) ? "true" : "false");
	}
	json_decref(json);
	return rc != 0 ? rc : buf_err(out);
}

/* `before` and `next` count what this desk sees: the rest is nobody's business. */
static int
write_trends(struct keeper *k, const struct keeper_list *q, const struct store_trend *v,
    size_t n, struct buf *out)
{
	int centre = (q->rights.roles & ROLE_CENTRE) != 0;
	uint64_t seen = 0, given = 0;
	size_t i, start;
	int rc;

	buf_adds(out, "{\"trends\":[");
	for (i = 0; i < n; i++) {
		if (!centre && !slots_meet(&v[i].slots, &q->rights.sec))
			continue;
		if (given == q->limit)
			break;
		if (!slots_meet(&v[i].slots, &q->rights.sec)) {
			rc = trend_is_kept(k, v[i].report);
			if (rc < 0)
				return rc;
			if (rc == 1)
				continue;
		}
		if (seen++ < q->before)
			continue;
		start = out->n;
		buf_adds(out, given > 0 ? "," : "");
		rc = trend_write(k, &v[i], out);
		if (rc == ERR_NOTFOUND) /* the report's time was over first */
			out->n = start;
		else if (rc != 0)
			return rc;
		else
			given++;
	}
	if (i < n)
		buf_addf(out, "],\"next\":%llu}", (unsigned long long)seen);
	else
		buf_adds(out, "],\"next\":null}");
	return buf_err(out);
}

int
trend_list(struct keeper *k, const struct keeper_list *q, struct buf *out)
{
	struct store_trend *v;
	size_t n = 0, cap;
	int rc;

	if ((q->rights.roles & (ROLE_CENTRE | ROLE_SECRETARIAT)) == 0 ||
	    !rights_at_desk(&q->rights))
		return ERR_DENIED;
	if (q->before > FAR)
		return ERR_INVALID;
	cap = (size_t)q->before + q->limit + SCAN;
	v = mem_calloc(cap, sizeof *v);
	if (v == NULL)
		return ERR_NOMEM;
	rc = store_trend_list(k->store, v, cap, &n);
	if (rc == 0)
		rc = write_trends(k, q, v, n, out);
	mem_free(v);
	return rc;
}

/* The topic "this bulletin", as it is given: by id or by number. */
static int
seen_figures(struct keeper *k, const struct store_bulletin *b, struct store_trend *ret)
{
	int exercise = (b->head.flags & FRAME_EXERCISE) != 0, i, rc = 0, found = 0;
	struct store_trend f;
	struct topics t;
	json_t *json;
	struct buf id;

	buf_init(&id, 64);
	buf_add_hex(&id, b->id, ID_LEN);
	for (i = 0; rc == 0 && i < 2; i++) {
		json = json_pack("{s:s,s:b}", "seen_bulletin",
		    i == 0 ? buf_cstr(&id) : b->number, "exercise", exercise);
		if (json == NULL) {
			rc = ERR_NOMEM;
			break;
		}
		rc = topics_of(json, &t);
		json_decref(json);
		if (rc == 0 && t.n > 0)
			rc = figures(k, t.v[0].id, &f);
		/* Who gave both is one member: the larger count is sure, the sum is not.
		 */
		if (rc == 0 && t.n > 0 && (!found || f.members > ret->members)) {
			*ret = f;
			found = 1;
		}
		if (rc == ERR_NOTFOUND)
			rc = 0;
	}
	buf_done(&id);
	return rc == 0 && !found ? ERR_NOTFOUND : rc;
}

int
trend_seen_too(struct keeper *k, const struct store_bulletin *b, const struct rights *r,
    struct buf *out)
{
	struct store_trend f, span;
	struct kgate_ask ask = { .slot = SLOT_NONE };
	unsigned reports = 0;
	struct store_case c;
	int rc, full = r != NULL && (r->roles & ROLE_CENTRE) != 0;

	rc = seen_figures(k, b, &f);
	if (rc == 0 && r != NULL && !full) {
		memset(&span, 0, sizeof span);
		rc = store_topic_span(k->store, f.topic, CASES_MOST, &span);
		full = rc == 0 && slots_meet(&span.slots, &r->sec);
	}
	if (rc == 0)
		rc = cases_of(k, &f, f.last, &reports);
	if (rc == 0 && !full) {
		rc = store_case_get(k->store, b->case_id, &c);
		if (rc == 0)
			ask.slot = c.slot;
		if (rc == ERR_NOTFOUND) /* a bulletin of a desk */
			rc = 0;
		kgate_audience(&b->head.slots, b->head.flags, &ask);
		if (rc == 0 && kgate_reports(policy_of(&k->policy, ask.slot), ask.beyond,
				   f.members) == 0)
			rc = ERR_NOTFOUND;
	}
	if (rc == ERR_NOTFOUND) {
		buf_adds(out, "null");
		return 0;
	}
	if (rc != 0)
		return rc;
	buf_addc(out, '{');
	write_figures(k, &f, reports, out);
	buf_addc(out, '}');
	return buf_err(out);
}
