/* SPDX-License-Identifier: Apache-2.0 */
/* A page that was taken, or that reaches nobody: no call is left without anybody. */
#include "tests/role/hotline_rig.h"

#include <openssl/evp.h>

/* A call whose case it can come back to. */
struct caller {
	uint8_t case_id[ID_LEN];
	unsigned char hash[32];
	char id[64];
};

static void
first_call(struct rig *g, const struct rights *duty, struct caller *v)
{
	unsigned char secret[32] = { 9 };
	struct buf json;

	assert_int_equal(
	    EVP_Digest(secret, sizeof secret, v->hash, NULL, EVP_sha256(), NULL), 1);
	buf_init(&json, 256);
	buf_adds(&json, "{\"hotline\":\"page\",\"case_commitment\":\"");
	buf_add_b64url(&json, v->hash, sizeof v->hash);
	buf_adds(&json, "\"}");
	assert_int_equal(call(g, RIG_MED, 1, buf_cstr(&json)), P_OK);
	buf_done(&json);
	(void)listed(g, duty, "calls.0.case", v->id);
	assert_int_equal(hex_decode(slice_of(v->id), v->case_id, ID_LEN), ID_LEN);
}

static void
calls_again(struct rig *g, const struct caller *v, const char *more)
{
	struct keeper_put m = rig_put_default();

	m.slot = RIG_MED;
	m.has_case = 1;
	memcpy(m.case_id, v->case_id, ID_LEN);
	memcpy(m.secret_hash, v->hash, sizeof m.secret_hash);
	assert_int_equal(rig_put(g, &m, 4, "none", more), P_OK);
}

static void
test_who_calls_again_is_paged_again(void **state)
{
	struct rights duty = rig_desk_of(SLOT_NONE, 7);
	struct rig_peer *c;
	struct caller v;
	char room[64];
	struct rig g;
	unsigned n;

	(void)state;
	rig_open(&g, "");
	stage(&g, &c);
	first_call(&g, &duty, &v);
	assert_int_equal(rung(&g, c, &n), CONTACT_DUTY + 1);
	/* Not while it waits: the roster goes on by itself. */
	calls_again(&g, &v, page);
	assert_int_equal(rung(&g, c, &n), 0);
	assert_int_equal(rig_verb(&g, &duty, DV_HOTLINE_ACK, v.id, NULL), P_OK);
	/* More of the same incident is no call. */
	calls_again(&g, &v, NULL);
	assert_int_equal(rung(&g, c, &n), 0);
	calls_again(&g, &v, page);
	assert_int_equal(rung(&g, c, &n), CONTACT_DUTY + 1);
	assert_string_equal(listed(&g, &duty, "calls.0.state", room), "open");
	assert_string_equal(listed(&g, &duty, "pages.0.state", room), "open");
	at(&g, escalate_minute(&g.k) + 5);
	assert_int_equal(rung(&g, c, &n), CONTACT_DUTY + 2);
	assert_int_equal(rig_verb(&g, &duty, DV_HOTLINE_ACK, v.id, NULL), P_OK);
	at(&g, escalate_minute(&g.k) + 100);
	assert_int_equal(rung(&g, c, &n), 0);
	assert_int_equal(number(&g, "SELECT count(*) FROM hotline_pages"), 1);
	rig_close(&g);
}

/* One call is taken, another joins its page and is nobody's. */
static void
test_what_joins_a_page_that_was_taken(void **state)
{
	struct rights duty = rig_desk_of(SLOT_NONE, 7);
	char id[64], room[64];
	struct rig_peer *c;
	struct caller v;
	struct rig g;
	unsigned n;
	int64_t now;

	(void)state;
	rig_open(&g, "");
	stage(&g, &c);
	assert_int_equal(call(&g, RIG_MED, 1, page), P_OK);
	assert_int_equal(rung(&g, c, &n), CONTACT_DUTY + 1);
	take(&g, &duty, "calls.0.case", id);
	first_call(&g, &duty, &v);
	assert_string_equal(listed(&g, &duty, "calls.0.state", room), "open");
	assert_int_equal(rung(&g, c, &n), 0);
	now = escalate_minute(&g.k);
	at(&g, now + 4);
	assert_int_equal(rung(&g, c, &n), 0);
	at(&g, now + 5);
	assert_int_equal(rung(&g, c, &n), CONTACT_DUTY + 1);
	at(&g, now + 10);
	assert_int_equal(rung(&g, c, &n), CONTACT_DUTY + 2);
	assert_int_equal(rig_verb(&g, &duty, DV_HOTLINE_ACK, v.id, NULL), P_OK);
	at(&g, now + 100);
	assert_int_equal(rung(&g, c, &n), 0);
	rig_close(&g);
	/* At once when it calls again. */
	rig_open(&g, "");
	stage(&g, &c);
	assert_int_equal(call(&g, RIG_MED, 1, page), P_OK);
	assert_int_equal(rung(&g, c, &n), CONTACT_DUTY + 1);
	take(&g, &duty, "calls.0.case", id);
	first_call(&g, &duty, &v);
	calls_again(&g, &v, page);
	assert_int_equal(rung(&g, c, &n), CONTACT_DUTY + 1);
	rig_close(&g);
}

