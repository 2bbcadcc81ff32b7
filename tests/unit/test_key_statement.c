/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/key_statement.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/evp.h>

#include "lib/mem.h"

#define ID_A "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define ID_B "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define ID_C "AgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

/* The one that the others change a little: its bytes are those of RFC 8785. */
static const char good[] =
    "{\"epoch_seconds\":604800,\"issued_at\":\"2026-08-06T10:00:00+09:00\",\"keys\":["
    "{\"epoch\":2968,\"group\":\"finance\",\"key_id\":\"" ID_A "\"},"
    "{\"epoch\":2969,\"group\":\"finance\",\"key_id\":\"" ID_B "\"}],"
    "\"revoked\":[\"" ID_C "\"],\"serial\":7,\"v\":1}";

static EVP_PKEY *council, *other;

static int
setup(void **state)
{
	(void)state;
	council = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
	other = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
	return council == NULL || other == NULL;
}

static int
teardown(void **state)
{
	(void)state;
	EVP_PKEY_free(council);
	EVP_PKEY_free(other);
	return 0;
}

static struct key_statement *
read_good(void)
{
	struct key_statement *s = NULL;
	struct fault why;

	assert_int_equal(key_statement_read(slice_of(good), &s, &why), 0);
	return s;
}

static void
test_read_write(void **state)
{
	struct key_statement *s = read_good();
	unsigned char c[KEY_ID_LEN] = { 2 }, d[KEY_ID_LEN] = { 3 };
	struct buf out;

	(void)state;
	assert_true(s->serial == 7);
	assert_int_equal(s->epoch_seconds, 604800);
	assert_string_equal(s->issued_at, "2026-08-06T10:00:00+09:00");
	assert_int_equal(s->n_keys, 2);
	assert_int_equal(s->n_revoked, 1);
	assert_true(key_statement_find(s, slice_of("finance"), 2969) == &s->keys[1]);
	assert_int_equal(s->keys[1].id[0], 1);
	assert_null(key_statement_find(s, slice_of("finance"), 2970));
	assert_null(key_statement_find(s, slice_of("energy"), 2968));
	assert_null(key_statement_find(s, slice_of("financ"), 2968));
	assert_true(key_statement_revokes(s, c));
	assert_false(key_statement_revokes(s, d));
	buf_init(&out, 4096);
	assert_int_equal(key_statement_write(s, &out), 0);
	assert_string_equal(buf_cstr(&out), good);
	buf_done(&out);
	key_statement_free(s);
	key_statement_free(NULL);
}

static void
test_signature(void **state)
{
	struct key_statement *s = read_good(), *got = NULL;
	struct fault why;
	struct slice jws;
	struct buf out;

	(void)state;
	buf_init(&out, STATEMENT_MAX + 2);
	assert_int_equal(key_statement_sign(s, council, &out), 0);
	assert_int_equal(
	    key_statement_open(other, buf_slice(&out), &got, &why), ERR_DENIED);
	assert_string_equal(why.detail, "a signature of the council's key");
	assert_null(got);
	assert_int_equal(key_statement_open(council, buf_slice(&out), &got, &why), 0);
	assert_memory_equal(s, got, sizeof *s);
	key_statement_free(got);
	assert_int_equal(
	    key_statement_open(council, slice_of("a.b"), &got, &why), ERR_INVALID);
	while (out.n <= STATEMENT_MAX)
		buf_addc(&out, 'A');
	jws = buf_slice(&out);
	assert_int_equal(key_statement_open(council, jws, &got, &why), ERR_INVALID);
	assert_int_equal(why.problem, P_TOO_LARGE);
	buf_done(&out);
	key_statement_free(s);
}

