/* SPDX-License-Identifier: Apache-2.0 */
/* A full disk: what the keeper does by itself goes on in the room that was kept for it,
 * and so do the calls that it is kept for; what is not critical waits. */
#include "tests/role/courier_rig.h"
#include "tests/role/desk_rig.h"

#include <openssl/sha.h>

#include "daemon/keeper/escalate.h"
#include "daemon/keeper/expire.h"
#include "daemon/keeper/hotline.h"
#include "daemon/keeper/store_delivery.h"
#include "lib/ballast.h"
#include "lib/db.h"

enum { CENTRE = 60, STEPS_MOST = 60 };

static const struct with_routes with[] = { { 1, ROLE_OPERATOR, RIG_MED,
					       ROUTE_MAIL | ROUTE_WEBHOOK },
	{ CENTRE, ROLE_CENTRE, SLOT_NONE, ROUTE_MAIL } };
/* SHA-256 of nothing. */
static const char quiet[] =
    "{\"case_commitment\":\"47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU\"}",
		  for_help[] = "{\"hotline\":\"consult\",\"case_commitment\":"
			       "\"47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU\"}";

static void
keep_room(struct rig *g)
{
	ballast_free(g->k.ballast);
	g->k.ballast = ballast_new(g->k.loop, g->k.opt.db, 1);
	assert_non_null(g->k.ballast);
}

static void
stage(struct rig *g)
{
	rig_open(g, "");
	(void)rig_join_at(g, DOOR_COURIER);
	members(g, with, 2);
	keep_room(g);
}

static enum problem
put(struct rig *g, int level, const char *publish, const char *more)
{
	struct keeper_put m = rig_put_default();

	m.slot = RIG_MED;
	return rig_put(g, &m, level, publish, more);
}

/* One step of something, the disk full at its n-th write: none is missed while the
 * ballast is there, and the ballast is what it took.  0: it had fewer writes than that.
 */
static int
goes_on(struct rig *g, unsigned long n, int (*step)(struct keeper *, int64_t), int64_t at)
{
	int rc, spent;

	keep_room(g); /* whoever looks into the database starts the keeper anew */
	(void)db_fail_at(n, SQLITE_FULL);
	rc = step(&g->k, at);
	(void)db_fail_at(0, 0);
	spent = ballast_is_spent(g->k.ballast);
	if (rc != 0)
		fail_msg("%s at write %lu, ballast %s", err_str(rc), n,
		    spent ? "spent" : "kept");
	ballast_refill(g->k.ballast);
	assert_int_equal(ballast_is_spent(g->k.ballast), 0);
	return spent;
}

static void
test_roster(void **state)
{
	unsigned long n;
	int64_t now;
	struct rig g;

	(void)state;
	stage(&g);
	now = escalate_minute(&g.k);
	assert_int_equal(put(&g, 1, "none", "{\"hotline\":\"page\"}"), P_OK);
	for (n = 1; goes_on(&g, n, hotline_step, now + 5 * (int64_t)n); n++)
		assert_int_equal(number(&g, "SELECT max(n) FROM hotline_paged"), n + 1);
	assert_in_range(n, 5, STEPS_MOST);
	rig_close(&g);
}

static int
take_apart(struct keeper *k, int64_t at)
{
	(void)at;
	return outbox_step(k);
}

static int
add(struct keeper *k, void *h)
{
	return outbox_add(k, h);
}

/* A warning whose outbox row waits: the keeper's own timer has no turn between the row
 * and what comes next, as it would have after the put. */
static void
put_waiting(struct rig *g)
{
	int courier = g->k.opt.courier;
	struct slice body, stub;
	struct frame_head h;
	struct rig_peer *p;
	uint32_t i = 0;

	g->k.opt.courier = COURIER_OFF;
	assert_int_equal(put(g, 3, "ceptoar", NULL), P_OK);
	p = rig_tail(g, 1);
	do
		assert_int_equal(rig_row(p, i++, &h, &body, &stub), 1);
	while (h.kind != FRAME_BULLETIN);
	g->k.opt.courier = courier;
	assert_int_equal(batch_transact(g->k.batch, add, &h), 0);
}

/* Every warning is brought, once, wherever the disk was full. */
static void
test_outbox(void **state)
{
	unsigned long n = 1;
	struct rig g;
	int spent = 1;

	(void)state;
	while (spent) {
		stage(&g);
		put_waiting(&g);
		spent = goes_on(&g, n++, take_apart, 0);
		expand(&g);
		assert_int_equal(number(&g, "SELECT count(*) FROM deliveries"), 3);
		rig_close(&g);
	}
	assert_in_range(n, 4, STEPS_MOST);
}

/* Silence is followed up, each step with what it would have made anyhow. */
static void
test_escalation(void **state)
{
	long long made, first = 0;
	unsigned long n;
	int64_t now;
	struct rig g;

	(void)state;
	for (n = 1; n < STEPS_MOST; n++) {
		stage(&g);
		now = escalate_minute(&g.k);
		assert_int_equal(put(&g, 4, "ceptoar", NULL), P_OK);
		expand(&g);
		assert_int_equal(escalate_step(&g.k, now), ERR_NOTFOUND);
		if (!goes_on(&g, n, escalate_step, now + 1000))
			break;
		made = number(&g, "SELECT count(*) FROM deliveries WHERE stage > 0");
		assert_in_range(made, 1, 100);
		if (n == 1)
			first = made;
		assert_int_equal(made, first); /* nothing twice, nothing left out */
		rig_close(&g);
	}
	assert_in_range(n, 4, STEPS_MOST - 1);
	rig_close(&g);
}

