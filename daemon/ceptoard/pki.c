/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/ceptoard/pki.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include "lib/file.h"
#include "lib/mem.h"

enum {
	DAY = 24 * 3600,
	VALID_DAYS = 3650,
	CRL_DAYS = 30, /* signed anew at every start */
	BACKDATE = 3600,
	SERIAL_BYTES = 16,
};

struct pki {
	X509 *cert;
	EVP_PKEY *key;
};

struct extension {
	int nid;
	const char *value;
};

static const struct extension ca_extensions[] = {
	{ NID_basic_constraints, "critical,CA:TRUE,pathlen:0" },
	{ NID_key_usage, "critical,keyCertSign,cRLSign" },
	{ NID_subject_key_identifier, "hash" },
	{ 0, NULL },
};
static const struct extension server_extensions[] = {
	{ NID_basic_constraints, "critical,CA:FALSE" },
	{ NID_key_usage, "critical,digitalSignature" },
	{ NID_ext_key_usage, "serverAuth" },
	{ NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1,IP:::1" },
	{ NID_subject_key_identifier, "hash" },
	{ NID_authority_key_identifier, "keyid:always" },
	{ 0, NULL },
};
static const struct extension member_extensions[] = {
	{ NID_basic_constraints, "critical,CA:FALSE" },
	{ NID_key_usage, "critical,digitalSignature" },
	{ NID_ext_key_usage, "clientAuth" },
	{ NID_subject_key_identifier, "hash" },
	{ NID_authority_key_identifier, "keyid:always" },
	{ 0, NULL },
};
static const struct extension escrow_extensions[] = {
	{ NID_basic_constraints, "critical,CA:FALSE" },
	{ NID_key_usage, "critical,keyAgreement" },
	{ NID_subject_key_identifier, "hash" },
	{ NID_authority_key_identifier, "keyid:always" },
	{ 0, NULL },
};

static int
refused(struct buf *why, const char *what)
{
	buf_addf(why, "%s: %s", what,
	    ERR_reason_error_string(ERR_peek_last_error()) != NULL
		? ERR_reason_error_string(ERR_peek_last_error())
		: "OpenSSL refused");
	ERR_clear_error();
	return ERR_CRYPTO;
}

/* Writes what a PEM writer put into memory. */
static int
save(BIO *b, const char *path, mode_t mode, struct buf *why)
{
	char *p;
	long n = BIO_get_mem_data(b, &p);
	int rc = n > 0 ? file_write(path, mode, p, (size_t)n) : ERR_CRYPTO;

	if (rc != 0)
		buf_addf(why, "%s: cannot be written: %s", path, err_str(rc));
	return rc;
}

static int
save_cert(X509 *x, const char *path, struct buf *why)
{
	BIO *b = BIO_new(BIO_s_mem());
	int rc = ERR_CRYPTO;

	if (b != NULL && PEM_write_bio_X509(b, x) == 1)
		rc = save(b, path, 0644, why);
	BIO_free(b);
	return rc;
}

static int
save_key(EVP_PKEY *k, const char *path, struct buf *why)
{
	BIO *b = BIO_new(BIO_s_secmem());
	int rc = ERR_CRYPTO;

	if (b != NULL && PEM_write_bio_PrivateKey(b, k, NULL, NULL, 0, NULL, NULL) == 1)
		rc = save(b, path, 0600, why);
	BIO_free(b);
	return rc;
}

static X509 *
load_cert(const char *path)
{
	FILE *f = fopen(path, "re");
	X509 *x = NULL;

	if (f != NULL) {
		x = PEM_read_X509(f, NULL, NULL, NULL);
		fclose(f);
	}
	return x;
}

static int
add_extensions(X509 *x, X509 *issuer, const struct extension *e)
{
	X509V3_CTX ctx;
	X509_EXTENSION *ext;
	int ok;

	X509V3_set_ctx(&ctx, issuer, x, NULL, NULL, 0);
	X509V3_set_ctx_nodb(&ctx);
	for (; e->value != NULL; e++) {
		ext = X509V3_EXT_conf_nid(NULL, &ctx, e->nid, e->value);
		ok = ext != NULL && X509_add_ext(x, ext, -1) == 1;
		X509_EXTENSION_free(ext);
		if (!ok)
			return ERR_CRYPTO;
	}
	return 0;
}

static int
set_serial(X509 *x)
{
	unsigned char raw[SERIAL_BYTES];
	BIGNUM *bn;
	int ok;

	if (RAND_bytes(raw, sizeof raw) != 1)
		return ERR_CRYPTO;
	raw[0] = (unsigned char)((raw[0] & 0x7f) | 0x40); /* positive, never short */
	bn = BN_bin2bn(raw, sizeof raw, NULL);
	ok = bn != NULL && BN_to_ASN1_INTEGER(bn, X509_get_serialNumber(x)) != NULL;
	BN_free(bn);
	return ok ? 0 : ERR_CRYPTO;
}

/* A certificate for `key`, signed by the issuer; self-signed when there is none. */
static X509 *
make_cert(EVP_PKEY *key, const char *name, X509 *issuer, EVP_PKEY *issuer_key,
    const struct extension *e)
{
	X509 *x = X509_new();
	X509_NAME *subject;

	if (x == NULL || X509_set_version(x, X509_VERSION_3) != 1 || set_serial(x) != 0)
		goto bad;
	if (X509_gmtime_adj(X509_getm_notBefore(x), -BACKDATE) == NULL ||
	    X509_time_adj_ex(X509_getm_notAfter(x), VALID_DAYS, 0, NULL) == NULL)
		goto bad;
	subject = X509_get_subject_name(x);
	if (X509_NAME_add_entry_by_txt(subject, "O", MBSTRING_UTF8,
		(const unsigned char *)"CEPTOAR scratch hub", -1, -1, 0) != 1 ||
	    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
		(const unsigned char *)name, -1, -1, 0) != 1)
		goto bad;
	if (X509_set_issuer_name(
		x, issuer != NULL ? X509_get_subject_name(issuer) : subject) != 1 ||
	    X509_set_pubkey(x, key) != 1)
		goto bad;
	if (add_extensions(x, issuer != NULL ? issuer : x, e) != 0)
		goto bad;
	if (X509_sign(x, issuer != NULL ? issuer_key : key, EVP_sha256()) == 0)
		goto bad;
	return x;
bad:
	X509_free(x);
	return NULL;
}

