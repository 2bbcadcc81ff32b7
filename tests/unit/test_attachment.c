/* SPDX-License-Identifier: Apache-2.0 */
/* Files of bulletins: names, and what a file is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "proto/attachment.h"

static void
test_names(void **state)
{
	static const struct {
		const char *name;
		int ok;
	} rows[] = {
		{ "a.pdf", 1 },
		{ "IoC_list-2026.11.csv", 1 },
		{ "0.txt", 1 },
		{ "", 0 },
		{ ".pdf", 0 },
		{ "a", 0 },
		{ "a.exe", 0 },
		{ "a.pdf.html", 0 },
		{ "../a.pdf", 0 },
		{ "a/b.pdf", 0 },
		{ "a b.pdf", 0 },
		{ "a\".pdf", 0 },
		{ "a\r\n.pdf", 0 },
		{ "%2e.pdf", 0 },
		{ "\xe4\xb8\x80.pdf", 0 },
		{ "-a.pdf", 0 },
		{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.pdf", 1 },
		{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.pdf",
		    0 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (attachment_name_ok(slice_of(rows[i].name)) != rows[i].ok)
			fail_msg("%s", rows[i].name);
}

static void
test_types(void **state)
{
	static const struct {
		const char *name, *bytes, *type; /* NULL: refused */
	} rows[] = {
		{ "a.pdf", "%PDF-1.7\n", "application/pdf" },
		{ "a.pdf", "PK\x03\x04", NULL },
		{ "a.pdf", " %PDF-1.7", NULL },
		{ "a.txt", "\xe6\x96\x87\r\n\ttext", "text/plain" },
		{ "a.txt", "\xff\xfe", NULL },
		{ "a.txt", "a\x1b[31m", NULL },
		{ "a.txt", "=1+1", "text/plain" },
		{ "a.csv", "a,b\n1,2\n", "text/csv" },
		{ "a.csv",
		    "\xef\xbb\xbf"
		    "a;b\r\n",
		    "text/csv" },
		{ "a.csv", "=1+1", NULL },
		{ "a.csv", "\xef\xbb\xbf=1+1", NULL },
		{ "a.csv", "a,=1+1", NULL },
		{ "a.csv", "a;@x", NULL },
		{ "a.csv", "a\n+x", NULL },
		{ "a.csv", "a\r\n-x", NULL },
		{ "a.csv", "a,\tx", NULL },
		{ "a.csv", "a,  =x", NULL },
		{ "a.csv", "a,\"=x\"", NULL },
		{ "a.csv", "\"x,=y\",z", "text/csv" },
		{ "a.csv", "\"a\"\"=b\",c", "text/csv" },
		{ "a.csv", "\"a\nb\",=c", NULL },
		{ "a.csv", "-1,+2,-3.5\n", "text/csv" },
		{ "a.csv", "-1.2.3", NULL },
		{ "a.csv", "-", NULL },
		{ "a.csv", "-1+cmd", NULL },
		{ "a.csv", "", "text/csv" },
	};
	const char *got, *detail;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		detail = "";
		got = attachment_type(
		    slice_of(rows[i].name), slice_of(rows[i].bytes), &detail);
		if ((got == NULL) != (rows[i].type == NULL) ||
		    (got != NULL && strcmp(got, rows[i].type) != 0))
			fail_msg("row %zu: %s", i, got != NULL ? got : detail);
		if (got == NULL)
			assert_true(strlen(detail) > 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_types),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
