/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VAULT_VSTORE_SQL_H
#define VAULT_VSTORE_SQL_H

#include <string.h>

#include <sqlite3.h>

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

static inline void
vstore_bind_blob(sqlite3_stmt *q, int at, const void *p, size_t n)
{
	(void)sqlite3_bind_blob(q, at, p, (int)n, SQLITE_STATIC);
}

#endif
