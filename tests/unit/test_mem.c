/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/err.h"

static void
test_zeroed(void **state)
{
	unsigned char *p = mem_zalloc(100), *q = mem_calloc(10, 10);
	size_t i;

	(void)state;
	assert_non_null(p);
	assert_non_null(q);
	for (i = 0; i < 100; i++)
		assert_int_equal(p[i] | q[i], 0);
	mem_free(p);
	mem_free(q);
}

static void
test_sizes(void **state)
{
	volatile size_t big = SIZE_MAX / 2;
	void *p;

	(void)state;
	p = mem_alloc(0); /* no bytes are no failure */
	assert_non_null(p);
	mem_free(p);
	p = mem_calloc(0, 8);
	assert_non_null(p);
	mem_free(p);
	assert_null(mem_calloc(big, 4)); /* the product wraps */
	assert_null(mem_dup("x", SIZE_MAX));
	mem_free(NULL);
	mem_wipe(NULL, 5);
	mem_wipe_free(NULL, 5);
	mem_wipe_free_all(NULL);
	mem_wipe_free_all(mem_alloc(5000));
}

static void
test_dup(void **state)
{
	char *p = mem_dup("ab\0cd", 5), *e = mem_dup(NULL, 0);

	(void)state;
	assert_non_null(p);
	assert_memory_equal(p, "ab\0cd", 6);
	assert_string_equal(e, "");
	mem_free(p);
	mem_free(e);
}

static void
test_fail_at(void **state)
{
	char *keep = mem_dup("keep", 4), *p;

	(void)state;
	(void)mem_fail_at(2);
	p = mem_alloc(1);
	assert_non_null(p);
	assert_null(mem_realloc(keep, 100)); /* the second; the old block stays */
	assert_string_equal(keep, "keep");
	keep = mem_realloc(keep, 100); /* the third works again */
	assert_non_null(keep);
	assert_string_equal(keep, "keep");
	assert_int_equal(mem_fail_at(0), 3);
	mem_free(p);
	mem_free(keep);
	(void)mem_fail_at(1);
	assert_null(mem_zalloc(1));
	(void)mem_fail_at(1);
	assert_null(mem_calloc(1, 1));
	(void)mem_fail_at(1);
	assert_null(mem_dup("a", 1));
	(void)mem_fail_at(0);
}

static void
test_wipe(void **state)
{
	char t[8] = "secret!";

	(void)state;
	mem_wipe(t, 6);
	assert_memory_equal(t, "\0\0\0\0\0\0!", 8);
}

static void
test_equal(void **state)
{
	unsigned char a[32], b[32];
	unsigned i, bit;

	(void)state;
	memset(a, 0x5a, sizeof a);
	memcpy(b, a, sizeof b);
	assert_true(mem_equal_ct(a, b, sizeof a));
	for (i = 0; i < sizeof a; i++)
		for (bit = 0; bit < 8; bit++) {
			b[i] ^= (unsigned char)(1u << bit);
			assert_false(mem_equal_ct(a, b, sizeof a));
			b[i] ^= (unsigned char)(1u << bit);
		}
	assert_true(mem_equal_ct(a, "x", 0));
}

static void
test_err_str(void **state)
{
	int i;

	(void)state;
	assert_string_equal(err_str(0), "ok");
	assert_string_equal(err_str(7), "ok"); /* counts are no errors */
	assert_string_equal(err_str(ERR_RATE), "rate limit");
	assert_string_equal(err_str(ERR_RATE - 1), "unknown error");
	assert_string_equal(err_str(INT32_MIN), "unknown error");
	for (i = ERR_RATE; i < 0; i++)
		assert_string_not_equal(err_str(i), "unknown error");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_zeroed),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_dup),
		cmocka_unit_test(test_fail_at),
		cmocka_unit_test(test_wipe),
		cmocka_unit_test(test_equal),
		cmocka_unit_test(test_err_str),
	};

	return cmocka_run_group_tests_name("mem", tests, NULL, NULL);
}
