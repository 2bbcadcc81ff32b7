/* SPDX-License-Identifier: Apache-2.0 */
/* What is brought beside the streams: from a row of the log to leases and their results.
 */
#include "tests/role/courier_rig.h"

#include "daemon/keeper/lanes.h"

static void
test_who_gets_a_row_by_which_way(void **state)
{
	static const struct {
		unsigned kind, level, reach, exercise, routes, route, want;
	} cases[] = {
		{ FRAME_BULLETIN, 0, 0, 0, ROUTE_WEBHOOK, BY_WEBHOOK, DELIVERY_QUEUED },
		{ FRAME_BULLETIN, 1, 0, 0, ROUTE_MAIL, BY_MAIL, DELIVERY_DIGEST },
		{ FRAME_BULLETIN, 2, 0, 0, ROUTE_MAIL, BY_MAIL, DELIVERY_QUEUED },
		{ FRAME_BULLETIN, 2, 0, 0, ROUTE_WEBHOOK, BY_MAIL, 0 },
		{ FRAME_BULLETIN, 3, 0, 0, ROUTE_SMS, BY_SMS, 0 },
		{ FRAME_BULLETIN, 4, 0, 0, ROUTE_SMS, BY_SMS, DELIVERY_QUEUED },
		{ FRAME_BULLETIN, 4, 0, 0, ROUTE_VOICE, BY_VOICE, DELIVERY_QUEUED },
		{ FRAME_BULLETIN, 4, 0, 1, ROUTE_VOICE, BY_VOICE, 0 },
		{ FRAME_BULLETIN, 4, 0, 1, ROUTE_MAIL, BY_MAIL, DELIVERY_QUEUED },
		/* The correction goes where the alarm went. */
		{ FRAME_CANCEL, 0, 4, 0, ROUTE_VOICE, BY_VOICE, DELIVERY_QUEUED },
		{ FRAME_UPDATE, 1, 3, 0, ROUTE_MAIL, BY_MAIL, DELIVERY_QUEUED },
		{ FRAME_UPDATE, 1, 1, 0, ROUTE_MAIL, BY_MAIL, DELIVERY_DIGEST },
	};
	struct vault_dir_row row;
	struct frame_head h;
	enum frame_view view;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		memset(&row, 0, sizeof row);
		subscription_default(&row.wants);
		row.rights = rig_rights(1, ROLE_OPERATOR, RIG_MED);
		row.routes = (uint8_t)cases[i].routes;
		memset(&h, 0, sizeof h);
		h.kind = (uint8_t)cases[i].kind;
		h.severity = (uint8_t)cases[i].level;
		h.reach_severity = (uint8_t)cases[i].reach;
		h.tlp = TLP_AMBER;
		h.sector = SECTOR_NONE;
		h.flags = cases[i].exercise ? FRAME_EXERCISE : 0;
		slots_set(&h.slots, RIG_MED);
		slots_set(&h.reach, RIG_MED);
		if (outbox_decide(&h, &row, cases[i].route, !cases[i].exercise, &view) !=
		    cases[i].want)
			fail_msg("case %zu", i);
		row.disabled = 1;
		assert_int_equal(outbox_decide(&h, &row, cases[i].route, 1, &view), 0);
		row.disabled = 0;
		row.rights = rig_rights(1, ROLE_OPERATOR, RIG_BANK);
		assert_int_equal(outbox_decide(&h, &row, cases[i].route, 1, &view), 0);
	}
	assert_int_equal(outbox_decide(&h, NULL, BY_MAIL, 1, &view), 0);
}

