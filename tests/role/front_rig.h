/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FRONT_RIG_H
#define FRONT_RIG_H

/*
 * A front with a vault and a keeper that are tables (front_peers.h), and clients that
 * speak real TLS over socketpairs, all in one loop.  Every wait is bounded.
 */
#include "tests/role/front_peers.h"

/* ---- the loop */

static inline void
rig_client_pump(struct rig_client *c)
{
	char b[16384];
	int n, i;

	if (c->ssl == NULL || c->closed || c->paused)
		return;
	ERR_clear_error();
	if (!c->shaken) {
		n = SSL_do_handshake(c->ssl);
		if (n == 1)
			c->shaken = 1;
		else if (SSL_get_error(c->ssl, n) != SSL_ERROR_WANT_READ)
			c->closed = 1;
		return;
	}
	while ((n = SSL_read(c->ssl, b, sizeof b)) > 0) {
		buf_add(&c->in, b, (size_t)n);
		for (i = 0; i < n; i++) {
			c->blanks += b[i] == '\n' && c->last == '\n';
			c->last = b[i];
		}
	}
	n = SSL_get_error(c->ssl, n);
	if (n != SSL_ERROR_WANT_READ && n != SSL_ERROR_WANT_WRITE)
		c->closed = n == SSL_ERROR_ZERO_RETURN ? 1 : 2;
}

static inline void
rig_step(struct rig *r)
{
	unsigned i;

	(void)event_base_loop(loop_base(r->loop), EVLOOP_NONBLOCK);
	for (i = 0; i < r->clients; i++)
		rig_client_pump(&r->client[i]);
}

#define rig_until(r, cond) \
	do { \
		int64_t until_ = clock_mono_ms() + RIG_WAIT_MS; \
		while (!(cond)) { \
			if (clock_mono_ms() > until_) \
				fail_msg( \
				    "line %d: waited in vain for %s", __LINE__, #cond); \
			rig_step(r); \
		} \
	} while (0)

static inline void
rig_settle(struct rig *r)
{
	int i;

	for (i = 0; i < 50; i++)
		rig_step(r);
}

static inline struct rig_client *
rig_connect_on(struct rig *r, enum conn_on on, enum rig_who who)
{
	struct rig_client *c = &r->client[r->clients++];
	int fd[2], one = 65536;

	assert_in_range(r->clients, 1, RIG_CLIENTS);
	memset(c, 0, sizeof *c);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fd), 0);
	(void)setsockopt(fd[0], SOL_SOCKET, SO_SNDBUF, &one, sizeof one);
	c->fd = fd[1];
	buf_init(&c->in, 64 << 20);
	c->ssl = SSL_new(r->ctx[who]);
	SSL_set_fd(c->ssl, fd[1]);
	SSL_set_connect_state(c->ssl);
	assert_int_equal(conn_new(r->f, on, fd[0], NULL), 0);
	rig_until(r, c->shaken || c->closed);
	return c;
}

static inline struct rig_client *
rig_connect(struct rig *r, enum rig_who who)
{
	return rig_connect_on(r, ON_MEMBERS, who);
}

static inline void
rig_say(struct rig *r, struct rig_client *c, const char *text)
{
	(void)r;
	assert_int_equal(SSL_write(c->ssl, text, (int)strlen(text)), (int)strlen(text));
}

static inline const char *
rig_in(struct rig_client *c)
{
	return buf_cstr(&c->in);
}

static inline int
rig_count(struct rig_client *c, const char *what)
{
	const char *p = rig_in(c);
	int n = 0;

	while ((p = strstr(p, what)) != NULL) {
		n++;
		p += strlen(what);
	}
	return n;
}

/* Is it among the last things that came?  rig_count looks through megabytes. */
static inline int
rig_ends(struct rig_client *c, const char *what)
{
	size_t n = strlen(what), from = c->in.n > 1024 ? c->in.n - 1024 : 0;

	return c->in.n >= n && memmem(c->in.p + from, c->in.n - from, what, n) != NULL;
}

/* The length of the first complete answer in the client's input, or 0. */
static inline size_t
rig_answer_length(struct rig_client *c)
{
	const char *p = rig_in(c), *end = strstr(p, "\r\n\r\n"), *cl;
	size_t n;

	if (end == NULL)
		return 0;
	cl = strstr(p, "Content-Length: ");
	n = (size_t)(end - p) + 4 +
	    (cl != NULL && cl < end ? strtoul(cl + 16, NULL, 10) : 0);
	return c->in.n >= n ? n : 0;
}

