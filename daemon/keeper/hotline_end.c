/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/keeper/hotline.h"

#include "daemon/keeper/outbox.h"

/* What ends a page: somebody has it, or nobody needs it any more. */

enum { STOP_MOST = 200 };

int
hotline_stop(struct keeper *k, const uint8_t *page, const char *reason)
{
	struct store_delivery v[STOP_MOST];
	unsigned i, n;
	int rc;

	do {
		rc = store_delivery_of_page(k->store, page, STOP_MOST, v, &n);
		for (i = 0; rc == 0 && i < n; i++) {
			outbox_call_off(k, &v[i].key);
			rc = outbox_drop(k, &v[i], reason);
		}
	} while (rc == 0 && n == STOP_MOST);
	return rc;
}

/* The call counts in its page no more; a page without any rouses nobody. */
static int
leave(struct keeper *k, const struct store_call *c, int64_t minute)
{
	unsigned sector = taxonomy_sector_of_slot(k->tax, c->slot), left = 0;
	struct store_page p;
	int rc = store_page_get(k->store, c->page, &p);

	if (rc == 0)
		rc = store_page_uncount(k->store, p.id, sector, &left);
	if (rc != 0)
		return rc == ERR_NOTFOUND ? 0 : rc;
	if (left > 0) {
		p.calls -= p.calls > 1;
		return store_page_put(k->store, &p);
	}
	p.state = CALL_TAKEN;
	p.withdrawn_at = minute;
	rc = store_page_put(k->store, &p);
	return rc == 0 ? hotline_stop(k, p.id, "withdrawn") : rc;
}

int
hotline_withdrawn(struct keeper *k, const uint8_t *case_id, int64_t minute)
{
	struct store_call c;
	int rc = store_call_get(k->store, case_id, &c);

	if (rc != 0 || c.withdrawn_at > 0)
		return rc == ERR_NOTFOUND ? 0 : rc;
	c.state = CALL_TAKEN;
	c.withdrawn_at = minute;
	rc = store_call_put(k->store, &c);
	return rc == 0 && c.has_page ? leave(k, &c, minute) : rc;
}
