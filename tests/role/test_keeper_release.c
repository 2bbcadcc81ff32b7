/* SPDX-License-Identifier: Apache-2.0 */
/* From a draft to a bulletin: who gets it, what it says, its revisions and its end. */
#include "tests/role/reporter_rig.h"

#include "daemon/keeper/expire.h"

static const char plain[] =
    "{\"severity\":3,\"kind\":\"attack_method\",\"title\":{\"ja\":\"件名\"},"
    "\"summary\":\"http://evil.example/x\",\"ack\":{\"required\":true,"
    "\"deadline\":\"2026-11-30T12:00:00+09:00\"}}";

static void
assert_text(const json_t *j, const char *path, const char *want)
{
	assert_string_equal(rig_text(j, path), want);
}

static void
test_the_own_ceptoar_gets_it_at_once(void **state)
{
	struct rights sato = rig_desk_of(RIG_MED, 1);
	struct rig_ask again = { .rights = &sato,
		.verb = DV_DRAFT_RELEASE,
		.json = "{}",
		.key = 3,
		.mac = 4 };
	struct frame_head h;
	char id[33];
	uint64_t head;
	struct rig g;
	json_t *j;

	(void)state;
	rig_open(&g, "");
	rig_draft(&g, &sato, plain, id);
	again.ref = id;
	assert_int_equal(rig_ask(&g, &again), P_OK);
	assert_int_equal(rig_number(&g, "bulletin.revision"), 1);
	j = rig_log(&g, 0, &h, NULL);
	assert_int_equal(h.kind, FRAME_BULLETIN);
	assert_int_equal(h.flags,
	    FRAME_CENTRE | FRAME_DESK | FRAME_ACK | KIND_ATTACK_METHOD << FRAME_KIND_AT);
	assert_int_equal(rig_sees(&h, ROLE_OPERATOR, RIG_MED), VIEW_BODY);
	assert_int_equal(rig_sees(&h, ROLE_CENTRE, 0), VIEW_BODY);
	assert_int_equal(rig_sees(&h, ROLE_OPERATOR, RIG_BANK), VIEW_NONE);
	assert_text(j, "origin", "secretariat");
	assert_text(j, "kind", "attack_method");
	assert_text(j, "audience", "ceptoar");
	assert_text(j, "sector.slug", "medical");
	assert_text(j, "summary.ja", "hxxp://evil[.]example/x");
	assert_text(j, "ack.deadline", "2026-11-30T12:00:00+09:00");
	assert_true(json_is_true(rig_at(j, "verified")));
	assert_null(rig_at(j, "note"));
	json_decref(j);
	/* The same key: the same answer, and no second row. */
	head = rig_head(&g);
	assert_int_equal(rig_ask(&g, &again), P_OK);
	assert_int_equal(rig_reply(&g.peer[0]).created, 0);
	assert_int_equal(rig_head(&g), head);
	assert_int_equal(rig_verb(&g, &sato, DV_DRAFT_RELEASE, id, "{}"), P_CONFLICT);
	assert_int_equal(rig_verb(&g, &sato, DV_DRAFT_DELETE, id, NULL), P_CONFLICT);
	rig_close(&g);
}

