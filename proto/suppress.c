/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/suppress.h"

#include <string.h>

#include "lib/mem.h"

/* The lines are solved modulo a prime: exact, and small numbers stay what they are. */
#define PRIME 2147483647u
enum { NOWHERE = UINT16_MAX };

struct table {
	struct suppress_cell *cells;
	const struct suppress_line *lines;
	unsigned n_cells, n_lines;
	uint32_t k;
	uint16_t *column;   /* of a hidden cell in the system below */
	uint16_t *cell_of;  /* the other way round */
	uint8_t *solved;    /* by cell: it can be computed */
	uint16_t *opens;    /* how many lines that withhold something it is in */
	uint16_t *total_of; /* how many lines */
};

static unsigned
part_of(const struct suppress_line *l, unsigned i)
{
	return (unsigned)l->first + i * l->stride;
}

static int
may_hide(const struct suppress_cell *c)
{
	return c->n > 0 && !c->hidden && !c->fixed;
}

/* Has it a hidden cell? */
static int
is_open(const struct table *t, const struct suppress_line *l)
{
	unsigned i;

	for (i = 0; i < l->count; i++)
		if (t->cells[part_of(l, i)].hidden)
			return 1;
	return t->cells[l->total].hidden;
}

/* In how many lines that withhold something anyway each cell is. */
static void
count_open(struct table *t)
{
	const struct suppress_line *l;
	unsigned i, k;

	memset(t->opens, 0, t->n_cells * sizeof *t->opens);
	for (k = 0; k < t->n_lines; k++) {
		l = &t->lines[k];
		if (!is_open(t, l))
			continue;
		for (i = 0; i < l->count; i++)
			t->opens[part_of(l, i)]++;
		t->opens[l->total]++;
	}
}

/*
 * The better one of two cells to be withheld; NOWHERE is none.  One that a line has a use
 * for; the less of a total it is, for totals are what people look for; one that several
 * lines have a use for, so that a few are withheld together; the smaller.
 */
static unsigned
better(const struct table *t, unsigned a, unsigned b)
{
	if (!may_hide(&t->cells[b]))
		return a;
	if (a == NOWHERE || (t->opens[a] > 0) != (t->opens[b] > 0))
		return a == NOWHERE || t->opens[a] == 0 ? b : a;
	if (t->total_of[a] != t->total_of[b])
		return t->total_of[a] < t->total_of[b] ? a : b;
	if (t->opens[a] != t->opens[b])
		return t->opens[a] < t->opens[b] ? b : a;
	return t->cells[b].n < t->cells[a].n ? b : a;
}

static unsigned
best_of(const struct table *t, const struct suppress_line *l)
{
	unsigned i, best = NOWHERE;

	for (i = 0; i < l->count; i++)
		best = better(t, best, part_of(l, i));
	return better(t, best, l->total);
}

/* 1: another cell of the line is withheld now. */
static int
settle_line(struct table *t, const struct suppress_line *l)
{
	uint64_t sum = 0;
	unsigned i, more;

	for (i = 0; i < l->count; i++)
		if (t->cells[part_of(l, i)].hidden)
			sum += t->cells[part_of(l, i)].n;
	if (sum == 0 || sum >= t->k || t->cells[l->total].hidden)
		return 0;
	count_open(t);
	more = best_of(t, l);
	if (more == NOWHERE)
		return 0;
	t->cells[more].hidden = 1;
	return 1;
}

static uint32_t
times(uint32_t a, uint32_t b)
{
	return (uint32_t)((uint64_t)a * b % PRIME);
}

/* 1 / a: a to the power of PRIME - 2. */
static uint32_t
inverse(uint32_t a)
{
	uint32_t r = 1, e;

	for (e = PRIME - 2; e > 0; e >>= 1, a = times(a, a))
		if ((e & 1) != 0)
			r = times(r, a);
	return r;
}

/* One row for each line with hidden cells: its parts less its total.  The rows. */
static unsigned
system_of(struct table *t, uint32_t *m, unsigned width)
{
	const struct suppress_line *l;
	unsigned i, k, rows = 0;
	uint32_t *row;

	for (k = 0; k < t->n_lines; k++) {
		l = &t->lines[k];
		if (!is_open(t, l))
			continue;
		row = m + (size_t)rows++ * width;
		for (i = 0; i < l->count; i++)
			if (t->cells[part_of(l, i)].hidden)
				row[t->column[part_of(l, i)]] = 1;
		if (t->cells[l->total].hidden)
			row[t->column[l->total]] = PRIME - 1;
	}
	return rows;
}

