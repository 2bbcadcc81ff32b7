/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/ceptoard/pki.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

static char dir[64];
static struct buf why;

static const char *
at(const char *name)
{
	static char path[4][160];
	static unsigned turn;

	turn = (turn + 1) % 4;
	(void)snprintf(path[turn], sizeof path[0], "%s/%s", dir, name);
	return path[turn];
}

static X509 *
load(const char *name)
{
	FILE *f = fopen(at(name), "r");
	X509 *x;

	assert_non_null(f);
	x = PEM_read_X509(f, NULL, NULL, NULL);
	fclose(f);
	assert_non_null(x);
	return x;
}

/* Verifies as the listener does: strict, by purpose, with the list of revoked ones. */
static int
verify(const char *name, int purpose)
{
	X509_STORE *store = X509_STORE_new();
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	FILE *f = fopen(at("ca.crl"), "r");
	X509_CRL *crl;
	X509 *ca = load("ca.pem"), *x = load(name);
	int err;

	assert_non_null(f);
	crl = PEM_read_X509_CRL(f, NULL, NULL, NULL);
	fclose(f);
	assert_non_null(crl);
	assert_int_equal(X509_STORE_add_cert(store, ca), 1);
	assert_int_equal(X509_STORE_add_crl(store, crl), 1);
	X509_STORE_set_flags(store, X509_V_FLAG_X509_STRICT | X509_V_FLAG_CRL_CHECK);
	X509_STORE_set_purpose(store, purpose);
	assert_int_equal(X509_STORE_CTX_init(ctx, store, x, NULL), 1);
	(void)X509_verify_cert(ctx);
	err = X509_STORE_CTX_get_error(ctx);
	X509_STORE_CTX_free(ctx);
	X509_STORE_free(store);
	X509_CRL_free(crl);
	X509_free(ca);
	X509_free(x);
	return err;
}

