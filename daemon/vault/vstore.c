/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/vault/vstore.h"

#include <string.h>

#include <openssl/rand.h>
#include <sqlite3.h>

#include "daemon/vault/vstore_people.h"
#include "daemon/vault/vstore_roster.h"
#include "daemon/vault/vstore_sql.h"
#include "lib/db.h"
#include "lib/mem.h"
#include "schema.h"

enum {
	APPLICATION_ID = 0x43505456, /* "CPTV" */
};

struct vstore {
	struct db *db;
	struct vpeople *people;
	struct vroster *roster;
	sqlite3_stmt *meta, *bump;
	sqlite3_stmt *members, *terms, *certs;
	sqlite3_stmt *put_member, *drop_terms, *put_term, *put_cert, *cert, *revoke,
	    *disable, *put_sectors, *sectors;
	sqlite3_stmt *put_envelope, *drop_envelopes, *newest_day, *count_envelopes;
};

static void
prepare_all(struct vstore *s)
{
	struct db *d = s->db;

	s->meta =
	    db_prepare(d, "SELECT generation, receiver_key, ticket_secret FROM meta");
	s->bump = db_prepare(d, "UPDATE meta SET generation = generation + 1");
	s->members = db_prepare(d,
	    "SELECT id, disabled, op, sec, aff, roles, clearance, routes, region, class, "
	    "size, wants, always FROM members ORDER BY id");
	s->terms =
	    db_prepare(d, "SELECT member, kind, text FROM terms ORDER BY member, n");
	s->certs =
	    db_prepare(d, "SELECT spki, member, not_after, revoked, person FROM certs");
	s->put_member = db_prepare(d,
	    "INSERT INTO members (id, disabled, op, sec, aff, roles, clearance, routes, "
	    "region, class, size, wants, always) "
	    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13) "
	    "ON CONFLICT (id) DO UPDATE SET disabled = max(disabled, excluded.disabled), "
	    "op = excluded.op, sec = excluded.sec, aff = excluded.aff, "
	    "roles = excluded.roles, clearance = excluded.clearance, "
	    "routes = excluded.routes, region = excluded.region, class = excluded.class, "
	    "size = excluded.size, wants = excluded.wants, always = excluded.always");
	s->drop_terms = db_prepare(d, "DELETE FROM terms WHERE member = ?1");
	s->put_term = db_prepare(d,
	    "INSERT INTO terms (member, n, kind, text) VALUES (?1, "
	    "(SELECT coalesce(max(n), 0) + 1 FROM terms WHERE member = ?1), ?2, ?3)");
	s->put_cert = db_prepare(d,
	    "INSERT INTO certs (spki, member, not_after, revoked, person) "
	    "VALUES (?1, ?2, ?3, 0, ?4) "
	    "ON CONFLICT (spki) DO UPDATE SET not_after = excluded.not_after");
	s->cert =
	    db_prepare(d, "SELECT member, revoked, person FROM certs WHERE spki = ?1");
	s->revoke = db_prepare(d, "UPDATE certs SET revoked = 1 WHERE spki = ?1");
	s->disable = db_prepare(d, "UPDATE members SET disabled = ?2 WHERE id = ?1");
	s->put_sectors =
	    db_prepare(d, "INSERT INTO sectors (one, of_slot) VALUES (1, ?1) "
			  "ON CONFLICT (one) DO UPDATE SET of_slot = ?1");
	s->sectors = db_prepare(d, "SELECT of_slot FROM sectors");
	s->put_envelope =
	    db_prepare(d, "INSERT INTO envelopes (report_id, envelope, day, pair) "
			  "VALUES (?1, ?2, ?3, ?4) "
			  "ON CONFLICT (report_id) DO NOTHING");
	s->drop_envelopes =
	    db_prepare(d, "DELETE FROM envelopes WHERE report_id IN "
			  "(SELECT report_id FROM envelopes WHERE day < ?1 LIMIT ?2)");
	s->newest_day =
	    db_prepare(d, "SELECT day FROM envelopes ORDER BY day DESC LIMIT 1");
	s->count_envelopes = db_prepare(d, "SELECT count(*) FROM envelopes");
}

