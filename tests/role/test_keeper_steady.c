/* SPDX-License-Identifier: Apache-2.0 */
/* A clock that is set: what runs goes on as if it had not been, after a restart too. */
#include "tests/role/courier_rig.h"
#include "tests/role/desk_rig.h"

#include "daemon/keeper/escalate.h"
#include "daemon/keeper/expire.h"
#include "daemon/keeper/hotline.h"
#include "daemon/keeper/steady.h"
#include "daemon/keeper/store_mode.h"
#include "proto/report_time.h"

enum { MINUTE = 60000, HOUR = 60, DAY = 24 * HOUR, YEAR = 364 * DAY, CENTRE = 60 };

/* An unverified warning ends when its time is over by a clock that is believed: here
 * that is not what is looked at. */
static const char conf[] = "[policy]\nunverified_note = 700h\nunverified_end = 8760h\n";

/* How the clock is set, and whether the keeper starts anew right after it. */
static const struct way {
	int64_t minutes;
	int restart;
} ways[] = { { YEAR, 0 }, { YEAR, 1 }, { -DAY, 0 }, { -DAY, 1 }, { 0, 1 } };

enum { WAYS = sizeof ways / sizeof ways[0] };

struct hub {
	struct rig g;
	struct rig_peer *c;
	int64_t began; /* rig_now when it was opened, to be put back */
};

/* One who is always there, and the centre's duty. */
static void
stage(struct hub *h)
{
	static const unsigned slots[] = { RIG_MED, RIG_PWR, RIG_BANK };
	struct vault_dir_row rows[3 * RIG_MEMBERS + 3];
	size_t i, all = 3 * RIG_MEMBERS;

	h->c = rig_join_at(&h->g, DOOR_COURIER);
	memset(rows, 0, sizeof rows);
	for (i = 0; i < all + 3; i++)
		subscription_default(&rows[i].wants);
	for (i = 0; i < all; i++)
		rows[i].rights =
		    rig_rights((unsigned)(128 + i), ROLE_OPERATOR, slots[i % 3]);
	rows[all].rights = rig_rights(1, ROLE_OPERATOR, RIG_MED);
	rows[all].routes = ROUTE_MAIL | ROUTE_SMS | ROUTE_VOICE;
	rows[all].always = 1;
	rows[all + 1].rights = rig_rights(CENTRE, ROLE_CENTRE, SLOT_NONE);
	rows[all + 2].rights = rig_desk_of(RIG_MED, 1);
	rig_directory(&h->g, rows, all + 3);
}

