/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/ceptoar/show.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct session s;
static struct buf out;

static const char bulletin[] =
    "{\"id\":\"00112233445566778899aabbccddeeff\",\"number\":\"2026-7KQ2M\",\"revision\":"
    "2,"
    "\"msg_type\":\"update\",\"severity\":3,\"tlp\":\"TLP:AMBER\",\"verified\":false,"
    "\"title\":{\"ja\":\"題名\\u001b[2J\",\"en\":\"Title \\u202egnp.exe\"},"
    "\"note\":{\"ja\":\"未確認（1者からの報告）\",\"en\":\"unverified (one report)\"},"
    "\"summary\":{\"ja\":\"一行目\\n二行目\\u009b31m http://evil.example/x\"},"
    "\"indicators\":[{\"type\":\"url\",\"value\":\"https://bad.example/a?b\"},"
    "{\"type\":\"domain\",\"value\":\"cdn-sync.example\"}],"
    "\"sector\":{\"slug\":\"medical\",\"ja\":\"医療\",\"en\":\"Medical\"}}";

static const char *
shown(const char *lang, const char *text)
{
	json_t *j = json_loads(text, 0, NULL);

	assert_non_null(j);
	memcpy(s.lang, lang, sizeof s.lang);
	buf_reset(&out);
	show_bulletin(&s, j, &out);
	json_decref(j);
	return buf_cstr(&out);
}

static void
test_bulletin(void **state)
{
	const char *ja = shown("ja", bulletin);

	(void)state;
	assert_non_null(strstr(ja, "題名<U+001B>[2J"));
	assert_non_null(strstr(ja, "未確認（1者からの報告）"));
	assert_non_null(strstr(ja, "rev. 2"));
	assert_non_null(strstr(ja, "医療"));
	assert_non_null(strstr(ja, "一行目\n  二行目<U+009B>31m"));
	assert_int_equal(strncmp(ja, "TLP:AMBER", 9), 0);	  /* at the head */
	assert_string_equal(ja + strlen(ja) - 10, "TLP:AMBER\n"); /* and at the foot */
	assert_null(strchr(ja, '\033'));
}

static void
test_defanged(void **state)
{
	const char *ja = shown("ja", bulletin);

	(void)state;
	assert_null(strstr(ja, "http://"));
	assert_null(strstr(ja, "https://"));
	assert_null(strstr(ja, "cdn-sync.example"));
	assert_non_null(strstr(ja, "cdn-sync[.]example"));
	assert_non_null(strstr(ja, "hxxp"));
}

/* The other language stands in when ours is missing. */
static void
test_language(void **state)
{
	const char *en = shown("en", bulletin);

	(void)state;
	assert_non_null(strstr(en, "Title <U+202E>gnp.exe"));
	assert_non_null(strstr(en, "unverified (one report)"));
	assert_non_null(strstr(en, "一行目"));
	assert_null(strstr(en, "題名"));
}

/* An answer that is not what was promised is shown as far as it goes, and nothing dies.
 */
static void
test_strange(void **state)
{
	static const char *const cases[] = {
		"{}", "[]", "{\"title\":5,\"indicators\":{}}",
		"{\"title\":{\"ja\":[]},\"severity\":\"x\",\"indicators\":[1,null,[]]}",
		"{\"sector\":null}",
		"{\"title\":{\"fr\":\"x\"},\"references\":[{}],\"revision\":99999999999}"
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++)
		assert_non_null(shown("ja", cases[i]));
}

static int
setup(void **state)
{
	(void)state;
	buf_init(&out, 1 << 20);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	buf_done(&out);
	return 0;
}

/* A statement of keys is a line, not its kilobytes. */
static void
test_keys(void **state)
{
	json_t *j = json_pack("{s:s}", "statement", "e30.e30.c2ln");

	(void)state;
	buf_reset(&out);
	show_event(&s, "keys", j, &out);
	assert_string_equal(buf_cstr(&out), "keys  a new statement of the council\n");
	json_decref(j);
}

/* A text of several lines stays one, and none of them looks like a field. */
static void
test_lines_in_a_list(void **state)
{
	json_t *j = json_loads(
	    "{\"body\":{\"ja\":\"1 状況\\nstate: released\\n\"},\"n\":1}", 0, NULL);

	(void)state;
	assert_non_null(j);
	buf_reset(&out);
	show_object(j, 0, &out);
	assert_string_equal(buf_cstr(&out),
	    "body: \n  ja: \n    | 1 状況\n    | state: released\nn: 1\n");
	json_decref(j);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bulletin),
		cmocka_unit_test(test_defanged),
		cmocka_unit_test(test_language),
		cmocka_unit_test(test_strange),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_lines_in_a_list),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
