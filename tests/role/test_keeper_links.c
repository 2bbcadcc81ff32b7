/* SPDX-License-Identifier: Apache-2.0 */
/* Answers by the link of a mail: once, with a seal, not at once, not for ever. */
#include "tests/role/keeper_rig.h"

#include <openssl/sha.h>

#include "daemon/keeper/outbox.h"
#include "daemon/keeper/store_reach.h"
#include "daemon/keeper/store_reader.h"
#include "proto/msg_link.h"

enum { WHO = 1, QUIET_MS = 10000, DAY_MS = 86400000 };

static struct rig g;
static struct rig_peer *courier;
static struct courier_job job;
static uint8_t sum[LINK_SUM_LEN];
static int64_t began;

static int elsewhere;
static struct link_facts facts;
static struct link_done done;

static void
members(unsigned disabled)
{
	struct vault_dir_row rows[3 * RIG_MEMBERS + 1];
	static const unsigned slots[] = { RIG_MED, RIG_PWR, RIG_BANK };
	unsigned i;

	memset(rows, 0, sizeof rows);
	for (i = 0; i <= 3 * RIG_MEMBERS; i++) {
		subscription_default(&rows[i].wants);
		rows[i].rights = rig_rights(128 + i, ROLE_OPERATOR, slots[i % 3]);
	}
	rows[--i].rights = rig_rights(WHO, ROLE_OPERATOR, RIG_MED);
	rows[i].routes = ROUTE_MAIL;
	rows[i].disabled = (uint8_t)disabled;
	if (elsewhere) /* it has left the CEPTOAR that was warned */
		rows[i].rights = rig_rights(WHO, ROLE_OPERATOR, RIG_PWR);
	rig_directory(&g, rows, 3 * RIG_MEMBERS + 1);
}

/* A warning goes out; its mail is leased, and so has a link. */
static int
setup(void **state)
{
	struct courier_lease m = { 1 << BY_MAIL, 8 };
	struct keeper_put put = rig_put_default();
	struct courier_jobs jobs;
	struct keeper_reply r;
	struct buf b;

	(void)state;
	began = rig_now;
	rig_open(&g, "");
	members(0);
	courier = rig_join_at(&g, DOOR_COURIER);
	assert_int_equal(rig_put(&g, &put, 3, "ceptoar", NULL), P_OK);
	while (outbox_step(&g.k) == 0)
		continue;
	buf_init(&b, 64);
	courier_lease_put(&b, &m);
	assert_int_equal(rig_call(&g, courier, KM_C_LEASE, &b), P_OK);
	buf_done(&b);
	r = rig_reply(courier);
	assert_int_equal(courier_jobs_get(r.body.p, r.body.n, &jobs), 0);
	assert_int_equal(jobs.n, 1);
	job = jobs.job[0];
	assert_int_equal(sizeof job.token, LINK_TOKEN_LEN);
	(void)SHA256(job.token, sizeof job.token, sum);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	rig_close(&g);
	rig_now = began;
	return 0;
}

/* The mail is out, to this person's contact; 0: to the member's own. */
static void
sent_to(unsigned person)
{
	struct courier_result r;
	struct buf b;

	memset(&r, 0, sizeof r);
	r.key = job.key;
	r.outcome = OUTCOME_SENT;
	r.reason = slice_of("");
	memset(r.person, (int)person, sizeof r.person);
	buf_init(&b, 1024);
	wire_put_u8(&b, 1);
	courier_result_put(&b, &r);
	assert_int_equal(rig_call(&g, courier, KM_C_DONE, &b), P_OK);
	buf_done(&b);
}

static void
sent(void)
{
	sent_to(0);
}

static enum problem
look(void)
{
	struct keeper_reply r;
	enum problem p;
	struct buf b;

	buf_init(&b, 64);
	wire_put_bytes(&b, sum, sizeof sum);
	p = rig_call(&g, &g.peer[0], KM_LINK, &b);
	buf_done(&b);
	if (p != P_OK)
		return p;
	r = rig_reply(&g.peer[0]);
	assert_int_equal(link_facts_get(r.body.p, r.body.n, &facts), 0);
	return p;
}

static enum problem
say(unsigned choice)
{
	struct link_answer a;
	struct keeper_reply r;
	enum problem p;
	struct buf b;

	memset(&a, 0, sizeof a);
	memcpy(a.sum, sum, sizeof sum);
	memcpy(a.seal, facts.seal, sizeof a.seal);
	a.choice = (uint8_t)choice;
	a.forwarded = 3;
	buf_init(&b, 128);
	link_answer_put(&b, &a);
	p = rig_call(&g, &g.peer[0], KM_ANSWER, &b);
	buf_done(&b);
	if (p != P_OK)
		return p;
	r = rig_reply(&g.peer[0]);
	assert_int_equal(link_done_get(r.body.p, r.body.n, &done), 0);
	return p;
}

