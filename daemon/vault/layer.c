/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/vault/layer.h"

#include <string.h>

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/x509.h>

#include "daemon/vault/der.h"
#include "lib/mem.h"

/*
 * CMS_encrypt builds a tree of ASN.1 objects and fetches each algorithm anew, once a
 * layer.  Between two envelopes for one recipient only five fields differ, all of fixed
 * length, so the DER is written once and these fields are filled in.
 */
enum {
	KEY = 32,     /* of AES-256 */
	WRAPPED = 40, /* the same under AES key wrap (RFC 3394) */
	NONCE = 12,
	TAG = 16,
	POINT_MAX = 97, /* uncompressed P-384 */
	SECRET_MAX = 48,
};

struct layer {
	struct recipient to;
	EVP_PKEY *key;
	EVP_PKEY_CTX *keygen; /* of the same curve */
	EVP_MD *md;	      /* of the key derivation */
	EVP_CIPHER *gcm, *wrap;
	EVP_CIPHER_CTX *gcm_ctx, *wrap_ctx;
	size_t point;	/* bytes of an uncompressed point */
	size_t content; /* bytes that go in */
	size_t n, at_point, at_wrapped, at_nonce, at_content, at_tag;
	unsigned char der[LAYER_MAX];
};

static const unsigned char oid_auth_enveloped[] = { 0x06, 0x0b, 0x2a, 0x86, 0x48, 0x86,
	0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01, 0x17 };
static const unsigned char oid_data[] = { 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d,
	0x01, 0x07, 0x01 };
static const unsigned char oid_ec_key[] = { 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d,
	0x02, 0x01 };
static const unsigned char oid_aes256_gcm[] = { 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65,
	0x03, 0x04, 0x01, 0x2e };
/* AlgorithmIdentifier of id-aes256-wrap, without parameters. */
static const unsigned char alg_wrap[] = { 0x30, 0x0b, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
	0x65, 0x03, 0x04, 0x01, 0x2d };
/* dhSinglePass-stdDH-sha256kdf-scheme; sha384 is the next number. */
static const unsigned char oid_ecdh[] = { 0x06, 0x06, 0x2b, 0x81, 0x04, 0x01, 0x0b,
	0x01 };
/* ECC-CMS-SharedInfo (RFC 5753): alg_wrap, then [2] {OCTET STRING 256}, in bits. */
static const unsigned char shared_info[] = { 0x30, 0x15, 0x30, 0x0b, 0x06, 0x09, 0x60,
	0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x2d, 0xa2, 0x06, 0x04, 0x04, 0x00,
	0x00, 0x01, 0x00 };

/* issuerAndSerialNumber of the certificate. */
static void
write_rid(struct der *d, X509 *cert)
{
	unsigned char *serial = NULL, *issuer = NULL;
	int sn = i2d_ASN1_INTEGER(X509_get0_serialNumber(cert), &serial);
	int in = i2d_X509_NAME(X509_get_issuer_name(cert), &issuer);
	size_t end = der_mark(d);

	if (sn > 0 && in > 0) {
		der_bytes(d, serial, (size_t)sn);
		der_bytes(d, issuer, (size_t)in);
	} else {
		d->err = ERR_CRYPTO;
	}
	der_wrap(d, DER_SEQUENCE, end);
	OPENSSL_free(serial);
	OPENSSL_free(issuer);
}

/* KeyAgreeRecipientInfo (RFC 5652, 6.2.2). */
static void
write_recipient(struct der *d, struct layer *l, X509 *cert)
{
	static const unsigned char unused_bits[] = { 0 },
				   version[] = { 0x02, 0x01, 0x03 };
	size_t all = der_mark(d), keys = all, end;

	der_bytes(d, NULL, WRAPPED);
	l->at_wrapped = der_mark(d);
	der_wrap(d, DER_OCTETS, all);
	write_rid(d, cert);
	der_wrap(d, DER_SEQUENCE, keys);
	der_wrap(d, DER_SEQUENCE, keys);
	end = der_mark(d);
	der_bytes(d, alg_wrap, sizeof alg_wrap);
	der_bytes(d, oid_ecdh, sizeof oid_ecdh);
	if (l->point == POINT_MAX && d->err == 0)
		d->b[d->at + sizeof oid_ecdh - 1]++;
	der_wrap(d, DER_SEQUENCE, end);
	end = der_mark(d);
	der_bytes(d, NULL, l->point);
	l->at_point = der_mark(d);
	der_bytes(d, unused_bits, sizeof unused_bits);
	der_wrap(d, DER_BITS, end);
	keys = der_mark(d);
	der_bytes(d, oid_ec_key, sizeof oid_ec_key);
	der_wrap(d, DER_SEQUENCE, keys);
	der_wrap(d, DER_CONTEXT_CONS + 1, end);
	der_wrap(d, DER_CONTEXT_CONS + 0, end);
	der_bytes(d, version, sizeof version);
	der_wrap(d, DER_CONTEXT_CONS + 1, all);
	der_wrap(d, DER_SET, all);
}

