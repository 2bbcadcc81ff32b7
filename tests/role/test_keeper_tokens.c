/* SPDX-License-Identifier: Apache-2.0 */
/* The vault's issuer keys as the keeper holds and shows them, and the council's
 * statement.
 */
#include "tests/role/keeper_rig.h"

#include <openssl/ec.h>
#include <openssl/evp.h>

#include "daemon/keeper/issuers.h"
#include "proto/key_statement.h"

enum { EPOCH = 2968 };

/* Any odd number of full length is a modulus for who does not factor it. */
static void
modulus(unsigned seed, unsigned char n[BLIND_RSA_LEN])
{
	memset(n, (int)(0x80 | (seed & 0x7f)), BLIND_RSA_LEN);
	n[BLIND_RSA_LEN - 1] |= 1;
}

static void
push_key(struct rig *g, unsigned group, uint32_t epoch, unsigned state, unsigned drawn)
{
	struct vault_issuer m = { .group = (uint8_t)group,
		.epoch = epoch,
		.state = (uint8_t)state,
		.drawn = drawn,
		.slots = 2,
		.slot = { 3, 16 }, /* bank-ceptoar, credit-ceptoar */
		.in = { drawn, drawn / 2 } };
	struct buf b;

	modulus(group * 16 + (epoch & 15), m.n);
	buf_init(&b, VAULT_FRAME_MAX);
	vault_issuer_put(&b, &m);
	assert_int_equal(link_send(g->vault, VM_ISSUER, 0, 0, b.p, b.n), 0);
	buf_done(&b);
}

static void
push_end(struct rig *g, uint32_t epoch)
{
	struct vault_public m = {
		.epoch = epoch, .epoch_seconds = 604800, .batch = 20, .envelope_days = 180
	};
	struct buf b;

	buf_init(&b, VAULT_FRAME_MAX);
	vault_public_put(&b, &m);
	assert_int_equal(link_send(g->vault, VM_ISSUER_END, 0, 0, b.p, b.n), 0);
	buf_done(&b);
}

/* The usual set: a key of each state in group 1, one more in group 0. */
static void
push_set(struct rig *g)
{
	push_key(g, 1, EPOCH - 1, ISSUER_GRACE, 9);
	push_key(g, 0, EPOCH, ISSUER_CURRENT, 0);
	push_key(g, 1, EPOCH, ISSUER_CURRENT, 17);
	push_key(g, 1, EPOCH + 1, ISSUER_COMING, 0);
	push_end(g, EPOCH);
	RIG_UNTIL(g, issuers_at(directory_issuers(g->k.dir), 3) != NULL);
}

/* The vault is told whose keys it would make: our store's epoch. */
static void
test_epoch_told(void **state)
{
	struct store_info info;
	struct rig_peer *v;
	struct rig g;
	struct wire w;

	(void)state;
	rig_open_as(&g, "", 1, "/tmp");
	v = &g.peer[RIG_PEERS - 1];
	memset(v, 0, sizeof *v);
	buf_init(&v->answer, 4096);
	rig_directory(&g, NULL, 0);
	RIG_UNTIL(&g, v->got);
	store_info(g.k.store, &info);
	assert_int_equal(v->type, VM_DIRECTORY);
	wire_init(&w, v->answer.p, v->answer.n);
	assert_int_equal(wire_u32(&w), info.epoch);
	assert_int_equal(wire_end(&w), 0);
	buf_done(&v->answer);
	rig_close(&g);
}

