/* SPDX-License-Identifier: Apache-2.0 */
/* The daily mail: what is below the level of a mail of its own waits, and goes out as
 * one. */
#include "tests/role/keeper_rig.h"

#include "daemon/keeper/digest.h"
#include "daemon/keeper/outbox.h"

enum { HOUR_MS = 3600000, DAY_MS = 24 * HOUR_MS };

static struct rig g;
static struct rig_peer *courier;
static struct courier_jobs jobs;
static int64_t began;

static int
setup(void **state)
{
	struct vault_dir_row rows[3 * RIG_MEMBERS + 2];
	static const unsigned slots[] = { RIG_MED, RIG_PWR, RIG_BANK };
	unsigned i;

	(void)state;
	began = rig_now;
	rig_open(&g, "[courier]\ndigest = 08:30\n[policy]\nauto_own_level = 1\n");
	memset(rows, 0, sizeof rows);
	for (i = 0; i < 3 * RIG_MEMBERS + 2; i++) {
		subscription_default(&rows[i].wants);
		rows[i].rights = rig_rights(128 + i, ROLE_OPERATOR, slots[i % 3]);
		if (i < 3 * RIG_MEMBERS)
			continue;
		rows[i].rights =
		    rig_rights(1 + i - 3 * RIG_MEMBERS, ROLE_OPERATOR, RIG_MED);
		rows[i].routes = ROUTE_MAIL;
	}
	rig_directory(&g, rows, 3 * RIG_MEMBERS + 2);
	courier = rig_join_at(&g, DOOR_COURIER);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	rig_close(&g);
	rig_now = began;
	return 0;
}

static void
publish(int level, const char *more)
{
	struct keeper_put put = rig_put_default();

	assert_int_equal(rig_put(&g, &put, level, "ceptoar", more), P_OK);
	while (outbox_step(&g.k) == 0)
		continue;
}

static void
ask(unsigned type)
{
	struct courier_lease m = { 1 << BY_MAIL, 8 };
	struct keeper_reply r;
	struct buf b;

	buf_init(&b, 64);
	if (type == KM_C_LEASE)
		courier_lease_put(&b, &m);
	assert_int_equal(rig_call(&g, courier, type, &b), P_OK);
	buf_done(&b);
	r = rig_reply(courier);
	assert_int_equal(courier_jobs_get(r.body.p, r.body.n, &jobs), 0);
}

static void
tell(unsigned outcome, uint32_t delay)
{
	struct courier_jobs told = jobs;
	struct courier_result r;
	struct buf b;
	unsigned i;

	buf_init(&b, 65536);
	wire_put_u8(&b, told.n);
	for (i = 0; i < told.n; i++) {
		memset(&r, 0, sizeof r);
		r.key = told.job[i].key;
		r.outcome = (uint8_t)outcome;
		r.delay = delay;
		r.reason = slice_of("status 451");
		r.n = outcome == OUTCOME_SPLIT ? 2 : 0;
		r.contact[0] = 3;
		r.contact[1] = 4;
		courier_result_put(&b, &r);
	}
	assert_int_equal(rig_call(&g, courier, KM_C_DONE, &b), P_OK);
	buf_done(&b);
}

/* To the next half past eight in Japan. */
static void
to_the_hour(void)
{
	rig_now = digest_next(g.k.opt.digest_at, rig_now / 1000) * 1000;
}

static void
test_time(void **state)
{
	static const struct {
		const char *text;
		int of_day; /* -1: none */
	} table[] = { { "08:30", 30600 }, { "00:00", 0 }, { "23:59:59", 86399 },
		{ "24:00", -1 }, { "08:60", -1 }, { "8:30", -1 }, { "08:30:60", -1 },
		{ "08:30:1", -1 }, { "", -1 }, { "08.30", -1 } };
	int of_day;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof table / sizeof table[0]; i++) {
		if (digest_read(table[i].text, &of_day) != 0)
			of_day = -1;
		assert_int_equal(of_day, table[i].of_day);
	}
	/* 1970-01-01 09:00 in Japan is 0. */
	assert_int_equal(digest_next(9 * 3600, -1), 0);
	assert_int_equal(digest_next(9 * 3600, 0), 86400);
	assert_int_equal(digest_next(8 * 3600, 0), 82800);
}

static void
test_one_mail_a_day(void **state)
{
	(void)state;
	publish(1, NULL);
	publish(1, NULL);
	publish(3, NULL);
	ask(KM_C_LEASE); /* the one that is urgent, to both */
	assert_int_equal(jobs.n, 2);
	tell(OUTCOME_SENT, 0);
	ask(KM_C_DIGEST);
	assert_int_equal(jobs.n, 0);
	assert_in_range(jobs.wait_s, 1, 86400);
	to_the_hour();
	rig_now -= 1000;
	ask(KM_C_DIGEST);
	assert_int_equal(jobs.n, 0);
	rig_now += 1000;
	ask(KM_C_DIGEST);
	assert_int_equal(jobs.n, 2);
	assert_int_equal(jobs.wait_s, 0);
	assert_memory_equal(
	    jobs.job[0].key.receiver, jobs.job[1].key.receiver, RECEIVER_LEN);
	assert_memory_not_equal(jobs.job[0].token, jobs.job[1].token, COURIER_TOKEN_LEN);
	tell(OUTCOME_SENT, 0);
	ask(KM_C_DIGEST); /* the other one's */
	assert_int_equal(jobs.n, 2);
	tell(OUTCOME_SENT, 0);
	ask(KM_C_DIGEST);
	assert_int_equal(jobs.n, 0);
	assert_int_equal(jobs.wait_s, UINT32_MAX);
	ask(KM_C_LEASE);
	assert_int_equal(jobs.n, 0);
}

/* Whatever happens to it, it never becomes a mail of its own. */
static void
test_stays_a_digest(void **state)
{
	(void)state;
	publish(1, NULL);
	to_the_hour();
	ask(KM_C_DIGEST);
	tell(OUTCOME_RETRY, 60);
	ask(KM_C_DIGEST);
	assert_int_equal(jobs.n, 1); /* the other one's; its lease runs out */
	ask(KM_C_DIGEST);
	assert_int_equal(jobs.n, 0);
	assert_int_equal(jobs.wait_s, 60);
	rig_now += g.k.opt.lease_ms;
	assert_int_equal(outbox_lapse(&g.k), 0);
	ask(KM_C_LEASE);
	assert_int_equal(jobs.n, 0);
	ask(KM_C_DIGEST);
	assert_int_equal(jobs.n, 1);
	tell(OUTCOME_SPLIT, 0); /* it has two addresses */
	ask(KM_C_LEASE);
	assert_int_equal(jobs.n, 0);
	ask(KM_C_DIGEST);
	ask(KM_C_DIGEST);
	ask(KM_C_DIGEST);
	assert_int_equal(jobs.n, 1);
	ask(KM_C_DIGEST);
	assert_int_equal(jobs.n, 0);
}

static void
test_exercises_apart(void **state)
{
	(void)state;
	publish(1, NULL);
	publish(1, "{\"exercise\":true}");
	publish(1, NULL);
	to_the_hour();
	ask(KM_C_DIGEST);
	assert_int_equal(jobs.n, jobs.job[0].exercise ? 1 : 2);
	ask(KM_C_DIGEST);
	assert_int_equal(jobs.n, jobs.job[0].exercise ? 1 : 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_time),
		cmocka_unit_test_setup_teardown(test_one_mail_a_day, setup, teardown),
		cmocka_unit_test_setup_teardown(test_stays_a_digest, setup, teardown),
		cmocka_unit_test_setup_teardown(test_exercises_apart, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
