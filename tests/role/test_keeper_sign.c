/* SPDX-License-Identifier: Apache-2.0 */
/* What the keeper signs, with which key, and what it publishes of its keys. */
#include "tests/role/keeper_rig.h"

#include <openssl/evp.h>

#include "daemon/keeper/signer.h"
#include "daemon/keeper/store_signing.h"
#include "proto/msg_admin.h"
#include "proto/bulletin_sign.h"

/* The published set, asked anew. */
static struct jwks *
published(struct rig *g)
{
	struct jwks *set = NULL;
	struct fault why;
	struct buf none;

	buf_init(&none, 1);
	assert_int_equal(rig_call(g, &g->peer[0], KM_JWKS, &none), P_OK);
	assert_int_equal(jwks_read(rig_reply(&g->peer[0]).body, &set, &why), 0);
	return set;
}

static enum problem
admin(struct rig *g, enum signing_verb verb, uint32_t overlap, const char *kid)
{
	struct rig_peer *p = &g->peer[1];
	enum problem got;
	struct buf b;

	if (p->l == NULL || g->peers < 2)
		p = rig_join(g, 1);
	buf_init(&b, 128);
	wire_put_u8(&b, (uint8_t)verb);
	wire_put_u32(&b, overlap);
	wire_put_str(&b, slice_of(kid));
	got = rig_call(g, p, KM_A_SIGNING, &b);
	buf_done(&b);
	return got;
}

/* The kid that signed row i of a peer; all that it shows verifies with the set. */
static void
signed_by(struct rig *g, const struct rig_peer *p, uint32_t i, char ret[JWK_KID + 1])
{
	struct jwks *set = published(g);
	struct slice body, stub;
	struct frame_head h;

	assert_true(rig_row(p, i, &h, &body, &stub));
	assert_int_equal(bulletin_verify(set, body, ret), 0);
	if (h.kind != FRAME_BULLETIN)
		assert_int_equal(bulletin_verify(set, stub, ret), 0);
	jwks_free(set);
}

static void
release(struct rig *g)
{
	struct keeper_put m = rig_put_default();

	assert_int_equal(rig_put(g, &m, 3, "ceptoar", NULL), P_OK);
}

/* Every row that readers get of a bulletin is signed, and a bell is not. */
static void
test_rows(void **state)
{
	char kid[JWK_KID + 1], first[JWK_KID + 1];
	struct slice body, stub;
	struct frame_head h;
	struct rig_peer *p;
	struct jwks *set;
	struct rig g;
	uint32_t i;

	(void)state;
	rig_open(&g, "");
	set = published(&g);
	assert_int_equal(jwks_count(set), 1);
	(void)snprintf(first, sizeof first, "%s", jwks_kid(set, 0));
	jwks_free(set);
	release(&g);
	rig_now += 6 * 3600000 + 60000; /* "still unverified" */
	rig_restart(&g);
	set = published(&g);
	assert_int_equal(jwks_count(set), 1); /* the same key */
	assert_string_equal(jwks_kid(set, 0), first);
	jwks_free(set);
	RIG_UNTIL(&g, (p = &g.peer[0], rig_turn(&g), 1));
	p = rig_tail(&g, 1);
	RIG_UNTIL(&g, p->row_count >= 3);
	for (i = 0; rig_row(p, i, &h, &body, &stub); i++) {
		if (h.kind == FRAME_INBOX) {
			assert_null(memmem(body.p, body.n, "signature", 9));
			continue;
		}
		signed_by(&g, p, i, kid);
		assert_string_equal(kid, first);
	}
	assert_int_equal(i, 3); /* bell, bulletin, note */
	rig_close(&g);
}

/* What has to wait for want of members is signed for nothing: it takes as long. */
static void
test_waiting(void **state)
{
	struct vault_dir_row rows[4];
	struct rig_peer *p;
	struct rig g;
	uint64_t before;
	unsigned i;

	(void)state;
	rig_open(&g, "");
	before = g.k.count.signatures;
	release(&g);
	assert_int_equal(g.k.count.signatures, before + 1);
	memset(rows, 0, sizeof rows);
	for (i = 0; i < 4; i++) {
		rows[i].rights = rig_rights(128 + i, ROLE_OPERATOR, RIG_MED);
		subscription_default(&rows[i].wants);
	}
	rig_directory(&g, rows, 4);
	release(&g);
	assert_int_equal(g.k.count.signatures, before + 2);
	p = rig_tail(&g, 1);
	assert_int_equal(p->row_count, 3); /* bell, bulletin, bell */
	rig_close(&g);
}

