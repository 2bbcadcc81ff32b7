/* SPDX-License-Identifier: Apache-2.0 */
/* The reporters' word on a draft: who is asked, what they see, when it is void, and that
 * a refusal stops the release. */
#include "tests/role/desk_rig.h"

static const uint8_t secret_hash[32] = { 0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14,
	0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24, 0x27, 0xae, 0x41, 0xe4, 0x64,
	0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55 };
static const char with_case[] =
    "{\"case_commitment\":\"47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU\"}";

static void
opened(struct rig *g, char id[33])
{
	struct keeper_put m = rig_put_default();

	assert_int_equal(rig_put(g, &m, 1, "ceptoar", with_case), P_OK);
	(void)rig_said(g, "case", id, 33);
}

static json_t *
state_of(struct rig *g, const char *id)
{
	struct keeper_case c;
	struct buf b;

	memset(&c, 0, sizeof c);
	memcpy(c.secret_hash, secret_hash, sizeof secret_hash);
	assert_int_equal(hex_decode(slice_of(id), c.case_id, ID_LEN), ID_LEN);
	buf_init(&b, 512);
	keeper_case_put(&b, &c);
	assert_int_equal(rig_call(g, &g->peer[0], KM_CASE, &b), P_OK);
	buf_done(&b);
	return rig_json(&g->peer[0]);
}

static enum problem
give(struct rig *g, const char *id, const char *json, int right)
{
	struct keeper_desk m;
	enum problem p;
	struct buf b;

	memset(&m, 0, sizeof m);
	m.verb = DV_APPROVAL_GIVE;
	m.ref = slice_of(id);
	m.json = slice_of(json);
	m.has_secret = 1;
	memcpy(m.secret_hash, secret_hash, sizeof secret_hash);
	m.secret_hash[0] ^= (uint8_t)!right;
	buf_init(&b, 8192);
	keeper_desk_put(&b, &m);
	p = rig_call(g, &g->peer[0], KM_DESK, &b);
	buf_done(&b);
	return p;
}

static enum problem
say(struct rig *g, const char *id, const char *sha, const char *approve, const char *note)
{
	char json[512];

	(void)snprintf(json, sizeof json, "{\"approve\":%s%s%s,\"sha256\":\"%s\"}",
	    approve, note != NULL ? ",\"note\":" : "", note != NULL ? note : "", sha);
	return give(g, id, json, 1);
}

static void
counts(struct rig *g, const struct rights *r, const char *draft, int asked, int approved,
    int refused, int old)
{
	assert_int_equal(rig_verb(g, r, DV_DRAFT_GET, draft, NULL), P_OK);
	assert_int_equal(rig_number(g, "approval.asked"), asked);
	assert_int_equal(rig_number(g, "approval.approved"), approved);
	assert_int_equal(rig_number(g, "approval.refused"), refused);
	assert_int_equal(rig_number(g, "approval.void"), old);
}

static const char content[] =
    "{\"severity\":2,\"title\":\"注意\",\"summary\":\"%s\",\"tlp\":\"TLP:AMBER\","
    "\"cases\":[\"%s\",\"%s\"]}";

static void
change(struct rig *g, const struct rights *r, const char *draft, int revision,
    const char *summary, const char *a, const char *b)
{
	char text[512], json[640];

	(void)snprintf(text, sizeof text, content, summary, a, b);
	(void)snprintf(
	    json, sizeof json, "{\"revision\":%d,\"draft\":%s}", revision, text);
	assert_int_equal(rig_verb(g, r, DV_DRAFT_PUT, draft, json), P_OK);
}

