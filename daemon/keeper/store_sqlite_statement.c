/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/store_statement.h"

#include <sqlite3.h>

#include "daemon/keeper/store_sqlite.h"
#include "lib/db.h"

/* The council's statement of issuer keys, one row. */

int
store_statement_put(struct store *s, uint64_t serial, struct slice jws)
{
	struct sqlite3_stmt *st = s->sql[SQL_STATEMENT_PUT];

	store_bind_int(st, 1, (int64_t)serial);
	(void)sqlite3_bind_text64(st, 2, jws.p, jws.n, SQLITE_STATIC, SQLITE_UTF8);
	return db_run(s->db, st);
}

int
store_statement_get(struct store *s, uint64_t *ret_serial, struct buf *out)
{
	struct sqlite3_stmt *st = s->sql[SQL_STATEMENT_GET];
	struct slice jws;
	int rc;

	rc = store_one(s, st);
	if (rc == 0) {
		*ret_serial = (uint64_t)store_col_int(st, 0);
		jws = store_col(st, 1);
		buf_add(out, jws.p, jws.n);
		rc = buf_err(out);
	}
	db_reset(st);
	return rc;
}
