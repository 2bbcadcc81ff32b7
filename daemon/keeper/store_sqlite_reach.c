/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/store_sqlite_reach.h"

#include <string.h>

#include <sqlite3.h>

#include "daemon/keeper/store_reach.h"
#include "daemon/keeper/store_sqlite.h"
#include "lib/db.h"

/* Who was reached: ranges of streams, counts at the release, acknowledgements in order.
 */

#define QUESTION_COLUMNS \
	"id, bulletin, minute, commitment, answered, to_all, body, answer"

static const char *const texts[RSQL_COUNT] = {
	[RSQL_ACK_EACH] =
	    "SELECT receiver, evidence, person, status, flagged, minute, received_at,"
	    " read_at, acted_at, forwarded FROM acks WHERE bulletin = ?1"
	    " AND revision = ?2 AND receiver > ?3 ORDER BY receiver, evidence",
	[RSQL_ROUTE_EACH] =
	    "SELECT receiver, route, contact, state, reason, queued_at, sent_at, person, "
	    "stage"
	    " FROM deliveries WHERE bulletin = ?1 AND revision = ?2 AND receiver > ?3"
	    " ORDER BY receiver, route, contact",
	[RSQL_STREAMED_AS_PUT] =
	    "INSERT OR REPLACE INTO streamed_as (id, bytes) VALUES (?1, ?2)",
	[RSQL_STREAMED_AS_EACH] = "SELECT id, bytes FROM streamed_as ORDER BY id",
	[RSQL_STREAMED_AS_PRUNE] = "DELETE FROM streamed_as WHERE id NOT IN"
				   " (SELECT as_id FROM streamed)",
	[RSQL_STREAMED_PUT] =
	    "INSERT INTO streamed (receiver, as_id, first, last, minute)"
	    " VALUES (?1, ?2, ?3, ?4, ?5)",
	[RSQL_STREAMED_CUT] = "DELETE FROM streamed WHERE receiver = ?1 AND as_id = ?2"
			      " AND first BETWEEN ?3 AND ?4",
	[RSQL_STREAMED_EACH] = "SELECT receiver, as_id, first, last, minute FROM streamed"
			       " ORDER BY receiver, as_id, first",
	[RSQL_STREAMED_PRUNE] = "DELETE FROM streamed WHERE last < ?1",
	[RSQL_ENTITLED_PUT] = "INSERT INTO entitled (bulletin, revision, slot, n)"
			      " VALUES (?1, ?2, ?3, ?4)",
	[RSQL_ENTITLED_GET] =
	    "SELECT slot, n FROM entitled WHERE bulletin = ?1 AND revision = ?2",
	[RSQL_ENTITLED_DEL] =
	    "DELETE FROM entitled WHERE bulletin = ?1 AND revision = ?2",
	[RSQL_QUESTION_ADD] =
	    "INSERT INTO questions (id, bulletin, minute, commitment, body, answered,"
	    " to_all) VALUES (?1, ?2, ?3, ?4, ?5, 0, 0)",
	[RSQL_QUESTION_GET] = "SELECT " QUESTION_COLUMNS " FROM questions WHERE id = ?1",
	[RSQL_QUESTION_ANSWER] =
	    "UPDATE questions SET answer = ?2, answered = ?3, to_all = ?4 WHERE id = ?1",
	[RSQL_QUESTION_COUNT] = "SELECT count(*) FROM questions WHERE bulletin = ?1",
	[RSQL_QUESTION_BEFORE] =
	    "SELECT " QUESTION_COLUMNS " FROM questions WHERE (minute, id) < (?1, ?2)"
	    " ORDER BY minute DESC, id DESC LIMIT 1",
	[RSQL_QUESTION_EACH] =
	    "SELECT " QUESTION_COLUMNS " FROM questions WHERE bulletin = ?1"
	    " AND to_all = 1 ORDER BY minute, id",
	[RSQL_QUESTION_FORGET] =
	    "DELETE FROM questions WHERE bulletin = ?1"
	    " AND NOT EXISTS (SELECT 1 FROM bulletins WHERE id = ?1)",
};

