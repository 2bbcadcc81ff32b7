/* SPDX-License-Identifier: Apache-2.0 */
/* The centre's one button, and what it sees of all desks. */
#include "tests/role/desk_rig.h"

static void
assert_confirm(struct rig *g, const struct rights *r, const char *number, unsigned want)
{
	assert_int_equal(rig_verb(g, r, DV_CONFIRM, number, NULL), want);
}

/* A report of this level and consent; the number of its bulletin. */
static void
warned(struct rig *g, int level, const char *publish, const char *more, char number[64])
{
	struct keeper_put m = rig_put_default();

	assert_int_equal(rig_put(g, &m, level, publish, more), P_OK);
	(void)rig_said(g, "bulletin.number", number, 64);
}

static void
test_one_button_across_sectors(void **state)
{
	struct rights centre = rig_desk_of(SLOT_NONE, 4), sato = rig_desk_of(RIG_MED, 1);
	struct frame_head h;
	char number[64];
	struct rig g;
	json_t *j;

	(void)state;
	rig_open(&g, "");
	warned(&g, 3, "cross_sector", NULL, number);
	assert_confirm(&g, &sato, number, P_FORBIDDEN);
	j = rig_log(&g, 1, &h, NULL);
	assert_int_equal(rig_sees(&h, ROLE_OPERATOR, RIG_BANK), VIEW_NONE);
	json_decref(j);
	assert_confirm(&g, &centre, number, P_OK);
	j = rig_log(&g, 0, &h, NULL);
	assert_int_equal(h.kind, FRAME_UPDATE);
	assert_true((h.flags & FRAME_CROSS) != 0 && slots_has(&h.slots, RIG_MED));
	assert_false(slots_has(&h.slots, RIG_BANK));
	/* It is of one report still, and nobody has looked into it. */
	assert_string_equal(rig_text(j, "note.en"), "unverified (one report)");
	assert_true(json_is_false(rig_at(j, "verified")));
	json_decref(j);
	assert_confirm(&g, &centre, number, P_CONFLICT);
	rig_restart(&g);
	assert_confirm(&g, &centre, number, P_CONFLICT);
	assert_confirm(&g, &centre, "2026-00000", P_NOT_FOUND);
	assert_int_equal(rig_verb(&g, &centre, DV_AUDIT_LIST, NULL, NULL), P_OK);
	assert_string_equal(
	    rig_said(&g, "rows.0.action", number, sizeof number), "bulletin.confirm");
	rig_close(&g);
}

static void
test_consent_policy_and_k_hold(void **state)
{
	static const struct {
		const char *conf, *publish, *more;
		enum problem want;
	} rows[] = {
		{ "", "ceptoar", NULL, P_CONSENT },
		{ "[policy]\nconfirm_cross_level = 5", "cross_sector", NULL, P_CONFLICT },
		{ "[policy]\nk_beyond = 100", "cross_sector", NULL, P_K_TOO_SMALL },
		{ "", "cross_sector",
		    "{\"consent\":{\"publish\":\"cross_sector\",\"government\":false}}",
		    P_NOT_FOUND },
	};
	struct rights centre = rig_desk_of(SLOT_NONE, 4);
	char number[64];
	uint64_t head;
	struct rig g;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		rig_open(&g, rows[i].conf);
		warned(&g, 3, rows[i].publish, rows[i].more, number);
		head = rig_head(&g);
		assert_confirm(&g, &centre, number, rows[i].want);
		assert_int_equal(rig_head(&g), head);
		rig_close(&g);
	}
}

static long long
waiting(struct rig *g, const char *desk)
{
	json_t *j = rig_json(&g->peer[0]);
	const json_t *list = rig_at(j, "desks");
	long long n = -1;
	size_t i;

	for (i = 0; i < json_array_size(list); i++)
		if (strcmp(rig_text(json_array_get(list, i), "desk"), desk) == 0)
			n = json_integer_value(
			    rig_at(json_array_get(list, i), "waiting"));
	json_decref(j);
	return n;
}

static void
test_the_centre_sees_what_waits_everywhere(void **state)
{
	struct rights centre = rig_desk_of(SLOT_NONE, 4), sato = rig_desk_of(RIG_MED, 1);
	char number[64];
	struct rig g;

	(void)state;
	rig_open(&g, "");
	assert_int_equal(rig_verb(&g, &sato, DV_BACKLOG, NULL, NULL), P_FORBIDDEN);
	warned(&g, 1, "none", NULL, number);
	warned(&g, 3, "ceptoar", NULL, number);
	warned(&g, 2, "ceptoar",
	    "{\"consent\":{\"publish\":\"ceptoar\",\"government\":false}}", number);
	warned(&g, 1, "none", "{\"exercise\":true}", number);
	assert_int_equal(rig_verb(&g, &centre, DV_BACKLOG, NULL, NULL), P_OK);
	assert_int_equal(waiting(&g, "medical-ceptoar"), 2);
	assert_int_equal(waiting(&g, "centre"), 1);
	assert_int_equal(waiting(&g, "bank-ceptoar"), 0);
	rig_close(&g);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_button_across_sectors),
		cmocka_unit_test(test_consent_policy_and_k_hold),
		cmocka_unit_test(test_the_centre_sees_what_waits_everywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
