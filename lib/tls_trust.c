/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/tls_trust.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/kdf.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <openssl/x509v3.h>

#include "lib/mem.h"

enum {
	FILE_MAX = 8 * 1024 * 1024,
	SHOWN_MAX = 5, /* certificates in a peer's list */
	RSA_MIN = 2048,
	RSA_MAX = 4096,
};

static int
fail(struct buf *why, const char *path, const char *what)
{
	buf_addf(why, "%s: %s", path, what);
	ERR_clear_error();
	return ERR_INVALID;
}

static int
read_file(const char *path, struct buf *into)
{
	FILE *f = fopen(path, "re");
	size_t n;
	char *w;

	if (f == NULL)
		return ERR_IO;
	for (;;) {
		w = buf_extend(into, 4096);
		if (w == NULL)
			break;
		n = fread(w, 1, 4096, f);
		into->n -= 4096 - n;
		if (n == 0)
			break;
	}
	n = (size_t)ferror(f);
	(void)fclose(f);
	return n != 0 ? ERR_IO : buf_err(into);
}

uint64_t
tls_trust_tag(const X509_NAME *issuer, const ASN1_INTEGER *serial)
{
	unsigned char md[32], *name = NULL, *num = NULL;
	int n, m;
	uint64_t tag = 0;

	n = i2d_X509_NAME(issuer, &name);
	m = i2d_ASN1_INTEGER(serial, &num);
	if (n > 0 && m > 0) {
		/* Two hashes rather than one of both: no byte can change sides. */
		unsigned char two[64];

		(void)SHA256(name, (size_t)n, two);
		(void)SHA256(num, (size_t)m, two + 32);
		(void)SHA256(two, sizeof two, md);
		memcpy(&tag, md, sizeof tag);
	}
	OPENSSL_free(name);
	OPENSSL_free(num);
	return tag;
}

static int
by_value(const void *a, const void *b)
{
	uint64_t x, y;

	memcpy(&x, a, sizeof x);
	memcpy(&y, b, sizeof y);
	return x < y ? -1 : x > y;
}

int
tls_trust_revokes(const struct tls_trust *t, uint64_t tag)
{
	return tag != 0 && t->count != 0 &&
	       bsearch(&tag, t->revoked, t->count, sizeof tag, by_value) != NULL;
}

static int
load_ca(struct tls_trust *t, const struct buf *pem, STACK_OF(X509) * cas)
{
	BIO *in = BIO_new_mem_buf(pem->p, (int)pem->n);
	X509 *x;
	int count = 0;

	if (in == NULL)
		return ERR_NOMEM;
	while ((x = PEM_read_bio_X509(in, NULL, NULL, NULL)) != NULL) {
		if (X509_STORE_add_cert(t->store, x) != 1 || sk_X509_push(cas, x) <= 0) {
			X509_free(x);
			count = -1;
			break;
		}
		count++;
	}
	/* Anything but "no more PEM here" is a damaged file, not its end. */
	if (count > 0 && ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE)
		count = -1;
	ERR_clear_error();
	BIO_free(in);
	return count > 0 ? 0 : ERR_INVALID;
}

/*
 * OpenSSL's own check would verify the signature of the CRL anew in every handshake, a
 * tenth of a handshake's cost; take_crl() did it when the file was read.  What changes
 * with time is looked at here: the verify callback decides about a stale one.
 */
static int
on_check_crl(X509_STORE_CTX *ctx, X509_CRL *crl)
{
	const ASN1_TIME *next = X509_CRL_get0_nextUpdate(crl);
	X509_STORE_CTX_verify_cb decide = X509_STORE_CTX_get_verify_cb(ctx);

	if (X509_cmp_current_time(X509_CRL_get0_lastUpdate(crl)) > 0) {
		X509_STORE_CTX_set_error(ctx, X509_V_ERR_CRL_NOT_YET_VALID);
		return decide(0, ctx);
	}
	if (next != NULL && X509_cmp_current_time(next) > 0)
		return 1;
	X509_STORE_CTX_set_error(ctx, X509_V_ERR_CRL_HAS_EXPIRED);
	return decide(0, ctx);
}

/* Partial lists and lists of other issuers need rules that we do not have. */
static int
crl_is_whole(X509_CRL *crl)
{
	return X509_CRL_get_ext_by_NID(crl, NID_delta_crl, -1) < 0 &&
	       X509_CRL_get_ext_by_NID(crl, NID_issuing_distribution_point, -1) < 0;
}

