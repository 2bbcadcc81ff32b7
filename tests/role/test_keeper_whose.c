/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One case, several bulletins: whose a draft revises when it says nothing of it, which
 * one gives way to another, and that all of them end with the case.
 */
#include "tests/role/reporter_rig.h"

static const char to_all[] = "\"audience\":{\"all\":true}";
static const char to_own[] = "\"audience\":{\"ceptoars\":[\"medical-ceptoar\"]}";

/* The number that the last release gave. */
static void
number_of(struct rig *g, char number[32])
{
	(void)rig_said(g, "bulletin.number", number, 32);
	assert_int_not_equal(number[0], '\0');
}

static void
quoted(char out[128], const char *a, const char *b)
{
	(void)snprintf(out, 128, b != NULL ? "\"%s\",\"%s\"" : "\"%s\"", a, b);
}

static void
stands(struct rig *g, const char *number, unsigned revision, int yes)
{
	struct store_bulletin b;

	rig_bulletin(g, number, &b);
	assert_int_equal(b.state == BULLETIN_STANDS, yes);
	if (revision != 0)
		assert_int_equal(b.revision, revision);
}

/* The centre's text for all sectors on a medical case, which two have agreed on. */
static void
centres(struct rig *g, const char *cases, char number[32])
{
	struct rights one = rig_desk_of(SLOT_NONE, 4), two = rig_desk_of(SLOT_NONE, 5);
	char id[33];

	assert_int_equal(rig_release_of(g, &one, 3, cases, to_all, id), P_SECOND_PERSON);
	assert_int_equal(rig_agree(g, &two), P_OK);
	number_of(g, number);
}

static void
test_a_draft_revises_its_own_desks_text_alone(void **state)
{
	struct rights sato = rig_desk_of(RIG_MED, 1), one = rig_desk_of(SLOT_NONE, 4);
	char c[33], id[33], cases[128], centre[32], own[32], text[32];
	struct keeper_put m;
	struct frame_head h;
	struct rig g;
	json_t *j;

	(void)state;
	rig_open(&g, "");
	rig_reporter(&g, &m, RIG_MED, 3, "cross_sector", "", c);
	quoted(cases, c, NULL);
	centres(&g, cases, centre); /* it has taken the automatic warning over */
	stands(&g, centre, 2, 1);
	assert_int_equal(rig_verb(&g, &sato, DV_BULLETIN_UPDATE, centre,
			     "{\"content\":{\"severity\":3,\"title\":\"y\"}}"),
	    P_FORBIDDEN);
	/* What the desk may not do by the number, it may not do by the case. */
	assert_int_equal(rig_release_of(&g, &sato, 3, cases, "", id), P_OK);
	number_of(&g, own);
	assert_string_not_equal(own, centre);
	stands(&g, own, 1, 1);
	stands(&g, centre, 2, 1);
	j = rig_log(&g, 0, &h, NULL);
	assert_int_equal(h.kind, FRAME_BULLETIN);
	assert_string_equal(rig_text(j, "origin"), "secretariat");
	assert_int_equal(rig_sees(&h, ROLE_OPERATOR, RIG_BANK), VIEW_NONE);
	json_decref(j);
	assert_int_equal(rig_verb(&g, &sato, DV_BULLETIN_CANCEL, centre,
			     "{\"reason\":{\"ja\":\"x\"}}"),
	    P_FORBIDDEN);
	/* The centre goes on with its own, though the case has led to another one since,
	 * and the desk with its own. */
	assert_int_equal(rig_release_of(&g, &one, 3, cases, to_all, id), P_OK);
	number_of(&g, text);
	assert_string_equal(text, centre);
	stands(&g, centre, 3, 1);
	stands(&g, own, 1, 1);
	assert_int_equal(rig_release_of(&g, &sato, 3, cases, to_own, id), P_OK);
	number_of(&g, text);
	assert_string_equal(text, own);
	stands(&g, own, 2, 1);
	/* Nor does the centre take over what a secretariat wrote. */
	rig_reporter(&g, &m, RIG_MED, 3, "cross_sector", "", c);
	quoted(cases, c, NULL);
	assert_int_equal(rig_release_of(&g, &sato, 3, cases, "", id), P_OK);
	number_of(&g, own);
	assert_int_equal(rig_release_of(&g, &one, 3, cases,
			     "\"audience\":{\"government\":{\"centre\":true}}", id),
	    P_OK);
	number_of(&g, text);
	assert_string_not_equal(text, own);
	stands(&g, own, 2, 1);
	rig_close(&g);
}

