/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/store_sqlite.h"

#include <string.h>

#include <sqlite3.h>

#include "daemon/keeper/store_question.h"
#include "lib/db.h"

/* Questions about bulletins. */

int
store_question_add(struct store *s, const struct store_question *q, struct slice body)
{
	struct sqlite3_stmt *st = s->reach[RSQL_QUESTION_ADD];

	store_bind_blob(st, 1, q->id, ID_LEN);
	store_bind_blob(st, 2, q->bulletin, ID_LEN);
	store_bind_int(st, 3, q->minute);
	if (q->has_commitment)
		store_bind_blob(st, 4, q->commitment, sizeof q->commitment);
	store_bind_blob(st, 5, body.p, body.n);
	return db_run(s->db, st);
}

/* id, bulletin, minute, commitment, answered, to_all, body, answer */
static int
row(struct sqlite3_stmt *st, void *to)
{
	struct store_question *ret = to;
	int rc;

	memset(ret, 0, sizeof *ret);
	ret->minute = store_col_int(st, 2);
	ret->has_commitment = store_col(st, 3).n != 0;
	ret->answered = store_col_int(st, 4);
	ret->to_all = (uint8_t)store_col_int(st, 5);
	rc = store_col_fixed(st, 0, ret->id, ID_LEN);
	if (rc == 0)
		rc = store_col_fixed(st, 1, ret->bulletin, ID_LEN);
	if (rc == 0 && ret->has_commitment)
		rc = store_col_fixed(st, 3, ret->commitment, sizeof ret->commitment);
	return rc;
}

int
store_question_get(struct store *s, const uint8_t *id, struct store_question *ret,
    struct buf *body, struct buf *answer)
{
	struct sqlite3_stmt *st = s->reach[RSQL_QUESTION_GET];
	struct slice text;
	int rc;

	store_bind_blob(st, 1, id, ID_LEN);
	rc = store_one(s, st);
	if (rc == 0)
		rc = row(st, ret);
	if (rc == 0 && body != NULL) {
		text = store_col(st, 6);
		buf_add(body, text.p, text.n);
	}
	if (rc == 0 && answer != NULL) {
		text = store_col(st, 7);
		buf_add(answer, text.p, text.n);
	}
	db_reset(st);
	return rc;
}

int
store_question_forget(struct store *s, const uint8_t *bulletin)
{
	store_bind_blob(s->reach[RSQL_QUESTION_FORGET], 1, bulletin, ID_LEN);
	return db_run(s->db, s->reach[RSQL_QUESTION_FORGET]);
}

int
store_question_answer(
    struct store *s, const uint8_t *id, struct slice answer, int64_t minute, int to_all)
{
	struct sqlite3_stmt *st = s->reach[RSQL_QUESTION_ANSWER];

	store_bind_blob(st, 1, id, ID_LEN);
	store_bind_blob(st, 2, answer.p, answer.n);
	store_bind_int(st, 3, minute);
	store_bind_int(st, 4, to_all);
	return db_run(s->db, st);
}

int
store_question_count(struct store *s, const uint8_t *bulletin, unsigned *ret)
{
	struct sqlite3_stmt *st = s->reach[RSQL_QUESTION_COUNT];
	int rc;

	store_bind_blob(st, 1, bulletin, ID_LEN);
	rc = store_one(s, st);
	if (rc == 0)
		*ret = (unsigned)store_col_int(st, 0);
	db_reset(st);
	return rc;
}

int
store_question_before(
    struct store *s, int64_t minute, const uint8_t *id, struct store_question *ret)
{
	struct sqlite3_stmt *st = s->reach[RSQL_QUESTION_BEFORE];

	store_bind_int(st, 1, minute);
	store_bind_blob(st, 2, id, ID_LEN);
	return store_read_one(s, st, row, ret);
}

int
store_question_each(struct store *s, const uint8_t *bulletin,
    int (*fn)(void *arg, const struct store_question *q, struct slice body,
	struct slice answer),
    void *arg)
{
	struct sqlite3_stmt *st = s->reach[RSQL_QUESTION_EACH];
	struct store_question q;
	int rc;

	store_bind_blob(st, 1, bulletin, ID_LEN);
	while ((rc = db_step(s->db, st)) == 1) {
		rc = row(st, &q);
		if (rc == 0)
			rc = fn(arg, &q, store_col(st, 6), store_col(st, 7));
		if (rc != 0)
			break;
	}
	db_reset(st);
	return rc;
}
