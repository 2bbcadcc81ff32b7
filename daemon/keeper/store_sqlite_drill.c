/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/store_sqlite_drill.h"

#include <string.h>

#include <sqlite3.h>

#include "daemon/keeper/store_drill.h"
#include "daemon/keeper/store_sqlite.h"
#include "lib/db.h"

/* Drills: what they are, what they have shown, and how many reports came to one. */

#define COLUMNS \
	"id, kind, state, desk, person, start, deadline, ended, draft, bulletin, " \
	"number," \
	" same, body"

static const char *const texts[LSQL_COUNT] = {
	[LSQL_ADD] = "INSERT INTO drills (" COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6,"
		     " ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
	[LSQL_SET] =
	    "UPDATE drills SET state = ?3, start = ?6, deadline = ?7, ended = ?8,"
	    " draft = ?9, bulletin = ?10, number = ?11 WHERE id = ?1",
	[LSQL_GET] = "SELECT " COLUMNS " FROM drills WHERE id = ?1",
	[LSQL_OF_BULLETIN] = "SELECT " COLUMNS " FROM drills WHERE bulletin = ?1",
	[LSQL_OF_DRAFT] =
	    "SELECT " COLUMNS " FROM drills WHERE state = 1 AND draft = ?1 LIMIT 1",
	[LSQL_DUE] = "SELECT " COLUMNS " FROM drills WHERE (state = 1 AND start <= ?1)"
		     " OR (state = 2 AND deadline <= ?1) LIMIT 1",
	[LSQL_BEFORE] = "SELECT " COLUMNS " FROM drills WHERE same = ?1 AND state = 3"
			" AND bulletin IS NOT NULL AND start <= ?2 AND id <> ?3"
			" ORDER BY ended DESC, id LIMIT 1",
	[LSQL_EACH] = "SELECT " COLUMNS " FROM drills WHERE kind <> 3"
		      " AND (?1 = 0 OR state = ?1) ORDER BY start DESC, id LIMIT ?2",
	[LSQL_TESTS] = "SELECT count(*) FROM drills WHERE kind = 3 AND desk = ?1"
		       " AND start > ?2",
	[LSQL_ROW_PUT] = "INSERT OR REPLACE INTO drill_rows (drill, slot, body)"
			 " VALUES (?1, ?2, ?3)",
	[LSQL_ROW_GET] = "SELECT body FROM drill_rows WHERE drill = ?1 AND slot = ?2",
	[LSQL_REPORT] = "INSERT INTO drill_reports (drill, slot, n) VALUES (?1, ?2, 1)"
			" ON CONFLICT (drill, slot) DO UPDATE SET n = n + 1",
	[LSQL_REPORTS] = "SELECT slot, n FROM drill_reports WHERE drill = ?1",
	[LSQL_REPORTS_DEL] = "DELETE FROM drill_reports WHERE drill = ?1",
};

void
store_drill_prepare(struct store *s)
{
	int i;

	for (i = 0; i < LSQL_COUNT; i++)
		s->drill[i] = db_prepare(s->db, texts[i]);
}

static void
bind_text(struct sqlite3_stmt *st, int i, const char *p, size_t n)
{
	(void)sqlite3_bind_text(st, i, p, (int)n, SQLITE_STATIC);
}

/* An id that there may not be. */
static void
bind_maybe(struct sqlite3_stmt *st, int i, int has, const uint8_t *id)
{
	if (has)
		store_bind_blob(st, i, id, ID_LEN);
	else
		(void)sqlite3_bind_null(st, i);
}

static void
bind_life(struct sqlite3_stmt *st, const struct store_drill *d)
{
	store_bind_blob(st, 1, d->id, ID_LEN);
	store_bind_int(st, 3, d->state);
	store_bind_int(st, 6, d->start);
	store_bind_int(st, 7, d->deadline);
	store_bind_int(st, 8, d->ended);
	bind_maybe(st, 9, d->has_draft, d->draft);
	bind_maybe(st, 10, d->has_bulletin, d->bulletin);
	bind_text(st, 11, d->number, strlen(d->number));
}

int
store_drill_add(struct store *s, const struct store_drill *d, struct slice body)
{
	struct sqlite3_stmt *st = s->drill[LSQL_ADD];

	bind_life(st, d);
	store_bind_int(st, 2, d->kind);
	store_bind_int(st, 4, d->desk);
	store_bind_blob(st, 5, d->person, RECEIVER_LEN);
	store_bind_blob(st, 12, d->same, SUM_LEN);
	bind_text(st, 13, body.p, body.n);
	return db_run(s->db, st);
}

int
store_drill_set(struct store *s, const struct store_drill *d)
{
	bind_life(s->drill[LSQL_SET], d);
	return db_run(s->db, s->drill[LSQL_SET]);
}

static int
read_maybe(struct sqlite3_stmt *st, int i, uint8_t *ret_has, uint8_t *ret)
{
	*ret_has = sqlite3_column_type(st, i) != SQLITE_NULL;
	return *ret_has ? store_col_fixed(st, i, ret, ID_LEN) : 0;
}

