/* SPDX-License-Identifier: Apache-2.0 */
/* The log is the bus: live rows, catch-up, slow fronts, restarts. */
#include "tests/role/keeper_rig.h"

#include "daemon/keeper/tail.h"

/* Rows of n bytes each, straight into the store: 1 KiB is what a warning weighs. */
static void
fill(struct rig *g, unsigned rows, size_t bytes)
{
	struct frame_head h;
	struct buf body, sink;
	unsigned i;

	buf_init(&body, 65536);
	buf_init(&sink, 1u << 30);
	while (body.n < bytes)
		buf_addc(&body, 'x');
	assert_int_equal(store_begin(g->k.store), 0);
	for (i = 0; i < rows; i++) {
		memset(&h, 0, sizeof h);
		h.kind = FRAME_MODE;
		h.minute = (uint32_t)(rig_now / 60000); /* or retention takes it */
		buf_reset(&sink);
		assert_int_equal(
		    store_log_add(g->k.store, &h, buf_slice(&body), slice_of(""), &sink),
		    0);
	}
	assert_int_equal(store_commit(g->k.store), 0);
	buf_done(&body);
	buf_done(&sink);
}

static void
assert_gapless(const struct rig_peer *p, uint64_t first, uint64_t last)
{
	struct slice body, stub;
	struct frame_head h;
	struct wire w;
	uint64_t seq = first;

	for (wire_init(&w, p->rows.p, p->rows.n); w.at < w.n; seq++) {
		frame_get(&w, &h, &body, &stub);
		assert_int_equal(w.err, 0);
		assert_int_equal(h.seq, seq);
	}
	assert_int_equal(seq, last + 1);
}

static void
test_live_rows_reach_every_front(void **state)
{
	struct keeper_put m = rig_put_default();
	struct rig_peer *a, *b;
	struct rig g;

	(void)state;
	rig_open(&g, "");
	a = rig_tail(&g, 1);
	b = rig_tail(&g, 1);
	assert_int_equal(rig_put(&g, &m, 3, "ceptoar", NULL), P_OK);
	assert_int_equal(rig_put(&g, &m, 1, "none", NULL), P_OK);
	RIG_UNTIL(&g, a->row_count == 3 && b->row_count == 3);
	assert_gapless(a, 1, 3);
	assert_int_equal(a->head, 3);
	/* The same bytes for every front. */
	assert_int_equal(a->rows.n, b->rows.n);
	assert_memory_equal(a->rows.p, b->rows.p, a->rows.n);
	rig_close(&g);
}

static void
test_catch_up_then_live(void **state)
{
	struct keeper_put m = rig_put_default();
	struct rig_peer *p;
	struct rig g;
	struct buf b;

	(void)state;
	rig_open(&g, "");
	fill(&g, 3000, 1024);
	p = rig_join(&g, 0);
	buf_init(&b, 64);
	wire_put_u64(&b, 11);
	(void)rig_send(&g, p, KM_TAIL, &b);
	/* A row that is committed while it catches up comes in its place. */
	assert_int_equal(rig_put(&g, &m, 3, "ceptoar", NULL), P_OK);
	RIG_UNTIL(&g, p->empty_pages == 1);
	assert_int_equal(rig_put(&g, &m, 1, "ceptoar", NULL), P_OK);
	RIG_UNTIL(&g, p->row_count == 3003 - 10);
	assert_gapless(p, 11, 3003);
	buf_done(&b);
	rig_close(&g);
}

static void
test_slow_front_holds_up_nobody(void **state)
{
	struct keeper_put m = rig_put_default();
	struct rig_peer *slow, *live;
	struct front *f;
	struct rig g;
	unsigned i;

	(void)state;
	rig_open(&g, "");
	slow = rig_tail(&g, 1);
	live = rig_tail(&g, 1);
	link_pause(slow->l, 1);
	fill(&g, 20000, 1024);
	/* Rows that came past the tailer: everybody is behind now. */
	for (i = 0; i < 5; i++)
		assert_int_equal(rig_put(&g, &m, 3, "ceptoar", NULL), P_OK);
	RIG_UNTIL(&g, live->row_count == 20010);
	assert_gapless(live, 1, 20010);
	assert_true(slow->row_count < 20010);
	for (f = g.k.fronts; f != NULL; f = f->next) /* bounded, however long it sleeps */
		assert_true(link_queued(f->l) <= KEEPER_QUEUE_MAX / 2 + KEEPER_FRAME_MAX);
	link_pause(slow->l, 0);
	RIG_UNTIL(&g, slow->row_count == 20010);
	assert_gapless(slow, 1, 20010);
	rig_close(&g);
}

