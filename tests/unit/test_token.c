/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/token.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const struct token sample = { .group = 3,
	.epoch = 0x01020304,
	.nonce = "a nonce of thirty-two characters",
	.prefix = "a prefix, as long as the nonce i",
	.sig = "a signature" };

/* The bytes are a contract: the sizes and places that the header gives. */
static void
test_layout(void **state)
{
	static const unsigned char head[] = { 1, 3, 1, 2, 3, 4 };
	unsigned char raw[TOKEN_LEN];
	struct token t = { 0 };

	(void)state;
	assert_int_equal(TOKEN_LEN, 454);
	assert_int_equal(TOKEN_TEXT, 606);
	assert_int_equal(TOKEN_PREPARED, 115);
	token_put(&sample, raw);
	assert_memory_equal(raw, head, sizeof head);
	assert_memory_equal(raw + 6, sample.nonce, 32);
	assert_memory_equal(raw + 38, sample.prefix, 32);
	assert_memory_equal(raw + 70, sample.sig, 384);
	assert_int_equal(token_get(raw, &t), 0);
	assert_int_equal(t.group, 3);
	assert_int_equal(t.epoch, 0x01020304);
	assert_memory_equal(t.nonce, sample.nonce, 32);
	assert_memory_equal(t.prefix, sample.prefix, 32);
	assert_memory_equal(t.sig, sample.sig, 384);
	raw[0] = 0;
	assert_int_equal(token_get(raw, &t), ERR_INVALID);
	raw[0] = 2;
	assert_int_equal(token_get(raw, &t), ERR_INVALID);
}

static void
test_prepared(void **state)
{
	static const char want[] = "a prefix, as long as the nonce i"
				   "CEPTOAR token\x01\x03\x01\x02\x03\x04"
				   "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"
				   "a nonce of thirty-two characters";
	unsigned char id[KEY_ID_LEN], p[TOKEN_PREPARED], spent[32], other[32];
	struct token t = sample;

	(void)state;
	memset(id, 'k', sizeof id);
	token_prepared(&sample, id, p);
	assert_int_equal(sizeof want - 1, TOKEN_PREPARED);
	assert_memory_equal(p, want, TOKEN_PREPARED);
	assert_int_equal(token_spent_id(p, spent), 0);
	/* A signature of its own for the same token makes no second one. */
	t.sig[0] ^= 1;
	token_prepared(&t, id, p);
	assert_int_equal(token_spent_id(p, other), 0);
	assert_memory_equal(spent, other, 32);
	t.nonce[31] ^= 1;
	token_prepared(&t, id, p);
	assert_int_equal(token_spent_id(p, other), 0);
	assert_memory_not_equal(spent, other, 32);
}

/* SHA-256 of 384 zeros. */
static void
test_key_id(void **state)
{
	unsigned char n[BLIND_RSA_LEN] = { 0 }, id[KEY_ID_LEN];
	struct buf hex;

	(void)state;
	assert_int_equal(token_key_id(n, id), 0);
	buf_init(&hex, 128);
	buf_add_hex(&hex, id, sizeof id);
	assert_string_equal(buf_cstr(&hex),
	    "a1a4f5721c1c4610af7f71078f3a68c330536d679803b0e0507ee8dc10c5dfca");
	buf_done(&hex);
}

static int
reads(const char *before, const char *text, size_t n, const char *after)
{
	unsigned char raw[TOKEN_LEN];
	struct buf b;
	int rc;

	buf_init(&b, 4096);
	buf_adds(&b, before);
	buf_add(&b, text, n);
	buf_adds(&b, after);
	rc = token_read(buf_slice(&b), raw);
	buf_done(&b);
	return rc;
}

static void
test_header(void **state)
{
	unsigned char raw[TOKEN_LEN], again[TOKEN_LEN];
	const char *t;
	struct buf b;

	(void)state;
	token_put(&sample, raw);
	buf_init(&b, 1024);
	token_write(raw, &b);
	assert_int_equal(b.n, strlen("PrivateToken token=\"\"") + TOKEN_TEXT);
	assert_int_equal(token_read(buf_slice(&b), again), 0);
	assert_memory_equal(raw, again, sizeof raw);
	t = b.p + strlen("PrivateToken token=\"");
	assert_int_equal(reads("privatetoken   TOKEN=\"", t, TOKEN_TEXT, "\""), 0);
	/* Another scheme is somebody else's business. */
	assert_int_equal(reads("Case ", t, TOKEN_TEXT, ""), ERR_NOTFOUND);
	assert_int_equal(
	    reads("PrivateTokens token=\"", t, TOKEN_TEXT, "\""), ERR_NOTFOUND);
	assert_int_equal(reads("", "", 0, ""), ERR_NOTFOUND);
	assert_int_equal(reads("PrivateToke", "", 0, ""), ERR_NOTFOUND);
	assert_int_equal(reads("PrivateToken", "", 0, ""), ERR_INVALID);
	assert_int_equal(reads("PrivateToken ", "", 0, ""), ERR_INVALID);
	assert_int_equal(reads("PrivateToken ", t, TOKEN_TEXT, ""), ERR_INVALID);
	assert_int_equal(reads("PrivateToken token=", t, TOKEN_TEXT, ""), ERR_INVALID);
	assert_int_equal(reads("PrivateToken token=\"", t, TOKEN_TEXT, ""), ERR_INVALID);
	assert_int_equal(
	    reads("PrivateToken token=\"", t, TOKEN_TEXT - 1, "\""), ERR_INVALID);
	assert_int_equal(
	    reads("PrivateToken token=\"", t, TOKEN_TEXT, "A\""), ERR_INVALID);
	assert_int_equal(
	    reads("PrivateToken token=\"", t, TOKEN_TEXT, "\" "), ERR_INVALID);
	assert_int_equal(
	    reads("PrivateToken token=\"", t, TOKEN_TEXT, "\", a=b"), ERR_INVALID);
	assert_int_equal(
	    reads("PrivateToken token=\"", t, TOKEN_TEXT - 1, "=\""), ERR_INVALID);
	assert_int_equal(
	    reads("PrivateToken token=\"", t, TOKEN_TEXT - 1, "+\""), ERR_INVALID);
	/* 454 bytes leave four unused bits, which are zeros. */
	assert_int_equal(
	    reads("PrivateToken token=\"", t, TOKEN_TEXT - 1, "_\""), ERR_INVALID);
	buf_done(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_layout),
		cmocka_unit_test(test_prepared),
		cmocka_unit_test(test_key_id),
		cmocka_unit_test(test_header),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
