/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/front/in_http.h"

#include <stdio.h>
#include <string.h>

#include <event2/event.h>

#include "daemon/front/conn.h"
#include "daemon/front/front.h"
#include "daemon/front/in_answer.h"
#include "daemon/front/in_blind.h"
#include "daemon/front/route.h"
#include "daemon/front/terms.h"
#include "daemon/front/who.h"
#include "lib/clock.h"
#include "lib/mem.h"
#include "lib/tls.h"
#include "proto/json.h"
#include "proto/msg_desk.h"

enum {
	IDLE_MS = 30000,
	HEAD_MS = 10000,
	BODY_MS = 30000,
	BODY_LOOK_MS = 1000,
	BODY_GRACE_MS = 5000,
	BODY_RATE = 1024, /* bytes a second behind the grace */
	REPLY_MS = 30000,
	HEAD_CAP = 64 * 1024,
	OUT_CAP = 4 * 1024 * 1024,
	TURN_MAX = 32, /* steps before other connections get their turn */
	/* Records without content (KeyUpdate, padding, one byte each) cost us and not the
	 * peer: this much is borne, and as much again as the plain bytes justify. */
	RAW_FREE = 128 * 1024,
	RAW_FACTOR = 32,
	QUERY_NAME_SHOWN = 40,
};

static int
reading(const struct conn *c)
{
	return !c->parked &&
	       (c->state == CONN_IDLE || c->state == CONN_HEAD || c->state == CONN_BODY);
}

/* The same but for the body: a file that a desk attaches. */
static const struct http_limits limits_file = { 4096, 8192, 64, DESK_DATA_MAX, 64 };

static struct request *
request_new(struct conn *c)
{
	struct request *r = mem_zalloc(sizeof *r);

	if (r == NULL)
		return NULL;
	/* A head may hold a case secret or a token, a body a report. */
	buf_init_secret(&r->head, HEAD_CAP);
	buf_init_secret(&r->body, http_limits_default.body);
	buf_init_secret(&r->next, HEAD_CAP);
	buf_init(&r->out, OUT_CAP);
	c->req = r;
	return r;
}

/* The handler's things, and the body, which may name people, are gone at once. */
static void
request_clear(struct front *f, struct request *r)
{
	call_cancel(f, r->call);
	r->call = 0;
	if (r->work != NULL)
		r->work_free(f, r->work);
	r->work = NULL;
	terms_free(r->terms);
	r->terms = NULL;
	r->expire = NULL;
	in_desk_file_end(f, r);
	buf_wipe(&r->body);
	buf_init(&r->body, http_limits_default.body);
	buf_done(&r->out);
	buf_init(&r->out, OUT_CAP);
	r->out_at = 0;
	r->route = NULL;
	r->plain = 0;
}

void
http_drop(struct conn *c)
{
	struct request *r = c->req;

	if (r == NULL)
		return;
	c->req = NULL;
	request_clear(c->f, r);
	buf_wipe(&r->head);
	buf_wipe(&r->next);
	mem_free(r);
}

void
http_ready(struct conn *c)
{
	conn_set_state(c, CONN_IDLE);
	c->raw_mark = tls_raw_in(c->ssl);
	conn_deadline(c, IDLE_MS);
	conn_want(c, 1, 0);
	http_pump(c);
}

/* The answer is written: on to the next request, or the end. */
static void
request_done(struct conn *c)
{
	struct request *r = c->req;

	if (!r->keep || c->f->draining) {
		conn_finish(c);
		return;
	}
	request_clear(c->f, r);
	mem_wipe(r->head.p, r->rest < r->head.n ? r->rest : r->head.n);
	buf_drop(&r->head, r->rest);
	if (r->next.n != 0) {
		buf_add(&r->head, r->next.p, r->next.n);
		buf_wipe(&r->next);
		buf_init(&r->next, HEAD_CAP);
	}
	if (buf_err(&r->head) != 0) {
		conn_close(c);
		return;
	}
	r->rest = r->scanned = 0;
	r->fresh = r->head.n != 0;
	http_ready(c);
}

void
http_flush(struct conn *c)
{
	struct request *r = c->req;
	size_t n;

	while (r->out_at < r->out.n) {
		n = r->out.n - r->out_at < RECORD ? r->out.n - r->out_at : RECORD;
		switch (tls_write(c->ssl, r->out.p + r->out_at, n)) {
		case TLS_DONE:
			r->out_at += n;
			conn_deadline(c, REPLY_MS);
			break;
		case TLS_WANT_WRITE:
		case TLS_NOT_TAKEN: /* the same bytes either way */
			conn_want(c, 0, 1);
			return;
		default:
			c->peer_done = 1;
			conn_close(c);
			return;
		}
	}
	request_done(c);
}

