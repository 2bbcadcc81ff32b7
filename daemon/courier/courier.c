/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/courier/courier.h"

#include <stdio.h>
#include <string.h>

#include <openssl/rand.h>

#include "daemon/courier/resolver.h"
#include "daemon/courier/sender.h"
#include "daemon/courier/steps.h"
#include "daemon/courier/transfer.h"
#include "lib/clock.h"
#include "lib/log.h"
#include "lib/loop.h"
#include "lib/mem.h"

enum {
	TICK_MS = 1000,
	LEAVE_STEP_MS = 20,
	LEAVE_MOST_MS = 5000,
	LEAVE_AWAITS_MS = 8500, /* with mails that nobody has answered yet */
	SOON_S = 5,
	DAY_S = 86400
};

static int64_t
wall_s(void)
{
	return clock_wall_ms() / 1000;
}

static void
on_wait(void *arg)
{
	struct courier *c = arg;

	c->dirty = 1;
	courier_poke(c);
}

static void
on_tick(void *arg)
{
	steps_late(arg);
	courier_poke(arg);
}

static void
on_turn(void *arg)
{
	struct courier *c = arg;

	steps_turn(c);
	up_keeper_tell(c);
	up_keeper_lease(c);
	up_digest_ask(c);
}

/* Without names nothing goes out: whoever started this program starts another one. */
static void
on_no_names(void *arg)
{
	struct courier *c = arg;

	c->failed = !c->stopping;
	courier_drain(c);
}

int
courier_open(struct courier *c, struct loop *loop, struct resolver *resolver)
{
	int rc;

	c->loop = loop;
	c->resolver = resolver;
	c->last = &c->first;
	c->dirty = 1;
	if (c->now_s == NULL)
		c->now_s = wall_s;
	/* Calls have ids that say nothing of their number. */
	if (RAND_bytes((unsigned char *)&c->last_id, sizeof c->last_id) != 1)
		return ERR_CRYPTO;
	resolver_on_name(resolver, steps_name, c);
	resolver_on_end(resolver, on_no_names, c);
	c->endpoints = endpoints_new();
	c->wait = loop_timer_new(loop, on_wait, c);
	c->tick = loop_timer_new(loop, on_tick, c);
	c->turn = loop_task_new(loop, on_turn, c);
	if (c->endpoints == NULL || c->wait == NULL || c->tick == NULL || c->turn == NULL)
		return ERR_NOMEM;
	rc = transfers_new(&c->transfers, c);
	if (rc == 0)
		loop_timer_set(c->tick, TICK_MS, 1);
	return rc;
}

void
courier_close(struct courier *c)
{
	while (c->first != NULL)
		delivery_free(c, c->first);
	link_free(c->keeper);
	link_free(c->vault);
	link_server_free(c->admin);
	transfers_free(c->transfers);
	resolver_free(c->resolver);
	endpoints_free(c->endpoints);
	loop_timer_free(c->wait);
	loop_timer_free(c->tick);
	loop_task_free(c->turn);
	mem_wipe(c->opt.gateway_secret, sizeof c->opt.gateway_secret);
	mem_wipe(c->opt.mail.password, sizeof c->opt.mail.password);
}

void
courier_poke(struct courier *c)
{
	loop_task_poke(c->turn);
}

void
courier_reload(struct courier *c)
{
	struct options o;
	struct buf why;
	int rc;

	if (c->conf == NULL)
		return;
	loop_notify("RELOADING=1");
	buf_init(&why, sizeof c->reload_error);
	rc = options_read(&o, c->conf, c->opt.rules.loopback, &why);
	if (rc == 0) {
		c->opt = o;
		log_level_set((enum log_level)options_log_level(&o));
		c->reload_error[0] = '\0';
		log_info("reloaded");
	} else {
		(void)snprintf(c->reload_error, sizeof c->reload_error, "%s",
		    why.n > 0 ? buf_cstr(&why) : err_str(rc));
		log_error("reload: %s; the old settings stay", c->reload_error);
	}
	mem_wipe(&o, sizeof o);
	buf_done(&why);
	loop_notify("READY=1");
}

static int
awaits(const struct courier *c)
{
	const struct delivery *d;

	for (d = c->first; d != NULL; d = d->next)
		if (d->transfer != NULL && transfer_awaits(d->transfer))
			return 1;
	return 0;
}

/* Until the last results are confirmed, but not for ever: what is not comes back. */
static void
leave_step(void *arg)
{
	struct courier *c = arg;

	if (c->in_hand == 0 ||
	    clock_mono_ms() >=
		c->leave_by + (awaits(c) ? LEAVE_AWAITS_MS - LEAVE_MOST_MS : 0))
		loop_stop(c->loop);
	else
		steps_turn(c);
	up_keeper_tell(c);
}

void
courier_drain(struct courier *c)
{
	struct delivery *d;

	if (c->stopping)
		return;
	loop_notify("STOPPING=1");
	c->stopping = 1;
	c->leave_by = clock_mono_ms() + LEAVE_MOST_MS;
	for (d = c->first; d != NULL; d = d->next)
		if (d->stage == STAGE_VAULT || d->stage == STAGE_WAITING)
			delivery_postpone(c, d, "the courier stops");
	loop_timer_free(c->tick);
	c->tick = loop_timer_new(c->loop, leave_step, c);
	if (c->tick != NULL)
		loop_timer_set(c->tick, LEAVE_STEP_MS, 1);
	else
		loop_stop(c->loop);
}

void
text_drop(struct text *t)
{
	if (t != NULL && --t->refs == 0)
		mem_free(t);
}

