/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/vault/vstore_tokens.h"

#include <stdio.h>
#include <string.h>

#include "daemon/vault/vstore_sql.h"
#include "lib/db.h"
#include "lib/mem.h"

struct vstore_tokens {
	struct db *db;
	sqlite3_stmt *meta, *meta_put;
	sqlite3_stmt *keys, *key_add, *private_add, *private_get, *disarm, *kill;
	sqlite3_stmt *dead, *drop_issued, *drop_dead;
	sqlite3_stmt *issued, *issued_count, *issued_add, *drawn, *drawer;
};

const char vstore_tokens_secret[] = "DELETE FROM issuer_private";

int
vstore_tokens_new(struct vstore_tokens **ret, struct db *db)
{
	struct vstore_tokens *s = mem_zalloc(sizeof *s);

	if (s == NULL)
		return ERR_NOMEM;
	s->db = db;
	s->meta =
	    db_prepare(db, "SELECT epoch, seconds, keeper, groups, group_of FROM tokens");
	s->meta_put = db_prepare(
	    db, "INSERT OR REPLACE INTO tokens VALUES (1, ?1, ?2, ?3, ?4, ?5)");
	s->keys =
	    db_prepare(db, "SELECT k.id, grp, epoch, modulus, drawn, p.id IS NOT NULL "
			   "FROM issuer_keys k "
			   "LEFT JOIN issuer_private p ON p.id = k.id WHERE dead = 0 "
			   "ORDER BY epoch, grp");
	s->key_add = db_prepare(db,
	    "INSERT INTO issuer_keys (id, grp, epoch, modulus, drawn, dead) "
	    "VALUES (?1, ?2, ?3, ?4, 0, 0)");
	s->private_add =
	    db_prepare(db, "INSERT INTO issuer_private (id, der) VALUES (?1, ?2)");
	s->private_get = db_prepare(db, "SELECT der FROM issuer_private WHERE id = ?1");
	s->disarm = db_prepare(db, "DELETE FROM issuer_private WHERE id = ?1");
	s->kill = db_prepare(db, "UPDATE issuer_keys SET dead = 1 WHERE id = ?1");
	s->dead = db_prepare(db, "SELECT id FROM issuer_keys WHERE dead = 1 LIMIT 1");
	s->drop_issued =
	    db_prepare(db, "DELETE FROM issued WHERE id = ?1 AND (member, blinded) IN "
			   "(SELECT member, blinded FROM issued WHERE id = ?1 LIMIT ?2)");
	s->drop_dead = db_prepare(db, "DELETE FROM issuer_keys WHERE id = ?1");
	s->issued = db_prepare(db, "SELECT signature FROM issued "
				   "WHERE id = ?1 AND member = ?2 AND blinded = ?3");
	s->issued_count =
	    db_prepare(db, "SELECT count(*) FROM issued WHERE id = ?1 AND member = ?2");
	s->issued_add = db_prepare(db, "INSERT INTO issued VALUES (?1, ?2, ?3, ?4)");
	s->drawn =
	    db_prepare(db, "UPDATE issuer_keys SET drawn = drawn + 1 WHERE id = ?1");
	/* From one to the next, without a look at each of their signatures. */
	s->drawer = db_prepare(db, "SELECT member FROM issued WHERE id = ?1 AND "
				   "member > ?2 ORDER BY member LIMIT 1");
	*ret = s;
	return 0;
}

void
vstore_tokens_free(struct vstore_tokens *s)
{
	mem_free(s); /* the statements are the database's */
}

static void
bind_who(sqlite3_stmt *q, const unsigned char *id, const char *member)
{
	vstore_bind_blob(q, 1, id, KEY_ID_LEN);
	(void)sqlite3_bind_text(q, 2, member, -1, SQLITE_STATIC);
}

int
vstore_tokens_meta(struct vstore_tokens *s, struct vstore_tokens_meta *ret)
{
	unsigned char groups[VAULT_GROUPS_LEN];
	int rc = db_step(s->db, s->meta);

	if (rc == 1) {
		ret->epoch = (uint32_t)sqlite3_column_int64(s->meta, 0);
		ret->seconds = (uint32_t)sqlite3_column_int64(s->meta, 1);
		ret->keeper = (uint32_t)sqlite3_column_int64(s->meta, 2);
		groups[0] = (unsigned char)sqlite3_column_int(s->meta, 3);
		rc = vstore_get_blob(s->meta, 4, groups + 1, SLOTS);
		if (rc == 0 && vault_groups_get(groups, sizeof groups, &ret->groups) != 0)
			rc = ERR_CORRUPT;
	} else if (rc == 0) {
		rc = ERR_NOTFOUND;
	}
	db_reset(s->meta);
	return rc;
}

int
vstore_tokens_meta_put(struct vstore_tokens *s, const struct vstore_tokens_meta *m)
{
	(void)sqlite3_bind_int64(s->meta_put, 1, m->epoch);
	(void)sqlite3_bind_int64(s->meta_put, 2, m->seconds);
	(void)sqlite3_bind_int64(s->meta_put, 3, m->keeper);
	(void)sqlite3_bind_int(s->meta_put, 4, m->groups.n);
	vstore_bind_blob(s->meta_put, 5, m->groups.of, SLOTS);
	return db_run(s->db, s->meta_put);
}

