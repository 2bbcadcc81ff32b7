/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/term.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define S(text) \
	{ \
		(text), sizeof(text) - 1 \
	}

static void
test_add(void **state)
{
	static const struct {
		struct slice in;
		const char *line, *text; /* text NULL: as line */
	} cases[] = {
		{ S(""), "", NULL }, { S("plain 漢字 é 𠮷"), "plain 漢字 é 𠮷", NULL },
		{ S("a\tb"), "a b", NULL }, { S("a\nb"), "a<U+000A>b", "a\nb" },
		{ S("a\r\nb"), "a<U+000D><U+000A>b", "a<U+000D>\nb" },
		{ S("\033[31mred\033]0;title\a"),
		    "<U+001B>[31mred<U+001B>]0;title<U+0007>", NULL },
		{ S("\302\233"
		    "31m"),
		    "<U+009B>31m", NULL }, /* CSI as one C1 character */
		{ S("\177"), "<U+007F>", NULL }, { S("a\0b"), "a<U+0000>b", NULL },
		{ S("\342\200\256gpj.exe"), "<U+202E>gpj.exe", NULL },
		{ S("\342\201\246x\342\201\251"), "<U+2066>x<U+2069>", NULL },
		{ S("a\342\200\213b\357\273\277"), "a<U+200B>b<U+FEFF>", NULL },
		{ S("\342\200\250"), "<U+2028>", NULL },
		{ S("\363\240\201\201"), "<U+E0041>", NULL },
		{ S("\377"), "<0xFF>", NULL },
		{ S("\233"), "<0x9B>", NULL },		 /* CSI as one byte */
		{ S("\300\233"), "<0xC0><0x9B>", NULL }, /* overlong escape */
		{ S("\355\240\200"), "<0xED><0xA0><0x80>", NULL },
		{ S("\364\220\200\200"), "<0xF4><0x90><0x80><0x80>", NULL },
		{ S("\343\201"), "<0xE3><0x81>", NULL }, /* cut short */
	};
	struct buf b;
	size_t i;

	(void)state;
	buf_init(&b, 4096);
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		buf_reset(&b);
		term_add(&b, cases[i].in, TERM_LINE);
		assert_string_equal(buf_cstr(&b), cases[i].line);
		assert_int_equal(
		    term_is_plain(cases[i].in), slice_eq(cases[i].in, cases[i].line));
		buf_reset(&b);
		term_add(&b, cases[i].in, TERM_TEXT);
		assert_string_equal(
		    buf_cstr(&b), cases[i].text != NULL ? cases[i].text : cases[i].line);
	}
	buf_done(&b);
}

/* Whatever the bytes, no control byte but the line feed comes out. */
static void
test_all_bytes(void **state)
{
	char in[3];
	struct slice s = { in, sizeof in };
	struct buf b;
	unsigned a, c;
	size_t i;

	(void)state;
	buf_init(&b, 4096);
	for (a = 0; a < 256; a++)
		for (c = 0; c < 256; c++) {
			in[0] = (char)a;
			in[1] = (char)c;
			in[2] = (char)0x80;
			buf_reset(&b);
			term_add(&b, s, TERM_TEXT);
			for (i = 0; i < b.n; i++)
				if ((unsigned char)b.p[i] < 0x20 && b.p[i] != '\n')
					fail_msg("byte %02x of %02x %02x",
					    (unsigned)b.p[i], a, c);
		}
	buf_done(&b);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_add),
		cmocka_unit_test(test_all_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
