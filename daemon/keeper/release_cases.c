/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "daemon/keeper/case.h"
#include "daemon/keeper/publish.h"
#include "daemon/keeper/recall.h"
#include "daemon/keeper/release.h"
#include "daemon/keeper/situation.h"

/* What a release does to the cases that it was made of, and to their other bulletins. */

struct merging {
	struct keeper *k;
	const struct store_draft *d;
	const struct audience *a;
	const struct store_bulletin *b; /* what was released */
	int64_t minute;
};

/* 1: a case that the new one was not made of. */
static int
is_missing(void *arg, const uint8_t *case_id)
{
	const struct merging *m = arg;
	unsigned i;

	for (i = 0; i < m->a->n; i++)
		if (memcmp(m->a->v[i].row.id, case_id, ID_LEN) == 0)
			return 0;
	return 1;
}

/* Do all who read the old one read the new one? */
static int
covers(const struct frame_head *now, const struct frame_head *old)
{
	const unsigned audience = old->flags & FRAME_AUDIENCE;
	unsigned i;

	if (old->tlp >= TLP_RED || now->tlp > old->tlp || now->severity < old->severity)
		return 0;
	if ((audience & ~(unsigned)now->flags) != 0 ||
	    (now->flags & FRAME_NO_GOV & ~(unsigned)old->flags) != 0)
		return 0;
	for (i = 0; i < SLOT_BYTES && (now->flags & FRAME_ALL) == 0; i++)
		if ((old->slots.b[i] & ~(unsigned)now->slots.b[i]) != 0)
			return 0;
	return 1;
}

/* Another bulletin of one of the cases gives way: an automatic one, and this desk's own
 * when the new one has all its cases and all its readers. */
static int
end_other(void *arg, struct store_bulletin *old)
{
	const struct merging *m = arg;
	uint8_t desk;
	int rc = 0;

	if (old->state != BULLETIN_STANDS || memcmp(old->id, m->b->id, ID_LEN) == 0)
		return 0;
	if (old->verified) {
		if ((old->head.flags & FRAME_DESK) == 0 ||
		    !covers(&m->b->head, &old->head))
			return 0;
		rc = recall_desk(m->k, old, &desk);
		if (rc == ERR_NOTFOUND || (rc == 0 && desk != m->d->desk))
			return 0;
		if (rc == 0)
			rc = store_bulletin_case_each(
			    m->k->store, old->id, is_missing, arg);
		if (rc != 0)
			return rc == 1 ? 0 : rc;
	}
	return publish_cancel(m->k, old, m->minute, "merged");
}

/* Its reporter reads in the case that it led to this.  Of one that was taken back nobody
 * reads any more, and its row stays as its end has left it. */
static int
settle_row(const struct merging *m, struct store_case row)
{
	int rc = case_bulletins(m->k, &row, end_other, (void *)(uintptr_t)m);

	if (rc == 0)
		rc = situation_released(m->k, row.id, m->b, m->minute);
	if (row.state == CASE_RECEIVED)
		row.state = CASE_RELEASED;
	row.has_bulletin = 1;
	memcpy(row.bulletin, m->b->id, ID_LEN);
	return rc == 0 ? store_case_put(m->k->store, &row) : rc;
}

int
release_settle(struct keeper *k, const struct store_draft *d, struct audience_case *one,
    const struct audience *a, const struct store_bulletin *b, int64_t minute)
{
	const struct merging m = { k, d, a, b, minute };
	int rc = 0;

	if (one->row.state != CASE_WITHDRAWN)
		rc = settle_row(&m, one->row);
	one->gate.shown &= (uint16_t)a->shown;
	kgate_remember(&one->ask, &one->gate, &one->before);
	if (rc == 0)
		rc = store_shown_put(k->store, one->row.id, &one->before);
	return rc == 0 ? store_bulletin_case_add(k->store, b->id, one->row.id) : rc;
}
