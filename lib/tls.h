/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LIB_TLS_H
#define LIB_TLS_H

#include <stddef.h>
#include <stdint.h>

#include "lib/buf.h"
#include "lib/err.h"

/* Opaque types. */
struct ssl_st;
struct ssl_ctx_st;

/*
 * The members' listener: TLS 1.3 only, P-256:X25519:P-384, AES-GCM, client certificate
 * required (private CA, depth 2, X509_STRICT, purpose sslclient, CRL check when a CRL is
 * given), no session cache, one stateless ticket, no early data, RELEASE_BUFFERS.
 */
struct tls_files {
	const char *cert, *key; /* PEM chain and key of the server */
	const char *ca;		/* PEM: the private CA */
	const char *crl;	/* PEM, or "" for none (a new hub without revocations) */
};

/* ticket_secret: from the vault; the ticket key is HKDF(secret, hash of CA and CRL,
 * registry generation), so that a revocation or registry change ends resumption.
 * On error the caller keeps its old context; `why` says what and which file. */
int tls_server_new(struct ssl_ctx_st **ret, const struct tls_files *f,
	const unsigned char ticket_secret[32], uint64_t generation, struct buf *why) MUST_CHECK;
void tls_ctx_free(struct ssl_ctx_st *c);

/* After a handshake: SHA-256 of the peer's SubjectPublicKeyInfo and its notAfter (seconds
 * since 1970).  ERR_NOTFOUND when the peer showed none. */
int tls_peer(struct ssl_st *ssl, unsigned char ret_spki[32], int64_t *ret_not_after) MUST_CHECK;
/* Seconds from now until the CRL's nextUpdate (negative: stale); INT64_MAX without one. */
int64_t tls_crl_left(const struct ssl_ctx_st *c);

#endif
