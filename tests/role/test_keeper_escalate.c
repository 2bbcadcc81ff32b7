/* SPDX-License-Identifier: Apache-2.0 */
/* Silence: until when who has to acknowledge, and what comes when nobody does. */
#include "tests/role/courier_rig.h"

#include "daemon/keeper/escalate.h"
#include "daemon/keeper/escalate_due.h"
#include "daemon/keeper/expire.h"
#include "daemon/keeper/lanes.h"
#include "daemon/keeper/publish.h"
#include "proto/report_time.h"

enum { HOUR = 60, MANY = 6400, STEP_MOST_MS = 20 };

static int64_t
minute_of(const char *time)
{
	int y, mo, d, h, m;
	char date[16];
	int64_t day;

	assert_int_equal(sscanf(time, "%d-%d-%d %d:%d", &y, &mo, &d, &h, &m), 5);
	(void)snprintf(date, sizeof date, "%04d-%02d-%02d", y, mo, d);
	assert_int_equal(duty_date(date, &day), 0);
	return duty_day_ms(day) / 60000 + h * HOUR + m;
}

static void
test_until_when(void **state)
{
	static const struct duty_hours always = { 0x7f, 0, 1440, 1 },
				       office = { 0x1f, 540, 1050, 0 };
	static const struct {
		unsigned level, always;
		const char *now, *own, *route, *contact, *deadline;
	} cases[] = {
		/* Around the clock: half an hour, also on a Sunday night. */
		{ 4, 1, "2026-11-08 22:00", NULL, "2026-11-08 22:10", "2026-11-08 22:20",
		    "2026-11-08 22:30" },
		/* Before work, and during it: the day itself, and the next one. */
		{ 4, 0, "2026-11-10 08:00", NULL, "2026-11-10 08:30", "2026-11-10 09:00",
		    "2026-11-10 09:30" },
		{ 4, 0, "2026-11-10 10:00", NULL, "2026-11-10 17:45", "2026-11-11 01:45",
		    "2026-11-11 09:30" },
		/* Nobody has less than who is always there. */
		{ 4, 0, "2026-11-10 09:29", NULL, "2026-11-10 09:39", "2026-11-10 09:49",
		    "2026-11-10 09:59" },
		/* A weekend with a holiday behind it. */
		{ 4, 0, "2026-11-20 18:00", NULL, "2026-11-21 22:53", "2026-11-23 04:38",
		    "2026-11-24 09:30" },
		/* Level 3 counts working time, over weekend, holiday and new year. */
		{ 3, 0, "2026-11-10 10:00", NULL, "2026-11-10 11:19", "2026-11-10 12:41",
		    "2026-11-10 14:00" },
		{ 3, 0, "2026-11-20 16:00", NULL, "2026-11-20 17:19", "2026-11-24 10:11",
		    "2026-11-24 11:30" },
		{ 3, 0, "2026-12-28 15:00", NULL, "2026-12-28 16:19", "2027-01-04 09:11",
		    "2027-01-04 10:30" },
		{ 3, 1, "2026-11-21 02:00", NULL, "2026-11-21 03:19", "2026-11-21 04:41",
		    "2026-11-21 06:00" },
		/* Below, nobody has to; unless the bulletin says until when. */
		{ 2, 1, "2026-11-10 10:00", NULL, NULL, NULL, NULL },
		{ 2, 0, "2026-11-10 10:00", "2026-11-10 16:00", "2026-11-10 11:59",
		    "2026-11-10 14:01", "2026-11-10 16:00" },
		{ 2, 0, "2026-11-20 17:00", "2026-11-24 12:00", "2026-11-24 09:00",
		    "2026-11-24 09:00", "2026-11-24 12:00" },
		{ 4, 1, "2026-11-10 10:00", "2026-11-10 10:09", "2026-11-10 10:03",
		    "2026-11-10 10:06", "2026-11-10 10:09" },
		{ 4, 1, "2026-11-10 10:00", "2026-11-10 09:00", "2026-11-10 10:10",
		    "2026-11-10 10:20", "2026-11-10 10:30" },
		{ 4, 0, "2026-11-10 10:00", "2026-11-10 12:00", "2026-11-10 10:40",
		    "2026-11-10 11:20", "2026-11-10 12:00" },
		/* It gives nobody more time than the rules. */
		{ 4, 1, "2026-11-10 10:00", "2026-11-11 10:00", "2026-11-10 10:10",
		    "2026-11-10 10:20", "2026-11-10 10:30" },
		{ 4, 0, "2026-11-10 10:00", "2026-11-11 10:00", "2026-11-10 17:45",
		    "2026-11-11 01:45", "2026-11-11 09:30" },
		{ 3, 0, "2026-11-10 10:00", "2026-11-11 10:00", "2026-11-10 11:19",
		    "2026-11-10 12:41", "2026-11-10 14:00" },
	};
	struct escalate_ask ask;
	struct escalate_due due;
	struct rig g;
	size_t i;

	(void)state;
	rig_open(&g, "");
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		ask = (struct escalate_ask){ &g.k.opt.escalation,
			cases[i].always ? &always : &office,
			taxonomy_holiday_list(g.k.tax), cases[i].level,
			cases[i].own != NULL ? minute_of(cases[i].own) : 0,
			minute_of(cases[i].now) };
		assert_int_equal(escalate_due(&ask, &due), cases[i].deadline != NULL);
		if (cases[i].deadline == NULL)
			continue;
		if (due.deadline != minute_of(cases[i].deadline) ||
		    due.second_route != minute_of(cases[i].route) ||
		    due.second_contact != minute_of(cases[i].contact))
			fail_msg("case %zu: %+lld %+lld %+lld", i,
			    (long long)(due.second_route - minute_of(cases[i].route)),
			    (long long)(due.second_contact - minute_of(cases[i].contact)),
			    (long long)(due.deadline - minute_of(cases[i].deadline)));
	}
	rig_close(&g);
	rig_open(&g, "[escalation]\non = no\n");
	ask.rules = &g.k.opt.escalation;
	assert_int_equal(escalate_due(&ask, &due), 0);
	rig_close(&g);
}

