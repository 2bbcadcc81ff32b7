/* SPDX-License-Identifier: Apache-2.0 */
/* What a front tells the keeper of rows that it sent: all that came through, nothing of
 * what did not. */
#include "tests/role/front_rig.h"

#include <sys/ioctl.h>

#include "proto/msg_reach.h"

static struct rig *r;

static int
setup(void **state)
{
	(void)state;
	r = rig_new();
	r->opt.ring_bytes = 1 << 20;
	rig_start(r);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	rig_free(r);
	return 0;
}

static struct rig_client *
stream(enum rig_who who, const char *query)
{
	struct rig_client *c = rig_connect(r, who);
	char text[512];

	(void)snprintf(text, sizeof text,
	    "GET /v1/stream%s HTTP/1.1\r\nHost: localhost\r\n\r\n", query);
	rig_say(r, c, text);
	rig_until(r, rig_count(c, "event: sync") == 1);
	return c;
}

/* Was the keeper told that this member was handed row `seq`? */
static int
told(enum rig_who who, uint64_t seq)
{
	struct keeper_streamed m;
	struct frame_head h;
	struct slice body, stub;
	struct wire w;
	int found = 0;

	wire_init(&w, r->row[seq].p, r->row[seq].n);
	frame_get(&w, &h, &body, &stub);
	wire_init(&w, r->streamed.p, r->streamed.n);
	while (w.at < w.n) {
		keeper_streamed_get(&w, &m);
		assert_int_equal(w.err, 0);
		found |= m.rights.receiver[0] == who + 1 && m.first <= seq &&
			 seq <= m.last &&
			 frame_view(&h, &m.rights, &m.wants, &m.query) != VIEW_NONE;
	}
	return found;
}

static void
test_live_rows_are_told_once_a_second_at_most(void **state)
{
	struct rig_client *c = stream(RIG_OP, "");
	int64_t began = clock_mono_ms();
	unsigned i;

	(void)state;
	(void)stream(RIG_OP2, "");
	for (i = 1; i <= 30; i++) {
		rig_bulletin(r, i);
		rig_until(r, rig_count(c, "event: bulletin") == (int)i);
	}
	rig_until(r, told(RIG_OP, 30));
	for (i = 1; i <= 30; i++)
		assert_true(told(RIG_OP, i) && !told(RIG_OP2, i));
	assert_true(r->streamed_calls <= (clock_mono_ms() - began) / 1000 + 1);
	/* Nothing new, nothing said. */
	i = r->streamed_calls;
	began = clock_mono_ms();
	rig_until(r, clock_mono_ms() - began > 1500);
	assert_int_equal(r->streamed_calls, i);
}

static void
test_a_query_narrows_what_was_sent(void **state)
{
	struct rig_client *c = stream(RIG_OP, "?min_severity=4");

	(void)state;
	rig_bulletin(r, 1);
	rig_row(r, FRAME_BULLETIN, rig_medical, 4, "{\"n\":2}", NULL);
	rig_until(r, rig_count(c, "event: bulletin") == 1);
	rig_until(r, told(RIG_OP, 2));
	assert_false(told(RIG_OP, 1));
}

static void
test_pages_and_polls_count(void **state)
{
	struct rig_client *c;
	struct buf b;
	unsigned i;

	(void)state;
	buf_init(&b, 1 << 20);
	for (i = 1; i <= 5; i++)
		rig_bulletin(r, i);
	rig_settle(r);
	c = rig_connect(r, RIG_OP);
	assert_int_equal(rig_get(r, c, "/v1/events?cursor=earliest&wait=0", &b), 200);
	rig_until(r, told(RIG_OP, 1) && told(RIG_OP, 5));
	/* From before the ring, by pages. */
	ring_clear(r->f->ring);
	rig_bulletin(r, 6);
	rig_until(r, r->f->log.head == 6);
	(void)stream(RIG_TWO_SLOTS, "?cursor=earliest");
	assert_true(r->pages > 0);
	rig_until(r, told(RIG_TWO_SLOTS, 1) && told(RIG_TWO_SLOTS, 6));
	buf_done(&b);
}

/* A peer that takes nothing: what lies in our kernel did not reach it. */
static void
test_a_silent_peer_was_not_reached(void **state)
{
	struct rig_client *c = stream(RIG_OP, "");
	int64_t began;

	(void)state;
	rig_bulletin(r, 1);
	rig_until(r, told(RIG_OP, 1));
	c->paused = 1;
	rig_bulletin(r, 2);
	rig_until(r, r->f->log.head == 2);
	began = clock_mono_ms();
	rig_until(r, clock_mono_ms() - began > 2500);
	assert_false(told(RIG_OP, 2));
	c->paused = 0;
	rig_until(r, told(RIG_OP, 2));
	/* It ends without having taken the third. */
	c->paused = 1;
	rig_bulletin(r, 3);
	rig_settle(r);
	rig_drop(r, c);
	began = clock_mono_ms();
	rig_until(r, clock_mono_ms() - began > 2500);
	assert_false(told(RIG_OP, 3));
}