static void
open_hub(struct hub *h)
{
	h->began = rig_now;
	memset(&h->g, 0, sizeof h->g);
	rig_open_as(&h->g, conf, 1, access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	stage(h);
}

static void
start_anew(struct hub *h)
{
	rig_restart(&h->g);
	stage(h);
}

static void
close_hub(struct hub *h)
{
	rig_close(&h->g);
	rig_now = h->began;
	rig_wrong = 0;
}

/* Time that passes, and a clock that is set. */
static void
pass(int64_t minutes)
{
	rig_now += minutes * MINUTE;
}

static void
set(int64_t minutes)
{
	rig_now += minutes * MINUTE;
	rig_wrong += minutes * MINUTE;
}

/* What a tick does, all of it. */
static void
tick(struct hub *h)
{
	struct keeper *k = &h->g.k;
	int rc;

	steady_tick(k);
	do
		rc = escalate_step(k, steady_minute(k));
	while (rc == 0);
	assert_int_equal(rc, ERR_NOTFOUND);
	do
		rc = hotline_step(k, steady_minute(k));
	while (rc == 0);
	assert_int_equal(rc, ERR_NOTFOUND);
	assert_true(expire_due(k, steady_minute(k), 100) >= 0);
}

static void
set_by(struct hub *h, const struct way *w)
{
	steady_tick(&h->g.k);
	set(w->minutes);
	if (w->restart)
		start_anew(h);
	tick(h);
}

/* So many minutes pass, with a tick in each. */
static void
live(struct hub *h, int64_t minutes)
{
	for (; minutes > 0; minutes--) {
		pass(1);
		tick(h);
	}
}

/* Deliveries of this kind that are handed out now; all are reported as sent. */
static unsigned
brought(struct hub *h, int (*is)(unsigned stage))
{
	struct courier_jobs jobs;
	unsigned n = 0, i;

	do {
		jobs = lease(&h->g, h->c, ALL_ROUTES, 60);
		for (i = 0; i < jobs.n; i++) {
			n += is(jobs.job[i].stage) != 0;
			assert_int_equal(
			    report(&h->g, h->c, &jobs.job[i], OUTCOME_SENT, 0), P_OK);
		}
	} while (jobs.n > 0);
	return n;
}

static int
rouses(unsigned stage)
{
	return stage == BROUGHT_SECOND_ROUTE || stage == BROUGHT_SECOND_CONTACT;
}

static int
is_page(unsigned stage)
{
	return stage == BROUGHT_PAGE;
}

static void
alarm_of(struct hub *h, int level)
{
	struct keeper_put m = rig_put_default();

	assert_int_equal(rig_put(&h->g, &m, level, "ceptoar", NULL), P_OK);
	expand(&h->g);
}

static void
test_reckoning(void **state)
{
	const int64_t w = 1794100000000, hour = 60LL * MINUTE, year = 365 * 24 * hour;
	struct steady_clock c = { 0 };

	(void)state;
	assert_int_equal(steady_read(&c, w, 0), w);
	assert_int_equal(steady_read(&c, w + hour, hour), w + hour);
	/* A year ahead for half an hour, then put right: nothing is believed. */
	assert_int_equal(steady_read(&c, w + year, hour + MINUTE), w + hour + MINUTE);
	assert_int_equal(steady_believes(&c, w + year, hour + MINUTE), 0);
	assert_int_equal(
	    steady_read(&c, w + year, hour + 30 * MINUTE), w + hour + 30 * MINUTE);
	assert_int_equal(steady_read(&c, w + 2 * hour, 2 * hour), w + 2 * hour);
	/* Ahead for good: after an hour.  One that goes on jumping has another hour. */
	assert_int_equal(steady_read(&c, w + year, 3 * hour), w + 3 * hour);
	assert_int_equal(steady_believes(&c, w + year + hour - 1, 4 * hour - 1), 0);
	assert_int_equal(steady_believes(&c, w + year + hour, 4 * hour), year - 3 * hour);
	assert_int_equal(steady_read(&c, w + hour, 4 * hour), w + 4 * hour);
	assert_int_equal(steady_believes(&c, w + hour, 4 * hour), 0);
	assert_int_equal(steady_read(&c, w + 2 * hour, 5 * hour), w + 5 * hour);
	assert_int_equal(steady_believes(&c, w + 2 * hour, 5 * hour), -3 * hour);
	/* Small corrections are followed. */
	assert_int_equal(steady_read(&c, w + 5 * hour + 2 * MINUTE, 5 * hour),
	    w + 5 * hour + 2 * MINUTE);
}

static void
test_silence(void **state)
{
	struct hub h;
	size_t i;

	(void)state;
	for (i = 0; i < WAYS; i++) {
		/* Level 4: a second route after ten minutes, a contact after twenty. */
		open_hub(&h);
		alarm_of(&h, 4);
		assert_int_equal(brought(&h, rouses), 0);
		live(&h, 5);
		set_by(&h, &ways[i]);
		assert_int_equal(brought(&h, rouses), 0);
		live(&h, 4);
		assert_int_equal(brought(&h, rouses), 0);
		live(&h, 1);
		assert_int_equal(brought(&h, rouses), 1);
		live(&h, 9);
		assert_int_equal(brought(&h, rouses), 0);
		live(&h, 1);
		assert_int_equal(brought(&h, rouses), 2);
		close_hub(&h);
		/* Level 3: after 79 minutes, when the clock has long been believed. */
		open_hub(&h);
		alarm_of(&h, 3);
		assert_int_equal(brought(&h, rouses), 0);
		live(&h, 5);
		set_by(&h, &ways[i]);
		live(&h, 60);
		assert_int_equal(steady_off(&h.g.k), 0);
		live(&h, 13);
		assert_int_equal(brought(&h, rouses), 0);
		live(&h, 1);
		assert_int_equal(brought(&h, rouses), 1);
		close_hub(&h);
	}
}

/* What begins while the clock is not believed has its full time, before and after. */
static void
test_begun_under_a_wrong_clock(void **state)
{
	struct hub h;
	size_t i;

	(void)state;
	for (i = 0; i < WAYS; i++) {
		open_hub(&h);
		live(&h, 1);
		set_by(&h, &ways[i]);
		live(&h, 55);
		alarm_of(&h, 4);
		assert_int_equal(brought(&h, rouses), 0);
		live(&h, 9);
		assert_int_equal(brought(&h, rouses), 0);
		live(&h, 1);
		assert_int_equal(brought(&h, rouses), 1);
		close_hub(&h);
	}
}

static void
test_rounds_of_the_hotline(void **state)
{
	struct keeper_put m = rig_put_default();
	struct hub h;
	size_t i;
	int minute;

	(void)state;
	for (i = 0; i < WAYS; i++) {
		open_hub(&h);
		assert_int_equal(
		    rig_put(&h.g, &m, 1, "none", "{\"hotline\":\"page\"}"), P_OK);
		assert_true(brought(&h, is_page) > 0);
		live(&h, 2);
		set_by(&h, &ways[i]);
		assert_int_equal(brought(&h, is_page), 0);
		/* Every five minutes, under the wrong clock and when it is believed. */
		for (minute = 3; minute <= 80; minute++) {
			live(&h, 1);
			if ((brought(&h, is_page) > 0) != (minute % 5 == 0))
				fail_msg("way %zu: minute %d", i, minute);
		}
		assert_int_equal(steady_off(&h.g.k), 0);
		close_hub(&h);
	}
}

static void
begin(struct hub *h, int from, int until, char id[33])
{
	struct rights desk = rig_desk_of(RIG_MED, 1);
	char start[REPORT_TIME_LEN], end[REPORT_TIME_LEN], json[512];

	report_time_write(rig_now + (int64_t)from * MINUTE, start);
	report_time_write(rig_now + (int64_t)until * MINUTE, end);
	(void)snprintf(json, sizeof json,
	    "{\"kind\":\"down\",\"title\":\"訓練\",\"start\":\"%s\",\"deadline\":\"%s\"}",
	    start, end);
	assert_int_equal(rig_verb(&h->g, &desk, DV_DRILL_NEW, NULL, json), P_OK);
	(void)rig_said(&h->g, "id", id, 33);
}

static void
assert_drill(struct hub *h, const char *id, const char *want)
{
	struct rights desk = rig_desk_of(RIG_MED, 1);
	char room[32];

	assert_int_equal(rig_verb(&h->g, &desk, DV_DRILL_GET, id, NULL), P_OK);
	assert_string_equal(rig_said(&h->g, "state", room, sizeof room), want);
}

static void
test_drills(void **state)
{
	char id[33];
	struct hub h;
	size_t i;

	(void)state;
	for (i = 0; i < WAYS; i++) {
		open_hub(&h);
		begin(&h, 20, 40, id);
		live(&h, 5);
		set_by(&h, &ways[i]);
		live(&h, 14);
		assert_drill(&h, id, "planned");
		live(&h, 1);
		assert_drill(&h, id, "running");
		close_hub(&h);
		/* One that runs. */
		open_hub(&h);
		begin(&h, 20, 40, id);
		live(&h, 25);
		assert_drill(&h, id, "running");
		set_by(&h, &ways[i]);
		live(&h, 14);
		assert_drill(&h, id, "running");
		live(&h, 1);
		assert_drill(&h, id, "ended");
		close_hub(&h);
	}
}

static unsigned
is_large(struct hub *h, unsigned *ret_asked)
{
	struct store_mode m;

	assert_int_equal(store_mode_get(h->g.k.store, &m), 0);
	*ret_asked = m.asked;
	return m.mode == MODE_LARGE_SCALE;
}

static void
test_mode(void **state)
{
	static const char large[] = "{\"mode\":\"large-scale\",\"reason\":\"広域停電\"}";
	struct rights centre = rig_desk_of(SLOT_NONE, 4);
	unsigned asked;
	struct hub h;
	size_t i;

	(void)state;
	for (i = 0; i < WAYS; i++) {
		open_hub(&h);
		assert_int_equal(
		    rig_verb(&h.g, &centre, DV_MODE_SWITCH, NULL, large), P_OK);
		live(&h, 5);
		set_by(&h, &ways[i]);
		live(&h, 60);
		assert_int_equal(steady_off(&h.g.k), 0);
		pass(DAY - 66);
		tick(&h);
		assert_true(is_large(&h, &asked) && !asked);
		live(&h, 1);
		assert_true(is_large(&h, &asked) && asked);
		pass(DAY - 1);
		tick(&h);
		assert_true(is_large(&h, &asked));
		live(&h, 1);
		assert_false(is_large(&h, &asked));
		close_hub(&h);
		/* Switched while the clock was ahead, by what it showed. */
		if (ways[i].minutes < 0)
			continue;
		open_hub(&h);
		set_by(&h, &ways[i]);
		live(&h, 10);
		assert_int_equal(
		    rig_verb(&h.g, &centre, DV_MODE_SWITCH, NULL, large), P_OK);
		set(-ways[i].minutes);
		live(&h, 10);
		pass(DAY);
		tick(&h);
		assert_true(is_large(&h, &asked));
		pass(DAY);
		tick(&h);
		assert_false(is_large(&h, &asked));
		close_hub(&h);
	}
}

/* A try that failed under a wrong clock is made again when it was to be, whatever the
 * clock says by then; and it is no older than it is. */
static void
test_deliveries(void **state)
{
	struct courier_jobs jobs;
	struct hub h;
	size_t i, back;

	(void)state;
	for (i = 0; i < 2 * WAYS; i++) {
		back = i / WAYS;
		open_hub(&h);
		alarm_of(&h, 3);
		live(&h, 2);
		set_by(&h, &ways[i % WAYS]);
		jobs = lease(&h.g, h.c, ALL_ROUTES, 60);
		assert_int_equal(jobs.n, 1);
		assert_int_equal(jobs.job[0].age, 2);
		assert_int_equal(
		    report(&h.g, h.c, &jobs.job[0], OUTCOME_RETRY, 5 * 60), P_OK);
		if (back)
			set(-ways[i % WAYS].minutes);
		pass(4);
		steady_tick(&h.g.k);
		jobs = lease(&h.g, h.c, ALL_ROUTES, 60);
		assert_int_equal(jobs.n, 0);
		assert_true(jobs.wait_s > 0 && jobs.wait_s <= 60);
		pass(1);
		jobs = lease(&h.g, h.c, ALL_ROUTES, 60);
		assert_int_equal(jobs.n, 1);
		assert_int_equal(jobs.job[0].age, 7);
		/* Believed: what was leased, and what waits, moves with it. */
		assert_int_equal(
		    report(&h.g, h.c, &jobs.job[0], OUTCOME_RETRY, 70 * 60), P_OK);
		for (back = 0; back < 69; back++) {
			pass(1);
			steady_tick(&h.g.k);
		}
		assert_int_equal(steady_off(&h.g.k), 0);
		assert_int_equal(lease(&h.g, h.c, ALL_ROUTES, 60).n, 0);
		pass(1);
		jobs = lease(&h.g, h.c, ALL_ROUTES, 60);
		assert_int_equal(jobs.n, 1);
		assert_int_equal(jobs.job[0].age, 77);
		close_hub(&h);
	}
}

static void
test_leases(void **state)
{
	struct hub h;
	size_t i;

	(void)state;
	for (i = 0; i < WAYS; i++) {
		if (ways[i].restart)
			continue; /* the courier's link has ended: all come back */
		open_hub(&h);
		alarm_of(&h, 3);
		assert_int_equal(lease(&h.g, h.c, ALL_ROUTES, 60).n, 1);
		set_by(&h, &ways[i]);
		rig_now += h.g.k.opt.lease_ms - 1000;
		assert_int_equal(outbox_lapse(&h.g.k), 0);
		assert_int_equal(lease(&h.g, h.c, ALL_ROUTES, 60).n, 0);
		rig_now += 1000;
		assert_int_equal(outbox_lapse(&h.g.k), 0);
		assert_int_equal(lease(&h.g, h.c, ALL_ROUTES, 60).n, 1);
		close_hub(&h);
	}
}

/* What was written by a clock that nobody has seen to be wrong. */
static void
test_far_ahead_is_brought_back(void **state)
{
	struct courier_jobs jobs;
	struct hub h;

	(void)state;
	open_hub(&h);
	alarm_of(&h, 3);
	assert_int_equal(number(&h.g, "UPDATE deliveries SET next_at = 4102444800,"
				      " queued_at = 68374080 RETURNING state"),
	    1);
	stage(&h);
	steady_tick(&h.g.k);
	jobs = lease(&h.g, h.c, ALL_ROUTES, 60);
	assert_int_equal(jobs.n, 1);
	assert_int_equal(jobs.job[0].age, 0);
	close_hub(&h);
}

/* The machine itself starts anew: its timer says nothing of the one before. */
static void
test_another_start_of_the_machine(void **state)
{
	static const struct {
		int64_t off;
		int believed;
	} cases[] = { { 10, 1 }, { 0, 1 }, { 3LL * DAY, 0 }, { 9LL * HOUR, 0 },
		{ -9LL * HOUR, 0 }, { YEAR, 0 } };
	struct hub h;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		assert_int_equal(setenv("CEPTOAR_BOOT", "the first", 1), 0);
		open_hub(&h);
		alarm_of(&h, 3);
		assert_int_equal(brought(&h, rouses), 0);
		live(&h, 5);
		pass(cases[i].off);
		rig_wrong = rig_now - 1000; /* the timer begins again */
		assert_int_equal(setenv("CEPTOAR_BOOT", "the second", 1), 0);
		start_anew(&h);
		tick(&h);
		assert_int_equal(brought(&h, rouses), 0);
		assert_int_equal(steady_off(&h.g.k) == 0, cases[i].believed);
		live(&h, 30);
		/* In the middle of the hour, once more: it goes on. */
		start_anew(&h);
		live(&h, 30);
		assert_int_equal(steady_off(&h.g.k), 0);
		live(&h, 13 - (cases[i].believed ? cases[i].off : 0));
		assert_int_equal(brought(&h, rouses), 0);
		live(&h, 1);
		assert_int_equal(brought(&h, rouses), 1);
		close_hub(&h);
	}
	(void)unsetenv("CEPTOAR_BOOT");
}

