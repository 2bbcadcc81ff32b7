/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/store_topic.h"

#include <string.h>

#include <sqlite3.h>

#include "daemon/keeper/store_sqlite.h"
#include "lib/db.h"

/* What reports are about, and how many said so. */

int
store_topic_put(struct store *s, const struct store_topic *t)
{
	struct sqlite3_stmt *st = s->sql[SQL_TOPIC_PUT];

	store_bind_blob(st, 1, t->topic, TOPIC_LEN);
	store_bind_int(st, 2, t->minute);
	store_bind_blob(st, 3, t->case_id, ID_LEN);
	store_bind_int(st, 4, t->slot);
	store_bind_int(st, 5, t->level);
	store_bind_int(st, 6, t->members);
	store_bind_int(st, 7, t->sectors);
	store_bind_int(st, 8, t->since);
	store_bind_int(st, 9, t->waits);
	return db_run(s->db, st);
}

int
store_topic_last(struct store *s, const uint8_t *topic, struct store_topic *ret)
{
	struct sqlite3_stmt *st = s->sql[SQL_TOPIC_LAST];
	int rc;

	store_bind_blob(st, 1, topic, TOPIC_LEN);
	rc = store_one(s, st);
	if (rc == 0) {
		ret->minute = store_col_int(st, 0);
		ret->members = (uint16_t)store_col_int(st, 1);
		ret->sectors = (uint8_t)store_col_int(st, 2);
		ret->since = store_col_int(st, 3);
	}
	db_reset(st);
	return rc;
}

int
store_topic_cases(struct store *s, const uint8_t *topic, int64_t from, int64_t to,
    unsigned most, unsigned *ret_n)
{
	struct sqlite3_stmt *st = s->sql[SQL_TOPIC_CASES];
	int rc;

	store_bind_blob(st, 1, topic, TOPIC_LEN);
	store_bind_int(st, 2, from);
	store_bind_int(st, 3, to);
	store_bind_int(st, 4, most);
	rc = store_one(s, st);
	if (rc == 0)
		*ret_n = (unsigned)store_col_int(st, 0);
	db_reset(st);
	return rc;
}

int
store_topic_span(
    struct store *s, const uint8_t *topic, unsigned most, struct store_trend *ret)
{
	struct sqlite3_stmt *st = s->sql[SQL_TOPIC_SPAN];
	unsigned n, level;
	int rc;

	ret->level = 0;
	memset(&ret->slots, 0, sizeof ret->slots);
	store_bind_blob(st, 1, topic, TOPIC_LEN);
	store_bind_int(st, 2, most);
	for (n = 0; (rc = db_step(s->db, st)) == 1; n++) {
		if (n == 0)
			ret->first = store_col_int(st, 0);
		slots_set(&ret->slots, (unsigned)store_col_int(st, 1));
		level = (unsigned)store_col_int(st, 2);
		if (level > ret->level)
			ret->level = (uint8_t)level;
	}
	db_reset(st);
	return rc == 0 && n == 0 ? ERR_NOTFOUND : rc;
}

static int
waiting_row(struct sqlite3_stmt *st, void *to)
{
	struct store_topic *ret = to;

	ret->minute = store_col_int(st, 0);
	return store_col_fixed(st, 1, ret->case_id, ID_LEN);
}

int
store_topic_waiting(struct store *s, const uint8_t *topic, const uint8_t *case_id,
    struct store_topic *out, size_t cap, size_t *ret_n)
{
	struct sqlite3_stmt *st = s->sql[SQL_TOPIC_WAITING];
	size_t i;
	int rc;

	store_bind_blob(st, 1, topic, TOPIC_LEN);
	store_bind_blob(st, 2, case_id, ID_LEN);
	store_bind_int(st, 3, (int64_t)cap);
	rc = store_read_all(s, st, waiting_row, out, sizeof *out, cap, ret_n);
	for (i = 0; rc == 0 && i < *ret_n; i++)
		memcpy(out[i].topic, topic, TOPIC_LEN);
	return rc;
}

int
store_topic_settled(struct store *s, const struct store_topic *t)
{
	struct sqlite3_stmt *st = s->sql[SQL_TOPIC_SETTLED];

	store_bind_blob(st, 1, t->topic, TOPIC_LEN);
	store_bind_int(st, 2, t->minute);
	store_bind_blob(st, 3, t->case_id, ID_LEN);
	return db_run(s->db, st);
}

static int
trend_row(struct sqlite3_stmt *st, void *to)
{
	struct store_trend *ret = to;
	int rc;

	ret->level = (uint8_t)store_col_int(st, 2);
	ret->members = (uint16_t)store_col_int(st, 3);
	ret->sectors = (uint8_t)store_col_int(st, 4);
	ret->since = store_col_int(st, 5);
	ret->first = store_col_int(st, 6);
	ret->last = store_col_int(st, 7);
	ret->told = (uint16_t)store_col_int(st, 8);
	ret->told_at = store_col_int(st, 9);
	rc = store_col_fixed(st, 0, ret->topic, TOPIC_LEN);
	if (rc == 0)
		rc = store_col_fixed(st, 1, ret->slots.b, SLOT_BYTES);
	if (rc == 0)
		rc = store_col_fixed(st, 10, ret->report, ID_LEN);
	return rc;
}

int
store_trend_get(struct store *s, const uint8_t *topic, struct store_trend *ret)
{
	struct sqlite3_stmt *st = s->sql[SQL_TREND_GET];

	store_bind_blob(st, 1, topic, TOPIC_LEN);
	return store_read_one(s, st, trend_row, ret);
}

int
store_trend_put(struct store *s, const struct store_trend *t)
{
	struct sqlite3_stmt *st = s->sql[SQL_TREND_PUT];

	store_bind_blob(st, 1, t->topic, TOPIC_LEN);
	store_bind_blob(st, 2, t->slots.b, SLOT_BYTES);
	store_bind_int(st, 3, t->level);
	store_bind_int(st, 4, t->members);
	store_bind_int(st, 5, t->sectors);
	store_bind_int(st, 6, t->since);
	store_bind_int(st, 7, t->first);
	store_bind_int(st, 8, t->last);
	store_bind_int(st, 9, t->told);
	store_bind_int(st, 10, t->told_at);
	store_bind_blob(st, 11, t->report, ID_LEN);
	return db_run(s->db, st);
}

int
store_trend_list(struct store *s, struct store_trend *out, size_t cap, size_t *ret_n)
{
	struct sqlite3_stmt *st = s->sql[SQL_TREND_LIST];

	store_bind_int(st, 1, (int64_t)cap);
	return store_read_all(s, st, trend_row, out, sizeof *out, cap, ret_n);
}

int
store_prune_topics(struct store *s, int64_t before, unsigned most, unsigned *ret_n)
{
	static const enum store_sql which[] = { SQL_TOPIC_PRUNE, SQL_TREND_PRUNE };
	struct sqlite3_stmt *st;
	unsigned n = 0;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < sizeof which / sizeof which[0]; i++) {
		st = s->sql[which[i]];
		store_bind_int(st, 1, before);
		store_bind_int(st, 2, most);
		rc = db_run(s->db, st);
		if (rc == 0)
			n += (unsigned)sqlite3_changes(db_handle(s->db));
	}
	if (rc == 0)
		*ret_n = n;
	return rc;
}
