/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_STORE_SQLITE_SITUATION_H
#define KEEPER_STORE_SQLITE_SITUATION_H

/* Opaque types. */
struct store;

/* The statements of store_sqlite_situation.c; only store_sqlite*.c include it. */
enum situation_sql {
	YSQL_BACKLOG,
	YSQL_PUT,
	YSQL_GET,
	YSQL_BY_DRAFT,
	YSQL_NTH,
	YSQL_OF_CASE,
	YSQL_OF_BULLETIN,
	YSQL_OF_ANY,
	YSQL_ENTRY_ADD,
	YSQL_ENTRY_NEXT,
	YSQL_CASE_ADD,
	YSQL_CASE_DEL,
	YSQL_CASE_NTH,
	YSQL_COUNTS,
	YSQL_BULLETIN_ADD,
	YSQL_BULLETIN_DEL,
	YSQL_BULLETIN_NTH,
	YSQL_TOLD,
	YSQL_WATCHED,
	YSQL_TASK_PUT,
	YSQL_TASK_NEXT,
	YSQL_TASK_LAST,
	YSQL_ENTRY_LAST,
	YSQL_PRUNE,
	YSQL_COUNT,
};

void store_situation_prepare(struct store *s); /* an error stays with the database */

#endif