/* Waits for one answer, hands out its status; head and body stay in `last`. */
static inline int
rig_answer(struct rig *r, struct rig_client *c, struct buf *last)
{
	size_t n = 0;
	int status;

	rig_until(r, (n = rig_answer_length(c)) != 0 || c->closed);
	if (n == 0)
		return 0;
	assert_memory_equal(c->in.p, "HTTP/1.1 ", 9);
	status = (int)strtol(c->in.p + 9, NULL, 10);
	if (last != NULL) {
		buf_reset(last);
		buf_add(last, c->in.p, n);
		(void)buf_cstr(last);
	}
	buf_drop(&c->in, n);
	return status;
}

static inline int
rig_get(struct rig *r, struct rig_client *c, const char *path, struct buf *last)
{
	char text[1024];

	(void)snprintf(
	    text, sizeof text, "GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n", path);
	rig_say(r, c, text);
	return rig_answer(r, c, last);
}

static inline int
rig_post(struct rig *r, struct rig_client *c, const char *path, const char *headers,
    const char *body, struct buf *last)
{
	struct buf b;

	buf_init(&b, 1 << 20);
	buf_addf(&b,
	    "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n%s"
	    "Content-Length: %zu\r\n\r\n%s",
	    path, headers, strlen(body), body);
	rig_say(r, c, buf_cstr(&b));
	buf_done(&b);
	return rig_answer(r, c, last);
}

static inline void
rig_drop(struct rig *r, struct rig_client *c)
{
	if (c->ssl != NULL) {
		SSL_free(c->ssl);
		(void)close(c->fd);
	}
	c->ssl = NULL;
	c->closed = 1;
	buf_done(&c->in);
	rig_settle(r);
}

/* ---- beginning and end */

static inline void
rig_person(struct rig *r, enum rig_who who, unsigned roles)
{
	struct rig_member *m = &r->people[who];
	struct vault_admit *a = &m->admit;
	unsigned char *der = NULL;
	int n;

	m->cert = tpki_issue(&r->pki, NULL);
	n = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(m->cert.x), &der);
	(void)SHA256(der, (size_t)n, m->spki);
	OPENSSL_free(der);
	memset(a, 0, sizeof *a);
	a->rights.roles = (uint16_t)roles;
	a->rights.clearance = TLP_AMBER_STRICT;
	a->rights.receiver[0] = (unsigned char)(who + 1);
	memset(a->rights.person, 0xe0 + (int)who, RECEIVER_LEN);
	a->rights.duties = DUTIES_ALL;
	subscription_default(&m->wants);
	r->ctx[who] = tpki_client(&r->pki, &m->cert);
}

static inline void
rig_people(struct rig *r)
{
	rig_person(r, RIG_OP, ROLE_OPERATOR);
	rig_person(r, RIG_OP2, ROLE_OPERATOR);
	rig_person(r, RIG_TWO_SLOTS, ROLE_OPERATOR);
	rig_person(r, RIG_SEC, ROLE_SECRETARIAT);
	rig_person(r, RIG_CENTRE, ROLE_CENTRE);
	rig_person(r, RIG_AGENCY, ROLE_AGENCY);
	rig_person(r, RIG_GONE, ROLE_OPERATOR);
	rig_person(r, RIG_DISABLED, ROLE_OPERATOR);
	slots_set(&r->people[RIG_OP].admit.rights.op, rig_medical);
	slots_set(&r->people[RIG_OP2].admit.rights.op, rig_power);
	slots_set(&r->people[RIG_TWO_SLOTS].admit.rights.op, rig_medical);
	slots_set(&r->people[RIG_TWO_SLOTS].admit.rights.op, rig_power);
	slots_set(&r->people[RIG_SEC].admit.rights.sec, rig_medical);
	r->people[RIG_DISABLED].admit.status = VS_DISABLED;
}

static inline void
rig_listen(struct rig *r)
{
	static const struct link_ops vault = { NULL, rig_vault_frame, NULL },
				     keeper = { NULL, rig_keeper_frame, rig_keeper_down };
	struct link_limits small = { VAULT_FRAME_MAX, 1 << 20 },
			   large = { KEEPER_FRAME_MAX, 64 << 20 };

	r->vault_fd = sock_listen_unix(r->opt.vault_socket, 0600);
	r->keeper_fd = sock_listen_unix(r->opt.keeper_socket, 0600);
	assert_true(r->vault_fd >= 0 && r->keeper_fd >= 0);
	r->vault = link_serve(r->loop, r->vault_fd, &vault, r, small);
	r->keeper = link_serve(r->loop, r->keeper_fd, &keeper, r, large);
	assert_true(r->vault != NULL && r->keeper != NULL);
}

