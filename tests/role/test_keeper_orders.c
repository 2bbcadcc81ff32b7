/* SPDX-License-Identifier: Apache-2.0 */
/* Passing on within a CEPTOAR by a standing order, or by the hub's policy. */
#include "tests/role/relay_rig.h"

/* The members of the rig, and an affiliate of the bank's CEPTOAR. */
static void
with_affiliate(struct rig *g)
{
	struct vault_dir_row rows[2];

	memset(rows, 0, sizeof rows);
	rows[0].rights = rig_rights(128, ROLE_OPERATOR, RIG_BANK);
	rows[1].rights = rig_rights(129, ROLE_AFFILIATE, RIG_BANK);
	subscription_default(&rows[0].wants);
	subscription_default(&rows[1].wants);
	rig_directory(g, rows, 2);
}

/* By night at once, by day not; the note follows; an order ends. */
static void
test_orders(void **state)
{
	static const char order[] = "{\"ceptoar\":\"bank-ceptoar\",\"from\":\"centre\","
				    "\"min_severity\":3,\"when\":\"asleep\"}";
	struct rights bank = desk(RIG_BANK), med = desk(RIG_MED);
	struct written w = { .text = NULL };
	int64_t sunday = rig_now;
	struct frame_head h;
	unsigned n;
	struct rig g;
	json_t *j;

	(void)state;
	rig_open(&g, "");
	with_affiliate(&g);
	assert_int_equal(ask(&g, &med, DV_ORDER_PUT, "", "", order), P_FORBIDDEN);
	assert_int_equal(ask(&g, &bank, DV_ORDER_PUT, "", "", order), P_OK);
	assert_int_equal(ask(&g, &bank, DV_ORDER_LIST, "", "", NULL), P_OK);
	j = rig_json(&g.peer[0]);
	assert_string_equal(rig_text(j, "orders.0.when"), "asleep");
	json_decref(j);
	assert_int_equal(ask(&g, &med, DV_ORDER_LIST, "", "", NULL), P_OK);
	j = rig_json(&g.peer[0]);
	assert_int_equal(json_array_size(rig_at(j, "orders")), 0);
	json_decref(j);
	rig_now = sunday + (int64_t)(24 * 3600000); /* a working day */
	while (taxonomy_next_duty(g.k.tax, RIG_BANK, rig_now) > rig_now)
		rig_now += 3600000;
	centre_says(&g, &w, FRAME_ALL, 4);
	json_decref(newest(&g, &h, &n));
	assert_int_equal(h.flags & FRAME_RELAY, 0);
	/* The same at night, as an update: it is passed on now. */
	while (taxonomy_next_duty(g.k.tax, RIG_BANK, rig_now) == rig_now)
		rig_now += 3600000;
	publish_next(&w.b, FRAME_UPDATE);
	w.b.head.revision = w.b.revision;
	assert_int_equal(batch_transact(g.k.batch, write_row, &w), 0);
	j = newest(&g, &h, &n);
	assert_int_not_equal(h.flags & FRAME_RELAY, 0);
	assert_null(rig_at(j, "relay.note"));
	json_decref(j);
	assert_int_equal(sees(&h, ROLE_AFFILIATE, RIG_BANK), VIEW_BODY);
	assert_int_equal(
	    ask(&g, &bank, DV_RELAY, "2026-CENTR", "", "{\"note\":\"朝\"}"), P_OK);
	j = newest(&g, &h, &n);
	assert_int_equal(h.kind, FRAME_UPDATE);
	assert_string_equal(rig_text(j, "relay.note.ja"), "朝");
	json_decref(j);
	assert_int_equal(ask(&g, &bank, DV_RELAY, "2026-CENTR", "", "{}"), P_CONFLICT);
	assert_int_equal(
	    ask(&g, &med, DV_ORDER_DELETE, "bank-ceptoar.centre", "", NULL), P_NOT_FOUND);
	assert_int_equal(
	    ask(&g, &bank, DV_ORDER_DELETE, "bank-ceptoar.centre", "", NULL), P_OK);
	assert_int_equal(ask(&g, &bank, DV_ORDER_DELETE, "bank-ceptoar.centre", "", NULL),
	    P_NOT_FOUND);
	rig_now = sunday;
	rig_close(&g);
}

/* Whoever stands in for the desk decides: its order does nothing then, and the deputy may
 * pass on in its place. */
