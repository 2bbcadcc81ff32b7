/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/courier/courier.h"

#include "lib/log.h"

/*
 * Pages of the hotline: asked for as soon as the keeper says that there is one, however
 * much is in hand, and put before everything else.
 */
void
up_page_ask(struct courier *c)
{
	if (!c->keeper_up || !c->pages_due || c->page_call != 0 || c->stopping)
		return;
	if (link_send(c->keeper, KM_C_PAGES, 0, c->last_id + 1, "", 0) == 0) {
		c->page_call = ++c->last_id;
		c->pages_due = 0;
	}
}

void
up_page_take(struct courier *c, const struct courier_jobs *m, struct text *const *text)
{
	unsigned i;

	for (i = 0; i < m->n; i++)
		if (text[m->job[i].body] == NULL ||
		    delivery_page(c, &m->job[i], text[m->job[i].body]) != 0)
			log_warn("out of memory: a page comes back later");
	courier_poke(c);
}
