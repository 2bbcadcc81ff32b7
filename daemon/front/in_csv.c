/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "daemon/front/conn.h"
#include "daemon/front/desk_ask.h"
#include "daemon/front/front.h"
#include "daemon/front/in_http.h"
#include "daemon/front/route.h"
#include "daemon/front/who.h"
#include "lib/mem.h"
#include "proto/json.h"
#include "proto/msg_desk.h"

/*
 * A table for spreadsheets, put together from the keeper's pages: none of them keeps the
 * keeper from its other work for longer than a page of JSON does.
 */
enum {
	TEXT_MAX = 8 * 1024 * 1024,
	PAGE_MAX = 2 * 1024 * 1024,
	ROWS_A_PAGE = 500,
	PAGES_MAX = 400,
};

struct work {
	struct buf text, query;
	size_t query_n; /* what the caller asked for */
	uint8_t verb;
	unsigned pages;
};

static void ask(struct conn *c);

static void
work_free(struct front *f, void *work)
{
	struct work *w = work;

	(void)f;
	buf_done(&w->text);
	buf_done(&w->query);
	mem_free(w);
}

/* One page; 1: that was the last. */
static int
take(struct work *w, struct slice body)
{
	static const struct json_caps caps = { PAGE_MAX, 4, 16, PAGE_MAX };
	struct fault why = { P_INTERNAL, "", NULL };
	const json_t *csv, *next;
	json_t *in = NULL;
	int rc = json_read(body, &caps, &in, &why);

	if (rc != 0)
		return rc == ERR_NOMEM ? rc : ERR_PROTO;
	csv = json_object_get(in, "csv");
	next = json_object_get(in, "next");
	buf_add(&w->text, json_string_value(csv), json_string_length(csv));
	w->query.n = w->query_n;
	if (json_is_string(next))
		buf_addf(&w->query, "&cursor=%s", json_string_value(next));
	rc = json_is_string(next) ? 0 : 1;
	json_decref(in);
	if (buf_err(&w->text) != 0 || buf_err(&w->query) != 0 || ++w->pages > PAGES_MAX)
		return ERR_LIMIT;
	return rc;
}

static void
on_page(struct front *f, uint64_t owner, const struct answer *a)
{
	struct conn *c = conn_find(f, owner);
	struct keeper_reply r;
	struct work *w;
	int rc;

	if (c == NULL || c->req == NULL)
		return;
	c->req->call = 0;
	w = c->req->work;
	if (a->err != 0 || keeper_reply_get(a->p, a->n, &r) != 0 || r.problem != P_OK) {
		http_keeper(c, a, 0);
		return;
	}
	rc = take(w, r.body);
	if (rc == 0)
		ask(c);
	else if (rc == 1)
		http_answer(c, 200, "text/csv; charset=utf-8", NULL, buf_slice(&w->text));
	else if (rc == ERR_LIMIT)
		http_problem(c, P_BAD_REQUEST, NULL,
		    "too many lines; ask for one CEPTOAR at a time");
	else
		http_no_answer(c, rc);
}

static void
ask(struct conn *c)
{
	struct work *w = c->req->work;
	struct keeper_desk m;
	int rc;

	memset(&m, 0, sizeof m);
	m.rights = c->who->rights;
	m.verb = w->verb;
	m.ref = c->req->param;
	m.query = buf_slice(&w->query);
	rc = desk_ask(c, &m, on_page);
	if (rc != 0)
		http_no_answer(c, rc);
}

static void
begin(struct conn *c, uint8_t verb)
{
	struct slice query = c->req->http.query;
	struct work *w;

	if (c->req->param.n > DESK_REF_MAX) {
		http_problem(c, P_NOT_FOUND, NULL, NULL);
		return;
	}
	w = mem_zalloc(sizeof *w);
	if (w == NULL) {
		http_no_answer(c, ERR_NOMEM);
		return;
	}
	w->verb = verb;
	buf_init(&w->text, TEXT_MAX);
	buf_init(&w->query, DESK_QUERY_MAX);
	buf_add(&w->query, query.p, query.n);
	buf_addf(&w->query, "%slimit=%d", query.n > 0 ? "&" : "", ROWS_A_PAGE);
	w->query_n = w->query.n;
	c->req->work = w;
	c->req->work_free = work_free;
	if (buf_err(&w->query) != 0)
		http_problem(c, P_BAD_REQUEST, NULL, NULL);
	else
		ask(c);
}

void
in_csv(struct conn *c)
{
	begin(c, c->req->route->verb);
}

/* The one media type that is asked for by name; whatever else is asked for gets JSON. */
static int
wants_csv(const struct http_request *r)
{
	static const char csv[] = "text/csv";
	struct slice accept = http_header(r, "accept");

	return accept.n >= sizeof csv - 1 &&
	       strncasecmp(accept.p, csv, sizeof csv - 1) == 0 &&
	       (accept.n == sizeof csv - 1 || strchr(" ;,", accept.p[sizeof csv - 1]));
}

void
in_stats(struct conn *c)
{
	if (c->req->route->verb == DV_STATS_CSV || wants_csv(&c->req->http))
		begin(c, DV_STATS_CSV);
	else
		in_desk(c);
}
