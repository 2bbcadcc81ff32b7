/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LIB_TLS_TRUST_H
#define LIB_TLS_TRUST_H

#include <stdint.h>

#include <openssl/evp.h>
#include <openssl/x509_vfy.h>

#include "lib/buf.h"
#include "lib/err.h"

/* Whom a listener believes: the private CA and its CRL.  Used by lib/tls.c only. */
struct tls_trust {
	X509_STORE *store;
	int has_crl;
	int64_t next_update;	  /* of the CRL that ends first, seconds since 1970 */
	unsigned char digest[32]; /* of both files' bytes */
	uint64_t *revoked;	  /* tags, sorted */
	size_t count;
};

/* Reads both files; an empty or foreign CRL, or one that no CA of the file signed, is an
 * error, never "no checking".  `t` must be zeroed; after an error it may be given to
 * tls_trust_done. */
int tls_trust_load(
    struct tls_trust *t, const char *ca, const char *crl, struct buf *why) MUST_CHECK;
void tls_trust_done(struct tls_trust *t);
uint64_t tls_trust_tag(const X509_NAME *issuer, const ASN1_INTEGER *serial);
int tls_trust_revokes(const struct tls_trust *t, uint64_t tag);
/* 1 when every certificate that the peer showed has a key of a kind and size that we use:
 * P-256, P-384, P-521, Ed25519, RSA 2048..4096. */
int tls_trust_keys_fit(X509_STORE_CTX *ctx);

/* Keys of the stateless tickets. */
struct tls_tickets {
	unsigned char name[16], cipher_key[32], mac_key[32];
	EVP_CIPHER *cipher;
};
int tls_tickets_derive(struct tls_tickets *t, const unsigned char secret[32],
    const unsigned char digest[32], uint64_t generation) MUST_CHECK;
/* The callback's work (SSL_CTX_set_tlsext_ticket_key_evp_cb). */
int tls_tickets_use(const struct tls_tickets *t, unsigned char name[16],
    unsigned char *iv, EVP_CIPHER_CTX *cipher, EVP_MAC_CTX *mac, int enc);
void tls_tickets_done(struct tls_tickets *t);

#endif
