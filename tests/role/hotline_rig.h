/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HOTLINE_RIG_H
#define HOTLINE_RIG_H

/* Calls of the hotline, and whom they page. */
#include "tests/role/courier_rig.h"
#include "tests/role/desk_rig.h"

#include "daemon/keeper/escalate.h"
#include "daemon/keeper/hotline.h"

enum { MINUTE = 60000, CENTRE = 60 };

static const char page[] = "{\"hotline\":\"page\"}";

/* Hospitals with a mailbox, and the centre. */
static inline void
stage(struct rig *g, struct rig_peer **ret_courier)
{
	static const struct with_routes with[] = { { 1, ROLE_OPERATOR, RIG_MED,
						       ROUTE_MAIL | ROUTE_WEBHOOK },
		{ CENTRE, ROLE_CENTRE, SLOT_NONE, ROUTE_MAIL } };

	*ret_courier = rig_join_at(g, DOOR_COURIER);
	members(g, with, 2);
}

static inline struct courier_jobs
pages(struct rig *g, struct rig_peer *c)
{
	struct courier_jobs jobs;
	struct keeper_reply r;
	struct buf b;

	buf_init(&b, 16);
	assert_int_equal(rig_call(g, c, KM_C_PAGES, &b), P_OK);
	buf_done(&b);
	r = rig_reply(c);
	assert_int_equal(courier_jobs_get(r.body.p, r.body.n, &jobs), 0);
	return jobs;
}

/* Takes the pages that are due and says that they were sent: up to whose turn, 0 for
 * none; all before are among them. */
static inline unsigned
rung(struct rig *g, struct rig_peer *c, unsigned *ret_n)
{
	struct courier_jobs jobs = pages(g, c);
	unsigned i, contact = 0, turns = 0;

	for (i = 0; i < jobs.n; i++) {
		assert_int_equal(jobs.job[i].stage, BROUGHT_PAGE);
		assert_int_equal(jobs.job[i].key.receiver[0], CENTRE);
		if (jobs.job[i].key.contact > contact)
			contact = jobs.job[i].key.contact;
		turns |= 1u << (jobs.job[i].key.contact - CONTACT_DUTY);
	}
	assert_int_equal(turns, contact > 0 ? (2u << (contact - CONTACT_DUTY)) - 2 : 0);
	*ret_n = jobs.n;
	for (i = 0; i < jobs.n; i++)
		assert_int_equal(report(g, c, &jobs.job[i], OUTCOME_SENT, 0), P_OK);
	return contact;
}

static inline void
at(struct rig *g, int64_t minute)
{
	int rc = hotline_step(&g->k, minute);

	assert_true(rc == 0 || rc == ERR_NOTFOUND);
}

static inline enum problem
call(struct rig *g, unsigned slot, int level, const char *more)
{
	struct keeper_put m = rig_put_default();

	m.slot = (uint8_t)slot;
	return rig_put(g, &m, level, "none", more);
}

/* "calls.0.case" and the like of the list that the centre sees. */
static inline const char *
listed(struct rig *g, const struct rights *r, const char *path, char room[64])
{
	assert_int_equal(rig_verb(g, r, DV_HOTLINE_LIST, NULL, NULL), P_OK);
	return rig_said(g, path, room, 64);
}

/* Takes what the list shows there, a call's case or a page's id. */
static inline void
take(struct rig *g, const struct rights *r, const char *path, char ret_id[64])
{
	(void)listed(g, r, path, ret_id);
	assert_int_equal(rig_verb(g, r, DV_HOTLINE_ACK, ret_id, NULL), P_OK);
}

/* Deals with a case as a new situation. */
static inline void
situation_of(
    struct rig *g, const struct rights *r, const char *case_id, char ret_situation[64])
{
	char json[128];

	assert_int_equal(
	    rig_verb(g, r, DV_SITUATION_NEW, NULL, "{\"title\":\"事案\"}"), P_OK);
	(void)rig_said(g, "id", ret_situation, 64);
	(void)snprintf(json, sizeof json, "{\"cases\":[\"%s\"]}", case_id);
	assert_int_equal(rig_verb(g, r, DV_SITUATION_MEMBERS, ret_situation, json), P_OK);
}

#endif
