/* SPDX-License-Identifier: Apache-2.0 */
/* Triage: what collapses into one item, who holds it, what is set aside and comes back,
 * what is asked, what is merged; and what other desks never see of it. */
#include "daemon/keeper/expire.h"
#include "tests/role/desk_rig.h"

/* SHA-256 of the empty string, as commitment. */
static const char channel[] =
    "\"case_commitment\":\"47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU\"";

enum { SATO = 1, ITO, MORI };

static struct rights sato, ito, bank, centre;

static void
people(void)
{
	sato = rig_desk_of(RIG_MED, SATO);
	ito = rig_desk_of(RIG_MED, ITO);
	bank = rig_desk_of(RIG_BANK, MORI);
	centre = rig_desk_of(SLOT_NONE, 9);
}

/* A report of this CEPTOAR with a channel: its case. */
static void
sent(struct rig *g, unsigned slot, int level, const char *title, const char *more,
    char id[33])
{
	struct keeper_put m = rig_put_default();
	char json[1024];

	m.slot = (uint8_t)slot;
	(void)snprintf(json, sizeof json, "{\"title\":\"%s\",%s%s%s}", title, channel,
	    more != NULL ? "," : "", more != NULL ? more : "");
	assert_int_equal(rig_put(g, &m, level, "ceptoar", json), P_OK);
	(void)rig_said(g, "case", id, 33);
}

static json_t *
listed(struct rig *g, const struct rights *r, const char *query)
{
	struct rig_ask a = { .rights = r, .verb = DV_TRIAGE_LIST, .query = query };

	assert_int_equal(rig_ask(g, &a), P_OK);
	return rig_json(&g->peer[0]);
}

/* How many items, and the id of the first. */
static size_t
items(struct rig *g, const struct rights *r, const char *query, char group[33])
{
	json_t *j = listed(g, r, query);
	size_t n = json_array_size(rig_at(j, "items"));

	if (group != NULL)
		(void)snprintf(group, 33, "%s", rig_text(j, "items.0.group"));
	json_decref(j);
	return n;
}

/* Copies are one item, a different text is another; each desk has its own. */
static void
test_collapse(void **state)
{
	char a[33], b[33], group[33], title[32];
	struct rig g;
	json_t *j;
	int i;

	(void)state;
	people();
	rig_open_light(&g, "");
	for (i = 0; i < 30; i++) {
		(void)snprintf(title, sizeof title, "不審メール %d 件", i);
		sent(&g, RIG_MED, 1, title, NULL, a);
	}
	sent(&g, RIG_MED, 3, "停電", NULL, b);
	sent(&g, RIG_MED, 1, "不審メール　７件", "\"exercise\":true", b);
	j = listed(&g, &sato, NULL);
	assert_int_equal(json_array_size(rig_at(j, "items")), 3);
	/* The highest first. */
	assert_int_equal(json_integer_value(rig_at(j, "items.0.level")), 3);
	i = json_is_true(rig_at(j, "items.1.exercise")) ? 2 : 1;
	j = (json_decref(j), listed(&g, &sato, "min_level=0&limit=100"));
	{
		const json_t *phish = json_array_get(rig_at(j, "items"), (size_t)i);

		assert_int_equal(json_integer_value(rig_at(phish, "count")), 30);
		assert_int_equal(json_array_size(rig_at(phish, "cases")), 20);
		assert_string_equal(rig_text(phish, "state"), "waits");
		assert_string_equal(rig_text(phish, "ceptoars.0"), "medical-ceptoar");
		assert_int_equal(json_integer_value(rig_at(phish, "k")), RIG_MEMBERS);
		assert_true(json_is_false(rig_at(phish, "slip")));
		(void)snprintf(group, sizeof group, "%s", rig_text(phish, "group"));
	}
	json_decref(j);
	/* The centre has what is of level 3; another secretariat nothing. */
	assert_int_equal(items(&g, &centre, NULL, b), 1);
	assert_int_equal(items(&g, &bank, NULL, NULL), 0);
	assert_int_equal(rig_verb(&g, &bank, DV_TRIAGE_ITEM, group, NULL), P_NOT_FOUND);
	assert_int_equal(rig_verb(&g, &centre, DV_TRIAGE_ITEM, group, NULL), P_NOT_FOUND);
	assert_int_equal(rig_verb(&g, &sato, DV_TRIAGE_ITEM, b, NULL), P_NOT_FOUND);
	/* All of them, in pages. */
	{
		struct rig_ask ask = { .rights = &sato,
			.verb = DV_TRIAGE_ITEM,
			.ref = group,
			.query = "limit=100" };

		assert_int_equal(rig_ask(&g, &ask), P_OK);
		j = rig_json(&g.peer[0]);
		assert_int_equal(json_array_size(rig_at(j, "reports")), 30);
		assert_non_null(rig_at(j, "reports.0.report.description"));
		json_decref(j);
		ask.query = "page=25";
		assert_int_equal(rig_ask(&g, &ask), P_OK);
		assert_int_equal(rig_number(&g, "next"), 0); /* null */
		ask.query = "page=5&limit=4";
		assert_int_equal(rig_ask(&g, &ask), P_OK);
		assert_int_equal(rig_number(&g, "next"), 9);
	}
	rig_close(&g);
}