static int
make_ca(struct pki *p, const char *cert_path, const char *key_path, struct buf *why)
{
	int rc;

	p->key = EVP_EC_gen("P-256");
	if (p->key != NULL)
		p->cert = make_cert(p->key, "Scratch CA", NULL, NULL, ca_extensions);
	if (p->cert == NULL)
		return refused(why, "the authority's certificate");
	rc = save_key(p->key, key_path, why);
	return rc != 0 ? rc : save_cert(p->cert, cert_path, why);
}

static int
load_ca(struct pki *p, const char *cert_path, const char *key_path, struct buf *why)
{
	FILE *f = fopen(key_path, "re");

	if (f != NULL) {
		p->key = PEM_read_PrivateKey(f, NULL, NULL, NULL);
		fclose(f);
	}
	p->cert = load_cert(cert_path);
	if (p->key == NULL || p->cert == NULL ||
	    X509_check_private_key(p->cert, p->key) != 1)
		return refused(why, cert_path);
	return 0;
}

int
pki_open(struct pki **ret, const char *dir, struct buf *why)
{
	char cert[PATH_MAX], key[PATH_MAX];
	struct pki *p;
	int rc;

	if (snprintf(cert, sizeof cert, "%s/ca.pem", dir) >= (int)sizeof cert ||
	    snprintf(key, sizeof key, "%s/ca.key", dir) >= (int)sizeof key)
		return ERR_LIMIT;
	p = mem_zalloc(sizeof *p);
	if (p == NULL)
		return ERR_NOMEM;
	rc = file_exists(cert) ? load_ca(p, cert, key, why) : make_ca(p, cert, key, why);
	if (rc != 0) {
		pki_free(p);
		return rc;
	}
	*ret = p;
	return 0;
}

void
pki_free(struct pki *p)
{
	if (p == NULL)
		return;
	X509_free(p->cert);
	EVP_PKEY_free(p->key);
	mem_free(p);
}

static int
issue(struct pki *p, const struct extension *e, const char *name, const char *cert_path,
    const char *key_path, struct buf *why)
{
	EVP_PKEY *key;
	X509 *x = NULL;
	int rc;

	if (file_exists(cert_path) && file_exists(key_path))
		return 0;
	key = EVP_EC_gen("P-256");
	if (key != NULL)
		x = make_cert(key, name, p->cert, p->key, e);
	if (x == NULL)
		rc = refused(why, cert_path);
	else
		rc = save_key(key, key_path, why);
	if (rc == 0)
		rc = save_cert(x, cert_path, why);
	X509_free(x);
	EVP_PKEY_free(key);
	return rc;
}

int
pki_issue(struct pki *p, enum pki_kind kind, const char *name, const char *cert_path,
    const char *key_path, struct buf *why)
{
	static const struct extension *const table[] = { [PKI_SERVER] = server_extensions,
		[PKI_MEMBER] = member_extensions,
		[PKI_ESCROW] = escrow_extensions };

	return issue(p, table[kind], name, cert_path, key_path, why);
}

/* As an escrow holder's, and the desks that it is for. */
int
pki_issue_duty(struct pki *p, const char *name, const char *desks, const char *cert_path,
    const char *key_path, struct buf *why)
{
	enum { N = sizeof escrow_extensions / sizeof escrow_extensions[0] };
	struct extension e[N + 1];

	e[0] = (struct extension){ NID_subject_alt_name, desks };
	memcpy(e + 1, escrow_extensions, sizeof escrow_extensions);
	return issue(p, e, name, cert_path, key_path, why);
}

