/* SPDX-License-Identifier: Apache-2.0 */
/* The pages behind a mail's link, and the messages that they are made of. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/evp.h>

#include "proto/answer_page.h"

static const struct link_facts facts = { .number = "2026-7KQ2M",
	.revision = 2,
	.kind = 1,
	.message = FRAME_UPDATE,
	.severity = 3,
	.seal = "0123456789012345678" };

/* The policy allows exactly the style sheet that stands in the page. */
static void
test_policy_names_the_style(void **state)
{
	unsigned char sum[32], text[48];
	char want[80];

	(void)state;
	assert_int_equal(EVP_Digest(answer_page_style, strlen(answer_page_style), sum,
			     NULL, EVP_sha256(), NULL),
	    1);
	(void)EVP_EncodeBlock(text, sum, sizeof sum);
	(void)snprintf(want, sizeof want, "style-src 'sha256-%s';", (char *)text);
	assert_non_null(strstr(answer_page_headers, want));
	assert_non_null(strstr(answer_page_headers, "default-src 'none'"));
	assert_non_null(strstr(answer_page_headers, "frame-ancestors 'none'"));
	assert_non_null(strstr(answer_page_headers, "Referrer-Policy: no-referrer\r\n"));
}

static void
test_pages(void **state)
{
	static const char *const never[] = { "<script", "<img", "<link", "http",
		"src=", "href=", "onclick" };
	struct buf b[5];
	size_t i, k;

	(void)state;
	for (i = 0; i < 5; i++)
		buf_init(&b[i], 16384);
	answer_page_ask(&b[0], &facts, ANSWER_ASK, 0);
	answer_page_ask(&b[1], &facts, ANSWER_SOON, 7);
	answer_page_done(&b[2]);
	answer_page_gone(&b[3]);
	answer_page_busy(&b[4]);
	for (i = 0; i < 5; i++) {
		assert_int_equal(buf_err(&b[i]), 0);
		for (k = 0; k < sizeof never / sizeof never[0]; k++)
			assert_null(strstr(buf_cstr(&b[i]), never[k]));
		assert_non_null(strstr(b[i].p, answer_page_style));
	}
	assert_non_null(strstr(b[0].p, "【更新】復旧手法情報 2026-7KQ2M（第2版、"
				       "レベル3）</strong>"));
	assert_non_null(strstr(b[0].p, "Update: Recovery method 2026-7KQ2M (revision 2, "
				       "level 3)"));
	assert_non_null(
	    strstr(b[0].p, "name=\"seal\" value=\"MDEyMzQ1Njc4OTAxMjM0NTY3OAA\""));
	/* A real choice: nothing is chosen before. */
	assert_null(strstr(b[0].p, "checked"));
	assert_null(strstr(b[0].p, "間もない"));
	assert_non_null(strstr(b[1].p, "7秒ほど待って"));
	for (i = 0; i < 5; i++)
		buf_done(&b[i]);
}

static void
test_number_is_no_markup(void **state)
{
	struct link_facts m = facts;
	struct buf b;

	(void)state;
	buf_init(&b, 16384);
	memcpy(m.number, "<b>\"&'2026", 11);
	m.exercise = 1;
	answer_page_ask(&b, &m, ANSWER_ASK, 0);
	assert_null(strstr(buf_cstr(&b), "<b>"));
	assert_null(strstr(b.p, "&'"));
	assert_non_null(strstr(b.p, "【訓練】"));
	buf_reset(&b);
	m = facts;
	m.kind = m.severity = LINK_NOT_TOLD; /* of a stub */
	answer_page_ask(&b, &m, ANSWER_ASK, 0);
	assert_non_null(strstr(
	    buf_cstr(&b), "<strong>【更新】情報提供 2026-7KQ2M（第2版）</strong>"));
	assert_null(strstr(b.p, "レベル"));
	buf_done(&b);
}

static void
test_messages(void **state)
{
	struct link_answer a = { .choice = LINK_NOT_ME, .forwarded = 7 }, a2;
	struct link_done d = { .outcome = LINK_SOON, .wait_s = 9, .facts = facts }, d2;
	struct link_facts f2;
	struct buf b;

	(void)state;
	buf_init(&b, 1024);
	link_facts_put(&b, &facts);
	assert_int_equal(link_facts_get(b.p, b.n, &f2), 0);
	assert_string_equal(f2.number, facts.number);
	assert_memory_equal(f2.seal, facts.seal, sizeof f2.seal);
	assert_int_equal(f2.message, facts.message);
	assert_int_equal(link_facts_get(b.p, b.n - 1, &f2), ERR_PROTO);
	buf_reset(&b);
	link_answer_put(&b, &a);
	assert_int_equal(link_answer_get(b.p, b.n, &a2), 0);
	assert_int_equal(a2.choice, LINK_NOT_ME);
	assert_int_equal(a2.forwarded, 7);
	assert_memory_equal(a2.seal, a.seal, sizeof a.seal);
	a.choice = LINK_NOT_ME + 1;
	buf_reset(&b);
	link_answer_put(&b, &a);
	assert_int_equal(link_answer_get(b.p, b.n, &a2), ERR_PROTO);
	a.choice = LINK_READ;
	a.forwarded = LINK_FORWARDED_MAX + 1;
	buf_reset(&b);
	link_answer_put(&b, &a);
	assert_int_equal(link_answer_get(b.p, b.n, &a2), ERR_PROTO);
	buf_reset(&b);
	link_done_put(&b, &d);
	assert_int_equal(link_done_get(b.p, b.n, &d2), 0);
	assert_int_equal(d2.wait_s, 9);
	buf_done(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_policy_names_the_style),
		cmocka_unit_test(test_pages),
		cmocka_unit_test(test_number_is_no_markup),
		cmocka_unit_test(test_messages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