static void
test_table(void **state)
{
	const struct issuers *s;
	const struct issuers_key *k;
	unsigned char n[BLIND_RSA_LEN], id[KEY_ID_LEN];
	struct rig g;

	(void)state;
	rig_open(&g, "");
	rig_directory(&g, NULL, 0);
	s = directory_issuers(g.k.dir);
	assert_null(issuers_public(s));
	push_set(&g);
	k = issuers_find(s, 1, EPOCH);
	assert_non_null(k);
	assert_int_equal(k->drawn, 17);
	assert_int_equal(k->in[3], 17);
	assert_int_equal(k->in[16], 8);
	assert_int_equal(k->in[4], 0);
	modulus(16 + (EPOCH & 15), n);
	assert_int_equal(token_key_id(n, id), 0);
	assert_memory_equal(k->id, id, sizeof id);
	assert_int_equal(EVP_PKEY_get_bits(k->key), 3072);
	assert_non_null(issuers_find(s, 1, EPOCH - 1));
	assert_null(issuers_find(s, 1, EPOCH + 1)); /* nobody may have a token of it */
	assert_null(issuers_find(s, 0, EPOCH - 1));
	assert_int_equal(issuers_public(s)->batch, 20);
	/* A new set takes the place of the old one, whole, at its end. */
	push_key(&g, 1, EPOCH, ISSUER_GRACE, 18);
	push_key(&g, 1, EPOCH + 1, ISSUER_CURRENT, 1);
	rig_turn(&g);
	rig_turn(&g);
	assert_int_equal(issuers_find(s, 1, EPOCH)->drawn, 17);
	push_end(&g, EPOCH + 1);
	RIG_UNTIL(&g, issuers_public(s)->epoch == EPOCH + 1);
	assert_int_equal(issuers_find(s, 1, EPOCH)->drawn, 18);
	assert_int_equal(issuers_find(s, 1, EPOCH + 1)->drawn, 1);
	assert_null(issuers_find(s, 1, EPOCH - 1));
	assert_null(issuers_find(s, 0, EPOCH));
	assert_null(issuers_at(s, 2));
	rig_close(&g);
}

/* Two keys for one group and epoch, or what is none: the link ends, the old set stands.
 */
static void
test_refused(void **state)
{
	struct vault_issuer m = { .group = 1, .epoch = EPOCH, .state = ISSUER_CURRENT };
	struct rig_peer *v;
	unsigned i;
	struct rig g;
	struct buf b;

	(void)state;
	for (i = 0; i < 2; i++) {
		rig_open(&g, "");
		v = &g.peer[RIG_PEERS - 1];
		memset(v, 0, sizeof *v);
		buf_init(&v->answer, 4096);
		rig_directory(&g, NULL, 0);
		push_set(&g);
		push_key(&g, 1, EPOCH, ISSUER_CURRENT, 1);
		buf_init(&b, VAULT_FRAME_MAX);
		if (i == 0)
			modulus(3, m.n);
		else
			memset(m.n, 0, sizeof m.n); /* even, and short */
		m.epoch = i == 0 ? EPOCH : EPOCH + 1;
		vault_issuer_put(&b, &m);
		assert_int_equal(link_send(g.vault, VM_ISSUER, 0, 0, b.p, b.n), 0);
		buf_done(&b);
		RIG_UNTIL(&g, v->down);
		assert_int_equal(
		    issuers_find(directory_issuers(g.k.dir), 1, EPOCH)->drawn, 17);
		buf_done(&v->answer);
		rig_close(&g);
	}
}

static struct key_statement *
statement(uint64_t serial)
{
	struct key_statement *s = mem_zalloc(sizeof *s);

	assert_non_null(s);
	s->serial = serial;
	s->epoch_seconds = 604800;
	(void)snprintf(s->issued_at, sizeof s->issued_at, "2026-11-08T09:00:00+09:00");
	s->n_keys = 1;
	(void)snprintf(s->keys[0].group, sizeof s->keys[0].group, "finance");
	s->keys[0].epoch = EPOCH;
	return s;
}

/* Signs one of this serial with a key that nobody pinned: the keeper cannot know. */
static void
sign(uint64_t serial, struct buf *jws)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	struct key_statement *s = statement(serial);

	buf_init(jws, STATEMENT_MAX);
	assert_int_equal(key_statement_sign(s, key, jws), 0);
	key_statement_free(s);
	EVP_PKEY_free(key);
}

static enum problem
put_statement(struct rig *g, struct rig_peer *admin, struct slice jws)
{
	enum problem p;
	struct buf b;

	buf_init(&b, KEEPER_FRAME_MAX);
	wire_put_str(&b, jws);
	p = rig_call(g, admin, KM_A_STATEMENT, &b);
	buf_done(&b);
	return p;
}

