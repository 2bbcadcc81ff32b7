/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/blind_rsa_raw.h"

#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "lib/mem.h"

/*
 * What multiplies secrets does so in Montgomery form, without division, and what raises
 * or inverts them carries BN_FLG_CONSTTIME: the blinding factor, the prepared message and
 * the finished signature are all that could link a token to who drew it.
 */
struct field {
	BIGNUM *n, *e;
	BN_CTX *ctx;
	BN_MONT_CTX *mont;
};

size_t
blind_raw_len(const struct evp_pkey_st *key)
{
	int n;

	if (key == NULL || !EVP_PKEY_is_a(key, "RSA"))
		return 0;
	n = EVP_PKEY_get_size(key);
	return n >= BLIND_RAW_MIN && n <= BLIND_RAW_MAX ? (size_t)n : 0;
}

static void
field_done(struct field *f)
{
	BN_MONT_CTX_free(f->mont);
	BN_CTX_free(f->ctx);
	BN_free(f->n);
	BN_free(f->e);
}

static int
field_init(struct field *f, const EVP_PKEY *key)
{
	memset(f, 0, sizeof *f);
	if (blind_raw_len(key) == 0)
		return ERR_INVALID;
	f->ctx = BN_CTX_new();
	f->mont = BN_MONT_CTX_new();
	if (f->ctx != NULL && f->mont != NULL &&
	    EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &f->n) == 1 &&
	    EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &f->e) == 1 &&
	    BN_is_odd(f->n) && BN_MONT_CTX_set(f->mont, f->n, f->ctx) == 1)
		return 0;
	field_done(f);
	return ERR_CRYPTO;
}

/* A number below n from its bytes, to be freed by BN_clear_free; NULL: not below n. */
static BIGNUM *
number(const struct field *f, const unsigned char *p, size_t n)
{
	BIGNUM *b = BN_new();

	if (b != NULL)
		BN_set_flags(b, BN_FLG_CONSTTIME);
	if (b == NULL || BN_bin2bn(p, (int)n, b) == NULL || BN_cmp(b, f->n) >= 0) {
		BN_clear_free(b);
		return NULL;
	}
	return b;
}

static BIGNUM *
secret_new(void)
{
	BIGNUM *b = BN_new();

	if (b != NULL)
		BN_set_flags(b, BN_FLG_CONSTTIME);
	return b;
}

/* a = a * b mod n, without division. */
static int
multiply(const struct field *f, BIGNUM *a, const BIGNUM *b)
{
	return BN_to_montgomery(a, a, f->mont, f->ctx) == 1 &&
	       BN_mod_mul_montgomery(a, a, b, f->mont, f->ctx) == 1;
}

/* MGF1 over the hash, laid over `db`. */
static int
mask(const unsigned char seed[BLIND_RAW_HASH], unsigned char *db, size_t n)
{
	unsigned char in[BLIND_RAW_HASH + 4], out[BLIND_RAW_HASH];
	size_t i, at = 0;
	unsigned counter;
	int ok = 1;

	memcpy(in, seed, BLIND_RAW_HASH);
	for (counter = 0; ok && at < n; counter++) {
		in[BLIND_RAW_HASH] = 0; /* a mask is never as long as 2^24 blocks */
		in[BLIND_RAW_HASH + 1] = (unsigned char)(counter >> 16);
		in[BLIND_RAW_HASH + 2] = (unsigned char)(counter >> 8);
		in[BLIND_RAW_HASH + 3] = (unsigned char)counter;
		ok = EVP_Digest(in, sizeof in, out, NULL, EVP_sha384(), NULL) == 1;
		for (i = 0; ok && i < sizeof out && at < n; i++)
			db[at++] ^= out[i];
	}
	mem_wipe(in, sizeof in);
	mem_wipe(out, sizeof out);
	return ok;
}

