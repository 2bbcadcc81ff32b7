/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens of the blind listener: which are taken, once, and with their report or not at
 * all. */
#include "tests/role/desk_rig.h"

#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <sqlite3.h>

#include "daemon/keeper/expire.h"
#include "daemon/keeper/issuers.h"
#include "daemon/keeper/redeem.h"
#include "lib/db.h"
#include "proto/taxonomy.h"

#define HERE "{\"ceptoar\":\"medical-ceptoar\"}"
enum { EPOCH = 100, DRAWN = 5 };

static EVP_PKEY *key[2];
static unsigned medical, energy; /* sector groups */

static int
setup(void **state)
{
	struct rig g;

	(void)state;
	rig_open(&g, "");
	medical =
	    taxonomy_sector_group(g.k.tax, taxonomy_sector_of_slot(g.k.tax, RIG_MED));
	energy =
	    taxonomy_sector_group(g.k.tax, taxonomy_sector_of_slot(g.k.tax, RIG_PWR));
	assert_int_not_equal(medical, energy);
	rig_close(&g);
	key[0] = EVP_RSA_gen(3072);
	key[1] = EVP_RSA_gen(3072);
	return key[0] == NULL || key[1] == NULL;
}

static int
teardown(void **state)
{
	(void)state;
	EVP_PKEY_free(key[0]);
	EVP_PKEY_free(key[1]);
	return 0;
}

enum { WATER = 13 };	   /* a slot of the same group as RIG_MED */
static unsigned elsewhere; /* so many drew in it, beside those that a test says */

static void
issuer(struct rig *g, unsigned group, uint32_t epoch, enum issuer_state s, unsigned drawn,
    EVP_PKEY *k)
{
	struct vault_issuer m = { .epoch = epoch, .drawn = drawn + elsewhere };
	struct buf b;

	m.slots = 2;
	m.slot[0] = group == medical ? RIG_MED : RIG_PWR;
	m.in[0] = drawn;
	m.slot[1] = group == medical ? WATER : 17;
	m.in[1] = elsewhere;

	m.group = (uint8_t)group;
	m.state = (uint8_t)s;
	assert_int_equal(blind_rsa_modulus(k, m.n), 0);
	buf_init(&b, VAULT_FRAME_MAX);
	vault_issuer_put(&b, &m);
	assert_int_equal(link_send(g->vault, VM_ISSUER, 0, 0, b.p, b.n), 0);
	buf_done(&b);
}

/* What the vault publishes in `epoch`, when so many have drawn. */
static void
publish(struct rig *g, uint32_t epoch, unsigned drawn)
{
	struct vault_public p = { .epoch = epoch, .epoch_seconds = 604800, .batch = 20 };
	const struct issuers *all = directory_issuers(g->k.dir);
	const struct issuers_key *k;
	struct buf b;

	if (g->vault == NULL)
		rig_directory(g, NULL, 0);
	issuer(g, medical, epoch - 1, ISSUER_GRACE, drawn, key[1]);
	issuer(g, medical, epoch, ISSUER_CURRENT, drawn, key[0]);
	issuer(g, medical, epoch + 1, ISSUER_COMING, 0, key[1]);
	issuer(g, energy, epoch, ISSUER_CURRENT, drawn, key[1]);
	buf_init(&b, VAULT_FRAME_MAX);
	vault_public_put(&b, &p);
	assert_int_equal(link_send(g->vault, VM_ISSUER_END, 0, 0, b.p, b.n), 0);
	buf_done(&b);
	RIG_UNTIL(g, issuers_public(all) != NULL && issuers_public(all)->epoch == epoch &&
			 (k = issuers_find(all, medical, epoch)) != NULL &&
			 k->drawn == drawn + elsewhere);
}

static void
open_rig(struct rig *g)
{
	rig_open(g, "");
	publish(g, EPOCH, DRAWN);
}

/* Drawn the way a member does: the signer sees nothing of it. */
static void
draw(unsigned group, uint32_t epoch, EVP_PKEY *k, unsigned char ret[TOKEN_LEN])
{
	unsigned char n[BLIND_RSA_LEN], id[KEY_ID_LEN], prepared[TOKEN_PREPARED];
	unsigned char blinded[BLIND_RSA_LEN], sig[BLIND_RSA_LEN];
	struct blind_state *state;
	struct token t = { .epoch = epoch };

	t.group = (uint8_t)group;
	assert_int_equal(RAND_bytes(t.nonce, sizeof t.nonce), 1);
	assert_int_equal(RAND_bytes(t.prefix, sizeof t.prefix), 1);
	assert_int_equal(blind_rsa_modulus(k, n), 0);
	assert_int_equal(token_key_id(n, id), 0);
	token_prepared(&t, id, prepared);
	assert_int_equal(
	    blind_rsa_blind(k, prepared, sizeof prepared, blinded, &state), 0);
	assert_int_equal(blind_rsa_sign(k, blinded, sig), 0);
	assert_int_equal(
	    blind_rsa_finalize(k, prepared, sizeof prepared, sig, state, t.sig), 0);
	blind_state_free(state);
	token_put(&t, ret);
}

