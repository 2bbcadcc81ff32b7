/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/stats_table.h"

#include <stdio.h>
#include <string.h>

#include "lib/mem.h"

enum { COLUMNS = 5 }; /* four quarters, the year */

/* Where a cell lies: classes with their sum, then sectors, what stands aside, then both.
 */
static unsigned
at_class(unsigned class_, unsigned quarter)
{
	return class_ * COLUMNS + quarter;
}

static unsigned
at_sector(const struct stats_table *t, unsigned sector, unsigned quarter)
{
	return (t->classes + 1 + sector) * COLUMNS + quarter;
}

static unsigned
at_aside(const struct stats_table *t, unsigned aside, unsigned quarter)
{
	return (t->classes + 1 + t->sectors + aside) * COLUMNS + quarter;
}

/* Rows that have four quarters and a year. */
static unsigned
year_rows(const struct stats_table *t)
{
	return t->classes + 1 + t->sectors + STATS_ASIDE_COUNT;
}

static unsigned
at_both(const struct stats_table *t, unsigned class_, unsigned sector)
{
	return year_rows(t) * COLUMNS + class_ * t->sectors + sector;
}

const struct suppress_cell *
stats_of_class(const struct stats_table *t, unsigned class_, unsigned quarter)
{
	return &t->cells[at_class(class_, quarter)];
}

const struct suppress_cell *
stats_of_sector(const struct stats_table *t, unsigned sector, unsigned quarter)
{
	return &t->cells[at_sector(t, sector, quarter)];
}

const struct suppress_cell *
stats_of_aside(const struct stats_table *t, unsigned aside, unsigned quarter)
{
	return &t->cells[at_aside(t, aside, quarter)];
}

const struct suppress_cell *
stats_of_both(const struct stats_table *t, unsigned class_, unsigned sector)
{
	return &t->cells[at_both(t, class_, sector)];
}

/* The index of a word; n: it is not there. */
static unsigned
find(char words[][STAT_WORD_MAX + 1], unsigned n, const char *word)
{
	unsigned i;

	for (i = 0; i < n && strcmp(words[i], word) != 0; i++)
		;
	return i;
}

/* The last place is kept for ''. */
static void
learn(char words[][STAT_WORD_MAX + 1], unsigned *n, unsigned cap, const char *word)
{
	if (word[0] == '\0' || *n + 1 >= cap || find(words, *n, word) < *n)
		return;
	(void)snprintf(words[(*n)++], STAT_WORD_MAX + 1, "%.*s", STAT_WORD_MAX, word);
}

static void
known_words(struct stats_table *t, const struct taxonomy *tax)
{
	const char *word;
	unsigned i;

	for (i = 0; (word = taxonomy_event(tax, i)) != NULL; i++)
		learn(t->class_, &t->classes, STATS_CLASSES, word);
	for (i = 0; (word = taxonomy_sector_slug(tax, i)) != NULL; i++)
		learn(t->sector, &t->sectors, STATS_SECTORS, word);
}

static int
learn_row(void *arg, const struct store_stat *v)
{
	struct stats_table *t = arg;

	if (t->closed[v->quarter - t->from] && stats_aside(v) == STATS_ASIDE_COUNT) {
		learn(t->class_, &t->classes, STATS_CLASSES, v->class_);
		learn(t->sector, &t->sectors, STATS_SECTORS, v->sector);
	}
	return 0;
}

/* What is in no list counts as ''. */
static unsigned
place(char words[][STAT_WORD_MAX + 1], unsigned n, const char *word)
{
	unsigned i = find(words, n, word);

	return i < n ? i : n - 1;
}

static int
add_row(void *arg, const struct store_stat *v)
{
	struct stats_table *t = arg;
	unsigned q = v->quarter - t->from, aside = stats_aside(v);

	if (!t->closed[q])
		return 0;
	if (aside != STATS_ASIDE_COUNT) {
		t->cells[at_aside(t, aside, q)].n += v->n;
		return 0;
	}
	t->cells[at_class(place(t->class_, t->classes, v->class_), q)].n += v->n;
	t->cells[at_sector(t, place(t->sector, t->sectors, v->sector), q)].n += v->n;
	t->cells[at_class(t->classes, q)].n += v->n;
	return 0;
}

