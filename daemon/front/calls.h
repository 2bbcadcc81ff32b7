/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FRONT_CALLS_H
#define FRONT_CALLS_H

#include <stddef.h>
#include <stdint.h>

#include "daemon/front/list.h"
#include "lib/buf.h"
#include "lib/err.h"

/* Opaque types. */
struct front;
struct link_frame;

enum call_peer { CALL_VAULT, CALL_KEEPER };

/* err != 0: there is no answer and there will be none (ERR_DOWN: the link broke,
 * ERR_AGAIN: too late).  p is valid during the callback only. */
struct answer {
	int err;
	uint64_t id; /* the one that call_start gave */
	uint16_t type, status;
	const unsigned char *p;
	size_t n;
	const uint8_t *note; /* of call_keep; NULL: none */
};
typedef void call_fn(struct front *f, uint64_t owner, const struct answer *a);

enum { CALL_BUCKETS = 4096, CALL_NOTE = 16 };
struct calls {
	struct list bucket[CALL_BUCKETS];
	struct list
	    by_age; /* all have the same patience: the head is the next to expire */
	unsigned count;
	unsigned char pool[1024]; /* random bytes not used yet */
	size_t pool_left;
};

/*
 * The one table of questions to other programs.  An id is random; it names no connection
 * and no receiver.  `owner` is a connection's number, never a pointer: whoever it was may
 * be gone when the answer comes.  Each started call ends in exactly one call of fn, or in
 * call_cancel.
 */
void calls_init(struct front *f);
void calls_done(struct front *f); /* drops all, calls nobody */
/* 0 and the id; ERR_DOWN, ERR_AGAIN (too many), ERR_LIMIT, ERR_NOMEM: nothing was sent.
 */
int call_start(struct front *f, enum call_peer peer, uint16_t type,
    const struct buf *payload, uint64_t owner, call_fn *fn, uint64_t *ret_id) MUST_CHECK;
void call_cancel(struct front *f, uint64_t id); /* 0 and unknown ids are fine */
/* Its answer matters though nobody waits any more: call_cancel takes its owner only, and
 * fn is called with owner 0, which is nobody's.  The note (CALL_NOTE bytes, NULL: none)
 * comes with the answer. */
void call_keep(struct front *f, uint64_t id, const uint8_t *note);
/* A frame came: finds its call, or counts it as unknown. */
void call_answer(struct front *f, const struct link_frame *frame);
void calls_fail(struct front *f, enum call_peer peer); /* its link broke */
void calls_sweep(struct front *f, int64_t now);	       /* expires those too old */

/* Random bytes for ids; aborts when the generator fails, for nothing could go on. */
void front_random(struct front *f, void *out, size_t n);

#endif
