/* SPDX-License-Identifier: Apache-2.0 */
/* Sets of ranges against a map of bits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/ranges.h"

enum { BITS = 240, ROUNDS = 400, ADDS = 60, PLENTY = 1000 };

/* The set and the map say the same, and the set is as its contract says. */
static void
assert_same(const struct ranges *r, const unsigned char *bits)
{
	uint64_t x;
	size_t i;

	for (i = 0; i < r->n; i++) {
		assert_true(r->v[i].first <= r->v[i].last);
		if (i > 0)
			assert_true(r->v[i - 1].last + 1 < r->v[i].first);
	}
	for (x = 0; x < BITS; x++)
		assert_int_equal(ranges_has(r, x), bits[x]);
}

static void
test_like_a_map_of_bits(void **state)
{
	unsigned char bits[BITS];
	struct ranges r = { 0 };
	uint64_t first, last, x;
	size_t round, i, at;

	(void)state;
	srandom(7);
	for (round = 0; round < ROUNDS; round++) {
		memset(bits, 0, sizeof bits);
		for (i = 0; i < ADDS; i++) {
			first = (uint64_t)random() % BITS;
			last = first + (uint64_t)random() % (1 + round % 12);
			if (last >= BITS)
				last = BITS - 1;
			assert_int_equal(ranges_add(&r, first, last, PLENTY, &at), 0);
			assert_true(r.v[at].first <= first && r.v[at].last >= last);
			for (x = first; x <= last; x++)
				bits[x] = 1;
			assert_same(&r, bits);
		}
		ranges_done(&r);
	}
}

/* Full, it forgets the lowest, and never says more than was added. */
static void
test_a_full_set_forgets_the_lowest(void **state)
{
	unsigned char bits[BITS];
	struct ranges r = { 0 };
	uint64_t x, lowest;
	size_t i, most = 5, at;
	int rc;

	(void)state;
	srandom(8);
	memset(bits, 0, sizeof bits);
	for (i = 0; i < 4000; i++) {
		x = (uint64_t)random() % BITS;
		lowest = r.n == most ? r.v[0].first : 0;
		rc = ranges_add(&r, x, x, most, &at);
		if (rc == ERR_LIMIT) {
			assert_true(x + 1 < lowest);
			continue;
		}
		assert_int_equal(rc, 0);
		bits[x] = 1;
		assert_true(r.n <= most && ranges_has(&r, x));
		assert_true(at < r.n && r.v[at].first <= x && x <= r.v[at].last);
		for (x = 0; x < BITS; x++)
			if (ranges_has(&r, x))
				assert_int_equal(bits[x], 1);
			else if (x > r.v[0].first)
				assert_int_equal(bits[x], 0);
			else
				bits[x] = 0; /* forgotten */
	}
	ranges_done(&r);
}

static void
test_edges(void **state)
{
	struct ranges r = { 0 };

	(void)state;
	assert_int_equal(ranges_has(&r, 0), 0);
	assert_int_equal(ranges_add(&r, 5, 4, PLENTY, NULL), ERR_INVALID);
	assert_int_equal(ranges_add(&r, 5, UINT64_MAX, PLENTY, NULL), ERR_INVALID);
	assert_int_equal(ranges_add(&r, 0, 0, PLENTY, NULL), 0);
	assert_int_equal(ranges_add(&r, 2, 2, PLENTY, NULL), 0);
	assert_int_equal(r.n, 2);
	assert_int_equal(ranges_add(&r, 1, 1, PLENTY, NULL), 0);
	assert_int_equal(r.n, 1);
	assert_int_equal(ranges_add(&r, UINT64_MAX - 1, UINT64_MAX - 1, PLENTY, NULL), 0);
	assert_int_equal(ranges_has(&r, UINT64_MAX - 1), 1);
	assert_int_equal(ranges_has(&r, UINT64_MAX), 0);
	ranges_done(&r);
	assert_int_equal(r.n, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_like_a_map_of_bits),
		cmocka_unit_test(test_a_full_set_forgets_the_lowest),
		cmocka_unit_test(test_edges),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
