/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/store_sqlite_draft.h"

#include <string.h>

#include <sqlite3.h>

#include "daemon/keeper/store_draft.h"
#include "daemon/keeper/store_sqlite.h"
#include "lib/db.h"

/* Drafts, and what is known of the bulletins that came of them. */

#define DRAFT_COLUMNS "id, desk, state, revision, touched, bulletin"
#define SECOND_COLUMNS \
	"id, action, state, desk, person, minute, draft, revision, bulletin, due, " \
	"overdue, reason, second, answered, answer"

static const char *const sql_text[DSQL_COUNT] = {
	[DSQL_DRAFT_PUT] = "INSERT INTO drafts (" DRAFT_COLUMNS ") VALUES"
			   " (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (id) DO UPDATE SET"
			   " state = ?3, revision = ?4, touched = ?5, bulletin = ?6",
	[DSQL_DRAFT_GET] = "SELECT " DRAFT_COLUMNS " FROM drafts WHERE id = ?1",
	[DSQL_DRAFT_AFTER] =
	    "SELECT " DRAFT_COLUMNS " FROM drafts WHERE desk = ?1 AND (state = 3) = ?2"
	    " AND (touched, id) < (?3, ?4) ORDER BY touched DESC, id DESC LIMIT 1",
	[DSQL_DRAFT_DEL] = "DELETE FROM drafts WHERE id = ?1",
	[DSQL_DRAFT_COUNT] = "SELECT count(*) FROM drafts WHERE desk = ?1 AND state <> 3",
	[DSQL_REVISION_ADD] =
	    "INSERT INTO draft_revisions (draft, revision, person, minute, body)"
	    " VALUES (?1, ?2, ?3, ?4, ?5)",
	[DSQL_REVISION_GET] = "SELECT person, minute, body FROM draft_revisions"
			      " WHERE draft = ?1 AND revision = ?2",
	[DSQL_REVISION_DEL] = "DELETE FROM draft_revisions WHERE draft = ?1",
	[DSQL_META_PUT] =
	    "INSERT OR REPLACE INTO bulletin_meta (bulletin, desk, origin, kind, person,"
	    " second, draft, ack_due) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
	[DSQL_META_GET] = "SELECT desk, origin, kind, person, second, draft, ack_due"
			  " FROM bulletin_meta WHERE bulletin = ?1",
	[DSQL_CASE_ADD] =
	    "INSERT OR IGNORE INTO bulletin_cases (bulletin, case_id) VALUES (?1, ?2)",
	[DSQL_CASE_EACH] = "SELECT case_id FROM bulletin_cases WHERE bulletin = ?1"
			   " ORDER BY case_id LIMIT 1 OFFSET ?2",
	[DSQL_CASE_BULLETIN] = "SELECT bulletin FROM bulletin_cases WHERE case_id = ?1"
			       " ORDER BY bulletin LIMIT 1 OFFSET ?2",
	[DSQL_SECOND_PUT] =
	    "INSERT INTO seconds (" SECOND_COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7,"
	    " ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15) ON CONFLICT (id) DO UPDATE SET"
	    " state = ?3, overdue = ?11, second = ?13, answered = ?14, answer = ?15",
	[DSQL_SECOND_GET] = "SELECT " SECOND_COLUMNS " FROM seconds WHERE id = ?1",
	[DSQL_SECOND_NEXT] = "SELECT " SECOND_COLUMNS " FROM seconds WHERE state = 1"
			     " ORDER BY minute, id LIMIT 1 OFFSET ?1",
	[DSQL_SECOND_DUE] =
	    "SELECT " SECOND_COLUMNS " FROM seconds WHERE state = 1 AND due > 0"
	    " AND overdue = 0 AND due <= ?1 ORDER BY due LIMIT 1",
	[DSQL_SECOND_DROP] =
	    "DELETE FROM seconds WHERE state = 1 AND draft = ?1 AND (due = 0 OR ?2 = 1)",
	[DSQL_FILE_PUT] =
	    "INSERT OR REPLACE INTO attachments (draft, name, type, size, sum, body)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
	[DSQL_FILE_GET] =
	    "SELECT name, type, size, sum, body FROM attachments WHERE draft = ?1"
	    " AND name = ?2",
	[DSQL_FILE_EACH] = "SELECT name, type, size, sum FROM attachments"
			   " WHERE draft = ?1 ORDER BY name",
	[DSQL_FILE_DEL] = "DELETE FROM attachments WHERE draft = ?1 AND name = ?2",
	[DSQL_FILES_DEL] = "DELETE FROM attachments WHERE draft = ?1",
	[DSQL_FILES_COPY] =
	    "INSERT OR IGNORE INTO attachments (draft, name, type, size, sum, body)"
	    " SELECT ?2, name, type, size, sum, body FROM attachments WHERE draft = ?1",
	[DSQL_IDEM_ADD] = "INSERT INTO desk_idem (key, mac, call, minute, body)"
			  " VALUES (?1, ?2, ?3, ?4, ?5)",
	[DSQL_IDEM_GET] = "SELECT mac, call, body FROM desk_idem WHERE key = ?1",
	[DSQL_PRUNE_IDEM] = "DELETE FROM desk_idem WHERE key IN"
			    " (SELECT key FROM desk_idem WHERE minute < ?1 LIMIT ?2)",
	[DSQL_PRUNE_SECOND] = "DELETE FROM seconds WHERE id IN (SELECT id FROM seconds"
			      " WHERE minute < ?1 LIMIT ?2)",
	[DSQL_PRUNE_META] =
	    "DELETE FROM bulletin_meta WHERE bulletin IN (SELECT bulletin FROM"
	    " bulletin_meta WHERE bulletin NOT IN (SELECT id FROM bulletins) LIMIT ?1)",
	[DSQL_PRUNE_CASE] =
	    "DELETE FROM bulletin_cases WHERE (bulletin, case_id) IN (SELECT bulletin,"
	    " case_id FROM bulletin_cases WHERE bulletin NOT IN (SELECT id FROM"
	    " bulletins) LIMIT ?1)",
	[DSQL_PRUNE_OLD] =
	    "SELECT id FROM drafts WHERE touched < ?1 AND (bulletin IS NULL"
	    " OR bulletin NOT IN (SELECT id FROM bulletins)) LIMIT 1",
};

