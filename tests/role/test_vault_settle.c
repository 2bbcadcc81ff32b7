/* SPDX-License-Identifier: Apache-2.0 */
/* What a SEAL takes before anybody knows what becomes of the report, and how it comes
 * back: automatic releases and who says the same. */
#include "tests/role/vault_rig.h"

#include "daemon/vault/distinct.h"
#include "daemon/vault/settle.h"

static unsigned reports;

static struct vault_seal
seals(struct rig_peer *front, unsigned cert, unsigned topic)
{
	unsigned char ask[VAULT_ORDER_LEN];
	struct vault_seal s;

	rig_seal_ask(cert, ++reports, 1, ask);
	ask[49] = topic != 0;
	memset(ask + 50, (int)topic, TOPIC_LEN);
	(void)rig_call(front, VM_SEAL, ask, sizeof ask);
	assert_int_equal(vault_seal_get(front->answer.p, front->answer.n, &s), 0);
	assert_int_equal(s.status, VS_OK);
	return s;
}

/* Whether it would go out by itself, without taking anything. */
static int
would(struct rig_peer *front, unsigned cert)
{
	unsigned char ask[VAULT_ORDER_LEN];
	struct vault_seal s;

	rig_seal_ask(cert, 0, 1, ask);
	(void)rig_call(front, VM_NAMEABLE, ask, sizeof ask);
	assert_int_equal(front->answer.n, VAULT_PAGE);
	assert_int_equal(vault_seal_get(front->answer.p, front->answer.n, &s), 0);
	return s.auto_ok;
}

static void
settled(struct rig_peer *front, const struct vault_seal *s, int stored, int released)
{
	struct vault_settle m = { .stored = (uint8_t)stored,
		.released = (uint8_t)released };
	struct buf b;

	memcpy(m.ticket, s->ticket, TICKET_LEN);
	buf_init(&b, VAULT_SETTLE_LEN);
	vault_settle_put(&b, &m);
	assert_int_equal(b.n, VAULT_SETTLE_LEN);
	(void)rig_send(front, VM_SETTLE, b.p, b.n);
	buf_done(&b);
	(void)would(front, 1); /* answered behind it */
}

static void
test_releases_come_back(void **state)
{
	struct rig *r = *state;
	struct rig_peer *front = rig_peer(r, RIG_FRONT), *admin = rig_peer(r, RIG_ADMIN);
	struct vault_seal s[4];
	unsigned i, round;

	rig_enrol(admin, "sample-hospital", 1);
	/* Refused, or held by something else: nothing is used up by any number. */
	for (i = 0; i < 10; i++) {
		s[0] = seals(front, 1, 0);
		assert_int_equal(s[0].auto_ok, 1);
		settled(front, &s[0], (int)(i % 2), 0);
	}
	for (round = 0; round < 2; round++) {
		/* What is open counts, or many at once would all go out. */
		for (i = 0; i < 4; i++) {
			s[i] = seals(front, 1, 0);
			assert_int_equal(s[i].auto_ok, i < 3);
		}
		assert_int_equal(would(front, 1), 0);
		rig_enrol(admin, "sample-rail", 3); /* a new registry keeps it */
		for (i = 0; i < 4; i++)
			settled(front, &s[i], 1, 0);
		assert_int_equal(would(front, 1), 1);
	}
	for (i = 0; i < 3; i++) {
		s[i] = seals(front, 1, 0);
		assert_int_equal(s[i].auto_ok, 1);
		settled(front, &s[i], 1, 1);
	}
	assert_int_equal(would(front, 1), 0);
	/* A ticket is worth one answer, and this is no moment to think again. */
	settled(front, &s[2], 0, 0);
	memset(s[3].ticket, 0, TICKET_LEN);
	settled(front, &s[3], 0, 0);
	memset(s[3].ticket, 0xff, TICKET_LEN);
	settled(front, &s[3], 0, 0);
	s[3] = seals(front, 1, 0);
	assert_int_equal(s[3].auto_ok, 0);
	settled(front, &s[3], 0, 0); /* it had none to give back */
	assert_int_equal(would(front, 1), 0);
}

static void
test_counts_come_back(void **state)
{
	struct rig *r = *state;
	struct rig_peer *front = rig_peer(r, RIG_FRONT), *admin = rig_peer(r, RIG_ADMIN);
	struct vault_seal a, b, again;

	rig_enrol(admin, "a-hospital", 1);
	rig_enrol(admin, "b-hospital", 2);
	a = seals(front, 1, 9);
	assert_int_equal(a.topics[0].members, 1);
	settled(front, &a, 1, 0);
	b = seals(front, 2, 9); /* its own report is in its count */
	assert_int_equal(b.topics[0].members, 2);
	settled(front, &b, 0, 0);
	a = seals(front, 1, 9);
	assert_int_equal(a.topics[0].members, 1);
	settled(front, &a, 0, 0); /* it has said so before */
	/* Once more at the same time: one of them is stored, whichever. */
	b = seals(front, 2, 9);
	again = seals(front, 2, 9);
	settled(front, &again, 1, 0);
	settled(front, &b, 0, 0);
	a = seals(front, 1, 9);
	assert_int_equal(a.topics[0].members, 2);
	settled(front, &a, 1, 0);
	assert_int_equal(distinct_entries(r->v->distinct), 2);
}

