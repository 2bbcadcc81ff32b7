/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include <openssl/evp.h>
#include <openssl/rand.h>

#include "daemon/keeper/store_audit.h"
#include "daemon/keeper/store_sqlite.h"
#include "lib/db.h"
#include "lib/mem.h"
#include "schema.h"

/* The store as a whole: opened and closed, its head row, transactions, copies. */

enum { APPLICATION_ID = 0x43504b31, BACKUP_PAGES = 64 };

static const struct db_schema schema = {
	.name = "keeper",
	.application_id = APPLICATION_ID,
	.migrations = SCHEMA_KEEPER,
	.versions = sizeof SCHEMA_KEEPER / sizeof SCHEMA_KEEPER[0],
};

static uint32_t
random_epoch(void)
{
	uint32_t e = 0;

	while (e == 0)
		if (RAND_bytes((unsigned char *)&e, sizeof e) != 1)
			return 0;
	return e;
}

static int
meta_new(struct store *s)
{
	struct sqlite3_stmt *st = s->sql[SQL_META_NEW];
	unsigned char key[16];
	uint32_t epoch = random_epoch();

	if (epoch == 0 || RAND_bytes(key, sizeof key) != 1)
		return ERR_CRYPTO;
	store_bind_int(st, 1, epoch);
	store_bind_blob(st, 2, key, sizeof key);
	return db_run(s->db, st);
}

static int
meta_get(struct store *s)
{
	struct sqlite3_stmt *st = s->sql[SQL_META_GET];
	int rc;

	rc = store_one(s, st);
	if (rc == 0) {
		s->epoch = (uint32_t)store_col_int(st, 0);
		s->head.seq = (uint64_t)store_col_int(st, 2);
		rc = store_col_fixed(st, 1, s->cursor_key, sizeof s->cursor_key);
	}
	if (rc == 0)
		rc = store_col_fixed(st, 3, s->head.chain, SUM_LEN);
	db_reset(st);
	return rc;
}

static int
meta_set(struct store *s)
{
	struct sqlite3_stmt *st = s->sql[SQL_META_SET];

	store_bind_int(st, 1, s->epoch);
	store_bind_int(st, 2, (int64_t)s->head.seq);
	store_bind_blob(st, 3, s->head.chain, SUM_LEN);
	return db_run(s->db, st);
}

/* The head row and the last row must tell the same story. */
static int
head_check(struct store *s, struct buf *why)
{
	struct sqlite3_stmt *st = s->sql[SQL_LOG_LAST];
	unsigned char sum[SUM_LEN];
	int rc;

	rc = store_one(s, st);
	if (rc == ERR_NOTFOUND)
		rc = 0;
	else if (rc == 0 && ((uint64_t)store_col_int(st, 0) != s->head.seq ||
				store_col_fixed(st, 1, sum, SUM_LEN) != 0 ||
				memcmp(sum, s->head.chain, SUM_LEN) != 0))
		rc = ERR_CORRUPT;
	db_reset(st);
	if (rc == ERR_CORRUPT)
		buf_adds(why,
		    "the log's last row does not fit its head row; keep a copy, "
		    "restore the newest backup and start again");
	if (rc != 0)
		return rc;
	st = s->sql[SQL_LOG_MIN];
	rc = store_one(s, st);
	if (rc == 0)
		s->head.earliest = (uint64_t)store_col_int(st, 0); /* NULL reads as 0 */
	db_reset(st);
	return rc;
}

int
store_open(struct store **ret, const char *path, struct buf *why)
{
	struct store *s = mem_zalloc(sizeof *s);
	int i, rc = ERR_NOMEM;

	if (s == NULL)
		return ERR_NOMEM;
	buf_init(&s->scratch, KEEPER_FRAME_MAX);
	s->sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
	s->md = EVP_MD_CTX_new();
	if (s->sha256 == NULL || s->md == NULL)
		goto fail;
	rc = db_open(&s->db, path, &schema, why);
	if (rc != 0)
		goto fail;
	for (i = 0; i < SQL_COUNT; i++)
		s->sql[i] = db_prepare(s->db, store_sql_text[i]);
	store_reach_prepare(s);
	store_draft_prepare(s);
	store_stats_prepare(s);
	store_escalation_prepare(s);
	store_hotline_prepare(s);
	store_mode_prepare(s);
	store_situation_prepare(s);
	store_drill_prepare(s);
	store_steady_prepare(s);
	rc = meta_get(s);
	if (rc == ERR_NOTFOUND) {
		rc = meta_new(s);
		if (rc == 0)
			rc = meta_get(s);
	}
	if (rc == 0)
		rc = head_check(s, why);
	if (rc != 0)
		goto fail;
	*ret = s;
	return 0;
fail:
	if (why->n == 0)
		buf_addf(why, "%s: %s", path, err_str(rc));
	store_close(s);
	return rc;
}

