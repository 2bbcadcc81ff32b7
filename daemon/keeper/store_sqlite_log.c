/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/store_sqlite.h"

#include <string.h>

#include <sqlite3.h>

#include "lib/db.h"

/* The log, and the bulletins whose rows it holds. */

static void
head_bytes(const struct frame_head *h, struct buf *out)
{
	buf_reset(out);
	frame_head_put(out, h);
}

/* Whom it names stands in a column of its own, which rows that name nobody do not have.
 */
int
store_head_read(struct slice bytes, struct slice names, struct frame_head *ret)
{
	unsigned char whole[FRAME_HEAD_LEN + FRAME_NAMES_MAX];
	struct wire w;

	if (bytes.n > FRAME_HEAD_LEN || names.n > FRAME_NAMES_MAX)
		return ERR_CORRUPT;
	if (names.n > 0) {
		memcpy(whole, bytes.p, bytes.n);
		memcpy(whole + bytes.n, names.p, names.n);
		bytes = (struct slice){ (const char *)whole, bytes.n + names.n };
	}
	wire_init(&w, bytes.p, bytes.n);
	frame_head_get(&w, ret);
	return wire_end(&w) == 0 ? 0 : ERR_CORRUPT;
}

/* The two columns of what head_bytes has written. */
static void
bind_head(struct sqlite3_stmt *st, int head, int names, const struct buf *b)
{
	store_bind_blob(st, head, b->p, FRAME_HEAD_LEN);
	if (b->n > FRAME_HEAD_LEN)
		store_bind_blob(st, names, b->p + FRAME_HEAD_LEN, b->n - FRAME_HEAD_LEN);
}

static int
revision_add(struct store *s, const struct frame_head *h)
{
	struct sqlite3_stmt *st = s->sql[SQL_REVISION_ADD];

	store_bind_blob(st, 1, h->id, ID_LEN);
	store_bind_int(st, 2, h->revision);
	store_bind_int(st, 3, (int64_t)h->seq);
	return db_run(s->db, st);
}

int
store_log_add(struct store *s, struct frame_head *h, struct slice body, struct slice stub,
    struct buf *out)
{
	struct sqlite3_stmt *st = s->sql[SQL_LOG_ADD];
	unsigned char sum[SUM_LEN];
	struct slice pieces[4];
	int rc;

	h->seq = s->head.seq + 1;
	if (h->kind == FRAME_BULLETIN)
		h->first = h->seq; /* its later revisions carry it on */
	h->body_len = (uint32_t)body.n;
	h->stub_len = (uint32_t)stub.n;
	head_bytes(h, &s->scratch);
	if (buf_err(&s->scratch) != 0)
		return buf_err(&s->scratch);
	pieces[0].p = (const char *)s->head.chain;
	pieces[0].n = SUM_LEN;
	pieces[1] = buf_slice(&s->scratch);
	pieces[2] = body;
	pieces[3] = stub;
	rc = store_sum(s, pieces, 4, sum);
	if (rc != 0)
		return rc;
	store_bind_int(st, 1, (int64_t)h->seq);
	bind_head(st, 2, 7, &s->scratch);
	store_bind_blob(st, 3, s->head.chain, SUM_LEN);
	store_bind_blob(st, 4, sum, SUM_LEN);
	store_bind_blob(st, 5, body.p, body.n);
	store_bind_blob(st, 6, stub.p, stub.n);
	rc = db_run(s->db, st);
	if (rc == 0 && h->revision > 0)
		rc = revision_add(s, h);
	if (rc != 0)
		return rc;
	s->head.seq = h->seq;
	if (s->head.earliest == 0)
		s->head.earliest = h->seq;
	memcpy(s->head.chain, sum, SUM_LEN);
	buf_add(out, pieces[1].p, pieces[1].n);
	buf_add(out, body.p, body.n);
	buf_add(out, stub.p, stub.n);
	return buf_err(out);
}

/* One row, checked against its sum, its lengths and the row before (`chain`, or NULL). */
static int
row_check(struct store *s, struct sqlite3_stmt *st, const unsigned char *chain,
    struct slice pieces[5], unsigned char *ret_sum)
{
	unsigned char sum[SUM_LEN];
	struct frame_head h;
	struct slice kept;
	int rc;

