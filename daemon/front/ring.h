/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FRONT_RING_H
#define FRONT_RING_H

#include <stddef.h>
#include <stdint.h>

#include "lib/buf.h"
#include "proto/frame.h"

/* Opaque types. */
struct ring;

/*
 * The newest rows of the log, each encoded once for everybody: as a server-sent event
 * with its body, and beside it with its stub when it has one.  Rows follow each other
 * without gap in sequence and, but for the seam, in memory.  The oldest make room for the
 * newest.
 */
struct ring_row {
	struct frame_head *head; /* frame_head_size() of it is there */
	const char *event;	 /* with the body */
	const char *stub;	 /* with the stub; NULL: none */
	uint32_t event_n, stub_n;
	uint64_t at; /* the ring's own */
};

struct ring *ring_new(size_t bytes) MUST_CHECK;
void ring_free(struct ring *r);
/* Copies one row in.  Its sequence must follow the newest one's: otherwise, and when it
 * is larger than a quarter of the ring, everything before it is forgotten (whoever needs
 * it reads pages).  Pointers handed out before may be stale afterwards. */
void ring_add(
    struct ring *r, const struct frame_head *h, struct slice event, struct slice stub);
void ring_clear(struct ring *r);
/* The sequence of the oldest row, and the one behind the newest; equal: it is empty. */
uint64_t ring_first(const struct ring *r);
uint64_t ring_next(const struct ring *r);
/* first <= seq < next. */
const struct ring_row *ring_row(const struct ring *r, uint64_t seq);
size_t ring_used(const struct ring *r); /* bytes */

#endif
