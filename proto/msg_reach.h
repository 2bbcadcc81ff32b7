/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_MSG_REACH_H
#define PROTO_MSG_REACH_H

#include "proto/frame.h"
#include "proto/msg_keeper.h"

/*
 * KM_STREAMED: {epoch u32, n u16, n * keeper_streamed} -> reply, when it is durable.  A
 * front says which rows of the log were handed to whom.  All rows of the range were
 * looked at with these rights and wishes: those that frame_view() shows with them were
 * sent, the others were passed over.  So a range says the same for ever, whatever a
 * receiver's rights become, and is no longer for a thousand rows than for one.
 */
enum { STREAMED_MAX = 4096 }; /* in one message */

struct keeper_streamed {
	struct rights
	    rights; /* person and duties are zeros: all of a member see the same */
	struct subscription wants;
	struct frame_query query; /* of the stream */
	uint64_t first, last;
};

void keeper_streamed_put(struct buf *b, const struct keeper_streamed *m);
/* One element; a range that is none is a wire error. */
void keeper_streamed_get(struct wire *w, struct keeper_streamed *ret);
/* Rights, wishes and query without receiver and person: alike for many receivers.  What
 * is written has always the same length. */
void keeper_streamed_as(struct buf *b, const struct keeper_streamed *m);
/* The same bytes back, all of them; ERR_PROTO. */
int keeper_streamed_as_get(
    const void *p, size_t n, struct keeper_streamed *ret) MUST_CHECK;

#endif