	pieces[0] = store_col(st, 2);
	pieces[1] = store_col(st, 1);
	pieces[2] = store_col(st, 6);
	pieces[3] = store_col(st, 4);
	pieces[4] = store_col(st, 5);
	kept = store_col(st, 3);
	rc = store_sum(s, pieces, 5, sum);
	if (rc != 0)
		return rc;
	if (kept.n != SUM_LEN || memcmp(kept.p, sum, SUM_LEN) != 0)
		return ERR_CORRUPT;
	if (chain != NULL &&
	    (pieces[0].n != SUM_LEN || memcmp(pieces[0].p, chain, SUM_LEN) != 0))
		return ERR_CORRUPT;
	rc = store_head_read(pieces[1], pieces[2], &h);
	if (rc != 0)
		return rc;
	if (h.seq != (uint64_t)store_col_int(st, 0) || h.body_len != pieces[3].n ||
	    h.stub_len != pieces[4].n)
		return ERR_CORRUPT;
	memcpy(ret_sum, sum, SUM_LEN); /* may be the same place as chain */
	return 0;
}

int
store_log_page(
    struct store *s, uint64_t from, size_t bytes, struct buf *out, uint32_t *ret_n)
{
	struct sqlite3_stmt *st = s->sql[SQL_LOG_PAGE];
	unsigned char chain[SUM_LEN];
	struct slice pieces[5];
	size_t start = out->n, len, i;
	uint32_t n = 0;
	int rc;

	if (from < s->head.earliest)
		from = s->head.earliest;
	store_bind_int(st, 1, (int64_t)from);
	while ((rc = db_step(s->db, st)) == 1) {
		/* A row missing in the middle is damage too. */
		rc = (uint64_t)store_col_int(st, 0) == from + n ? 0 : ERR_CORRUPT;
		if (rc == 0)
			rc = row_check(s, st, n > 0 ? chain : NULL, pieces, chain);
		if (rc != 0)
			break;
		len = pieces[1].n + pieces[2].n + pieces[3].n + pieces[4].n;
		if (n > 0 && out->n - start + len > bytes)
			break;
		for (i = 1; i < 5; i++)
			buf_add(out, pieces[i].p, pieces[i].n);
		rc = buf_err(out);
		if (rc != 0)
			break;
		n++;
	}
	db_reset(st);
	if (rc == 0 && n == 0 && from <= s->head.seq && s->head.earliest > 0)
		rc = ERR_CORRUPT;
	if (rc == 0)
		*ret_n = n;
	return rc;
}

static void
bind_due(struct sqlite3_stmt *st, int i, int64_t due)
{
	if (due > 0)
		store_bind_int(st, i, due);
}

int
store_bulletin_put(struct store *s, const struct store_bulletin *b)
{
	struct sqlite3_stmt *st = s->sql[SQL_BULLETIN_PUT];

	head_bytes(&b->head, &s->scratch);
	if (buf_err(&s->scratch) != 0)
		return buf_err(&s->scratch);
	store_bind_blob(st, 1, b->id, ID_LEN);
	store_bind_blob(st, 2, b->case_id, ID_LEN);
	store_bind_blob(st, 3, b->report, ID_LEN);
	(void)sqlite3_bind_text(st, 4, b->number, -1, SQLITE_STATIC);
	store_bind_int(st, 5, b->revision);
	store_bind_int(st, 6, b->state);
	store_bind_int(st, 7, b->verified);
	store_bind_int(st, 8, b->issued);
	store_bind_int(st, 9, b->valid_until);
	bind_due(st, 10, b->note_due);
	bind_due(st, 11, b->end_due);
	bind_head(st, 12, 14, &s->scratch);
	store_bind_int(st, 13, b->reporters);
	store_bind_int(st, 15, (int64_t)b->head.seq);
	return db_run(s->db, st);
}

