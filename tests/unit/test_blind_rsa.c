/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/blind_rsa.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include "lib/clock.h"
#include "lib/mem.h"
#include "proto/blind_rsa_raw.h"
#include "tests/unit/rfc9474_cases.h"

enum { PREPARED = 116 };

static struct vector vectors[VECTOR_CASES];
static EVP_PKEY *vector_key;	     /* of the RFC: 4096 bits */
static EVP_PKEY *priv, *pub, *other; /* of the hub's length */
static unsigned char prepared[PREPARED];

static struct slice
slice_from(const unsigned char *p, size_t n)
{
	struct slice s = { (const char *)p, n };

	return s;
}

static struct slice
bytes(const struct vector *v, const char *name)
{
	const struct vector_field *f = vector_field(v, name);

	assert_non_null(f);
	return slice_from(f->p, f->n);
}

/* The key of the vectors; `wrong` makes its private exponent another number. */
static EVP_PKEY *
key_from(const struct vector *v, int wrong)
{
	static const char *const names[][2] = { { "n", OSSL_PKEY_PARAM_RSA_N },
		{ "e", OSSL_PKEY_PARAM_RSA_E }, { "d", OSSL_PKEY_PARAM_RSA_D } };
	OSSL_PARAM_BLD *b = OSSL_PARAM_BLD_new();
	EVP_PKEY_CTX *c = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	EVP_PKEY *key = NULL;
	OSSL_PARAM *params;
	BIGNUM *n[3];
	size_t i;

	for (i = 0; i < 3; i++) {
		struct slice s = bytes(v, names[i][0]);

		n[i] = BN_bin2bn((const unsigned char *)s.p, (int)s.n, NULL);
		if (wrong && i == 2)
			assert_int_equal(BN_add_word(n[i], 2), 1);
		assert_int_equal(OSSL_PARAM_BLD_push_BN(b, names[i][1], n[i]), 1);
	}
	params = OSSL_PARAM_BLD_to_param(b);
	assert_int_equal(EVP_PKEY_fromdata_init(c), 1);
	assert_int_equal(EVP_PKEY_fromdata(c, &key, EVP_PKEY_KEYPAIR, params), 1);
	for (i = 0; i < 3; i++)
		BN_clear_free(n[i]);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(b);
	EVP_PKEY_CTX_free(c);
	return key;
}

static int
setup(void **state)
{
	unsigned char n[BLIND_RSA_LEN];
	size_t i;

	(void)state;
	vectors_load(vectors);
	vector_key = key_from(&vectors[0], 0);
	priv = EVP_RSA_gen(8 * BLIND_RSA_LEN);
	other = EVP_RSA_gen(8 * BLIND_RSA_LEN);
	assert_true(priv != NULL && other != NULL);
	assert_int_equal(blind_rsa_modulus(priv, n), 0);
	assert_int_equal(blind_rsa_key(&pub, n), 0);
	for (i = 0; i < PREPARED; i++)
		prepared[i] = (unsigned char)(i * 7);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	EVP_PKEY_free(vector_key);
	EVP_PKEY_free(priv);
	EVP_PKEY_free(pub);
	EVP_PKEY_free(other);
	return 0;
}

