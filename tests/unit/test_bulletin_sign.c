/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/bulletin_sign.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/evp.h>

#include "lib/mem.h"
#include "proto/frame.h"
#include "proto/jws.h"

static EVP_PKEY *key, *other;
static unsigned char point[JWK_POINT];
static char kid[JWK_KID + 1];
static struct jwks *keys, *others;

static const char text[] =
    "{\"ack\":{\"required\":false},\"number\":\"2026-7KQ2M\",\"severity\":3,"
    "\"summary\":{\"ja\":\"a\\\"},{\\\\\"},\"title\":{\"en\":\"x\\u001f\"}}";

static struct jwks *
set_of(const EVP_PKEY *k)
{
	unsigned char p[JWK_POINT];
	struct jwks *set = NULL;
	struct fault why;
	struct buf b;

	buf_init(&b, JWKS_MAX);
	buf_adds(&b, "{\"keys\":[");
	assert_int_equal(jwk_point(k, p), 0);
	assert_int_equal(jwk_write(p, &b), 0);
	buf_adds(&b, "]}");
	assert_int_equal(jwks_read(buf_slice(&b), &set, &why), 0);
	buf_done(&b);
	return set;
}

static int
setup(void **state)
{
	(void)state;
	key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
	other = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
	assert_true(key != NULL && other != NULL);
	assert_int_equal(jwk_point(key, point), 0);
	assert_int_equal(jwk_kid(point, kid), 0);
	keys = set_of(key);
	others = set_of(other);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	EVP_PKEY_free(key);
	EVP_PKEY_free(other);
	jwks_free(keys);
	jwks_free(others);
	return 0;
}

/* The key and thumbprint of RFC 9449, section 5 and 6.1. */
static void
test_thumbprint(void **state)
{
	static const char x[] = "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs",
			  y[] = "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA";
	unsigned char p[JWK_POINT] = { 4 }, again[JWK_POINT];
	char name[JWK_KID + 1];
	EVP_PKEY *k = NULL;

	(void)state;
	assert_int_equal(b64url_decode(slice_of(x), p + 1, 32), 32);
	assert_int_equal(b64url_decode(slice_of(y), p + 33, 32), 32);
	assert_int_equal(jwk_kid(p, name), 0);
	assert_string_equal(name, "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I");
	assert_int_equal(jwk_key(p, &k), 0);
	assert_int_equal(jwk_point(k, again), 0);
	assert_memory_equal(p, again, JWK_POINT);
	EVP_PKEY_free(k);
	p[64] ^= 1; /* no point of the curve */
	assert_int_equal(jwk_key(p, &k), ERR_INVALID);
}

static void
test_sets(void **state)
{
	static const char *const bad[] = { "", "[]", "{}", "{\"keys\":[]}",
		"{\"keys\":{}}", "{\"keys\":[1]}",
		"{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"AA\"}]"
		"}",
		"{\"keys\":[{\"kty\":\"RSA\",\"n\":\"AA\",\"e\":\"AQAB\"}]}" };
	struct jwks *set = NULL;
	struct fault why;
	struct buf b, one;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_int_equal(jwks_read(slice_of(bad[i]), &set, &why), ERR_INVALID);
	buf_init(&b, JWKS_MAX);
	buf_init(&one, JWKS_MAX);
	assert_int_equal(jwk_write(point, &one), 0);
	/* The same key twice; a kid that is not the thumbprint; a private key. */
	buf_addf(&b, "{\"keys\":[%s,%s]}", buf_cstr(&one), buf_cstr(&one));
	assert_int_equal(jwks_read(buf_slice(&b), &set, &why), ERR_INVALID);
	assert_string_equal(why.pointer, "/keys/1");
	memcpy(strstr(one.p, "\"kid\":\"") + 7, "AAAA", 4);
	buf_reset(&b);
	buf_addf(&b, "{\"keys\":[%s]}", buf_cstr(&one));
	assert_int_equal(jwks_read(buf_slice(&b), &set, &why), ERR_INVALID);
	buf_reset(&one);
	assert_int_equal(jwk_write(point, &one), 0);
	buf_reset(&b);
	buf_addf(&b, "{\"keys\":[{\"d\":\"AA\",%s]}", buf_cstr(&one) + 1);
	assert_int_equal(jwks_read(buf_slice(&b), &set, &why), ERR_INVALID);
	assert_null(set);
	buf_done(&b);
	buf_done(&one);
	assert_int_equal(jwks_count(keys), 1);
	assert_string_equal(jwks_kid(keys, 0), kid);
	assert_null(jwks_find(keys, "x"));
}