/* Two hospitals of which one works at night, a bank, and the desks. */
static void
stage(struct rig *g)
{
	static const unsigned slots[] = { RIG_MED, RIG_PWR, RIG_BANK };
	struct vault_dir_row rows[3 * RIG_MEMBERS + 8];
	size_t i, all = 3 * RIG_MEMBERS;

	memset(rows, 0, sizeof rows);
	for (i = 0; i < all + 4; i++)
		subscription_default(&rows[i].wants);
	for (i = 0; i < all; i++)
		rows[i].rights =
		    rig_rights((unsigned)(128 + i), ROLE_OPERATOR, slots[i % 3]);
	rows[all].rights = rig_rights(1, ROLE_OPERATOR, RIG_MED);
	rows[all].routes = ROUTE_MAIL | ROUTE_SMS | ROUTE_VOICE;
	rows[all].always = 1;
	rows[all + 1].rights = rig_rights(2, ROLE_OPERATOR, RIG_MED);
	rows[all + 1].routes = ROUTE_MAIL;
	rows[all + 2].rights = rig_rights(3, ROLE_OPERATOR, RIG_BANK);
	rows[all + 2].routes = ROUTE_MAIL | ROUTE_SMS;
	rows[all + 3].rights = rig_rights(4, ROLE_CENTRE, SLOT_NONE);
	rig_directory(g, rows, all + 4);
}

static void
until(struct rig *g, int64_t minute)
{
	int rc;

	while ((rc = escalate_step(&g->k, minute)) == 0)
		continue;
	assert_int_equal(rc, ERR_NOTFOUND);
}

static enum problem
acked(struct rig *g, const uint8_t *bulletin, unsigned revision, unsigned who)
{
	struct rights r = rig_rights(who, ROLE_OPERATOR, RIG_MED);
	struct keeper_ack a;
	enum problem p;
	struct buf b;

	memset(&a, 0, sizeof a);
	memcpy(a.id, bulletin, ID_LEN);
	a.revision = (uint16_t)revision;
	a.status = ACK_RECEIVED;
	buf_init(&b, 4096);
	rights_put(&b, &r);
	wire_put_u16(&b, 1);
	keeper_ack_put(&b, &a);
	p = rig_call(g, &g->peer[0], KM_ACKS, &b);
	buf_done(&b);
	return p;
}

