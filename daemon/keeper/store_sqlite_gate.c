/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/store_sqlite.h"

#include <string.h>

#include <sqlite3.h>

#include "lib/db.h"

/* What the k gate has decided, and what a case's bulletins have shown. */

int
store_gate_add(struct store *s, const uint8_t *report, const struct store_gate *g)
{
	struct sqlite3_stmt *st = s->sql[SQL_GATE_ADD];

	store_bind_blob(st, 1, report, ID_LEN);
	store_bind_int(st, 2, g->held);
	store_bind_int(st, 3, g->shown);
	store_bind_int(st, 4, g->inside);
	store_bind_int(st, 5, g->beyond);
	return db_run(s->db, st);
}

int
store_gate_get(struct store *s, const uint8_t *report, struct store_gate *ret)
{
	struct sqlite3_stmt *st = s->sql[SQL_GATE_GET];
	int rc;

	store_bind_blob(st, 1, report, ID_LEN);
	rc = store_one(s, st);
	if (rc == 0) {
		ret->held = (uint16_t)store_col_int(st, 0);
		ret->shown = (uint16_t)store_col_int(st, 1);
		ret->inside = (int)store_col_int(st, 2);
		ret->beyond = (int)store_col_int(st, 3);
	}
	db_reset(st);
	return rc;
}

static void
bind_word(struct sqlite3_stmt *st, int i, const char *word)
{
	(void)sqlite3_bind_text(st, i, word, -1, SQLITE_STATIC);
}

int
store_shown_put(struct store *s, const uint8_t *case_id, const struct store_shown *v)
{
	struct sqlite3_stmt *st = s->sql[SQL_SHOWN_PUT];

	store_bind_blob(st, 1, case_id, ID_LEN);
	store_bind_int(st, 2, v->k);
	store_bind_int(st, 3, v->inside);
	store_bind_int(st, 4, v->beyond);
	bind_word(st, 5, v->region);
	bind_word(st, 6, v->class_);
	bind_word(st, 7, v->size);
	return db_run(s->db, st);
}

static int
col_word(struct sqlite3_stmt *st, int i, char *out, size_t room)
{
	struct slice c = store_col(st, i);

	if (c.n >= room)
		return ERR_CORRUPT;
	memcpy(out, c.p, c.n);
	return 0;
}

int
store_shown_get(struct store *s, const uint8_t *case_id, struct store_shown *ret)
{
	struct sqlite3_stmt *st = s->sql[SQL_SHOWN_GET];
	struct store_shown v;
	int rc;

	memset(&v, 0, sizeof v);
	store_bind_blob(st, 1, case_id, ID_LEN);
	rc = store_one(s, st);
	if (rc == 0) {
		v.k = (uint16_t)store_col_int(st, 0);
		v.inside = (uint16_t)store_col_int(st, 1);
		v.beyond = (uint16_t)store_col_int(st, 2);
		rc = col_word(st, 3, v.region, sizeof v.region);
		if (rc == 0)
			rc = col_word(st, 4, v.class_, sizeof v.class_);
		if (rc == 0)
			rc = col_word(st, 5, v.size, sizeof v.size);
	} else if (rc == ERR_NOTFOUND) {
		rc = 0;
	}
	db_reset(st);
	if (rc == 0)
		*ret = v;
	return rc;
}
