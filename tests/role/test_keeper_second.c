/* SPDX-License-Identifier: Apache-2.0 */
/* Two persons: what one may not do alone, alone at night, and what comes of it. */
#include "tests/role/desk_rig.h"

#include "daemon/keeper/expire.h"

enum { RIG_WATER = 13, WEEKDAY_MS = 86400000 };

static const char wide[] =
    "{\"severity\":3,\"title\":\"件名\",\"audience\":{\"all\":true}}";

/* The id of the only request that waits, as this person sees it; 0: it sees none. */
static int
waiting(struct rig *g, const struct rights *r, char id[33])
{
	assert_int_equal(rig_verb(g, r, DV_SECOND_LIST, NULL, NULL), P_OK);
	(void)rig_said(g, "second.0.id", id, 33);
	return id[0] != '\0';
}

static void
test_another_person_has_to_agree(void **state)
{
	struct rights sato = rig_desk_of(RIG_MED, 1), ito = rig_desk_of(RIG_MED, 2);
	struct rights bank = rig_desk_of(RIG_BANK, 3);
	struct rights centre = rig_desk_of(SLOT_NONE, 4);
	struct frame_head h;
	char id[33], request[33], text[64];
	uint64_t head;
	struct rig g;
	json_t *j;

	(void)state;
	rig_open(&g, "");
	rig_draft(&g, &sato, wide, id);
	assert_int_equal(
	    rig_verb(&g, &sato, DV_DRAFT_RELEASE, id, "{}"), P_SECOND_PERSON);
	/* It rang, and asking again files nothing more. */
	j = rig_log(&g, 0, &h, NULL);
	assert_int_equal(h.kind, FRAME_INBOX);
	assert_true(json_is_true(rig_at(j, "second")));
	json_decref(j);
	head = rig_head(&g);
	assert_int_equal(
	    rig_verb(&g, &sato, DV_DRAFT_RELEASE, id, "{}"), P_SECOND_PERSON);
	assert_int_equal(rig_head(&g), head);
	rig_restart(&g);
	assert_false(waiting(&g, &bank, request)); /* no neighbour */
	assert_true(waiting(&g, &centre, request));
	assert_string_equal(
	    rig_said(&g, "second.0.draft.content.title.ja", text, sizeof text), "件名");
	assert_int_equal(rig_verb(&g, &bank, DV_SECOND_GIVE, request, "{\"agree\":true}"),
	    P_NOT_FOUND);
	assert_int_equal(rig_verb(&g, &sato, DV_SECOND_GIVE, request, "{\"agree\":true}"),
	    P_SECOND_PERSON);
	assert_int_equal(
	    rig_verb(&g, &ito, DV_SECOND_GIVE, request, "{}"), P_MISSING_FIELD);
	assert_int_equal(rig_head(&g), head);
	assert_int_equal(
	    rig_verb(&g, &ito, DV_SECOND_GIVE, request, "{\"agree\":true}"), P_OK);
	j = rig_log(&g, 0, &h, NULL);
	assert_int_equal(h.kind, FRAME_BULLETIN);
	assert_int_equal(rig_sees(&h, ROLE_OPERATOR, RIG_BANK), VIEW_BODY);
	assert_string_equal(rig_text(j, "audience"), "all");
	json_decref(j);
	assert_int_equal(
	    rig_verb(&g, &ito, DV_SECOND_GIVE, request, "{\"agree\":true}"), P_CONFLICT);
	assert_false(waiting(&g, &centre, request));
	/* A correction to the same readers needs nobody more. */
	assert_int_equal(rig_verb(&g, &sato, DV_DRAFT_GET, id, NULL), P_OK);
	(void)rig_said(&g, "bulletin", request, sizeof request);
	assert_int_equal(rig_verb(&g, &sato, DV_BULLETIN_UPDATE, request,
			     "{\"content\":{\"severity\":3,\"title\":\"訂正\"}}"),
	    P_OK);
	rig_close(&g);
}

/* A correction without an audience goes to the readers of the last revision: what is kept
 * from the government stays so while it waits. */
