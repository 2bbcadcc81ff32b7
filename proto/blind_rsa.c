/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/blind_rsa.h"

#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>

#include "lib/mem.h"
#include "proto/blind_rsa_raw.h"

enum { BITS = 8 * BLIND_RSA_LEN, EXPONENT = 65537 };

/* The inverse of the blinding factor. */
struct blind_state {
	unsigned char inv[BLIND_RSA_LEN];
};

static EVP_PKEY *
key_of(BIGNUM *n, BIGNUM *e)
{
	OSSL_PARAM_BLD *b = OSSL_PARAM_BLD_new();
	EVP_PKEY_CTX *c = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	OSSL_PARAM *params = NULL;
	EVP_PKEY *key = NULL;

	if (b != NULL && OSSL_PARAM_BLD_push_BN(b, OSSL_PKEY_PARAM_RSA_N, n) == 1 &&
	    OSSL_PARAM_BLD_push_BN(b, OSSL_PKEY_PARAM_RSA_E, e) == 1)
		params = OSSL_PARAM_BLD_to_param(b);
	if (params == NULL || c == NULL || EVP_PKEY_fromdata_init(c) != 1 ||
	    EVP_PKEY_fromdata(c, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
		key = NULL;
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(b);
	EVP_PKEY_CTX_free(c);
	return key;
}

int
blind_rsa_key(struct evp_pkey_st **ret, const unsigned char n[BLIND_RSA_LEN])
{
	BIGNUM *modulus, *e;
	EVP_PKEY *key = NULL;

	if ((n[0] & 0x80) == 0 || (n[BLIND_RSA_LEN - 1] & 1) == 0)
		return ERR_INVALID;
	modulus = BN_bin2bn(n, BLIND_RSA_LEN, NULL);
	e = BN_new();
	if (modulus != NULL && e != NULL && BN_set_word(e, EXPONENT) == 1)
		key = key_of(modulus, e);
	BN_free(modulus);
	BN_free(e);
	if (key == NULL)
		return ERR_CRYPTO;
	*ret = key;
	return 0;
}

int
blind_rsa_modulus(const struct evp_pkey_st *key, unsigned char ret_n[BLIND_RSA_LEN])
{
	BIGNUM *n = NULL, *e = NULL;
	int rc = ERR_INVALID;

	if (blind_raw_len(key) == BLIND_RSA_LEN &&
	    EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &n) == 1 &&
	    EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &e) == 1 &&
	    BN_num_bits(n) == BITS && BN_is_odd(n) && BN_is_word(e, EXPONENT) &&
	    BN_bn2binpad(n, ret_n, BLIND_RSA_LEN) == BLIND_RSA_LEN)
		rc = 0;
	BN_free(n);
	BN_free(e);
	return rc;
}

/* The border: past it every length is that of the hub's keys. */
static int
fits(const struct evp_pkey_st *key, size_t n)
{
	return blind_raw_len(key) == BLIND_RSA_LEN && n >= BLIND_RSA_PREFIX &&
	       n <= BLIND_RSA_MESSAGE_MAX;
}

static struct slice
message(const unsigned char *p, size_t n)
{
	struct slice s = { (const char *)p, n };

	return s;
}

int
blind_rsa_blind(struct evp_pkey_st *pub, const unsigned char *prepared, size_t n,
    unsigned char ret_blinded[BLIND_RSA_LEN], struct blind_state **ret_state)
{
	unsigned char salt[BLIND_RSA_SALT];
	struct blind_state *s;
	int rc;

	if (!fits(pub, n))
		return ERR_INVALID;
	s = mem_zalloc(sizeof *s);
	if (s == NULL)
		return ERR_NOMEM;
	rc = RAND_priv_bytes(salt, sizeof salt) == 1 ? 0 : ERR_CRYPTO;
	if (rc == 0)
		rc = blind_raw_draw(pub, s->inv);
	if (rc == 0)
		rc = blind_raw_blind(pub, message(prepared, n),
		    message(salt, sizeof salt), s->inv, ret_blinded);
	mem_wipe(salt, sizeof salt);
	if (rc == 0)
		*ret_state = s;
	else
		blind_state_free(s);
	return rc;
}

int
blind_rsa_finalize(struct evp_pkey_st *pub, const unsigned char *prepared, size_t n,
    const unsigned char blind_sig[BLIND_RSA_LEN], const struct blind_state *state,
    unsigned char ret_sig[BLIND_RSA_LEN])
{
	if (!fits(pub, n))
		return ERR_INVALID;
	return blind_raw_finalize(
	    pub, message(prepared, n), BLIND_RSA_SALT, blind_sig, state->inv, ret_sig);
}

void
blind_state_free(struct blind_state *s)
{
	if (s != NULL)
		mem_wipe_free(s, sizeof *s);
}

void
blind_state_put(const struct blind_state *s, unsigned char ret[BLIND_RSA_LEN])
{
	memcpy(ret, s->inv, BLIND_RSA_LEN);
}

int
blind_state_get(struct blind_state **ret, const unsigned char in[BLIND_RSA_LEN])
{
	struct blind_state *s = mem_alloc(sizeof *s);

	if (s == NULL)
		return ERR_NOMEM;
	memcpy(s->inv, in, BLIND_RSA_LEN);
	*ret = s;
	return 0;
}

int
blind_rsa_sign(struct evp_pkey_st *priv, const unsigned char blinded[BLIND_RSA_LEN],
    unsigned char ret_sig[BLIND_RSA_LEN])
{
	if (blind_raw_len(priv) != BLIND_RSA_LEN)
		return ERR_INVALID;
	return blind_raw_sign(priv, blinded, ret_sig);
}

int
blind_rsa_verify(struct evp_pkey_st *pub, const unsigned char *prepared, size_t n,
    const unsigned char sig[BLIND_RSA_LEN])
{
	if (!fits(pub, n))
		return ERR_DENIED;
	return blind_raw_verify(pub, message(prepared, n), BLIND_RSA_SALT, sig);
}