static const uint8_t lowest[RECEIVER_LEN];

void
store_reach_prepare(struct store *s)
{
	int i;

	for (i = 0; i < RSQL_COUNT; i++)
		s->reach[i] = db_prepare(s->db, texts[i]);
}

int
store_streamed_as_put(struct store *s, int64_t as, struct slice bytes)
{
	struct sqlite3_stmt *st = s->reach[RSQL_STREAMED_AS_PUT];

	store_bind_int(st, 1, as);
	store_bind_blob(st, 2, bytes.p, bytes.n);
	return db_run(s->db, st);
}

int
store_streamed_put(struct store *s, const uint8_t *receiver, int64_t as,
    const struct range *v, size_t n, uint64_t lo, uint64_t hi)
{
	struct sqlite3_stmt *st = s->reach[RSQL_STREAMED_CUT];
	size_t i;
	int rc;

	store_bind_blob(st, 1, receiver, RECEIVER_LEN);
	store_bind_int(st, 2, as);
	store_bind_int(st, 3, (int64_t)lo);
	store_bind_int(st, 4, (int64_t)hi);
	rc = db_run(s->db, st);
	st = s->reach[RSQL_STREAMED_PUT];
	for (i = 0; rc == 0 && i < n; i++) {
		store_bind_blob(st, 1, receiver, RECEIVER_LEN);
		store_bind_int(st, 2, as);
		store_bind_int(st, 3, (int64_t)v[i].first);
		store_bind_int(st, 4, (int64_t)v[i].last);
		store_bind_int(st, 5, v[i].mark);
		rc = db_run(s->db, st);
	}
	return rc;
}

static int
load_as(struct store *s, const struct store_streamed_reader *to)
{
	struct sqlite3_stmt *st = s->reach[RSQL_STREAMED_AS_EACH];
	int rc;

	while ((rc = db_step(s->db, st)) == 1) {
		rc = to->as(to->arg, store_col_int(st, 0), store_col(st, 1));
		if (rc != 0)
			break;
	}
	db_reset(st);
	return rc;
}

static int
load_ranges(struct store *s, const struct store_streamed_reader *to)
{
	struct sqlite3_stmt *st = s->reach[RSQL_STREAMED_EACH];
	uint8_t receiver[RECEIVER_LEN];
	struct range r;
	int rc;

	while ((rc = db_step(s->db, st)) == 1) {
		rc = store_col_fixed(st, 0, receiver, sizeof receiver);
		r.first = (uint64_t)store_col_int(st, 2);
		r.last = (uint64_t)store_col_int(st, 3);
		r.mark = (uint32_t)store_col_int(st, 4);
		if (rc == 0)
			rc = to->range(to->arg, receiver, store_col_int(st, 1), r);
		if (rc != 0)
			break;
	}
	db_reset(st);
	return rc;
}

int
store_streamed_load(struct store *s, const struct store_streamed_reader *to)
{
	struct sqlite3_stmt *st = s->reach[RSQL_STREAMED_PRUNE];
	int rc;

	store_bind_int(st, 1, (int64_t)s->head.earliest);
	rc = db_run(s->db, st);
	if (rc == 0)
		rc = db_run(s->db, s->reach[RSQL_STREAMED_AS_PRUNE]);
	/* A disk that is full, or may only be read: there is more to read than is kept.
	 */
	if (rc == ERR_FULL || rc == ERR_IO)
		rc = 0;
	if (rc == 0)
		rc = load_as(s, to);
	return rc == 0 ? load_ranges(s, to) : rc;
}

static void
bind_revision(struct sqlite3_stmt *st, const uint8_t *bulletin, uint16_t revision)
{
	store_bind_blob(st, 1, bulletin, ID_LEN);
	store_bind_int(st, 2, revision);
}

int
store_reach_forget(struct store *s, const uint8_t *bulletin, uint16_t revision)
{
	bind_revision(s->reach[RSQL_ENTITLED_DEL], bulletin, revision);
	return db_run(s->db, s->reach[RSQL_ENTITLED_DEL]);
}

