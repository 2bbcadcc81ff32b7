/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/tls.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include <cmocka.h>
#include <openssl/err.h>

#include "tests/pki.h"

static struct tpki pki, stranger;
static const unsigned char secret[32] = "a secret that the vault keeps";

/* A server and a client on a socketpair, both driven by the test. */
struct pair {
	SSL *server, *client;
	int fd[2];
	enum tls_did server_did;
	int client_ok;
};

static SSL_CTX *
server_ctx(const char *crl, uint64_t generation)
{
	char cert[128], key[128], ca[128], path[128] = "";
	struct tls_files f = { cert, key, ca, path };
	SSL_CTX *c = NULL;
	struct buf why;

	tpki_path(&pki, "server.pem", cert);
	tpki_path(&pki, "server.key", key);
	tpki_path(&pki, "ca.pem", ca);
	if (crl != NULL)
		tpki_path(&pki, crl, path);
	buf_init(&why, 1024);
	if (tls_server_new(&c, &f, secret, generation, &why) != 0)
		fail_msg("%s", buf_cstr(&why));
	buf_done(&why);
	return c;
}

static void
pair_open(struct pair *p, SSL_CTX *server, SSL_CTX *client, SSL_SESSION *session)
{
	int i, r;

	memset(p, 0, sizeof *p);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, p->fd), 0);
	p->server = tls_accept_new(server, p->fd[0]);
	p->client = SSL_new(client);
	assert_non_null(p->server);
	SSL_set_fd(p->client, p->fd[1]);
	SSL_set_connect_state(p->client);
	if (session != NULL)
		SSL_set_session(p->client, session);
	p->server_did = TLS_WANT_READ;
	for (i = 0; i < 20; i++) {
		r = SSL_do_handshake(p->client);
		p->client_ok = r == 1;
		if (p->server_did == TLS_WANT_READ)
			p->server_did = tls_handshake(p->server);
	}
	ERR_clear_error();
}

static void
pair_close(struct pair *p)
{
	/* A session whose connection breaks off is good for nobody. */
	SSL_set_shutdown(p->client, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
	tls_free(p->server);
	SSL_free(p->client);
	(void)close(p->fd[0]);
	(void)close(p->fd[1]);
}

static enum tls_did
try_once(SSL_CTX *server, const struct tcert *c, int version)
{
	SSL_CTX *client = tpki_client(&pki, c);
	enum tls_did did;
	struct pair p;

	if (version != 0)
		SSL_CTX_set_max_proto_version(client, version);
	pair_open(&p, server, client, NULL);
	did = p.server_did;
	pair_close(&p);
	SSL_CTX_free(client);
	return did;
}

static void
test_who_gets_in(void **state)
{
	static const struct {
		const char *what;
		struct tcert_how how;
		enum tls_did want;
	} table[] = {
		{ "a member", { 0 }, TLS_DONE },
		{ "P-384", { .curve = "P-384" }, TLS_DONE },
		{ "RSA 2048", { .rsa_bits = 2048 }, TLS_DONE },
		{ "RSA 1024", { .rsa_bits = 1024 }, TLS_FAILED },
		{ "secp256k1", { .curve = "secp256k1" }, TLS_FAILED },
		{ "brainpool", { .curve = "brainpoolP256r1" }, TLS_FAILED },
		{ "expired", { .from_s = -7200, .until_s = -60 }, TLS_FAILED },
		{ "not yet valid", { .from_s = 600, .until_s = 7200 }, TLS_FAILED },
		{ "a server's", { .usage = "serverAuth" }, TLS_FAILED },
		{ "another authority of the same name", { .by = &stranger }, TLS_FAILED },
	};
	SSL_CTX *server = server_ctx(NULL, 1);
	struct tcert c;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof table / sizeof table[0]; i++) {
		c = tpki_issue(&pki, &table[i].how);
		if (try_once(server, &c, 0) != table[i].want)
			fail_msg("%s", table[i].what);
		tcert_free(&c);
	}
	assert_int_equal(try_once(server, NULL, 0), TLS_FAILED);
	c = tpki_issue(&pki, NULL);
	assert_int_equal(try_once(server, &c, TLS1_2_VERSION), TLS_FAILED);
	tcert_free(&c);
	tls_ctx_free(server);
}