/* The same set of things named is a copy too, whatever the words; a part of it is not. */
static void
test_topics(void **state)
{
	static const char both[] =
	    "\"indicators\":[{\"type\":\"domain\",\"value\":\"evil.example\"},"
	    "{\"type\":\"ipv4\",\"value\":\"198.51.100.7\"}]";
	static const char again[] =
	    "\"indicators\":[{\"type\":\"ipv4\",\"value\":\"198.51.100[.]7\"},"
	    "{\"type\":\"domain\",\"value\":\"EVIL.example\"}]";
	static const char part[] =
	    "\"indicators\":[{\"type\":\"domain\",\"value\":\"evil.example\"}]";
	char id[33];
	struct rig g;

	(void)state;
	people();
	rig_open_light(&g, "");
	sent(&g, RIG_MED, 1, "甲", both, id);
	sent(&g, RIG_MED, 1, "乙", again, id);
	assert_int_equal(items(&g, &sato, NULL, NULL), 1);
	sent(&g, RIG_MED, 1, "丙", part, id);
	assert_int_equal(items(&g, &sato, NULL, NULL), 2);
	/* Who says what the second said belongs to it as well. */
	sent(&g, RIG_MED, 1, "乙", NULL, id);
	assert_int_equal(items(&g, &sato, NULL, NULL), 2);
	rig_close(&g);
}

static enum problem
lock(struct rig *g, const struct rights *r, const char *group, const char *json)
{
	return rig_verb(g, r, DV_TRIAGE_LOCK, group, json);
}

