/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/receipt_words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct receipt sample; /* case id 00 01 .. 0f, secret 80 81 .. 9f */
static char words[512];	      /* as it is written */

/* Known words: what was printed years ago must still be read. */
static const char printed[] = "1  babad bamag bibaj bimal zofok\n"
			      "2  boban bomar bubat bumaz biguj\n"
			      "3  mafad mapag mifaj mipal pofug\n"
			      "4  mofan mopar mufat mupaz luhiz\n"
			      "5  nafid napig nifij nipil habuh\n"
			      "6  nofin nopir nufit nupiz rudol\n";

static int
setup(void **state)
{
	struct buf b;
	unsigned i;

	(void)state;
	for (i = 0; i < RECEIPT_CASE; i++)
		sample.case_id[i] = (unsigned char)i;
	for (i = 0; i < RECEIPT_SECRET; i++)
		sample.secret[i] = (unsigned char)(0x80 + i);
	buf_init(&b, sizeof words);
	receipt_words_write(&sample, &b);
	assert_int_equal(buf_err(&b), 0);
	(void)snprintf(words, sizeof words, "%s", buf_cstr(&b));
	buf_done(&b);
	return 0;
}

static int
same(const struct receipt *a, const struct receipt *b)
{
	return memcmp(a->case_id, b->case_id, RECEIPT_CASE) == 0 &&
	       memcmp(a->secret, b->secret, RECEIPT_SECRET) == 0 && a->blind == b->blind;
}

/* 0 when the sample comes out, else the line that is blamed. */
static unsigned
line_of(const char *text)
{
	struct receipt r = { .blind = 9 };
	const char *why = NULL;
	unsigned line = 0;

	if (receipt_words_read(slice_of(text), &r, &line, &why) == 0) {
		assert_true(same(&r, &sample));
		return 0;
	}
	assert_int_equal(r.blind, 9); /* written on success only */
	assert_non_null(why);
	assert_true(line >= 1 && line <= RECEIPT_LINES + 1);
	return line;
}

static void
test_form(void **state)
{
	struct receipt blind = sample, r;
	const char *why;
	unsigned line;
	struct buf b;

	(void)state;
	assert_string_equal(words, printed);
	assert_int_equal(line_of(printed), 0);
	blind.blind = 1;
	buf_init(&b, 512);
	receipt_words_write(&blind, &b);
	assert_string_not_equal(buf_cstr(&b), words);
	assert_int_equal(receipt_words_read(buf_slice(&b), &r, &line, &why), 0);
	assert_true(same(&r, &blind));
	buf_done(&b);
}

/* As people type: other case, hyphens, no line breaks, no blanks, no numbers. */
static void
test_spellings(void **state)
{
	char text[2048], bare[512];
	size_t i, n = 0, m = 0;

	(void)state;
	for (i = 0; words[i] != '\0'; i++)
		text[i] = (char)(words[i] >= 'a' && words[i] <= 'z' ? words[i] - 32
				 : words[i] == ' '		    ? '-'
								    : words[i]);
	text[i] = '\0';
	assert_int_equal(line_of(text), 0);
	for (i = 0; words[i] != '\0'; i++) {
		if (words[i] < 'a')
			continue;
		bare[m++] = words[i];
		text[n++] = words[i];
		if (m % 3 == 0) {
			memcpy(text + n, " .\r\n\t,", 6);
			n += 6;
		}
	}
	text[n] = bare[m] = '\0';
	assert_int_equal(line_of(text), 0);
	assert_int_equal(line_of(bare), 0);
	assert_int_equal(m, 150);
}

/* Every other letter in every place is found, and its line is named. */
static void
test_typing_errors(void **state)
{
	char text[512], c;
	unsigned line = 0;
	size_t i;

	(void)state;
	for (i = 0; words[i] != '\0'; i++) {
		if (words[i] >= '1' && words[i] <= '6')
			line = (unsigned)(words[i] - '0');
		if (words[i] < 'a')
			continue;
		(void)snprintf(text, sizeof text, "%s", words);
		for (c = 'a'; c <= 'z'; c++) {
			text[i] = c;
			assert_int_equal(line_of(text), c == words[i] ? 0 : line);
		}
	}
	assert_int_equal(line, RECEIPT_LINES);
}

/* Places of the k-th word. */
static char *
word(char *text, unsigned k)
{
	char *p = text;

	for (;; p++)
		if (*p >= 'a' && k-- == 0)
			return p;
		else if (*p >= 'a')
			p += 4;
}

static void
swap(char *text, unsigned a, unsigned b)
{
	char keep[5];
	char *p = word(text, a), *q = word(text, b);

	memcpy(keep, p, 5);
	memcpy(p, q, 5);
	memcpy(q, keep, 5);
}

/* Words in another order, lines in another order, lines left out or twice. */
static void
test_misplaced(void **state)
{
	char text[1024];
	unsigned i, j;

	(void)state;
	for (i = 0; i < 30; i++)
		for (j = i + 1; j < 30; j++) {
			(void)snprintf(text, sizeof text, "%s", words);
			swap(text, i, j);
			assert_int_equal(line_of(text), i / 5 + 1);
		}
	for (i = 0; i < 5; i++) {
		(void)snprintf(text, sizeof text, "%s", words);
		for (j = 0; j < 5; j++)
			swap(text, 5 * i + j, 5 * i + 5 + j);
		assert_int_equal(line_of(text), i + 1);
	}
	/* Without its last word, its last letter, everything. */
	(void)snprintf(text, sizeof text, "%s", words);
	*word(text, 29) = '\0';
	assert_int_equal(line_of(text), 6);
	(void)snprintf(text, sizeof text, "%s", words);
	word(text, 29)[4] = '\0';
	assert_int_equal(line_of(text), 6);
	*word(text, 10) = '\0';
	assert_int_equal(line_of(text), 3);
	assert_int_equal(line_of(""), 1);
	assert_int_equal(line_of("1 2 3 4 5 6"), 1);
	(void)snprintf(text, sizeof text, "%s%s", words, words);
	assert_int_equal(line_of(text), 7);
	(void)snprintf(text, sizeof text, "%sx", words);
	assert_int_equal(line_of(text), 7);
	/* A letter that is no ASCII is no blank. */
	(void)snprintf(text, sizeof text, "\xC3\xA9%s", words);
	assert_int_equal(line_of(text), 1);
}

/* A line of a blind case is none of another case's. */
static void
test_mixed(void **state)
{
	struct receipt blind = sample;
	char text[512];
	struct buf b;

	(void)state;
	blind.blind = 1;
	buf_init(&b, 512);
	receipt_words_write(&blind, &b);
	(void)snprintf(text, sizeof text, "%s", words);
	memcpy(word(text, 15), strchr(buf_cstr(&b), '4') + 3, 29);
	assert_int_equal(line_of(text), 4);
	buf_done(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_form),
		cmocka_unit_test(test_spellings),
		cmocka_unit_test(test_typing_errors),
		cmocka_unit_test(test_misplaced),
		cmocka_unit_test(test_mixed),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