static void
test_large_key_refused_before_use(void **state)
{
	/* 5120 bits: large enough to be refused, small enough to be made in a test. */
	struct tcert_how how = { .rsa_bits = 5120 };
	SSL_CTX *server = server_ctx(NULL, 1);
	struct tcert c = tpki_issue(&pki, &how);

	(void)state;
	assert_int_equal(try_once(server, &c, 0), TLS_FAILED);
	tcert_free(&c);
	tls_ctx_free(server);
}

static void
test_revocation(void **state)
{
	struct tcert good = tpki_issue(&pki, NULL), bad = tpki_issue(&pki, NULL);
	SSL_CTX *server, *client;
	struct pair p;
	uint64_t tag;

	(void)state;
	/* No CRL file, no check. */
	server = server_ctx(NULL, 1);
	assert_int_equal(try_once(server, &bad, 0), TLS_DONE);
	assert_true(tls_crl_left(server) == INT64_MAX);
	client = tpki_client(&pki, &bad);
	pair_open(&p, server, client, NULL);
	tag = tls_peer_tag(p.server);
	assert_true(tag != 0);
	assert_int_equal(tls_crl_revokes(server, tag), 0);
	pair_close(&p);
	SSL_CTX_free(client);
	tls_ctx_free(server);

	tpki_crl(&pki, "crl.pem", &bad.x, 1, 3600);
	server = server_ctx("crl.pem", 1);
	assert_int_equal(try_once(server, &bad, 0), TLS_FAILED);
	assert_int_equal(try_once(server, &good, 0), TLS_DONE);
	assert_in_range(tls_crl_left(server), 3500, 3600);
	assert_int_equal(tls_crl_revokes(server, tag), 1);
	assert_int_equal(tls_crl_revokes(server, tag + 1), 0);
	tls_ctx_free(server);

	/* Stale within the grace: it still revokes, and still lets others in. */
	tpki_crl(&pki, "crl.pem", &bad.x, 1, -3600);
	server = server_ctx("crl.pem", 1);
	assert_true(tls_crl_left(server) < 0);
	assert_int_equal(try_once(server, &good, 0), TLS_DONE);
	assert_int_equal(try_once(server, &bad, 0), TLS_FAILED);
	tls_ctx_free(server);

	/* Beyond it nobody. */
	tpki_crl(&pki, "crl.pem", &bad.x, 1, -TLS_CRL_GRACE_S - 60);
	server = server_ctx("crl.pem", 1);
	assert_int_equal(try_once(server, &good, 0), TLS_FAILED);
	tls_ctx_free(server);
	tcert_free(&good);
	tcert_free(&bad);
}

static void
refused(const char *cert, const char *key, const char *ca, const char *crl)
{
	char a[128], b[128], c[128], d[128] = "";
	struct tls_files f = { a, b, c, d };
	SSL_CTX *ctx = NULL;
	struct buf why;

	tpki_path(&pki, cert, a);
	tpki_path(&pki, key, b);
	tpki_path(&pki, ca, c);
	if (crl != NULL)
		tpki_path(&pki, crl, d);
	buf_init(&why, 1024);
	if (tls_server_new(&ctx, &f, secret, 1, &why) != ERR_INVALID || why.n == 0)
		fail_msg("taken: %s %s %s %s", cert, key, ca, crl != NULL ? crl : "-");
	assert_null(ctx);
	buf_done(&why);
}

static void
write_text(const char *name, const char *text)
{
	char path[128];
	FILE *f;

	tpki_path(&pki, name, path);
	f = fopen(path, "w");
	assert_non_null(f);
	(void)fputs(text, f);
	(void)fclose(f);
}

