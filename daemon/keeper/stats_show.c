/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "daemon/keeper/desk_call.h"
#include "daemon/keeper/stats_table.h"
#include "lib/mem.h"
#include "proto/csv.h"
#include "proto/http.h"

enum {
	YEAR_LEAST = 2000,
	YEAR_MOST = 9998,
	CSV_MAX = KEEPER_FRAME_MAX / 2,
	MARK = 16,
};

/* A front that asks for a table says how long a page may be: all of it is one. */
static const char *const known[] = { "year", "limit", NULL };

/* The year that is asked for, or this one: from April on. */
static int
first_quarter(struct desk_call *c, uint32_t *ret)
{
	uint64_t year = (stats_quarter(c->minute) - 1) / 4;
	int rc;

	if (!http_query_known(c->m->query, known))
		return desk_fail(c, P_BAD_REQUEST, NULL, "a parameter is not known");
	rc = desk_number(c, "year", YEAR_LEAST, YEAR_MOST, &year);
	if (rc == 0)
		*ret = (uint32_t)year * 4 + 1;
	return rc;
}

/* "12", or "<11*" for what is withheld: fewer than k, or so that a smaller one cannot be
 * computed.  Which of both it is would be a hint. */
static const char *
figure(const struct stats_table *t, const struct suppress_cell *c, char room[MARK])
{
	if (c->hidden)
		(void)snprintf(room, MARK, "<%u*", (unsigned)t->k);
	else
		(void)snprintf(room, MARK, "%u", (unsigned)c->n);
	return room;
}

static int
is_shown(const struct stats_table *t, unsigned quarter)
{
	return quarter == STATS_YEAR ? t->whole : t->closed[quarter];
}

static void
write_figure(const struct stats_table *t, const struct suppress_cell *c, int shown,
    struct buf *out)
{
	char room[MARK];

	if (!shown)
		buf_adds(out, "null");
	else if (c->hidden)
		json_add_string(out, slice_of(figure(t, c, room)));
	else
		buf_adds(out, figure(t, c, room));
}

typedef const struct suppress_cell *cell_fn(
    const struct stats_table *t, unsigned row, unsigned quarter);

/* "quarters":[..],"year":.. */
static void
write_row(const struct stats_table *t, cell_fn *cell, unsigned row, struct buf *out)
{
	unsigned q;

	buf_adds(out, "\"quarters\":[");
	for (q = 0; q < 4; q++) {
		buf_adds(out, q > 0 ? "," : "");
		write_figure(t, cell(t, row, q), is_shown(t, q), out);
	}
	buf_adds(out, "],\"year\":");
	write_figure(t, cell(t, row, STATS_YEAR), t->whole, out);
}

static void
write_word(const char *name, const char *word, struct buf *out)
{
	buf_addf(out, "\"%s\":", name);
	if (word[0] == '\0')
		buf_adds(out, "null");
	else
		json_add_string(out, slice_of(word));
}

static void
write_rows(const struct stats_table *t, const char *name, cell_fn *cell,
    const char words[][STAT_WORD_MAX + 1], unsigned n, struct buf *out)
{
	unsigned i;

	for (i = 0; i < n; i++) {
		buf_adds(out, i > 0 ? ",{" : "{");
		write_word(name, words[i], out);
		buf_addc(out, ',');
		write_row(t, cell, i, out);
		buf_addc(out, '}');
	}
}

/* Classes by sectors, where there is anything. */
static void
write_both(const struct stats_table *t, struct buf *out)
{
	const struct suppress_cell *cell;
	unsigned i, s, n = 0;

	for (i = 0; t->whole && i < t->classes; i++)
		for (s = 0; s < t->sectors; s++) {
			cell = stats_of_both(t, i, s);
			if (cell->n == 0)
				continue;
			buf_adds(out, n++ > 0 ? ",{" : "{");
			write_word("class", t->class_[i], out);
			buf_addc(out, ',');
			write_word("sector", t->sector[s], out);
			buf_adds(out, ",\"year\":");
			write_figure(t, cell, 1, out);
			buf_addc(out, '}');
		}
}

