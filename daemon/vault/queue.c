/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/vault/queue.h"

#include <string.h>

#include "lib/loop.h"
#include "lib/mem.h"

struct queue {
	struct loop_task *task;
	struct queued *v;
	unsigned char *orders;
	size_t size;
	unsigned room, head, count; /* v[head & (room - 1)] is the oldest */
};

int
queue_new(struct queue **ret, struct loop *loop, unsigned room, size_t size,
    void (*run)(void *arg), void *arg)
{
	struct queue *q = mem_zalloc(sizeof *q);
	unsigned i;

	if (q == NULL)
		return ERR_NOMEM;
	q->room = room;
	q->size = size;
	q->v = mem_calloc(room, sizeof *q->v);
	q->orders = mem_calloc(room, size);
	q->task = loop_task_new(loop, run, arg);
	if (q->v == NULL || q->orders == NULL || q->task == NULL) {
		queue_free(q);
		return ERR_NOMEM;
	}
	for (i = 0; i < room; i++)
		q->v[i].order = q->orders + i * size;
	*ret = q;
	return 0;
}

void
queue_free(struct queue *q)
{
	if (q == NULL)
		return;
	loop_task_free(q->task);
	mem_free(q->v);
	mem_wipe_free(q->orders, q->orders != NULL ? q->room * q->size : 0);
	mem_free(q);
}

struct queued *
queue_at(struct queue *q, unsigned i)
{
	return &q->v[(q->head + i) & (q->room - 1)];
}

int
queue_add(struct queue *q, struct link *l, uint64_t call, const void *order)
{
	struct queued *e;

	if (q->count == q->room)
		return ERR_AGAIN;
	e = queue_at(q, q->count++);
	e->link = l;
	e->call = call;
	memcpy(e->order, order, q->size);
	loop_task_poke(q->task);
	return 0;
}

void
queue_forget(struct queue *q, const struct link *l)
{
	unsigned i;

	for (i = 0; i < q->count; i++)
		if (queue_at(q, i)->link == l)
			queue_at(q, i)->link = NULL;
}

unsigned
queue_count(const struct queue *q)
{
	return q->count;
}

void
queue_take(struct queue *q, unsigned n)
{
	struct queued *e;

	for (; n > 0; n--) {
		e = queue_at(q, 0);
		mem_wipe(e->order, q->size);
		e->link = NULL;
		e->call = 0;
		q->head = (q->head + 1) & (q->room - 1);
		q->count--;
	}
	if (q->count > 0)
		loop_task_poke(q->task);
}