static void
test_certificates(void **state)
{
	struct pki *p = NULL;
	struct stat st;
	X509 *x;

	(void)state;
	assert_int_equal(pki_open(&p, dir, &why), 0);
	assert_int_equal(
	    pki_issue(p, PKI_SERVER, "localhost", at("s.pem"), at("s.key"), &why), 0);
	assert_int_equal(
	    pki_issue(p, PKI_MEMBER, "m", at("m.pem"), at("m.key"), &why), 0);
	assert_int_equal(
	    pki_issue(p, PKI_ESCROW, "e", at("e.pem"), at("e.key"), &why), 0);
	assert_int_equal(pki_crl(p, at("ca.crl"), NULL, &why), 0);
	assert_int_equal(verify("s.pem", X509_PURPOSE_SSL_SERVER), X509_V_OK);
	assert_int_equal(verify("m.pem", X509_PURPOSE_SSL_CLIENT), X509_V_OK);
	assert_int_equal(
	    verify("s.pem", X509_PURPOSE_SSL_CLIENT), X509_V_ERR_INVALID_PURPOSE);
	assert_int_equal(
	    verify("m.pem", X509_PURPOSE_SSL_SERVER), X509_V_ERR_INVALID_PURPOSE);
	assert_int_equal(stat(at("m.key"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(stat(at("ca.key"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	x = load("s.pem");
	assert_int_equal(X509_check_host(x, "localhost", 0, 0, NULL), 1);
	assert_int_equal(X509_check_ip_asc(x, "127.0.0.1", 0), 1);
	assert_int_equal(X509_check_ip_asc(x, "::1", 0), 1);
	assert_int_equal(X509_check_host(x, "example.com", 0, 0, NULL), 0);
	X509_free(x);
	pki_free(p);
}

/* Opened again: the same authority, and nobody gets a second certificate. */
static void
test_again(void **state)
{
	X509 *before = load("m.pem"), *ca = load("ca.pem"), *after;
	struct pki *p = NULL;

	(void)state;
	assert_int_equal(pki_open(&p, dir, &why), 0);
	assert_int_equal(
	    pki_issue(p, PKI_MEMBER, "m", at("m.pem"), at("m.key"), &why), 0);
	after = load("m.pem");
	assert_int_equal(X509_cmp(before, after), 0);
	X509_free(after);
	after = load("ca.pem");
	assert_int_equal(X509_cmp(ca, after), 0);
	X509_free(after);
	X509_free(before);
	X509_free(ca);
	pki_free(p);
}

static void
test_revoke(void **state)
{
	struct pki *p = NULL;

	(void)state;
	assert_int_equal(pki_open(&p, dir, &why), 0);
	assert_int_equal(pki_crl(p, at("ca.crl"), at("m.pem"), &why), 0);
	assert_int_equal(
	    verify("m.pem", X509_PURPOSE_SSL_CLIENT), X509_V_ERR_CERT_REVOKED);
	assert_int_equal(verify("s.pem", X509_PURPOSE_SSL_SERVER), X509_V_OK);
	/* Signed anew, and twice: what was revoked stays so. */
	assert_int_equal(pki_crl(p, at("ca.crl"), NULL, &why), 0);
	assert_int_equal(pki_crl(p, at("ca.crl"), at("m.pem"), &why), 0);
	assert_int_equal(
	    verify("m.pem", X509_PURPOSE_SSL_CLIENT), X509_V_ERR_CERT_REVOKED);
	buf_reset(&why);
	assert_int_equal(pki_crl(p, at("ca.crl"), at("m.key"), &why), ERR_NOTFOUND);
	assert_non_null(strstr(buf_cstr(&why), "holds no certificate"));
	pki_free(p);
}

static void
test_damaged(void **state)
{
	struct pki *p = NULL;
	FILE *f = fopen(at("ca.key"), "w");

	(void)state;
	assert_non_null(f);
	assert_int_equal(fclose(f), 0);
	buf_reset(&why);
	assert_int_equal(pki_open(&p, dir, &why), ERR_CRYPTO);
	assert_null(p);
	assert_non_null(strstr(buf_cstr(&why), "ca.pem"));
}

static int
setup(void **state)
{
	(void)state;
	buf_init(&why, 4096);
	(void)snprintf(dir, sizeof dir, "/tmp/test_pki.XXXXXX");
	return mkdtemp(dir) != NULL ? 0 : -1;
}

/* The two halves belong together, and stay when they are asked for again. */
static void
test_pair(void **state)
{
	EVP_PKEY *pub, *priv;
	struct stat st;
	int i;

	(void)state;
	for (i = 0; i < 2; i++) {
		static ino_t first;
		FILE *f;

		assert_int_equal(pki_pair(at("c.pem"), at("c.key"), &why), 0);
		assert_int_equal(stat(at("c.key"), &st), 0);
		assert_int_equal(st.st_mode & 07777, 0600);
		assert_true(i == 0 || st.st_ino == first);
		first = st.st_ino;
		f = fopen(at("c.pem"), "r");
		pub = PEM_read_PUBKEY(f, NULL, NULL, NULL);
		(void)fclose(f);
		f = fopen(at("c.key"), "r");
		priv = PEM_read_PrivateKey(f, NULL, NULL, NULL);
		(void)fclose(f);
		assert_int_equal(EVP_PKEY_eq(pub, priv), 1);
		EVP_PKEY_free(pub);
		EVP_PKEY_free(priv);
	}
}

static int
teardown(void **state)
{
	static const char *const files[] = { "ca.pem", "ca.key", "ca.crl", "s.pem",
		"s.key", "m.pem", "m.key", "e.pem", "e.key", "c.pem", "c.key" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof files / sizeof files[0]; i++)
		(void)unlink(at(files[i]));
	buf_done(&why);
	return rmdir(dir);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_certificates),
		cmocka_unit_test(test_again),
		cmocka_unit_test(test_revoke),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_pair),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
