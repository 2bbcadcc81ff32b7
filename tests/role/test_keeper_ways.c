/* SPDX-License-Identifier: Apache-2.0 */
/* Who has a working contact, and who has to be called. */
#include "tests/role/desk_rig.h"
#include "tests/role/outbox_rig.h"

#include "daemon/keeper/acks.h"

static struct rig g;
static struct rig_peer *courier;

static void
open_with(const struct with_routes *w, size_t n)
{
	rig_open(&g, "");
	courier = rig_join_at(&g, DOOR_COURIER);
	members(&g, w, n);
}

/* Members beyond those of the rig, who have no route, of whom the preview says that they
 * have no working contact. */
static long long
without_contact(void)
{
	struct rights sato = rig_desk_of(RIG_MED, 1);
	char id[33];

	rig_draft(&g, &sato, "{\"severity\":3,\"title\":\"x\"}", id);
	assert_int_equal(rig_verb(&g, &sato, DV_DRAFT_AUDIENCE, id, NULL), P_OK);
	return rig_number(&g, "figures.without_contact") - RIG_MEMBERS;
}

/* A bulletin to all; what becomes of the jobs of a route: bit `who` of `fail` says by
 * whom it is not taken. */
static void
warn(unsigned route, unsigned outcome, unsigned fail)
{
	struct keeper_put m = rig_put_default();
	struct courier_jobs jobs;
	unsigned i, who;

	assert_int_equal(rig_put(&g, &m, 3, "ceptoar", NULL), P_OK);
	expand(&g);
	jobs = lease(&g, courier, 1u << route, COURIER_JOBS_MAX);
	assert_true(jobs.n > 0);
	for (i = 0; i < jobs.n; i++) {
		who = jobs.job[i].key.receiver[0];
		assert_int_equal(report(&g, courier, &jobs.job[i],
				     (fail >> who & 1) != 0 ? outcome : OUTCOME_SENT, 0),
		    P_OK);
	}
}

static void
test_a_contact_that_does_not_work_is_none(void **state)
{
	static const struct with_routes with[] = {
		{ 1, ROLE_OPERATOR, RIG_MED, ROUTE_WEBHOOK },
		{ 2, ROLE_OPERATOR, RIG_MED, ROUTE_WEBHOOK | ROUTE_MAIL },
		{ 3, ROLE_OPERATOR, RIG_MED, ROUTE_WEBHOOK | ROUTE_TELEPHONE },
		{ 4, ROLE_OPERATOR, RIG_MED, ROUTE_SMS },
	};
	enum { ALL = 1 << 1 | 1 << 2 | 1 << 3 };
	int64_t start = rig_now;
	char text[256];

	(void)state;
	open_with(with, 4);
	assert_int_equal(without_contact(), 0); /* nothing is known of any of them */
	warn(BY_WEBHOOK, OUTCOME_RETRY, ALL);
	assert_int_equal(without_contact(), 0);
	rig_now += 1000;
	warn(BY_WEBHOOK, OUTCOME_FAILED, ALL);
	assert_int_equal(without_contact(), 1);
	warn(BY_MAIL, OUTCOME_UNABLE, ALL);
	assert_int_equal(without_contact(), 2);
	(void)rig_said(&g, "sentence.en", text, sizeof text);
	assert_non_null(strstr(text, "; 26 members have no working contact"));
	warn(BY_MAIL, OUTCOME_FAILED, 0);
	assert_int_equal(without_contact(), 1);
	/* A later success counts, and so does a later failure, within one minute too. */
	warn(BY_WEBHOOK, OUTCOME_FAILED, 0);
	assert_int_equal(without_contact(), 0);
	warn(BY_WEBHOOK, OUTCOME_FAILED, ALL);
	assert_int_equal(without_contact(), 1);
	/* What was so a month ago is not known any more. */
	rig_now += (OUTBOX_WAY_DAYS + 1) * 86400000LL;
	assert_int_equal(without_contact(), 0);
	warn(BY_WEBHOOK, OUTCOME_GONE, 1 << 1);
	assert_int_equal(without_contact(), 1);
	/* But who said that it is gone is gone, until it takes something. */
	rig_now += (OUTBOX_WAY_DAYS + 1) * 86400000LL;
	assert_int_equal(without_contact(), 1);
	warn(BY_WEBHOOK, OUTCOME_FAILED, 0);
	assert_int_equal(without_contact(), 0);
	rig_now = start;
	rig_close(&g);
}

/* The two parts of the first job, told apart. */
static void
split(struct courier_jobs *ret)
{
	struct keeper_put m = rig_put_default();

	assert_int_equal(rig_put(&g, &m, 3, "ceptoar", NULL), P_OK);
	expand(&g);
	*ret = lease(&g, courier, ALL_ROUTES, 1);
	assert_int_equal(report(&g, courier, &ret->job[0], OUTCOME_SPLIT, 0), P_OK);
	*ret = lease(&g, courier, ALL_ROUTES, 2);
	assert_int_equal(ret->n, 2);
}

