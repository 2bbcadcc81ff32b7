/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COURIER_RIG_H
#define COURIER_RIG_H

/* The same, and what stands in the keeper's file. */
#include "tests/role/outbox_rig.h"

#include <sqlite3.h>

/* The first column of the first row, as a number; -1: no row. */
static inline long long
number(struct rig *g, const char *sql)
{
	char path[96];
	sqlite3 *db;
	sqlite3_stmt *st;
	long long n = -1;

	rig_stop(g); /* the keeper holds its file alone */
	(void)snprintf(path, sizeof path, "%s/keeper.db", g->dir);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &st, NULL), SQLITE_OK);
	if (sqlite3_step(st) == SQLITE_ROW)
		n = sqlite3_column_int64(st, 0);
	assert_int_equal(sqlite3_finalize(st), SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	rig_start(g);
	return n;
}

#endif
