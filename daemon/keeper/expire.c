/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/expire.h"

#include "daemon/keeper/batch.h"
#include "daemon/keeper/drill.h"
#include "daemon/keeper/escalate.h"
#include "daemon/keeper/hotline.h"
#include "daemon/keeper/keeper.h"
#include "daemon/keeper/kgate.h"
#include "daemon/keeper/mode.h"
#include "daemon/keeper/outbox.h"
#include "daemon/keeper/publish.h"
#include "daemon/keeper/redeem.h"
#include "daemon/keeper/second.h"
#include "daemon/keeper/situation.h"
#include "daemon/keeper/steady.h"
#include "daemon/keeper/store_case.h"
#include "daemon/keeper/store_topic.h"
#include "daemon/keeper/store_triage.h"
#include "lib/loop.h"
#include "lib/mem.h"

enum {
	TICK_MS = 1000,
	A_TICK = 64, /* then the sockets get their turn */
	PRUNE_MINUTES = 60,
};

struct expire {
	struct keeper *k;
	struct loop_timer *timer;
	int64_t pruned, looked; /* minutes */
};

static int
bulletin_due(struct keeper *k, struct store_bulletin *b, int end, int64_t minute)
{
	if (!end && !kgate_known(k->gate))
		return ERR_NOTFOUND; /* it goes out when the members are known */
	if (!end)
		return publish_note(k, b, minute);
	return publish_cancel(
	    k, b, minute, (b->head.flags & FRAME_DESK) != 0 ? "ended" : "expired");
}

static int
one_due(struct keeper *k, void *arg)
{
	int64_t minute = *(int64_t *)arg;
	struct store_bulletin b;
	int end, rc;

	rc = drill_due(k, minute);
	if (rc != ERR_NOTFOUND)
		return rc;
	rc = store_bulletin_due(k->store, minute, &b, &end);
	if (rc == ERR_NOTFOUND)
		rc = second_due(k, minute);
	else if (rc == 0)
		return bulletin_due(k, &b, end, minute);
	return rc == ERR_NOTFOUND ? mode_due(k, minute) : rc;
}

static int
slips_due(struct keeper *k, void *arg)
{
	unsigned n = 0;
	int rc = store_slip_due(k->store, *(int64_t *)arg, &n);

	return rc == 0 && n == 0 ? ERR_NOTFOUND : rc; /* nothing to commit */
}

int
expire_slips(struct keeper *k, int64_t minute)
{
	int rc = batch_transact(k->batch, slips_due, &minute);

	return rc == ERR_NOTFOUND ? 0 : rc;
}

int
expire_due(struct keeper *k, int64_t minute, unsigned most)
{
	unsigned n;
	int rc;

	for (n = 0; n < most; n++) {
		rc = batch_transact(k->batch, one_due, &minute);
		if (rc != 0)
			return rc == ERR_NOTFOUND ? (int)n : rc;
	}
	return (int)n;
}

struct pruning {
	int64_t minute;
	unsigned most, n;
};

static int
prune(struct keeper *k, void *arg)
{
	struct pruning *p = arg;
	int64_t old = p->minute - k->opt.report_ms / 60000;
	unsigned n = 0;
	int rc;

	rc = store_prune_idem(k->store, p->minute - k->opt.idem_ms / 60000, p->most, &n);
	p->n = n;
	if (rc == 0)
		rc = store_prune_reports(k->store, old, p->most, &n);
	p->n += n;
	if (rc == 0)
		rc = store_prune_log(k->store, old, p->most, &n);
	p->n += n;
	if (rc == 0)
		rc = store_prune_triage(
		    k->store, old, p->minute - k->opt.topic_ms / 60000, p->most, &n);
	p->n += n;
	if (rc == 0)
		rc = redeem_prune(k, p->most, &n);
	p->n += n;
	if (rc == 0)
		rc = store_prune_topics(
		    k->store, p->minute - k->opt.topic_ms / 60000, p->most, &n);
	p->n += n;
	if (rc == 0)
		rc = store_prune_links(
		    k->store, (p->minute - OUTBOX_LINK_DAYS * 1440LL) * 60, p->most, &n);
	p->n += n;
	if (rc == 0)
		rc = store_prune_ways(
		    k->store, p->minute - OUTBOX_WAY_DAYS * 1440LL, p->most, &n);
	p->n += n;
	if (rc == 0)
		rc = store_prune_drafts(
		    k->store, p->minute - k->opt.idem_ms / 60000, old, p->most, &n);
	p->n += n;
	if (rc == 0)
		rc = store_prune_situations(k->store, old, p->most, &n);
	p->n += n;
	if (rc == 0 && p->n == 0)
		rc = ERR_NOTFOUND; /* nothing to commit */
	return rc;
}

int
expire_prune(struct keeper *k, int64_t minute, unsigned most)
{
	struct pruning p = { minute, most, 0 };
	int rc = batch_transact(k->batch, prune, &p);

	return rc == 0 ? (int)p.n : rc == ERR_NOTFOUND ? 0 : rc;
}

static int
reached(struct keeper *k, void *arg)
{
	unsigned n = 0;
	int rc = situation_reached(k, *(int64_t *)arg, &n);

	return rc == 0 && n == 0 ? ERR_NOTFOUND : rc; /* nothing to commit */
}

int
expire_reached(struct keeper *k, int64_t minute)
{
	int rc = batch_transact(k->batch, reached, &minute);

	return rc == ERR_NOTFOUND ? 0 : rc;
}

static void
on_tick(void *arg)
{
	struct expire *e = arg;
	int64_t minute;
	int rc;

	steady_tick(e->k);
	minute = steady_minute(e->k);
	/* The clock was set back: what is done every so often waits for no tomorrow. */
	if (minute < e->looked)
		e->looked = minute;
	if (minute < e->pruned)
		e->pruned = minute;
	if (e->k->failing || e->k->write_stop || e->k->stopping)
		return;
	rc = expire_due(e->k, minute, A_TICK);
	if (rc > 0)
		mode_tell(e->k, NULL);
	if (rc >= 0)
		rc = expire_slips(e->k, minute);
	if (rc >= 0 && minute > e->looked) {
		e->looked = minute;
		rc = expire_reached(e->k, minute);
	}
	if (rc < 0 || minute < e->pruned + PRUNE_MINUTES)
		return;
	rc = expire_prune(e->k, minute, A_TICK);
	if (rc == 0)
		e->pruned = minute;
}

struct expire *
expire_new(struct keeper *k)
{
	struct expire *e = mem_zalloc(sizeof *e);

	if (e == NULL)
		return NULL;
	e->k = k;
	e->timer = loop_timer_new(k->loop, on_tick, e);
	k->escalate = escalate_new(k);
	k->pager = hotline_new(k);
	if (e->timer == NULL || k->escalate == NULL || k->pager == NULL) {
		expire_free(e);
		return NULL;
	}
	loop_timer_set(e->timer, TICK_MS, 1);
	return e;
}

void
expire_free(struct expire *e)
{
	if (e == NULL)
		return;
	hotline_free(e->k->pager);
	escalate_free(e->k->escalate);
	loop_timer_free(e->timer);
	mem_free(e);
}
