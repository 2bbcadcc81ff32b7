/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/store_signing.h"
#include "daemon/keeper/store_sqlite.h"

#include <string.h>

#include <sqlite3.h>

#include "lib/db.h"
#include "lib/mem.h"

/* The hub's keys for bulletins: the public halves, and beside them the private ones. */

static void
bind_kid(struct sqlite3_stmt *st, int i, const char *kid)
{
	(void)sqlite3_bind_text(st, i, kid, -1, SQLITE_STATIC);
}

int
store_signing_add(struct store *s, const struct store_signing *k)
{
	struct sqlite3_stmt *st = s->sql[SQL_SIGNING_ADD];
	int rc;

	bind_kid(st, 1, k->kid);
	store_bind_blob(st, 2, k->point, sizeof k->point);
	store_bind_int(st, 3, k->made);
	store_bind_int(st, 4, k->since);
	rc = db_run(s->db, st);
	if (rc != 0 || k->der_len == 0)
		return rc;
	st = s->sql[SQL_SIGNING_PRIVATE_ADD];
	bind_kid(st, 1, k->kid);
	store_bind_blob(st, 2, k->der, k->der_len);
	return db_run(s->db, st);
}

static int
read_row(struct sqlite3_stmt *st, struct store_signing *ret)
{
	struct slice kid = store_col(st, 0), der = store_col(st, 4);

	memset(ret, 0, sizeof *ret);
	if (kid.n != JWK_KID || der.n > sizeof ret->der)
		return ERR_CORRUPT;
	memcpy(ret->kid, kid.p, kid.n);
	ret->made = store_col_int(st, 2);
	ret->since = store_col_int(st, 3);
	memcpy(ret->der, der.p, der.n);
	ret->der_len = der.n;
	return store_col_fixed(st, 1, ret->point, sizeof ret->point);
}

int
store_signing_each(
    struct store *s, int (*fn)(void *arg, const struct store_signing *k), void *arg)
{
	struct sqlite3_stmt *st = s->sql[SQL_SIGNING_EACH];
	struct store_signing k;
	int rc;

	while ((rc = db_step(s->db, st)) == 1) {
		rc = read_row(st, &k);
		if (rc == 0)
			rc = fn(arg, &k);
		if (rc != 0)
			break;
	}
	db_reset(st);
	mem_wipe(&k, sizeof k);
	return rc;
}

int
store_signing_retire(struct store *s, const char *kid)
{
	struct sqlite3_stmt *st = s->sql[SQL_SIGNING_PRIVATE_DEL];

	bind_kid(st, 1, kid);
	return db_run(s->db, st);
}

int
store_signing_drop(struct store *s, const char *kid)
{
	struct sqlite3_stmt *st = s->sql[SQL_SIGNING_DEL];

	bind_kid(st, 1, kid);
	return db_run(s->db, st);
}
