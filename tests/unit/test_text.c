/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define MARKS4 "\xCC\x81\xCC\x82\xCC\x83\xCC\x84"

static const struct {
	const char *in;
	enum text_flaw line, block;
} flaws[] = {
	{ "", TEXT_FINE, TEXT_FINE },
	{ "plain", TEXT_FINE, TEXT_FINE },
	{ "青空中央病院（架空県）ﾃｽﾄ ①㈱", TEXT_FINE, TEXT_FINE },
	{ "a\nb", TEXT_BREAK, TEXT_FINE },
	{ "a\tb", TEXT_BREAK, TEXT_FINE },
	{ "a\r\nb", TEXT_BREAK, TEXT_FINE },
	{ "a\rb", TEXT_BREAK, TEXT_CONTROL },
	{ "a\r", TEXT_BREAK, TEXT_CONTROL },
	{ "a\xE2\x80\xA8z", TEXT_BREAK, TEXT_FINE },
	{ "a\xE2\x80\xA9z", TEXT_BREAK, TEXT_FINE },
	{ "a\x01", TEXT_CONTROL, TEXT_CONTROL },
	{ "\x1B[31m", TEXT_CONTROL, TEXT_CONTROL },
	{ "\x7F", TEXT_CONTROL, TEXT_CONTROL },
	{ "\xC2\x9B"
	  "31m",
	    TEXT_CONTROL, TEXT_CONTROL },
	{ "\xC0\xAF", TEXT_NOT_UTF8, TEXT_NOT_UTF8 },
	{ "a\xE3\x81", TEXT_NOT_UTF8, TEXT_NOT_UTF8 },
	{ "\xED\xA0\x80", TEXT_NOT_UTF8, TEXT_NOT_UTF8 },
	{ "a\xE2\x80\xAAz", TEXT_DIRECTION, TEXT_DIRECTION },
	{ "a\xE2\x80\xAEz", TEXT_DIRECTION, TEXT_DIRECTION },
	{ "a\xE2\x81\xA6z", TEXT_DIRECTION, TEXT_DIRECTION },
	{ "a\xE2\x81\xA9z", TEXT_DIRECTION, TEXT_DIRECTION },
	{ "a\xE2\x80\x8Ez", TEXT_DIRECTION, TEXT_DIRECTION },
	{ "a\xD8\x9Cz", TEXT_DIRECTION, TEXT_DIRECTION },
	{ "a\xE2\x80\x8Bz", TEXT_INVISIBLE, TEXT_INVISIBLE },
	{ "a\xE2\x80\x8Dz", TEXT_INVISIBLE, TEXT_INVISIBLE },
	{ "\xEF\xBB\xBFz", TEXT_INVISIBLE, TEXT_INVISIBLE },
	{ "a\xC2\xADz", TEXT_INVISIBLE, TEXT_INVISIBLE },
	{ "a\xE1\x85\x9Fz", TEXT_INVISIBLE, TEXT_INVISIBLE }, /* Hangul filler */
	{ "a\xCD\x8Fz", TEXT_INVISIBLE, TEXT_INVISIBLE },     /* grapheme joiner */
	{ "a\xE1\xA0\x8Ez", TEXT_INVISIBLE, TEXT_INVISIBLE }, /* Mongolian separator */
	{ "a\xF3\xA0\x81\x81z", TEXT_INVISIBLE, TEXT_INVISIBLE }, /* tag A */
	{ "\xEF\xB8\x8F", TEXT_INVISIBLE, TEXT_INVISIBLE },  /* selector on nothing */
	{ " \xEF\xB8\x8F", TEXT_INVISIBLE, TEXT_INVISIBLE }, /* selector on a space */
	{ "葛\xF3\xA0\x84\x80", TEXT_FINE, TEXT_FINE },
	{ "葛\xF3\xA0\x84\x80\xF3\xA0\x84\x80", TEXT_INVISIBLE, TEXT_INVISIBLE },
	{ "\xE2\x9A\xA0\xEF\xB8\x8F", TEXT_FINE, TEXT_FINE },
	{ "\xEE\x80\x80", TEXT_UNASSIGNED, TEXT_UNASSIGNED },
	{ "\xF3\xB0\x80\x80", TEXT_UNASSIGNED, TEXT_UNASSIGNED },
	{ "\xCD\xB8", TEXT_UNASSIGNED, TEXT_UNASSIGNED },
	{ "\xEF\xBF\xBE", TEXT_UNASSIGNED, TEXT_UNASSIGNED },
	{ "a" MARKS4 MARKS4, TEXT_FINE, TEXT_FINE },
	{ "a" MARKS4 MARKS4 "\xCC\x81", TEXT_PILE, TEXT_PILE },
	{ "a" MARKS4 MARKS4 "b" MARKS4 MARKS4, TEXT_FINE, TEXT_FINE },
	{ MARKS4 MARKS4 "\xCC\x81", TEXT_PILE, TEXT_PILE },
	{ "a" MARKS4 MARKS4 "\n\xCC\x81", TEXT_BREAK, TEXT_FINE },
};