static void
test_from_bulletin_to_sent(void **state)
{
	static const struct with_routes with[] = { { 1, ROLE_OPERATOR, RIG_MED,
						       ROUTE_WEBHOOK | ROUTE_MAIL },
		{ 2, ROLE_OPERATOR, RIG_BANK, ROUTE_WEBHOOK } };
	struct keeper_put m = rig_put_default();
	struct courier_jobs jobs;
	struct rig_peer *c;
	struct rig g;
	static const uint8_t none[COURIER_TOKEN_LEN];

	(void)state;
	rig_open(&g, "");
	c = rig_join_at(&g, DOOR_COURIER);
	members(&g, with, 2);
	assert_int_equal(rig_put(&g, &m, 3, "ceptoar", NULL), P_OK);
	expand(&g);
	jobs = lease(&g, c, 1 << BY_WEBHOOK, 10);
	assert_int_equal(jobs.n, 1); /* the bank is not in the audience */
	assert_int_equal(jobs.bodies, 1);
	assert_int_equal(jobs.job[0].key.route, BY_WEBHOOK);
	assert_int_equal(jobs.job[0].key.receiver[0], 1);
	assert_int_equal(jobs.job[0].key.contact, CONTACT_ALL);
	assert_int_equal(jobs.job[0].severity, 3);
	assert_int_equal(jobs.job[0].tries, 0);
	assert_memory_equal(jobs.job[0].token, none, sizeof none);
	assert_non_null(memmem(jobs.body[0].p, jobs.body[0].n, "\"number\"", 8));
	assert_int_equal(lease(&g, c, 1 << BY_WEBHOOK, 10).n, 0);
	jobs = lease(&g, c, ALL_ROUTES, 10);
	assert_int_equal(jobs.n, 1);
	assert_int_equal(jobs.job[0].key.route, BY_MAIL);
	assert_memory_not_equal(jobs.job[0].token, none, sizeof none);
	assert_int_equal(report(&g, c, &jobs.job[0], OUTCOME_SENT, 0), P_OK);
	assert_int_equal(report(&g, c, &jobs.job[0], OUTCOME_SENT, 0), P_OK); /* twice */
	jobs = lease(&g, c, ALL_ROUTES, 10);
	assert_int_equal(jobs.n, 0);
	assert_int_equal(
	    number(&g, "SELECT count(*) FROM deliveries WHERE state = 3"), 1);
	/* One is sent and one leased: no second of the bulletin stands in what stays. */
	assert_int_equal(
	    number(&g, "SELECT count(*) FROM deliveries WHERE next_at > 0"), 0);
	assert_int_equal(number(&g, "SELECT count(*) FROM deliveries WHERE state <> 2"
				    " AND lease_until > 0"),
	    0);
	assert_int_equal(number(&g, "SELECT count(*) FROM links"), 1);
	assert_int_equal(number(&g, "SELECT count(*) FROM outbox"), 0);
	rig_close(&g);
}

/* Would a row of the log be noted now?  Asked without a turn of the loop, in which it
 * would be taken apart. */
static int
is_noted(struct rig *g, unsigned kind)
{
	struct store_outbox row;
	struct frame_head h;
	int rc;

	memset(&h, 0, sizeof h);
	h.kind = (uint8_t)kind;
	h.seq = 999;
	h.revision = 1;
	assert_int_equal(outbox_add(&g->k, &h), 0);
	rc = store_outbox_first(g->k.store, &row);
	if (rc == 0)
		assert_int_equal(store_outbox_del(g->k.store, row.seq), 0);
	else
		assert_int_equal(rc, ERR_NOTFOUND);
	return rc == 0;
}

static void
test_no_courier_or_no_route_costs_nothing(void **state)
{
	static const struct with_routes mail = { 1, ROLE_OPERATOR, RIG_MED, ROUTE_MAIL },
					phone = { 1, ROLE_OPERATOR, RIG_MED,
						ROUTE_TELEPHONE };
	struct rig g;

	(void)state;
	rig_open(&g, "");
	members(&g, &mail, 1); /* but no courier */
	assert_false(is_noted(&g, FRAME_BULLETIN));
	(void)rig_join_at(&g, DOOR_COURIER);
	assert_true(is_noted(&g, FRAME_BULLETIN));
	assert_true(is_noted(&g, FRAME_UPDATE) && is_noted(&g, FRAME_CANCEL));
	assert_false(is_noted(&g, FRAME_INBOX) || is_noted(&g, FRAME_KEYS));
	members(&g, &phone, 1); /* nobody whom a machine could reach */
	assert_false(is_noted(&g, FRAME_BULLETIN));
	rig_close(&g);

	rig_open(&g, "[courier]\non = no\n");
	(void)rig_join_at(&g, DOOR_COURIER);
	members(&g, &mail, 1);
	assert_false(is_noted(&g, FRAME_BULLETIN));
	rig_close(&g);

	rig_open(&g, "[courier]\non = yes\n");
	assert_true(is_noted(&g, FRAME_BULLETIN));
	rig_close(&g);

	/* While the members are unknown somebody may have a route. */
	rig_open_as(&g, "", 1, "/tmp");
	(void)rig_join_at(&g, DOOR_COURIER);
	assert_true(is_noted(&g, FRAME_BULLETIN));
	assert_int_equal(outbox_step(&g.k), ERR_NOTFOUND);
	rig_close(&g);
}

