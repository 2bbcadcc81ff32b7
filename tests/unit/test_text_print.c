/* SPDX-License-Identifier: Apache-2.0 */
/* When two reports say the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "lib/mem.h"
#include "proto/text_print.h"

static void
print_of(const char *text, uint8_t ret[PRINT_LEN])
{
	json_t *j = json_loads(text, 0, NULL);

	assert_non_null(j);
	assert_int_equal(text_print(j, ret), 0);
	json_decref(j);
}

static const struct {
	const char *one, *other;
	int same;
} texts[] = {
	{ "不審メール", "不審メール", 1 },
	{ "不審メール 12 件", "不審メール  3　件", 1 },
	{ "受付番号 0012345 の件", "受付番号 7 の件", 1 },
	{ "１２件", "12件", 1 },
	{ "ﾒｰﾙ受信", "メール受信", 1 },
	{ "Phishing MAIL", "phishing  mail ", 1 },
	{ "a\\nb", "a b", 1 },
	{ "a\\r\\n\\r\\nb", "a b", 1 },
	{ " a", "a", 1 },
	{ "1 2", "12", 0 }, /* two figures are not one */
	{ "a b", "ab", 0 },
	{ "不審メール", "不審サイト", 0 },
	{ "3件", "件", 0 },
};

static void
test_texts(void **state)
{
	uint8_t a[PRINT_LEN], b[PRINT_LEN];
	char text[512];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		(void)snprintf(text, sizeof text,
		    "{\"title\":{\"ja\":\"t\"},\"description\":{\"ja\":\"%s\"}}",
		    texts[i].one);
		print_of(text, a);
		(void)snprintf(text, sizeof text,
		    "{\"title\":{\"ja\":\"t\"},\"description\":{\"ja\":\"%s\"}}",
		    texts[i].other);
		print_of(text, b);
		if ((memcmp(a, b, sizeof a) == 0) != texts[i].same)
			fail_msg("%s | %s", texts[i].one, texts[i].other);
	}
}

/* What else of a report makes it another text, and what does not. */
static void
test_fields(void **state)
{
	static const struct {
		const char *json;
		int same;
	} t[] = {
		{ "{\"title\":{\"ja\":\"t\"},\"description\":{\"ja\":\"d\"}}", 1 },
		{ "{\"title\":{\"ja\":\"t\"},\"description\":{\"ja\":\"d\"},"
		  "\"kind\":\"precursor\",\"severity_claimed\":{\"trust\":4},"
		  "\"actions\":{\"ja\":\"x\"}}",
		    1 },
		{ "{\"title\":{\"ja\":\"t\"},\"description\":{\"ja\":\"d\"},"
		  "\"exercise\":true}",
		    0 },
		{ "{\"title\":{\"en\":\"t\"},\"description\":{\"ja\":\"d\"}}", 0 },
		{ "{\"title\":{\"ja\":\"td\"}}", 0 },
		{ "{\"title\":{\"ja\":\"d\"},\"description\":{\"ja\":\"t\"}}", 0 },
		{ "{\"title\":{\"ja\":\"t\",\"en\":\"d\"}}", 0 },
	};
	uint8_t a[PRINT_LEN], b[PRINT_LEN];
	size_t i;

	(void)state;
	print_of(t[0].json, a);
	for (i = 0; i < sizeof t / sizeof t[0]; i++) {
		print_of(t[i].json, b);
		if ((memcmp(a, b, sizeof a) == 0) != t[i].same)
			fail_msg("%s", t[i].json);
	}
}

static int
topics_print(const char *text, uint8_t ret[PRINT_LEN])
{
	json_t *j = json_loads(text, 0, NULL);
	struct topics t;
	int rc;

	assert_non_null(j);
	assert_int_equal(topics_of(j, &t), 0);
	rc = text_print_topics(&t, 0, ret);
	json_decref(j);
	return rc;
}

static void
test_topics(void **state)
{
	static const char one[] =
	    "{\"indicators\":[{\"type\":\"domain\",\"value\":\"evil.example\"},"
	    "{\"type\":\"ipv4\",\"value\":\"198.51.100.7\"}]}";
	static const char same[] =
	    "{\"indicators\":[{\"type\":\"ipv4\",\"value\":\"198.51.100[.]7\"},"
	    "{\"type\":\"domain\",\"value\":\"EVIL[.]example\"}]}";
	static const char more[] =
	    "{\"indicators\":[{\"type\":\"domain\",\"value\":\"evil.example\"}]}";
	static const char weak[] =
	    "{\"products\":[\"ExampleVPN\"],\"event_types\":[\"malware_infection\"]}";
	uint8_t a[PRINT_LEN], b[PRINT_LEN];

	(void)state;
	assert_int_equal(topics_print(one, a), 1);
	assert_int_equal(topics_print(same, b), 1);
	assert_memory_equal(a, b, sizeof a);
	assert_int_equal(topics_print(more, b), 1);
	assert_memory_not_equal(a, b, sizeof a);
	assert_int_equal(topics_print(weak, b), 0);
	assert_int_equal(topics_print("{}", b), 0);
}

static void
test_words(void **state)
{
	uint8_t a[PRINT_LEN], b[PRINT_LEN];

	(void)state;
	assert_int_equal(text_print_word("class", slice_of("x"), 0, a), 0);
	assert_int_equal(text_print_word("class", slice_of("x"), 0, b), 0);
	assert_memory_equal(a, b, sizeof a);
	assert_int_equal(text_print_word("product", slice_of("x"), 0, b), 0);
	assert_memory_not_equal(a, b, sizeof a);
	assert_int_equal(text_print_word("class", slice_of("x"), 1, b), 0);
	assert_memory_not_equal(a, b, sizeof a);
}

static void
test_out_of_memory(void **state)
{
	json_t *j = json_loads("{\"title\":{\"ja\":\"題\"}}", 0, NULL);
	uint8_t a[PRINT_LEN];
	unsigned long n;
	int rc = ERR_NOMEM;

	(void)state;
	for (n = 1; rc != 0 && n < 100; n++) {
		(void)mem_fail_at(n);
		rc = text_print(j, a);
		(void)mem_fail_at(0);
		assert_true(rc == 0 || rc == ERR_NOMEM);
	}
	assert_int_equal(rc, 0);
	json_decref(j);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_topics),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_out_of_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