/* Leases everything, says that it was sent, and gives how many there were; *ret: who,
 * where and why of the last ones. */
static unsigned
brought(struct rig *g, struct rig_peer *c, struct courier_job *ret, unsigned most)
{
	struct courier_jobs jobs;
	unsigned n = 0, i;

	do {
		jobs = lease(g, c, ALL_ROUTES, 60);
		for (i = 0; i < jobs.n; i++) {
			if (n < most)
				ret[n] = jobs.job[i];
			n++;
		}
		for (i = 0; i < jobs.n; i++)
			assert_int_equal(
			    report(g, c, &jobs.job[i], OUTCOME_SENT, 0), P_OK);
	} while (jobs.n > 0);
	return n;
}

/* A level 4 bulletin within the hospitals, brought to everybody. */
static struct rig_peer *
raise_alarm(struct rig *g, const char *more, struct frame_head *h)
{
	struct keeper_put m = rig_put_default();
	struct rig_peer *c = rig_join_at(g, DOOR_COURIER), *t;
	struct slice body, stub;
	struct courier_job job[8];
	uint32_t i;

	stage(g);
	assert_int_equal(rig_put(g, &m, 4, "ceptoar", more), P_OK);
	expand(g);
	(void)brought(g, c, job, 8);
	t = rig_tail(g, 1);
	for (i = 0; rig_row(t, i, h, &body, &stub) && h->kind != FRAME_BULLETIN; i++)
		continue;
	assert_int_equal(h->kind, FRAME_BULLETIN);
	return c;
}

static void
test_second_route_then_contact_then_one_list(void **state)
{
	int64_t now = rig_now / 60000; /* a Sunday, at night in Japan */
	struct courier_job job[8];
	struct frame_head h;
	struct slice body, stub;
	struct rig_peer *c, *t;
	uint32_t before;
	struct rig g;
	unsigned n;

	(void)state;
	rig_open(&g, "");
	c = raise_alarm(&g, NULL, &h);
	until(&g, now + 9);
	assert_int_equal(brought(&g, c, job, 8), 0);
	/* Around the clock: after a third by a second route.  Mail, short message and
	 * call were tried: the call again. */
	until(&g, now + 10);
	assert_int_equal(brought(&g, c, job, 8), 1);
	assert_int_equal(job[0].key.receiver[0], 1);
	assert_int_equal(job[0].key.route, BY_VOICE);
	assert_int_equal(job[0].key.contact, CONTACT_FIRST);
	assert_int_equal(job[0].stage, BROUGHT_SECOND_ROUTE);
	until(&g, now + 19);
	assert_int_equal(brought(&g, c, job, 8), 0);
	until(&g, now + 20);
	n = brought(&g, c, job, 8);
	assert_int_equal(n, 2); /* every page */
	assert_int_equal(job[0].key.contact, CONTACT_SECOND);
	assert_int_equal(job[0].stage, BROUGHT_SECOND_CONTACT);
	/* The first time is over: the centre's figure, once; the desk sleeps till
	 * Monday, and its list comes then. */
	t = rig_tail(&g, 1);
	before = t->row_count;
	until(&g, now + 30);
	RIG_UNTIL(&g, t->row_count == before + 1);
	assert_int_equal(rig_row(t, before, &h, &body, &stub), 1);
	assert_int_equal(h.kind, FRAME_INBOX);
	assert_true((h.flags & FRAME_CENTRE) != 0 && slots_empty(&h.slots));
	assert_non_null(memmem(body.p, body.n, "\"percent\":0", 11));
	until(&g, now + 24 * HOUR);
	RIG_UNTIL(&g, t->row_count == before + 3);
	assert_int_equal(rig_row(t, before + 1, &h, &body, &stub), 1);
	assert_true(slots_has(&h.slots, RIG_MED) || (h.flags & FRAME_CENTRE) != 0);
	assert_int_equal(number(&g, "SELECT count(*) FROM escalation_steps"), 0);
	assert_int_equal(
	    number(&g, "SELECT silent FROM silences WHERE desk = 12"), RIG_MEMBERS + 2);
	assert_int_equal(number(&g, "SELECT count(*) FROM silences"), 2);
	rig_close(&g);
}