static void
test_nobody_red_and_past(void **state)
{
	static const struct {
		const char *more;
		enum problem want;
		const char *pointer;
	} rows[] = {
		{ "\"tlp\":\"RED\"", P_CONFLICT, "/audience/receivers" },
		{ "\"audience\":{\"government\":false}", P_CONFLICT, "/audience" },
		{ "\"valid_until\":\"2026-11-01T00:00:00+09:00\"", P_INVALID_FIELD,
		    "/valid_until" },
		{ "\"ack\":{\"required\":true,\"deadline\":\"2026-11-01\"}",
		    P_INVALID_FIELD, "/ack/deadline" },
	};
	struct rights sato = rig_desk_of(RIG_MED, 1);
	char json[256], id[33];
	struct keeper_reply r;
	uint64_t head;
	struct rig g;
	size_t i;

	(void)state;
	rig_open(&g, "");
	head = rig_head(&g);
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		(void)snprintf(json, sizeof json, "{\"severity\":1,\"title\":\"x\",%s}",
		    rows[i].more);
		rig_draft(&g, &sato, json, id);
		assert_int_equal(
		    rig_verb(&g, &sato, DV_DRAFT_RELEASE, id, "{}"), rows[i].want);
		r = rig_reply(&g.peer[0]);
		assert_int_equal(r.pointer.n, strlen(rows[i].pointer));
		assert_memory_equal(r.pointer.p, rows[i].pointer, r.pointer.n);
		assert_int_equal(rig_head(&g), head);
	}
	rig_close(&g);
}

/* What a draft of one case with this audience does on release. */
struct consent_row {
	const char *publish, *audience, *tlp;
	enum problem want;
};

static void
test_no_release_exceeds_consent(void **state)
{
	static const struct consent_row rows[] = {
		{ "none", "{\"ceptoars\":[\"medical-ceptoar\"]}", "AMBER", P_CONSENT },
		{ "ceptoar", "{\"ceptoars\":[\"medical-ceptoar\"]}", "AMBER", P_OK },
		{ "ceptoar", "{\"sectors\":[\"medical\"]}", "AMBER+STRICT", P_OK },
		{ "ceptoar", "{\"ceptoars\":[\"medical-ceptoar\"]}", "GREEN", P_CONSENT },
		{ "ceptoar", "{\"sectors\":[\"medical\",\"water\"]}", "AMBER",
		    P_CONSENT },
		{ "ceptoar", "{\"all\":true}", "AMBER", P_CONSENT },
		{ "ceptoar", "{\"cross\":true}", "AMBER", P_CONSENT },
		{ "ceptoar",
		    "{\"ceptoars\":[\"medical-ceptoar\"],\"government\":{"
		    "\"ministries\":true}}",
		    "AMBER", P_CONSENT },
		{ "cross_sector", "{\"all\":true}", "AMBER", P_SECOND_PERSON },
		{ "cross_sector", "{\"public\":true}", "AMBER", P_CONSENT },
		{ "cross_sector", "{\"communities\":[\"universities\"]}", "AMBER",
		    P_CONSENT },
		{ "cross_sector", "{\"ceptoars\":[\"medical-ceptoar\"]}", "AMBER", P_OK },
	};
	struct rights sato = rig_desk_of(RIG_MED, 1);
	struct keeper_put m = rig_put_default();
	char json[512], id[33], c[33];
	struct rig g;
	size_t i;

	(void)state;
	rig_open(&g, "");
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		assert_int_equal(rig_put(&g, &m, 1, rows[i].publish, NULL), P_OK);
		rig_case_id(&g, RIG_MED, c);
		(void)snprintf(json, sizeof json,
		    "{\"severity\":1,\"title\":\"x\",\"tlp\":\"%s\",\"audience\":%s,"
		    "\"cases\":[\"%s\"]}",
		    rows[i].tlp, rows[i].audience, c);
		rig_draft(&g, &sato, json, id);
		if (rig_verb(&g, &sato, DV_DRAFT_RELEASE, id, "{}") != rows[i].want)
			fail_msg("row %zu: %s", i,
			    problem_code((enum problem)g.peer[0].status));
		assert_int_equal(rig_verb(&g, &sato, DV_DRAFT_AUDIENCE, id, NULL), P_OK);
		assert_int_equal(strcmp(rig_said(&g, "reasons.0.code", json, 64),
				     "consent_exceeded") == 0,
		    rows[i].want == P_CONSENT);
	}
	rig_close(&g);
}