static void
one_vector(const struct vector *v)
{
	struct slice msg = bytes(v, "msg"), prefix = bytes(v, "prefix"),
		     salt = bytes(v, "salt"), inv = bytes(v, "inv"),
		     ready = bytes(v, "prepared");
	unsigned char out[BLIND_RAW_MAX], sig[BLIND_RAW_MAX];
	size_t len = blind_raw_len(vector_key);

	assert_int_equal(len, 512);
	assert_int_equal(inv.n, len);
	/* Prepare */
	assert_int_equal(ready.n, prefix.n + msg.n);
	assert_memory_equal(ready.p, prefix.p, prefix.n);
	assert_memory_equal(ready.p + prefix.n, msg.p, msg.n);
	if (vector_field(v, "encoded") != NULL) {
		assert_int_equal(blind_raw_encode(ready, salt, 8 * len - 1, out), 0);
		assert_memory_equal(out, bytes(v, "encoded").p, len);
	}
	/* Blind */
	assert_int_equal(
	    blind_raw_blind(vector_key, ready, salt, (const unsigned char *)inv.p, out),
	    0);
	assert_memory_equal(out, bytes(v, "blinded").p, len);
	/* BlindSign */
	assert_int_equal(blind_raw_sign(vector_key, out, sig), 0);
	assert_memory_equal(sig, bytes(v, "blind_sig").p, len);
	/* Finalize, Verify */
	assert_int_equal(blind_raw_finalize(vector_key, ready, salt.n, sig,
			     (const unsigned char *)inv.p, out),
	    0);
	assert_memory_equal(out, bytes(v, "sig").p, len);
	assert_int_equal(blind_raw_verify(vector_key, ready, salt.n, out), 0);
	assert_int_equal(
	    blind_raw_verify(vector_key, ready, salt.n == 0 ? 48 : 0, out), ERR_DENIED);
	print_message("[   INFO   ] %s: every step as the RFC has it\n", v->name);
}

static void
test_vectors(void **state)
{
	size_t i, with_prefix = 0, with_salt = 0;

	(void)state;
	for (i = 1; i < VECTOR_CASES; i++) {
		one_vector(&vectors[i]);
		with_prefix += bytes(&vectors[i], "prefix").n == BLIND_RSA_PREFIX;
		with_salt += bytes(&vectors[i], "salt").n == BLIND_RSA_SALT;
	}
	assert_int_equal(with_prefix, 2);
	assert_int_equal(with_salt, 2);
}

static void
test_round_trip(void **state)
{
	unsigned char blinded[2][BLIND_RSA_LEN], blind_sig[BLIND_RSA_LEN],
	    sig[2][BLIND_RSA_LEN], kept[BLIND_RSA_LEN];
	struct blind_state *s, *again;
	int i;

	(void)state;
	for (i = 0; i < 2; i++) {
		assert_int_equal(
		    blind_rsa_blind(pub, prepared, PREPARED, blinded[i], &s), 0);
		assert_int_equal(blind_rsa_sign(priv, blinded[i], blind_sig), 0);
		/* through a file */
		blind_state_put(s, kept);
		blind_state_free(s);
		assert_int_equal(blind_state_get(&again, kept), 0);
		assert_int_equal(
		    blind_rsa_finalize(pub, prepared, PREPARED, blind_sig, again, sig[i]),
		    0);
		blind_state_free(again);
		assert_int_equal(blind_rsa_verify(pub, prepared, PREPARED, sig[i]), 0);
		assert_int_equal(blind_rsa_verify(priv, prepared, PREPARED, sig[i]), 0);
		assert_memory_not_equal(sig[i], blind_sig, BLIND_RSA_LEN);
	}
	/* Salt and factor are drawn anew. */
	assert_memory_not_equal(blinded[0], blinded[1], BLIND_RSA_LEN);
	assert_memory_not_equal(sig[0], sig[1], BLIND_RSA_LEN);
	blind_state_free(NULL);
}

static void
test_keys(void **state)
{
	unsigned char n[BLIND_RSA_LEN], again[BLIND_RSA_LEN], big[BLIND_RAW_MAX];
	EVP_PKEY *k = NULL, *ec = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256"),
		 *small = EVP_RSA_gen(2048);

	(void)state;
	assert_int_equal(blind_rsa_modulus(priv, n), 0);
	assert_int_equal(blind_rsa_modulus(pub, again), 0);
	assert_memory_equal(n, again, sizeof n);
	n[BLIND_RSA_LEN - 1] &= 0xfe;
	assert_int_equal(blind_rsa_key(&k, n), ERR_INVALID); /* even */
	n[BLIND_RSA_LEN - 1] |= 1;
	n[0] &= 0x7f;
	assert_int_equal(blind_rsa_key(&k, n), ERR_INVALID); /* 3071 bits */
	assert_null(k);
	assert_int_equal(blind_rsa_modulus(ec, n), ERR_INVALID);
	assert_int_equal(blind_rsa_modulus(small, n), ERR_INVALID);
	assert_int_equal(blind_rsa_modulus(vector_key, n), ERR_INVALID);
	/* The border lets no other length in. */
	memset(big, 0x11, sizeof big);
	assert_int_equal(blind_rsa_sign(vector_key, big, n), ERR_INVALID);
	assert_int_equal(blind_rsa_sign(ec, big, n), ERR_INVALID);
	assert_int_equal(blind_rsa_verify(small, prepared, PREPARED, big), ERR_DENIED);
	assert_int_equal(blind_raw_len(ec), 0);
	assert_int_equal(blind_raw_len(NULL), 0);
	assert_int_equal(blind_raw_draw(ec, big), ERR_INVALID);
	EVP_PKEY_free(ec);
	EVP_PKEY_free(small);
}

