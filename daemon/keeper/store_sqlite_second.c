/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/store_draft.h"

#include <string.h>

#include <sqlite3.h>

#include "daemon/keeper/store_sqlite.h"
#include "lib/db.h"

/* What waits for a second person, files of bulletins, and answers that are repeated. */

/* An id that may be absent. */
static int
col_id(struct sqlite3_stmt *st, int i, uint8_t *ret_has, uint8_t *out)
{
	*ret_has = sqlite3_column_type(st, i) != SQLITE_NULL;
	return *ret_has ? store_col_fixed(st, i, out, ID_LEN) : 0;
}

int
store_second_put(struct store *s, const struct store_second *v)
{
	struct sqlite3_stmt *st = s->draft[DSQL_SECOND_PUT];

	store_bind_blob(st, 1, v->id, ID_LEN);
	store_bind_int(st, 2, v->action);
	store_bind_int(st, 3, v->state);
	store_bind_int(st, 4, v->desk);
	store_bind_blob(st, 5, v->person, RECEIVER_LEN);
	store_bind_int(st, 6, v->minute);
	if (v->has_draft)
		store_bind_blob(st, 7, v->draft, ID_LEN);
	store_bind_int(st, 8, v->revision);
	if (v->has_bulletin)
		store_bind_blob(st, 9, v->bulletin, ID_LEN);
	store_bind_int(st, 10, v->due);
	store_bind_int(st, 11, v->overdue);
	store_bind_text(st, 12, v->reason);
	if (v->has_second)
		store_bind_blob(st, 13, v->second, RECEIVER_LEN);
	store_bind_int(st, 14, v->answered);
	store_bind_text(st, 15, v->answer);
	return db_run(s->db, st);
}

static int
second_row(struct store *s, struct sqlite3_stmt *st, struct store_second *ret)
{
	int rc = store_one(s, st);

	memset(ret, 0, sizeof *ret);
	if (rc == 0) {
		ret->action = (enum second_action)store_col_int(st, 1);
		ret->state = (enum second_state)store_col_int(st, 2);
		ret->desk = (uint8_t)store_col_int(st, 3);
		ret->minute = store_col_int(st, 5);
		ret->revision = (uint16_t)store_col_int(st, 7);
		ret->due = store_col_int(st, 9);
		ret->overdue = (uint8_t)store_col_int(st, 10);
		ret->answered = store_col_int(st, 13);
		rc = store_col_fixed(st, 0, ret->id, ID_LEN);
	}
	if (rc == 0)
		rc = store_col_fixed(st, 4, ret->person, RECEIVER_LEN);
	if (rc == 0)
		rc = col_id(st, 6, &ret->has_draft, ret->draft);
	if (rc == 0)
		rc = col_id(st, 8, &ret->has_bulletin, ret->bulletin);
	if (rc == 0)
		rc = col_id(st, 12, &ret->has_second, ret->second);
	if (rc == 0)
		rc = store_col_text(st, 11, ret->reason, sizeof ret->reason);
	if (rc == 0)
		rc = store_col_text(st, 14, ret->answer, sizeof ret->answer);
	db_reset(st);
	return rc;
}

int
store_second_get(struct store *s, const uint8_t *id, struct store_second *ret)
{
	store_bind_blob(s->draft[DSQL_SECOND_GET], 1, id, ID_LEN);
	return second_row(s, s->draft[DSQL_SECOND_GET], ret);
}

int
store_second_each(struct store *s, unsigned most,
    int (*fn)(void *arg, const struct store_second *v), void *arg)
{
	struct store_second v;
	unsigned i;
	int rc = 0;

	for (i = 0; rc == 0 && i < most; i++) {
		store_bind_int(s->draft[DSQL_SECOND_NEXT], 1, i);
		rc = second_row(s, s->draft[DSQL_SECOND_NEXT], &v);
		if (rc == ERR_NOTFOUND)
			return 0;
		if (rc == 0)
			rc = fn(arg, &v);
	}
	return rc;
}

int
store_second_due(struct store *s, int64_t minute, struct store_second *ret)
{
	store_bind_int(s->draft[DSQL_SECOND_DUE], 1, minute);
	return second_row(s, s->draft[DSQL_SECOND_DUE], ret);
}

int
store_second_drop(struct store *s, const uint8_t *draft, int done)
{
	store_bind_blob(s->draft[DSQL_SECOND_DROP], 1, draft, ID_LEN);
	store_bind_int(s->draft[DSQL_SECOND_DROP], 2, done);
	return db_run(s->db, s->draft[DSQL_SECOND_DROP]);
}

