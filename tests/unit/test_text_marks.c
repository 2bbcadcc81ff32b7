/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/text_marks.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "lib/mem.h"
#include "proto/report.h"

/* What is marked, by its offsets: "t:" and "p:", separated by bars. */
static const struct {
	const char *text, *marks;
} cases[] = {
	{ "", "" },
	{ "端末が暗号化された", "" },
	/* Dates. */
	{ "2026年11月8日に発生", "t:2026年11月8日" },
	{ "11月8日(日)に検知", "t:11月8日(日)" },
	{ "１１月８日（日）に検知", "t:１１月８日（日）" },
	{ "8日の夜", "t:8日" },
	{ "11月8日日曜日", "t:11月8日日曜日" },
	{ "2026-11-08T05:35:00+09:00", "t:2026-11-08T05:35:00" },
	{ "2026/11/8 14:30頃", "t:2026/11/8 14:30" },
	{ "ログは20261108の分", "t:20261108" },
	{ "11/8(日) 復旧", "t:11/8(日)" },
	{ "令和8年11月8日", "t:令和8年11月8日" },
	{ "令和元年5月", "t:令和元年5月" },
	{ "R8.11.8と平成30年", "t:R8.11.8|t:平成30年" },
	{ "on November 8, 2026 at 9 a.m.", "t:November 8, 2026|t:9 a.m." },
	{ "On 8 November the", "t:8 November" },
	{ "Nov. 8th; the 3rd of May 2026", "t:Nov. 8th|t:3rd of May 2026" },
	{ "in March 2026", "t:March 2026" },
	{ "Sunday, Nov 8", "t:Sunday, Nov 8" },
	{ "先週の日曜日", "t:先週|t:日曜日" },
	/* Times of day. */
	{ "14:30から9時30分、午後3時半、9時頃", "t:14:30|t:9時30分、午後3時半、9時" },
	{ "at 9:30 pm or 9am", "t:9:30 pm|t:9am" },
	{ "深夜に、今朝", "t:深夜|t:今朝" },
	/* How long, how many, and what only looks like one. */
	{ "3日間、2時間、30分間、5年、1か月以内", "" },
	{ "version 2.10.3, CVE-2026-12345", "" },
	{ "203.0.113.9:8443 と 10.20.4.15", "" },
	{ "aa:bb:cc:12:30:45:67", "" },
	{ "it may take 30 minutes", "" },
	{ "we march on; a decision", "" },
	{ "24/7 support, 1/32", "" },
	/* Places. */
	{ "青空市の病院", "p:青空市" },
	{ "架空県青空市", "p:架空県青空市" },
	{ "東京都千代田区", "p:東京都千代田区" },
	{ "東京の拠点", "p:東京" },
	{ "北海道と津市", "p:北海道|p:津市" },
	{ "つくば市、さいたま市", "p:つくば市、さいたま市" },
	{ "南アルプス市にて", "p:南アルプス市" },
	{ "青空郡白雲町3丁目12番地", "p:青空郡白雲町3丁目12番地" },
	{ "青空駅前", "p:青空駅" },
	{ "〒100-0001 または 1000001", "p:〒100-0001" },
	{ "100-0001", "p:100-0001" },
	{ "in Aozora City, near Aozora Station", "p:Aozora City|p:Aozora Station" },
	{ "City of Aozora, Osaka", "p:City of Aozora, Osaka" },
	{ "Aozora-shi and Shirakumo-ku", "p:Aozora-shi|p:Shirakumo-ku" },
	{ "Miyagi Prefecture", "p:Miyagi Prefecture" },
	/* Words that name none. */
	{ "都市部の地区、各駅、同市、最寄駅", "" },
	{ "市場、区分、市町村、町内", "" },
	{ "大分よくなった", "" },
	{ "a mie bowl; the city", "" },
	{ "power station", "" },
	{ "CVE-100-0001-2", "" },
	/* Both, beside each other. */
	{ "11月8日に青空市で", "t:11月8日|p:青空市" },
	{ "青空市11月8日", "p:青空市|t:11月8日" },
	/* Offsets count code points, of composed and of wide characters too. */
	{ "𠮷野家と青空市", "p:青空市" },
	{ "㈱架空と11月8日", "t:11月8日" },
	{ "か\u3099か\u3099 青空市", "p:青空市" },
};

