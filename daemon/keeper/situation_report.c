/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/situation.h"

#include <stdio.h>
#include <string.h>

#include "daemon/keeper/draft.h"
#include "daemon/keeper/words.h"
#include "proto/msg_mode.h"
#include "proto/report_time.h"

/*
 * 状況報告, one click: a draft that is filled from the situation and released as any
 * other. In it stand figures from k up, the timeline's public entries, and when the next
 * one comes; no task, no case, no bulletin by name.
 */
enum { ENTRIES_BYTES = 10 * 1024, BODY_BYTES = 15 * 1024, MINUTE_MS = 60000 };

static const char *const langs[] = { "ja", "en" };

static const struct field report_table[] = {
	{ .name = "severity", .type = FIELD_LEVEL },
	{ .name = "next_report_at", .type = FIELD_TIME },
	{ .name = NULL },
};

/* One language's text of {"ja","en"}, or the other's. */
static const char *
text_in(const json_t *text, int lang)
{
	const char *s = json_string_value(json_object_get(text, langs[lang]));

	return s != NULL ? s : json_string_value(json_object_get(text, langs[!lang]));
}

/* "2026-11-08 10:06" */
static void
add_time(int64_t minute, struct buf *out)
{
	char text[REPORT_TIME_LEN];

	report_time_write(minute * MINUTE_MS, text);
	buf_addf(out, "%.10s %.5s", text, text + 11);
}

/* Rounded down to a multiple of k: the next report's figure less this one's is not to
 * say that a single case came in between. */
static int
add_figures(struct keeper *k, const struct store_situation *s, int lang, struct buf *out)
{
	const unsigned least = (unsigned)policy_of(&k->policy, s->desk)->k_beyond;
	unsigned counts[SLOTS + 1], groups[SECTOR_BITS] = { 0 }, i, g, few = 0, n = 0;
	int rc = store_situation_counts(k->store, s->id, counts);

	for (i = 0; rc == 0 && i < SLOTS; i++) {
		g = taxonomy_group_of_slot(k->tax, i);
		if (g < SECTOR_BITS)
			groups[g] += counts[i];
		else
			few |= counts[i];
	}
	buf_adds(out, lang == 0 ? "1 報告の状況\n" : "1 Reports\n");
	for (i = 0; rc == 0 && i < SECTOR_BITS; i++) {
		if (groups[i] > 0 && groups[i] < least)
			few = 1;
		if (groups[i] < least)
			continue;
		buf_addf(out, lang == 0 ? "・%s: %u件以上\n" : "- %s: %u or more\n",
		    taxonomy_group_name(k->tax, i, langs[lang]),
		    groups[i] - groups[i] % least);
		n++;
	}
	if (few != 0 || n == 0)
		buf_adds(out,
		    lang == 0 ? "・その他: 少数またはなし\n" : "- others: few or none\n");
	return rc != 0 ? rc : buf_err(out);
}

static void
add_event(const struct store_entry *e, int lang, struct buf *out)
{
	json_t *text = NULL;
	const char *s = NULL;

	add_time(e->minute, out);
	buf_addc(out, ' ');
	switch (e->kind) {
	case ENTRY_NOTE:
		text = json_loads(e->text, 0, NULL);
		s = text_in(text, lang);
		buf_adds(out, s != NULL ? s : "");
		break;
	case ENTRY_OPENED:
		buf_adds(out, lang == 0 ? "対応を開始" : "opened");
		break;
	case ENTRY_CLOSED:
		buf_adds(out, lang == 0 ? "対応を終了" : "closed");
		break;
	case ENTRY_MODE:
		buf_addf(out, lang == 0 ? "運用モード: %s" : "operating mode: %s",
		    lang != 0		      ? hub_mode_word(e->value)
		    : e->value == MODE_NORMAL ? "通常時"
					      : "大規模重要インフラサービス障害対応時");
		break;
	default:
		buf_addf(out, lang == 0 ? "状況報告第%u報" : "situation report no. %u",
		    (unsigned)e->value);
		break;
	}
	buf_addc(out, '\n');
	json_decref(text);
}

/* Behind which entry the public ones fit. */
static int
first_that_fits(
    struct keeper *k, const struct store_situation *s, int lang, uint32_t *ret_after)
{
	struct store_entry e = { 0 };
	size_t sizes[64] = { 0 }, all = 0;
	uint32_t before[64] = { 0 };
	unsigned n = 0, at = 0;
	struct buf one;
	int rc = 0;

	*ret_after = 0;
	buf_init(&one, SITUATION_TEXT_MAX + 256);
	for (;;) {
		uint32_t after = e.n;

		rc = store_entry_next(k->store, s->id, after, &e);
		if (rc != 0)
			break;
		if (!e.public)
			continue;
		buf_reset(&one);
		add_event(&e, lang, &one);
		all -= sizes[n % 64];
		sizes[n % 64] = one.n;
		before[n % 64] = after;
		all += one.n;
		n++;
		for (at = n > 64 ? n - 64 : at; all > ENTRIES_BYTES; at++) {
			all -= sizes[at % 64];
			sizes[at % 64] = 0;
		}
		*ret_after = before[at % 64];
	}
	buf_done(&one);
	return rc == ERR_NOTFOUND ? 0 : rc;
}

static int
add_timeline(struct keeper *k, const struct store_situation *s, int lang, struct buf *out)
{
	struct store_entry e = { 0 };
	int rc = first_that_fits(k, s, lang, &e.n);

	buf_adds(out, lang == 0 ? "\n2 経過\n" : "\n2 Timeline\n");
	while (rc == 0) {
		rc = store_entry_next(k->store, s->id, e.n, &e);
		if (rc == 0 && e.public)
			add_event(&e, lang, out);
	}
	return rc == ERR_NOTFOUND ? buf_err(out) : rc;
}

