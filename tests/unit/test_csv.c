/* SPDX-License-Identifier: Apache-2.0 */
/* Cells of tables: quoted where needed, and never a formula. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "proto/csv.h"

static void
test_cells(void **state)
{
	static const struct {
		const char *in, *out;
	} v[] = {
		{ "", "" },
		{ "plain", "plain" },
		{ "a,b", "\"a,b\"" },
		{ "say \"no\"", "\"say \"\"no\"\"\"" },
		{ "two\nlines", "\"two\nlines\"" },
		{ "=1+1", "'=1+1" },
		{ "+81", "'+81" },
		{ "-1", "'-1" },
		{ "@SUM(A1)", "'@SUM(A1)" },
		{ "\tx", "'\tx" },
		{ "\rx", "\"'\rx\"" },
		{ "=HYPERLINK(\"x\",\"y\")", "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"" },
		{ "1=1", "1=1" },
		{ "障害", "障害" },
	};
	unsigned at;
	struct buf b;
	size_t i;

	(void)state;
	buf_init(&b, 256);
	for (i = 0; i < sizeof v / sizeof v[0]; i++) {
		buf_reset(&b);
		at = 0;
		csv_cell(&b, &at, slice_of(v[i].in));
		assert_int_equal(at, 1);
		assert_string_equal(buf_cstr(&b), v[i].out);
	}
	buf_done(&b);
}

static void
test_lines(void **state)
{
	unsigned at = 0;
	struct buf b;

	(void)state;
	buf_init(&b, 256);
	csv_begin(&b);
	csv_cell(&b, &at, slice_of("a"));
	csv_cell(&b, &at, slice_of(""));
	csv_cell(&b, &at, slice_of("c"));
	csv_line(&b, &at);
	csv_cell(&b, &at, slice_of("d"));
	csv_line(&b, &at);
	assert_string_equal(buf_cstr(&b), "\xef\xbb\xbf"
					  "a,,c\r\nd\r\n");
	buf_done(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cells),
		cmocka_unit_test(test_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
