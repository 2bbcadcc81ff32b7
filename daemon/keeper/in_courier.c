/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "daemon/keeper/batch.h"
#include "daemon/keeper/keeper.h"
#include "daemon/keeper/lanes.h"
#include "daemon/keeper/outbox.h"
#include "daemon/keeper/steady.h"

/* The courier's calls: checked, and answered at once or inside a batch.  What it leases
 * stands in in_courier_lease.c, what its results change in in_courier_done.c. */

static int
results_check(struct batch_op *op)
{
	struct courier_result r;
	struct wire w;
	unsigned n;

	wire_init(&w, op->bytes, op->n);
	n = wire_u8(&w);
	if (n == 0 || n > COURIER_JOBS_MAX)
		return ERR_PROTO;
	for (; n > 0; n--)
		courier_result_get(&w, &r);
	op->results.p = (const char *)op->bytes;
	op->results.n = op->n;
	return wire_end(&w);
}

/* Nothing to hand out: said at once, without a transaction. */
static int
nothing(struct keeper *k, struct front *f, const struct link_frame *fr,
    const struct courier_lease *m)
{
	struct courier_jobs none;
	struct keeper_reply r;
	struct buf body;

	memset(&none, 0, sizeof none);
	/* Before the members are known every right would seem to have ended. */
	if (!outbox_knows(k->outbox))
		none.wait_s = 1;
	else if (lanes_ready(outbox_lanes(k->outbox), k->store) != 0)
		return 0;
	else
		none.wait_s = m != NULL ? courier_lease_wait(
					      k, courier_lease_routes(m), steady_s(k))
					: courier_digest_wait(k);
	if (none.wait_s == 0)
		return 0;
	buf_init(&body, 256);
	courier_jobs_put(&body, &none);
	memset(&r, 0, sizeof r);
	r.body = buf_slice(&body);
	keeper_answer(k, f, fr->type, fr->call, &r);
	buf_done(&body);
	return 1;
}

static int
into_batch(struct keeper *k, struct front *f, const struct link_frame *fr)
{
	struct batch_op *op = batch_op_new(f, fr);
	int rc;

	if (op == NULL) {
		keeper_refuse(k, f, fr->type, fr->call, P_UNAVAILABLE);
		return 0;
	}
	if (fr->type == KM_C_LEASE)
		rc = courier_lease_get(op->bytes, op->n, &op->lease);
	else if (fr->type == KM_C_DIGEST || fr->type == KM_C_PAGES)
		rc = op->n == 0 ? 0 : ERR_PROTO;
	else
		rc = results_check(op);
	if (fr->type != KM_C_DONE)
		op->answer_max = COURIER_LEASE_BYTES;
	if (rc == 0)
		batch_add(k->batch, op);
	else
		batch_op_free(op);
	return rc;
}

void
courier_frame(void *arg, struct link *l, const struct link_frame *fr)
{
	struct keeper *k = arg;
	struct front *f = link_user(l);
	struct courier_lease m;
	int rc = 0;

	if (f == NULL || k->failing)
		return;
	switch (fr->type) {
	case KM_C_LEASE:
		rc = courier_lease_get(fr->p, fr->n, &m);
		if (rc == 0 && !nothing(k, f, fr, &m))
			rc = into_batch(k, f, fr);
		break;
	case KM_C_DIGEST:
		if (fr->n != 0 || !nothing(k, f, fr, NULL))
			rc = into_batch(k, f, fr);
		break;
	case KM_C_PAGES:
	case KM_C_DONE:
		rc = into_batch(k, f, fr);
		break;
	default:
		rc = ERR_PROTO;
		break;
	}
	if (rc != 0)
		keeper_broken(k, f);
}