static void
test_the_centre_has_no_figure_of_what_is_kept_from_it(void **state)
{
	struct frame_head h;
	struct slice body, stub;
	struct rig_peer *t;
	uint32_t i;
	struct rig g;

	(void)state;
	rig_open(&g, "");
	(void)raise_alarm(
	    &g, "{\"consent\":{\"publish\":\"ceptoar\",\"government\":false}}", &h);
	assert_true((h.flags & FRAME_NO_GOV) != 0);
	until(&g, rig_now / 60000 + 24 * HOUR);
	assert_int_equal(number(&g, "SELECT count(*) FROM escalation_steps"), 0);
	assert_int_equal(number(&g, "SELECT desk FROM silences"), RIG_MED);
	t = rig_tail(&g, 1);
	for (i = 0; rig_row(t, i, &h, &body, &stub); i++)
		assert_int_equal(h.flags & FRAME_CENTRE, 0);
	rig_close(&g);
}

static void
test_stops_at_the_acknowledgement(void **state)
{
	int64_t now = rig_now / 60000;
	struct courier_jobs jobs;
	struct courier_job job[8];
	struct frame_head h;
	struct rig_peer *c;
	struct rig g;

	(void)state;
	rig_open(&g, "");
	c = raise_alarm(&g, NULL, &h);
	until(&g, now + 10);
	jobs = lease(&g, c, ALL_ROUTES, 10);
	assert_int_equal(jobs.n, 1); /* one is with the courier */
	until(&g, now + 20);
	assert_int_equal(acked(&g, h.id, h.revision, 1), P_OK);
	assert_int_equal(lease(&g, c, ALL_ROUTES, 10).n, 0);
	/* What the courier says of it later changes nothing. */
	assert_int_equal(report(&g, c, &jobs.job[0], OUTCOME_RETRY, 0), P_OK);
	assert_int_equal(lease(&g, c, ALL_ROUTES, 10).n, 0);
	assert_int_equal(number(&g, "SELECT count(*) FROM deliveries WHERE stage > 0 AND"
				    " state = 5 AND reason = 'acknowledged'"),
	    3);
	c = rig_join_at(&g, DOOR_COURIER);
	stage(&g);
	until(&g, now + 31);
	assert_int_equal(brought(&g, c, job, 8), 0);
	/* All lanes are free again: the next alarm comes through. */
	assert_int_equal(lanes_leased(outbox_lanes(g.k.outbox)), 0);
	rig_close(&g);
}

static void
test_a_restart_goes_on(void **state)
{
	int64_t now = rig_now / 60000;
	struct courier_job job[8];
	struct frame_head h;
	struct rig_peer *c;
	struct rig g;

	(void)state;
	rig_open(&g, "");
	(void)raise_alarm(&g, NULL, &h);
	until(&g, now + 5);
	g.alone = 1;
	rig_restart(&g);
	/* Nobody is silent before the members are known. */
	assert_int_equal(escalate_step(&g.k, now + 15), ERR_NOTFOUND);
	c = rig_join_at(&g, DOOR_COURIER);
	stage(&g);
	until(&g, now + 9);
	assert_int_equal(brought(&g, c, job, 8), 0);
	until(&g, now + 10);
	assert_int_equal(brought(&g, c, job, 8), 1);
	assert_int_equal(job[0].stage, BROUGHT_SECOND_ROUTE);
	rig_close(&g);
	/* Down until both are due: the stronger one alone, and not twice. */
	rig_open(&g, "");
	(void)raise_alarm(&g, NULL, &h);
	g.alone = 1;
	rig_restart(&g);
	c = rig_join_at(&g, DOOR_COURIER);
	stage(&g);
	until(&g, now + 25);
	assert_int_equal(brought(&g, c, job, 8), 2);
	assert_int_equal(job[0].stage, BROUGHT_SECOND_CONTACT);
	rig_restart(&g);
	c = rig_join_at(&g, DOOR_COURIER);
	stage(&g);
	until(&g, now + 25);
	assert_int_equal(brought(&g, c, job, 8), 0);
	rig_close(&g);
}

