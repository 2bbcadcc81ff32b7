/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/punycode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "lib/mem.h"

/* Labels of RFC 3492, 7.1 (folded as IDNA does), and hosts as registries write them. */
static const struct {
	const char *in, *out;
} cases[] = {
	{ "", "" },
	{ "a.example", "a.example" },
	{ "A.Example", "A.Example" },
	{ "b\xC3\xBC"
	  "cher.example",
	    "xn--bcher-kva.example" },
	{ "\xD0\xB0pple.example", "xn--pple-43d.example" },
	{ "\xE4\xBB\x96\xE4\xBB\xAC\xE4\xB8\xBA\xE4\xBB\x80\xE4\xB9\x88\xE4\xB8\x8D\xE8"
	  "\xAF\xB4"
	  "\xE4\xB8\xAD\xE6\x96\x87",
	    "xn--ihqwcrb4cv8a8dqg056pqjye" },
	{ "なぜみんな日本語を話してくれないのか",
	    "xn--n8jok5ay5dzabd5bym9f0cm5685rrjetr6pdxa" },
	{ "3年B組金八先生", "xn--3b-ww4c5e180e575a65lsy2b" },
	{ "MajiでKoiする5秒前", "xn--majikoi5-783gue6qz075azm5e" },
	{ "そのスピードで", "xn--d9juau41awczczp" },
	{ "ドメイン名例.テスト", "xn--eckwd4c7cu47r2wf.xn--zckzah" },
	{ "か\xE3\x82\x99.example", "xn--v8j.example" }, /* decomposed as composed */
	{ "ｅｖｉｌ.example", "evil.example" },
	{ "x..y", "x..y" },
};

static void
test_cases(void **state)
{
	struct buf b;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		buf_init(&b, 1024);
		assert_int_equal(punycode_host(slice_of(cases[i].in), &b), 0);
		assert_string_equal(buf_cstr(&b), cases[i].out);
		buf_done(&b);
	}
}

static void
test_refused(void **state)
{
	char label[200];
	struct buf b;
	size_t i;

	(void)state;
	buf_init(&b, 1024);
	assert_int_equal(punycode_host(slice_of("\xFF.example"), &b), ERR_INVALID);
	for (i = 0; i < 64; i++)
		memcpy(label + 2 * i, "\xC3\xBC", 2);
	assert_int_equal(punycode_host((struct slice){ label, 128 }, &b), ERR_INVALID);
	assert_int_equal(punycode_host((struct slice){ label, 126 }, &b), 0);
	(void)mem_fail_at(1);
	assert_int_equal(punycode_host(slice_of("\xC3\xBC"), &b), ERR_NOMEM);
	(void)mem_fail_at(0);
	buf_done(&b);
	buf_init(&b, 5);
	assert_int_equal(punycode_host(slice_of("a.example"), &b), ERR_LIMIT);
	buf_done(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
