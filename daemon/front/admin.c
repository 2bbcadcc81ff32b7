/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/front/conn.h"
#include "daemon/front/front.h"
#include "daemon/front/ring.h"
#include "lib/link.h"
#include "lib/log.h"
#include "lib/tls.h"
#include "proto/json.h"
#include "proto/msg_front.h"

/* The admin socket: one question, the front's state as JSON.  No figure of any member. */

static void
number(struct buf *out, const char *name, uint64_t v)
{
	buf_addf(out, "\"%s\":%llu,", name, (unsigned long long)v);
}

void
status_json(struct front *f, struct buf *out)
{
	const struct stats *s = &f->stats;
	int64_t left = tls_crl_left(f->ctx);

	buf_addc(out, '{');
	number(out, "connections", conns_count(f));
	number(out, "streams", conns_in(f, CONN_STREAMING));
	number(out, "handshaking", conns_in(f, CONN_HANDSHAKE));
	number(out, "accepted", s->accepted);
	number(out, "refused", s->refused_cap + s->refused_rate);
	number(out, "handshakes", s->shaken);
	number(out, "resumed", s->resumed);
	number(out, "handshakes_failed", s->shake_failed);
	number(out, "requests", s->requests);
	number(out, "calls", f->calls.count);
	number(out, "calls_timed_out", s->call_timeouts);
	number(out, "answers_unknown", s->unknown_answers);
	number(out, "log_head", f->log.head);
	number(out, "ring_first", ring_first(f->ring));
	number(out, "ring_next", ring_next(f->ring));
	number(out, "ring_bytes", ring_used(f->ring));
	number(out, "page_bytes", f->page_used);
	number(out, "generation", f->generation);
	number(out, "log_lines_dropped", log_dropped());
	buf_addf(out, "\"vault\":%s,\"keeper\":%s,", f->vault_ready ? "true" : "false",
	    f->keeper_ready ? "true" : "false");
	if (left == INT64_MAX)
		buf_adds(out, "\"crl_left_s\":null,");
	else
		buf_addf(out, "\"crl_left_s\":%lld,", (long long)left);
	buf_adds(out, "\"reload_error\":");
	json_add_string(out, slice_of(f->reload_error));
	buf_addf(out, ",\"draining\":%s}", f->draining ? "true" : "false");
}

static void
on_frame(void *arg, struct link *l, const struct link_frame *fr)
{
	struct front *f = arg;
	struct buf out;

	if (fr->type != FM_A_STATUS || fr->n != 0) {
		link_close(l);
		return;
	}
	buf_init(&out, FRONT_FRAME_MAX / 2);
	status_json(f, &out);
	if (buf_err(&out) != 0 || link_send(l, fr->type, 0, fr->call, out.p, out.n) != 0)
		link_close(l);
	buf_done(&out);
}

int
admin_start(struct front *f, int fd)
{
	static const struct link_ops ops = { NULL, on_frame, NULL };
	struct link_limits lim = { FRONT_FRAME_MAX, FRONT_FRAME_MAX };

	f->admin = link_serve(f->loop, fd, &ops, f, lim);
	return f->admin != NULL ? 0 : ERR_NOMEM;
}
