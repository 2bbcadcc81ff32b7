/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/courier/courier.h"

#include "lib/clock.h"
#include "lib/loop.h"

/*
 * The daily mails: the keeper is asked whose is due, and hands out all that goes to one
 * contact.  The first of these takes the steps that every delivery takes; the others go
 * with it and share what becomes of it.
 */
enum { LOOK_MS = 30000, SOON_MS = 1000 };

void
up_digest_ask(struct courier *c)
{
	if (!c->keeper_up || c->stopping || c->digest_call != 0 ||
	    clock_mono_ms() < c->digest_at || c->in_hand + COURIER_JOBS_MAX > IN_HAND_MAX)
		return;
	if (link_send(c->keeper, KM_C_DIGEST, 0, c->last_id + 1, "", 0) == 0)
		c->digest_call = ++c->last_id;
}

static void
take(struct courier *c, const struct courier_jobs *m, struct text *const *text)
{
	struct delivery *lead = NULL;
	unsigned i;

	for (i = 0; i < m->n; i++) {
		if (text[m->job[i].body] == NULL)
			continue; /* no memory: its lease will run out */
		if (lead == NULL)
			lead = delivery_lead(c, &m->job[i], text[m->job[i].body]);
		else
			delivery_join(c, &m->job[i], text[m->job[i].body], lead);
	}
}

void
up_digest_take(struct courier *c, const struct courier_jobs *m, struct text *const *text)
{
	int64_t wait = m->wait_s < LOOK_MS / 1000 ? m->wait_s * 1000LL : LOOK_MS;

	take(c, m, text);
	c->digest_at = clock_mono_ms() + (m->n > 0 ? 0 : wait < SOON_MS ? SOON_MS : wait);
	courier_poke(c);
}