static int
read_one(struct sqlite3_stmt *st, struct store_drill *ret, struct buf *body)
{
	struct slice number = store_col(st, 10), text = store_col(st, 12);
	int rc;

	memset(ret, 0, sizeof *ret);
	ret->kind = (enum drill_kind)store_col_int(st, 1);
	ret->state = (enum drill_state)store_col_int(st, 2);
	ret->desk = (uint8_t)store_col_int(st, 3);
	ret->start = store_col_int(st, 5);
	ret->deadline = store_col_int(st, 6);
	ret->ended = store_col_int(st, 7);
	if (number.n >= sizeof ret->number)
		return ERR_CORRUPT;
	if (number.n > 0)
		memcpy(ret->number, number.p, number.n);
	rc = store_col_fixed(st, 0, ret->id, ID_LEN);
	if (rc == 0)
		rc = store_col_fixed(st, 4, ret->person, RECEIVER_LEN);
	if (rc == 0)
		rc = store_col_fixed(st, 11, ret->same, SUM_LEN);
	if (rc == 0)
		rc = read_maybe(st, 8, &ret->has_draft, ret->draft);
	if (rc == 0)
		rc = read_maybe(st, 9, &ret->has_bulletin, ret->bulletin);
	if (rc == 0 && body != NULL) {
		buf_add(body, text.p, text.n);
		rc = buf_err(body);
	}
	return rc;
}

static int
one(struct store *s, struct sqlite3_stmt *st, struct store_drill *ret, struct buf *body)
{
	int rc = store_one(s, st);

	if (rc == 0)
		rc = read_one(st, ret, body);
	db_reset(st);
	return rc;
}

int
store_drill_get(
    struct store *s, const uint8_t *id, struct store_drill *ret, struct buf *body)
{
	store_bind_blob(s->drill[LSQL_GET], 1, id, ID_LEN);
	return one(s, s->drill[LSQL_GET], ret, body);
}

int
store_drill_of_bulletin(struct store *s, const uint8_t *bulletin, struct store_drill *ret)
{
	store_bind_blob(s->drill[LSQL_OF_BULLETIN], 1, bulletin, ID_LEN);
	return one(s, s->drill[LSQL_OF_BULLETIN], ret, NULL);
}

int
store_drill_of_draft(struct store *s, const uint8_t *draft, struct store_drill *ret)
{
	store_bind_blob(s->drill[LSQL_OF_DRAFT], 1, draft, ID_LEN);
	return one(s, s->drill[LSQL_OF_DRAFT], ret, NULL);
}

int
store_drill_due(struct store *s, int64_t minute, struct store_drill *ret)
{
	store_bind_int(s->drill[LSQL_DUE], 1, minute);
	return one(s, s->drill[LSQL_DUE], ret, NULL);
}

int
store_drill_before(struct store *s, const struct store_drill *d, struct store_drill *ret)
{
	struct sqlite3_stmt *st = s->drill[LSQL_BEFORE];

	store_bind_blob(st, 1, d->same, SUM_LEN);
	store_bind_int(st, 2, d->start);
	store_bind_blob(st, 3, d->id, ID_LEN);
	return one(s, st, ret, NULL);
}

int
store_drill_each(struct store *s, unsigned state, unsigned most,
    int (*fn)(void *arg, const struct store_drill *d), void *arg)
{
	struct sqlite3_stmt *st = s->drill[LSQL_EACH];
	struct store_drill d;
	int rc;

	store_bind_int(st, 1, state);
	store_bind_int(st, 2, most);
	while ((rc = db_step(s->db, st)) == 1) {
		rc = read_one(st, &d, NULL);
		if (rc == 0)
			rc = fn(arg, &d);
		if (rc != 0)
			break;
	}
	db_reset(st);
	return rc;
}

int
store_drill_tests(struct store *s, unsigned desk, int64_t since, unsigned *ret)
{
	struct sqlite3_stmt *st = s->drill[LSQL_TESTS];
	int rc;

	store_bind_int(st, 1, desk);
	store_bind_int(st, 2, since);
	rc = store_one(s, st);
	if (rc == 0)
		*ret = (unsigned)store_col_int(st, 0);
	db_reset(st);
	return rc;
}

static struct sqlite3_stmt *
bind_place(struct store *s, enum drill_sql which, const uint8_t *drill, unsigned slot)
{
	struct sqlite3_stmt *st = s->drill[which];

	store_bind_blob(st, 1, drill, ID_LEN);
	store_bind_int(st, 2, slot);
	return st;
}

int
store_drill_row_put(
    struct store *s, const uint8_t *drill, unsigned slot, struct slice body)
{
	struct sqlite3_stmt *st = bind_place(s, LSQL_ROW_PUT, drill, slot);

	bind_text(st, 3, body.p, body.n);
	return db_run(s->db, st);
}

int
store_drill_row_get(struct store *s, const uint8_t *drill, unsigned slot, struct buf *out)
{
	struct sqlite3_stmt *st = bind_place(s, LSQL_ROW_GET, drill, slot);
	struct slice body;
	int rc = store_one(s, st);

	if (rc == 0) {
		body = store_col(st, 0);
		buf_add(out, body.p, body.n);
		rc = buf_err(out);
	}
	db_reset(st);
	return rc;
}

int
store_drill_report(struct store *s, const uint8_t *drill, unsigned slot)
{
	return db_run(s->db, bind_place(s, LSQL_REPORT, drill, slot));
}

int
store_drill_reports(struct store *s, const uint8_t *drill, uint32_t ret[SLOTS])
{
	struct sqlite3_stmt *st = s->drill[LSQL_REPORTS];
	int64_t slot;
	int rc;

	memset(ret, 0, SLOTS * sizeof ret[0]);
	store_bind_blob(st, 1, drill, ID_LEN);
	while ((rc = db_step(s->db, st)) == 1) {
		slot = store_col_int(st, 0);
		if (slot >= 0 && slot < SLOTS)
			ret[slot] = (uint32_t)store_col_int(st, 1);
	}
	db_reset(st);
	return rc;
}

int
store_drill_reports_del(struct store *s, const uint8_t *drill)
{
	store_bind_blob(s->drill[LSQL_REPORTS_DEL], 1, drill, ID_LEN);
	return db_run(s->db, s->drill[LSQL_REPORTS_DEL]);
}