/* The room is not for what can wait: expiry keeps out of it. */
static void
test_expiry_waits(void **state)
{
	struct rig g;
	int rc;

	(void)state;
	stage(&g);
	assert_int_equal(put(&g, 1, "none", NULL), P_OK);
	(void)db_fail_at(1, SQLITE_FULL);
	rc = expire_prune(&g.k, escalate_minute(&g.k) + 10000000, 10);
	(void)db_fail_at(0, 0);
	assert_int_equal(rc, ERR_FULL);
	assert_int_equal(ballast_is_spent(g.k.ballast), 0);
	rig_close(&g);
}

static struct keeper_case
case_of(struct rig *g, const char *more)
{
	struct keeper_case c;
	char room[64];

	memset(&c, 0, sizeof c);
	assert_int_equal(put(g, 1, "none", more), P_OK);
	assert_int_equal(hex_decode(slice_of(rig_said(g, "case", room, sizeof room)),
			     c.case_id, ID_LEN),
	    ID_LEN);
	return c;
}

static enum problem
say(struct rig *g, const struct keeper_case *c, const struct rights *desk)
{
	struct keeper_message m = { .which = *c,
		.json = slice_of("{\"text\":{\"ja\":\"x\"}}") };
	enum problem p;
	struct buf b;

	if (desk != NULL) {
		m.which.desk = 1;
		m.which.rights = *desk;
	} else {
		(void)SHA256((const unsigned char *)"", 0, m.which.secret_hash);
	}
	buf_init(&b, 8192);
	keeper_message_put(&b, &m);
	p = rig_call(g, &g->peer[0], KM_MESSAGE, &b);
	buf_done(&b);
	return p;
}

/* Whoever calls for help is heard and answered; the rest is told that there is no room.
 */
static void
test_what_it_is_kept_for(void **state)
{
	static const char alarm[] =
	    "{\"severity\":4,\"title\":\"警報\",\"audience\":{\"all\":true}}";
	struct rights duty = rig_desk_of(SLOT_NONE, 7), desk = rig_desk_of(RIG_MED, 8);
	struct rights next = rig_desk_of(SLOT_NONE, 9);
	struct keeper_case caller, other;
	char draft[33];
	struct rig g;

	(void)state;
	stage(&g);
	caller = case_of(&g, for_help);
	other = case_of(&g, quiet);
	assert_int_equal(ballast_spend(g.k.ballast), 1);
	assert_int_equal(put(&g, 2, "ceptoar", NULL), P_STORAGE_FULL);
	assert_int_equal(put(&g, 3, "ceptoar", NULL), P_OK);
	assert_int_equal(put(&g, 1, "none", "{\"hotline\":\"page\"}"), P_OK);
	assert_int_equal(put(&g, 1, "none", "{\"hotline\":\"consult\"}"), P_OK);
	assert_int_equal(say(&g, &caller, NULL), P_OK);
	assert_int_equal(say(&g, &caller, &duty), P_OK);
	assert_int_equal(say(&g, &other, NULL), P_STORAGE_FULL);
	assert_int_equal(say(&g, &other, &desk), P_STORAGE_FULL);
	assert_int_equal(rig_verb(&g, &duty, DV_HOTLINE_OPEN, NULL, "{}"), P_OK);
	assert_int_equal(rig_verb(&g, &duty, DV_MODE_SWITCH, NULL,
			     "{\"mode\":\"large-scale\",\"reason\":\"x\"}"),
	    P_OK);
	assert_int_equal(rig_verb(&g, &duty, DV_SITUATION_NEW, NULL, "{\"title\":\"x\"}"),
	    P_STORAGE_FULL);
	/* The centre's alarm, and no other desk's text. */
	assert_int_equal(rig_verb(&g, &desk, DV_DRAFT_NEW, NULL, alarm), P_STORAGE_FULL);
	assert_int_equal(rig_verb(&g, &duty, DV_DRAFT_NEW, NULL, alarm), P_OK);
	(void)rig_said(&g, "id", draft, sizeof draft);
	assert_int_equal(
	    rig_verb(&g, &duty, DV_DRAFT_RELEASE, draft, "{}"), P_SECOND_PERSON);
	assert_int_equal(rig_verb(&g, &next, DV_SECOND_LIST, NULL, NULL), P_OK);
	(void)rig_said(&g, "second.0.id", draft, sizeof draft);
	assert_int_equal(
	    rig_verb(&g, &next, DV_SECOND_GIVE, draft, "{\"agree\":true}"), P_OK);
	(void)rig_said(&g, "bulletin.id", draft, sizeof draft);
	assert_int_equal(
	    rig_verb(&g, &duty, DV_FALSE_ALARM, draft, "{}"), P_SECOND_PERSON);
	rig_close(&g);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_roster),
		cmocka_unit_test(test_outbox),
		cmocka_unit_test(test_escalation),
		cmocka_unit_test(test_expiry_waits),
		cmocka_unit_test(test_what_it_is_kept_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
