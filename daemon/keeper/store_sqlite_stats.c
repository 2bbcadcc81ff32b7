/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/store_sqlite_stats.h"

#include <stdio.h>
#include <string.h>

#include <sqlite3.h>

#include "daemon/keeper/store_sqlite.h"
#include "daemon/keeper/store_stats.h"
#include "lib/db.h"

/* How many cases of a class came from a sector in a quarter; how grave they were. */

static const char *const texts[TSQL_COUNT] = {
	[TSQL_STAT_MORE] =
	    "INSERT INTO stats (quarter, class, sector, n) VALUES (?1, ?2, ?3, 1)"
	    " ON CONFLICT (quarter, class, sector) DO UPDATE SET n = n + 1",
	[TSQL_STAT_LESS] = "UPDATE stats SET n = n - 1 WHERE quarter = ?1 AND class = ?2"
			   " AND sector = ?3 AND n > 0",
	[TSQL_STAT_EACH] =
	    "SELECT quarter, class, sector, n FROM stats WHERE quarter BETWEEN ?1 AND ?2"
	    " AND n > 0 ORDER BY quarter, class, sector",
	[TSQL_CASE_GET] =
	    "SELECT quarter, class, sector FROM stats_cases WHERE case_id = ?1",
	[TSQL_CASE_PUT] = "INSERT OR REPLACE INTO stats_cases (quarter, class, sector,"
			  " case_id) VALUES (?1, ?2, ?3, ?4)",
	[TSQL_CASE_DEL] = "DELETE FROM stats_cases WHERE case_id = ?1",
	[TSQL_ASSESS_ADD] =
	    "INSERT INTO assessments (case_id, n, report, minute, continuity, safety,"
	    " trust) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
	[TSQL_ASSESS_LIST] =
	    "SELECT n, report, minute, continuity, safety, trust FROM assessments"
	    " WHERE case_id = ?1 ORDER BY n",
};

void
store_stats_prepare(struct store *s)
{
	int i;

	for (i = 0; i < TSQL_COUNT; i++)
		s->stats[i] = db_prepare(s->db, texts[i]);
}

static void
bind_stat(struct sqlite3_stmt *st, const struct store_stat *v)
{
	store_bind_int(st, 1, v->quarter);
	(void)sqlite3_bind_text(st, 2, v->class_, -1, SQLITE_STATIC);
	(void)sqlite3_bind_text(st, 3, v->sector, -1, SQLITE_STATIC);
}

static int
word(struct sqlite3_stmt *st, int i, char ret[STAT_WORD_MAX + 1])
{
	struct slice s = store_col(st, i);

	if (s.n > STAT_WORD_MAX)
		return ERR_CORRUPT;
	memset(ret, 0, STAT_WORD_MAX + 1);
	if (s.n > 0)
		memcpy(ret, s.p, s.n);
	return 0;
}

static int
stat_row(struct sqlite3_stmt *st, void *to)
{
	struct store_stat *ret = to;
	int rc;

	ret->quarter = (uint32_t)store_col_int(st, 0);
	ret->n = 0;
	rc = word(st, 1, ret->class_);
	return rc != 0 ? rc : word(st, 2, ret->sector);
}

int
store_stat_count(struct store *s, const struct store_stat *v, int less)
{
	struct sqlite3_stmt *st = s->stats[less ? TSQL_STAT_LESS : TSQL_STAT_MORE];

	bind_stat(st, v);
	return db_run(s->db, st);
}

int
store_stat_each(struct store *s, uint32_t from, uint32_t to,
    int (*fn)(void *arg, const struct store_stat *v), void *arg)
{
	struct sqlite3_stmt *st = s->stats[TSQL_STAT_EACH];
	struct store_stat v;
	int rc;

	store_bind_int(st, 1, from);
	store_bind_int(st, 2, to);
	while ((rc = db_step(s->db, st)) == 1) {
		rc = stat_row(st, &v);
		v.n = (uint32_t)store_col_int(st, 3);
		if (rc == 0)
			rc = fn(arg, &v);
		if (rc != 0)
			break;
	}
	db_reset(st);
	return rc;
}

int
store_stat_case_get(struct store *s, const uint8_t *case_id, struct store_stat *ret)
{
	struct sqlite3_stmt *st = s->stats[TSQL_CASE_GET];

	store_bind_blob(st, 1, case_id, ID_LEN);
	return store_read_one(s, st, stat_row, ret);
}

int
store_stat_case_put(struct store *s, const uint8_t *case_id, const struct store_stat *v)
{
	struct sqlite3_stmt *st = s->stats[TSQL_CASE_PUT];

	bind_stat(st, v);
	store_bind_blob(st, 4, case_id, ID_LEN);
	return db_run(s->db, st);
}

int
store_stat_case_del(struct store *s, const uint8_t *case_id)
{
	struct sqlite3_stmt *st = s->stats[TSQL_CASE_DEL];

	store_bind_blob(st, 1, case_id, ID_LEN);
	return db_run(s->db, st);
}

int
store_assessment_add(struct store *s, const struct store_assessment *a)
{
	struct sqlite3_stmt *st = s->stats[TSQL_ASSESS_ADD];

	store_bind_blob(st, 1, a->case_id, ID_LEN);
	store_bind_int(st, 2, a->n);
	store_bind_blob(st, 3, a->report, ID_LEN);
	store_bind_int(st, 4, a->minute);
	store_bind_int(st, 5, a->continuity);
	store_bind_int(st, 6, a->safety);
	store_bind_int(st, 7, a->trust);
	return db_run(s->db, st);
}

int
store_assessment_list(struct store *s, const uint8_t *case_id,
    struct store_assessment out[ASSESSMENTS_MAX], unsigned *ret_n)
{
	struct sqlite3_stmt *st = s->stats[TSQL_ASSESS_LIST];
	struct store_assessment *a;
	unsigned n = 0;
	int rc;

	store_bind_blob(st, 1, case_id, ID_LEN);
	while ((rc = db_step(s->db, st)) == 1 && n < ASSESSMENTS_MAX) {
		a = &out[n];
		memcpy(a->case_id, case_id, ID_LEN);
		a->n = (uint8_t)store_col_int(st, 0);
		a->minute = store_col_int(st, 2);
		a->continuity = (uint8_t)store_col_int(st, 3);
		a->safety = (uint8_t)store_col_int(st, 4);
		a->trust = (uint8_t)store_col_int(st, 5);
		rc = store_col_fixed(st, 1, a->report, ID_LEN);
		if (rc != 0)
			break;
		n++;
	}
	db_reset(st);
	if (rc < 0)
		return rc;
	*ret_n = n;
	return 0;
}
