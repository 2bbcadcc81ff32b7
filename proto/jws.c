/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/jws.h"

#include <string.h>

#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>

#include "lib/mem.h"
#include "proto/json.h"

enum { HALF = JWS_SIGNATURE / 2, DER_MAX = 80, HEADER_MAX = 256 };

static int
is_p256(const EVP_PKEY *key)
{
	char group[32];
	size_t n = 0;

	return key != NULL && EVP_PKEY_is_a(key, "EC") &&
	       EVP_PKEY_get_group_name(key, group, sizeof group, &n) == 1 &&
	       strcmp(group, "prime256v1") == 0;
}

static int
is_typ(const char *typ)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789.+-";
	size_t n = strlen(typ);

	return n > 0 && n <= JWS_TYP_MAX && strspn(typ, allowed) == n;
}

static int
is_kid(const char *kid)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwx"
				      "yz0123456789-_";
	size_t n = strlen(kid);

	return n > 0 && n <= JWS_KID_MAX && strspn(kid, allowed) == n;
}

/* OpenSSL speaks DER, a JWS r and s in 32 bytes each. */
static int
raw_of_der(const unsigned char *der, size_t n, unsigned char ret[JWS_SIGNATURE])
{
	ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &der, (long)n);
	int ok = sig != NULL && BN_bn2binpad(ECDSA_SIG_get0_r(sig), ret, HALF) == HALF &&
		 BN_bn2binpad(ECDSA_SIG_get0_s(sig), ret + HALF, HALF) == HALF;

	ECDSA_SIG_free(sig);
	return ok ? 0 : ERR_CRYPTO;
}

static int
der_of_raw(
    const unsigned char raw[JWS_SIGNATURE], unsigned char ret[DER_MAX], size_t *ret_n)
{
	BIGNUM *r = BN_bin2bn(raw, HALF, NULL), *s = BN_bin2bn(raw + HALF, HALF, NULL);
	ECDSA_SIG *sig = ECDSA_SIG_new();
	int n = -1;

	if (sig != NULL && r != NULL && s != NULL && ECDSA_SIG_set0(sig, r, s) == 1) {
		r = s = NULL; /* are the signature's now */
		n = i2d_ECDSA_SIG(sig, NULL);
		n = n > 0 && n <= DER_MAX ? i2d_ECDSA_SIG(sig, &ret) : -1;
	}
	BN_free(r);
	BN_free(s);
	ECDSA_SIG_free(sig);
	if (n <= 0)
		return ERR_NOMEM;
	*ret_n = (size_t)n;
	return 0;
}

/* header.payload, and where the payload's dot is. */
static int
write_input(const char *typ, const char *kid, struct slice payload, struct buf *input,
    size_t *ret_head)
{
	struct buf header;
	int rc;

	buf_init(&header, HEADER_MAX);
	buf_adds(&header, "{\"alg\":\"ES256\",");
	if (kid != NULL)
		buf_addf(&header, "\"kid\":\"%s\",", kid);
	buf_addf(&header, "\"typ\":\"%s\"}", typ);
	buf_add_b64url(input, header.p, header.n);
	buf_addc(input, '.');
	*ret_head = input->n;
	buf_add_b64url(input, payload.p, payload.n);
	rc = buf_err(&header) != 0 ? buf_err(&header) : buf_err(input);
	buf_done(&header);
	return rc;
}

static int
sign_input(EVP_PKEY *key, const struct buf *input, unsigned char ret[JWS_SIGNATURE])
{
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	unsigned char der[DER_MAX];
	size_t n = sizeof der;
	int rc = 0;

	if (md == NULL || EVP_DigestSignInit(md, NULL, EVP_sha256(), NULL, key) != 1 ||
	    EVP_DigestSign(md, der, &n, (unsigned char *)input->p, input->n) != 1)
		rc = ERR_INVALID; /* no private half */
	EVP_MD_CTX_free(md);
	return rc != 0 ? rc : raw_of_der(der, n, ret);
}

int
jws_sign_kid(struct evp_pkey_st *key, const char *typ, const char *kid,
    struct slice payload, enum jws_form form, struct buf *out)
{
	unsigned char raw[JWS_SIGNATURE];
	struct buf input;
	size_t head = 0;
	int rc;

	if (!is_p256(key) || !is_typ(typ) || (kid != NULL && !is_kid(kid)) ||
	    payload.n > JWS_PAYLOAD_MAX)
		return ERR_INVALID;
	buf_init(&input, JWS_MAX);
	rc = write_input(typ, kid, payload, &input, &head);
	if (rc == 0)
		rc = sign_input(key, &input, raw);
	if (rc == 0) {
		buf_add(out, input.p, form == JWS_DETACHED ? head : input.n);
		buf_addc(out, '.');
		buf_add_b64url(out, raw, sizeof raw);
		rc = buf_err(out);
	}
	buf_done(&input);
	return rc;
}

int
jws_sign(struct evp_pkey_st *key, const char *typ, struct slice payload,
    enum jws_form form, struct buf *out)
{
	return jws_sign_kid(key, typ, NULL, payload, form, out);
}

