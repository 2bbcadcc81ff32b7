/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "daemon/front/conn.h"
#include "daemon/front/desk_ask.h"
#include "daemon/front/front.h"
#include "daemon/front/in_case.h"
#include "daemon/front/in_http.h"
#include "daemon/front/in_report.h"
#include "daemon/front/route.h"
#include "daemon/front/who.h"
#include "lib/mem.h"
#include "proto/attachment.h"
#include "proto/json.h"
#include "proto/msg_desk.h"

/*
 * A call of a desk, or of a member about a bulletin: read as JSON, passed on canonically.
 * Which one it is stands in the table of routes, what it means is the keeper's affair.
 */

/* The one verb for whoever shows a secret; in all others the header means nothing, or a
 * desk could call itself a reporter. */
static int
goes_by_secret(const struct request *r)
{
	return r->route->verb == DV_QUESTION_GET;
}

static int
hands_out(const struct request *r)
{
	return r->route->verb == DV_ATTACH_GET || r->route->verb == DV_BULLETIN_FILE;
}

void
in_desk_file_end(struct front *f, struct request *r)
{
	if (r->file == FILE_ASKED)
		f->files_asked--;
	if (r->file != FILE_NONE)
		f->files--;
	r->file = FILE_NONE;
}

static int
file_begin(struct front *f, struct request *r)
{
	if (!hands_out(r))
		return 0;
	if (f->files_asked >= FILES_ASKED_MOST || f->files >= FILES_MOST)
		return ERR_AGAIN;
	f->files_asked++;
	f->files++;
	r->file = FILE_ASKED;
	return 0;
}

/* The keeper's answer is a file: what it is, never shown in place. */
static void
answer_file(struct conn *c, const struct answer *a)
{
	struct keeper_reply k;
	struct slice type, name, bytes;
	char head[160], kind[64];
	struct wire w;

	if (c->req->file == FILE_ASKED) {
		c->req->file = FILE_HELD;
		c->f->files_asked--;
	}
	if (a->err != 0 || keeper_reply_get(a->p, a->n, &k) != 0 || k.problem != P_OK) {
		http_keeper(c, a, 0);
		return;
	}
	wire_init(&w, k.body.p, k.body.n);
	type = wire_str(&w, 32);
	name = wire_str(&w, ATTACHMENT_NAME);
	if (w.err != 0) {
		http_problem(c, P_INTERNAL, NULL, NULL);
		return;
	}
	bytes = (struct slice){ k.body.p + w.at, k.body.n - w.at };
	(void)snprintf(kind, sizeof kind, "%.*s%s", (int)type.n, type.p,
	    type.n > 5 && memcmp(type.p, "text/", 5) == 0 ? "; charset=utf-8" : "");
	(void)snprintf(head, sizeof head,
	    "Content-Disposition: attachment; filename=\"%.*s\"\r\n", (int)name.n,
	    name.p);
	http_answer(c, 200, kind, head, bytes);
}

static void
on_reply(struct front *f, uint64_t owner, const struct answer *a)
{
	struct conn *c = conn_find(f, owner);

	if (c == NULL || c->req == NULL)
		return;
	c->req->call = 0;
	if (hands_out(c->req))
		answer_file(c, a);
	else if (a->err != 0 && c->req->http.method != HTTP_GET)
		http_problem(c, P_OUTCOME_UNKNOWN, NULL, NULL);
	else if (goes_by_secret(c->req))
		in_case_answer(c, a, 1);
	else
		http_keeper(c, a, 1);
}

static int
read_body(struct conn *c, struct buf *out, struct fault *why)
{
	static const struct json_caps caps = { 256 * 1024, 16, 20000, 64 * 1024 };
	json_t *in = NULL;
	int rc;

	if (c->req->body.n == 0 || c->req->route->takes_body == BODY_FILE)
		return 0;
	rc = json_read(buf_slice(&c->req->body), &caps, &in, why);
	if (rc == 0)
		rc = json_canonical(in, out);
	json_decref(in);
	if (rc == ERR_INVALID && why->problem == P_INTERNAL)
		return fault_set(why, P_JSON_NUMBER, NULL, "whole numbers only");
	return rc;
}

/* Who asks, by its certificate; not the keeper's to know where a secret is enough. */
static int
fill(struct conn *c, struct keeper_desk *m, struct fault *why)
{
	struct request *r = c->req;
	int rc;

	m->verb = r->route->verb;
	m->ref = r->param;
	m->sub = r->sub;
	m->query = r->http.query;
	/* Who shows a secret asks as whoever holds it. */
	if (c->who != NULL && !m->has_secret)
		m->rights = c->who->rights;
	if (m->ref.n > DESK_REF_MAX || m->sub.n > DESK_REF_MAX)
		return fault_set(why, P_NOT_FOUND, NULL, NULL);
	if (m->query.n > DESK_QUERY_MAX)
		return fault_set(why, P_BAD_REQUEST, NULL, NULL);
	rc = in_idem_of(c, NULL, m->idem_key, m->idem_mac);
	if (rc == ERR_INVALID)
		return fault_set(why, P_INVALID_FIELD, NULL, IDEM_DETAIL);
	m->has_idem = rc == 1;
	return rc < 0 ? rc : 0;
}

void
in_desk(struct conn *c)
{
	struct fault why = { P_INTERNAL, "", NULL };
	uint8_t case_id[ID_LEN];
	struct keeper_desk m;
	struct buf text;
	int rc;

	memset(&m, 0, sizeof m);
	if (goes_by_secret(c->req) &&
	    http_header(&c->req->http, "authorization").p != NULL) {
		if (!in_case_secret(c, case_id, m.secret_hash))
			return; /* it was answered */
		m.has_secret = 1;
	}
	buf_init(&text, DESK_JSON_MAX);
	rc = fill(c, &m, &why);
	if (rc == 0)
		rc = read_body(c, &text, &why);
	m.json = buf_slice(&text);
	if (c->req->route->takes_body == BODY_FILE)
		m.data = buf_slice(&c->req->body);
	if (rc == 0)
		rc = file_begin(c->f, c->req);
	if (rc == 0)
		rc = desk_ask(c, &m, on_reply);
	buf_wipe(&text);
	mem_wipe(&m, sizeof m);
	if (rc != 0)
		http_refuse(c, rc, &why);
}
