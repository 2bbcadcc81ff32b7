/* SPDX-License-Identifier: Apache-2.0 */
/* Drafts of a desk: whose they are, versions, what a change is based on. */
#include "tests/role/desk_rig.h"

static const char first[] =
    "{\"severity\":3,\"title\":{\"ja\":\"件名\"},\"summary\":\"概要\"}";

static void
assert_pointer(struct rig *g, const char *pointer)
{
	struct keeper_reply r = rig_reply(&g->peer[0]);

	assert_int_equal(r.pointer.n, strlen(pointer));
	assert_memory_equal(r.pointer.p, pointer, r.pointer.n);
}

static void
test_a_draft_is_its_desks_alone(void **state)
{
	struct rights sato = rig_desk_of(RIG_MED, 1), ito = rig_desk_of(RIG_MED, 2);
	struct rights bank = rig_desk_of(RIG_BANK, 3);
	struct rights centre = rig_desk_of(SLOT_NONE, 4), operator_, machine = sato;
	char id[33], text[64];
	struct rig g;

	(void)state;
	rig_open(&g, "");
	rig_draft(&g, &sato, first, id);
	assert_string_equal(rig_said(&g, "desk", text, sizeof text), "medical-ceptoar");
	assert_string_equal(rig_said(&g, "state", text, sizeof text), "open");
	assert_int_equal(rig_verb(&g, &ito, DV_DRAFT_GET, id, NULL), P_OK);
	assert_string_equal(rig_said(&g, "draft.tlp", text, sizeof text), "TLP:AMBER");
	assert_string_equal(rig_said(&g, "draft.summary.ja", text, sizeof text), "概要");
	/* Another's is as one that does not exist. */
	assert_int_equal(rig_verb(&g, &bank, DV_DRAFT_GET, id, NULL), P_NOT_FOUND);
	assert_int_equal(rig_verb(&g, &centre, DV_DRAFT_GET, id, NULL), P_NOT_FOUND);
	assert_int_equal(rig_verb(&g, &bank, DV_DRAFT_DELETE, id, NULL), P_NOT_FOUND);
	assert_int_equal(rig_verb(&g, &bank, DV_DRAFT_LIST, NULL, NULL), P_OK);
	assert_int_equal(
	    rig_reply(&g.peer[0]).body.n, strlen("{\"drafts\":[],\"next\":null}"));
	/* Nor is a desk's work for operators and machines. */
	operator_ = rig_rights(7, ROLE_OPERATOR, RIG_MED);
	operator_.duties = DUTIES_ALL;
	assert_int_equal(rig_verb(&g, &operator_, DV_DRAFT_GET, id, NULL), P_FORBIDDEN);
	machine.duties = DUTY_MACHINE;
	assert_int_equal(rig_verb(&g, &machine, DV_DRAFT_NEW, NULL, first), P_FORBIDDEN);
	assert_int_equal(rig_verb(&g, &ito, DV_DRAFT_DELETE, id, NULL), P_OK);
	assert_int_equal(rig_verb(&g, &sato, DV_DRAFT_GET, id, NULL), P_NOT_FOUND);
	rig_close(&g);
}

static void
test_a_change_names_what_it_is_based_on(void **state)
{
	struct rights sato = rig_desk_of(RIG_MED, 1), ito = rig_desk_of(RIG_MED, 2);
	static const char second[] = "{\"revision\":1,\"draft\":{\"severity\":2,"
				     "\"title\":\"二\"}}";
	static const char third[] = "{\"revision\":2,\"draft\":{\"severity\":9,"
				    "\"title\":\"三\"}}";
	struct rig_ask old = {
		.rights = &sato, .verb = DV_DRAFT_GET, .query = "revision=1"
	};
	char id[33], text[64];
	struct rig g;

	(void)state;
	rig_open(&g, "");
	rig_draft(&g, &sato, first, id);
	assert_int_equal(rig_verb(&g, &ito, DV_DRAFT_PUT, id, second), P_OK);
	assert_int_equal(rig_number(&g, "revision"), 2);
	/* The same base again: somebody was faster. */
	assert_int_equal(rig_verb(&g, &sato, DV_DRAFT_PUT, id, second), P_CONFLICT);
	assert_pointer(&g, "/revision");
	assert_int_equal(rig_verb(&g, &sato, DV_DRAFT_PUT, id, "{}"), P_MISSING_FIELD);
	assert_int_equal(rig_verb(&g, &sato, DV_DRAFT_PUT, id, third), P_INVALID_FIELD);
	assert_pointer(&g, "/draft/severity");
	assert_int_equal(rig_verb(&g, &sato, DV_DRAFT_GET, id, NULL), P_OK);
	assert_int_equal(rig_number(&g, "draft.severity"), 2);
	assert_string_equal(rig_said(&g, "history.0.person", text, sizeof text),
	    "01010101010101010101010101010101");
	assert_string_equal(rig_said(&g, "history.1.person", text, sizeof text),
	    "02020202020202020202020202020202");
	old.ref = id;
	assert_int_equal(rig_ask(&g, &old), P_OK);
	assert_string_equal(rig_said(&g, "draft.title.ja", text, sizeof text), "件名");
	rig_close(&g);
}

