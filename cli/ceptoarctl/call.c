/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/ceptoarctl/call.h"

#include <unistd.h>

#include "lib/link.h"
#include "lib/loop.h"
#include "lib/mem.h"
#include "lib/sock.h"
#include "lib/wire.h"

struct call {
	struct loop *loop;
	struct link *link;
	struct loop_timer *timer;
	uint64_t id; /* of the question that waits */
	uint16_t progress;
	void (*on_progress)(void *, uint32_t, uint32_t);
	void *arg;
	struct buf *body;
	uint16_t status;
	int rc, waiting;
};

static void
finish(struct call *c, int rc)
{
	if (!c->waiting)
		return;
	c->waiting = 0;
	c->rc = rc;
	loop_stop(c->loop);
}

static void
on_frame(void *arg, struct link *l, const struct link_frame *f)
{
	struct call *c = arg;
	struct wire w;
	uint32_t done, total;

	(void)l;
	if (!c->waiting || f->call != c->id)
		return;
	if (c->progress != 0 && f->type == c->progress) {
		wire_init(&w, f->p, f->n);
		done = wire_u32(&w);
		total = wire_u32(&w);
		if (w.err == 0 && c->on_progress != NULL)
			c->on_progress(c->arg, done, total);
		loop_timer_set(c->timer, CALL_WAIT_MS, 0);
		return;
	}
	buf_add(c->body, f->p, f->n);
	c->status = f->status;
	finish(c, buf_err(c->body));
}

static void
on_down(void *arg, struct link *l)
{
	(void)l;
	finish(arg, ERR_DOWN);
}

static void
on_timeout(void *arg)
{
	finish(arg, ERR_AGAIN);
}

int
call_open(struct call **ret, const char *path, size_t frame_max)
{
	static const struct link_ops ops = { .on_frame = on_frame, .on_down = on_down };
	struct link_limits lim = { frame_max, 4 * frame_max };
	struct call *c;
	int fd = sock_connect_unix(path);

	if (fd < 0)
		return ERR_DOWN;
	c = mem_zalloc(sizeof *c);
	if (c == NULL) {
		(void)close(fd);
		return ERR_NOMEM;
	}
	c->loop = loop_new();
	if (c->loop != NULL)
		c->link = link_adopt(c->loop, fd, &ops, c, lim);
	if (c->link == NULL)
		(void)close(fd);
	else
		c->timer = loop_timer_new(c->loop, on_timeout, c);
	if (c->timer == NULL) {
		call_close(c);
		return ERR_NOMEM;
	}
	*ret = c;
	return 0;
}

void
call_close(struct call *c)
{
	if (c == NULL)
		return;
	loop_timer_free(c->timer);
	link_free(c->link);
	loop_free(c->loop);
	mem_free(c);
}

int
call_watch(struct call *c, uint16_t type, struct slice ask, uint16_t progress,
    void (*on_progress)(void *arg, uint32_t done, uint32_t total), void *arg,
    struct buf *body, uint16_t *ret_status)
{
	int rc;

	buf_reset(body);
	c->id++; /* one question at a time: a counter is enough */
	c->progress = progress;
	c->on_progress = on_progress;
	c->arg = arg;
	c->body = body;
	c->rc = ERR_AGAIN; /* unless an answer says otherwise: a signal ended the wait */
	rc = link_send(c->link, type, 0, c->id, ask.p, ask.n);
	if (rc != 0)
		return rc;
	c->waiting = 1;
	loop_timer_set(c->timer, CALL_WAIT_MS, 0);
	rc = loop_run(c->loop, NULL, NULL, NULL);
	c->waiting = 0;
	loop_timer_clear(c->timer);
	if (rc == 0)
		rc = c->rc;
	if (rc == 0)
		*ret_status = c->status;
	return rc;
}

int
call_do(struct call *c, uint16_t type, struct slice ask, struct buf *body,
    uint16_t *ret_status)
{
	return call_watch(c, type, ask, 0, NULL, NULL, body, ret_status);
}
