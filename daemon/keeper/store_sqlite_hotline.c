/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/store_sqlite_hotline.h"

#include <string.h>

#include <sqlite3.h>

#include "daemon/keeper/store_hotline.h"
#include "daemon/keeper/store_sqlite.h"
#include "lib/db.h"

/* Calls of the hotline, and whom the centre was paged for. */

#define CALL_COLUMNS \
	"case_id, kind, slot, level, minute, state, page, person, taken_at, contact_at," \
	" withdrawn_at"
#define PAGE_COLUMNS \
	"id, grp, first, last, calls, told, n, level, next_at, state, person, taken_at," \
	" withdrawn_at"

static const char *const texts[HSQL_COUNT] = {
	[HSQL_CALL_PUT] = "INSERT INTO hotline_calls (" CALL_COLUMNS ") VALUES (?1, ?2, "
			  "?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) ON CONFLICT (case_id)"
			  " DO UPDATE SET kind = ?2, level = ?4, minute = ?5, state = ?6,"
			  " page = ?7, person = ?8, taken_at = ?9, contact_at = ?10,"
			  " withdrawn_at = ?11",
	[HSQL_CALL_GET] = "SELECT " CALL_COLUMNS " FROM hotline_calls WHERE case_id = ?1",
	[HSQL_CALL_EACH] =
	    "SELECT " CALL_COLUMNS " FROM hotline_calls WHERE state = ?1"
	    " ORDER BY CASE state WHEN 1 THEN minute ELSE -max(taken_at, withdrawn_at)"
	    " END, minute, case_id"
	    " LIMIT 1 OFFSET ?2",
	[HSQL_CALL_TAKE] =
	    "UPDATE hotline_calls SET state = 2, person = ?2, taken_at = ?3,"
	    " contact_at = iif(contact_at > 0, contact_at, ?3)"
	    " WHERE page = ?1 AND state = 1",
	[HSQL_PAGE_PUT] =
	    "INSERT INTO hotline_pages (" PAGE_COLUMNS ") VALUES (?1, ?2, "
	    "?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13) ON CONFLICT (id)"
	    " DO UPDATE SET last = ?4, calls = ?5, told = ?6, n = ?7,"
	    " level = ?8, next_at = ?9, state = ?10, person = ?11,"
	    " taken_at = ?12, withdrawn_at = ?13",
	[HSQL_PAGE_GET] = "SELECT " PAGE_COLUMNS " FROM hotline_pages WHERE id = ?1",
	[HSQL_PAGE_OF] = "SELECT " PAGE_COLUMNS " FROM hotline_pages WHERE grp = ?1"
			 " AND withdrawn_at = 0"
			 " AND (state = 1 OR first > ?2 OR EXISTS (SELECT 1 FROM"
			 " hotline_calls AS c JOIN situation_cases AS i USING (case_id)"
			 " JOIN situations AS o ON o.id = i.situation WHERE"
			 " c.page = hotline_pages.id AND o.desk = 255 AND o.state = 1)"
			 " AND last > ?3) ORDER BY first DESC LIMIT 1",
	[HSQL_PAGE_DUE] = "SELECT " PAGE_COLUMNS " FROM hotline_pages WHERE state = 1"
			  " AND next_at <= ?1 ORDER BY next_at LIMIT 1",
	[HSQL_PAGE_LEFT] = "SELECT " PAGE_COLUMNS " FROM hotline_pages WHERE state = 2"
			   " AND id = (SELECT c.page FROM hotline_calls AS c"
			   " JOIN hotline_pages AS p ON p.id = c.page WHERE c.state = 1"
			   " AND c.minute <= ?1 AND p.state = 2"
			   " AND c.minute >= p.taken_at ORDER BY c.minute LIMIT 1)",
	[HSQL_PAGE_SUPERSEDE] =
	    "UPDATE deliveries SET state = 5, next_at = 0, reason = 'superseded'"
	    " WHERE bulletin = ?1 AND revision < ?2 AND state = 1",
	[HSQL_PAGE_ROUND] =
	    "SELECT total(state IN (1, 2)), total(state = 3) FROM deliveries"
	    " WHERE bulletin = ?1 AND revision = ?2",
	[HSQL_PAGE_EACH] = "SELECT " PAGE_COLUMNS " FROM hotline_pages"
			   " ORDER BY state, last DESC, id LIMIT 1 OFFSET ?1",
	[HSQL_COUNT_ADD] = "INSERT INTO hotline_counts (page, sector, n) VALUES (?1, ?2, "
			   "1) ON CONFLICT (page, sector) DO UPDATE SET n = n + 1",
	[HSQL_COUNT_LESS] = "UPDATE hotline_counts SET n = n - 1 WHERE page = ?1"
			    " AND sector = ?2 AND n > 1",
	[HSQL_COUNT_NONE] = "DELETE FROM hotline_counts WHERE page = ?1 AND sector = ?2",
	[HSQL_COUNT_LEFT] = "SELECT count(*) FROM hotline_calls WHERE page = ?1"
			    " AND withdrawn_at = 0",
	[HSQL_COUNT_EACH] = "SELECT sector, n FROM hotline_counts WHERE page = ?1"
			    " ORDER BY n DESC, sector",
	[HSQL_PAGED_ADD] = "INSERT INTO hotline_paged (page, n, level, minute)"
			   " VALUES (?1, ?2, ?3, ?4)",
	[HSQL_PAGED_EACH] = "SELECT level, minute FROM (SELECT n, level, minute FROM"
			    " hotline_paged WHERE page = ?1 ORDER BY n DESC LIMIT 50)"
			    " ORDER BY n",
};

