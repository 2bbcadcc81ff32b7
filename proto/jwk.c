/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/jwk.h"

#include <string.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include "lib/mem.h"

enum { HALF = 32, TEXT_MAX = 256 };

struct jwks {
	struct jwks *foreign; /* NULL in that one itself */
	size_t n;
	struct {
		char kid[JWK_KID + 1];
		EVP_PKEY *key;
	} v[JWKS_KEYS_MAX];
};

int
jwk_point(const struct evp_pkey_st *key, unsigned char ret[JWK_POINT])
{
	/* OpenSSL gives the public point in the form that the key was made with. */
	BIGNUM *x = NULL, *y = NULL;
	char group[32];
	size_t n = 0;
	int ok = key != NULL && EVP_PKEY_is_a(key, "EC") &&
		 EVP_PKEY_get_group_name(key, group, sizeof group, &n) == 1 &&
		 strcmp(group, "prime256v1") == 0 &&
		 EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_EC_PUB_X, &x) == 1 &&
		 EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_EC_PUB_Y, &y) == 1 &&
		 BN_bn2binpad(x, ret + 1, HALF) == HALF &&
		 BN_bn2binpad(y, ret + 1 + HALF, HALF) == HALF;

	ret[0] = 4;
	BN_free(x);
	BN_free(y);
	return ok ? 0 : ERR_INVALID;
}

int
jwk_key(const unsigned char point[JWK_POINT], struct evp_pkey_st **ret)
{
	OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
	OSSL_PARAM *params = NULL;
	EVP_PKEY *key = NULL;
	int rc = ERR_INVALID;

	if (bld == NULL || ctx == NULL)
		rc = ERR_NOMEM;
	else if (point[0] == 4 &&
		 OSSL_PARAM_BLD_push_utf8_string(
		     bld, OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) == 1 &&
		 OSSL_PARAM_BLD_push_octet_string(
		     bld, OSSL_PKEY_PARAM_PUB_KEY, point, JWK_POINT) == 1 &&
		 (params = OSSL_PARAM_BLD_to_param(bld)) != NULL &&
		 EVP_PKEY_fromdata_init(ctx) == 1 &&
		 EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params) == 1)
		rc = 0;
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(bld);
	EVP_PKEY_CTX_free(ctx);
	if (rc == 0)
		*ret = key;
	return rc;
}

