/* SPDX-License-Identifier: Apache-2.0 */
/* Drafts of a desk: whose they are, versions, what a change is based on. */
#include "tests/role/desk_rig.h"

#include "daemon/keeper/draft.h"
#include "daemon/keeper/store_case.h"

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
	assert_null(strstr(rig_reply(&g.peer[0]).body.p, id));
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

/* The case of the last report, as hex. */
static void
case_of(struct rig *g, char id[33])
{
	struct store_item item;
	struct store_report r;
	struct slots desks;
	struct buf hex;
	size_t n = 0;

	memset(&desks, 0, sizeof desks);
	slots_set(&desks, RIG_MED);
	assert_int_equal(store_inbox_list(g->k.store, &desks, 0, &item, 1, &n), 0);
	assert_int_equal(n, 1);
	assert_int_equal(store_report_get(g->k.store, item.report, &r, NULL), 0);
	buf_init(&hex, 64);
	buf_add_hex(&hex, r.case_id, ID_LEN);
	(void)snprintf(id, 33, "%s", buf_cstr(&hex));
	buf_done(&hex);
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
	case_of(&g, c);
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_draft_is_its_desks_alone),
		cmocka_unit_test(test_a_change_names_what_it_is_based_on),
		cmocka_unit_test(test_a_key_gives_the_same_draft_again),
		cmocka_unit_test(test_a_draft_is_made_of_the_desks_own_cases),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
