/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/store_reader.h"
#include "daemon/keeper/store_relay.h"
#include "daemon/keeper/store_sqlite.h"

#include <string.h>

#include <sqlite3.h>

#include "lib/db.h"

/* What was passed on, and standing orders. */

static void
bind_text(struct sqlite3_stmt *st, int i, struct slice text)
{
	(void)sqlite3_bind_text64(st, i, text.p, text.n, SQLITE_STATIC, SQLITE_UTF8);
}

int
store_relay_put(struct store *s, const struct store_relay *r, struct slice words)
{
	struct sqlite3_stmt *st = s->sql[SQL_RELAY_PUT];

	store_bind_blob(st, 1, r->bulletin, ID_LEN);
	store_bind_blob(st, 2, r->original, ID_LEN);
	store_bind_int(st, 3, r->slot);
	bind_text(st, 4, slice_of(r->hub));
	store_bind_int(st, 5, r->revision);
	store_bind_int(st, 6, r->tlp);
	store_bind_int(st, 7, r->members);
	store_bind_int(st, 8, r->ordered);
	bind_text(st, 9, words);
	store_bind_int(st, 10, r->ended);
	return db_run(s->db, st);
}

static int
relay_row(struct sqlite3_stmt *st, struct store_relay *ret)
{
	struct slice hub = store_col(st, 3);
	int rc;

	memset(ret, 0, sizeof *ret);
	if (hub.n > RELAY_HUB_MAX)
		return ERR_CORRUPT;
	memcpy(ret->hub, hub.p, hub.n);
	ret->slot = (uint8_t)store_col_int(st, 2);
	ret->revision = (uint16_t)store_col_int(st, 4);
	ret->tlp = (uint8_t)store_col_int(st, 5);
	ret->members = (uint8_t)store_col_int(st, 6);
	ret->ordered = (uint8_t)store_col_int(st, 7);
	ret->ended = (uint8_t)store_col_int(st, 9);
	rc = store_col_fixed(st, 0, ret->bulletin, ID_LEN);
	return rc != 0 ? rc : store_col_fixed(st, 1, ret->original, ID_LEN);
}

static int
relay_one(
    struct store *s, struct sqlite3_stmt *st, struct store_relay *ret, struct buf *words)
{
	struct slice text;
	int rc = store_one(s, st);

	if (rc == 0)
		rc = relay_row(st, ret);
	if (rc == 0) {
		text = store_col(st, 8);
		buf_add(words, text.p, text.n);
		rc = buf_err(words);
	}
	db_reset(st);
	return rc;
}

int
store_relay_get(
    struct store *s, const uint8_t *bulletin, struct store_relay *ret, struct buf *words)
{
	store_bind_blob(s->sql[SQL_RELAY_GET], 1, bulletin, ID_LEN);
	return relay_one(s, s->sql[SQL_RELAY_GET], ret, words);
}

int
store_relay_of(struct store *s, const uint8_t *original, unsigned slot,
    struct store_relay *ret, struct buf *words)
{
	struct sqlite3_stmt *st = s->sql[SQL_RELAY_OF];

	store_bind_blob(st, 1, original, ID_LEN);
	store_bind_int(st, 2, slot);
	return relay_one(s, st, ret, words);
}

int
store_relay_list(struct store *s, const uint8_t *original, uint8_t ret[][ID_LEN],
    size_t most, size_t *ret_n)
{
	struct sqlite3_stmt *st = s->sql[SQL_RELAY_LIST];

	store_bind_blob(st, 1, original, ID_LEN);
	return store_read_all(s, st, store_read_id, ret, ID_LEN, most, ret_n);
}

int
store_relay_foreign(struct store *s, const char *hub, int64_t minute,
    int (*fn)(void *arg, const struct store_relay *r), void *arg)
{
	struct sqlite3_stmt *st = s->sql[SQL_RELAY_FOREIGN];
	struct store_relay r;
	int rc;

	bind_text(st, 1, slice_of(hub));
	store_bind_int(st, 2, minute);
	while ((rc = db_step(s->db, st)) == 1) {
		rc = relay_row(st, &r);
		if (rc == 0)
			rc = fn(arg, &r);
		if (rc != 0)
			break;
	}
	db_reset(st);
	return rc;
}