static void
test_bad_files(void **state)
{
	struct tcert c = tpki_issue(&pki, NULL);
	char path[128], to[128];
	FILE *f;

	(void)state;
	tpki_save(&pki, "other.key", NULL, c.key, NULL);
	write_text("empty", "");
	write_text("garbage", "-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n");
	refused("missing", "server.key", "ca.pem", NULL);
	refused("server.pem", "missing", "ca.pem", NULL);
	refused("server.pem", "other.key", "ca.pem", NULL);
	refused("server.pem", "server.key", "missing", NULL);
	refused("server.pem", "server.key", "empty", NULL);
	refused("server.pem", "server.key", "ca.pem", "missing");
	refused("server.pem", "server.key", "ca.pem", "empty");
	refused("server.pem", "server.key", "ca.pem", "garbage");
	/* Signed by another authority of the same name. */
	tpki_crl(&stranger, "crl.pem", NULL, 0, 3600);
	tpki_path(&stranger, "crl.pem", path);
	tpki_path(&pki, "foreign.pem", to);
	assert_int_equal(rename(path, to), 0);
	refused("server.pem", "server.key", "ca.pem", "foreign.pem");
	/* A good one with a damaged one behind it. */
	tpki_crl(&pki, "half.pem", NULL, 0, 3600);
	tpki_path(&pki, "half.pem", path);
	f = fopen(path, "a");
	assert_non_null(f);
	(void)fputs("-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n", f);
	(void)fclose(f);
	refused("server.pem", "server.key", "ca.pem", "half.pem");
	tcert_free(&c);
}

static SSL_SESSION *kept;

static int
keep_session(SSL *ssl, SSL_SESSION *s)
{
	(void)ssl;
	SSL_SESSION_free(kept);
	kept = s;
	return 1;
}

/* One connection that reads its ticket; 1 when it was resumed. */
static int
connect_once(SSL_CTX *server, SSL_CTX *client, SSL_SESSION *session)
{
	unsigned char spki[32];
	int64_t not_after;
	struct pair p;
	int resumed;
	char b;

	pair_open(&p, server, client, session);
	assert_int_equal(p.server_did, TLS_DONE);
	assert_int_equal(SSL_read(p.client, &b, 1), -1); /* takes the ticket in */
	ERR_clear_error();
	resumed = tls_resumed(p.server);
	/* Who it is must be known either way. */
	assert_int_equal(tls_peer(p.server, spki, &not_after), 0);
	assert_true(tls_peer_tag(p.server) != 0);
	assert_in_range(not_after, time(NULL) + 3000, time(NULL) + 3700);
	pair_close(&p);
	return resumed;
}