/* The keeper refuses, or is away: it is told when it takes it. */
static void
test_until_the_keeper_has_it(void **state)
{
	struct rig_client *c;
	unsigned calls;

	(void)state;
	r->streamed_problem = P_UNAVAILABLE;
	c = stream(RIG_OP, "");
	rig_bulletin(r, 1);
	rig_until(r, rig_count(c, "event: bulletin") == 1);
	rig_until(r, r->streamed_calls >= 2); /* refused, and again */
	buf_reset(&r->streamed);
	rig_stop_keeper(r);
	rig_stop_vault(r);
	rig_until(r, !r->f->keeper_ready);
	calls = r->streamed_calls;
	r->streamed_problem = P_OK;
	rig_listen(r);
	rig_until(r, r->f->keeper_ready);
	rig_until(r, told(RIG_OP, 1));
	assert_int_equal(r->streamed_calls, calls + 1);
	rig_bulletin(r, 2);
	rig_until(r, told(RIG_OP, 2));
}

/* Another log: its rows have the numbers of rows that were another's. */
static void
test_another_epoch(void **state)
{
	struct rig_client *c;

	(void)state;
	r->streamed_problem = P_UNAVAILABLE;
	c = stream(RIG_OP, "");
	rig_bulletin(r, 1);
	rig_bulletin(r, 2);
	rig_until(r, rig_count(c, "event: bulletin") == 2 && r->streamed_calls > 0);
	rig_stop_keeper(r);
	rig_stop_vault(r);
	rig_until(r, !r->f->keeper_ready);
	r->epoch++;
	r->head = 1;
	buf_reset(&r->streamed);
	r->streamed_problem = P_OK;
	rig_listen(r);
	rig_until(r, told(RIG_OP, 1)); /* the new log's first, from the start */
	assert_false(told(RIG_OP, 2));
}

static void
test_what_changes_between_is_not_claimed(void **state)
{
	struct rig_client *c = stream(RIG_OP, "");
	struct rights *rights = &r->people[RIG_OP].admit.rights;
	int64_t began;

	(void)state;
	rig_row(r, FRAME_BULLETIN, rig_power, 3, "{\"p\":1}", NULL); /* not for it */
	rig_until(r, r->f->log.head == 1);
	/* It joins the other CEPTOAR: what it was not shown before stays not shown. */
	slots_set(&rights->op, rig_power);
	r->generation++;
	reload_generation(r->f, r->generation);
	rig_until(r, r->admits >= 2);
	began = clock_mono_ms();
	rig_until(r, clock_mono_ms() - began > 1500);
	rig_row(r, FRAME_BULLETIN, rig_power, 3, "{\"p\":2}", NULL);
	rig_until(r, rig_count(c, "\"p\":2") == 1);
	began = clock_mono_ms();
	rig_until(r, clock_mono_ms() - began > 1500);
	rig_row(r, FRAME_BULLETIN, rig_power, 3, "{\"p\":3}", NULL);
	rig_until(r, told(RIG_OP, 3));
	assert_false(told(RIG_OP, 1));
}

static int drained;

static void
on_drained(struct front *f)
{
	(void)f;
	drained++;
}

static void
test_the_end_of_a_front_tells_the_rest(void **state)
{
	struct rig_client *c = stream(RIG_OP, "");
	int64_t began;

	(void)state;
	drained = 0;
	rig_bulletin(r, 1);
	rig_until(r, rig_count(c, "event: bulletin") == 1);
	r->f->on_drained = on_drained;
	front_drain(r->f);
	rig_until(r, c->closed);
	/* A socket of this kind says at its end no more what was read. */
	began = clock_mono_ms();
	rig_until(r, clock_mono_ms() - began > 300);
	rig_drop(r, c);
	rig_until(r, drained > 0);
	front_free(r->f); /* as the program does */
	r->f = NULL;
	rig_until(r, told(RIG_OP, 1));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
		T(test_live_rows_are_told_once_a_second_at_most),
		T(test_a_query_narrows_what_was_sent),
		T(test_pages_and_polls_count),
		T(test_a_silent_peer_was_not_reached),
		T(test_until_the_keeper_has_it),
		T(test_another_epoch),
		T(test_what_changes_between_is_not_claimed),
		T(test_the_end_of_a_front_tells_the_rest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
