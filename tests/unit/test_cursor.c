/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/cursor.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/mem.h"

static const unsigned char key[16] = "0123456789abcde";

static void
test_round_trip(void **state)
{
	static const uint64_t seqs[] = { 0, 1, 2, 255, 256, 1u << 31, 0x0123456789abcdef,
		UINT64_MAX };
	struct cursor_box *c = cursor_box_new(key, 7);
	char text[CURSOR_TEXT + 1], again[CURSOR_TEXT + 1];
	uint64_t seq;
	size_t i;

	(void)state;
	assert_non_null(c);
	for (i = 0; i < sizeof seqs / sizeof seqs[0]; i++) {
		memset(text, 'x', sizeof text);
		assert_int_equal(cursor_write(c, seqs[i], text), 0);
		assert_int_equal(strlen(text), CURSOR_TEXT);
		assert_int_equal(
		    strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				 "0123456789-_"),
		    CURSOR_TEXT);
		assert_int_equal(cursor_read(c, slice_of(text), &seq), 0);
		assert_true(seq == seqs[i]);
		/* The same for every front and every subscriber. */
		assert_int_equal(cursor_write(c, seqs[i], again), 0);
		assert_string_equal(text, again);
	}
	cursor_box_free(c);
	cursor_box_free(NULL);
}

/* One AES block of known contents: the form is part of the contract. */
static void
test_vector(void **state)
{
	static const unsigned char fips[16] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
		13, 14, 15 };
	struct cursor_box *c = cursor_box_new(fips, 0x01020304);
	char text[CURSOR_TEXT + 1];

	(void)state;
	assert_non_null(c);
	assert_int_equal(cursor_write(c, 0x05060708090a0b0c, text), 0);
	assert_string_equal(text, "KWqY6Rl7XRn_ePIkECYpSA");
	cursor_box_free(c);
}

static void
test_other_epoch_and_key(void **state)
{
	static const unsigned char other[16] = "another key 123";
	struct cursor_box *a = cursor_box_new(key, 7), *b = cursor_box_new(key, 8),
			  *k = cursor_box_new(other, 7);
	char text[CURSOR_TEXT + 1];
	uint64_t seq = 99;

	(void)state;
	assert_true(a != NULL && b != NULL && k != NULL);
	assert_int_equal(cursor_write(a, 5, text), 0);
	assert_int_equal(cursor_read(b, slice_of(text), &seq), ERR_VERSION);
	assert_int_equal(cursor_read(k, slice_of(text), &seq), ERR_INVALID);
	assert_int_equal(seq, 99); /* written on success only */
	assert_int_equal(cursor_read(a, slice_of(text), &seq), 0);
	assert_int_equal(seq, 5);
	cursor_box_free(a);
	cursor_box_free(b);
	cursor_box_free(k);
}

static void
test_garbage(void **state)
{
	static const char *const table[] = { "", "a", "earliest",
		"AAAAAAAAAAAAAAAAAAAAAA", "!!!!!!!!!!!!!!!!!!!!!!",
		"AAAAAAAAAAAAAAAAAAAAAA==", "AAAAAAAAAAAAAAAAAAAAA",
		"AAAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAA AAAAAAAAAAA",
		"AAAAAAAAAA+AAAAAAAAAAA", "\xff\xff\xff\xffZZZZZZZZZZZZZZZZZZ" };
	struct cursor_box *c = cursor_box_new(key, 7);
	uint64_t seq;
	size_t i;

	(void)state;
	assert_non_null(c);
	for (i = 0; i < sizeof table / sizeof table[0]; i++)
		assert_int_equal(cursor_read(c, slice_of(table[i]), &seq), ERR_INVALID);
	cursor_box_free(c);
}

/* No change of a cursor, bit by bit of its 22 characters, is one of ours. */
static void
test_bit_flips(void **state)
{
	struct cursor_box *c = cursor_box_new(key, 7);
	char text[CURSOR_TEXT + 1];
	uint64_t seq, n;
	size_t i;
	unsigned bit;

	(void)state;
	assert_non_null(c);
	for (n = 0; n < 50; n++) {
		assert_int_equal(cursor_write(c, n, text), 0);
		for (i = 0; i < CURSOR_TEXT; i++)
			for (bit = 0; bit < 8; bit++) {
				text[i] = (char)(text[i] ^ (char)(1u << bit));
				assert_int_equal(
				    cursor_read(c, slice_of(text), &seq), ERR_INVALID);
				text[i] = (char)(text[i] ^ (char)(1u << bit));
			}
	}
	cursor_box_free(c);
}

static void
test_no_memory(void **state)
{
	(void)state;
	(void)mem_fail_at(1);
	assert_null(cursor_box_new(key, 7));
	(void)mem_fail_at(0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_vector),
		cmocka_unit_test(test_other_epoch_and_key),
		cmocka_unit_test(test_garbage),
		cmocka_unit_test(test_bit_flips),
		cmocka_unit_test(test_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
