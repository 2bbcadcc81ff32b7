/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/link.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <event2/event.h>

#include "lib/buf.h"
#include "lib/loop.h"
#include "lib/mem.h"
#include "lib/sock.h"

enum {
	HEADER = 16,
	READ_STEP = 65536,
	READS_A_TURN = 16, /* then other sockets get their turn */
	BACKOFF_MIN = 20,
	BACKOFF_MAX = 1000,
};

struct link {
	struct loop *loop;
	struct link_server *server; /* NULL when dialled or adopted */
	struct link *prev, *next;   /* in the server's list */
	const struct link_ops *ops;
	void *arg, *user;
	void (*on_drain)(void *, struct link *);
	struct link_limits lim;
	char *path;
	int fd, backoff, busy, dead, closing, paused, was_high;
	struct event *rd, *wr;
	struct loop_timer *redial, *reap;
	struct loop_task *flush;
	struct buf in, out;
	size_t out_at;
};

struct link_server {
	struct loop *loop;
	const struct link_ops *ops;
	void *arg;
	struct link_limits lim;
	int fd;
	struct event *ev;
	struct loop_timer *pause;
	struct link *links;
};

static void link_down(struct link *l);

static void
link_destroy(struct link *l)
{
	if (l->server != NULL) {
		if (l->prev != NULL)
			l->prev->next = l->next;
		else
			l->server->links = l->next;
		if (l->next != NULL)
			l->next->prev = l->prev;
	}
	if (l->rd != NULL)
		event_free(l->rd);
	if (l->wr != NULL)
		event_free(l->wr);
	loop_timer_free(l->redial);
	loop_timer_free(l->reap);
	loop_task_free(l->flush);
	if (l->fd >= 0)
		(void)close(l->fd);
	buf_done(&l->in);
	buf_done(&l->out);
	mem_free(l->path);
	mem_free(l);
}

void
link_free(struct link *l)
{
	if (l == NULL)
		return;
	if (l->busy > 0) { /* inside a callback of its own: the caller frees on return */
		l->dead = 1;
		return;
	}
	link_destroy(l);
}

/* Marks the link as in use during a callback; returns 1 when it was freed meanwhile. */
static int
leave(struct link *l)
{
	l->busy--;
	if (l->busy > 0 || !l->dead)
		return l->dead;
	link_destroy(l);
	return 1;
}

static void
disconnect(struct link *l)
{
	if (l->rd != NULL)
		event_free(l->rd);
	if (l->wr != NULL)
		event_free(l->wr);
	l->rd = l->wr = NULL;
	if (l->fd >= 0)
		(void)close(l->fd);
	l->fd = -1;
	buf_done(&l->in);
	buf_init_secret(&l->in, l->lim.frame_max + READ_STEP);
	buf_done(&l->out);
	buf_init_secret(&l->out, l->lim.queue_max + l->lim.frame_max);
	l->out_at = 0;
	l->was_high = 0;
	l->closing = 0;
}

static void
link_down(struct link *l)
{
	if (l->fd < 0)
		return;
	disconnect(l);
	l->busy++;
	if (!l->dead && l->ops->on_down != NULL)
		l->ops->on_down(l->arg, l);
	if (l->server != NULL)
		l->dead = 1;
	if (leave(l))
		return;
	if (l->path != NULL)
		loop_timer_set(l->redial, l->backoff, 0);
}

static void
on_close_late(void *arg)
{
	struct link *l = arg;

	if (l->closing)
		link_down(l);
}

void
link_close(struct link *l)
{
	/* From a timer, so that no frame loop above us finds the ground gone. */
	if (l->fd < 0)
		return;
	l->closing = 1; /* no frame is handed out any more */
	loop_timer_set(l->reap, 0, 0);
}

/* Hands complete frames out.  1 when the link is gone or freed. */
static int
deliver(struct link *l)
{
	struct link_frame f;
	struct wire_head {
		uint32_t n;
		uint16_t type, status;
		uint64_t call;
	} h;
	size_t at = 0, len;

	l->busy++;
	while (l->fd >= 0 && !l->dead && !l->closing && !l->paused &&
	       l->in.n - at >= HEADER) {
		/* Both ends are on one machine and of one build: host order is fine. */
		memcpy(&h, l->in.p + at, sizeof h);
		len = (size_t)h.n + 4; /* in 32 bits a length near 2^32 would wrap */
		if (len < HEADER || len > l->lim.frame_max) {
			(void)leave(l);
			link_down(l);
			return 1;
		}
		if (l->in.n - at < len)
			break;
		f.type = h.type;
		f.status = h.status;
		f.call = h.call;
		f.p = (const unsigned char *)l->in.p + at + HEADER;
		f.n = len - HEADER;
		at += len;
		l->ops->on_frame(l->arg, l, &f);
	}
	if (l->fd >= 0)
		buf_drop(&l->in, at);
	return leave(l) || l->fd < 0;
}

