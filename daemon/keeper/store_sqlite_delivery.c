/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/store_sqlite.h"

#include <string.h>

#include <sqlite3.h>

#include "daemon/keeper/store_escalation.h"
#include "daemon/keeper/store_hotline.h"
#include "lib/db.h"

/* The outbox, what became of it for each receiver, and the links of mails. */

static void
bind_key(struct sqlite3_stmt *st, const struct courier_key *key)
{
	store_bind_blob(st, 1, key->bulletin, ID_LEN);
	store_bind_int(st, 2, key->revision);
	store_bind_blob(st, 3, key->receiver, RECEIVER_LEN);
	store_bind_int(st, 4, key->route);
	store_bind_int(st, 5, key->contact);
}

int
store_outbox_add(struct store *s, const struct store_outbox *o)
{
	struct sqlite3_stmt *st = s->sql[SQL_OUTBOX_ADD];

	store_bind_int(st, 1, (int64_t)o->seq);
	store_bind_blob(st, 2, o->bulletin, ID_LEN);
	store_bind_int(st, 3, o->revision);
	store_bind_blob(st, 4, o->after, RECEIVER_LEN);
	return db_run(s->db, st);
}

int
store_outbox_first(struct store *s, struct store_outbox *ret)
{
	struct sqlite3_stmt *st = s->sql[SQL_OUTBOX_FIRST];
	int rc = store_one(s, st);

	if (rc == 0) {
		ret->seq = (uint64_t)store_col_int(st, 0);
		ret->revision = (uint16_t)store_col_int(st, 2);
		rc = store_col_fixed(st, 1, ret->bulletin, ID_LEN);
	}
	if (rc == 0)
		rc = store_col_fixed(st, 3, ret->after, RECEIVER_LEN);
	db_reset(st);
	return rc;
}

int
store_outbox_move(struct store *s, const struct store_outbox *o)
{
	struct sqlite3_stmt *st = s->sql[SQL_OUTBOX_MOVE];

	store_bind_int(st, 1, (int64_t)o->seq);
	store_bind_blob(st, 2, o->after, RECEIVER_LEN);
	return db_run(s->db, st);
}

int
store_outbox_del(struct store *s, uint64_t seq)
{
	store_bind_int(s->sql[SQL_OUTBOX_DEL], 1, (int64_t)seq);
	return db_run(s->db, s->sql[SQL_OUTBOX_DEL]);
}

int
store_delivery_add(struct store *s, const struct store_delivery *d)
{
	struct sqlite3_stmt *st = s->sql[SQL_DELIVERY_ADD];

	bind_key(st, &d->key);
	store_bind_int(st, 6, d->state);
	store_bind_int(st, 7, d->next_at);
	store_bind_int(st, 8, d->queued_at);
	store_bind_int(st, 9, d->stage);
	return db_run(s->db, st);
}

static int
read_row(struct sqlite3_stmt *st, void *to)
{
	struct store_delivery *ret = to;
	struct slice reason = store_col(st, 9);
	int rc;

	memset(ret, 0, sizeof *ret);
	ret->key.revision = (uint16_t)store_col_int(st, 1);
	ret->key.route = (uint8_t)store_col_int(st, 3);
	ret->key.contact = (uint8_t)store_col_int(st, 4);
	ret->state = (uint8_t)store_col_int(st, 5);
	ret->tries = (uint16_t)store_col_int(st, 6);
	ret->next_at = store_col_int(st, 7);
	ret->lease_until = store_col_int(st, 8);
	ret->queued_at = store_col_int(st, 10);
	ret->sent_at = store_col_int(st, 11);
	ret->digest = store_col_int(st, 12) != 0;
	ret->stage = (uint8_t)store_col_int(st, 13);
	if (reason.n > COURIER_REASON_MAX)
		return ERR_CORRUPT;
	memcpy(ret->reason, reason.p, reason.n);
	rc = store_col_fixed(st, 0, ret->key.bulletin, ID_LEN);
	return rc != 0 ? rc : store_col_fixed(st, 2, ret->key.receiver, RECEIVER_LEN);
}

int
store_delivery_get(
    struct store *s, const struct courier_key *key, struct store_delivery *ret)
{
	struct sqlite3_stmt *st = s->sql[SQL_DELIVERY_GET];

	bind_key(st, key);
	return store_read_one(s, st, read_row, ret);
}

int
store_delivery_set(struct store *s, const struct store_delivery *d)
{
	static const uint8_t nobody[RECEIVER_LEN];
	struct sqlite3_stmt *st = s->sql[SQL_DELIVERY_SET];

	bind_key(st, &d->key);
	store_bind_int(st, 6, d->state);
	store_bind_int(st, 7, d->tries);
	store_bind_int(st, 8, d->next_at);
	store_bind_int(st, 9, d->lease_until);
	(void)sqlite3_bind_text(st, 10, d->reason, -1, SQLITE_STATIC);
	store_bind_int(st, 11, d->sent_at);
	if (memcmp(d->person, nobody, sizeof nobody) != 0) /* else NULL */
		store_bind_blob(st, 12, d->person, RECEIVER_LEN);
	return db_run(s->db, st);
}

