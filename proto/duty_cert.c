/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/duty_cert.h"

#include <string.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

/* What stands in `x` of kind and key; a literal that says what is missing, or NULL. */
static const char *
flaw(X509 *x)
{
	EVP_PKEY *key = X509_get0_pubkey(x);
	uint32_t flags = X509_get_extension_flags(x);
	char name[DUTY_NAME_MAX];

	if ((flags & EXFLAG_INVALID) != 0 || (flags & EXFLAG_CA) != 0)
		return "it is no certificate of an end entity";
	if (key == NULL || !EVP_PKEY_is_a(key, "EC") || EVP_PKEY_get_bits(key) < 256)
		return "its key is not EC, of 256 bits or more";
	if ((flags & EXFLAG_KUSAGE) == 0 ||
	    (X509_get_key_usage(x) & KU_KEY_AGREEMENT) == 0)
		return "its key usage is not key agreement";
	if ((flags & EXFLAG_XKUSAGE) != 0)
		return "it has an extended key usage";
	if (!duty_cert_desk(x, 0, name))
		return "it names no desk (subject alternative name URI:" DUTY_URN "...)";
	if (duty_cert_name(x, name) != 0)
		return "it has no common name";
	return NULL;
}

int
duty_cert_read(struct slice pem, struct x509_st **ret, const char **ret_why)
{
	BIO *b = pem.n <= INT32_MAX ? BIO_new_mem_buf(pem.p, (int)pem.n) : NULL;
	X509 *x = b != NULL ? PEM_read_bio_X509(b, NULL, NULL, NULL) : NULL;

	*ret_why = x != NULL ? flaw(x) : "it is no PEM certificate";
	BIO_free(b);
	ERR_clear_error();
	if (*ret_why != NULL) {
		X509_free(x);
		return ERR_INVALID;
	}
	*ret = x;
	return 0;
}

int
duty_cert_desk(const struct x509_st *x, unsigned i, char ret[DUTY_NAME_MAX])
{
	GENERAL_NAMES *names = X509_get_ext_d2i(x, NID_subject_alt_name, NULL, NULL);
	const size_t head = sizeof DUTY_URN - 1;
	const ASN1_STRING *uri;
	size_t n;
	int k, found = 0;

	for (k = 0; !found && k < sk_GENERAL_NAME_num(names); k++) {
		const GENERAL_NAME *g = sk_GENERAL_NAME_value(names, k);
		int type = 0;

		uri = GENERAL_NAME_get0_value(g, &type);
		if (type != GEN_URI)
			continue;
		n = (size_t)ASN1_STRING_length(uri);
		if (n <= head || n - head >= DUTY_NAME_MAX ||
		    memcmp(ASN1_STRING_get0_data(uri), DUTY_URN, head) != 0 ||
		    memchr(ASN1_STRING_get0_data(uri), '\0', n) != NULL || i-- > 0)
			continue;
		memcpy(ret, ASN1_STRING_get0_data(uri) + head, n - head);
		ret[n - head] = '\0';
		found = 1;
	}
	GENERAL_NAMES_free(names);
	return found;
}

int
duty_cert_is_for(const struct x509_st *x, const char *desk)
{
	char name[DUTY_NAME_MAX];
	unsigned i;

	for (i = 0; duty_cert_desk(x, i, name); i++)
		if (strcmp(name, desk) == 0)
			return 1;
	return 0;
}

int
duty_cert_name(const struct x509_st *x, char ret[DUTY_NAME_MAX])
{
	char name[DUTY_NAME_MAX];
	int n = X509_NAME_get_text_by_NID(
	    X509_get_subject_name(x), NID_commonName, name, sizeof name);

	/* A longer one is cut, one with a NUL in it ends there: neither is what it says.
	 */
	if (n <= 0 || n >= DUTY_NAME_MAX - 1 || strlen(name) != (size_t)n)
		return ERR_INVALID;
	memcpy(ret, name, (size_t)n + 1);
	return 0;
}
