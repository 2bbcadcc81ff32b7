/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/call_list.h"

#include <string.h>

#include "daemon/keeper/directory.h"
#include "daemon/keeper/reach.h"
#include "daemon/keeper/shelf.h"
#include "proto/json.h"
#include "proto/msg_courier.h"

static int
has_telephone(void *arg, const struct vault_dir_row *row)
{
	(void)arg;
	return (row->routes & ROUTE_TELEPHONE) != 0;
}

/* Whoever has acknowledged this revision, by whatever way, need not be called. */
static int
receivers(struct keeper *k, const struct frame_head *h, struct buf *out)
{
	struct reach_walk w;
	struct reach_row r;
	unsigned n = 0;
	int rc = reach_begin(&w, k, h, NULL);

	if (rc != 0)
		return rc;
	while ((rc = reach_next(&w, has_telephone, NULL, &r)) == 0) {
		if (r.state >= REACH_RECEIVED)
			continue;
		buf_adds(out, n++ > 0 ? ",\"" : "\"");
		buf_add_hex(out, r.who->rights.receiver, RECEIVER_LEN);
		buf_addc(out, '"');
	}
	reach_end(&w);
	return rc == ERR_NOTFOUND ? 0 : rc;
}

static int
list(struct keeper *k, const struct store_bulletin *b, struct buf *out)
{
	struct frame_head h;
	int rc = reach_head(k, b, 0, &h);

	if (rc != 0)
		return rc;
	buf_addf(out, "{\"exercise\":%s,\"number\":",
	    (h.flags & FRAME_EXERCISE) != 0 ? "true" : "false");
	json_add_string(out, slice_of(b->number));
	buf_adds(out, ",\"receivers\":[");
	rc = receivers(k, &h, out);
	buf_addf(out, "],\"revision\":%u,\"severity\":%u}", (unsigned)h.revision,
	    (unsigned)h.severity);
	return rc != 0 ? rc : buf_err(out);
}

int
call_list_call(struct keeper *k, struct front *f, const struct link_frame *fr)
{
	struct store_bulletin b;
	struct keeper_reply r;
	struct slice ref;
	struct buf body;
	struct wire w;
	int rc;

	wire_init(&w, fr->p, fr->n);
	ref = wire_str(&w, 64);
	if (wire_end(&w) != 0)
		return ERR_PROTO;
	buf_init(&body, KEEPER_FRAME_MAX / 2);
	rc = shelf_find(k, ref, &b);
	/* One that waits for the k gate was never sent. */
	if (rc == 0 && b.revision == 0)
		rc = ERR_NOTFOUND;
	if (rc == 0)
		rc = list(k, &b, &body);
	memset(&r, 0, sizeof r);
	r.problem = rc == 0 ? P_OK : problem_of(rc);
	if (rc == 0)
		r.body = buf_slice(&body);
	keeper_answer(k, f, fr->type, fr->call, &r);
	buf_done(&body);
	return 0;
}