/* A new key is published at once and signs after the overlap; the old rows go on to
 * verify when its private half is gone. */
static void
test_rotation(void **state)
{
	char a[JWK_KID + 1], b[JWK_KID + 1], c[JWK_KID + 1];
	struct rig_peer *p;
	struct jwks *set;
	json_t *j;
	struct rig g;

	(void)state;
	rig_open(&g, "");
	(void)rig_join(&g, 1);
	release(&g);
	assert_int_equal(admin(&g, SIGNING_ROTATE, 60, ""), P_OK);
	set = published(&g);
	assert_int_equal(jwks_count(set), 2);
	jwks_free(set);
	release(&g);
	rig_now += 60 * 60000;
	release(&g);
	p = rig_tail(&g, 1);
	RIG_UNTIL(&g, p->row_count == 6); /* bell and bulletin, three times */
	signed_by(&g, p, 1, a);
	signed_by(&g, p, 3, b);
	signed_by(&g, p, 5, c);
	assert_string_equal(a, b);
	assert_string_not_equal(a, c);
	assert_int_equal(admin(&g, SIGNING_RETIRE, 0, a), P_OK);
	assert_int_equal(admin(&g, SIGNING_LIST, 0, ""), P_OK);
	j = rig_json(&g.peer[1]);
	assert_string_equal(rig_text(j, "keys.0.state"), "current");
	assert_string_equal(rig_text(j, "keys.0.kid"), c);
	assert_string_equal(rig_text(j, "keys.1.state"), "retired");
	json_decref(j);
	signed_by(&g, p, 1, b);
	/* The last one that can sign stays. */
	assert_int_equal(admin(&g, SIGNING_RETIRE, 0, c), P_CONFLICT);
	a[0] = a[0] == 'A' ? 'B' : 'A';
	assert_int_equal(admin(&g, SIGNING_RETIRE, 0, a), P_NOT_FOUND);
	assert_int_equal(
	    admin(&g, SIGNING_ROTATE, 90 * 24 * 60 + 1, ""), P_INVALID_FIELD);
	rig_close(&g);
}

static void
test_caps(void **state)
{
	struct jwks *set;
	struct rig g;
	unsigned i;

	(void)state;
	rig_open_light(&g, "");
	(void)rig_join(&g, 1);
	/* A key that would begin before one that already waits is an accident. */
	assert_int_equal(admin(&g, SIGNING_ROTATE, 60, ""), P_OK);
	assert_int_equal(admin(&g, SIGNING_ROTATE, 0, ""), P_CONFLICT);
	rig_now += 60 * 60000;
	for (i = 2; i < JWKS_KEYS_MAX; i++)
		assert_int_equal(admin(&g, SIGNING_ROTATE, 0, ""), P_OK);
	assert_int_equal(admin(&g, SIGNING_ROTATE, 0, ""), P_CONFLICT);
	set = published(&g);
	assert_int_equal(jwks_count(set), JWKS_KEYS_MAX);
	jwks_free(set);
	rig_close(&g);
}

static int
adopt_one(struct rig *g)
{
	EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
	unsigned char point[JWK_POINT];
	char kid[JWK_KID + 1];
	int rc;

	assert_int_equal(jwk_point(key, point), 0);
	assert_int_equal(jwk_kid(point, kid), 0);
	EVP_PKEY_free(key);
	assert_int_equal(store_begin(g->k.store), 0);
	rc = signer_adopt(&g->k, kid, point);
	assert_int_equal(store_commit(g->k.store), 0);
	assert_int_equal(signer_reload(&g->k), 0);
	return rc;
}

