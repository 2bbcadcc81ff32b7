/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/front/desk_ask.h"

#include "daemon/front/conn.h"
#include "daemon/front/front.h"
#include "daemon/front/in_http.h"
#include "proto/msg_desk.h"
#include "proto/msg_keeper.h"

int
desk_ask(struct conn *c, const struct keeper_desk *m, call_fn *fn)
{
	struct buf b;
	int rc = ERR_DOWN;

	buf_init_secret(&b, KEEPER_FRAME_MAX);
	keeper_desk_put(&b, m);
	if (c->f->keeper_ready)
		rc = call_start(c->f, CALL_KEEPER, KM_DESK, &b, c->id, fn, &c->req->call);
	buf_wipe(&b);
	return rc;
}