static inline void
rig_stop_vault(struct rig *r)
{
	link_server_free(r->vault);
	if (r->vault_fd >= 0)
		(void)close(r->vault_fd);
	r->vault = NULL;
	r->vault_fd = -1;
	(void)unlink(r->opt.vault_socket);
}

static inline void
rig_stop_keeper(struct rig *r)
{
	link_server_free(r->keeper);
	if (r->keeper_fd >= 0)
		(void)close(r->keeper_fd);
	r->keeper = NULL;
	r->keeper_fd = -1;
	r->tail = NULL;
	(void)unlink(r->opt.keeper_socket);
}

static inline struct rig *
rig_new(void)
{
	struct rig *r = mem_zalloc(sizeof *r);
	struct buf why;

	assert_non_null(r);
	(void)signal(SIGPIPE, SIG_IGN);
	buf_init(&why, 4096);
	buf_init(&r->put_json, 1 << 20);
	buf_init(&r->desk_json, 1 << 20);
	buf_init(&r->message_json, 1 << 20);
	buf_init(&r->streamed, 64 << 20);
	r->loop = loop_new();
	tpki_init(&r->pki);
	tpki_crl(&r->pki, "crl.pem", NULL, 0, 86400);
	r->generation = 1;
	r->epoch = 7;
	assert_int_equal(front_options_read(NULL, &r->opt, &why), 0);
	(void)snprintf(
	    r->opt.vault_socket, sizeof r->opt.vault_socket, "%s/v", r->pki.dir);
	(void)snprintf(
	    r->opt.keeper_socket, sizeof r->opt.keeper_socket, "%s/k", r->pki.dir);
	(void)snprintf(r->opt.cert, sizeof r->opt.cert, "%s/server.pem", r->pki.dir);
	(void)snprintf(r->opt.key, sizeof r->opt.key, "%s/server.key", r->pki.dir);
	(void)snprintf(r->opt.ca, sizeof r->opt.ca, "%s/ca.pem", r->pki.dir);
	(void)snprintf(r->opt.crl, sizeof r->opt.crl, "%s/crl.pem", r->pki.dir);
	(void)snprintf(r->opt.ceptoars, sizeof r->opt.ceptoars, "conf/ceptoars.json");
	(void)snprintf(r->opt.taxonomy, sizeof r->opt.taxonomy, "conf/taxonomy.json");
	r->opt.reports_per_minute = 0;
	buf_done(&why);
	return r;
}

/* After the test has set what it wants in r->opt. */
static inline void
rig_start(struct rig *r)
{
	struct buf why;

	buf_init(&why, 4096);
	if (front_new(&r->f, r->loop, &r->opt, NULL, &why) != 0)
		fail_msg("%s", buf_cstr(&why));
	buf_done(&why);
	rig_medical = taxonomy_slot(r->f->tax, slice_of("medical-ceptoar"));
	rig_power = taxonomy_slot(r->f->tax, slice_of("electric-power-ceptoar"));
	if (rig_power == SLOT_NONE)
		for (rig_power = 0; rig_power == rig_medical ||
				    taxonomy_slug(r->f->tax, rig_power) == NULL;
		     rig_power++)
			;
	assert_int_not_equal(rig_medical, SLOT_NONE);
	rig_people(r);
	rig_listen(r);
	assert_int_equal(up_vault_start(r->f), 0);
	assert_int_equal(up_keeper_start(r->f), 0);
	rig_until(r, r->f->vault_ready && r->f->keeper_ready);
	rig_settle(r);
}

static inline void
rig_free(struct rig *r)
{
	unsigned i;

	for (i = 0; i < r->clients; i++)
		if (r->client[i].ssl != NULL)
			rig_drop(r, &r->client[i]);
	rig_settle(r);
	front_free(r->f);
	rig_stop_vault(r);
	rig_stop_keeper(r);
	loop_free(r->loop);
	for (i = 0; i < RIG_PEOPLE; i++) {
		SSL_CTX_free(r->ctx[i]);
		tcert_free(&r->people[i].cert);
	}
	for (i = 0; i <= RIG_ROWS; i++)
		buf_done(&r->row[i]);
	buf_done(&r->put_json);
	buf_done(&r->desk_json);
	buf_done(&r->message_json);
	buf_done(&r->streamed);
	tpki_done(&r->pki);
	mem_free(r);
}

#endif
