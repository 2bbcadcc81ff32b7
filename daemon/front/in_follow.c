/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "daemon/front/conn.h"
#include "daemon/front/front.h"
#include "daemon/front/in_case.h"
#include "daemon/front/in_http.h"
#include "daemon/front/in_report_work.h"
#include "lib/mem.h"

/* A further version over the members' listener: the keeper is asked whether one may
 * follow before the vault seals who sends it.  A case of the blind listener has no
 * envelope and gets none: it would name whoever nobody can name. */

static void
on_follow(struct front *f, uint64_t owner, const struct answer *a)
{
	struct keeper_reply k;
	struct conn *c;
	struct report_work *w = in_report_waiting(f, owner, &c);

	if (w == NULL)
		return;
	if (a->err == 0 && keeper_reply_get(a->p, a->n, &k) == 0 && k.problem == P_OK)
		in_report_seal(c, w);
	else
		in_case_answer(c, a, 0);
}

void
in_follow_ask(struct conn *c, struct report_work *w)
{
	struct keeper_case m;
	struct buf b;
	int rc;

	memset(&m, 0, sizeof m);
	memcpy(m.case_id, w->put.case_id, ID_LEN);
	memcpy(m.secret_hash, w->put.secret_hash, sizeof m.secret_hash);
	buf_init(&b, 256);
	keeper_case_put(&b, &m);
	rc = c->f->keeper_ready ? call_start(c->f, CALL_KEEPER, KM_FOLLOW, &b, c->id,
				      on_follow, &c->req->call)
				: ERR_DOWN;
	buf_wipe(&b);
	mem_wipe(&m, sizeof m);
	if (rc != 0)
		http_no_answer(c, rc);
}