/* 1 when one of the CAs that may sign lists signed it. */
static int
crl_is_ours(X509_CRL *crl, STACK_OF(X509) * cas)
{
	EVP_PKEY *key;
	X509 *x;
	int i;

	for (i = 0; i < sk_X509_num(cas); i++) {
		x = sk_X509_value(cas, i);
		if (X509_NAME_cmp(X509_get_subject_name(x), X509_CRL_get_issuer(crl)) !=
		    0)
			continue;
		key = X509_get0_pubkey(x);
		if (key != NULL && (X509_get_key_usage(x) & KU_CRL_SIGN) != 0 &&
		    X509_CRL_verify(crl, key) == 1)
			return 1;
	}
	return 0;
}

static int
note_revoked(struct tls_trust *t, X509_CRL *crl)
{
	STACK_OF(X509_REVOKED) *list = X509_CRL_get_REVOKED(crl);
	int i, n = list != NULL ? sk_X509_REVOKED_num(list) : 0;
	uint64_t *more;

	if (n == 0)
		return 0;
	more = mem_realloc(t->revoked, (t->count + (size_t)n) * sizeof *more);
	if (more == NULL)
		return ERR_NOMEM;
	t->revoked = more;
	for (i = 0; i < n; i++)
		more[t->count++] = tls_trust_tag(X509_CRL_get_issuer(crl),
		    X509_REVOKED_get0_serialNumber(sk_X509_REVOKED_value(list, i)));
	return 0;
}

static int
take_crl(struct tls_trust *t, X509_CRL *crl, STACK_OF(X509) * cas)
{
	const ASN1_TIME *next = X509_CRL_get0_nextUpdate(crl);
	struct tm tm;
	int64_t until;

	if (next == NULL || ASN1_TIME_to_tm(next, &tm) != 1 || !crl_is_whole(crl) ||
	    !crl_is_ours(crl, cas))
		return ERR_INVALID;
	until = (int64_t)timegm(&tm);
	if (!t->has_crl || until < t->next_update)
		t->next_update = until;
	t->has_crl = 1;
	X509_STORE_set_check_crl(t->store, on_check_crl);
	if (X509_STORE_add_crl(t->store, crl) != 1)
		return ERR_CRYPTO;
	return note_revoked(t, crl);
}

static int
load_crl(struct tls_trust *t, const struct buf *pem, STACK_OF(X509) * cas)
{
	BIO *in = BIO_new_mem_buf(pem->p, (int)pem->n);
	X509_CRL *crl;
	int rc = 0;

	if (in == NULL)
		return ERR_NOMEM;
	while (rc == 0 && (crl = PEM_read_bio_X509_CRL(in, NULL, NULL, NULL)) != NULL) {
		rc = take_crl(t, crl, cas);
		X509_CRL_free(crl);
	}
	if (rc == 0 &&
	    (!t->has_crl || ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE))
		rc = ERR_INVALID;
	ERR_clear_error();
	BIO_free(in);
	if (t->count > 1)
		qsort(t->revoked, t->count, sizeof *t->revoked, by_value);
	return rc;
}

static int
digest_files(struct tls_trust *t, const struct buf *ca, const struct buf *crl)
{
	unsigned char two[64];

	(void)SHA256((const unsigned char *)(ca->n != 0 ? ca->p : ""), ca->n, two);
	(void)SHA256(
	    (const unsigned char *)(crl->n != 0 ? crl->p : ""), crl->n, two + 32);
	(void)SHA256(two, sizeof two, t->digest);
	return 0;
}

int
tls_trust_load(
    struct tls_trust *t, const char *ca_path, const char *crl_path, struct buf *why)
{
	STACK_OF(X509) *cas = sk_X509_new_null();
	struct buf ca, crl;
	int rc;

	buf_init(&ca, FILE_MAX);
	buf_init(&crl, FILE_MAX);
	t->store = X509_STORE_new();
	if (t->store == NULL || cas == NULL) {
		rc = ERR_NOMEM;
	} else if (read_file(ca_path, &ca) != 0) {
		rc = fail(why, ca_path, "cannot be read");
	} else if (load_ca(t, &ca, cas) != 0) {
		rc = fail(why, ca_path, "no CA certificate in PEM, or a damaged one");
	} else if (crl_path[0] == '\0') {
		rc = digest_files(t, &ca, &crl);
	} else if (read_file(crl_path, &crl) != 0) {
		rc = fail(why, crl_path, "cannot be read");
	} else if (load_crl(t, &crl, cas) != 0) {
		rc = fail(
		    why, crl_path, "no CRL in PEM that the CA signed, or a damaged one");
	} else {
		rc = digest_files(t, &ca, &crl);
	}
	buf_done(&ca);
	buf_done(&crl);
	sk_X509_pop_free(cas, X509_free);
	return rc;
}

void
tls_trust_done(struct tls_trust *t)
{
	X509_STORE_free(t->store);
	mem_free(t->revoked);
	t->store = NULL;
	t->revoked = NULL;
	t->count = 0;
}

