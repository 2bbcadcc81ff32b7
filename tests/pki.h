/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_PKI_H
#define TESTS_PKI_H

/*
 * A certification authority for one test run: everything is made in memory and written to
 * a temporary folder where a file is wanted.  Keys are ECDSA P-256 unless asked
 * otherwise.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

struct tpki {
	char dir[64];
	EVP_PKEY *key;
	X509 *ca;
	long serial;
};

struct tcert {
	EVP_PKEY *key;
	X509 *x;
};

/* What is unusual about a certificate; zeroes: nothing. */
struct tcert_how {
	const char *curve, *usage, *cn;
	int rsa_bits;
	long from_s, until_s;  /* from now; until 0: an hour */
	const struct tpki *by; /* signed by another authority of the same name */
};

static inline EVP_PKEY *
tpki_key(const struct tcert_how *h)
{
	if (h != NULL && h->rsa_bits != 0)
		return EVP_RSA_gen((unsigned)h->rsa_bits);
	return EVP_EC_gen(h != NULL && h->curve != NULL ? h->curve : "P-256");
}

static inline void
tpki_ext(X509 *x, X509 *issuer, int nid, const char *value)
{
	X509_EXTENSION *e;
	X509V3_CTX ctx;

	X509V3_set_ctx(&ctx, issuer, x, NULL, NULL, 0);
	e = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	assert(e != NULL && X509_add_ext(x, e, -1) == 1);
	X509_EXTENSION_free(e);
}

static inline X509 *
tpki_draft(EVP_PKEY *key, const char *cn, long serial, long from_s, long until_s)
{
	X509 *x = X509_new();
	X509_NAME *name = X509_get_subject_name(x);

	assert(x != NULL && X509_set_version(x, X509_VERSION_3) == 1);
	ASN1_INTEGER_set(X509_get_serialNumber(x), serial);
	X509_gmtime_adj(X509_getm_notBefore(x), from_s);
	X509_gmtime_adj(X509_getm_notAfter(x), until_s);
	X509_NAME_add_entry_by_txt(
	    name, "CN", MBSTRING_UTF8, (const unsigned char *)cn, -1, -1, 0);
	X509_set_pubkey(x, key);
	return x;
}

static inline void
tpki_path(const struct tpki *p, const char *name, char room[128])
{
	(void)snprintf(room, 128, "%s/%s", p->dir, name);
}

static inline void
tpki_save(const struct tpki *p, const char *name, X509 *x, EVP_PKEY *key, X509_CRL *crl)
{
	char path[128];
	FILE *f;

	tpki_path(p, name, path);
	f = fopen(path, "w");
	assert(f != NULL);
	if (x != NULL)
		PEM_write_X509(f, x);
	if (key != NULL)
		PEM_write_PrivateKey(f, key, NULL, NULL, 0, NULL, NULL);
	if (crl != NULL)
		PEM_write_X509_CRL(f, crl);
	(void)fclose(f);
}

static inline struct tcert
tpki_issue(struct tpki *p, const struct tcert_how *how)
{
	static const struct tcert_how plain = { 0 };
	const struct tcert_how *h = how != NULL ? how : &plain;
	const struct tpki *by = h->by != NULL ? h->by : p;
	struct tcert c;

	c.key = tpki_key(h);
	c.x = tpki_draft(c.key, h->cn != NULL ? h->cn : "somebody", ++p->serial,
	    h->from_s != 0 ? h->from_s : -60, h->until_s != 0 ? h->until_s : 3600);
	X509_set_issuer_name(c.x, X509_get_subject_name(by->ca));
	tpki_ext(c.x, by->ca, NID_basic_constraints, "critical,CA:FALSE");
	tpki_ext(c.x, by->ca, NID_key_usage, "critical,digitalSignature");
	tpki_ext(
	    c.x, by->ca, NID_ext_key_usage, h->usage != NULL ? h->usage : "clientAuth");
	tpki_ext(c.x, by->ca, NID_authority_key_identifier, "keyid:always");
	tpki_ext(c.x, by->ca, NID_subject_key_identifier, "hash");
	if (h->usage != NULL)
		tpki_ext(c.x, by->ca, NID_subject_alt_name, "DNS:localhost");
	assert(X509_sign(c.x, by->key, EVP_sha256()) > 0);
	return c;
}

