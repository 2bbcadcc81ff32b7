/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/store_sqlite.h"

#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "daemon/keeper/store_named.h"
#include "daemon/keeper/store_case.h"
#include "daemon/keeper/store_token.h"
#include "lib/db.h"

/* Reports, cases, desks and idempotency rows. */

int
store_report_add(struct store *s, const struct store_report *r, struct slice body)
{
	struct sqlite3_stmt *st = s->sql[SQL_REPORT_ADD];
	unsigned char sum[SUM_LEN];
	int rc;

	rc = store_sum(s, &body, 1, sum);
	if (rc != 0)
		return rc;
	store_bind_blob(st, 1, r->id, ID_LEN);
	store_bind_blob(st, 2, r->case_id, ID_LEN);
	store_bind_int(st, 3, r->slot);
	store_bind_int(st, 4, r->minute);
	store_bind_int(st, 5, r->level);
	store_bind_int(st, 6, r->blind);
	store_bind_int(st, 7, r->desks);
	if (r->revision > 0)
		store_bind_blob(st, 8, r->bulletin, ID_LEN);
	store_bind_int(st, 9, r->revision);
	store_bind_blob(st, 10, sum, SUM_LEN);
	store_bind_blob(st, 11, body.p, body.n);
	return db_run(s->db, st);
}

static int
report_row(
    struct store *s, struct sqlite3_stmt *st, struct store_report *ret, struct buf *body)
{
	unsigned char sum[SUM_LEN], kept[SUM_LEN];
	struct slice text;
	int rc;

	ret->slot = (uint8_t)store_col_int(st, 1);
	ret->minute = store_col_int(st, 2);
	ret->level = (uint8_t)store_col_int(st, 3);
	ret->blind = (uint8_t)store_col_int(st, 4);
	ret->desks = (uint8_t)store_col_int(st, 5);
	ret->revision = (uint16_t)store_col_int(st, 7);
	rc = store_col_fixed(st, 0, ret->case_id, ID_LEN);
	if (rc == 0 && ret->revision > 0)
		rc = store_col_fixed(st, 6, ret->bulletin, ID_LEN);
	if (rc != 0 || body == NULL)
		return rc;
	text = store_col(st, 9);
	rc = store_sum(s, &text, 1, sum);
	if (rc == 0)
		rc = store_col_fixed(st, 8, kept, SUM_LEN);
	if (rc == 0 && memcmp(sum, kept, SUM_LEN) != 0)
		rc = ERR_CORRUPT;
	if (rc != 0)
		return rc;
	buf_add(body, text.p, text.n);
	return buf_err(body);
}

int
store_report_get(
    struct store *s, const uint8_t *id, struct store_report *ret, struct buf *body)
{
	struct sqlite3_stmt *st = s->sql[SQL_REPORT_GET];
	int rc;

	memset(ret, 0, sizeof *ret);
	memcpy(ret->id, id, ID_LEN);
	store_bind_blob(st, 1, id, ID_LEN);
	rc = store_one(s, st);
	if (rc == 0)
		rc = report_row(s, st, ret, body);
	db_reset(st);
	return rc;
}

int
store_case_put(struct store *s, const struct store_case *c)
{
	struct sqlite3_stmt *st = s->sql[SQL_CASE_PUT];

	store_bind_blob(st, 1, c->id, ID_LEN);
	if (c->has_commitment)
		store_bind_blob(st, 2, c->commitment, sizeof c->commitment);
	store_bind_int(st, 3, c->slot);
	store_bind_int(st, 4, c->minute);
	store_bind_int(st, 5, c->state);
	store_bind_int(st, 6, c->reports);
	store_bind_blob(st, 7, c->report, ID_LEN);
	if (c->has_bulletin)
		store_bind_blob(st, 8, c->bulletin, ID_LEN);
	store_bind_int(st, 9, c->desks);
	store_bind_int(st, 10, c->touched);
	store_bind_int(st, 11, c->messages);
	store_bind_int(st, 12, c->asked);
	store_bind_int(st, 13, c->told);
	return db_run(s->db, st);
}

int
store_case_get(struct store *s, const uint8_t *id, struct store_case *ret)
{
	struct sqlite3_stmt *st = s->sql[SQL_CASE_GET];
	int rc;

	memset(ret, 0, sizeof *ret);
	memcpy(ret->id, id, ID_LEN);
	store_bind_blob(st, 1, id, ID_LEN);
	rc = store_one(s, st);
	if (rc != 0)
		goto out;
	ret->has_commitment = sqlite3_column_type(st, 0) != SQLITE_NULL;
	ret->slot = (uint8_t)store_col_int(st, 1);
	ret->minute = store_col_int(st, 2);
	ret->state = (enum case_state)store_col_int(st, 3);
	ret->reports = (uint32_t)store_col_int(st, 4);
	ret->has_bulletin = sqlite3_column_type(st, 6) != SQLITE_NULL;
	ret->desks = (uint8_t)store_col_int(st, 7);
	ret->touched = store_col_int(st, 8);
	ret->messages = (uint16_t)store_col_int(st, 9);
	ret->asked = (uint16_t)store_col_int(st, 10);
	ret->told = (uint16_t)store_col_int(st, 11);
	rc = store_col_fixed(st, 5, ret->report, ID_LEN);
	if (rc == 0 && ret->has_commitment)
		rc = store_col_fixed(st, 0, ret->commitment, sizeof ret->commitment);
	if (rc == 0 && ret->has_bulletin)
		rc = store_col_fixed(st, 6, ret->bulletin, ID_LEN);
out:
	db_reset(st);
	return rc;
}