int
store_open_read(struct store **ret, const char *path, struct buf *why)
{
	struct store *s = mem_zalloc(sizeof *s);
	int i, rc;

	if (s == NULL)
		return ERR_NOMEM;
	buf_init(&s->scratch, 1);
	rc = db_open_read(&s->db, path, &schema, why);
	for (i = SQL_AUDIT_ADD; rc == 0 && i <= SQL_AUDIT_PRIVATE_GET; i++)
		s->sql[i] = db_prepare(s->db, store_sql_text[i]);
	if (rc != 0)
		store_close(s);
	else
		*ret = s;
	return rc;
}

void
store_close(struct store *s)
{
	if (s == NULL)
		return;
	store_backup_end(s);
	db_close(s->db);
	EVP_MD_CTX_free(s->md);
	EVP_MD_free(s->sha256);
	buf_done(&s->scratch);
	mem_wipe_free(s, sizeof *s);
}

void
store_info(const struct store *s, struct store_info *ret)
{
	ret->epoch = s->epoch;
	memcpy(ret->cursor_key, s->cursor_key, sizeof ret->cursor_key);
	ret->head = s->head.seq;
	ret->earliest = s->head.earliest;
	ret->wal_bytes = db_wal_bytes(s->db);
}

int
store_begin(struct store *s)
{
	s->at_begin = s->head;
	return db_begin(s->db);
}

int
store_filled(const struct store *s, unsigned n)
{
	return db_filled(s->db, n);
}

int
store_commit(struct store *s)
{
	int rc = 0;

	if (s->head.seq != s->at_begin.seq)
		rc = meta_set(s);
	if (rc == 0)
		rc = db_commit(s->db);
	if (rc == ERR_OUTCOME)
		return rc;
	if (rc != 0)
		store_rollback(s);
	return rc;
}

void
store_rollback(struct store *s)
{
	db_rollback(s->db);
	s->head = s->at_begin;
}

int
store_mark(struct store *s)
{
	s->at_mark = s->head;
	return db_mark(s->db);
}

int
store_mark_keep(struct store *s)
{
	return db_mark_keep(s->db);
}

void
store_mark_undo(struct store *s)
{
	db_mark_undo(s->db);
	s->head = s->at_mark;
}

int
store_checkpoint(struct store *s, int truncate)
{
	return db_checkpoint(s->db, truncate);
}

int
store_backup_start(struct store *s, const char *to)
{
	int rc;

	if (s->backup != NULL)
		return ERR_CONFLICT;
	s->backup_path = mem_dup(to, strlen(to));
	if (s->backup_path == NULL)
		return ERR_NOMEM;
	rc = db_backup_start(&s->backup, s->db, to);
	if (rc == 0)
		db_backup_scrub(s->backup,
		    "DELETE FROM signing_private; DELETE FROM audit_private;"
		    "DELETE FROM slips");
	else
		store_backup_end(s);
	return rc;
}

/* What may not outlive the original in it is scrubbed before: slips that are to be
 * destroyed, and keys, for whoever starts from it signs with its own. */
static int
backup_settle(const char *path)
{
	struct store *copy;
	struct buf why;
	int rc;

	buf_init(&why, 1024);
	rc = store_open(&copy, path, &why);
	buf_done(&why);
	if (rc != 0)
		return rc;
	copy->epoch = random_epoch();
	rc = copy->epoch == 0 ? ERR_CRYPTO : meta_set(copy);
	store_close(copy);
	return rc;
}

int
store_backup_step(struct store *s, unsigned *ret_done, unsigned *ret_total)
{
	int rc;

	if (s->backup == NULL)
		return ERR_CONFLICT;
	rc = db_backup_step(s->backup, BACKUP_PAGES, ret_done, ret_total);
	if (rc != 1)
		return rc;
	rc = backup_settle(s->backup_path);
	return rc == 0 ? 1 : rc;
}

void
store_backup_end(struct store *s)
{
	db_backup_free(s->backup);
	s->backup = NULL;
	mem_free(s->backup_path);
	s->backup_path = NULL;
}