int
pki_pair(const char *public_path, const char *private_path, struct buf *why)
{
	EVP_PKEY *key;
	BIO *b;
	int rc;

	if (file_exists(public_path) && file_exists(private_path))
		return 0;
	key = EVP_EC_gen("P-256");
	if (key == NULL)
		return refused(why, private_path);
	rc = save_key(key, private_path, why);
	b = BIO_new(BIO_s_mem());
	if (rc == 0 && (b == NULL || PEM_write_bio_PUBKEY(b, key) != 1))
		rc = refused(why, public_path);
	if (rc == 0)
		rc = save(b, public_path, 0644, why);
	BIO_free(b);
	EVP_PKEY_free(key);
	return rc;
}

static X509_CRL *
load_crl(const char *path)
{
	FILE *f = fopen(path, "re");
	X509_CRL *c = NULL;

	if (f != NULL) {
		c = PEM_read_X509_CRL(f, NULL, NULL, NULL);
		fclose(f);
	}
	return c != NULL ? c : X509_CRL_new();
}

static int
crl_add(X509_CRL *crl, const ASN1_INTEGER *serial, const ASN1_TIME *when)
{
	X509_REVOKED *r = NULL, *known;

	if (X509_CRL_get0_by_serial(crl, &known, (ASN1_INTEGER *)(uintptr_t)serial) == 1)
		return 0;
	r = X509_REVOKED_new();
	if (r == NULL ||
	    X509_REVOKED_set_serialNumber(r, (ASN1_INTEGER *)(uintptr_t)serial) != 1 ||
	    X509_REVOKED_set_revocationDate(r, (ASN1_TIME *)(uintptr_t)when) != 1 ||
	    X509_CRL_add0_revoked(crl, r) != 1) {
		X509_REVOKED_free(r);
		return ERR_CRYPTO;
	}
	return 0;
}

/* Number, authority key and times of a list; then its signature. */
static int
crl_sign(struct pki *p, X509_CRL *crl)
{
	ASN1_TIME *now = X509_gmtime_adj(NULL, 0),
		  *next = X509_gmtime_adj(NULL, CRL_DAYS * DAY);
	ASN1_INTEGER *number = ASN1_INTEGER_new();
	AUTHORITY_KEYID *akid = AUTHORITY_KEYID_new();
	int rc = ERR_CRYPTO;

	if (now == NULL || next == NULL || number == NULL || akid == NULL)
		goto out;
	akid->keyid = ASN1_OCTET_STRING_dup(X509_get0_subject_key_id(p->cert));
	if (akid->keyid == NULL ||
	    ASN1_INTEGER_set_int64(number, (int64_t)time(NULL)) != 1)
		goto out;
	if (X509_CRL_set_version(crl, X509_CRL_VERSION_2) != 1 ||
	    X509_CRL_set_issuer_name(crl, X509_get_subject_name(p->cert)) != 1 ||
	    X509_CRL_set1_lastUpdate(crl, now) != 1 ||
	    X509_CRL_set1_nextUpdate(crl, next) != 1 ||
	    X509_CRL_add1_ext_i2d(crl, NID_crl_number, number, 0, 0) != 1 ||
	    X509_CRL_add1_ext_i2d(crl, NID_authority_key_identifier, akid, 0, 0) != 1)
		goto out;
	if (X509_CRL_sort(crl) == 1 && X509_CRL_sign(crl, p->key, EVP_sha256()) != 0)
		rc = 0;
out:
	ASN1_TIME_free(now);
	ASN1_TIME_free(next);
	ASN1_INTEGER_free(number);
	AUTHORITY_KEYID_free(akid);
	return rc;
}

int
pki_crl(struct pki *p, const char *path, const char *revoke, struct buf *why)
{
	X509_CRL *old = load_crl(path), *crl = X509_CRL_new();
	STACK_OF(X509_REVOKED) *list = old != NULL ? X509_CRL_get_REVOKED(old) : NULL;
	ASN1_TIME *now = X509_gmtime_adj(NULL, 0);
	X509 *x = NULL;
	BIO *b = BIO_new(BIO_s_mem());
	int i, rc = crl == NULL || now == NULL || b == NULL ? ERR_NOMEM : 0;

	for (i = 0; rc == 0 && i < sk_X509_REVOKED_num(list); i++) {
		const X509_REVOKED *r = sk_X509_REVOKED_value(list, i);

		rc = crl_add(crl, X509_REVOKED_get0_serialNumber(r),
		    X509_REVOKED_get0_revocationDate(r));
	}
	if (rc == 0 && revoke != NULL) {
		x = load_cert(revoke);
		rc = x == NULL ? ERR_NOTFOUND
			       : crl_add(crl, X509_get0_serialNumber(x), now);
	}
	if (rc == 0)
		rc = crl_sign(p, crl);
	if (rc == 0)
		rc = PEM_write_bio_X509_CRL(b, crl) == 1 ? save(b, path, 0644, why)
							 : ERR_CRYPTO;
	if (rc == ERR_NOTFOUND)
		buf_addf(why, "%s: holds no certificate", revoke);
	else if (rc != 0 && why->n == 0)
		(void)refused(why, path);
	BIO_free(b);
	X509_free(x);
	ASN1_TIME_free(now);
	X509_CRL_free(crl);
	X509_CRL_free(old);
	return rc;
}
