/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_STORE_SQLITE_H
#define KEEPER_STORE_SQLITE_H

#include "daemon/keeper/store.h"
#include "daemon/keeper/store_sql_triage.h"
#include "daemon/keeper/store_sqlite_draft.h"
#include "daemon/keeper/store_sqlite_reach.h"

/* The inside of the SQLite driver; only store_sqlite*.c include it. */
struct db;
struct db_backup;
struct sqlite3_stmt;
struct evp_md_st;
struct evp_md_ctx_st;

enum store_sql {
	SQL_META_GET,
	SQL_META_NEW,
	SQL_META_SET,
	SQL_LOG_ADD,
	SQL_LOG_PAGE,
	SQL_LOG_MIN,
	SQL_LOG_LAST,
	SQL_LOG_DEL,
	SQL_REPORT_ADD,
	SQL_REPORT_GET,
	SQL_REPORT_DEL,
	SQL_CASE_PUT,
	SQL_CASE_GET,
	SQL_CASE_LESS,
	SQL_CASE_DEL,
	SQL_INBOX_ADD,
	SQL_INBOX_MOVE,
	SQL_INBOX_LIST,
	SQL_INBOX_OLD,
	SQL_INBOX_DEL,
	SQL_NAMED_ADD,
	SQL_NAMED_LIST,
	SQL_NAMED_DEL,
	SQL_IDEM_ADD,
	SQL_IDEM_GET,
	SQL_IDEM_PRUNE,
	SQL_SPENT_ADD,
	SQL_SPENT_PRUNE,
	SQL_GATE_ADD,
	SQL_GATE_GET,
	SQL_GATE_DEL,
	SQL_SHOWN_PUT,
	SQL_SHOWN_GET,
	SQL_SHOWN_DEL,
	SQL_BULLETIN_PUT,
	SQL_BULLETIN_GET,
	SQL_BULLETIN_NUMBER,
	SQL_BULLETIN_EACH,
	SQL_BULLETIN_NOTE,
	SQL_BULLETIN_END,
	SQL_BULLETIN_DEL,
	SQL_REVISION_ADD,
	SQL_REVISION_GET,
	SQL_REVISION_DEL,
	SQL_ACK_GET,
	SQL_ACK_PUT,
	SQL_ACK_DEL,
	SQL_ACK_COUNT,
	SQL_SUB_GET,
	SQL_SUB_PUT,
	SQL_STATEMENT_GET,
	SQL_STATEMENT_PUT,
	SQL_MESSAGE_ADD,
	SQL_MESSAGE_KNOWN,
	SQL_MESSAGE_EACH,
	SQL_MESSAGE_BYTES,
	SQL_MESSAGE_DEL,
	SQL_SLIP_PUT,
	SQL_SLIP_GET,
	SQL_SLIP_DEL,
	SQL_SLIP_DUE,
	SQL_DUTY_PUT,
	SQL_DUTY_EACH,
	SQL_TOPIC_PUT,
	SQL_TOPIC_LAST,
	SQL_TOPIC_CASES,
	SQL_TOPIC_SPAN,
	SQL_TOPIC_WAITING,
	SQL_TOPIC_SETTLED,
	SQL_TOPIC_PRUNE,
	SQL_TREND_GET,
	SQL_TREND_PUT,
	SQL_TREND_LIST,
	SQL_TREND_PRUNE,
	SQL_OUTBOX_ADD,
	SQL_OUTBOX_FIRST,
	SQL_OUTBOX_MOVE,
	SQL_OUTBOX_DEL,
	SQL_DELIVERY_ADD,
	SQL_DELIVERY_GET,
	SQL_DELIVERY_SET,
	SQL_DELIVERY_DEL,
	SQL_DELIVERY_DUE,
	SQL_DIGEST_FIRST,
	SQL_DIGEST_OF,
	SQL_DELIVERY_NEXT,
	SQL_DELIVERY_LAPSE,
	SQL_DELIVERY_LANES,
	SQL_DELIVERY_FORGET,
	SQL_GONE_PUT,
	SQL_GONE_GET,
	SQL_GONE_DEL,
	SQL_LINK_ADD,
	SQL_LINK_PRUNE,
	SQL_SIGNING_ADD,
	SQL_SIGNING_PRIVATE_ADD,
	SQL_SIGNING_EACH,
	SQL_SIGNING_PRIVATE_DEL,
	SQL_SIGNING_PRIVATE_FORGET,
	SQL_LINK_GET,
	SQL_LINK_USE,
	SQL_LINK_SENT,
	SQL_LINK_ASTRAY,
	SQL_AUDIT_ADD,
	SQL_AUDIT_LAST,
	SQL_AUDIT_EACH,
	SQL_AUDIT_OF,
	SQL_AUDIT_POINT_ADD,
	SQL_AUDIT_POINT_LAST,
	SQL_AUDIT_POINT_EACH,
	SQL_AUDIT_KEY_ADD,
	SQL_AUDIT_KEY_EACH,
	SQL_AUDIT_PRIVATE_ADD,
	SQL_AUDIT_PRIVATE_GET,
	SQL_AUDIT_PRIVATE_FORGET,
	SQL_RELAY_PUT,
	SQL_RELAY_GET,
	SQL_RELAY_OF,
	SQL_RELAY_LIST,
	SQL_RELAY_FOREIGN,
	SQL_RELAY_DEL,
	SQL_ORDER_PUT,
	SQL_ORDER_DEL,
	SQL_ORDER_EACH,
	SQL_ORDER_GET,
#define SQL_ENUM(name, text) SQL_##name,
	TRIAGE_SQL(SQL_ENUM)
#undef SQL_ENUM
	    SQL_COUNT,
};

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
	uint32_t epoch;
	unsigned char cursor_key[16];
	struct store_head head, at_begin, at_mark;
	struct evp_md_st *sha256;
	struct evp_md_ctx_st *md;
	struct db_backup *backup;
	char *backup_path;
	struct buf scratch;
};

/* SHA-256 over up to four pieces; ERR_CRYPTO. */
int store_sum(
    struct store *s, const struct slice *pieces, size_t n, unsigned char *ret) MUST_CHECK;

void store_bind_blob(struct sqlite3_stmt *st, int i, const void *p, size_t n);
void store_bind_int(struct sqlite3_stmt *st, int i, int64_t v);
/* A column as bytes, valid until the next step. */
struct slice store_col(struct sqlite3_stmt *st, int i);
/* A column of exactly n bytes; ERR_CORRUPT otherwise. */
int store_col_fixed(struct sqlite3_stmt *st, int i, void *out, size_t n) MUST_CHECK;
int64_t store_col_int(struct sqlite3_stmt *st, int i);
/* Steps a statement that gives one row or none: 0 or ERR_NOTFOUND; the caller resets. */
int store_one(struct store *s, struct sqlite3_stmt *st) MUST_CHECK;

#endif
