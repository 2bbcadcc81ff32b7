/* SPDX-License-Identifier: Apache-2.0 */
/* What passes between keeper and courier: back and forth, cut short, out of range. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "proto/msg_courier.h"

static struct courier_key
key_of(unsigned route)
{
	struct courier_key k;

	memset(&k, 0, sizeof k);
	memset(k.bulletin, 1, sizeof k.bulletin);
	memset(k.receiver, 2, sizeof k.receiver);
	k.revision = 3;
	k.route = (uint8_t)route;
	k.contact = CONTACT_ALL;
	return k;
}

static void
test_lease(void **state)
{
	static const struct {
		unsigned n;
		int want;
	} cases[] = { { 0, ERR_PROTO }, { 1, 0 }, { COURIER_JOBS_MAX, 0 },
		{ COURIER_JOBS_MAX + 1, ERR_PROTO } };
	struct courier_lease m = { 0x1e, 1 }, got;
	struct buf b;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		buf_init(&b, 64);
		m.n = (uint8_t)cases[i].n;
		courier_lease_put(&b, &m);
		assert_int_equal(courier_lease_get(b.p, b.n, &got), cases[i].want);
		assert_int_equal(courier_lease_get(b.p, b.n - 1, &got), ERR_PROTO);
		buf_done(&b);
	}
}

static void
jobs_make(struct courier_jobs *m)
{
	unsigned i;

	memset(m, 0, sizeof *m);
	m->wait_s = 7;
	m->bodies = 2;
	m->body[0] = slice_of("{\"a\":1}");
	m->body[1] = slice_of("{}");
	m->n = 3;
	for (i = 0; i < m->n; i++) {
		m->job[i].key = key_of(BY_MAIL + i);
		m->job[i].body = (uint8_t)(i % 2);
		m->job[i].tries = (uint16_t)(i * 1000);
		m->job[i].age = 29901666;
		m->job[i].severity = 4;
		m->job[i].exercise = i == 1;
		m->job[i].token[0] = (uint8_t)i;
		m->job[i].gone[15] = 9;
	}
}

static void
test_jobs(void **state)
{
	static struct courier_jobs m, got;
	struct buf b;
	size_t n;

	(void)state;
	jobs_make(&m);
	buf_init(&b, 65536);
	courier_jobs_put(&b, &m);
	assert_int_equal(courier_jobs_get(b.p, b.n, &got), 0);
	assert_int_equal(got.wait_s, 7);
	assert_true(got.bodies == 2 && slice_eq(got.body[1], "{}"));
	assert_int_equal(got.n, 3);
	assert_memory_equal(got.job, m.job, sizeof m.job);
	for (n = 0; n < b.n; n++)
		assert_int_equal(courier_jobs_get(b.p, n, &got), ERR_PROTO);
	buf_addc(&b, 0);
	assert_int_equal(courier_jobs_get(b.p, b.n, &got), ERR_PROTO);
	buf_done(&b);

	m.job[2].body = 2; /* there are two */
	buf_init(&b, 65536);
	courier_jobs_put(&b, &m);
	assert_int_equal(courier_jobs_get(b.p, b.n, &got), ERR_PROTO);
	buf_done(&b);
	m.job[2].body = 0;
	m.job[2].key.route = BY_END;
	buf_init(&b, 65536);
	courier_jobs_put(&b, &m);
	assert_int_equal(courier_jobs_get(b.p, b.n, &got), ERR_PROTO);
	buf_done(&b);
}

static void
test_result(void **state)
{
	static const struct {
		unsigned outcome, route, n, reason;
		int good;
	} cases[] = { { OUTCOME_SENT, BY_WEBHOOK, 0, 0, 1 },
		{ OUTCOME_SPLIT, BY_VOICE, COURIER_SPLIT_MAX, 64, 1 },
		{ 0, BY_MAIL, 0, 0, 0 }, { OUTCOME_END, BY_MAIL, 0, 0, 0 },
		{ OUTCOME_SENT, 0, 0, 0, 0 }, { OUTCOME_SENT, BY_END, 0, 0, 0 },
		{ OUTCOME_SPLIT, BY_MAIL, COURIER_SPLIT_MAX + 1, 0, 0 },
		{ OUTCOME_FAILED, BY_MAIL, 0, 65, 0 } };
	static const char text[] =
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	    "aaaaaaaaaaaaaaa";
	struct courier_result m, got;
	struct wire w;
	struct buf b;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		memset(&m, 0, sizeof m);
		m.key = key_of(cases[i].route);
		m.outcome = (uint8_t)cases[i].outcome;
		m.delay = 5;
		m.reason.p = text;
		m.reason.n = cases[i].reason;
		m.n = (uint8_t)cases[i].n;
		buf_init(&b, 1024);
		courier_result_put(&b, &m);
		wire_init(&w, b.p, b.n);
		courier_result_get(&w, &got);
		if ((wire_end(&w) == 0) != cases[i].good)
			fail_msg("case %zu", i);
		buf_done(&b);
	}
}

static void
test_routes(void **state)
{
	(void)state;
	assert_int_equal(courier_route_bit(0), 0);
	assert_int_equal(courier_route_bit(BY_MAIL), ROUTE_MAIL);
	assert_int_equal(courier_route_bit(BY_WEBHOOK), ROUTE_WEBHOOK);
	assert_int_equal(courier_route_bit(BY_SMS), ROUTE_SMS);
	assert_int_equal(courier_route_bit(BY_VOICE), ROUTE_VOICE);
	assert_int_equal(courier_route_bit(BY_END), 0);
	/* The vault's kinds of contacts are the same numbers. */
	assert_true((int)BY_MAIL == (int)CONTACT_MAIL &&
		    (int)BY_WEBHOOK == (int)CONTACT_WEBHOOK &&
		    (int)BY_SMS == (int)CONTACT_SMS &&
		    (int)BY_VOICE == (int)CONTACT_VOICE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lease),
		cmocka_unit_test(test_jobs),
		cmocka_unit_test(test_result),
		cmocka_unit_test(test_routes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
