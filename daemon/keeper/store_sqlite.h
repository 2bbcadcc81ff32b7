/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_STORE_SQLITE_H
#define KEEPER_STORE_SQLITE_H

#include "daemon/keeper/store.h"
#include "daemon/keeper/store_sql.h"
#include "daemon/keeper/store_sqlite_draft.h"
#include "daemon/keeper/store_sqlite_escalation.h"
#include "daemon/keeper/store_sqlite_hotline.h"
#include "daemon/keeper/store_sqlite_mode.h"
#include "daemon/keeper/store_sqlite_drill.h"
#include "daemon/keeper/store_sqlite_reach.h"
#include "daemon/keeper/store_sqlite_stats.h"
#include "daemon/keeper/store_sqlite_situation.h"
#include "daemon/keeper/store_sqlite_steady.h"

/* The inside of the SQLite driver; only store_sqlite*.c include it. */
struct db;
struct db_backup;
struct sqlite3_stmt;
struct evp_md_st;
struct evp_md_ctx_st;

/* What a rollback must bring back beside the rows. */
struct store_head {
	uint64_t seq, earliest;
	unsigned char chain[SUM_LEN];
};

struct store {
	struct db *db;
	struct sqlite3_stmt *sql[SQL_COUNT];
	struct sqlite3_stmt *draft[DSQL_COUNT];
	struct sqlite3_stmt *reach[RSQL_COUNT];
	struct sqlite3_stmt *stats[TSQL_COUNT];
	struct sqlite3_stmt *escalation[ESQL_COUNT];
	struct sqlite3_stmt *hotline[HSQL_COUNT];
	struct sqlite3_stmt *mode[MSQL_COUNT];
	struct sqlite3_stmt *situation[YSQL_COUNT];
	struct sqlite3_stmt *drill[LSQL_COUNT];
	struct sqlite3_stmt *steady[CSQL_COUNT];
	uint32_t epoch;
	unsigned char cursor_key[16];
	struct store_head head, at_begin, at_mark;
	struct evp_md_st *sha256;
	struct evp_md_ctx_st *md;
	struct db_backup *backup;
	char *backup_path;
	struct buf scratch;
};

/* The statements of enum store_sql. */
extern const char *const store_sql_text[SQL_COUNT];

/* A head from its columns head and names. */
int store_head_read(
    struct slice bytes, struct slice names, struct frame_head *ret) MUST_CHECK;
/* SHA-256 over the pieces; ERR_CRYPTO. */
int store_sum(
    struct store *s, const struct slice *pieces, size_t n, unsigned char *ret) MUST_CHECK;

void store_bind_blob(struct sqlite3_stmt *st, int i, const void *p, size_t n);
void store_bind_int(struct sqlite3_stmt *st, int i, int64_t v);
/* The text stays the caller's until the step. */
void store_bind_text(struct sqlite3_stmt *st, int i, const char *text);
/* A column as bytes, valid until the next step. */
struct slice store_col(struct sqlite3_stmt *st, int i);
/* A column of exactly n bytes; ERR_CORRUPT otherwise. */
int store_col_fixed(struct sqlite3_stmt *st, int i, void *out, size_t n) MUST_CHECK;
/* A column of fewer than n bytes, and a zero behind it; ERR_CORRUPT otherwise. */
int store_col_text(struct sqlite3_stmt *st, int i, char *out, size_t n) MUST_CHECK;
int64_t store_col_int(struct sqlite3_stmt *st, int i);
/* Steps a statement that gives one row or none: 0 or ERR_NOTFOUND; the caller resets. */
int store_one(struct store *s, struct sqlite3_stmt *st) MUST_CHECK;
/* The same by a function that reads the columns; the statement is reset. */
int store_read_one(struct store *s, struct sqlite3_stmt *st,
    int (*read)(struct sqlite3_stmt *st, void *ret), void *ret) MUST_CHECK;
/* All rows into an array of `cap` elements of `size` bytes; the statement is reset.
 * *ret_n is set on 0 alone; ERR_LIMIT: there are more. */
int store_read_all(struct store *s, struct sqlite3_stmt *st,
    int (*read)(struct sqlite3_stmt *st, void *ret), void *v, size_t size, size_t cap,
    size_t *ret_n) MUST_CHECK;
/* A row whose first column is an id. */
int store_read_id(struct sqlite3_stmt *st, void *ret) MUST_CHECK;

#endif
