/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "daemon/front/conn.h"
#include "daemon/front/desk_ask.h"
#include "daemon/front/front.h"
#include "daemon/front/in_http.h"
#include "daemon/front/route.h"
#include "daemon/front/who.h"
#include "proto/answer_page.h"
#include "proto/drill_page.h"
#include "proto/json.h"
#include "proto/msg_desk.h"

/* What a drill has shown, as a table and as a page for printing. */
enum { PAGE_MAX = 4 * 1024 * 1024 };

/* A table, rather than a page. */
static int
is_csv(const struct conn *c)
{
	return strstr(c->req->route->pattern, ".csv") != NULL;
}

static void
answer_page(struct conn *c, struct slice body)
{
	static const struct json_caps caps = { PAGE_MAX, 12, 200000, PAGE_MAX };
	struct fault why = { P_INTERNAL, "", NULL };
	int csv = is_csv(c);
	json_t *drill = NULL;
	struct buf out;
	int rc = json_read(body, &caps, &drill, &why);

	buf_init(&out, PAGE_MAX);
	if (rc == 0)
		rc = csv ? drill_csv(drill, &out) : drill_html(drill, &out);
	json_decref(drill);
	if (rc != 0)
		http_no_answer(c, rc == ERR_NOMEM ? rc : ERR_PROTO);
	else if (csv)
		http_answer(c, 200, "text/csv; charset=utf-8", NULL, buf_slice(&out));
	else
		http_answer(c, 200, "text/html; charset=utf-8", answer_page_headers,
		    buf_slice(&out));
	buf_done(&out);
}

static void
on_reply(struct front *f, uint64_t owner, const struct answer *a)
{
	struct conn *c = conn_find(f, owner);
	struct keeper_reply r;

	if (c == NULL || c->req == NULL)
		return;
	c->req->call = 0;
	if (a->err != 0 || keeper_reply_get(a->p, a->n, &r) != 0 || r.problem != P_OK)
		http_keeper(c, a, 0);
	else
		answer_page(c, r.body);
}

void
in_drill(struct conn *c)
{
	struct keeper_desk m;
	int rc;

	memset(&m, 0, sizeof m);
	m.verb = c->req->route->verb;
	m.rights = c->who->rights;
	m.ref = c->req->param;
	if (m.ref.n > DESK_REF_MAX) {
		http_problem(c, P_NOT_FOUND, NULL, NULL);
		return;
	}
	rc = desk_ask(c, &m, on_reply);
	if (rc != 0)
		http_no_answer(c, rc);
}
