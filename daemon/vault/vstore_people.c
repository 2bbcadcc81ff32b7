/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/vault/vstore_people.h"

#include <string.h>

#include <openssl/rand.h>
#include <sqlite3.h>

#include "daemon/vault/vstore_sql.h"
#include "lib/db.h"
#include "lib/mem.h"

struct vpeople {
	struct db *db;
	sqlite3_stmt *drop_contacts, *put_contact, *contacts, *routes;
	sqlite3_stmt *count_of_persons, *of_persons;
	sqlite3_stmt *lose_persons, *put_person, *has_person, *persons;
	sqlite3_stmt *drop_names, *put_names, *names;
	sqlite3_stmt *keep_secret, *set_secret, *rotate, *drop_secrets, *drop_old;
};

static void
prepare_contacts(struct vpeople *p)
{
	struct db *d = p->db;

	p->drop_contacts = db_prepare(d, "DELETE FROM contacts WHERE member = ?1");
	p->put_contact = db_prepare(d,
	    "INSERT INTO contacts (member, person, n, kind, lang, value, pin) VALUES "
	    "(?1, ?2, "
	    "(SELECT coalesce(max(n), 0) + 1 FROM contacts WHERE member = ?1 AND "
	    "person = ?2), ?3, ?4, ?5, ?6)");
	p->contacts = db_prepare(d,
	    "SELECT n, kind, lang, value, secret, old, old_until, pin FROM contacts "
	    "LEFT JOIN contact_secrets USING (member, person, value) "
	    "WHERE member = ?1 AND person = ?2 ORDER BY n");
	p->count_of_persons = db_prepare(
	    d, "SELECT count(*) FROM contacts WHERE member = ?1 AND person <> ''");
	p->of_persons = db_prepare(d,
	    "SELECT n, kind, lang, value, secret, old, old_until, person FROM contacts "
	    "LEFT JOIN contact_secrets USING (member, person, value) "
	    "WHERE member = ?1 AND person <> '' ORDER BY person, n");
	/* A telephone for people is looked up with its member on paper: its own alone. */
	p->routes = db_prepare(d,
	    "SELECT member, max(kind = 1), max(kind = 2), max(kind = 3), "
	    "max(kind = 4), max(kind = 5 AND person = '') FROM contacts "
	    "LEFT JOIN persons USING (member, person) WHERE person = '' OR "
	    "(gone = 0 AND duties & ?1 <> 0) GROUP BY member ORDER BY member");
	p->keep_secret = db_prepare(d,
	    "INSERT INTO contact_secrets (member, person, value, secret, old, old_until) "
	    "VALUES (?1, ?2, ?3, ?4, NULL, 0) ON CONFLICT DO NOTHING");
	p->set_secret = db_prepare(d,
	    "INSERT INTO contact_secrets (member, person, value, secret, old, old_until) "
	    "VALUES (?1, ?2, ?3, ?4, NULL, 0) ON CONFLICT DO UPDATE SET old = secret, "
	    "old_until = ?5, secret = excluded.secret WHERE secret <> excluded.secret");
	p->rotate = db_prepare(d,
	    "UPDATE contact_secrets SET old = secret, old_until = ?5, secret = ?4 "
	    "WHERE member = ?1 AND person = ?2 AND value = (SELECT value FROM contacts "
	    "WHERE member = ?1 AND person = ?2 AND n = ?3 AND kind = 2)");
	p->drop_secrets =
	    db_prepare(d, "DELETE FROM contact_secrets WHERE NOT EXISTS (SELECT 1 FROM "
			  "contacts c WHERE c.member = contact_secrets.member AND "
			  "c.person = contact_secrets.person AND c.kind = 2 AND "
			  "c.value = contact_secrets.value)");
	p->drop_old =
	    db_prepare(d, "UPDATE contact_secrets SET old = NULL, old_until = 0 "
			  "WHERE old IS NOT NULL AND old_until <= ?1");
}

