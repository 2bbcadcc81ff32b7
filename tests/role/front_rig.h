/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FRONT_RIG_H
#define FRONT_RIG_H

/*
 * A front with a vault and a keeper that are tables in this file, and clients that speak
 * real TLS over socketpairs, all in one loop.  Every wait is bounded.
 */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>
#include <event2/event.h>
#include <jansson.h>
#include <openssl/err.h>
#include <openssl/sha.h>

#include "daemon/front/conn.h"
#include "daemon/front/front.h"
#include "daemon/front/ring.h"
#include "lib/clock.h"
#include "lib/link.h"
#include "lib/loop.h"
#include "lib/mem.h"
#include "lib/sock.h"
#include "proto/msg_case.h"
#include "proto/msg_issuer.h"
#include "proto/msg_put.h"
#include "proto/taxonomy.h"
#include "tests/pki.h"

enum { RIG_ROWS = 20000, RIG_CLIENTS = 64, RIG_WAIT_MS = 60000 };
enum rig_who {
	RIG_OP,
	RIG_OP2,
	RIG_TWO_SLOTS,
	RIG_SEC,
	RIG_CENTRE,
	RIG_AGENCY,
	RIG_GONE,
	RIG_DISABLED,
	RIG_PEOPLE
};

struct rig_member {
	struct tcert cert;
	unsigned char spki[32];
	struct vault_admit admit;
	struct subscription wants;
};

struct rig_client {
	SSL *ssl;
	int fd, shaken, closed, paused;
	unsigned blanks; /* line ends behind a line end: ends of events, seen so far */
	char last;
	struct buf in;
};

struct rig {
	struct loop *loop;
	struct front *f;
	struct front_options opt;
	struct tpki pki;
	struct rig_member people[RIG_PEOPLE];
	struct rig_client client[RIG_CLIENTS];
	unsigned clients;
	SSL_CTX *ctx[RIG_PEOPLE];
	/* the vault */
	int vault_fd;
	struct link_server *vault;
	uint64_t generation;
	int vault_mute;
	unsigned admits, seals, terms_asked;
	uint8_t seal_status, last_wants_auto;
	struct vault_order order;		/* the last */
	struct topic_count counted[TOPICS_MAX]; /* what is answered to it */
	uint32_t counted_since;
	const char *term[8]; /* of RIG_OP */
	uint8_t term_kind[8];
	unsigned terms;
	/* It signs blinded elements when so many wait, the last one first. */
	unsigned issue_group, issues, issued, held;
	struct vault_issue hold[8];
	uint64_t hold_call[8];
	struct link *hold_link;
	uint32_t issue_bad; /* the element that gets another status */
	uint8_t issue_bad_status;
	/* the keeper */
	int keeper_fd;
	struct link_server *keeper;
	struct link *keeper_link, *tail;
	uint32_t epoch;
	uint64_t head, earliest;
	struct buf row[RIG_ROWS + 1]; /* encoded frames, by sequence */
	int keeper_mute, tail_off;
	unsigned puts, finds, pages;
	struct buf put_json;
	struct keeper_put put;
	enum problem put_problem; /* what a PUT is refused with; P_OK: it is not */
	unsigned messages, case_calls;
	uint16_t case_type; /* of the last call about a case */
	struct keeper_message message;
	struct buf message_json;
	enum problem case_problem; /* what a case's call is refused with */
	uint8_t known_key[32], known_mac[32];
	int has_known;
};

static unsigned rig_medical, rig_power; /* slots */

/* ---- vault */

static inline struct rig_member *
rig_find(struct rig *r, const unsigned char *spki)
{
	int i;

	for (i = 0; i < RIG_PEOPLE; i++)
		if (i != RIG_GONE && memcmp(r->people[i].spki, spki, 32) == 0)
			return &r->people[i];
	return NULL;
}

static inline void
rig_terms(struct rig *r, unsigned page, struct buf *b)
{
	struct vault_terms t = { 0 };
	struct buf data;

	/* One term a page, so that paging is seen. */
	buf_init(&data, 4000);
	t.pages = (uint16_t)(r->terms != 0 ? r->terms : 1);
	if (page < r->terms) {
		t.count = 1;
		wire_put_u8(&data, r->term_kind[page]);
		wire_put_str(&data, slice_of(r->term[page]));
	}
	t.data = buf_slice(&data);
	vault_terms_put(b, &t);
	buf_done(&data);
	r->terms_asked++;
}