static void
test_a_correction_stays_kept(void **state)
{
	struct rights sato = rig_desk_of(RIG_MED, 1), ito = rig_desk_of(RIG_MED, 2);
	struct rights centre = rig_desk_of(SLOT_NONE, 4);
	char id[33], request[33];
	struct rig g;

	(void)state;
	rig_open(&g, "");
	rig_draft(&g, &sato,
	    "{\"severity\":3,\"title\":\"x\",\"audience\":{\"ceptoars\":"
	    "[\"medical-ceptoar\"],\"government\":false}}",
	    id);
	assert_int_equal(rig_verb(&g, &sato, DV_DRAFT_RELEASE, id, "{}"), P_OK);
	(void)rig_said(&g, "bulletin.id", id, sizeof id);
	assert_int_equal(rig_verb(&g, &sato, DV_BULLETIN_UPDATE, id,
			     "{\"content\":{\"severity\":3,\"title\":\"y\",\"tlp\":"
			     "\"TLP:CLEAR\"}}"),
	    P_SECOND_PERSON);
	assert_false(waiting(&g, &centre, request));
	assert_true(waiting(&g, &ito, request));
	rig_close(&g);
}

static void
test_a_neighbour_may_and_another_text_asks_anew(void **state)
{
	struct rights sato = rig_desk_of(RIG_MED, 1), water = rig_desk_of(RIG_WATER, 5);
	char id[33], request[33], text[64];
	struct rig g;

	(void)state;
	rig_open(&g, "");
	rig_draft(&g, &sato, wide, id);
	assert_int_equal(
	    rig_verb(&g, &sato, DV_DRAFT_RELEASE, id, "{}"), P_SECOND_PERSON);
	assert_int_equal(rig_verb(&g, &sato, DV_DRAFT_PUT, id,
			     "{\"revision\":1,\"draft\":{\"severity\":3,\"title\":\"z\","
			     "\"audience\":{\"all\":true}}}"),
	    P_OK);
	assert_false(waiting(&g, &water, request));
	assert_int_equal(
	    rig_verb(&g, &sato, DV_DRAFT_RELEASE, id, "{\"revision\":1}"), P_CONFLICT);
	assert_int_equal(rig_verb(&g, &sato, DV_DRAFT_RELEASE, id, "{\"revision\":2}"),
	    P_SECOND_PERSON);
	assert_true(waiting(&g, &water, request));
	/* After three days it is about another situation. */
	rig_now += 3 * WEEKDAY_MS + 60000;
	assert_false(waiting(&g, &water, text));
	assert_int_equal(
	    rig_verb(&g, &water, DV_SECOND_GIVE, request, "{\"agree\":true}"),
	    P_CONFLICT);
	assert_int_equal(
	    rig_verb(&g, &sato, DV_DRAFT_RELEASE, id, "{}"), P_SECOND_PERSON);
	assert_true(waiting(&g, &water, request));
	rig_now -= 3 * WEEKDAY_MS + 60000;
	assert_int_equal(
	    rig_verb(&g, &water, DV_SECOND_GIVE, request, "{\"agree\":false}"),
	    P_MISSING_FIELD);
	assert_int_equal(rig_verb(&g, &water, DV_SECOND_GIVE, request,
			     "{\"agree\":false,\"reason\":\"根拠が足りない\"}"),
	    P_OK);
	assert_int_equal(rig_verb(&g, &sato, DV_DRAFT_GET, id, NULL), P_OK);
	assert_string_equal(rig_said(&g, "state", text, sizeof text), "open");
	rig_close(&g);
}

static void
to_monday_noon(void)
{
	rig_now += WEEKDAY_MS;
	while (rig_now / 3600000 % 24 != 3) /* in Japan */
		rig_now += 3600000;
}

