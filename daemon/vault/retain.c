/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/vault/retain.h"

#include <stdint.h>

#include "daemon/vault/seal.h"
#include "daemon/vault/vstore.h"
#include "daemon/vault/vault.h"
#include "lib/clock.h"
#include "lib/db.h"
#include "lib/log.h"
#include "lib/loop.h"
#include "lib/mem.h"

enum {
	HOUR_MS = 3600 * 1000,
	DAY_MS = 24 * HOUR_MS,
	QUIET_MS = 1000,
	STEP = 250, /* envelopes destroyed in one transaction */
	WAL_SOFT = 16 * 1024 * 1024,
	WAL_HARD = 64 * 1024 * 1024,
	HOLD_CHECKS = 24,
};

struct retain {
	struct vault *v;
	struct loop_timer *hourly, *quiet;
	struct loop_task *sweep;
	int64_t skew; /* wall clock less steady clock, when last looked at */
	int hold;     /* checks for which nothing is destroyed */
};

void
retain_after_write(struct retain *r)
{
	struct db *db = vstore_db(r->v->store);
	uint64_t wal = db_wal_bytes(db);
	int rc = 0;

	if (r->v->failed)
		return;
	if (wal > WAL_HARD || (wal > WAL_SOFT && seal_idle(r->v->seal)))
		rc = db_checkpoint(db, 0);
	if (rc != 0)
		(void)vault_write_failed(r->v, rc);
	loop_timer_set(r->quiet, QUIET_MS, 0);
}

static void
on_quiet(void *arg)
{
	struct retain *r = arg;
	int rc;

	if (r->v->failed || r->v->writes_off)
		return;
	rc = db_checkpoint(vstore_db(r->v->store), 1);
	if (rc == ERR_FULL)
		loop_timer_set(r->quiet, 10 * QUIET_MS, 0);
	else if (rc != 0)
		(void)vault_write_failed(r->v, rc);
}

/*
 * What is destroyed cannot be brought back, so a wall clock that jumped is not believed
 * at once: by more than two days against the steady clock, and nothing is destroyed for a
 * day's worth of checks.
 */
static int
clock_is_steady(struct retain *r)
{
	int64_t skew = clock_wall_ms() - clock_timer_ms(), step = skew - r->skew;

	r->skew = skew;
	if (step > 2 * DAY_MS || step < -2 * (int64_t)DAY_MS) {
		log_warn(
		    "the clock has jumped by %d days; no envelope is destroyed for a day",
		    (int)(step / DAY_MS));
		r->hold = HOLD_CHECKS;
	}
	if (r->hold > 0)
		r->hold--;
	return r->hold == 0;
}

static void
sweep(void *arg)
{
	struct retain *r = arg;
	struct vault *v = r->v;
	struct db *db = vstore_db(v->store);
	int64_t day = clock_wall_minute() / 1440 - v->opt.envelope_days;
	int rc, n;

	if (v->failed || v->writes_off)
		return;
	rc = db_begin(db);
	n = rc == 0 ? vstore_drop_envelopes(v->store, day, STEP) : rc;
	if (n == 0) {
		db_rollback(db);
		return;
	}
	rc = n > 0 ? db_commit(db) : n;
	if (rc != 0) {
		db_rollback(db);
		(void)vault_write_failed(v, rc);
		return;
	}
	v->envelopes -= (uint32_t)n;
	retain_after_write(r);
	if (n == STEP)
		loop_task_poke(r->sweep);
}

void
retain_start(struct retain *r)
{
	loop_task_poke(r->sweep);
}

static void
on_hour(void *arg)
{
	struct retain *r = arg;

	if (clock_is_steady(r))
		retain_start(r);
}

int
retain_new(struct retain **ret, struct vault *v)
{
	struct retain *r = mem_zalloc(sizeof *r);

	if (r == NULL)
		return ERR_NOMEM;
	r->v = v;
	r->skew = clock_wall_ms() - clock_timer_ms();
	r->hourly = loop_timer_new(v->loop, on_hour, r);
	r->quiet = loop_timer_new(v->loop, on_quiet, r);
	r->sweep = loop_task_new(v->loop, sweep, r);
	if (r->hourly == NULL || r->quiet == NULL || r->sweep == NULL) {
		retain_free(r);
		return ERR_NOMEM;
	}
	loop_timer_set(r->hourly, HOUR_MS, 1);
	retain_start(r);
	*ret = r;
	return 0;
}

void
retain_free(struct retain *r)
{
	if (r == NULL)
		return;
	loop_timer_free(r->hourly);
	loop_timer_free(r->quiet);
	loop_task_free(r->sweep);
	mem_free(r);
}