int
vstore_tokens_next_key(struct vstore_tokens *s, struct vstore_key *ret)
{
	sqlite3_stmt *q = s->keys;
	int rc = db_step(s->db, q);

	if (rc == 1) {
		rc = vstore_get_blob(q, 0, ret->id, sizeof ret->id);
		ret->group = (uint8_t)sqlite3_column_int(q, 1);
		ret->epoch = (uint32_t)sqlite3_column_int64(q, 2);
		if (rc == 0)
			rc = vstore_get_blob(q, 3, ret->n, sizeof ret->n);
		ret->drawn = (uint32_t)sqlite3_column_int64(q, 4);
		ret->has_private = sqlite3_column_int(q, 5);
		if (rc == 0)
			return 1;
	}
	db_reset(q);
	return rc;
}

int
vstore_tokens_key_add(
    struct vstore_tokens *s, const struct vstore_key *k, const void *der, size_t n)
{
	int rc;

	vstore_bind_blob(s->key_add, 1, k->id, sizeof k->id);
	(void)sqlite3_bind_int(s->key_add, 2, k->group);
	(void)sqlite3_bind_int64(s->key_add, 3, k->epoch);
	vstore_bind_blob(s->key_add, 4, k->n, sizeof k->n);
	rc = db_run(s->db, s->key_add);
	if (rc != 0)
		return rc;
	vstore_bind_blob(s->private_add, 1, k->id, sizeof k->id);
	vstore_bind_blob(s->private_add, 2, der, n);
	return db_run(s->db, s->private_add);
}

int
vstore_tokens_private(
    struct vstore_tokens *s, const unsigned char id[KEY_ID_LEN], struct buf *out)
{
	sqlite3_stmt *q = s->private_get;
	int rc;

	vstore_bind_blob(q, 1, id, KEY_ID_LEN);
	rc = db_step(s->db, q);
	if (rc == 1) {
		buf_add(
		    out, sqlite3_column_blob(q, 0), (size_t)sqlite3_column_bytes(q, 0));
		rc = buf_err(out);
	} else if (rc == 0) {
		rc = ERR_NOTFOUND;
	}
	db_reset(q);
	return rc;
}

int
vstore_tokens_key_disarm(struct vstore_tokens *s, const unsigned char id[KEY_ID_LEN])
{
	vstore_bind_blob(s->disarm, 1, id, KEY_ID_LEN);
	return db_run(s->db, s->disarm);
}

int
vstore_tokens_key_kill(struct vstore_tokens *s, const unsigned char id[KEY_ID_LEN])
{
	int rc = vstore_tokens_key_disarm(s, id);

	if (rc != 0)
		return rc;
	vstore_bind_blob(s->kill, 1, id, KEY_ID_LEN);
	return db_run(s->db, s->kill);
}

int
vstore_tokens_sweep(struct vstore_tokens *s, int most)
{
	unsigned char id[KEY_ID_LEN];
	int rc = db_step(s->db, s->dead);

	if (rc == 1)
		rc = vstore_get_blob(s->dead, 0, id, sizeof id) == 0 ? 1 : ERR_CORRUPT;
	db_reset(s->dead);
	if (rc != 1)
		return rc;
	vstore_bind_blob(s->drop_issued, 1, id, sizeof id);
	(void)sqlite3_bind_int(s->drop_issued, 2, most);
	rc = db_run(s->db, s->drop_issued);
	if (rc == 0 && sqlite3_changes(db_handle(s->db)) < most) {
		vstore_bind_blob(s->drop_dead, 1, id, sizeof id);
		rc = db_run(s->db, s->drop_dead);
	}
	return rc == 0 ? 1 : rc;
}

int
vstore_tokens_issued(struct vstore_tokens *s, const unsigned char id[KEY_ID_LEN],
    const char *member, const unsigned char blinded[32],
    unsigned char ret_sig[BLIND_RSA_LEN])
{
	int rc;

	bind_who(s->issued, id, member);
	vstore_bind_blob(s->issued, 3, blinded, 32);
	rc = db_step(s->db, s->issued);
	if (rc == 1)
		rc = vstore_get_blob(s->issued, 0, ret_sig, BLIND_RSA_LEN);
	else if (rc == 0)
		rc = ERR_NOTFOUND;
	db_reset(s->issued);
	return rc;
}

int
vstore_tokens_issued_count(
    struct vstore_tokens *s, const unsigned char id[KEY_ID_LEN], const char *member)
{
	int rc;

	bind_who(s->issued_count, id, member);
	rc = db_step(s->db, s->issued_count);
	if (rc == 1)
		rc = sqlite3_column_int(s->issued_count, 0);
	db_reset(s->issued_count);
	return rc;
}

int
vstore_tokens_issued_add(struct vstore_tokens *s, const unsigned char id[KEY_ID_LEN],
    const char *member, const unsigned char blinded[32],
    const unsigned char sig[BLIND_RSA_LEN])
{
	bind_who(s->issued_add, id, member);
	vstore_bind_blob(s->issued_add, 3, blinded, 32);
	vstore_bind_blob(s->issued_add, 4, sig, BLIND_RSA_LEN);
	return db_run(s->db, s->issued_add);
}

int
vstore_tokens_next_drawer(
    struct vstore_tokens *s, const unsigned char key[KEY_ID_LEN], char id[VAULT_ID_MAX])
{
	const char *text;
	int rc;

	bind_who(s->drawer, key, id);
	rc = db_step(s->db, s->drawer);
	if (rc == 1) {
		text = (const char *)sqlite3_column_text(s->drawer, 0);
		if (text == NULL || strlen(text) >= VAULT_ID_MAX)
			rc = ERR_CORRUPT;
		else
			(void)snprintf(id, VAULT_ID_MAX, "%s", text);
	}
	db_reset(s->drawer);
	return rc;
}

int
vstore_tokens_drawn(struct vstore_tokens *s, const unsigned char id[KEY_ID_LEN])
{
	vstore_bind_blob(s->drawn, 1, id, KEY_ID_LEN);
	return db_run(s->db, s->drawn);
}
