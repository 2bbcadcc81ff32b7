/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/store_sqlite.h"

#include <string.h>

#include <sqlite3.h>

#include "daemon/keeper/store_reach.h"
#include "lib/db.h"

/* Who was reached: ranges of streams, counts at the release, acknowledgements in order. */

static const uint8_t lowest[RECEIVER_LEN];

int
store_streamed_as_put(struct store *s, int64_t as, struct slice bytes)
{
	struct sqlite3_stmt *st = s->sql[SQL_STREAMED_AS_PUT];

	store_bind_int(st, 1, as);
	store_bind_blob(st, 2, bytes.p, bytes.n);
	return db_run(s->db, st);
}

int
store_streamed_put(struct store *s, const uint8_t *receiver, int64_t as,
    const struct range *v, size_t n, uint64_t lo, uint64_t hi, int64_t minute)
{
	struct sqlite3_stmt *st = s->sql[SQL_STREAMED_CUT];
	size_t i;
	int rc;

	store_bind_blob(st, 1, receiver, RECEIVER_LEN);
	store_bind_int(st, 2, as);
	store_bind_int(st, 3, (int64_t)lo);
	store_bind_int(st, 4, (int64_t)hi);
	rc = db_run(s->db, st);
	st = s->sql[SQL_STREAMED_PUT];
	for (i = 0; rc == 0 && i < n; i++) {
		store_bind_blob(st, 1, receiver, RECEIVER_LEN);
		store_bind_int(st, 2, as);
		store_bind_int(st, 3, (int64_t)v[i].first);
		store_bind_int(st, 4, (int64_t)v[i].last);
		store_bind_int(st, 5, minute);
		rc = db_run(s->db, st);
	}
	return rc;
}

static int
load_as(struct store *s, const struct store_streamed_reader *to)
{
	struct sqlite3_stmt *st = s->sql[SQL_STREAMED_AS_EACH];
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
	struct sqlite3_stmt *st = s->sql[SQL_STREAMED_EACH];
	uint8_t receiver[RECEIVER_LEN];
	struct range r;
	int rc;

	while ((rc = db_step(s->db, st)) == 1) {
		rc = store_col_fixed(st, 0, receiver, sizeof receiver);
		r.first = (uint64_t)store_col_int(st, 2);
		r.last = (uint64_t)store_col_int(st, 3);
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
	struct sqlite3_stmt *st = s->sql[SQL_STREAMED_PRUNE];
	int rc;

	store_bind_int(st, 1, (int64_t)s->head.earliest);
	rc = db_run(s->db, st);
	if (rc == 0)
		rc = db_run(s->db, s->sql[SQL_STREAMED_AS_PRUNE]);
	/* A disk that is full, or may only be read: there is more to read than is kept. */
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
store_entitled_put(struct store *s, const uint8_t *bulletin, uint16_t revision,
    unsigned slot, unsigned n)
{
	struct sqlite3_stmt *st = s->sql[SQL_ENTITLED_PUT];

	bind_revision(st, bulletin, revision);
	store_bind_int(st, 3, slot);
	store_bind_int(st, 4, n);
	return db_run(s->db, st);
}

int
store_entitled_get(struct store *s, const uint8_t *bulletin, uint16_t revision,
    int32_t ret[SLOTS + 1])
{
	struct sqlite3_stmt *st = s->sql[SQL_ENTITLED_GET];
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
walk(struct store *s, enum store_sql which, const uint8_t *bulletin, uint16_t revision,
    const uint8_t *after)
{
	struct sqlite3_stmt *st = s->sql[which];

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
	return walk(s, SQL_ACK_EACH, bulletin, revision, after);
}

int
store_ack_next(struct store *s, struct store_ack *ret)
{
	struct sqlite3_stmt *st = s->sql[SQL_ACK_EACH];
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
	db_reset(s->sql[SQL_ACK_EACH]);
}

int
store_route_walk(
    struct store *s, const uint8_t *bulletin, uint16_t revision, const uint8_t *after)
{
	return walk(s, SQL_ROUTE_EACH, bulletin, revision, after);
}

int
store_route_next(struct store *s, struct store_route *ret)
{
	struct sqlite3_stmt *st = s->sql[SQL_ROUTE_EACH];
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
	return store_col_fixed(st, 0, ret->receiver, RECEIVER_LEN);
}

void
store_route_end(struct store *s)
{
	db_reset(s->sql[SQL_ROUTE_EACH]);
}