void
store_draft_prepare(struct store *s)
{
	int i;

	for (i = 0; i < DSQL_COUNT; i++)
		s->draft[i] = db_prepare(s->db, sql_text[i]);
}

int
store_draft_put(struct store *s, const struct store_draft *d)
{
	struct sqlite3_stmt *st = s->draft[DSQL_DRAFT_PUT];

	store_bind_blob(st, 1, d->id, ID_LEN);
	store_bind_int(st, 2, d->desk);
	store_bind_int(st, 3, d->state);
	store_bind_int(st, 4, d->revision);
	store_bind_int(st, 5, d->touched);
	if (d->has_bulletin)
		store_bind_blob(st, 6, d->bulletin, ID_LEN);
	return db_run(s->db, st);
}

static int
draft_row(struct store *s, struct sqlite3_stmt *st, struct store_draft *ret)
{
	int rc = store_one(s, st);

	memset(ret, 0, sizeof *ret);
	if (rc == 0)
		rc = store_col_fixed(st, 0, ret->id, ID_LEN);
	if (rc == 0) {
		ret->desk = (uint8_t)store_col_int(st, 1);
		ret->state = (enum draft_state)store_col_int(st, 2);
		ret->revision = (uint16_t)store_col_int(st, 3);
		ret->touched = store_col_int(st, 4);
		ret->has_bulletin = sqlite3_column_type(st, 5) != SQLITE_NULL;
	}
	if (rc == 0 && ret->has_bulletin)
		rc = store_col_fixed(st, 5, ret->bulletin, ID_LEN);
	db_reset(st);
	return rc;
}

int
store_draft_get(struct store *s, const uint8_t *id, struct store_draft *ret)
{
	struct sqlite3_stmt *st = s->draft[DSQL_DRAFT_GET];

	store_bind_blob(st, 1, id, ID_LEN);
	return draft_row(s, st, ret);
}

