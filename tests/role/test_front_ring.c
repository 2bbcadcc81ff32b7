/* SPDX-License-Identifier: Apache-2.0 */
/* The ring: what is in it is what was put in, in order, whatever the sizes; what does not
 * fit makes room. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/front/ring.h"

enum { BYTES = 65536 };

/* Every row says its sequence and length by its bytes. */
static size_t
fill(char *p, uint64_t seq, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		p[i] = (char)(seq * 31 + i * 7);
	return n;
}

static size_t
length_of(uint64_t seq)
{
	return 1 + (size_t)(seq * 2654435761u % 3000);
}

static void
put(struct ring *r, uint64_t seq, size_t n, size_t stub_n)
{
	static char event[BYTES], stub[BYTES];
	struct frame_head h;

	memset(&h, 0, sizeof h);
	h.seq = seq;
	ring_add(r, &h, (struct slice){ event, fill(event, seq, n) },
	    (struct slice){ stub, fill(stub, seq + 1, stub_n) });
}

static void
check(const struct ring *r, uint64_t seq, size_t n, size_t stub_n)
{
	static char want[BYTES];
	const struct ring_row *row = ring_row(r, seq);

	assert_int_equal(row->head->seq, seq);
	assert_int_equal(row->event_n, n);
	assert_int_equal(row->stub_n, stub_n);
	(void)fill(want, seq, n);
	assert_memory_equal(row->event, want, n);
	if (stub_n == 0) {
		assert_null(row->stub);
		return;
	}
	(void)fill(want, seq + 1, stub_n);
	assert_memory_equal(row->stub, want, stub_n);
}

/* Everything from first to next is whole, and no more bytes are used than there are. */
static void
check_all(const struct ring *r)
{
	uint64_t s;

	assert_true(ring_used(r) <= BYTES);
	for (s = ring_first(r); s < ring_next(r); s++)
		check(r, s, length_of(s), s % 5 == 0 ? 100 : 0);
}

static void
test_many_laps(void **state)
{
	struct ring *r = ring_new(BYTES);
	uint64_t s;

	(void)state;
	for (s = 1000; s < 6000; s++) {
		put(r, s, length_of(s), s % 5 == 0 ? 100 : 0);
		assert_int_equal(ring_next(r), s + 1);
		assert_true(ring_first(r) >= 1000 && ring_first(r) <= s);
		if (s % 37 == 0)
			check_all(r);
	}
	check_all(r);
	/* It holds as much as it can: the next-largest rows would not fit besides. */
	assert_true(ring_used(r) > BYTES - 2 * 3100);
	ring_free(r);
}

static void
test_rows_of_nothing_are_bounded(void **state)
{
	struct ring *r = ring_new(BYTES);
	uint64_t s;

	(void)state;
	for (s = 1; s < 5000; s++)
		put(r, s, 0, 0);
	assert_true(ring_next(r) - ring_first(r) <= BYTES / 512);
	for (s = ring_first(r); s < ring_next(r); s++)
		assert_int_equal(ring_row(r, s)->head->seq, s);
	ring_free(r);
}

static void
test_gap_forgets(void **state)
{
	struct ring *r = ring_new(BYTES);

	(void)state;
	put(r, 5, 10, 0);
	put(r, 6, 10, 0);
	put(r, 9, 10, 0);
	assert_int_equal(ring_first(r), 9);
	assert_int_equal(ring_next(r), 10);
	check(r, 9, 10, 0);
	ring_clear(r);
	assert_int_equal(ring_first(r), ring_next(r));
	assert_int_equal(ring_used(r), 0);
	put(r, 3, 10, 0);
	assert_int_equal(ring_first(r), 3);
	ring_free(r);
}

static void
test_giant_row_is_left_to_pages(void **state)
{
	struct ring *r = ring_new(BYTES);

	(void)state;
	put(r, 1, 100, 0);
	put(r, 2, BYTES / 4 + 1, 0);
	/* Whoever is at 1 or 2 is behind the ring; the next row is in it. */
	assert_int_equal(ring_first(r), 3);
	assert_int_equal(ring_next(r), 3);
	put(r, 3, 100, 0);
	assert_int_equal(ring_first(r), 3);
	check(r, 3, 100, 0);
	ring_free(r);
}

static void
test_neighbours_lie_side_by_side(void **state)
{
	struct ring *r = ring_new(BYTES);
	const struct ring_row *a, *b;

	(void)state;
	put(r, 1, 100, 0);
	put(r, 2, 200, 0);
	a = ring_row(r, 1);
	b = ring_row(r, 2);
	assert_ptr_equal(a->event + a->event_n, b->event);
	ring_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_many_laps),
		cmocka_unit_test(test_rows_of_nothing_are_bounded),
		cmocka_unit_test(test_gap_forgets),
		cmocka_unit_test(test_giant_row_is_left_to_pages),
		cmocka_unit_test(test_neighbours_lie_side_by_side),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