static size_t
end_of_head(const struct buf *b)
{
	const char *end = memmem(b->p, b->n, "\r\n\r\n", 4);

	return end != NULL ? (size_t)(end - b->p) + 4 : b->n;
}

static void
reply(struct conn *c)
{
	struct request *r = c->req;

	if (r->no_body &&
	    r->out.n != 0) /* HEAD: what the answer to GET would begin with */
		r->out.n = end_of_head(&r->out);
	if (buf_err(&r->out) != 0) { /* larger than any answer of ours, or no memory */
		conn_close(c);
		return;
	}
	conn_set_state(c, CONN_REPLY);
	conn_deadline(c, REPLY_MS);
	http_flush(c);
}

static void
count(struct conn *c, int status)
{
	unsigned i = (unsigned)status / 100;

	c->f->stats.answers[i < 6 ? i : 5]++;
}

const char *
http_retry_after(struct front *f, char room[40])
{
	unsigned char b;

	front_random(f, &b, 1);
	(void)snprintf(room, 40, "Retry-After: %u\r\n", 1u + b % 5u);
	return room;
}

void
http_answer(
    struct conn *c, int status, const char *type, const char *extra, struct slice body)
{
	struct request *r = c->req;

	count(c, status);
	r->keep = r->keep && !c->f->draining;
	http_reply(&r->out, status, type, extra, body, r->keep);
	reply(c);
}

void
http_json(struct conn *c, int status, struct slice body)
{
	http_answer(c, status, "application/json", NULL, body);
}

static void
answer_problem(struct conn *c, enum problem p, const char *pointer, const char *detail,
    struct slice more, const char *extra)
{
	struct request *r = c->req;

	count(c, problem_status(p));
	r->keep = r->keep && !c->f->draining;
	http_reply_problem_more(&r->out, p, pointer, detail, more, extra, r->keep);
	reply(c);
}

void
http_later(struct conn *c, const char *detail, int64_t seconds)
{
	char room[40];

	(void)snprintf(room, sizeof room, "Retry-After: %lld\r\n", (long long)seconds);
	answer_problem(c, P_RATE, NULL, detail, (struct slice){ "", 0 }, room);
}

/* `more`: a member of the problem beside the usual ones, or empty. */
static void
problem_with(struct conn *c, enum problem p, const char *pointer, const char *detail,
    struct slice more)
{
	struct request *r = c->req;
	char room[40], allow[64];
	const char *extra = NULL;

	if (p == P_RATE || problem_status(p) == 503)
		extra = http_retry_after(c->f, room);
	else if (p == P_METHOD && r->http.path.p != NULL)
		extra =
		    route_allow((enum conn_on)c->on, r->http.path, allow, sizeof allow);
	else if (problem_status(p) == 401) /* a case's call takes its secret */
		extra = r->param.p != NULL ? "WWW-Authenticate: Case\r\n"
					   : "WWW-Authenticate: PrivateToken\r\n";
	answer_problem(c, p, pointer, detail, more, extra);
}

void
http_problem(struct conn *c, enum problem p, const char *pointer, const char *detail)
{
	problem_with(c, p, pointer, detail, (struct slice){ "", 0 });
}

void
http_fault(struct conn *c, const struct fault *why)
{
	http_problem(
	    c, why->problem, why->pointer[0] != '\0' ? why->pointer : NULL, why->detail);
}

void
http_problem_end(struct conn *c, enum problem p)
{
	c->req->keep = 0;
	http_problem(c, p, NULL, NULL);
}

void
http_no_answer(struct conn *c, int err)
{
	http_problem(c,
	    err == ERR_NOMEM || err == ERR_AGAIN || err == ERR_DOWN ? P_UNAVAILABLE
								    : P_INTERNAL,
	    NULL, NULL);
}

void
http_refuse(struct conn *c, int err, const struct fault *why)
{
	if (err == ERR_INVALID && why != NULL)
		http_fault(c, why);
	else if (err == ERR_LIMIT)
		http_problem(c, P_TOO_LARGE, NULL, NULL);
	else
		http_no_answer(c, err);
}

