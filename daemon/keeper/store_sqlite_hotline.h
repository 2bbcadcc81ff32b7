/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_STORE_SQLITE_HOTLINE_H
#define KEEPER_STORE_SQLITE_HOTLINE_H

/* Opaque types. */
struct store;

/* The statements of the hotline; only store_sqlite*.c include it. */
enum hotline_sql {
	HSQL_CALL_PUT,
	HSQL_CALL_GET,
	HSQL_CALL_EACH,
	HSQL_CALL_TAKE,
	HSQL_PAGE_PUT,
	HSQL_PAGE_GET,
	HSQL_PAGE_OF,
	HSQL_PAGE_DUE,
	HSQL_PAGE_LEFT,
	HSQL_PAGE_SUPERSEDE,
	HSQL_PAGE_ROUND,
	HSQL_PAGE_EACH,
	HSQL_COUNT_ADD,
	HSQL_COUNT_LESS,
	HSQL_COUNT_NONE,
	HSQL_COUNT_LEFT,
	HSQL_COUNT_EACH,
	HSQL_PAGED_ADD,
	HSQL_PAGED_EACH,
	HSQL_COUNT,
};

void store_hotline_prepare(struct store *s); /* an error stays with the database */

#endif