/* A keeper that dies once a minute, under a clock that is a year ahead from the third on.
 */
static void
test_one_start_a_minute(void **state)
{
	struct keeper_put m = rig_put_default();
	struct hub h;
	int minute;

	(void)state;
	open_hub(&h);
	alarm_of(&h, 4);
	assert_int_equal(rig_put(&h.g, &m, 1, "none", "{\"hotline\":\"page\"}"), P_OK);
	assert_int_equal(brought(&h, rouses), 0);
	for (minute = 1; minute <= 22; minute++) {
		live(&h, 1);
		if (minute == 3)
			set(YEAR);
		start_anew(&h);
		tick(&h);
		/* Rounds every five minutes; who is silent is asked after ten and twenty.
		 */
		assert_int_equal(
		    number(&h.g, "SELECT max(n) FROM hotline_paged"), 1 + minute / 5);
		stage(&h);
		assert_int_equal(brought(&h, rouses), minute == 10   ? 1
						      : minute == 20 ? 2
								     : 0);
	}
	close_hub(&h);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reckoning),
		cmocka_unit_test(test_silence),
		cmocka_unit_test(test_begun_under_a_wrong_clock),
		cmocka_unit_test(test_rounds_of_the_hotline),
		cmocka_unit_test(test_drills),
		cmocka_unit_test(test_mode),
		cmocka_unit_test(test_deliveries),
		cmocka_unit_test(test_leases),
		cmocka_unit_test(test_far_ahead_is_brought_back),
		cmocka_unit_test(test_another_start_of_the_machine),
		cmocka_unit_test(test_one_start_a_minute),
	};

	return cmocka_run_group_tests_name("keeper_steady", tests, NULL, NULL);
}