void
http_keeper(struct conn *c, const struct answer *a, int created)
{
	struct keeper_reply k;
	char pointer[160], detail[256];

	if (a->err != 0) {
		http_no_answer(c, a->err);
		return;
	}
	if (keeper_reply_get(a->p, a->n, &k) != 0) {
		http_problem(c, P_INTERNAL, NULL, NULL);
		return;
	}
	if (k.problem == P_OK) {
		http_json(c, created && k.created ? 201 : 200, k.body);
		return;
	}
	(void)snprintf(pointer, sizeof pointer, "%.*s", (int)k.pointer.n,
	    k.pointer.n != 0 ? k.pointer.p : "");
	(void)snprintf(detail, sizeof detail, "%.*s", (int)k.detail.n,
	    k.detail.n != 0 ? k.detail.p : "");
	problem_with(c, k.problem, pointer[0] != '\0' ? pointer : NULL,
	    detail[0] != '\0' ? detail : NULL, k.body);
}

/* A parameter that is passed over would be one that the asker believes in. */
static enum problem
look_at_query(const struct conn *c, char *detail, size_t cap)
{
	const struct request *r = c->req;
	struct slice name = route_query_unknown(r->route, r->http.query);

	if (name.p == NULL)
		return P_OK;
	(void)snprintf(detail, cap, "no parameter of this call: %.*s",
	    (int)(name.n < QUERY_NAME_SHOWN ? name.n : QUERY_NAME_SHOWN), name.p);
	return P_BAD_REQUEST;
}

/* A head is complete and good: who asks for what? */
static void
request_start(struct conn *c)
{
	struct request *r = c->req;
	const struct http_limits *limits;
	struct route_params params = { 0 };
	char detail[QUERY_NAME_SHOWN + 40] = "";
	enum problem p;

	r->keep = r->http.keep_alive;
	p = who_check(c);
	if (p == P_OK)
		p = route_find(
		    &r->http, (enum conn_on)c->on, who_roles(c), &r->route, &params);
	else
		r->keep = 0; /* nothing this connection asks will be answered */
	r->param = params.v[0];
	r->sub = params.v[1];
	if (p == P_OK && c->on == ON_BLIND)
		p = in_blind_look(&r->http);
	if (p == P_OK && c->on == ON_ANSWERS)
		p = in_answer_look(&r->http);
	if (p == P_OK && (c->on & ON_NOBODY) == 0)
		p = look_at_query(c, detail, sizeof detail);
	limits = p == P_OK && r->route->takes_body == BODY_FILE ? &limits_file
								: &http_limits_default;
	if (r->http.length > limits->body) { /* before a byte of it is read */
		http_problem_end(c, P_TOO_LARGE);
		return;
	}
	r->body.cap = limits->body;
	if (p == P_OK && r->route->takes_body == BODY_JSON &&
	    !http_content_is_json(&r->http, &p))
		r->route = NULL;
	http_body_init(&r->decoder, &r->http, limits);
	if (p != P_OK) {
		/* The body, if any, is not read: what follows it cannot be found. */
		r->keep = r->keep && r->decoder.done;
		http_problem(c, p, NULL, detail[0] != '\0' ? detail : NULL);
		return;
	}
	if (r->decoder.done) {
		conn_set_state(c, CONN_WAITING);
		conn_deadline(c, 0);
		r->route->handler(c);
		return;
	}
	conn_set_state(c, CONN_BODY);
	r->began = clock_timer_ms();
	conn_deadline(c, BODY_LOOK_MS);
	if (r->http.expect_continue &&
	    tls_write(c->ssl, "HTTP/1.1 100 Continue\r\n\r\n", 25) != TLS_DONE) {
		c->peer_done = 1;
		conn_close(c);
	}
}

static void
take_body(struct conn *c, const char *p, size_t n)
{
	struct request *r = c->req;
	enum problem why = P_FRAMING;
	long k = http_body_feed(&r->decoder, p, n, &r->body, &why);

	if (k < 0) {
		http_problem_end(c, why);
		return;
	}
	if (!r->decoder.done)
		return;
	if (p == r->head.p + r->rest) {
		r->rest += (size_t)k; /* the bytes stood behind the head */
	} else {
		buf_add(&r->next, p + k, n - (size_t)k);
		if (buf_err(&r->next) != 0) {
			conn_close(c);
			return;
		}
	}
	conn_set_state(c, CONN_WAITING);
	conn_deadline(c, 0);
	r->route->handler(c);
}

/* Starts it, with what of its body came with its head. */
static void
request_go(struct conn *c)
{
	struct request *r = c->req;

	request_start(c);
	if (c->parked || c->req != r || c->state != CONN_BODY || r->rest == r->head.n)
		return;
	take_body(c, r->head.p + r->rest, r->head.n - r->rest);
	/* Body bytes that were eaten from behind the head are no next request. */
	if (!c->parked && c->req == r && c->state == CONN_BODY)
		r->rest = r->head.n;
}

