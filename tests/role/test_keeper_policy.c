/* SPDX-License-Identifier: Apache-2.0 */
/* The table of who gets what, the settings that change it, and its explanation. */
#include "tests/role/reporter_rig.h"

#include "daemon/keeper/store_gate.h"

#include <stdlib.h>

struct row {
	int level, publish, tlp, slot, blind, auto_ok, hotline;
	/* Expected. */
	int own, cross;
	unsigned desks;
	unsigned held;
};

static void
assert_rows(const struct policy *p, const struct row *rows, size_t n)
{
	struct policy_verdict v;
	struct policy_input in = { 0 };
	struct report_facts f;
	size_t i;

	for (i = 0; i < n; i++) {
		memset(&f, 0, sizeof f);
		f.level = (uint8_t)rows[i].level;
		f.publish = (uint8_t)rows[i].publish;
		f.tlp = (uint8_t)rows[i].tlp;
		f.hotline = (uint8_t)rows[i].hotline;
		in.slot = (unsigned)rows[i].slot;
		in.blind = rows[i].blind;
		in.auto_ok = rows[i].auto_ok;
		in.facts = &f;
		policy_decide(p, &in, &v);
		if (slots_has(&v.slots, (unsigned)rows[i].slot) != rows[i].own ||
		    ((v.flags & FRAME_CROSS) != 0) != rows[i].cross ||
		    v.automatic != (rows[i].own || rows[i].cross) ||
		    ((v.flags & FRAME_CENTRE) != 0) != v.automatic)
			fail_msg(
			    "row %zu: automatic %d, flags %x", i, v.automatic, v.flags);
		if (v.desks != rows[i].desks || v.held != rows[i].held)
			fail_msg("row %zu: desks %u, held %x", i, v.desks, v.held);
	}
}

enum { NONE = CONSENT_NONE, CEP = CONSENT_CEPTOAR, ALL = CONSENT_CROSS_SECTOR };
enum { OWN = DESK_BIT_OWN, BOTH = DESK_BIT_OWN | DESK_BIT_CENTRE };

static void
test_table(void **state)
{
	static const struct row rows[] = {
		{ 0, ALL, TLP_GREEN, RIG_MED, 0, 1, 0, 0, 0, OWN, HELD_LEVEL },
		{ 1, ALL, TLP_GREEN, RIG_MED, 0, 1, 0, 0, 0, OWN, HELD_LEVEL },
		{ 2, ALL, TLP_GREEN, RIG_MED, 0, 1, 0, 0, 0, OWN, HELD_LEVEL },
		{ 3, ALL, TLP_AMBER, RIG_MED, 0, 1, 0, 1, 0, BOTH, 0 },
		{ 3, CEP, TLP_AMBER_STRICT, RIG_MED, 0, 1, 0, 1, 0, BOTH, 0 },
		{ 4, ALL, TLP_AMBER, RIG_MED, 0, 1, 0, 1, 1, BOTH, 0 },
		{ 4, CEP, TLP_AMBER, RIG_MED, 0, 1, 0, 1, 0, BOTH, HELD_CONSENT_CROSS },
		{ 4, NONE, TLP_AMBER, RIG_MED, 0, 1, 0, 0, 0, BOTH, HELD_CONSENT },
		{ 4, ALL, TLP_RED, RIG_MED, 0, 1, 0, 0, 0, BOTH, HELD_RED },
		{ 4, ALL, TLP_AMBER, RIG_MED, 1, 1, 0, 0, 0, BOTH, HELD_BLIND },
		{ 4, ALL, TLP_AMBER, RIG_MED, 0, 0, 0, 0, 0, BOTH, HELD_LIMIT },
		{ 1, NONE, TLP_RED, RIG_MED, 1, 0, 0, 0, 0, OWN,
		    HELD_LEVEL | HELD_CONSENT | HELD_RED | HELD_BLIND | HELD_LIMIT },
		{ 0, NONE, TLP_AMBER, RIG_MED, 0, 1, HOTLINE_CONSULT, 0, 0, BOTH,
		    HELD_LEVEL | HELD_CONSENT },
		/* An agency's report without a CEPTOAR. */
		{ 1, ALL, TLP_AMBER, SLOT_NONE, 0, 1, 0, 0, 0, DESK_BIT_CENTRE,
		    HELD_LEVEL },
		{ 3, ALL, TLP_AMBER, SLOT_NONE, 0, 1, 0, 0, 0, DESK_BIT_CENTRE,
		    HELD_NO_SLOT },
		{ 4, ALL, TLP_AMBER, SLOT_NONE, 0, 1, 0, 0, 1, DESK_BIT_CENTRE,
		    HELD_NO_SLOT },
		{ 4, CEP, TLP_AMBER, SLOT_NONE, 0, 1, 0, 0, 0, DESK_BIT_CENTRE,
		    HELD_NO_SLOT | HELD_CONSENT_CROSS },
	};
	struct rig g;

	(void)state;
	rig_open(&g, "");
	assert_rows(&g.k.policy, rows, sizeof rows / sizeof rows[0]);
	rig_close(&g);
}