static struct keeper_put
blind_put(void)
{
	struct keeper_put m = rig_put_default();

	m.blind = 1;
	m.has_token = 1;
	draw(medical, EPOCH, key[0], m.token);
	return m;
}

static enum problem
put(struct rig *g, struct keeper_put *m)
{
	return rig_put(g, m, 1, "none", HERE);
}

static void
test_once(void **state)
{
	struct keeper_put m = blind_put(), old = m;
	struct rig g;

	(void)state;
	open_rig(&g);
	assert_int_equal(put(&g, &m), P_OK);
	assert_int_equal(rig_reply(&g.peer[0]).created, 1);
	assert_int_equal(put(&g, &m), P_TOKEN_SPENT);
	draw(medical, EPOCH - 1, key[1], old.token); /* in the epoch after its own too */
	assert_int_equal(put(&g, &old), P_OK);
	rig_restart(&g);
	assert_int_equal(put(&g, &m), P_UNAVAILABLE); /* the vault has not spoken yet */
	publish(&g, EPOCH, DRAWN);
	assert_int_equal(put(&g, &m), P_TOKEN_SPENT);
	assert_int_equal(put(&g, &old), P_TOKEN_SPENT);
	rig_close(&g);
}

/* The hotline is for who shows no certificate as well: the centre has a call. */
static void
test_calls_the_hotline(void **state)
{
	struct rights duty = rig_desk_of(SLOT_NONE, 7);
	struct keeper_put m = blind_put();
	char said[64];
	struct rig g;

	(void)state;
	open_rig(&g);
	assert_int_equal(rig_put(&g, &m, 1, "none",
			     "{\"ceptoar\":\"medical-ceptoar\",\"hotline\":\"page\"}"),
	    P_OK);
	assert_int_equal(rig_verb(&g, &duty, DV_HOTLINE_LIST, NULL, NULL), P_OK);
	assert_string_equal(rig_said(&g, "calls.0.kind", said, sizeof said), "page");
	assert_int_equal(rig_verb(&g, &duty, DV_HOTLINE_LIST, NULL, NULL), P_OK);
	assert_string_equal(rig_said(&g, "pages.0.state", said, sizeof said), "open");
	rig_close(&g);
}

/* A good token lets nobody be named: refused before it is spent, envelopes or not. */
static void
test_names_nobody(void **state)
{
	static const char named[] =
	    "{\"ceptoar\":\"medical-ceptoar\",\"consent\":{\"publish\":\"none\","
	    "\"identity\":\"named\",\"named_to\":[\"centre\"]}}";
	struct keeper_put m = blind_put();
	struct keeper_reply r;
	struct rig g;

	(void)state;
	open_rig(&g);
	assert_int_equal(rig_put(&g, &m, 1, "none", named), P_INVALID_FIELD);
	r = rig_reply(&g.peer[0]);
	assert_int_equal(r.pointer.n, strlen("/consent/named_to"));
	assert_memory_equal(r.pointer.p, "/consent/named_to", r.pointer.n);
	m.named_count = 1;
	memset(m.named[0], 7, RECEIVER_LEN);
	assert_int_equal(rig_put(&g, &m, 1, "none", named), P_INVALID_FIELD);
	assert_int_equal(put(&g, &m), P_INVALID_FIELD);
	m.named_count = 0;
	assert_int_equal(put(&g, &m), P_OK);
	rig_close(&g);
}

/* A sealed version would give the case a sender who can be found: refused, before the
 * seal and should one come all the same. */