int
jwk_kid(const unsigned char point[JWK_POINT], char ret[JWK_KID + 1])
{
	unsigned char sum[EVP_MAX_MD_SIZE];
	unsigned n = 0;
	struct buf b;
	int rc;

	buf_init(&b, TEXT_MAX);
	buf_adds(&b, "{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"");
	buf_add_b64url(&b, point + 1, HALF);
	buf_adds(&b, "\",\"y\":\"");
	buf_add_b64url(&b, point + 1 + HALF, HALF);
	buf_adds(&b, "\"}");
	rc = buf_err(&b);
	if (rc == 0 && EVP_Digest(b.p, b.n, sum, &n, EVP_sha256(), NULL) != 1)
		rc = ERR_CRYPTO;
	buf_reset(&b);
	if (rc == 0) {
		buf_add_b64url(&b, sum, n);
		rc = buf_err(&b) != 0 ? buf_err(&b) : b.n == JWK_KID ? 0 : ERR_CRYPTO;
	}
	if (rc == 0)
		memcpy(ret, buf_cstr(&b), JWK_KID + 1);
	buf_done(&b);
	return rc;
}

int
jwk_write(const unsigned char point[JWK_POINT], struct buf *out)
{
	char kid[JWK_KID + 1];
	int rc = jwk_kid(point, kid);

	if (rc != 0)
		return rc;
	buf_addf(out,
	    "{\"alg\":\"ES256\",\"crv\":\"P-256\",\"kid\":\"%s\",\"kty\":\"EC\","
	    "\"use\":\"sig\",\"x\":\"",
	    kid);
	buf_add_b64url(out, point + 1, HALF);
	buf_adds(out, "\",\"y\":\"");
	buf_add_b64url(out, point + 1 + HALF, HALF);
	buf_adds(out, "\"}");
	return buf_err(out);
}

static int
is(const json_t *jwk, const char *key, const char *want)
{
	const char *v = json_string_value(json_object_get(jwk, key));

	return v != NULL && strcmp(v, want) == 0;
}

/* An optional member that says what this kind of key is for. */
static int
may(const json_t *jwk, const char *key, const char *want)
{
	return json_object_get(jwk, key) == NULL || is(jwk, key, want);
}

static int
coordinate(const json_t *jwk, const char *key, unsigned char ret[HALF])
{
	const json_t *v = json_object_get(jwk, key);
	struct slice s = { json_string_value(v), json_string_length(v) };

	return s.p != NULL && b64url_decode(s, ret, HALF) == HALF;
}

static int
read_one(const json_t *jwk, struct jwks *set, const struct json_at *at, struct fault *why)
{
	unsigned char point[JWK_POINT] = { 4 };
	char *kid = set->v[set->n].kid;
	int rc;

	if (!json_is_object(jwk) || !is(jwk, "kty", "EC") || !is(jwk, "crv", "P-256") ||
	    !may(jwk, "alg", "ES256") || !may(jwk, "use", "sig"))
		return fault_set(why, P_INVALID_FIELD, at, "a key on P-256 for ES256");
	if (json_object_get(jwk, "d") != NULL)
		return fault_set(why, P_INVALID_FIELD, at, "a public key, not a private");
	if (!coordinate(jwk, "x", point + 1) || !coordinate(jwk, "y", point + 1 + HALF))
		return fault_set(why, P_INVALID_FIELD, at, "x and y of 32 bytes each");
	rc = jwk_kid(point, kid);
	if (rc != 0)
		return rc;
	if (!may(jwk, "kid", kid))
		return fault_set(
		    why, P_INVALID_FIELD, at, "the RFC 7638 thumbprint as its kid");
	if (jwks_find(set, kid) != NULL)
		return fault_set(why, P_INVALID_FIELD, at, "each key once");
	rc = jwk_key(point, &set->v[set->n].key);
	if (rc == ERR_INVALID)
		return fault_set(why, P_INVALID_FIELD, at, "a point on the curve");
	set->n += rc == 0;
	return rc;
}

static int
read_list(const json_t *list, const char *name, struct jwks *set, struct fault *why)
{
	const struct json_at keys = { NULL, name, 0 };
	struct json_at at = { &keys, NULL, 0 };
	int rc = 0;

	if (!json_is_array(list) || json_array_size(list) > JWKS_KEYS_MAX)
		return fault_set(why, P_INVALID_FIELD, &keys, "a list of 1 to 64 keys");
	for (; rc == 0 && at.index < json_array_size(list); at.index++)
		rc = read_one(json_array_get(list, at.index), set, &at, why);
	return rc;
}

static int
read_set(const json_t *json, struct jwks *set, struct fault *why)
{
	const struct json_at keys = { NULL, "keys", 0 }, others = { NULL, "foreign", 0 };
	const json_t *foreign = json_object_get(json, "foreign");
	int rc = read_list(json_object_get(json, "keys"), "keys", set, why);
	size_t i;

	if (rc == 0 && set->n == 0)
		rc = fault_set(why, P_INVALID_FIELD, &keys, "a list of 1 to 64 keys");
	if (rc == 0 && foreign != NULL)
		rc = read_list(foreign, "foreign", set->foreign, why);
	for (i = 0; rc == 0 && i < set->foreign->n; i++)
		if (jwks_find(set, set->foreign->v[i].kid) != NULL)
			rc = fault_set(why, P_INVALID_FIELD, &others, "each key once");
	return rc;
}

int
jwks_of(const json_t *json, struct jwks **ret, struct fault *why)
{
	struct jwks *set = mem_zalloc(sizeof *set);
	int rc = ERR_NOMEM;

	if (set != NULL)
		set->foreign = mem_zalloc(sizeof *set);
	if (set != NULL && set->foreign != NULL)
		rc = read_set(json, set, why);
	if (rc == 0)
		*ret = set;
	else
		jwks_free(set);
	return rc;
}

int
jwks_read(struct slice text, struct jwks **ret, struct fault *why)
{
	static const struct json_caps caps = { JWKS_MAX, 4, 2000, 1024 };
	json_t *j = NULL;
	int rc = json_read(text, &caps, &j, why);

	if (rc == 0)
		rc = jwks_of(j, ret, why);
	json_decref(j);
	return rc;
}

void
jwks_free(struct jwks *set)
{
	size_t i;

	if (set == NULL)
		return;
	jwks_free(set->foreign); /* which has none */
	for (i = 0; i < set->n; i++)
		EVP_PKEY_free(set->v[i].key);
	mem_free(set);
}

const struct jwks *
jwks_foreign(const struct jwks *set)
{
	return set->foreign;
}

size_t
jwks_count(const struct jwks *set)
{
	return set->n;
}

const char *
jwks_kid(const struct jwks *set, size_t i)
{
	return set->v[i].kid;
}

struct evp_pkey_st *
jwks_find(const struct jwks *set, const char *kid)
{
	size_t i;

	for (i = 0; i < set->n; i++)
		if (strcmp(set->v[i].kid, kid) == 0)
			return set->v[i].key;
	return NULL;
}