int
store_delivery_del(struct store *s, const struct courier_key *key)
{
	bind_key(s->sql[SQL_DELIVERY_DEL], key);
	return db_run(s->db, s->sql[SQL_DELIVERY_DEL]);
}

/* Rows of a statement that is bound. */
static int
read_rows(struct store *s, struct sqlite3_stmt *st, unsigned most,
    struct store_delivery *v, unsigned *ret_n)
{
	unsigned n = 0;
	int rc;

	while ((rc = db_step(s->db, st)) == 1 && n < most) {
		rc = read_row(st, &v[n]);
		if (rc != 0)
			break;
		n++;
	}
	db_reset(st);
	if (rc < 0)
		return rc;
	*ret_n = n;
	return 0;
}

int
store_digest_first(
    struct store *s, int64_t *ret_at, uint8_t *ret_receiver, uint8_t *ret_contact)
{
	struct sqlite3_stmt *st = s->sql[SQL_DIGEST_FIRST];
	int rc = store_one(s, st);

	if (rc == 0) {
		*ret_at = store_col_int(st, 0);
		*ret_contact = (uint8_t)store_col_int(st, 2);
		rc = store_col_fixed(st, 1, ret_receiver, RECEIVER_LEN);
	}
	db_reset(st);
	return rc;
}

int
store_digest_of(struct store *s, const uint8_t *receiver, uint8_t contact, int64_t now,
    unsigned most, struct store_delivery *v, unsigned *ret_n)
{
	struct sqlite3_stmt *st = s->sql[SQL_DIGEST_OF];

	store_bind_blob(st, 1, receiver, RECEIVER_LEN);
	store_bind_int(st, 2, contact);
	store_bind_int(st, 3, now);
	store_bind_int(st, 4, most);
	return read_rows(s, st, most, v, ret_n);
}

int
store_delivery_due(struct store *s, const uint8_t *receiver, unsigned route, int64_t now,
    unsigned most, struct store_delivery *v, unsigned *ret_n)
{
	struct sqlite3_stmt *st = s->sql[SQL_DELIVERY_DUE];

	store_bind_blob(st, 1, receiver, RECEIVER_LEN);
	store_bind_int(st, 2, route);
	store_bind_int(st, 3, now);
	store_bind_int(st, 4, most);
	return read_rows(s, st, most, v, ret_n);
}

int
store_delivery_open(struct store *s, const uint8_t *bulletin, uint16_t revision,
    const uint8_t *receiver, unsigned most, struct store_delivery *v, unsigned *ret_n)
{
	struct sqlite3_stmt *st = s->sql[SQL_DELIVERY_OPEN];

	store_bind_blob(st, 1, bulletin, ID_LEN);
	store_bind_int(st, 2, revision);
	store_bind_blob(st, 3, receiver, RECEIVER_LEN);
	store_bind_int(st, 4, most);
	return read_rows(s, st, most, v, ret_n);
}

int
store_delivery_pages(struct store *s, int64_t now, unsigned most,
    struct store_delivery *v, unsigned *ret_n)
{
	struct sqlite3_stmt *st = s->sql[SQL_DELIVERY_PAGES];

	store_bind_int(st, 1, now);
	store_bind_int(st, 2, most);
	return read_rows(s, st, most, v, ret_n);
}

int
store_delivery_of_page(struct store *s, const uint8_t *page, unsigned most,
    struct store_delivery *v, unsigned *ret_n)
{
	struct sqlite3_stmt *st = s->sql[SQL_DELIVERY_OF_PAGE];

	store_bind_blob(st, 1, page, ID_LEN);
	store_bind_int(st, 2, most);
	return read_rows(s, st, most, v, ret_n);
}

/* One number, or INT64_MAX without a row. */
static int
read_next(struct store *s, struct sqlite3_stmt *st, int64_t *ret_at)
{
	int rc = store_one(s, st);

	if (rc == 0)
		*ret_at = store_col_int(st, 0);
	db_reset(st);
	if (rc == ERR_NOTFOUND) {
		*ret_at = INT64_MAX;
		rc = 0;
	}
	return rc;
}

int
store_delivery_pages_next(struct store *s, int64_t *ret_at)
{
	return read_next(s, s->sql[SQL_DELIVERY_PAGES_NEXT], ret_at);
}

int
store_delivery_next(
    struct store *s, const uint8_t *receiver, unsigned route, int64_t *ret_at)
{
	struct sqlite3_stmt *st = s->sql[SQL_DELIVERY_NEXT];

