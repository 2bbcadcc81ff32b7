/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/store_sqlite_situation.h"

#include <string.h>

#include <sqlite3.h>

#include "daemon/keeper/store_situation.h"
#include "daemon/keeper/store_sqlite.h"
#include "lib/db.h"

#define COLUMNS "id, desk, state, opened, touched, person, reports, draft, title"

static const char *const sql_text[YSQL_COUNT] = {
	/* The text is canonical JSON, in which no string can hold this with its quotes.
	 */
	[YSQL_BACKLOG] =
	    "SELECT t.desk, r.level, count(*), min(c.minute) FROM triage g"
	    " JOIN triage_cases t ON t.grp = g.id JOIN reports r ON r.id = t.report"
	    " JOIN cases c ON c.id = t.case_id WHERE g.state = 1 AND t.ended = 0"
	    " AND (t.desk = 255"
	    " OR instr(r.body, CAST('\"government\":false' AS BLOB)) = 0)"
	    " AND instr(r.body, CAST('\"exercise\":true' AS BLOB)) = 0"
	    " GROUP BY t.desk, r.level",
	[YSQL_PUT] =
	    "INSERT INTO situations (" COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6,"
	    " ?7, ?8, ?9) ON CONFLICT (id) DO UPDATE SET state = ?3,"
	    " touched = ?5, reports = ?7, draft = ?8, title = ?9",
	[YSQL_GET] = "SELECT " COLUMNS " FROM situations WHERE id = ?1",
	[YSQL_BY_DRAFT] = "SELECT " COLUMNS " FROM situations WHERE draft = ?1",
	[YSQL_NTH] = "SELECT " COLUMNS " FROM situations WHERE desk = ?1 AND state = ?2"
		     " ORDER BY touched DESC, id LIMIT 1 OFFSET ?3",
	[YSQL_OF_CASE] =
	    "SELECT id FROM situations JOIN situation_cases ON situation = id"
	    " WHERE case_id = ?1 AND state = 1 ORDER BY id LIMIT 1 OFFSET ?2",
	[YSQL_OF_BULLETIN] =
	    "SELECT id FROM situations JOIN situation_bulletins ON situation = id"
	    " WHERE bulletin = ?1 AND state = 1 ORDER BY id LIMIT 1 OFFSET ?2",
	[YSQL_OF_ANY] =
	    "SELECT id FROM situations WHERE state = 1 ORDER BY id LIMIT 1 OFFSET ?2",
	[YSQL_ENTRY_ADD] =
	    "INSERT INTO situation_entries (situation, n, minute, kind, public, value,"
	    " person, ref, text) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
	[YSQL_ENTRY_NEXT] =
	    "SELECT n, minute, kind, public, value, person, ref, text FROM"
	    " situation_entries WHERE situation = ?1 AND n > ?2 ORDER BY n LIMIT 1",
	[YSQL_ENTRY_LAST] =
	    "SELECT coalesce(max(n), 0) FROM situation_entries WHERE situation = ?1",
	[YSQL_CASE_ADD] =
	    "INSERT OR IGNORE INTO situation_cases (situation, case_id) VALUES (?1, ?2)",
	[YSQL_CASE_DEL] =
	    "DELETE FROM situation_cases WHERE situation = ?1 AND case_id = ?2",
	[YSQL_CASE_NTH] = "SELECT case_id FROM situation_cases WHERE situation = ?1"
			  " ORDER BY case_id LIMIT 1 OFFSET ?2",
	[YSQL_COUNTS] = "SELECT c.slot, count(*) FROM situation_cases s"
			" JOIN cases c ON c.id = s.case_id WHERE s.situation = ?1"
			" GROUP BY c.slot",
	[YSQL_BULLETIN_ADD] = "INSERT OR IGNORE INTO situation_bulletins"
			      " (situation, bulletin, told) VALUES (?1, ?2, 0)",
	[YSQL_BULLETIN_DEL] =
	    "DELETE FROM situation_bulletins WHERE situation = ?1 AND bulletin = ?2",
	[YSQL_BULLETIN_NTH] = "SELECT bulletin FROM situation_bulletins"
			      " WHERE situation = ?1 ORDER BY bulletin LIMIT 1 OFFSET ?2",
	[YSQL_WATCHED] =
	    "SELECT situation, bulletin, told, desk FROM situation_bulletins"
	    " JOIN situations ON id = situation WHERE state = 1 AND told < 100"
	    " ORDER BY situation, bulletin LIMIT 1 OFFSET ?1",
	[YSQL_TOLD] = "UPDATE situation_bulletins SET told = ?3 WHERE situation = ?1"
		      " AND bulletin = ?2 AND told < ?3",
	[YSQL_TASK_PUT] = "INSERT INTO situation_tasks (situation, n, due, done, person,"
			  " text, who) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
			  " ON CONFLICT (situation, n) DO UPDATE SET due = ?3, done = ?4",
	[YSQL_TASK_NEXT] = "SELECT n, due, done, person, text, who FROM situation_tasks"
			   " WHERE situation = ?1 AND n > ?2 ORDER BY n LIMIT 1",
	[YSQL_TASK_LAST] =
	    "SELECT coalesce(max(n), 0) FROM situation_tasks WHERE situation = ?1",
	[YSQL_PRUNE] = "DELETE FROM situations WHERE id IN (SELECT id FROM situations"
		       " WHERE state = 2 AND touched < ?1 LIMIT ?2)",
};