static void
test_lock(void **state)
{
	static const char aside[] = "{\"code\":\"duplicate\",\"reason\":\"重複\"}";
	struct rights other = rig_desk_of(RIG_MED, MORI);
	char group[33], id[33], person[40];
	struct keeper_reply r;
	struct rig g;

	(void)state;
	people();
	memset(other.receiver, 0x77, sizeof other.receiver); /* another member's desk */
	rig_open(&g, "");
	sent(&g, RIG_MED, 1, "甲", NULL, id);
	assert_int_equal(items(&g, &sato, "state=waits", group), 1);
	assert_int_equal(lock(&g, &sato, group, NULL), P_OK);
	assert_string_equal(rig_said(&g, "state", person, sizeof person), "locked");
	assert_int_equal(items(&g, &ito, "state=waits", NULL), 0);
	assert_int_equal(items(&g, &ito, "state=locked", NULL), 1);
	/* Another person may look, and change nothing. */
	assert_int_equal(rig_verb(&g, &ito, DV_TRIAGE_ITEM, group, NULL), P_OK);
	assert_int_equal(rig_number(&g, "item.lock.mine"), 0);
	assert_int_equal(rig_verb(&g, &ito, DV_TRIAGE_ASIDE, group, aside), P_CONFLICT);
	r = rig_reply(&g.peer[0]);
	assert_non_null(memmem(r.detail.p, r.detail.n, "since 20", 8));
	assert_non_null(memmem(r.detail.p, r.detail.n, "010101010101", 12));
	assert_int_equal(rig_verb(&g, &ito, DV_TRIAGE_BACK, group, NULL), P_CONFLICT);
	assert_int_equal(rig_verb(&g, &ito, DV_TRIAGE_UNLOCK, group, NULL), P_CONFLICT);
	assert_int_equal(
	    rig_verb(&g, &ito, DV_TRIAGE_ASK, group, "{\"text\":\"何時\"}"), P_CONFLICT);
	assert_int_equal(rig_verb(&g, &ito, DV_TRIAGE_MERGE, group, NULL), P_CONFLICT);
	/* Somebody of another member is not told who. */
	assert_int_equal(lock(&g, &other, group, NULL), P_CONFLICT);
	r = rig_reply(&g.peer[0]);
	assert_null(memmem(r.detail.p, r.detail.n, "0101", 4));
	/* It outlives the program. */
	rig_restart(&g);
	assert_int_equal(rig_verb(&g, &ito, DV_TRIAGE_ASIDE, group, aside), P_CONFLICT);
	/* Whatever the holder does renews it: 14 + 14 minutes. */
	rig_now += 14 * 60000;
	assert_int_equal(rig_verb(&g, &sato, DV_TRIAGE_ITEM, group, NULL), P_OK);
	rig_now += 14 * 60000;
	assert_int_equal(lock(&g, &ito, group, NULL), P_CONFLICT);
	/* To look at it is nothing that another one does for the holder. */
	assert_int_equal(rig_verb(&g, &ito, DV_TRIAGE_ITEM, group, NULL), P_OK);
	rig_now += 2 * 60000;
	assert_int_equal(lock(&g, &ito, group, NULL), P_OK);
	/* Taken over, with a reason. */
	assert_int_equal(lock(&g, &sato, group, "{\"take\":true}"), P_MISSING_FIELD);
	assert_int_equal(
	    lock(&g, &sato, group, "{\"reason\":\"x\",\"nonsense\":1}"), P_UNKNOWN_FIELD);
	assert_int_equal(
	    lock(&g, &sato, group, "{\"take\":true,\"reason\":\"交代\"}"), P_OK);
	assert_int_equal(lock(&g, &ito, group, NULL), P_CONFLICT);
	assert_int_equal(rig_verb(&g, &sato, DV_TRIAGE_UNLOCK, group, NULL), P_OK);
	assert_int_equal(rig_verb(&g, &ito, DV_TRIAGE_ASIDE, group, aside), P_OK);
	rig_close(&g);
}

static void
test_aside(void **state)
{
	static const char why[] =
	    "{\"code\":\"no_relevance\",\"reason\":{\"ja\":\"無関係\","
	    "\"en\":\"of no relevance\"}}";
	char group[33], id[33], word[64];
	struct rig g;
	json_t *j;

	(void)state;
	people();
	rig_open_light(&g, "");
	sent(&g, RIG_MED, 1, "甲", NULL, id);
	assert_int_equal(items(&g, &sato, NULL, group), 1);
	assert_int_equal(
	    rig_verb(&g, &sato, DV_TRIAGE_ASIDE, group, NULL), P_JSON_SYNTAX);
	assert_int_equal(
	    rig_verb(&g, &sato, DV_TRIAGE_ASIDE, group, "{\"code\":\"test\"}"),
	    P_MISSING_FIELD);
	assert_int_equal(rig_verb(&g, &sato, DV_TRIAGE_ASIDE, group,
			     "{\"code\":\"bored\",\"reason\":\"x\"}"),
	    P_INVALID_FIELD);
	assert_int_equal(rig_verb(&g, &sato, DV_TRIAGE_ASIDE, group, why), P_OK);
	assert_int_equal(items(&g, &sato, NULL, NULL), 0);
	j = listed(&g, &sato, "state=aside");
	assert_string_equal(rig_text(j, "items.0.aside.code"), "no_relevance");
	assert_string_equal(rig_text(j, "items.0.aside.reason.en"), "of no relevance");
	json_decref(j);
	/* A copy joins quietly, a higher one brings all of it back. */
	sent(&g, RIG_MED, 1, "甲", NULL, id);
	assert_int_equal(items(&g, &sato, NULL, NULL), 0);
	sent(&g, RIG_MED, 2, "甲", NULL, id);
	j = listed(&g, &sato, NULL);
	assert_int_equal(json_integer_value(rig_at(j, "items.0.count")), 3);
	assert_int_equal(json_integer_value(rig_at(j, "items.0.level")), 2);
	json_decref(j);
	/* Undone by hand. */
	assert_int_equal(rig_verb(&g, &sato, DV_TRIAGE_ASIDE, group, why), P_OK);
	assert_int_equal(rig_verb(&g, &ito, DV_TRIAGE_BACK, group, NULL), P_OK);
	assert_string_equal(rig_said(&g, "state", word, sizeof word), "waits");
	assert_int_equal(items(&g, &sato, "state=aside", NULL), 0);
	rig_close(&g);
}