	store_bind_blob(st, 1, receiver, RECEIVER_LEN);
	store_bind_int(st, 2, route);
	return read_next(s, st, ret_at);
}

int
store_delivery_lapse(struct store *s, int64_t now, unsigned most, unsigned *ret_n)
{
	struct sqlite3_stmt *st = s->sql[SQL_DELIVERY_LAPSE];
	int rc;

	store_bind_int(st, 1, now);
	store_bind_int(st, 2, most);
	rc = db_run(s->db, st);
	if (rc == 0)
		*ret_n = (unsigned)sqlite3_changes(db_handle(s->db));
	return rc;
}

int
store_delivery_lanes(struct store *s,
    int (*fn)(void *arg, const uint8_t *receiver, unsigned route, int64_t next_at,
	unsigned leased),
    void *arg)
{
	struct sqlite3_stmt *st = s->sql[SQL_DELIVERY_LANES];
	struct slice receiver;
	int rc;

	while ((rc = db_step(s->db, st)) == 1) {
		receiver = store_col(st, 0);
		if (receiver.n != RECEIVER_LEN)
			rc = ERR_CORRUPT;
		else
			rc = fn(arg, (const uint8_t *)receiver.p,
			    (unsigned)store_col_int(st, 1), store_col_int(st, 2),
			    (unsigned)store_col_int(st, 3));
		if (rc != 0)
			break;
	}
	db_reset(st);
	return rc;
}

static void
bind_contact(struct sqlite3_stmt *st, const struct courier_key *key)
{
	store_bind_blob(st, 1, key->receiver, RECEIVER_LEN);
	store_bind_int(st, 2, key->route);
	store_bind_int(st, 3, key->contact);
}

int
store_gone_put(struct store *s, const struct courier_key *key, const uint8_t *mark)
{
	struct sqlite3_stmt *st = s->sql[SQL_GONE_PUT];

	bind_contact(st, key);
	store_bind_blob(st, 4, mark, COURIER_MARK_LEN);
	return db_run(s->db, st);
}

int
store_gone_get(struct store *s, const struct courier_key *key, uint8_t *ret_mark)
{
	struct sqlite3_stmt *st = s->sql[SQL_GONE_GET];
	int rc;

	bind_contact(st, key);
	rc = store_one(s, st);
	if (rc == 0)
		rc = store_col_fixed(st, 0, ret_mark, COURIER_MARK_LEN);
	db_reset(st);
	return rc;
}

int
store_gone_del(struct store *s, const struct courier_key *key)
{
	bind_contact(s->sql[SQL_GONE_DEL], key);
	return db_run(s->db, s->sql[SQL_GONE_DEL]);
}

int
store_way_put(struct store *s, const struct courier_key *key, int works, int64_t minute)
{
	struct sqlite3_stmt *st = s->sql[SQL_WAY_PUT];

	bind_contact(st, key);
	store_bind_int(st, 4, works != 0);
	store_bind_int(st, 5, minute);
	return db_run(s->db, st);
}

int
store_way_drop_others(struct store *s, const struct courier_key *key)
{
	struct sqlite3_stmt *st = s->sql[SQL_WAY_DROP];

	store_bind_blob(st, 1, key->receiver, RECEIVER_LEN);
	store_bind_int(st, 2, key->route);
	store_bind_int(st, 3, key->contact != CONTACT_ALL);
	return db_run(s->db, st);
}

int
store_ways_broken(struct store *s, int64_t since,
    int (*fn)(void *arg, const uint8_t *receiver, unsigned route), void *arg)
{
	struct sqlite3_stmt *st = s->sql[SQL_WAYS_BROKEN];
	uint8_t receiver[RECEIVER_LEN];
	int rc;

	store_bind_int(st, 1, since);
	while ((rc = db_step(s->db, st)) == 1) {
		rc = store_col_fixed(st, 0, receiver, RECEIVER_LEN);
		if (rc == 0)
			rc = fn(arg, receiver, (unsigned)store_col_int(st, 1));
		if (rc != 0)
			break;
	}
	db_reset(st);
	return rc;
}

int
store_link_add(struct store *s, const uint8_t *token_sum, const struct courier_key *key,
    int64_t sent_at)
{
	struct sqlite3_stmt *st = s->sql[SQL_LINK_ADD];

	store_bind_blob(st, 1, token_sum, 32);
	store_bind_blob(st, 2, key->bulletin, ID_LEN);
	store_bind_int(st, 3, key->revision);
	store_bind_blob(st, 4, key->receiver, RECEIVER_LEN);
	store_bind_int(st, 5, sent_at);
	store_bind_int(st, 6, key->contact);
	return db_run(s->db, st);
}