int
blind_raw_encode(struct slice msg, struct slice salt, size_t bits, unsigned char *ret)
{
	/* M' = eight zeros, hash of the message, salt; at most a long salt fits */
	unsigned char in[8 + BLIND_RAW_HASH + BLIND_RAW_MAX] = { 0 };
	size_t len = (bits + 7) / 8, db;
	int ok;

	if (len > BLIND_RAW_MAX || len < BLIND_RAW_HASH + salt.n + 2)
		return ERR_INVALID;
	db = len - BLIND_RAW_HASH - 1;
	memset(ret, 0, db);
	ret[db - salt.n - 1] = 1;
	if (salt.n > 0) {
		memcpy(ret + db - salt.n, salt.p, salt.n);
		memcpy(in + 8 + BLIND_RAW_HASH, salt.p, salt.n);
	}
	ok = EVP_Digest(msg.p, msg.n, in + 8, NULL, EVP_sha384(), NULL) == 1 &&
	     EVP_Digest(in, 8 + BLIND_RAW_HASH + salt.n, ret + db, NULL, EVP_sha384(),
		 NULL) == 1 &&
	     mask(ret + db, ret, db);
	ret[0] = (unsigned char)(ret[0] & 0xffu >> (8 * len - bits));
	ret[len - 1] = 0xbc;
	mem_wipe(in, sizeof in);
	return ok ? 0 : ERR_CRYPTO;
}

int
blind_raw_draw(struct evp_pkey_st *pub, unsigned char *ret_inv)
{
	size_t n = blind_raw_len(pub);
	struct field f;
	BIGNUM *r;
	int rc = field_init(&f, pub);

	if (rc != 0)
		return rc;
	r = secret_new();
	do
		rc = r != NULL && BN_priv_rand_range(r, f.n) == 1 ? 0 : ERR_CRYPTO;
	while (rc == 0 && BN_is_zero(r));
	if (rc == 0 && BN_bn2binpad(r, ret_inv, (int)n) < 0)
		rc = ERR_CRYPTO;
	BN_clear_free(r);
	field_done(&f);
	return rc;
}

/* The prepared message as a number that has no factor in common with n. */
static int
encoded(const struct field *f, struct slice msg, struct slice salt, BIGNUM **ret)
{
	unsigned char em[BLIND_RAW_MAX];
	size_t bits = (size_t)BN_num_bits(f->n) - 1;
	BIGNUM *m = NULL, *common = BN_new();
	int rc = common != NULL ? blind_raw_encode(msg, salt, bits, em) : ERR_NOMEM;

	if (rc == 0) {
		m = number(f, em, (bits + 7) / 8);
		rc =
		    m != NULL && BN_gcd(common, m, f->n, f->ctx) == 1 && BN_is_one(common)
			? 0
			: ERR_CRYPTO;
	}
	mem_wipe(em, sizeof em);
	BN_clear_free(common);
	if (rc == 0)
		*ret = m;
	else
		BN_clear_free(m);
	return rc;
}

int
blind_raw_blind(struct evp_pkey_st *pub, struct slice msg, struct slice salt,
    const unsigned char *inv, unsigned char *ret_blinded)
{
	size_t n = blind_raw_len(pub);
	BIGNUM *i, *r = NULL, *z = NULL;
	struct field f;
	int rc = field_init(&f, pub);

	if (rc != 0)
		return rc;
	i = number(&f, inv, n);
	r = secret_new();
	if (i == NULL || BN_is_zero(i))
		rc = ERR_INVALID;
	else if (r == NULL || BN_mod_inverse(r, i, f.n, f.ctx) == NULL)
		rc = ERR_INVALID; /* whoever draws such a number has factored n */
	if (rc == 0)
		rc = encoded(&f, msg, salt, &z);
	if (rc == 0 && (BN_mod_exp(r, r, f.e, f.n, f.ctx) != 1 || !multiply(&f, z, r) ||
			   BN_bn2binpad(z, ret_blinded, (int)n) < 0))
		rc = ERR_CRYPTO;
	BN_clear_free(z);
	BN_clear_free(r);
	BN_clear_free(i);
	field_done(&f);
	return rc;
}

/* A context without padding for one operation. */
static EVP_PKEY_CTX *
plain_rsa(EVP_PKEY *key, int (*start)(EVP_PKEY_CTX *))
{
	EVP_PKEY_CTX *c = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);

	if (c != NULL && start(c) == 1 &&
	    EVP_PKEY_CTX_set_rsa_padding(c, RSA_NO_PADDING) == 1)
		return c;
	EVP_PKEY_CTX_free(c);
	return NULL;
}

