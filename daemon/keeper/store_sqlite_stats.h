/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_STORE_SQLITE_STATS_H
#define KEEPER_STORE_SQLITE_STATS_H

/* Opaque types. */
struct store;

/* The statements of statistics and assessments; only store_sqlite*.c include it. */
enum stats_sql {
	TSQL_STAT_MORE,
	TSQL_STAT_LESS,
	TSQL_STAT_EACH,
	TSQL_CASE_GET,
	TSQL_CASE_PUT,
	TSQL_CASE_DEL,
	TSQL_ASSESS_ADD,
	TSQL_ASSESS_LIST,
	TSQL_COUNT,
};

void store_stats_prepare(struct store *s); /* an error stays with the database */

#endif
