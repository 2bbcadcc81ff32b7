/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>

#include "daemon/keeper/drill.h"
#include "daemon/keeper/release.h"
#include "daemon/keeper/second.h"
#include "proto/report_field.h"
#include "proto/report_time.h"

/* What a desk asks for: a draft of its own, marked and with a deadline, and two times. */
enum { DAY = 24 * 60, MINUTE_MS = 60000 };

/* What a drill says beyond a draft; the rest is the draft's. */
static const char *const words_kind[] = { "down", "up", NULL };
static const struct field plan_table[] = {
	{ .name = "kind", .type = FIELD_WORD, .required = 1, .words = words_kind },
	{ .name = "start", .type = FIELD_TIME },
	{ .name = "deadline", .type = FIELD_TIME, .required = 1 },
	{ .name = NULL },
};
static const char *const of_draft[] = { "title", "summary", "body", "actions", "audience",
	"severity", "tlp", "lang", NULL };

static int
is_among(const char *const *words, const char *word)
{
	for (; *words != NULL; words++)
		if (strcmp(*words, word) == 0)
			return 1;
	return 0;
}

/* The body in its two parts: *ret_plan as a new reference of what is checked here. */
static int
split(struct desk_call *c, json_t *plan, json_t *content)
{
	char pointer[80];
	const char *key;
	json_t *value;
	int bad = 0;

	if (!json_is_object(c->json))
		return desk_fail(c, P_WRONG_TYPE, "", "a drill");
	json_object_foreach((json_t *)(uintptr_t)c->json, key, value)
	{
		if (is_among(of_draft, key)) {
			bad |= json_object_set(content, key, value) != 0;
		} else if (is_among(
			       (const char *const[]){ "kind", "start", "deadline", NULL },
			       key)) {
			bad |= json_object_set(plan, key, value) != 0;
		} else {
			(void)snprintf(pointer, sizeof pointer, "/%.64s", key);
			return desk_fail(c, P_UNKNOWN_FIELD, pointer, NULL);
		}
	}
	return bad ? ERR_NOMEM : 0;
}

/* When it begins and ends. */
static int
read_times(struct desk_call *c, const json_t *plan, struct store_drill *d)
{
	const json_t *start = json_object_get(plan, "start");

	d->start = start != NULL ? draft_minute(start) : c->minute;
	d->deadline = draft_minute(json_object_get(plan, "deadline"));
	if (d->start < c->minute)
		d->start = c->minute;
	if (d->start > c->minute + (int64_t)DRILL_AHEAD_DAYS * DAY)
		return desk_fail(c, P_INVALID_FIELD, "/start", "within a year");
	if (d->deadline <= d->start ||
	    d->deadline > d->start + (int64_t)DRILL_DAYS_MOST * DAY)
		return desk_fail(c, P_INVALID_FIELD, "/deadline",
		    "behind the start, by 31 days at most");
	return 0;
}

static int
read_plan(struct desk_call *c, const json_t *in, struct store_drill *d)
{
	struct fault why = { P_INTERNAL, "", NULL };
	struct report_check check = { .now_ms = INT64_MAX, .lang = "ja", .why = &why };
	json_t *plan = NULL;
	int rc = report_object(&check, plan_table, in, NULL, &plan);

	if (rc == ERR_INVALID)
		return desk_fail(c, why.problem, why.pointer, why.detail);
	if (rc != 0)
		return rc;
	d->kind = strcmp(json_string_value(json_object_get(plan, "kind")), "up") == 0
		      ? DRILL_UP
		      : DRILL_DOWN;
	rc = read_times(c, plan, d);
	json_decref(plan);
	return rc;
}

/* Whom it is for when nothing is said: the desk's CEPTOARs, the centre's all of them;
 * with the ministries, whose stage is measured too. */
static json_t *
own_audience(struct keeper *k, const struct rights *r)
{
	json_t *list,
	    *out = json_pack("{s:{s:b,s:b}}", "government", "centre", 1, "ministries", 1);
	unsigned i;

	if ((r->roles & ROLE_CENTRE) != 0) {
		(void)json_object_set_new(out, "all", json_true());
		return out;
	}
	list = json_array();
	for (i = 0; i < SLOTS; i++)
		if (slots_has(&r->sec, i) && taxonomy_slug(k->tax, i) != NULL)
			(void)json_array_append_new(
			    list, json_string(taxonomy_slug(k->tax, i)));
	(void)json_object_set_new(out, "ceptoars", list);
	return out;
}

static int
set_missing(json_t *o, const char *key, json_t *value)
{
	if (json_object_get(o, key) == NULL)
		return report_set(o, key, value);
	json_decref(value);
	return value != NULL ? 0 : ERR_NOMEM;
}