/* The secrets of a new vault.  INSERT OR IGNORE: an old one keeps its own. */
static int
make_secrets(struct vstore *s)
{
	unsigned char key[32], secret[32];
	sqlite3_stmt *put;
	int rc;

	if (RAND_priv_bytes(key, sizeof key) != 1 ||
	    RAND_priv_bytes(secret, sizeof secret) != 1)
		return ERR_CRYPTO;
	put = db_prepare(s->db, "INSERT OR IGNORE INTO meta VALUES (1, 1, ?1, ?2)");
	(void)sqlite3_bind_blob(put, 1, key, sizeof key, SQLITE_STATIC);
	(void)sqlite3_bind_blob(put, 2, secret, sizeof secret, SQLITE_STATIC);
	rc = db_run(s->db, put);
	mem_wipe(key, sizeof key);
	mem_wipe(secret, sizeof secret);
	return rc;
}

int
vstore_open(struct vstore **ret, const char *path, struct buf *why)
{
	static const struct db_schema schema = { "vault", APPLICATION_ID, SCHEMA_VAULT,
		sizeof SCHEMA_VAULT / sizeof SCHEMA_VAULT[0] };
	struct vstore *s = mem_zalloc(sizeof *s);
	struct vstore_meta meta;
	int rc;

	(void)SCHEMA_KEEPER;
	if (s == NULL)
		return ERR_NOMEM;
	rc = db_open(&s->db, path, &schema, why);
	if (rc != 0)
		goto fail;
	prepare_all(s);
	rc = vpeople_new(&s->people, s->db);
	if (rc == 0)
		rc = vroster_new(&s->roster, s->db);
	if (rc != 0)
		goto fail;
	if (vstore_meta(s, &meta) == ERR_NOTFOUND)
		rc = make_secrets(s);
	mem_wipe(&meta, sizeof meta);
	if (rc != 0) {
		buf_addf(why, "%s: its secrets cannot be stored: %s", path, err_str(rc));
		goto fail;
	}
	*ret = s;
	return 0;
fail:
	vstore_close(s);
	return rc;
}

void
vstore_close(struct vstore *s)
{
	if (s == NULL)
		return;
	vpeople_free(s->people);
	vroster_free(s->roster);
	db_close(s->db);
	mem_free(s);
}

struct db *
vstore_db(struct vstore *s)
{
	return s->db;
}

struct vpeople *
vstore_people(struct vstore *s)
{
	return s->people;
}

struct vroster *
vstore_roster(struct vstore *s)
{
	return s->roster;
}

int
vstore_meta(struct vstore *s, struct vstore_meta *ret)
{
	int rc = db_step(s->db, s->meta);

	if (rc == 1) {
		ret->generation = (uint64_t)sqlite3_column_int64(s->meta, 0);
		rc = vstore_get_blob(
		    s->meta, 1, ret->receiver_key, sizeof ret->receiver_key);
		if (rc == 0)
			rc = vstore_get_blob(
			    s->meta, 2, ret->ticket_secret, sizeof ret->ticket_secret);
	} else if (rc == 0) {
		rc = ERR_NOTFOUND;
	}
	db_reset(s->meta);
	return rc;
}

static int
read_wants(sqlite3_stmt *q, int col, struct subscription *ret)
{
	const char *bytes = sqlite3_column_blob(q, col);

	return subscription_stored(
	    (struct slice){ bytes, (size_t)sqlite3_column_bytes(q, col) }, ret);
}

int
vstore_next_member(struct vstore *s, struct vault_member *ret)
{
	sqlite3_stmt *q = s->members;
	int rc = db_step(s->db, q), bad = 0;

	if (rc == 1) {
		memset(ret, 0, sizeof *ret);
		bad |= vstore_get_text(q, 0, ret->id, sizeof ret->id);
		ret->disabled = (uint8_t)sqlite3_column_int(q, 1);
		bad |= vstore_get_blob(q, 2, ret->op.b, sizeof ret->op.b);
		bad |= vstore_get_blob(q, 3, ret->sec.b, sizeof ret->sec.b);
		bad |= vstore_get_blob(q, 4, ret->aff.b, sizeof ret->aff.b);
		ret->roles = (uint16_t)sqlite3_column_int(q, 5);
		ret->clearance = (uint8_t)sqlite3_column_int(q, 6);
		ret->routes = (uint8_t)sqlite3_column_int(q, 7);
		bad |= vstore_get_text(q, 8, ret->region, sizeof ret->region);
		bad |= vstore_get_text(q, 9, ret->class_, sizeof ret->class_);
		bad |= vstore_get_text(q, 10, ret->size, sizeof ret->size);
		bad |= read_wants(q, 11, &ret->wants);
		ret->always = (uint8_t)sqlite3_column_int(q, 12);
		if (bad == 0)
			return 1;
		rc = ERR_CORRUPT;
	}
	db_reset(q);
	return rc;
}

