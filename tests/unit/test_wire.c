/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void
test_round_trip(void **state)
{
	struct slice s;
	struct wire w;
	struct buf b;
	char raw[3];

	(void)state;
	buf_init(&b, 1000);
	wire_put_u8(&b, 0xab);
	wire_put_u16(&b, 0xbeef);
	wire_put_u32(&b, 0xdeadbeef);
	wire_put_u64(&b, 0x0123456789abcdef);
	wire_put_i64(&b, -2);
	wire_put_bytes(&b, "xyz", 3);
	wire_put_str(&b, slice_of("hello"));
	wire_put_str(&b, slice_of(""));
	assert_int_equal(buf_err(&b), 0);
	assert_int_equal(b.n, 1 + 2 + 4 + 8 + 8 + 3 + 9 + 4);
	wire_init(&w, b.p, b.n);
	assert_int_equal(wire_u8(&w), 0xab);
	assert_int_equal(wire_u16(&w), 0xbeef);
	assert_int_equal(wire_u32(&w), 0xdeadbeef);
	assert_true(wire_u64(&w) == 0x0123456789abcdef);
	assert_true(wire_i64(&w) == -2);
	wire_bytes(&w, raw, 3);
	assert_memory_equal(raw, "xyz", 3);
	s = wire_str(&w, 5);
	assert_true(slice_eq(s, "hello"));
	assert_true(s.p >= b.p && s.p < b.p + b.n); /* points inside, copies nothing */
	assert_int_equal(wire_str(&w, 0).n, 0);
	assert_int_equal(wire_end(&w), 0);
	buf_done(&b);
}

static void
test_little_endian(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 100);
	wire_put_u16(&b, 0x0102);
	wire_put_u32(&b, 0x01020304);
	wire_put_u64(&b, 0x0102030405060708);
	assert_memory_equal(b.p, "\2\1\4\3\2\1\10\7\6\5\4\3\2\1", 14);
	buf_done(&b);
}

/* Every prefix of a message: an error, zeros from there on, nothing read beyond. */
static void
test_truncated(void **state)
{
	static const unsigned char full[] = { 1, 2, 0, 3, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0,
		2, 0, 0, 0, 'h', 'i' };
	char exact[sizeof full], raw[2];
	struct wire w;
	size_t n;

	(void)state;
	for (n = 0; n <= sizeof full; n++) {
		memcpy(exact, full, n);
		wire_init(&w, exact, n);
		assert_int_equal(wire_u8(&w), n >= 1 ? 1 : 0);
		assert_int_equal(wire_u16(&w), n >= 3 ? 2 : 0);
		assert_int_equal(wire_u32(&w), n >= 7 ? 3 : 0);
		assert_int_equal(wire_u64(&w), n >= 15 ? 4 : 0);
		assert_int_equal(wire_str(&w, 10).n, n >= 21 ? 2 : 0);
		assert_int_equal(wire_end(&w), n == sizeof full ? 0 : ERR_PROTO);
	}
	wire_init(&w, full, 2);
	(void)wire_u32(&w);
	raw[0] = raw[1] = 'x';
	wire_bytes(&w, raw, 2); /* sticky, though two bytes are there */
	assert_memory_equal(raw, "\0\0", 2);
	assert_int_equal(wire_u8(&w), 0);
	assert_int_equal(w.err, ERR_PROTO);
}

static void
test_strings(void **state)
{
	static const unsigned char huge[] = { 0xff, 0xff, 0xff, 0xff, 'a' };
	static const unsigned char three[] = { 3, 0, 0, 0, 'a', 'b', 'c' };
	struct slice s;
	struct wire w;

	(void)state;
	wire_init(&w, huge, sizeof huge);
	assert_int_equal(wire_str(&w, (size_t)-1).n, 0);
	assert_int_equal(wire_end(&w), ERR_PROTO);
	wire_init(&w, three, sizeof three);
	s = wire_str(&w, 2); /* over the cap */
	assert_int_equal(s.n, 0);
	assert_non_null(s.p);
	assert_int_equal(wire_end(&w), ERR_PROTO);
	wire_init(&w, three, sizeof three);
	assert_int_equal(wire_str(&w, 3).n, 3);
	assert_int_equal(wire_end(&w), 0);
}

static void
test_left_over(void **state)
{
	struct wire w;
	char none[1];

	(void)state;
	wire_init(&w, "ab", 2);
	(void)wire_u8(&w);
	assert_int_equal(wire_end(&w), ERR_PROTO);
	wire_init(&w, NULL, 0);
	wire_bytes(&w, none, 0);
	assert_int_equal(wire_end(&w), 0);
	assert_int_equal(wire_u8(&w), 0);
	assert_int_equal(wire_end(&w), ERR_PROTO);
}

static void
test_put_over_cap(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 6);
	wire_put_u32(&b, 1);
	wire_put_u32(&b, 2);
	wire_put_u8(&b, 3);
	assert_int_equal(buf_err(&b), ERR_LIMIT);
	assert_int_equal(b.n, 4); /* no half field, and nothing after the error */
	buf_done(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_little_endian),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_strings),
		cmocka_unit_test(test_left_over),
		cmocka_unit_test(test_put_over_cap),
	};

	return cmocka_run_group_tests_name("wire", tests, NULL, NULL);
}
