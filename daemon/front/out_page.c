/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "daemon/front/out_stream.h"
#include "daemon/front/ring.h"
#include "daemon/front/who.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "lib/wire.h"
#include "proto/msg_keeper.h"
#include "proto/sse.h"

/*
 * Who is behind the ring reads older rows in pages from the keeper: one is being written
 * while the next one comes.  A page is memory that can be had again, since a stream is a
 * position: those of blocked readers are dropped first when the common budget is used up,
 * so that slow readers cannot keep others from catching up.
 */
enum { PAGE_BYTES = 512 * 1024, ROW_MAX = 1024 * 1024 };

struct page {
	char *p;
	size_t n, at;
	uint64_t from; /* what was asked for: every row from there on is in it */
	uint32_t left; /* rows */
};

struct pager {
	struct stream *s;
	struct list idle;      /* in page_idle while its stream is blocked */
	struct page now, then; /* being written; read ahead */
	uint64_t call;	       /* 0: none is under way */
	uint64_t after;	       /* the row behind the newest page */
};

static void ask(struct stream *s, uint64_t from);

static void
page_drop(struct front *f, struct page *g)
{
	if (g->p == NULL)
		return;
	f->page_used -= g->n;
	mem_free(g->p);
	*g = (struct page){ 0 };
}

static void
forget_call(struct front *f, struct pager *p)
{
	if (p->call == 0)
		return;
	call_cancel(f, p->call);
	p->call = 0;
	f->page_used -= PAGE_BYTES;
}

int
pager_start(struct stream *s)
{
	struct pager *p = mem_zalloc(sizeof *p);

	if (p == NULL)
		return ERR_NOMEM;
	p->s = s;
	list_init(&p->idle);
	s->pager = p;
	return 0;
}

void
pager_free(struct stream *s)
{
	struct pager *p = s->pager;
	struct front *f = s->c->f;

	if (p == NULL)
		return;
	forget_call(f, p);
	page_drop(f, &p->now);
	page_drop(f, &p->then);
	list_del(&p->idle);
	mem_free(p);
	s->pager = NULL;
	if (!list_empty(&f->page_wait))
		front_turn(f);
}

void
pager_rewind(struct stream *s)
{
	if (s->pager == NULL)
		return;
	forget_call(s->c->f, s->pager);
	page_drop(s->c->f, &s->pager->now);
	page_drop(s->c->f, &s->pager->then);
}

void
pager_blocked(struct stream *s, int blocked)
{
	if (s->pager == NULL)
		return;
	if (blocked)
		list_add(&s->c->f->page_idle, &s->pager->idle);
	else
		list_del(&s->pager->idle);
}

/* Room for one more page, at the cost of those who do not read. */
static int
make_room(struct front *f)
{
	struct pager *p;

	while (f->page_used + PAGE_BYTES > (size_t)f->opt.page_bytes) {
		if (list_empty(&f->page_idle))
			return 0;
		p = list_of(f->page_idle.next, struct pager, idle);
		list_del(&p->idle);
		page_drop(f, &p->now);
		page_drop(f, &p->then);
		/* What it is waiting for follows what was dropped. */
		forget_call(f, p);
	}
	return 1;
}

/* Where the rows behind this page begin, by its first row: rows follow without gap. */
static uint64_t
page_end(const struct page *g, uint64_t from)
{
	struct wire w;
	uint64_t first;

	wire_init(&w, g->p, g->n);
	first = wire_u64(&w);
	return w.err == 0 && g->left != 0 && first >= from ? first + g->left : from;
}

static int
page_take(struct stream *s, const struct answer *a, struct page *ret)
{
	struct front *f = s->c->f;
	struct wire w;
	uint64_t head, earliest;

	wire_init(&w, a->p, a->n);
	head = wire_u64(&w);
	earliest = wire_u64(&w);
	ret->left = wire_u32(&w);
	if (w.err != 0)
		return ERR_PROTO;
	if (head > f->log.head)
		f->log.head = head;
	f->log.earliest = earliest;
	if (earliest > s->next) { /* rows went while it was away: it is told */
		s->next = earliest;
		s->off = 0;
		s->want_gap = 1;
	}
	if (ret->left == 0) /* nothing from there on: the ring has what comes */
		return 0;
	ret->n = a->n - w.at;
	ret->p = mem_dup(a->p + w.at, ret->n);
	if (ret->p == NULL)
		return ERR_NOMEM;
	f->page_used += ret->n;
	f->stats.pages++;
	return 0;
}

