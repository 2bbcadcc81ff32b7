/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "daemon/front/in_http.h"
#include "daemon/front/out_stream.h"
#include "daemon/front/ring.h"
#include "daemon/front/route.h"
#include "daemon/front/who.h"
#include "lib/mem.h"
#include "lib/wire.h"
#include "proto/msg_keeper.h"

/* The same rows as JSON, for those who cannot hold a stream: one answer at a time, at
 * most so many events and bytes, or none after the wait. */
enum {
	EVENTS_MAX = 500,
	EVENTS_BYTES = 512 * 1024,
	BODY_CAP = 3 * 1024 * 1024, /* and one more row, whatever its size */
	WAIT_MAX_S = 25,
	PAGE_BYTES = 512 * 1024,
};

struct poll {
	struct list wait; /* in front.polls */
	struct conn *c;
	uint64_t next;	/* the next row to look at */
	uint64_t shown; /* the newest one that went into the answer, or where it began */
	unsigned count;
	int wait_s;
	uint8_t asked_unloaded; /* a page was asked for while the ring was empty */
	struct frame_query query;
	struct buf out;
};

static void look(struct poll *p);

static void
poll_free(struct front *f, void *work)
{
	struct poll *p = work;

	(void)f;
	list_del(&p->wait);
	buf_done(&p->out);
	mem_free(p);
}

static void
answer(struct poll *p)
{
	struct conn *c = p->c;
	char cursor[CURSOR_TEXT + 1];
	struct buf out;

	if (cursor_write(c->f->log.box, p->shown, cursor) != 0) {
		http_problem(c, P_INTERNAL, NULL, NULL);
		return;
	}
	buf_adds(&p->out, "],\"cursor\":\"");
	buf_adds(&p->out, cursor);
	buf_adds(&p->out, "\"}");
	if (buf_err(&p->out) != 0) {
		http_no_answer(c, ERR_NOMEM);
		return;
	}
	out = p->out; /* the poll itself goes when the answer is given */
	buf_init(&p->out, 0);
	list_del(&p->wait);
	sent_moved(c, p->next);
	http_json(c, 200, buf_slice(&out));
	buf_done(&out);
}

/* 0: the answer is full. */
static int
add(struct poll *p, const struct frame_head *h, struct slice data)
{
	char cursor[CURSOR_TEXT + 1];
	const char *event = frame_event(h->kind);

	if (event == NULL || data.n == 0)
		return 1;
	if (cursor_write(p->c->f->log.box, h->seq, cursor) != 0)
		return 0;
	if (p->count++ != 0)
		buf_addc(&p->out, ',');
	buf_adds(&p->out, "{\"data\":");
	buf_add(&p->out, data.p, data.n);
	buf_addf(&p->out, ",\"event\":\"%s\",\"id\":\"%s\"}", event, cursor);
	p->shown = h->seq;
	return p->count < EVENTS_MAX && p->out.n < EVENTS_BYTES;
}

static enum frame_view
view(struct poll *p, const struct frame_head *h)
{
	const struct member *m = p->c->who;

	return frame_view(h, &m->rights, &m->reader->wants, &p->query);
}

/* The data of an event that stands in the ring: its end but for the two line ends. */
static struct slice
data_of(const char *event, uint32_t n, uint32_t data_n)
{
	if (event == NULL || n < data_n + 2)
		return (struct slice){ NULL, 0 };
	return (struct slice){ event + n - 2 - data_n, data_n };
}

/* Rows of the ring; 1 when all were looked at. */
static int
look_ring(struct poll *p)
{
	struct ring *ring = p->c->f->ring;
	const struct ring_row *row;
	struct slice data;
	enum frame_view v;

	while (p->next < ring_next(ring)) {
		row = ring_row(ring, p->next++);
		v = view(p, row->head);
		if (v == VIEW_NONE)
			continue;
		data = v == VIEW_BODY
			   ? data_of(row->event, row->event_n, row->head->body_len)
			   : data_of(row->stub, row->stub_n, row->head->stub_len);
		if (!add(p, row->head, data))
			return 0;
	}
	return 1;
}

/* Rows of a page; 1 when all were looked at, 0 when the answer is full, ERR_PROTO. */
static int
look_page(struct poll *p, const struct answer *a)
{
	struct slice body, stub;
	struct frame_head h;
	enum frame_view v;
	struct wire w;
	uint32_t n;

	wire_init(&w, a->p, a->n);
	(void)wire_u64(&w);
	p->c->f->log.earliest = wire_u64(&w);
	n = wire_u32(&w);
	if (n == 0 && p->next < ring_first(p->c->f->ring))
		p->next = ring_first(p->c->f->ring);
	for (; n > 0; n--) {
		frame_get(&w, &h, &body, &stub);
		if (w.err != 0 || h.seq > (uint64_t)INT64_MAX)
			return ERR_PROTO;
		if (h.seq < p->next)
			continue;
		p->next = h.seq + 1;
		v = view(p, &h);
		if (v != VIEW_NONE && !add(p, &h, v == VIEW_BODY ? body : stub))
			return 0;
	}
	return w.err != 0 ? ERR_PROTO : 1;
}

