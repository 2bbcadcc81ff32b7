/* SPDX-License-Identifier: Apache-2.0 */
/* Drafts: the table of fields, what is wrong with which, and what a release reads off. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "proto/draft.h"
#include "tests/unit/tree.h"

static struct taxonomy *taxonomy;

static int
setup(void **state)
{
	(void)state;
	taxonomy = load_taxonomy();
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	taxonomy_free(taxonomy);
	return 0;
}

/* {"severity":2,"title":"x"} with these members more, or in place of those. */
static int
check(const char *more, json_t **ret, struct fault *why)
{
	json_t *in = json_pack("{s:i,s:s}", "severity", 2, "title", "題"), *extra;
	static char text[130000];
	int rc;

	(void)snprintf(text, sizeof text, "{%s}", more);
	extra = json_loads(text, 0, NULL);
	if (extra == NULL)
		fail_msg("no JSON: %.200s", text);
	assert_int_equal(json_object_update(in, extra), 0);
	json_decref(extra);
	memset(why, 0, sizeof *why);
	rc = draft_check(in, taxonomy, ret, why);
	json_decref(in);
	return rc;
}

static void
test_what_is_refused_names_its_field(void **state)
{
	static const struct {
		const char *more, *pointer;
		enum problem problem;
	} rows[] = {
		{ "\"nonsense\":1", "/nonsense", P_UNKNOWN_FIELD },
		{ "\"origin\":\"centre\"", "/origin", P_UNKNOWN_FIELD },
		{ "\"kind\":\"alarm\"", "/kind", P_INVALID_FIELD },
		{ "\"severity\":5", "/severity", P_INVALID_FIELD },
		{ "\"severity\":\"3\"", "/severity", P_WRONG_TYPE },
		{ "\"severity\":3.0", "/severity", P_JSON_NUMBER },
		{ "\"title\":{}", "/title", P_INVALID_FIELD },
		{ "\"title\":{\"fr\":\"x\"}", "/title/fr", P_UNKNOWN_FIELD },
		{ "\"title\":\"a\\nb\"", "/title", P_TEXT_CONTROL },
		{ "\"summary\":\"a\\u202eb\"", "/summary", P_TEXT_CONTROL },
		{ "\"body\":{\"en\":\" \"}", "/body/en", P_INVALID_FIELD },
		{ "\"tlp\":\"PURPLE\"", "/tlp", P_INVALID_FIELD },
		{ "\"audience\":[]", "/audience", P_WRONG_TYPE },
		{ "\"audience\":{\"ceptoars\":[\"x\"]}", "/audience/ceptoars/0",
		    P_INVALID_FIELD },
		{ "\"audience\":{\"sectors\":[\"medical\",\"x\"]}", "/audience/sectors/1",
		    P_INVALID_FIELD },
		{ "\"audience\":{\"groups\":[\"medical\"]}", "/audience/groups/0",
		    P_INVALID_FIELD },
		{ "\"audience\":{\"communities\":[\"bank-ceptoar\"]}",
		    "/audience/communities/0", P_INVALID_FIELD },
		{ "\"audience\":{\"all\":1}", "/audience/all", P_WRONG_TYPE },
		{ "\"audience\":{\"government\":true}", "/audience/government",
		    P_WRONG_TYPE },
		{ "\"audience\":{\"government\":{\"police\":true}}",
		    "/audience/government/police", P_UNKNOWN_FIELD },
		{ "\"valid_until\":\"tomorrow\"", "/valid_until", P_INVALID_FIELD },
		{ "\"references\":[\"CVE-1\"]", "/references/0", P_INVALID_FIELD },
		{ "\"indicators\":[{\"type\":\"ipv4\",\"value\":\"x\"}]",
		    "/indicators/0/value", P_INVALID_FIELD },
		{ "\"ack\":{\"deadline\":\"2026-12-01\"}", "/ack/required",
		    P_MISSING_FIELD },
		{ "\"ack\":{\"required\":false,\"deadline\":\"2026-12-01\"}",
		    "/ack/deadline", P_INVALID_FIELD },
		{ "\"cases\":[\"x\"]", "/cases/0", P_INVALID_FIELD },
		{ "\"exercise\":\"yes\"", "/exercise", P_WRONG_TYPE },
	};
	struct fault why;
	json_t *out;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (check(rows[i].more, &out, &why) != ERR_INVALID)
			fail_msg("row %zu was taken: %s", i, rows[i].more);
		if (why.problem != rows[i].problem ||
		    strcmp(why.pointer, rows[i].pointer) != 0)
			fail_msg(
			    "row %zu: %s %s", i, problem_code(why.problem), why.pointer);
	}
}