static struct keeper_case
holder(const char *id)
{
	static const uint8_t nothing[32] = { 0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c,
		0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24, 0x27, 0xae, 0x41,
		0xe4, 0x64, 0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8,
		0x55 };
	struct keeper_case c;

	memset(&c, 0, sizeof c);
	memcpy(c.secret_hash, nothing, sizeof nothing);
	assert_int_equal(hex_decode(slice_of(id), c.case_id, ID_LEN), ID_LEN);
	return c;
}

static void
call(struct rig *g, unsigned type, const char *id, const char *text)
{
	struct keeper_message m;
	struct buf b;

	memset(&m, 0, sizeof m);
	m.which = holder(id);
	m.json = slice_of(text != NULL ? text : "");
	buf_init(&b, 4096);
	if (text != NULL)
		keeper_message_put(&b, &m);
	else
		keeper_case_put(&b, &m.which);
	assert_int_equal(rig_call(g, &g->peer[0], type, &b), P_OK);
	buf_done(&b);
}

/* One question to all; an answer brings what was set aside back on top. */
static void
test_ask(void **state)
{
	char group[33], one[33], two[33], plain[33];
	struct keeper_put m = rig_put_default();
	struct rig_ask a = { .rights = &sato,
		.verb = DV_TRIAGE_ASK,
		.ref = group,
		.json = "{\"text\":\"いつからですか。hxxp://evil.example/\"}",
		.key = 5,
		.mac = 6 };
	struct rig g;
	json_t *j;

	(void)state;
	people();
	rig_open_light(&g, "");
	sent(&g, RIG_MED, 1, "甲", NULL, one);
	sent(&g, RIG_MED, 1, "甲", NULL, two);
	assert_int_equal(rig_put(&g, &m, 1, "ceptoar", "{\"title\":\"甲\"}"), P_OK);
	(void)rig_said(&g, "case", plain, sizeof plain);
	assert_string_equal(plain, ""); /* without a channel */
	assert_int_equal(items(&g, &sato, NULL, group), 1);
	assert_int_equal(rig_ask(&g, &a), P_OK);
	assert_int_equal(rig_number(&g, "asked"), 2);
	assert_int_equal(rig_number(&g, "without_channel"), 1);
	/* Again under the same key: nobody is asked twice. */
	assert_int_equal(rig_ask(&g, &a), P_OK);
	call(&g, KM_MESSAGES, one, NULL);
	j = rig_json(&g.peer[0]);
	assert_int_equal(json_array_size(rig_at(j, "messages")), 1);
	assert_string_equal(rig_text(j, "messages.0.from"), "desk");
	json_decref(j);
	a.key = 0;
	a.json = "{\"text\":\"\"}";
	assert_int_equal(rig_ask(&g, &a), P_INVALID_FIELD);
	/* Set aside, answered, back. */
	assert_int_equal(rig_verb(&g, &sato, DV_TRIAGE_ASIDE, group,
			     "{\"code\":\"answered\",\"reason\":\"済\"}"),
	    P_OK);
	call(&g, KM_MESSAGE, two, "{\"text\":{\"ja\":\"昨日です\"}}");
	j = listed(&g, &sato, NULL);
	assert_int_equal(json_integer_value(rig_at(j, "items.0.unread")), 1);
	assert_int_equal(json_integer_value(rig_at(j, "items.0.channels")), 2);
	json_decref(j);
	/* A case that is taken back is no longer open; the last one ends the group. */
	call(&g, KM_WITHDRAW, one, NULL);
	a.json = "{\"text\":\"もう一つ\"}";
	assert_int_equal(rig_ask(&g, &a), P_OK);
	assert_int_equal(rig_number(&g, "asked"), 1);
	assert_int_equal(rig_number(&g, "ended"), 1);
	rig_close(&g);
}

