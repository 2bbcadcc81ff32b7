/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/ceptoar/token_store.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "cli/ceptoar/data.h"
#include "cli/ceptoar/state.h"
#include "cli/ceptoar/token_draw.h"
#include "cli/ceptoar/token_keys.h"
#include "lib/clock.h"
#include "lib/file.h"

enum { WEEK = 604800, BATCH = 3 };

static EVP_PKEY *council, *other_council, *issuer[2];
static unsigned char modulus[2][BLIND_RSA_LEN];
static char dir[64];
static struct session s;
static int64_t now_s;
static uint32_t epoch; /* that is now */

static int
setup(void **state)
{
	unsigned i;

	(void)state;
	council = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
	other_council = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
	for (i = 0; i < 2; i++) {
		issuer[i] = EVP_RSA_gen(8 * BLIND_RSA_LEN);
		assert_int_equal(blind_rsa_modulus(issuer[i], modulus[i]), 0);
	}
	(void)snprintf(dir, sizeof dir, "/tmp/test_cli_tokens.XXXXXX");
	assert_non_null(mkdtemp(dir));
	now_s = clock_wall_ms() / 1000;
	epoch = (uint32_t)(now_s / WEEK);
	return 0;
}

static int
remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	return remove(path);
}

static int
teardown(void **state)
{
	(void)state;
	assert_int_equal(nftw(dir, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
	EVP_PKEY_free(council);
	EVP_PKEY_free(other_council);
	EVP_PKEY_free(issuer[0]);
	EVP_PKEY_free(issuer[1]);
	return 0;
}

/* A state folder of its own for each test. */
static int
fresh(void **state)
{
	static unsigned n;
	char member[96];

	(void)state;
	memset(&s, 0, sizeof s);
	(void)snprintf(s.state_dir, sizeof s.state_dir, "%s/state-%u", dir, n++);
	(void)snprintf(member, sizeof member, "%s/member", dir);
	assert_int_equal(file_mkdir(member, 0700), 0);
	(void)snprintf(s.folder, sizeof s.folder, "%s", member);
	return 0;
}

static json_t *
b64(const void *p, size_t n)
{
	struct buf b;
	json_t *j;

	buf_init(&b, 4096);
	buf_add_b64url(&b, p, n);
	j = json_stringn(b.p, b.n);
	buf_done(&b);
	return j;
}

/* A statement over keys: which[i] says which issuer's key group and epoch i has. */
static struct key_statement *
statement(uint64_t serial, unsigned n, const unsigned *which)
{
	struct key_statement *st = calloc(1, sizeof *st);
	unsigned i;

	assert_non_null(st);
	st->serial = serial;
	st->epoch_seconds = WEEK;
	(void)snprintf(st->issued_at, sizeof st->issued_at, "2026-08-06T10:00:00+09:00");
	st->n_keys = n;
	for (i = 0; i < n; i++) {
		(void)snprintf(st->keys[i].group, STATEMENT_GROUP, "finance");
		st->keys[i].epoch = epoch + i;
		assert_int_equal(token_key_id(modulus[which[i]], st->keys[i].id), 0);
	}
	return st;
}

static json_t *
shown_key(unsigned which, uint32_t at)
{
	unsigned char id[KEY_ID_LEN];

	assert_int_equal(token_key_id(modulus[which], id), 0);
	return json_pack("{s:s, s:I, s:s, s:o, s:o, s:i, s:{s:i, s:i}}", "group",
	    "finance", "epoch", (json_int_t)at, "state", "current", "key_id",
	    b64(id, sizeof id), "key", b64(modulus[which], BLIND_RSA_LEN), "drawn", 7,
	    "ceptoars", "bank-ceptoar", 3, "credit-ceptoar", 4);
}

/* The hub's answer with one key, and a statement of serial 1 over key `signed_one`. */
static json_t *
answer(EVP_PKEY *by, unsigned shown, unsigned signed_one)
{
	struct key_statement *st = statement(1, 1, &signed_one);
	struct buf jws;
	json_t *j;

	buf_init(&jws, STATEMENT_MAX);
	assert_int_equal(key_statement_sign(st, by, &jws), 0);
	j = json_pack("{s:I, s:i, s:i, s:i, s:s%, s:[o]}", "epoch", (json_int_t)epoch,
	    "epoch_seconds", WEEK, "batch", BATCH, "k", 5, "statement", jws.p, jws.n,
	    "keys", shown_key(shown, epoch));
	assert_non_null(j);
	buf_done(&jws);
	free(st);
	return j;
}

static int
reads(json_t *j)
{
	struct token_keys *k = NULL;
	int rc = token_keys_read(j, council, now_s, &k);

	assert_true((rc == EXIT_DONE) == (k != NULL));
	token_keys_free(k);
	json_decref(j);
	return rc;
}

static json_t *
with(json_t *j, const char *key, json_t *value)
{
	assert_int_equal(json_object_set_new(j, key, value), 0);
	return j;
}

static void
test_keys(void **state)
{
	const struct issuer_key *key = NULL;
	struct token_keys *k = NULL;
	json_t *j;

	(void)state;
	j = answer(council, 0, 0);
	assert_int_equal(token_keys_read(j, council, now_s, &k), EXIT_DONE);
	json_decref(j);
	assert_int_equal(token_keys_current(k, "finance", &key), EXIT_DONE);
	assert_int_equal(key->drawn, 7);
	assert_int_equal(json_integer_value(json_object_get(key->in, "bank-ceptoar")), 3);
	assert_memory_equal(key->n, modulus[0], BLIND_RSA_LEN);
	assert_int_equal(token_keys_current(k, "energy", &key), EXIT_REFUSED);
	token_keys_free(k);
	token_keys_free(NULL);
}

/* Each way in which a hub could set one member apart. */
static void
test_refused(void **state)
{
	const struct issuer_key *key = NULL;
	struct token_keys *k = NULL;
	json_t *j;

	(void)state;
	assert_int_equal(reads(answer(other_council, 0, 0)), EXIT_REFUSED);
	assert_int_equal(
	    reads(with(answer(council, 0, 0), "statement", json_null())), EXIT_REFUSED);
	assert_int_equal(
	    reads(with(answer(council, 0, 0), "statement", json_string("a.b.c"))),
	    EXIT_REFUSED);
	/* Not the epoch that is now, and epochs of another length. */
	assert_int_equal(
	    reads(with(answer(council, 0, 0), "epoch", json_integer(epoch + 1))),
	    EXIT_REFUSED);
	assert_int_equal(
	    reads(with(answer(council, 0, 0), "epoch", json_integer(epoch - 1))),
	    EXIT_REFUSED);
	assert_int_equal(
	    reads(with(answer(council, 0, 0), "epoch_seconds", json_integer(86400))),
	    EXIT_REFUSED);
	/* Two keys for one epoch, the same one twice included. */
	j = answer(council, 0, 0);
	(void)json_array_append_new(json_object_get(j, "keys"), shown_key(1, epoch));
	assert_int_equal(reads(j), EXIT_REFUSED);
	/* A key under another's name. */
	j = answer(council, 0, 0);
	(void)with(json_array_get(json_object_get(j, "keys"), 0), "key",
	    b64(modulus[1], BLIND_RSA_LEN));
	assert_int_equal(reads(j), EXIT_REFUSED);
	/* Numbers out of range. */
	j = answer(council, 0, 0);
	(void)with(json_array_get(json_object_get(j, "keys"), 0), "ceptoars",
	    json_pack("{s:i}", "bank-ceptoar", -1));
	assert_int_equal(reads(j), EXIT_REFUSED);
	j = answer(council, 0, 0);
	(void)json_object_del(json_array_get(json_object_get(j, "keys"), 0), "ceptoars");
	assert_int_equal(reads(j), EXIT_REFUSED);
	assert_int_equal(
	    reads(with(answer(council, 0, 0), "batch", json_integer(0))), EXIT_REFUSED);
	assert_int_equal(
	    reads(with(answer(council, 0, 0), "batch", json_integer(BATCH_MAX + 1))),
	    EXIT_REFUSED);
	assert_int_equal(reads(json_null()), EXIT_REFUSED);
	/* Signed is one key, shown another. */
	j = answer(council, 1, 0);
	assert_int_equal(token_keys_read(j, council, now_s, &k), EXIT_DONE);
	json_decref(j);
	assert_int_equal(token_keys_current(k, "finance", &key), EXIT_REFUSED);
	assert_null(key);
	token_keys_free(k);
}

static unsigned char said_by[32]; /* which council */

static int
pins(struct key_statement *st)
{
	struct token_store *t = NULL;
	int rc;

	assert_int_equal(token_store_open(&s, &t), EXIT_DONE);
	rc = token_store_pin(t, said_by, st);
	if (rc == EXIT_DONE)
		assert_int_equal(token_store_save(t), EXIT_DONE);
	token_store_close(t);
	free(st);
	return rc;
}

static void
test_pin(void **state)
{
	static const unsigned a[] = { 0, 0 }, b[] = { 1, 0 };
	struct key_statement *st;

	(void)state;
	assert_int_equal(pins(statement(4, 1, a)), EXIT_DONE);
	assert_int_equal(pins(statement(4, 1, a)), EXIT_DONE);
	assert_int_equal(pins(statement(3, 1, a)), EXIT_REFUSED); /* older */
	assert_int_equal(pins(statement(4, 2, a)), EXIT_REFUSED); /* two texts */
	assert_int_equal(pins(statement(5, 2, a)), EXIT_DONE);
	assert_int_equal(pins(statement(6, 2, b)), EXIT_REFUSED); /* a second key */
	/* Refused is not remembered. */
	assert_int_equal(pins(statement(5, 2, a)), EXIT_DONE);
	/* It may, when it says that the first is revoked. */
	st = statement(6, 2, b);
	st->n_revoked = 1;
	assert_int_equal(token_key_id(modulus[0], st->revoked[0]), 0);
	st->n_keys = 1;
	assert_int_equal(pins(st), EXIT_DONE);
	assert_int_equal(pins(statement(7, 1, b)), EXIT_DONE);
	assert_int_equal(pins(statement(8, 1, a)), EXIT_REFUSED);
	/* Another council, whose key was put there by hand, begins anew. */
	said_by[0] = 1;
	assert_int_equal(pins(statement(1, 1, a)), EXIT_DONE);
	said_by[0] = 0;
}

/* The signer's half, as the vault does it. */
static json_t *
sign_all(const json_t *asked, EVP_PKEY *key)
{
	unsigned char blinded[BLIND_RSA_LEN], sig[BLIND_RSA_LEN];
	json_t *list = json_array(), *body;
	const char *text;
	struct buf b;
	size_t i;

	buf_init(&b, 65536);
	assert_int_equal(token_draw_body(asked, &b), 0);
	body = json_loadb(b.p, b.n, 0, NULL);
	assert_non_null(body);
	assert_int_equal(json_object_size(body), 3); /* nothing but what is blind */
	for (i = 0; i < json_array_size(json_object_get(body, "blinded")); i++) {
		text = json_string_value(
		    json_array_get(json_object_get(body, "blinded"), i));
		assert_int_equal(b64url_decode(slice_of(text), blinded, sizeof blinded),
		    sizeof blinded);
		if (key != issuer[0]) /* it may not be below another's modulus */
			blinded[0] = 0;
		assert_int_equal(blind_rsa_sign(key, blinded, sig), 0);
		(void)json_array_append_new(list, b64(sig, sizeof sig));
	}
	json_decref(body);
	buf_done(&b);
	return json_pack("{s:o}", "signatures", list);
}

static struct issuer_key
key_of(unsigned which)
{
	struct issuer_key k = { .group = "finance", .epoch = epoch };

	memcpy(k.n, modulus[which], BLIND_RSA_LEN);
	assert_int_equal(token_key_id(k.n, k.id), 0);
	return k;
}

static json_t *
draw(void)
{
	struct issuer_key k = key_of(0);
	json_t *asked = NULL, *signatures, *tokens = NULL;

	assert_int_equal(token_draw_new(&k, 1, BATCH, &asked), EXIT_DONE);
	signatures = sign_all(asked, issuer[0]);
	assert_int_equal(token_draw_finish(asked, &k, signatures, &tokens), EXIT_DONE);
	json_decref(asked);
	json_decref(signatures);
	return tokens;
}

static void
test_draw(void **state)
{
	struct issuer_key k = key_of(0), second = key_of(1);
	unsigned char raw[TOKEN_LEN], prepared[TOKEN_PREPARED];
	json_t *asked = NULL, *signatures, *tokens = draw(), *bad = NULL;
	struct token t;
	size_t i;

	(void)state;
	assert_int_equal(json_array_size(tokens), BATCH);
	for (i = 0; i < BATCH; i++) {
		assert_int_equal(
		    b64url_decode(slice_of(json_string_value(json_array_get(tokens, i))),
			raw, sizeof raw),
		    sizeof raw);
		assert_int_equal(token_get(raw, &t), 0);
		assert_int_equal(t.group, 1);
		assert_int_equal(t.epoch, epoch);
		token_prepared(&t, k.id, prepared);
		assert_int_equal(
		    blind_rsa_verify(issuer[0], prepared, sizeof prepared, t.sig), 0);
	}
	json_decref(tokens);
	/* Elements are for one key and one count. */
	assert_int_equal(token_draw_new(&k, 1, BATCH, &asked), EXIT_DONE);
	assert_true(token_draw_fits(asked, &k, BATCH));
	assert_false(token_draw_fits(asked, &k, BATCH + 1));
	assert_false(token_draw_fits(asked, &second, BATCH));
	/* Signed with another key, too few, in another order: the whole batch is refused.
	 */
	signatures = sign_all(asked, issuer[1]);
	assert_int_equal(token_draw_finish(asked, &k, signatures, &bad), EXIT_REFUSED);
	json_decref(signatures);
	signatures = sign_all(asked, issuer[0]);
	(void)json_array_insert(json_object_get(signatures, "signatures"), 0,
	    json_array_get(json_object_get(signatures, "signatures"), 1));
	assert_int_equal(token_draw_finish(asked, &k, signatures, &bad), EXIT_REFUSED);
	(void)json_array_remove(json_object_get(signatures, "signatures"), 2);
	assert_int_equal(token_draw_finish(asked, &k, signatures, &bad), EXIT_REFUSED);
	assert_null(bad);
	json_decref(signatures);
	json_decref(asked);
}

static const struct token_want bank = { "finance", "bank-ceptoar" };
static const struct token_want credit = { "finance", "credit-ceptoar" };
static const struct token_want power = { "energy", "power-ceptoar" };

/* A batch that `of_group` drew, `in_bank` of them of banks; -1: as an earlier version
 * kept it, without this number. */
static void
fill_as(uint32_t at, unsigned of_group, int in_bank)
{
	struct token_batch b = { .group = "finance",
		.epoch = at,
		.epoch_seconds = WEEK,
		.drawn = of_group,
		.k = 5,
		.in = in_bank < 0 ? NULL : json_pack("{s:i}", "bank-ceptoar", in_bank) };
	struct token_store *t = NULL;
	json_t *tokens = draw();

	assert_int_equal(token_store_open(&s, &t), EXIT_DONE);
	assert_int_equal(token_store_put(t, &b, tokens), EXIT_DONE);
	assert_int_equal(token_store_save(t), EXIT_DONE);
	token_store_close(t);
	json_decref(b.in);
	json_decref(tokens);
}

static void
fill(uint32_t at, unsigned drawn)
{
	fill_as(at, drawn + 100, (int)drawn);
}

static unsigned
left(uint32_t at)
{
	struct token_store *t = NULL;
	struct token_batch b = { .left = 0 };

	assert_int_equal(token_store_open(&s, &t), EXIT_DONE);
	(void)token_store_find(t, "finance", at, &b);
	token_store_close(t);
	return b.left;
}

/* A token is used for one report, and a report uses one token. */
static void
test_take(void **state)
{
	struct taken_token a, b, again;

	(void)state;
	assert_int_equal(token_take(&s, bank, "key-1", &a), EXIT_REFUSED);
	fill(epoch, 7);
	assert_int_equal(token_take(&s, bank, "key-1", &a), EXIT_DONE);
	assert_int_equal(left(epoch), BATCH - 1);
	assert_int_equal(a.drawn, 7);
	assert_int_equal(a.epoch, epoch);
	assert_int_equal(token_take(&s, bank, "key-2", &b), EXIT_DONE);
	assert_memory_not_equal(a.token, b.token, TOKEN_LEN);
	assert_int_equal(token_take(&s, bank, "key-1", &again), EXIT_DONE);
	assert_memory_equal(a.token, again.token, TOKEN_LEN);
	assert_int_equal(left(epoch), BATCH - 2);
	assert_int_equal(token_landed(&s, "key-1"), EXIT_DONE);
	assert_int_equal(token_landed(&s, "nothing"), EXIT_DONE);
	assert_int_equal(token_take(&s, bank, "key-1", &again), EXIT_DONE);
	assert_memory_not_equal(a.token, again.token, TOKEN_LEN);
	assert_int_equal(left(epoch), 0);
	assert_int_equal(token_take(&s, bank, "key-3", &again), EXIT_REFUSED);
	assert_int_equal(token_take(&s, power, "key-3", &again), EXIT_REFUSED);
}

/* It hides among those that drew: the larger crowd, and none at all when it is small. */
static void
test_crowd(void **state)
{
	struct taken_token a;

	(void)state;
	fill(epoch - 2, 900); /* cannot be redeemed any more */
	assert_int_equal(token_take(&s, bank, "key-0", &a), EXIT_REFUSED);
	fill(epoch, 4);
	assert_int_equal(token_take(&s, bank, "key-0", &a), EXIT_REFUSED);
	assert_int_equal(left(epoch), BATCH);
	fill(epoch - 1, 40);
	assert_int_equal(token_take(&s, bank, "key-0", &a), EXIT_DONE);
	assert_int_equal(a.epoch, epoch - 1);
	assert_int_equal(a.drawn, 40);
	fill(epoch, 41);
	assert_int_equal(token_take(&s, bank, "key-1", &a), EXIT_DONE);
	assert_int_equal(a.epoch, epoch);
}

/* Those of other CEPTOARs of the group are no crowd for a report that says its own. */
static void
test_crowd_of_the_ceptoar(void **state)
{
	struct taken_token a;

	(void)state;
	fill_as(epoch - 1, 40, 5);
	fill_as(epoch, 900, 4);
	assert_int_equal(token_look(&s, credit, &a), EXIT_REFUSED);
	assert_int_equal(token_take(&s, credit, "key-0", &a), EXIT_REFUSED);
	assert_int_equal(token_look(&s, bank, &a), EXIT_DONE);
	assert_int_equal(a.known, 1);
	assert_int_equal(a.drawn, 5);
	assert_int_equal(token_take(&s, bank, "key-0", &a), EXIT_DONE);
	assert_int_equal(a.epoch, epoch - 1);
	assert_int_equal(a.drawn, 5);
	/* News of the batch, tokens or not. */
	fill_as(epoch, 900, 6);
	assert_int_equal(token_look(&s, bank, &a), EXIT_DONE);
	assert_int_equal(a.epoch, epoch);
	assert_int_equal(a.drawn, 6);
}

/* A file that an earlier version wrote: the hub has the last word. */
static void
test_crowd_unknown(void **state)
{
	struct taken_token a;

	(void)state;
	fill_as(epoch, 4, -1);
	assert_int_equal(token_look(&s, bank, &a), EXIT_REFUSED);
	fill_as(epoch, 9, -1);
	assert_int_equal(token_look(&s, bank, &a), EXIT_DONE);
	assert_int_equal(a.known, 0);
	assert_int_equal(a.drawn, 9); /* of the group */
	assert_int_equal(token_take(&s, bank, "key-0", &a), EXIT_DONE);
	assert_int_equal(a.known, 0);
	fill_as(epoch, 9, 2); /* the next scheduled run */
	assert_int_equal(token_look(&s, bank, &a), EXIT_REFUSED);
}

static void
test_prune(void **state)
{
	static const unsigned a[] = { 0 };
	struct key_statement *st = statement(1, 1, a);
	struct token_store *t = NULL;
	struct token_batch b;
	json_t *asked;

	(void)state;
	fill(epoch, 7);
	assert_int_equal(token_store_open(&s, &t), EXIT_DONE);
	asked = json_pack("{s:s, s:I}", "group", "finance", "epoch", (json_int_t)epoch);
	assert_int_equal(token_store_ask(t, asked), EXIT_DONE);
	assert_int_equal(token_store_pin(t, said_by, st), EXIT_DONE);
	token_store_prune(t, epoch);
	assert_non_null(token_store_asked(t, "finance", epoch));
	token_store_prune(t, epoch + 1);
	assert_true(token_store_find(t, "finance", epoch, &b));
	assert_null(token_store_asked(t, "finance", epoch));
	token_store_prune(t, epoch + 2);
	assert_false(token_store_find(t, "finance", epoch, &b));
	token_store_close(t);
	free(st);
}

/* The mode of the one file of tokens in the state folder. */
static unsigned
mode_of_file(void)
{
	char path[PATH_MAX + 64];
	struct buf names;
	struct stat st;

	buf_init(&names, 4096);
	state_list(&s, "tokens-", &names);
	assert_int_equal(names.n, strlen("tokens-0011223344556677\n"));
	(void)snprintf(path, sizeof path, "%s/%.23s.json", s.state_dir, names.p);
	assert_int_equal(stat(path, &st), 0);
	buf_done(&names);
	return st.st_mode & 07777;
}

/* The file: nobody else's to read, and of one member. */
static void
test_file(void **state)
{
	struct token_store *t = NULL;
	char other[96];
	struct stat st;

	(void)state;
	fill(epoch, 7);
	assert_int_equal(stat(s.state_dir, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	assert_int_equal(mode_of_file(), 0600);
	(void)snprintf(other, sizeof other, "%s/other", dir);
	assert_int_equal(file_mkdir(other, 0700), 0);
	(void)snprintf(s.folder, sizeof s.folder, "%s", other);
	assert_int_equal(left(epoch), 0);
	(void)snprintf(s.folder, sizeof s.folder, "%s/nowhere", dir);
	assert_int_equal(token_store_open(&s, &t), EXIT_REFUSED);
	s.state_dir[0] = '\0';
	(void)snprintf(s.folder, sizeof s.folder, "%s", other);
	assert_int_equal(token_store_open(&s, &t), EXIT_USAGE);
	assert_null(t);
}

/* A file that was cut short is not taken for an empty one: its tokens would be drawn
 * anew, which the hub refuses, and what was seen would be forgotten. */
static void
test_damaged(void **state)
{
	struct token_store *t = NULL;
	char path[PATH_MAX + 64];
	struct buf names;

	(void)state;
	fill(epoch, 7);
	buf_init(&names, 4096);
	state_list(&s, "tokens-", &names);
	(void)snprintf(path, sizeof path, "%s/%.23s.json", s.state_dir, names.p);
	buf_done(&names);
	assert_int_equal(file_write(path, 0600, "{\"drawn\":[", 10), 0);
	assert_int_equal(token_store_open(&s, &t), EXIT_REFUSED);
	assert_null(t);
}

/* Own groups: those of CEPTOARs in which the member is operator or affiliate. */
static void
test_groups(void **state)
{
	struct taxonomy *t = NULL;
	json_t *me = json_loads("{\"roles\":["
				"{\"ceptoar\":\"medical-ceptoar\",\"role\":\"operator\"},"
				"{\"ceptoar\":\"bank-ceptoar\",\"role\":\"secretariat\"},"
				"{\"ceptoar\":\"t-ceptoar\",\"role\":\"affiliate\"},"
				"{\"ceptoar\":\"no-ceptoar\",\"role\":\"operator\"},"
				"{\"role\":\"centre\"}]}",
	    0, NULL);

	(void)state;
	assert_non_null(me);
	assert_int_equal(data_lists(&t), EXIT_DONE);
	assert_true(data_own_groups(t, me) == ((uint64_t)1 << 4 | 1));
	assert_true(data_own_groups(t, NULL) == 0);
	taxonomy_free(t);
	json_decref(me);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_keys, fresh),
		cmocka_unit_test_setup(test_refused, fresh),
		cmocka_unit_test_setup(test_pin, fresh),
		cmocka_unit_test_setup(test_draw, fresh),
		cmocka_unit_test_setup(test_take, fresh),
		cmocka_unit_test_setup(test_crowd, fresh),
		cmocka_unit_test_setup(test_crowd_of_the_ceptoar, fresh),
		cmocka_unit_test_setup(test_crowd_unknown, fresh),
		cmocka_unit_test_setup(test_prune, fresh),
		cmocka_unit_test_setup(test_file, fresh),
		cmocka_unit_test_setup(test_damaged, fresh),
		cmocka_unit_test(test_groups),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
