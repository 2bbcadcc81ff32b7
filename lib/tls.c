/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/tls.h"

#include <limits.h>
#include <string.h>
#include <time.h>

#include <openssl/err.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "lib/mem.h"
#include "lib/tls_trust.h"
#include "lib/wire.h"

enum {
	CERT_LIST_MAX = 16 * 1024,
	TICKET_LIFE_S = 3600,
	PAD_BLOCK = 4096,
	VERIFY_DEPTH = 2,
	PROOF_LIFE_S = 24 * 3600, /* tickets renew each other no longer than this */
	KNOWN_BYTES = 32 + 8 + 8 + 8,
};

static const unsigned char id_context[] = "ceptoar members";

/* What hangs on a context beside OpenSSL's own. */
struct extra {
	struct tls_trust trust;
	struct tls_tickets tickets;
	SSL_CTX *slim; /* for tls_slim; made at its first use */
	SSL_SESSION *empty;
};

/* What a session says of the peer, in place of its certificate. */
struct known {
	unsigned char spki[32];
	int64_t not_after, proven; /* proven: when the certificate's key was last used */
	uint64_t tag;
};

static void
extra_free(void *parent, void *p, CRYPTO_EX_DATA *ad, int idx, long argl, void *argp)
{
	struct extra *x = p;

	(void)parent;
	(void)ad;
	(void)idx;
	(void)argl;
	(void)argp;
	if (x == NULL)
		return;
	tls_trust_done(&x->trust);
	tls_tickets_done(&x->tickets);
	SSL_CTX_free(x->slim);
	SSL_SESSION_free(x->empty);
	mem_wipe_free(x, sizeof *x);
}

static int
extra_index(void)
{
	static int index = -1;

	if (index < 0)
		index = SSL_CTX_get_ex_new_index(0, NULL, NULL, NULL, extra_free);
	return index;
}

static struct extra *
extra_of(const SSL_CTX *c)
{
	return SSL_CTX_get_ex_data(c, extra_index());
}

/* The same from a connection, which changes its context in adopt(). */
static int
extra_index_ssl(void)
{
	static int index = -1;

	if (index < 0)
		index = SSL_get_ex_new_index(0, NULL, NULL, NULL, NULL);
	return index;
}

static struct extra *
extra_of_ssl(const SSL *ssl)
{
	return SSL_get_ex_data(ssl, extra_index_ssl());
}

static int
fail(struct buf *why, const char *what, const char *path)
{
	unsigned long e = ERR_peek_error();
	const char *reason = e != 0 ? ERR_reason_error_string(e) : NULL;

	buf_addf(why, "%s: %s", path, what);
	if (reason != NULL)
		buf_addf(why, " (%s)", reason);
	ERR_clear_error();
	return ERR_INVALID;
}

static int
known_read(SSL_SESSION *sess, struct known *ret)
{
	struct wire w;
	void *p = NULL;
	size_t n = 0;

	if (sess == NULL || SSL_SESSION_get0_ticket_appdata(sess, &p, &n) != 1 ||
	    n != KNOWN_BYTES)
		return ERR_NOTFOUND;
	wire_init(&w, p, n);
	wire_bytes(&w, ret->spki, sizeof ret->spki);
	ret->not_after = wire_i64(&w);
	ret->proven = wire_i64(&w);
	ret->tag = wire_u64(&w);
	return wire_end(&w);
}

static int
known_write(SSL_SESSION *sess, const struct known *k)
{
	struct buf b;
	int rc;

	buf_init(&b, KNOWN_BYTES);
	wire_put_bytes(&b, k->spki, sizeof k->spki);
	wire_put_i64(&b, k->not_after);
	wire_put_i64(&b, k->proven);
	wire_put_u64(&b, k->tag);
	rc = buf_err(&b);
	if (rc == 0 && SSL_SESSION_set1_ticket_appdata(sess, b.p, b.n) != 1)
		rc = ERR_CRYPTO;
	buf_done(&b);
	return rc;
}

