/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/store_triage.h"

#include <string.h>

#include <sqlite3.h>

#include "daemon/keeper/store_sqlite.h"
#include "lib/db.h"

/* Groups of copies on the desks, who holds them, what else is alike. */

int
store_group_put(struct store *s, const struct store_group *g)
{
	struct sqlite3_stmt *st = s->sql[SQL_GROUP_PUT];

	store_bind_blob(st, 1, g->id, ID_LEN);
	store_bind_int(st, 2, g->desk);
	store_bind_int(st, 3, g->state);
	store_bind_int(st, 4, g->level);
	store_bind_int(st, 5, g->first);
	store_bind_int(st, 6, g->touched);
	store_bind_int(st, 7, g->code);
	store_bind_blob(st, 8, g->person, RECEIVER_LEN);
	store_bind_int(st, 9, g->since);
	if (g->has_bulletin)
		store_bind_blob(st, 10, g->bulletin, ID_LEN);
	return db_run(s->db, st);
}

static int
group_row(struct sqlite3_stmt *st, void *to)
{
	struct store_group *ret = to;
	int rc;

	memset(ret, 0, sizeof *ret);
	ret->desk = (uint8_t)store_col_int(st, 1);
	ret->state = (enum triage_state)store_col_int(st, 2);
	ret->level = (uint8_t)store_col_int(st, 3);
	ret->first = store_col_int(st, 4);
	ret->touched = store_col_int(st, 5);
	ret->code = (uint8_t)store_col_int(st, 6);
	ret->since = store_col_int(st, 8);
	rc = store_col_fixed(st, 0, ret->id, ID_LEN);
	if (rc == 0)
		rc = store_col_fixed(st, 7, ret->person, RECEIVER_LEN);
	ret->has_bulletin = sqlite3_column_type(st, 9) != SQLITE_NULL;
	if (rc == 0 && ret->has_bulletin)
		rc = store_col_fixed(st, 9, ret->bulletin, ID_LEN);
	return rc;
}

int
store_group_get(struct store *s, const uint8_t *id, struct store_group *ret)
{
	struct sqlite3_stmt *st = s->sql[SQL_GROUP_GET];

	store_bind_blob(st, 1, id, ID_LEN);
	return store_read_one(s, st, group_row, ret);
}

static void
bind_text(struct sqlite3_stmt *st, int i, struct slice t)
{
	(void)sqlite3_bind_text64(
	    st, i, t.n > 0 ? t.p : "", t.n, SQLITE_STATIC, SQLITE_UTF8);
}

int
store_group_words(struct store *s, const uint8_t *id, struct slice ja, struct slice en)
{
	struct sqlite3_stmt *st = s->sql[SQL_GROUP_WORDS];

	store_bind_blob(st, 1, id, ID_LEN);
	bind_text(st, 2, ja);
	bind_text(st, 3, en);
	return db_run(s->db, st);
}

int
store_group_words_get(struct store *s, const uint8_t *id, struct buf *ja, struct buf *en)
{
	struct sqlite3_stmt *st = s->sql[SQL_GROUP_WORDS_GET];
	struct slice c;
	int rc;

	store_bind_blob(st, 1, id, ID_LEN);
	rc = store_one(s, st);
	if (rc == 0) {
		c = store_col(st, 0);
		buf_add(ja, c.p, c.n);
		c = store_col(st, 1);
		buf_add(en, c.p, c.n);
		rc = buf_err(ja) != 0 ? buf_err(ja) : buf_err(en);
	}
	db_reset(st);
	return rc;
}

/* The smaller of two that may be NULL. */
static int
least_of(struct sqlite3_stmt *st, int a, int b)
{
	int64_t k = -1, v;
	int i;

	for (i = a; i <= b; i++) {
		if (sqlite3_column_type(st, i) == SQLITE_NULL)
			continue;
		v = store_col_int(st, i);
		if (k < 0 || v < k)
			k = v;
	}
	return (int)k;
}

int
store_group_sum(struct store *s, const uint8_t *id, struct store_group_sum *ret)
{
	struct sqlite3_stmt *st = s->sql[SQL_GROUP_SUM];
	int rc;

	memset(ret, 0, sizeof *ret);
	store_bind_blob(st, 1, id, ID_LEN);
	rc = store_one(s, st);
	if (rc == 0) {
		ret->cases = (unsigned)store_col_int(st, 0);
		ret->open = (unsigned)store_col_int(st, 1);
		ret->unread = (unsigned)store_col_int(st, 2);
		ret->channels = (unsigned)store_col_int(st, 3);
		ret->slips = (unsigned)store_col_int(st, 4);
		ret->k = least_of(st, 5, 6);
		ret->has_bulletin = sqlite3_column_type(st, 7) != SQLITE_NULL;
		if (ret->has_bulletin)
			rc = store_col_fixed(st, 7, ret->bulletin, ID_LEN);
	}
	db_reset(st);
	return rc;
}

