/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/recipient.h"

#include <string.h>

#include <openssl/evp.h>
#include <openssl/x509v3.h>

static const char *
check_key(EVP_PKEY *key, struct recipient *ret)
{
	char group[32] = "";

	if (key == NULL || !EVP_PKEY_is_a(key, "EC") ||
	    EVP_PKEY_get_group_name(key, group, sizeof group, NULL) != 1)
		return "the key must be an elliptic curve key";
	ret->p384 = strcmp(group, "secp384r1") == 0;
	if (!ret->p384 && strcmp(group, "prime256v1") != 0)
		return "the key must be on the curve P-256 or P-384";
	return NULL;
}

/* Seconds since 1970. */
static int
seconds(const ASN1_TIME *t, int64_t *ret)
{
	ASN1_TIME *zero = ASN1_TIME_set(NULL, 0);
	int days = 0, rest = 0;
	int ok = zero != NULL && ASN1_TIME_diff(&days, &rest, zero, t) == 1;

	ASN1_TIME_free(zero);
	*ret = (int64_t)days * 86400 + rest;
	return ok;
}

int
recipient_spki(X509 *cert, unsigned char ret[32])
{
	unsigned char *der = NULL;
	int n = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(cert), &der), ok;

	ok = n > 0 && EVP_Digest(der, (size_t)n, ret, NULL, EVP_sha256(), NULL) == 1;
	OPENSSL_free(der);
	return ok ? 0 : ERR_CRYPTO;
}

const char *
recipient_check(X509 *cert, struct recipient *ret)
{
	EVP_PKEY *key = X509_get_pubkey(cert);
	const char *wrong = check_key(key, ret);

	EVP_PKEY_free(key);
	if (wrong != NULL)
		return wrong;
	if ((X509_get_extension_flags(cert) & EXFLAG_KUSAGE) != 0 &&
	    (X509_get_key_usage(cert) & X509v3_KU_KEY_AGREEMENT) == 0)
		return "its key usage must allow keyAgreement";
	if (!seconds(X509_get0_notBefore(cert), &ret->begins) ||
	    !seconds(X509_get0_notAfter(cert), &ret->ends))
		return "its time of validity cannot be read";
	return recipient_spki(cert, ret->spki) == 0 ? NULL : "its key cannot be read";
}