static int
add_both(void *arg, const struct store_stat *v)
{
	struct stats_table *t = arg;

	if (stats_aside(v) != STATS_ASIDE_COUNT)
		return 0;
	t->cells[at_both(t, place(t->class_, t->classes, v->class_),
		     place(t->sector, t->sectors, v->sector))]
	    .n += v->n;
	return 0;
}

static struct suppress_line
line(unsigned total, unsigned first, unsigned stride, unsigned count)
{
	return (struct suppress_line){ (uint16_t)total, (uint16_t)first, (uint16_t)stride,
		(uint16_t)count };
}

/* The sums of a column over all classes, and over all sectors. */
static unsigned
column_lines(const struct stats_table *t, unsigned q, struct suppress_line *out)
{
	out[0] = line(at_class(t->classes, q), at_class(0, q), COLUMNS, t->classes);
	out[1] = line(at_class(t->classes, q), at_sector(t, 0, q), COLUMNS, t->sectors);
	return 2;
}

/* Each row's sum over the quarters, and those of classes by sectors. */
static unsigned
year_lines(const struct stats_table *t, struct suppress_line *out)
{
	unsigned i, n = 0;

	for (i = 0; i < year_rows(t); i++)
		out[n++] = line(at_class(i, STATS_YEAR), at_class(i, 0), 1, 4);
	for (i = 0; i < t->classes; i++)
		out[n++] = line(at_class(i, STATS_YEAR), at_both(t, i, 0), 1, t->sectors);
	for (i = 0; i < t->sectors; i++)
		out[n++] = line(at_sector(t, i, STATS_YEAR), at_both(t, 0, i), t->sectors,
		    t->classes);
	return n + column_lines(t, STATS_YEAR, out + n);
}

static void
sum_up(struct stats_table *t)
{
	unsigned i, q;

	for (i = 0; i < year_rows(t); i++)
		for (q = 0; q < 4; q++)
			t->cells[at_class(i, STATS_YEAR)].n += t->cells[at_class(i, q)].n;
}

static int
mark(struct stats_table *t, struct keeper *k)
{
	struct suppress_line
	    lines[2 * STATS_CLASSES + 2 * STATS_SECTORS + STATS_ASIDE_COUNT + 12];
	unsigned i, q, n = 0;
	int rc;

	for (q = 0; q < 4; q++)
		if (t->closed[q])
			n += column_lines(t, q, lines + n);
	rc = suppress_small(t->cells, t->n_cells, lines, n, t->k);
	if (rc != 0 || !t->whole)
		return rc;
	for (i = 0; i < t->n_cells; i++)
		t->cells[i].fixed = 1;
	for (i = 0; i < year_rows(t); i++)
		t->cells[at_class(i, STATS_YEAR)].fixed = 0;
	for (i = at_both(t, 0, 0); i < t->n_cells; i++)
		t->cells[i].fixed = 0;
	sum_up(t);
	rc = store_stat_each(k->store, t->from, t->from + 3, add_both, t);
	n += year_lines(t, lines + n);
	return rc == 0 ? suppress_small(t->cells, t->n_cells, lines, n, t->k) : rc;
}

int
stats_table_make(struct stats_table *t, struct keeper *k, uint32_t from, int64_t minute)
{
	unsigned q;
	int rc;

	memset(t, 0, sizeof *t);
	t->from = from;
	t->k = (uint32_t)k->policy.rules.k_beyond;
	t->whole = 1;
	for (q = 0; q < 4; q++) {
		t->closed[q] = (uint8_t)stats_is_settled(from + q, minute);
		t->whole &= t->closed[q];
	}
	known_words(t, k->tax);
	rc = store_stat_each(k->store, from, from + 3, learn_row, t);
	if (rc != 0)
		return rc;
	t->classes++; /* '' */
	t->sectors++;
	t->n_cells = at_both(t, t->classes, 0);
	t->cells = mem_calloc(t->n_cells, sizeof *t->cells);
	if (t->cells == NULL)
		return ERR_NOMEM;
	rc = store_stat_each(k->store, from, from + 3, add_row, t);
	return rc == 0 ? mark(t, k) : rc;
}

void
stats_table_done(struct stats_table *t)
{
	mem_free(t->cells);
	t->cells = NULL;
}