int
store_order_put(struct store *s, const struct store_order *o, struct slice words)
{
	struct sqlite3_stmt *st = s->sql[SQL_ORDER_PUT];

	store_bind_int(st, 1, o->slot);
	store_bind_int(st, 2, o->from);
	store_bind_int(st, 3, o->min_severity);
	store_bind_int(st, 4, o->always);
	store_bind_int(st, 5, o->tlp);
	store_bind_blob(st, 6, o->person, RECEIVER_LEN);
	store_bind_int(st, 7, o->minute);
	bind_text(st, 8, words);
	return db_run(s->db, st);
}

int
store_order_delete(struct store *s, unsigned slot, unsigned from)
{
	struct sqlite3_stmt *st = s->sql[SQL_ORDER_DEL];

	store_bind_int(st, 1, slot);
	store_bind_int(st, 2, from);
	return db_run(s->db, st);
}

static int
order_row(struct sqlite3_stmt *st, struct store_order *ret)
{
	memset(ret, 0, sizeof *ret);
	ret->slot = (uint8_t)store_col_int(st, 0);
	ret->from = (uint8_t)store_col_int(st, 1);
	ret->min_severity = (uint8_t)store_col_int(st, 2);
	ret->always = (uint8_t)store_col_int(st, 3);
	ret->tlp = (uint8_t)store_col_int(st, 4);
	ret->minute = store_col_int(st, 6);
	return store_col_fixed(st, 5, ret->person, RECEIVER_LEN);
}

int
store_order_each(struct store *s,
    int (*fn)(void *arg, const struct store_order *o, struct slice words), void *arg)
{
	struct sqlite3_stmt *st = s->sql[SQL_ORDER_EACH];
	struct store_order o;
	int rc;

	while ((rc = db_step(s->db, st)) == 1) {
		rc = order_row(st, &o);
		if (rc == 0)
			rc = fn(arg, &o, store_col(st, 7));
		if (rc != 0)
			break;
	}
	db_reset(st);
	return rc;
}

int
store_order_get(struct store *s, unsigned slot, unsigned from, struct store_order *ret,
    struct buf *words)
{
	struct sqlite3_stmt *st = s->sql[SQL_ORDER_GET];
	struct slice text;
	int rc;

	store_bind_int(st, 1, slot);
	store_bind_int(st, 2, from);
	rc = store_one(s, st);
	if (rc == 0)
		rc = order_row(st, ret);
	if (rc == 0) {
		text = store_col(st, 7);
		buf_add(words, text.p, text.n);
		rc = buf_err(words);
	}
	db_reset(st);
	return rc;
}

int
store_ack_count(struct store *s, const uint8_t *bulletin, uint32_t *ret_received,
    uint32_t *ret_read, uint32_t *ret_acted, uint32_t *ret_forwarded)
{
	struct sqlite3_stmt *st = s->sql[SQL_ACK_COUNT];
	uint32_t n[4] = { 0, 0, 0, 0 }, forwarded = 0;
	int64_t stage;
	int rc;

	store_bind_blob(st, 1, bulletin, ID_LEN);
	while ((rc = db_step(s->db, st)) == 1) {
		stage = store_col_int(st, 0);
		if (stage < 1 || stage > 3) {
			rc = ERR_CORRUPT;
			break;
		}
		n[stage] = (uint32_t)store_col_int(st, 1);
		forwarded += (uint32_t)store_col_int(st, 2);
	}
	db_reset(st);
	if (rc != 0)
		return rc;
	*ret_received = n[1];
	*ret_read = n[2];
	*ret_acted = n[3];
	*ret_forwarded = forwarded;
	return 0;
}