static void
test_settings_change_it(void **state)
{
	static const struct row rows[] = {
		{ 3, ALL, TLP_AMBER, RIG_MED, 0, 1, 0, 0, 0, BOTH,
		    HELD_LEVEL }, /* [policy] */
		{ 4, ALL, TLP_AMBER, RIG_MED, 0, 1, 0, 1, 1, BOTH, 0 },
		{ 2, ALL, TLP_AMBER, RIG_PWR, 0, 1, 0, 1, 0, OWN,
		    0 }, /* its own section */
		{ 4, ALL, TLP_AMBER, RIG_PWR, 0, 1, 0, 1, 0, BOTH, 0 },
		{ 3, ALL, TLP_AMBER, RIG_BANK, 1, 1, 0, 1, 0, BOTH, 0 },
		{ 4, ALL, TLP_RED, RIG_PWR, 0, 1, 0, 0, 0, BOTH,
		    HELD_RED }, /* no setting */
	};
	struct rig g;

	(void)state;
	rig_open(&g, "[policy]\nauto_own_level = 4\n"
		     "[policy power-ceptoar]\nauto_own_level = 2\nauto_cross_level = 5\n"
		     "[policy bank-ceptoar]\nauto_own_level = 3\nblind_auto = yes\n"
		     "unverified_note = 1h\n");
	assert_int_equal(g.k.policy.slot[RIG_BANK].unverified_note, 3600000);
	assert_int_equal(g.k.policy.slot[RIG_PWR].unverified_note, 6 * 3600000);
	assert_rows(&g.k.policy, rows, sizeof rows / sizeof rows[0]);
	rig_close(&g);
}

static void
test_faulty_settings_are_refused(void **state)
{
	static const char *const bad[] = {
		"[policy no-such-ceptoar]\nauto_own_level = 2\n",
		"[policy]\nauto_own_level = 6\n",
		"[policy]\nauto_own = 3\n",
		"[policy]\nunverified_note = 72h\n",
		"[policy medical-ceptoar]\nunverified_end = 1h\n",
		"[policy medical-ceptoar]\nblind_auto = maybe\n",
	};
	struct policy p;
	struct buf why;
	struct rig g;
	size_t i;

	(void)state;
	rig_open(&g, "");
	for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		rig_conf(&g, bad[i]);
		buf_init(&why, 4096);
		if (options_policy(g.conf, g.k.tax, &p, &why) != ERR_INVALID ||
		    why.n == 0)
			fail_msg("accepted: %s", bad[i]);
		buf_done(&why);
	}
	rig_close(&g);
}