static void
test_a_clock_that_jumps_fires_nothing(void **state)
{
	static const int64_t jumps[] = { HOUR, -HOUR, 365 * 24 * HOUR };
	int64_t start = rig_now, minute;
	struct frame_head h;
	struct rig g;
	size_t i;

	(void)state;
	rig_open(&g, "");
	(void)raise_alarm(&g, NULL, &h);
	minute = escalate_minute(&g.k);
	for (i = 0; i < sizeof jumps / sizeof jumps[0]; i++) {
		rig_now = start + jumps[i] * 60000;
		rig_wrong = jumps[i] * 60000;
		assert_true(escalate_minute(&g.k) - minute <= 1);
		assert_true(escalate_minute(&g.k) - minute >= 0);
		until(&g, escalate_minute(&g.k));
		rig_now = start;
		rig_wrong = 0;
		assert_true(escalate_minute(&g.k) - minute <= 1);
	}
	assert_int_equal(
	    number(&g, "SELECT count(*) FROM deliveries WHERE stage IN (1, 2)"), 0);
	rig_close(&g);
}

static void
test_level_3_takes_a_route_that_was_not_tried(void **state)
{
	int64_t now = rig_now / 60000;
	struct keeper_put m = rig_put_default();
	struct courier_job job[8];
	struct rig_peer *c;
	struct rig g;

	(void)state;
	rig_open(&g, "");
	c = rig_join_at(&g, DOOR_COURIER);
	stage(&g);
	assert_int_equal(rig_put(&g, &m, 3, "ceptoar", NULL), P_OK);
	expand(&g);
	assert_int_equal(brought(&g, c, job, 8), 2); /* mails */
	until(&g, now + 79);
	assert_int_equal(brought(&g, c, job, 8), 1);
	assert_int_equal(job[0].key.receiver[0], 1);
	assert_int_equal(job[0].key.route, BY_SMS); /* though level 3 pages nobody */
	assert_int_equal(job[0].key.contact, CONTACT_ALL);
	rig_close(&g);
}

static void
test_exercises_and_low_levels_ask_nobody(void **state)
{
	struct keeper_put m = rig_put_default();
	struct rig g;

	(void)state;
	rig_open(&g, "");
	stage(&g);
	assert_int_equal(rig_put(&g, &m, 4, "ceptoar", "{\"exercise\":true}"), P_OK);
	assert_int_equal(number(&g, "SELECT count(*) FROM escalations"), 0);
	rig_close(&g);
	rig_open(&g, "[policy]\nauto_own_level = 1\n");
	stage(&g);
	assert_int_equal(rig_put(&g, &m, 2, "ceptoar", NULL), P_OK);
	assert_int_equal(number(&g, "SELECT count(*) FROM bulletins"), 1);
	assert_int_equal(number(&g, "SELECT count(*) FROM escalations"), 0);
	rig_close(&g);
}

/* All sectors, nobody says a word: some receivers a step, so that the sockets have their
 * turn. */
static void
test_thousands_are_silent(void **state)
{
	int64_t now = rig_now / 60000, start, took, longest = 0, all;
	struct vault_dir_row *rows = mem_calloc(MANY, sizeof *rows);
	struct keeper_put m = rig_put_default();
	unsigned i, steps = 0;
	struct rig g;

	(void)state;
	assert_non_null(rows);
	for (i = 0; i < MANY; i++) {
		rows[i].rights = rig_rights(0, ROLE_OPERATOR, RIG_MED);
		rows[i].rights.receiver[0] = (uint8_t)(i >> 8);
		rows[i].rights.receiver[1] = (uint8_t)i;
		rows[i].rights.receiver[2] = 1;
		rows[i].routes = ROUTE_MAIL;
		rows[i].always = 1;
		subscription_default(&rows[i].wants);
	}
	rig_open_light(&g, "");
	(void)rig_join_at(&g, DOOR_COURIER);
	rig_directory(&g, rows, MANY);
	assert_int_equal(rig_put(&g, &m, 4, "ceptoar", NULL), P_OK);
	expand(&g);
	all = clock_mono_ms();
	for (;; steps++) {
		start = clock_mono_ms();
		if (escalate_step(&g.k, now + 10) != 0)
			break;
		took = clock_mono_ms() - start;
		if (took > longest)
			longest = took;
	}
	all = clock_mono_ms() - all;
	print_message("%u steps for %d receivers: %d ms, the longest %d ms\n", steps,
	    MANY, (int)all, (int)longest);
	assert_true(steps >= MANY / 200);
	assert_true(all / steps <= STEP_MOST_MS * rig_slower());
	rig_directory(&g, rows, MANY);
	g.alone = 1;
	assert_int_equal(
	    number(&g, "SELECT count(*) FROM deliveries WHERE stage = 1"), MANY);
	mem_free(rows);
	rig_close(&g);
}

