/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/store_audit.h"

#include <string.h>

#include <sqlite3.h>

#include "daemon/keeper/store_sqlite.h"
#include "lib/db.h"

static void
bind_text(struct sqlite3_stmt *st, int i, struct slice s)
{
	(void)sqlite3_bind_text64(
	    st, i, s.n > 0 ? s.p : "", s.n, SQLITE_STATIC, SQLITE_UTF8);
}

/* A text column into a room of cap + 1 bytes. */
static int
col_text(struct sqlite3_stmt *st, int i, char *room, size_t cap)
{
	struct slice s = store_col(st, i);

	if (s.n > cap)
		return ERR_CORRUPT;
	memcpy(room, s.p, s.n);
	room[s.n] = '\0';
	return 0;
}

int
store_audit_last(struct store *s, uint64_t *ret_number, uint8_t *ret_sum)
{
	struct sqlite3_stmt *st = s->sql[SQL_AUDIT_LAST];
	int rc;

	rc = store_one(s, st);
	if (rc == 0) {
		rc = store_col_fixed(st, 1, ret_sum, SUM_LEN);
		*ret_number = (uint64_t)store_col_int(st, 0);
	} else if (rc == ERR_NOTFOUND) {
		*ret_number = 0;
		memset(ret_sum, 0, SUM_LEN);
		rc = 0;
	}
	db_reset(st);
	return rc;
}

int
store_audit_add(struct store *s, struct audit_row *r)
{
	struct sqlite3_stmt *st = s->sql[SQL_AUDIT_ADD];
	int rc;

	rc = store_audit_last(s, &r->number, r->prev);
	r->number++;
	if (rc == 0)
		rc = audit_row_sum(r, r->sum);
	if (rc != 0)
		return rc;
	store_bind_int(st, 1, (int64_t)r->number);
	store_bind_int(st, 2, r->minute);
	store_bind_blob(st, 3, r->person, sizeof r->person);
	store_bind_blob(st, 4, r->receiver, sizeof r->receiver);
	bind_text(st, 5, slice_of(r->action));
	bind_text(st, 6, slice_of(r->ref));
	bind_text(st, 7, slice_of(r->detail));
	store_bind_blob(st, 8, r->prev, sizeof r->prev);
	store_bind_blob(st, 9, r->sum, sizeof r->sum);
	return db_run(s->db, st);
}

static int
row_of(struct sqlite3_stmt *st, struct audit_row *r)
{
	int rc;

	memset(r, 0, sizeof *r);
	r->number = (uint64_t)store_col_int(st, 0);
	r->minute = store_col_int(st, 1);
	rc = store_col_fixed(st, 2, r->person, sizeof r->person);
	if (rc == 0)
		rc = store_col_fixed(st, 3, r->receiver, sizeof r->receiver);
	if (rc == 0)
		rc = col_text(st, 4, r->action, AUDIT_ACTION_MAX);
	if (rc == 0)
		rc = col_text(st, 5, r->ref, AUDIT_REF_MAX);
	if (rc == 0)
		rc = col_text(st, 6, r->detail, AUDIT_DETAIL_MAX);
	if (rc == 0)
		rc = store_col_fixed(st, 7, r->prev, sizeof r->prev);
	return rc == 0 ? store_col_fixed(st, 8, r->sum, sizeof r->sum) : rc;
}

static int
rows(struct store *s, struct sqlite3_stmt *st,
    int (*fn)(void *arg, const struct audit_row *r), void *arg)
{
	struct audit_row r;
	int rc;

	while ((rc = db_step(s->db, st)) == 1) {
		rc = row_of(st, &r);
		if (rc == 0)
			rc = fn(arg, &r);
		if (rc != 0)
			break;
	}
	db_reset(st);
	return rc;
}

int
store_audit_each(struct store *s, uint64_t from, unsigned most,
    int (*fn)(void *arg, const struct audit_row *r), void *arg)
{
	struct sqlite3_stmt *st = s->sql[SQL_AUDIT_EACH];

	store_bind_int(st, 1, (int64_t)from);
	store_bind_int(st, 2, most);
	return rows(s, st, fn, arg);
}