/* Where the member goes, whatever stands around it. */
static void
test_place(void **state)
{
	static const struct {
		const char *plain, *with;
	} table[] = {
		{ "{}", "{\"signature\":\"J\"}" },
		{ "{\"a\":1}", "{\"a\":1,\"signature\":\"J\"}" },
		{ "{\"title\":1}", "{\"signature\":\"J\",\"title\":1}" },
		{ "{\"a\":[{\"z\":\"}\"}],\"z\":\"signature\"}",
		    "{\"a\":[{\"z\":\"}\"}],\"signature\":\"J\",\"z\":\"signature\"}" },
		{ "{\"a\":{\"signature\":1},\"sig\":2,\"signatures\":3}",
		    "{\"a\":{\"signature\":1},\"sig\":2,\"signature\":\"J\","
		    "\"signatures\":3}" },
		{ "{\"a\":\"\\\\\",\"b\":\"\\\"\"}",
		    "{\"a\":\"\\\\\",\"b\":\"\\\"\",\"signature\":\"J\"}" },
	};
	struct slice jws;
	struct buf b;
	size_t i;

	(void)state;
	buf_init(&b, 4096);
	for (i = 0; i < sizeof table / sizeof table[0]; i++) {
		buf_reset(&b);
		assert_int_equal(
		    bulletin_sign_insert(slice_of(table[i].plain), slice_of("J"), &b), 0);
		assert_string_equal(buf_cstr(&b), table[i].with);
		buf_reset(&b);
		assert_int_equal(
		    bulletin_sign_take(slice_of(table[i].with), &b, &jws), 0);
		assert_string_equal(buf_cstr(&b), table[i].plain);
		assert_true(slice_eq(jws, "J"));
		buf_reset(&b);
		assert_int_equal(
		    bulletin_sign_take(slice_of(table[i].plain), &b, &jws), ERR_NOTFOUND);
		assert_int_equal(
		    bulletin_sign_insert(slice_of(table[i].with), slice_of("J"), &b),
		    ERR_INVALID);
	}
	buf_done(&b);
}