static void
test_normal_form(void **state)
{
	static const char more[] =
	    "\"lang\":\"en\",\"title\":\"T\",\"tlp\":\"WHITE\",\"summary\":{\"ja\":"
	    "\"概\"},"
	    "\"valid_until\":\"令和8年12月1日\",\"cases\":[],\"audience\":{\"groups\":"
	    "[\"energy\"],\"government\":false}";
	static const char want[] =
	    "{\"audience\":{\"government\":false,\"groups\":[\"energy\"]},\"exercise\":"
	    "false,\"kind\":\"early_warning\",\"severity\":2,\"summary\":{\"ja\":\"概\"},"
	    "\"title\":{\"en\":\"T\"},\"tlp\":\"TLP:CLEAR\",\"valid_until\":"
	    "\"2026-12-01\"}";
	struct draft_facts f;
	struct fault why;
	json_t *out, *again;
	struct buf b;

	(void)state;
	assert_int_equal(check(more, &out, &why), 0);
	buf_init(&b, 65536);
	assert_int_equal(json_canonical(out, &b), 0);
	assert_string_equal(buf_cstr(&b), want);
	/* What was normalised once stays as it is. */
	assert_int_equal(draft_check(out, taxonomy, &again, &why), 0);
	assert_true(json_equal(out, again));
	draft_facts(out, taxonomy, &f);
	assert_int_equal(f.flags, FRAME_NO_GOV);
	assert_int_equal(f.tlp, TLP_CLEAR);
	assert_true(slots_has(&f.slots, 9)); /* electric power, of the group */
	assert_false(slots_has(&f.slots, 12));
	/* A date holds until its end in Japan. */
	assert_int_equal(f.valid_until * 60, 1796137200);
	buf_done(&b);
	json_decref(out);
	json_decref(again);
}

static void
test_facts(void **state)
{
	static const char more[] =
	    "\"kind\":\"attack_method\",\"audience\":{\"ceptoars\":[\"bank-ceptoar\"],"
	    "\"communities\":[\"universities\"],\"cross\":true,\"all\":true,\"public\":"
	    "true,\"government\":{\"ministries\":"
	    "true,\"agencies\":true}},\"products\":[\"FortiGate  X\"],\"ack\":"
	    "{\"required\":true,\"deadline\":\"2026-12-01T09:30:00+09:00\"},\"cases\":"
	    "[\"000102030405060708090a0b0c0d0e0f\"]";
	struct draft_facts f;
	struct fault why;
	json_t *out;

	(void)state;
	assert_int_equal(check(more, &out, &why), 0);
	draft_facts(out, taxonomy, &f);
	assert_int_equal(f.kind, KIND_ATTACK_METHOD);
	assert_int_equal(f.flags,
	    FRAME_CROSS | FRAME_ALL | FRAME_PUBLIC | FRAME_MINISTRY | FRAME_AGENCY);
	assert_true(f.has_audience);
	assert_true(slots_has(&f.slots, 3));
	assert_true(slots_has(&f.slots, 99));
	assert_int_equal(f.ack, 1);
	assert_int_equal(f.deadline * 60, 1796085000);
	assert_int_equal(f.case_count, 1);
	assert_int_equal(f.cases[0][15], 15);
	assert_int_equal(f.products[0], product_hash(slice_of("fortigate x")));
	json_decref(out);
	assert_int_equal(check("\"exercise\":true", &out, &why), 0);
	draft_facts(out, taxonomy, &f);
	assert_int_equal(f.flags, FRAME_CENTRE);
	assert_int_equal(f.has_audience, 0);
	assert_int_equal(f.exercise, 1);
	json_decref(out);
}

static void
test_all_texts_together(void **state)
{
	static char more[120000], text[16001];
	struct fault why;
	json_t *out;
	size_t n;

	(void)state;
	memset(text, 'x', 16000);
	n = (size_t)snprintf(more, sizeof more,
	    "\"summary\":{\"ja\":\"%s\",\"en\":\"%s\"},\"body\":{\"ja\":\"%s\",\"en\":\"%"
	    "s\"}",
	    text, text, text, text);
	assert_int_equal(check(more, &out, &why), 0);
	json_decref(out);
	(void)snprintf(more + n, sizeof more - n, ",\"actions\":\"%s\"", text);
	assert_int_equal(check(more, &out, &why), ERR_INVALID);
	assert_string_equal(why.pointer, "/actions");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_refused_names_its_field),
		cmocka_unit_test(test_normal_form),
		cmocka_unit_test(test_facts),
		cmocka_unit_test(test_all_texts_together),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
