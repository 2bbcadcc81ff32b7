/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/front/sent.h"

#include <poll.h>
#include <stddef.h>
#include <string.h>

#include <linux/sockios.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "daemon/front/conn.h"
#include "daemon/front/front.h"
#include "daemon/front/out_stream.h"
#include "daemon/front/who.h"
#include "lib/link.h"
#include "lib/loop.h"
#include "lib/mem.h"
#include "lib/tls.h"
#include "proto/msg_reach.h"

enum {
	TICK_MS = 100,
	TICKS_A_MESSAGE = 10, /* one a second, and one under way */
	LOOKS_A_TICK = 1024,
	TOLD_MAX = 1024 * 1024, /* bytes that wait while the keeper is away */
	AS_MAX = 256,
};

struct sent_out {
	struct loop_timer *tick;
	/* Looked at in this second, and those whose turn is in the next: once a second
	 * each, for a look costs as much as half a row. */
	struct list turn, later;
	struct buf next; /* elements of the message to come */
	unsigned n, ticks;
	int leaving;
	struct buf under_way; /* a message that was not confirmed; empty: there is none */
	uint64_t call;	      /* of it; 0: it is to be sent (again) */
};

static void on_tick(void *arg);

int
sent_new(struct front *f)
{
	struct sent_out *o = mem_zalloc(sizeof *o);

	if (o == NULL)
		return ERR_NOMEM;
	f->sent = o;
	list_init(&o->turn);
	list_init(&o->later);
	buf_init(&o->next, TOLD_MAX);
	buf_init(&o->under_way, KEEPER_FRAME_MAX);
	o->tick = loop_timer_new(f->loop, on_tick, f);
	if (o->tick == NULL)
		return ERR_NOMEM;
	loop_timer_set(o->tick, TICK_MS, 1);
	return 0;
}

void
sent_free(struct front *f)
{
	struct sent_out *o = f->sent;

	if (o == NULL)
		return;
	loop_timer_free(o->tick);
	buf_done(&o->next);
	buf_done(&o->under_way);
	mem_free(o);
	f->sent = NULL;
}

static void
fill(const struct conn *c, struct keeper_streamed *m)
{
	memset(m, 0, sizeof *m);
	m->rights = c->who->rights;
	m->wants = c->who->reader->wants;
	m->query.min_severity = c->sent.min_severity;
	m->query.sectors = c->sent.sectors;
}

/* FNV-1a of what decides about a row; 0 stands for "nothing is allowed". */
static uint64_t
hash_as(const struct conn *c)
{
	uint64_t h = 14695981039346656037u;
	struct keeper_streamed m;
	struct buf b;
	size_t i;

	if (c->who == NULL || c->who->reader == NULL)
		return 0;
	fill(c, &m);
	buf_init(&b, AS_MAX);
	keeper_streamed_as(&b, &m);
	for (i = 0; i < b.n; i++)
		h = (h ^ (unsigned char)b.p[i]) * 1099511628211u;
	if (buf_err(&b) != 0)
		h = 0;
	buf_done(&b);
	return h;
}

static uint64_t
written(const struct conn *c)
{
	return c->st != NULL ? c->st->next : c->sent.until;
}

/* All that was handed to TLS is with the kernel: no record is half written. */
static int
settled(const struct conn *c)
{
	return c->st != NULL ? c->st->pend == 0 : c->state != CONN_REPLY;
}

/* Bytes on the wire that the peer's kernel has acknowledged.  TCP counts them, and does
 * not count what a reset has thrown away; other sockets say what is queued. */
static uint64_t
acknowledged(const struct conn *c)
{
	struct pollfd p = { c->fd, 0, 0 };
	uint64_t out = tls_raw_out(c->ssl);
	struct tcp_info t;
	socklen_t n = sizeof t;
	int queued = 0;

	if (getsockopt(c->fd, IPPROTO_TCP, TCP_INFO, &t, &n) == 0)
		return n >= offsetof(struct tcp_info, tcpi_bytes_received)
			   ? t.tcpi_bytes_acked
			   : 0;
	if (poll(&p, 1, 0) != 0 || ioctl(c->fd, SIOCOUTQ, &queued) != 0 || queued < 0 ||
	    (uint64_t)queued > out)
		return 0;
	return out - (uint64_t)queued;
}

static void
tell(struct conn *c, uint64_t until)
{
	struct sent_out *o = c->f->sent;
	struct keeper_streamed m;
	size_t n = o->next.n;

	fill(c, &m);
	m.first = c->sent.from;
	m.last = until - 1;
	c->sent.from = until;
	keeper_streamed_put(&o->next, &m);
	if (buf_err(&o->next) == 0) {
		o->n++;
		return;
	}
	/* No room, no proof: said less than was, never more. */
	o->next.n = n;
	o->next.err = 0;
}

