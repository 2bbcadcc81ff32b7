/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_SSE_H
#define PROTO_SSE_H

#include "lib/buf.h"

/* One server-sent event (WHATWG HTML 9.2).  cursor may be NULL.  `data` must be one line
 * (canonical JSON is). */
void sse_event(struct buf *out, const char *cursor, const char *event, struct slice data);
void sse_retry(struct buf *out, unsigned ms);
void sse_comment(struct buf *out); /* the heartbeat, ":\n\n" */

/* Incremental reader for clients: feed bytes, get events.  last_id is what to resume from
 * (Last-Event-ID), retry_ms 0 until the server names one. */
struct sse_reader {
	struct buf line, data;
	char id[64], event[32], last_id[64];
	unsigned retry_ms;
	int started, after_cr, has_data;
};
void sse_reader_init(struct sse_reader *r, size_t data_cap);
void sse_reader_done(struct sse_reader *r);
/* 0; ERR_LIMIT or ERR_NOMEM (the stream cannot be read on: reconnect); or whatever
 * on_event returned when that was not 0 (the rest of `bytes` is dropped).  on_event is
 * called before this returns; an unnamed event is "message"; the texts live until it
 * returns. */
int sse_reader_feed(struct sse_reader *r, struct slice bytes,
    int (*on_event)(void *arg, const char *event, const char *id, struct slice data),
    void *arg) MUST_CHECK;

#endif
