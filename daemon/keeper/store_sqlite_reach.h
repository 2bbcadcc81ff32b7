/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_STORE_SQLITE_REACH_H
#define KEEPER_STORE_SQLITE_REACH_H

#include <stdint.h>

#include "lib/err.h"

/* Opaque types. */
struct store;

/* The statements of who was reached and of questions; only store_sqlite*.c include it. */
enum reach_sql {
	RSQL_ACK_EACH,
	RSQL_ROUTE_EACH,
	RSQL_STREAMED_AS_PUT,
	RSQL_STREAMED_AS_EACH,
	RSQL_STREAMED_AS_PRUNE,
	RSQL_STREAMED_PUT,
	RSQL_STREAMED_CUT,
	RSQL_STREAMED_EACH,
	RSQL_STREAMED_PRUNE,
	RSQL_ENTITLED_PUT,
	RSQL_ENTITLED_GET,
	RSQL_ENTITLED_DEL,
	RSQL_QUESTION_ADD,
	RSQL_QUESTION_GET,
	RSQL_QUESTION_ANSWER,
	RSQL_QUESTION_COUNT,
	RSQL_QUESTION_BEFORE,
	RSQL_QUESTION_EACH,
	RSQL_QUESTION_FORGET,
	RSQL_COUNT,
};

void store_reach_prepare(struct store *s); /* an error stays with the database */
/* A row of the log goes: what is known of this revision's reach. */
int store_reach_forget(
    struct store *s, const uint8_t *bulletin, uint16_t revision) MUST_CHECK;
/* The bulletin has gone with its last revision, or stands: then nothing happens. */
int store_question_forget(struct store *s, const uint8_t *bulletin) MUST_CHECK;

#endif