int
vstore_next_term(struct vstore *s, struct vault_term *ret)
{
	sqlite3_stmt *q = s->terms;
	int rc = db_step(s->db, q), n;

	if (rc == 1) {
		memset(ret, 0, sizeof *ret);
		rc = vstore_get_text(q, 0, ret->id, sizeof ret->id);
		ret->kind = (uint8_t)sqlite3_column_int(q, 1);
		n = sqlite3_column_bytes(q, 2);
		if (rc == 0 && n > 0 && n <= VAULT_TERM_MAX) {
			ret->n = (uint16_t)n;
			memcpy(ret->text, sqlite3_column_blob(q, 2), ret->n);
			return 1;
		}
		rc = ERR_CORRUPT;
	}
	db_reset(q);
	return rc;
}

int
vstore_next_cert(struct vstore *s, struct vstore_cert *ret)
{
	sqlite3_stmt *q = s->certs;
	int rc = db_step(s->db, q);

	if (rc == 1) {
		memset(ret, 0, sizeof *ret);
		rc = vstore_get_blob(q, 0, ret->spki, sizeof ret->spki);
		if (rc == 0)
			rc = vstore_get_text(q, 1, ret->id, sizeof ret->id);
		ret->not_after = sqlite3_column_int64(q, 2);
		ret->revoked = sqlite3_column_int(q, 3);
		if (rc == 0)
			rc = vstore_get_text(q, 4, ret->person, sizeof ret->person);
		if (rc == 0)
			return 1;
	}
	db_reset(q);
	return rc;
}

int
vstore_put_member(struct vstore *s, const struct vault_member *m)
{
	sqlite3_stmt *q = s->put_member;
	struct buf wants;
	int rc;

	buf_init(&wants, 256);
	subscription_put(&wants, &m->wants);
	rc = buf_err(&wants);
	if (rc == 0) {
		vstore_bind_text(q, 1, m->id);
		(void)sqlite3_bind_int(q, 2, m->disabled);
		vstore_bind_blob(q, 3, m->op.b, sizeof m->op.b);
		vstore_bind_blob(q, 4, m->sec.b, sizeof m->sec.b);
		vstore_bind_blob(q, 5, m->aff.b, sizeof m->aff.b);
		(void)sqlite3_bind_int(q, 6, m->roles);
		(void)sqlite3_bind_int(q, 7, m->clearance);
		(void)sqlite3_bind_int(q, 8, m->routes);
		vstore_bind_text(q, 9, m->region);
		vstore_bind_text(q, 10, m->class_);
		vstore_bind_text(q, 11, m->size);
		vstore_bind_blob(q, 12, wants.p, wants.n);
		(void)sqlite3_bind_int(q, 13, m->always);
		rc = db_run(s->db, q);
	}
	buf_done(&wants);
	if (rc != 0)
		return rc;
	vstore_bind_text(s->drop_terms, 1, m->id);
	return db_run(s->db, s->drop_terms);
}

/* The foreign key is the only constraint that a checked value can break. */
static int
member_missing(int rc)
{
	return rc == ERR_EXISTS ? ERR_NOTFOUND : rc;
}

int
vstore_put_term(struct vstore *s, const struct vault_term *t)
{
	vstore_bind_text(s->put_term, 1, t->id);
	(void)sqlite3_bind_int(s->put_term, 2, t->kind);
	vstore_bind_blob(s->put_term, 3, t->text, t->n);
	return member_missing(db_run(s->db, s->put_term));
}

