/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "daemon/keeper/batch.h"
#include "daemon/keeper/directory.h"
#include "daemon/keeper/hotline.h"
#include "daemon/keeper/keeper.h"
#include "daemon/keeper/lanes.h"
#include "daemon/keeper/links.h"
#include "daemon/keeper/outbox.h"
#include "daemon/keeper/publish.h"
#include "daemon/keeper/steady.h"
#include "daemon/keeper/ways.h"
#include "daemon/keeper/words.h"

/* What the courier's results change: sent, to be tried again, split into contacts, or
 * failed, which the receiver's desks are told. */

enum { HOUR_S = 3600 };

/* A bell on the desks of the receiver: one of its ways in does not work.  Not whose. */
static int
notice(struct keeper *k, const struct store_delivery *d)
{
	const struct vault_dir_row *row = directory_find(k->dir, d->key.receiver);
	struct lane *lane =
	    lanes_get(outbox_lanes(k->outbox), d->key.receiver, d->key.route);
	int64_t now = k->now_ms() / 1000;
	struct frame_head h;
	struct buf body, stub;
	int rc;

	if (row == NULL || lane == NULL || lane->told_hour == now / HOUR_S)
		return 0;
	memset(&h, 0, sizeof h);
	h.kind = FRAME_INBOX;
	h.sector = SECTOR_NONE;
	h.minute = (uint32_t)(now / 60);
	rights_places(&row->rights.op, &row->rights.sec, &row->rights.aff,
	    row->rights.roles, &h.slots);
	if (slots_empty(&h.slots))
		h.flags |= FRAME_CENTRE;
	buf_init(&body, 1024);
	buf_init(&stub, 1024);
	buf_adds(&body, "{\"ceptoar\":null,\"delivery\":true,\"minute\":");
	words_time((int64_t)h.minute * 60000, &body);
	buf_adds(&body, ",\"severity\":0}");
	rc = buf_err(&body);
	if (rc == 0)
		rc = publish_row(k, &h, &body, &stub);
	if (rc == 0)
		lane->told_hour = now / HOUR_S;
	buf_done(&body);
	buf_done(&stub);
	return rc;
}

static int
split(struct keeper *k, const struct store_delivery *d, const struct courier_result *r)
{
	struct store_delivery part = *d;
	unsigned i;
	int rc = store_delivery_del(k->store, &d->key);

	part.state = d->digest ? DELIVERY_DIGEST : DELIVERY_QUEUED;
	part.next_at = 0;
	for (i = 0; rc == 0 && i < r->n; i++) {
		part.key.contact = r->contact[i];
		rc = store_delivery_add(k->store, &part);
	}
	if (rc == 0 && !d->digest)
		rc = lanes_due(
		    outbox_lanes(k->outbox), d->key.receiver, d->key.route, part.next_at);
	return rc;
}

/* Reasons are words of the courier's own; what a far end has said is no part of them. */
static void
reason_set(struct store_delivery *d, struct slice s)
{
	size_t i;

	for (i = 0; i < s.n && i < COURIER_REASON_MAX; i++)
		d->reason[i] = s.p[i];
	d->reason[i] = '\0';
	for (i = 0; d->reason[i] != '\0'; i++)
		if (d->reason[i] < ' ' || d->reason[i] > '~')
			d->reason[i] = '?';
}

static int
again(struct keeper *k, struct store_delivery *d, uint32_t delay)
{
	outbox_count(k->outbox)->retried++;
	d->state = d->digest ? DELIVERY_DIGEST : DELIVERY_QUEUED;
	d->next_at = steady_s(k) + (delay < OUTBOX_DELAY_MAX ? delay : OUTBOX_DELAY_MAX);
	if (d->digest || d->stage == BROUGHT_PAGE)
		return 0;
	return lanes_due(
	    outbox_lanes(k->outbox), d->key.receiver, d->key.route, d->next_at);
}

/* What a result makes of its delivery; *d is written afterwards. */
static int
settle(struct keeper *k, struct store_delivery *d, const struct courier_result *r)
{
	int rc = 0;

	d->next_at = d->lease_until = 0;
	reason_set(d, r->reason);
	memcpy(d->person, r->person, sizeof d->person);
	switch (r->outcome) {
	case OUTCOME_SENT:
		outbox_count(k->outbox)->sent++;
		d->state = DELIVERY_SENT;
		d->sent_at = k->now_ms() / 60000;
		rc = links_sent(k, &d->key);
		if (rc == 0)
			rc = store_gone_del(k->store, &d->key);
		return rc != 0 ? rc : ways_learn(k, &d->key, 1);
	case OUTCOME_RETRY:
		return again(k, d, r->delay);
	case OUTCOME_NONE:
		outbox_count(k->outbox)->dropped++;
		d->state = DELIVERY_DROPPED;
		return 0;
	case OUTCOME_GONE:
		rc = store_gone_put(k->store, &d->key, r->mark);
		break;
	default:
		break;
	}
	outbox_count(k->outbox)->failed++;
	d->state = DELIVERY_FAILED;
	if (rc == 0)
		rc = ways_learn(k, &d->key, 0);
	if (rc == 0 && r->outcome != OUTCOME_UNABLE)
		rc = notice(k, d);
	return rc;
}

static int
done(struct keeper *k, const struct courier_result *r)
{
	struct store_delivery d;
	struct lane *lane;
	int rc;

	rc = store_delivery_get(k->store, &r->key, &d);
	if (rc == ERR_NOTFOUND)
		return 0;
	if (rc != 0)
		return rc;
	/* A report that comes after its lease ran out is as true as any other. */
	if (d.state != DELIVERY_LEASED && d.state != DELIVERY_QUEUED &&
	    (d.state != DELIVERY_DIGEST || d.tries == 0))
		return 0;
	lane = lanes_get(outbox_lanes(k->outbox), d.key.receiver, d.key.route);
	if (lane == NULL)
		return ERR_NOMEM;
	if (d.state == DELIVERY_LEASED && lane->leased > 0 && d.stage != BROUGHT_PAGE)
		lane->leased--;
	if (r->outcome == OUTCOME_SPLIT)
		return split(k, &d, r);
	rc = settle(k, &d, r);
	if (rc == 0)
		rc = store_delivery_set(k->store, &d);
	return rc == 0 && d.stage == BROUGHT_PAGE ? hotline_settled(k, &d.key) : rc;
}

int
courier_done_apply(struct keeper *k, struct batch_op *op)
{
	struct courier_result r;
	struct wire w;
	unsigned n;
	int rc = lanes_ready(outbox_lanes(k->outbox), k->store);

	wire_init(&w, op->results.p, op->results.n);
	n = wire_u8(&w);
	for (; rc == 0 && n > 0; n--) {
		courier_result_get(&w, &r);
		rc = w.err != 0 ? ERR_INVALID : done(k, &r);
	}
	return rc;
}
