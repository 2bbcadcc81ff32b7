/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_STORE_SQLITE_MODE_H
#define KEEPER_STORE_SQLITE_MODE_H

/* Opaque types. */
struct store;

/* The statements of store_sqlite_mode.c; only store_sqlite*.c include it. */
enum mode_sql {
	MSQL_MODE_GET,
	MSQL_MODE_PUT,
	MSQL_COUNT,
};

void store_mode_prepare(struct store *s); /* an error stays with the database */

#endif