int
store_attachment_put(struct store *s, const uint8_t *draft,
    const struct store_attachment *a, struct slice body)
{
	struct sqlite3_stmt *st = s->draft[DSQL_FILE_PUT];

	store_bind_blob(st, 1, draft, ID_LEN);
	store_bind_text(st, 2, a->name);
	store_bind_text(st, 3, a->type);
	store_bind_int(st, 4, a->size);
	store_bind_blob(st, 5, a->sum, SUM_LEN);
	store_bind_blob(st, 6, body.p, body.n);
	return db_run(s->db, st);
}

static int
attachment_row(struct sqlite3_stmt *st, struct store_attachment *ret)
{
	int rc;

	memset(ret, 0, sizeof *ret);
	ret->size = (uint32_t)store_col_int(st, 2);
	rc = store_col_text(st, 0, ret->name, sizeof ret->name);
	if (rc == 0)
		rc = store_col_text(st, 1, ret->type, sizeof ret->type);
	return rc == 0 ? store_col_fixed(st, 3, ret->sum, SUM_LEN) : rc;
}

int
store_attachment_get(struct store *s, const uint8_t *draft, const char *name,
    struct store_attachment *ret, struct buf *body)
{
	struct sqlite3_stmt *st = s->draft[DSQL_FILE_GET];
	unsigned char sum[SUM_LEN];
	struct slice text;
	int rc;

	store_bind_blob(st, 1, draft, ID_LEN);
	store_bind_text(st, 2, name);
	rc = store_one(s, st);
	if (rc == 0)
		rc = attachment_row(st, ret);
	if (rc == 0 && body != NULL) {
		text = store_col(st, 4);
		rc = store_sum(s, &text, 1, sum);
		if (rc == 0 && memcmp(sum, ret->sum, SUM_LEN) != 0)
			rc = ERR_CORRUPT;
		if (rc == 0) {
			buf_add(body, text.p, text.n);
			rc = buf_err(body);
		}
	}
	db_reset(st);
	return rc;
}

int
store_attachment_del(struct store *s, const uint8_t *draft, const char *name)
{
	struct sqlite3_stmt *st = s->draft[DSQL_FILE_DEL];

	store_bind_blob(st, 1, draft, ID_LEN);
	store_bind_text(st, 2, name);
	return db_run(s->db, st);
}

int
store_attachment_each(struct store *s, const uint8_t *draft,
    int (*fn)(void *arg, const struct store_attachment *a), void *arg)
{
	struct sqlite3_stmt *st = s->draft[DSQL_FILE_EACH];
	struct store_attachment a;
	int rc;

	store_bind_blob(st, 1, draft, ID_LEN);
	while ((rc = db_step(s->db, st)) == 1) {
		rc = attachment_row(st, &a);
		if (rc == 0)
			rc = fn(arg, &a);
		if (rc != 0)
			break;
	}
	db_reset(st);
	return rc;
}

int
store_attachment_clear(struct store *s, const uint8_t *draft)
{
	struct sqlite3_stmt *st = s->draft[DSQL_FILES_DEL];

	store_bind_blob(st, 1, draft, ID_LEN);
	return db_run(s->db, st);
}

int
store_attachment_copy(struct store *s, const uint8_t *from, const uint8_t *to)
{
	struct sqlite3_stmt *st = s->draft[DSQL_FILES_COPY];

	store_bind_blob(st, 1, from, ID_LEN);
	store_bind_blob(st, 2, to, ID_LEN);
	return db_run(s->db, st);
}

int
store_desk_idem_add(struct store *s, const uint8_t *key, const struct store_desk_idem *i,
    int64_t minute, struct slice body)
{
	struct sqlite3_stmt *st = s->draft[DSQL_IDEM_ADD];

	store_bind_blob(st, 1, key, 32);
	store_bind_blob(st, 2, i->mac, sizeof i->mac);
	store_bind_blob(st, 3, i->call, sizeof i->call);
	store_bind_int(st, 4, minute);
	store_bind_blob(st, 5, body.p, body.n);
	return db_run(s->db, st);
}

int
store_desk_idem_get(
    struct store *s, const uint8_t *key, struct store_desk_idem *ret, struct buf *body)
{
	struct sqlite3_stmt *st = s->draft[DSQL_IDEM_GET];
	struct slice text;
	int rc;

	store_bind_blob(st, 1, key, 32);
	rc = store_one(s, st);
	if (rc == 0)
		rc = store_col_fixed(st, 0, ret->mac, sizeof ret->mac);
	if (rc == 0)
		rc = store_col_fixed(st, 1, ret->call, sizeof ret->call);
	if (rc == 0) {
		text = store_col(st, 2);
		buf_add(body, text.p, text.n);
		rc = buf_err(body);
	}
	db_reset(st);
	return rc;
}