static void
test_a_blind_case_stays_blind(void **state)
{
	static const char with_case[] =
	    "{\"ceptoar\":\"medical-ceptoar\",\"case_commitment\":"
	    "\"47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU\"}";
	struct keeper_put m = blind_put(), sealed = rig_put_default();
	json_t *j;
	struct rig g;

	(void)state;
	open_rig(&g);
	assert_int_equal(rig_put(&g, &m, 1, "none", with_case), P_OK);
	j = rig_json(&g.peer[0]);
	assert_int_equal(
	    hex_decode(slice_of(rig_text(j, "case")), m.case_id, ID_LEN), ID_LEN);
	json_decref(j);
	m.has_token = 0;
	m.has_case = sealed.has_case = 1;
	assert_int_equal(EVP_Digest("", 0, m.secret_hash, NULL, EVP_sha256(), NULL), 1);
	memcpy(sealed.case_id, m.case_id, ID_LEN);
	assert_int_equal(rig_case_call(&g, KM_FOLLOW, &sealed), P_NOT_FOUND);
	assert_int_equal(put(&g, &sealed), P_NOT_FOUND);
	memcpy(sealed.secret_hash, m.secret_hash, sizeof m.secret_hash);
	assert_int_equal(put(&g, &m), P_OK);
	assert_int_equal(put(&g, &sealed), P_CONFLICT);
	assert_int_equal(rig_case_call(&g, KM_FOLLOW, &sealed), P_CONFLICT);
	assert_int_equal(put(&g, &m), P_OK);
	rig_close(&g);
}

/* Everything that a token can be and should not: *m is made so. */
struct bad {
	const char *what;
	void (*make)(struct keeper_put *m);
};

static void
bad_group(struct keeper_put *m)
{
	m->token[1] = (unsigned char)energy;
}

static void
bad_no_group(struct keeper_put *m)
{
	m->token[1] = 200;
}

static void
bad_epoch(struct keeper_put *m)
{
	m->token[5] = EPOCH - 1;
}

static void
bad_old_epoch(struct keeper_put *m)
{
	draw(medical, EPOCH - 2, key[0], m->token);
}

static void
bad_coming_epoch(struct keeper_put *m)
{
	draw(medical, EPOCH + 1, key[1], m->token);
}

static void
bad_key(struct keeper_put *m)
{
	draw(medical, EPOCH, key[1], m->token);
}

static void
bad_sector(struct keeper_put *m)
{
	draw(energy, EPOCH, key[1], m->token);
}

static void
bad_bit(struct keeper_put *m)
{
	m->token[TOKEN_LEN - 1] ^= 1;
}

static void
bad_nonce(struct keeper_put *m)
{
	m->token[10] ^= 1;
}

static void
bad_version(struct keeper_put *m)
{
	m->token[0] = 2;
}

static void
bad_all_zero(struct keeper_put *m)
{
	memset(m->token, 0, TOKEN_LEN);
}

static void
bad_zero(struct keeper_put *m)
{
	memset(m->token + TOKEN_LEN - BLIND_RSA_LEN, 0, BLIND_RSA_LEN);
}

static void
bad_one(struct keeper_put *m)
{
	bad_zero(m);
	m->token[TOKEN_LEN - 1] = 1;
}

static void
bad_modulus(struct keeper_put *m)
{
	assert_int_equal(
	    blind_rsa_modulus(key[0], m->token + TOKEN_LEN - BLIND_RSA_LEN), 0);
}

static void
bad_large(struct keeper_put *m)
{
	memset(m->token + TOKEN_LEN - BLIND_RSA_LEN, 0xff, BLIND_RSA_LEN);
}

static const struct bad bads[] = {
	{ "one bit of the signature", bad_bit }, /* the measure of the others' time */
	{ "another group", bad_group },
	{ "no such group", bad_no_group },
	{ "another epoch", bad_epoch },
	{ "an epoch that is over", bad_old_epoch },
	{ "an epoch to come", bad_coming_epoch },
	{ "another epoch's key", bad_key },
	{ "a sector outside the group", bad_sector },
	{ "one bit of the nonce", bad_nonce },
	{ "another version", bad_version },
	{ "nothing but zeros", bad_all_zero },
	{ "signature 0", bad_zero },
	{ "signature 1", bad_one },
	{ "the modulus as signature", bad_modulus },
	{ "a signature above it", bad_large },
};
enum { BADS = sizeof bads / sizeof bads[0] };