static void
test_no_object(void **state)
{
	static const char *const bad[] = { "", "{", "}", "[]", "\"\"", "{\"a\"}",
		"{\"a\":}x", "{\"a\":1,}", "{\"a\":1]", "{,}", "{\"a\":\"}", "{\"a\":[1}",
		"{}{}", "{}\n", " {}", "{\"a\":1}}",
		"{\"signature\":\"a\",\"signature\":\"b\"}", "{\"signature\":1}",
		"{\"signature\":\"a\"b}", "{\"signature\":[\"a\"]}" };
	struct slice jws;
	struct buf b;
	size_t i;

	(void)state;
	buf_init(&b, 4096);
	for (i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (bulletin_sign_take(slice_of(bad[i]), &b, &jws) >= 0)
			fail_msg("%s", bad[i]);
	buf_done(&b);
}

static void
sign_it(struct buf *b)
{
	buf_init(b, FRAME_BODY_MAX);
	buf_adds(b, text);
	assert_int_equal(bulletin_sign(key, kid, b), 0);
}

/* The object stays canonical, key order included, and verifies by the right key only. */
static void
test_round_trip(void **state)
{
	char by[JWK_KID + 1];
	struct fault why;
	struct buf b, again;
	json_t *j = NULL;

	(void)state;
	sign_it(&b);
	assert_int_equal(json_read(buf_slice(&b), &json_caps_report, &j, &why), 0);
	buf_init(&again, FRAME_BODY_MAX);
	assert_int_equal(json_canonical(j, &again), 0);
	assert_int_equal(again.n, b.n);
	assert_memory_equal(again.p, b.p, b.n);
	assert_int_equal(b.n - strlen(text),
	    strlen("\"signature\":\"\",") +
		(size_t)json_string_length(json_object_get(j, "signature")));
	json_decref(j);
	assert_int_equal(bulletin_verify(keys, buf_slice(&b), by), 0);
	assert_string_equal(by, kid);
	assert_int_equal(bulletin_verify(others, buf_slice(&b), by), ERR_CONFLICT);
	assert_string_equal(by, kid);
	assert_int_equal(bulletin_verify(keys, slice_of(text), by), ERR_NOTFOUND);
	/* Signed twice it never is. */
	assert_int_equal(bulletin_sign(key, kid, &b), ERR_INVALID);
	assert_int_equal(b.n, again.n);
	buf_done(&again);
	buf_done(&b);
}

/* Another hub's key is good for the original in a relay, and for nothing else. */
static void
test_foreign(void **state)
{
	static const char *const shapes[] = { "{\"foreign\":[%s],\"keys\":[%s]}",
		"{\"foreign\":[%s],\"keys\":[%s,%s]}", "{\"foreign\":%s,\"keys\":[%s]}",
		"{\"foreign\":[%s],\"keys\":[]}", "{\"foreign\":[%s,1],\"keys\":[%s]}" };
	unsigned char p[JWK_POINT];
	struct buf b, ours, theirs, set_text;
	struct jwks *set = NULL;
	char by[JWK_KID + 1];
	struct fault why;
	size_t i;

	(void)state;
	buf_init(&ours, 1024);
	buf_init(&theirs, 1024);
	buf_init(&set_text, JWKS_MAX);
	assert_int_equal(jwk_write(point, &ours), 0);
	assert_int_equal(jwk_point(other, p), 0);
	assert_int_equal(jwk_write(p, &theirs), 0);
	for (i = 1; i < sizeof shapes / sizeof shapes[0]; i++) {
		buf_reset(&set_text);
		/* The second of them has one key in both lists. */
		buf_addf(&set_text, shapes[i], buf_cstr(&theirs), buf_cstr(&ours),
		    buf_cstr(&theirs));
		assert_int_equal(
		    jwks_read(buf_slice(&set_text), &set, &why), ERR_INVALID);
	}
	buf_reset(&set_text);
	buf_addf(&set_text, shapes[0], buf_cstr(&theirs), buf_cstr(&ours));
	assert_int_equal(jwks_read(buf_slice(&set_text), &set, &why), 0);
	assert_int_equal(jwks_count(set), 1);
	assert_int_equal(jwks_count(jwks_foreign(set)), 1);
	sign_it(&b);
	assert_int_equal(bulletin_verify(set, buf_slice(&b), by), 0);
	assert_int_equal(bulletin_verify_original(set, buf_slice(&b), by), 0);
	assert_int_equal(bulletin_verify_original(keys, buf_slice(&b), by), 0);
	buf_reset(&b);
	buf_adds(&b, text);
	assert_int_equal(jwk_kid(p, by), 0);
	assert_int_equal(bulletin_sign(other, by, &b), 0);
	assert_int_equal(bulletin_verify(set, buf_slice(&b), by), ERR_CONFLICT);
	assert_int_equal(bulletin_verify_original(set, buf_slice(&b), by), 0);
	assert_int_equal(bulletin_verify_original(keys, buf_slice(&b), by), ERR_CONFLICT);
	b.p[b.n - 3] ^= 1;
	assert_int_not_equal(bulletin_verify_original(set, buf_slice(&b), by), 0);
	jwks_free(set);
	buf_done(&b);
	buf_done(&ours);
	buf_done(&theirs);
	buf_done(&set_text);
}

/* By another key under this one's name, or as another kind of statement. */
static void
test_forged(void **state)
{
	char by[JWK_KID + 1];
	struct buf jws, b;

	(void)state;
	buf_init(&jws, 4096);
	buf_init(&b, 4096);
	assert_int_equal(jws_sign_kid(other, BULLETIN_SIGN_TYP, kid, slice_of(text),
			     JWS_DETACHED, &jws),
	    0);
	assert_int_equal(bulletin_sign_insert(slice_of(text), buf_slice(&jws), &b), 0);
	assert_int_equal(bulletin_verify(keys, buf_slice(&b), by), ERR_DENIED);
	buf_reset(&jws);
	buf_reset(&b);
	assert_int_equal(
	    jws_sign_kid(key, "ceptoar-bundle", kid, slice_of(text), JWS_DETACHED, &jws),
	    0);
	assert_int_equal(bulletin_sign_insert(slice_of(text), buf_slice(&jws), &b), 0);
	assert_int_equal(bulletin_verify(keys, buf_slice(&b), by), ERR_INVALID);
	buf_reset(&jws);
	buf_reset(&b);
	assert_int_equal(
	    jws_sign(key, BULLETIN_SIGN_TYP, slice_of(text), JWS_DETACHED, &jws), 0);
	assert_int_equal(bulletin_sign_insert(slice_of(text), buf_slice(&jws), &b), 0);
	assert_int_equal(bulletin_verify(keys, buf_slice(&b), by), ERR_INVALID);
	buf_done(&jws);
	buf_done(&b);
}

/* One byte changed, taken away or put in, at every place: it does not verify. */
static void
test_every_byte(void **state)
{
	static const unsigned char flips[] = { 0x01, 0x20, 0x80, 0x5c };
	char by[JWK_KID + 1], copy[1024];
	struct buf b;
	size_t i, f;

	(void)state;
	sign_it(&b);
	assert_true(b.n < sizeof copy - 1);
	for (i = 0; i < b.n; i++) {
		for (f = 0; f < sizeof flips; f++) {
			memcpy(copy, b.p, b.n);
			copy[i] = (char)(copy[i] ^ flips[f]);
			if (bulletin_verify(keys, (struct slice){ copy, b.n }, by) == 0)
				fail_msg("byte %zu, flip %x", i, flips[f]);
		}
		memmove(copy, b.p, i);
		memcpy(copy + i, b.p + i + 1, b.n - i - 1);
		if (bulletin_verify(keys, (struct slice){ copy, b.n - 1 }, by) == 0)
			fail_msg("without byte %zu", i);
		memcpy(copy, b.p, i);
		copy[i] = ' ';
		memcpy(copy + i + 1, b.p + i, b.n - i);
		if (bulletin_verify(keys, (struct slice){ copy, b.n + 1 }, by) == 0)
			fail_msg("a blank at %zu", i);
	}
	buf_done(&b);
}

static void
test_out_of_memory(void **state)
{
	char by[JWK_KID + 1];
	unsigned long n;
	struct buf b;
	int rc;

	(void)state;
	for (n = 1;; n++) {
		buf_init(&b, FRAME_BODY_MAX);
		buf_adds(&b, text);
		(void)mem_fail_at(n);
		rc = bulletin_sign(key, kid, &b);
		(void)mem_fail_at(0);
		if (rc == 0)
			break;
		assert_int_equal(rc, ERR_NOMEM);
		assert_true(slice_eq(buf_slice(&b), text)); /* as it was */
		buf_done(&b);
	}
	assert_true(n > 2);
	assert_int_equal(bulletin_verify(keys, buf_slice(&b), by), 0);
	buf_done(&b);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_thumbprint),
		cmocka_unit_test(test_sets),
		cmocka_unit_test(test_place),
		cmocka_unit_test(test_no_object),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_foreign),
		cmocka_unit_test(test_forged),
		cmocka_unit_test(test_every_byte),
		cmocka_unit_test(test_out_of_memory),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