static int
set_body(struct keeper *k, const struct store_situation *s, int64_t next, json_t *body,
    int lang)
{
	struct buf out;
	int rc;

	buf_init(&out, BODY_BYTES);
	rc = add_figures(k, s, lang, &out);
	if (rc == 0)
		rc = add_timeline(k, s, lang, &out);
	if (next > 0) {
		buf_adds(&out, lang == 0 ? "\n3 次報\n" : "\n3 Next report\n");
		add_time(next, &out);
		buf_adds(&out, lang == 0 ? " の予定\n" : " (planned)\n");
	}
	if (rc == 0)
		rc = buf_err(&out);
	if (rc == 0)
		rc = report_set(body, langs[lang], json_stringn(out.p, out.n));
	buf_done(&out);
	return rc;
}

/* The highest level of what is out already; 1 where nothing is. */
static int
level_of(struct keeper *k, const struct store_situation *s, unsigned *ret)
{
	struct store_bulletin b;
	uint8_t id[ID_LEN];
	unsigned i;
	int rc = 0;

	*ret = 1;
	for (i = 0; rc == 0; i++) {
		rc = store_situation_bulletin_nth(k->store, s->id, i, id);
		if (rc == 0)
			rc = store_bulletin_get(k->store, id, &b);
		if (rc == 0 && b.state == BULLETIN_STANDS && b.head.severity > *ret)
			*ret = b.head.severity;
	}
	return rc == ERR_NOTFOUND ? 0 : rc;
}

static json_t *
title_of(const struct store_situation *s)
{
	json_t *text = json_loads(s->title, 0, NULL);
	char ja[1024], en[1024];

	(void)snprintf(ja, sizeof ja, "【状況報告】%s（第%u報）", text_in(text, 0),
	    (unsigned)s->reports);
	(void)snprintf(en, sizeof en, "Situation report no. %u: %s", (unsigned)s->reports,
	    text_in(text, 1));
	json_decref(text);
	return json_pack("{s:s,s:s}", "ja", ja, "en", en);
}

static int
fill(struct keeper *k, const struct store_situation *s, unsigned level, int64_t next,
    json_t *draft)
{
	const char *slug = taxonomy_slug(k->tax, s->desk);
	json_t *body = json_object();
	int rc = report_set(draft, "body", body);

	if (rc == 0)
		rc = set_body(k, s, next, body, 0);
	if (rc == 0)
		rc = set_body(k, s, next, body, 1);
	if (rc == 0)
		rc = report_set(draft, "title", title_of(s));
	if (rc == 0)
		rc = report_set(draft, "kind", json_string("outage_attack"));
	if (rc == 0)
		rc = report_set(draft, "severity", json_integer(level));
	if (rc == 0)
		rc = report_set(draft, "audience",
		    slug != NULL ? json_pack("{s:[s]}", "ceptoars", slug)
				 : json_pack("{s:b}", "all", 1));
	return rc;
}

/* Which number it has: that of a draft that was thrown away is free again. */
static int
number(struct keeper *k, struct desk_call *c, struct store_situation *s)
{
	struct store_draft d;
	int rc = s->has_draft ? store_draft_get(k->store, s->draft, &d) : 0;

	if (s->has_draft && rc == 0 && d.state != DRAFT_RELEASED)
		return desk_fail(
		    c, P_CONFLICT, NULL, "the last situation report is still a draft");
	if (rc == ERR_NOTFOUND)
		return 0;
	if (rc == 0 && s->reports == UINT16_MAX)
		return ERR_LIMIT;
	if (rc == 0)
		s->reports++;
	return rc;
}

static int
make(struct keeper *k, struct desk_call *c, struct store_situation *s, unsigned level,
    int64_t next)
{
	struct situation_said said = { .kind = ENTRY_REPORT,
		.value = s->reports,
		.person = c->m->rights.person,
		.minute = c->minute };
	json_t *content = json_object();
	struct draft_seed seed = { .content = content };
	int rc = content == NULL ? ERR_NOMEM : fill(k, s, level, next, content);

	if (rc == 0)
		rc = draft_make(k, c, &seed, s->draft);
	json_decref(content);
	s->has_draft = 1;
	if (rc == 0)
		rc = store_situation_put(k->store, s);
	return rc == 0 ? situation_say(k, s->id, &said) : rc;
}

int
situation_report(struct keeper *k, struct desk_call *c)
{
	struct store_situation s;
	json_t *body = NULL;
	unsigned level = 1;
	int64_t next = 0;
	int rc = situation_change(k, c, &s);

	if (rc == 0)
		rc = situation_body(c, report_table, &body);
	if (rc == 0)
		rc = level_of(k, &s, &level);
	if (rc == 0 && json_object_get(body, "severity") != NULL)
		level = (unsigned)json_integer_value(json_object_get(body, "severity"));
	if (rc == 0)
		next = draft_minute(json_object_get(body, "next_report_at"));
	json_decref(body);
	if (rc == 0 && next != 0 && next <= c->minute)
		rc = desk_fail(c, P_INVALID_FIELD, "/next_report_at",
		    "a time that is still to come");
	if (rc == 0)
		rc = number(k, c, &s);
	if (rc == 0)
		rc = make(k, c, &s, level, next);
	if (rc != 0)
		return rc;
	c->created = 1;
	buf_addc(c->out, '{');
	words_id("draft", s.draft, c->out);
	buf_addf(c->out, ",\"number\":%u}", (unsigned)s.reports);
	return buf_err(c->out);
}