/* Other hubs' keys stand apart and take no place of ours, nor ours of theirs. */
static void
test_foreign(void **state)
{
	char own[JWK_KID + 1], theirs[JWK_KID + 1];
	struct jwks *set;
	struct rig g;
	unsigned i;

	(void)state;
	rig_open_light(&g, "");
	(void)rig_join(&g, 1);
	set = published(&g);
	(void)snprintf(own, sizeof own, "%s", jwks_kid(set, 0));
	jwks_free(set);
	for (i = 0; i < JWKS_KEYS_MAX; i++)
		assert_int_equal(adopt_one(&g), 0);
	assert_int_equal(adopt_one(&g), ERR_LIMIT);
	set = published(&g);
	assert_int_equal(jwks_count(set), 1);
	assert_string_equal(jwks_kid(set, 0), own);
	assert_int_equal(jwks_count(jwks_foreign(set)), JWKS_KEYS_MAX);
	assert_null(jwks_find(jwks_foreign(set), own));
	/* One that its hub has lost is forgotten, for good, and makes room; none of ours.
	 */
	(void)snprintf(theirs, sizeof theirs, "%s", jwks_kid(jwks_foreign(set), 7));
	jwks_free(set);
	assert_int_equal(admin(&g, SIGNING_RETIRE, 0, theirs), P_OK);
	assert_int_equal(admin(&g, SIGNING_RETIRE, 0, theirs), P_NOT_FOUND);
	rig_restart(&g);
	RIG_UNTIL(&g, (rig_turn(&g), 1));
	set = published(&g);
	assert_null(jwks_find(jwks_foreign(set), theirs));
	assert_int_equal(jwks_count(jwks_foreign(set)), JWKS_KEYS_MAX - 1);
	assert_string_equal(jwks_kid(set, 0), own);
	jwks_free(set);
	assert_int_equal(adopt_one(&g), 0);
	for (i = 1; i < JWKS_KEYS_MAX; i++)
		assert_int_equal(admin(&g, SIGNING_ROTATE, 0, ""), P_OK);
	assert_int_equal(admin(&g, SIGNING_ROTATE, 0, ""), P_CONFLICT);
	rig_restart(&g);
	RIG_UNTIL(&g, (rig_turn(&g), 1));
	set = published(&g);
	assert_int_equal(jwks_count(set), JWKS_KEYS_MAX);
	assert_int_equal(jwks_count(jwks_foreign(set)), JWKS_KEYS_MAX);
	jwks_free(set);
	rig_close(&g);
}

/* A copy of the store holds no private half: who starts from it signs with a key of its
 * own, and publishes the old one beside it. */
static void
test_backup(void **state)
{
	char path[160], from[JWK_KID + 1], kid[JWK_KID + 1];
	struct rig_peer *p;
	struct jwks *set;
	struct rig g;
	struct buf b;

	(void)state;
	rig_open(&g, "");
	p = rig_join(&g, 1);
	release(&g);
	(void)snprintf(path, sizeof path, "%s/copy.db", g.dir);
	buf_init(&b, 256);
	wire_put_str(&b, slice_of(path));
	assert_int_equal(rig_call(&g, p, KM_A_BACKUP, &b), P_OK);
	buf_done(&b);
	rig_stop(&g);
	{
		char db[160], wal[160];

		(void)snprintf(db, sizeof db, "%s/keeper.db", g.dir);
		(void)snprintf(wal, sizeof wal, "%s/keeper.db-wal", g.dir);
		(void)unlink(wal);
		assert_int_equal(rename(path, db), 0);
	}
	rig_start(&g);
	set = published(&g);
	assert_int_equal(jwks_count(set), 2);
	release(&g);
	p = rig_tail(&g, 1);
	RIG_UNTIL(&g, p->row_count == 4);
	signed_by(&g, p, 1, from);
	signed_by(&g, p, 3, kid);
	assert_string_equal(jwks_kid(set, 0), kid);
	assert_string_equal(jwks_kid(set, 1), from);
	jwks_free(set);
	rig_close(&g);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_waiting),
		cmocka_unit_test(test_rotation),
		cmocka_unit_test(test_caps),
		cmocka_unit_test(test_foreign),
		cmocka_unit_test(test_backup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
