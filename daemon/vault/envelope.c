/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/vault/envelope.h"

#include <stdio.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include "daemon/vault/der.h"
#include "lib/mem.h"

/*
 * CMS_encrypt builds a tree of ASN.1 objects and fetches each algorithm anew, twice an
 * envelope.  Between two envelopes for one holder only five fields differ, all of fixed
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

struct holder {
	EVP_PKEY *key;
	EVP_PKEY_CTX *keygen; /* of the same curve */
	EVP_MD *md;	      /* of the key derivation */
	size_t point;	      /* bytes of an uncompressed point */
	size_t content;	      /* bytes that go in */
	size_t n, at_point, at_wrapped, at_nonce, at_content, at_tag;
	unsigned char der[ENVELOPE_MAX];
	int64_t not_after;
};

struct envelope_maker {
	struct holder a, b;
	EVP_CIPHER *gcm, *wrap;
	EVP_CIPHER_CTX *gcm_ctx, *wrap_ctx;
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

/* KeyAgreeRecipientInfo (RFC 5652, 6.2.2); *from_end become offsets counted from the end.
 */
static void
write_recipient(struct der *d, struct holder *h, X509 *cert)
{
	static const unsigned char unused_bits[] = { 0 },
				   version[] = { 0x02, 0x01, 0x03 };
	size_t all = der_mark(d), keys = all, end;

	der_bytes(d, NULL, WRAPPED);
	h->at_wrapped = der_mark(d);
	der_wrap(d, DER_OCTETS, all);
	write_rid(d, cert);
	der_wrap(d, DER_SEQUENCE, keys);
	der_wrap(d, DER_SEQUENCE, keys);
	end = der_mark(d);
	der_bytes(d, alg_wrap, sizeof alg_wrap);
	der_bytes(d, oid_ecdh, sizeof oid_ecdh);
	if (h->point == POINT_MAX && d->err == 0)
		d->b[d->at + sizeof oid_ecdh - 1]++;
	der_wrap(d, DER_SEQUENCE, end);
	end = der_mark(d);
	der_bytes(d, NULL, h->point);
	h->at_point = der_mark(d);
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
write_content(struct der *d, struct holder *h)
{
	static const unsigned char tag_len[] = { 0x02, 0x01, TAG };
	size_t all = der_mark(d), alg, end;

	der_bytes(d, NULL, h->content);
	h->at_content = der_mark(d);
	der_wrap(d, DER_CONTEXT + 0, all);
	alg = end = der_mark(d);
	der_bytes(d, tag_len, sizeof tag_len);
	end = der_mark(d);
	der_bytes(d, NULL, NONCE);
	h->at_nonce = der_mark(d);
	der_wrap(d, DER_OCTETS, end);
	der_wrap(d, DER_SEQUENCE, alg);
	der_bytes(d, oid_aes256_gcm, sizeof oid_aes256_gcm);
	der_wrap(d, DER_SEQUENCE, alg);
	der_bytes(d, oid_data, sizeof oid_data);
	der_wrap(d, DER_SEQUENCE, all);
}

/* The whole ContentInfo with zeros in the five fields. */
static int
write_template(struct holder *h, X509 *cert)
{
	static const unsigned char version[] = { 0x02, 0x01, 0x00 };
	size_t shift, end;
	struct der d;

	der_init(&d, h->der, sizeof h->der);
	end = der_mark(&d);
	der_bytes(&d, NULL, TAG);
	h->at_tag = der_mark(&d);
	der_wrap(&d, DER_OCTETS, end);
	write_content(&d, h);
	write_recipient(&d, h, cert);
	der_bytes(&d, version, sizeof version);
	der_wrap(&d, DER_SEQUENCE, end);
	der_wrap(&d, DER_CONTEXT_CONS + 0, end);
	der_bytes(&d, oid_auth_enveloped, sizeof oid_auth_enveloped);
	der_wrap(&d, DER_SEQUENCE, end);
	if (d.err != 0)
		return d.err;
	shift = d.at;
	h->n = d.room - shift;
	memmove(h->der, h->der + shift, h->n);
	h->at_tag -= shift;
	h->at_content -= shift;
	h->at_nonce -= shift;
	h->at_point -= shift;
	h->at_wrapped -= shift;
	return 0;
}

/* Only what an envelope may be made for: a key on P-256 or P-384 that may agree on keys.
 */
static const char *
check_cert(struct holder *h, X509 *cert)
{
	char group[32] = "";
	struct tm tm = { 0 };

	if (h->key == NULL || !EVP_PKEY_is_a(h->key, "EC") ||
	    EVP_PKEY_get_group_name(h->key, group, sizeof group, NULL) != 1)
		return "the key must be an elliptic curve key";
	if (strcmp(group, "prime256v1") == 0)
		h->point = 65;
	else if (strcmp(group, "secp384r1") == 0)
		h->point = POINT_MAX;
	else
		return "the key must be on the curve P-256 or P-384";
	if ((X509_get_extension_flags(cert) & EXFLAG_KUSAGE) != 0 &&
	    (X509_get_key_usage(cert) & X509v3_KU_KEY_AGREEMENT) == 0)
		return "its key usage must allow keyAgreement";
	if (ASN1_TIME_to_tm(X509_get0_notAfter(cert), &tm) != 1)
		return "its end of validity cannot be read";
	h->not_after = (int64_t)timegm(&tm);
	return NULL;
}

/* Everything that is fetched once and used for each envelope. */
static int
prepare(struct holder *h)
{
	EVP_PKEY_CTX *check = EVP_PKEY_CTX_new_from_pkey(NULL, h->key, NULL);
	int ok = check != NULL && EVP_PKEY_public_check(check) == 1;

	EVP_PKEY_CTX_free(check);
	h->md = EVP_MD_fetch(NULL, h->point == POINT_MAX ? "SHA384" : "SHA256", NULL);
	h->keygen = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
	if (!ok || h->md == NULL || h->keygen == NULL ||
	    EVP_PKEY_keygen_init(h->keygen) != 1)
		return ERR_CRYPTO;
	return EVP_PKEY_CTX_set_group_name(
		   h->keygen, h->point == POINT_MAX ? "P-384" : "P-256") == 1
		   ? 0
		   : ERR_CRYPTO;
}

static int
holder_init(struct holder *h, const char *path, size_t content, struct buf *why)
{
	BIO *f = BIO_new_file(path, "r");
	X509 *cert = f != NULL ? PEM_read_bio_X509(f, NULL, NULL, NULL) : NULL;
	const char *wrong;
	int rc;

	BIO_free(f);
	ERR_clear_error();
	h->content = content;
	if (cert == NULL) {
		buf_addf(why, "%s: no readable certificate in PEM form", path);
		return ERR_IO;
	}
	h->key = X509_get_pubkey(cert);
	wrong = check_cert(h, cert);
	if (wrong != NULL) {
		buf_addf(why, "%s: %s", path, wrong);
		rc = ERR_INVALID;
	} else {
		rc = prepare(h);
		if (rc == 0)
			rc = write_template(h, cert);
		if (rc != 0)
			buf_addf(why, "%s: %s", path, err_str(rc));
	}
	X509_free(cert);
	ERR_clear_error();
	return rc;
}

static void
holder_done(struct holder *h)
{
	EVP_PKEY_free(h->key);
	EVP_PKEY_CTX_free(h->keygen);
	EVP_MD_free(h->md);
}

int
envelope_new(
    struct envelope_maker **ret, const char *cert_a, const char *cert_b, struct buf *why)
{
	struct envelope_maker *m = mem_zalloc(sizeof *m);
	int rc;

	if (m == NULL)
		return ERR_NOMEM;
	rc = holder_init(&m->a, cert_a, ENVELOPE_TEXT, why);
	if (rc == 0)
		rc = holder_init(&m->b, cert_b, m->a.n, why);
	if (rc == 0 && EVP_PKEY_eq(m->a.key, m->b.key) == 1) {
		buf_addf(why, "%s and %s are of one key; two holders are needed", cert_a,
		    cert_b);
		rc = ERR_INVALID;
	}
	m->gcm = EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL);
	m->wrap = EVP_CIPHER_fetch(NULL, "AES-256-WRAP", NULL);
	m->gcm_ctx = EVP_CIPHER_CTX_new();
	m->wrap_ctx = EVP_CIPHER_CTX_new();
	if (rc == 0 && (m->gcm == NULL || m->wrap == NULL || m->gcm_ctx == NULL ||
			   m->wrap_ctx == NULL))
		rc = ERR_CRYPTO;
	if (rc != 0) {
		envelope_free(m);
		return rc;
	}
	EVP_CIPHER_CTX_set_flags(m->wrap_ctx, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
	*ret = m;
	return 0;
}

void
envelope_free(struct envelope_maker *m)
{
	if (m == NULL)
		return;
	holder_done(&m->a);
	holder_done(&m->b);
	EVP_CIPHER_free(m->gcm);
	EVP_CIPHER_free(m->wrap);
	EVP_CIPHER_CTX_free(m->gcm_ctx);
	EVP_CIPHER_CTX_free(m->wrap_ctx);
	mem_free(m);
}

size_t
envelope_len(const struct envelope_maker *m)
{
	return m->b.n;
}

int64_t
envelope_not_after(const struct envelope_maker *m)
{
	return m->a.not_after < m->b.not_after ? m->a.not_after : m->b.not_after;
}

/* Fresh key pair against the holder's key: the point into the DER, the shared secret out.
 */
static int
agree(struct holder *h, unsigned char *point, unsigned char *secret, size_t *secret_n)
{
	EVP_PKEY *fresh = NULL;
	EVP_PKEY_CTX *ctx = NULL;
	size_t n = 0;
	int ok;

	ok = EVP_PKEY_generate(h->keygen, &fresh) == 1 &&
	     EVP_PKEY_get_octet_string_param(
		 fresh, OSSL_PKEY_PARAM_PUB_KEY, point, h->point, &n) == 1 &&
	     n == h->point;
	if (ok)
		ctx = EVP_PKEY_CTX_new_from_pkey(NULL, fresh, NULL);
	*secret_n = SECRET_MAX;
	/* The holder's key was checked once, in prepare(). */
	ok = ctx != NULL && EVP_PKEY_derive_init(ctx) == 1 &&
	     EVP_PKEY_derive_set_peer_ex(ctx, h->key, 0) == 1 &&
	     EVP_PKEY_derive(ctx, secret, secret_n) == 1;
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(fresh);
	return ok ? 0 : ERR_CRYPTO;
}

/* X9.63 key derivation; one block of either hash is enough for 32 bytes. */
static int
derive(
    const struct holder *h, const unsigned char *secret, size_t n, unsigned char kek[KEY])
{
	unsigned char in[SECRET_MAX + 4 + sizeof shared_info], out[EVP_MAX_MD_SIZE];
	static const unsigned char counter[] = { 0, 0, 0, 1 };
	int ok;

	memcpy(in, secret, n);
	memcpy(in + n, counter, sizeof counter);
	memcpy(in + n + sizeof counter, shared_info, sizeof shared_info);
	ok = EVP_Digest(in, n + sizeof counter + sizeof shared_info, out, NULL, h->md,
		 NULL) == 1;
	memcpy(kek, out, KEY);
	mem_wipe(in, sizeof in);
	mem_wipe(out, sizeof out);
	return ok ? 0 : ERR_CRYPTO;
}

static int
encrypt(struct envelope_maker *m, struct holder *h, const unsigned char key[KEY],
    const unsigned char *content, unsigned char *out)
{
	EVP_CIPHER_CTX *c = m->gcm_ctx;
	int n = 0, ok;

	ok = RAND_bytes(out + h->at_nonce, NONCE) == 1 &&
	     EVP_EncryptInit_ex2(c, m->gcm, key, out + h->at_nonce, NULL) == 1 &&
	     EVP_EncryptUpdate(c, out + h->at_content, &n, content, (int)h->content) ==
		 1 &&
	     (size_t)n == h->content &&
	     EVP_EncryptFinal_ex(c, out + h->at_content + n, &n) == 1 && n == 0 &&
	     EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_GET_TAG, TAG, out + h->at_tag) == 1;
	return ok ? 0 : ERR_CRYPTO;
}

static int
wrap_key(struct envelope_maker *m, const unsigned char kek[KEY],
    const unsigned char key[KEY], unsigned char out[WRAPPED])
{
	int n = 0, tail = 0, ok;

	ok = EVP_EncryptInit_ex2(m->wrap_ctx, m->wrap, kek, NULL, NULL) == 1 &&
	     EVP_EncryptUpdate(m->wrap_ctx, out, &n, key, KEY) == 1 && n == WRAPPED &&
	     EVP_EncryptFinal_ex(m->wrap_ctx, out + n, &tail) == 1 && tail == 0;
	return ok ? 0 : ERR_CRYPTO;
}

/* One layer: h->content bytes in, h->n bytes out. */
static int
seal_layer(struct envelope_maker *m, struct holder *h, const unsigned char *content,
    unsigned char *out)
{
	unsigned char key[KEY], kek[KEY], secret[SECRET_MAX];
	size_t n;
	int rc;

	memcpy(out, h->der, h->n);
	rc = agree(h, out + h->at_point, secret, &n);
	if (rc == 0)
		rc = derive(h, secret, n, kek);
	if (rc == 0 && RAND_priv_bytes(key, sizeof key) != 1)
		rc = ERR_CRYPTO;
	if (rc == 0)
		rc = wrap_key(m, kek, key, out + h->at_wrapped);
	if (rc == 0)
		rc = encrypt(m, h, key, content, out);
	mem_wipe(key, sizeof key);
	mem_wipe(kek, sizeof kek);
	mem_wipe(secret, sizeof secret);
	ERR_clear_error();
	return rc;
}

void
envelope_text(const char *member, const unsigned char report[ID_LEN], uint32_t epoch,
    char out[ENVELOPE_TEXT])
{
	char t[ENVELOPE_TEXT + 1], hex[2 * ID_LEN + 1];
	size_t i;
	int n;

	for (i = 0; i < ID_LEN; i++)
		(void)snprintf(hex + 2 * i, 3, "%02x", report[i]);
	n = snprintf(t, sizeof t,
	    "CEPTOAR identity envelope 1\nmember: %.63s\nreport: %s\nepoch: %u\n", member,
	    hex, epoch);
	memset(out, ' ', ENVELOPE_TEXT - 1);
	memcpy(out, t, (size_t)n);
	out[ENVELOPE_TEXT - 1] = '\n';
	mem_wipe(t, sizeof t);
}

int
envelope_seal(struct envelope_maker *m, const char *member,
    const unsigned char report[ID_LEN], uint32_t epoch, unsigned char *out)
{
	unsigned char inner[ENVELOPE_MAX];
	char text[ENVELOPE_TEXT];
	int rc;

	envelope_text(member, report, epoch, text);
	rc = seal_layer(m, &m->a, (const unsigned char *)text, inner);
	mem_wipe(text, sizeof text);
	if (rc == 0)
		rc = seal_layer(m, &m->b, inner, out);
	mem_wipe(inner, sizeof inner);
	return rc;
}