static void
write_content(struct der *d, struct layer *l)
{
	static const unsigned char tag_len[] = { 0x02, 0x01, TAG };
	size_t all = der_mark(d), alg, end;

	der_bytes(d, NULL, l->content);
	l->at_content = der_mark(d);
	der_wrap(d, DER_CONTEXT + 0, all);
	alg = end = der_mark(d);
	der_bytes(d, tag_len, sizeof tag_len);
	end = der_mark(d);
	der_bytes(d, NULL, NONCE);
	l->at_nonce = der_mark(d);
	der_wrap(d, DER_OCTETS, end);
	der_wrap(d, DER_SEQUENCE, alg);
	der_bytes(d, oid_aes256_gcm, sizeof oid_aes256_gcm);
	der_wrap(d, DER_SEQUENCE, alg);
	der_bytes(d, oid_data, sizeof oid_data);
	der_wrap(d, DER_SEQUENCE, all);
}

/* The whole ContentInfo with zeros in the five fields. */
static int
write_template(struct layer *l, X509 *cert)
{
	static const unsigned char version[] = { 0x02, 0x01, 0x00 };
	size_t shift, end;
	struct der d;

	der_init(&d, l->der, sizeof l->der);
	end = der_mark(&d);
	der_bytes(&d, NULL, TAG);
	l->at_tag = der_mark(&d);
	der_wrap(&d, DER_OCTETS, end);
	write_content(&d, l);
	write_recipient(&d, l, cert);
	der_bytes(&d, version, sizeof version);
	der_wrap(&d, DER_SEQUENCE, end);
	der_wrap(&d, DER_CONTEXT_CONS + 0, end);
	der_bytes(&d, oid_auth_enveloped, sizeof oid_auth_enveloped);
	der_wrap(&d, DER_SEQUENCE, end);
	if (d.err != 0)
		return d.err;
	shift = d.at;
	l->n = d.room - shift;
	memmove(l->der, l->der + shift, l->n);
	l->at_tag -= shift;
	l->at_content -= shift;
	l->at_nonce -= shift;
	l->at_point -= shift;
	l->at_wrapped -= shift;
	return 0;
}

/* Everything that is fetched once and used for each envelope. */
static int
prepare(struct layer *l)
{
	EVP_PKEY_CTX *check = EVP_PKEY_CTX_new_from_pkey(NULL, l->key, NULL);
	int ok = check != NULL && EVP_PKEY_public_check(check) == 1;

	EVP_PKEY_CTX_free(check);
	l->md = EVP_MD_fetch(NULL, l->point == POINT_MAX ? "SHA384" : "SHA256", NULL);
	l->keygen = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
	l->gcm = EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL);
	l->wrap = EVP_CIPHER_fetch(NULL, "AES-256-WRAP", NULL);
	l->gcm_ctx = EVP_CIPHER_CTX_new();
	l->wrap_ctx = EVP_CIPHER_CTX_new();
	if (!ok || l->md == NULL || l->keygen == NULL || l->gcm == NULL ||
	    l->wrap == NULL || l->gcm_ctx == NULL || l->wrap_ctx == NULL ||
	    EVP_PKEY_keygen_init(l->keygen) != 1)
		return ERR_CRYPTO;
	EVP_CIPHER_CTX_set_flags(l->wrap_ctx, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
	return EVP_PKEY_CTX_set_group_name(
		   l->keygen, l->point == POINT_MAX ? "P-384" : "P-256") == 1
		   ? 0
		   : ERR_CRYPTO;
}

int
layer_new(struct layer **ret, X509 *cert, size_t content, const char **ret_wrong)
{
	struct layer *l = mem_zalloc(sizeof *l);
	int rc;

	*ret_wrong = NULL;
	if (l == NULL)
		return ERR_NOMEM;
	l->content = content;
	l->key = X509_get_pubkey(cert);
	*ret_wrong = recipient_check(cert, &l->to);
	l->point = l->to.p384 ? POINT_MAX : 65;
	rc = *ret_wrong != NULL ? ERR_INVALID : prepare(l);
	if (rc == 0)
		rc = write_template(l, cert);
	ERR_clear_error();
	if (rc != 0) {
		layer_free(l);
		return rc;
	}
	*ret = l;
	return 0;
}

void
layer_free(struct layer *l)
{
	if (l == NULL)
		return;
	EVP_PKEY_free(l->key);
	EVP_PKEY_CTX_free(l->keygen);
	EVP_MD_free(l->md);
	EVP_CIPHER_free(l->gcm);
	EVP_CIPHER_free(l->wrap);
	EVP_CIPHER_CTX_free(l->gcm_ctx);
	EVP_CIPHER_CTX_free(l->wrap_ctx);
	mem_free(l);
}