void
store_situation_prepare(struct store *s)
{
	int i;

	for (i = 0; i < YSQL_COUNT; i++)
		s->situation[i] = db_prepare(s->db, sql_text[i]);
}

int
store_backlog(struct store *s, struct store_waiting ret[SLOTS + 1])
{
	struct sqlite3_stmt *st = s->situation[YSQL_BACKLOG];
	struct store_waiting *w;
	int64_t desk, level, oldest;
	int rc;

	memset(ret, 0, (SLOTS + 1) * sizeof *ret);
	while ((rc = db_step(s->db, st)) == 1) {
		desk = store_col_int(st, 0);
		level = store_col_int(st, 1);
		oldest = store_col_int(st, 3);
		if (level < 0 || level > 4)
			continue;
		w = &ret[desk >= 0 && desk < SLOTS ? desk : SLOTS];
		w->by_level[level] = (unsigned)store_col_int(st, 2);
		if (w->oldest == 0 || oldest < w->oldest)
			w->oldest = oldest;
	}
	db_reset(st);
	return rc;
}

int
store_situation_put(struct store *s, const struct store_situation *v)
{
	struct sqlite3_stmt *st = s->situation[YSQL_PUT];

	store_bind_blob(st, 1, v->id, ID_LEN);
	store_bind_int(st, 2, v->desk);
	store_bind_int(st, 3, v->state);
	store_bind_int(st, 4, v->opened);
	store_bind_int(st, 5, v->touched);
	store_bind_blob(st, 6, v->person, RECEIVER_LEN);
	store_bind_int(st, 7, v->reports);
	if (v->has_draft)
		store_bind_blob(st, 8, v->draft, ID_LEN);
	store_bind_text(st, 9, v->title);
	return db_run(s->db, st);
}

/* An id that may be absent. */
static int
optional_id(struct sqlite3_stmt *st, int i, uint8_t *ret_has, uint8_t *ret)
{
	*ret_has = sqlite3_column_type(st, i) != SQLITE_NULL;
	return *ret_has ? store_col_fixed(st, i, ret, ID_LEN) : 0;
}

static int
situation_row(struct store *s, struct sqlite3_stmt *st, struct store_situation *ret)
{
	int rc = store_one(s, st);

	memset(ret, 0, sizeof *ret);
	if (rc == 0) {
		ret->desk = (uint8_t)store_col_int(st, 1);
		ret->state = (uint8_t)store_col_int(st, 2);
		ret->opened = store_col_int(st, 3);
		ret->touched = store_col_int(st, 4);
		ret->reports = (uint16_t)store_col_int(st, 6);
		rc = store_col_fixed(st, 0, ret->id, ID_LEN);
	}
	if (rc == 0)
		rc = store_col_fixed(st, 5, ret->person, RECEIVER_LEN);
	if (rc == 0)
		rc = optional_id(st, 7, &ret->has_draft, ret->draft);
	if (rc == 0)
		rc = store_col_text(st, 8, ret->title, sizeof ret->title);
	db_reset(st);
	return rc;
}

int
store_situation_get(struct store *s, const uint8_t *id, struct store_situation *ret)
{
	store_bind_blob(s->situation[YSQL_GET], 1, id, ID_LEN);
	return situation_row(s, s->situation[YSQL_GET], ret);
}

int
store_situation_by_draft(
    struct store *s, const uint8_t *draft, struct store_situation *ret)
{
	store_bind_blob(s->situation[YSQL_BY_DRAFT], 1, draft, ID_LEN);
	return situation_row(s, s->situation[YSQL_BY_DRAFT], ret);
}

int
store_situation_nth(struct store *s, unsigned desk, unsigned state, unsigned nth,
    struct store_situation *ret)
{
	struct sqlite3_stmt *st = s->situation[YSQL_NTH];

