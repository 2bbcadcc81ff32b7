/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_STORE_SQLITE_STEADY_H
#define KEEPER_STORE_SQLITE_STEADY_H

/* Opaque types. */
struct store;

/* The statements of store_sqlite_steady.c; only store_sqlite*.c include it. */
enum steady_sql {
	CSQL_GET,
	CSQL_PUT,
	/* ?1 minutes, ?2 the minute it is then */
	CSQL_SHIFT_FIRST,
	CSQL_SHIFT_STEPS = CSQL_SHIFT_FIRST,
	CSQL_SHIFT_PAGES,
	CSQL_SHIFT_QUEUED,
	CSQL_SHIFT_DIGESTS,
	CSQL_SHIFT_LEASED,
	CSQL_SHIFT_MODE,
	/* ?1 the minute, ?2 seconds, ?3 minutes */
	CSQL_CLAMP_FIRST,
	CSQL_CLAMP_QUEUED = CSQL_CLAMP_FIRST,
	CSQL_CLAMP_DIGESTS,
	CSQL_CLAMP_PAGES,
	CSQL_CLAMP_MODE,
	CSQL_COUNT,
};

void store_steady_prepare(struct store *s); /* an error stays with the database */

#endif
