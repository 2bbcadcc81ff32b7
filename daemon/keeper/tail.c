/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/tail.h"

#include <string.h>

#include "daemon/keeper/streamed.h"
#include "lib/log.h"
#include "lib/loop.h"
#include "lib/mem.h"

struct tail {
	struct keeper *k;
	struct loop_task *task; /* one page for each front that is behind */
	struct buf page;
};

static void catch_up(void *arg);

struct tail *
tail_new(struct keeper *k)
{
	struct tail *t = mem_zalloc(sizeof *t);

	if (t == NULL)
		return NULL;
	t->k = k;
	buf_init(&t->page, KEEPER_FRAME_MAX);
	t->task = loop_task_new(k->loop, catch_up, t);
	if (t->task == NULL) {
		tail_free(t);
		return NULL;
	}
	return t;
}

void
tail_free(struct tail *t)
{
	if (t == NULL)
		return;
	loop_task_free(t->task);
	buf_done(&t->page);
	mem_free(t);
}

static void
put_prefix(char *at, uint64_t head, uint32_t n)
{
	unsigned i;

	for (i = 0; i < 8; i++)
		at[i] = (char)(head >> (8 * i));
	for (i = 0; i < 4; i++)
		at[8 + i] = (char)(n >> (8 * i));
}

/* Sends one page to a front that is behind.  1 when there is more to do at once. */
static int
serve(struct tail *t, struct front *f)
{
	struct store_info info;
	uint32_t n = 0;
	int rc = 0;

	if (link_queued(f->l) > KEEPER_QUEUE_MAX / 2)
		return 0; /* tail_drained goes on */
	store_info(t->k->store, &info);
	if (f->next_seq < info.earliest)
		f->next_seq = info.earliest;
	buf_reset(&t->page);
	if (buf_extend(&t->page, TAIL_PREFIX) == NULL)
		return 1;
	if (f->next_seq <= info.head)
		rc = store_log_page(
		    t->k->store, f->next_seq, KEEPER_PAGE_MAX, &t->page, &n);
	if (rc != 0) {
		keeper_store_failed(t->k, rc);
		f->tailing = 0;
		link_close(f->l); /* it dials again and finds out */
		return 0;
	}
	put_prefix(t->page.p, info.head, n);
	rc = link_send(f->l, KM_ROWS, P_OK, 0, t->page.p, t->page.n);
	if (rc != 0)
		return rc == ERR_NOMEM;
	f->next_seq += n;
	/* An empty page says: caught up.  From here on rows come live. */
	f->lagging = n > 0;
	return f->lagging;
}

static void
catch_up(void *arg)
{
	struct tail *t = arg;
	struct front *f;
	int more = 0;

	if (t->k->failing)
		return;
	for (f = t->k->fronts; f != NULL; f = f->next)
		if (f->tailing && f->lagging)
			more |= serve(t, f);
	if (more)
		loop_task_poke(t->task);
}

void
tail_start(struct tail *t, struct front *f, uint64_t from)
{
	f->tailing = 1;
	f->lagging = 1;
	f->next_seq = from > 0 ? from : 1;
	loop_task_poke(t->task);
}

void
tail_drained(struct tail *t, struct front *f)
{
	if (f->tailing && f->lagging)
		loop_task_poke(t->task);
}

void
tail_publish(struct tail *t, uint64_t head_before, struct buf *rows)
{
	struct store_info info;
	struct front *f;
	uint32_t n;

	store_info(t->k->store, &info);
	n = (uint32_t)(info.head - head_before);
	if (n == 0)
		return;
	streamed_published(t->k->streamed, head_before + 1);
	put_prefix(rows->p, info.head, n);
	for (f = t->k->fronts; f != NULL; f = f->next) {
		if (!f->tailing || f->lagging)
			continue;
		if (f->next_seq > info.head)
			continue; /* it asked for later rows than these */
		if (f->next_seq == head_before + 1 && rows->n <= KEEPER_PAGE_MAX &&
		    link_send(f->l, KM_ROWS, P_OK, 0, rows->p, rows->n) == 0) {
			f->next_seq += n;
			continue;
		}
		f->lagging = 1;
		loop_task_poke(t->task);
	}
}

int
tail_page(struct tail *t, uint64_t from, uint32_t max_bytes, struct buf *out)
{
	struct store_info info;
	uint32_t n = 0;
	size_t at;
	int rc = 0;

	store_info(t->k->store, &info);
	if (max_bytes > KEEPER_PAGE_MAX)
		max_bytes = KEEPER_PAGE_MAX;
	wire_put_u64(out, info.head);
	wire_put_u64(out, info.earliest);
	at = out->n;
	wire_put_u32(out, 0);
	if (buf_err(out) != 0)
		return buf_err(out);
	if (from <= info.head && info.head > 0)
		rc = store_log_page(t->k->store, from > 0 ? from : 1, max_bytes, out, &n);
	if (rc != 0)
		return rc;
	for (rc = 0; rc < 4; rc++)
		out->p[at + (size_t)rc] = (char)(n >> (8 * rc));
	return 0;
}