/* A case that says something new leaves its copies; one that stands alone stays. */
static void
test_follow_up(void **state)
{
	char group[33], again[33], one[33], two[33];
	struct keeper_put m = rig_put_default();
	struct keeper_case c;
	struct rig g;

	(void)state;
	people();
	rig_open_light(&g, "");
	sent(&g, RIG_MED, 1, "甲", NULL, one);
	sent(&g, RIG_MED, 1, "甲", NULL, two);
	assert_int_equal(items(&g, &sato, NULL, group), 1);
	assert_int_equal(rig_verb(&g, &sato, DV_TRIAGE_ASIDE, group,
			     "{\"code\":\"other\",\"reason\":\"x\"}"),
	    P_OK);
	c = holder(one);
	m.has_case = 1;
	memcpy(m.case_id, c.case_id, ID_LEN);
	memcpy(m.secret_hash, c.secret_hash, sizeof m.secret_hash);
	/* The same once more: still set aside. */
	assert_int_equal(rig_put(&g, &m, 1, "ceptoar", "{\"title\":\"甲\"}"), P_OK);
	assert_int_equal(items(&g, &sato, NULL, NULL), 0);
	assert_int_equal(rig_put(&g, &m, 1, "ceptoar", "{\"title\":\"暗号化\"}"), P_OK);
	assert_int_equal(items(&g, &sato, NULL, again), 1);
	assert_string_not_equal(group, again);
	/* Alone now, it stays where it is and waits again. */
	assert_int_equal(rig_verb(&g, &sato, DV_TRIAGE_ASIDE, again,
			     "{\"code\":\"other\",\"reason\":\"x\"}"),
	    P_OK);
	assert_int_equal(rig_put(&g, &m, 1, "ceptoar", "{\"title\":\"復旧\"}"), P_OK);
	assert_int_equal(items(&g, &sato, NULL, group), 1);
	assert_string_equal(group, again);
	rig_close(&g);
}

/* What others say in the last 30 days: figures, from k up, no sector's name. */
static void
test_alike(void **state)
{
	static const char of[] = "\"products\":[\"ExampleVPN 3\"],\"event_types\":"
				 "[\"malware_infection\"],\"indicators\":[{\"type\":"
				 "\"domain\",\"value\":\"evil.example\"}]";
	static const unsigned slots[] = { RIG_MED, RIG_PWR, RIG_BANK };
	char id[33], title[32];
	struct rig g;
	json_t *j;
	int i;

	(void)state;
	people();
	rig_open_light(&g, "[policy]\nk_beyond = 5\n");
	sent(&g, RIG_MED, 1, "元", of, id);
	for (i = 0; i < 4; i++) {
		(void)snprintf(title, sizeof title, "件 %c", 'a' + i);
		sent(&g, slots[1 + i % 2], 1, title, of, id);
	}
	j = listed(&g, &sato, NULL); /* four others: below k */
	assert_int_equal(json_object_size(rig_at(j, "items.0.alike")), 0);
	json_decref(j);
	sent(&g, RIG_BANK, 1, "件 e", of, id);
	j = listed(&g, &sato, NULL);
	assert_int_equal(json_integer_value(rig_at(j, "items.0.alike.indicators")), 5);
	assert_int_equal(json_integer_value(rig_at(j, "items.0.alike.products")), 5);
	assert_int_equal(json_integer_value(rig_at(j, "items.0.alike.classes")), 5);
	assert_null(rig_at(j, "items.0.alike.sectors")); /* two: below k */
	json_decref(j);
	rig_now += 31LL * 24 * 3600 * 1000;
	j = listed(&g, &sato, NULL);
	assert_int_equal(json_object_size(rig_at(j, "items.0.alike")), 0);
	json_decref(j);
	rig_close(&g);
}