/* What the government must not read it does not read by way of a desk either. */
static void
test_the_opt_out_of_the_government_binds_the_desk(void **state)
{
	static const struct {
		const char *audience;
		enum problem want;
	} rows[] = {
		{ "{\"ceptoars\":[\"medical-ceptoar\"]}", P_CONSENT },
		{ "{\"ceptoars\":[\"medical-ceptoar\"],\"government\":{\"centre\":"
		  "false}}",
		    P_CONSENT },
		{ "{\"ceptoars\":[\"medical-ceptoar\"],\"government\":{\"agencies\":"
		  "true}}",
		    P_CONSENT },
		{ "{\"all\":true,\"government\":false}", P_SECOND_PERSON },
		{ "{\"ceptoars\":[\"medical-ceptoar\"],\"government\":false}", P_OK },
	};
	static const char kept[] =
	    "{\"consent\":{\"publish\":\"cross_sector\",\"government\":false}}";
	struct rights sato = rig_desk_of(RIG_MED, 1), centre = rig_desk_of(SLOT_NONE, 4);
	struct keeper_put m = rig_put_default();
	char json[512], id[33], c[33];
	struct rig g;
	size_t i;

	(void)state;
	rig_open(&g, "");
	assert_int_equal(rig_put(&g, &m, 1, "cross_sector", kept), P_OK);
	rig_case_id(&g, RIG_MED, c);
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		(void)snprintf(json, sizeof json,
		    "{\"severity\":1,\"title\":\"x\",\"audience\":%s,\"cases\":[\"%s\"]}",
		    rows[i].audience, c);
		rig_draft(&g, &sato, json, id);
		if (rig_verb(&g, &sato, DV_DRAFT_RELEASE, id, "{}") != rows[i].want)
			fail_msg("row %zu: %s", i,
			    problem_code((enum problem)g.peer[0].status));
	}
	/* A second person of the government would read it. */
	assert_int_equal(rig_verb(&g, &centre, DV_SECOND_LIST, "", NULL), P_OK);
	assert_string_equal(rig_said(&g, "second.0.id", json, sizeof json), "");
	rig_close(&g);
}

static void
test_a_case_with_few_members_stays(void **state)
{
	struct rights sato = rig_desk_of(RIG_MED, 1);
	struct keeper_put m = rig_put_default();
	struct vault_dir_row rows[4];
	char json[256], id[33], c[33], text[64];
	struct rig g;
	unsigned i;

	(void)state;
	rig_open_as(&g, "", 1, "/tmp");
	memset(rows, 0, sizeof rows);
	for (i = 0; i < 4; i++) {
		rows[i].rights = rig_rights(128 + i, ROLE_OPERATOR, RIG_MED);
		subscription_default(&rows[i].wants);
	}
	rig_directory(&g, rows, 4);
	assert_int_equal(rig_put(&g, &m, 3, "cross_sector", NULL), P_OK);
	rig_case_id(&g, RIG_MED, c);
	(void)snprintf(
	    json, sizeof json, "{\"severity\":3,\"title\":\"x\",\"cases\":[\"%s\"]}", c);
	rig_draft(&g, &sato, json, id);
	assert_int_equal(rig_verb(&g, &sato, DV_DRAFT_RELEASE, id, "{}"), P_K_TOO_SMALL);
	assert_int_equal(rig_verb(&g, &sato, DV_DRAFT_AUDIENCE, id, NULL), P_OK);
	assert_string_equal(
	    rig_said(&g, "reasons.0.code", text, sizeof text), "k_too_small");
	assert_int_equal(rig_number(&g, "figures.candidates"), 4);
	assert_int_equal(rig_number(&g, "figures.members"), 4);
	assert_string_equal(rig_said(&g, "generalised", text, sizeof text), "");
	/* Without a case there is nobody to hide. */
	rig_draft(&g, &sato, "{\"severity\":3,\"title\":\"x\"}", id);
	assert_int_equal(rig_verb(&g, &sato, DV_DRAFT_RELEASE, id, "{}"), P_OK);
	rig_close(&g);
}