int
store_inbox_add(struct store *s, unsigned desk, int64_t minute, const uint8_t *report)
{
	struct sqlite3_stmt *st = s->sql[SQL_INBOX_ADD];

	store_bind_int(st, 1, desk);
	store_bind_int(st, 2, minute);
	store_bind_blob(st, 3, report, ID_LEN);
	return db_run(s->db, st);
}

int
store_inbox_move(
    struct store *s, unsigned desk, int64_t from, int64_t to, const uint8_t *report)
{
	struct sqlite3_stmt *st = s->sql[SQL_INBOX_MOVE];

	store_bind_int(st, 1, desk);
	store_bind_int(st, 2, from);
	store_bind_int(st, 3, to);
	store_bind_blob(st, 4, report, ID_LEN);
	return db_run(s->db, st);
}

static int
item_cmp(const void *pa, const void *pb)
{
	const struct store_item *a = pa, *b = pb;

	if (a->minute != b->minute)
		return a->minute > b->minute ? -1 : 1;
	return -memcmp(a->report, b->report, ID_LEN);
}

/* Merges `more` into out, both in order; keeps the first cap, each report once. */
static size_t
item_merge(struct store_item *out, size_t n, size_t cap, const struct store_item *one)
{
	size_t lo = 0, hi = n, mid;
	int c;

	while (lo < hi) {
		mid = (lo + hi) / 2;
		c = item_cmp(&out[mid], one);
		if (c == 0) {
			out[mid].named |= one->named;
			return n;
		}
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo == cap)
		return n;
	if (n == cap)
		n--;
	memmove(&out[lo + 1], &out[lo], (n - lo) * sizeof *out);
	out[lo] = *one;
	return n + 1;
}

/* Of what parameter 1 is bound to. */
static int
list(struct store *s, enum store_sql which, struct store_item *out, size_t cap, size_t *n)
{
	struct store_item one = { .named = which == SQL_NAMED_LIST };
	struct sqlite3_stmt *st = s->sql[which];
	int rc;

	store_bind_int(st, 2, (int64_t)cap);
	while ((rc = db_step(s->db, st)) == 1) {
		one.minute = store_col_int(st, 0);
		rc = store_col_fixed(st, 1, one.report, ID_LEN);
		if (rc != 0)
			break;
		*n = item_merge(out, *n, cap, &one);
	}
	db_reset(st);
	return rc;
}

static int
desk_list(struct store *s, unsigned desk, struct store_item *out, size_t cap, size_t *n)
{
	store_bind_int(s->sql[SQL_INBOX_LIST], 1, desk);
	return list(s, SQL_INBOX_LIST, out, cap, n);
}

int
store_inbox_list(struct store *s, const struct slots *desks, int centre,
    struct store_item *out, size_t cap, size_t *ret_n)
{
	size_t n = 0;
	unsigned i;
	int rc = 0;

	for (i = 0; rc == 0 && i < SLOTS; i++)
		if (slots_has(desks, i))
			rc = desk_list(s, i, out, cap, &n);
	if (rc == 0 && centre)
		rc = desk_list(s, DESK_CENTRE, out, cap, &n);
	if (rc == 0)
		*ret_n = n;
	return rc;
}

int
store_named_add(
    struct store *s, const uint8_t *receiver, int64_t minute, const uint8_t *report)
{
	struct sqlite3_stmt *st = s->sql[SQL_NAMED_ADD];

	store_bind_blob(st, 1, receiver, RECEIVER_LEN);
	store_bind_int(st, 2, minute);
	store_bind_blob(st, 3, report, ID_LEN);
	return db_run(s->db, st);
}

int
store_named_merge(struct store *s, const uint8_t *receiver, struct store_item *out,
    size_t cap, size_t *n)
{
	store_bind_blob(s->sql[SQL_NAMED_LIST], 1, receiver, RECEIVER_LEN);
	return list(s, SQL_NAMED_LIST, out, cap, n);
}

int
store_idem_add(struct store *s, const uint8_t *key, const struct store_idem *i)
{
	struct sqlite3_stmt *st = s->sql[SQL_IDEM_ADD];

	store_bind_blob(st, 1, key, 32);
	store_bind_blob(st, 2, i->mac, sizeof i->mac);
	store_bind_blob(st, 3, i->report, ID_LEN);
	store_bind_int(st, 4, i->minute);
	return db_run(s->db, st);
}

int
store_idem_get(struct store *s, const uint8_t *key, struct store_idem *ret)
{
	struct sqlite3_stmt *st = s->sql[SQL_IDEM_GET];
	int rc;

	store_bind_blob(st, 1, key, 32);
	rc = store_one(s, st);
	if (rc == 0)
		rc = store_col_fixed(st, 0, ret->mac, sizeof ret->mac);
	if (rc == 0)
		rc = store_col_fixed(st, 1, ret->report, ID_LEN);
	if (rc == 0)
		ret->minute = store_col_int(st, 2);
	db_reset(st);
	return rc;
}

int
store_spent_add(struct store *s, const uint8_t *id, uint32_t epoch)
{
	struct sqlite3_stmt *st = s->sql[SQL_SPENT_ADD];

	store_bind_blob(st, 1, id, SUM_LEN);
	store_bind_int(st, 2, epoch);
	return db_run(s->db, st);
}
