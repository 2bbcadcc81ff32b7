/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "daemon/front/out_stream.h"
#include "daemon/front/ring.h"
#include "daemon/front/who.h"
#include "lib/clock.h"
#include "lib/loop.h"
#include "proto/sse.h"

/*
 * Late work of each turn: everybody who is behind and writable gets what it is behind by,
 * a record of 16 KiB at a time, straight from the ring when its rows lie side by side.
 * Two lists give the order: `behind` (rows may be waiting) and `current` (none are).  New
 * rows move all of `current` behind `behind`, in one step whatever their number.  Who is
 * blocked stands in neither until its socket takes bytes again.
 */
enum {
	RECORDS_A_VISIT = 4,
	/* Then sockets get their turn: reports come in while rows go out, and the rows
	 * that they make leave with the same visit (DESIGN). */
	SLICE_US = 2000,
};

const char *
frame_event(unsigned kind)
{
	switch ((enum frame_kind)kind) {
	case FRAME_BULLETIN:
		return "bulletin";
	case FRAME_UPDATE:
		return "update";
	case FRAME_CANCEL:
		return "cancel";
	case FRAME_INBOX:
		return "inbox";
	case FRAME_MODE:
		return "mode";
	case FRAME_KEYS:
		return "keys";
	case FRAME_CONTACT:
		break; /* nobody is shown one */
	}
	return NULL;
}

int
run_add(struct front *f, struct run *r, const char *event, size_t n, uint8_t view)
{
	const char *from = event + r->off;
	size_t rest = n - r->off, room = RECORD - r->n;
	size_t take = rest < room ? rest : room;

	if (!r->gathered && r->n != 0 && r->p + r->n != from) {
		memcpy(f->gather, r->p, r->n);
		r->gathered = 1;
	}
	if (r->gathered)
		memcpy(f->gather + r->n, from, take);
	if (r->gathered || r->n == 0)
		r->p = r->gathered ? f->gather : from;
	r->n += take;
	if (take < rest) {
		r->off += (uint32_t)take;
		r->view = view;
		return 0;
	}
	r->off = 0;
	r->next++;
	return r->n < RECORD;
}

static void
collect(struct stream *s, struct run *r)
{
	struct front *f = s->c->f;
	const struct rights *rights = &s->c->who->rights;
	const struct subscription *wants = &s->c->who->reader->wants;
	const struct ring_row *row;
	uint64_t end = ring_next(f->ring);
	uint8_t view;

	while (r->next < end) {
		row = ring_row(f->ring, r->next);
		view = r->off != 0
			   ? r->view
			   : (uint8_t)frame_view(row->head, rights, wants, &s->query);
		if (view == VIEW_STUB && row->stub == NULL)
			view = VIEW_NONE;
		if (view == VIEW_NONE) {
			r->next++;
			continue;
		}
		if (!run_add(f, r, view == VIEW_BODY ? row->event : row->stub,
			view == VIEW_BODY ? row->event_n : row->stub_n, view))
			return;
	}
}

/* Words between rows; when they are refused they stay to be said. */
static int
say_pending(struct stream *s)
{
	struct front *f = s->c->f;
	/* Not while the ring itself is behind the log. */
	int sync = s->want_sync && s->pager == NULL && s->next > f->log.head &&
		   s->next >= ring_next(f->ring);
	struct buf b;
	int rc = STREAM_SENT;

	if (s->off != 0)
		return rc;
	buf_init(&b, 512);
	if (s->want_reset)
		sse_event(&b, NULL, "reset",
		    slice_of("{\"href\":\"/v1/events?cursor=earliest\"}"));
	if (s->want_gap)
		sse_event(&b, NULL, "gap", slice_of("{\"href\":\"/v1/bulletins\"}"));
	if (sync)
		sse_event(&b, NULL, "sync", slice_of("{}"));
	if (b.n != 0 && buf_err(&b) == 0)
		rc = stream_write(s, b.p, b.n);
	if (rc == STREAM_SENT || rc == STREAM_TAKEN) {
		s->want_reset = s->want_gap = 0;
		s->want_sync = s->want_sync && !sync;
	}
	buf_done(&b);
	return rc;
}

/* 1: more is waiting; 0: it has everything; -1: blocked, gone, or a page is to come. */
static int
serve(struct stream *s)
{
	struct front *f = s->c->f;
	struct run r;
	int i, rc;

	for (i = 0; i < RECORDS_A_VISIT; i++) {
		if (s->want_gap || s->want_reset) {
			rc = say_pending(s);
			if (rc != STREAM_SENT)
				return -1;
		}
		if (s->pager == NULL && s->next < ring_first(f->ring) &&
		    pager_start(s) != 0) {
			conn_close(s->c);
			return -1;
		}
		r = (struct run){ .next = s->next, .off = s->off, .view = s->view };
		if (s->pager != NULL) {
			rc = pager_collect(s, &r);
			if (rc == 0 && r.n == 0) {
				s->next = r.next;
				return -1;
			}
			if (rc == 1 && r.n == 0) { /* joined the ring */
				s->next = r.next;
				continue;
			}
		} else {
			collect(s, &r);
		}
		if (r.n == 0) {
			s->next = r.next; /* what is hidden passes silently */
			return s->want_sync && say_pending(s) != STREAM_SENT ? -1 : 0;
		}
		rc = stream_write(s, r.p, r.n);
		if (rc == STREAM_REFUSED)
			pager_rewind(s);
		if (rc == STREAM_ENDED || rc == STREAM_REFUSED)
			return -1;
		/* Encrypted is as good as sent: the record goes out as it is. */
		s->next = r.next;
		s->off = r.off;
		s->view = r.view;
		sent_moved(s->c, 0);
		if (rc == STREAM_TAKEN)
			return -1;
	}
	return 1;
}

static void
on_fan(void *arg)
{
	struct front *f = arg;
	int64_t began = clock_mono_us();
	struct stream *s;
	int rc;

	f->turn_shakes = 0;
	if (!list_empty(&f->page_wait))
		pager_serve_waiting(f);
	while (!list_empty(&f->behind)) {
		s = list_of(f->behind.next, struct stream, turn);
		list_del(&s->turn);
		rc = serve(s);
		if (rc == 1)
			list_add(&f->behind, &s->turn);
		else if (rc == 0)
			list_add(&f->current, &s->turn);
		if (clock_mono_us() - began > SLICE_US && !list_empty(&f->behind)) {
			loop_task_poke(f->fan);
			return;
		}
	}
}

int
fan_new(struct front *f)
{
	list_init(&f->behind);
	list_init(&f->current);
	list_init(&f->page_wait);
	list_init(&f->page_idle);
	list_init(&f->polls);
	f->fan = loop_task_new(f->loop, on_fan, f);
	return f->fan != NULL ? 0 : ERR_NOMEM;
}

void
fan_free(struct front *f)
{
	loop_task_free(f->fan);
	f->fan = NULL;
}

void
front_turn(struct front *f)
{
	loop_task_poke(f->fan);
}

void
fan_rows(struct front *f)
{
	list_splice(&f->behind, &f->current);
	loop_task_poke(f->fan);
	if (!list_empty(&f->polls))
		events_rows(f);
}

void
fan_join(struct stream *s)
{
	list_add(&s->c->f->behind, &s->turn);
	loop_task_poke(s->c->f->fan);
}