/* Fault 59: refused, and told what would do.  Taken, it goes out. */
static void
test_too_few_beyond_are_told_what_would_do(void **state)
{
	struct rights sato = rig_desk_of(RIG_MED, 1);
	struct keeper_put m = rig_put_default();
	struct vault_dir_row rows[12];
	char json[512], id[33], c[33];
	struct keeper_reply r;
	const char *at;
	struct rig g;
	json_t *j;
	unsigned i;

	(void)state;
	rig_open_as(&g, "[policy]\nk_inside = 10\nk_beyond = 20\n", 1, "/tmp");
	memset(rows, 0, sizeof rows);
	for (i = 0; i < 12; i++) {
		rows[i].rights = rig_rights(128 + i, ROLE_OPERATOR, RIG_MED);
		subscription_default(&rows[i].wants);
	}
	rig_directory(&g, rows, 12);
	assert_int_equal(rig_put(&g, &m, 3, "cross_sector", NULL), P_OK);
	rig_case_id(&g, RIG_MED, c);
	(void)snprintf(json, sizeof json,
	    "{\"severity\":3,\"title\":\"x\",\"cases\":[\"%s\"],\"audience\":{"
	    "\"ceptoars\":[\"medical-ceptoar\",\"bank-ceptoar\"]}}",
	    c);
	rig_draft(&g, &sato, json, id);
	assert_int_equal(rig_verb(&g, &sato, DV_DRAFT_RELEASE, id, "{}"), P_K_TOO_SMALL);
	r = rig_reply(&g.peer[0]);
	at = memmem(r.body.p, r.body.n, "{", 1);
	assert_non_null(at);
	assert_memory_equal(r.body.p, "\"generalised\":", 14);
	j = json_loadb(at, r.body.n - (size_t)(at - r.body.p), 0, NULL);
	assert_string_equal(rig_text(j, "audience.ceptoars.0"), "medical-ceptoar");
	assert_int_equal(json_array_size(rig_at(j, "audience.ceptoars")), 1);
	assert_int_equal(json_integer_value(rig_at(j, "candidates")), 12);
	assert_string_equal(rig_text(j, "left_out.0"), "products");
	json_decref(j);
	assert_int_equal(rig_verb(&g, &sato, DV_DRAFT_AUDIENCE, id, NULL), P_OK);
	j = rig_json(&g.peer[0]);
	assert_true(json_is_object(rig_at(j, "generalised.audience.government")));
	json_decref(j);
	(void)snprintf(json, sizeof json,
	    "{\"revision\":1,\"draft\":{\"severity\":3,\"title\":\"x\",\"cases\":[\"%s\"]"
	    ","
	    "\"audience\":{\"ceptoars\":[\"medical-ceptoar\"]}}}",
	    c);
	assert_int_equal(rig_verb(&g, &sato, DV_DRAFT_PUT, id, json), P_OK);
	assert_int_equal(rig_verb(&g, &sato, DV_DRAFT_RELEASE, id, "{}"), P_OK);
	rig_close(&g);
}

static void
test_the_preview_counts_whom_it_reaches(void **state)
{
	struct rights sato = rig_desk_of(RIG_MED, 1);
	char id[33], text[256];
	struct rig g;

	(void)state;
	rig_open(&g, "");
	rig_draft(&g, &sato,
	    "{\"severity\":3,\"title\":\"x\",\"audience\":{\"ceptoars\":"
	    "[\"medical-ceptoar\",\"bank-ceptoar\"]}}",
	    id);
	assert_int_equal(rig_verb(&g, &sato, DV_DRAFT_AUDIENCE, id, NULL), P_OK);
	assert_int_equal(rig_number(&g, "figures.members"), 2 * RIG_MEMBERS);
	assert_int_equal(rig_number(&g, "figures.ceptoars"), 2);
	assert_string_equal(rig_said(&g, "sentence.en", text, sizeof text),
	    "48 members of 2 CEPTOARs, 2 sectors; 48 members have no working contact");
	rig_close(&g);
}