/* From the certificate that was shown in this handshake. */
static int
known_of(SSL *ssl, struct known *ret)
{
	X509 *x = SSL_get0_peer_certificate(ssl);
	unsigned char *der = NULL;
	struct tm tm;
	int n;

	if (x == NULL)
		return ERR_NOTFOUND;
	if (ASN1_TIME_to_tm(X509_get0_notAfter(x), &tm) != 1)
		return ERR_CRYPTO;
	n = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(x), &der);
	if (n <= 0 || der == NULL)
		return ERR_CRYPTO;
	(void)SHA256(der, (size_t)n, ret->spki);
	OPENSSL_free(der);
	ret->not_after = (int64_t)timegm(&tm);
	ret->proven = (int64_t)time(NULL);
	ret->tag = tls_trust_tag(X509_get_issuer_name(x), X509_get0_serialNumber(x));
	return 0;
}

/* Sizes first: a certificate with a key of 16384 bits must not cost a verification. */
static int
on_verify_chain(X509_STORE_CTX *ctx, void *arg)
{
	(void)arg;
	if (!tls_trust_keys_fit(ctx)) {
		X509_STORE_CTX_set_error(ctx, X509_V_ERR_EE_KEY_TOO_SMALL);
		return 0;
	}
	return X509_verify_cert(ctx);
}

static int64_t
crl_left(const struct extra *x)
{
	if (x == NULL || !x->trust.has_crl)
		return INT64_MAX;
	return x->trust.next_update - (int64_t)time(NULL);
}

/* A stale CRL serves on for the grace: fetching a new one may take an operator's day. */
static int
on_verify_error(int ok, X509_STORE_CTX *ctx)
{
	SSL *ssl;
	int64_t left;

	if (ok || X509_STORE_CTX_get_error(ctx) != X509_V_ERR_CRL_HAS_EXPIRED)
		return ok;
	ssl = X509_STORE_CTX_get_ex_data(ctx, SSL_get_ex_data_X509_STORE_CTX_idx());
	left = ssl != NULL ? crl_left(extra_of_ssl(ssl)) : INT64_MIN;
	return left > -(int64_t)TLS_CRL_GRACE_S;
}

static int
on_ticket(SSL *ssl, unsigned char name[16], unsigned char *iv, EVP_CIPHER_CTX *cipher,
    EVP_MAC_CTX *mac, int enc)
{
	struct extra *x = extra_of_ssl(ssl);

	if (x == NULL || crl_left(x) <= -(int64_t)TLS_CRL_GRACE_S)
		return enc ? -1 : 0;
	return tls_tickets_use(&x->tickets, name, iv, cipher, mac, enc);
}

/* A ticket that opened: does it say who it is, and since when? */
static SSL_TICKET_RETURN
on_ticket_open(SSL *ssl, SSL_SESSION *sess, const unsigned char *name, size_t name_n,
    SSL_TICKET_STATUS status, void *arg)
{
	struct known k;

	(void)ssl;
	(void)name;
	(void)name_n;
	(void)arg;
	if (status != SSL_TICKET_SUCCESS && status != SSL_TICKET_SUCCESS_RENEW)
		return SSL_TICKET_RETURN_IGNORE;
	if (known_read(sess, &k) != 0 ||
	    (int64_t)time(NULL) - k.proven > (int64_t)PROOF_LIFE_S)
		return SSL_TICKET_RETURN_IGNORE;
	return SSL_TICKET_RETURN_USE;
}

