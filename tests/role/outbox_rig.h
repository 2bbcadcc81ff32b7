/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OUTBOX_RIG_H
#define OUTBOX_RIG_H

/* A courier's calls, and members with routes. */
#include "tests/role/keeper_rig.h"

#include "daemon/keeper/outbox.h"

enum { ALL_ROUTES = 1 << BY_MAIL | 1 << BY_WEBHOOK | 1 << BY_SMS | 1 << BY_VOICE };

/* Members enough for the k gate, of which these have routes. */
struct with_routes {
	unsigned who, roles, slot, routes;
};

static inline void
members(struct rig *g, const struct with_routes *w, size_t n)
{
	static const unsigned slots[] = { RIG_MED, RIG_PWR, RIG_BANK };
	struct vault_dir_row rows[3 * RIG_MEMBERS + 8];
	size_t i, all = 3 * RIG_MEMBERS;

	memset(rows, 0, sizeof rows);
	for (i = 0; i < all + n; i++)
		subscription_default(&rows[i].wants);
	for (i = 0; i < all; i++)
		rows[i].rights =
		    rig_rights((unsigned)(128 + i), ROLE_OPERATOR, slots[i % 3]);
	for (i = 0; i < n; i++) {
		rows[all + i].rights = rig_rights(w[i].who, w[i].roles, w[i].slot);
		rows[all + i].routes = (uint8_t)w[i].routes;
	}
	rig_directory(g, rows, all + n);
}

static inline struct courier_jobs
lease(struct rig *g, struct rig_peer *p, unsigned routes, unsigned n)
{
	struct courier_lease m = { (uint8_t)routes, (uint8_t)n };
	struct courier_jobs jobs;
	struct keeper_reply r;
	struct buf b;

	buf_init(&b, 64);
	courier_lease_put(&b, &m);
	assert_int_equal(rig_call(g, p, KM_C_LEASE, &b), P_OK);
	buf_done(&b);
	r = rig_reply(p);
	assert_int_equal(courier_jobs_get(r.body.p, r.body.n, &jobs), 0);
	return jobs;
}

/* Until the outbox is empty. */
static inline void
expand(struct rig *g)
{
	int rc;

	while ((rc = outbox_step(&g->k)) == 0)
		continue;
	assert_int_equal(rc, ERR_NOTFOUND);
}

static inline enum problem
report(struct rig *g, struct rig_peer *p, const struct courier_job *j, unsigned outcome,
    uint32_t delay)
{
	struct courier_result r;
	enum problem got;
	struct buf b;

	memset(&r, 0, sizeof r);
	r.key = j->key;
	r.outcome = (uint8_t)outcome;
	r.delay = delay;
	r.reason = slice_of("http 500");
	memset(r.mark, 7, sizeof r.mark);
	if (outcome == OUTCOME_SPLIT) {
		r.n = 2;
		r.contact[0] = 1;
		r.contact[1] = 3;
	}
	buf_init(&b, 4096);
	wire_put_u8(&b, 1);
	courier_result_put(&b, &r);
	got = rig_call(g, p, KM_C_DONE, &b);
	buf_done(&b);
	return got;
}

#endif
