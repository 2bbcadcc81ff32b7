/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FRONT_SENT_H
#define FRONT_SENT_H

#include <stdint.h>

#include "daemon/front/list.h"
#include "lib/err.h"

/* Opaque types. */
struct conn;
struct frame_query;
struct front;
struct sent_out;

/*
 * Which rows were sent to whom, as the keeper is told now and then.  Nothing of it stands
 * in the way of a row: a connection remembers where it began; looked at once a second, a
 * few at a time, it says how far the peer's kernel has acknowledged what was written.  So
 * a peer that is gone and did not say so was not reached.
 */
struct sent {
	struct list turn; /* in the list of those that have something to say */
	uint64_t from;	  /* the first row that was not told yet; 0: there is none */
	uint64_t until;	  /* rows before it were written (a stream: st->next) */
	/* Rows before `mark` lie in the first mark_raw bytes on the wire; 0: no mark. */
	uint64_t mark, mark_raw;
	uint64_t as; /* hash of the rights and wishes that they were looked at with */
	uint8_t min_severity; /* the query's */
	uint64_t sectors;
};

int sent_new(struct front *f) MUST_CHECK;
void sent_free(struct front *f); /* what is not told yet is lost */
/* A stream or long poll of this connection begins at row `from`, with its query. */
void sent_begin(struct conn *c, uint64_t from, const struct frame_query *q);
/* Rows before `until` are written, or were passed over; of a stream 0: see st->next. */
void sent_moved(struct conn *c, uint64_t until);
/* The connection ends: the last chance to say what came through.  Before its stream and
 * its rights are gone; twice does no harm. */
void sent_end(struct conn *c);
/* The log is another one: what is not told yet means nothing any more. */
void sent_forget(struct front *f);
/* The keeper is there: what it has not confirmed is told again. */
void sent_again(struct front *f);
/* All connections are gone: sends the rest.  1: it is on its way, and f->on_drained will
 * be called when it is out. */
int sent_last(struct front *f);

#endif