/* p = n + delta, as bytes. */
static void
near(const unsigned char n[BLIND_RSA_LEN], int delta, unsigned char *ret)
{
	BIGNUM *b = BN_bin2bn(n, BLIND_RSA_LEN, NULL);

	if (delta < 0)
		assert_int_equal(BN_sub_word(b, (BN_ULONG)-delta), 1);
	else
		assert_int_equal(BN_add_word(b, (BN_ULONG)delta), 1);
	assert_int_equal(BN_bn2binpad(b, ret, BLIND_RSA_LEN), BLIND_RSA_LEN);
	BN_free(b);
}

static void
test_sign_refuses(void **state)
{
	unsigned char n[BLIND_RSA_LEN], in[BLIND_RSA_LEN] = { 0 }, out[BLIND_RSA_LEN],
					untouched[BLIND_RSA_LEN];

	(void)state;
	assert_int_equal(blind_rsa_modulus(priv, n), 0);
	memset(out, 0xee, sizeof out);
	memcpy(untouched, out, sizeof out);
	assert_int_equal(blind_rsa_sign(priv, in, out), ERR_INVALID); /* 0 */
	in[BLIND_RSA_LEN - 1] = 1;
	assert_int_equal(blind_rsa_sign(priv, in, out), ERR_INVALID); /* 1 */
	near(n, -1, in);
	assert_int_equal(blind_rsa_sign(priv, in, out), ERR_INVALID);
	near(n, 0, in);
	assert_int_equal(blind_rsa_sign(priv, in, out), ERR_INVALID);
	near(n, 2, in);
	assert_int_equal(blind_rsa_sign(priv, in, out), ERR_INVALID);
	memset(in, 0xff, sizeof in);
	assert_int_equal(blind_rsa_sign(priv, in, out), ERR_INVALID);
	assert_memory_equal(out, untouched, sizeof out); /* written on success only */
	near(n, -2, in);
	assert_int_equal(blind_rsa_sign(priv, in, out), 0);
	/* A key without its private half signs nothing. */
	assert_int_equal(blind_rsa_sign(pub, in, out), ERR_CRYPTO);
	ERR_clear_error();
}

/* A private operation that goes wrong gives nothing away: not a byte of its result. */
static void
test_fault(void **state)
{
	EVP_PKEY *faulty = key_from(&vectors[0], 1);
	unsigned char out[BLIND_RAW_MAX], untouched[BLIND_RAW_MAX];
	const unsigned char *blinded =
	    (const unsigned char *)bytes(&vectors[1], "blinded").p;

	(void)state;
	memset(out, 0xee, sizeof out);
	memcpy(untouched, out, sizeof out);
	assert_int_equal(blind_raw_sign(faulty, blinded, out), ERR_CRYPTO);
	assert_memory_equal(out, untouched, sizeof out);
	EVP_PKEY_free(faulty);
	ERR_clear_error();
}

