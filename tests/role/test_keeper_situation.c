/* SPDX-License-Identifier: Apache-2.0 */
/* Situations: whose they are, what joins and leaves, what is shown of it, their reports.
 */
#include "tests/role/desk_rig.h"

#include "daemon/keeper/expire.h"

enum { K = 5 }; /* as [policy] k_inside has it */

static const char title[] = "{\"title\":{\"ja\":\"広域障害\",\"en\":\"Wide outage\"}}";

/* A situation of this desk: its id. */
static void
opened(struct rig *g, const struct rights *r, char id[33])
{
	assert_int_equal(rig_verb(g, r, DV_SITUATION_NEW, NULL, title), P_OK);
	(void)rig_said(g, "id", id, 33);
	assert_int_equal(strlen(id), 32);
}

/* A report on the desk of RIG_MED: its case. */
static void
reported(struct rig *g, int level, const char *more, char id[33])
{
	struct keeper_put m = rig_put_default();

	assert_int_equal(rig_put(g, &m, level, "ceptoar", more), P_OK);
	rig_case_id(g, RIG_MED, id);
}

static enum problem
join(struct rig *g, const struct rights *r, const char *situation, const char *key,
    const char *id, const char *more)
{
	char json[256];

	(void)snprintf(json, sizeof json, "{\"%s\":[\"%s\"]%s}", key, id, more);
	return rig_verb(g, r, DV_SITUATION_MEMBERS, situation, json);
}

static json_t *
shown(struct rig *g, const struct rights *r, const char *id)
{
	assert_int_equal(rig_verb(g, r, DV_SITUATION_GET, id, NULL), P_OK);
	return rig_json(&g->peer[0]);
}

/* The newest entry of its timeline is of this kind. */
static void
assert_last(struct rig *g, const struct rights *r, const char *id, const char *kind)
{
	json_t *j = shown(g, r, id);
	const json_t *list = rig_at(j, "timeline");

	assert_true(json_array_size(list) > 0);
	assert_string_equal(
	    rig_text(json_array_get(list, json_array_size(list) - 1), "kind"), kind);
	json_decref(j);
}

static void
test_a_desk_has_its_own(void **state)
{
	struct rights sato = rig_desk_of(RIG_MED, 1), bank = rig_desk_of(RIG_BANK, 2);
	struct rights centre = rig_desk_of(SLOT_NONE, 4);
	struct rights member = rig_rights(9, ROLE_OPERATOR, RIG_MED);
	char id[33], text[64];
	struct rig g;
	json_t *j;

	(void)state;
	rig_open(&g, "");
	assert_int_equal(
	    rig_verb(&g, &member, DV_SITUATION_NEW, NULL, title), P_FORBIDDEN);
	assert_int_equal(rig_verb(&g, &sato, DV_SITUATION_NEW, NULL,
			     "{\"title\":\"x\",\"ceptoar\":\"bank-ceptoar\"}"),
	    P_INVALID_FIELD);
	opened(&g, &sato, id);
	assert_int_equal(rig_verb(&g, &bank, DV_SITUATION_GET, id, NULL), P_NOT_FOUND);
	assert_int_equal(rig_verb(&g, &centre, DV_SITUATION_GET, id, NULL), P_NOT_FOUND);
	assert_int_equal(
	    rig_verb(&g, &centre, DV_SITUATION_CLOSE, id, NULL), P_NOT_FOUND);
	assert_int_equal(rig_verb(&g, &sato, DV_SITUATION_ENTRY, id,
			     "{\"text\":\"電話で確認\",\"public\":true}"),
	    P_OK);
	assert_int_equal(
	    rig_verb(&g, &sato, DV_SITUATION_TASK, id,
		"{\"text\":\"折り返す\",\"who\":\"伊藤\",\"due\":\"2026-11-09\"}"),
	    P_OK);
	{
		struct rig_ask done = { .rights = &sato,
			.verb = DV_SITUATION_DONE,
			.ref = id,
			.sub = "1",
			.json = "{\"done\":true}" };

		assert_int_equal(rig_ask(&g, &done), P_OK);
		done.sub = "2";
		assert_int_equal(rig_ask(&g, &done), P_NOT_FOUND);
	}
	rig_restart(&g);
	j = shown(&g, &sato, id);
	assert_string_equal(rig_text(j, "timeline.1.text.ja"), "電話で確認");
	assert_string_equal(
	    rig_text(j, "timeline.1.person"), "01010101010101010101010101010101");
	assert_string_equal(rig_text(j, "tasks.0.who.ja"), "伊藤");
	assert_non_null(rig_at(j, "tasks.0.done_at"));
	json_decref(j);
	assert_int_equal(rig_verb(&g, &sato, DV_SITUATION_CLOSE, id, NULL), P_OK);
	assert_int_equal(
	    rig_verb(&g, &sato, DV_SITUATION_ENTRY, id, "{\"text\":\"x\"}"), P_CONFLICT);
	assert_int_equal(rig_verb(&g, &sato, DV_SITUATION_REOPEN, id, NULL), P_OK);
	assert_last(&g, &sato, id, "opened");
	assert_int_equal(rig_verb(&g, &sato, DV_AUDIT_LIST, NULL, NULL), P_OK);
	assert_string_equal(
	    rig_said(&g, "rows.0.action", text, sizeof text), "situation.look");
	assert_string_equal(rig_said(&g, "rows.0.ref", text, sizeof text), id);
	rig_close(&g);
}