/* Between the asking and the word of the second person the text became another desk's. */
static void
test_a_text_that_went_to_another_desk_meanwhile(void **state)
{
	struct rights sato = rig_desk_of(RIG_MED, 1), ito = rig_desk_of(RIG_MED, 2);
	struct rights one = rig_desk_of(SLOT_NONE, 4);
	char c[33], id[33], cases[128], number[32], text[32], json[256];
	struct keeper_put m;
	struct keeper_reply r;
	struct rig g;

	(void)state;
	rig_open(&g, "");
	rig_reporter(&g, &m, RIG_MED, 3, "cross_sector", "", c);
	number_of(&g, number);
	quoted(cases, c, NULL);
	(void)snprintf(json, sizeof json,
	    "{\"content\":{\"severity\":3,\"title\":\"y\",%s}}", to_all);
	assert_int_equal(
	    rig_verb(&g, &sato, DV_BULLETIN_UPDATE, number, json), P_SECOND_PERSON);
	assert_int_equal(rig_release_of(&g, &one, 3, cases,
			     "\"audience\":{\"government\":{\"centre\":true}}", id),
	    P_OK);
	number_of(&g, text);
	assert_string_equal(text, number);
	assert_int_equal(rig_agree(&g, &ito), P_CONFLICT);
	r = rig_reply(&g.peer[0]);
	assert_non_null(memmem(r.detail.p, r.detail.n, "another desk", 12));
	stands(&g, number, 2, 1);
	rig_close(&g);
}

/* One person at two desks: the next revision stays with the desk of the one before. */
static void
test_an_update_is_of_the_bulletins_desk(void **state)
{
	struct rights both = rig_desk_of(RIG_MED, 1), pwr = rig_desk_of(RIG_PWR, 2);
	static const char other[] =
	    "{\"severity\":1,\"title\":\"x\",\"audience\":{\"ceptoars\":"
	    "[\"power-ceptoar\"]}}";
	char id[33], draft[33], number[32], json[256];
	struct rig g;

	(void)state;
	rig_open(&g, "");
	slots_set(&both.sec, RIG_PWR);
	rig_draft(&g, &both,
	    "{\"severity\":1,\"title\":\"x\",\"audience\":{\"ceptoars\":"
	    "[\"medical-ceptoar\"]}}",
	    id);
	assert_int_equal(rig_verb(&g, &both, DV_DRAFT_RELEASE, id, "{}"), P_OK);
	number_of(&g, number);
	rig_draft(&g, &both, other, draft);
	(void)snprintf(json, sizeof json, "{\"draft\":\"%s\"}", draft);
	assert_int_equal(
	    rig_verb(&g, &both, DV_BULLETIN_UPDATE, number, json), P_INVALID_FIELD);
	(void)snprintf(json, sizeof json, "{\"content\":%s}", other);
	assert_int_equal(rig_verb(&g, &both, DV_BULLETIN_UPDATE, number, json), P_OK);
	stands(&g, number, 2, 1);
	/* It has gone to power's readers, and is no text of that desk's. */
	assert_int_equal(rig_verb(&g, &pwr, DV_FALSE_ALARM, number, NULL), P_FORBIDDEN);
	assert_int_equal(rig_verb(&g, &both, DV_FALSE_ALARM, number, NULL), P_OK);
	rig_close(&g);
}

/* Two texts of one desk, each of one case, and a third of both. */
static void
test_merged_texts_give_way(void **state)
{
	static const struct {
		const char *second; /* the audience of the second text */
		int gives_way;
	} rows[] = { { to_own, 1 }, { to_all, 0 } };
	struct rights sato = rig_desk_of(RIG_MED, 1), ito = rig_desk_of(RIG_MED, 2);
	char a[33], b[33], id[33], x[32], y[32], cases[128];
	struct keeper_put one, two;
	struct frame_head h;
	enum problem p;
	struct rig g;
	json_t *j;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		rig_open(&g, "");
		rig_reporter(&g, &one, RIG_MED, 2, "cross_sector", "", a);
		rig_reporter(&g, &two, RIG_MED, 2, "cross_sector", "", b);
		quoted(cases, a, NULL);
		assert_int_equal(rig_release_of(&g, &sato, 2, cases, to_own, id), P_OK);
		number_of(&g, x);
		quoted(cases, b, NULL);
		p = rig_release_of(&g, &sato, 2, cases, rows[i].second, id);
		if (p == P_SECOND_PERSON)
			p = rig_agree(&g, &ito);
		assert_int_equal(p, P_OK);
		number_of(&g, y);
		quoted(cases, a, b);
		assert_int_equal(rig_release_of(&g, &sato, 2, cases, "", id), P_OK);
		stands(&g, x, 2, 1);
		/* Readers whom the new text does not reach keep theirs, */
		stands(&g, y, 0, !rows[i].gives_way);
		/* until its only case goes. */
		assert_int_equal(rig_withdraw(&g, &two), P_OK);
		stands(&g, y, 2, 0);
		stands(&g, x, 2, 1);
		j = rig_log(&g, 0, &h, NULL);
		assert_int_equal(h.kind, FRAME_INBOX); /* one bell, of the other */
		json_decref(j);
		if (!rows[i].gives_way) {
			j = rig_log(&g, 1, &h, NULL);
			assert_int_equal(h.kind, FRAME_CANCEL);
			assert_string_equal(rig_text(j, "reason.code"), "withdrawn");
			assert_int_equal(
			    rig_sees(&h, ROLE_OPERATOR, RIG_BANK), VIEW_BODY);
			json_decref(j);
		}
		/* Of several that are all taken back nothing stays. */
		assert_int_equal(rig_withdraw(&g, &one), P_OK);
		stands(&g, x, 3, 0);
		rig_close(&g);
	}
}