static void
test_finalize_refuses(void **state)
{
	unsigned char blinded[BLIND_RSA_LEN], blind_sig[BLIND_RSA_LEN],
	    sig[BLIND_RSA_LEN], bad[BLIND_RSA_LEN], n[BLIND_RSA_LEN];
	struct blind_state *s, *zero;
	size_t i;

	(void)state;
	assert_int_equal(blind_rsa_blind(pub, prepared, PREPARED, blinded, &s), 0);
	assert_int_equal(blind_rsa_sign(priv, blinded, blind_sig), 0);
	for (i = 0; i < BLIND_RSA_LEN; i += 37) {
		memcpy(bad, blind_sig, sizeof bad);
		bad[i] ^= (unsigned char)(1u << (i % 8));
		assert_int_equal(
		    blind_rsa_finalize(pub, prepared, PREPARED, bad, s, sig), ERR_DENIED);
	}
	/* Another key's signature, another message, a number that is none of this key. */
	memcpy(bad, blinded, sizeof bad);
	bad[0] = 1; /* below the other modulus as well, whichever was drawn */
	assert_int_equal(blind_rsa_sign(other, bad, bad), 0);
	assert_int_equal(
	    blind_rsa_finalize(pub, prepared, PREPARED, bad, s, sig), ERR_DENIED);
	assert_int_equal(
	    blind_rsa_finalize(pub, prepared, PREPARED - 1, blind_sig, s, sig),
	    ERR_DENIED);
	assert_int_equal(blind_rsa_modulus(pub, n), 0);
	assert_int_equal(
	    blind_rsa_finalize(pub, prepared, PREPARED, n, s, sig), ERR_DENIED);
	memset(bad, 0, sizeof bad);
	assert_int_equal(
	    blind_rsa_finalize(pub, prepared, PREPARED, bad, s, sig), ERR_DENIED);
	assert_int_equal(blind_state_get(&zero, bad), 0);
	assert_int_equal(
	    blind_rsa_finalize(pub, prepared, PREPARED, blind_sig, zero, sig),
	    ERR_DENIED);
	blind_state_free(zero);
	assert_int_equal(
	    blind_rsa_finalize(pub, prepared, PREPARED, blind_sig, s, sig), 0);
	blind_state_free(s);
	ERR_clear_error();
}

static void
test_verify_refuses(void **state)
{
	unsigned char blinded[BLIND_RSA_LEN], blind_sig[BLIND_RSA_LEN],
	    sig[BLIND_RSA_LEN], bad[BLIND_RSA_LEN], text[PREPARED];
	struct blind_state *s;
	size_t i;

	(void)state;
	assert_int_equal(blind_rsa_blind(pub, prepared, PREPARED, blinded, &s), 0);
	assert_int_equal(blind_rsa_sign(priv, blinded, blind_sig), 0);
	assert_int_equal(
	    blind_rsa_finalize(pub, prepared, PREPARED, blind_sig, s, sig), 0);
	blind_state_free(s);
	for (i = 0; i < 8 * BLIND_RSA_LEN; i += 61) {
		memcpy(bad, sig, sizeof bad);
		bad[i / 8] ^= (unsigned char)(1u << (i % 8));
		assert_int_equal(
		    blind_rsa_verify(pub, prepared, PREPARED, bad), ERR_DENIED);
	}
	for (i = 0; i < 8 * PREPARED; i += 61) {
		memcpy(text, prepared, sizeof text);
		text[i / 8] ^= (unsigned char)(1u << (i % 8));
		assert_int_equal(blind_rsa_verify(pub, text, PREPARED, sig), ERR_DENIED);
	}
	assert_int_equal(blind_rsa_verify(other, prepared, PREPARED, sig), ERR_DENIED);
	/* What the signer gave is no signature of the message. */
	assert_int_equal(
	    blind_rsa_verify(pub, prepared, PREPARED, blind_sig), ERR_DENIED);
	assert_int_equal(blind_rsa_verify(pub, prepared, PREPARED - 1, sig), ERR_DENIED);
	assert_int_equal(blind_rsa_verify(pub, prepared, 31, sig), ERR_DENIED);
	memset(bad, 0xff, sizeof bad);
	assert_int_equal(blind_rsa_verify(pub, prepared, PREPARED, bad), ERR_DENIED);
	ERR_clear_error();
}