static void
test_reload_keeps_the_old_on_error(void **state)
{
	struct rig_peer *admin;
	struct buf none;
	struct rig g;
	json_t *j;

	(void)state;
	rig_open(&g, "");
	admin = rig_join(&g, 1);
	buf_init(&none, 16);
	rig_conf(&g, "[policy]\nauto_own_level = 9\n");
	keeper_reload(&g.k);
	assert_int_equal(g.k.policy.rules.auto_own_level, 3);
	assert_int_equal(rig_call(&g, admin, KM_A_STATUS, &none), P_OK);
	j = rig_json(admin);
	assert_non_null(strstr(rig_text(j, "reload_error"), "auto_own_level"));
	json_decref(j);
	rig_conf(&g, "[policy]\nauto_own_level = 2\n");
	keeper_reload(&g.k);
	assert_int_equal(g.k.policy.rules.auto_own_level, 2);
	assert_int_equal(g.k.policy.slot[RIG_MED].auto_own_level, 2);
	assert_int_equal(rig_call(&g, admin, KM_A_STATUS, &none), P_OK);
	j = rig_json(admin);
	assert_string_equal(rig_text(j, "reload_error"), "");
	json_decref(j);
	rig_close(&g);
}

/* Fronts ask the vault to count what may be released: they must know the levels. */
static void
test_fronts_are_told_the_levels(void **state)
{
	struct rig_peer *front;
	struct buf none;
	struct rig g;

	(void)state;
	rig_open(&g, "[policy bank-ceptoar]\nauto_own_level = 5\nauto_cross_level = 4\n");
	front = rig_join(&g, 0);
	buf_init(&none, 16);
	assert_int_equal(rig_call(&g, front, KM_HELLO, &none), P_OK);
	RIG_UNTIL(&g, front->autos == 1);
	assert_int_equal(front->auto_from.level[RIG_MED], 3);
	assert_int_equal(front->auto_from.level[RIG_BANK], 4);
	assert_int_equal(front->auto_from.no_slot, 4);
	rig_conf(&g, "[policy]\nauto_own_level = 2\n");
	keeper_reload(&g.k);
	RIG_UNTIL(&g, front->autos == 2);
	assert_int_equal(front->auto_from.level[RIG_MED], 2);
	assert_int_equal(front->auto_from.no_slot, 4);
	rig_close(&g);
}

static uint8_t explain_auto_ok = 1;

static json_t *
explain(struct rig *g, struct rig_peer *p, unsigned type, int level, const char *publish)
{
	struct buf json, b;

	buf_init(&json, 65536);
	buf_init(&b, 65536);
	rig_report(g, &json, level, publish, NULL);
	wire_put_u8(&b, RIG_MED);
	wire_put_u8(&b, 0);
	wire_put_u8(&b, explain_auto_ok);
	wire_put_str(&b, buf_slice(&json));
	assert_int_equal(rig_call(g, p, type, &b), P_OK);
	buf_done(&json);
	buf_done(&b);
	return rig_json(p);
}

static void
set_wants(struct rig *g, unsigned who, unsigned cross)
{
	struct subscription s;
	struct buf b;
	unsigned i;

	subscription_default(&s);
	s.cross_severity = (uint8_t)cross;
	buf_init(&b, 256);
	for (i = 0; i < RECEIVER_LEN; i++)
		wire_put_u8(&b, (uint8_t)who);
	wire_put_u8(&b, DUTIES_ALL);
	subscription_put(&b, &s);
	assert_int_equal(rig_call(g, &g->peer[0], KM_SUB_PUT, &b), P_OK);
	buf_done(&b);
}