static void
test_refused(void **state)
{
	struct keeper_put m, good;
	struct rig g;
	size_t i;

	(void)state;
	open_rig(&g);
	for (i = 0; i < BADS; i++) {
		m = good = blind_put();
		bads[i].make(&m);
		if (put(&g, &m) != P_TOKEN_INVALID)
			fail_msg("%s", bads[i].what);
		assert_int_equal(put(&g, &good), P_OK);
	}
	/* A front that mixes the listeners up, or lies. */
	m = blind_put();
	m.blind = 0;
	assert_int_equal(put(&g, &m), P_TOKEN_INVALID);
	m.blind = m.has_case = 1;
	assert_int_equal(put(&g, &m), P_TOKEN_INVALID);
	m.has_case = m.has_token = 0;
	assert_int_equal(put(&g, &m), P_TOKEN_INVALID);
	m.has_token = 1;
	assert_int_equal(rig_put(&g, &m, 1, "none", NULL), P_MISSING_FIELD);
	assert_true(slice_eq(rig_reply(&g.peer[0]).pointer, "/ceptoar"));
	assert_int_equal(put(&g, &m), P_OK);
	rig_close(&g);
}

/* Nobody learns by waiting which keys there are, or how far his forgery got. */
static void
test_one_class_of_time(void **state)
{
	enum { ROUNDS = 41 };
	int64_t took[BADS][ROUNDS], began;
	struct batch_op op;
	struct keeper_put m[BADS];
	struct rig g;
	size_t i;
	int r;

	(void)state;
	open_rig(&g);
	for (i = 0; i < BADS; i++) {
		m[i] = blind_put();
		bads[i].make(&m[i]);
	}
	for (r = 0; r < ROUNDS; r++) {
		for (i = 0; i < BADS; i++) {
			memset(&op, 0, sizeof op);
			op.put = m[i];
			began = clock_mono_us();
			assert_int_equal(redeem_check(&g.k, &op), ERR_INVALID);
			took[i][r] = clock_mono_us() - began;
		}
	}
	/* The least that each took is what it costs; the rest is what else the machine
	 * did. */
	for (i = 0; i < BADS; i++) {
		for (r = 1; r < ROUNDS; r++)
			if (took[i][r] < took[i][0])
				took[i][0] = took[i][r];
		if (took[i][0] * 5 < took[0][0] * 4 || took[i][0] * 4 > took[0][0] * 5)
			fail_msg("%s: %lld us and not %lld", bads[i].what,
			    (long long)took[i][0], (long long)took[0][0]);
	}
	rig_close(&g);
}

/* A token that hides nobody is kept for later. */
static void
test_too_few_have_drawn(void **state)
{
	struct keeper_put m = blind_put();
	struct rig g;

	(void)state;
	open_rig(&g);
	publish(&g, EPOCH, DRAWN - 1);
	assert_int_equal(put(&g, &m), P_K_TOO_SMALL);
	publish(&g, EPOCH, DRAWN);
	assert_int_equal(put(&g, &m), P_OK);
	rig_close(&g);
}

/* A report says its CEPTOAR: those who drew elsewhere in the group hide nobody there. */
static void
test_too_few_of_the_ceptoar(void **state)
{
	struct keeper_put m = blind_put();
	struct rig g;

	(void)state;
	open_rig(&g);
	elsewhere = 40;
	publish(&g, EPOCH, DRAWN - 1);
	assert_int_equal(put(&g, &m), P_K_TOO_SMALL);
	m.slot = WATER; /* the same token, where they are many */
	assert_int_equal(
	    rig_put(&g, &m, 1, "none", "{\"ceptoar\":\"water-ceptoar\"}"), P_OK);
	m = blind_put();
	publish(&g, EPOCH, DRAWN);
	assert_int_equal(put(&g, &m), P_OK);
	elsewhere = 0;
	/* One of which the vault says nothing hides nobody. */
	m = blind_put();
	m.slot = WATER - 2;
	publish(&g, EPOCH, DRAWN);
	assert_int_equal(
	    rig_put(&g, &m, 1, "none", "{\"ceptoar\":\"local-government-ceptoar\"}"),
	    P_K_TOO_SMALL);
	rig_close(&g);
}

static void
test_refused_report_spends_nothing(void **state)
{
	struct keeper_put m = blind_put(), other = blind_put();
	struct buf json, b;
	struct rig g;

	(void)state;
	open_rig(&g);
	assert_int_equal(
	    rig_put(&g, &m, 1, "none",
		"{\"ceptoar\":\"medical-ceptoar\",\"title\":\"a@b.example\"}"),
	    P_NOT_PUBLIC);
	assert_int_equal(put(&g, &m), P_OK);
	/* Behind the spending, in its own mark: a report id that is taken. */
	buf_init(&json, 65536);
	buf_init(&b, 65536);
	rig_report(&g, &json, 1, "none", HERE);
	other.json = buf_slice(&json);
	memcpy(other.report, m.report, ID_LEN);
	keeper_put_put(&b, &other);
	assert_int_equal(rig_call(&g, &g.peer[0], KM_PUT, &b), P_CONFLICT);
	buf_done(&json);
	buf_done(&b);
	assert_int_equal(put(&g, &other), P_OK);
	rig_close(&g);
}

