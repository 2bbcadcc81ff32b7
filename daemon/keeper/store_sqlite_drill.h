/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_STORE_SQLITE_DRILL_H
#define KEEPER_STORE_SQLITE_DRILL_H

/* Opaque types. */
struct store;

/* The statements of drills; only store_sqlite*.c include it. */
enum drill_sql {
	LSQL_ADD,
	LSQL_SET,
	LSQL_GET,
	LSQL_OF_BULLETIN,
	LSQL_OF_DRAFT,
	LSQL_DUE,
	LSQL_BEFORE,
	LSQL_EACH,
	LSQL_TESTS,
	LSQL_ROW_PUT,
	LSQL_ROW_GET,
	LSQL_REPORT,
	LSQL_REPORTS,
	LSQL_REPORTS_DEL,
	LSQL_COUNT,
};

void store_drill_prepare(struct store *s); /* an error stays with the database */

#endif