static void
prepare_persons(struct vpeople *p)
{
	struct db *d = p->db;

	p->lose_persons = db_prepare(d, "UPDATE persons SET gone = 1 WHERE member = ?1");
	p->put_person = db_prepare(d,
	    "INSERT INTO persons (member, person, duties, langs, gone) "
	    "SELECT ?1, ?2, ?3, ?4, 0 WHERE (SELECT count(*) FROM persons "
	    "WHERE member = ?1 AND gone = 0) < 64 ON CONFLICT DO UPDATE SET "
	    "duties = excluded.duties, langs = excluded.langs, gone = 0");
	p->has_person = db_prepare(
	    d, "SELECT 1 FROM persons WHERE member = ?1 AND person = ?2 AND gone = 0");
	p->persons = db_prepare(d, "SELECT member, person, duties, langs, gone "
				   "FROM persons ORDER BY member, person");
	/* Those of persons stay with their rows. */
	p->drop_names =
	    db_prepare(d, "DELETE FROM names WHERE member = ?1 AND person = ''");
	p->put_names = db_prepare(d,
	    "INSERT INTO names (member, person, ja, en) VALUES (?1, ?2, ?3, ?4) "
	    "ON CONFLICT DO UPDATE SET ja = excluded.ja, en = excluded.en");
	p->names =
	    db_prepare(d, "SELECT ja, en FROM names WHERE member = ?1 AND person = ?2");
}

int
vpeople_new(struct vpeople **ret, struct db *d)
{
	struct vpeople *p = mem_zalloc(sizeof *p);

	if (p == NULL)
		return ERR_NOMEM;
	p->db = d;
	prepare_contacts(p);
	prepare_persons(p);
	*ret = p;
	return 0;
}

void
vpeople_free(struct vpeople *p)
{
	mem_free(p);
}

int
vpeople_forget(struct vpeople *p, const char *id)
{
	sqlite3_stmt *const all[] = { p->drop_contacts, p->drop_names, p->lose_persons };
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < sizeof all / sizeof all[0]; i++) {
		vstore_bind_text(all[i], 1, id);
		rc = db_run(p->db, all[i]);
	}
	return rc;
}

int
vpeople_put_person(struct vpeople *p, const struct vault_person *m)
{
	int rc;

	vstore_bind_text(p->put_person, 1, m->id);
	vstore_bind_text(p->put_person, 2, m->person);
	(void)sqlite3_bind_int(p->put_person, 3, m->duties);
	(void)sqlite3_bind_int(p->put_person, 4, m->langs);
	rc = vstore_run_one(p->db, p->put_person);
	return rc == ERR_EXISTS ? ERR_NOTFOUND : rc; /* the foreign key */
}

int
vpeople_put_names(struct vpeople *p, const struct vault_names *m)
{
	int rc;

	if (m->person[0] != '\0' && !vpeople_has(p, m->id, m->person))
		return ERR_NOTFOUND;
	vstore_bind_text(p->put_names, 1, m->id);
	vstore_bind_text(p->put_names, 2, m->person);
	vstore_bind_text(p->put_names, 3, m->ja);
	vstore_bind_text(p->put_names, 4, m->en);
	rc = db_run(p->db, p->put_names);
	return rc == ERR_EXISTS ? ERR_NOTFOUND : rc;
}

int
vpeople_has(struct vpeople *p, const char *id, const char *person)
{
	int rc;

	vstore_bind_text(p->has_person, 1, id);
	vstore_bind_text(p->has_person, 2, person);
	rc = db_step(p->db, p->has_person);
	db_reset(p->has_person);
	return rc == 1;
}