static void
test_leases_run_out_and_survive(void **state)
{
	static const struct with_routes hook = { 1, ROLE_OPERATOR, RIG_MED,
		ROUTE_WEBHOOK };
	struct keeper_put m = rig_put_default();
	struct courier_jobs jobs;
	struct rig_peer *c;
	struct rig g;
	int64_t start = rig_now;

	(void)state;
	rig_open(&g, "");
	c = rig_join_at(&g, DOOR_COURIER);
	members(&g, &hook, 1);
	assert_int_equal(rig_put(&g, &m, 3, "ceptoar", NULL), P_OK);
	/* Killed before it is taken apart, and killed while it is leased. */
	g.alone = 1; /* from then on the members are those that we say */
	rig_restart(&g);
	c = rig_join_at(&g, DOOR_COURIER);
	jobs = lease(&g, c, ALL_ROUTES, 10);
	assert_int_equal(jobs.wait_s, 1); /* the members are unknown */
	members(&g, &hook, 1);
	expand(&g);
	jobs = lease(&g, c, ALL_ROUTES, 10);
	assert_int_equal(jobs.n, 1);
	assert_int_equal(lease(&g, c, ALL_ROUTES, 10).n, 0);
	rig_now += 59000;
	assert_int_equal(outbox_lapse(&g.k), 0);
	assert_int_equal(lease(&g, c, ALL_ROUTES, 10).n, 0);
	rig_now += 2000;
	assert_int_equal(outbox_lapse(&g.k), 0);
	jobs = lease(&g, c, ALL_ROUTES, 10);
	assert_int_equal(jobs.n, 1);
	assert_int_equal(jobs.job[0].tries, 1);
	/* Again in 30 s: not before. */
	assert_int_equal(report(&g, c, &jobs.job[0], OUTCOME_RETRY, 30), P_OK);
	jobs = lease(&g, c, ALL_ROUTES, 10);
	assert_int_equal(jobs.n, 0);
	assert_int_equal(jobs.wait_s, 30);
	rig_now += 30000;
	assert_int_equal(lease(&g, c, ALL_ROUTES, 10).n, 1);
	rig_now = start;
	rig_close(&g);
}

/* The token of a mail's link leaves the keeper's memory with the lease. */
static void
test_tokens_do_not_stay_in_memory(void **state)
{
	static const struct with_routes mail = { 1, ROLE_OPERATOR, RIG_MED, ROUTE_MAIL };
	static const uint8_t none[COURIER_TOKEN_LEN];
	struct keeper_put m = rig_put_default();
	struct courier_jobs jobs;
	const uint8_t *token;
	const struct buf *b;
	struct rig_peer *c;
	struct rig g;

	(void)state;
	rig_open(&g, "");
	c = rig_join_at(&g, DOOR_COURIER);
	members(&g, &mail, 1);
	assert_int_equal(rig_put(&g, &m, 3, "ceptoar", NULL), P_OK);
	expand(&g);
	jobs = lease(&g, c, ALL_ROUTES, 10);
	assert_int_equal(jobs.n, 1);
	token = jobs.job[0].token;
	assert_memory_not_equal(token, none, sizeof none);
	assert_non_null(memmem(c->answer.p, c->answer.n, token, sizeof none));
	b = batch_answers(g.k.batch);
	assert_true(b->room >= jobs.body[0].n && g.k.out.room >= c->answer.n);
	assert_null(memmem(
	    b->p, c->answer.n < b->room ? c->answer.n : b->room, token, sizeof none));
	assert_null(memmem(g.k.out.p, c->answer.n, token, sizeof none));
	rig_close(&g);
}

/* No clock is moved here: what a courier had comes back when it goes, or its keeper. */
static void
test_leases_come_back_with_the_link(void **state)
{
	static const struct with_routes hook[] = { { 1, ROLE_OPERATOR, RIG_MED,
						       ROUTE_WEBHOOK | ROUTE_MAIL },
		{ 2, ROLE_OPERATOR, RIG_MED, ROUTE_WEBHOOK } };
	struct keeper_put m = rig_put_default();
	struct rig_peer *c, *other;
	struct courier_jobs jobs;
	struct rig g;

	(void)state;
	rig_open(&g, "");
	g.alone = 1;
	c = rig_join_at(&g, DOOR_COURIER);
	members(&g, hook, 2);
	assert_int_equal(rig_put(&g, &m, 3, "ceptoar", NULL), P_OK);
	expand(&g);
	assert_int_equal(lease(&g, c, ALL_ROUTES, 10).n, 3);
	assert_int_equal(lease(&g, c, ALL_ROUTES, 10).n, 0);
	/* A new one says hello while the old one's link is not known to be broken. */
	other = rig_join_at(&g, DOOR_COURIER);
	assert_int_equal(lease(&g, other, ALL_ROUTES, 10).n, 3);
	assert_int_equal(lease(&g, other, ALL_ROUTES, 10).n, 0);
	rig_leave(other);
	RIG_UNTIL(&g, g.k.fronts->next->next == NULL); /* its front and the first one */
	jobs = lease(&g, c, ALL_ROUTES, 10);
	assert_int_equal(jobs.n, 3);
	assert_int_equal(jobs.job[0].tries, 2);
	/* What was done before counts. */
	assert_int_equal(report(&g, c, &jobs.job[0], OUTCOME_SENT, 0), P_OK);
	rig_restart(&g);
	c = rig_join_at(&g, DOOR_COURIER);
	members(&g, hook, 2);
	assert_int_equal(lease(&g, c, ALL_ROUTES, 10).n, 2);
	assert_int_equal(
	    number(&g, "SELECT count(*) FROM deliveries WHERE state = 3"), 1);
	rig_close(&g);
}