static int
in_hand(const struct courier *c, const struct courier_key *key)
{
	const struct delivery *d;

	for (d = c->first; d != NULL; d = d->next)
		if (memcmp(&d->job.key, key, sizeof *key) == 0)
			return 1;
	return 0;
}

/* NULL: its lease ran out while it was here, and what is under way goes on; or no memory.
 */
static struct delivery *
make(struct courier *c, const struct courier_job *j, struct text *t)
{
	struct delivery *d = in_hand(c, &j->key) ? NULL : mem_zalloc(sizeof *d);

	if (d == NULL)
		return NULL;
	d->job = *j;
	d->text = t;
	t->refs++;
	d->id = ++c->last_id;
	d->born = clock_timer_ms();
	d->sender = sender_of(j->key.route);
	*c->last = d;
	c->last = &d->next;
	c->in_hand++;
	c->count.leased++;
	return d;
}

static void
begin(struct courier *c, struct delivery *d)
{
	if (d->sender == NULL) {
		delivery_settle(c, d, OUTCOME_UNABLE, "no such way here");
		return;
	}
	delivery_stage(c, d, STAGE_VAULT);
	up_vault_ask(c, d);
}

int
delivery_new(struct courier *c, const struct courier_job *j, struct text *t)
{
	struct delivery *d = make(c, j, t);

	if (d == NULL)
		return in_hand(c, &j->key) ? 0 : ERR_NOMEM;
	begin(c, d);
	return 0;
}

int
delivery_page(struct courier *c, const struct courier_job *j, struct text *t)
{
	struct delivery *d = make(c, j, t), **at;

	if (d == NULL)
		return in_hand(c, &j->key) ? 0 : ERR_NOMEM;
	if (c->first != d) { /* it was put at the end */
		for (at = &c->first; *at != d; at = &(*at)->next)
			continue;
		*at = NULL;
		c->last = at;
		d->next = c->first;
		c->first = d;
	}
	begin(c, d);
	return 0;
}

struct delivery *
delivery_lead(struct courier *c, const struct courier_job *j, struct text *t)
{
	struct delivery *d = make(c, j, t);

	if (d == NULL)
		return NULL;
	d->digest = 1;
	begin(c, d);
	return d;
}

void
delivery_join(struct courier *c, const struct courier_job *j, struct text *t,
    const struct delivery *lead)
{
	struct delivery *d = make(c, j, t);

	if (d == NULL)
		return;
	d->lead = lead->id;
	delivery_stage(c, d, STAGE_MATE);
}

struct delivery *
delivery_find(struct courier *c, uint64_t id)
{
	struct delivery *d;

	for (d = c->first; d != NULL && d->id != id; d = d->next)
		continue;
	return d;
}

void
delivery_stage(struct courier *c, struct delivery *d, enum stage stage)
{
	d->stage = stage;
	d->since = clock_mono_ms();
	courier_poke(c);
}

void
delivery_free(struct courier *c, struct delivery *d)
{
	struct delivery **at;

	for (at = &c->first; *at != d; at = &(*at)->next)
		continue;
	*at = d->next;
	if (d->next == NULL)
		c->last = at;
	c->in_hand--;
	transfer_cancel(d);
	text_drop(d->text);
	mem_wipe_free(d, sizeof *d);
}

static void
settle(struct courier *c, struct delivery *d, enum courier_outcome o, const char *reason)
{
	struct courier_result *r = &d->result;

	(void)snprintf(d->reason, sizeof d->reason, "%s", reason);
	r->key = d->job.key;
	r->outcome = (uint8_t)o;
	r->reason = slice_of(d->reason);
	switch (o) {
	case OUTCOME_SENT:
		c->count.sent++;
		break;
	case OUTCOME_RETRY:
		c->count.retried++;
		break;
	case OUTCOME_FAILED:
	case OUTCOME_GONE:
		c->count.failed++;
		break;
	default:
		break;
	}
	delivery_stage(c, d, STAGE_SETTLED);
}

void
delivery_settle(
    struct courier *c, struct delivery *d, enum courier_outcome o, const char *reason)
{
	struct delivery *m;

	settle(c, d, o, reason);
	for (m = d->digest ? c->first : NULL; m != NULL; m = m->next) {
		if (m->stage != STAGE_MATE || m->lead != d->id)
			continue;
		m->result = d->result;
		settle(c, m, o, reason);
	}
}

static uint32_t
dice(void)
{
	uint32_t v = 0;

	/* Without chance many come back at once, which is only slower. */
	if (RAND_bytes((unsigned char *)&v, sizeof v) != 1)
		v = 0;
	return v;
}

void
delivery_failed(struct courier *c, struct delivery *d, const char *reason, int64_t after)
{
	uint32_t delay = backoff_delay(&c->opt.backoff, d->job.tries + 1u, dice());
	/* Its age is the keeper's word: no clock that is set makes a dead letter. */
	int64_t age = d->job.age * 60 + (clock_timer_ms() - d->born) / 1000;
	int64_t give_up = c->opt.give_up_ms / 1000;

	if (d->digest) /* it has waited for its hour */
		give_up += DAY_S;

	if (after > (int64_t)delay)
		delay = (uint32_t)after;
	if (age + (int64_t)delay > give_up) {
		delivery_settle(c, d, OUTCOME_FAILED, reason);
		return;
	}
	d->result.delay = delay;
	delivery_settle(c, d, OUTCOME_RETRY, reason);
}

void
delivery_postpone(struct courier *c, struct delivery *d, const char *reason)
{
	d->result.delay = SOON_S;
	delivery_settle(c, d, OUTCOME_RETRY, reason);
}