static void
write_table(const struct stats_table *t, struct buf *out)
{
	char day[11];
	unsigned q;

	buf_addf(out, "{\"year\":%u,\"k\":%u,\"quarters\":[", (unsigned)(t->from / 4),
	    (unsigned)t->k);
	for (q = 0; q < 4; q++) {
		stats_day(t->from + q, day);
		buf_addf(out, "%s{\"from\":\"%s\",\"settled\":%s}", q > 0 ? "," : "", day,
		    t->closed[q] ? "true" : "false");
	}
	buf_adds(out, "],\"total\":{");
	write_row(t, stats_of_class, t->classes, out);
	buf_adds(out, "},\"agencies\":{");
	write_row(t, stats_of_aside, STATS_AGENCIES, out);
	buf_adds(out, "},\"bulletins\":{");
	write_row(t, stats_of_aside, STATS_BULLETINS, out);
	buf_adds(out, "},\"classes\":[");
	write_rows(t, "class", stats_of_class, t->class_, t->classes, out);
	buf_adds(out, "],\"sectors\":[");
	write_rows(t, "sector", stats_of_sector, t->sector, t->sectors, out);
	buf_adds(out, "],\"classes_by_sectors\":[");
	write_both(t, out);
	buf_addc(out, ']');
}

/* Counts of a quarter that is not settled, by groups of sectors; the last one: none. */
struct live {
	const struct taxonomy *tax;
	uint32_t n[65], aside[STATS_ASIDE_COUNT];
};

static int
add_live(void *arg, const struct store_stat *v)
{
	struct live *l = arg;
	unsigned sector = taxonomy_sector(l->tax, slice_of(v->sector));
	unsigned group = sector < 64 ? taxonomy_sector_group(l->tax, sector) : 64;
	unsigned aside = stats_aside(v);

	if (aside < STATS_ASIDE_COUNT) {
		l->aside[aside] += v->n;
		return 0;
	}
	l->n[group < 64 ? group : 64] += v->n;
	return 0;
}

static int
write_live(struct keeper *k, uint32_t quarter, struct buf *out)
{
	struct live l = { .tax = k->tax };
	unsigned g, groups = taxonomy_group_count(k->tax);
	char day[11];
	int rc = store_stat_each(k->store, quarter, quarter, add_live, &l);

	stats_day(quarter, day);
	buf_addf(out, "{\"from\":\"%s\",\"agencies\":%u,\"bulletins\":%u,\"groups\":[",
	    day, (unsigned)l.aside[STATS_AGENCIES], (unsigned)l.aside[STATS_BULLETINS]);
	for (g = 0; g < groups; g++) {
		buf_adds(out, "{");
		write_word("group", taxonomy_group_slug(k->tax, g), out);
		buf_addf(out, ",\"cases\":%u},", (unsigned)l.n[g]);
	}
	buf_addf(out, "{\"group\":null,\"cases\":%u}]}", (unsigned)l.n[64]);
	return rc;
}

int
stats_get(struct keeper *k, struct desk_call *c)
{
	uint32_t from = 0, quarter = stats_quarter(c->minute);
	struct stats_table *t;
	int rc = first_quarter(c, &from);

	if (rc != 0)
		return rc;
	t = mem_zalloc(sizeof *t);
	if (t == NULL)
		return ERR_NOMEM;
	rc = stats_table_make(t, k, from, c->minute);
	if (rc == 0)
		write_table(t, c->out);
	/* The centre also sees what is not settled, by groups, as it stands. */
	if (rc == 0 && (c->m->rights.roles & ROLE_CENTRE) != 0) {
		buf_adds(c->out, ",\"live\":[");
		if (!stats_is_settled(quarter - 1, c->minute)) {
			rc = write_live(k, quarter - 1, c->out);
			buf_addc(c->out, ',');
		}
		if (rc == 0)
			rc = write_live(k, quarter, c->out);
		buf_addc(c->out, ']');
	}
	buf_addc(c->out, '}');
	stats_table_done(t);
	mem_free(t);
	return rc != 0 ? rc : buf_err(c->out);
}

static void
csv_word(struct buf *out, unsigned *at, const char *word)
{
	csv_cell(out, at, slice_of(word != NULL ? word : ""));
}

/* "info_leak", its names; "all" for a sum, "none" for ''. */
static void
csv_named(const struct taxonomy *tax, const char *word, int is_class, struct buf *out,
    unsigned *at)
{
	const char *langs[] = { "ja", "en" };
	unsigned i, sector;

	csv_word(out, at, word == NULL ? "all" : word[0] == '\0' ? "none" : word);
	for (i = 0; i < 2; i++) {
		sector = word != NULL && !is_class ? taxonomy_sector(tax, slice_of(word))
						   : 255;
		if (word != NULL && is_class)
			csv_word(
			    out, at, taxonomy_class_name(tax, slice_of(word), langs[i]));
		else
			csv_word(out, at,
			    sector < 64 ? taxonomy_sector_name(tax, sector, langs[i])
					: "");
	}
}