/* The signature of the fake: the element, turned over. */
static inline void
rig_sign(struct rig *r, struct link *l, unsigned i)
{
	struct vault_signed m = { .status = VS_OK };
	uint32_t n;
	struct buf b;
	size_t k;

	memcpy(&n, r->hold[i].blinded, sizeof n);
	if (n == r->issue_bad && r->issue_bad != 0)
		m.status = r->issue_bad_status;
	for (k = 0; k < BLIND_RSA_LEN && m.status == VS_OK; k++)
		m.sig[k] = (unsigned char)~r->hold[i].blinded[k];
	buf_init(&b, VAULT_PAGE);
	vault_signed_put(&b, &m);
	assert_int_equal(link_send(l, VM_ISSUE, m.status, r->hold_call[i], b.p, b.n), 0);
	buf_done(&b);
	r->issued++;
}

static inline void
rig_issue(struct rig *r, struct link *l, const struct link_frame *fr)
{
	unsigned rest = (unsigned)r->f->opt.token_batch - r->issued, group;

	assert_true(r->held < 8); /* no more than that at once */
	assert_int_equal(vault_issue_get(fr->p, fr->n, &r->hold[r->held]), 0);
	r->hold_call[r->held++] = fr->call;
	r->hold_link = l;
	r->issues++;
	group = r->issue_group < rest ? r->issue_group : rest;
	if (r->held < group)
		return;
	while (r->held > 0)
		rig_sign(r, l, --r->held);
}

static inline void
rig_vault_frame(void *arg, struct link *l, const struct link_frame *fr)
{
	struct rig *r = arg;
	struct vault_hello h = { .generation = r->generation, .ticket_secret = "secret" };
	struct vault_admit none = { .status = VS_UNKNOWN, .generation = r->generation };
	struct vault_seal s = { .status = r->seal_status, .auto_ok = 1 };
	unsigned char spki[32];
	struct vault_order o;
	struct rig_member *m;
	struct wire w;
	struct buf b;

	if (r->vault_mute)
		return;
	wire_init(&w, fr->p, fr->n);
	buf_init(&b, VAULT_PAGE);
	switch (fr->type) {
	case VM_HELLO:
		vault_hello_put(&b, &h);
		break;
	case VM_ADMIT:
		wire_bytes(&w, spki, 32);
		(void)wire_i64(&w);
		assert_int_equal(wire_end(&w), 0);
		m = rig_find(r, spki);
		if (m != NULL)
			m->admit.generation = r->generation;
		vault_admit_put(&b, m != NULL ? &m->admit : &none);
		r->admits++;
		break;
	case VM_SEAL:
		assert_int_equal(vault_order_get(fr->p, fr->n, &o), 0);
		r->last_wants_auto = o.wants_auto;
		r->order = o;
		memcpy(s.topics, r->counted, sizeof s.topics);
		s.since = r->counted_since;
		vault_seal_put(&b, &s);
		r->seals++;
		break;
	case VM_ISSUE:
		rig_issue(r, l, fr);
		buf_done(&b);
		return;
	case VM_TERMS:
		wire_bytes(&w, spki, 32);
		rig_terms(r, wire_u16(&w), &b);
		break;
	default:
		fail_msg("vault: type %u", fr->type);
	}
	vault_page_pad(&b);
	assert_int_equal(link_send(l, fr->type, 0, fr->call, b.p, b.n), 0);
	buf_done(&b);
}

/* ---- keeper */

static inline void
rig_rows(struct rig *r, struct link *l, uint16_t type, uint64_t call, uint64_t from,
    size_t max)
{
	uint64_t s, n = 0;
	struct buf b, rows;

	buf_init(&rows, KEEPER_FRAME_MAX);
	for (s = from < r->earliest ? r->earliest : from; s <= r->head && s != 0; s++) {
		if (n != 0 && rows.n + r->row[s].n > max)
			break;
		buf_add(&rows, r->row[s].p, r->row[s].n);
		n++;
	}
	buf_init(&b, KEEPER_FRAME_MAX);
	wire_put_u64(&b, r->head);
	if (type == KM_PAGE)
		wire_put_u64(&b, r->earliest);
	wire_put_u32(&b, (uint32_t)n);
	buf_add(&b, rows.p, rows.n);
	assert_int_equal(buf_err(&b), 0);
	assert_int_equal(link_send(l, type, 0, call, b.p, b.n), 0);
	buf_done(&b);
	buf_done(&rows);
	if (type == KM_ROWS && n != 0)
		rig_rows(r, l, type, call, from + n, max);
}

