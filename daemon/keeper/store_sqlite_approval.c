/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/store_approval.h"

#include <sqlite3.h>

#include "daemon/keeper/store_sqlite.h"
#include "lib/db.h"

/* What reporters say of drafts. */

int
store_approval_put(struct store *s, const struct store_approval *a)
{
	struct sqlite3_stmt *st = s->sql[SQL_APPROVAL_PUT];

	store_bind_blob(st, 1, a->draft, ID_LEN);
	store_bind_blob(st, 2, a->case_id, ID_LEN);
	store_bind_blob(st, 3, a->sum, SUM_LEN);
	store_bind_int(st, 4, a->asked);
	store_bind_int(st, 5, a->answer);
	store_bind_int(st, 6, a->blocks);
	return db_run(s->db, st);
}

static int
row(struct sqlite3_stmt *st, void *to)
{
	struct store_approval *ret = to;
	int rc;

	ret->asked = store_col_int(st, 3);
	ret->answer = (enum approval_answer)store_col_int(st, 4);
	ret->blocks = (uint8_t)store_col_int(st, 5);
	rc = store_col_fixed(st, 0, ret->draft, ID_LEN);
	if (rc == 0)
		rc = store_col_fixed(st, 1, ret->case_id, ID_LEN);
	if (rc == 0)
		rc = store_col_fixed(st, 2, ret->sum, SUM_LEN);
	return rc;
}

int
store_approval_get(struct store *s, const uint8_t *draft, const uint8_t *case_id,
    struct store_approval *ret)
{
	struct sqlite3_stmt *st = s->sql[SQL_APPROVAL_GET];

	store_bind_blob(st, 1, draft, ID_LEN);
	store_bind_blob(st, 2, case_id, ID_LEN);
	return store_read_one(s, st, row, ret);
}

int
store_approval_list(struct store *s, int of_case, const uint8_t *id,
    struct store_approval *out, size_t cap, size_t *ret_n)
{
	struct sqlite3_stmt *st =
	    s->sql[of_case ? SQL_APPROVAL_CASE : SQL_APPROVAL_DRAFT];

	store_bind_blob(st, 1, id, ID_LEN);
	store_bind_int(st, 2, (int64_t)cap);
	return store_read_all(s, st, row, out, sizeof *out, cap, ret_n);
}

int
store_refusal_set(
    struct store *s, const uint8_t *case_id, const uint8_t *sum, int refused)
{
	struct sqlite3_stmt *st = s->sql[refused ? SQL_REFUSAL_ADD : SQL_REFUSAL_DEL];

	store_bind_blob(st, 1, case_id, ID_LEN);
	store_bind_blob(st, 2, sum, SUM_LEN);
	return db_run(s->db, st);
}

int
store_refusal_get(struct store *s, const uint8_t *case_id, const uint8_t *sum)
{
	struct sqlite3_stmt *st = s->sql[SQL_REFUSAL_GET];
	int rc;

	store_bind_blob(st, 1, case_id, ID_LEN);
	store_bind_blob(st, 2, sum, SUM_LEN);
	rc = store_one(s, st);
	db_reset(st);
	return rc;
}