/* A bulletin whose rows a test writes itself. */
static int
write_row(struct keeper *k, void *arg)
{
	struct store_bulletin *b = arg;
	struct buf body, stub;
	int rc;

	b->head.revision = b->revision;
	b->head.minute = (uint32_t)(rig_now / 60000);
	buf_init(&body, FRAME_BODY_MAX);
	buf_init(&stub, FRAME_BODY_MAX);
	buf_adds(&body, "{\"title\":{\"en\":\"x\"}}");
	if (b->head.kind != FRAME_BULLETIN)
		buf_adds(&stub, "{\"text\":{\"en\":\"over\"}}");
	rc = publish_row(k, &b->head, &body, &stub);
	if (rc == 0)
		rc = store_bulletin_put(k->store, b);
	buf_done(&body);
	buf_done(&stub);
	return rc;
}

static void
put_row(struct rig *g, struct store_bulletin *b)
{
	assert_int_equal(batch_transact(g->k.batch, write_row, b), 0);
}

static void
first_row(struct store_bulletin *b, unsigned level, unsigned tlp, unsigned flags)
{
	memset(b, 0, sizeof *b);
	memset(b->id, 0x77, ID_LEN);
	memset(b->head.id, 0x77, ID_LEN);
	(void)snprintf(b->number, sizeof b->number, "2026-ROWS1");
	b->state = BULLETIN_STANDS;
	b->revision = 1;
	b->head.kind = FRAME_BULLETIN;
	b->head.severity = (uint8_t)level;
	b->head.tlp = (uint8_t)tlp;
	b->head.sector = SECTOR_NONE;
	b->head.flags = (uint16_t)flags;
	slots_set(&b->head.slots, RIG_MED);
}

/* Who may not know of a bulletin hears nothing of the silence about it. */
static void
test_lists_are_for_who_may_know(void **state)
{
	int64_t now = rig_now / 60000;
	struct vault_dir_row rows[3];
	struct store_bulletin b;
	struct rig g;
	unsigned i;

	(void)state;
	/* Kept from the government. */
	rig_open(&g, "");
	stage(&g);
	first_row(&b, 4, TLP_AMBER, FRAME_DESK | FRAME_NO_GOV);
	put_row(&g, &b);
	until(&g, now + 48 * HOUR);
	assert_int_equal(number(&g, "SELECT count(*) FROM silences"), 1);
	assert_int_equal(number(&g, "SELECT count(*) FROM silences WHERE desk = 12"), 1);
	rig_close(&g);
	/* TLP:RED: the desk that has named a bank has one list, with that bank in it. */
	rig_open(&g, "");
	memset(rows, 0, sizeof rows);
	rows[0].rights = rig_rights(3, ROLE_OPERATOR, RIG_BANK);
	rows[1].rights = rig_rights(4, ROLE_CENTRE, SLOT_NONE);
	rows[2].rights = rig_rights(5, ROLE_SECRETARIAT, RIG_MED);
	for (i = 0; i < 3; i++)
		subscription_default(&rows[i].wants);
	rig_directory(&g, rows, 3);
	first_row(&b, 4, TLP_RED, FRAME_DESK);
	assert_int_equal(frame_name(&b.head, rows[0].rights.receiver), 0);
	put_row(&g, &b);
	until(&g, now + 48 * HOUR);
	assert_int_equal(number(&g, "SELECT count(*) FROM silences"), 1);
	assert_int_equal(number(&g, "SELECT silent FROM silences WHERE desk = 12"), 2);
	rig_close(&g);
}

/* A warning is confirmed and goes further: who may read it only by now is asked from now
 * on, and nobody who has answered is asked again. */