static inline void
rig_reply(struct link *l, const struct link_frame *fr, enum problem p, int created,
    struct slice body)
{
	struct keeper_reply k = {
		.problem = p, .created = (uint8_t)created, .body = body
	};
	struct buf b;

	k.pointer = k.detail = slice_of("");
	buf_init(&b, KEEPER_FRAME_MAX);
	keeper_reply_put(&b, &k);
	assert_int_equal(link_send(l, fr->type, (uint16_t)p, fr->call, b.p, b.n), 0);
	buf_done(&b);
}

static inline void
rig_subscription(struct rig *r, struct link *l, const struct link_frame *fr)
{
	unsigned char receiver[RECEIVER_LEN];
	struct subscription s;
	struct wire w;
	struct buf b;
	int i;

	wire_init(&w, fr->p, fr->n);
	wire_bytes(&w, receiver, sizeof receiver);
	if (fr->type == KM_SUB_PUT)
		subscription_get(&w, &s);
	assert_int_equal(wire_end(&w), 0);
	buf_init(&b, 1024);
	for (i = 0; i < RIG_PEOPLE; i++) {
		if (memcmp(r->people[i].admit.rights.receiver, receiver, RECEIVER_LEN) !=
		    0)
			continue;
		if (fr->type == KM_SUB_PUT)
			r->people[i].wants = s;
		subscription_put(&b, &r->people[i].wants);
		break;
	}
	rig_reply(
	    l, fr, P_OK, 0, fr->type == KM_SUB_PUT ? slice_of("{}") : buf_slice(&b));
	buf_done(&b);
}

static inline void
rig_put(struct rig *r, struct link *l, const struct link_frame *fr)
{
	assert_int_equal(keeper_put_get(fr->p, fr->n, &r->put), 0);
	buf_reset(&r->put_json);
	buf_add(&r->put_json, r->put.json.p, r->put.json.n);
	r->puts++;
	if (r->put_problem != P_OK) {
		rig_reply(l, fr, r->put_problem, 0, slice_of(""));
		return;
	}
	r->has_known = r->put.has_idem;
	memcpy(r->known_key, r->put.idem_key, 32);
	memcpy(r->known_mac, r->put.idem_mac, 32);
	rig_reply(l, fr, P_OK, 1, slice_of("{\"id\":\"x\",\"state\":\"received\"}"));
}

static inline void
rig_case(struct rig *r, struct link *l, const struct link_frame *fr)
{
	memset(&r->message, 0, sizeof r->message);
	r->case_type = fr->type;
	r->case_calls++;
	if (fr->type == KM_MESSAGE) {
		assert_int_equal(keeper_message_get(fr->p, fr->n, &r->message), 0);
		buf_reset(&r->message_json);
		buf_add(&r->message_json, r->message.json.p, r->message.json.n);
		r->messages++;
	} else {
		assert_int_equal(keeper_case_get(fr->p, fr->n, &r->message.which), 0);
	}
	rig_reply(l, fr, r->case_problem, fr->type == KM_MESSAGE, slice_of("{\"n\":1}"));
}

static inline void
rig_find_key(struct rig *r, struct link *l, const struct link_frame *fr)
{
	r->finds++;
	if (!r->has_known || memcmp(fr->p, r->known_key, 32) != 0)
		rig_reply(l, fr, P_NOT_FOUND, 0, slice_of(""));
	else if (memcmp(fr->p + 32, r->known_mac, 32) != 0)
		rig_reply(l, fr, P_IDEMPOTENCY_MISMATCH, 0, slice_of(""));
	else
		rig_reply(
		    l, fr, P_OK, 0, slice_of("{\"id\":\"x\",\"state\":\"received\"}"));
}