/* A case that several desks have written about: its reporter takes all of it back. */
static void
test_what_a_reporter_takes_back_is_all_of_it(void **state)
{
	struct rights sato = rig_desk_of(RIG_MED, 1);
	char c[33], id[33], cases[128], centre[32], own[32];
	struct keeper_put m;
	struct frame_head h;
	unsigned i, step;
	struct rig g;

	(void)state;
	for (step = 0; step < 2; step++) {
		rig_open(&g, "");
		rig_reporter(&g, &m, RIG_MED, 3, "cross_sector", "", c);
		quoted(cases, c, NULL);
		centres(&g, cases, centre);
		assert_int_equal(rig_release_of(&g, &sato, 3, cases, "", id), P_OK);
		number_of(&g, own);
		if (step == 0) {
			assert_int_equal(rig_withdraw(&g, &m), P_OK);
			stands(&g, centre, 3, 0);
			stands(&g, own, 2, 0);
		} else { /* consent alone */
			assert_int_equal(rig_put(&g, &m, 3, "none", NULL), P_OK);
			stands(&g, centre, 3, 1);
			stands(&g, own, 2, 1);
			for (i = 0; i < 2; i++) {
				json_decref(rig_log(&g, i, &h, NULL));
				assert_int_equal(h.kind, FRAME_UPDATE);
				assert_int_equal(
				    rig_sees(&h, ROLE_OPERATOR, RIG_MED), VIEW_STUB);
			}
		}
		rig_close(&g);
	}
}

/* One of two texts has ended: what its reporter adds lies beside the other, and is no
 * news to warn of anew. */
static void
test_a_follow_up_beside_the_text_that_stands(void **state)
{
	static const char alone[] = "{\"alone\":true,\"reason\":{\"ja\":\"x\"}}";
	struct rights sato = rig_desk_of(RIG_MED, 1), one = rig_desk_of(SLOT_NONE, 4);
	char c[33], id[33], cases[128], own[32], centre[32];
	struct keeper_put m;
	uint64_t head;
	struct rig g;

	(void)state;
	rig_open(&g, "");
	rig_reporter(&g, &m, RIG_MED, 3, "cross_sector", "", c);
	quoted(cases, c, NULL);
	assert_int_equal(rig_release_of(&g, &sato, 3, cases, "", id), P_OK);
	number_of(&g, own);
	assert_int_equal(rig_release_of(&g, &one, 3, cases,
			     "\"audience\":{\"government\":{\"centre\":true}}", id),
	    P_OK);
	number_of(&g, centre);
	assert_int_equal(rig_verb(&g, &one, DV_FALSE_ALARM, centre, alone), P_OK);
	stands(&g, centre, 2, 0);
	head = rig_head(&g);
	assert_int_equal(rig_put(&g, &m, 4, "cross_sector", NULL), P_OK);
	assert_int_equal(rig_head(&g), head + 1); /* the bell */
	stands(&g, own, 2, 1);
	rig_close(&g);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_draft_revises_its_own_desks_text_alone),
		cmocka_unit_test(test_a_text_that_went_to_another_desk_meanwhile),
		cmocka_unit_test(test_an_update_is_of_the_bulletins_desk),
		cmocka_unit_test(test_merged_texts_give_way),
		cmocka_unit_test(test_what_a_reporter_takes_back_is_all_of_it),
		cmocka_unit_test(test_a_follow_up_beside_the_text_that_stands),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