/* Bytes of the code point at `n`. */
static const char *
pass_over(const char *s, size_t n)
{
	while (n-- > 0) {
		s++;
		while (((unsigned char)*s & 0xC0) == 0x80)
			s++;
	}
	return s;
}

static void
test_table(void **state)
{
	struct text_mark v[MARKS_MAX];
	const char *from, *to;
	struct buf got;
	size_t i, k, n;
	int bad = 0;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		assert_int_equal(
		    text_marks(slice_of(cases[i].text), v, MARKS_MAX, &n), 0);
		buf_init(&got, 4096);
		for (k = 0; k < n; k++) {
			from = pass_over(cases[i].text, v[k].offset);
			to = pass_over(from, v[k].length);
			buf_adds(&got, k > 0 ? "|" : "");
			buf_adds(&got, v[k].kind == MARK_TIME ? "t:" : "p:");
			buf_add(&got, from, (size_t)(to - from));
		}
		if (strcmp(buf_cstr(&got), cases[i].marks) != 0) {
			print_error("\"%s\": %s, expected %s\n", cases[i].text,
			    buf_cstr(&got), cases[i].marks);
			bad++;
		}
		buf_done(&got);
	}
	assert_int_equal(bad, 0);
}

static void
test_report(void **state)
{
	static const char text[] =
	    "{\"kind\":\"incident\",\"severity_claimed\":1,\"title\":{\"ja\":\"青空市の件"
	    "\",\"en\":\"On 8 November\"},\"service_impact\":{\"text\":\"9時から\"},"
	    "\"products\":[\"東京\"],\"consent\":{\"publish\":\"ceptoar\"}}";
	static const char want[] =
	    "[{\"kind\":\"place\",\"length\":3,\"offset\":0,\"pointer\":\"/title/ja\"},"
	    "{\"kind\":\"time\",\"length\":10,\"offset\":3,\"pointer\":\"/title/en\"},"
	    "{\"kind\":\"time\",\"length\":2,\"offset\":0,\"pointer\":"
	    "\"/service_impact/text/ja\"}]";
	json_t *in, *report, *marks = NULL;
	struct fault why;
	struct buf b;

	(void)state;
	assert_int_equal(json_read(slice_of(text), &json_caps_report, &in, &why), 0);
	assert_int_equal(report_check(in, NULL, INT64_MAX, &report, &why), 0);
	assert_int_equal(report_marks(report, &marks), 0);
	buf_init(&b, 4096);
	assert_int_equal(json_canonical(marks, &b), 0);
	assert_string_equal(buf_cstr(&b), want);
	buf_done(&b);
	json_decref(marks);
	json_decref(report);
	json_decref(in);
}

static void
test_limits(void **state)
{
	static const char *const runs[] = { "11月8日 ", "青空市。", "1", "市", "青",
		"Nov ", "9:", "あ市", "R8." };
	struct text_mark v[MARKS_MAX];
	struct timespec from, to;
	char *text = mem_alloc(32769);
	size_t i, k, n;

	(void)state;
	assert_non_null(text);
	assert_int_equal(text_marks(slice_of("\xff"), v, MARKS_MAX, &n), ERR_INVALID);
	assert_int_equal(text_marks(slice_of("青空市。白雲市。"), v, 1, &n), 0);
	assert_int_equal(n, 1);
	for (i = 0; i < sizeof runs / sizeof runs[0]; i++) {
		for (k = 0; k + strlen(runs[i]) <= 32768; k += strlen(runs[i]))
			memcpy(text + k, runs[i], strlen(runs[i]) + 1);
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
		assert_int_equal(text_marks(slice_of(text), v, MARKS_MAX, &n), 0);
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
		assert_true(n <= MARKS_MAX);
		assert_true(to.tv_sec - from.tv_sec < 5);
	}
	mem_free(text);
}

static void
test_out_of_memory(void **state)
{
	struct text_mark v[4];
	unsigned long i;
	size_t n;
	int r = ERR_NOMEM;

	(void)state;
	for (i = 1; r == ERR_NOMEM && i < 20; i++) {
		(void)mem_fail_at(i);
		r = text_marks(slice_of("青空市"), v, 4, &n);
		(void)mem_fail_at(0);
	}
	assert_int_equal(r, 0);
	assert_true(i > 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_report),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_out_of_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