size_t
layer_len(const struct layer *l)
{
	return l->n;
}

const struct recipient *
layer_recipient(const struct layer *l)
{
	return &l->to;
}

int
layer_same_key(const struct layer *a, const struct layer *b)
{
	return EVP_PKEY_eq(a->key, b->key) == 1;
}

/* Fresh key pair against the recipient's key: the point into the DER, the shared secret
 * out.
 */
static int
agree(struct layer *l, unsigned char *point, unsigned char *secret, size_t *secret_n)
{
	EVP_PKEY *fresh = NULL;
	EVP_PKEY_CTX *ctx = NULL;
	size_t n = 0;
	int ok;

	ok = EVP_PKEY_generate(l->keygen, &fresh) == 1 &&
	     EVP_PKEY_get_octet_string_param(
		 fresh, OSSL_PKEY_PARAM_PUB_KEY, point, l->point, &n) == 1 &&
	     n == l->point;
	if (ok)
		ctx = EVP_PKEY_CTX_new_from_pkey(NULL, fresh, NULL);
	*secret_n = SECRET_MAX;
	/* The recipient's key was checked once, in prepare(). */
	ok = ctx != NULL && EVP_PKEY_derive_init(ctx) == 1 &&
	     EVP_PKEY_derive_set_peer_ex(ctx, l->key, 0) == 1 &&
	     EVP_PKEY_derive(ctx, secret, secret_n) == 1;
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(fresh);
	return ok ? 0 : ERR_CRYPTO;
}

/* X9.63 key derivation; one block of either hash is enough for 32 bytes. */
static int
derive(
    const struct layer *l, const unsigned char *secret, size_t n, unsigned char kek[KEY])
{
	unsigned char in[SECRET_MAX + 4 + sizeof shared_info], out[EVP_MAX_MD_SIZE];
	static const unsigned char counter[] = { 0, 0, 0, 1 };
	int ok;

	memcpy(in, secret, n);
	memcpy(in + n, counter, sizeof counter);
	memcpy(in + n + sizeof counter, shared_info, sizeof shared_info);
	ok = EVP_Digest(in, n + sizeof counter + sizeof shared_info, out, NULL, l->md,
		 NULL) == 1;
	memcpy(kek, out, KEY);
	mem_wipe(in, sizeof in);
	mem_wipe(out, sizeof out);
	return ok ? 0 : ERR_CRYPTO;
}

static int
encrypt(struct layer *l, const unsigned char key[KEY], const unsigned char *content,
    unsigned char *out)
{
	EVP_CIPHER_CTX *c = l->gcm_ctx;
	int n = 0, ok;

	ok = RAND_bytes(out + l->at_nonce, NONCE) == 1 &&
	     EVP_EncryptInit_ex2(c, l->gcm, key, out + l->at_nonce, NULL) == 1 &&
	     EVP_EncryptUpdate(c, out + l->at_content, &n, content, (int)l->content) ==
		 1 &&
	     (size_t)n == l->content &&
	     EVP_EncryptFinal_ex(c, out + l->at_content + n, &n) == 1 && n == 0 &&
	     EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_GET_TAG, TAG, out + l->at_tag) == 1;
	return ok ? 0 : ERR_CRYPTO;
}

static int
wrap_key(struct layer *l, const unsigned char kek[KEY], const unsigned char key[KEY],
    unsigned char out[WRAPPED])
{
	int n = 0, tail = 0, ok;

	ok = EVP_EncryptInit_ex2(l->wrap_ctx, l->wrap, kek, NULL, NULL) == 1 &&
	     EVP_EncryptUpdate(l->wrap_ctx, out, &n, key, KEY) == 1 && n == WRAPPED &&
	     EVP_EncryptFinal_ex(l->wrap_ctx, out + n, &tail) == 1 && tail == 0;
	return ok ? 0 : ERR_CRYPTO;
}

int
layer_seal(struct layer *l, const unsigned char *content, unsigned char *out)
{
	unsigned char key[KEY], kek[KEY], secret[SECRET_MAX];
	size_t n;
	int rc;

	memcpy(out, l->der, l->n);
	rc = agree(l, out + l->at_point, secret, &n);
	if (rc == 0)
		rc = derive(l, secret, n, kek);
	if (rc == 0 && RAND_priv_bytes(key, sizeof key) != 1)
		rc = ERR_CRYPTO;
	if (rc == 0)
		rc = wrap_key(l, kek, key, out + l->at_wrapped);
	if (rc == 0)
		rc = encrypt(l, key, content, out);
	mem_wipe(key, sizeof key);
	mem_wipe(kek, sizeof kek);
	mem_wipe(secret, sizeof secret);
	ERR_clear_error();
	return rc;
}
