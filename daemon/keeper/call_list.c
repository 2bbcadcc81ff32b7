/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/call_list.h"

#include <string.h>

#include "daemon/keeper/directory.h"
#include "daemon/keeper/shelf.h"
#include "proto/json.h"
#include "proto/msg_courier.h"

struct listing {
	const struct frame_head *head;
	struct buf *out;
	unsigned n;
};

static void
one(void *arg, const struct vault_dir_row *row)
{
	struct listing *l = arg;

	if (row->disabled || (row->routes & ROUTE_TELEPHONE) == 0 ||
	    frame_view(l->head, &row->rights, &row->wants, NULL) == VIEW_NONE)
		return;
	buf_adds(l->out, l->n++ > 0 ? ",\"" : "\"");
	buf_add_hex(l->out, row->rights.receiver, RECEIVER_LEN);
	buf_addc(l->out, '"');
}

static void
list(struct keeper *k, const struct store_bulletin *b, struct buf *out)
{
	struct listing l = { &b->head, out, 0 };

	buf_addf(out, "{\"exercise\":%s,\"number\":",
	    (b->head.flags & FRAME_EXERCISE) != 0 ? "true" : "false");
	json_add_string(out, slice_of(b->number));
	buf_adds(out, ",\"receivers\":[");
	directory_each(k->dir, one, &l);
	buf_addf(out, "],\"revision\":%u,\"severity\":%u}", (unsigned)b->revision,
	    (unsigned)b->head.severity);
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
	if (rc == 0) {
		list(k, &b, &body);
		rc = buf_err(&body);
	}
	memset(&r, 0, sizeof r);
	r.problem = rc == 0 ? P_OK : problem_of(rc);
	if (rc == 0)
		r.body = buf_slice(&body);
	keeper_answer(k, f, fr->type, fr->call, &r);
	buf_done(&body);
	return 0;
}