static void
test_ended_rights_are_dropped(void **state)
{
	static const struct with_routes hook = { 1, ROLE_OPERATOR, RIG_MED,
		ROUTE_WEBHOOK };
	static const struct with_routes after[] = {
		{ 2, ROLE_OPERATOR, RIG_MED, ROUTE_WEBHOOK },	/* the member is gone */
		{ 1, ROLE_OPERATOR, RIG_BANK, ROUTE_WEBHOOK },	/* it moved */
		{ 1, ROLE_OPERATOR, RIG_MED, ROUTE_TELEPHONE }, /* it has no route */
	};
	struct keeper_put m = rig_put_default();
	struct rig_peer *c;
	struct rig g;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof after / sizeof after[0]; i++) {
		rig_open(&g, "");
		c = rig_join_at(&g, DOOR_COURIER);
		members(&g, &hook, 1);
		assert_int_equal(rig_put(&g, &m, 3, "ceptoar", NULL), P_OK);
		expand(&g);
		members(&g, &after[i], 1);
		assert_int_equal(lease(&g, c, ALL_ROUTES, 10).n, 0);
		members(&g, &hook, 1); /* it does not come back */
		assert_int_equal(lease(&g, c, ALL_ROUTES, 10).n, 0);
		assert_int_equal(
		    number(&g, "SELECT count(*) FROM deliveries WHERE state = 5"), 1);
		rig_close(&g);
	}
}

static void
test_dead_letters_ring_and_gone_is_kept(void **state)
{
	static const struct with_routes hook[] = { { 1, ROLE_OPERATOR, RIG_MED,
	    ROUTE_WEBHOOK } };
	struct keeper_put m = rig_put_default();
	struct courier_jobs jobs;
	struct slice body, stub;
	struct frame_head h;
	struct rig_peer *c, *t;
	uint32_t before;
	struct rig g;
	unsigned i;

	(void)state;
	rig_open(&g, "");
	c = rig_join_at(&g, DOOR_COURIER);
	members(&g, hook, 1);
	t = rig_tail(&g, 1);
	for (i = 0; i < 3; i++)
		assert_int_equal(rig_put(&g, &m, 3, "ceptoar", NULL), P_OK);
	expand(&g);
	RIG_UNTIL(&g, t->row_count == 6);
	before = t->row_count;
	jobs = lease(&g, c, ALL_ROUTES, 10);
	assert_int_equal(jobs.n, 3);
	assert_int_equal(jobs.bodies, 3);
	assert_int_equal(report(&g, c, &jobs.job[0], OUTCOME_GONE, 0), P_OK);
	assert_int_equal(report(&g, c, &jobs.job[1], OUTCOME_FAILED, 0), P_OK);
	assert_int_equal(report(&g, c, &jobs.job[2], OUTCOME_UNABLE, 0), P_OK);
	RIG_UNTIL(&g, t->row_count > before);
	assert_int_equal(t->row_count, before + 1); /* an hour's failures are one bell */
	assert_int_equal(rig_row(t, before, &h, &body, &stub), 1);
	assert_int_equal(h.kind, FRAME_INBOX);
	assert_true(slots_has(&h.slots, RIG_MED));
	assert_null(memmem(body.p, body.n, "http", 4));
	assert_int_equal(rig_put(&g, &m, 3, "ceptoar", NULL), P_OK);
	expand(&g);
	jobs = lease(&g, c, ALL_ROUTES, 10);
	assert_int_equal(jobs.n, 1);
	assert_int_equal(jobs.job[0].gone[0], 7); /* the courier is told */
	assert_int_equal(report(&g, c, &jobs.job[0], OUTCOME_SENT, 0), P_OK);
	assert_int_equal(number(&g, "SELECT count(*) FROM gone"), 0);
	assert_int_equal(number(&g, "SELECT count(*) FROM deliveries WHERE state = 4"
				    " AND reason = 'http 500'"),
	    3);
	rig_close(&g);
}

