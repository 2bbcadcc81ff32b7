/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VAULT_VSQL_H
#define VAULT_VSQL_H

#include <stddef.h>

#include "lib/err.h"

/* The inside of the vault's store; only vstore*.c include it. */
struct db;
struct sqlite3_stmt;

/* A blob column of exactly n bytes; ERR_CORRUPT. */
int vsql_get_blob(struct sqlite3_stmt *q, int col, void *out, size_t n) MUST_CHECK;
/* A text column into room bytes, zeros behind it, closing NUL included; ERR_CORRUPT. */
int vsql_get_text(struct sqlite3_stmt *q, int col, char *out, size_t room) MUST_CHECK;
void vsql_bind_text(struct sqlite3_stmt *q, int at, const char *s);
void vsql_bind_blob(struct sqlite3_stmt *q, int at, const void *p, size_t n);
/* db_run, and ERR_NOTFOUND when no row was touched. */
int vsql_run_one(struct db *db, struct sqlite3_stmt *q) MUST_CHECK;

#endif
