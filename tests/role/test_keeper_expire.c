/* SPDX-License-Identifier: Apache-2.0 */
/* What time alone does: "still unverified", the end, retention. */
#include "daemon/keeper/store_case.h"
#include "tests/role/keeper_rig.h"

#include "daemon/keeper/expire.h"

enum { HOUR = 60, DAY = 24 * 60 };

static int64_t
now_minute(void)
{
	return rig_now / 60000;
}

static void
test_unverified_warning_says_so_and_ends(void **state)
{
	struct keeper_put m = rig_put_default();
	struct slice body, stub;
	struct frame_head h;
	struct rig_peer *p;
	struct rig g;
	int64_t t = now_minute();

	(void)state;
	rig_open(&g, "");
	p = rig_tail(&g, 1);
	assert_int_equal(rig_put(&g, &m, 4, "cross_sector", NULL), P_OK);
	assert_int_equal(expire_due(&g.k, t + 6 * HOUR - 1, 10), 0);
	assert_int_equal(expire_due(&g.k, t + 6 * HOUR, 10), 1);
	assert_int_equal(expire_due(&g.k, t + 6 * HOUR + 1, 10), 0); /* said once */
	RIG_UNTIL(&g, p->row_count == 3);
	assert_int_equal(rig_row(p, 2, &h, &body, &stub), 1);
	assert_int_equal(h.kind, FRAME_UPDATE);
	assert_int_equal(h.revision, 2);
	assert_true((h.flags & FRAME_CROSS) != 0 && slots_has(&h.slots, RIG_MED));
	assert_true((h.reach_flags & FRAME_CROSS) != 0 && h.reach_severity == 4);
	assert_non_null(memmem(body.p, body.n, "件名", strlen("件名")));
	assert_non_null(memmem(body.p, body.n, "still unverified", 16));

	rig_restart(&g); /* deadlines lie in the database */
	assert_int_equal(expire_due(&g.k, t + 72 * HOUR - 1, 10), 0);
	assert_int_equal(expire_due(&g.k, t + 72 * HOUR, 10), 1);
	assert_int_equal(expire_due(&g.k, t + 1000 * HOUR, 10), 0);
	p = rig_tail(&g, 4);
	assert_int_equal(rig_row(p, 0, &h, &body, &stub), 1);
	assert_int_equal(h.kind, FRAME_CANCEL);
	assert_int_equal(h.revision, 3);
	assert_non_null(memmem(body.p, body.n, "expired", 7));
	assert_true(stub.n > 0);
	rig_close(&g);
}

static void
test_hub_that_was_off_ends_at_once(void **state)
{
	struct keeper_put m = rig_put_default();
	struct slice body, stub;
	struct frame_head h;
	struct rig_peer *p;
	struct rig g;

	(void)state;
	rig_open(&g, "");
	assert_int_equal(rig_put(&g, &m, 3, "ceptoar", NULL), P_OK);
	/* Both deadlines have passed: the end, without the note before it. */
	assert_int_equal(expire_due(&g.k, now_minute() + 100 * HOUR, 10), 1);
	p = rig_tail(&g, 3);
	assert_int_equal(p->row_count, 1);
	assert_int_equal(rig_row(p, 0, &h, &body, &stub), 1);
	assert_int_equal(h.kind, FRAME_CANCEL);
	rig_close(&g);
}

static void
test_withdrawn_and_settings(void **state)
{
	struct keeper_put m = rig_put_default();
	struct rig g;

	(void)state;
	rig_open(&g, "[policy]\nunverified_note = 10m\nunverified_end = 20m\n");
	assert_int_equal(rig_put(&g, &m, 3, "ceptoar", NULL), P_OK);
	assert_int_equal(expire_due(&g.k, now_minute() + 9, 10), 0);
	assert_int_equal(expire_due(&g.k, now_minute() + 10, 10), 1);
	assert_int_equal(expire_due(&g.k, now_minute() + 20, 10), 1);
	assert_int_equal(expire_due(&g.k, now_minute() + 21, 10), 0);
	rig_close(&g);
}

static void
test_many_are_done_in_portions(void **state)
{
	struct keeper_put m = rig_put_default();
	struct rig g;
	int i;

	(void)state;
	rig_open(&g, "");
	for (i = 0; i < 5; i++)
		assert_int_equal(rig_put(&g, &m, 3, "ceptoar", NULL), P_OK);
	assert_int_equal(expire_due(&g.k, now_minute() + 6 * HOUR, 3), 3);
	assert_int_equal(expire_due(&g.k, now_minute() + 6 * HOUR, 3), 2);
	rig_close(&g);
}

static void
test_retention(void **state)
{
	struct keeper_put m = rig_put_default(), key = m;
	struct store_info info;
	struct store_item items[10];
	struct slots desks;
	struct rig g;
	size_t n = 0;
	int64_t t = now_minute();

	(void)state;
	rig_open(&g, "");
	memset(&desks, 0, sizeof desks);
	slots_set(&desks, RIG_MED);
	key.has_idem = 1;
	assert_int_equal(rig_put(&g, &key, 3, "ceptoar", NULL), P_OK);
	assert_int_equal(rig_put(&g, &m, 1, "ceptoar", NULL), P_OK);
	assert_int_equal(expire_prune(&g.k, t + 7 * DAY, 100), 0);
	assert_int_equal(rig_put(&g, &key, 3, "ceptoar", NULL), P_OK);
	assert_int_equal(rig_reply(&g.peer[0]).created, 0);
	assert_int_equal(expire_prune(&g.k, t + 7 * DAY + 1, 100), 1);
	assert_int_equal(rig_put(&g, &key, 3, "ceptoar", NULL), P_OK);
	/* A new report, as documented, and a bulletin of its own. */
	assert_int_equal(rig_reply(&g.peer[0]).created, REPLY_RELEASED);

	store_info(g.k.store, &info);
	assert_true(info.head == 5 && info.earliest == 1);
	/* key row; three reports on four desk rows less one; four log rows: the newest
	 * stays. */
	assert_true(expire_prune(&g.k, t + 1826 * DAY + 1, 100) > 5);
	store_info(g.k.store, &info);
	assert_true(info.head == 5 && info.earliest == 5);
	assert_int_equal(store_inbox_list(g.k.store, &desks, 1, items, 10, &n), 0);
	assert_int_equal(n, 0);
	rig_restart(&g);
	store_info(g.k.store, &info);
	assert_true(info.head == 5 && info.earliest == 5);
	assert_int_equal(rig_put(&g, &m, 3, "ceptoar", NULL), P_OK);
	rig_close(&g);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unverified_warning_says_so_and_ends),
		cmocka_unit_test(test_hub_that_was_off_ends_at_once),
		cmocka_unit_test(test_withdrawn_and_settings),
		cmocka_unit_test(test_many_are_done_in_portions),
		cmocka_unit_test(test_retention),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