static void
test_several_contacts_become_jobs(void **state)
{
	static const struct with_routes hook = { 1, ROLE_OPERATOR, RIG_MED,
		ROUTE_WEBHOOK };
	struct keeper_put m = rig_put_default();
	struct courier_jobs jobs;
	struct rig_peer *c;
	struct rig g;

	(void)state;
	rig_open(&g, "");
	c = rig_join_at(&g, DOOR_COURIER);
	members(&g, &hook, 1);
	assert_int_equal(rig_put(&g, &m, 3, "ceptoar", NULL), P_OK);
	expand(&g);
	jobs = lease(&g, c, ALL_ROUTES, 10);
	assert_int_equal(report(&g, c, &jobs.job[0], OUTCOME_SPLIT, 0), P_OK);
	jobs = lease(&g, c, ALL_ROUTES, 10);
	assert_int_equal(jobs.n, 2);
	assert_int_equal(jobs.job[0].key.contact + jobs.job[1].key.contact, 4);
	assert_int_equal(jobs.bodies, 1);
	assert_int_equal(number(&g, "SELECT count(*) FROM deliveries"), 2);
	rig_close(&g);
}

/* One receiver with many bulletins waiting takes no more than its share. */
static void
test_lanes_are_fair(void **state)
{
	struct lanes *l = lanes_new();
	uint8_t who[RECEIVER_LEN];
	struct lane *v;
	unsigned i, turns[300] = { 0 };

	(void)state;
	assert_non_null(l);
	for (i = 0; i < 300; i++) {
		memset(who, 0, sizeof who);
		who[0] = (uint8_t)i;
		who[1] = (uint8_t)(i >> 8);
		assert_int_equal(lanes_due(l, who, BY_WEBHOOK, i < 200 ? 10 : 50), 0);
	}
	for (i = 0; i < 4; i++) {
		lanes_round(l);
		while ((v = lanes_next(l, ALL_ROUTES, 10)) != NULL) {
			turns[v->receiver[0] + 256 * v->receiver[1]]++;
			v->leased++;
		}
	}
	for (i = 0; i < 300; i++)
		assert_int_equal(turns[i], i < 200 ? 4 : 0);
	lanes_round(l);
	assert_null(lanes_next(l, ALL_ROUTES, 10)); /* all have their share */
	assert_int_equal(lanes_first(l, ALL_ROUTES), 50);
	assert_int_equal(lanes_first(l, 1 << BY_MAIL), INT64_MAX);
	assert_int_equal(lanes_leased(l), 800);
	lanes_free(l);
}

static void
test_courier_socket_has_no_other_calls(void **state)
{
	static const unsigned calls[] = { KM_HELLO, KM_TAIL, KM_PAGE, KM_PUT,
		KM_BULLETINS, KM_INBOX, KM_DESK, KM_ACKS, KM_A_STATUS, KM_A_BACKUP,
		KM_C_WORK };
	struct courier_lease m = { 255, 10 };
	struct rig_peer *p;
	struct buf b;
	struct rig g;
	size_t i;

	(void)state;
	rig_open(&g, "");
	buf_init(&b, 64);
	for (i = 0; i < sizeof calls / sizeof calls[0]; i++) {
		p = rig_join_at(&g, DOOR_COURIER);
		buf_reset(&b);
		assert_int_equal(rig_call(&g, p, calls[i], &b), P_COUNT);
		rig_leave(p);
		g.peers--;
	}
	p = rig_join(&g, 0); /* nor has a front the courier's */
	courier_lease_put(&b, &m);
	assert_int_equal(rig_call(&g, p, KM_C_LEASE, &b), P_COUNT);
	buf_done(&b);
	rig_close(&g);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_who_gets_a_row_by_which_way),
		cmocka_unit_test(test_from_bulletin_to_sent),
		cmocka_unit_test(test_no_courier_or_no_route_costs_nothing),
		cmocka_unit_test(test_leases_run_out_and_survive),
		cmocka_unit_test(test_tokens_do_not_stay_in_memory),
		cmocka_unit_test(test_leases_come_back_with_the_link),
		cmocka_unit_test(test_ended_rights_are_dropped),
		cmocka_unit_test(test_dead_letters_ring_and_gone_is_kept),
		cmocka_unit_test(test_several_contacts_become_jobs),
		cmocka_unit_test(test_lanes_are_fair),
		cmocka_unit_test(test_courier_socket_has_no_other_calls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
