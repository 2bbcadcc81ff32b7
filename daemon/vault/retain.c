/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/vault/retain.h"

#include <stdint.h>

#include "daemon/vault/distinct.h"
#include "daemon/vault/issue.h"
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
	if (wal > WAL_HARD ||
	    (wal > WAL_SOFT && seal_idle(r->v->seal) && issue_idle(r->v->issue)))
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
 * at once: by more than two days against the steady clock, or, at start, to where nothing
 * at all would be left; then nothing is destroyed for a day's worth of checks.
 */
static void
hold(struct retain *r, const char *what)
{
	log_warn("%s; no envelope is destroyed for a day", what);
	r->hold = HOLD_CHECKS;
}

static void
check_step(struct retain *r)
{
	int64_t skew = clock_wall_ms() - clock_timer_ms(), step = skew - r->skew;

	r->skew = skew;
	if (step > 2 * DAY_MS || step < -2 * (int64_t)DAY_MS)
		hold(r, "the clock has jumped");
}

static int64_t
last_day(const struct retain *r)
{
	return clock_wall_minute() / 1440 - r->v->opt.envelope_days;
}

static int
check_start(struct retain *r)
{
	int64_t newest = 0;
	int rc = vstore_newest_day(r->v->store, &newest);

	if (rc == 1 && newest < last_day(r))
		hold(r, "every envelope is too old: is the clock right?");
	return rc < 0 ? rc : 0;
}

static void
sweep(void *arg)
{
	struct retain *r = arg;
	struct vault *v = r->v;
	struct db *db = vstore_db(v->store);
	int rc, n;

	if (v->failed || v->writes_off)
		return;
	rc = db_begin(db);
	n = rc == 0 ? vstore_drop_envelopes(v->store, last_day(r), STEP) : rc;
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
	if (r->hold == 0)
		loop_task_poke(r->sweep);
}

static void
on_hour(void *arg)
{
	struct retain *r = arg;

	if (r->hold > 0)
		r->hold--;
	check_step(r);
	distinct_tick(r->v->distinct, clock_timer_ms());
	retain_start(r);
}

int
retain_new(struct retain **ret, struct vault *v)
{
	struct retain *r = mem_zalloc(sizeof *r);
	int rc;

	if (r == NULL)
		return ERR_NOMEM;
	r->v = v;
	r->skew = clock_wall_ms() - clock_timer_ms();
	r->hourly = loop_timer_new(v->loop, on_hour, r);
	r->quiet = loop_timer_new(v->loop, on_quiet, r);
	r->sweep = loop_task_new(v->loop, sweep, r);
	rc = r->hourly == NULL || r->quiet == NULL || r->sweep == NULL ? ERR_NOMEM
								       : check_start(r);
	if (rc != 0) {
		retain_free(r);
		return rc;
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