static void
test_deputy_stops_an_order(void **state)
{
	static const char order[] = "{\"ceptoar\":\"bank-ceptoar\",\"from\":\"centre\","
				    "\"min_severity\":3,\"when\":\"asleep\"}",
			  for_bank[] = "{\"ceptoar\":\"bank-ceptoar\"}";
	struct rights bank = desk(RIG_BANK), securities = desk(4), med = desk(RIG_MED);
	int64_t now = rig_now / 60000;
	struct written w = { .text = NULL };
	char own[NUMBER_MAX];
	struct frame_head h;
	unsigned n, before;
	struct rig g;

	(void)state;
	rig_open(&g, "");
	assert_int_equal(ask(&g, &bank, DV_ORDER_PUT, "", "", order), P_OK);
	rig_roster(&g, 4, now - 60, now + 60, 1);
	g.desk[g.desk_n++].rights = rig_rights(129, ROLE_AFFILIATE, RIG_BANK);
	rig_members(&g);
	centre_says(&g, &w, FRAME_ALL, 4);
	json_decref(newest(&g, &h, &before));
	assert_int_equal(h.flags & FRAME_RELAY, 0);
	assert_int_equal(
	    ask(&g, &med, DV_RELAY, "2026-CENTR", "", for_bank), P_FORBIDDEN);
	passed_on(&g, &securities, for_bank, own);
	json_decref(newest(&g, &h, &n));
	assert_int_not_equal(h.flags & FRAME_RELAY, 0);
	assert_true(slots_has(&h.slots, RIG_BANK));
	/* And takes it back, as no other desk does. */
	assert_int_equal(
	    ask(&g, &med, DV_BULLETIN_CANCEL, own, "", mistaken), P_NOT_FOUND);
	assert_int_equal(
	    ask(&g, &securities, DV_BULLETIN_CANCEL, own, "", mistaken), P_OK);
	/* The deputy's shift is over: the next one goes by itself, as an update. */
	g.duty[0].to = now - 1;
	rig_members(&g);
	assert_int_equal(
	    ask(&g, &securities, DV_RELAY, "2026-CENTR", "", for_bank), P_FORBIDDEN);
	rig_close(&g);
	/* The same night without a deputy. */
	rig_open(&g, "");
	assert_int_equal(ask(&g, &bank, DV_ORDER_PUT, "", "", order), P_OK);
	with_affiliate(&g);
	memset(&w, 0, sizeof w);
	centre_says(&g, &w, FRAME_ALL, 4);
	json_decref(newest(&g, &h, &n));
	assert_int_not_equal(h.flags & FRAME_RELAY, 0);
	rig_close(&g);
}

/* What the desk has taken back no order passes on again; the desk itself may. */
static void
test_order_lets_it_be(void **state)
{
	static const char order[] = "{\"ceptoar\":\"bank-ceptoar\",\"from\":\"centre\","
				    "\"min_severity\":3,\"when\":\"always\"}";
	struct rights bank = desk(RIG_BANK);
	struct written w = { .text = NULL };
	char own[NUMBER_MAX];
	struct frame_head h;
	struct rig g;
	unsigned n;
	json_t *j;

	(void)state;
	rig_open(&g, "[policy]\nrelay_centre_level = 3");
	with_affiliate(&g);
	assert_int_equal(ask(&g, &bank, DV_ORDER_PUT, "", "", order), P_OK);
	centre_says(&g, &w, FRAME_ALL, 4);
	j = newest(&g, &h, &n);
	assert_int_not_equal(h.flags & FRAME_RELAY, 0);
	(void)snprintf(own, sizeof own, "%s", rig_text(j, "number"));
	json_decref(j);
	assert_int_equal(ask(&g, &bank, DV_BULLETIN_CANCEL, own, "", mistaken), P_OK);
	assert_int_equal(said_next(&g, &w, FRAME_UPDATE), 1);
	passed_on(&g, &bank, "{}", own);
	/* Its own word: no order's, to which a note would still be added. */
	assert_int_equal(
	    ask(&g, &bank, DV_RELAY, "2026-CENTR", "", "{\"note\":\"朝\"}"), P_CONFLICT);
	assert_int_equal(said_next(&g, &w, FRAME_UPDATE), 2);
	rig_close(&g);
}

/* What [policy] orders, as far as there is somebody to reach. */
static void
test_policy(void **state)
{
	struct written w = { .text = NULL };
	struct frame_head h;
	unsigned n;
	struct rig g;

	(void)state;
	rig_open(&g, "[policy]\nrelay_centre_level = 3");
	centre_says(&g, &w, FRAME_ALL, 3); /* on a Sunday, with affiliates nowhere */
	json_decref(newest(&g, &h, &n));
	assert_int_equal(n, 1);
	with_affiliate(&g);
	publish_next(&w.b, FRAME_UPDATE);
	w.b.head.revision = w.b.revision;
	assert_int_equal(batch_transact(g.k.batch, write_row, &w), 0);
	json_decref(newest(&g, &h, &n));
	assert_int_equal(n, 3); /* the bank's alone */
	assert_true(slots_has(&h.slots, RIG_BANK));
	rig_close(&g);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_orders),
		cmocka_unit_test(test_deputy_stops_an_order),
		cmocka_unit_test(test_order_lets_it_be),
		cmocka_unit_test(test_policy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