static inline void
tcert_free(struct tcert *c)
{
	EVP_PKEY_free(c->key);
	X509_free(c->x);
	c->key = NULL;
	c->x = NULL;
}

static inline void
tpki_init(struct tpki *p)
{
	struct tcert server;
	struct tcert_how how = { .usage = "serverAuth", .cn = "localhost" };

	memset(p, 0, sizeof *p);
	(void)snprintf(p->dir, sizeof p->dir, "/tmp/ceptoar-pki-XXXXXX");
	assert(mkdtemp(p->dir) != NULL);
	p->key = tpki_key(NULL);
	p->ca = tpki_draft(p->key, "Test CA", 1, -120, 86400);
	p->serial = 100;
	X509_set_issuer_name(p->ca, X509_get_subject_name(p->ca));
	tpki_ext(p->ca, p->ca, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
	tpki_ext(p->ca, p->ca, NID_key_usage, "critical,keyCertSign,cRLSign");
	tpki_ext(p->ca, p->ca, NID_subject_key_identifier, "hash");
	assert(X509_sign(p->ca, p->key, EVP_sha256()) > 0);
	tpki_save(p, "ca.pem", p->ca, NULL, NULL);
	server = tpki_issue(p, &how);
	tpki_save(p, "server.pem", server.x, NULL, NULL);
	tpki_save(p, "server.key", NULL, server.key, NULL);
	tcert_free(&server);
}

/* Writes crl.pem: these certificates are revoked; nextUpdate so many seconds from now. */
static inline void
tpki_crl(
    const struct tpki *p, const char *name, X509 *const *revoked, size_t n, long next_s)
{
	X509_CRL *crl = X509_CRL_new();
	ASN1_TIME *t = ASN1_TIME_new();
	size_t i;

	X509_CRL_set_version(crl, X509_CRL_VERSION_2);
	X509_CRL_set_issuer_name(crl, X509_get_subject_name(p->ca));
	X509_gmtime_adj(t, next_s < 0 ? next_s - 60 : -60);
	X509_CRL_set1_lastUpdate(crl, t);
	X509_gmtime_adj(t, next_s);
	X509_CRL_set1_nextUpdate(crl, t);
	for (i = 0; i < n; i++) {
		X509_REVOKED *r = X509_REVOKED_new();

		X509_REVOKED_set_serialNumber(r, X509_get_serialNumber(revoked[i]));
		X509_REVOKED_set_revocationDate(
		    r, (ASN1_TIME *)(uintptr_t)X509_CRL_get0_lastUpdate(crl));
		X509_CRL_add0_revoked(crl, r);
	}
	X509_CRL_sort(crl);
	assert(X509_CRL_sign(crl, p->key, EVP_sha256()) > 0);
	tpki_save(p, name, NULL, NULL, crl);
	ASN1_TIME_free(t);
	X509_CRL_free(crl);
}

static inline void
tpki_done(struct tpki *p)
{
	char cmd[128];

	EVP_PKEY_free(p->key);
	X509_free(p->ca);
	(void)snprintf(cmd, sizeof cmd, "rm -rf %s", p->dir);
	if (system(cmd) != 0)
		perror(cmd);
}

/* A client's context: TLS 1.3 unless told otherwise, this certificate if any. */
static inline SSL_CTX *
tpki_client(const struct tpki *p, const struct tcert *c)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
	char path[128];

	tpki_path(p, "ca.pem", path);
	assert(SSL_CTX_load_verify_locations(ctx, path, NULL) == 1);
	SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
	SSL_CTX_set_security_level(ctx, 0); /* it may try what the server must refuse */
	if (c != NULL) {
		assert(SSL_CTX_use_certificate(ctx, c->x) == 1);
		assert(SSL_CTX_use_PrivateKey(ctx, c->key) == 1);
	}
	return ctx;
}

#endif
