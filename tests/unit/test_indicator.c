/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/indicator.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "lib/mem.h"
#include "proto/report_time.h"

/* The syntax of each type stands in tests/data/report_cases.json; here is what that table
 * cannot see: the refanged form, and the moment a time is written from. */
static const struct {
	const char *in, *out;
} fangs[] = {
	{ "", "" },
	{ "hxxp://tor-gate[.]example/", "http://tor-gate.example/" },
	{ "hXXps[://]evil[.]example/a[.]b", "https://evil.example/a.b" },
	{ "hxxp[:]//evil(.)example", "http://evil.example" },
	{ "evil{.}example[dot]com", "evil.example.com" },
	{ "a[@]mail[.]example", "a@mail.example" },
	{ "a[AT]mail.example", "a@mail.example" },
	{ "198.51.100[.]77", "198.51.100.77" },
	{ "hxxp", "hxxp" },
	{ "x hxxp://y", "x hxxp://y" }, /* at the beginning only */
	{ "[", "[" },
	{ "[.", "[." },
	{ "http://plain.example/[x]", "http://plain.example/[x]" },
};

static void
test_refang(void **state)
{
	struct buf b;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof fangs / sizeof fangs[0]; i++) {
		buf_init(&b, 256);
		indicator_refang(slice_of(fangs[i].in), &b);
		assert_string_equal(buf_cstr(&b), fangs[i].out);
		buf_done(&b);
	}
}

static void
test_types(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < IND_TYPES; i++)
		assert_int_equal(indicator_type(slice_of(indicator_types[i])), i);
	assert_null(indicator_types[IND_TYPES]);
	assert_int_equal(indicator_type(slice_of("")), -1);
	assert_int_equal(indicator_type(slice_of("IPV4")), -1);
}

static void
test_out_of_memory(void **state)
{
	const char *detail;

	(void)state;
	(void)mem_fail_at(1);
	assert_int_equal(
	    indicator_check(IND_IPV4, slice_of("192.0.2.1"), &detail), ERR_NOMEM);
	(void)mem_fail_at(0);
	assert_int_equal(indicator_check(IND_IPV4, slice_of("192.0.2.1"), &detail), 0);
	assert_int_equal(
	    indicator_check(IND_IPV4, slice_of("192.0.2"), &detail), ERR_INVALID);
	assert_string_equal(detail, "an IPv4 address");
}

static void
test_time_write(void **state)
{
	static const struct {
		int64_t ms;
		const char *text;
	} times[] = {
		{ 0, "1970-01-01T09:00:00+09:00" }, { -1, "1970-01-01T08:59:59+09:00" },
		{ -9 * 3600000LL - 1, "1969-12-31T23:59:59+09:00" },
		{ 951749999999, "2000-02-28T23:59:59+09:00" },
		{ 951750000000, "2000-02-29T00:00:00+09:00" },
		{ 1795143600000, "2026-11-20T12:00:00+09:00" },
		{ 4107466800000, "2100-02-28T12:00:00+09:00" },
		{ 4107553200000, "2100-03-01T12:00:00+09:00" }, /* no leap year */
	};
	char text[REPORT_TIME_LEN];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof times / sizeof times[0]; i++) {
		report_time_write(times[i].ms, text);
		assert_string_equal(text, times[i].text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refang),
		cmocka_unit_test(test_types),
		cmocka_unit_test(test_out_of_memory),
		cmocka_unit_test(test_time_write),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
