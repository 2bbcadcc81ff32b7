/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_SUPPRESS_H
#define PROTO_SUPPRESS_H

#include <stdint.h>

#include "lib/err.h"

/*
 * Small counts of a table with totals are withheld, and with them as many others as it
 * takes that none of them can be computed from what is left.
 */
struct suppress_cell {
	uint32_t n;
	uint8_t hidden; /* withheld */
	uint8_t fixed;	/* was published as it is: others are withheld in its place */
};

/* The cell `total` is the sum of `count` cells, from `first` on at a distance of
 * `stride`.
 */
struct suppress_line {
	uint16_t total, first, stride, count;
};

enum { SUPPRESS_CELLS_MAX = 8192, SUPPRESS_LINES_MAX = 1024 };

/*
 * Marks cells as hidden until this holds: no cell that is shown is between 1 and k - 1;
 * what a line withholds below a total that is shown adds up to k at least; no cell below
 * k is determined by all lines together and what is shown.  A zero is always shown.  The
 * same table gives the same marks.  Cells that were fixed have to hold it among
 * themselves.  0, ERR_LIMIT, ERR_NOMEM.
 */
int suppress_small(struct suppress_cell *cells, unsigned n_cells,
    const struct suppress_line *lines, unsigned n_lines, uint32_t k) MUST_CHECK;

#endif