void
store_hotline_prepare(struct store *s)
{
	int i;

	for (i = 0; i < HSQL_COUNT; i++)
		s->hotline[i] = db_prepare(s->db, texts[i]);
}

static void
bind_optional(struct sqlite3_stmt *st, int i, int has, const uint8_t *p)
{
	if (has)
		store_bind_blob(st, i, p, RECEIVER_LEN);
	else
		(void)sqlite3_bind_null(st, i);
}

static int
col_optional(struct sqlite3_stmt *st, int i, uint8_t *ret_has, uint8_t *out)
{
	*ret_has = sqlite3_column_type(st, i) != SQLITE_NULL;
	return *ret_has ? store_col_fixed(st, i, out, RECEIVER_LEN) : 0;
}

int
store_call_put(struct store *s, const struct store_call *c)
{
	struct sqlite3_stmt *st = s->hotline[HSQL_CALL_PUT];

	store_bind_blob(st, 1, c->case_id, ID_LEN);
	store_bind_int(st, 2, c->kind);
	store_bind_int(st, 3, c->slot);
	store_bind_int(st, 4, c->level);
	store_bind_int(st, 5, c->minute);
	store_bind_int(st, 6, c->state);
	bind_optional(st, 7, c->has_page, c->page);
	bind_optional(st, 8, c->has_person, c->person);
	store_bind_int(st, 9, c->taken_at);
	store_bind_int(st, 10, c->contact_at);
	store_bind_int(st, 11, c->withdrawn_at);
	return db_run(s->db, st);
}

static int
call_row(struct store *s, struct sqlite3_stmt *st, struct store_call *ret)
{
	int rc = store_one(s, st);

	memset(ret, 0, sizeof *ret);
	if (rc == 0) {
		ret->kind = (uint8_t)store_col_int(st, 1);
		ret->slot = (uint8_t)store_col_int(st, 2);
		ret->level = (uint8_t)store_col_int(st, 3);
		ret->minute = store_col_int(st, 4);
		ret->state = (uint8_t)store_col_int(st, 5);
		ret->taken_at = store_col_int(st, 8);
		ret->contact_at = store_col_int(st, 9);
		ret->withdrawn_at = store_col_int(st, 10);
		rc = store_col_fixed(st, 0, ret->case_id, ID_LEN);
	}
	if (rc == 0)
		rc = col_optional(st, 6, &ret->has_page, ret->page);
	if (rc == 0)
		rc = col_optional(st, 7, &ret->has_person, ret->person);
	db_reset(st);
	return rc;
}

int
store_call_get(struct store *s, const uint8_t *case_id, struct store_call *ret)
{
	store_bind_blob(s->hotline[HSQL_CALL_GET], 1, case_id, ID_LEN);
	return call_row(s, s->hotline[HSQL_CALL_GET], ret);
}