/* Looks how far it came; 1: there will be more to say. */
static int
look(struct conn *c)
{
	struct sent *s = &c->sent;
	uint64_t until = written(c), as = hash_as(c), got;

	if (s->from == 0 || until < s->from)
		return 0;
	if (as != s->as || as == 0) {
		/* Since the last look rights or wishes have changed, and nobody knows
		 * before which row: those in between are not counted. */
		s->as = as;
		s->from = until;
		s->mark = 0;
		return 0;
	}
	got = acknowledged(c);
	if (s->mark != 0 && got >= s->mark_raw) {
		if (s->mark > s->from)
			tell(c, s->mark);
		s->mark = 0;
	}
	if (s->mark == 0 && until > s->from && settled(c)) {
		s->mark = until;
		s->mark_raw = tls_raw_out(c->ssl);
		if (got >= s->mark_raw) {
			tell(c, until);
			s->mark = 0;
		}
	}
	return until > s->from;
}

void
sent_begin(struct conn *c, uint64_t from, const struct frame_query *q)
{
	struct sent *s = &c->sent;

	if (c->on != ON_MEMBERS)
		return;
	/* A poll that goes on where the last one ended is one row of rows with it. */
	if (s->from != 0 && s->until == from && s->min_severity == q->min_severity &&
	    s->sectors == q->sectors)
		return;
	sent_end(c);
	s->from = s->until = from != 0 ? from : 1;
	s->min_severity = q->min_severity;
	s->sectors = q->sectors;
	s->as = hash_as(c);
}

void
sent_moved(struct conn *c, uint64_t until)
{
	struct sent *s = &c->sent;

	if (s->from == 0)
		return;
	if (until > s->until)
		s->until = until;
	if (list_empty(&s->turn))
		list_add(&c->f->sent->later, &s->turn);
}

void
sent_end(struct conn *c)
{
	struct sent *s = &c->sent;

	if (s->from != 0)
		(void)look(c);
	list_del(&s->turn);
	s->from = s->until = s->mark = 0;
}

static void
forget(struct conn *c, void *arg)
{
	(void)arg;
	list_del(&c->sent.turn);
	c->sent.from = c->sent.until = c->sent.mark = 0;
}

void
sent_forget(struct front *f)
{
	struct sent_out *o = f->sent;

	conns_each(f, forget, NULL);
	call_cancel(f, o->call);
	o->call = 0;
	buf_reset(&o->next);
	buf_reset(&o->under_way);
	o->n = 0;
}

static void send_on(struct front *f);

static void
on_told(struct front *f, uint64_t owner, const struct answer *a)
{
	struct sent_out *o = f->sent;

	(void)owner;
	o->call = 0;
	if (a->err == 0 && a->status == P_OK)
		buf_reset(&o->under_way);
	/* Otherwise it is told again: twice does no harm. */
}

/* The next message, of as many as fit in one. */
static void
take_next(struct front *f)
{
	struct sent_out *o = f->sent;
	size_t each = o->n != 0 ? o->next.n / o->n : 0;
	unsigned n = o->n < STREAMED_MAX ? o->n : STREAMED_MAX;

	if (n == 0)
		return;
	wire_put_u32(&o->under_way, f->log.epoch);
	wire_put_u16(&o->under_way, (uint16_t)n);
	buf_add(&o->under_way, o->next.p, n * each);
	if (buf_err(&o->under_way) != 0) {
		buf_reset(&o->under_way);
		return;
	}
	buf_drop(&o->next, n * each);
	o->n -= n;
}

static void
send_on(struct front *f)
{
	struct sent_out *o = f->sent;

	if (o->call != 0 || !f->keeper_ready)
		return;
	if (o->under_way.n == 0)
		take_next(f);
	if (o->under_way.n != 0 && call_start(f, CALL_KEEPER, KM_STREAMED, &o->under_way,
				       0, on_told, &o->call) != 0)
		o->call = 0;
}

void
sent_again(struct front *f)
{
	send_on(f);
}

int
sent_last(struct front *f)
{
	struct sent_out *o = f->sent;

	if (!f->keeper_ready || (o->n == 0 && (o->under_way.n == 0 || o->call != 0)))
		return 0;
	if (o->call != 0) { /* that one is out already; nobody waits for its answer */
		call_cancel(f, o->call);
		o->call = 0;
		buf_reset(&o->under_way);
	}
	send_on(f);
	o->leaving = 1;
	return 1;
}

static void
on_tick(void *arg)
{
	struct front *f = arg;
	struct sent_out *o = f->sent;
	struct conn *c;
	unsigned i;

	if (f->draining) /* they leave now */
		list_splice(&o->turn, &o->later);
	for (i = 0; i < LOOKS_A_TICK && !list_empty(&o->turn); i++) {
		c = list_of(o->turn.next, struct conn, sent.turn);
		list_del(&c->sent.turn);
		if (look(c))
			list_add(&o->later, &c->sent.turn);
	}
	if (o->leaving && link_queued(f->keeper) == 0 && f->on_drained != NULL) {
		f->on_drained(f);
	} else if (++o->ticks >= TICKS_A_MESSAGE) {
		o->ticks = 0;
		list_splice(&o->turn, &o->later);
		send_on(f);
	}
}
