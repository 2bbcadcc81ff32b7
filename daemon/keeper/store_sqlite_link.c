/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include <sqlite3.h>

#include "daemon/keeper/store_link.h"
#include "daemon/keeper/store_sqlite.h"
#include "lib/db.h"

/* Links of mails, SQLite. */

int
store_link_get(struct store *s, const uint8_t *token_sum, struct store_link *ret)
{
	struct sqlite3_stmt *st = s->sql[SQL_LINK_GET];
	int rc;

	store_bind_blob(st, 1, token_sum, 32);
	rc = store_one(s, st);
	if (rc == 0) {
		memset(ret, 0, sizeof *ret);
		rc = store_col_fixed(st, 0, ret->bulletin, ID_LEN);
		if (rc == 0)
			rc = store_col_fixed(st, 2, ret->receiver, RECEIVER_LEN);
		ret->revision = (uint16_t)store_col_int(st, 1);
		ret->sent_at = store_col_int(st, 3);
		ret->used_at = store_col_int(st, 4);
		ret->leased = store_col_int(st, 5) != 0;
		ret->contact = (uint8_t)store_col_int(st, 6);
		memcpy(ret->person, ret->receiver, RECEIVER_LEN);
		if (rc == 0 && sqlite3_column_type(st, 7) != SQLITE_NULL)
			rc = store_col_fixed(st, 7, ret->person, RECEIVER_LEN);
	}
	db_reset(st);
	return rc;
}

int
store_link_use(struct store *s, const uint8_t *token_sum, unsigned answer, int64_t now)
{
	struct sqlite3_stmt *st = s->sql[SQL_LINK_USE];

	store_bind_blob(st, 1, token_sum, 32);
	store_bind_int(st, 2, (int64_t)answer);
	store_bind_int(st, 3, now);
	return db_run(s->db, st);
}

int
store_link_sent(struct store *s, const uint8_t *bulletin, uint16_t revision,
    const uint8_t *receiver, int64_t now)
{
	struct sqlite3_stmt *st = s->sql[SQL_LINK_SENT];

	store_bind_blob(st, 1, bulletin, ID_LEN);
	store_bind_int(st, 2, revision);
	store_bind_blob(st, 3, receiver, RECEIVER_LEN);
	store_bind_int(st, 4, now);
	return db_run(s->db, st);
}

int
store_link_astray(struct store *s, const struct store_link *l)
{
	struct sqlite3_stmt *st = s->sql[SQL_LINK_ASTRAY];

	store_bind_blob(st, 1, l->bulletin, ID_LEN);
	store_bind_int(st, 2, l->revision);
	store_bind_blob(st, 3, l->receiver, RECEIVER_LEN);
	store_bind_int(st, 4, l->contact);
	return db_run(s->db, st);
}