/* What members are shown, and what the feed says when the council has spoken. */
static void
test_tokens(void **state)
{
	struct rig_peer *admin, *tail;
	struct frame_head h;
	struct slice body, stub;
	struct buf none, jws, older;
	struct rig g;
	json_t *j;

	(void)state;
	rig_open(&g, "[tokens]\nk = 3\nepoch = 7d\nbatch = 9\nkeys_ahead = 4");
	buf_init(&none, 1);
	assert_int_equal(rig_call(&g, &g.peer[0], KM_TOKENS, &none), P_UNAVAILABLE);
	rig_directory(&g, NULL, 0);
	push_set(&g);
	assert_int_equal(rig_call(&g, &g.peer[0], KM_TOKENS, &none), P_OK);
	j = rig_json(&g.peer[0]);
	assert_int_equal(json_integer_value(rig_at(j, "epoch")), EPOCH);
	assert_int_equal(json_integer_value(rig_at(j, "epoch_seconds")), 604800);
	assert_int_equal(json_integer_value(rig_at(j, "batch")), 20); /* the vault's */
	assert_int_equal(json_integer_value(rig_at(j, "k")), 3);
	assert_true(json_is_null(rig_at(j, "statement")));
	assert_int_equal(json_array_size(rig_at(j, "keys")), 4);
	assert_string_equal(rig_text(j, "keys.0.state"), "grace");
	assert_string_equal(rig_text(j, "keys.2.group"), "finance");
	assert_string_equal(rig_text(j, "keys.2.state"), "current");
	assert_int_equal(json_integer_value(rig_at(j, "keys.2.drawn")), 17);
	assert_int_equal(json_object_size(rig_at(j, "keys.2.ceptoars")), 2);
	assert_int_equal(
	    json_integer_value(rig_at(j, "keys.2.ceptoars.bank-ceptoar")), 17);
	assert_int_equal(
	    json_integer_value(rig_at(j, "keys.2.ceptoars.credit-ceptoar")), 8);
	assert_int_equal(strlen(rig_text(j, "keys.2.key")), 512);
	assert_int_equal(strlen(rig_text(j, "keys.2.key_id")), 43);
	assert_string_equal(rig_text(j, "keys.3.state"), "coming");
	json_decref(j);

	admin = rig_join(&g, 1);
	tail = rig_tail(&g, 1);
	sign(7, &jws);
	sign(6, &older);
	assert_int_equal(put_statement(&g, admin, buf_slice(&jws)), P_OK);
	RIG_UNTIL(&g, tail->row_count == 1);
	assert_int_equal(rig_row(tail, 0, &h, &body, &stub), 1);
	assert_int_equal(h.kind, FRAME_KEYS);
	assert_int_equal(h.minute, rig_now / 60000);
	j = json_loadb(body.p, body.n, 0, NULL);
	assert_string_equal(rig_text(j, "statement"), buf_cstr(&jws));
	json_decref(j);
	/* Never backwards, and the same one once. */
	assert_int_equal(put_statement(&g, admin, buf_slice(&older)), P_CONFLICT);
	assert_int_equal(put_statement(&g, admin, buf_slice(&jws)), P_CONFLICT);
	assert_int_equal(rig_call(&g, &g.peer[0], KM_TOKENS, &none), P_OK);
	j = rig_json(&g.peer[0]);
	assert_string_equal(rig_text(j, "statement"), buf_cstr(&jws));
	json_decref(j);
	rig_restart(&g);
	admin = rig_join(&g, 1);
	assert_int_equal(put_statement(&g, admin, buf_slice(&older)), P_CONFLICT);
	tail = rig_tail(&g, 1);
	assert_int_equal(tail->row_count, 1);
	buf_done(&jws);
	buf_done(&older);
	rig_close(&g);
}