static void
test_flaws(void **state)
{
	struct text_facts facts;
	struct slice s;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof flaws / sizeof flaws[0]; i++) {
		s = slice_of(flaws[i].in);
		if (text_check(s, TEXT_LINE, &facts) != flaws[i].line)
			print_error("line %zu: %s\n", i, flaws[i].in);
		assert_int_equal(text_check(s, TEXT_LINE, &facts), flaws[i].line);
		if (text_check(s, TEXT_BLOCK, &facts) != flaws[i].block)
			print_error("block %zu: %s\n", i, flaws[i].in);
		assert_int_equal(text_check(s, TEXT_BLOCK, &facts), flaws[i].block);
	}
	s.p = "a\0b";
	s.n = 3;
	assert_int_equal(text_check(s, TEXT_BLOCK, &facts), TEXT_CONTROL);
}

static const struct {
	const char *in;
	size_t points;
	int blank, mixed, cr;
} facts_of[] = {
	{ "", 0, 1, 0, 0 }, { " \t\n", 3, 1, 0, 0 },
	{ "\xE3\x80\x80\xC2\xA0\xE2\x80\x83", 3, 1, 0, 0 },
	{ "\xE2\xA0\x80", 1, 1, 0, 0 }, /* the empty Braille cell */
	{ " \xCC\x81", 2, 1, 0, 0 }, { "a\r\nb", 4, 0, 0, 1 },
	{ "青空 hospital", 11, 0, 0, 0 }, { "カタカナbank漢字", 10, 0, 0, 0 },
	{ "B\xD0\xB0nk", 4, 0, 1, 0 },				 /* Cyrillic a */
	{ "p\xCE\xBFwer", 5, 0, 1, 0 },				 /* Greek omicron */
	{ "\xD0\x91\xD0\xB0\xD0\xBD\xD0\xBA bank", 9, 0, 0, 0 }, /* two words */
	{ "\xD0\x91-bank", 6, 0, 0, 0 },
	{ "\xEF\xBC\xA2\xD0\xB0nk", 4, 0, 1, 0 }, /* full-width B */
	{ "10 \xC2\xB5s", 5, 0, 0, 0 },		  /* micro sign */
};

static void
test_facts(void **state)
{
	struct text_facts f;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof facts_of / sizeof facts_of[0]; i++) {
		assert_int_equal(
		    text_check(slice_of(facts_of[i].in), TEXT_BLOCK, &f), TEXT_FINE);
		assert_int_equal(f.points, facts_of[i].points);
		assert_int_equal(f.blank, facts_of[i].blank);
		assert_int_equal(f.mixed_script, facts_of[i].mixed);
		assert_int_equal(f.has_cr, facts_of[i].cr);
	}
}

static void
test_lf(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 64);
	text_add_lf(&b, slice_of("\r\na\r\n\r\nb\n"));
	assert_string_equal(buf_cstr(&b), "\na\n\nb\n");
	buf_reset(&b);
	text_add_lf(&b, slice_of(""));
	assert_string_equal(buf_cstr(&b), "");
	buf_done(&b);
}

static void
test_details(void **state)
{
	int i;

	(void)state;
	assert_string_equal(text_flaw_detail(TEXT_FINE), "");
	for (i = TEXT_FINE + 1; i < TEXT_FLAWS; i++)
		assert_true(strlen(text_flaw_detail((enum text_flaw)i)) > 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_flaws),
		cmocka_unit_test(test_facts),
		cmocka_unit_test(test_lf),
		cmocka_unit_test(test_details),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
