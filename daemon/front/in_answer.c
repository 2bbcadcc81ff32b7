/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/front/in_answer.h"

#include <string.h>

#include <openssl/sha.h>

#include "daemon/front/bucket.h"
#include "daemon/front/conn.h"
#include "daemon/front/front.h"
#include "daemon/front/in_http.h"
#include "daemon/front/route.h"
#include "lib/clock.h"
#include "lib/mem.h"
#include "proto/answer_page.h"
#include "proto/form.h"
#include "proto/msg_link.h"

enum { PAGE_MAX = 16384 };

enum problem
in_answer_look(const struct http_request *r)
{
	if (r->method != HTTP_POST)
		return P_OK;
	if (!form_is_announced(r))
		return P_MEDIA_TYPE;
	/* A browser knows how long its form is. */
	if (!r->has_length)
		return P_BAD_REQUEST;
	return r->length > FORM_MAX ? P_TOO_LARGE : P_OK;
}

/* What is looked up: the token itself goes nowhere and does not stay.  What is no token
 * takes the same way as one that is unknown. */
static void
take_sum(struct conn *c, uint8_t ret[LINK_SUM_LEN])
{
	struct request *r = c->req;
	unsigned char token[LINK_TOKEN_LEN] = { 0 };

	if (r->param.n == LINK_TOKEN_TEXT &&
	    b64url_decode(r->param, token, sizeof token) != LINK_TOKEN_LEN)
		memset(token, 0, sizeof token);
	(void)SHA256(token, sizeof token, ret);
	mem_wipe(token, sizeof token);
	mem_wipe(r->head.p + (r->param.p - r->head.p), r->param.n);
}

static void
page(struct conn *c, int status, const struct buf *body)
{
	http_answer(
	    c, status, "text/html; charset=utf-8", answer_page_headers, buf_slice(body));
}

static void
simple(struct conn *c, int status, void (*write)(struct buf *))
{
	struct buf body;

	buf_init(&body, PAGE_MAX);
	write(&body);
	page(c, status, &body);
	buf_done(&body);
}

/* Whoever brought a link that is none comes by another handshake for the next try; all
 * who guess together get so many answers a minute. */
static void
gone(struct conn *c)
{
	struct front *f = c->f;
	int64_t rate = f->opt.answer_failures_per_minute;

	c->req->keep = 0;
	if (rate != 0 &&
	    !bucket_has(&f->answer_failures, rate, BUCKET_MINUTE, clock_timer_ms())) {
		simple(c, 429, answer_page_busy);
		return;
	}
	if (rate != 0)
		bucket_take(&f->answer_failures, BUCKET_MINUTE);
	simple(c, 404, answer_page_gone);
}

/* The reply's body, or an answer that was given here: 0. */
static int
body_of(struct conn *c, const struct answer *a, struct keeper_reply *ret)
{
	if (a->err != 0 || keeper_reply_get(a->p, a->n, ret) != 0 ||
	    (ret->problem != P_OK && ret->problem != P_NOT_FOUND)) {
		simple(c, 503, answer_page_busy);
		return 0;
	}
	if (ret->problem == P_OK)
		return 1;
	gone(c);
	return 0;
}

static void
ask_page(struct conn *c, int status, const struct link_facts *m, enum answer_why why,
    unsigned wait_s)
{
	struct buf body;

	buf_init(&body, PAGE_MAX);
	answer_page_ask(&body, m, why, wait_s);
	page(c, status, &body);
	buf_done(&body);
}

static void
show(struct front *f, uint64_t owner, const struct answer *a, int status,
    enum answer_why why)
{
	struct conn *c = conn_find(f, owner);
	struct link_facts m;
	struct keeper_reply k;

	if (c == NULL || c->req == NULL)
		return;
	c->req->call = 0;
	if (!body_of(c, a, &k))
		return;
	if (link_facts_get(k.body.p, k.body.n, &m) != 0)
		simple(c, 503, answer_page_busy);
	else
		ask_page(c, status, &m, why, 0);
}

