/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_SSE_H
#define PROTO_SSE_H

#include "lib/buf.h"

/* One server-sent event (WHATWG HTML 9.2).  cursor may be NULL.  `data` must be one line
 * (canonical JSON is). */
void sse_event(struct buf *out, const char *cursor, const char *event, struct slice data);
void sse_retry(struct buf *out, unsigned ms);
void sse_comment(struct buf *out); /* the heartbeat, ":\n\n" */

/* Incremental reader for clients: feed bytes, get events. */
struct sse_reader {
	struct buf line, data;
	char id[64], event[32], last_id[64];
	unsigned retry_ms;
};
void sse_reader_init(struct sse_reader *r, size_t data_cap);
void sse_reader_done(struct sse_reader *r);
int sse_reader_feed(struct sse_reader *r, struct slice bytes,
	int (*on_event)(void *arg, const char *event, const char *id, struct slice data), void *arg)
	MUST_CHECK;

#endif