static void
test_a_key_gives_the_same_draft_again(void **state)
{
	struct rights sato = rig_desk_of(RIG_MED, 1);
	struct rig_ask a = {
		.rights = &sato, .verb = DV_DRAFT_NEW, .json = first, .key = 7, .mac = 8
	};
	char one[33], two[33];
	struct rig g;

	(void)state;
	rig_open(&g, "");
	assert_int_equal(rig_ask(&g, &a), P_OK);
	assert_int_equal(rig_reply(&g.peer[0]).created, 1);
	(void)rig_said(&g, "id", one, sizeof one);
	rig_restart(&g);
	assert_int_equal(rig_ask(&g, &a), P_OK);
	assert_int_equal(rig_reply(&g.peer[0]).created, 0);
	assert_string_equal(rig_said(&g, "id", two, sizeof two), one);
	a.mac = 9; /* another body */
	assert_int_equal(rig_ask(&g, &a), P_IDEMPOTENCY_MISMATCH);
	a.mac = 8;
	a.verb = DV_DRAFT_DELETE; /* another call */
	a.ref = one;
	a.json = NULL;
	assert_int_equal(rig_ask(&g, &a), P_IDEMPOTENCY_MISMATCH);
	rig_close(&g);
}

static void
test_a_draft_is_made_of_the_desks_own_cases(void **state)
{
	struct rights sato = rig_desk_of(RIG_MED, 1), bank = rig_desk_of(RIG_BANK, 3);
	struct keeper_put m = rig_put_default();
	char c[33], json[256], id[33], text[64];
	struct rig g;

	(void)state;
	rig_open(&g, "");
	assert_int_equal(rig_put(&g, &m, 2, "ceptoar", NULL), P_OK);
	rig_case_id(&g, RIG_MED, c);
	(void)snprintf(
	    json, sizeof json, "{\"severity\":2,\"title\":\"題\",\"cases\":[\"%s\"]}", c);
	rig_draft(&g, &sato, json, id);
	assert_int_equal(rig_verb(&g, &sato, DV_DRAFT_GET, id, NULL), P_OK);
	assert_string_equal(rig_said(&g, "draft.cases.0", text, sizeof text), c);
	assert_int_equal(rig_verb(&g, &bank, DV_DRAFT_NEW, NULL, json), P_INVALID_FIELD);
	assert_pointer(&g, "/cases");
	json[strlen(json) - 4] ^= 1; /* no case at all: the same answer */
	assert_int_equal(rig_verb(&g, &sato, DV_DRAFT_NEW, NULL, json), P_INVALID_FIELD);
	rig_close(&g);
}

static enum problem
attach(struct rig *g, const struct rights *r, const char *draft, const char *name,
    struct slice data)
{
	struct rig_ask a = { .rights = r,
		.verb = DV_ATTACH_PUT,
		.ref = draft,
		.sub = name,
		.data = data };

	return rig_ask(g, &a);
}

/* What is handed out: type, name, and so many bytes that begin with `want`. */
static void
assert_file(struct rig *g, const char *type, const char *want, size_t n)
{
	struct keeper_reply r = rig_reply(&g->peer[0]);
	struct slice s;
	struct wire w;

	wire_init(&w, r.body.p, r.body.n);
	s = wire_str(&w, 64);
	assert_true(slice_eq(s, type));
	(void)wire_str(&w, 64);
	assert_int_equal(w.err, 0);
	assert_int_equal(r.body.n - w.at, n);
	assert_memory_equal(r.body.p + w.at, want, strlen(want));
}