int
store_audit_of(struct store *s, const struct store_receivers *of, uint64_t before,
    unsigned most, int (*fn)(void *arg, const struct audit_row *r), void *arg)
{
	struct sqlite3_stmt *st = s->sql[SQL_AUDIT_OF];
	size_t i;

	store_bind_int(st, 1, most);
	store_bind_int(st, 2, (int64_t)before);
	for (i = 0; i < of->n; i++) /* what is not bound is NULL and equals nothing */
		store_bind_blob(st, 3 + (int)i, of->v[i], RECEIVER_LEN);
	return rows(s, st, fn, arg);
}

int
store_audit_point_add(struct store *s, const struct audit_point *p)
{
	struct sqlite3_stmt *st = s->sql[SQL_AUDIT_POINT_ADD];

	store_bind_int(st, 1, (int64_t)p->number);
	store_bind_int(st, 2, p->minute);
	store_bind_blob(st, 3, p->sum, sizeof p->sum);
	bind_text(st, 4, slice_of(p->jws));
	return db_run(s->db, st);
}

static int
point_of(struct sqlite3_stmt *st, struct audit_point *p)
{
	int rc;

	memset(p, 0, sizeof *p);
	p->number = (uint64_t)store_col_int(st, 0);
	p->minute = store_col_int(st, 1);
	rc = store_col_fixed(st, 2, p->sum, sizeof p->sum);
	return rc == 0 ? col_text(st, 3, p->jws, AUDIT_JWS_MAX) : rc;
}

int
store_audit_point_last(struct store *s, struct audit_point *ret)
{
	struct sqlite3_stmt *st = s->sql[SQL_AUDIT_POINT_LAST];
	int rc;

	rc = store_one(s, st);
	if (rc == 0)
		rc = point_of(st, ret);
	db_reset(st);
	return rc;
}

int
store_audit_point_each(struct store *s, uint64_t from, unsigned most,
    int (*fn)(void *arg, const struct audit_point *p), void *arg)
{
	struct sqlite3_stmt *st = s->sql[SQL_AUDIT_POINT_EACH];
	struct audit_point p;
	int rc;

	store_bind_int(st, 1, (int64_t)from);
	store_bind_int(st, 2, most);
	while ((rc = db_step(s->db, st)) == 1) {
		rc = point_of(st, &p);
		if (rc == 0)
			rc = fn(arg, &p);
		if (rc != 0)
			break;
	}
	db_reset(st);
	return rc;
}

int
store_audit_key_add(struct store *s, int64_t minute, struct slice pub, struct slice priv)
{
	struct sqlite3_stmt *st = s->sql[SQL_AUDIT_KEY_ADD];
	int rc;

	store_bind_int(st, 1, minute);
	store_bind_blob(st, 2, pub.p, pub.n);
	rc = db_run(s->db, st);
	if (rc != 0)
		return rc;
	st = s->sql[SQL_AUDIT_PRIVATE_ADD];
	store_bind_blob(st, 1, priv.p, priv.n);
	return db_run(s->db, st);
}

int
store_audit_key_each(
    struct store *s, unsigned most, int (*fn)(void *arg, struct slice pub), void *arg)
{
	struct sqlite3_stmt *st = s->sql[SQL_AUDIT_KEY_EACH];
	int rc;

	store_bind_int(st, 1, most);
	while ((rc = db_step(s->db, st)) == 1) {
		rc = fn(arg, store_col(st, 0));
		if (rc != 0)
			break;
	}
	db_reset(st);
	return rc;
}

int
store_audit_private(struct store *s, struct buf *out)
{
	struct sqlite3_stmt *st = s->sql[SQL_AUDIT_PRIVATE_GET];
	struct slice der;
	int rc;

	rc = store_one(s, st);
	if (rc == 0) {
		der = store_col(st, 0);
		buf_add(out, der.p, der.n);
		rc = buf_err(out);
	}
	db_reset(st);
	return rc;
}

uint64_t
store_changes(struct store *s)
{
	return (uint64_t)sqlite3_total_changes64(db_handle(s->db));
}