/* Every figure below k that an answer shows, but for `n` and percentages. */
static void
assert_no_small_figure(const json_t *j, const char *key)
{
	const char *name;
	json_t *value;
	size_t i;

	if (json_is_integer(j) && json_integer_value(j) > 0 &&
	    json_integer_value(j) < K && strcmp(key, "n") != 0)
		fail_msg("%s is %d", key, (int)json_integer_value(j));
	json_object_foreach((json_t *)(uintptr_t)j, name, value)
	    assert_no_small_figure(value, name);
	for (i = 0; i < json_array_size(j); i++)
		assert_no_small_figure(json_array_get(j, i), key);
}

static void
test_no_figure_below_k_but_for_the_centre(void **state)
{
	struct rights sato = rig_desk_of(RIG_MED, 1);
	struct rights centre = rig_desk_of(SLOT_NONE, 4);
	char own[33], big[33], one[33];
	struct rig g;
	unsigned n;
	json_t *j;

	(void)state;
	rig_open(&g, "");
	opened(&g, &sato, own);
	opened(&g, &centre, big);
	for (n = 1; n <= K + 1; n++) {
		reported(&g, 1, NULL, one);
		assert_int_equal(join(&g, &sato, own, "cases", one, ""), P_OK);
		assert_int_equal(join(&g, &sato, big, "cases", one, ""), P_OK);
		j = rig_json(&g.peer[0]);
		assert_no_small_figure(j, "");
		json_decref(j);
		j = shown(&g, &sato, own);
		assert_no_small_figure(j, "");
		assert_int_equal(json_is_integer(rig_at(j, "counts.reports")), n >= K);
		assert_int_equal(json_array_size(rig_at(j, "cases")), n);
		json_decref(j);
		j = shown(&g, &sato, big); /* what it has joined, and no more */
		assert_null(rig_at(j, "counts"));
		assert_null(rig_at(j, "timeline"));
		assert_no_small_figure(j, "");
		json_decref(j);
		j = shown(&g, &centre, big);
		assert_int_equal(json_integer_value(rig_at(j, "counts.reports")), n);
		assert_int_equal(
		    json_integer_value(rig_at(j, "counts.groups.0.reports")), n);
		assert_int_equal(
		    json_is_integer(rig_at(j, "counts.ceptoars.0.reports")), n >= K);
		/* Below level 3 it reads neither the text nor the id. */
		assert_int_equal(json_array_size(rig_at(j, "cases")), 0);
		json_decref(j);
	}
	rig_close(&g);
}