static void
test_files_go_with_a_bulletin(void **state)
{
	struct rights sato = rig_desk_of(RIG_MED, 1), bank = rig_desk_of(RIG_BANK, 3);
	struct rights reader = rig_rights(9, ROLE_OPERATOR, RIG_MED);
	struct rights other = rig_rights(9, ROLE_OPERATOR, RIG_BANK);
	struct rig_ask get = { .rights = &reader, .verb = DV_BULLETIN_FILE };
	static char large[DESK_DATA_MAX];
	char id[33], number[32], name[16];
	struct frame_head h;
	struct rig g;
	json_t *j;
	int i;

	(void)state;
	rig_open(&g, "");
	memset(large, 'x', sizeof large);
	memcpy(large, "%PDF-1.7\n", 9);
	rig_draft(&g, &sato, first, id);
	assert_int_equal(
	    attach(&g, &sato, id, "all.pdf", (struct slice){ large, sizeof large }),
	    P_OK);
	assert_int_equal(
	    attach(&g, &sato, id, "a.csv", slice_of("a,=b")), P_INVALID_FIELD);
	assert_int_equal(
	    attach(&g, &sato, id, "a/b.csv", slice_of("a,b")), P_INVALID_FIELD);
	assert_int_equal(attach(&g, &sato, id, "a.txt", slice_of("")), P_INVALID_FIELD);
	assert_int_equal(attach(&g, &bank, id, "a.txt", slice_of("a")), P_NOT_FOUND);
	for (i = 1; i < 8; i++) {
		(void)snprintf(name, sizeof name, "%d.txt", i);
		assert_int_equal(attach(&g, &sato, id, name, slice_of("a")), P_OK);
	}
	assert_int_equal(attach(&g, &sato, id, "8.txt", slice_of("a")), P_CONFLICT);
	assert_int_equal(attach(&g, &sato, id, "7.txt", slice_of("bb")), P_OK);
	assert_int_equal(rig_verb(&g, &sato, DV_DRAFT_RELEASE, id, "{}"), P_OK);
	(void)rig_said(&g, "bulletin.number", number, sizeof number);
	j = rig_log(&g, 0, &h, NULL);
	assert_int_equal(json_array_size(rig_at(j, "attachments")), 8);
	assert_string_equal(rig_text(j, "attachments.6.sha256"),
	    "3b64db95cb55c763391c707108489ae18b4112d783300de38e033b4c98c3deaf");
	assert_int_equal(
	    json_integer_value(rig_at(j, "attachments.7.size")), DESK_DATA_MAX);
	json_decref(j);
	assert_int_equal(attach(&g, &sato, id, "1.txt", slice_of("b")), P_CONFLICT);
	get.ref = number;
	get.sub = "all.pdf";
	assert_int_equal(rig_ask(&g, &get), P_OK);
	assert_file(&g, "application/pdf", "%PDF-1.7\nx", sizeof large);
	get.sub = "none.pdf";
	assert_int_equal(rig_ask(&g, &get), P_NOT_FOUND);
	get.sub = "all.pdf";
	get.rights = &other; /* no more than of one that does not exist */
	assert_int_equal(rig_ask(&g, &get), P_NOT_FOUND);
	assert_int_equal(rig_reply(&g.peer[0]).body.n, 0);
	/* The next revision keeps them. */
	assert_int_equal(rig_verb(&g, &sato, DV_BULLETIN_UPDATE, number,
			     "{\"content\":{\"severity\":1,\"title\":\"x\"}}"),
	    P_OK);
	get.rights = &reader;
	assert_int_equal(rig_ask(&g, &get), P_OK);
	assert_file(&g, "application/pdf", "%PDF-1.7\nx", sizeof large);
	rig_close(&g);
}

static void
test_another_file_is_another_text(void **state)
{
	struct rights sato = rig_desk_of(RIG_MED, 1), ito = rig_desk_of(RIG_MED, 2);
	char id[33], text[64];
	struct rig g;

	(void)state;
	rig_open(&g, "");
	rig_draft(&g, &sato,
	    "{\"severity\":3,\"title\":\"x\",\"audience\":{\"all\":true}}", id);
	assert_int_equal(
	    rig_verb(&g, &sato, DV_DRAFT_RELEASE, id, "{}"), P_SECOND_PERSON);
	assert_int_equal(attach(&g, &sato, id, "a.txt", slice_of("a")), P_OK);
	assert_int_equal(rig_verb(&g, &ito, DV_SECOND_LIST, NULL, NULL), P_OK);
	assert_string_equal(rig_said(&g, "second.0.id", text, sizeof text), "");
	assert_int_equal(rig_verb(&g, &sato, DV_DRAFT_GET, id, NULL), P_OK);
	assert_string_equal(rig_said(&g, "state", text, sizeof text), "open");
	assert_string_equal(
	    rig_said(&g, "attachments.0.name", text, sizeof text), "a.txt");
	rig_close(&g);
}

