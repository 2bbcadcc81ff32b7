/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/problem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

/* Written, read again by another's reader; the caller drops the reference. */
static json_t *
written(enum problem p, const char *pointer, const char *detail)
{
	struct buf out;
	json_t *j;

	buf_init(&out, 4096);
	problem_write(&out, p, pointer, detail);
	assert_int_equal(buf_err(&out), 0);
	j = json_loadb(out.p, out.n, JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(j);
	buf_done(&out);
	return j;
}

static const char *
text(const json_t *j, const char *key)
{
	return json_string_value(json_object_get(j, key));
}

static void
test_table(void **state)
{
	const char *code, *c;
	json_t *j;
	int p, q;

	(void)state;
	for (p = 0; p < P_COUNT; p++) {
		code = problem_code((enum problem)p);
		for (c = code; *c != '\0'; c++)
			assert_true((*c >= 'a' && *c <= 'z') || *c == '_');
		for (q = 0; q < p; q++)
			assert_string_not_equal(code, problem_code((enum problem)q));
		assert_true(p == P_OK || (problem_status((enum problem)p) >= 400 &&
					     problem_status((enum problem)p) < 600));
		j = written((enum problem)p, NULL, NULL);
		assert_int_equal(json_object_size(j), 4);
		assert_string_equal(text(j, "type"), "about:blank");
		assert_string_equal(text(j, "code"), code);
		assert_string_equal(text(j, "title"), problem_title((enum problem)p));
		assert_int_equal(json_integer_value(json_object_get(j, "status")),
		    problem_status((enum problem)p));
		json_decref(j);
	}
	assert_int_equal(problem_status(P_FRAMING), 400);
	assert_int_equal(problem_status(P_EARLY_DATA), 425);
}

/* The number may come from a newer program on the other side of a socket. */
static void
test_outside(void **state)
{
	(void)state;
	assert_string_equal(problem_code(P_COUNT), "internal");
	assert_int_equal(problem_status((enum problem) - 1), 500);
	assert_string_equal(
	    problem_title((enum problem)65535), problem_title(P_INTERNAL));
}

static void
test_errors(void **state)
{
	static const struct {
		int err;
		enum problem is;
	} table[] = { { 0, P_OK }, { 7, P_OK }, { ERR_NOMEM, P_UNAVAILABLE },
		{ ERR_LIMIT, P_TOO_LARGE }, { ERR_INVALID, P_INVALID_FIELD },
		{ ERR_NOTFOUND, P_NOT_FOUND }, { ERR_DENIED, P_FORBIDDEN },
		{ ERR_CONFLICT, P_CONFLICT }, { ERR_DOWN, P_UNAVAILABLE },
		{ ERR_FULL, P_STORAGE_FULL }, { ERR_OUTCOME, P_OUTCOME_UNKNOWN },
		{ ERR_RATE, P_RATE }, { ERR_CRYPTO, P_INTERNAL }, { -1000, P_INTERNAL } };
	size_t i;
	int err;

	(void)state;
	for (i = 0; i < sizeof table / sizeof table[0]; i++)
		assert_int_equal(problem_of(table[i].err), table[i].is);
	for (err = -1; strcmp(err_str(err), "unknown error") != 0; err--)
		assert_int_not_equal(problem_of(err), P_OK);
	assert_int_equal(problem_of(err), P_INTERNAL);
}

static void
test_pointer_is_escaped(void **state)
{
	static const struct {
		const char *pointer, *reads;
	} table[] = {
		{ "/indicators/3/value", "/indicators/3/value" },
		{ "/a\"b\\c", "/a\"b\\c" },
		{ "/\",\"title\":\"x", "/\",\"title\":\"x" },
		{ "/\n\r\t\x01\x1f\x7f", "/\n\r\t\x01\x1f\x7f" },
		{ "/\xe9\x9b\xbb\xf0\x9f\x98\x80", "/\xe9\x9b\xbb\xf0\x9f\x98\x80" },
		{ "/\xe9\x9b", "/\xef\xbf\xbd\xef\xbf\xbd" }, /* cut in a character */
		{ "/\xc0\xaf", "/\xef\xbf\xbd\xef\xbf\xbd" },
		{ "/\xed\xa0\x80", "/\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
		{ "/\xf4\x90\x80\x80",
		    "/\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
		{ "", "" },
	};
	json_t *j;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof table / sizeof table[0]; i++) {
		j = written(P_INVALID_FIELD, table[i].pointer, "A \"literal\"");
		assert_int_equal(json_object_size(j), 6);
		assert_string_equal(text(j, "pointer"), table[i].reads);
		assert_string_equal(text(j, "detail"), "A \"literal\"");
		json_decref(j);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_outside),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_pointer_is_escaped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