int
store_group_slots(struct store *s, const uint8_t *id, struct slots *ret, int *ret_none)
{
	struct sqlite3_stmt *st = s->sql[SQL_GROUP_SLOTS];
	int64_t slot;
	int rc;

	memset(ret, 0, sizeof *ret);
	*ret_none = 0;
	store_bind_blob(st, 1, id, ID_LEN);
	while ((rc = db_step(s->db, st)) == 1) {
		slot = store_col_int(st, 0);
		*ret_none |= slot >= SLOTS;
		slots_set(ret, (unsigned)slot);
	}
	db_reset(st);
	return rc;
}

int
store_group_list(struct store *s, const struct triage_query *q, struct store_group *out,
    size_t cap, size_t *ret_n)
{
	struct sqlite3_stmt *st = s->sql[SQL_GROUP_LIST];

	store_bind_int(st, 1, q->desk);
	store_bind_int(st, 2, q->state);
	store_bind_int(st, 3, q->min_level);
	store_bind_int(st, 4, q->locked);
	store_bind_int(st, 5, q->now);
	store_bind_int(st, 6, q->slot);
	store_bind_int(st, 7, (int64_t)cap);
	return store_read_all(s, st, group_row, out, sizeof *out, cap, ret_n);
}

int
store_print_get(struct store *s, unsigned desk, const uint8_t *print, uint8_t *ret_grp)
{
	struct sqlite3_stmt *st = s->sql[SQL_PRINT_GET];

	store_bind_int(st, 1, desk);
	store_bind_blob(st, 2, print, PRINT_LEN);
	return store_read_one(s, st, store_read_id, ret_grp);
}

int
store_print_put(struct store *s, unsigned desk, const uint8_t *print, const uint8_t *grp)
{
	struct sqlite3_stmt *st = s->sql[SQL_PRINT_PUT];

	store_bind_int(st, 1, desk);
	store_bind_blob(st, 2, print, PRINT_LEN);
	store_bind_blob(st, 3, grp, ID_LEN);
	return db_run(s->db, st);
}

int
store_member_case_put(struct store *s, const struct store_member_case *c)
{
	struct sqlite3_stmt *st = s->sql[SQL_MEMBER_CASE_PUT];

	store_bind_int(st, 1, c->desk);
	store_bind_blob(st, 2, c->case_id, ID_LEN);
	store_bind_blob(st, 3, c->grp, ID_LEN);
	store_bind_blob(st, 4, c->report, ID_LEN);
	store_bind_int(st, 5, c->minute);
	store_bind_int(st, 6, c->ended);
	return db_run(s->db, st);
}

static int
member_case_row(struct sqlite3_stmt *st, void *to)
{
	struct store_member_case *ret = to;
	int rc;

	ret->desk = (uint8_t)store_col_int(st, 0);
	ret->minute = store_col_int(st, 4);
	ret->ended = (uint8_t)store_col_int(st, 5);
	rc = store_col_fixed(st, 1, ret->case_id, ID_LEN);
	if (rc == 0)
		rc = store_col_fixed(st, 2, ret->grp, ID_LEN);
	if (rc == 0)
		rc = store_col_fixed(st, 3, ret->report, ID_LEN);
	return rc;
}

int
store_member_case_get(
    struct store *s, unsigned desk, const uint8_t *case_id, struct store_member_case *ret)
{
	struct sqlite3_stmt *st = s->sql[SQL_MEMBER_CASE_GET];

	store_bind_int(st, 1, desk);
	store_bind_blob(st, 2, case_id, ID_LEN);
	return store_read_one(s, st, member_case_row, ret);
}

int
store_member_case_list(struct store *s, const uint8_t *grp, size_t skip,
    struct store_member_case *out, size_t cap, size_t *ret_n)
{
	struct sqlite3_stmt *st = s->sql[SQL_MEMBER_CASE_LIST];

	store_bind_blob(st, 1, grp, ID_LEN);
	store_bind_int(st, 2, (int64_t)cap);
	store_bind_int(st, 3, (int64_t)skip);
	return store_read_all(s, st, member_case_row, out, sizeof *out, cap, ret_n);
}

int
store_lock_put(struct store *s, const uint8_t *grp, const struct store_lock *l,
    struct slice ja, struct slice en)
{
	struct sqlite3_stmt *st = s->sql[SQL_LOCK_PUT];

	store_bind_blob(st, 1, grp, ID_LEN);
	store_bind_blob(st, 2, l->person, RECEIVER_LEN);
	store_bind_blob(st, 3, l->receiver, RECEIVER_LEN);
	store_bind_int(st, 4, l->since);
	store_bind_int(st, 5, l->until);
	bind_text(st, 6, ja);
	bind_text(st, 7, en);
	return db_run(s->db, st);
}

