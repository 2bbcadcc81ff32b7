/* SPDX-License-Identifier: Apache-2.0 */
/* Sets of ranges against a map of marks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/ranges.h"

enum { BITS = 240, ROUNDS = 400, ADDS = 60, PLENTY = 1000 };

static int
has(const struct ranges *r, uint64_t x)
{
	return ranges_get(r, x) != NULL;
}

static int
add(struct ranges *r, uint64_t first, uint64_t last, uint32_t mark, uint64_t fresh,
    size_t most)
{
	struct range x = { first, last, mark }, changed;

	return ranges_add(r, &x, fresh, most, &changed);
}

/* Ascending, and what touches differs in its mark. */
static void
assert_in_order(const struct ranges *r)
{
	size_t i;

	for (i = 0; i < r->n; i++) {
		assert_true(r->v[i].first <= r->v[i].last);
		if (i > 0)
			assert_true(r->v[i - 1].last + 1 < r->v[i].first ||
				    (r->v[i - 1].last + 1 == r->v[i].first &&
					r->v[i - 1].mark != r->v[i].mark));
	}
}

/* What a reader of the set keeps beside it: ranges that begin within what has changed are
 * thrown away and read again.  It has to come to the same. */
static void
follow(struct ranges *copy, const struct ranges *r, const struct range *changed)
{
	struct range keep[BITS];
	size_t i, n = 0;

	for (i = 0; i < copy->n; i++)
		if (copy->v[i].first < changed->first || copy->v[i].first > changed->last)
			keep[n++] = copy->v[i];
	for (i = 0; i < r->n; i++)
		if (r->v[i].first >= changed->first && r->v[i].first <= changed->last)
			keep[n++] = r->v[i];
	ranges_done(copy);
	for (i = 0; i < n; i++)
		assert_int_equal(add(copy, keep[i].first, keep[i].last, keep[i].mark,
				     UINT64_MAX, PLENTY),
		    0);
	assert_int_equal(copy->n, r->n);
	for (i = 0; i < r->n; i++) {
		assert_int_equal(copy->v[i].first, r->v[i].first);
		assert_int_equal(copy->v[i].last, r->v[i].last);
		assert_int_equal(copy->v[i].mark, r->v[i].mark);
	}
}

/* The first mark stays; from `fresh` on the one before is taken over, unless it is 0. */
static void
mark_map(uint32_t *map, uint64_t first, uint64_t last, uint32_t mark, uint64_t fresh)
{
	uint64_t x;
	int joins = 0;

	for (x = first; x <= last; x++) {
		if (map[x] != 0) {
			joins = 0;
			continue;
		}
		if (x == first || map[x - 1] != mark || joins == 0)
			joins = x > 0 && x >= fresh && map[x - 1] > 1;
		map[x] = joins ? map[x - 1] : mark;
	}
}

static void
test_like_a_map(void **state)
{
	uint32_t map[BITS];
	struct ranges r = { 0 }, copy = { 0 };
	struct range x, changed;
	uint64_t n, fresh;
	size_t round, i;

	(void)state;
	srandom(7);
	for (round = 0; round < ROUNDS; round++) {
		memset(map, 0, sizeof map);
		for (i = 0; i < ADDS; i++) {
			/* In the map a mark is one more: 0 is not there. */
			x.first = (uint64_t)random() % BITS;
			x.last = x.first + (uint64_t)random() % (1 + round % 12);
			x.mark = (uint32_t)(random() % 4);
			if (x.last >= BITS)
				x.last = BITS - 1;
			fresh = random() % 2 ? UINT64_MAX : (uint64_t)random() % BITS;
			assert_int_equal(ranges_add(&r, &x, fresh, PLENTY, &changed), 0);
			mark_map(map, x.first, x.last, x.mark + 1, fresh);
			assert_in_order(&r);
			for (n = 0; n < BITS; n++)
				assert_int_equal(
				    has(&r, n) ? ranges_get(&r, n)->mark + 1 : 0, map[n]);
			follow(&copy, &r, &changed);
		}
		ranges_done(&r);
		ranges_done(&copy);
	}
}

/* Full, it joins the lowest that touch, else forgets the lowest, and never says more than
 * was added. */
static void
test_a_full_set(void **state)
{
	unsigned char bits[BITS];
	struct ranges r = { 0 }, copy = { 0 };
	struct range x, changed;
	size_t i, most = 5;
	uint64_t n;

	(void)state;
	srandom(8);
	memset(bits, 0, sizeof bits);
	for (i = 0; i < 4000; i++) {
		x.first = x.last = (uint64_t)random() % BITS;
		x.mark = (uint32_t)i / 50;
		assert_int_equal(ranges_add(&r, &x, UINT64_MAX, most, &changed), 0);
		bits[x.first] = 1;
		assert_true(r.n <= most);
		assert_in_order(&r);
		follow(&copy, &r, &changed);
		for (n = 0; n < BITS; n++)
			if (has(&r, n))
				assert_int_equal(bits[n], 1);
			else if (n > r.v[0].first)
				assert_int_equal(bits[n], 0);
			else
				bits[n] = 0; /* forgotten */
	}
	ranges_done(&r);
	ranges_done(&copy);
	/* Nothing is forgotten while something touches. */
	for (i = 0; i < 20; i++)
		assert_int_equal(add(&r, 10 + i, 10 + i, 100 + (uint32_t)i, 99, 3), 0);
	assert_int_equal(r.n, 3);
	assert_int_equal(r.v[0].first, 10);
	assert_int_equal(r.v[0].mark, 117);
	assert_int_equal(r.v[2].mark, 119);
	ranges_done(&r);
}

static void
test_edges(void **state)
{
	struct range x = { 3, 4, 1 }, changed;
	struct ranges r = { 0 };

	(void)state;
	assert_int_equal(has(&r, 0), 0);
	assert_int_equal(add(&r, 5, 4, 1, 0, PLENTY), ERR_INVALID);
	assert_int_equal(add(&r, 5, UINT64_MAX, 1, 0, PLENTY), ERR_INVALID);
	assert_int_equal(add(&r, 0, 0, 1, 0, PLENTY), 0);
	assert_int_equal(add(&r, 2, 2, 1, 0, PLENTY), 0);
	assert_int_equal(r.n, 2);
	assert_int_equal(add(&r, 1, 1, 1, 0, PLENTY), 0);
	assert_int_equal(r.n, 1);
	assert_int_equal(ranges_add(&r, &x, 3, PLENTY, &changed), 0);
	assert_int_equal(r.n, 1);
	assert_true(changed.first == 0 && changed.last == 4);
	assert_int_equal(ranges_add(&r, &x, 3, PLENTY, &changed), 0);
	assert_true(changed.first > changed.last); /* it was there */
	assert_int_equal(add(&r, UINT64_MAX - 1, UINT64_MAX - 1, 1, 0, PLENTY), 0);
	assert_int_equal(has(&r, UINT64_MAX - 1), 1);
	assert_int_equal(has(&r, UINT64_MAX), 0);
	ranges_done(&r);
	assert_int_equal(r.n, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_like_a_map),
		cmocka_unit_test(test_a_full_set),
		cmocka_unit_test(test_edges),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