/* A front that goes, or says nothing: as if it had not been stored. */
static void
test_nobody_says(void **state)
{
	struct rig *r = *state;
	struct rig_peer *front = rig_peer(r, RIG_FRONT), *admin = rig_peer(r, RIG_ADMIN);
	struct rig_peer *other = rig_peer(r, RIG_FRONT);
	struct vault_seal s[3];
	unsigned i;

	rig_enrol(admin, "sample-hospital", 1);
	rig_enrol(admin, "sample-bank", 2);
	for (i = 0; i < 3; i++)
		s[i] = seals(other, 1, 9);
	/* Another front cannot end them. */
	for (i = 0; i < 3; i++)
		settled(front, &s[i], 0, 0);
	assert_int_equal(would(front, 1), 0);
	(void)seals(front, 2, 9);
	assert_int_equal(distinct_entries(r->v->distinct), 2);
	rig_hang_up(other);
	for (i = 0; i < 100 && !would(front, 1); i++)
		rig_turn(r, 1);
	assert_int_equal(would(front, 1), 1);
	assert_int_equal(distinct_entries(r->v->distinct), 1); /* the bank's is open */
	for (i = 0; i < 3; i++)
		s[i] = seals(front, 1, 9);
	settle_sweep(r->v->settle, clock_timer_ms() + SETTLE_MS - 60000);
	assert_int_equal(would(front, 1), 0);
	assert_int_equal(distinct_entries(r->v->distinct), 2);
	settle_sweep(r->v->settle, clock_timer_ms() + SETTLE_MS);
	assert_int_equal(would(front, 1), 1);
	assert_int_equal(distinct_entries(r->v->distinct), 0);
	settled(front, &s[0], 1, 1); /* too late */
	assert_int_equal(would(front, 1), 1);
	assert_int_equal(distinct_entries(r->v->distinct), 0);
}

/* There is room for so many; then the oldest are given back. */
static void
test_full(void **state)
{
	struct rig *r = *state;
	struct rig_peer *front = rig_peer(r, RIG_FRONT), *admin = rig_peer(r, RIG_ADMIN);
	struct vault_order o = { .wants_auto = 1, .topic_count = 1 };
	struct vault_seal first, s;
	struct link *none = NULL;
	unsigned i;

	rig_enrol(admin, "sample-hospital", 1);
	first = seals(front, 1, 1);
	rig_spki(1, o.spki);
	for (i = 0; i < SETTLE_MOST; i++) {
		memset(&s, 0, sizeof s);
		memset(o.topics[0], 2, TOPIC_LEN);
		settle_open(r->v->settle, (const struct link *)&none, &o, &s);
		/* The last one finds what the first one has given back. */
		assert_int_equal(s.auto_ok, i < 2 || i == SETTLE_MOST - 1);
	}
	assert_int_equal(distinct_entries(r->v->distinct), 1);
	settled(front, &first, 1, 0);
	assert_int_equal(distinct_entries(r->v->distinct), 1);
	assert_int_equal(would(front, 1), 0);
	settle_forget(r->v->settle, (const struct link *)&none);
	assert_int_equal(distinct_entries(r->v->distinct), 0);
	assert_int_equal(seals(front, 1, 1).auto_ok, 1);
}

static void
test_refused(void **state)
{
	unsigned char zeros[VAULT_SETTLE_LEN + 1] = { 0 };
	struct rig *r = *state;

	rig_refused(r, RIG_FRONT, VM_SETTLE, zeros, VAULT_SETTLE_LEN - 1);
	rig_refused(r, RIG_FRONT, VM_SETTLE, zeros, VAULT_SETTLE_LEN + 1);
	zeros[TICKET_LEN] = 2;
	rig_refused(r, RIG_FRONT, VM_SETTLE, zeros, VAULT_SETTLE_LEN);
	zeros[TICKET_LEN] = 0; /* released and not stored */
	zeros[TICKET_LEN + 1] = 1;
	rig_refused(r, RIG_FRONT, VM_SETTLE, zeros, VAULT_SETTLE_LEN);
	rig_refused(r, RIG_KEEPER, VM_SETTLE, zeros, VAULT_SETTLE_LEN);
}

#define T(f) cmocka_unit_test_setup_teardown(f, rig_setup, rig_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_releases_come_back),
		T(test_counts_come_back),
		T(test_nobody_says),
		T(test_full),
		T(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