static int
key_fits(X509 *x)
{
	EVP_PKEY *key = X509_get0_pubkey(x);
	char group[32];
	size_t n = 0;

	if (key == NULL)
		return 0;
	switch (EVP_PKEY_get_base_id(key)) {
	case EVP_PKEY_RSA:
	case EVP_PKEY_RSA_PSS:
		return EVP_PKEY_get_bits(key) >= RSA_MIN &&
		       EVP_PKEY_get_bits(key) <= RSA_MAX;
	case EVP_PKEY_EC:
		/* A curve given by its parameters has no name. */
		return EVP_PKEY_get_group_name(key, group, sizeof group, &n) == 1 &&
		       (strcmp(group, "prime256v1") == 0 ||
			   strcmp(group, "secp384r1") == 0 ||
			   strcmp(group, "secp521r1") == 0);
	case EVP_PKEY_ED25519:
		return 1;
	default:
		return 0;
	}
}

int
tls_trust_keys_fit(X509_STORE_CTX *ctx)
{
	STACK_OF(X509) *shown = X509_STORE_CTX_get0_untrusted(ctx);
	X509 *leaf = X509_STORE_CTX_get0_cert(ctx);
	int i, n = shown != NULL ? sk_X509_num(shown) : 0;

	if (leaf == NULL || n > SHOWN_MAX || !key_fits(leaf))
		return 0;
	for (i = 0; i < n; i++)
		if (!key_fits(sk_X509_value(shown, i)))
			return 0;
	return 1;
}

int
tls_tickets_derive(struct tls_tickets *t, const unsigned char secret[32],
    const unsigned char digest[32], uint64_t generation)
{
	unsigned char out[80], info[24] = "ceptoar ticket 1";
	EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
	EVP_KDF_CTX *ctx = kdf != NULL ? EVP_KDF_CTX_new(kdf) : NULL;
	OSSL_PARAM params[5];
	char sha256[] = "SHA256";
	unsigned char key[32], salt[32];
	int i, ok;

	memcpy(key, secret, sizeof key);
	memcpy(salt, digest, sizeof salt);
	for (i = 0; i < 8; i++)
		info[16 + i] = (unsigned char)(generation >> (56 - 8 * i));
	params[0] = OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, sha256, 0);
	params[1] =
	    OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, key, sizeof key);
	params[2] =
	    OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, salt, sizeof salt);
	params[3] =
	    OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info, sizeof info);
	params[4] = OSSL_PARAM_construct_end();
	ok = ctx != NULL && EVP_KDF_derive(ctx, out, sizeof out, params) == 1;
	if (ok && t->cipher == NULL)
		t->cipher = EVP_CIPHER_fetch(NULL, "AES-256-CBC", NULL);
	if (ok && t->cipher != NULL) {
		memcpy(t->name, out, 16);
		memcpy(t->cipher_key, out + 16, 32);
		memcpy(t->mac_key, out + 48, 32);
	} else {
		ok = 0;
	}
	mem_wipe(out, sizeof out);
	mem_wipe(key, sizeof key);
	EVP_KDF_CTX_free(ctx);
	EVP_KDF_free(kdf);
	return ok ? 0 : ERR_CRYPTO;
}

int
tls_tickets_use(const struct tls_tickets *t, unsigned char name[16], unsigned char *iv,
    EVP_CIPHER_CTX *cipher, EVP_MAC_CTX *mac, int enc)
{
	unsigned char key[32];
	char sha256[] = "SHA256";
	OSSL_PARAM params[3];
	int ok;

	if (!enc && !mem_equal_ct(name, t->name, sizeof t->name))
		return 0; /* other keys: a full handshake */
	memcpy(key, t->mac_key, sizeof key);
	params[0] =
	    OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, key, sizeof key);
	params[1] = OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, sha256, 0);
	params[2] = OSSL_PARAM_construct_end();
	ok = EVP_MAC_CTX_set_params(mac, params) == 1;
	mem_wipe(key, sizeof key);
	if (ok && enc) {
		memcpy(name, t->name, sizeof t->name);
		ok = RAND_bytes(iv, EVP_CIPHER_get_iv_length(t->cipher)) == 1 &&
		     EVP_EncryptInit_ex2(cipher, t->cipher, t->cipher_key, iv, NULL) == 1;
	} else if (ok) {
		ok = EVP_DecryptInit_ex2(cipher, t->cipher, t->cipher_key, iv, NULL) == 1;
	}
	if (!ok)
		return -1;
	/* 2: each resumption gets a ticket of its own, so that none is seen twice. */
	return enc ? 1 : 2;
}

void
tls_tickets_done(struct tls_tickets *t)
{
	EVP_CIPHER_free(t->cipher);
	mem_wipe(t, sizeof *t);
}
