/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VAULT_VSTORE_SQL_H
#define VAULT_VSTORE_SQL_H

#include <string.h>

#include <sqlite3.h>

#include "lib/db.h"
#include "lib/err.h"

/* What the files that speak SQL share; only vstore*.c include it. */

/* A blob column of exactly n bytes. */
static inline int
vstore_get_blob(sqlite3_stmt *q, int col, void *out, size_t n)
{
	const void *p = sqlite3_column_blob(q, col);

	if (p == NULL || sqlite3_column_bytes(q, col) != (int)n)
		return ERR_CORRUPT;
	memcpy(out, p, n);
	return 0;
}

/* A text column into room bytes, closing NUL included. */
static inline int
vstore_get_text(sqlite3_stmt *q, int col, char *out, size_t room)
{
	const unsigned char *p = sqlite3_column_text(q, col);
	int n = sqlite3_column_bytes(q, col);

	if (p == NULL || n < 0 || (size_t)n >= room)
		return ERR_CORRUPT;
	memcpy(out, p, (size_t)n);
	memset(out + n, 0, room - (size_t)n);
	return 0;
}

static inline void
vstore_bind_text(sqlite3_stmt *q, int at, const char *s)
{
	(void)sqlite3_bind_text(q, at, s, -1, SQLITE_STATIC);
}

/* db_run, and ERR_NOTFOUND when no row was touched. */
static inline int
vstore_run_one(struct db *d, sqlite3_stmt *q)
{
	int rc = db_run(d, q);

	return rc == 0 && sqlite3_changes(db_handle(d)) == 0 ? ERR_NOTFOUND : rc;
}

static inline void
vstore_bind_blob(sqlite3_stmt *q, int at, const void *p, size_t n)
{
	(void)sqlite3_bind_blob(q, at, p, (int)n, SQLITE_STATIC);
}

#endif