/* What of `good` is replaced by what, and where the fault is said to be. */
static const struct {
	const char *from, *to, *pointer;
} refused[] = {
	{ "\"v\":1", "\"v\":2", "/v" },
	{ "\"v\":1", "\"v\":1,\"w\":1", "" },
	{ ",\"v\":1", "", "" },
	{ "\"serial\":7", "\"serial\":0", "/serial" },
	{ "\"serial\":7", "\"serial\":9007199254740992", "/serial" },
	{ "\"serial\":7", "\"serial\":-1", "/serial" },
	{ "\"serial\":7", "\"serial\":\"7\"", "/serial" },
	{ "604800", "59", "/epoch_seconds" },
	{ "604800", "4294967296", "/epoch_seconds" },
	{ "2026-08-06T10", "2026-13-06T10", "/issued_at" },
	{ "+09:00", "Z", "/issued_at" },
	{ "+09:00", "+00:00", "/issued_at" },
	{ "\"2026-08-06T10:00:00+09:00\"", "null", "/issued_at" },
	{ ":2968", ":4294967296", "/keys/0/epoch" },
	{ ":2968", ":true", "/keys/0/epoch" },
	{ ":2969", ":2968", "/keys/1" },
	{ "\"finance\"", "\"Finance\"", "/keys/0/group" },
	{ "\"finance\"", "\"\"", "/keys/0/group" },
	{ "\"finance\"", "\"abcdefghijklmnopqrstuvwxyz-012345\"", "/keys/0/group" },
	{ "\"finance\"", "[]", "/keys/0/group" },
	{ ID_A, "AAAA", "/keys/0/key_id" },
	{ ID_A, ID_A "A", "/keys/0/key_id" },
	{ ID_A, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB", "/keys/0/key_id" },
	{ ID_C, ID_B, "/keys/1/key_id" }, /* listed and revoked */
	{ "\"" ID_C "\"", "7", "/revoked/0" },
	{ "[\"" ID_C "\"]", "{}", "/revoked" },
	{ "{\"epoch\":2968", "{\"more\":1,\"epoch\":2968", "/keys/0" },
};

static void
test_refused(void **state)
{
	struct key_statement *s = NULL;
	struct fault why;
	struct buf b;
	const char *at;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof refused / sizeof refused[0]; i++) {
		buf_init(&b, 4096);
		at = strstr(good, refused[i].from);
		assert_non_null(at);
		buf_add(&b, good, (size_t)(at - good));
		buf_adds(&b, refused[i].to);
		buf_adds(&b, at + strlen(refused[i].from));
		assert_int_equal(
		    key_statement_read(buf_slice(&b), &s, &why), ERR_INVALID);
		assert_string_equal(why.pointer, refused[i].pointer);
		assert_non_null(why.detail);
		buf_done(&b);
	}
	assert_int_equal(key_statement_read(slice_of("[]"), &s, &why), ERR_INVALID);
	assert_int_equal(key_statement_read(slice_of("{"), &s, &why), ERR_INVALID);
	assert_int_equal(why.problem, P_JSON_SYNTAX);
	assert_null(s);
}

/* Puts `what` behind `key`. */
static void
add_one(struct buf *b, const char *key, const char *what)
{
	size_t n = strlen(what), at;
	char *p = memmem(b->p, b->n, key, strlen(key));

	assert_non_null(p);
	at = (size_t)(p - b->p) + strlen(key);
	buf_adds(b, what); /* makes room */
	memmove(b->p + at + n, b->p + at, b->n - n - at);
	memcpy(b->p + at, what, n);
}

/* The largest one is written, signed and read; one more key is refused. */
static void
test_limits(void **state)
{
	struct key_statement *s = read_good(), *got = NULL;
	struct fault why;
	struct buf out;
	unsigned i;

	(void)state;
	for (i = 0; i < STATEMENT_KEYS; i++) {
		s->keys[i].epoch = UINT32_MAX - i;
		memset(s->keys[i].group, 'g', STATEMENT_GROUP - 1);
		s->keys[i].group[STATEMENT_GROUP - 1] = '\0';
		memset(s->keys[i].id, 0xfe, KEY_ID_LEN);
	}
	memset(s->revoked, 0xff, sizeof s->revoked);
	s->n_keys = STATEMENT_KEYS;
	s->n_revoked = STATEMENT_REVOKED;
	buf_init(&out, STATEMENT_MAX);
	assert_int_equal(key_statement_sign(s, council, &out), 0);
	assert_int_equal(key_statement_open(council, buf_slice(&out), &got, &why), 0);
	assert_int_equal(got->n_keys, STATEMENT_KEYS);
	key_statement_free(got);
	/* One more of each. */
	for (i = 0; i < 2; i++) {
		buf_reset(&out);
		assert_int_equal(key_statement_write(s, &out), 0);
		add_one(&out, i == 0 ? "\"keys\":[" : "\"revoked\":[",
		    i == 0 ? "{\"epoch\":1,\"group\":\"g\",\"key_id\":\"" ID_A "\"},"
			   : "\"" ID_A "\",");
		assert_int_equal(
		    key_statement_read(buf_slice(&out), &got, &why), ERR_INVALID);
		assert_string_equal(why.pointer, i == 0 ? "/keys" : "/revoked");
	}
	buf_done(&out);
	key_statement_free(s);
}

static void
test_no_memory(void **state)
{
	struct key_statement *s = NULL;
	struct fault why;
	unsigned long i;
	int rc = ERR_NOMEM;

	(void)state;
	for (i = 1; rc != 0 && i < 500; i++) {
		(void)mem_fail_at(i);
		rc = key_statement_read(slice_of(good), &s, &why);
		(void)mem_fail_at(0);
		assert_true(rc == 0 || rc == ERR_NOMEM);
	}
	assert_int_equal(rc, 0);
	assert_true(i > 2);
	key_statement_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read_write),
		cmocka_unit_test(test_signature),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_no_memory),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
