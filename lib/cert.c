/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/cert.h"

#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

enum {
	BACKDATE = 3600,
	SERIAL_BYTES = 16,
};

static int
add_extensions(X509 *x, X509 *issuer, const struct cert_extension *e)
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

static int
add_name(X509_NAME *to, const char *field, const char *value)
{
	return X509_NAME_add_entry_by_txt(to, field, MBSTRING_UTF8,
		   (const unsigned char *)value, -1, -1, 0) == 1;
}

static int
fill(X509 *x, EVP_PKEY *key, const struct cert_spec *spec, X509 *issuer)
{
	X509_NAME *subject = X509_get_subject_name(x);

	if (X509_set_version(x, X509_VERSION_3) != 1 || set_serial(x) != 0)
		return ERR_CRYPTO;
	if (X509_gmtime_adj(X509_getm_notBefore(x), -BACKDATE) == NULL ||
	    X509_time_adj_ex(X509_getm_notAfter(x), spec->days, 0, NULL) == NULL)
		return ERR_CRYPTO;
	if (!add_name(subject, "O", spec->org) || !add_name(subject, "CN", spec->name))
		return ERR_CRYPTO;
	if (X509_set_issuer_name(
		x, issuer != NULL ? X509_get_subject_name(issuer) : subject) != 1 ||
	    X509_set_pubkey(x, key) != 1)
		return ERR_CRYPTO;
	return add_extensions(x, issuer != NULL ? issuer : x, spec->extensions);
}

X509 *
cert_make(EVP_PKEY *key, const struct cert_spec *spec, X509 *issuer, EVP_PKEY *issuer_key)
{
	X509 *x = X509_new();

	if (x != NULL && fill(x, key, spec, issuer) == 0 &&
	    X509_sign(x, issuer != NULL ? issuer_key : key, EVP_sha256()) != 0)
		return x;
	X509_free(x);
	return NULL;
}