	store_bind_int(st, 1, desk);
	store_bind_int(st, 2, state);
	store_bind_int(st, 3, nth);
	return situation_row(s, st, ret);
}

/* The nth id that a statement gives for another id (NULL: for none). */
static int
nth_id(struct store *s, enum situation_sql which, const uint8_t *of, unsigned nth,
    uint8_t *ret)
{
	struct sqlite3_stmt *st = s->situation[which];
	int rc;

	if (of != NULL)
		store_bind_blob(st, 1, of, ID_LEN);
	store_bind_int(st, 2, nth);
	rc = store_one(s, st);
	if (rc == 0)
		rc = store_col_fixed(st, 0, ret, ID_LEN);
	db_reset(st);
	return rc;
}

int
store_situation_of(struct store *s, const uint8_t *case_id, const uint8_t *bulletin,
    unsigned nth, uint8_t ret[ID_LEN])
{
	if (case_id != NULL)
		return nth_id(s, YSQL_OF_CASE, case_id, nth, ret);
	return nth_id(
	    s, bulletin != NULL ? YSQL_OF_BULLETIN : YSQL_OF_ANY, bulletin, nth, ret);
}

int
store_situation_case_nth(
    struct store *s, const uint8_t *situation, unsigned nth, uint8_t ret[ID_LEN])
{
	return nth_id(s, YSQL_CASE_NTH, situation, nth, ret);
}

int
store_situation_bulletin_nth(
    struct store *s, const uint8_t *situation, unsigned nth, uint8_t ret[ID_LEN])
{
	return nth_id(s, YSQL_BULLETIN_NTH, situation, nth, ret);
}

static int
last_number(
    struct store *s, enum situation_sql which, const uint8_t *situation, uint32_t *ret)
{
	struct sqlite3_stmt *st = s->situation[which];
	int rc;

	store_bind_blob(st, 1, situation, ID_LEN);
	rc = store_one(s, st);
	if (rc == 0)
		*ret = (uint32_t)store_col_int(st, 0);
	db_reset(st);
	return rc;
}

int
store_entry_add(struct store *s, const uint8_t *situation, struct store_entry *e)
{
	struct sqlite3_stmt *st = s->situation[YSQL_ENTRY_ADD];
	int rc = last_number(s, YSQL_ENTRY_LAST, situation, &e->n);

	if (rc != 0)
		return rc;
	e->n++;
	store_bind_blob(st, 1, situation, ID_LEN);
	store_bind_int(st, 2, e->n);
	store_bind_int(st, 3, e->minute);
	store_bind_int(st, 4, e->kind);
	store_bind_int(st, 5, e->public);
	store_bind_int(st, 6, e->value);
	store_bind_blob(st, 7, e->person, RECEIVER_LEN);
	if (e->has_ref)
		store_bind_blob(st, 8, e->ref, ID_LEN);
	store_bind_text(st, 9, e->text);
	return db_run(s->db, st);
}

int
store_entry_next(
    struct store *s, const uint8_t *situation, uint32_t after, struct store_entry *ret)
{
	struct sqlite3_stmt *st = s->situation[YSQL_ENTRY_NEXT];
	int rc;

	store_bind_blob(st, 1, situation, ID_LEN);
	store_bind_int(st, 2, after);
	rc = store_one(s, st);
	memset(ret, 0, sizeof *ret);
	if (rc == 0) {
		ret->n = (uint32_t)store_col_int(st, 0);
		ret->minute = store_col_int(st, 1);
		ret->kind = (enum entry_kind)store_col_int(st, 2);
		ret->public = (uint8_t)store_col_int(st, 3);
		ret->value = (uint32_t)store_col_int(st, 4);
		rc = store_col_fixed(st, 5, ret->person, RECEIVER_LEN);
	}
	if (rc == 0)
		rc = optional_id(st, 6, &ret->has_ref, ret->ref);
	if (rc == 0)
		rc = store_col_text(st, 7, ret->text, sizeof ret->text);
	db_reset(st);
	return rc;
}

/* Adds or takes a pair of ids: did anything change? */
static int
change_pair(struct store *s, enum situation_sql which, const uint8_t *situation,
    const uint8_t *id, int *ret)
{
	struct sqlite3_stmt *st = s->situation[which];
	int rc;

	store_bind_blob(st, 1, situation, ID_LEN);
	store_bind_blob(st, 2, id, ID_LEN);
	rc = db_run(s->db, st);
	*ret = rc == 0 && sqlite3_changes(db_handle(s->db)) > 0;
	return rc;
}

