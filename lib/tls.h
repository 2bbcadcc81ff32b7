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
 * given), no session cache, stateless tickets, no early data, RELEASE_BUFFERS.
 */
struct tls_files {
	const char *cert, *key; /* PEM chain and key of the server */
	const char *ca;		/* PEM: the private CA */
	const char *crl;	/* PEM, or "" for none (a new hub without revocations) */
};

/* How long a CRL past its nextUpdate is still used; then every handshake is refused. */
enum { TLS_CRL_GRACE_S = 72 * 3600 };

/* ticket_secret: from the vault; the ticket key is HKDF(secret, hash of CA and CRL,
 * registry generation), so that a revocation or registry change ends resumption.
 * On error the caller keeps its old context; `why` says what and which file. */
int tls_server_new(struct ssl_ctx_st **ret, const struct tls_files *f,
    const unsigned char ticket_secret[32], uint64_t generation,
    struct buf *why) MUST_CHECK;
/*
 * The blind listener: the same protocol and server certificate (`ca` and `crl` are not
 * looked at), and nothing by which a client could be known or known again: it is never
 * asked for a certificate, and there is neither session nor ticket.  tls_peer says
 * ERR_NOTFOUND there; calls on a CRL are for the members' listener only.
 */
int tls_blind_new(
    struct ssl_ctx_st **ret, const struct tls_files *f, struct buf *why) MUST_CHECK;
void tls_ctx_free(struct ssl_ctx_st *c);
/* New ticket keys for a new generation, without reading any file.  0 or ERR_CRYPTO (the
 * old keys stay). */
int tls_server_rekey(struct ssl_ctx_st *c, const unsigned char ticket_secret[32],
    uint64_t generation) MUST_CHECK;

/* A server's connection on a descriptor (not owned).  NULL when memory is short. */
struct ssl_st *tls_accept_new(struct ssl_ctx_st *c, int fd) MUST_CHECK;

/* After a handshake: SHA-256 of the peer's SubjectPublicKeyInfo and its notAfter (seconds
 * since 1970), also when resumed: the ticket says it.  ERR_NOTFOUND: not known. */
int tls_peer(
    struct ssl_st *ssl, unsigned char ret_spki[32], int64_t *ret_not_after) MUST_CHECK;
/* After a handshake: names issuer and serial of the peer's certificate in 64 bits, for
 * tls_crl_revokes; 0 when there is none. */
uint64_t tls_peer_tag(struct ssl_st *ssl);
/* Seconds from now until the CRL's nextUpdate (negative: stale); INT64_MAX without one.
 */
int64_t tls_crl_left(const struct ssl_ctx_st *c);
/* 1 when the context's CRL revokes the certificate of this tag. */
int tls_crl_revokes(const struct ssl_ctx_st *c, uint64_t tag);

/* Records padded to 4 KiB from now on, or not. */
void tls_pad(struct ssl_st *ssl, int on);
/*
 * Gives back what a connection needs no more once its peer is known and its ticket is
 * sent: the peer's certificate and the session.  tls_peer says ERR_NOTFOUND afterwards.
 * Does nothing when it cannot be done.
 */
void tls_slim(struct ssl_st *ssl);

/* What became of a call that moves bytes. */
enum tls_did {
	TLS_DONE = 0,
	TLS_WANT_READ,
	TLS_WANT_WRITE,
	TLS_NOT_TAKEN, /* tls_write: blocked by a message of TLS itself, see there */
	TLS_CLOSED,    /* the peer ended properly */
	TLS_FAILED,    /* anything else: reset, alert, truncation */
};
/*
 * Each clears the error queue first.  tls_write takes all n bytes (n <= 16 KiB) or none.
 * After WANT_WRITE they are taken: encrypted, and partly sent.  It is called again with
 * the same n when the socket takes bytes; what it is given then is not looked at.  After
 * NOT_TAKEN nothing is taken yet, since an answer to the peer's KeyUpdate has to leave
 * first: to be called again when the socket takes bytes, with whatever is to be sent
 * then.
 */
enum tls_did tls_handshake(struct ssl_st *ssl);
enum tls_did tls_read(struct ssl_st *ssl, void *p, size_t n, size_t *ret_n);
enum tls_did tls_write(struct ssl_st *ssl, const void *p, size_t n);
/* Bytes that came from the network on this connection, whatever they held. */
uint64_t tls_raw_in(struct ssl_st *ssl);
/* Bytes that were handed to the kernel on it. */
uint64_t tls_raw_out(struct ssl_st *ssl);
int tls_resumed(struct ssl_st *ssl);
/* Sends close_notify once, without waiting for the peer's. */
void tls_bye(struct ssl_st *ssl);
void tls_free(struct ssl_st *ssl); /* NULL is fine */

#endif
