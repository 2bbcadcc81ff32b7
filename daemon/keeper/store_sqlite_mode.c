/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/store_sqlite_mode.h"

#include <string.h>

#include "daemon/keeper/store_mode.h"
#include "daemon/keeper/store_sqlite.h"
#include "lib/db.h"
#include "proto/msg_mode.h"

/* The operating mode's one row. */

static const char *const sql_text[MSQL_COUNT] = {
	[MSQL_MODE_GET] = "SELECT mode, asked, since, renewed, person, reason FROM mode",
	[MSQL_MODE_PUT] = "INSERT OR REPLACE INTO mode (one, mode, asked, since, "
			  "renewed, person, reason)"
			  " VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6)",
};

void
store_mode_prepare(struct store *s)
{
	int i;

	for (i = 0; i < MSQL_COUNT; i++)
		s->mode[i] = db_prepare(s->db, sql_text[i]);
}

int
store_mode_get(struct store *s, struct store_mode *ret)
{
	struct sqlite3_stmt *st = s->mode[MSQL_MODE_GET];
	int rc = store_one(s, st);

	memset(ret, 0, sizeof *ret);
	ret->mode = MODE_NORMAL;
	if (rc == 0) {
		ret->mode = (uint8_t)store_col_int(st, 0);
		ret->asked = (uint8_t)store_col_int(st, 1);
		ret->since = store_col_int(st, 2);
		ret->renewed = store_col_int(st, 3);
		rc = store_col_fixed(st, 4, ret->person, RECEIVER_LEN);
	} else if (rc == ERR_NOTFOUND) {
		db_reset(st);
		return 0;
	}
	if (rc == 0)
		rc = store_col_text(st, 5, ret->reason, sizeof ret->reason);
	db_reset(st);
	return rc;
}

int
store_mode_put(struct store *s, const struct store_mode *m)
{
	struct sqlite3_stmt *st = s->mode[MSQL_MODE_PUT];

	store_bind_int(st, 1, m->mode);
	store_bind_int(st, 2, m->asked);
	store_bind_int(st, 3, m->since);
	store_bind_int(st, 4, m->renewed);
	store_bind_blob(st, 5, m->person, RECEIVER_LEN);
	store_bind_text(st, 6, m->reason);
	return db_run(s->db, st);
}
