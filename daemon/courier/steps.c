/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/courier/steps.h"

#include <stdio.h>
#include <string.h>

#include "daemon/courier/sender.h"
#include "lib/clock.h"

/* Together with a lookup and a transfer less than a lease of 60 s. */
enum { VAULT_MS = 10000, WAITING_MS = 25000 };

void
steps_aim(struct courier *c, struct delivery *d)
{
	const char *why = "";
	enum courier_outcome o = d->sender->aim(c, d, &why);

	if (o != OUTCOME_SENT) {
		delivery_settle(c, d, o, why);
		return;
	}
	delivery_stage(c, d, STAGE_WAITING);
}

void
steps_leave(struct courier *c, struct delivery *d, enum endpoint_word how)
{
	struct endpoint *p = d->endpoint;

	d->endpoint = NULL;
	if (p == NULL)
		return;
	if (how == ENDPOINT_BAD)
		(void)snprintf(
		    p->why, sizeof p->why, "%.*s", ENDPOINT_WHY - 1, d->reason);
	endpoints_leave(c->endpoints, p, how, clock_mono_ms());
}

static void
start(struct courier *c, struct delivery *d)
{
	int64_t now = clock_mono_ms(), wait;
	struct endpoint *p = endpoints_get(c->endpoints, &d->target, now);
	int urgent = d->job.stage == BROUGHT_PAGE;
	char why[REASON_MAX + 1];
	int rc;

	if (p == NULL) {
		delivery_postpone(c, d, "too many endpoints");
		return;
	}
	p->ours = d->sender->trusted;
	wait = urgent ? 0 : breaker_wait(&p->breaker, now);
	if (wait > 0) {
		(void)snprintf(why, sizeof why, "down: %s", p->why);
		delivery_failed(c, d, why, wait / 1000 + 1);
		return;
	}
	if (urgent ? !endpoints_enter_urgent(c->endpoints, p, now)
		   : !endpoints_enter(c->endpoints, p, now))
		return; /* it waits on */
	rc = resolver_ask(c->resolver, d->id, d->target.host);
	if (rc != 0) {
		endpoints_leave(c->endpoints, p, ENDPOINT_VOID, now);
		if (rc != ERR_AGAIN)
			delivery_postpone(c, d, "no names");
		return;
	}
	d->endpoint = p;
	delivery_stage(c, d, STAGE_NAME);
}

void
steps_turn(struct courier *c)
{
	struct delivery *d;

	for (d = c->first; d != NULL; d = d->next)
		if (d->stage == STAGE_WAITING)
			start(c, d);
}

/* Why nothing may be sent to what the name stands for; NULL: it may. */
static const char *
refuse(struct courier *c, const struct delivery *d, const struct resolved *a)
{
	unsigned i;

	switch (a->word) {
	case NAME_FOUND:
		break;
	case NAME_LATE:
		return "name lookup timed out";
	case NAME_TOO_MANY:
		return "too many addresses";
	default:
		return "name is unknown";
	}
	/* One bad address among good ones is enough: which is used is not ours to say. */
	for (i = 0; i < a->n; i++)
		if (!d->sender->trusted &&
		    !target_may((const struct sockaddr *)&a->address[i], &c->opt.rules)) {
			c->count.refused++;
			return "address is not allowed";
		}
	return NULL;
}

void
steps_name(void *arg, uint64_t id, const struct resolved *a)
{
	struct courier *c = arg;
	struct delivery *d = delivery_find(c, id);
	struct transfer *t;
	const char *why;

	if (d == NULL || d->stage != STAGE_NAME)
		return;
	if (a->word == NAME_ENDED) { /* no fault of the receiver's */
		steps_leave(c, d, ENDPOINT_VOID);
		delivery_postpone(c, d, "no names");
		return;
	}
	why = refuse(c, d, a);
	if (why != NULL) {
		delivery_failed(c, d, why, -1);
		steps_leave(c, d, ENDPOINT_BAD);
		return;
	}
	t = d->sender->load(c, d, a);
	if (t == NULL || transfer_start(t, d) != 0) {
		transfer_free(t);
		steps_leave(c, d, ENDPOINT_VOID);
		delivery_postpone(c, d, "could not begin");
		return;
	}
	delivery_stage(c, d, STAGE_SENDING);
}

void
steps_late(struct courier *c)
{
	int64_t now = clock_mono_ms();
	struct delivery *d;

	for (d = c->first; d != NULL; d = d->next) {
		if (d->stage == STAGE_MATE && delivery_find(c, d->lead) == NULL)
			delivery_postpone(c, d, "its mail was given up");
		else if (d->stage == STAGE_VAULT && now - d->since >= VAULT_MS)
			delivery_postpone(c, d, "the vault is away");
		else if (d->stage == STAGE_WAITING && now - d->since >= WAITING_MS)
			delivery_postpone(c, d, "no connection is free");
	}
}