static void
test_only_what_the_desk_may_read_joins(void **state)
{
	struct rights sato = rig_desk_of(RIG_MED, 1), bank = rig_desk_of(RIG_BANK, 2);
	struct rights centre = rig_desk_of(SLOT_NONE, 4);
	char own[33], big[33], low[33], high[33], kept[33];
	struct rig g;
	json_t *j;

	(void)state;
	rig_open(&g, "");
	opened(&g, &bank, own);
	opened(&g, &centre, big);
	reported(&g, 1, NULL, low);
	reported(&g, 3, NULL, high);
	reported(
	    &g, 1, "{\"consent\":{\"publish\":\"ceptoar\",\"government\":false}}", kept);
	assert_int_equal(join(&g, &bank, own, "cases", low, ""), P_INVALID_FIELD);
	assert_int_equal(join(&g, &bank, big, "cases", low, ""), P_INVALID_FIELD);
	assert_int_equal(join(&g, &centre, big, "cases", low, ""), P_INVALID_FIELD);
	assert_int_equal(join(&g, &sato, big, "cases", kept, ""), P_CONSENT);
	assert_int_equal(join(&g, &sato, big, "cases", low, ""), P_OK);
	assert_int_equal(join(&g, &centre, big, "cases", high, ""), P_OK);
	assert_int_equal(rig_verb(&g, &sato, DV_SITUATION_ENTRY, big, "{\"text\":\"x\"}"),
	    P_FORBIDDEN);
	j = shown(&g, &centre, big);
	assert_int_equal(json_integer_value(rig_at(j, "counts.reports")), 2);
	assert_int_equal(json_array_size(rig_at(j, "cases")), 1);
	assert_string_equal(rig_text(j, "cases.0"), high);
	assert_int_equal(json_array_size(rig_at(j, "bulletins")), 1);
	/* Who joined it would tell which CEPTOAR it is of. */
	assert_null(rig_at(j, "timeline.1.person"));
	json_decref(j);
	assert_int_equal(join(&g, &sato, big, "cases", low, ",\"leave\":true"), P_OK);
	j = shown(&g, &centre, big);
	assert_int_equal(json_integer_value(rig_at(j, "counts.reports")), 1);
	json_decref(j);
	rig_close(&g);
}

/* `n` operators of RIG_MED have read it; the hub's minute passes. */
static void
acknowledged(struct rig *g, const char *bulletin, unsigned from, unsigned n)
{
	struct keeper_ack a;
	struct rights who;
	struct buf b;
	unsigned i;

	memset(&a, 0, sizeof a);
	assert_int_equal(hex_decode(slice_of(bulletin), a.id, ID_LEN), ID_LEN);
	a.revision = 1;
	a.status = ACK_READ;
	for (i = from; i < from + n; i++) {
		buf_init(&b, 4096);
		who = rig_rights(128 + 3 * i, ROLE_OPERATOR, RIG_MED);
		rights_put(&b, &who);
		wire_put_u16(&b, 1);
		keeper_ack_put(&b, &a);
		assert_int_equal(rig_call(g, &g->peer[0], KM_ACKS, &b), P_OK);
		buf_done(&b);
	}
	assert_int_equal(expire_reached(&g->k, rig_now / 60000), 0);
}