int
store_lock_get(struct store *s, const uint8_t *grp, struct store_lock *ret)
{
	struct sqlite3_stmt *st = s->sql[SQL_LOCK_GET];
	int rc;

	store_bind_blob(st, 1, grp, ID_LEN);
	rc = store_one(s, st);
	if (rc == 0)
		rc = store_col_fixed(st, 0, ret->person, RECEIVER_LEN);
	if (rc == 0)
		rc = store_col_fixed(st, 1, ret->receiver, RECEIVER_LEN);
	if (rc == 0) {
		ret->since = store_col_int(st, 2);
		ret->until = store_col_int(st, 3);
	}
	db_reset(st);
	return rc;
}

int
store_lock_renew(struct store *s, const uint8_t *grp, int64_t until)
{
	store_bind_blob(s->sql[SQL_LOCK_RENEW], 1, grp, ID_LEN);
	store_bind_int(s->sql[SQL_LOCK_RENEW], 2, until);
	return db_run(s->db, s->sql[SQL_LOCK_RENEW]);
}

int
store_lock_del(struct store *s, const uint8_t *grp)
{
	store_bind_blob(s->sql[SQL_LOCK_DEL], 1, grp, ID_LEN);
	return db_run(s->db, s->sql[SQL_LOCK_DEL]);
}

int
store_group_draft_add(struct store *s, const uint8_t *draft, const uint8_t *grp)
{
	struct sqlite3_stmt *st = s->sql[SQL_GROUP_DRAFT_ADD];

	store_bind_blob(st, 1, draft, ID_LEN);
	store_bind_blob(st, 2, grp, ID_LEN);
	return db_run(s->db, st);
}

int
store_group_draft_list(struct store *s, const uint8_t *id, int of_group,
    uint8_t (*out)[ID_LEN], size_t cap, size_t *ret_n)
{
	struct sqlite3_stmt *st =
	    s->sql[of_group ? SQL_GROUP_DRAFT_OF : SQL_GROUP_DRAFT_EACH];

	store_bind_blob(st, 1, id, ID_LEN);
	store_bind_int(st, 2, (int64_t)cap);
	return store_read_all(s, st, store_read_id, out, ID_LEN, cap, ret_n);
}

int
store_trait_put(struct store *s, const uint8_t *trait, int64_t minute,
    const uint8_t *case_id, unsigned slot)
{
	struct sqlite3_stmt *st = s->sql[SQL_TRAIT_PUT];

	store_bind_blob(st, 1, trait, PRINT_LEN);
	store_bind_int(st, 2, minute);
	store_bind_blob(st, 3, case_id, ID_LEN);
	store_bind_int(st, 4, slot);
	return db_run(s->db, st);
}

int
store_trait_each(struct store *s, int topics, const uint8_t *id, int64_t from,
    const struct store_group *without, unsigned most,
    int (*fn)(void *arg, const uint8_t *case_id, unsigned slot), void *arg)
{
	struct sqlite3_stmt *st = s->sql[topics ? SQL_TRAIT_TOPICS : SQL_TRAIT_EACH];
	uint8_t case_id[ID_LEN];
	int rc;

	store_bind_blob(st, 1, id, PRINT_LEN);
	store_bind_int(st, 2, from);
	store_bind_blob(st, 3, without->id, ID_LEN);
	store_bind_int(st, 4, most);
	store_bind_int(st, 5, without->desk);
	while ((rc = db_step(s->db, st)) == 1) {
		rc = store_col_fixed(st, 0, case_id, ID_LEN);
		if (rc == 0)
			rc = fn(arg, case_id, (unsigned)store_col_int(st, 1));
		if (rc != 0)
			break;
	}
	db_reset(st);
	return rc;
}

int
store_prune_triage(struct store *s, int64_t reports_before, int64_t topics_before,
    unsigned most, unsigned *ret_n)
{
	const struct {
		enum store_sql which;
		int64_t before;
	} kinds[] = { { SQL_MEMBER_CASE_PRUNE, reports_before },
		{ SQL_GROUP_PRUNE, reports_before }, { SQL_TRAIT_PRUNE, topics_before } };
	struct sqlite3_stmt *st;
	unsigned n = 0;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < sizeof kinds / sizeof kinds[0]; i++) {
		st = s->sql[kinds[i].which];
		store_bind_int(st, 1, kinds[i].before);
		store_bind_int(st, 2, most);
		rc = db_run(s->db, st);
		if (rc == 0)
			n += (unsigned)sqlite3_changes(db_handle(s->db));
	}
	if (rc == 0)
		*ret_n = n;
	return rc;
}
