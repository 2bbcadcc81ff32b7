/* SPDX-License-Identifier: Apache-2.0 */
/* A mail server's answers as they come in pieces, and a mail's lines as they go out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/courier/smtp.h"

/* Fed in pieces of `step` bytes; how much of it was taken stands in *ret_used. */
static int
answer_of(const char *text, size_t n, size_t step, size_t *ret_used)
{
	struct smtp_answer a = { 0 };
	size_t at = 0, take;
	int code = 0;

	while (at < n && code == 0) {
		take = n - at < step ? n - at : step;
		at += smtp_answer_take(&a, text + at, take, &code);
	}
	*ret_used = at;
	return code;
}

static void
test_answers(void **state)
{
	static const struct {
		const char *text;
		int code;
		size_t used; /* 0: all of it */
	} cases[] = {
		{ "250 OK\r\n", 250, 0 },
		{ "250\r\n", 250, 0 },
		{ "250 \r\n", 250, 0 },
		{ "354 go ahead\n", 354, 0 }, /* some say only that */
		{ "250-one\r\n250-two 550\r\n250 three\r\n", 250, 0 },
		{ "250-one\r\n421 closing\r\n", 421, 0 }, /* the last line's counts */
		{ "550 5.1.1 no such user\r\n250 OK\r\n", 550, 24 },
		{ "250 O", 0, 0 },
		{ "250-one\r\n", 0, 0 },
		{ "25\r\n", -1, 0 },
		{ "\r\n", -1, 0 },
		{ "OK 250\r\n", -1, 0 },
		{ "2500 OK\r\n", -1, 0 },
		{ "199 odd\r\n", -1, 0 },
		{ "600 odd\r\n", -1, 0 },
		{ "250-one\r\n25x two\r\n", -1, 0 },
		{ "\xff\xff\xff x\r\n", -1, 0 },
	};
	size_t i, step, n, used;
	int code;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		n = strlen(cases[i].text);
		for (step = 1; step <= n; step++) {
			code = answer_of(cases[i].text, n, step, &used);
			if (code != cases[i].code)
				fail_msg(
				    "%s in steps of %zu: %d", cases[i].text, step, code);
			assert_int_equal(used, cases[i].used != 0 ? cases[i].used : n);
		}
	}
}

static void
test_an_answer_without_end(void **state)
{
	static const char line[] = "250-and so on\r\n";
	size_t i, used, n = SMTP_ANSWER_MAX + 64;
	char *text = malloc(n);

	(void)state;
	assert_non_null(text);
	for (i = 0; i < n; i++)
		text[i] = line[i % (sizeof line - 1)];
	assert_int_equal(answer_of(text, n, 100, &used), -1);
	assert_int_equal(used, SMTP_ANSWER_MAX + 1);
	memset(text, '2', n); /* one line */
	assert_int_equal(answer_of(text, n, 100, &used), -1);
	assert_int_equal(used, SMTP_ANSWER_MAX + 1);
	free(text);
}

static void
test_lines(void **state)
{
	static const struct {
		const char *text, *wire;
	} cases[] = {
		{ "one\r\ntwo\r\n", "one\r\ntwo\r\n.\r\n" },
		{ "one", "one\r\n.\r\n" },
		{ "", ".\r\n" },
		{ ".\r\n", "..\r\n.\r\n" },
		{ ".one\r\n..\r\n a.b\r\n.", "..one\r\n...\r\n a.b\r\n..\r\n.\r\n" },
		{ "one\r\n.\r\nMAIL FROM:<x>\r\n",
		    "one\r\n..\r\nMAIL FROM:<x>\r\n.\r\n" },
	};
	struct buf b;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		buf_init(&b, 256);
		smtp_add_text(&b, slice_of(cases[i].text));
		assert_string_equal(buf_cstr(&b), cases[i].wire);
		buf_done(&b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_an_answer_without_end),
		cmocka_unit_test(test_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