/* A draft that names no audience: to whom it goes by the table, and with whose hand. */
static void
test_sectors_that_depend_on_it(void **state)
{
	static const struct {
		unsigned slot, level;
		const char *publish, *audience; /* publish NULL: without a case */
		int dependants;
	} rows[] = {
		{ RIG_PWR, 2, NULL, "", 1 },
		{ RIG_PWR, 1, NULL, "", 0 },
		{ RIG_PWR, 3, NULL, "", 0 },
		{ RIG_MED, 2, NULL, "", 1 }, /* none of these members depends on it */
		{ RIG_PWR, 2, "cross_sector", "", 1 },
		{ RIG_PWR, 2, "ceptoar", "", 0 },
		{ RIG_PWR, 2, "cross_sector",
		    ",\"audience\":{\"ceptoars\":[\"power-ceptoar\"]}", 0 },
	};
	struct keeper_put m = rig_put_default();
	struct rights sato;
	struct frame_head h;
	char id[33], c[33] = "", json[256], text[512];
	struct keeper_reply r;
	struct rig g;
	json_t *j;
	size_t i;

	(void)state;
	rig_open(&g, "");
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		sato = rig_desk_of(rows[i].slot, 1);
		m.slot = (uint8_t)rows[i].slot;
		if (rows[i].publish != NULL) {
			assert_int_equal(rig_put(&g, &m, 2, rows[i].publish, NULL), P_OK);
			rig_case_id(&g, rows[i].slot, c);
		}
		(void)snprintf(json, sizeof json,
		    "{\"severity\":%u,\"title\":\"x\"%s,\"cases\":[%s%s%s]}",
		    rows[i].level, rows[i].audience, rows[i].publish != NULL ? "\"" : "",
		    rows[i].publish != NULL ? c : "",
		    rows[i].publish != NULL ? "\"" : "");
		rig_draft(&g, &sato, json, id);
		assert_int_equal(rig_verb(&g, &sato, DV_DRAFT_AUDIENCE, id, NULL), P_OK);
		j = rig_json(&g.peer[0]);
		assert_int_equal(
		    json_is_true(rig_at(j, "dependants")), rows[i].dependants);
		assert_int_equal(
		    json_is_true(rig_at(j, "second_person")), rows[i].dependants);
		json_decref(j);
		assert_int_equal(rig_number(&g, "figures.members"),
		    rows[i].dependants && rows[i].slot == RIG_PWR ? 3 * RIG_MEMBERS
								  : RIG_MEMBERS);
		(void)rig_said(&g, "sentence.en", text, sizeof text);
		assert_int_equal(strstr(text, "depend") != NULL, rows[i].dependants);
		assert_int_equal(rig_verb(&g, &sato, DV_DRAFT_RELEASE, id, "{}"),
		    rows[i].dependants ? P_SECOND_PERSON : P_OK);
		if (rows[i].dependants && rows[i].publish != NULL)
			continue;
		if (rows[i].dependants) { /* who is alone at night need not wait */
			r = rig_reply(&g.peer[0]);
			assert_non_null(
			    memmem(r.detail.p, r.detail.n, "its own CEPTOAR alone", 21));
			assert_int_equal(
			    rig_verb(&g, &sato, DV_DRAFT_RELEASE, id,
				"{\"alone\":true,\"reason\":\"nobody else\"}"),
			    P_OK);
			json_decref(rig_log(&g, 1, &h, NULL));
			assert_int_equal(rig_sees(&h, ROLE_OPERATOR, RIG_BANK),
			    rows[i].slot == RIG_PWR ? VIEW_BODY : VIEW_NONE);
			continue;
		}
		json_decref(rig_log(&g, 0, &h, NULL));
		assert_int_equal(rig_sees(&h, ROLE_OPERATOR, rows[i].slot), VIEW_BODY);
		assert_int_equal(rig_sees(&h, ROLE_OPERATOR, RIG_BANK), VIEW_NONE);
	}
	rig_close(&g);
}