/* What waited when somebody took the page was on the list then. */
static void
test_what_was_seen_does_not_page_again(void **state)
{
	struct rights duty = rig_desk_of(SLOT_NONE, 7);
	struct rig_peer *c;
	char id[64];
	struct rig g;
	unsigned n;

	(void)state;
	rig_open(&g, "");
	stage(&g, &c);
	assert_int_equal(call(&g, RIG_MED, 1, page), P_OK);
	assert_int_equal(call(&g, RIG_MED, 1, page), P_OK);
	assert_int_equal(rung(&g, c, &n), CONTACT_DUTY + 1);
	rig_now += MINUTE;
	take(&g, &duty, "calls.0.case", id);
	at(&g, escalate_minute(&g.k) + 100);
	assert_int_equal(rung(&g, c, &n), 0);
	rig_now -= MINUTE;
	rig_close(&g);
}

static void
test_a_situation_does_not_mute_for_ever(void **state)
{
	struct rights duty = rig_desk_of(SLOT_NONE, 7);
	const int64_t hours = 60LL * MINUTE;
	char id[64], situation[64];
	struct rig_peer *c;
	struct rig g;
	unsigned n;

	(void)state;
	rig_open(&g, "");
	stage(&g, &c);
	assert_int_equal(call(&g, RIG_MED, 1, page), P_OK);
	assert_int_equal(rung(&g, c, &n), CONTACT_DUTY + 1);
	take(&g, &duty, "calls.0.case", id);
	situation_of(&g, &duty, id, situation);
	/* Within twelve hours of the last call, and again from that one on. */
	rig_now += 11 * hours;
	rig_restart(&g); /* the clock is believed anew */
	stage(&g, &c);
	assert_int_equal(call(&g, RIG_MED, 1, page), P_OK);
	assert_int_equal(rung(&g, c, &n), 0);
	take(&g, &duty, "pages.0.id", id);
	rig_now += 11 * hours;
	rig_restart(&g);
	stage(&g, &c);
	assert_int_equal(call(&g, RIG_MED, 1, page), P_OK);
	assert_int_equal(rung(&g, c, &n), 0);
	take(&g, &duty, "pages.0.id", id);
	rig_now += 13 * hours;
	rig_restart(&g);
	stage(&g, &c);
	assert_int_equal(call(&g, RIG_MED, 4, NULL), P_OK);
	assert_int_equal(rung(&g, c, &n), CONTACT_DUTY + 1);
	assert_int_equal(number(&g, "SELECT count(*) FROM hotline_pages"), 2);
	rig_now -= 35 * hours;
	rig_close(&g);
}

static void
withdraws(struct rig *g, const struct caller *v)
{
	struct keeper_case m;
	struct buf b;

	memset(&m, 0, sizeof m);
	memcpy(m.case_id, v->case_id, ID_LEN);
	memcpy(m.secret_hash, v->hash, sizeof m.secret_hash);
	buf_init(&b, 512);
	keeper_case_put(&b, &m);
	assert_int_equal(rig_call(g, &g->peer[0], KM_WITHDRAW, &b), P_OK);
	buf_done(&b);
}

static void
test_a_call_that_is_withdrawn_leaves_its_page(void **state)
{
	struct rights duty = rig_desk_of(SLOT_NONE, 7);
	struct caller first;
	char room[64];
	struct rig_peer *c;
	struct rig g;
	unsigned n;
	int64_t now;

	(void)state;
	rig_open(&g, "");
	stage(&g, &c);
	first_call(&g, &duty, &first);
	assert_int_equal(rung(&g, c, &n), CONTACT_DUTY + 1);
	rig_now += MINUTE;
	assert_int_equal(call(&g, 13, 1, page), P_OK);
	assert_string_equal(listed(&g, &duty, "calls.0.case", room), first.id);
	withdraws(&g, &first);
	assert_string_equal(listed(&g, &duty, "calls.1.case", room), first.id);
	assert_string_equal(listed(&g, &duty, "calls.1.state", room), "withdrawn");
	assert_string_equal(listed(&g, &duty, "pages.0.state", room), "open");
	assert_int_equal(rig_number(&g, "pages.0.calls"), 1);
	assert_string_equal(listed(&g, &duty, "pages.0.sectors.0.sector", room), "water");
	assert_int_equal(rig_verb(&g, &duty, DV_HOTLINE_ACK, first.id, NULL), P_CONFLICT);
	/* The other one goes on, and is the only one that the next page speaks of. */
	now = escalate_minute(&g.k);
	at(&g, now + 5);
	assert_int_equal(rung(&g, c, &n), CONTACT_DUTY + 2);
	withdraws(&g, &first); /* once more: the same end */
	assert_int_equal(number(&g, "SELECT calls FROM hotline_pages"), 1);
	rig_now -= MINUTE;
	rig_close(&g);
}