static int
set_protocol(SSL_CTX *c)
{
	char groups[] = "P-256:X25519:P-384"; /* the macro casts const away */

	if (SSL_CTX_set_min_proto_version(c, TLS1_3_VERSION) != 1 ||
	    SSL_CTX_set_max_proto_version(c, TLS1_3_VERSION) != 1 ||
	    SSL_CTX_set_ciphersuites(
		c, "TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256") != 1 ||
	    SSL_CTX_set1_groups_list(c, groups) != 1 ||
	    SSL_CTX_set_session_id_context(c, id_context, sizeof id_context - 1) != 1 ||
	    SSL_CTX_set_num_tickets(c, 0) != 1 || SSL_CTX_set_max_early_data(c, 0) != 1 ||
	    SSL_CTX_set_recv_max_early_data(c, 0) != 1)
		return ERR_CRYPTO;
	(void)SSL_CTX_set_options(c, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
					 SSL_OP_CIPHER_SERVER_PREFERENCE);
	(void)SSL_CTX_set_mode(
	    c, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	(void)SSL_CTX_set_session_cache_mode(c, SSL_SESS_CACHE_OFF);
	(void)SSL_CTX_set_read_ahead(c, 1); /* one system call for several records */
	return 0;
}

static int
set_tickets(SSL_CTX *c)
{
	(void)SSL_CTX_set_timeout(c, TICKET_LIFE_S);
	(void)SSL_CTX_set_tlsext_ticket_key_evp_cb(c, on_ticket);
	return SSL_CTX_set_session_ticket_cb(c, NULL, on_ticket_open, NULL) == 1
		   ? 0
		   : ERR_CRYPTO;
}

static int
set_trust(SSL_CTX *c, struct extra *x)
{
	X509_VERIFY_PARAM *param = SSL_CTX_get0_param(c);
	unsigned long flags = X509_V_FLAG_X509_STRICT;

	if (x->trust.has_crl)
		flags |= X509_V_FLAG_CRL_CHECK;
	if (X509_VERIFY_PARAM_set_flags(param, flags) != 1 ||
	    X509_VERIFY_PARAM_set_purpose(param, X509_PURPOSE_SSL_CLIENT) != 1)
		return ERR_CRYPTO;
	SSL_CTX_set1_cert_store(c, x->trust.store);
	SSL_CTX_set_verify(
	    c, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, on_verify_error);
	SSL_CTX_set_verify_depth(c, VERIFY_DEPTH);
	(void)SSL_CTX_set_max_cert_list(c, CERT_LIST_MAX);
	SSL_CTX_set_cert_verify_callback(c, on_verify_chain, NULL);
	return 0;
}

static int
set_own_key(SSL_CTX *c, const struct tls_files *f, struct buf *why)
{
	if (SSL_CTX_use_certificate_chain_file(c, f->cert) != 1)
		return fail(why, "no certificate chain in PEM", f->cert);
	if (SSL_CTX_use_PrivateKey_file(c, f->key, SSL_FILETYPE_PEM) != 1)
		return fail(
		    why, "no private key in PEM that fits the certificate", f->key);
	if (SSL_CTX_check_private_key(c) != 1)
		return fail(why, "does not fit the certificate", f->key);
	return 0;
}

int
tls_server_new(struct ssl_ctx_st **ret, const struct tls_files *f,
    const unsigned char ticket_secret[32], uint64_t generation, struct buf *why)
{
	SSL_CTX *c = NULL;
	struct extra *x;
	int rc;

	ERR_clear_error();
	x = mem_zalloc(sizeof *x);
	c = x != NULL ? SSL_CTX_new(TLS_server_method()) : NULL;
	if (c == NULL || SSL_CTX_set_ex_data(c, extra_index(), x) != 1) {
		mem_free(x);
		SSL_CTX_free(c);
		return ERR_NOMEM;
	}
	/* From here on x goes with the context. */
	rc = tls_trust_load(&x->trust, f->ca, f->crl, why);
	if (rc == 0)
		rc = set_own_key(c, f, why);
	if (rc == 0 &&
	    (set_protocol(c) != 0 || set_tickets(c) != 0 || set_trust(c, x) != 0))
		rc = fail(why, "OpenSSL refused a setting", "tls");
	if (rc == 0)
		rc = tls_server_rekey(c, ticket_secret, generation);
	if (rc != 0) {
		SSL_CTX_free(c);
		return rc;
	}
	*ret = c;
	return 0;
}

int
tls_blind_new(struct ssl_ctx_st **ret, const struct tls_files *f, struct buf *why)
{
	SSL_CTX *c;
	int rc;

	ERR_clear_error();
	c = SSL_CTX_new(TLS_server_method());
	if (c == NULL)
		return ERR_NOMEM;
	/* There is nothing to hang on this one: a connection without `extra` has no peer
	 * to adopt and gets no ticket. */
	rc = set_own_key(c, f, why);
	if (rc == 0 && set_protocol(c) != 0)
		rc = fail(why, "OpenSSL refused a setting", "tls");
	if (rc != 0) {
		SSL_CTX_free(c);
		return rc;
	}
	SSL_CTX_set_verify(c, SSL_VERIFY_NONE, NULL);
	(void)SSL_CTX_set_options(c, SSL_OP_NO_TICKET);
	*ret = c;
	return 0;
}

void
tls_ctx_free(struct ssl_ctx_st *c)
{
	SSL_CTX_free(c);
}

int
tls_server_rekey(
    struct ssl_ctx_st *c, const unsigned char ticket_secret[32], uint64_t generation)
{
	struct extra *x = extra_of(c);

	return tls_tickets_derive(
	    &x->tickets, ticket_secret, x->trust.digest, generation);
}

struct ssl_st *
tls_accept_new(struct ssl_ctx_st *c, int fd)
{
	SSL *ssl;

	ERR_clear_error();
	ssl = SSL_new(c);
	if (ssl == NULL)
		return NULL;
	if (SSL_set_fd(ssl, fd) != 1 ||
	    SSL_set_ex_data(ssl, extra_index_ssl(), extra_of(c)) != 1) {
		SSL_free(ssl);
		return NULL;
	}
	SSL_set_accept_state(ssl);
	return ssl;
}

int
tls_peer(struct ssl_st *ssl, unsigned char ret_spki[32], int64_t *ret_not_after)
{
	struct known k;

	if (known_read(SSL_get0_session(ssl), &k) != 0)
		return ERR_NOTFOUND;
	memcpy(ret_spki, k.spki, sizeof k.spki);
	*ret_not_after = k.not_after;
	return 0;
}

uint64_t
tls_peer_tag(struct ssl_st *ssl)
{
	struct known k;

	return known_read(SSL_get0_session(ssl), &k) == 0 ? k.tag : 0;
}

int64_t
tls_crl_left(const struct ssl_ctx_st *c)
{
	return crl_left(extra_of(c));
}

int
tls_crl_revokes(const struct ssl_ctx_st *c, uint64_t tag)
{
	return tls_trust_revokes(&extra_of(c)->trust, tag);
}

void
tls_pad(struct ssl_st *ssl, int on)
{
	(void)SSL_set_block_padding(ssl, on ? PAD_BLOCK : 1);
}

/*
 * SSL_set_session() resets the connection when the method of its context is not its own;
 * the context of a listener has the version-flexible method and an established connection
 * that of TLS 1.3.  So it is first moved to a context made of its own method, which holds
 * no certificates either.  Records, tickets, KeyUpdate and close_notify need neither
 * (tests/unit/test_tls.c); tickets come from the listener's context all the same.
 */
static int
move(SSL *ssl, struct extra *x, SSL_SESSION *sess)
{
	if (x->slim == NULL)
		x->slim = SSL_CTX_new(SSL_get_ssl_method(ssl));
	if (x->slim == NULL || SSL_set_SSL_CTX(ssl, x->slim) != x->slim ||
	    SSL_set_session(ssl, sess) != 1)
		return ERR_CRYPTO;
	return 0;
}

/*
 * After the handshake: the session that OpenSSL made holds the peer's certificate, and
 * writes and reads it again for every ticket, which is half the cost of a resumption.  It
 * is replaced by one that holds what we know of the peer in 56 bytes; the ticket is made
 * of that.
 */
static int
adopt(SSL *ssl, struct extra *x)
{
	SSL_SESSION *old = SSL_get0_session(ssl), *sess = SSL_SESSION_new();
	struct known k;
	int rc = sess != NULL ? 0 : ERR_NOMEM;

	if (rc == 0)
		rc = SSL_session_reused(ssl) ? known_read(old, &k) : known_of(ssl, &k);
	if (rc == 0)
		rc = known_write(sess, &k);
	if (rc == 0 && (SSL_SESSION_set_cipher(sess, SSL_get_current_cipher(ssl)) != 1 ||
			   SSL_SESSION_set_protocol_version(sess, TLS1_3_VERSION) != 1 ||
			   SSL_SESSION_set1_id_context(
			       sess, id_context, sizeof id_context - 1) != 1))
		rc = ERR_CRYPTO;
	if (rc == 0) {
		(void)SSL_SESSION_set_timeout(sess, TICKET_LIFE_S);
		rc = move(ssl, x, sess);
	}
	SSL_SESSION_free(sess);
	return rc;
}

void
tls_slim(struct ssl_st *ssl)
{
	struct extra *x = extra_of_ssl(ssl);

	if (x == NULL || !SSL_is_init_finished(ssl))
		return;
	if (x->empty == NULL)
		x->empty = SSL_SESSION_new();
	if (x->empty != NULL)
		(void)move(ssl, x, x->empty);
	ERR_clear_error();
}

static enum tls_did
did(SSL *ssl, int r)
{
	switch (SSL_get_error(ssl, r)) {
	case SSL_ERROR_WANT_READ:
		return TLS_WANT_READ;
	case SSL_ERROR_WANT_WRITE:
		return TLS_WANT_WRITE;
	case SSL_ERROR_ZERO_RETURN:
		return TLS_CLOSED;
	default:
		return TLS_FAILED;
	}
}

enum tls_did
tls_handshake(struct ssl_st *ssl)
{
	struct extra *x = extra_of_ssl(ssl);
	int r;

	ERR_clear_error();
	r = SSL_do_handshake(ssl);
	if (r != 1)
		return did(ssl, r);
	if (x == NULL || SSL_get_SSL_CTX(ssl) == x->slim)
		return TLS_DONE; /* also when only the ticket was still to be written */
	if (adopt(ssl, x) != 0 || SSL_new_session_ticket(ssl) != 1)
		return TLS_FAILED;
	r = SSL_do_handshake(ssl);
	return r == 1 ? TLS_DONE : did(ssl, r);
}

enum tls_did
tls_read(struct ssl_st *ssl, void *p, size_t n, size_t *ret_n)
{
	int r;

	ERR_clear_error();
	r = SSL_read(ssl, p, n > INT_MAX ? INT_MAX : (int)n);
	if (r <= 0)
		return did(ssl, r);
	*ret_n = (size_t)r;
	return TLS_DONE;
}

enum tls_did
tls_write(struct ssl_st *ssl, const void *p, size_t n)
{
	enum tls_did d;
	int r;

	ERR_clear_error();
	r = SSL_write(ssl, p, (int)n);
	if (r > 0)
		return TLS_DONE;
	d = did(ssl, r);
	return d == TLS_WANT_WRITE && SSL_in_init(ssl) ? TLS_NOT_TAKEN : d;
}

uint64_t
tls_raw_in(struct ssl_st *ssl)
{
	return BIO_number_read(SSL_get_rbio(ssl));
}

uint64_t
tls_raw_out(struct ssl_st *ssl)
{
	return BIO_number_written(SSL_get_wbio(ssl));
}

int
tls_resumed(struct ssl_st *ssl)
{
	return SSL_session_reused(ssl);
}

void
tls_bye(struct ssl_st *ssl)
{
	ERR_clear_error();
	tls_pad(ssl, 0);
	if (SSL_is_init_finished(ssl))
		(void)SSL_shutdown(ssl);
	ERR_clear_error();
}

void
tls_free(struct ssl_st *ssl)
{
	SSL_free(ssl);
}