int
vpeople_next_person(struct vpeople *p, struct vault_person *ret, int *ret_gone)
{
	sqlite3_stmt *q = p->persons;
	int rc = db_step(p->db, q);

	if (rc == 1) {
		memset(ret, 0, sizeof *ret);
		rc = vstore_get_text(q, 0, ret->id, sizeof ret->id);
		if (rc == 0)
			rc = vstore_get_text(q, 1, ret->person, sizeof ret->person);
		ret->duties = (uint8_t)sqlite3_column_int(q, 2);
		ret->langs = (uint8_t)sqlite3_column_int(q, 3);
		*ret_gone = sqlite3_column_int(q, 4);
		if (rc == 0)
			return 1;
	}
	db_reset(q);
	return rc;
}

int
vpeople_names(struct vpeople *p, const char *id, const char *person,
    char ja[NAME_MAX_BYTES + 1], char en[NAME_MAX_BYTES + 1])
{
	int rc;

	ja[0] = en[0] = '\0';
	vstore_bind_text(p->names, 1, id);
	vstore_bind_text(p->names, 2, person);
	rc = db_step(p->db, p->names);
	if (rc == 1)
		rc = vstore_get_text(p->names, 0, ja, NAME_MAX_BYTES + 1) |
		     vstore_get_text(p->names, 1, en, NAME_MAX_BYTES + 1);
	db_reset(p->names);
	return rc;
}

int
vpeople_sweep(struct vpeople *p, int64_t now)
{
	int rc = db_run(p->db, p->drop_secrets);

	if (rc != 0)
		return rc;
	(void)sqlite3_bind_int64(p->drop_old, 1, now);
	return db_run(p->db, p->drop_old);
}

static int
put_secret(struct vpeople *p, const struct vault_contact *c, int64_t now)
{
	sqlite3_stmt *q = c->has_secret ? p->set_secret : p->keep_secret;
	unsigned char secret[CONTACT_SECRET];
	int rc;

	if (c->has_secret)
		memcpy(secret, c->secret, sizeof secret);
	else if (RAND_priv_bytes(secret, sizeof secret) != 1)
		return ERR_CRYPTO;
	vstore_bind_text(q, 1, c->id);
	vstore_bind_text(q, 2, c->person);
	vstore_bind_text(q, 3, c->value);
	vstore_bind_blob(q, 4, secret, sizeof secret);
	if (c->has_secret)
		(void)sqlite3_bind_int64(q, 5, now + CONTACT_OVERLAP_S);
	rc = db_run(p->db, q);
	mem_wipe(secret, sizeof secret);
	return rc;
}

/* Is there a number for one more contact of the member's persons? */
static int
has_room(struct vpeople *p, const char *id)
{
	sqlite3_stmt *q = p->count_of_persons;
	int rc, room;

	vstore_bind_text(q, 1, id);
	rc = db_step(p->db, q);
	room = rc == 1 && sqlite3_column_int(q, 0) < PERSON_ROUTES_MAX;
	db_reset(q);
	return rc < 0 ? rc : room;
}

int
vpeople_put_contact(struct vpeople *p, const struct vault_contact *c, int64_t now)
{
	int rc;

	if (c->person[0] != '\0') {
		if (!vpeople_has(p, c->id, c->person))
			return ERR_NOTFOUND;
		rc = has_room(p, c->id);
		if (rc <= 0)
			return rc < 0 ? rc : ERR_NOTFOUND;
	}
	vstore_bind_text(p->put_contact, 1, c->id);
	vstore_bind_text(p->put_contact, 2, c->person);
	(void)sqlite3_bind_int(p->put_contact, 3, c->kind);
	vstore_bind_text(p->put_contact, 4, c->lang);
	vstore_bind_text(p->put_contact, 5, c->value);
	vstore_bind_text(p->put_contact, 6, c->pin);
	rc = db_run(p->db, p->put_contact);
	if (rc == 0 && c->kind == CONTACT_WEBHOOK)
		rc = put_secret(p, c, now);
	/* The foreign key and the number are the constraints that a checked value can
	 * break. */
	return rc == ERR_EXISTS ? ERR_NOTFOUND : rc;
}