static void
test_a_page_ends_with_its_last_call(void **state)
{
	struct rights duty = rig_desk_of(SLOT_NONE, 7);
	char id[64], room[64];
	struct caller v;
	struct rig_peer *c;
	struct rig g;
	unsigned n;

	(void)state;
	rig_open(&g, "");
	stage(&g, &c);
	first_call(&g, &duty, &v);
	withdraws(&g, &v);
	assert_int_equal(rung(&g, c, &n), 0); /* what was queued is dropped */
	at(&g, escalate_minute(&g.k) + 100);
	assert_int_equal(rung(&g, c, &n), 0);
	assert_string_equal(listed(&g, &duty, "pages.0.state", room), "withdrawn");
	assert_int_equal(rig_number(&g, "pages.0.calls"), 0);
	assert_string_equal(listed(&g, &duty, "pages.0.next_page", room), "");
	assert_string_equal(listed(&g, &duty, "calls.0.state", room), "withdrawn");
	(void)listed(&g, &duty, "pages.0.id", id);
	assert_int_equal(rig_verb(&g, &duty, DV_HOTLINE_ACK, id, NULL), P_CONFLICT);
	/* The next call does not join what rings for nobody. */
	assert_int_equal(call(&g, RIG_MED, 1, page), P_OK);
	assert_int_equal(rung(&g, c, &n), CONTACT_DUTY + 1);
	assert_int_equal(number(&g, "SELECT count(*) FROM hotline_pages"), 2);
	rig_close(&g);
}

/* Every page that is due ends like this; the first one was sent when `sent`. */
static void
end_like(struct rig *g, struct rig_peer *c, unsigned outcome, int sent)
{
	struct courier_jobs jobs = pages(g, c);
	unsigned i;

	assert_true(jobs.n > 0);
	for (i = 0; i < jobs.n; i++)
		assert_int_equal(report(g, c, &jobs.job[i],
				     i == 0 && sent ? OUTCOME_SENT : outcome, 0),
		    P_OK);
}

static void
test_a_round_that_reached_nobody_goes_on_at_once(void **state)
{
	struct courier_jobs jobs;
	struct rig_peer *c;
	struct rig g;
	unsigned n;
	int64_t now;

	(void)state;
	rig_open(&g, "");
	stage(&g, &c);
	now = escalate_minute(&g.k);
	assert_int_equal(call(&g, RIG_MED, 1, page), P_OK);
	jobs = pages(&g, c);
	assert_int_equal(jobs.n, 4);
	for (n = 0; n < 4; n++) { /* not before the last way has ended */
		assert_int_equal(hotline_step(&g.k, now), ERR_NOTFOUND);
		assert_int_equal(report(&g, c, &jobs.job[n],
				     n % 2 == 0 ? OUTCOME_NONE : OUTCOME_UNABLE, 0),
		    P_OK);
	}
	assert_int_equal(hotline_step(&g.k, now), 0);
	end_like(&g, c, OUTCOME_NONE, 1); /* one of the first two was */
	assert_int_equal(hotline_step(&g.k, now + 4), ERR_NOTFOUND);
	assert_int_equal(hotline_step(&g.k, now + 5), 0);
	end_like(&g, c, OUTCOME_NONE, 0);
	assert_int_equal(hotline_step(&g.k, now + 5), 0);
	end_like(&g, c, OUTCOME_NONE, 0); /* all of them: not round and round */
	assert_int_equal(hotline_step(&g.k, now + 9), ERR_NOTFOUND);
	assert_int_equal(hotline_step(&g.k, now + 10), 0);
	assert_int_equal(rung(&g, c, &n), CONTACT_DUTY + DUTY_MOST);
	rig_close(&g);
}

/* No courier for an hour: then what is due now, nothing of the rounds before. */
static void
test_only_the_last_round_waits(void **state)
{
	struct courier_jobs jobs;
	unsigned i, all = 0;
	struct rig_peer *c;
	struct rig g;
	int64_t now;

	(void)state;
	rig_open(&g, "");
	stage(&g, &c);
	now = escalate_minute(&g.k);
	assert_int_equal(call(&g, RIG_MED, 1, page), P_OK);
	for (i = 1; i <= 12; i++)
		assert_int_equal(hotline_step(&g.k, now + 5 * i), 0);
	while ((jobs = pages(&g, c)).n > 0)
		for (i = 0; i < jobs.n; i++, all++) {
			assert_int_equal(jobs.job[i].key.revision, 13);
			assert_int_equal(
			    report(&g, c, &jobs.job[i], OUTCOME_SENT, 0), P_OK);
		}
	assert_int_equal(all, 4 * DUTY_MOST);
	rig_close(&g);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_who_calls_again_is_paged_again),
		cmocka_unit_test(test_what_joins_a_page_that_was_taken),
		cmocka_unit_test(test_what_was_seen_does_not_page_again),
		cmocka_unit_test(test_a_situation_does_not_mute_for_ever),
		cmocka_unit_test(test_a_round_that_reached_nobody_goes_on_at_once),
		cmocka_unit_test(test_only_the_last_round_waits),
		cmocka_unit_test(test_a_call_that_is_withdrawn_leaves_its_page),
		cmocka_unit_test(test_a_page_ends_with_its_last_call),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