static void
on_readable(evutil_socket_t fd, short what, void *arg)
{
	struct link *l = arg;
	ssize_t r;
	char *w;
	int i;

	(void)what;
	/* Frames may wait here since a pause; no byte need come for them. */
	if (deliver(l))
		return;
	for (i = 0; i < READS_A_TURN && !l->paused && !l->closing; i++) {
		w = buf_extend(&l->in, READ_STEP);
		if (w == NULL) {
			link_down(l);
			return;
		}
		r = recv((int)fd, w, READ_STEP, 0);
		l->in.n -= READ_STEP - (r > 0 ? (size_t)r : 0);
		if (r == 0 || (r < 0 && errno != EAGAIN && errno != EINTR)) {
			/* Paused on the last bytes: the end is met again after the pause.
			 */
			if (!deliver(l) && !l->paused)
				link_down(l);
			return;
		}
		if (r < 0)
			break;
		if (deliver(l))
			return;
		if (r < READ_STEP)
			break;
	}
	/* Idle links give the read buffer back. */
	if (l->in.n == 0 && l->in.room > READ_STEP * 4) {
		buf_done(&l->in);
		buf_init_secret(&l->in, l->lim.frame_max + READ_STEP);
	}
}

static void
flush_out(void *arg)
{
	struct link *l = arg;
	ssize_t r;

	while (l->fd >= 0 && l->out_at < l->out.n) {
		r = send(l->fd, l->out.p + l->out_at, l->out.n - l->out_at, MSG_NOSIGNAL);
		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0 && errno == EAGAIN) {
			(void)event_add(l->wr, NULL);
			return;
		}
		if (r < 0) {
			link_close(
			    l); /* later: the caller may be in the middle of the link */
			return;
		}
		l->out_at += (size_t)r;
	}
	if (l->fd < 0)
		return;
	buf_reset(&l->out);
	l->out_at = 0;
	if (l->was_high) {
		l->was_high = 0;
		buf_done(&l->out);
		buf_init_secret(&l->out, l->lim.queue_max + l->lim.frame_max);
		l->busy++;
		if (l->on_drain != NULL)
			l->on_drain(l->arg, l);
		(void)leave(l);
	}
}

static void
on_writable(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	flush_out(arg);
}

static int
attach(struct link *l, int fd)
{
	l->fd = fd;
	l->rd = event_new(loop_base(l->loop), fd, EV_READ | EV_PERSIST, on_readable, l);
	l->wr = event_new(loop_base(l->loop), fd, EV_WRITE, on_writable, l);
	if (l->rd == NULL || l->wr == NULL || event_add(l->rd, NULL) != 0) {
		l->fd = -1; /* stays the caller's */
		disconnect(l);
		return ERR_NOMEM;
	}
	if (l->paused)
		(void)event_del(l->rd);
	return 0;
}

static void
redial(void *arg)
{
	struct link *l = arg;
	int fd = sock_connect_unix(l->path);

	if (fd < 0 || attach(l, fd) != 0) {
		if (fd >= 0)
			(void)close(fd);
		l->backoff = l->backoff * 2 > BACKOFF_MAX ? BACKOFF_MAX : l->backoff * 2;
		loop_timer_set(l->redial, l->backoff, 0);
		return;
	}
	l->backoff = BACKOFF_MIN;
	l->busy++;
	if (l->ops->on_up != NULL)
		l->ops->on_up(l->arg, l);
	(void)leave(l);
}

static struct link *
link_make(
    struct loop *loop, const struct link_ops *ops, void *arg, struct link_limits lim)
{
	struct link *l = mem_zalloc(sizeof *l);

	if (l == NULL)
		return NULL;
	l->loop = loop;
	l->ops = ops;
	l->arg = arg;
	l->lim = lim;
	l->fd = -1;
	l->backoff = BACKOFF_MIN;
	buf_init_secret(&l->in, lim.frame_max + READ_STEP);
	buf_init_secret(&l->out, lim.queue_max + lim.frame_max);
	l->flush = loop_task_new(loop, flush_out, l);
	l->reap = loop_timer_new(loop, on_close_late, l);
	if (l->flush == NULL || l->reap == NULL) {
		link_destroy(l);
		return NULL;
	}
	return l;
}

struct link *
link_dial(struct loop *loop, const char *path, const struct link_ops *ops, void *arg,
    struct link_limits lim)
{
	struct link *l = link_make(loop, ops, arg, lim);

	if (l == NULL)
		return NULL;
	l->path = mem_dup(path, strlen(path));
	l->redial = loop_timer_new(loop, redial, l);
	if (l->path == NULL || l->redial == NULL) {
		link_destroy(l);
		return NULL;
	}
	loop_timer_set(l->redial, 0, 0);
	return l;
}

struct link *
link_adopt(struct loop *loop, int fd, const struct link_ops *ops, void *arg,
    struct link_limits lim)
{
	struct link *l = link_make(loop, ops, arg, lim);

