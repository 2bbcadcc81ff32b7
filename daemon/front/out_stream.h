/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FRONT_OUT_STREAM_H
#define FRONT_OUT_STREAM_H

#include <stdint.h>

#include "daemon/front/conn.h"
#include "daemon/front/front.h"
#include "proto/cursor.h"
#include "proto/frame.h"
#include "proto/problem.h"

/* Opaque types. */
struct pager;
struct reader;

/*
 * An open stream: where it is in the log, what it wants, and how much of a record is
 * still on its way.  No queue: a thousand rows behind costs no more memory than none.
 */
struct stream {
	struct list
	    turn; /* in behind, current, page_wait, or alone (blocked, or paging) */
	struct list mates; /* its reader's, oldest first */
	struct conn *c;
	struct reader *counted; /* whose limit it counts against */
	struct pager *pager;	/* NULL: it reads from the ring */
	uint64_t next;		/* sequence of the next row to look at */
	uint32_t off;		/* bytes of that row's event which are written */
	uint16_t pend;	 /* length of a record that is encrypted and not all sent */
	uint8_t view;	 /* with off > 0: the form that was begun */
	uint8_t blocked; /* its socket takes no bytes now */
	uint8_t want_sync, want_gap,
	    want_reset;	  /* events to be said when their time comes */
	uint16_t drained; /* client bytes thrown away */
	struct frame_query query;
	int64_t moved;	/* clock_timer_ms() when it last took bytes */
	int64_t rotate; /* when it is sent away to come again */
};

/* in_* side: where to start, by `cursor` and Last-Event-ID. */
enum start_how { START_LIVE = 0, START_EXACT, START_GAP, START_RESET };
struct start {
	enum start_how how;
	uint64_t next;
};
/* out_start.c.  P_OK, BAD_REQUEST, CURSOR_INVALID, UNAVAILABLE. */
enum problem start_find(struct conn *c, struct start *ret);
/* Query parameters min_severity and sector.  P_OK, BAD_REQUEST, INVALID_FIELD; `ret_why`
 * says then what was expected. */
enum problem start_query(struct conn *c, struct frame_query *ret, const char **ret_why);
/* The newest row at or before the log's head that this reader may see, as a sequence: the
 * only position that may be shown to it unasked. */
uint64_t start_newest_visible(struct conn *c);
/* The position before the oldest row that is kept. */
uint64_t start_earliest(const struct front *f);

/* Called once the reader's subscription is known; answers for failures itself. */
void start_with_wants(struct conn *c, void (*go)(struct conn *c));

/* out_stream.c */
void stream_writable(struct conn *c);
void stream_readable(struct conn *c);
void stream_tick(struct conn *c); /* heartbeat, slowness, rotation, lost rights */
/* Says goodbye where nothing is half said, and ends the connection. */
void stream_bye(struct conn *c, const char *reason);
void stream_end(struct conn *c); /* the connection closes: takes it from all lists */
uint64_t stream_owner(const struct list *mates_link); /* the connection's number */
/* Every open stream: the epoch changed, so positions mean nothing any more. */
void stream_reset_all(struct front *f);
/* One write of at most a record. */
enum {
	STREAM_REFUSED = -2, /* blocked, and nothing was taken */
	STREAM_ENDED = -1,   /* the connection is gone */
	STREAM_TAKEN = 0,    /* blocked, and as good as sent */
	STREAM_SENT = 1,
};
int stream_write(struct stream *s, const void *p, size_t n);

/* out_fan.c */
int fan_new(struct front *f) MUST_CHECK;
void fan_free(struct front *f);
void fan_rows(struct front *f);		/* the ring got rows */
void fan_join(struct stream *s);	/* its turn may have come */
const char *frame_event(unsigned kind); /* "bulletin", "update", ... NULL: unknown */

/* A run of bytes to be written next, and where the stream is when they are taken. */
struct run {
	const char *p;
	size_t n;
	uint64_t next;
	uint32_t off;
	uint8_t view;
	int gathered; /* they were copied to f->gather */
};
/* Adds (a part of) one event; 0 when the record is full and the rest stays. */
int run_add(struct front *f, struct run *r, const char *event, size_t n, uint8_t view);

/* out_page.c */
int pager_start(struct stream *s) MUST_CHECK;
void pager_free(struct stream *s);
/* Fills the run from pages.  1: it has bytes or the stream joined the ring; 0: a page is
 * to come. */
int pager_collect(struct stream *s, struct run *r);
/* What was collected was not taken: it begins anew where the stream is. */
void pager_rewind(struct stream *s);
void pager_blocked(struct stream *s, int blocked);
void pager_serve_waiting(struct front *f); /* memory may have become free */

/* out_events.c */
void events_rows(struct front *f); /* new rows for those who wait */

#endif