static void
test_approval(void **state)
{
	struct rights desk = rig_desk_of(RIG_MED, 1), bank = rig_desk_of(RIG_BANK, 2);
	char a[33], b[33], draft[33], sha[65], old[65] = "x", text[512];
	struct rig g;
	json_t *j;

	(void)state;
	rig_open_light(&g, "");
	opened(&g, a);
	opened(&g, b);
	(void)snprintf(text, sizeof text, content, "一", a, b);
	rig_draft(&g, &desk, text, draft);
	j = state_of(&g, a);
	assert_null(rig_at(j, "approval"));
	json_decref(j);
	assert_int_equal(say(&g, a, old, "true", NULL), P_INVALID_FIELD);
	assert_int_equal(rig_verb(&g, &bank, DV_APPROVAL_ASK, draft, NULL), P_NOT_FOUND);
	assert_int_equal(rig_verb(&g, &desk, DV_APPROVAL_ASK, draft, NULL), P_OK);
	(void)rig_said(&g, "sha256", sha, sizeof sha);
	/* What the reporter sees, and never another case's id. */
	j = state_of(&g, a);
	assert_string_equal(rig_text(j, "approval.sha256"), sha);
	assert_string_equal(rig_text(j, "approval.draft.summary.ja"), "一");
	assert_null(rig_at(j, "approval.draft.cases"));
	json_decref(j);
	assert_int_equal(give(&g, a, "{\"approve\":true}", 0), P_NOT_FOUND);
	assert_int_equal(give(&g, a, "{\"approve\":true}", 1), P_MISSING_FIELD);
	assert_int_equal(say(&g, a, sha, "1", NULL), P_WRONG_TYPE);
	assert_int_equal(say(&g, a, sha, "true,\"x\":1", NULL), P_UNKNOWN_FIELD);
	assert_int_equal(
	    say(&g, a, sha, "true", "\"mail sato@bank.example.jp\""), P_NOT_PUBLIC);
	counts(&g, &desk, draft, 2, 0, 0, 0);
	assert_int_equal(say(&g, a, sha, "true", "\"結構です\""), P_OK);
	assert_int_equal(rig_number(&g, "messages"), 1);
	counts(&g, &desk, draft, 2, 1, 0, 0);
	/* Another text: the word is void, and the old text cannot be approved any more.
	 */
	change(&g, &desk, draft, 1, "二", a, b);
	counts(&g, &desk, draft, 0, 0, 0, 2);
	j = state_of(&g, a);
	assert_null(rig_at(j, "approval"));
	json_decref(j);
	(void)snprintf(old, sizeof old, "%s", sha);
	assert_int_equal(say(&g, b, sha, "true", NULL), P_CONFLICT);
	assert_int_equal(rig_verb(&g, &desk, DV_APPROVAL_ASK, draft, NULL), P_OK);
	(void)rig_said(&g, "sha256", sha, sizeof sha);
	assert_string_not_equal(old, sha);
	assert_int_equal(say(&g, b, old, "true", NULL), P_TEXT_CHANGED);
	rig_restart(&g);
	counts(&g, &desk, draft, 2, 0, 0, 0);
	rig_close(&g);
}

static void
test_refusal(void **state)
{
	struct rights desk = rig_desk_of(RIG_MED, 1);
	char a[33], b[33], draft[33], sha[65], text[512], json[640], number[32];
	struct rig g;
	json_t *j;

	(void)state;
	rig_open_light(&g, "");
	opened(&g, a);
	opened(&g, b);
	(void)snprintf(text, sizeof text, content, "一", a, b);
	rig_draft(&g, &desk, text, draft);
	assert_int_equal(rig_verb(&g, &desk, DV_APPROVAL_ASK, draft, NULL), P_OK);
	(void)rig_said(&g, "sha256", sha, sizeof sha);
	assert_int_equal(say(&g, b, sha, "false", NULL), P_OK);
	counts(&g, &desk, draft, 2, 0, 1, 0);
	assert_int_equal(rig_verb(&g, &desk, DV_DRAFT_RELEASE, draft, NULL), P_CONFLICT);
	/* A few other words are no approval. */
	change(&g, &desk, draft, 1, "二", a, b);
	assert_int_equal(rig_verb(&g, &desk, DV_DRAFT_RELEASE, draft, NULL), P_CONFLICT);
	assert_true(slice_eq(rig_reply(&g.peer[0]).pointer, "/cases"));
	/* Without that case it may go. */
	(void)snprintf(json, sizeof json,
	    "{\"revision\":2,\"draft\":{\"severity\":2,\"title\":\"注意\","
	    "\"tlp\":\"TLP:AMBER\",\"cases\":[\"%s\"]}}",
	    a);
	assert_int_equal(rig_verb(&g, &desk, DV_DRAFT_PUT, draft, json), P_OK);
	assert_int_equal(rig_verb(&g, &desk, DV_DRAFT_RELEASE, draft, NULL), P_OK);
	(void)rig_said(&g, "bulletin.number", number, sizeof number);
	j = state_of(&g, a);
	assert_string_equal(rig_text(j, "bulletin.number"), number);
	json_decref(j);
	j = state_of(&g, b);
	assert_null(rig_at(j, "bulletin"));
	json_decref(j);
	/* Its group is done. */
	assert_int_equal(rig_ask(&g, &(struct rig_ask){ .rights = &desk,
					 .verb = DV_TRIAGE_LIST,
					 .query = "state=done" }),
	    P_OK);
	(void)rig_said(&g, "items.0.bulletin.number", text, sizeof text);
	assert_string_equal(text, number);
	assert_int_equal(rig_verb(&g, &desk, DV_APPROVAL_ASK, draft, NULL), P_CONFLICT);
	rig_close(&g);
}

/* The release of a new draft with this text and these cases. */
static enum problem
release_text(struct rig *g, const struct rights *r, const char *summary, const char *a,
    const char *b, char draft[33])
{
	char text[512];

	(void)snprintf(text, sizeof text, content, summary, a, b);
	rig_draft(g, r, text, draft);
	return rig_verb(g, r, DV_DRAFT_RELEASE, draft, NULL);
}