static void
test_one_contact_of_several_is_enough(void **state)
{
	static const struct with_routes with = { 1, ROLE_OPERATOR, RIG_MED,
		ROUTE_WEBHOOK };
	struct courier_jobs jobs;

	(void)state;
	open_with(&with, 1);
	warn(BY_WEBHOOK, OUTCOME_FAILED, 1 << 1);
	assert_int_equal(without_contact(), 1);
	split(&jobs);
	assert_int_equal(report(&g, courier, &jobs.job[0], OUTCOME_FAILED, 0), P_OK);
	assert_int_equal(without_contact(), 1);
	assert_int_equal(report(&g, courier, &jobs.job[1], OUTCOME_SENT, 0), P_OK);
	assert_int_equal(without_contact(), 0);
	/* There is one again: that another one worked is of no use. */
	warn(BY_WEBHOOK, OUTCOME_FAILED, 1 << 1);
	assert_int_equal(without_contact(), 1);
	warn(BY_WEBHOOK, OUTCOME_FAILED, 0);
	assert_int_equal(without_contact(), 0);
	/* Nor that the only one did, when there are two. */
	split(&jobs);
	assert_int_equal(report(&g, courier, &jobs.job[0], OUTCOME_FAILED, 0), P_OK);
	assert_int_equal(report(&g, courier, &jobs.job[1], OUTCOME_FAILED, 0), P_OK);
	assert_int_equal(without_contact(), 1);
	rig_close(&g);
}

static int
record(struct keeper *k, void *arg)
{
	return acks_record(k, arg);
}

/* Receivers on the call list, as bits. */
static unsigned
to_call(struct rig_peer *admin, const uint8_t *bulletin)
{
	uint8_t who[RECEIVER_LEN];
	struct buf b, ref;
	unsigned bits = 0;
	json_t *j, *one;
	size_t i;

	buf_init(&b, 256);
	buf_init(&ref, 64);
	buf_add_hex(&ref, bulletin, ID_LEN);
	wire_put_str(&b, buf_slice(&ref));
	assert_int_equal(rig_call(&g, admin, KM_A_CALL_LIST, &b), P_OK);
	buf_done(&b);
	buf_done(&ref);
	j = rig_json(admin);
	json_array_foreach(rig_at(j, "receivers"), i, one)
	{
		assert_int_equal(
		    hex_decode(slice_of(json_string_value(one)), who, sizeof who),
		    RECEIVER_LEN);
		bits |= 1u << who[0];
	}
	json_decref(j);
	return bits;
}

static void
test_who_has_acknowledged_is_not_called(void **state)
{
	static const struct with_routes with[] = {
		{ 1, ROLE_OPERATOR, RIG_MED, ROUTE_TELEPHONE },
		{ 2, ROLE_OPERATOR, RIG_MED, ROUTE_TELEPHONE | ROUTE_MAIL },
		{ 3, ROLE_OPERATOR, RIG_MED, ROUTE_TELEPHONE },
		{ 4, ROLE_OPERATOR, RIG_MED, ROUTE_MAIL },
		{ 5, ROLE_OPERATOR, RIG_BANK, ROUTE_TELEPHONE },
	};
	struct ack_record a = { .revision = 1, .minute = 1000, .note = { "", 0 } };
	struct keeper_put m = rig_put_default();
	struct rig_peer *admin;
	json_t *j;

	(void)state;
	open_with(with, 5);
	admin = rig_join(&g, 1);
	assert_int_equal(rig_put(&g, &m, 3, "ceptoar", NULL), P_OK);
	j = rig_json(&g.peer[0]);
	assert_int_equal(
	    hex_decode(slice_of(rig_text(j, "bulletin.id")), a.bulletin, ID_LEN), ID_LEN);
	json_decref(j);
	assert_int_equal(to_call(admin, a.bulletin), 1 << 1 | 1 << 2 | 1 << 3);
	/* A scanner that opened the link of a mail is nobody. */
	memset(a.receiver, 2, sizeof a.receiver);
	a.evidence = EVIDENCE_LINK;
	a.status = ACK_READ;
	a.flagged = 1;
	assert_int_equal(batch_transact(g.k.batch, record, &a), 0);
	assert_int_equal(to_call(admin, a.bulletin), 1 << 1 | 1 << 2 | 1 << 3);
	a.flagged = 0;
	assert_int_equal(batch_transact(g.k.batch, record, &a), 0);
	assert_int_equal(to_call(admin, a.bulletin), 1 << 1 | 1 << 3);
	memset(a.receiver, 1, sizeof a.receiver);
	a.evidence = EVIDENCE_CLIENT;
	a.status = ACK_RECEIVED;
	assert_int_equal(batch_transact(g.k.batch, record, &a), 0);
	assert_int_equal(to_call(admin, a.bulletin), 1 << 3);
	memset(a.receiver, 3, sizeof a.receiver);
	a.evidence = EVIDENCE_TELEPHONE;
	assert_int_equal(batch_transact(g.k.batch, record, &a), 0);
	assert_int_equal(to_call(admin, a.bulletin), 0);
	rig_close(&g);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_contact_that_does_not_work_is_none),
		cmocka_unit_test(test_one_contact_of_several_is_enough),
		cmocka_unit_test(test_who_has_acknowledged_is_not_called),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
