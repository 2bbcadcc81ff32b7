/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "daemon/front/conn.h"
#include "daemon/front/front.h"
#include "daemon/front/in_http.h"
#include "daemon/front/out_stream.h"
#include "daemon/front/route.h"
#include "daemon/front/who.h"
#include "proto/cursor.h"
#include "proto/msg_keeper.h"

/* Reading what is stored: bulletins, one bulletin, the desk's inbox and trends, what is
 * published of the hub itself. */
enum { LIMIT = 50, LIMIT_MAX = 500, REF_MAX = 64 };

/* A decimal parameter.  1, 0 absent, ERR_INVALID. */
static int
number(struct conn *c, const char *name, uint64_t lo, uint64_t hi, uint64_t *ret)
{
	struct buf v;
	uint64_t n = 0;
	size_t i;
	int got;

	buf_init(&v, 12);
	got = http_query(c->req->http.query, name, &v);
	if (got == 1 && (buf_err(&v) != 0 || v.n == 0 || v.n > 9))
		got = ERR_INVALID;
	for (i = 0; got == 1 && i < v.n; i++) {
		if (v.p[i] < '0' || v.p[i] > '9')
			got = ERR_INVALID;
		else
			n = n * 10 + (uint64_t)(v.p[i] - '0');
	}
	buf_done(&v);
	if (got != 1)
		return got < 0 ? ERR_INVALID : 0;
	if (n < lo || n > hi)
		return ERR_INVALID;
	*ret = n;
	return 1;
}

static void
on_reply(struct front *f, uint64_t owner, const struct answer *a)
{
	struct conn *c = conn_find(f, owner);

	if (c == NULL || c->req == NULL)
		return;
	c->req->call = 0;
	http_keeper(c, a, 0);
}

/* The keys have a media type of their own. */
static void
on_jwks(struct front *f, uint64_t owner, const struct answer *a)
{
	struct conn *c = conn_find(f, owner);
	struct keeper_reply k;

	if (c == NULL || c->req == NULL)
		return;
	c->req->call = 0;
	if (a->err == 0 && keeper_reply_get(a->p, a->n, &k) == 0 && k.problem == P_OK)
		http_answer(c, 200, "application/jwk-set+json", NULL, k.body);
	else
		http_keeper(c, a, 0);
}

static void
ask(struct conn *c, uint16_t type, const struct buf *b)
{
	int rc = c->f->keeper_ready
		     ? call_start(c->f, CALL_KEEPER, type, b, c->id,
			   type == KM_JWKS ? on_jwks : on_reply, &c->req->call)
		     : ERR_DOWN;

	if (rc != 0)
		http_no_answer(c, rc);
}

/* A question that says nothing but what it is. */
static void
ask_for(struct conn *c, uint16_t type)
{
	struct buf nothing;

	buf_init(&nothing, 1);
	ask(c, type, &nothing);
	buf_done(&nothing);
}

/* `cursor`: the `next` of the page before. */
static enum problem
before_of(struct conn *c, uint64_t *ret)
{
	enum problem p = P_OK;
	struct buf v;
	int got;

	buf_init(&v, 64);
	got = http_query(c->req->http.query, "cursor", &v);
	if (got < 0 || (got == 1 && buf_err(&v) != 0))
		p = P_BAD_REQUEST;
	else if (got == 1 && c->f->log.box == NULL)
		p = P_UNAVAILABLE;
	else if (got == 1 && cursor_read(c->f->log.box, buf_slice(&v), ret) != 0)
		p = P_CURSOR_INVALID;
	buf_done(&v);
	return p;
}

static void
list(struct conn *c, uint16_t type)
{
	struct keeper_list q;
	struct frame_query f;
	uint64_t limit = LIMIT;
	const char *why;
	enum problem p;
	struct buf b;

	memset(&q, 0, sizeof q);
	p = start_query(c, &f, &why);
	if (p == P_OK && number(c, "limit", 1, LIMIT_MAX, &limit) < 0) {
		p = P_BAD_REQUEST;
		why = "limit: 1 to 500";
	}
	if (p == P_OK && type == KM_BULLETINS)
		p = before_of(c, &q.before);
	else if (p == P_OK && number(c, "page", 0, 1000000, &q.before) < 0) {
		p = P_BAD_REQUEST;
		why = "page: 0 to 1000000";
	}
	if (p != P_OK) {
		http_problem(c, p, NULL, why);
		return;
	}
	q.rights = c->who->rights;
	q.min_severity = f.min_severity;
	q.sectors = f.sectors;
	q.limit = (uint32_t)limit;
	buf_init(&b, 512);
	keeper_list_put(&b, &q);
	ask(c, type, &b);
	buf_done(&b);
}

void
in_read_bulletins(struct conn *c)
{
	list(c, KM_BULLETINS);
}

void
in_read_inbox(struct conn *c)
{
	list(c, KM_INBOX);
}

void
in_read_duty_keys(struct conn *c)
{
	ask_for(c, KM_DUTY_KEYS);
}

void
in_read_trends(struct conn *c)
{
	list(c, KM_TRENDS);
}

void
in_read_jwks(struct conn *c)
{
	ask_for(c, KM_JWKS);
}

void
in_read_transparency(struct conn *c)
{
	ask_for(c, KM_TRANSPARENCY);
}

void
in_read_bulletin(struct conn *c)
{
	uint64_t revision = 0;
	struct buf b;

	if (number(c, "revision", 1, 65535, &revision) < 0) {
		http_problem(c, P_BAD_REQUEST, NULL, "revision: 1 to 65535");
		return;
	}
	if (c->req->param.n > REF_MAX) {
		http_problem(c, P_NOT_FOUND, NULL, NULL);
		return;
	}
	buf_init(&b, 512);
	rights_put(&b, &c->who->rights);
	wire_put_str(&b, c->req->param);
	wire_put_u16(&b, (uint16_t)revision);
	ask(c, KM_BULLETIN, &b);
	buf_done(&b);
}
