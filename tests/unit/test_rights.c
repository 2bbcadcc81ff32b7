/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "proto/rights.h"

static void
test_slots(void **state)
{
	struct slots a = { { 0 } }, b = { { 0 } };

	(void)state;
	assert_false(slots_has(&a, 0));
	slots_set(&a, 0);
	slots_set(&a, 127);
	slots_set(&a, 128); /* beyond: nothing is written anywhere */
	slots_set(&a, SLOT_NONE);
	assert_true(slots_has(&a, 0) && slots_has(&a, 127));
	assert_false(slots_has(&a, 1) || slots_has(&a, 128) || slots_has(&a, SLOT_NONE));
	slots_set(&b, 1);
	assert_false(slots_meet(&a, &b));
	slots_set(&b, 127);
	assert_true(slots_meet(&a, &b));
}

static void
test_rights_round_trip(void **state)
{
	struct rights r, got;
	struct buf b;
	struct wire w;
	unsigned i;
	size_t n;

	(void)state;
	memset(&r, 0, sizeof r);
	for (i = 0; i < RECEIVER_LEN; i++)
		r.receiver[i] = (unsigned char)(i * 17);
	slots_set(&r.op, 5);
	slots_set(&r.sec, 64);
	slots_set(&r.aff, 127);
	r.roles = ROLE_OPERATOR | ROLE_SECRETARIAT | ROLE_AFFILIATE;
	r.clearance = TLP_AMBER_STRICT;
	memset(r.person, 0xa5, sizeof r.person);
	r.duties = DUTY_DESK | DUTY_OFFICER;
	buf_init(&b, 1024);
	rights_put(&b, &r);
	n = b.n;
	wire_init(&w, b.p, b.n);
	rights_get(&w, &got);
	assert_int_equal(wire_end(&w), 0);
	assert_memory_equal(&got, &r, sizeof r);
	for (i = 0; i < n; i++) { /* cut short anywhere */
		wire_init(&w, b.p, i);
		rights_get(&w, &got);
		assert_int_equal(wire_end(&w), ERR_PROTO);
	}
	b.p[n - 1] = DUTIES_ALL + 1;
	wire_init(&w, b.p, b.n);
	rights_get(&w, &got);
	assert_int_equal(wire_end(&w), ERR_PROTO);
	b.p[n - 1] = 0;
	b.p[n - 2 - RECEIVER_LEN] = TLP_RED + 1;
	wire_init(&w, b.p, b.n);
	rights_get(&w, &got);
	assert_int_equal(wire_end(&w), ERR_PROTO);
	buf_done(&b);
}

static void
test_subscription_default(void **state)
{
	struct subscription s;

	(void)state;
	memset(&s, 0xff, sizeof s);
	subscription_default(&s);
	assert_int_equal(s.min_severity, 0);
	assert_int_equal(s.cross_severity, LEVEL_NEVER);
	assert_int_equal(s.exercise, 1);
	assert_int_equal(s.sectors, 0);
	assert_int_equal(s.product_count, 0);
	assert_int_equal(s.sector_level[0], LEVEL_NEVER);
	assert_int_equal(s.sector_level[SECTOR_BITS - 1], LEVEL_NEVER);
	assert_int_equal(s.kinds, 0);
	assert_int_equal(s.ot_only, 0);
}

/* As it was stored before there were sector levels, kinds and OT. */
static void
test_subscription_stored(void **state)
{
	enum { BEFORE = 62, NOW = 96 };
	struct subscription s, got;
	struct buf b;
	size_t n;

	(void)state;
	subscription_default(&s);
	s.cross_severity = 3;
	s.product_count = 1;
	s.products[0] = 7;
	buf_init(&b, 1024);
	subscription_put(&b, &s);
	assert_int_equal(b.n, NOW);
	for (n = 0; n <= NOW; n++)
		assert_int_equal(subscription_stored((struct slice){ b.p, n }, &got) == 0,
		    n == BEFORE || n == NOW);
	assert_int_equal(subscription_stored((struct slice){ b.p, BEFORE }, &got), 0);
	assert_memory_equal(&got, &s, sizeof s);
	b.p[0] = 5;
	assert_int_equal(
	    subscription_stored((struct slice){ b.p, BEFORE }, &got), ERR_CORRUPT);
	buf_done(&b);
}