static void
test_blind_refuses(void **state)
{
	unsigned char inv[BLIND_RSA_LEN] = { 0 }, out[BLIND_RSA_LEN], n[BLIND_RSA_LEN],
		      salt[BLIND_RSA_SALT] = { 0 }, long_text[BLIND_RSA_MESSAGE_MAX + 1];
	struct slice msg = slice_from(prepared, PREPARED),
		     s = slice_from(salt, sizeof salt), big = slice_from(inv, 335);
	struct blind_state *st = NULL;

	(void)state;
	assert_int_equal(blind_rsa_modulus(pub, n), 0);
	assert_int_equal(blind_raw_blind(pub, msg, s, inv, out), ERR_INVALID); /* 0 */
	assert_int_equal(blind_raw_blind(pub, msg, s, n, out), ERR_INVALID);
	/* A salt of 335 bytes does not fit beside a hash of 48. */
	inv[BLIND_RSA_LEN - 1] = 2;
	assert_int_equal(blind_raw_blind(pub, msg, big, inv, out), ERR_INVALID);
	assert_int_equal(blind_raw_blind(pub, msg, s, inv, out), 0);
	memset(long_text, 1, sizeof long_text);
	assert_int_equal(
	    blind_rsa_blind(pub, long_text, sizeof long_text, out, &st), ERR_INVALID);
	assert_int_equal(
	    blind_rsa_blind(pub, long_text, BLIND_RSA_PREFIX - 1, out, &st), ERR_INVALID);
	assert_int_equal(
	    blind_rsa_blind(vector_key, prepared, PREPARED, out, &st), ERR_INVALID);
	assert_null(st);
	(void)mem_fail_at(1);
	assert_int_equal(blind_rsa_blind(pub, prepared, PREPARED, out, &st), ERR_NOMEM);
	(void)mem_fail_at(0);
	assert_null(st);
	ERR_clear_error();
}

/* What each step takes here: told, not judged. */
static void
test_figures(void **state)
{
	enum { ROUNDS = 16 };
	unsigned char blinded[ROUNDS][BLIND_RSA_LEN], blind_sig[ROUNDS][BLIND_RSA_LEN],
	    sig[ROUNDS][BLIND_RSA_LEN];
	struct blind_state *s[ROUNDS];
	int64_t at[5];
	int i;

	(void)state;
	at[0] = clock_mono_us();
	for (i = 0; i < ROUNDS; i++)
		assert_int_equal(
		    blind_rsa_blind(pub, prepared, PREPARED, blinded[i], &s[i]), 0);
	at[1] = clock_mono_us();
	for (i = 0; i < ROUNDS; i++)
		assert_int_equal(blind_rsa_sign(priv, blinded[i], blind_sig[i]), 0);
	at[2] = clock_mono_us();
	for (i = 0; i < ROUNDS; i++)
		assert_int_equal(blind_rsa_finalize(
				     pub, prepared, PREPARED, blind_sig[i], s[i], sig[i]),
		    0);
	at[3] = clock_mono_us();
	for (i = 0; i < ROUNDS; i++)
		assert_int_equal(blind_rsa_verify(pub, prepared, PREPARED, sig[i]), 0);
	at[4] = clock_mono_us();
	for (i = 0; i < ROUNDS; i++)
		blind_state_free(s[i]);
	print_message("[   INFO   ] us each: blind %ld, sign %ld, finalize %ld, verify "
		      "%ld\n",
	    (long)(at[1] - at[0]) / ROUNDS, (long)(at[2] - at[1]) / ROUNDS,
	    (long)(at[3] - at[2]) / ROUNDS, (long)(at[4] - at[3]) / ROUNDS);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_sign_refuses),
		cmocka_unit_test(test_fault),
		cmocka_unit_test(test_finalize_refuses),
		cmocka_unit_test(test_verify_refuses),
		cmocka_unit_test(test_blind_refuses),
		cmocka_unit_test(test_figures),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