static void
on_link(struct front *f, uint64_t owner, const struct answer *a)
{
	show(f, owner, a, 200, ANSWER_ASK);
}

static void
on_link_again(struct front *f, uint64_t owner, const struct answer *a)
{
	show(f, owner, a, 422, ANSWER_CHOOSE);
}

static void
on_done(struct front *f, uint64_t owner, const struct answer *a)
{
	struct conn *c = conn_find(f, owner);
	struct link_done m;
	struct keeper_reply k;

	if (c == NULL || c->req == NULL)
		return;
	c->req->call = 0;
	if (!body_of(c, a, &k))
		return;
	if (link_done_get(k.body.p, k.body.n, &m) != 0)
		simple(c, 503, answer_page_busy);
	else if (m.outcome == LINK_DONE)
		simple(c, 200, answer_page_done);
	else
		ask_page(c, 409, &m.facts,
		    m.outcome == LINK_SOON ? ANSWER_SOON : ANSWER_STALE, m.wait_s);
}

static void
ask(struct conn *c, uint16_t type, const struct buf *b, call_fn *fn)
{
	int rc = c->f->keeper_ready
		     ? call_start(c->f, CALL_KEEPER, type, b, c->id, fn, &c->req->call)
		     : ERR_DOWN;

	if (rc != 0)
		simple(c, 503, answer_page_busy);
}

static void
look_up(struct conn *c, const uint8_t sum[LINK_SUM_LEN], call_fn *fn)
{
	struct buf b;

	buf_init(&b, 64);
	wire_put_bytes(&b, sum, LINK_SUM_LEN);
	ask(c, KM_LINK, &b, fn);
	buf_done(&b);
}

void
in_answer_get(struct conn *c)
{
	uint8_t sum[LINK_SUM_LEN];

	take_sum(c, sum);
	look_up(c, sum, on_link);
}

static int
read_choice(const char *s, uint8_t *ret)
{
	static const char *const names[] = { "received", "read", "acted", "not_me" };
	uint8_t i;

	for (i = 0; i < 4; i++) {
		if (strcmp(s, names[i]) == 0) {
			*ret = (uint8_t)(LINK_RECEIVED + i);
			return 0;
		}
	}
	return ERR_INVALID;
}

/* Digits, or nothing for 0. */
static int
read_forwarded(const char *s, uint32_t *ret)
{
	uint32_t n = 0;

	for (; *s != '\0'; s++) {
		if (*s < '0' || *s > '9')
			return ERR_INVALID;
		n = n * 10 + (uint32_t)(*s - '0');
		if (n > LINK_FORWARDED_MAX)
			return ERR_INVALID;
	}
	*ret = n;
	return 0;
}

void
in_answer_post(struct conn *c)
{
	struct form_field v[] = { { .name = "seal" }, { .name = "status" },
		{ .name = "forwarded" } };
	struct link_answer m;
	struct buf b;

	memset(&m, 0, sizeof m);
	take_sum(c, m.sum);
	if (form_read(buf_slice(&c->req->body), v, 3) != 0) {
		http_problem(c, P_BAD_REQUEST, NULL, NULL);
		return;
	}
	if (read_choice(v[1].value, &m.choice) != 0 ||
	    read_forwarded(v[2].value, &m.forwarded) != 0) {
		look_up(c, m.sum, on_link_again);
		return;
	}
	/* A seal that is none stays zeros: the keeper knows what to say. */
	if (b64url_decode(slice_of(v[0].value), m.seal, sizeof m.seal) != LINK_SEAL_LEN)
		memset(m.seal, 0, sizeof m.seal);
	buf_init(&b, 128);
	link_answer_put(&b, &m);
	ask(c, KM_ANSWER, &b, on_done);
	buf_done(&b);
}
