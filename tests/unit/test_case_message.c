/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/case_message.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "proto/msg_case.h"

static int
check(const char *text, size_t most, json_t **ret, struct fault *why)
{
	json_t *in = json_loads(text, JSON_DECODE_ANY, NULL);
	int rc;

	assert_non_null(in);
	memset(why, 0, sizeof *why);
	rc = message_check(in, most, ret, why);
	json_decref(in);
	return rc;
}

static void
test_normal_form(void **state)
{
	static const char *const same[] = { "{\"text\":\"甲\"}",
		"{\"text\":{\"ja\":\"甲\"}}" };
	struct fault why;
	struct buf b;
	json_t *j;
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		assert_int_equal(check(same[i], 100, &j, &why), 0);
		buf_init(&b, 256);
		assert_int_equal(json_canonical(j, &b), 0);
		assert_string_equal(buf_cstr(&b), same[1]);
		buf_done(&b);
		json_decref(j);
	}
	assert_int_equal(
	    check("{\"text\":{\"en\":\"a\\r\\nb\",\"ja\":\"x\"}}", 100, &j, &why), 0);
	assert_string_equal(
	    json_string_value(json_object_get(json_object_get(j, "text"), "en")), "a\nb");
	json_decref(j);
}

static void
test_refused(void **state)
{
	static const struct {
		const char *text;
		enum problem problem;
		const char *pointer;
	} table[] = {
		{ "[]", P_WRONG_TYPE, "" },
		{ "{}", P_MISSING_FIELD, "/text" },
		{ "{\"text\":null}", P_WRONG_TYPE, "/text" },
		{ "{\"text\":{}}", P_INVALID_FIELD, "/text" },
		{ "{\"text\":\" \"}", P_INVALID_FIELD, "/text" },
		{ "{\"text\":{\"fr\":\"x\"}}", P_UNKNOWN_FIELD, "/text/fr" },
		{ "{\"text\":\"x\",\"n\":1}", P_UNKNOWN_FIELD, "/n" },
		{ "{\"text\":\"\\u0007\"}", P_TEXT_CONTROL, "/text" },
		{ "{\"text\":\"12345\"}", P_TOO_LARGE, "/text" },
		{ "{\"text\":{\"en\":\"1\",\"ja\":\"12345\"}}", P_TOO_LARGE, "/text/ja" },
	};
	struct fault why;
	json_t *j;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof table / sizeof table[0]; i++) {
		assert_int_equal(check(table[i].text, 4, &j, &why), ERR_INVALID);
		assert_int_equal(why.problem, table[i].problem);
		assert_string_equal(why.pointer, table[i].pointer);
	}
	assert_int_equal(check("{\"text\":\"1234\"}", 4, &j, &why), 0);
	json_decref(j);
}

static void
test_public(void **state)
{
	static const struct {
		const char *text, *pointer;
	} table[] = {
		{ "{\"text\":{\"en\":\"x\",\"ja\":\"問い合わせ先\"}}", NULL },
		{ "{\"text\":{\"en\":\"a@b.example\"}}", "/text/en" },
		{ "{\"text\":{\"en\":\"x\",\"ja\":\"03-1234-5678\"}}", "/text/ja" },
		{ "{\"text\":{\"ja\":\"10.1.2.3\"}}", "/text/ja" },
	};
	struct fault why;
	json_t *j;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof table / sizeof table[0]; i++) {
		j = json_loads(table[i].text, 0, NULL);
		memset(&why, 0, sizeof why);
		assert_int_equal(message_is_public(j, &why),
		    table[i].pointer == NULL ? 0 : ERR_INVALID);
		if (table[i].pointer != NULL)
			assert_string_equal(why.pointer, table[i].pointer);
		json_decref(j);
	}
}

static void
test_wire(void **state)
{
	struct keeper_message m, g;
	struct buf b;
	size_t n;

	(void)state;
	memset(&m, 0, sizeof m);
	memset(m.which.case_id, 7, ID_LEN);
	m.which.desk = m.has_idem = 1;
	m.which.rights.roles = ROLE_CENTRE;
	memset(m.idem_key, 8, sizeof m.idem_key);
	memset(m.idem_mac, 9, sizeof m.idem_mac);
	m.json = slice_of("{\"text\":{\"ja\":\"x\"}}");
	buf_init(&b, 4096);
	keeper_message_put(&b, &m);
	for (n = 0; n < b.n; n++)
		assert_int_not_equal(keeper_message_get(b.p, n, &g), 0);
	assert_int_equal(keeper_message_get(b.p, b.n, &g), 0);
	assert_int_equal(g.which.case_id[15], 7);
	assert_int_equal(g.which.rights.roles, ROLE_CENTRE);
	assert_int_equal(g.idem_key[31] + g.idem_mac[0], 17);
	assert_int_equal(g.json.n, m.json.n);
	assert_memory_equal(g.json.p, m.json.p, m.json.n);
	buf_addc(&b, 'x');
	assert_int_not_equal(keeper_message_get(b.p, b.n, &g), 0);
	buf_done(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_normal_form),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_public),
		cmocka_unit_test(test_wire),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