/* What is recorded by link: 0 nothing, else the status; *ret_flagged. */
static unsigned
recorded(uint8_t *ret_flagged)
{
	struct ack_record key;
	struct ack_before was = { 0 };
	int rc;

	memset(&key, 0, sizeof key);
	memcpy(key.bulletin, job.key.bulletin, ID_LEN);
	memcpy(key.receiver, job.key.receiver, RECEIVER_LEN);
	key.revision = 1;
	key.evidence = EVIDENCE_LINK;
	rc = store_ack_get(g.k.store, &key, &was);
	assert_true(rc == 0 || rc == ERR_NOTFOUND);
	*ret_flagged = was.flagged;
	return was.status;
}

/* Whose word it is that came by link. */
static unsigned
recorded_of(void)
{
	static const uint8_t first[RECEIVER_LEN];
	struct store_ack a;
	int rc;

	rc = store_ack_walk(g.k.store, job.key.bulletin, 1, first);
	assert_int_equal(rc, 0);
	do
		rc = store_ack_next(g.k.store, &a);
	while (rc == 0 && a.evidence != EVIDENCE_LINK);
	store_ack_end(g.k.store);
	assert_int_equal(rc, 0);
	return a.person[0];
}

/* The member has several contacts for mail now: jobs of them, each with its link. */
static void
split_up(struct courier_jobs *ret)
{
	struct courier_lease m = { 1 << BY_MAIL, 8 };
	struct courier_result r;
	struct keeper_reply reply;
	struct buf b;

	memset(&r, 0, sizeof r);
	r.key = job.key;
	r.outcome = OUTCOME_SPLIT;
	r.reason = slice_of("");
	r.n = 2;
	r.contact[0] = 1;
	r.contact[1] = 3;
	buf_init(&b, 1024);
	wire_put_u8(&b, 1);
	courier_result_put(&b, &r);
	assert_int_equal(rig_call(&g, courier, KM_C_DONE, &b), P_OK);
	buf_reset(&b);
	courier_lease_put(&b, &m);
	assert_int_equal(rig_call(&g, courier, KM_C_LEASE, &b), P_OK);
	buf_done(&b);
	reply = rig_reply(courier);
	assert_int_equal(courier_jobs_get(reply.body.p, reply.body.n, ret), 0);
	assert_int_equal(ret->n, 2);
}

/* Of several who got the mail it is known whose link was used, and who it was not for. */
static void
test_whose_mail_it_was(void **state)
{
	enum { SATO = 41, ITO = 42 };
	struct store_delivery d;
	struct courier_jobs jobs;
	unsigned i;

	(void)state;
	split_up(&jobs);
	for (i = 0; i < 2; i++) {
		job = jobs.job[i];
		sent_to(i == 0 ? SATO : ITO);
	}
	rig_now += QUIET_MS;
	(void)SHA256(job.token, sizeof job.token, sum);
	assert_int_equal(look(), P_OK);
	assert_int_equal(say(LINK_READ), P_OK);
	assert_int_equal(done.outcome, LINK_DONE);
	assert_int_equal(recorded_of(), ITO);
	job = jobs.job[0];
	(void)SHA256(job.token, sizeof job.token, sum);
	assert_int_equal(look(), P_OK);
	assert_int_equal(say(LINK_NOT_ME), P_OK);
	assert_int_equal(recorded_of(), ITO);
	assert_int_equal(store_delivery_get(g.k.store, &jobs.job[0].key, &d), 0);
	assert_string_equal(d.reason, "not the addressee");
	assert_int_equal(store_delivery_get(g.k.store, &jobs.job[1].key, &d), 0);
	assert_string_equal(d.reason, "");
}

static void
test_once(void **state)
{
	uint8_t flagged;

	(void)state;
	sent();
	rig_now += QUIET_MS;
	assert_int_equal(look(), P_OK);
	assert_int_equal(facts.severity, 3);
	assert_int_equal(facts.revision, 1);
	assert_int_equal(facts.message, FRAME_BULLETIN);
	assert_int_equal(facts.kind, 0);
	assert_int_equal(strlen(facts.number), 10);
	assert_int_equal(recorded(&flagged), 0); /* looking is nothing */
	assert_int_equal(say(LINK_READ), P_OK);
	assert_int_equal(done.outcome, LINK_DONE);
	assert_int_equal(recorded(&flagged), ACK_READ);
	assert_int_equal(flagged, 0);
	assert_int_equal(recorded_of(), WHO); /* whoever reads the member's mails */
	/* Used is like unknown. */
	assert_int_equal(say(LINK_ACTED), P_NOT_FOUND);
	assert_int_equal(look(), P_NOT_FOUND);
	assert_int_equal(recorded(&flagged), ACK_READ);
	sum[0] ^= 1;
	assert_int_equal(look(), P_NOT_FOUND);
	assert_int_equal(say(LINK_ACTED), P_NOT_FOUND);
}

