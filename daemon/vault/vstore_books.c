/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/vault/vstore_books.h"

#include <string.h>

#include <sqlite3.h>

#include "daemon/vault/vstore.h"
#include "daemon/vault/vstore_sql.h"
#include "lib/db.h"
#include "lib/mem.h"

struct vbooks {
	struct db *db;
	sqlite3_stmt *role, *put_recipient, *drop_recipient, *recipients;
	sqlite3_stmt *put_named, *get_named, *drop_named;
	sqlite3_stmt *note_pair, *pairs;
	sqlite3_stmt *get_envelope, *add_export, *get_export;
};

static void
prepare_all(struct vbooks *b)
{
	struct db *d = b->db;

	b->role = db_prepare(d, "SELECT roles FROM members WHERE id = ?1");
	b->put_recipient = db_prepare(d,
	    "INSERT INTO recipients (member, cert, spki) VALUES (?1, ?2, ?3) "
	    "ON CONFLICT (member) DO UPDATE SET cert = excluded.cert, "
	    "spki = excluded.spki");
	b->drop_recipient = db_prepare(d, "DELETE FROM recipients WHERE member = ?1");
	b->recipients =
	    db_prepare(d, "SELECT member, cert, spki FROM recipients ORDER BY member");
	b->put_named =
	    db_prepare(d, "INSERT INTO named (report_id, member, envelope, day) "
			  "VALUES (?1, ?2, ?3, ?4)");
	b->get_named = db_prepare(
	    d, "SELECT envelope FROM named WHERE report_id = ?1 AND member = ?2");
	b->drop_named = db_prepare(d,
	    "DELETE FROM named WHERE (report_id, member) IN "
	    "(SELECT report_id, member FROM named WHERE day < ?1 LIMIT ?2)");
	b->note_pair = db_prepare(d, "INSERT OR IGNORE INTO pairs VALUES (?1)");
	b->pairs =
	    db_prepare(d, "SELECT pair, sum(n), max(day) FROM "
			  "(SELECT pair, 0 AS n, 0 AS day FROM pairs UNION ALL "
			  "SELECT pair, count(*), max(day) FROM envelopes GROUP BY pair) "
			  "GROUP BY pair ORDER BY max(day) DESC, pair LIMIT ?1");
	b->get_envelope =
	    db_prepare(d, "SELECT envelope FROM envelopes WHERE report_id = ?1");
	b->add_export = db_prepare(d,
	    "INSERT INTO exports (number, minute, report_id, reason, prev, sum) "
	    "VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
	b->get_export = db_prepare(d,
	    "SELECT number, minute, report_id, reason, prev, sum FROM exports "
	    "WHERE number >= ?1 ORDER BY number LIMIT 1");
}

int
vbooks_new(struct vbooks **ret, struct vstore *s)
{
	struct vbooks *b = mem_zalloc(sizeof *b);

	if (b == NULL)
		return ERR_NOMEM;
	b->db = vstore_db(s);
	prepare_all(b);
	*ret = b;
	return 0;
}

void
vbooks_free(struct vbooks *b)
{
	mem_free(b);
}

int
vbooks_put_recipient(struct vbooks *b, const struct vbooks_recipient *r)
{
	int roles = 0, rc;

	vstore_bind_text(b->role, 1, r->id);
	rc = db_step(b->db, b->role);
	if (rc == 1)
		roles = sqlite3_column_int(b->role, 0);
	db_reset(b->role);
	if (rc != 1)
		return rc == 0 ? ERR_NOTFOUND : rc;
	if ((roles & (ROLE_CENTRE | ROLE_MINISTRY)) == 0)
		return ERR_INVALID;
	vstore_bind_text(b->put_recipient, 1, r->id);
	vstore_bind_blob(b->put_recipient, 2, r->cert, r->n);
	vstore_bind_blob(b->put_recipient, 3, r->spki, sizeof r->spki);
	return db_run(b->db, b->put_recipient);
}

int
vbooks_drop_recipient(struct vbooks *b, const char *id)
{
	vstore_bind_text(b->drop_recipient, 1, id);
	return vstore_run_one(b->db, b->drop_recipient);
}

int
vbooks_next_recipient(struct vbooks *b, struct vbooks_recipient *ret)
{
	sqlite3_stmt *q = b->recipients;
	int rc = db_step(b->db, q);

	if (rc == 1) {
		memset(ret, 0, sizeof *ret);
		ret->n = (size_t)sqlite3_column_bytes(q, 1);
		rc = vstore_get_text(q, 0, ret->id, sizeof ret->id);
		if (rc == 0 && ret->n > sizeof ret->cert)
			rc = ERR_CORRUPT;
		if (rc == 0)
			rc = vstore_get_blob(q, 1, ret->cert, ret->n);
		if (rc == 0)
			rc = vstore_get_blob(q, 2, ret->spki, sizeof ret->spki);
		if (rc == 0)
			return 1;
	}
	db_reset(q);
	return rc;
}

int
vbooks_put_named(struct vbooks *b, const unsigned char report[ID_LEN], const char *id,
    const void *p, size_t n, int64_t day)
{
	vstore_bind_blob(b->put_named, 1, report, ID_LEN);
	vstore_bind_text(b->put_named, 2, id);
	vstore_bind_blob(b->put_named, 3, p, n);
	(void)sqlite3_bind_int64(b->put_named, 4, day);
	return db_run(b->db, b->put_named);
}

/* The first column of the only row. */
static int
get_bytes(struct vbooks *b, sqlite3_stmt *q, struct buf *out)
{
	int rc = db_step(b->db, q);

	if (rc == 1) {
		buf_add(
		    out, sqlite3_column_blob(q, 0), (size_t)sqlite3_column_bytes(q, 0));
		rc = buf_err(out);
	} else if (rc == 0) {
		rc = ERR_NOTFOUND;
	}
	db_reset(q);
	return rc;
}

int
vbooks_get_named(
    struct vbooks *b, const unsigned char report[ID_LEN], const char *id, struct buf *out)
{
	vstore_bind_blob(b->get_named, 1, report, ID_LEN);
	vstore_bind_text(b->get_named, 2, id);
	return get_bytes(b, b->get_named, out);
}

int
vbooks_drop_named(struct vbooks *b, int64_t day, int most)
{
	int rc;

	(void)sqlite3_bind_int64(b->drop_named, 1, day);
	(void)sqlite3_bind_int(b->drop_named, 2, most);
	rc = db_run(b->db, b->drop_named);
	return rc == 0 ? sqlite3_changes(db_handle(b->db)) : rc;
}

int
vbooks_note_pair(struct vbooks *b, const unsigned char pair[PAIR_LEN])
{
	vstore_bind_blob(b->note_pair, 1, pair, PAIR_LEN);
	return db_run(b->db, b->note_pair);
}

int
vbooks_next_pair(struct vbooks *b, struct vault_pair *ret)
{
	sqlite3_stmt *q = b->pairs;
	int rc;

	if (!sqlite3_stmt_busy(q))
		(void)sqlite3_bind_int(q, 1, PAIRS_MAX);
	rc = db_step(b->db, q);
	if (rc == 1) {
		memset(ret, 0, sizeof *ret);
		ret->envelopes = (uint32_t)sqlite3_column_int64(q, 1);
		ret->last_day = (uint32_t)sqlite3_column_int64(q, 2);
		rc = vstore_get_blob(q, 0, ret->pair, PAIR_LEN);
		if (rc == 0)
			return 1;
	}
	db_reset(q);
	return rc;
}

int
vbooks_get_envelope(struct vbooks *b, const unsigned char report[ID_LEN], struct buf *out)
{
	vstore_bind_blob(b->get_envelope, 1, report, ID_LEN);
	return get_bytes(b, b->get_envelope, out);
}

int
vbooks_add_export(struct vbooks *b, const struct vault_export *e)
{
	sqlite3_stmt *q = b->add_export;

	(void)sqlite3_bind_int64(q, 1, (int64_t)e->number);
	(void)sqlite3_bind_int64(q, 2, e->minute);
	vstore_bind_blob(q, 3, e->report, ID_LEN);
	vstore_bind_text(q, 4, e->reason);
	vstore_bind_blob(q, 5, e->prev, sizeof e->prev);
	vstore_bind_blob(q, 6, e->sum, sizeof e->sum);
	return db_run(b->db, q);
}

int
vbooks_get_export(struct vbooks *b, uint64_t from, struct vault_export *ret)
{
	sqlite3_stmt *q = b->get_export;
	int rc, bad = 0;

	(void)sqlite3_bind_int64(q, 1, (int64_t)(from <= INT64_MAX ? from : INT64_MAX));
	rc = db_step(b->db, q);
	if (rc == 1) {
		memset(ret, 0, sizeof *ret);
		ret->number = (uint64_t)sqlite3_column_int64(q, 0);
		ret->minute = (uint32_t)sqlite3_column_int64(q, 1);
		bad |= vstore_get_blob(q, 2, ret->report, ID_LEN);
		bad |= vstore_get_text(q, 3, ret->reason, sizeof ret->reason);
		bad |= vstore_get_blob(q, 4, ret->prev, sizeof ret->prev);
		bad |= vstore_get_blob(q, 5, ret->sum, sizeof ret->sum);
		rc = bad != 0 ? ERR_CORRUPT : 1;
	}
	db_reset(q);
	return rc;
}
