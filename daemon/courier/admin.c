/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/courier/courier.h"
#include "lib/clock.h"
#include "lib/log.h"
#include "lib/loop.h"
#include "proto/json.h"

/* The admin socket: one question, the courier's state as JSON.  No figure of any
 * receiver, and no host. */
enum { FRAME_MAX = 16 * 1024 };

static void
number(struct buf *out, const char *name, uint64_t v)
{
	buf_addf(out, "\"%s\":%llu,", name, (unsigned long long)v);
}

void
courier_status(struct courier *c, struct buf *out)
{
	int64_t now = clock_mono_ms();

	buf_addc(out, '{');
	number(out, "in_hand", c->in_hand);
	number(out, "connections", endpoints_active(c->endpoints));
	number(out, "endpoints", endpoints_count(c->endpoints));
	number(out, "endpoints_down", endpoints_open(c->endpoints, now));
	number(out, "leased", c->count.leased);
	number(out, "sent", c->count.sent);
	number(out, "retried", c->count.retried);
	number(out, "failed", c->count.failed);
	number(out, "addresses_refused", c->count.refused);
	number(out, "log_lines_dropped", log_dropped());
	buf_addf(out, "\"gateway\":%s,\"loopback_webhooks\":%s,",
	    c->opt.gateway[0] != '\0' ? "true" : "false",
	    c->opt.rules.loopback ? "true" : "false");
	buf_addf(out, "\"vault\":%s,\"keeper\":%s,\"reload_error\":",
	    c->vault_up ? "true" : "false", c->keeper_up ? "true" : "false");
	json_add_string(out, slice_of(c->reload_error));
	buf_addf(out, ",\"draining\":%s}", c->stopping ? "true" : "false");
}

static void
on_frame(void *arg, struct link *l, const struct link_frame *fr)
{
	struct courier *c = arg;
	struct buf out;

	if (fr->type != CM_A_STATUS || fr->n != 0) {
		link_close(l);
		return;
	}
	buf_init(&out, FRAME_MAX / 2);
	courier_status(c, &out);
	if (buf_err(&out) != 0 || link_send(l, fr->type, 0, fr->call, out.p, out.n) != 0)
		link_close(l);
	buf_done(&out);
}

int
admin_start(struct courier *c, int fd)
{
	static const struct link_ops ops = { NULL, on_frame, NULL };
	struct link_limits lim = { FRAME_MAX, FRAME_MAX };

	if (fd < 0)
		return 0;
	c->admin = link_serve(c->loop, fd, &ops, c, lim);
	return c->admin != NULL ? 0 : ERR_NOMEM;
}