int
vpeople_rotate(struct vpeople *p, const struct vault_rotate *m, int64_t now)
{
	unsigned char secret[CONTACT_SECRET];
	int rc;

	if (RAND_priv_bytes(secret, sizeof secret) != 1)
		return ERR_CRYPTO;
	vstore_bind_text(p->rotate, 1, m->id);
	vstore_bind_text(p->rotate, 2, m->person);
	(void)sqlite3_bind_int(p->rotate, 3, m->n);
	vstore_bind_blob(p->rotate, 4, secret, sizeof secret);
	(void)sqlite3_bind_int64(p->rotate, 5, now + (int64_t)m->overlap);
	rc = vstore_run_one(p->db, p->rotate);
	mem_wipe(secret, sizeof secret);
	return rc;
}

int
vpeople_next_routes(struct vpeople *p, char ret_id[VAULT_ID_MAX], uint8_t *ret_bits)
{
	sqlite3_stmt *q = p->routes;
	int rc, kind;

	(void)sqlite3_bind_int(q, 1, DUTY_DESK | DUTY_OFFICER);
	rc = db_step(p->db, q);

	if (rc == 1) {
		*ret_bits = 0;
		for (kind = 1; kind <= CONTACT_LAST; kind++)
			if (sqlite3_column_int(q, kind) != 0)
				*ret_bits |= contact_route((unsigned)kind);
		rc = vstore_get_text(q, 0, ret_id, VAULT_ID_MAX);
		if (rc == 0)
			return 1;
	}
	db_reset(q);
	return rc;
}

static int
read_route(sqlite3_stmt *q, int64_t now, struct vault_route *ret)
{
	int bad = 0;

	memset(ret, 0, sizeof *ret);
	ret->n = (uint8_t)sqlite3_column_int(q, 0);
	ret->kind = (uint8_t)sqlite3_column_int(q, 1);
	bad |= vstore_get_text(q, 2, ret->lang, sizeof ret->lang);
	bad |= vstore_get_text(q, 3, ret->value, sizeof ret->value);
	if (ret->kind != CONTACT_WEBHOOK)
		return bad;
	bad |= vstore_get_text(q, 7, ret->pin, sizeof ret->pin);
	bad |= vstore_get_blob(q, 4, ret->secret, sizeof ret->secret);
	if (sqlite3_column_int64(q, 6) > now) {
		ret->old_until = sqlite3_column_int64(q, 6);
		bad |= vstore_get_blob(q, 5, ret->old_secret, sizeof ret->old_secret);
	}
	return bad;
}

int
vpeople_contacts(struct vpeople *p, const char *id, const char *person, int64_t now,
    struct vault_route *ret, unsigned *ret_count)
{
	sqlite3_stmt *q = p->contacts;
	unsigned n = 0;
	int rc;

	vstore_bind_text(q, 1, id);
	vstore_bind_text(q, 2, person);
	while ((rc = db_step(p->db, q)) == 1 && n < CONTACTS_MAX)
		if (read_route(q, now, &ret[n++]) != 0) {
			rc = ERR_CORRUPT;
			break;
		}
	db_reset(q);
	if (rc < 0)
		return rc;
	*ret_count = n;
	return 0;
}

int
vpeople_person_contacts(struct vpeople *p, const char *id, int64_t now,
    struct vault_route *ret, char (*ret_person)[VAULT_ID_MAX], unsigned *ret_count)
{
	sqlite3_stmt *q = p->of_persons;
	unsigned n = 0;
	int rc;

	vstore_bind_text(q, 1, id);
	while ((rc = db_step(p->db, q)) == 1 && n < PERSON_ROUTES_MAX) {
		if (read_route(q, now, &ret[n]) != 0 ||
		    vstore_get_text(q, 7, ret_person[n], VAULT_ID_MAX) != 0) {
			rc = ERR_CORRUPT;
			break;
		}
		ret[n].n = (uint8_t)(CONTACTS_MAX + 1 + n);
		n++;
	}
	db_reset(q);
	if (rc < 0)
		return rc;
	*ret_count = n;
	return 0;
}