/* Too few in the CEPTOAR for readers beyond it: then it stays there. */
static void
test_dependants_need_k(void **state)
{
	struct rights sato = rig_desk_of(RIG_PWR, 1);
	struct keeper_put m = rig_put_default();
	struct vault_dir_row rows[8];
	char id[33], c[33], json[128];
	struct rig g;
	size_t i;

	(void)state;
	rig_open_as(&g, "", 1, "/tmp");
	memset(rows, 0, sizeof rows);
	for (i = 0; i < 8; i++) { /* 7 of 5 inside and 11 beyond */
		rows[i].rights = rig_rights(
		    128 + (unsigned)i, ROLE_OPERATOR, i < 7 ? RIG_PWR : RIG_BANK);
		subscription_default(&rows[i].wants);
	}
	rig_directory(&g, rows, 8);
	m.slot = RIG_PWR;
	assert_int_equal(rig_put(&g, &m, 2, "cross_sector", NULL), P_OK);
	rig_case_id(&g, RIG_PWR, c);
	(void)snprintf(
	    json, sizeof json, "{\"severity\":2,\"title\":\"x\",\"cases\":[\"%s\"]}", c);
	rig_draft(&g, &sato, json, id);
	assert_int_equal(rig_verb(&g, &sato, DV_DRAFT_AUDIENCE, id, NULL), P_OK);
	assert_int_equal(rig_number(&g, "figures.members"), 7);
	assert_int_equal(rig_verb(&g, &sato, DV_DRAFT_RELEASE, id, "{}"), P_OK);
	rig_close(&g);
}

static void
test_an_automatic_warning_is_taken_over(void **state)
{
	struct rights sato = rig_desk_of(RIG_MED, 1);
	struct keeper_put m = rig_put_default();
	struct store_bulletin b;
	struct frame_head h;
	char json[256], id[33], c[33];
	struct rig g;
	json_t *j;

	(void)state;
	rig_open(&g, "");
	assert_int_equal(rig_put(&g, &m, 3, "cross_sector", NULL), P_OK);
	rig_case_id(&g, RIG_MED, c);
	j = rig_log(&g, 0, &h, NULL);
	assert_false(json_is_true(rig_at(j, "verified")));
	json_decref(j);
	(void)snprintf(json, sizeof json,
	    "{\"severity\":3,\"title\":\"確認済み\",\"cases\":[\"%s\"],"
	    "\"valid_until\":\"2026-12-01T09:00:00+09:00\"}",
	    c);
	rig_draft(&g, &sato, json, id);
	assert_int_equal(rig_verb(&g, &sato, DV_DRAFT_RELEASE, id, "{}"), P_OK);
	assert_int_equal(rig_number(&g, "bulletin.revision"), 2);
	j = rig_log(&g, 0, &h, NULL);
	assert_int_equal(h.kind, FRAME_UPDATE);
	assert_true(json_is_true(rig_at(j, "verified")));
	assert_text(j, "title.ja", "確認済み");
	assert_text(j, "valid_until", "2026-12-01T09:00:00+09:00");
	assert_int_equal(rig_sees(&h, ROLE_OPERATOR, RIG_MED), VIEW_BODY);
	json_decref(j);
	/* It no longer ends unverified, but when the desk has said. */
	assert_int_equal(store_bulletin_get(g.k.store, h.id, &b), 0);
	assert_int_equal(b.note_due, 0);
	assert_int_equal(expire_due(&g.k, b.end_due - 1, 9), 0);
	assert_int_equal(expire_due(&g.k, b.end_due, 9), 1);
	j = rig_log(&g, 0, &h, NULL);
	assert_int_equal(h.kind, FRAME_CANCEL);
	assert_text(j, "reason.code", "ended");
	assert_text(j, "title.ja", "早期警戒情報の終了");
	assert_text(j, "origin", "secretariat");
	json_decref(j);
	rig_close(&g);
}