static void
csv_begin_row(const struct stats_table *t, const struct taxonomy *tax, const char *class_,
    const char *sector, struct buf *out, unsigned *at)
{
	char year[16];

	(void)snprintf(year, sizeof year, "%u", (unsigned)(t->from / 4));
	csv_word(out, at, year);
	csv_named(tax, class_, 1, out, at);
	csv_named(tax, sector, 0, out, at);
}

static void
csv_figures(const struct stats_table *t, cell_fn *cell, unsigned row, struct buf *out,
    unsigned *at)
{
	char room[MARK];
	unsigned q;

	for (q = 0; q <= STATS_YEAR; q++)
		csv_word(out, at, is_shown(t, q) ? figure(t, cell(t, row, q), room) : "");
	csv_line(out, at);
}

/* Rows that are in no sum: their names stand where a class's do. */
static void
csv_aside(const struct stats_table *t, struct buf *out, unsigned *at)
{
	static const char *const names[STATS_ASIDE_COUNT][3] = {
		[STATS_AGENCIES] = { "from_agencies", "関係機関からの情報連絡",
		    "reports of agencies" },
		[STATS_BULLETINS] = { "bulletins_sent", "情報提供",
		    "bulletins sent by the centre" },
	};
	char year[16];
	unsigned i, n;

	(void)snprintf(year, sizeof year, "%u", (unsigned)(t->from / 4));
	for (i = 0; i < STATS_ASIDE_COUNT; i++) {
		csv_word(out, at, year);
		for (n = 0; n < 3; n++)
			csv_word(out, at, names[i][n]);
		csv_named(NULL, NULL, 0, out, at);
		csv_figures(t, stats_of_aside, i, out, at);
	}
}

static void
csv_table(const struct stats_table *t, const struct taxonomy *tax, struct buf *out)
{
	static const char *const head[] = { "year_from_april", "class", "class_ja",
		"class_en", "sector", "sector_ja", "sector_en", "apr_jun", "jul_sep",
		"oct_dec", "jan_mar", "year" };
	unsigned i, s, q, at = 0;
	char room[MARK];

	csv_begin(out);
	for (i = 0; i < sizeof head / sizeof head[0]; i++)
		csv_word(out, &at, head[i]);
	csv_line(out, &at);
	csv_begin_row(t, tax, NULL, NULL, out, &at);
	csv_figures(t, stats_of_class, t->classes, out, &at);
	csv_aside(t, out, &at);
	for (i = 0; i < t->classes; i++) {
		csv_begin_row(t, tax, t->class_[i], NULL, out, &at);
		csv_figures(t, stats_of_class, i, out, &at);
	}
	for (i = 0; i < t->sectors; i++) {
		csv_begin_row(t, tax, NULL, t->sector[i], out, &at);
		csv_figures(t, stats_of_sector, i, out, &at);
	}
	for (i = 0; t->whole && i < t->classes; i++)
		for (s = 0; s < t->sectors; s++) {
			if (stats_of_both(t, i, s)->n == 0)
				continue;
			csv_begin_row(t, tax, t->class_[i], t->sector[s], out, &at);
			for (q = 0; q < STATS_YEAR; q++)
				csv_word(out, &at, "");
			csv_word(out, &at, figure(t, stats_of_both(t, i, s), room));
			csv_line(out, &at);
		}
}

int
stats_csv(struct keeper *k, struct desk_call *c)
{
	struct stats_table *t;
	struct buf text;
	uint32_t from = 0;
	int rc = first_quarter(c, &from);

	if (rc != 0)
		return rc;
	t = mem_zalloc(sizeof *t);
	if (t == NULL)
		return ERR_NOMEM;
	buf_init(&text, CSV_MAX);
	rc = stats_table_make(t, k, from, c->minute);
	if (rc == 0)
		csv_table(t, k->tax, &text);
	if (rc == 0)
		rc = buf_err(&text);
	buf_adds(c->out, "{\"csv\":");
	json_add_string(c->out, buf_slice(&text));
	buf_adds(c->out, ",\"next\":null}");
	buf_done(&text);
	stats_table_done(t);
	mem_free(t);
	return rc != 0 ? rc : buf_err(c->out);
}
