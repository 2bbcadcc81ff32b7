/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/http.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void
test_values(void **state)
{
	static const struct {
		const char *query, *name;
		int is;
		const char *value;
	} table[] = {
		{ "", "a", 0, "" }, { "a=1", "a", 1, "1" }, { "a=1", "b", 0, "" },
		{ "aa=1", "a", 0, "" }, { "a=1", "aa", 0, "" }, { "a", "a", 1, "" },
		{ "a=", "a", 1, "" }, { "b=2&a=1", "a", 1, "1" },
		{ "b=2&a=1&c", "c", 1, "" }, { "a=b=c", "a", 1, "b=c" },
		{ "a=%41%5a%5A", "a", 1, "AZZ" },
		{ "a=%E9%9B%BB", "a", 1, "\xe9\x9b\xbb" },
		{ "a=1+2%2B3%203", "a", 1, "1+2+3 3" }, { "a=%26b=2", "a", 1, "&b=2" },
		{ "match%5Btype%5D=x", "match[type]", 1, "x" }, { "%61=x", "a", 1, "x" },
		{ "A=1", "a", 0, "" }, { "a=1&a=1", "a", ERR_INVALID, "" },
		{ "a=1&b=2&a", "a", ERR_INVALID, "" },
		{ "a=1&%61=2", "a", ERR_INVALID, "" }, { "a=%", "a", ERR_INVALID, "" },
		{ "a=%4", "a", ERR_INVALID, "" }, { "a=%4g", "a", ERR_INVALID, "" },
		{ "a=%+4", "a", ERR_INVALID, "" }, { "%4=1", "a", ERR_INVALID, "" },
		{ "a=%00", "a", ERR_INVALID, "" }, { "a=%0a", "a", ERR_INVALID, "" },
		{ "a=%7f", "a", ERR_INVALID, "" },
		{ "a=%c2%85", "a", ERR_INVALID, "" }, /* C1 */
		{ "a=%ff", "a", ERR_INVALID, "" }, { "a=%c0%af", "a", ERR_INVALID, "" },
		{ "a=%ed%a0%80", "a", ERR_INVALID, "" },
		{ "a=%f4%90%80%80", "a", ERR_INVALID, "" },
		{ "a=%e9%9b", "a", ERR_INVALID, "" },
		{ "a=123456789", "a", ERR_INVALID,
		    "" }, /* longer than the buffer's cap */
	};
	struct buf out;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof table / sizeof table[0]; i++) {
		buf_init(&out, 8);
		assert_int_equal(
		    http_query(slice_of(table[i].query), table[i].name, &out),
		    table[i].is);
		if (table[i].is == 1)
			assert_true(slice_eq(buf_slice(&out), table[i].value));
		else if (table[i].is == 0)
			assert_int_equal(out.n, 0);
		buf_done(&out);
	}
}

/* The value is appended, and judged alone. */
static void
test_appends(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 100);
	buf_adds(&out, "\xff:");
	assert_int_equal(http_query(slice_of("a=x"), "a", &out), 1);
	assert_true(slice_eq(buf_slice(&out), "\xff:x"));
	buf_done(&out);
}

static void
test_known(void **state)
{
	static const char *const names[] = { "cursor", "wait", NULL };
	static const struct {
		const char *query;
		int known;
	} table[] = { { "", 1 }, { "cursor=x", 1 }, { "wait=1&cursor=", 1 },
		{ "%63ursor", 1 }, { "cursors=1", 0 }, { "curso=1", 0 },
		{ "cursor=1&x=2", 0 }, { "cursor=1&&wait", 0 }, { "=1", 0 },
		{ "%6=1", 0 }, { "Cursor=1", 0 } };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof table / sizeof table[0]; i++)
		assert_int_equal(
		    http_query_known(slice_of(table[i].query), names), table[i].known);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_appends),
		cmocka_unit_test(test_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
