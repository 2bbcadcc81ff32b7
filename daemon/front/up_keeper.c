/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/front/front.h"
#include "daemon/front/out_stream.h"
#include "daemon/front/ring.h"
#include "daemon/front/who.h"
#include "lib/link.h"
#include "lib/log.h"
#include "lib/mem.h"
#include "proto/cursor.h"
#include "proto/msg_keeper.h"
#include "proto/sse.h"

/* The link to the keeper: hello, then the tail of the log, which feeds the ring. */
enum { ROW_BYTES_GUESS = 2048, EVENT_MAX = 2 * 1024 * 1024 };

static void
add_row(struct front *f, const struct frame_head *h, struct slice body, struct slice stub)
{
	char cursor[CURSOR_TEXT + 1];
	const char *event = frame_event(h->kind);
	struct buf b, s;

	buf_init(&b, EVENT_MAX);
	buf_init(&s, EVENT_MAX);
	if (cursor_write(f->log.box, h->seq, cursor) != 0 || event == NULL) {
		/* A kind of a later version: the place in the order stays. */
		ring_add(f->ring, h, buf_slice(&b), buf_slice(&s));
		return;
	}
	sse_event(&b, cursor, event, body);
	if (stub.n != 0)
		sse_event(&s, cursor, event, stub);
	if (buf_err(&b) != 0 || buf_err(&s) != 0)
		ring_clear(f->ring); /* no memory: whoever needs it reads pages */
	else
		ring_add(f->ring, h, buf_slice(&b), buf_slice(&s));
	f->stats.rows++;
	buf_done(&b);
	buf_done(&s);
}

static int
on_rows(struct front *f, const struct link_frame *fr)
{
	struct slice body, stub;
	struct frame_head h;
	struct wire w;
	uint64_t head;
	uint32_t n, i;

	wire_init(&w, fr->p, fr->n);
	head = wire_u64(&w);
	n = wire_u32(&w);
	for (i = 0; i < n && w.err == 0; i++) {
		frame_get(&w, &h, &body, &stub);
		if (h.seq > (uint64_t)INT64_MAX) /* no log is that long */
			w.err = ERR_PROTO;
		if (w.err != 0 || h.seq < ring_next(f->ring))
			continue; /* seen: the keeper came back and caught up */
		add_row(f, &h, body, stub);
		if (h.seq > f->log.head)
			f->log.head = h.seq;
		if (f->log.earliest == 0)
			f->log.earliest = h.seq;
	}
	/* What was good before the first bad byte is in the ring; readers get it. */
	fan_rows(f);
	if (wire_end(&w) != 0 || head > (uint64_t)INT64_MAX)
		return ERR_PROTO;
	if (head > f->log.head)
		f->log.head = head;
	return 0;
}

static int
take_hello(struct front *f, const struct keeper_hello *h)
{
	struct cursor_box *box = cursor_box_new(h->cursor_key, h->epoch);
	/* A shorter log is an older copy: its next rows are other ones than we have seen.
	 */
	int changed =
	    f->log.box != NULL && (f->log.epoch != h->epoch || h->head < f->log.head);

	if (box == NULL)
		return ERR_NOMEM;
	cursor_box_free(f->log.box);
	f->log.box = box;
	f->log.epoch = h->epoch;
	f->log.head = h->head;
	f->log.earliest = h->earliest;
	if (changed) {
		log_warn("the log is another one: streams start anew");
		ring_clear(f->ring);
		sent_forget(f);
		stream_reset_all(f);
	}
	return 0;
}

static void
on_hello(struct front *f, uint64_t owner, const struct answer *a)
{
	struct keeper_hello h;
	uint64_t rows, from;
	struct buf b;

	(void)owner;
	if (a->err == ERR_DOWN)
		return;
	if (a->err != 0 || keeper_hello_get(a->p, a->n, &h) != 0 ||
	    take_hello(f, &h) != 0) {
		link_close(f->keeper);
		return;
	}
	mem_wipe(&h.cursor_key, sizeof h.cursor_key);
	/* As many of the newest rows as the ring is likely to hold; or what was missed.
	 */
	rows = (uint64_t)f->opt.ring_bytes / ROW_BYTES_GUESS;
	from = h.head > rows ? h.head - rows + 1 : 1;
	if (from < h.earliest)
		from = h.earliest;
	if (ring_next(f->ring) > from && ring_next(f->ring) <= h.head + 1)
		from = ring_next(f->ring);
	buf_init(&b, 16);
	wire_put_u64(&b, from);
	if (buf_err(&b) != 0 || link_send(f->keeper, KM_TAIL, 0, 0, b.p, b.n) != 0)
		link_close(f->keeper);
	buf_done(&b);
	f->keeper_ready = 1;
	log_info("the keeper is there");
	who_forget_wants(f);
	sent_again(f);
	front_turn(f);
}

static void
on_up(void *arg, struct link *l)
{
	struct front *f = arg;
	struct buf none;

	buf_init(&none, 1);
	if (call_start(f, CALL_KEEPER, KM_HELLO, &none, 0, on_hello, NULL) != 0)
		link_close(l);
	buf_done(&none);
}

static int
on_subscription(struct front *f, const struct link_frame *fr)
{
	unsigned char receiver[RECEIVER_LEN];
	struct subscription s;
	struct wire w;

	wire_init(&w, fr->p, fr->n);
	wire_bytes(&w, receiver, sizeof receiver);
	subscription_get(&w, &s);
	if (wire_end(&w) != 0)
		return ERR_PROTO;
	who_wants(f, receiver, &s);
	return 0;
}

int
up_keeper_push(struct front *f, const struct link_frame *fr)
{
	if (f->log.box == NULL) /* before hello: not the keeper we know */
		return ERR_PROTO;
	switch (fr->type) {
	case KM_ROWS:
		return on_rows(f, fr);
	case KM_SUB_CHANGED:
		return on_subscription(f, fr);
	case KM_AUTO:
		return keeper_auto_get(fr->p, fr->n, &f->auto_from);
	case KM_MODE:
		return keeper_mode_get(fr->p, fr->n, &f->mode);
	default:
		return 0; /* of a later version */
	}
}

static void
on_frame(void *arg, struct link *l, const struct link_frame *fr)
{
	struct front *f = arg;

	if (fr->call != 0) {
		call_answer(f, fr);
	} else if (up_keeper_push(f, fr) != 0) {
		log_error("the keeper sent what cannot be read");
		link_close(l);
	}
}

static void
on_down(void *arg, struct link *l)
{
	struct front *f = arg;

	(void)l;
	if (f->keeper_ready)
		log_warn("the keeper is away: streams stand still, reports get 503");
	f->keeper_ready = 0;
	calls_fail(f, CALL_KEEPER);
}

int
up_keeper_start(struct front *f)
{
	static const struct link_ops ops = { on_up, on_frame, on_down };
	struct link_limits lim = { KEEPER_FRAME_MAX, KEEPER_QUEUE_MAX };

	f->keeper = link_dial(f->loop,
	    f->desk != NULL ? f->opt.desk_socket : f->opt.keeper_socket, &ops, f, lim);
	return f->keeper != NULL ? 0 : ERR_NOMEM;
}