static int
run_id(struct store *s, enum store_draft_sql which, const uint8_t *id)
{
	store_bind_blob(s->draft[which], 1, id, ID_LEN);
	return db_run(s->db, s->draft[which]);
}

int
store_draft_del(struct store *s, const uint8_t *id)
{
	int rc = run_id(s, DSQL_FILES_DEL, id);

	if (rc == 0)
		rc = run_id(s, DSQL_REVISION_DEL, id);
	return rc == 0 ? run_id(s, DSQL_DRAFT_DEL, id) : rc;
}

int
store_draft_count(struct store *s, unsigned desk, unsigned *ret)
{
	struct sqlite3_stmt *st = s->draft[DSQL_DRAFT_COUNT];
	int rc;

	store_bind_int(st, 1, desk);
	rc = store_one(s, st);
	if (rc == 0)
		*ret = (unsigned)store_col_int(st, 0);
	db_reset(st);
	return rc;
}

int
store_draft_after(struct store *s, unsigned desk, int released, int64_t touched,
    const uint8_t *id, struct store_draft *ret)
{
	struct sqlite3_stmt *st = s->draft[DSQL_DRAFT_AFTER];

	store_bind_int(st, 1, desk);
	store_bind_int(st, 2, released != 0);
	store_bind_int(st, 3, touched);
	store_bind_blob(st, 4, id, ID_LEN);
	return draft_row(s, st, ret);
}

int
store_draft_revision_add(struct store *s, const uint8_t *id,
    const struct store_draft_revision *r, struct slice body)
{
	struct sqlite3_stmt *st = s->draft[DSQL_REVISION_ADD];

	store_bind_blob(st, 1, id, ID_LEN);
	store_bind_int(st, 2, r->revision);
	store_bind_blob(st, 3, r->person, RECEIVER_LEN);
	store_bind_int(st, 4, r->minute);
	store_bind_blob(st, 5, body.p, body.n);
	return db_run(s->db, st);
}

int
store_draft_revision_get(struct store *s, const uint8_t *id, uint16_t revision,
    struct store_draft_revision *ret, struct buf *body)
{
	struct sqlite3_stmt *st = s->draft[DSQL_REVISION_GET];
	struct slice text;
	int rc;

	memset(ret, 0, sizeof *ret);
	ret->revision = revision;
	store_bind_blob(st, 1, id, ID_LEN);
	store_bind_int(st, 2, revision);
	rc = store_one(s, st);
	if (rc == 0)
		rc = store_col_fixed(st, 0, ret->person, RECEIVER_LEN);
	if (rc == 0) {
		ret->minute = store_col_int(st, 1);
		text = store_col(st, 2);
		if (body != NULL) {
			buf_add(body, text.p, text.n);
			rc = buf_err(body);
		}
	}
	db_reset(st);
	return rc;
}

int
store_meta_put(struct store *s, const struct store_meta *m)
{
	struct sqlite3_stmt *st = s->draft[DSQL_META_PUT];

	store_bind_blob(st, 1, m->bulletin, ID_LEN);
	store_bind_int(st, 2, m->desk);
	store_bind_int(st, 3, m->origin);
	store_bind_int(st, 4, m->kind);
	store_bind_blob(st, 5, m->person, RECEIVER_LEN);
	if (m->has_second)
		store_bind_blob(st, 6, m->second, RECEIVER_LEN);
	store_bind_blob(st, 7, m->draft, ID_LEN);
	store_bind_int(st, 8, m->ack_due);
	return db_run(s->db, st);
}

