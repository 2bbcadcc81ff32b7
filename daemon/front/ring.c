/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/front/ring.h"

#include <string.h>

#include "lib/mem.h"

enum { ROW_BYTES = 512, ROWS_MIN = 64 }; /* one place for a row a so many bytes */

struct ring {
	char *bytes;
	size_t size;
	struct ring_row *rows;
	size_t room;	      /* places in rows */
	uint64_t first, next; /* sequences */
	uint64_t at;	      /* bytes ever written, seams included: at % size is where */
};

struct ring *
ring_new(size_t bytes)
{
	struct ring *r = mem_zalloc(sizeof *r);

	if (r == NULL)
		return NULL;
	r->size = bytes;
	r->room = bytes / ROW_BYTES > ROWS_MIN ? bytes / ROW_BYTES : ROWS_MIN;
	/* Neither is touched before it is needed, so an idle hub does not pay for it. */
	r->bytes = mem_alloc(bytes);
	r->rows = mem_calloc(r->room, sizeof *r->rows);
	if (r->bytes == NULL || r->rows == NULL) {
		ring_free(r);
		return NULL;
	}
	return r;
}

void
ring_free(struct ring *r)
{
	size_t i;

	if (r == NULL)
		return;
	for (i = 0; r->rows != NULL && i < r->room; i++)
		mem_free(r->rows[i].head);
	mem_free(r->bytes);
	mem_free(r->rows);
	mem_free(r);
}

void
ring_clear(struct ring *r)
{
	r->first = r->next = 0;
}

uint64_t
ring_first(const struct ring *r)
{
	return r->first;
}

uint64_t
ring_next(const struct ring *r)
{
	return r->next;
}

const struct ring_row *
ring_row(const struct ring *r, uint64_t seq)
{
	return &r->rows[seq % r->room];
}

size_t
ring_used(const struct ring *r)
{
	return r->first == r->next ? 0 : (size_t)(r->at - ring_row(r, r->first)->at);
}

void
ring_add(
    struct ring *r, const struct frame_head *h, struct slice event, struct slice stub)
{
	size_t n = event.n + stub.n;
	struct ring_row *row;
	void *head = mem_alloc(frame_head_size(h));
	char *to;

	if (r->first == r->next || h->seq != r->next)
		r->first = r->next = h->seq;
	if (n > r->size / 4 || head == NULL) {
		mem_free(head);
		r->first = r->next = h->seq + 1;
		return;
	}
	/* A row lies in one piece: what is left before the seam is passed over. */
	if (r->at % r->size + n > r->size)
		r->at += r->size - r->at % r->size;
	while (
	    r->first != r->next && (r->next - r->first >= r->room ||
				       ring_row(r, r->first)->at + r->size < r->at + n))
		r->first++;
	to = r->bytes + r->at % r->size;
	if (event.n != 0)
		memcpy(to, event.p, event.n);
	if (stub.n != 0)
		memcpy(to + event.n, stub.p, stub.n);
	row = &r->rows[h->seq % r->room];
	mem_free(row->head);
	memcpy(head, h, frame_head_size(h));
	row->head = head;
	row->event = to;
	row->event_n = (uint32_t)event.n;
	row->stub = stub.n != 0 ? to + event.n : NULL;
	row->stub_n = (uint32_t)stub.n;
	row->at = r->at;
	r->at += n;
	r->next++;
}