static void
test_merged_cases_make_one(void **state)
{
	struct rights sato = rig_desk_of(RIG_MED, 1);
	struct keeper_put m = rig_put_default();
	char json[256], id[33], one[33], two[33];
	struct frame_head h;
	struct rig g;
	json_t *j;

	(void)state;
	rig_open(&g, "");
	assert_int_equal(rig_put(&g, &m, 3, "ceptoar", NULL), P_OK);
	rig_case_id(&g, RIG_MED, one);
	assert_int_equal(rig_put(&g, &m, 3, "ceptoar", NULL), P_OK);
	rig_case_id(&g, RIG_MED, two);
	(void)snprintf(json, sizeof json,
	    "{\"severity\":3,\"title\":\"x\",\"cases\":[\"%s\",\"%s\"]}", one, two);
	rig_draft(&g, &sato, json, id);
	assert_int_equal(rig_verb(&g, &sato, DV_DRAFT_RELEASE, id, "{}"), P_OK);
	j = rig_log(&g, 0, &h, NULL);
	assert_int_equal(h.kind, FRAME_CANCEL);
	assert_text(j, "reason.code", "merged");
	json_decref(j);
	j = rig_log(&g, 1, &h, NULL);
	assert_int_equal(h.kind, FRAME_UPDATE);
	assert_int_equal(h.revision, 2);
	json_decref(j);
	rig_close(&g);
}

static void
test_corrections_reach_whom_it_had_reached(void **state)
{
	struct rights sato = rig_desk_of(RIG_MED, 1), bank = rig_desk_of(RIG_BANK, 2);
	struct rights centre = rig_desk_of(SLOT_NONE, 3);
	struct frame_head h;
	char id[33], number[32];
	struct rig g;
	json_t *j, *stub;

	(void)state;
	rig_open(&g, "");
	rig_draft(&g, &sato, "{\"severity\":0,\"title\":\"x\"}", id);
	assert_int_equal(rig_verb(&g, &sato, DV_DRAFT_RELEASE, id, "{}"), P_OK);
	(void)rig_said(&g, "bulletin.number", number, sizeof number);
	/* Narrowed to the centre: the members are told that there is something else. */
	assert_int_equal(rig_verb(&g, &sato, DV_BULLETIN_UPDATE, number,
			     "{\"content\":{\"severity\":0,\"title\":\"y\",\"audience\":{"
			     "\"government\":{\"centre\":true}}}}"),
	    P_OK);
	j = rig_log(&g, 0, &h, &stub);
	assert_int_equal(h.kind, FRAME_UPDATE);
	assert_int_equal(rig_sees(&h, ROLE_OPERATOR, RIG_MED), VIEW_STUB);
	assert_int_equal(rig_sees(&h, ROLE_CENTRE, 0), VIEW_BODY);
	assert_text(stub, "msg_type", "update");
	json_decref(j);
	json_decref(stub);
	/* Nobody else's to end but the centre's, with a reason and two; unknown to who
	 * may not read it. */
	assert_int_equal(rig_verb(&g, &bank, DV_FALSE_ALARM, number, NULL), P_NOT_FOUND);
	assert_int_equal(
	    rig_verb(&g, &centre, DV_FALSE_ALARM, number, NULL), P_MISSING_FIELD);
	assert_int_equal(
	    rig_verb(&g, &sato, DV_BULLETIN_CANCEL, number, "{}"), P_MISSING_FIELD);
	assert_int_equal(rig_verb(&g, &sato, DV_FALSE_ALARM, number, NULL), P_OK);
	j = rig_log(&g, 0, &h, &stub);
	assert_int_equal(h.kind, FRAME_CANCEL);
	assert_int_equal(rig_sees(&h, ROLE_OPERATOR, RIG_MED), VIEW_STUB);
	assert_int_equal(rig_sees(&h, ROLE_CENTRE, 0), VIEW_BODY);
	assert_text(j, "title.ja", "誤報のお知らせ");
	assert_text(j, "title.en", "False alarm");
	json_decref(j);
	json_decref(stub);
	assert_int_equal(rig_verb(&g, &sato, DV_FALSE_ALARM, number, NULL), P_CONFLICT);
	rig_close(&g);
}