static void
test_alone_at_night_is_looked_at_within_a_day(void **state)
{
	static const char alone[] = "{\"alone\":true,\"reason\":\"夜間のため\"}";
	struct rights sato = rig_desk_of(RIG_MED, 1);
	struct rights centre = rig_desk_of(SLOT_NONE, 4);
	const int64_t sunday = rig_now;
	char id[33], request[33], text[64];
	int64_t minute = sunday / 60000;
	struct frame_head h;
	uint64_t head;
	struct rig g;
	json_t *j;

	(void)state;
	rig_open(&g, "");
	rig_draft(&g, &sato, wide, id);
	assert_int_equal(rig_verb(&g, &sato, DV_DRAFT_RELEASE, id, "{\"alone\":true}"),
	    P_MISSING_FIELD);
	to_monday_noon();
	assert_int_equal(
	    rig_verb(&g, &sato, DV_DRAFT_RELEASE, id, alone), P_SECOND_PERSON);
	assert_false(waiting(&g, &centre, request));
	rig_now = sunday;
	assert_int_equal(rig_verb(&g, &sato, DV_DRAFT_RELEASE, id, alone), P_OK);
	j = rig_log(&g, 1, &h, NULL);
	assert_int_equal(h.kind, FRAME_BULLETIN);
	json_decref(j);
	assert_true(waiting(&g, &centre, request));
	j = rig_json(&g.peer[0]);
	assert_true(json_is_true(rig_at(j, "second.0.after_the_fact")));
	assert_true(json_is_false(rig_at(j, "second.0.overdue")));
	json_decref(j);
	assert_string_equal(
	    rig_said(&g, "second.0.reason.ja", text, sizeof text), "夜間のため");
	/* Nobody looks: the bells ring, once. */
	head = rig_head(&g);
	assert_int_equal(expire_due(&g.k, minute + 24 * 60 - 1, 9), 0);
	assert_int_equal(rig_head(&g), head);
	assert_int_equal(expire_due(&g.k, minute + 24 * 60, 9), 1);
	assert_int_equal(expire_due(&g.k, minute + 48 * 60, 9), 0);
	assert_int_equal(rig_head(&g), head + 1);
	assert_true(waiting(&g, &centre, request));
	j = rig_json(&g.peer[0]);
	assert_true(json_is_true(rig_at(j, "second.0.overdue")));
	json_decref(j);
	assert_int_equal(
	    rig_verb(&g, &centre, DV_SECOND_GIVE, request, "{\"agree\":true}"), P_OK);
	assert_false(waiting(&g, &centre, request));
	assert_int_equal(rig_head(&g), head + 1); /* it was released before */
	rig_close(&g);
}

static void
test_a_centres_text_ends_with_two(void **state)
{
	struct rights one = rig_desk_of(SLOT_NONE, 4), two = rig_desk_of(SLOT_NONE, 5);
	char id[33], request[33], number[32];
	struct frame_head h;
	struct rig g;
	const int64_t sunday = rig_now;
	json_t *j;

	(void)state;
	rig_open(&g, "");
	rig_draft(&g, &one, wide, id);
	assert_int_equal(rig_verb(&g, &one, DV_DRAFT_RELEASE, id, "{}"), P_SECOND_PERSON);
	assert_true(waiting(&g, &two, request));
	assert_int_equal(
	    rig_verb(&g, &two, DV_SECOND_GIVE, request, "{\"agree\":true}"), P_OK);
	(void)rig_said(&g, "bulletin.number", number, sizeof number);
	to_monday_noon(); /* two are there: there is no alone */
	assert_int_equal(rig_verb(&g, &one, DV_FALSE_ALARM, number,
			     "{\"alone\":true,\"reason\":\"x\"}"),
	    P_SECOND_PERSON);
	assert_false(waiting(&g, &two, request));
	assert_int_equal(rig_verb(&g, &one, DV_BULLETIN_CANCEL, number,
			     "{\"reason\":{\"ja\":\"誤り\",\"en\":\"wrong\"}}"),
	    P_SECOND_PERSON);
	j = rig_log(&g, 0, &h, NULL);
	assert_int_equal(h.kind, FRAME_INBOX);
	json_decref(j);
	assert_true(waiting(&g, &two, request));
	assert_int_equal(
	    rig_verb(&g, &two, DV_SECOND_GIVE, request, "{\"agree\":true}"), P_OK);
	j = rig_log(&g, 0, &h, NULL);
	assert_int_equal(h.kind, FRAME_CANCEL);
	assert_string_equal(rig_text(j, "origin"), "centre");
	assert_string_equal(rig_text(j, "reason.code"), "cancelled");
	assert_string_equal(rig_text(j, "summary.en"), "wrong");
	json_decref(j);
	rig_now = sunday;
	rig_close(&g);
}

/* A secretariat's text, ended by the centre: two persons of the centre and a reason, and
 * the secretariat's bell.  Another secretariat cannot, nor can the centre rewrite it. */
