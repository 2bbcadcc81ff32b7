/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/mem.h"

static struct slice
bytes(const char *p, size_t n)
{
	struct slice s = { p, n };

	return s;
}

static void
test_slices(void **state)
{
	(void)state;
	assert_true(slice_eq(slice_of("abc"), "abc"));
	assert_false(slice_eq(slice_of("abc"), "abcd"));
	assert_false(slice_eq(slice_of("abc"), "aBc"));
	assert_true(slice_eq_nocase(slice_of("Host"), "hOST"));
	assert_false(slice_eq_nocase(slice_of("Hose"), "host"));
	/* An inner NUL is a byte like others and ends nothing. */
	assert_false(slice_eq(bytes("a\0c", 3), "a"));
	assert_false(slice_eq_nocase(bytes("a\0c", 3), "abc"));
	assert_true(slice_eq(bytes(NULL, 0), ""));
	assert_true(slice_eq_nocase(bytes(NULL, 0), ""));
}

static void
test_growth(void **state)
{
	struct buf b;
	size_t i;

	(void)state;
	buf_init(&b, 100000);
	for (i = 0; i < 100000; i++)
		buf_addc(&b, (char)('a' + i % 26));
	assert_int_equal(buf_err(&b), 0);
	assert_int_equal(b.n, 100000);
	assert_true(b.room <= 100000);
	for (i = 0; i < 100000; i++)
		assert_int_equal(b.p[i], 'a' + (int)(i % 26));
	buf_addc(&b, 'x');
	assert_int_equal(buf_err(&b), ERR_LIMIT);
	buf_done(&b);
	assert_null(b.p);
}

static void
test_cap_is_sticky(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 4);
	buf_adds(&b, "abc");
	buf_adds(&b, "de"); /* does not fit: nothing of it is added */
	assert_int_equal(buf_err(&b), ERR_LIMIT);
	assert_int_equal(b.n, 3);
	buf_addc(&b, 'd'); /* would fit, but an error was */
	assert_int_equal(b.n, 3);
	assert_null(buf_extend(&b, 1));
	assert_string_equal(buf_cstr(&b), "");
	buf_reset(&b);
	assert_int_equal(buf_err(&b), 0);
	buf_adds(&b, "wxyz");
	assert_int_equal(buf_err(&b), 0);
	assert_true(slice_eq(buf_slice(&b), "wxyz"));
	buf_done(&b);
}

static void
test_full_buffer_has_a_text(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 4);
	buf_adds(&b, "wxyz");
	assert_string_equal(buf_cstr(&b), "wxyz");
	assert_int_equal(buf_err(&b), 0);
	assert_int_equal(b.n, 4);
	buf_addc(&b, '!');
	assert_int_equal(buf_err(&b), ERR_LIMIT);
	buf_done(&b);
	buf_init(&b, 0);
	assert_string_equal(buf_cstr(&b), "");
	assert_int_equal(buf_err(&b), 0);
	buf_addc(&b, '!');
	assert_int_equal(buf_err(&b), ERR_LIMIT);
	buf_done(&b);
}

static void
test_extend_huge(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, SIZE_MAX);
	buf_addc(&b, 'a');
	assert_null(buf_extend(&b, SIZE_MAX)); /* 1 + SIZE_MAX must not wrap */
	assert_int_equal(buf_err(&b), ERR_LIMIT);
	buf_done(&b);
	buf_init(&b, 16);
	assert_non_null(buf_extend(&b, 0));
	assert_int_equal(buf_err(&b), 0);
	buf_done(&b);
}

static void
test_no_memory(void **state)
{
	struct buf b;
	int i;

	(void)state;
	buf_init(&b, 4096);
	(void)mem_fail_at(1);
	buf_adds(&b, "abc");
	(void)mem_fail_at(0);
	assert_int_equal(buf_err(&b), ERR_NOMEM);
	assert_int_equal(b.n, 0);
	buf_done(&b);
	buf_init(&b, 4096);
	for (i = 0; i < 256; i++)
		buf_addc(&b, 'a');
	(void)mem_fail_at(1);
	buf_addc(&b, 'b'); /* must grow, cannot */
	(void)mem_fail_at(0);
	assert_int_equal(buf_err(&b), ERR_NOMEM);
	assert_int_equal(b.n, 256); /* what was there stays */
	buf_done(&b);
	buf_init(&b, 4096);
	(void)mem_fail_at(1);
	buf_addf(&b, "%0300d", 1);
	(void)mem_fail_at(0);
	assert_int_equal(buf_err(&b), ERR_NOMEM);
	buf_done(&b);
}

static void
test_addf(void **state)
{
	static const int widths[] = { 1, 254, 255, 256, 257, 1000 };
	struct buf b;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof widths / sizeof widths[0]; i++) {
		buf_init(&b, (size_t)widths[i]); /* exactly: the NUL does not count */
		buf_addf(&b, "%0*d", widths[i], 7);
		assert_int_equal(buf_err(&b), 0);
		assert_int_equal(b.n, widths[i]);
		assert_int_equal(b.p[widths[i] - 1], '7');
		buf_addf(&b, "%s", "");
		assert_int_equal(buf_err(&b), 0);
		buf_addf(&b, "%d", 1);
		assert_int_equal(buf_err(&b), ERR_LIMIT);
		buf_done(&b);
	}
}