/* Fault 116: the same text by two members in one minute is two reports and one draft. */
static void
test_merge(void **state)
{
	char a[33], b[33], one[33], other[33], draft[33], body[256];
	struct rig g;
	json_t *j;

	(void)state;
	people();
	rig_open_light(&g, "");
	sent(&g, RIG_MED, 1, "同じ文", "\"products\":[\"A\"]", a);
	sent(&g, RIG_MED, 2, "同じ文",
	    "\"products\":[\"a \",\"B\"],\"tlp\":\"TLP:AMBER+STRICT\"", b);
	assert_int_equal(items(&g, &sato, NULL, one), 1);
	rig_now += 60000;
	sent(&g, RIG_MED, 3, "別の文",
	    "\"indicators\":[{\"type\":\"ipv4\",\"value\":\"198.51.100.7\"}]", b);
	assert_int_equal(items(&g, &sato, NULL, other), 2);
	(void)snprintf(body, sizeof body,
	    "{\"groups\":[\"%s\"],\"draft\":{\"actions\":{\"ja\":\"遮断\"}}}", other);
	assert_int_equal(rig_verb(&g, &sato, DV_TRIAGE_MERGE, one, body), P_OK);
	assert_int_equal(rig_number(&g, "cases"), 3);
	assert_int_equal(rig_number(&g, "groups"), 2);
	(void)rig_said(&g, "draft", draft, sizeof draft);
	assert_int_equal(rig_verb(&g, &ito, DV_DRAFT_GET, draft, NULL), P_OK);
	j = rig_json(&g.peer[0]);
	assert_string_equal(rig_text(j, "draft.title.ja"), "別の文"); /* the newest */
	assert_string_equal(rig_text(j, "draft.actions.ja"), "遮断");
	assert_string_equal(rig_text(j, "draft.tlp"), "TLP:AMBER+STRICT");
	assert_int_equal(json_integer_value(rig_at(j, "draft.severity")), 3);
	assert_int_equal(json_array_size(rig_at(j, "draft.products")), 2);
	assert_int_equal(json_array_size(rig_at(j, "draft.indicators")), 1);
	assert_int_equal(json_array_size(rig_at(j, "draft.cases")), 3);
	json_decref(j);
	j = listed(&g, &sato, NULL);
	assert_string_equal(rig_text(j, "items.0.drafts.0"), draft);
	json_decref(j);
	/* Another desk's group is none; what is wrong in the draft says where. */
	sent(&g, RIG_BANK, 1, "銀行", NULL, a);
	assert_int_equal(items(&g, &bank, NULL, other), 1);
	(void)snprintf(body, sizeof body, "{\"groups\":[\"%s\"]}", other);
	assert_int_equal(
	    rig_verb(&g, &sato, DV_TRIAGE_MERGE, one, body), P_INVALID_FIELD);
	assert_string_equal(rig_reply(&g.peer[0]).pointer.p != NULL ? "ok" : "", "ok");
	assert_int_equal(
	    rig_verb(&g, &sato, DV_TRIAGE_MERGE, one, "{\"draft\":{\"severity\":9}}"),
	    P_INVALID_FIELD);
	assert_true(slice_eq(rig_reply(&g.peer[0]).pointer, "/draft/severity"));
	rig_close(&g);
}

/* Whoever lets nothing be published gives nothing to a draft of several. */
static void
test_consent(void **state)
{
	struct keeper_put m = rig_put_default();
	char one[33], id[33];
	struct rig g;

	(void)state;
	people();
	rig_open_light(&g, "");
	assert_int_equal(rig_put(&g, &m, 1, "none", NULL), P_OK);
	assert_int_equal(items(&g, &sato, NULL, one), 1);
	/* Alone it is what there is; the release will say no. */
	assert_int_equal(rig_verb(&g, &sato, DV_TRIAGE_MERGE, one, NULL), P_OK);
	assert_int_equal(rig_number(&g, "cases"), 1);
	sent(&g, RIG_MED, 1, "件名", NULL, id);
	assert_int_equal(rig_verb(&g, &sato, DV_TRIAGE_MERGE, one, NULL), P_OK);
	assert_int_equal(rig_number(&g, "cases"), 1);
	assert_int_equal(rig_number(&g, "left_out"), 1);
	rig_close(&g);
}

static void
test_paste(void **state)
{
	char draft[33];
	struct rig g;
	json_t *j;

	(void)state;
	people();
	rig_open_light(&g, "");
	assert_int_equal(
	    rig_verb(&g, &sato, DV_PASTE, NULL, "{\"lang\":\"ja\"}"), P_MISSING_FIELD);
	assert_int_equal(
	    rig_verb(&g, &sato, DV_PASTE, NULL, "{\"text\":\"x\",\"lang\":\"fr\"}"),
	    P_INVALID_FIELD);
	assert_int_equal(
	    rig_verb(&g, &sato, DV_PASTE, NULL, "{\"text\":\" \"}"), P_INVALID_FIELD);
	assert_true(slice_eq(rig_reply(&g.peer[0]).pointer, "/text"));
	assert_int_equal(rig_verb(&g, &sato, DV_PASTE, NULL,
			     "{\"text\":\"Subject: 注意喚起\\n\\nTLP:GREEN\\n"
			     "hxxp://evil[.]example/a CVE-2026-12345\","
			     "\"lang\":\"ja\",\"source\":\"JPCERT/CC\"}"),
	    P_OK);
	assert_int_equal(rig_number(&g, "indicators"), 1);
	(void)rig_said(&g, "draft", draft, sizeof draft);
	assert_int_equal(rig_verb(&g, &sato, DV_DRAFT_GET, draft, NULL), P_OK);
	j = rig_json(&g.peer[0]);
	assert_string_equal(rig_text(j, "draft.title.ja"), "注意喚起");
	assert_string_equal(rig_text(j, "draft.tlp"), "TLP:GREEN");
	assert_string_equal(rig_text(j, "draft.references.0"), "JPCERT/CC");
	assert_string_equal(rig_text(j, "draft.references.1"), "CVE-2026-12345");
	json_decref(j);
	rig_close(&g);
}

