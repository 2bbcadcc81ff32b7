/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/store_sqlite_escalation.h"

#include <string.h>

#include <sqlite3.h>

#include "daemon/keeper/store_escalation.h"
#include "daemon/keeper/store_sqlite.h"
#include "lib/db.h"

/* Silence: who is asked again when, and what lies on the desks afterwards. */

static const char *const texts[ESQL_COUNT] = {
	[ESQL_PUT] = "INSERT INTO escalations (bulletin, revision, floor, level, minute)"
		     " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (bulletin) DO UPDATE SET"
		     " revision = ?2, floor = ?3, level = ?4, minute = ?5",
	[ESQL_GET] =
	    "SELECT revision, floor, level, minute FROM escalations WHERE bulletin = ?1",
	[ESQL_DEL] = "DELETE FROM escalations WHERE bulletin = ?1",
	[ESQL_STEP_PUT] =
	    "INSERT OR REPLACE INTO escalation_steps (bulletin, hours, stage, due, "
	    "second, deadline, after, entitled, silent)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
	[ESQL_STEP_GET] =
	    "SELECT bulletin, hours, stage, due, second, deadline, after, entitled, "
	    "silent FROM escalation_steps WHERE bulletin = ?1 AND hours = ?2",
	[ESQL_STEP_DEL] =
	    "DELETE FROM escalation_steps WHERE bulletin = ?1 AND hours = ?2",
	[ESQL_STEP_DUE] =
	    "SELECT bulletin, hours, stage, due, second, deadline, after, entitled, "
	    "silent FROM escalation_steps WHERE due <= ?1 ORDER BY due LIMIT 1",
	[ESQL_SILENCE_PUT] =
	    "INSERT OR REPLACE INTO silences (desk, minute, bulletin, revision, "
	    "entitled, silent) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
	[ESQL_SILENCE_EACH] =
	    "SELECT minute, bulletin, revision, entitled, silent FROM silences"
	    " WHERE desk = ?1 ORDER BY minute DESC, bulletin LIMIT 1 OFFSET ?2",
	[ESQL_ACK_HAS] = "SELECT 1 FROM acks WHERE bulletin = ?1 AND revision = ?2"
			 " AND receiver = ?3 AND flagged = 0 LIMIT 1",
};

void
store_escalation_prepare(struct store *s)
{
	int i;

	for (i = 0; i < ESQL_COUNT; i++)
		s->escalation[i] = db_prepare(s->db, texts[i]);
}

int
store_escalation_put(struct store *s, const struct store_escalation *e)
{
	struct sqlite3_stmt *st = s->escalation[ESQL_PUT];

	store_bind_blob(st, 1, e->bulletin, ID_LEN);
	store_bind_int(st, 2, e->revision);
	store_bind_int(st, 3, e->floor);
	store_bind_int(st, 4, e->level);
	store_bind_int(st, 5, e->minute);
	return db_run(s->db, st);
}

int
store_escalation_get(
    struct store *s, const uint8_t *bulletin, struct store_escalation *ret)
{
	struct sqlite3_stmt *st = s->escalation[ESQL_GET];
	int rc;

	store_bind_blob(st, 1, bulletin, ID_LEN);
	rc = store_one(s, st);
	if (rc == 0) {
		memcpy(ret->bulletin, bulletin, ID_LEN);
		ret->revision = (uint16_t)store_col_int(st, 0);
		ret->floor = (uint16_t)store_col_int(st, 1);
		ret->level = (uint8_t)store_col_int(st, 2);
		ret->minute = store_col_int(st, 3);
	}
	db_reset(st);
	return rc;
}

int
store_escalation_del(struct store *s, const uint8_t *bulletin)
{
	store_bind_blob(s->escalation[ESQL_DEL], 1, bulletin, ID_LEN);
	return db_run(s->db, s->escalation[ESQL_DEL]);
}

int
store_step_put(struct store *s, const struct store_step *v)
{
	struct sqlite3_stmt *st = s->escalation[ESQL_STEP_PUT];

	store_bind_blob(st, 1, v->bulletin, ID_LEN);
	store_bind_int(st, 2, v->hours);
	store_bind_int(st, 3, v->stage);
	store_bind_int(st, 4, v->due);
	store_bind_int(st, 5, v->second);
	store_bind_int(st, 6, v->deadline);
	store_bind_blob(st, 7, v->after, RECEIVER_LEN);
	store_bind_int(st, 8, v->entitled);
	store_bind_int(st, 9, v->silent);
	return db_run(s->db, st);
}