static void
test_explanation_counts_with_the_rule_itself(void **state)
{
	enum { READERS = 6, OTHERS = 20, ALL_ROWS = READERS + OTHERS };
	struct vault_dir_row rows[ALL_ROWS];
	struct store_info info;
	struct rig_peer *admin;
	struct rig g;
	json_t *j;
	size_t i;

	(void)state;
	rig_open(&g, "");
	memset(rows, 0, sizeof rows);
	for (i = 0; i < ALL_ROWS; i++)
		subscription_default(&rows[i].wants);
	/* Affiliates may report and read nothing: candidates, and no receivers. */
	for (i = READERS; i < ALL_ROWS; i++)
		rows[i].rights = rig_rights(200 + i, ROLE_AFFILIATE, RIG_MED);
	rows[0].rights = rig_rights(1, ROLE_OPERATOR, RIG_MED);
	rows[1].rights = rig_rights(2, ROLE_OPERATOR, RIG_MED);
	rows[1].disabled = 1;
	rows[2].rights = rig_rights(3, ROLE_SECRETARIAT, RIG_MED);
	rows[3].rights = rig_rights(4, ROLE_OPERATOR, RIG_PWR);
	rows[3].wants.cross_severity = 4;
	rows[4].rights = rig_rights(5, ROLE_CENTRE, 0);
	rows[5].rights = rig_rights(6, ROLE_OPERATOR, RIG_PWR);
	/* What a receiver has set itself counts, before the directory comes and after. */
	set_wants(&g, 6, 0);
	rig_directory(&g, rows, ALL_ROWS);
	set_wants(&g, 4, 0);
	j = explain(&g, &g.peer[0], KM_EXPLAIN, 4, "cross_sector");
	assert_int_equal(json_integer_value(rig_at(j, "audience.count")), 5);
	json_decref(j);
	set_wants(&g, 4, 4);
	set_wants(&g, 6, LEVEL_NEVER);
	j = explain(&g, &g.peer[0], KM_EXPLAIN, 3, "cross_sector");
	assert_true(json_is_true(rig_at(j, "automatic")));
	assert_string_equal(rig_text(j, "audience.ceptoar"), "medical-ceptoar");
	assert_true(json_is_false(rig_at(j, "audience.cross_sector")));
	assert_int_equal(json_integer_value(rig_at(j, "audience.count")), 3);
	assert_int_equal(json_integer_value(rig_at(j, "candidates")), 1 + OTHERS);
	assert_int_equal(json_integer_value(rig_at(j, "k.inside")), 1 + OTHERS);
	assert_true(json_is_null(rig_at(j, "k.beyond")));
	assert_int_equal(json_integer_value(rig_at(j, "k.needed.beyond")), 11);
	assert_int_equal(json_array_size(rig_at(j, "reasons")), 0);
	assert_int_equal(json_array_size(rig_at(j, "inbox")), 2);
	json_decref(j);
	admin = rig_join(&g, 1);
	j = explain(&g, admin, KM_A_EXPLAIN, 4, "cross_sector");
	assert_int_equal(json_integer_value(rig_at(j, "audience.count")), 4);
	json_decref(j);
	j = explain(&g, admin, KM_A_EXPLAIN, 4, "none");
	assert_true(json_is_false(rig_at(j, "automatic")));
	assert_int_equal(json_integer_value(rig_at(j, "audience.count")), 0);
	assert_non_null(strstr(rig_text(j, "reasons.0"), "consent"));
	assert_non_null(strstr(rig_text(j, "why.1"), "no, see the reasons"));
	json_decref(j);
	j = explain(&g, admin, KM_A_EXPLAIN, 4, "cross_sector");
	assert_string_equal(
	    rig_text(j, "why.0"), "routing level 4: the severity claimed");
	assert_non_null(strstr(rig_text(j, "why.1"), "yes, level 4 is not below 3"));
	assert_non_null(strstr(rig_text(j, "why.2"), "yes, level 4 is not below 4"));
	assert_int_equal(json_integer_value(rig_at(j, "receivers.operators")), 1);
	assert_int_equal(json_integer_value(rig_at(j, "receivers.secretariats")), 1);
	assert_int_equal(json_integer_value(rig_at(j, "receivers.centre")), 1);
	assert_int_equal(json_integer_value(rig_at(j, "receivers.others")), 1);
	json_decref(j);
	j = explain(&g, admin, KM_A_EXPLAIN, 2, "ceptoar");
	assert_non_null(strstr(rig_text(j, "why.1"), "no, level 2 is below 3"));
	json_decref(j);
	store_info(g.k.store, &info); /* nothing of it is stored */
	assert_int_equal(info.head, 0);
	rig_close(&g);
}