/* A refusal is of a text, in whatever draft that stands. */
static void
test_a_refusal_goes_with_the_text(void **state)
{
	struct rights desk = rig_desk_of(RIG_MED, 1);
	char a[33], b[33], first[33], draft[33], sha[65], text[512];
	struct rig g;

	(void)state;
	rig_open_light(&g, "");
	opened(&g, a);
	opened(&g, b);
	(void)snprintf(text, sizeof text, content, "一", a, b);
	rig_draft(&g, &desk, text, first);
	assert_int_equal(rig_verb(&g, &desk, DV_APPROVAL_ASK, first, NULL), P_OK);
	(void)rig_said(&g, "sha256", sha, sizeof sha);
	assert_int_equal(say(&g, b, sha, "false", NULL), P_OK);
	assert_int_equal(release_text(&g, &desk, "一", a, b, draft), P_CONFLICT);
	assert_true(slice_eq(rig_reply(&g.peer[0]).pointer, "/cases"));
	/* The draft goes on with other words, */
	change(&g, &desk, first, 1, "二", a, b);
	assert_int_equal(rig_verb(&g, &desk, DV_APPROVAL_ASK, first, NULL), P_OK);
	assert_int_equal(rig_verb(&g, &desk, DV_DRAFT_RELEASE, draft, NULL), P_CONFLICT);
	/* or goes. */
	assert_int_equal(rig_verb(&g, &desk, DV_DRAFT_DELETE, first, NULL), P_OK);
	rig_restart(&g);
	assert_int_equal(rig_verb(&g, &desk, DV_DRAFT_RELEASE, draft, NULL), P_CONFLICT);
	assert_int_equal(release_text(&g, &desk, "一", b, a, first), P_CONFLICT);
	/* Of another case it is no word, and of another text neither. */
	assert_int_equal(release_text(&g, &desk, "三", a, b, first), P_OK);
	(void)snprintf(text, sizeof text,
	    "{\"severity\":2,\"title\":\"注意\",\"summary\":\"一\",\"tlp\":\"TLP:AMBER\","
	    "\"cases\":[\"%s\"]}",
	    a);
	rig_draft(&g, &desk, text, first);
	assert_int_equal(rig_verb(&g, &desk, DV_DRAFT_RELEASE, first, NULL), P_OK);
	/* Its reporter may think better of it. */
	assert_int_equal(rig_verb(&g, &desk, DV_APPROVAL_ASK, draft, NULL), P_OK);
	assert_int_equal(say(&g, b, sha, "true", NULL), P_OK);
	assert_int_equal(rig_verb(&g, &desk, DV_DRAFT_RELEASE, draft, NULL), P_OK);
	rig_close(&g);
}

static void
attach(struct rig *g, const struct rights *r, const char *draft, const char *text)
{
	struct rig_ask a = { .rights = r,
		.verb = text != NULL ? DV_ATTACH_PUT : DV_ATTACH_DELETE,
		.ref = draft,
		.sub = "list.txt",
		.data = slice_of(text != NULL ? text : "") };

	assert_int_equal(rig_ask(g, &a), P_OK);
}

/* Files are part of what goes out, and so of what is approved. */
static void
test_files_are_part_of_the_text(void **state)
{
	struct rights desk = rig_desk_of(RIG_MED, 1);
	char a[33], b[33], draft[33], plain[65], sha[65], text[512];
	struct rig g;
	json_t *j;

	(void)state;
	rig_open_light(&g, "");
	opened(&g, a);
	opened(&g, b);
	(void)snprintf(text, sizeof text, content, "一", a, b);
	rig_draft(&g, &desk, text, draft);
	assert_int_equal(rig_verb(&g, &desk, DV_APPROVAL_ASK, draft, NULL), P_OK);
	(void)rig_said(&g, "sha256", plain, sizeof plain);
	assert_int_equal(say(&g, a, plain, "true", NULL), P_OK);
	counts(&g, &desk, draft, 2, 1, 0, 0);
	attach(&g, &desk, draft, "10.0.0.5\n");
	counts(&g, &desk, draft, 0, 0, 0, 2);
	assert_int_equal(say(&g, b, plain, "true", NULL), P_CONFLICT);
	assert_int_equal(rig_verb(&g, &desk, DV_APPROVAL_ASK, draft, NULL), P_OK);
	(void)rig_said(&g, "sha256", sha, sizeof sha);
	assert_string_not_equal(sha, plain);
	j = state_of(&g, a);
	assert_string_equal(rig_text(j, "approval.sha256"), sha);
	assert_string_equal(rig_text(j, "approval.draft.attachments.0.name"), "list.txt");
	assert_int_equal(strlen(rig_text(j, "approval.draft.attachments.0.sha256")), 64);
	json_decref(j);
	/* Another file under the same name, and none. */
	assert_int_equal(say(&g, a, sha, "true", NULL), P_OK);
	attach(&g, &desk, draft, "10.0.0.6\n");
	counts(&g, &desk, draft, 0, 0, 0, 2);
	attach(&g, &desk, draft, NULL);
	assert_int_equal(rig_verb(&g, &desk, DV_APPROVAL_ASK, draft, NULL), P_OK);
	(void)rig_said(&g, "sha256", sha, sizeof sha);
	assert_string_equal(sha, plain);
	rig_close(&g);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_approval),
		cmocka_unit_test(test_refusal),
		cmocka_unit_test(test_a_refusal_goes_with_the_text),
		cmocka_unit_test(test_files_are_part_of_the_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