static void
test_subscription_cross(void **state)
{
	struct subscription s;

	(void)state;
	subscription_default(&s);
	assert_int_equal(subscription_cross(&s), LEVEL_NEVER);
	s.sector_level[63] = 4;
	assert_int_equal(subscription_cross(&s), 4);
	s.cross_severity = 2;
	assert_int_equal(subscription_cross(&s), 2);
	s.sector_level[0] = 0;
	assert_int_equal(subscription_cross(&s), 0);
}

static void
test_subscription_round_trip(void **state)
{
	struct subscription s, got;
	struct buf b;
	struct wire w;
	size_t n, i;

	(void)state;
	subscription_default(&s);
	s.min_severity = 3;
	s.cross_severity = 4;
	s.exercise = 0;
	s.sectors = 0x8000000000000001u;
	s.product_count = 8;
	for (i = 0; i < 8; i++)
		s.products[i] = (uint32_t)(0xdead0000u + i);
	s.sector_level[0] = 4;
	s.sector_level[63] = 0;
	s.kinds = 10;
	s.ot_only = 1;
	buf_init(&b, 1024);
	subscription_put(&b, &s);
	n = b.n;
	wire_init(&w, b.p, b.n);
	subscription_get(&w, &got);
	assert_int_equal(wire_end(&w), 0);
	assert_memory_equal(&got, &s, sizeof s);
	for (i = 0; i < n; i++) {
		wire_init(&w, b.p, i);
		subscription_get(&w, &got);
		assert_int_equal(wire_end(&w), ERR_PROTO);
	}
	/* Fewer products: the rest of the table is zeros, whatever stood there. */
	s.product_count = 1;
	buf_reset(&b);
	subscription_put(&b, &s);
	assert_int_equal(b.n, n);
	wire_init(&w, b.p, b.n);
	subscription_get(&w, &got);
	assert_int_equal(got.products[0], 0xdead0000u);
	assert_int_equal(got.products[1], 0);
	buf_done(&b);
}

/* Out of range: an error, and what is left harms nobody who forgot to look. */
static void
test_subscription_refused(void **state)
{
	static const struct {
		size_t at;
		unsigned char value;
	} cases[] = { { 0, 5 }, { 0, 254 }, { 1, 5 }, { 2, 2 }, { 43, 9 }, { 43, 255 },
		{ 62, 0xf5 }, { 93, 0x5f }, { 94, 16 }, { 95, 2 } };
	struct subscription s, got;
	struct buf b;
	struct wire w;
	size_t i;
	char keep;

	(void)state;
	subscription_default(&s);
	buf_init(&b, 1024);
	subscription_put(&b, &s);
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		assert_true(cases[i].at < b.n);
		keep = b.p[cases[i].at];
		b.p[cases[i].at] = (char)cases[i].value;
		wire_init(&w, b.p, b.n);
		subscription_get(&w, &got);
		assert_int_equal(wire_end(&w), ERR_PROTO);
		assert_int_equal(got.product_count, 0);
		b.p[cases[i].at] = keep;
	}
	buf_done(&b);
}

static void
test_product_hash(void **state)
{
	static const struct {
		const char *a, *b;
		int same;
	} cases[] = {
		{ "Sample VPN Gateway", "sample vpn gateway", 1 },
		{ "  Sample\tVPN   Gateway ", "Sample VPN Gateway", 1 },
		{ "SampleVPN", "Sample VPN", 0 },
		{ "Sample VPN 1", "Sample VPN 2", 0 },
		{ "", "   ", 1 },
		{ "サンプル製品", "サンプル製品", 1 },
		{ "ＳａｍｐｌｅＶＰＮ　２", "SampleVPN 2", 1 },
		{ "ｻﾝﾌﾟﾙ製品", "サンプル製品", 1 },
		{ "\xff Sample", "\xff sample", 1 },
		{ "サンプル製品", "サンプル製作", 0 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++)
		assert_int_equal(product_hash(slice_of(cases[i].a)) ==
				     product_hash(slice_of(cases[i].b)),
		    cases[i].same);
	/* Stored beside subscriptions: the value itself may never change. */
	assert_int_equal(product_hash(slice_of("")), 0x811c9dc5u);
	assert_int_equal(product_hash(slice_of("foobar")), 0xbf9cf968u);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_slots),
		cmocka_unit_test(test_rights_round_trip),
		cmocka_unit_test(test_subscription_default),
		cmocka_unit_test(test_subscription_round_trip),
		cmocka_unit_test(test_subscription_stored),
		cmocka_unit_test(test_subscription_cross),
		cmocka_unit_test(test_subscription_refused),
		cmocka_unit_test(test_product_hash),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