/* The preview of a report says to whom it could go where it may not go to all. */
static void
test_explanation_says_what_would_do(void **state)
{
	static const struct {
		unsigned own, others;
		const char *publish, *readers;
		int candidates;
	} rows[] = {
		{ RIG_MEMBERS, RIG_MEMBERS, "cross_sector", NULL, 0 },
		/* Of the few of one CEPTOAR no reader may know; of all together some. */
		{ 2, RIG_MEMBERS, "cross_sector", "others", 2 + RIG_MEMBERS },
		{ 8, 0, "cross_sector", "ceptoar", 8 },
		{ 2, 2, "cross_sector", NULL, 0 },
		{ 2, RIG_MEMBERS, "ceptoar", NULL, 0 }, /* the reporter allows no more */
		{ 2, RIG_MEMBERS, "none", NULL, 0 },
	};
	struct vault_dir_row row[2 * RIG_MEMBERS];
	struct rig g;
	json_t *j;
	size_t i, n, at;

	(void)state;
	rig_open(&g, "");
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		memset(row, 0, sizeof row);
		n = rows[i].own + rows[i].others;
		for (at = 0; at < n; at++) {
			subscription_default(&row[at].wants);
			row[at].rights = rig_rights((unsigned)(1 + at), ROLE_OPERATOR,
			    at < rows[i].own ? RIG_MED : RIG_BANK);
		}
		rig_directory(&g, row, n);
		j = explain(&g, &g.peer[0], KM_EXPLAIN, 4, rows[i].publish);
		if (rows[i].readers == NULL) {
			assert_true(json_is_null(rig_at(j, "generalised")));
		} else {
			assert_string_equal(
			    rig_text(j, "generalised.readers"), rows[i].readers);
			assert_int_equal(
			    json_integer_value(rig_at(j, "generalised.candidates")),
			    rows[i].candidates);
		}
		json_decref(j);
	}
	rig_close(&g);
}

/* A ministry is a reader beyond the CEPTOAR: by the consent, and by the k gate. */
static void
test_a_ministry_is_a_reader_beyond(void **state)
{
	static const struct {
		unsigned own, others;
		const char *publish, *then; /* then: a follow-up's consent */
		int ministry;
	} rows[] = {
		{ RIG_MEMBERS, RIG_MEMBERS, "ceptoar", NULL, 0 },
		{ RIG_MEMBERS, RIG_MEMBERS, "cross_sector", NULL, 1 },
		{ RIG_MEMBERS, RIG_MEMBERS, "cross_sector", "ceptoar", 0 },
		{ RIG_MEMBERS, RIG_MEMBERS, "ceptoar", "cross_sector", 1 },
		/* 5 inside and 11 beyond. */
		{ 8, 0, "cross_sector", NULL, 0 },
	};
	struct vault_dir_row row[2 * RIG_MEMBERS];
	struct frame_head h;
	struct keeper_put m;
	struct rig g;
	char id[33];
	size_t i, at, n;

	(void)state;
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		rig_open(&g, "[policy]\nministry_level = 3\n");
		memset(row, 0, sizeof row);
		n = rows[i].own + rows[i].others;
		for (at = 0; at < n; at++) {
			subscription_default(&row[at].wants);
			row[at].rights = rig_rights((unsigned)(1 + at), ROLE_OPERATOR,
			    at < rows[i].own ? RIG_MED : RIG_BANK);
		}
		rig_directory(&g, row, n);
		rig_reporter(&g, &m, RIG_MED, 3, rows[i].publish, "", id);
		if (rows[i].then != NULL)
			assert_int_equal(rig_put(&g, &m, 3, rows[i].then, NULL), P_OK);
		json_decref(rig_log(&g, 0, &h, NULL));
		assert_true(slots_has(&h.slots, RIG_MED));
		assert_int_equal((h.flags & FRAME_MINISTRY) != 0, rows[i].ministry);
		rig_close(&g);
	}
}

/* Whether a desk's newest item says why it waits; the stored row says the same. */
static void
assert_held(struct rig *g, const struct keeper_put *m, const char *want, unsigned bits)
{
	struct store_gate gate;
	struct keeper_list q;
	struct buf b;
	json_t *j;

	memset(&q, 0, sizeof q);
	q.rights = rig_rights(1, ROLE_SECRETARIAT, RIG_MED);
	q.limit = 50;
	buf_init(&b, 512);
	keeper_list_put(&b, &q);
	assert_int_equal(rig_call(g, &g->peer[0], KM_INBOX, &b), P_OK);
	buf_done(&b);
	j = rig_json(&g->peer[0]);
	assert_int_equal(json_array_size(rig_at(j, "items.0.held")), 1);
	assert_string_equal(rig_text(j, "items.0.held.0"), want);
	json_decref(j);
	assert_int_equal(store_gate_get(g->k.store, m->report, &gate), 0);
	assert_int_equal(gate.held, bits);
}

