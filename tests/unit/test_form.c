/* SPDX-License-Identifier: Apache-2.0 */
/* Forms of a browser: what is read, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "proto/form.h"

static void
test_table(void **state)
{
	static const struct {
		const char *body, *a, *b; /* a NULL: refused; "-": is not there */
	} table[] = {
		{ "a=1&b=2", "1", "2" },
		{ "b=2&a=1", "1", "2" },
		{ "a=", "", "-" },
		{ "a=x+y%20z", "x y z", "-" },
		{ "a=%41%3d%26", "A=&", "-" },
		{ "a=b=c", "b=c", "-" },
		{ "", NULL, NULL },
		{ "a", NULL, NULL },
		{ "=1", NULL, NULL },
		{ "a=1&", NULL, NULL },
		{ "&a=1", NULL, NULL },
		{ "a=1&&b=2", NULL, NULL },
		{ "a=1&a=1", NULL, NULL },
		{ "a=1;b=2&b=1", "1;b=2", "1" },
		{ "c=1", NULL, NULL },
		{ "A=1", NULL, NULL },
		{ "%61=1", NULL, NULL },
		{ "a=%", NULL, NULL },
		{ "a=%4", NULL, NULL },
		{ "a=%4g", NULL, NULL },
		{ "a=%00", NULL, NULL },
		{ "a=%0d%0a", NULL, NULL },
		{ "a=\n", NULL, NULL },
		{ "a=%7f", NULL, NULL },
		{ "a=\xE3\x81\x82", NULL, NULL },
		{ "a=%e3%81%82", NULL, NULL },
		/* 64 fit, 65 do not. */
		{ "a=0123456789012345678901234567890123456789012345678901234567890123",
		    "0123456789012345678901234567890123456789012345678901234567890123",
		    "-" },
		{ "a=01234567890123456789012345678901234567890123456789012345678901234",
		    NULL, NULL },
	};
	struct form_field f[2] = { { .name = "a" }, { .name = "b" } };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof table / sizeof table[0]; i++) {
		if (table[i].a == NULL) {
			if (form_read(slice_of(table[i].body), f, 2) != ERR_INVALID)
				fail_msg("%s", table[i].body);
			continue;
		}
		if (form_read(slice_of(table[i].body), f, 2) != 0)
			fail_msg("%s", table[i].body);
		assert_string_equal(f[0].there ? f[0].value : "-", table[i].a);
		assert_string_equal(f[1].there ? f[1].value : "-", table[i].b);
	}
}

static void
test_too_long(void **state)
{
	struct form_field f = { .name = "a" };
	char body[FORM_MAX + 2];

	(void)state;
	memset(body, '1', sizeof body);
	memcpy(body, "a=", 2);
	assert_int_equal(
	    form_read((struct slice){ body, FORM_MAX + 1 }, &f, 1), ERR_INVALID);
}

static void
test_announced(void **state)
{
	static const struct {
		const char *type;
		int is;
	} table[] = { { "application/x-www-form-urlencoded", 1 },
		{ "Application/X-WWW-Form-URLencoded; charset=UTF-8", 1 },
		{ "application/x-www-form-urlencoded; charset=shift_jis", 0 },
		{ "application/x-www-form-urlencoded2", 0 }, { "application/json", 0 },
		{ "multipart/form-data; boundary=a", 0 }, { "text/plain", 0 } };
	struct http_request r;
	size_t i;

	(void)state;
	memset(&r, 0, sizeof r);
	assert_int_equal(form_is_announced(&r), 0);
	r.count = 1;
	r.headers[0].name = slice_of("content-type");
	for (i = 0; i < sizeof table / sizeof table[0]; i++) {
		r.headers[0].value = slice_of(table[i].type);
		assert_int_equal(form_is_announced(&r), table[i].is);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_announced),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