static void
test_a_reporter_goes_on_beside_the_desks_text(void **state)
{
	struct rights sato = rig_desk_of(RIG_MED, 1);
	struct keeper_put one, two;
	char json[256], id[33], c[33], d[33], number[32];
	struct frame_head h;
	uint64_t head;
	struct rig g;
	json_t *j;

	(void)state;
	rig_open(&g, "");
	rig_reporter(&g, &one, RIG_MED, 3, "ceptoar", "", c);
	rig_reporter(&g, &two, RIG_MED, 3, "ceptoar", "", d);
	(void)snprintf(json, sizeof json,
	    "{\"severity\":3,\"title\":\"x\",\"cases\":[\"%s\",\"%s\"]}", c, d);
	rig_draft(&g, &sato, json, id);
	assert_int_equal(rig_verb(&g, &sato, DV_DRAFT_RELEASE, id, "{}"), P_OK);
	(void)rig_said(&g, "bulletin.number", number, sizeof number);
	/* More of it rings, and changes nothing of the desk's text. */
	head = rig_head(&g);
	assert_int_equal(rig_put(&g, &one, 4, "ceptoar", NULL), P_OK);
	assert_int_equal(rig_head(&g), head + 1);
	j = rig_log(&g, 0, &h, NULL);
	assert_int_equal(h.kind, FRAME_INBOX);
	json_decref(j);
	/* The end of one of two cases rings too; the bulletin stands. */
	assert_int_equal(rig_withdraw(&g, &two), P_OK);
	j = rig_log(&g, 0, &h, NULL);
	assert_int_equal(h.kind, FRAME_INBOX);
	json_decref(j);
	assert_int_equal(rig_verb(&g, &sato, DV_DRAFT_NEW, NULL, json), P_CONFLICT);
	/* Consent that is taken back takes it back at once, and forbids the next. */
	assert_int_equal(rig_put(&g, &one, 3, "none", NULL), P_OK);
	j = rig_log(&g, 0, &h, NULL);
	assert_int_equal(h.kind, FRAME_UPDATE);
	assert_int_equal(rig_sees(&h, ROLE_OPERATOR, RIG_MED), VIEW_STUB);
	json_decref(j);
	assert_int_equal(rig_verb(&g, &sato, DV_BULLETIN_UPDATE, number,
			     "{\"content\":{\"severity\":3,\"title\":\"y\",\"audience\":"
			     "{\"ceptoars\":[\"medical-ceptoar\"]}}}"),
	    P_CONSENT);
	rig_close(&g);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_own_ceptoar_gets_it_at_once),
		cmocka_unit_test(test_nobody_red_and_past),
		cmocka_unit_test(test_no_release_exceeds_consent),
		cmocka_unit_test(test_the_opt_out_of_the_government_binds_the_desk),
		cmocka_unit_test(test_a_case_with_few_members_stays),
		cmocka_unit_test(test_too_few_beyond_are_told_what_would_do),
		cmocka_unit_test(test_the_preview_counts_whom_it_reaches),
		cmocka_unit_test(test_sectors_that_depend_on_it),
		cmocka_unit_test(test_dependants_need_k),
		cmocka_unit_test(test_an_automatic_warning_is_taken_over),
		cmocka_unit_test(test_merged_cases_make_one),
		cmocka_unit_test(test_corrections_reach_whom_it_had_reached),
		cmocka_unit_test(test_a_reporter_goes_on_beside_the_desks_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