static void
clear_column(uint32_t *m, unsigned rows, unsigned width, unsigned pivot, unsigned col)
{
	const uint32_t *p = m + (size_t)pivot * width;
	uint32_t f, *row;
	unsigned i, r;

	for (r = 0; r < rows; r++) {
		row = m + (size_t)r * width;
		f = row[col];
		if (r == pivot || f == 0)
			continue;
		for (i = col; i < width; i++)
			if (p[i] != 0)
				row[i] = (row[i] + (PRIME - times(f, p[i]))) % PRIME;
	}
}

/* Reduced row echelon form. */
static void
reduce(uint32_t *m, unsigned rows, unsigned width)
{
	unsigned col, i, r, at = 0;
	uint32_t f, held, *a, *b;

	for (col = 0; col < width && at < rows; col++) {
		for (r = at; r < rows && m[(size_t)r * width + col] == 0; r++)
			;
		if (r == rows)
			continue;
		a = m + (size_t)at * width;
		b = m + (size_t)r * width;
		for (i = col; a != b && i < width; i++) {
			held = a[i];
			a[i] = b[i];
			b[i] = held;
		}
		f = inverse(a[col]);
		for (i = col; i < width; i++)
			a[i] = times(a[i], f);
		clear_column(m, rows, width, at++, col);
	}
}

/* Which hidden cells can be computed: a row of the reduced system with nothing else. */
static int
solve(struct table *t)
{
	unsigned i, r, rows, width = 0, found = 0, n;
	uint32_t *m;

	memset(t->solved, 0, t->n_cells);
	for (i = 0; i < t->n_cells; i++)
		if (t->cells[i].hidden) {
			t->cell_of[width] = (uint16_t)i;
			t->column[i] = (uint16_t)width++;
		}
	if (width == 0)
		return 0;
	m = mem_calloc((size_t)t->n_lines * width, sizeof *m);
	if (m == NULL)
		return ERR_NOMEM;
	rows = system_of(t, m, width);
	reduce(m, rows, width);
	for (r = 0; r < rows; r++) {
		for (i = 0, n = 0; i < width && n < 2; i++)
			if (m[(size_t)r * width + i] != 0) {
				found = i;
				n++;
			}
		if (n == 1)
			t->solved[t->cell_of[found]] = 1;
	}
	mem_free(m);
	return 0;
}

/* What is withheld so that the lines say less together. */
static unsigned
cover_of(struct table *t)
{
	unsigned i, best = NOWHERE;

	count_open(t);
	for (i = 0; i < t->n_cells; i++)
		best = better(t, best, i);
	return best;
}

/* 1: something more is withheld; 0: nothing small can be computed. */
static int
settle_system(struct table *t)
{
	unsigned i, more;
	int rc = solve(t);

	for (i = 0; rc == 0 && i < t->n_cells; i++) {
		if (!t->solved[i] || t->cells[i].n >= t->k)
			continue;
		more = cover_of(t);
		if (more == NOWHERE)
			return 0;
		t->cells[more].hidden = 1;
		return 1;
	}
	return rc;
}

static int
settle(struct table *t)
{
	unsigned i;
	int rc, any;

	do {
		for (i = 0, any = 0; i < t->n_lines; i++)
			any |= settle_line(t, &t->lines[i]);
		rc = any ? 1 : settle_system(t);
	} while (rc == 1);
	return rc;
}

int
suppress_small(struct suppress_cell *cells, unsigned n_cells,
    const struct suppress_line *lines, unsigned n_lines, uint32_t k)
{
	struct table t = { cells, lines, n_cells, n_lines, k, NULL, NULL, NULL, NULL,
		NULL };
	unsigned i;
	int rc = ERR_NOMEM;

	if (n_cells == 0 || n_lines == 0)
		return 0;
	if (n_cells > SUPPRESS_CELLS_MAX || n_lines > SUPPRESS_LINES_MAX)
		return ERR_LIMIT;
	for (i = 0; i < n_cells; i++)
		if (!cells[i].fixed && cells[i].n > 0 && cells[i].n < k)
			cells[i].hidden = 1;
	t.column = mem_calloc(n_cells, sizeof *t.column);
	t.cell_of = mem_calloc(n_cells, sizeof *t.cell_of);
	t.solved = mem_calloc(n_cells, sizeof *t.solved);
	t.opens = mem_calloc(n_cells, sizeof *t.opens);
	t.total_of = mem_calloc(n_cells, sizeof *t.total_of);
	if (t.column != NULL && t.cell_of != NULL && t.solved != NULL &&
	    t.opens != NULL && t.total_of != NULL) {
		for (i = 0; i < n_lines; i++)
			t.total_of[lines[i].total]++;
		rc = settle(&t);
	}
	mem_free(t.column);
	mem_free(t.cell_of);
	mem_free(t.solved);
	mem_free(t.opens);
	mem_free(t.total_of);
	return rc;
}