/* That its sender's limit holds a report tells the desk that he has sent three others. */
static void
test_the_limit_is_nobodys_business(void **state)
{
	struct keeper_put m = rig_put_default();
	struct rig g;
	json_t *j;

	(void)state;
	rig_open(&g, "");
	assert_int_equal(rig_put(&g, &m, 3, "ceptoar", NULL), P_OK);
	assert_int_equal(rig_reply(&g.peer[0]).created, REPLY_RELEASED);
	m.auto_ok = 0;
	rig_now += 60000; /* newest first */
	assert_int_equal(rig_put(&g, &m, 3, "ceptoar", NULL), P_OK);
	assert_int_equal(rig_reply(&g.peer[0]).created, REPLY_NEW);
	assert_held(&g, &m, "desk: it waits for a desk's decision", HELD_DESK);
	/* Where anything else holds it, nothing of the limit is left. */
	rig_now += 60000;
	assert_int_equal(rig_put(&g, &m, 2, "ceptoar", NULL), P_OK);
	assert_held(&g, &m, "level: below the levels that are released automatically",
	    HELD_LEVEL);
	rig_now += 60000;
	assert_int_equal(rig_put(&g, &m, 3, "ceptoar",
			     "{\"consent\":{\"publish\":\"ceptoar\",\"k\":500}}"),
	    P_OK);
	assert_held(
	    &g, &m, "k: too few members could have sent it; it waits for a desk", HELD_K);
	/* Its sender, who asks before, is told. */
	explain_auto_ok = 0;
	j = explain(&g, &g.peer[0], KM_EXPLAIN, 3, "ceptoar");
	explain_auto_ok = 1;
	assert_true(json_is_false(rig_at(j, "automatic")));
	assert_string_equal(rig_text(j, "reasons.0"),
	    "limit: the automatic releases of 24 hours are used up");
	json_decref(j);
	rig_close(&g);
}

static void
test_backup_is_whole_and_has_its_own_epoch(void **state)
{
	struct keeper_put m = rig_put_default();
	struct store_info info, copied;
	struct rig_peer *admin;
	struct store *copy;
	char path[128];
	struct rig g;
	struct buf b;

	(void)state;
	rig_open(&g, "");
	assert_int_equal(rig_put(&g, &m, 3, "ceptoar", NULL), P_OK);
	admin = rig_join(&g, 1);
	(void)snprintf(path, sizeof path, "%s/copy.db", g.dir);
	buf_init(&b, 4096);
	wire_put_str(&b, slice_of(path));
	assert_int_equal(rig_call(&g, admin, KM_A_BACKUP, &b), P_OK);
	assert_int_equal(
	    rig_call(&g, admin, KM_A_BACKUP, &b), P_CONFLICT); /* it is there */
	store_info(g.k.store, &info);
	buf_reset(&b);
	assert_int_equal(store_open(&copy, path, &b), 0);
	store_info(copy, &copied);
	assert_int_equal(copied.head, info.head);
	assert_memory_equal(copied.cursor_key, info.cursor_key, 16);
	assert_int_not_equal(copied.epoch, info.epoch);
	store_close(copy);
	buf_done(&b);
	rig_close(&g);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_settings_change_it),
		cmocka_unit_test(test_faulty_settings_are_refused),
		cmocka_unit_test(test_reload_keeps_the_old_on_error),
		cmocka_unit_test(test_fronts_are_told_the_levels),
		cmocka_unit_test(test_explanation_counts_with_the_rule_itself),
		cmocka_unit_test(test_explanation_says_what_would_do),
		cmocka_unit_test(test_a_ministry_is_a_reader_beyond),
		cmocka_unit_test(test_the_limit_is_nobodys_business),
		cmocka_unit_test(test_backup_is_whole_and_has_its_own_epoch),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