static void
test_the_hub_writes_what_happens(void **state)
{
	struct rights sato = rig_desk_of(RIG_MED, 1);
	struct rights centre = rig_desk_of(SLOT_NONE, 4);
	char own[33], one[33], draft[33], json[160];
	struct rig g;
	size_t n;
	json_t *j;

	(void)state;
	rig_open(&g, "");
	opened(&g, &sato, own);
	reported(&g, 1, NULL, one);
	assert_int_equal(join(&g, &sato, own, "cases", one, ""), P_OK);
	(void)snprintf(json, sizeof json,
	    "{\"severity\":1,\"title\":\"件名\",\"cases\":[\"%s\"]}", one);
	rig_draft(&g, &sato, json, draft);
	assert_int_equal(rig_verb(&g, &sato, DV_DRAFT_RELEASE, draft, "{}"), P_OK);
	(void)rig_said(&g, "bulletin.id", draft, sizeof draft);
	assert_last(&g, &sato, own, "bulletin");
	acknowledged(&g, draft, 0, RIG_MEMBERS / 2 - 1);
	assert_last(&g, &sato, own, "bulletin");
	acknowledged(&g, draft, RIG_MEMBERS / 2 - 1, 1);
	assert_last(&g, &sato, own, "reached");
	j = shown(&g, &sato, own);
	n = json_array_size(rig_at(j, "timeline"));
	json_decref(j);
	acknowledged(&g, draft, 0, 1); /* said once */
	j = shown(&g, &sato, own);
	assert_int_equal(json_array_size(rig_at(j, "timeline")), n);
	json_decref(j);
	assert_int_equal(
	    rig_verb(&g, &sato, DV_BULLETIN_CANCEL, draft, "{\"reason\":\"誤り\"}"),
	    P_OK);
	assert_last(&g, &sato, own, "cancel");
	assert_int_equal(rig_verb(&g, &centre, DV_MODE_SWITCH, NULL,
			     "{\"mode\":\"large-scale\",\"reason\":\"x\"}"),
	    P_OK);
	assert_last(&g, &sato, own, "mode");
	/* Nothing of a report's or a bulletin's text. */
	assert_int_equal(rig_verb(&g, &sato, DV_SITUATION_GET, own, NULL), P_OK);
	assert_null(memmem(g.peer[0].answer.p, g.peer[0].answer.n, "件名", 6));
	rig_close(&g);
}

static void
test_what_was_taken_back_leaves(void **state)
{
	struct rights centre = rig_desk_of(SLOT_NONE, 4);
	char id[33], one[33], two[33];
	struct store_case row;
	uint8_t case_id[ID_LEN];
	struct rig g;
	json_t *j;

	(void)state;
	rig_open(&g, "");
	opened(&g, &centre, id);
	reported(&g, 3, NULL, one);
	reported(&g, 3, NULL, two);
	assert_int_equal(join(&g, &centre, id, "cases", one, ""), P_OK);
	assert_int_equal(join(&g, &centre, id, "cases", two, ""), P_OK);
	assert_int_equal(hex_decode(slice_of(one), case_id, ID_LEN), ID_LEN);
	assert_int_equal(store_case_get(g.k.store, case_id, &row), 0);
	row.state = CASE_WITHDRAWN;
	assert_int_equal(store_begin(g.k.store), 0);
	assert_int_equal(store_case_put(g.k.store, &row), 0);
	assert_int_equal(store_commit(g.k.store), 0);
	j = shown(&g, &centre, id);
	assert_int_equal(json_integer_value(rig_at(j, "counts.reports")), 1);
	json_decref(j);
	/* And with its time of retention. */
	assert_true(expire_prune(&g.k, rig_now / 60000 + 10LL * 365 * 1440, 1000) > 0);
	j = shown(&g, &centre, id);
	assert_int_equal(json_integer_value(rig_at(j, "counts.reports")), 0);
	json_decref(j);
	rig_close(&g);
}