int
store_call_each(struct store *s, enum call_state state, unsigned most,
    int (*fn)(void *arg, const struct store_call *c), void *arg)
{
	struct sqlite3_stmt *st = s->hotline[HSQL_CALL_EACH];
	struct store_call c;
	unsigned i;
	int rc = 0;

	for (i = 0; rc == 0 && i < most; i++) {
		store_bind_int(st, 1, state);
		store_bind_int(st, 2, i);
		rc = call_row(s, st, &c);
		if (rc == 0)
			rc = fn(arg, &c);
	}
	return rc == ERR_NOTFOUND ? 0 : rc;
}

int
store_call_take(struct store *s, const uint8_t *page, const uint8_t *person,
    int64_t minute, unsigned *ret_n)
{
	struct sqlite3_stmt *st = s->hotline[HSQL_CALL_TAKE];
	int rc;

	store_bind_blob(st, 1, page, ID_LEN);
	store_bind_blob(st, 2, person, RECEIVER_LEN);
	store_bind_int(st, 3, minute);
	rc = db_run(s->db, st);
	if (rc == 0)
		*ret_n = (unsigned)sqlite3_changes(db_handle(s->db));
	return rc;
}

int
store_page_put(struct store *s, const struct store_page *p)
{
	struct sqlite3_stmt *st = s->hotline[HSQL_PAGE_PUT];

	store_bind_blob(st, 1, p->id, ID_LEN);
	store_bind_int(st, 2, p->grp);
	store_bind_int(st, 3, p->first);
	store_bind_int(st, 4, p->last);
	store_bind_int(st, 5, p->calls);
	store_bind_int(st, 6, p->told);
	store_bind_int(st, 7, p->n);
	store_bind_int(st, 8, p->level);
	store_bind_int(st, 9, p->next_at);
	store_bind_int(st, 10, p->state);
	bind_optional(st, 11, p->has_person, p->person);
	store_bind_int(st, 12, p->taken_at);
	store_bind_int(st, 13, p->withdrawn_at);
	return db_run(s->db, st);
}

static int
page_row(struct store *s, struct sqlite3_stmt *st, struct store_page *ret)
{
	int rc = store_one(s, st);

	memset(ret, 0, sizeof *ret);
	if (rc == 0) {
		ret->grp = (uint8_t)store_col_int(st, 1);
		ret->first = store_col_int(st, 2);
		ret->last = store_col_int(st, 3);
		ret->calls = (uint32_t)store_col_int(st, 4);
		ret->told = (uint32_t)store_col_int(st, 5);
		ret->n = (uint16_t)store_col_int(st, 6);
		ret->level = (uint8_t)store_col_int(st, 7);
		ret->next_at = store_col_int(st, 8);
		ret->state = (uint8_t)store_col_int(st, 9);
		ret->taken_at = store_col_int(st, 11);
		ret->withdrawn_at = store_col_int(st, 12);
		rc = store_col_fixed(st, 0, ret->id, ID_LEN);
	}
	if (rc == 0)
		rc = col_optional(st, 10, &ret->has_person, ret->person);
	db_reset(st);
	return rc;
}

int
store_page_get(struct store *s, const uint8_t *id, struct store_page *ret)
{
	store_bind_blob(s->hotline[HSQL_PAGE_GET], 1, id, ID_LEN);
	return page_row(s, s->hotline[HSQL_PAGE_GET], ret);
}

int
store_page_of(struct store *s, unsigned grp, int64_t since, int64_t situation,
    struct store_page *ret)
{
	store_bind_int(s->hotline[HSQL_PAGE_OF], 1, grp);
	store_bind_int(s->hotline[HSQL_PAGE_OF], 2, since);
	store_bind_int(s->hotline[HSQL_PAGE_OF], 3, situation);
	return page_row(s, s->hotline[HSQL_PAGE_OF], ret);
}

int
store_page_due(struct store *s, int64_t minute, struct store_page *ret)
{
	store_bind_int(s->hotline[HSQL_PAGE_DUE], 1, minute);
	return page_row(s, s->hotline[HSQL_PAGE_DUE], ret);
}

int
store_page_left(struct store *s, int64_t minute, struct store_page *ret)
{
	store_bind_int(s->hotline[HSQL_PAGE_LEFT], 1, minute);
	return page_row(s, s->hotline[HSQL_PAGE_LEFT], ret);
}

