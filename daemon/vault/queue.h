/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VAULT_QUEUE_H
#define VAULT_QUEUE_H

#include <stddef.h>
#include <stdint.h>

#include "lib/err.h"

/* Opaque types. */
struct link;
struct loop;
struct queue;

/*
 * Orders that wait for the next transaction, oldest first.  While one COMMIT waits for
 * the disk, more arrive; `run` is called in the turn after one was added, takes as many
 * as it likes and gives their places back.
 */
struct queued {
	struct link *link; /* NULL: whoever asked is gone */
	uint64_t call;
	void *order; /* a copy of what was added */
};

/* room: how many may wait, a power of two; size: bytes of one order. */
int queue_new(struct queue **ret, struct loop *loop, unsigned room, size_t size,
    void (*run)(void *arg), void *arg) MUST_CHECK;
void queue_free(struct queue *q); /* wiped; NULL is fine */
/* Copies the order; ERR_AGAIN when there is no room. */
int queue_add(
    struct queue *q, struct link *l, uint64_t call, const void *order) MUST_CHECK;
void queue_forget(struct queue *q, const struct link *l); /* it is closed */
unsigned queue_count(const struct queue *q);
/* The i-th from the oldest, i below queue_count(). */
struct queued *queue_at(struct queue *q, unsigned i);
/* The n oldest are answered: nothing of who asked for what stays behind.  `run` is called
 * again when more wait. */
void queue_take(struct queue *q, unsigned n);

#endif