/* A scanner that follows links and sends forms as soon as it sees the mail. */
static void
test_too_soon_is_flagged(void **state)
{
	uint8_t flagged;

	(void)state;
	rig_now += 40000; /* the mail's server takes its time: it is still leased */
	assert_int_equal(look(), P_OK);
	assert_int_equal(say(LINK_RECEIVED), P_OK);
	assert_int_equal(done.outcome, LINK_SOON);
	assert_int_equal(recorded(&flagged), ACK_RECEIVED);
	assert_int_equal(flagged, 1);
	sent();
	rig_now += QUIET_MS - 1000;
	assert_int_equal(say(LINK_ACTED), P_OK);
	assert_int_equal(done.outcome, LINK_SOON);
	assert_int_equal(done.wait_s, 1);
	assert_string_equal(done.facts.number, facts.number);
	rig_now += 1000;
	assert_int_equal(say(LINK_READ), P_OK);
	assert_int_equal(done.outcome, LINK_DONE);
	assert_int_equal(recorded(&flagged), ACK_READ);
	assert_int_equal(flagged, 0);
}

/* Who never saw the page has no seal, and an old page is shown anew. */
static void
test_seal(void **state)
{
	uint8_t flagged;
	size_t i;

	(void)state;
	sent();
	rig_now += QUIET_MS;
	memset(&facts, 0, sizeof facts);
	assert_int_equal(say(LINK_READ), P_OK);
	assert_int_equal(done.outcome, LINK_STALE);
	assert_int_equal(look(), P_OK);
	for (i = 0; i < LINK_SEAL_LEN; i++) {
		facts.seal[i] ^= 0x40;
		assert_int_equal(say(LINK_READ), P_OK);
		assert_int_equal(done.outcome, LINK_STALE);
		facts.seal[i] ^= 0x40;
	}
	rig_now += 61 * 60000;
	assert_int_equal(say(LINK_READ), P_OK);
	assert_int_equal(done.outcome, LINK_STALE);
	assert_int_equal(recorded(&flagged), 0);
	/* Of another run of the keeper, too. */
	assert_int_equal(look(), P_OK);
	rig_restart(&g);
	members(0);
	assert_int_equal(say(LINK_READ), P_OK);
	assert_int_equal(done.outcome, LINK_STALE);
	facts = done.facts;
	assert_int_equal(say(LINK_READ), P_OK);
	assert_int_equal(done.outcome, LINK_DONE);
	assert_int_equal(recorded(&flagged), ACK_READ);
}

static void
test_not_me(void **state)
{
	struct store_delivery d;
	uint8_t flagged;

	(void)state;
	sent();
	rig_now += QUIET_MS;
	assert_int_equal(look(), P_OK);
	assert_int_equal(say(LINK_NOT_ME), P_OK);
	assert_int_equal(done.outcome, LINK_DONE);
	assert_int_equal(recorded(&flagged), 0);
	assert_int_equal(store_delivery_get(g.k.store, &job.key, &d), 0);
	assert_string_equal(d.reason, "not the addressee");
	assert_int_equal(look(), P_NOT_FOUND);
}

static void
test_end(void **state)
{
	uint8_t flagged;

	(void)state;
	sent();
	rig_now += 3LL * DAY_MS - 1000;
	assert_int_equal(look(), P_OK);
	rig_now += 1000; /* an unverified warning ends after three days, too */
	assert_int_equal(look(), P_NOT_FOUND);
	assert_int_equal(say(LINK_READ), P_NOT_FOUND);
	assert_int_equal(recorded(&flagged), 0);
}

static void
test_member_is_no_more(void **state)
{
	(void)state;
	sent();
	rig_now += QUIET_MS;
	members(1);
	assert_int_equal(look(), P_NOT_FOUND);
	assert_int_equal(say(LINK_READ), P_NOT_FOUND);
	members(0);
	assert_int_equal(look(), P_OK);
}

/* Whose right has ended sees the number of what it once got, and no more. */
static void
test_right_has_ended(void **state)
{
	(void)state;
	sent();
	rig_now += QUIET_MS;
	assert_int_equal(look(), P_OK);
	assert_int_equal(facts.severity, 3);
	elsewhere = 1;
	members(0);
	elsewhere = 0;
	assert_int_equal(look(), P_OK);
	assert_int_equal(facts.severity, LINK_NOT_TOLD);
	assert_int_equal(facts.kind, LINK_NOT_TOLD);
	assert_int_equal(strlen(facts.number), 10);
	assert_int_equal(say(LINK_READ), P_OK);
	assert_int_equal(done.outcome, LINK_DONE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_once, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    test_too_soon_is_flagged, setup, teardown),
		cmocka_unit_test_setup_teardown(test_whose_mail_it_was, setup, teardown),
		cmocka_unit_test_setup_teardown(test_seal, setup, teardown),
		cmocka_unit_test_setup_teardown(test_not_me, setup, teardown),
		cmocka_unit_test_setup_teardown(test_end, setup, teardown),
		cmocka_unit_test_setup_teardown(test_member_is_no_more, setup, teardown),
		cmocka_unit_test_setup_teardown(test_right_has_ended, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
