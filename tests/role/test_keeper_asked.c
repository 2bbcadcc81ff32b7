/* SPDX-License-Identifier: Apache-2.0 */
/* An acknowledgement that a desk asks for: what follows its silence, and that asking for
 * one never gives anybody more time than the rules. */
#include "tests/role/courier_rig.h"
#include "tests/role/desk_rig.h"

#include "daemon/keeper/escalate.h"
#include "proto/report_time.h"

enum { MINUTE = 60000, DAY = 24 * 60, NIGHT = 1, OFFICE = 2 };

/* A hospital that works at night, one that does not, and the centre. */
static struct rig_peer *
stage(struct rig *g)
{
	struct vault_dir_row rows[RIG_MEMBERS + 3];
	struct rig_peer *c = rig_join_at(g, DOOR_COURIER);
	unsigned i;

	memset(rows, 0, sizeof rows);
	for (i = 0; i < RIG_MEMBERS + 3; i++) {
		subscription_default(&rows[i].wants);
		rows[i].rights = rig_rights(128 + i, ROLE_OPERATOR, RIG_MED);
	}
	for (i = 0; i < 2; i++) {
		rows[i].rights = rig_rights(NIGHT + i, ROLE_OPERATOR, RIG_MED);
		rows[i].routes = ROUTE_MAIL | ROUTE_SMS | ROUTE_VOICE;
	}
	rows[0].always = 1;
	rows[2].rights = rig_rights(4, ROLE_CENTRE, SLOT_NONE);
	rig_directory(g, rows, RIG_MEMBERS + 3);
	return c;
}

/* A desk's bulletin for the hospitals, with this "ack" and a comma, or "". */
static void
released(struct rig *g, int level, const char *ack)
{
	struct rights desk = rig_desk_of(RIG_MED, 1);
	char json[256], id[33];

	(void)snprintf(json, sizeof json,
	    "{%s\"severity\":%d,\"title\":\"件名\",\"audience\":{\"ceptoars\":"
	    "[\"medical-ceptoar\"]}}",
	    ack, level);
	rig_draft(g, &desk, json, id);
	assert_int_equal(rig_verb(g, &desk, DV_DRAFT_RELEASE, id, "{}"), P_OK);
}

static const char *
until(int minutes)
{
	static char room[128];
	char at[REPORT_TIME_LEN];

	report_time_write(rig_now + (int64_t)minutes * MINUTE, at);
	(void)snprintf(
	    room, sizeof room, "\"ack\":{\"required\":true,\"deadline\":\"%s\"},", at);
	return room;
}

/* Every step of every kind of hours, as minutes from now. */
struct times {
	long long n, route, contact, deadline, last;
};

static struct times
times_of(int level, const char *ack)
{
	const long long now = rig_now / MINUTE;
	struct times t;
	struct rig g;

	rig_open(&g, "");
	(void)stage(&g);
	released(&g, level, ack);
	t.n = number(&g, "SELECT count(*) FROM escalation_steps");
	t.route = number(&g, "SELECT sum(due) FROM escalation_steps") - t.n * now;
	t.contact = number(&g, "SELECT sum(second) FROM escalation_steps") - t.n * now;
	t.deadline = number(&g, "SELECT sum(deadline) FROM escalation_steps") - t.n * now;
	t.last = number(&g, "SELECT max(deadline) FROM escalation_steps") - now;
	rig_close(&g);
	return t;
}

static void
test_asking_never_gives_more_time(void **state)
{
	static const char asks[] = "\"ack\":{\"required\":true},";
	struct times rules, asked;
	int level;

	(void)state;
	for (level = 3; level <= 4; level++) {
		rules = times_of(level, "");
		assert_true(rules.n > 2 && rules.last > 30);
		asked = times_of(level, asks);
		assert_memory_equal(&asked, &rules, sizeof rules);
		asked = times_of(level, until(7 * DAY));
		assert_memory_equal(&asked, &rules, sizeof rules);
		/* Less is what the desk's word is for. */
		assert_int_equal(times_of(level, until(9)).last, 9);
	}
	assert_int_equal(times_of(2, "").n, 0);
	assert_int_equal(times_of(2, asks).last, DAY);
	assert_int_equal(times_of(2, until(9)).last, 9);
}

static void
test_nobody_is_woken_below_the_rules(void **state)
{
	int64_t now = rig_now / MINUTE;
	struct courier_jobs jobs;
	unsigned i, level, followed;
	struct rig_peer *c;
	struct rig g;

	(void)state;
	for (level = 2; level <= 3; level++) {
		rig_open(&g, "");
		c = stage(&g);
		released(&g, (int)level, until(9));
		expand(&g);
		while (escalate_step(&g.k, now + 9) == 0)
			continue;
		followed = 0;
		while ((jobs = lease(&g, c, ALL_ROUTES, 60)).n > 0)
			for (i = 0; i < jobs.n; i++) {
				followed += jobs.job[i].stage != BROUGHT_RELEASE;
				if (level < 3)
					assert_int_equal(jobs.job[i].key.route, BY_MAIL);
				assert_int_equal(
				    report(&g, c, &jobs.job[i], OUTCOME_SENT, 0), P_OK);
			}
		assert_int_equal(followed, level < 3 ? 2 : 4);
		assert_int_equal(
		    number(&g, "SELECT count(*) FROM silences WHERE desk = 12"), 1);
		rig_close(&g);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_asking_never_gives_more_time),
		cmocka_unit_test(test_nobody_is_woken_below_the_rules),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