static void
test_tickets(void **state)
{
	struct tcert c = tpki_issue(&pki, NULL);
	SSL_CTX *client = tpki_client(&pki, &c), *server, *twin;
	SSL_SESSION *first;

	(void)state;
	SSL_CTX_set_session_cache_mode(
	    client, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
	SSL_CTX_sess_set_new_cb(client, keep_session);
	server = server_ctx(NULL, 1);
	twin = server_ctx(NULL, 1);
	assert_int_equal(connect_once(server, client, NULL), 0);
	assert_non_null(kept);
	assert_int_equal(SSL_SESSION_get_max_early_data(kept), 0);
	first = kept;
	SSL_SESSION_up_ref(first);
	/* Any front of the same hub takes it, and gives a new one. */
	assert_int_equal(connect_once(twin, client, first), 1);
	assert_ptr_not_equal(kept, first);
	/* Another generation of the registry: no resumption. */
	assert_int_equal(tls_server_rekey(server, secret, 2), 0);
	assert_int_equal(connect_once(server, client, first), 0);
	/* Another CRL, though the generation is the same: neither. */
	tpki_crl(&pki, "crl.pem", NULL, 0, 3600);
	tls_ctx_free(twin);
	twin = server_ctx("crl.pem", 1);
	assert_int_equal(connect_once(twin, client, first), 0);
	SSL_SESSION_free(first);
	SSL_SESSION_free(kept);
	kept = NULL;
	tls_ctx_free(server);
	tls_ctx_free(twin);
	SSL_CTX_free(client);
	tcert_free(&c);
}

/* A revoked member with a ticket from before is refused. */
static void
test_ticket_does_not_pass_a_crl(void **state)
{
	struct tcert c = tpki_issue(&pki, NULL);
	SSL_CTX *client = tpki_client(&pki, &c), *server;
	struct pair p;

	(void)state;
	SSL_CTX_set_session_cache_mode(
	    client, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
	SSL_CTX_sess_set_new_cb(client, keep_session);
	server = server_ctx(NULL, 1);
	assert_int_equal(connect_once(server, client, NULL), 0);
	tls_ctx_free(server);
	tpki_crl(&pki, "crl.pem", &c.x, 1, 3600);
	server = server_ctx("crl.pem", 1);
	pair_open(&p, server, client, kept);
	assert_int_equal(p.server_did, TLS_FAILED);
	pair_close(&p);
	SSL_SESSION_free(kept);
	kept = NULL;
	tls_ctx_free(server);
	SSL_CTX_free(client);
	tcert_free(&c);
}

static void
exchange(struct pair *p)
{
	char out[16384], in[16384];
	size_t n, total = 0;
	int i, r;

	memset(out, 'x', sizeof out);
	for (i = 0; i < 20; i++) {
		assert_int_equal(tls_write(p->server, out, sizeof out), TLS_DONE);
		for (total = 0; total < sizeof out; total += (size_t)r) {
			r = SSL_read(p->client, in, sizeof in);
			assert_true(r > 0);
		}
		assert_int_equal(SSL_write(p->client, "ping", 4), 4);
		assert_int_equal(tls_read(p->server, in, sizeof in, &n), TLS_DONE);
		assert_int_equal(n, 4);
	}
	assert_int_equal(tls_read(p->server, in, sizeof in, &n), TLS_WANT_READ);
}

static void
test_slim_connection_still_works(void **state)
{
	struct tcert c = tpki_issue(&pki, NULL);
	SSL_CTX *client = tpki_client(&pki, &c), *server = server_ctx(NULL, 1);
	unsigned char spki[32];
	int64_t not_after;
	struct pair p, q;
	char in[64];
	size_t n;

	(void)state;
	pair_open(&p, server, client, NULL);
	assert_int_equal(p.server_did, TLS_DONE);
	exchange(&p);
	tls_slim(p.server);
	assert_int_equal(tls_peer(p.server, spki, &not_after), ERR_NOTFOUND);
	exchange(&p);
	/* New keys asked for by either side, with and without an answer wanted. */
	assert_int_equal(SSL_key_update(p.client, SSL_KEY_UPDATE_REQUESTED), 1);
	exchange(&p);
	assert_int_equal(SSL_key_update(p.server, SSL_KEY_UPDATE_REQUESTED), 1);
	exchange(&p);
	tls_slim(p.server); /* twice is harmless */
	exchange(&p);
	/* Others on the same context know their peer still. */
	pair_open(&q, server, client, NULL);
	assert_int_equal(q.server_did, TLS_DONE);
	assert_int_equal(tls_peer(q.server, spki, &not_after), 0);
	tls_slim(q.server);
	exchange(&q);
	exchange(&p);
	/* A proper end is seen as one by both. */
	assert_int_equal(SSL_shutdown(p.client), 0);
	assert_int_equal(tls_read(p.server, in, sizeof in, &n), TLS_CLOSED);
	tls_bye(p.server);
	assert_int_equal(SSL_shutdown(p.client), 1);
	/* The context may go before its connections. */
	tls_ctx_free(server);
	exchange(&q);
	pair_close(&p);
	pair_close(&q);
	SSL_CTX_free(client);
	tcert_free(&c);
}

static void
test_blocked_write_goes_on(void **state)
{
	struct tcert c = tpki_issue(&pki, NULL);
	SSL_CTX *client = tpki_client(&pki, &c), *server = server_ctx(NULL, 1);
	char out[16384], other[16384], in[16384];
	size_t sent = 0, got = 0, i;
	enum tls_did did = TLS_DONE;
	struct pair p;
	int r;

	(void)state;
	pair_open(&p, server, client, NULL);
	memset(out, 'a', sizeof out);
	memset(other, 'b', sizeof other);
	for (i = 0; i < 1000 && did == TLS_DONE; i++) {
		did = tls_write(p.server, out, sizeof out);
		sent += sizeof out;
	}
	assert_int_equal(did, TLS_WANT_WRITE);
	/* Repeated with other bytes: what goes out are the first ones. */
	for (i = 0; got < sent && i < 100000; i++) {
		r = SSL_read(p.client, in, sizeof in);
		if (r > 0) {
			assert_int_equal(in[0], 'a');
			assert_int_equal(in[r - 1], 'a');
			got += (size_t)r;
		}
		if (did == TLS_WANT_WRITE)
			did = tls_write(p.server, other, sizeof other);
	}
	assert_int_equal(got, sent);
	assert_int_equal(did, TLS_DONE);
	pair_close(&p);
	tls_ctx_free(server);
	SSL_CTX_free(client);
	tcert_free(&c);
}

/* A socket that can be told to take nothing. */
static int gate_open = 1, gate_fd;

static int
gate_write(BIO *b, const char *p, int n)
{
	BIO_clear_retry_flags(b);
	if (gate_open)
		return (int)send(gate_fd, p, (size_t)n, MSG_NOSIGNAL);
	BIO_set_retry_write(b);
	return -1;
}

static long
gate_ctrl(BIO *b, int cmd, long num, void *ptr)
{
	(void)b;
	(void)num;
	(void)ptr;
	return cmd == BIO_CTRL_FLUSH;
}

/*
 * Blocked by our own answer to a KeyUpdate, nothing of the data is taken yet: whoever
 * took it for taken would send other bytes in its place, those of another reader perhaps.
 */
static void
test_blocked_by_key_update(void **state)
{
	struct tcert c = tpki_issue(&pki, NULL);
	SSL_CTX *client = tpki_client(&pki, &c), *server = server_ctx(NULL, 1);
	BIO_METHOD *m = BIO_meth_new(BIO_TYPE_SOURCE_SINK, "gate");
	struct pair p;
	char in[64];
	size_t n;
	BIO *b;

	(void)state;
	pair_open(&p, server, client, NULL);
	exchange(&p);
	BIO_meth_set_write(m, gate_write);
	BIO_meth_set_ctrl(m, gate_ctrl);
	b = BIO_new(m);
	BIO_set_init(b, 1);
	gate_fd = p.fd[0];
	SSL_set0_wbio(p.server, b);

	assert_int_equal(SSL_key_update(p.client, SSL_KEY_UPDATE_REQUESTED), 1);
	assert_int_equal(SSL_do_handshake(p.client), 1);
	gate_open = 0;
	assert_int_equal(tls_read(p.server, in, sizeof in, &n), TLS_WANT_READ);
	assert_int_equal(tls_write(p.server, "first", 5), TLS_NOT_TAKEN);
	assert_int_equal(tls_write(p.server, "other bytes", 11), TLS_NOT_TAKEN);
	gate_open = 1;
	assert_int_equal(tls_write(p.server, "third", 5), TLS_DONE);
	assert_int_equal(SSL_read(p.client, in, sizeof in), 5);
	assert_memory_equal(in, "third", 5);
	/* And without one: taken, whatever is given later. */
	gate_open = 0;
	assert_int_equal(tls_write(p.server, "taken", 5), TLS_WANT_WRITE);
	assert_int_equal(SSL_key_update(p.client, SSL_KEY_UPDATE_REQUESTED), 1);
	assert_int_equal(SSL_do_handshake(p.client), 1);
	assert_int_equal(tls_read(p.server, in, sizeof in, &n), TLS_WANT_READ);
	assert_int_equal(tls_write(p.server, "other", 5), TLS_WANT_WRITE);
	gate_open = 1;
	assert_int_equal(tls_write(p.server, "other", 5), TLS_DONE);
	assert_int_equal(SSL_read(p.client, in, sizeof in), 5);
	assert_memory_equal(in, "taken", 5);
	assert_int_equal(tls_write(p.server, "after", 5), TLS_DONE);
	assert_int_equal(SSL_read(p.client, in, sizeof in), 5);
	assert_memory_equal(in, "after", 5);
	pair_close(&p);
	BIO_meth_free(m);
	tls_ctx_free(server);
	SSL_CTX_free(client);
	tcert_free(&c);
}

static uint64_t
raw_of_reply(struct pair *p, int pad)
{
	char in[64];

	tls_pad(p->server, pad);
	assert_int_equal(tls_write(p->server, "short", 5), TLS_DONE);
	assert_int_equal(SSL_read(p->client, in, sizeof in), 5);
	return BIO_number_read(SSL_get_rbio(p->client));
}

static void
test_padding_on_and_off(void **state)
{
	struct tcert c = tpki_issue(&pki, NULL);
	SSL_CTX *client = tpki_client(&pki, &c), *server = server_ctx(NULL, 1);
	uint64_t a, b, d;
	struct pair p;

	(void)state;
	pair_open(&p, server, client, NULL);
	a = raw_of_reply(&p, 0);
	b = raw_of_reply(&p, 1);
	d = raw_of_reply(&p, 0);
	assert_in_range(b - a, 4096, 4096 + 64);
	assert_in_range(d - b, 5, 64);
	pair_close(&p);
	tls_ctx_free(server);
	SSL_CTX_free(client);
	tcert_free(&c);
}

/* Handshake messages that the client got: bit n for type n. */
static uint64_t got;

static void
on_message(
    int writes, int version, int type, const void *p, size_t n, SSL *ssl, void *arg)
{
	const unsigned char *b = p;

	(void)version;
	(void)ssl;
	(void)arg;
	if (!writes && type == SSL3_RT_HANDSHAKE && n > 0 && b[0] < 64)
		got |= (uint64_t)1 << b[0];
}

static SSL_CTX *
blind_ctx(void)
{
	char cert[128], key[128];
	struct tls_files f = { cert, key, "", "" };
	SSL_CTX *c = NULL;
	struct buf why;

	tpki_path(&pki, "server.pem", cert);
	tpki_path(&pki, "server.key", key);
	buf_init(&why, 1024);
	if (tls_blind_new(&c, &f, &why) != 0)
		fail_msg("%s", buf_cstr(&why));
	buf_done(&why);
	return c;
}

/* A client that has a certificate and a ticket of the members' listener at hand is asked
 * for neither, and takes nothing along by which it could be known again. */
static void
test_blind_knows_nobody(void **state)
{
	const uint64_t request = (uint64_t)1 << SSL3_MT_CERTIFICATE_REQUEST,
		       ticket = (uint64_t)1 << SSL3_MT_NEWSESSION_TICKET;
	struct tcert c = tpki_issue(&pki, NULL);
	SSL_CTX *client = tpki_client(&pki, &c), *members = server_ctx(NULL, 1),
		*server = blind_ctx();
	unsigned char spki[32];
	int64_t not_after;
	struct pair p;
	uint64_t raw;
	int i;

	(void)state;
	SSL_CTX_set_session_cache_mode(
	    client, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
	SSL_CTX_sess_set_new_cb(client, keep_session);
	assert_int_equal(connect_once(members, client, NULL), 0);
	assert_non_null(kept);
	SSL_CTX_set_msg_callback(client, on_message);
	got = 0;
	pair_open(&p, members, client, NULL);
	(void)raw_of_reply(&p, 1);
	assert_true((got & request) != 0 && (got & ticket) != 0); /* the test can see */
	pair_close(&p);
	for (i = 0; i < 2; i++) {
		got = 0;
		pair_open(&p, server, client, i == 0 ? NULL : kept);
		assert_int_equal(p.server_did, TLS_DONE);
		assert_int_equal(p.client_ok, 1);
		assert_int_equal(tls_resumed(p.server), 0);
		raw = raw_of_reply(&p, 1);
		raw = raw_of_reply(&p, 1) - raw;
		assert_in_range(raw, 4096, 4096 + 64);
		assert_int_equal(got & (request | ticket), 0);
		assert_null(SSL_get0_peer_certificate(p.server));
		assert_int_equal(tls_peer(p.server, spki, &not_after), ERR_NOTFOUND);
		assert_int_equal(tls_peer_tag(p.server), 0);
		pair_close(&p);
	}
	SSL_SESSION_free(kept);
	kept = NULL;
	tls_ctx_free(members);
	tls_ctx_free(server);
	SSL_CTX_free(client);
	tcert_free(&c);
}

static int
setup(void **state)
{
	(void)state;
	tpki_init(&pki);
	tpki_init(&stranger);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	tpki_done(&pki);
	tpki_done(&stranger);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_who_gets_in),
		cmocka_unit_test(test_large_key_refused_before_use),
		cmocka_unit_test(test_revocation),
		cmocka_unit_test(test_bad_files),
		cmocka_unit_test(test_tickets),
		cmocka_unit_test(test_ticket_does_not_pass_a_crl),
		cmocka_unit_test(test_slim_connection_still_works),
		cmocka_unit_test(test_blocked_write_goes_on),
		cmocka_unit_test(test_blocked_by_key_update),
		cmocka_unit_test(test_padding_on_and_off),
		cmocka_unit_test(test_blind_knows_nobody),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