static int
is_head(const struct buf *b)
{
	struct slice s = buf_slice(b);

	if (s.n > 2 && memcmp(s.p, "\r\n", 2) == 0) /* the parser passes over one */
		s = (struct slice){ s.p + 2, s.n - 2 };
	return s.n >= 5 && memcmp(s.p, "HEAD ", 5) == 0;
}

/* Looks at what stands in `head`. */
static void
take_head(struct conn *c)
{
	struct request *r = c->req;
	enum problem why = P_FRAMING;
	long n;

	r->fresh = 0;
	n = http_request_parse(r->head.p, r->head.n, &limits_file, c->f->opt.hosts,
	    &r->scanned, &r->http, &why);
	if (n == 0) {
		if (c->state == CONN_IDLE) {
			conn_set_state(c, CONN_HEAD);
			conn_deadline(c, HEAD_MS);
		}
		return;
	}
	r->no_body = is_head(&r->head);
	if (n < 0) {
		memset(&r->http, 0, sizeof r->http);
		http_problem_end(c, why);
		return;
	}
	r->rest = (size_t)n;
	c->f->stats.requests++;
	if (c->admitted) {
		request_go(c);
		return;
	}
	c->held = 1;
	conn_set_state(c, CONN_WAITING);
	conn_deadline(c, 0); /* the question has its own */
}

void
http_admitted(struct conn *c)
{
	if (!c->held)
		return;
	c->held = 0;
	request_go(c);
	if (reading(c))
		conn_want(c, 1, 0); /* it may have sent on while it waited */
	http_pump(c);
}

static void
take_bytes(struct conn *c, const char *p, size_t n)
{
	struct request *r = c->req != NULL ? c->req : request_new(c);

	if (r == NULL) {
		conn_close(c);
		return;
	}
	r->plain += n;
	if (c->state == CONN_BODY) {
		take_body(c, p, n);
		return;
	}
	buf_add(&r->head, p, n);
	if (buf_err(&r->head) != 0) {
		conn_close(c);
		return;
	}
	r->fresh = 1;
}

static int
too_much_noise(struct conn *c)
{
	uint64_t plain = c->req != NULL ? c->req->plain : 0;

	return tls_raw_in(c->ssl) - c->raw_mark > RAW_FREE + RAW_FACTOR * plain;
}

void
http_pump(struct conn *c)
{
	size_t n;
	int i;

	if (c->pumping)
		return;
	c->pumping = 1;
	for (i = 0; i < TURN_MAX && reading(c); i++) {
		if (c->state != CONN_BODY && c->req != NULL && c->req->fresh) {
			take_head(c);
			continue;
		}
		switch (tls_read(c->ssl, c->f->scratch, sizeof c->f->scratch, &n)) {
		case TLS_DONE:
			take_bytes(c, c->f->scratch, n);
			mem_wipe(c->f->scratch, n);
			continue;
		case TLS_WANT_READ:
			break;
		case TLS_WANT_WRITE: /* a KeyUpdate of ours that does not fit */
		case TLS_NOT_TAKEN:
		case TLS_FAILED:
			c->peer_done = 1;
			/* fall through */
		case TLS_CLOSED:
			/* In the middle of a request too: it is not acted on. */
			conn_close(c);
			break;
		}
		break;
	}
	c->pumping = 0;
	if (!reading(c))
		return;
	if (i == TURN_MAX)
		event_active(&c->rd, EV_READ, 1);
	if (too_much_noise(c)) {
		conn_close(c);
		return;
	}
	/* Idle connections hold no buffers. */
	if (c->state == CONN_IDLE && (c->req == NULL || c->req->head.n == 0))
		http_drop(c);
}

void
http_expired(struct conn *c)
{
	struct request *r = c->req;
	int64_t took;

	if (c->state == CONN_WAITING) {
		if (r != NULL && r->expire != NULL)
			r->expire(c);
		return;
	}
	took = clock_timer_ms() - (c->state == CONN_BODY ? r->began : 0);
	if (c->state == CONN_BODY && took < BODY_MS &&
	    (took < BODY_GRACE_MS ||
		(int64_t)r->plain >= (took - BODY_GRACE_MS) / 1000 * BODY_RATE)) {
		conn_deadline(c, BODY_LOOK_MS);
		return;
	}
	http_problem_end(c, P_TIMEOUT);
}
