/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/checkpoint.h"

#include "daemon/keeper/batch.h"
#include "daemon/keeper/keeper.h"
#include "lib/clock.h"
#include "lib/loop.h"
#include "lib/mem.h"

enum {
	WAL_IDLE = 16 * 1024 * 1024,
	WAL_MOST = 64 * 1024 * 1024,
	IDLE_MS = 1000,
	WHOLE_MS = 10000
};

struct checkpoint {
	struct keeper *k;
	struct loop_timer *idle;
	struct loop_task *task; /* after the answers have left */
	int64_t since; /* of the oldest write that may stand in the WAL; 0: none */
};

static void
report(struct checkpoint *c, int rc)
{
	/* A full disk does not hurt here: the WAL stays and the next try comes. */
	if (rc != 0)
		keeper_store_failed(c->k, rc);
}

static void
empty(struct checkpoint *c)
{
	c->since = 0;
	report(c, store_checkpoint(c->k->store, 1));
}

static void
on_idle(void *arg)
{
	struct checkpoint *c = arg;

	if (!c->k->failing && !c->k->write_stop)
		empty(c);
}

static void
on_task(void *arg)
{
	struct checkpoint *c = arg;
	struct store_info info;

	if (c->k->failing || c->k->write_stop)
		return;
	/* Desks that look every moment write every moment: it is never idle, and what was
	 * deleted has to go all the same. */
	if (c->since != 0 && clock_mono_ms() - c->since > WHOLE_MS &&
	    batch_waiting(c->k->batch) == 0) {
		empty(c);
		return;
	}
	store_info(c->k->store, &info);
	if (info.wal_bytes > WAL_MOST ||
	    (info.wal_bytes > WAL_IDLE && batch_waiting(c->k->batch) == 0))
		report(c, store_checkpoint(c->k->store, 0));
}

struct checkpoint *
checkpoint_new(struct keeper *k)
{
	struct checkpoint *c = mem_zalloc(sizeof *c);

	if (c == NULL)
		return NULL;
	c->k = k;
	c->idle = loop_timer_new(k->loop, on_idle, c);
	c->task = loop_task_new(k->loop, on_task, c);
	if (c->idle == NULL || c->task == NULL) {
		checkpoint_free(c);
		return NULL;
	}
	return c;
}

void
checkpoint_free(struct checkpoint *c)
{
	if (c == NULL)
		return;
	loop_timer_free(c->idle);
	loop_task_free(c->task);
	mem_free(c);
}

void
checkpoint_written(struct checkpoint *c)
{
	if (c->since == 0)
		c->since = clock_mono_ms();
	loop_timer_set(c->idle, IDLE_MS, 0);
	loop_task_poke(c->task);
}
