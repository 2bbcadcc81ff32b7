/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/jws.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/evp.h>

#include "lib/mem.h"

static const char typ[] = "ceptoar-keys";
static EVP_PKEY *key, *other;
static struct buf good;	      /* over "payload" */
static struct slice parts[3]; /* of it */

static int
setup(void **state)
{
	char *at, *end;

	(void)state;
	key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
	other = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
	assert_true(key != NULL && other != NULL);
	buf_init(&good, 4096);
	assert_int_equal(jws_sign(key, typ, slice_of("payload"), JWS_COMPACT, &good), 0);
	at = memchr(good.p, '.', good.n);
	end = memrchr(good.p, '.', good.n);
	assert_true(at != NULL && end > at);
	parts[0] = (struct slice){ good.p, (size_t)(at - good.p) };
	parts[1] = (struct slice){ at + 1, (size_t)(end - at) - 1 };
	parts[2] = (struct slice){ end + 1, good.n - (size_t)(end + 1 - good.p) };
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	EVP_PKEY_free(key);
	EVP_PKEY_free(other);
	buf_done(&good);
	return 0;
}

static int
opens(EVP_PKEY *k, const char *t, struct slice jws)
{
	struct buf out;
	int rc;

	buf_init(&out, 4096);
	rc = jws_open(k, t, jws, &out);
	if (rc == 0)
		assert_string_equal(buf_cstr(&out), "payload");
	else
		assert_int_equal(out.n, 0);
	buf_done(&out);
	return rc;
}

static void
test_round_trip(void **state)
{
	unsigned char raw[128];
	struct buf again;
	int differ;

	(void)state;
	assert_int_equal(opens(key, typ, buf_slice(&good)), 0);
	assert_int_equal(b64url_decode(parts[2], raw, sizeof raw), JWS_SIGNATURE);
	assert_int_equal(b64url_decode(parts[0], raw, sizeof raw), 36);
	assert_memory_equal(raw, "{\"alg\":\"ES256\",\"typ\":\"ceptoar-keys\"}", 36);
	buf_init(&again, 4096);
	assert_int_equal(jws_sign(key, typ, slice_of(""), JWS_COMPACT, &again), 0);
	buf_reset(&again);
	assert_int_equal(jws_sign(key, typ, slice_of("payload"), JWS_COMPACT, &again), 0);
	differ = !slice_eq(buf_slice(&good), buf_cstr(&again));
	assert_true(differ); /* a nonce of its own */
	buf_done(&again);
}

static void
test_not_ours(void **state)
{
	EVP_PKEY *p384 = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-384"),
		 *rsa = EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)2048),
		 *ed = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	struct buf out;

	(void)state;
	assert_int_equal(opens(other, typ, buf_slice(&good)), ERR_DENIED);
	assert_int_equal(opens(key, "ceptoar-bulletin", buf_slice(&good)), ERR_INVALID);
	assert_int_equal(opens(p384, typ, buf_slice(&good)), ERR_INVALID);
	assert_int_equal(opens(rsa, typ, buf_slice(&good)), ERR_INVALID);
	assert_int_equal(opens(ed, typ, buf_slice(&good)), ERR_INVALID);
	assert_int_equal(opens(NULL, typ, buf_slice(&good)), ERR_INVALID);
	buf_init(&out, 4096);
	assert_int_equal(
	    jws_sign(p384, typ, slice_of("x"), JWS_COMPACT, &out), ERR_INVALID);
	assert_int_equal(
	    jws_sign(rsa, typ, slice_of("x"), JWS_COMPACT, &out), ERR_INVALID);
	assert_int_equal(
	    jws_sign(key, "a\"b", slice_of("x"), JWS_COMPACT, &out), ERR_INVALID);
	assert_int_equal(
	    jws_sign(key, "", slice_of("x"), JWS_COMPACT, &out), ERR_INVALID);
	assert_int_equal(out.n, 0);
	buf_done(&out);
	EVP_PKEY_free(p384);
	EVP_PKEY_free(rsa);
	EVP_PKEY_free(ed);
}

/* No change of any character passes. */
static void
test_changed(void **state)
{
	size_t i;
	char was;
	int rc;

	(void)state;
	for (i = 0; i < good.n; i++) {
		was = good.p[i];
		good.p[i] = was == 'A' ? 'B' : 'A';
		rc = opens(key, typ, buf_slice(&good));
		assert_true(rc == ERR_DENIED || rc == ERR_INVALID);
		good.p[i] = was;
	}
}

/* A header of our own choosing, signed by the right key. */
static int
with_header(const char *header)
{
	unsigned char der[80], *end = der;
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	struct buf b, sig;
	size_t n = sizeof der, r, s;
	int rc;

	buf_init(&b, 4096);
	buf_init(&sig, 256);
	buf_add_b64url(&b, header, strlen(header));
	buf_adds(&b, ".cGF5bG9hZA");
	assert_int_equal(EVP_DigestSignInit(md, NULL, EVP_sha256(), NULL, key), 1);
	assert_int_equal(EVP_DigestSign(md, der, &n, (unsigned char *)b.p, b.n), 1);
	/* DER by hand: 30 len 02 len r 02 len s */
	r = der[3];
	end = der + 4 + r;
	s = end[1];
	buf_extend(&sig, 64);
	memset(sig.p, 0, 64);
	memcpy(sig.p + (r < 32 ? 32 - r : 0), der + 4 + (r > 32), r > 32 ? 32 : r);
	memcpy(sig.p + 32 + (s < 32 ? 32 - s : 0), end + 2 + (s > 32), s > 32 ? 32 : s);
	buf_addc(&b, '.');
	buf_add_b64url(&b, sig.p, 64);
	rc = opens(key, typ, buf_slice(&b));
	EVP_MD_CTX_free(md);
	buf_done(&b);
	buf_done(&sig);
	return rc;
}

