/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/audit.h"
#include "daemon/keeper/batch.h"
#include "daemon/keeper/keeper.h"
#include "daemon/keeper/streamed.h"
#include "lib/clock.h"
#include "lib/log.h"
#include "lib/loop.h"

/* The orderly end, and what a failing store means. */
enum { LEAVE_STEP_MS = 10, LEAVE_MOST_MS = 5000, FULL_SAY_MS = 60000 };

/* Waits until every answer is out, but not for ever. */
void
keeper_leave_step(void *arg)
{
	struct keeper *k = arg;
	struct front *f;

	for (f = k->fronts; f != NULL; f = f->next)
		if (link_is_up(f->l) && link_queued(f->l) > 0 &&
		    clock_mono_ms() < k->leave_by) {
			loop_timer_set(k->leave, LEAVE_STEP_MS, 0);
			return;
		}
	loop_stop(k->loop);
}

static void
leave(struct keeper *k)
{
	if (k->leave_by != 0)
		return;
	k->leave_by = clock_mono_ms() + LEAVE_MOST_MS;
	loop_timer_set(k->leave, LEAVE_STEP_MS, 0);
}

void
keeper_drain(struct keeper *k)
{
	loop_notify("STOPPING=1");
	k->stopping = 1;
	batch_flush(k->batch);
	streamed_flush(k->streamed);
	audit_drain(k);
	leave(k);
}

void
keeper_store_failed(struct keeper *k, int rc)
{
	int64_t now = clock_mono_ms();

	switch (rc) {
	case ERR_OUTCOME:
		/* After a failed sync nobody knows what the disk holds: only a fresh
		 * start, which reads it, does. */
		if (!k->failing)
			log_error(
			    "store: a sync failed; stored or not is unknown; stopping");
		k->failing = 1;
		leave(k);
		break;
	case ERR_CORRUPT:
		if (!k->write_stop)
			log_error(
			    "store: stored data does not verify; nothing is written any "
			    "more; keep a copy and restore the newest backup");
		k->write_stop = 1;
		break;
	case ERR_FULL:
		if (k->full_said == 0 || now - k->full_said > FULL_SAY_MS)
			log_error("store: the disk is full; reports are refused until "
				  "there is room");
		k->full_said = now;
		break;
	default:
		log_error("store: %s", err_str(rc));
		break;
	}
}