int
store_meta_get(struct store *s, const uint8_t *bulletin, struct store_meta *ret)
{
	struct sqlite3_stmt *st = s->draft[DSQL_META_GET];
	int rc;

	memset(ret, 0, sizeof *ret);
	memcpy(ret->bulletin, bulletin, ID_LEN);
	store_bind_blob(st, 1, bulletin, ID_LEN);
	rc = store_one(s, st);
	if (rc == 0) {
		ret->desk = (uint8_t)store_col_int(st, 0);
		ret->origin = (uint8_t)store_col_int(st, 1);
		ret->kind = (uint8_t)store_col_int(st, 2);
		ret->has_second = sqlite3_column_type(st, 4) != SQLITE_NULL;
		ret->ack_due = store_col_int(st, 6);
		rc = store_col_fixed(st, 3, ret->person, RECEIVER_LEN);
	}
	if (rc == 0 && ret->has_second)
		rc = store_col_fixed(st, 4, ret->second, RECEIVER_LEN);
	if (rc == 0)
		rc = store_col_fixed(st, 5, ret->draft, ID_LEN);
	db_reset(st);
	return rc;
}

int
store_bulletin_case_add(struct store *s, const uint8_t *bulletin, const uint8_t *case_id)
{
	struct sqlite3_stmt *st = s->draft[DSQL_CASE_ADD];

	store_bind_blob(st, 1, bulletin, ID_LEN);
	store_bind_blob(st, 2, case_id, ID_LEN);
	return db_run(s->db, st);
}

static int
each_id(struct store *s, enum store_draft_sql which, const uint8_t *of,
    int (*fn)(void *arg, const uint8_t *id), void *arg)
{
	struct sqlite3_stmt *st = s->draft[which];
	uint8_t id[ID_LEN];
	unsigned i;
	int rc;

	/* One step a row, so that fn may use the store. */
	for (i = 0;; i++) {
		store_bind_blob(st, 1, of, ID_LEN);
		store_bind_int(st, 2, i);
		rc = store_one(s, st);
		if (rc == 0)
			rc = store_col_fixed(st, 0, id, ID_LEN);
		db_reset(st);
		if (rc == ERR_NOTFOUND)
			return 0;
		if (rc == 0)
			rc = fn(arg, id);
		if (rc != 0)
			return rc;
	}
}

int
store_bulletin_case_each(struct store *s, const uint8_t *bulletin,
    int (*fn)(void *arg, const uint8_t *case_id), void *arg)
{
	return each_id(s, DSQL_CASE_EACH, bulletin, fn, arg);
}

int
store_case_bulletin_each(struct store *s, const uint8_t *case_id,
    int (*fn)(void *arg, const uint8_t *bulletin), void *arg)
{
	return each_id(s, DSQL_CASE_BULLETIN, case_id, fn, arg);
}

static int
prune(struct store *s, enum store_draft_sql which, int64_t before, unsigned most,
    unsigned *n)
{
	struct sqlite3_stmt *st = s->draft[which];
	int rc, at = 1;

	if (before >= 0)
		store_bind_int(st, at++, before);
	store_bind_int(st, at, most);
	rc = db_run(s->db, st);
	if (rc == 0)
		*n += (unsigned)sqlite3_changes(db_handle(s->db));
	return rc;
}

int
store_prune_drafts(
    struct store *s, int64_t idem, int64_t old, unsigned most, unsigned *ret_n)
{
	struct sqlite3_stmt *st = s->draft[DSQL_PRUNE_OLD];
	uint8_t id[ID_LEN];
	unsigned n = 0, i;
	int rc;

	if (idem < 0)
		idem = 0;
	if (old < 0)
		old = 0;
	rc = prune(s, DSQL_PRUNE_IDEM, idem, most, &n);
	if (rc == 0)
		rc = prune(s, DSQL_PRUNE_SECOND, old, most, &n);
	if (rc == 0)
		rc = prune(s, DSQL_PRUNE_META, -1, most, &n);
	if (rc == 0)
		rc = prune(s, DSQL_PRUNE_CASE, -1, most, &n);
	for (i = 0; rc == 0 && i < most; i++) {
		store_bind_int(st, 1, old);
		rc = store_one(s, st);
		if (rc == 0)
			rc = store_col_fixed(st, 0, id, ID_LEN);
		db_reset(st);
		if (rc == 0)
			rc = store_draft_del(s, id);
		n += rc == 0;
	}
	if (rc == ERR_NOTFOUND)
		rc = 0;
	if (rc == 0)
		*ret_n = n;
	return rc;
}
