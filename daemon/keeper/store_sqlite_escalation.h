/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_STORE_SQLITE_ESCALATION_H
#define KEEPER_STORE_SQLITE_ESCALATION_H

/* Opaque types. */
struct store;

/* The statements of silence; only store_sqlite*.c include it. */
enum escalation_sql {
	ESQL_PUT,
	ESQL_GET,
	ESQL_DEL,
	ESQL_STEP_PUT,
	ESQL_STEP_GET,
	ESQL_STEP_DEL,
	ESQL_STEP_DUE,
	ESQL_SILENCE_PUT,
	ESQL_SILENCE_EACH,
	ESQL_ACK_HAS,
	ESQL_COUNT,
};

void store_escalation_prepare(struct store *s); /* an error stays with the database */

#endif