int
store_step_del(struct store *s, const uint8_t *bulletin, unsigned hours)
{
	struct sqlite3_stmt *st = s->escalation[ESQL_STEP_DEL];

	store_bind_blob(st, 1, bulletin, ID_LEN);
	store_bind_int(st, 2, hours);
	return db_run(s->db, st);
}

static int
read_step(struct store *s, struct sqlite3_stmt *st, struct store_step *ret)
{
	int rc = store_one(s, st);

	if (rc == 0) {
		ret->hours = (uint8_t)store_col_int(st, 1);
		ret->stage = (uint8_t)store_col_int(st, 2);
		ret->due = store_col_int(st, 3);
		ret->second = store_col_int(st, 4);
		ret->deadline = store_col_int(st, 5);
		ret->entitled = (uint32_t)store_col_int(st, 7);
		ret->silent = (uint32_t)store_col_int(st, 8);
		rc = store_col_fixed(st, 0, ret->bulletin, ID_LEN);
		if (rc == 0)
			rc = store_col_fixed(st, 6, ret->after, RECEIVER_LEN);
	}
	db_reset(st);
	return rc;
}

int
store_step_get(
    struct store *s, const uint8_t *bulletin, unsigned hours, struct store_step *ret)
{
	struct sqlite3_stmt *st = s->escalation[ESQL_STEP_GET];

	store_bind_blob(st, 1, bulletin, ID_LEN);
	store_bind_int(st, 2, hours);
	return read_step(s, st, ret);
}

int
store_step_due(struct store *s, int64_t minute, struct store_step *ret)
{
	store_bind_int(s->escalation[ESQL_STEP_DUE], 1, minute);
	return read_step(s, s->escalation[ESQL_STEP_DUE], ret);
}

int
store_silence_put(struct store *s, const struct store_silence *v)
{
	struct sqlite3_stmt *st = s->escalation[ESQL_SILENCE_PUT];

	store_bind_int(st, 1, v->desk);
	store_bind_int(st, 2, v->minute);
	store_bind_blob(st, 3, v->bulletin, ID_LEN);
	store_bind_int(st, 4, v->revision);
	store_bind_int(st, 5, v->entitled);
	store_bind_int(st, 6, v->silent);
	return db_run(s->db, st);
}

int
store_silence_each(struct store *s, unsigned desk, unsigned most,
    int (*fn)(void *arg, const struct store_silence *v), void *arg)
{
	struct sqlite3_stmt *st = s->escalation[ESQL_SILENCE_EACH];
	struct store_silence v;
	unsigned i;
	int rc = 0;

	for (i = 0; rc == 0 && i < most; i++) {
		store_bind_int(st, 1, desk);
		store_bind_int(st, 2, i);
		rc = store_one(s, st);
		if (rc == 0) {
			v.desk = (uint8_t)desk;
			v.minute = store_col_int(st, 0);
			v.revision = (uint16_t)store_col_int(st, 2);
			v.entitled = (uint32_t)store_col_int(st, 3);
			v.silent = (uint32_t)store_col_int(st, 4);
			rc = store_col_fixed(st, 1, v.bulletin, ID_LEN);
		}
		db_reset(st);
		if (rc == 0)
			rc = fn(arg, &v);
	}
	return rc == ERR_NOTFOUND ? 0 : rc;
}

int
store_ack_has(
    struct store *s, const uint8_t *bulletin, uint16_t revision, const uint8_t *receiver)
{
	struct sqlite3_stmt *st = s->escalation[ESQL_ACK_HAS];
	int rc;

	store_bind_blob(st, 1, bulletin, ID_LEN);
	store_bind_int(st, 2, revision);
	store_bind_blob(st, 3, receiver, RECEIVER_LEN);
	rc = store_one(s, st);
	db_reset(st);
	return rc == 0 ? 1 : rc == ERR_NOTFOUND ? 0 : rc;
}