static int
is_string(const json_t *j, const char *want)
{
	struct slice s = { json_string_value(j), json_string_length(j) };

	return s.p != NULL && slice_eq(s, want);
}

static int
read_header(struct slice text, json_t **ret)
{
	static const struct json_caps caps = { HEADER_MAX, 2, 8, HEADER_MAX };
	unsigned char raw[HEADER_MAX];
	struct fault why;
	struct slice s = { (const char *)raw, 0 };
	long n = b64url_decode(text, raw, sizeof raw);

	if (n < 0)
		return ERR_INVALID;
	s.n = (size_t)n;
	return json_read(s, &caps, ret, &why);
}

/* alg and typ as wanted, perhaps a kid, and nothing else: no "crit", no "b64", no key. */
static int
check_header(struct slice text, const char *typ)
{
	json_t *j = NULL;
	int rc = read_header(text, &j);

	if (rc == 0 &&
	    (!json_is_object(j) || !is_string(json_object_get(j, "alg"), "ES256") ||
		!is_string(json_object_get(j, "typ"), typ) ||
		json_object_size(j) != 2u + json_is_string(json_object_get(j, "kid"))))
		rc = ERR_INVALID;
	json_decref(j);
	return rc;
}

/* The three parts of header.payload.signature. */
static int
cut(struct slice jws, struct slice parts[3])
{
	const char *at;
	size_t i;

	if (jws.n == 0 || jws.n > JWS_MAX)
		return ERR_INVALID;
	for (i = 0; i < 2; i++) {
		at = memchr(jws.p, '.', jws.n);
		if (at == NULL)
			return ERR_INVALID;
		parts[i].p = jws.p;
		parts[i].n = (size_t)(at - jws.p);
		jws.p = at + 1;
		jws.n -= parts[i].n + 1;
	}
	parts[2] = jws; /* another dot in it is no base64url */
	return 0;
}

int
jws_kid(struct slice jws, char *ret)
{
	struct slice parts[3];
	const char *kid;
	json_t *j = NULL;
	int rc = cut(jws, parts);

	if (rc == 0)
		rc = read_header(parts[0], &j);
	if (rc != 0)
		return rc;
	kid = json_string_value(json_object_get(j, "kid"));
	if (kid == NULL)
		rc = ERR_NOTFOUND;
	else if (!is_kid(kid))
		rc = ERR_INVALID;
	else
		memcpy(ret, kid, strlen(kid) + 1);
	json_decref(j);
	return rc;
}

/* `input` is header.payload as it was signed. */
static int
check_signature(EVP_PKEY *key, struct slice input, struct slice signature)
{
	unsigned char raw[JWS_SIGNATURE], der[DER_MAX];
	EVP_MD_CTX *md;
	size_t n = 0;
	int rc;

	if (b64url_decode(signature, raw, sizeof raw) != JWS_SIGNATURE)
		return ERR_INVALID;
	rc = der_of_raw(raw, der, &n);
	if (rc != 0)
		return rc;
	md = EVP_MD_CTX_new();
	if (md == NULL || EVP_DigestVerifyInit(md, NULL, EVP_sha256(), NULL, key) != 1)
		rc = ERR_CRYPTO;
	else if (EVP_DigestVerify(md, der, n, (const unsigned char *)input.p, input.n) !=
		 1)
		rc = ERR_DENIED;
	EVP_MD_CTX_free(md);
	return rc;
}

int
jws_open(
    struct evp_pkey_st *key, const char *typ, struct slice jws, struct buf *ret_payload)
{
	struct slice parts[3], input = { jws.p, 0 };
	size_t room;
	void *raw;
	long n;
	int rc = is_p256(key) ? cut(jws, parts) : ERR_INVALID;

	if (rc == 0)
		rc = check_header(parts[0], typ);
	if (rc != 0)
		return rc;
	input.n = parts[0].n + 1 + parts[1].n;
	rc = check_signature(key, input, parts[2]);
	if (rc != 0)
		return rc;
	room = parts[1].n / 4 * 3 + 3;
	raw = mem_alloc(room);
	if (raw == NULL)
		return ERR_NOMEM;
	n = b64url_decode(parts[1], raw, room);
	rc = n < 0 ? ERR_INVALID : 0;
	if (rc == 0) {
		buf_add(ret_payload, raw, (size_t)n);
		rc = buf_err(ret_payload);
	}
	mem_free(raw);
	return rc;
}

int
jws_verify(
    struct evp_pkey_st *key, const char *typ, struct slice jws, struct slice payload)
{
	struct slice parts[3];
	struct buf input;
	int rc =
	    is_p256(key) && payload.n <= JWS_PAYLOAD_MAX ? cut(jws, parts) : ERR_INVALID;

	if (rc == 0 && parts[1].n != 0)
		rc = ERR_INVALID;
	if (rc == 0)
		rc = check_header(parts[0], typ);
	if (rc != 0)
		return rc;
	buf_init(&input, JWS_MAX);
	buf_add(&input, parts[0].p, parts[0].n + 1);
	buf_add_b64url(&input, payload.p, payload.n);
	rc = buf_err(&input);
	if (rc == 0)
		rc = check_signature(key, buf_slice(&input), parts[2]);
	buf_done(&input);
	return rc;
}
