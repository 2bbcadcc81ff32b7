/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/vault/vstore_roster.h"

#include <string.h>

#include <sqlite3.h>

#include "daemon/vault/vstore_sql.h"
#include "lib/db.h"
#include "lib/mem.h"
#include "proto/duty_span.h"

/* As many as one file holds, and an import replaces all of a member. */
enum { SHIFTS_MOST = 4096 };

struct vroster {
	struct db *db;
	sqlite3_stmt *drop, *put, *sweep, *list, *on_duty, *desk;
};

int
vroster_new(struct vroster **ret, struct db *d)
{
	struct vroster *r = mem_zalloc(sizeof *r);

	if (r == NULL)
		return ERR_NOMEM;
	r->db = d;
	r->drop = db_prepare(d, "DELETE FROM shifts WHERE member = ?1");
	r->put = db_prepare(d,
	    "INSERT INTO shifts (member, person, from_minute, to_minute, rank) "
	    "SELECT member, person, ?3, ?4, ?5 FROM persons "
	    "WHERE member = ?1 AND person = ?2 AND gone = 0");
	r->sweep = db_prepare(d, "DELETE FROM shifts WHERE to_minute < ?1");
	r->list = db_prepare(d,
	    "SELECT member, person, from_minute, to_minute, rank FROM shifts "
	    "WHERE member = ?1 ORDER BY from_minute, person LIMIT ?2 OFFSET ?3");
	r->on_duty = db_prepare(d,
	    "SELECT member, person, from_minute, to_minute, rank FROM shifts "
	    "JOIN persons USING (member, person) WHERE member = ?1 AND gone = 0 AND "
	    "from_minute <= ?3 AND to_minute > ?3 ORDER BY rank, from_minute, person "
	    "LIMIT ?2");
	r->desk = db_prepare(d,
	    "SELECT member, person, from_minute, to_minute, rank FROM shifts "
	    "JOIN persons USING (member, person) WHERE member = ?1 AND gone = 0 AND "
	    "duties & ?3 <> 0 ORDER BY from_minute, person LIMIT ?2 OFFSET ?4");
	*ret = r;
	return 0;
}

void
vroster_free(struct vroster *r)
{
	mem_free(r);
}

int
vroster_drop(struct vroster *r, const char *id)
{
	vstore_bind_text(r->drop, 1, id);
	return db_run(r->db, r->drop);
}

int
vroster_put(struct vroster *r, const struct vault_shift *m)
{
	vstore_bind_text(r->put, 1, m->id);
	vstore_bind_text(r->put, 2, m->person);
	(void)sqlite3_bind_int64(r->put, 3, m->from);
	(void)sqlite3_bind_int64(r->put, 4, m->to);
	(void)sqlite3_bind_int(r->put, 5, m->order);
	return vstore_run_one(r->db, r->put);
}

int
vroster_sweep(struct vroster *r, int64_t minute)
{
	(void)sqlite3_bind_int64(r->sweep, 1, minute);
	return db_run(r->db, r->sweep);
}

static int
read_all(struct vroster *r, sqlite3_stmt *q, struct vault_shift *ret, unsigned *ret_count)
{
	unsigned n = 0;
	int rc, bad = 0;

	while ((rc = db_step(r->db, q)) == 1 && n < ROSTER_PAGE && bad == 0) {
		memset(&ret[n], 0, sizeof ret[n]);
		bad |= vstore_get_text(q, 0, ret[n].id, sizeof ret[n].id);
		bad |= vstore_get_text(q, 1, ret[n].person, sizeof ret[n].person);
		ret[n].from = sqlite3_column_int64(q, 2);
		ret[n].to = sqlite3_column_int64(q, 3);
		ret[n].order = (uint8_t)sqlite3_column_int(q, 4);
		n++;
	}
	db_reset(q);
	if (rc < 0 || bad != 0)
		return rc < 0 ? rc : ERR_CORRUPT;
	*ret_count = n;
	return 0;
}

int
vroster_list(struct vroster *r, const char *id, unsigned after, struct vault_shift *ret,
    unsigned *ret_count)
{
	vstore_bind_text(r->list, 1, id);
	(void)sqlite3_bind_int(r->list, 2, ROSTER_PAGE);
	(void)sqlite3_bind_int64(r->list, 3, after);
	return read_all(r, r->list, ret, ret_count);
}

int
vroster_on_duty(struct vroster *r, const char *id, int64_t minute,
    struct vault_shift *ret, unsigned *ret_count)
{
	vstore_bind_text(r->on_duty, 1, id);
	(void)sqlite3_bind_int(r->on_duty, 2, ROSTER_PAGE);
	(void)sqlite3_bind_int64(r->on_duty, 3, minute);
	return read_all(r, r->on_duty, ret, ret_count);
}

int
vroster_spans(struct vroster *r, const char *id, struct duty_spans *ret)
{
	struct vault_shift *v = mem_calloc(SHIFTS_MOST + ROSTER_PAGE, sizeof *v);
	unsigned n = 0, got = ROSTER_PAGE;
	int rc = 0;

	if (v == NULL)
		return ERR_NOMEM;
	while (rc == 0 && got == ROSTER_PAGE && n < SHIFTS_MOST) {
		vstore_bind_text(r->desk, 1, id);
		(void)sqlite3_bind_int(r->desk, 2, ROSTER_PAGE);
		(void)sqlite3_bind_int(r->desk, 3, DUTY_DESK | DUTY_OFFICER);
		(void)sqlite3_bind_int64(r->desk, 4, n);
		rc = read_all(r, r->desk, v + n, &got);
		n += rc == 0 ? got : 0;
	}
	if (rc == 0)
		rc = duty_spans_make(ret, v, n);
	mem_free(v);
	return rc;
}