static void
test_rows_committed_before_a_crash_come_after_it(void **state)
{
	struct keeper_put m = rig_put_default();
	struct rig_peer *p;
	struct rig g;

	(void)state;
	rig_open(&g, "");
	assert_int_equal(rig_put(&g, &m, 3, "ceptoar", NULL), P_OK); /* nobody tails */
	rig_restart(&g);
	p = rig_tail(&g, 2);
	assert_int_equal(p->row_count, 1);
	assert_gapless(p, 2, 2);
	assert_int_equal(rig_put(&g, &m, 1, "ceptoar", NULL), P_OK);
	RIG_UNTIL(&g, p->row_count == 2);
	assert_gapless(p, 2, 3);
	rig_close(&g);
}

static void
test_pages(void **state)
{
	struct rig_peer *p;
	struct frame_head h;
	struct slice body, stub;
	struct rig g;
	struct wire w;
	struct buf b;
	uint64_t from;
	uint32_t n;

	(void)state;
	rig_open(&g, "");
	p = &g.peer[0];
	buf_init(&b, 64);
	for (from = 1; from == 1 || from <= 10; from += n) {
		buf_reset(&b);
		wire_put_u64(&b, from);
		wire_put_u32(&b, 3000);
		assert_int_equal(rig_call(&g, p, KM_PAGE, &b), P_OK);
		wire_init(&w, p->answer.p, p->answer.n);
		if (from == 1 && p->answer.n == 20) { /* still empty */
			fill(&g, 10, 1024);
			n = 0;
			continue;
		}
		assert_int_equal(wire_u64(&w), 10);
		assert_int_equal(wire_u64(&w), 1);
		n = wire_u32(&w);
		assert_true(n == 2);
		frame_get(&w, &h, &body, &stub);
		assert_int_equal(h.seq, from);
	}
	/* One row at least, even when it is larger than asked for. */
	buf_reset(&b);
	wire_put_u64(&b, 10);
	wire_put_u32(&b, 1);
	assert_int_equal(rig_call(&g, p, KM_PAGE, &b), P_OK);
	wire_init(&w, p->answer.p, p->answer.n);
	(void)wire_u64(&w);
	(void)wire_u64(&w);
	assert_int_equal(wire_u32(&w), 1);
	buf_done(&b);
	rig_close(&g);
}

static void
test_hello_tells_head_and_epoch(void **state)
{
	struct keeper_hello a, b;
	struct rig g;
	struct buf none;

	(void)state;
	rig_open(&g, "");
	buf_init(&none, 16);
	assert_int_equal(rig_call(&g, &g.peer[0], KM_HELLO, &none), P_OK);
	assert_int_equal(keeper_hello_get(g.peer[0].answer.p, g.peer[0].answer.n, &a), 0);
	assert_true(a.epoch != 0 && a.head == 0 && a.earliest == 0);
	fill(&g, 5, 10);
	rig_restart(&g);
	assert_int_equal(rig_call(&g, &g.peer[0], KM_HELLO, &none), P_OK);
	assert_int_equal(keeper_hello_get(g.peer[0].answer.p, g.peer[0].answer.n, &b), 0);
	assert_int_equal(b.epoch, a.epoch);
	assert_memory_equal(b.cursor_key, a.cursor_key, 16);
	assert_true(b.head == 5 && b.earliest == 1);
	rig_close(&g);
}

static void
test_catch_up_speed(void **state)
{
	struct rig_peer *p;
	struct rig g;
	int64_t t;

	(void)state;
	rig_open(&g, "");
	fill(&g, 100000, 1024);
	t = clock_mono_ms();
	p = rig_tail(&g, 1);
	t = clock_mono_ms() - t;
	assert_int_equal(p->row_count, 100000);
	print_message("catch-up: %lld rows/s\n", (long long)(100000000 / (t + 1)));
	rig_close(&g);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_live_rows_reach_every_front),
		cmocka_unit_test(test_catch_up_then_live),
		cmocka_unit_test(test_slow_front_holds_up_nobody),
		cmocka_unit_test(test_rows_committed_before_a_crash_come_after_it),
		cmocka_unit_test(test_pages),
		cmocka_unit_test(test_hello_tells_head_and_epoch),
		cmocka_unit_test(test_catch_up_speed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
