/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LIB_CERT_H
#define LIB_CERT_H

#include "lib/err.h"

/* Opaque types. */
struct evp_pkey_st;
struct x509_st;

/* Making certificates, for the tools that make keys. */
struct cert_extension {
	int nid;
	const char *value; /* as in openssl.cnf; NULL ends a list */
};
struct cert_spec {
	const char *org, *name; /* O and CN of the subject */
	int days;		/* of validity, from an hour ago on */
	const struct cert_extension *extensions;
};

/* A certificate with a random serial number for `key`, signed by the issuer; self-signed
 * when issuer is NULL.  The caller frees it; NULL: OpenSSL's queue says why. */
struct x509_st *cert_make(struct evp_pkey_st *key, const struct cert_spec *spec,
    struct x509_st *issuer, struct evp_pkey_st *issuer_key) MUST_CHECK;

#endif