int
store_entitled_put(struct store *s, const uint8_t *bulletin, uint16_t revision,
    unsigned slot, unsigned n)
{
	struct sqlite3_stmt *st = s->reach[RSQL_ENTITLED_PUT];

	bind_revision(st, bulletin, revision);
	store_bind_int(st, 3, slot);
	store_bind_int(st, 4, n);
	return db_run(s->db, st);
}

int
store_entitled_get(
    struct store *s, const uint8_t *bulletin, uint16_t revision, int32_t ret[SLOTS + 1])
{
	struct sqlite3_stmt *st = s->reach[RSQL_ENTITLED_GET];
	int64_t slot;
	int rc;

	bind_revision(st, bulletin, revision);
	while ((rc = db_step(s->db, st)) == 1) {
		slot = store_col_int(st, 0);
		ret[slot >= 0 && slot < SLOTS ? slot : SLOTS] =
		    (int32_t)store_col_int(st, 1);
	}
	db_reset(st);
	return rc;
}

static int
walk(struct store *s, enum reach_sql which, const uint8_t *bulletin, uint16_t revision,
    const uint8_t *after)
{
	struct sqlite3_stmt *st = s->reach[which];

	db_reset(st);
	bind_revision(st, bulletin, revision);
	/* No receiver id is that: it would be a hash of zeros. */
	store_bind_blob(st, 3, after != NULL ? after : lowest, RECEIVER_LEN);
	return 0;
}

int
store_ack_walk(
    struct store *s, const uint8_t *bulletin, uint16_t revision, const uint8_t *after)
{
	return walk(s, RSQL_ACK_EACH, bulletin, revision, after);
}

int
store_ack_next(struct store *s, struct store_ack *ret)
{
	struct sqlite3_stmt *st = s->reach[RSQL_ACK_EACH];
	int i, rc = store_one(s, st);

	if (rc != 0)
		return rc;
	memset(ret, 0, sizeof *ret);
	ret->evidence = (uint8_t)store_col_int(st, 1);
	ret->status = (uint8_t)store_col_int(st, 3);
	ret->flagged = (uint8_t)store_col_int(st, 4);
	ret->minute = store_col_int(st, 5);
	for (i = 1; i < 4; i++) /* NULL reads as 0 */
		ret->at[i] = store_col_int(st, 5 + i);
	ret->forwarded = (uint32_t)store_col_int(st, 9);
	rc = store_col_fixed(st, 0, ret->receiver, RECEIVER_LEN);
	return rc != 0 ? rc : store_col_fixed(st, 2, ret->person, RECEIVER_LEN);
}

void
store_ack_end(struct store *s)
{
	db_reset(s->reach[RSQL_ACK_EACH]);
}

int
store_route_walk(
    struct store *s, const uint8_t *bulletin, uint16_t revision, const uint8_t *after)
{
	return walk(s, RSQL_ROUTE_EACH, bulletin, revision, after);
}

int
store_route_next(struct store *s, struct store_route *ret)
{
	struct sqlite3_stmt *st = s->reach[RSQL_ROUTE_EACH];
	struct slice reason;
	int rc = store_one(s, st);

	if (rc != 0)
		return rc;
	memset(ret, 0, sizeof *ret);
	ret->route = (uint8_t)store_col_int(st, 1);
	ret->contact = (uint8_t)store_col_int(st, 2);
	ret->state = (uint8_t)store_col_int(st, 3);
	reason = store_col(st, 4);
	memcpy(ret->reason, reason.p,
	    reason.n < sizeof ret->reason ? reason.n : sizeof ret->reason - 1);
	ret->queued_at = store_col_int(st, 5);
	ret->sent_at = store_col_int(st, 6);
	ret->has_person = store_col(st, 7).n > 0;
	if (ret->has_person)
		rc = store_col_fixed(st, 7, ret->person, RECEIVER_LEN);
	ret->stage = (uint8_t)store_col_int(st, 8);
	return rc != 0 ? rc : store_col_fixed(st, 0, ret->receiver, RECEIVER_LEN);
}

void
store_route_end(struct store *s)
{
	db_reset(s->reach[RSQL_ROUTE_EACH]);
}