/* From which levels the keeper releases: of CEPTOARs, and of reports without one. */
static inline void
rig_auto(struct rig *r, struct link *l, int level, int no_slot)
{
	struct keeper_auto m;
	struct buf b;

	memset(m.level, level, sizeof m.level);
	m.no_slot = (uint8_t)no_slot;
	r->keeper_link = l;
	buf_init(&b, 256);
	keeper_auto_put(&b, &m);
	assert_int_equal(link_send(l, KM_AUTO, 0, 0, b.p, b.n), 0);
	buf_done(&b);
}

static inline void
rig_keeper_frame(void *arg, struct link *l, const struct link_frame *fr)
{
	struct rig *r = arg;
	struct keeper_hello h = { r->epoch, "0123456789abcde", r->head, r->earliest };
	struct wire w;
	struct buf b;
	uint64_t from;

	if (r->keeper_mute)
		return;
	wire_init(&w, fr->p, fr->n);
	switch (fr->type) {
	case KM_HELLO:
		buf_init(&b, 64);
		keeper_hello_put(&b, &h);
		assert_int_equal(link_send(l, fr->type, 0, fr->call, b.p, b.n), 0);
		buf_done(&b);
		rig_auto(r, l, 3, 4);
		return;
	case KM_TAIL:
		r->tail = l;
		if (!r->tail_off)
			rig_rows(r, l, KM_ROWS, 0, wire_u64(&w), 256 * 1024);
		return;
	case KM_PAGE:
		r->pages++;
		from = wire_u64(&w);
		rig_rows(r, l, KM_PAGE, fr->call, from, wire_u32(&w));
		return;
	case KM_FIND:
		rig_find_key(r, l, fr);
		return;
	case KM_PUT:
		rig_put(r, l, fr);
		return;
	case KM_CASE:
	case KM_WITHDRAW:
	case KM_MESSAGES:
	case KM_MESSAGE:
	case KM_CLOSE:
	case KM_SLIP:
		rig_case(r, l, fr);
		return;
	case KM_SUB_GET:
	case KM_SUB_PUT:
		rig_subscription(r, l, fr);
		return;
	case KM_EXPLAIN:
		rig_reply(l, fr, P_OK, 0,
		    slice_of("{\"audience\":{\"count\":3},\"candidates\":7,\"k\":{"
			     "\"inside\":7}}"));
		return;
	default:
		rig_reply(l, fr, P_OK, 0, slice_of("{\"type\":\"other\"}"));
	}
}

static inline void
rig_keeper_down(void *arg, struct link *l)
{
	struct rig *r = arg;

	if (r->tail == l)
		r->tail = NULL;
}

/* Appends a row and, when somebody tails, pushes it. */
static inline void
rig_row(struct rig *r, enum frame_kind kind, unsigned slot, unsigned level,
    const char *body, const char *stub)
{
	struct frame_head h;
	struct buf *b;

	memset(&h, 0, sizeof h);
	h.seq = ++r->head;
	if (r->earliest == 0)
		r->earliest = h.seq;
	h.kind = (uint8_t)kind;
	h.severity = h.reach_severity = (uint8_t)level;
	h.tlp = h.reach_tlp = TLP_AMBER;
	h.sector = 255;
	slots_set(&h.slots, slot);
	h.reach = h.slots;
	if (stub != NULL) /* narrowed: an earlier revision reached the other slot too */
		slots_set(&h.reach, slot == rig_medical ? rig_power : rig_medical);
	h.revision = 1;
	b = &r->row[h.seq];
	buf_init(b, 1 << 20);
	frame_put(b, &h, slice_of(body), slice_of(stub != NULL ? stub : ""));
	if (r->tail != NULL && !r->tail_off) {
		struct buf push;

		buf_init(&push, 2 << 20);
		wire_put_u64(&push, r->head);
		wire_put_u32(&push, 1);
		buf_add(&push, b->p, b->n);
		assert_int_equal(link_send(r->tail, KM_ROWS, 0, 0, push.p, push.n), 0);
		buf_done(&push);
	}
}

static inline void
rig_bulletin(struct rig *r, unsigned n)
{
	char body[64];

	(void)snprintf(body, sizeof body, "{\"n\":%u}", n);
	rig_row(r, FRAME_BULLETIN, rig_medical, 3, body, NULL);
}

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
	buf_init(&r->message_json, 1 << 20);
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
	buf_done(&r->message_json);
	tpki_done(&r->pki);
	mem_free(r);
}

#endif