int
store_page_supersede(struct store *s, const uint8_t *page, unsigned n, unsigned *ret_n)
{
	struct sqlite3_stmt *st = s->hotline[HSQL_PAGE_SUPERSEDE];
	int rc;

	store_bind_blob(st, 1, page, ID_LEN);
	store_bind_int(st, 2, n);
	rc = db_run(s->db, st);
	if (rc == 0)
		*ret_n = (unsigned)sqlite3_changes(db_handle(s->db));
	return rc;
}

int
store_page_round(struct store *s, const uint8_t *page, unsigned n, unsigned *ret_open,
    unsigned *ret_sent)
{
	struct sqlite3_stmt *st = s->hotline[HSQL_PAGE_ROUND];
	int rc;

	store_bind_blob(st, 1, page, ID_LEN);
	store_bind_int(st, 2, n);
	rc = store_one(s, st);
	if (rc == 0) {
		*ret_open = (unsigned)store_col_int(st, 0);
		*ret_sent = (unsigned)store_col_int(st, 1);
	}
	db_reset(st);
	return rc;
}

int
store_page_each(struct store *s, unsigned most,
    int (*fn)(void *arg, const struct store_page *p), void *arg)
{
	struct store_page p;
	unsigned i;
	int rc = 0;

	for (i = 0; rc == 0 && i < most; i++) {
		store_bind_int(s->hotline[HSQL_PAGE_EACH], 1, i);
		rc = page_row(s, s->hotline[HSQL_PAGE_EACH], &p);
		if (rc == 0)
			rc = fn(arg, &p);
	}
	return rc == ERR_NOTFOUND ? 0 : rc;
}

int
store_page_count(struct store *s, const uint8_t *page, unsigned sector)
{
	struct sqlite3_stmt *st = s->hotline[HSQL_COUNT_ADD];

	store_bind_blob(st, 1, page, ID_LEN);
	store_bind_int(st, 2, sector);
	return db_run(s->db, st);
}

int
store_page_uncount(
    struct store *s, const uint8_t *page, unsigned sector, unsigned *ret_left)
{
	struct sqlite3_stmt *st = s->hotline[HSQL_COUNT_LESS];
	int rc;

	store_bind_blob(st, 1, page, ID_LEN);
	store_bind_int(st, 2, sector);
	rc = db_run(s->db, st);
	if (rc == 0 && sqlite3_changes(db_handle(s->db)) == 0) {
		st = s->hotline[HSQL_COUNT_NONE];
		store_bind_blob(st, 1, page, ID_LEN);
		store_bind_int(st, 2, sector);
		rc = db_run(s->db, st);
	}
	if (rc != 0)
		return rc;
	st = s->hotline[HSQL_COUNT_LEFT];
	store_bind_blob(st, 1, page, ID_LEN);
	rc = store_one(s, st);
	if (rc == 0)
		*ret_left = (unsigned)store_col_int(st, 0);
	db_reset(st);
	return rc;
}

int
store_page_counts(struct store *s, const uint8_t *page,
    int (*fn)(void *arg, unsigned sector, unsigned n), void *arg)
{
	struct sqlite3_stmt *st = s->hotline[HSQL_COUNT_EACH];
	int rc;

	store_bind_blob(st, 1, page, ID_LEN);
	while ((rc = db_step(s->db, st)) == 1) {
		rc = fn(
		    arg, (unsigned)store_col_int(st, 0), (unsigned)store_col_int(st, 1));
		if (rc != 0)
			break;
	}
	db_reset(st);
	return rc;
}

int
store_paged_add(
    struct store *s, const uint8_t *page, unsigned n, unsigned level, int64_t minute)
{
	struct sqlite3_stmt *st = s->hotline[HSQL_PAGED_ADD];

	store_bind_blob(st, 1, page, ID_LEN);
	store_bind_int(st, 2, n);
	store_bind_int(st, 3, level);
	store_bind_int(st, 4, minute);
	return db_run(s->db, st);
}

int
store_paged_each(struct store *s, const uint8_t *page,
    int (*fn)(void *arg, unsigned level, int64_t minute), void *arg)
{
	struct sqlite3_stmt *st = s->hotline[HSQL_PAGED_EACH];
	int rc;

	store_bind_blob(st, 1, page, ID_LEN);
	while ((rc = db_step(s->db, st)) == 1) {
		rc = fn(arg, (unsigned)store_col_int(st, 0), store_col_int(st, 1));
		if (rc != 0)
			break;
	}
	db_reset(st);
	return rc;
}