static void
test_filters(void **state)
{
	static const char *const bad[] = { "state=nonsense", "min_level=5", "limit=0",
		"limit=101", "ceptoar=nonsense", "nonsense=1", "page=x" };
	char id[33], a[33], b[33];
	struct rights reader = rig_rights(3, ROLE_OPERATOR, RIG_MED);
	struct rights two = rig_desk_of(RIG_MED, SATO);
	struct rig g;
	size_t i;

	(void)state;
	people();
	rig_open_light(&g, "");
	reader.duties = DUTIES_ALL;
	slots_set(&two.sec, RIG_BANK);
	sent(&g, RIG_MED, 3, "甲", NULL, id);
	sent(&g, RIG_BANK, 4, "乙", NULL, id);
	sent(&g, RIG_BANK, 1, "丙", NULL, id);
	for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct rig_ask q = {
			.rights = &sato, .verb = DV_TRIAGE_LIST, .query = bad[i]
		};

		assert_int_equal(rig_ask(&g, &q), P_BAD_REQUEST);
	}
	assert_int_equal(rig_verb(&g, &reader, DV_TRIAGE_LIST, NULL, NULL), P_FORBIDDEN);
	assert_int_equal(items(&g, &centre, NULL, a), 2);
	assert_int_equal(items(&g, &centre, "ceptoar=bank-ceptoar", b), 1);
	assert_string_equal(a, b);
	assert_int_equal(items(&g, &two, NULL, NULL), 3);
	assert_int_equal(items(&g, &two, "min_level=3", NULL), 2);
	assert_int_equal(items(&g, &two, "page=2", NULL), 1);
	assert_int_equal(items(&g, &two, "page=1&limit=1", b), 1);
	assert_int_equal(rig_number(&g, "next"), 2);
	assert_int_equal(items(&g, &two, "state=done", NULL), 0);
	rig_close(&g);
}

/* The same text a month later is news; what is over is forgotten. */
static void
test_time(void **state)
{
	char a[33], b[33], id[33];
	struct rig g;
	int n;

	(void)state;
	people();
	rig_open_light(&g, "");
	sent(&g, RIG_MED, 1, "甲", NULL, id);
	assert_int_equal(items(&g, &sato, NULL, a), 1);
	rig_now += 31LL * 24 * 3600 * 1000;
	sent(&g, RIG_MED, 1, "甲", NULL, id);
	assert_int_equal(items(&g, &sato, NULL, b), 2);
	assert_string_not_equal(a, b);
	rig_now += 2000LL * 24 * 3600 * 1000;
	for (n = 1; n > 0;)
		n = expire_prune(&g.k, rig_now / 60000, 64);
	assert_int_equal(n, 0);
	assert_int_equal(items(&g, &sato, NULL, NULL), 0);
	assert_int_equal(rig_verb(&g, &sato, DV_TRIAGE_ITEM, b, NULL), P_NOT_FOUND);
	rig_close(&g);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_collapse),
		cmocka_unit_test(test_topics),
		cmocka_unit_test(test_lock),
		cmocka_unit_test(test_aside),
		cmocka_unit_test(test_ask),
		cmocka_unit_test(test_follow_up),
		cmocka_unit_test(test_alike),
		cmocka_unit_test(test_merge),
		cmocka_unit_test(test_consent),
		cmocka_unit_test(test_paste),
		cmocka_unit_test(test_filters),
		cmocka_unit_test(test_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