/* A retry whose answer was lost is no second use. */
static void
test_retry(void **state)
{
	struct keeper_put m = blind_put();
	struct keeper_reply r;
	char first[1024];
	struct rig g;

	(void)state;
	open_rig(&g);
	m.has_idem = 1;
	memset(m.idem_key, 7, sizeof m.idem_key);
	assert_int_equal(put(&g, &m), P_OK);
	r = rig_reply(&g.peer[0]);
	assert_int_equal(r.created, 1);
	(void)snprintf(first, sizeof first, "%.*s", (int)r.body.n, r.body.p);
	assert_int_equal(put(&g, &m), P_OK);
	r = rig_reply(&g.peer[0]);
	assert_int_equal(r.created, 0);
	assert_true(slice_eq(r.body, first));
	m.idem_key[0]++;
	assert_int_equal(put(&g, &m), P_TOKEN_SPENT);
	rig_close(&g);
}

static void
test_hundred_at_once(void **state)
{
	struct keeper_put m = blind_put();
	struct rig_peer *p;
	struct buf json, b;
	struct rig g;
	int i;

	(void)state;
	open_rig(&g);
	p = &g.peer[0];
	buf_init(&json, 65536);
	buf_init(&b, 65536);
	rig_report(&g, &json, 1, "none", HERE);
	for (i = 0; i < 100; i++) {
		rig_put_of(&g, &m, &json, &b);
		p->got = 0;
		p->want = rig_send(&g, p, KM_PUT, &b);
	}
	RIG_UNTIL(&g, p->got);
	assert_int_equal(p->status, P_TOKEN_SPENT);
	assert_int_equal(g.k.count.puts, 1);
	buf_done(&json);
	buf_done(&b);
	rig_close(&g);
}

/* The store fails at each of its steps in turn: the token and its report are both there,
 * or neither, and a token that was not used up is still good. */
static int
fails_in_turn(struct rig *g, struct keeper_put *m)
{
	enum problem p;
	unsigned long n;
	int failed = 0;

	open_rig(g);
	*m = blind_put();
	for (n = 1; n < 64; n++) {
		(void)db_fail_at(n, SQLITE_FULL);
		p = put(g, m);
		(void)db_fail_at(0, 0);
		if (p == P_OK) /* it needs no more steps than these */
			break;
		assert_int_equal(p, P_STORAGE_FULL);
		assert_int_equal(g->k.count.puts, 0);
		failed++;
	}
	return failed;
}

static void
test_both_or_neither(void **state)
{
	struct keeper_put m;
	unsigned again = 0;
	struct rig g;

	(void)state;
	/* On a slow machine the failure may fall on a step of the keeper's own tick. */
	while (fails_in_turn(&g, &m) <= 3) {
		assert_in_range(++again, 1, 20);
		rig_close(&g);
	}
	assert_int_equal(g.k.count.puts, 1);
	assert_int_equal(put(&g, &m), P_TOKEN_SPENT);
	rig_close(&g);
}

static void
test_forgotten_after_its_time(void **state)
{
	struct keeper_put m = blind_put();
	int64_t minute = rig_now / 60000;
	struct rig g;

	(void)state;
	open_rig(&g);
	assert_int_equal(put(&g, &m), P_OK);
	publish(&g, EPOCH + 1, DRAWN); /* its grace: it could still be tried again */
	assert_int_equal(expire_prune(&g.k, minute, 64), 0);
	publish(&g, EPOCH + 2, DRAWN);
	assert_int_equal(expire_prune(&g.k, minute, 64), 1);
	assert_int_equal(expire_prune(&g.k, minute, 64), 0);
	assert_int_equal(put(&g, &m), P_TOKEN_INVALID); /* and not taken as new */
	rig_close(&g);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_once),
		cmocka_unit_test(test_calls_the_hotline),
		cmocka_unit_test(test_names_nobody),
		cmocka_unit_test(test_a_blind_case_stays_blind),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_one_class_of_time),
		cmocka_unit_test(test_too_few_have_drawn),
		cmocka_unit_test(test_too_few_of_the_ceptoar),
		cmocka_unit_test(test_refused_report_spends_nothing),
		cmocka_unit_test(test_retry),
		cmocka_unit_test(test_hundred_at_once),
		cmocka_unit_test(test_both_or_neither),
		cmocka_unit_test(test_forgotten_after_its_time),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