static void
say_key(struct key_statement *s, unsigned group, uint32_t epoch)
{
	struct statement_key *k = &s->keys[s->n_keys++];
	unsigned char n[BLIND_RSA_LEN];
	struct rig g;

	rig_open(&g, "");
	(void)snprintf(
	    k->group, sizeof k->group, "%s", taxonomy_group_slug(g.k.tax, group));
	rig_close(&g);
	k->epoch = epoch;
	modulus(group * 16 + (epoch & 15), n);
	assert_int_equal(token_key_id(n, k->id), 0);
}

/* What the administrator is shown: -2 for null. */
static int
ahead(struct rig *g, struct rig_peer *admin)
{
	struct buf none;
	json_t *j;
	int n;

	buf_init(&none, 1);
	assert_int_equal(rig_call(g, admin, KM_A_STATUS, &none), P_OK);
	j = rig_json(admin);
	n = json_is_null(rig_at(j, "statement"))
		? -2
		: (int)json_integer_value(rig_at(j, "statement.signed_ahead"));
	json_decref(j);
	return n;
}

/* For how long the council's word lasts: -1 as soon as one key of this epoch lacks it. */
static void
test_signed_ahead(void **state)
{
	static const struct {
		unsigned keys;	    /* of those below */
		unsigned char flip; /* of the first one's id: it is another key's */
		int ahead;
	} cases[] = { { 1, 0, -1 }, { 2, 0, 0 }, { 3, 0, 1 }, { 3, 1, -1 } };
	EVP_PKEY *key = EVP_EC_gen("P-256");
	struct key_statement *s;
	struct rig_peer *admin;
	struct buf jws;
	struct rig g;
	unsigned i;

	(void)state;
	rig_open(&g, "");
	rig_directory(&g, NULL, 0);
	push_set(&g);
	admin = rig_join(&g, 1);
	assert_int_equal(ahead(&g, admin), -2);
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		s = statement(i + 1);
		s->n_keys = 0;
		say_key(s, 1, EPOCH);
		say_key(s, 0, EPOCH);
		say_key(s, 1, EPOCH + 1);
		s->n_keys = cases[i].keys;
		s->keys[0].id[0] ^= cases[i].flip;
		buf_init(&jws, STATEMENT_MAX);
		assert_int_equal(key_statement_sign(s, key, &jws), 0);
		assert_int_equal(put_statement(&g, admin, buf_slice(&jws)), P_OK);
		assert_int_equal(ahead(&g, admin), cases[i].ahead);
		key_statement_free(s);
		buf_done(&jws);
	}
	EVP_PKEY_free(key);
	rig_close(&g);
}

/* No JWS, no statement in it, or too long: refused, and nothing stands in the log. */
static void
test_no_statement(void **state)
{
	static const char *const bad[] = { "", ".", "..", "a.b", "a.b.c",
		"eyJhbGciOiJFUzI1NiJ9.e30.AAAA" };
	struct store_info info;
	struct rig_peer *admin;
	struct buf jws, cut;
	struct rig g;
	size_t i;

	(void)state;
	rig_open(&g, "");
	admin = rig_join(&g, 1);
	for (i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_int_equal(
		    put_statement(&g, admin, slice_of(bad[i])), P_INVALID_FIELD);
	sign(7, &jws);
	buf_init(&cut, STATEMENT_MAX);
	buf_add(&cut, jws.p, jws.n - 2); /* half a signature */
	assert_int_equal(put_statement(&g, admin, buf_slice(&cut)), P_INVALID_FIELD);
	store_info(g.k.store, &info);
	assert_int_equal(info.head, 0);
	buf_done(&jws);
	buf_done(&cut);
	buf_init(&cut, KEEPER_FRAME_MAX);
	while (cut.n <= STATEMENT_MAX)
		buf_addc(&cut, 'a');
	assert_int_equal(put_statement(&g, admin, buf_slice(&cut)), P_COUNT);
	assert_true(admin->down);
	buf_done(&cut);
	rig_close(&g);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_epoch_told),
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_tokens),
		cmocka_unit_test(test_signed_ahead),
		cmocka_unit_test(test_no_statement),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