int
store_situation_case_add(
    struct store *s, const uint8_t *situation, const uint8_t *case_id, int *ret_new)
{
	return change_pair(s, YSQL_CASE_ADD, situation, case_id, ret_new);
}

int
store_situation_case_del(
    struct store *s, const uint8_t *situation, const uint8_t *case_id, int *ret_gone)
{
	return change_pair(s, YSQL_CASE_DEL, situation, case_id, ret_gone);
}

int
store_situation_bulletin_add(
    struct store *s, const uint8_t *situation, const uint8_t *bulletin, int *ret_new)
{
	return change_pair(s, YSQL_BULLETIN_ADD, situation, bulletin, ret_new);
}

int
store_situation_bulletin_del(
    struct store *s, const uint8_t *situation, const uint8_t *bulletin, int *ret_gone)
{
	return change_pair(s, YSQL_BULLETIN_DEL, situation, bulletin, ret_gone);
}

int
store_situation_told(struct store *s, const uint8_t *situation, const uint8_t *bulletin,
    unsigned percent, int *ret_new)
{
	store_bind_int(s->situation[YSQL_TOLD], 3, percent);
	return change_pair(s, YSQL_TOLD, situation, bulletin, ret_new);
}

int
store_situation_counts(struct store *s, const uint8_t *situation, unsigned ret[SLOTS + 1])
{
	struct sqlite3_stmt *st = s->situation[YSQL_COUNTS];
	int64_t slot;
	int rc;

	memset(ret, 0, (SLOTS + 1) * sizeof *ret);
	store_bind_blob(st, 1, situation, ID_LEN);
	while ((rc = db_step(s->db, st)) == 1) {
		slot = store_col_int(st, 0);
		ret[slot >= 0 && slot < SLOTS ? slot : SLOTS] =
		    (unsigned)store_col_int(st, 1);
	}
	db_reset(st);
	return rc;
}

int
store_task_put(struct store *s, const uint8_t *situation, struct store_task *t)
{
	struct sqlite3_stmt *st = s->situation[YSQL_TASK_PUT];
	int rc = 0;

	if (t->n == 0) {
		rc = last_number(s, YSQL_TASK_LAST, situation, &t->n);
		t->n++;
	}
	if (rc != 0)
		return rc;
	store_bind_blob(st, 1, situation, ID_LEN);
	store_bind_int(st, 2, t->n);
	store_bind_int(st, 3, t->due);
	store_bind_int(st, 4, t->done);
	store_bind_blob(st, 5, t->person, RECEIVER_LEN);
	store_bind_text(st, 6, t->text);
	store_bind_text(st, 7, t->who);
	return db_run(s->db, st);
}

int
store_task_next(
    struct store *s, const uint8_t *situation, uint32_t after, struct store_task *ret)
{
	struct sqlite3_stmt *st = s->situation[YSQL_TASK_NEXT];
	int rc;

	store_bind_blob(st, 1, situation, ID_LEN);
	store_bind_int(st, 2, after);
	rc = store_one(s, st);
	memset(ret, 0, sizeof *ret);
	if (rc == 0) {
		ret->n = (uint32_t)store_col_int(st, 0);
		ret->due = store_col_int(st, 1);
		ret->done = store_col_int(st, 2);
		rc = store_col_fixed(st, 3, ret->person, RECEIVER_LEN);
	}
	if (rc == 0)
		rc = store_col_text(st, 4, ret->text, sizeof ret->text);
	if (rc == 0)
		rc = store_col_text(st, 5, ret->who, sizeof ret->who);
	db_reset(st);
	return rc;
}

int
store_prune_situations(struct store *s, int64_t old, unsigned most, unsigned *ret_n)
{
	struct sqlite3_stmt *st = s->situation[YSQL_PRUNE];
	int rc;

	store_bind_int(st, 1, old);
	store_bind_int(st, 2, most);
	rc = db_run(s->db, st);
	if (rc == 0)
		*ret_n = (unsigned)sqlite3_changes(db_handle(s->db));
	return rc;
}

int
store_situation_watched(struct store *s, unsigned nth, struct store_watched *ret)
{
	struct sqlite3_stmt *st = s->situation[YSQL_WATCHED];
	int rc;

	store_bind_int(st, 1, nth);
	rc = store_one(s, st);
	if (rc == 0)
		rc = store_col_fixed(st, 0, ret->situation, ID_LEN);
	if (rc == 0)
		rc = store_col_fixed(st, 1, ret->bulletin, ID_LEN);
	if (rc == 0) {
		ret->told = (unsigned)store_col_int(st, 2);
		ret->desk = (uint8_t)store_col_int(st, 3);
	}
	db_reset(st);
	return rc;
}