static void
test_the_centre_ends_a_secretariats_text(void **state)
{
	struct rights sato = rig_desk_of(RIG_MED, 1), bank = rig_desk_of(RIG_BANK, 2),
		      one = rig_desk_of(SLOT_NONE, 4), two = rig_desk_of(SLOT_NONE, 5);
	char id[33], request[33], number[32];
	const int64_t sunday = rig_now;
	struct keeper_reply r;
	struct frame_head h;
	uint64_t head;
	struct rig g;
	json_t *j;

	(void)state;
	rig_open(&g, "");
	to_monday_noon();
	rig_draft(&g, &sato, "{\"severity\":1,\"title\":\"x\"}", id);
	assert_int_equal(rig_verb(&g, &sato, DV_DRAFT_RELEASE, id, "{}"), P_OK);
	(void)rig_said(&g, "bulletin.number", number, sizeof number);
	head = rig_head(&g);
	assert_int_equal(
	    rig_verb(&g, &bank, DV_BULLETIN_CANCEL, number, "{\"reason\":\"x\"}"),
	    P_NOT_FOUND);
	assert_int_equal(
	    rig_verb(&g, &one, DV_FALSE_ALARM, number, "{}"), P_MISSING_FIELD);
	assert_int_equal(rig_verb(&g, &one, DV_BULLETIN_UPDATE, number,
			     "{\"content\":{\"severity\":2,\"title\":\"y\"}}"),
	    P_FORBIDDEN);
	assert_int_equal(rig_head(&g), head);
	assert_int_equal(rig_verb(&g, &one, DV_BULLETIN_CANCEL, number,
			     "{\"reason\":{\"ja\":\"誤り\"}}"),
	    P_SECOND_PERSON);
	assert_false(waiting(&g, &sato, request)); /* it is the centre's to decide */
	assert_true(waiting(&g, &two, request));
	assert_int_equal(rig_verb(&g, &one, DV_SECOND_GIVE, request, "{\"agree\":true}"),
	    P_SECOND_PERSON);
	assert_int_equal(
	    rig_verb(&g, &two, DV_SECOND_GIVE, request, "{\"agree\":true}"), P_OK);
	json_decref(rig_log(&g, 1, &h, NULL));
	assert_int_equal(h.kind, FRAME_CANCEL);
	j = rig_log(&g, 0, &h, NULL);
	assert_int_equal(h.kind, FRAME_INBOX);
	assert_string_equal(rig_text(j, "ended"), number);
	json_decref(j);
	assert_int_equal(rig_sees(&h, ROLE_SECRETARIAT, RIG_MED), VIEW_BODY);
	assert_int_equal(rig_sees(&h, ROLE_SECRETARIAT, RIG_BANK), VIEW_NONE);
	/* Who did what stands in the audit log. */
	assert_int_equal(rig_verb(&g, &one, DV_AUDIT_LIST, NULL, NULL), P_OK);
	r = rig_reply(&g.peer[0]);
	assert_non_null(memmem(r.body.p, r.body.n, "\"bulletin.cancel\"", 17));
	rig_now = sunday;
	rig_close(&g);
}

/* The centre is always on duty, and has one officer outside office hours. */
static void
test_the_only_officer_of_the_night(void **state)
{
	static const char alone[] = "{\"alone\":true,\"reason\":\"夜間のため\"}";
	struct rights one = rig_desk_of(SLOT_NONE, 4), two = rig_desk_of(SLOT_NONE, 5);
	char id[33], request[33], number[32];
	struct frame_head h;
	struct rig g;

	(void)state;
	rig_open(&g, "");
	rig_draft(&g, &one, wide, id);
	assert_int_equal(rig_verb(&g, &one, DV_DRAFT_RELEASE, id, alone), P_OK);
	(void)rig_said(&g, "bulletin.number", number, sizeof number);
	json_decref(rig_log(&g, 1, &h, NULL));
	assert_int_equal(h.kind, FRAME_BULLETIN);
	assert_true(waiting(&g, &two, request));
	assert_int_equal(rig_verb(&g, &one, DV_SECOND_GIVE, request, "{\"agree\":true}"),
	    P_SECOND_PERSON);
	assert_int_equal(
	    rig_verb(&g, &two, DV_SECOND_GIVE, request, "{\"agree\":true}"), P_OK);
	assert_int_equal(rig_verb(&g, &one, DV_FALSE_ALARM, number, alone), P_OK);
	assert_true(waiting(&g, &two, request));
	rig_close(&g);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_another_person_has_to_agree),
		cmocka_unit_test(test_a_correction_stays_kept),
		cmocka_unit_test(test_a_neighbour_may_and_another_text_asks_anew),
		cmocka_unit_test(test_alone_at_night_is_looked_at_within_a_day),
		cmocka_unit_test(test_a_centres_text_ends_with_two),
		cmocka_unit_test(test_the_centre_ends_a_secretariats_text),
		cmocka_unit_test(test_the_only_officer_of_the_night),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
