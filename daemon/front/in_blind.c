/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/front/in_blind.h"

#include <string.h>

#include "daemon/front/bucket.h"
#include "daemon/front/conn.h"
#include "daemon/front/front.h"
#include "daemon/front/in_http.h"
#include "lib/clock.h"
#include "lib/mem.h"
#include "proto/msg_keeper.h"
#include "proto/names_sender.h"

enum problem
in_blind_look(const struct http_request *r)
{
	unsigned i;

	for (i = 0; i < r->count; i++)
		if (names_sender_header(r->headers[i].name))
			return P_NAMES_SENDER;
	return r->query.n != 0 ? P_BAD_REQUEST : P_OK; /* no call there has one */
}

int
in_blind_token(struct conn *c, uint8_t ret[TOKEN_LEN])
{
	struct request *r = c->req;
	struct slice auth = http_header(&r->http, "authorization");
	int rc = auth.p != NULL ? token_read(auth, ret) : ERR_NOTFOUND;

	if (auth.p != NULL) /* it is worth a report: it does not stay here */
		mem_wipe(r->head.p + (auth.p - r->head.p), auth.n);
	if (rc == ERR_NOTFOUND) {
		http_problem(c, P_UNAUTHORIZED, NULL, NULL);
		return 0;
	}
	/* What is no token goes on as one of no version: the keeper says so, and takes as
	 * long for it as for any other that is none. */
	if (rc != 0)
		memset(ret, 0, TOKEN_LEN);
	return 1;
}

int
in_blind_may_report(struct front *f)
{
	int64_t rate = f->opt.blind_reports_per_minute;

	return rate == 0 ||
	       bucket_has(&f->blind_reports, rate, BUCKET_MINUTE, clock_timer_ms());
}

void
in_blind_put(struct conn *c, const struct answer *a)
{
	struct keeper_reply k;

	if (a->err != 0 || keeper_reply_get(a->p, a->n, &k) != 0)
		return;
	if (k.problem == P_OK && k.created)
		bucket_take(&c->f->blind_reports, BUCKET_MINUTE);
	if (k.problem == P_TOKEN_INVALID || k.problem == P_TOKEN_SPENT)
		c->req->keep = 0;
}