static void
on_page(struct front *f, uint64_t owner, const struct answer *a)
{
	struct conn *c = conn_find(f, owner);
	struct poll *p;
	int rc;

	if (c == NULL || c->req == NULL)
		return;
	c->req->call = 0;
	p = c->req->work;
	if (c->who->reader == NULL) {
		http_problem_end(c, who_check(c));
		return;
	}
	rc = a->err != 0 ? a->err : look_page(p, a);
	if (rc < 0)
		http_no_answer(c, rc);
	else if (rc == 0)
		answer(p);
	else
		look(p);
}

static void
look(struct poll *p)
{
	struct conn *c = p->c;
	struct front *f = c->f;
	struct buf b;
	int rc, unloaded;

	/* An empty ring is not an empty log: the keeper has just come. */
	unloaded =
	    ring_next(f->ring) == 0 && p->next <= f->log.head && !p->asked_unloaded;
	if (p->next < ring_first(f->ring) || unloaded) {
		p->asked_unloaded |= (uint8_t)unloaded;
		buf_init(&b, 16);
		wire_put_u64(&b, p->next);
		wire_put_u32(&b, PAGE_BYTES);
		rc = f->keeper_ready ? call_start(f, CALL_KEEPER, KM_PAGE, &b, c->id,
					   on_page, &c->req->call)
				     : ERR_DOWN;
		buf_done(&b);
		if (rc != 0)
			http_no_answer(c, rc);
		return;
	}
	(void)look_ring(p);
	if (p->count != 0 || p->wait_s == 0) {
		answer(p);
		return;
	}
	list_add(&f->polls, &p->wait);
}

void
events_rows(struct front *f)
{
	struct list waiting;
	struct poll *p;

	list_init(&waiting);
	list_splice(&waiting, &f->polls);
	while (!list_empty(&waiting)) {
		p = list_of(waiting.next, struct poll, wait);
		list_del(&p->wait);
		if (p->c->who->reader == NULL)
			http_problem_end(p->c, who_check(p->c));
		else
			look(p);
	}
}

static void
expire(struct conn *c)
{
	struct poll *p = c->req->work;

	if (c->req->call != 0) {
		p->wait_s = 0; /* when the page is there */
		return;
	}
	answer(p);
}

static enum problem
wait_of(struct conn *c, int *ret)
{
	struct buf v;
	int got, n = 0;
	size_t i;

	buf_init(&v, 8);
	got = http_query(c->req->http.query, "wait", &v);
	if (got < 0 || buf_err(&v) != 0 || (got == 1 && (v.n < 1 || v.n > 2)))
		got = -1;
	for (i = 0; got == 1 && i < v.n; i++) {
		if (v.p[i] < '0' || v.p[i] > '9')
			got = -1;
		else
			n = n * 10 + (v.p[i] - '0');
	}
	buf_done(&v);
	if (got < 0 || n > WAIT_MAX_S)
		return P_INVALID_FIELD;
	if (got == 1)
		*ret = n;
	return P_OK;
}

static void
begin(struct conn *c)
{
	struct frame_query q;
	struct start at;
	struct poll *p;
	int wait_s = WAIT_MAX_S;
	const char *said;
	enum problem why = start_query(c, &q, &said);

	if (why == P_OK) {
		why = wait_of(c, &wait_s);
		said = why == P_OK ? NULL : "wait: 0 to 25 seconds";
	}
	if (why == P_OK)
		why = start_find(c, &at);
	if (why == P_OK && (at.how == START_GAP || at.how == START_RESET)) {
		why = P_CURSOR_EXPIRED;
		said = "start anew at /v1/events?cursor=earliest";
	}
	if (why != P_OK) {
		http_problem(c, why, NULL, said);
		return;
	}
	p = mem_zalloc(sizeof *p);
	if (p == NULL) {
		http_no_answer(c, ERR_NOMEM);
		return;
	}
	p->c = c;
	list_init(&p->wait);
	buf_init(&p->out, BODY_CAP);
	buf_adds(&p->out, "{\"events\":[");
	p->next = at.next;
	p->shown = at.how == START_LIVE ? start_newest_visible(c) : at.next - 1;
	p->wait_s = wait_s;
	p->query = q;
	c->req->work = p;
	c->req->work_free = poll_free;
	c->req->expire = expire;
	sent_begin(c, p->next, &p->query);
	if (wait_s != 0)
		conn_deadline(c, wait_s * 1000);
	look(p);
}

void
out_events_get(struct conn *c)
{
	start_with_wants(c, begin);
}
