/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/store_case.h"

#include <string.h>

#include <sqlite3.h>

#include "daemon/keeper/store_sqlite.h"
#include "lib/db.h"

/* Messages, call-back slips and duty keys. */

int
store_message_add(struct store *s, const uint8_t *case_id, const struct store_message *m,
    struct slice body)
{
	struct sqlite3_stmt *st = s->sql[SQL_MESSAGE_ADD];

	store_bind_blob(st, 1, case_id, ID_LEN);
	store_bind_int(st, 2, m->n);
	store_bind_int(st, 3, m->side);
	store_bind_int(st, 4, m->minute);
	if (m->has_key) {
		store_bind_blob(st, 5, m->key, sizeof m->key);
		store_bind_blob(st, 6, m->mac, sizeof m->mac);
	}
	store_bind_blob(st, 7, body.p, body.n);
	return db_run(s->db, st);
}

int
store_message_known(struct store *s, const uint8_t *case_id, const uint8_t *key,
    struct store_message *ret)
{
	struct sqlite3_stmt *st = s->sql[SQL_MESSAGE_KNOWN];
	int rc;

	store_bind_blob(st, 1, case_id, ID_LEN);
	store_bind_blob(st, 2, key, sizeof ret->key);
	rc = store_one(s, st);
	if (rc == 0) {
		memset(ret, 0, sizeof *ret);
		ret->n = (uint16_t)store_col_int(st, 0);
		ret->minute = store_col_int(st, 1);
		rc = store_col_fixed(st, 2, ret->mac, sizeof ret->mac);
	}
	db_reset(st);
	return rc;
}

int
store_message_each(struct store *s, const uint8_t *case_id,
    int (*fn)(void *arg, const struct store_message *m, struct slice body), void *arg)
{
	struct sqlite3_stmt *st = s->sql[SQL_MESSAGE_EACH];
	struct store_message m;
	int rc;

	memset(&m, 0, sizeof m);
	store_bind_blob(st, 1, case_id, ID_LEN);
	while ((rc = db_step(s->db, st)) == 1) {
		m.n = (uint16_t)store_col_int(st, 0);
		m.side = (uint8_t)store_col_int(st, 1);
		m.minute = store_col_int(st, 2);
		rc = fn(arg, &m, store_col(st, 3));
		if (rc != 0)
			break;
	}
	db_reset(st);
	return rc;
}

int
store_message_bytes(struct store *s, const uint8_t *case_id, uint64_t *ret)
{
	struct sqlite3_stmt *st = s->sql[SQL_MESSAGE_BYTES];
	int rc;

	store_bind_blob(st, 1, case_id, ID_LEN);
	rc = store_one(s, st);
	if (rc == 0)
		*ret = (uint64_t)store_col_int(st, 0); /* NULL reads as 0 */
	db_reset(st);
	return rc;
}

int
store_slip_put(struct store *s, const uint8_t *case_id, const struct store_slip *slip,
    struct slice box)
{
	struct sqlite3_stmt *st = s->sql[SQL_SLIP_PUT];

	store_bind_blob(st, 1, case_id, ID_LEN);
	store_bind_int(st, 2, slip->desk);
	store_bind_blob(st, 3, box.p, box.n);
	store_bind_int(st, 4, slip->due);
	return db_run(s->db, st);
}

int
store_slip_get(
    struct store *s, const uint8_t *case_id, struct store_slip *ret, struct buf *box)
{
	struct sqlite3_stmt *st = s->sql[SQL_SLIP_GET];
	struct slice c;
	int rc;

	store_bind_blob(st, 1, case_id, ID_LEN);
	rc = store_one(s, st);
	if (rc == 0) {
		ret->desk = (uint8_t)store_col_int(st, 0);
		ret->due = store_col_int(st, 1);
		c = store_col(st, 2);
		if (box != NULL)
			buf_add(box, c.p, c.n);
		rc = box != NULL ? buf_err(box) : 0;
	}
	db_reset(st);
	return rc;
}

int
store_slip_del(struct store *s, const uint8_t *case_id)
{
	store_bind_blob(s->sql[SQL_SLIP_DEL], 1, case_id, ID_LEN);
	return db_run(s->db, s->sql[SQL_SLIP_DEL]);
}

int
store_slip_due(struct store *s, int64_t minute, unsigned *ret_n)
{
	int rc;

	store_bind_int(s->sql[SQL_SLIP_DUE], 1, minute);
	rc = db_run(s->db, s->sql[SQL_SLIP_DUE]);
	if (rc == 0)
		*ret_n = (unsigned)sqlite3_changes(db_handle(s->db));
	return rc;
}

int
store_duty_put(struct store *s, unsigned desk, struct slice cert)
{
	struct sqlite3_stmt *st = s->sql[SQL_DUTY_PUT];

	store_bind_int(st, 1, desk);
	(void)sqlite3_bind_text64(st, 2, cert.p, cert.n, SQLITE_STATIC, SQLITE_UTF8);
	return db_run(s->db, st);
}

int
store_duty_each(
    struct store *s, int (*fn)(void *arg, unsigned desk, struct slice cert), void *arg)
{
	struct sqlite3_stmt *st = s->sql[SQL_DUTY_EACH];
	int rc;

	while ((rc = db_step(s->db, st)) == 1) {
		rc = fn(arg, (unsigned)store_col_int(st, 0), store_col(st, 1));
		if (rc != 0)
			break;
	}
	db_reset(st);
	return rc;
}