static int
bulletin_row(struct sqlite3_stmt *st, struct store_bulletin *ret)
{
	struct slice number = store_col(st, 3);
	int rc;

	memset(ret, 0, sizeof *ret);
	if (number.n == 0 || number.n >= NUMBER_MAX)
		return ERR_CORRUPT;
	memcpy(ret->number, number.p, number.n);
	ret->revision = (uint16_t)store_col_int(st, 4);
	ret->state = (enum bulletin_state)store_col_int(st, 5);
	ret->verified = (uint8_t)store_col_int(st, 6);
	ret->issued = store_col_int(st, 7);
	ret->valid_until = store_col_int(st, 8);
	ret->note_due = store_col_int(st, 9);
	ret->end_due = store_col_int(st, 10);
	ret->reporters = (uint16_t)store_col_int(st, 12);
	rc = store_col_fixed(st, 0, ret->id, ID_LEN);
	if (rc == 0)
		rc = store_col_fixed(st, 1, ret->case_id, ID_LEN);
	if (rc == 0)
		rc = store_col_fixed(st, 2, ret->report, ID_LEN);
	if (rc == 0)
		rc = store_head_read(store_col(st, 11), store_col(st, 13), &ret->head);
	return rc;
}

static int
bulletin_one(struct store *s, struct sqlite3_stmt *st, struct store_bulletin *ret)
{
	int rc = store_one(s, st);

	if (rc == 0)
		rc = bulletin_row(st, ret);
	db_reset(st);
	return rc;
}

int
store_bulletin_get(struct store *s, const uint8_t *id, struct store_bulletin *ret)
{
	store_bind_blob(s->sql[SQL_BULLETIN_GET], 1, id, ID_LEN);
	return bulletin_one(s, s->sql[SQL_BULLETIN_GET], ret);
}

int
store_bulletin_by_number(struct store *s, const char *number, struct store_bulletin *ret)
{
	(void)sqlite3_bind_text(
	    s->sql[SQL_BULLETIN_NUMBER], 1, number, -1, SQLITE_STATIC);
	return bulletin_one(s, s->sql[SQL_BULLETIN_NUMBER], ret);
}

int
store_bulletin_each(struct store *s, uint64_t before, unsigned scan,
    int (*fn)(void *arg, const struct frame_head *h), void *arg)
{
	struct sqlite3_stmt *st = s->sql[SQL_BULLETIN_EACH];
	struct frame_head h;
	unsigned i;
	int rc;

	if (before == 0 || before > INT64_MAX)
		before = INT64_MAX;
	/* One step a row, so that fn may use every statement, this one too. */
	for (i = 0; i < scan; i++) {
		store_bind_int(st, 1, (int64_t)before);
		rc = store_one(s, st);
		if (rc == 0)
			rc = store_head_read(store_col(st, 0), store_col(st, 1), &h);
		db_reset(st);
		if (rc != 0)
			return rc == ERR_NOTFOUND ? 0 : rc;
		before = h.seq;
		rc = fn(arg, &h);
		if (rc != 0)
			return rc;
	}
	return ERR_LIMIT;
}

int
store_bulletin_due(
    struct store *s, int64_t minute, struct store_bulletin *ret, int *ret_end)
{
	int rc;

	store_bind_int(s->sql[SQL_BULLETIN_END], 1, minute);
	rc = bulletin_one(s, s->sql[SQL_BULLETIN_END], ret);
	*ret_end = rc == 0;
	if (rc != ERR_NOTFOUND)
		return rc;
	store_bind_int(s->sql[SQL_BULLETIN_NOTE], 1, minute);
	return bulletin_one(s, s->sql[SQL_BULLETIN_NOTE], ret);
}

int
store_revision_seq(
    struct store *s, const uint8_t *id, uint16_t revision, uint64_t *ret_seq)
{
	struct sqlite3_stmt *st = s->sql[SQL_REVISION_GET];
	int rc;

	store_bind_blob(st, 1, id, ID_LEN);
	store_bind_int(st, 2, revision);
	rc = store_one(s, st);
	if (rc == 0)
		*ret_seq = (uint64_t)store_col_int(st, 0);
	db_reset(st);
	return rc;
}