/* What its members are asked for, where the desk has not said it itself. */
static json_t *
summary_of(const struct store_drill *d)
{
	return d->kind == DRILL_UP
		   ? json_pack("{s:s,s:s}", "ja",
			 "情報連絡訓練です。期限までに「exercise」を付けた訓練用の報告を"
			 "1件送ってください。"
			 "報告者は記録されず、件数だけを数えます。",
			 "en",
			 "This drill asks for reports: please send one report with "
			 "\"exercise\" set before the deadline. Who sent it is not kept, "
			 "only how many came.")
		   : json_pack("{s:s,s:s}", "ja",
			 "情報提供訓練です。届いたことを期限までに確認済みとしてください"
			 "。",
			 "en",
			 "This drill tries how information arrives: please acknowledge "
			 "it before the deadline.");
}

static int
make_content(
    struct keeper *k, struct desk_call *c, const struct store_drill *d, json_t *content)
{
	char until[REPORT_TIME_LEN];
	int rc;

	report_time_write(d->deadline * MINUTE_MS, until);
	rc = report_set(content, "exercise", json_true());
	if (rc == 0)
		rc = report_set(content, "valid_until", json_string(until));
	if (rc == 0)
		rc = report_set(content, "ack",
		    json_pack("{s:b,s:s}", "required", 1, "deadline", until));
	if (rc == 0)
		rc = set_missing(content, "severity", json_integer(DRILL_LEVEL));
	if (rc == 0)
		rc = set_missing(content, "summary", summary_of(d));
	return rc == 0 ? set_missing(content, "audience", own_audience(k, &c->m->rights))
		       : rc;
}

/* A secretariat drills its own CEPTOARs and who answers for them. */
static int
check_scope(struct desk_call *c, const struct draft_facts *f)
{
	const struct rights *r = &c->m->rights;
	unsigned i;

	if ((r->roles & ROLE_CENTRE) != 0)
		return 0;
	for (i = 0; i < SLOTS; i++)
		if (slots_has(&f->slots, i) && !slots_has(&r->sec, i))
			break;
	if (i == SLOTS && !slots_empty(&f->slots) &&
	    (f->flags & (FRAME_CROSS | FRAME_ALL | FRAME_PUBLIC | FRAME_AGENCY)) == 0)
		return 0;
	return desk_fail(
	    c, P_FORBIDDEN, "/audience", "a secretariat drills its own CEPTOAR");
}

/* Two drills are compared when they are of one kind, desk and audience. */
static int
body_of(struct store_drill *d, const json_t *content, struct buf *body)
{
	json_t *kept =
	    json_pack("{s:O,s:O}", "audience", json_object_get(content, "audience"),
		"title", json_object_get(content, "title"));
	struct buf same;
	int rc = kept != NULL ? json_canonical(kept, body) : ERR_NOMEM;

	json_decref(kept);
	buf_init(&same, DRILL_BODY_MAX);
	buf_addc(&same, (char)d->kind);
	buf_addc(&same, (char)d->desk);
	if (rc == 0)
		rc = json_canonical(json_object_get(content, "audience"), &same);
	if (rc == 0 && EVP_Digest(same.p, same.n, d->same, NULL, EVP_sha256(), NULL) != 1)
		rc = ERR_CRYPTO;
	buf_done(&same);
	return rc;
}

/* What goes beyond the own CEPTOAR was written by one person: another one looks at it. */
static int
look_at(struct keeper *k, struct desk_call *c, const struct store_drill *d,
    const struct store_draft *draft, const struct draft_facts *f)
{
	struct store_second v;
	struct audience a;
	int rc = audience_weigh(k, &c->m->rights, draft, f, c->minute, &a);

	if (rc != 0)
		return rc;
	if (a.reasons != 0) {
		rc = audience_refuse(k, c, &a);
	} else if (a.wide) {
		memset(&v, 0, sizeof v);
		v.action = SECOND_RELEASE;
		v.desk = d->desk;
		v.has_draft = 1;
		memcpy(v.draft, draft->id, ID_LEN);
		v.revision = draft->revision;
		rc = second_after(k, c, &v);
	}
	audience_free(&a);
	return rc;
}

int
drill_plan(struct keeper *k, struct desk_call *c, struct store_drill *d, struct buf *body)
{
	json_t *plan = json_object(), *content = json_object(), *read = NULL;
	struct draft_seed seed = { .content = content };
	struct store_draft draft;
	struct draft_facts f;
	int rc = plan != NULL && content != NULL ? split(c, plan, content) : ERR_NOMEM;

	if (rc == 0)
		rc = read_plan(c, plan, d);
	if (rc == 0)
		rc = make_content(k, c, d, content);
	if (rc == 0)
		rc = draft_make(k, c, &seed, d->draft);
	if (rc == 0)
		rc = store_draft_get(k->store, d->draft, &draft);
	if (rc == 0)
		rc = draft_read(k, &draft, draft.revision, &read);
	if (rc == 0) {
		d->has_draft = 1;
		d->desk = draft.desk;
		draft_facts(read, k->tax, &f);
		rc = check_scope(c, &f);
	}
	if (rc == 0)
		rc = body_of(d, read, body);
	if (rc == 0)
		rc = look_at(k, c, d, &draft, &f);
	json_decref(plan);
	json_decref(content);
	json_decref(read);
	return rc;
}