static void
test_who_reads_it_later_is_asked_too(void **state)
{
	int64_t now = rig_now / 60000;
	struct courier_job job[8];
	struct store_bulletin b;
	struct rig_peer *c;
	struct rig g;

	(void)state;
	rig_open(&g, "");
	c = rig_join_at(&g, DOOR_COURIER);
	stage(&g);
	first_row(&b, 3, TLP_AMBER, 0);
	put_row(&g, &b);
	expand(&g);
	assert_int_equal(brought(&g, c, job, 8), 2); /* mails */
	assert_int_equal(acked(&g, b.id, 1, 1), P_OK);
	until(&g, now + 48 * HOUR);
	rig_now += 48 * HOUR * 60000LL;
	assert_int_equal(number(&g, "SELECT count(*) FROM silences WHERE desk = 12"), 1);
	c = rig_join_at(&g, DOOR_COURIER);
	stage(&g);
	(void)brought(&g, c, job, 8);
	publish_next(&b, FRAME_UPDATE);
	slots_set(&b.head.slots, RIG_BANK);
	put_row(&g, &b);
	expand(&g);
	assert_int_equal(brought(&g, c, job, 8), 3);
	until(&g, now + 120 * HOUR);
	assert_int_equal(brought(&g, c, job, 8), 1); /* the stronger one alone */
	assert_int_equal(job[0].key.receiver[0], 3);
	assert_int_equal(job[0].stage, BROUGHT_SECOND_CONTACT);
	assert_int_equal(
	    number(&g, "SELECT silent FROM silences WHERE desk = 3"), RIG_MEMBERS + 1);
	assert_int_equal(number(&g, "SELECT count(*) FROM silences WHERE desk = 12"), 1);
	assert_int_equal(number(&g, "SELECT count(*) FROM escalation_steps"), 0);
	rig_now -= 48 * HOUR * 60000LL;
	rig_close(&g);
}

/* The hub adds that it is still unverified: who has acknowledged the warning is told, and
 * not called at night. */
static void
test_a_note_calls_nobody_who_has_answered(void **state)
{
	int64_t now = rig_now / 60000;
	struct courier_job job[8];
	struct frame_head h;
	struct rig_peer *c;
	struct rig g;
	unsigned i, n;

	(void)state;
	rig_open(&g, "");
	c = raise_alarm(&g, NULL, &h);
	assert_int_equal(acked(&g, h.id, h.revision, 1), P_OK);
	assert_int_equal(expire_due(&g.k, now + 6 * HOUR, 8), 1);
	expand(&g);
	n = brought(&g, c, job, 8);
	assert_int_equal(n, 2);
	for (i = 0; i < n; i++)
		assert_int_equal(job[i].key.route, BY_MAIL);
	rig_close(&g);
}

/* Its reporter has taken it back from everybody: nobody is roused for what is left. */
static void
test_what_nobody_may_read_is_over(void **state)
{
	struct store_bulletin b;
	struct rig g;

	(void)state;
	rig_open(&g, "");
	stage(&g);
	first_row(&b, 4, TLP_AMBER, 0);
	put_row(&g, &b);
	assert_int_equal(number(&g, "SELECT count(*) FROM escalations"), 1);
	stage(&g);
	publish_next(&b, FRAME_UPDATE);
	memset(&b.head.slots, 0, sizeof b.head.slots);
	put_row(&g, &b);
	assert_int_equal(number(&g, "SELECT count(*) FROM escalations"), 0);
	rig_close(&g);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_until_when),
		cmocka_unit_test(test_second_route_then_contact_then_one_list),
		cmocka_unit_test(test_the_centre_has_no_figure_of_what_is_kept_from_it),
		cmocka_unit_test(test_stops_at_the_acknowledgement),
		cmocka_unit_test(test_a_restart_goes_on),
		cmocka_unit_test(test_a_clock_that_jumps_fires_nothing),
		cmocka_unit_test(test_level_3_takes_a_route_that_was_not_tried),
		cmocka_unit_test(test_thousands_are_silent),
		cmocka_unit_test(test_exercises_and_low_levels_ask_nobody),
		cmocka_unit_test(test_lists_are_for_who_may_know),
		cmocka_unit_test(test_who_reads_it_later_is_asked_too),
		cmocka_unit_test(test_a_note_calls_nobody_who_has_answered),
		cmocka_unit_test(test_what_nobody_may_read_is_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