int
vstore_put_cert(struct vstore *s, const struct vstore_cert *c)
{
	char id[VAULT_ID_MAX], person[VAULT_ID_MAX];
	int rc;

	if (c->person[0] != '\0' && !vpeople_has(s->people, c->id, c->person))
		return ERR_NOTFOUND;
	vstore_bind_blob(s->cert, 1, c->spki, sizeof c->spki);
	rc = db_step(s->db, s->cert);
	if (rc == 1) {
		rc = vstore_get_text(s->cert, 0, id, sizeof id);
		if (rc == 0)
			rc = vstore_get_text(s->cert, 2, person, sizeof person);
		if (rc == 0 && (strcmp(id, c->id) != 0 || strcmp(person, c->person) != 0))
			rc = ERR_EXISTS;
		else if (rc == 0 && sqlite3_column_int(s->cert, 1) != 0)
			rc = ERR_DENIED;
	}
	db_reset(s->cert);
	if (rc != 0)
		return rc;
	vstore_bind_blob(s->put_cert, 1, c->spki, sizeof c->spki);
	vstore_bind_text(s->put_cert, 2, c->id);
	(void)sqlite3_bind_int64(s->put_cert, 3, c->not_after);
	vstore_bind_text(s->put_cert, 4, c->person);
	return member_missing(db_run(s->db, s->put_cert));
}

int
vstore_revoke(struct vstore *s, const unsigned char spki[32])
{
	vstore_bind_blob(s->revoke, 1, spki, 32);
	return vstore_run_one(s->db, s->revoke);
}

int
vstore_disable(struct vstore *s, const char *id, int disabled)
{
	vstore_bind_text(s->disable, 1, id);
	(void)sqlite3_bind_int(s->disable, 2, disabled);
	return vstore_run_one(s->db, s->disable);
}

int
vstore_put_sectors(struct vstore *s, const uint8_t *sectors)
{
	vstore_bind_blob(s->put_sectors, 1, sectors, SLOTS);
	return db_run(s->db, s->put_sectors);
}

int
vstore_sectors(struct vstore *s, uint8_t *ret)
{
	int rc = db_step(s->db, s->sectors);

	memset(ret, SECTOR_NONE, SLOTS);
	if (rc == 1)
		rc = vstore_get_blob(s->sectors, 0, ret, SLOTS);
	db_reset(s->sectors);
	return rc;
}

int
vstore_bump_generation(struct vstore *s)
{
	return vstore_run_one(s->db, s->bump);
}

int
vstore_put_envelope(struct vstore *s, const unsigned char report[ID_LEN], const void *p,
    size_t n, int64_t day, const unsigned char pair[PAIR_LEN])
{
	int rc;

	vstore_bind_blob(s->put_envelope, 1, report, ID_LEN);
	vstore_bind_blob(s->put_envelope, 2, p, n);
	(void)sqlite3_bind_int64(s->put_envelope, 3, day);
	vstore_bind_blob(s->put_envelope, 4, pair, PAIR_LEN);
	rc = vstore_run_one(s->db, s->put_envelope);
	return rc == ERR_NOTFOUND ? ERR_EXISTS : rc;
}

int
vstore_drop_envelopes(struct vstore *s, int64_t day, int most)
{
	int rc;

	(void)sqlite3_bind_int64(s->drop_envelopes, 1, day);
	(void)sqlite3_bind_int(s->drop_envelopes, 2, most);
	rc = db_run(s->db, s->drop_envelopes);
	return rc == 0 ? sqlite3_changes(db_handle(s->db)) : rc;
}

int
vstore_newest_day(struct vstore *s, int64_t *ret)
{
	int rc = db_step(s->db, s->newest_day);

	if (rc == 1)
		*ret = sqlite3_column_int64(s->newest_day, 0);
	db_reset(s->newest_day);
	return rc;
}

int
vstore_count_envelopes(struct vstore *s, uint32_t *ret)
{
	int rc = db_step(s->db, s->count_envelopes);

	if (rc == 1)
		*ret = (uint32_t)sqlite3_column_int64(s->count_envelopes, 0);
	db_reset(s->count_envelopes);
	return rc == 1 ? 0 : rc == 0 ? ERR_CORRUPT : rc;
}
