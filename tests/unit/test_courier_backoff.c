/* SPDX-License-Identifier: Apache-2.0 */
/* When a failed delivery comes again, and when an endpoint gets a rest. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include <stdio.h>

#include "daemon/courier/backoff.h"
#include "daemon/courier/endpoint.h"

static const struct backoff five = { 5, 3600 };

static void
test_pauses_double(void **state)
{
	static const struct {
		unsigned tries;
		uint32_t least, most;
	} cases[] = { { 1, 5, 5 }, { 2, 5, 10 }, { 3, 10, 20 }, { 4, 20, 40 },
		{ 8, 320, 640 }, { 10, 1280, 2560 }, { 11, 1800, 3600 },
		{ 40, 1800, 3600 }, { 65535, 1800, 3600 } };
	uint32_t d, lo, hi, dice;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		lo = UINT32_MAX;
		hi = 0;
		for (dice = 0; dice < 5000; dice++) {
			d = backoff_delay(&five, cases[i].tries, dice * 2654435761u);
			lo = d < lo ? d : lo;
			hi = d > hi ? d : hi;
		}
		if (lo < cases[i].least || hi > cases[i].most)
			fail_msg("try %u: %u to %u", cases[i].tries, lo, hi);
		/* There is chance in it. */
		assert_true(cases[i].most == cases[i].least || hi > lo);
		assert_int_equal(backoff_delay(&five, cases[i].tries, 0), cases[i].most);
	}
}

static void
test_retry_after(void **state)
{
	static const struct {
		const char *text;
		int64_t want;
	} cases[] = { { " 120\r\n", 120 }, { "0", 5 }, { "1", 5 }, { "-5", 5 },
		{ "-99999999999999999999", 5 }, { "3600", 3600 }, { "3601", 3600 },
		{ "99999999999999999999999999", 3600 }, { "", -1 }, { " \r\n", -1 },
		{ "soon", -1 }, { "1e9", -1 }, { "12 34", -1 },
		{ "Thu, 26 Nov 2026 19:02:00 GMT", 120 },
		{ "Thu, 26 Nov 2026 18:00:00 GMT", 5 },
		{ "Fri, 31 Dec 9999 23:59:59 GMT", 3600 },
		{ "Thu, 01 Jan 1970 00:00:00 GMT", 5 } };
	const int64_t now = 1795719600; /* 26 Nov 2026 19:00:00 */
	int64_t got;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		got = backoff_retry_after(
		    &five, cases[i].text, (unsigned)strlen(cases[i].text), now);
		if (got != cases[i].want)
			fail_msg("\"%s\": %lld", cases[i].text, (long long)got);
	}
}

static void
test_breaker(void **state)
{
	struct breaker b;
	int64_t t = 1000000;
	unsigned i;

	(void)state;
	memset(&b, 0, sizeof b);
	for (i = 1; i < BREAKER_FAILURES; i++) {
		assert_int_equal(breaker_ask(&b, t), BREAKER_GO);
		breaker_bad(&b, t);
		assert_true(breaker_suspect(&b));
	}
	assert_int_equal(breaker_wait(&b, t), 0);
	breaker_bad(&b, t);
	assert_int_equal(breaker_ask(&b, t), BREAKER_WAIT);
	assert_int_equal(breaker_wait(&b, t), BREAKER_FIRST_MS);
	breaker_bad(&b, t); /* one that was under way: no longer pause */
	assert_int_equal(breaker_wait(&b, t), BREAKER_FIRST_MS);
	t += BREAKER_FIRST_MS;
	assert_int_equal(breaker_ask(&b, t), BREAKER_GO);
	assert_int_equal(breaker_ask(&b, t), BREAKER_WAIT); /* one probe at a time */
	breaker_void(&b);
	assert_int_equal(breaker_ask(&b, t), BREAKER_GO);
	breaker_bad(&b, t);
	assert_int_equal(breaker_wait(&b, t), 2 * BREAKER_FIRST_MS);
	for (i = 0; i < 40; i++) {
		t += breaker_wait(&b, t);
		assert_int_equal(breaker_ask(&b, t), BREAKER_GO);
		breaker_bad(&b, t);
	}
	assert_int_equal(breaker_wait(&b, t), BREAKER_LAST_MS);
	t += BREAKER_LAST_MS;
	assert_int_equal(breaker_ask(&b, t), BREAKER_GO);
	breaker_good(&b);
	assert_false(breaker_suspect(&b));
	assert_int_equal(breaker_ask(&b, t), BREAKER_GO);
}

/* A hundred dead hosts leave connections for one that is well. */
static void
test_connections_are_shared(void **state)
{
	struct endpoints *e = endpoints_new();
	struct endpoint *dead[100], *well;
	struct target t;
	unsigned i, n = 0;

	(void)state;
	assert_non_null(e);
	memset(&t, 0, sizeof t);
	t.port = 443;
	for (i = 0; i < 100; i++) {
		(void)snprintf(t.host, sizeof t.host, "dead-%u.example", i);
		dead[i] = endpoints_get(e, &t, 1);
		assert_non_null(dead[i]);
		if (endpoints_enter(e, dead[i], 1))
			endpoints_leave(e, dead[i], ENDPOINT_BAD, 1);
	}
	for (i = 0; i < 100; i++)
		n += (unsigned)endpoints_enter(e, dead[i], 2);
	assert_int_equal(n, ENDPOINT_SUSPECTS);
	assert_int_equal(endpoints_enter(e, dead[0], 2), 0); /* one for each of them */
	(void)snprintf(t.host, sizeof t.host, "well.example");
	well = endpoints_get(e, &t, 2);
	assert_ptr_equal(well, endpoints_get(e, &t, 2));
	for (i = 0; i < ENDPOINT_PER_HOST; i++)
		assert_int_equal(endpoints_enter(e, well, 2), 1);
	assert_int_equal(endpoints_enter(e, well, 2), 0);
	t.port = 8443; /* another endpoint */
	assert_int_equal(endpoints_enter(e, endpoints_get(e, &t, 2), 2), 1);
	for (i = n = 0; i < 200; i++) {
		(void)snprintf(t.host, sizeof t.host, "new-%u.example", i);
		n += (unsigned)endpoints_enter(e, endpoints_get(e, &t, 2), 2);
	}
	assert_int_equal(endpoints_active(e), ENDPOINT_CONNECTIONS);
	endpoints_leave(e, dead[0], ENDPOINT_GOOD, 3);
	assert_int_equal(endpoints_active(e), ENDPOINT_CONNECTIONS - 1);
	assert_int_equal(endpoints_enter(e, dead[1], 3), 0);
	endpoints_free(e);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pauses_double),
		cmocka_unit_test(test_retry_after),
		cmocka_unit_test(test_breaker),
		cmocka_unit_test(test_connections_are_shared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