/* All ids that the pages of so many hold, in order; the cursor of each is followed. */
static unsigned
pages(
    struct rig *g, const struct rights *r, unsigned limit, char ids[][33], unsigned most)
{
	char query[128], next[80] = "";
	struct rig_ask a = { .rights = r, .verb = DV_DRAFT_LIST, .query = query };
	unsigned n = 0, i, on_page;
	json_t *j;

	do {
		(void)snprintf(query, sizeof query, "limit=%u%s%s", limit,
		    next[0] != '\0' ? "&cursor=" : "", next);
		assert_int_equal(rig_ask(g, &a), P_OK);
		j = rig_json(&g->peer[0]);
		on_page = (unsigned)json_array_size(rig_at(j, "drafts"));
		assert_true(on_page <= limit && n + on_page <= most);
		for (i = 0; i < on_page; i++)
			(void)snprintf(ids[n++], 33, "%s",
			    json_string_value(json_object_get(
				json_array_get(rig_at(j, "drafts"), i), "id")));
		(void)snprintf(next, sizeof next, "%s",
		    json_is_null(rig_at(j, "next")) ? "" : rig_text(j, "next"));
		assert_true(next[0] == '\0' || on_page == limit);
		json_decref(j);
	} while (next[0] != '\0');
	return n;
}

static void
release_one(struct rig *g, const struct rights *r, const char *ceptoar, char id[33])
{
	char json[128];

	(void)snprintf(json, sizeof json,
	    "{\"severity\":1,\"title\":\"x\",\"audience\":{\"ceptoars\":[\"%s\"]}}",
	    ceptoar);
	rig_draft(g, r, json, id);
	assert_int_equal(rig_verb(g, r, DV_DRAFT_RELEASE, id, "{}"), P_OK);
}

/* What is open is found behind any number of newer ones that were released, at each of
 * the desks where somebody sits. */
static void
test_the_open_ones_come_first(void **state)
{
	enum { RELEASED = 210 };
	struct rights sato = rig_desk_of(RIG_MED, 1), both = sato;
	static const char *const bad[] = { "cursor=x", "cursor=2-1-00", "cursor=0-1-0",
		"cursor=", "limit=0", "limit=201", "page=1",
		"cursor=0--1-00000000000000000000000000000000" };
	char open[33], at_bank[33], waits[33], id[33];
	static char ids[RELEASED + 4][33];
	struct rig_ask a = { .rights = &sato, .verb = DV_DRAFT_LIST };
	struct rights bank = rig_desk_of(RIG_BANK, 1);
	struct rig g;
	unsigned i, n;

	(void)state;
	rig_open(&g, "");
	slots_set(&both.sec, RIG_BANK);
	rig_draft(&g, &sato, first, open);
	rig_now += 60000;
	rig_draft(&g, &bank, first, at_bank);
	rig_now += 60000;
	rig_draft(&g, &sato,
	    "{\"severity\":3,\"title\":\"x\",\"audience\":{\"all\":true}}", waits);
	assert_int_equal(
	    rig_verb(&g, &sato, DV_DRAFT_RELEASE, waits, "{}"), P_SECOND_PERSON);
	for (i = 0; i < RELEASED; i++) {
		rig_now += i % 3 == 0 ? 60000 : 0; /* several in one minute */
		release_one(&g, &sato, "medical-ceptoar", id);
	}
	n = pages(&g, &sato, 7, ids, RELEASED + 4);
	assert_int_equal(n, RELEASED + 2);
	assert_string_equal(ids[0], waits);
	assert_string_equal(ids[1], open);
	n = pages(&g, &both, 200, ids, RELEASED + 4);
	assert_int_equal(n, RELEASED + 3);
	assert_string_equal(ids[0], waits);
	assert_string_equal(ids[1], at_bank);
	assert_string_equal(ids[2], open);
	for (i = 0; i < n; i++)
		while (n > i + 1) /* each once */
			assert_string_not_equal(ids[i], ids[--n]);
	for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		a.query = bad[i];
		if (rig_ask(&g, &a) == P_OK)
			fail_msg("%s", bad[i]);
	}
	rig_close(&g);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_draft_is_its_desks_alone),
		cmocka_unit_test(test_a_change_names_what_it_is_based_on),
		cmocka_unit_test(test_a_key_gives_the_same_draft_again),
		cmocka_unit_test(test_a_draft_is_made_of_the_desks_own_cases),
		cmocka_unit_test(test_files_go_with_a_bulletin),
		cmocka_unit_test(test_another_file_is_another_text),
		cmocka_unit_test(test_the_open_ones_come_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
