/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_STATS_TABLE_H
#define KEEPER_STATS_TABLE_H

#include "daemon/keeper/stats.h"
#include "proto/suppress.h"

/*
 * The table of a year: classes by quarters, sectors by quarters, what came from agencies
 * and what the centre sent, and when the year is whole its sums and classes by sectors,
 * all in one array of cells.  A quarter is marked
 * by itself, so that what was shown of it stays as it was; the year's sums give way.
 */
enum { STATS_CLASSES = 64, STATS_SECTORS = 72, STATS_YEAR = 4 };
/* Rows of their own, in no sum of the others. */
enum stats_aside { STATS_AGENCIES, STATS_BULLETINS, STATS_ASIDE_COUNT };

struct stats_table {
	uint32_t from; /* its first quarter */
	uint32_t k;
	uint8_t closed[4], whole;
	unsigned classes, sectors;
	/* Words of the data files, then of older ones, '' last. */
	char class_[STATS_CLASSES][STAT_WORD_MAX + 1];
	char sector[STATS_SECTORS][STAT_WORD_MAX + 1];
	struct suppress_cell *cells;
	unsigned n_cells;
};

/* The year that begins with the quarter `from`, as it is shown at this minute.  *t is to
 * be given to stats_table_done whatever comes of it. */
int stats_table_make(
    struct stats_table *t, struct keeper *k, uint32_t from, int64_t minute) MUST_CHECK;
void stats_table_done(struct stats_table *t);

/* class: 0.., and t->classes for all; quarter: 0..3 and STATS_YEAR. */
const struct suppress_cell *stats_of_class(
    const struct stats_table *t, unsigned class_, unsigned quarter);
const struct suppress_cell *stats_of_sector(
    const struct stats_table *t, unsigned sector, unsigned quarter);
/* aside: enum stats_aside. */
const struct suppress_cell *stats_of_aside(
    const struct stats_table *t, unsigned aside, unsigned quarter);
/* Of the year. */
const struct suppress_cell *stats_of_both(
    const struct stats_table *t, unsigned class_, unsigned sector);

#endif