static void
on_page(struct front *f, uint64_t owner, const struct answer *a)
{
	struct conn *c = conn_find(f, owner);
	struct page g = { 0 };
	struct pager *p;
	struct stream *s;
	int rc;

	if (c == NULL || c->st == NULL || c->st->pager == NULL)
		return;
	s = c->st;
	p = s->pager;
	p->call = 0;
	f->page_used -= PAGE_BYTES;
	rc = a->err != 0 ? a->err : page_take(s, a, &g);
	if (rc == ERR_PROTO) {
		log_error("connection %llu: a page that cannot be read",
		    (unsigned long long)c->id);
		conn_close(c);
		return;
	}
	if (rc != 0) { /* the keeper is away, or no memory: later */
		if (p->now.left == 0 && !s->blocked)
			list_add(&f->page_wait, &s->turn);
		return;
	}
	g.from = p->after;
	p->after = page_end(&g, p->after);
	if (p->now.left == 0 && g.from > s->next) {
		/* It follows a page that is not here any more. */
		page_drop(f, &g);
		page_drop(f, &p->then);
		ask(s, s->next);
		return;
	}
	if (g.p == NULL && s->next < ring_first(f->ring) && p->now.left == 0)
		s->next = ring_first(f->ring);
	if (p->now.left == 0) {
		page_drop(f, &p->now);
		p->now = g;
	} else {
		page_drop(f, &p->then);
		p->then = g;
	}
	if (s->blocked) { /* it keeps this one as long as nobody needs the room */
		list_add(&f->page_idle, &p->idle);
		return;
	}
	if (p->then.p == NULL && p->after < ring_first(f->ring))
		ask(s, p->after);
	fan_join(s);
}

static void
ask(struct stream *s, uint64_t from)
{
	struct front *f = s->c->f;
	struct pager *p = s->pager;
	struct buf b;
	int rc;

	if (p->call != 0)
		return;
	buf_init(&b, 16);
	wire_put_u64(&b, from);
	wire_put_u32(&b, PAGE_BYTES);
	rc = !f->keeper_ready ? ERR_DOWN
	     : !make_room(f)
		 ? ERR_AGAIN
		 : call_start(f, CALL_KEEPER, KM_PAGE, &b, s->c->id, on_page, &p->call);
	buf_done(&b);
	if (rc == 0) {
		f->page_used += PAGE_BYTES;
		p->after = from;
	} else if (p->now.left == 0) {
		list_add(&f->page_wait, &s->turn);
	}
}

void
pager_serve_waiting(struct front *f)
{
	struct list waiting;
	struct stream *s;

	/* Each is asked for once a turn: a failure puts it back. */
	list_init(&waiting);
	list_splice(&waiting, &f->page_wait);
	while (!list_empty(&waiting)) {
		s = list_of(waiting.next, struct stream, turn);
		list_del(&s->turn);
		if (s->pager != NULL)
			ask(s, s->next);
		else
			list_add(&f->behind, &s->turn);
		if (!list_empty(&f->page_wait) && !list_empty(&waiting)) {
			list_splice(&f->page_wait, &waiting);
			return;
		}
	}
}

/* One row of a page into the run.  1 go on; 0 the run is full; ERR_PROTO. */
static int
page_row(struct stream *s, struct page *g, struct run *r, struct buf *enc)
{
	struct front *f = s->c->f;
	char cursor[CURSOR_TEXT + 1];
	struct frame_head h;
	struct slice body, stub;
	struct wire w;
	uint8_t view;
	int more = 1;

	wire_init(&w, g->p + g->at, g->n - g->at);
	frame_get(&w, &h, &body, &stub);
	if (w.err != 0 || h.seq > (uint64_t)INT64_MAX)
		return ERR_PROTO;
	if (h.seq > r->next) {
		r->next = h.seq;
		r->off = 0;
	}
	if (h.seq == r->next) {
		view = r->off != 0 ? r->view
				   : (uint8_t)frame_view(&h, &s->c->who->rights,
					 &s->c->who->reader->wants, &s->query);
		if (view == VIEW_STUB && stub.n == 0)
			view = VIEW_NONE;
		if (view == VIEW_NONE || frame_event(h.kind) == NULL) {
			r->next++;
		} else {
			buf_reset(enc);
			if (cursor_write(f->log.box, h.seq, cursor) != 0)
				return ERR_PROTO;
			sse_event(enc, cursor, frame_event(h.kind),
			    view == VIEW_BODY ? body : stub);
			if (buf_err(enc) != 0)
				return ERR_PROTO;
			more = run_add(f, r, enc->p, enc->n, view);
			if (r->off != 0)
				return 0; /* the rest of this row comes next */
		}
	}
	g->at += w.at;
	g->left--;
	return more;
}

int
pager_collect(struct stream *s, struct run *r)
{
	struct front *f = s->c->f;
	struct pager *p = s->pager;
	struct buf enc;
	int rc = 1;

	buf_init(&enc, ROW_MAX);
	r->gathered = 1;
	while (rc == 1) {
		if (p->now.left != 0) {
			rc = page_row(s, &p->now, r, &enc);
			continue;
		}
		page_drop(f, &p->now);
		if (r->next >= ring_first(f->ring)) {
			if (r->n == 0) {
				s->next = r->next;
				pager_free(s);
			}
			break;
		}
		if (p->then.p == NULL) {
			rc = 0;
			if (r->n == 0)
				ask(s, r->next);
			break;
		}
		if (p->then.from > r->next) {
			page_drop(f, &p->then);
			continue;
		}
		p->now = p->then;
		p->then = (struct page){ 0 };
		if (p->after < ring_first(f->ring))
			ask(s, p->after);
	}
	buf_done(&enc);
	if (rc == ERR_PROTO) {
		log_error("connection %llu: a row that cannot be read",
		    (unsigned long long)s->c->id);
		conn_close(s->c);
		r->n = 0;
		return 0;
	}
	/* A full run is as good as one that ends a page. */
	return r->n != 0 ? 1 : rc;
}