/* Nothing that every key signs as itself, and nothing that has two spellings. */
static int
may_be_signed(EVP_PKEY *key, const unsigned char *blinded, size_t n)
{
	struct field f;
	BIGNUM *z, *last;
	int rc = field_init(&f, key), ok;

	if (rc != 0)
		return rc;
	z = number(&f, blinded, n);
	last = BN_dup(f.n);
	ok = last != NULL && BN_sub_word(last, 1) == 1;
	rc = !ok						     ? ERR_NOMEM
	     : z == NULL					     ? ERR_INVALID
	     : BN_is_zero(z) || BN_is_one(z) || BN_cmp(z, last) == 0 ? ERR_INVALID
								     : 0;
	BN_free(z);
	BN_free(last);
	field_done(&f);
	return rc;
}

int
blind_raw_sign(
    struct evp_pkey_st *priv, const unsigned char *blinded, unsigned char *ret_sig)
{
	unsigned char sig[BLIND_RAW_MAX];
	size_t n = blind_raw_len(priv), len = sizeof sig;
	EVP_PKEY_CTX *sign = NULL, *verify = NULL;
	int rc = may_be_signed(priv, blinded, n);

	if (rc != 0)
		return rc;
	sign = plain_rsa(priv, EVP_PKEY_sign_init);
	verify = plain_rsa(priv, EVP_PKEY_verify_init);
	if (sign == NULL || verify == NULL ||
	    EVP_PKEY_sign(sign, sig, &len, blinded, n) != 1 || len != n ||
	    EVP_PKEY_verify(verify, sig, n, blinded, n) != 1)
		rc = ERR_CRYPTO;
	if (rc == 0)
		memcpy(ret_sig, sig, n);
	EVP_PKEY_CTX_free(sign);
	EVP_PKEY_CTX_free(verify);
	mem_wipe(sig, sizeof sig);
	return rc;
}

int
blind_raw_finalize(struct evp_pkey_st *pub, struct slice msg, size_t salt_n,
    const unsigned char *blind_sig, const unsigned char *inv, unsigned char *ret_sig)
{
	unsigned char sig[BLIND_RAW_MAX];
	size_t n = blind_raw_len(pub);
	BIGNUM *z, *i;
	struct field f;
	int rc = field_init(&f, pub);

	if (rc != 0)
		return rc;
	z = number(&f, blind_sig, n);
	i = number(&f, inv, n);
	if (i == NULL)
		rc = ERR_INVALID;
	else if (z == NULL)
		rc = ERR_DENIED;
	else if (!multiply(&f, z, i) || BN_bn2binpad(z, sig, (int)n) < 0)
		rc = ERR_CRYPTO;
	if (rc == 0)
		rc = blind_raw_verify(pub, msg, salt_n, sig);
	if (rc == 0)
		memcpy(ret_sig, sig, n);
	mem_wipe(sig, sizeof sig);
	BN_clear_free(z);
	BN_clear_free(i);
	field_done(&f);
	return rc;
}

int
blind_raw_verify(
    struct evp_pkey_st *pub, struct slice msg, size_t salt_n, const unsigned char *sig)
{
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	EVP_PKEY_CTX *c; /* belongs to md */
	size_t n = blind_raw_len(pub);
	int rc = ERR_CRYPTO;

	if (md != NULL && n > 0 &&
	    EVP_DigestVerifyInit(md, &c, EVP_sha384(), NULL, pub) == 1 &&
	    EVP_PKEY_CTX_set_rsa_padding(c, RSA_PKCS1_PSS_PADDING) == 1 &&
	    EVP_PKEY_CTX_set_rsa_mgf1_md(c, EVP_sha384()) == 1 &&
	    EVP_PKEY_CTX_set_rsa_pss_saltlen(c, (int)salt_n) == 1)
		rc =
		    EVP_DigestVerify(md, sig, n, (const unsigned char *)msg.p, msg.n) == 1
			? 0
			: ERR_DENIED;
	EVP_MD_CTX_free(md);
	return rc;
}