static void
test_drop(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 64);
	buf_drop(&b, 3); /* of nothing */
	buf_adds(&b, "abcdef");
	buf_drop(&b, 0);
	buf_drop(&b, 2);
	assert_true(slice_eq(buf_slice(&b), "cdef"));
	buf_drop(&b, 99);
	assert_int_equal(b.n, 0);
	buf_adds(&b, "x");
	assert_true(slice_eq(buf_slice(&b), "x"));
	buf_wipe(&b);
	assert_null(b.p);
}

/* RFC 4648 section 10, without padding, and the two letters that differ. */
static const struct {
	const char *plain;
	size_t n;
	const char *text;
} b64_pairs[] = {
	{ "", 0, "" },
	{ "f", 1, "Zg" },
	{ "fo", 2, "Zm8" },
	{ "foo", 3, "Zm9v" },
	{ "foob", 4, "Zm9vYg" },
	{ "fooba", 5, "Zm9vYmE" },
	{ "foobar", 6, "Zm9vYmFy" },
	{ "\xfb\xff\xfe", 3, "-__-" },
	{ "\0\0", 2, "AAA" },
};

/* Of a secret nothing stays behind what still counts. */
static void
test_secret_is_overwritten(void **state)
{
	char big[1024];
	struct buf b;
	size_t i;

	(void)state;
	memset(big, 's', sizeof big);
	buf_init_secret(&b, 100000);
	buf_adds(&b, "open ");
	buf_add(&b, big, sizeof big); /* grows */
	assert_int_equal(b.n, 5 + sizeof big);
	assert_memory_equal(b.p, "open sss", 8);
	buf_drop(&b, 5);
	assert_memory_equal(b.p + sizeof big - 1, "s\0\0\0\0\0", 6);
	buf_cut(&b, 3);
	assert_memory_equal(b.p, "sss", 3);
	for (i = 3; i < sizeof big; i++)
		assert_int_equal(b.p[i], 0);
	buf_reset(&b);
	assert_memory_equal(b.p, "\0\0\0", 3);
	buf_adds(&b, "again");
	assert_string_equal(buf_cstr(&b), "again");
	buf_done(&b);
	/* Any other buffer is only cut. */
	buf_init(&b, 16);
	buf_adds(&b, "abc");
	buf_cut(&b, 1);
	assert_memory_equal(b.p, "abc", 3);
	buf_done(&b);
}

static void
test_b64url(void **state)
{
	unsigned char out[16];
	struct buf b;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof b64_pairs / sizeof b64_pairs[0]; i++) {
		buf_init(&b, 64);
		buf_add_b64url(&b, b64_pairs[i].plain, b64_pairs[i].n);
		assert_string_equal(buf_cstr(&b), b64_pairs[i].text);
		buf_done(&b);
		assert_int_equal(
		    b64url_decode(slice_of(b64_pairs[i].text), out, sizeof out),
		    b64_pairs[i].n);
		assert_memory_equal(out, b64_pairs[i].plain, b64_pairs[i].n);
	}
}

static void
test_b64url_bad(void **state)
{
	static const char *const bad[] = { "Z", "Zg==", "Zh", "Zm9", "Zm+v", "Zm/v",
		"Zm v", "Zm9vY", "Zm9v\n", "Zg\xc3\xa9" };
	unsigned char out[16];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_int_equal(
		    b64url_decode(slice_of(bad[i]), out, sizeof out), ERR_INVALID);
	assert_int_equal(b64url_decode(bytes("Zm9\0", 4), out, sizeof out), ERR_INVALID);
	assert_int_equal(b64url_decode(slice_of("Zm9v"), out, 2), ERR_LIMIT);
	assert_int_equal(b64url_decode(slice_of("Zm9v"), out, 3), 3);
	assert_int_equal(b64url_decode(bytes(NULL, 0), out, 0), 0);
}

static void
test_hex(void **state)
{
	char text[7];
	unsigned char out[4];
	struct buf b;

	(void)state;
	buf_init(&b, 64);
	buf_add_hex(&b, "\x00\x7f\xff", 3);
	assert_string_equal(buf_cstr(&b), "007fff");
	hex_encode("\x00\x7f\xff", 3, text);
	assert_string_equal(text, "007fff");
	buf_done(&b);
	assert_int_equal(hex_decode(slice_of("007FfF"), out, 4), 3);
	assert_memory_equal(out, "\x00\x7f\xff", 3);
	assert_int_equal(hex_decode(slice_of("007"), out, 4), ERR_INVALID);
	assert_int_equal(hex_decode(slice_of("0g"), out, 4), ERR_INVALID);
	assert_int_equal(hex_decode(slice_of("0:"), out, 4), ERR_INVALID);
	assert_int_equal(hex_decode(slice_of("0011223344"), out, 4), ERR_LIMIT);
	assert_int_equal(hex_decode(slice_of(""), out, 0), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_slices),
		cmocka_unit_test(test_growth),
		cmocka_unit_test(test_cap_is_sticky),
		cmocka_unit_test(test_full_buffer_has_a_text),
		cmocka_unit_test(test_extend_huge),
		cmocka_unit_test(test_no_memory),
		cmocka_unit_test(test_addf),
		cmocka_unit_test(test_drop),
		cmocka_unit_test(test_secret_is_overwritten),
		cmocka_unit_test(test_b64url),
		cmocka_unit_test(test_b64url_bad),
		cmocka_unit_test(test_hex),
	};

	return cmocka_run_group_tests_name("buf", tests, NULL, NULL);
}