	if (l == NULL)
		return NULL;
	if (attach(l, fd) != 0) {
		link_destroy(l);
		return NULL;
	}
	return l;
}

static void
accept_again(void *arg)
{
	struct link_server *s = arg;

	(void)event_add(s->ev, NULL);
}

static void
on_accept(evutil_socket_t lfd, short what, void *arg)
{
	struct link_server *s = arg;
	struct link *l;
	int fd;

	(void)what;
	fd = accept4((int)lfd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd < 0) {
		if (errno == EMFILE || errno == ENFILE || errno == ENOMEM) {
			/* Without a pause the loop would spin on the waiting caller. */
			(void)event_del(s->ev);
			loop_timer_set(s->pause, 100, 0);
		}
		return;
	}
	l = link_adopt(s->loop, fd, s->ops, s->arg, s->lim);
	if (l == NULL) {
		(void)close(fd);
		return;
	}
	l->server = s;
	l->next = s->links;
	if (s->links != NULL)
		s->links->prev = l;
	s->links = l;
	l->busy++;
	if (s->ops->on_up != NULL)
		s->ops->on_up(s->arg, l);
	(void)leave(l);
}

struct link_server *
link_serve(struct loop *loop, int listen_fd, const struct link_ops *ops, void *arg,
    struct link_limits lim)
{
	struct link_server *s = mem_zalloc(sizeof *s);

	if (s == NULL)
		return NULL;
	s->loop = loop;
	s->ops = ops;
	s->arg = arg;
	s->lim = lim;
	s->fd = listen_fd;
	s->pause = loop_timer_new(loop, accept_again, s);
	s->ev = event_new(loop_base(loop), listen_fd, EV_READ | EV_PERSIST, on_accept, s);
	if (s->pause == NULL || s->ev == NULL || event_add(s->ev, NULL) != 0) {
		link_server_free(s);
		return NULL;
	}
	return s;
}

void
link_server_free(struct link_server *s)
{
	struct link *l;

	if (s == NULL)
		return;
	while ((l = s->links) != NULL) {
		s->links = l->next;
		if (l->next != NULL)
			l->next->prev = NULL;
		l->server = NULL;
		link_free(l);
	}
	if (s->ev != NULL)
		event_free(s->ev);
	loop_timer_free(s->pause);
	mem_free(s);
}

void
link_server_each(struct link_server *s, void (*fn)(struct link *, void *), void *arg)
{
	struct link *l, *next;

	for (l = s->links; l != NULL; l = next) {
		next = l->next;
		if (l->fd >= 0)
			fn(l, arg);
	}
}

int
link_send(struct link *l, uint16_t type, uint16_t status, uint64_t call, const void *p,
    size_t n)
{
	unsigned char h[HEADER];
	uint32_t len;

	if (l->fd < 0)
		return ERR_DOWN;
	if (l->lim.frame_max < HEADER || n > l->lim.frame_max - HEADER)
		return ERR_LIMIT;
	if (l->out.n - l->out_at > l->lim.queue_max)
		return ERR_AGAIN;
	len = (uint32_t)(n + HEADER - 4);
	memcpy(h, &len, 4);
	memcpy(h + 4, &type, 2);
	memcpy(h + 6, &status, 2);
	memcpy(h + 8, &call, 8);
	if (l->out_at > l->out.n / 2 || l->out.n + HEADER + n > l->out.cap) {
		buf_drop(&l->out, l->out_at);
		l->out_at = 0;
	}
	if (buf_extend(&l->out, HEADER + n) == NULL) {
		int e = buf_err(&l->out);

		l->out.err = 0; /* nothing was added; later frames may still fit */
		return e == ERR_LIMIT ? ERR_AGAIN : e;
	}
	memcpy(l->out.p + l->out.n - HEADER - n, h, HEADER);
	if (n > 0)
		memcpy(l->out.p + l->out.n - n, p, n);
	if (l->out.n - l->out_at > l->lim.queue_max / 2)
		l->was_high = 1;
	loop_task_poke(l->flush);
	return 0;
}

int
link_is_up(const struct link *l)
{
	return l != NULL && l->fd >= 0;
}

size_t
link_queued(const struct link *l)
{
	return l->out.n - l->out_at;
}

void
link_on_drain(struct link *l, void (*fn)(void *arg, struct link *l))
{
	l->on_drain = fn;
}

void
link_user_set(struct link *l, void *user)
{
	l->user = user;
}

void *
link_user(const struct link *l)
{
	return l->user;
}

static void
resume(struct link *l)
{
	if (l->fd >= 0)
		(void)event_add(l->rd, NULL);
	/* Frames that came before the pause wait in `in`: look at them soon. */
	if (l->fd >= 0 && l->in.n > 0)
		event_active(l->rd, EV_READ, 1);
}

void
link_pause(struct link *l, int paused)
{
	l->paused = paused;
	if (l->rd == NULL)
		return;
	if (paused)
		(void)event_del(l->rd);
	else
		resume(l);
}
