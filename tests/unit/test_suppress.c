/* SPDX-License-Identifier: Apache-2.0 */
/* Small counts are withheld, and nobody can compute them from what is left. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/suppress.h"

enum { K = 11, ROWS = 6, COLS = 5, CELLS = ROWS * COLS, LINES = ROWS + COLS };

/* A table with totals in its last row and column. */
static void
sum_up(struct suppress_cell *c, struct suppress_line *l)
{
	uint32_t sum;
	uint16_t i, j;

	for (i = 0; i < ROWS - 1; i++) {
		for (sum = 0, j = 0; j < COLS - 1; j++)
			sum += c[i * COLS + j].n;
		c[i * COLS + COLS - 1].n = sum;
	}
	for (j = 0; j < COLS; j++) {
		for (sum = 0, i = 0; i < ROWS - 1; i++)
			sum += c[i * COLS + j].n;
		c[(ROWS - 1) * COLS + j].n = sum;
	}
	for (i = 0; i < ROWS; i++)
		l[i] = (struct suppress_line){ (uint16_t)(i * COLS + COLS - 1),
			(uint16_t)(i * COLS), 1, COLS - 1 };
	for (j = 0; j < COLS; j++)
		l[ROWS + j] = (struct suppress_line){ (uint16_t)((ROWS - 1) * COLS + j),
			j, COLS, ROWS - 1 };
}

/* The rank of a system, another way than the code under test goes. */
static unsigned
rank(double m[][CELLS], unsigned rows)
{
	unsigned r = 0, col, i, j, best;
	double f;

	for (col = 0; col < CELLS && r < rows; col++) {
		for (best = r, i = r; i < rows; i++)
			if (fabs(m[i][col]) > fabs(m[best][col]))
				best = i;
		if (fabs(m[best][col]) < 1e-9)
			continue;
		for (j = 0; j < CELLS; j++) {
			f = m[r][j];
			m[r][j] = m[best][j];
			m[best][j] = f;
		}
		for (i = r + 1; i < rows; i++) {
			f = m[i][col] / m[r][col];
			for (j = 0; j < CELLS; j++)
				m[i][j] -= f * m[r][j];
		}
		r++;
	}
	return r;
}

/* Can this cell be computed by whoever sees the others? */
static int
is_computed(const struct suppress_cell *c, const struct suppress_line *l, unsigned cell)
{
	double a[LINES + 1][CELLS], b[LINES + 1][CELLS];
	unsigned i, k, at;

	memset(a, 0, sizeof a);
	for (k = 0; k < LINES; k++) {
		for (i = 0; i < l[k].count; i++) {
			at = (unsigned)l[k].first + i * l[k].stride;
			a[k][at] = c[at].hidden ? 1 : 0;
		}
		a[k][l[k].total] = c[l[k].total].hidden ? -1 : 0;
	}
	memcpy(b, a, sizeof b);
	b[LINES][cell] = 1;
	return rank(a, LINES) == rank(b, LINES + 1);
}

static void
check(const struct suppress_cell *c, const struct suppress_line *l)
{
	unsigned i, k, at;
	uint32_t sum;

	for (i = 0; i < CELLS; i++) {
		if (c[i].n == 0)
			assert_false(c[i].hidden);
		if (c[i].n > 0 && c[i].n < K) {
			assert_true(c[i].hidden);
			assert_false(is_computed(c, l, i));
		}
	}
	for (k = 0; k < LINES; k++) {
		for (sum = 0, i = 0; i < l[k].count; i++) {
			at = (unsigned)l[k].first + i * l[k].stride;
			sum += c[at].hidden ? c[at].n : 0;
		}
		if (!c[l[k].total].hidden)
			assert_true(sum == 0 || sum >= K);
	}
}

static void
test_nothing_small(void **state)
{
	struct suppress_cell c[CELLS];
	struct suppress_line l[LINES];
	unsigned i;

	(void)state;
	memset(c, 0, sizeof c);
	for (i = 0; i < CELLS; i++)
		c[i].n = i % 3 == 0 ? 0 : K + i;
	sum_up(c, l);
	assert_int_equal(suppress_small(c, CELLS, l, LINES, K), 0);
	for (i = 0; i < CELLS; i++)
		assert_false(c[i].hidden);
}

/* One small cell: a square of four is withheld, and the totals stay. */
static void
test_one_small(void **state)
{
	struct suppress_cell c[CELLS];
	struct suppress_line l[LINES];
	unsigned i, hidden = 0;

	(void)state;
	memset(c, 0, sizeof c);
	for (i = 0; i < CELLS; i++)
		c[i].n = 20 + i;
	c[7].n = 3;
	sum_up(c, l);
	assert_int_equal(suppress_small(c, CELLS, l, LINES, K), 0);
	check(c, l);
	for (i = 0; i < CELLS; i++)
		hidden += c[i].hidden;
	assert_int_equal(hidden, 4);
	assert_false(c[CELLS - 1].hidden);
}

/* Two blocks joined by one cell: no line gives it away, all of them together do. */
static void
test_bridge(void **state)
{
	static const unsigned small[] = { 0, 1, COLS, COLS + 1, COLS + 2, 2 * COLS + 2,
		2 * COLS + 3, 3 * COLS + 2, 3 * COLS + 3 };
	struct suppress_cell c[CELLS];
	struct suppress_line l[LINES];
	unsigned i;

	(void)state;
	memset(c, 0, sizeof c);
	for (i = 0; i < CELLS; i++)
		c[i].n = 40;
	for (i = 0; i < sizeof small / sizeof small[0]; i++)
		c[small[i]].n = 8;
	sum_up(c, l);
	for (i = 0; i < CELLS; i++)
		c[i].hidden = c[i].n < K;
	assert_true(is_computed(c, l, COLS + 2));
	assert_int_equal(suppress_small(c, CELLS, l, LINES, K), 0);
	check(c, l);
}

static void
test_many(void **state)
{
	struct suppress_cell c[CELLS];
	struct suppress_line l[LINES];
	unsigned i, round, seed = 1;

	(void)state;
	for (round = 0; round < 3000; round++) {
		memset(c, 0, sizeof c);
		for (i = 0; i < CELLS; i++) {
			seed = seed * 1103515245u + 12345u;
			c[i].n = (seed >> 16) % (round % 40 + 1);
			if (seed % 5 == 0)
				c[i].n = 0;
		}
		sum_up(c, l);
		assert_int_equal(suppress_small(c, CELLS, l, LINES, K), 0);
		check(c, l);
	}
}

/* What was published stays, whatever is added. */
static void
test_fixed(void **state)
{
	struct suppress_cell c[] = { { 30, 0, 1 }, { 5, 1, 1 }, { 40, 0, 1 },
		{ 50, 0, 1 }, { 125, 0, 0 } };
	const struct suppress_line l = { 4, 0, 1, 4 };
	unsigned i;

	(void)state;
	assert_int_equal(suppress_small(c, 5, &l, 1, K), 0);
	for (i = 0; i < 5; i++)
		assert_int_equal(c[i].hidden, i == 1 || i == 4);
	assert_int_equal(suppress_small(c, SUPPRESS_CELLS_MAX + 1, &l, 1, K), ERR_LIMIT);
	assert_int_equal(suppress_small(c, 0, &l, 1, K), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_small),
		cmocka_unit_test(test_one_small),
		cmocka_unit_test(test_bridge),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_fixed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