static void
test_headers(void **state)
{
	static const char *const refused[] = {
		"{\"alg\":\"none\",\"typ\":\"ceptoar-keys\"}",
		"{\"alg\":\"HS256\",\"typ\":\"ceptoar-keys\"}",
		"{\"alg\":\"ES384\",\"typ\":\"ceptoar-keys\"}",
		"{\"alg\":\"es256\",\"typ\":\"ceptoar-keys\"}",
		"{\"alg\":\"ES256\"}",
		"{\"typ\":\"ceptoar-keys\"}",
		"{\"alg\":\"ES256\",\"typ\":\"JWT\"}",
		"{\"alg\":\"ES256\",\"typ\":\"ceptoar-keys\",\"crit\":[\"b64\"]}",
		"{\"alg\":\"ES256\",\"typ\":\"ceptoar-keys\",\"b64\":false}",
		"{\"alg\":\"ES256\",\"typ\":\"ceptoar-keys\",\"kid\":1}",
		"{\"alg\":\"ES256\",\"typ\":\"ceptoar-keys\",\"alg\":\"ES256\"}",
		"{\"alg\":\"ES256\",\"typ\":\"ceptoar-keys\",\"jwk\":{}}",
		"{\"alg\":\"ES256\\u0000\",\"typ\":\"ceptoar-keys\"}",
		"[\"ES256\"]",
		"",
		"{\"alg\":\"ES256\",\"typ\":\"ceptoar-keys\"} x",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof refused / sizeof refused[0]; i++)
		assert_int_equal(with_header(refused[i]), ERR_INVALID);
	assert_int_equal(with_header("{\"typ\":\"ceptoar-keys\", \"alg\":\"ES256\"}"), 0);
	assert_int_equal(
	    with_header("{\"alg\":\"ES256\",\"kid\":\"2026\",\"typ\":\"ceptoar-keys\"}"),
	    0);
}

static int
opens_parts(const char *fmt)
{
	struct buf b;
	int rc;

	buf_init(&b, 4096);
	for (; *fmt != '\0'; fmt++) {
		if (*fmt >= '0' && *fmt <= '2')
			buf_add(&b, parts[*fmt - '0'].p, parts[*fmt - '0'].n);
		else
			buf_addc(&b, *fmt);
	}
	rc = opens(key, typ, buf_slice(&b));
	buf_done(&b);
	return rc;
}

static void
test_shapes(void **state)
{
	static const char *const refused[] = { "", ".", "..", "0.1", "0.1.", ".1.2",
		"0..2", "0.1.2.", "0.1.2.1", " 0.1.2", "0.1.2\n", "0.1.2=", "0.1=.2",
		"1.0.2", "0.1.2A", "0.1.2AA" };
	size_t i;
	int rc;

	(void)state;
	assert_int_equal(opens_parts("0.1.2"), 0);
	for (i = 0; i < sizeof refused / sizeof refused[0]; i++) {
		rc = opens_parts(refused[i]);
		assert_true(rc == ERR_INVALID || rc == ERR_DENIED);
	}
}

static void
test_detached(void **state)
{
	struct slice p = slice_of("a bulletin of some length");
	struct buf out;

	(void)state;
	buf_init(&out, 4096);
	assert_int_equal(jws_sign(key, "ceptoar-bulletin", p, JWS_DETACHED, &out), 0);
	assert_non_null(strstr(buf_cstr(&out), ".."));
	assert_int_equal(jws_verify(key, "ceptoar-bulletin", buf_slice(&out), p), 0);
	assert_int_equal(jws_verify(key, typ, buf_slice(&out), p), ERR_INVALID);
	assert_int_equal(
	    jws_verify(other, "ceptoar-bulletin", buf_slice(&out), p), ERR_DENIED);
	p.n--;
	assert_int_equal(
	    jws_verify(key, "ceptoar-bulletin", buf_slice(&out), p), ERR_DENIED);
	/* Neither form is taken for the other. */
	assert_int_equal(
	    jws_verify(key, typ, buf_slice(&good), slice_of("payload")), ERR_INVALID);
	buf_reset(&out);
	assert_int_equal(jws_sign(key, typ, slice_of("payload"), JWS_DETACHED, &out), 0);
	assert_int_equal(opens(key, typ, buf_slice(&out)), ERR_DENIED);
	buf_done(&out);
}

static void
test_limits(void **state)
{
	struct slice big = { mem_zalloc(JWS_MAX + 1), JWS_PAYLOAD_MAX + 1 };
	struct buf out;

	(void)state;
	assert_non_null(big.p);
	buf_init(&out, JWS_MAX);
	assert_int_equal(jws_sign(key, typ, big, JWS_COMPACT, &out), ERR_INVALID);
	assert_int_equal(jws_verify(key, typ, buf_slice(&good), big), ERR_INVALID);
	big.n--;
	assert_int_equal(jws_sign(key, typ, big, JWS_COMPACT, &out), 0);
	buf_done(&out);
	big.n = JWS_MAX + 1;
	assert_int_equal(opens(key, typ, big), ERR_INVALID);
	buf_init(&out, 3); /* too small for the payload */
	assert_int_equal(jws_open(key, typ, buf_slice(&good), &out), ERR_LIMIT);
	buf_done(&out);
	mem_free((void *)(uintptr_t)big.p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_not_ours),
		cmocka_unit_test(test_changed),
		cmocka_unit_test(test_headers),
		cmocka_unit_test(test_shapes),
		cmocka_unit_test(test_detached),
		cmocka_unit_test(test_limits),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