static void
test_situation_reports_are_numbered(void **state)
{
	struct rights centre = rig_desk_of(SLOT_NONE, 4),
		      other = rig_desk_of(SLOT_NONE, 5);
	char id[33], draft[33], text[64], request[33];
	const char *body;
	struct rig g;
	json_t *j;

	(void)state;
	rig_open(&g, "");
	opened(&g, &centre, id);
	assert_int_equal(rig_verb(&g, &centre, DV_SITUATION_ENTRY, id,
			     "{\"text\":\"復旧作業中\",\"public\":true}"),
	    P_OK);
	assert_int_equal(
	    rig_verb(&g, &centre, DV_SITUATION_ENTRY, id, "{\"text\":\"内部の話\"}"),
	    P_OK);
	assert_int_equal(
	    rig_verb(&g, &centre, DV_SITUATION_TASK, id, "{\"text\":\"内部の仕事\"}"),
	    P_OK);
	assert_int_equal(
	    rig_verb(&g, &centre, DV_SITUATION_REPORT, id,
		"{\"severity\":3,\"next_report_at\":\"2026-11-08T18:00:00+09:00\"}"),
	    P_OK);
	(void)rig_said(&g, "draft", draft, sizeof draft);
	assert_int_equal(rig_number(&g, "number"), 1);
	assert_int_equal(
	    rig_verb(&g, &centre, DV_SITUATION_REPORT, id, "{}"), P_CONFLICT);
	assert_int_equal(rig_verb(&g, &centre, DV_DRAFT_GET, draft, NULL), P_OK);
	j = rig_json(&g.peer[0]);
	body = rig_text(j, "draft.body.ja");
	assert_non_null(strstr(body, "復旧作業中"));
	assert_non_null(strstr(body, "2026-11-08 18:00"));
	assert_null(strstr(body, "内部"));
	assert_string_equal(
	    rig_text(j, "draft.title.ja"), "【状況報告】広域障害（第1報）");
	assert_string_equal(
	    rig_text(j, "draft.title.en"), "Situation report no. 1: Wide outage");
	json_decref(j);
	/* Thrown away, its number is free; released by two persons, the next one follows.
	 */
	assert_int_equal(rig_verb(&g, &centre, DV_DRAFT_DELETE, draft, NULL), P_OK);
	assert_int_equal(rig_verb(&g, &centre, DV_SITUATION_REPORT, id, "{}"), P_OK);
	assert_int_equal(rig_number(&g, "number"), 1);
	(void)rig_said(&g, "draft", draft, sizeof draft);
	assert_int_equal(
	    rig_verb(&g, &centre, DV_DRAFT_RELEASE, draft, "{}"), P_SECOND_PERSON);
	assert_int_equal(rig_verb(&g, &other, DV_SECOND_LIST, NULL, NULL), P_OK);
	(void)rig_said(&g, "second.0.id", request, sizeof request);
	assert_int_equal(
	    rig_verb(&g, &other, DV_SECOND_GIVE, request, "{\"agree\":true}"), P_OK);
	assert_last(&g, &centre, id, "report_sent");
	assert_int_equal(rig_verb(&g, &centre, DV_SITUATION_REPORT, id, "{}"), P_OK);
	assert_int_equal(rig_number(&g, "number"), 2);
	assert_int_equal(rig_verb(&g, &centre, DV_SITUATION_GET, id, NULL), P_OK);
	(void)rig_said(&g, "state", text, sizeof text);
	rig_close(&g);
}

/* From one report to the next a figure grows by k or not at all. */
static void
test_figures_grow_in_steps(void **state)
{
	static const struct {
		unsigned cases;
		const char *said;
	} table[] = { { 10, "その他: 少数" }, { 11, "11件以上" }, { 12, "11件以上" },
		{ 21, "11件以上" }, { 22, "22件以上" } };
	struct rights centre = rig_desk_of(SLOT_NONE, 4);
	char id[33], one[33], draft[33];
	unsigned i, n = 0;
	struct rig g;
	json_t *j;

	(void)state;
	rig_open(&g, "");
	opened(&g, &centre, id);
	for (i = 0; i < sizeof table / sizeof table[0]; i++) {
		for (; n < table[i].cases; n++) {
			reported(&g, 3, NULL, one);
			assert_int_equal(join(&g, &centre, id, "cases", one, ""), P_OK);
		}
		assert_int_equal(
		    rig_verb(&g, &centre, DV_SITUATION_REPORT, id, "{}"), P_OK);
		(void)rig_said(&g, "draft", draft, sizeof draft);
		assert_int_equal(rig_verb(&g, &centre, DV_DRAFT_GET, draft, NULL), P_OK);
		j = rig_json(&g.peer[0]);
		assert_non_null(strstr(rig_text(j, "draft.body.ja"), table[i].said));
		json_decref(j);
		assert_int_equal(
		    rig_verb(&g, &centre, DV_DRAFT_DELETE, draft, NULL), P_OK);
	}
	rig_close(&g);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_desk_has_its_own),
		cmocka_unit_test(test_no_figure_below_k_but_for_the_centre),
		cmocka_unit_test(test_only_what_the_desk_may_read_joins),
		cmocka_unit_test(test_the_hub_writes_what_happens),
		cmocka_unit_test(test_what_was_taken_back_leaves),
		cmocka_unit_test(test_situation_reports_are_numbered),
		cmocka_unit_test(test_figures_grow_in_steps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
