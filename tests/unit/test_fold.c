/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/fold.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>
#include <utf8proc.h>

#include "lib/mem.h"

static const struct {
	const char *in, *out;
} cases[] = {
	{ "", "" },
	{ "Aozora-HP.Example", "aozora-hp.example" },
	{ "ＡＣＨ－ＥＭＲ０１", "ach-emr01" },
	{ "０３－００００－４８２１", "03-0000-4821" },
	{ "０３ー００００ー４８２１", "03-0000-4821" },
	{ "03‐0000–4821", "03-0000-4821" },
	{ "03−0000―4821", "03-0000-4821" },
	{ "(03)ー0000", "(03)-0000" },
	{ "サーバー", "サーバー" },
	{ "1ー", "1ー" },
	{ "第一回", "第一回" },
	{ "03一0000", "03-0000" },
	{ "csirt＠example．jp", "csirt@example.jp" },
	{ "ｱｵｿﾞﾗ ﾋﾞｮｳｲﾝ", "アオゾラ ビョウイン" },
	{ "ﾊﾟｰｶｰ", "パーカー" },
	{ "が\xE3\x82\x99", "が\xE3\x82\x99" }, /* a second voiced mark stays a mark */
	{ "か\xE3\x82\x99", "が" },		/* decomposed, as macOS writes names */
	{ "ハ\xE3\x82\x9A", "パ" },
	{ "Cafe\xCC\x81", "caf\xC3\xA9" },
	{ "㈱青空", "(株)青空" },
	{ "株式会社　青空", "株式会社 青空" },
	{ "㍿", "株式会社" },
	{ "Straße", "strasse" },
	{ "①", "1" },
	{ "葛\xF3\xA0\x84\x80城", "葛城" }, /* ideographic variation selector */
	{ "ac\xE2\x80\x8Bme", "acme" },	    /* zero width space */
	{ "\xE2\x80\x8B"
	  "acme",
	    "acme" },
	{ "\xC2\xAD", "" }, /* soft hyphen alone */
	{ "\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB", "\xED\x95\x9C" }, /* Hangul parts */
	{ "１０．２０．４．０／２４", "10.20.4.0/24" },
	{ "ＡＳ６５５５１", "as65551" },
};

static void
encode(const struct fold *f, char *out, size_t room)
{
	size_t i, n = 0;

	for (i = 0; i < f->n; i++) {
		assert_true(n + 4 < room);
		n += (size_t)utf8proc_encode_char(
		    (utf8proc_int32_t)f->v[i].c, (utf8proc_uint8_t *)out + n);
	}
	out[n] = '\0';
}

/* The promises of the header about the way back. */
static void
check_offsets(const struct fold *f, size_t len)
{
	size_t i;

	if (f->n == 0)
		return;
	assert_int_equal(f->v[0].start, 0);
	assert_int_equal(f->v[f->n - 1].end, len);
	for (i = 0; i < f->n; i++) {
		assert_true(f->v[i].start < f->v[i].end);
		if (i > 0)
			assert_true(f->v[i].start == f->v[i - 1].end ||
				    (f->v[i].start == f->v[i - 1].start &&
					f->v[i].end == f->v[i - 1].end));
	}
}

static void
test_cases(void **state)
{
	struct fold f;
	char got[256];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		assert_int_equal(fold_text(slice_of(cases[i].in), &f), 0);
		encode(&f, got, sizeof got);
		assert_string_equal(got, cases[i].out);
		check_offsets(&f, strlen(cases[i].in));
		fold_done(&f);
	}
}

/* What stands in the original under a run of folded characters. */
static void
check_span(const char *text, size_t from, size_t to, const char *want)
{
	struct fold f;
	size_t a, b;

	assert_int_equal(fold_text(slice_of(text), &f), 0);
	assert_true(to < f.n);
	a = f.v[from].start;
	b = f.v[to].end;
	assert_int_equal(b - a, strlen(want));
	assert_memory_equal(text + a, want, b - a);
	fold_done(&f);
}

static void
test_way_back(void **state)
{
	(void)state;
	check_span("x ｿﾞﾗ y", 2, 3, "ｿﾞﾗ");
	check_span("a㈱b", 2, 2, "㈱"); /* the middle of an expansion covers all of it */
	check_span("か\xE3\x82\x99き", 0, 0, "か\xE3\x82\x99");
	check_span("ac\xE2\x80\x8Bme!", 0, 3, "ac\xE2\x80\x8Bme");
	check_span("葛\xF3\xA0\x84\x80城", 0, 0, "葛\xF3\xA0\x84\x80");
}

static void
test_refuses_bad_utf8(void **state)
{
	static const char *const bad[] = { "\xC0\xAF", "a\x80", "\xED\xA0\x80",
		"\xF4\x90\x80\x80", "\xE3\x81" };
	struct fold f = { NULL, 77 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_int_equal(fold_text(slice_of(bad[i]), &f), ERR_INVALID);
	assert_int_equal(f.n, 77); /* outputs are written on success only */
}

/* A pile of marks costs linear time and keeps the offsets right. */
static void
test_pile_of_marks(void **state)
{
	static char text[20001];
	struct fold f;
	size_t i;

	(void)state;
	text[0] = 'a';
	for (i = 1; i + 1 < 20001; i += 2)
		memcpy(text + i, "\xCC\x81", 2);
	assert_int_equal(fold_text((struct slice){ text, 20001 }, &f), 0);
	check_offsets(&f, 20001);
	fold_done(&f);
}

static void
test_out_of_memory(void **state)
{
	struct slice s = slice_of("㍿㍿㍿㍿㍿㍿㍿㍿㍿㍿㍿㍿㍿㍿㍿㍿㍿㍿㍿㍿㍿㍿㍿㍿");
	struct fold f = { NULL, 0 };
	unsigned long n;
	int r;

	(void)state;
	for (n = 1;; n++) {
		(void)mem_fail_at(n);
		r = fold_text(s, &f);
		(void)mem_fail_at(0);
		if (r == 0)
			break;
		assert_int_equal(r, ERR_NOMEM);
	}
	assert_true(n > 2);
	fold_done(&f);
	fold_done(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_way_back),
		cmocka_unit_test(test_refuses_bad_utf8),
		cmocka_unit_test(test_pile_of_marks),
		cmocka_unit_test(test_out_of_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
