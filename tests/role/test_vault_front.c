/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/role/vault_rig.h"

#include <sqlite3.h>

#include "daemon/vault/seal.h"
#include "lib/ballast.h"

static void
test_hello(void **state)
{
	struct rig *r = *state;
	struct rig_peer *front = rig_peer(r, RIG_FRONT), *admin = rig_peer(r, RIG_ADMIN);
	struct vault_hello h, again;
	static const unsigned char zeros[32];

	assert_int_equal(rig_call(front, VM_HELLO, NULL, 0), VS_OK);
	assert_int_equal(front->answer.n, VAULT_PAGE);
	assert_int_equal(vault_hello_get(front->answer.p, front->answer.n, &h), 0);
	assert_int_equal(h.generation, 1);
	assert_memory_not_equal(h.ticket_secret, zeros, 32);
	rig_enrol(admin, "sample-hospital", 1);
	/* Tickets of before a restart are good after it; the generation ends them. */
	rig_close(r);
	rig_open(r);
	front = rig_peer(r, RIG_FRONT);
	(void)rig_call(front, VM_HELLO, NULL, 0);
	assert_int_equal(vault_hello_get(front->answer.p, front->answer.n, &again), 0);
	assert_memory_equal(again.ticket_secret, h.ticket_secret, 32);
	assert_int_equal(again.generation, 2);
}

static void
test_admit(void **state)
{
	struct rig *r = *state;
	struct rig_peer *front = rig_peer(r, RIG_FRONT), *admin = rig_peer(r, RIG_ADMIN);
	static const struct rights none;
	struct vault_admit a, other;
	unsigned char spki[32];

	rig_enrol(admin, "sample-hospital", 1);
	rig_enrol(admin, "sample-bank", 2);
	rig_enrol(admin, "sample-rail", 3);
	rig_admit(front, 1, rig_end(1), &a);
	assert_int_equal(a.status, VS_OK);
	assert_int_equal(front->answer.n, VAULT_PAGE);
	assert_int_equal(a.generation, 4);
	assert_int_equal(a.rights.roles, ROLE_OPERATOR);
	assert_int_equal(a.rights.clearance, TLP_AMBER_STRICT);
	assert_true(slots_has(&a.rights.op, 1) && !slots_has(&a.rights.op, 2));
	rig_admit(front, 2, rig_end(2), &other);
	assert_memory_not_equal(a.rights.receiver, other.rights.receiver, RECEIVER_LEN);

	rig_admit(front, 9, rig_end(9), &a); /* never seen */
	assert_int_equal(a.status, VS_UNKNOWN);
	assert_memory_equal(&a.rights, &none, sizeof none);
	rig_admit(front, 1, rig_end(1) + 1, &a); /* another certificate of the same key */
	assert_int_equal(a.status, VS_EXPIRED);
	assert_memory_equal(&a.rights, &none, sizeof none);

	rig_spki(1, spki);
	assert_int_equal(rig_call(admin, VM_A_CERT_REVOKE, spki, 32), VS_OK);
	assert_int_equal(rig_disable(admin, "sample-bank", 1), VS_OK);
	assert_int_equal(rig_put_cert(admin, "sample-rail", 3, 1000000000), VS_OK);
	rig_admit(front, 1, rig_end(1), &a); /* nothing is so before COMMIT */
	assert_int_equal(a.status, VS_OK);
	assert_int_equal(rig_commit(admin), VS_OK);
	rig_admit(front, 1, rig_end(1), &a);
	assert_int_equal(a.status, VS_REVOKED);
	rig_admit(front, 2, rig_end(2), &a);
	assert_int_equal(a.status, VS_DISABLED);
	rig_admit(front, 3, 1000000000, &a);
	assert_int_equal(a.status, VS_EXPIRED);
	assert_int_equal(a.generation, 5);
}

/* Every receiver keeps its id, and the id is not to be had from the member's alone. */
static void
test_receiver_id(void **state)
{
	struct rig *r = *state;
	struct rig_peer *front = rig_peer(r, RIG_FRONT), *admin = rig_peer(r, RIG_ADMIN);
	struct vault_admit a, b;
	char path[PATH_MAX];

	rig_enrol(admin, "sample-hospital", 1);
	rig_admit(front, 1, rig_end(1), &a);
	rig_enrol(admin, "sample-hospital", 1);
	rig_close(r);
	rig_open(r);
	front = rig_peer(r, RIG_FRONT);
	rig_admit(front, 1, rig_end(1), &b);
	assert_memory_equal(a.rights.receiver, b.rights.receiver, RECEIVER_LEN);
	/* Another vault, another key. */
	rig_close(r);
	rig_path(r, "other.db", path);
	memcpy(r->o.db, path, sizeof path);
	rig_open(r);
	admin = rig_peer(r, RIG_ADMIN);
	front = rig_peer(r, RIG_FRONT);
	rig_enrol(admin, "sample-hospital", 1);
	rig_admit(front, 1, rig_end(1), &b);
	assert_memory_not_equal(a.rights.receiver, b.rights.receiver, RECEIVER_LEN);
}

/* One byte less or more, another socket's call, a status: the link ends. */
static void
test_frames_refused(void **state)
{
	static const struct {
		uint16_t type;
		size_t n;
	} cases[] = { { VM_HELLO, 1 }, { VM_ADMIT, 0 }, { VM_ADMIT, 39 },
		{ VM_ADMIT, 41 }, { VM_SEAL, VAULT_ORDER_LEN - 1 },
		{ VM_SEAL, VAULT_ORDER_LEN + 1 }, { VM_TERMS, 33 }, { VM_TERMS, 35 },
		{ VM_GENERATION, 8 }, { VM_ISSUE, VAULT_ISSUE_LEN - 1 },
		{ VM_ISSUE, VAULT_ISSUE_LEN + 1 }, { VM_A_GROUPS, VAULT_GROUPS_LEN },
		{ VM_DIRECTORY, 0 }, { VM_A_COMMIT, 0 }, { VM_A_LIST, 64 },
		{ VM_A_STATUS, 0 }, { 0, 0 }, { 65535, 0 } };
	unsigned char zeros[512] = { 0 };
	struct rig *r = *state;
	size_t i;

	for (i = 0; i < sizeof cases / sizeof cases[0]; i++)
		rig_refused(r, RIG_FRONT, cases[i].type, zeros, cases[i].n);
	zeros[48] = 2; /* wants_auto is yes or no */
	rig_refused(r, RIG_FRONT, VM_SEAL, zeros, VAULT_ORDER_LEN);
}

static unsigned
ask_terms(struct rig_peer *front, unsigned n, unsigned page, struct vault_terms *ret)
{
	unsigned char ask[34];

	rig_spki(n, ask);
	ask[32] = (unsigned char)page;
	ask[33] = (unsigned char)(page >> 8);
	(void)rig_call(front, VM_TERMS, ask, sizeof ask);
	assert_int_equal(vault_terms_get(front->answer.p, front->answer.n, ret), 0);
	return ret->status;
}

static void
test_terms(void **state)
{
	struct rig *r = *state;
	struct rig_peer *front = rig_peer(r, RIG_FRONT), *admin = rig_peer(r, RIG_ADMIN);
	struct vault_terms t;
	struct vault_member m;
	char text[257];
	unsigned i, page, seen = 0, pages;
	struct wire w;
	struct slice s;

	rig_enrol(admin, "sample-bank", 2);
	assert_int_equal(ask_terms(front, 2, 0, &t), VS_OK); /* none: one empty page */
	assert_int_equal(t.pages, 1);
	assert_int_equal(t.count, 0);
	rig_member("sample-hospital", 1, &m);
	assert_int_equal(rig_put_member(admin, &m), VS_OK);
	for (i = 0; i < 60; i++) {
		(void)snprintf(text, sizeof text, "%0*u", 20 + (int)(i * 4), i);
		assert_int_equal(
		    rig_put_term(admin, "sample-hospital", 1 + i % 8, text), VS_OK);
	}
	assert_int_equal(rig_put_cert(admin, "sample-hospital", 1, rig_end(1)), VS_OK);
	assert_int_equal(rig_commit(admin), VS_OK);
	assert_int_equal(ask_terms(front, 1, 0, &t), VS_OK);
	pages = t.pages;
	assert_true(pages >= 3);
	for (page = 0; page < pages; page++) {
		assert_int_equal(ask_terms(front, 1, page, &t), VS_OK);
		assert_int_equal(front->answer.n, VAULT_PAGE);
		assert_int_equal(t.pages, pages);
		wire_init(&w, t.data.p, t.data.n);
		for (i = 0; i < t.count; i++, seen++) {
			assert_int_equal(wire_u8(&w), 1 + seen % 8);
			s = wire_str(&w, VAULT_TERM_MAX);
			assert_int_equal(s.n, 20 + seen * 4);
			assert_int_equal(strtoul(s.p + s.n - 4, NULL, 10) % 100, seen);
		}
		assert_int_equal(wire_end(&w), 0);
	}
	assert_int_equal(seen, 60);
	assert_int_equal(ask_terms(front, 1, pages, &t), VS_INVALID);
	assert_int_equal(t.count, 0);
	assert_int_equal(ask_terms(front, 2, 0, &t), VS_OK); /* nobody else's */
	assert_int_equal(t.count, 0);
	assert_int_equal(ask_terms(front, 7, 0, &t), VS_UNKNOWN);
}

/* A page that is full to its last byte, and one term that does not fit any more. */
static void
test_terms_fill_a_page(void **state)
{
	struct rig *r = *state;
	struct rig_peer *front = rig_peer(r, RIG_FRONT), *admin = rig_peer(r, RIG_ADMIN);
	static const unsigned last[] = { 171, 172 };
	char text[257];
	struct vault_member m;
	struct vault_terms t;
	unsigned i, k;

	rig_enrol(admin, "sample-hospital", 1);
	rig_member("sample-hospital", 1, &m);
	for (k = 0; k < 2; k++) {
		assert_int_equal(rig_put_member(admin, &m), VS_OK);
		(void)snprintf(text, sizeof text, "%0256u", 1);
		for (i = 0; i < 15; i++)
			assert_int_equal(
			    rig_put_term(admin, m.id, TERM_NAME, text), VS_OK);
		(void)snprintf(text, sizeof text, "%0*u", (int)last[k], 2);
		assert_int_equal(rig_put_term(admin, m.id, TERM_NAME, text), VS_OK);
		assert_int_equal(rig_commit(admin), VS_OK);
		assert_int_equal(ask_terms(front, 1, 0, &t), VS_OK);
		assert_int_equal(t.pages, k + 1);
		assert_int_equal(t.count, 16 - k);
	}
	assert_int_equal(ask_terms(front, 1, 1, &t), VS_OK);
	assert_int_equal(t.count, 1);
}

static int
count_rows(struct rig *r)
{
	uint32_t n = 0;

	assert_int_equal(vstore_count_envelopes(r->v->store, &n), 0);
	assert_int_equal(n, r->v->envelopes);
	return (int)n;
}

static void
test_seal(void **state)
{
	struct rig *r = *state;
	struct rig_peer *front = rig_peer(r, RIG_FRONT), *admin = rig_peer(r, RIG_ADMIN);
	struct vault_seal s;
	unsigned char spki[32];

	rig_enrol(admin, "sample-hospital", 1);
	rig_enrol(admin, "sample-bank", 2);
	rig_seal(front, 1, 100, 0, &s);
	assert_int_equal(s.status, VS_OK);
	assert_int_equal(front->answer.n, VAULT_PAGE);
	rig_seal(front, 1, 100, 0, &s); /* a second envelope for one report */
	assert_int_equal(s.status, VS_EXISTS);
	rig_seal(front, 2, 100, 0, &s); /* whoever asks */
	assert_int_equal(s.status, VS_EXISTS);
	rig_seal(front, 9, 101, 0, &s);
	assert_int_equal(s.status, VS_UNKNOWN);
	rig_spki(1, spki);
	assert_int_equal(rig_call(admin, VM_A_CERT_REVOKE, spki, 32), VS_OK);
	assert_int_equal(rig_disable(admin, "sample-bank", 1), VS_OK);
	assert_int_equal(rig_commit(admin), VS_OK);
	rig_seal(front, 1, 102, 0, &s);
	assert_int_equal(s.status, VS_REVOKED);
	rig_seal(front, 2, 103, 0, &s);
	assert_int_equal(s.status, VS_DISABLED);
	assert_int_equal(count_rows(r), 1);
}

/* What is pipelined is committed in groups; an ADMIT that came last does not wait. */
static void
test_groups(void **state)
{
	struct rig *r = *state;
	struct rig_peer *front = rig_peer(r, RIG_FRONT), *admin = rig_peer(r, RIG_ADMIN);
	unsigned char ask[VAULT_ORDER_LEN], who[40] = { 0 };
	unsigned i, at = 0;
	uint64_t admit;

	rig_enrol(admin, "sample-hospital", 1);
	for (i = 0; i < 400; i++) {
		rig_seal_ask(1, 1000 + i, 0, ask);
		(void)rig_send(front, VM_SEAL, ask, sizeof ask);
	}
	rig_seal_ask(1, 1000, 0, ask); /* once more, in another batch or the same */
	(void)rig_send(front, VM_SEAL, ask, sizeof ask);
	admit = rig_send(front, VM_ADMIT, who, sizeof who);
	assert_true(rig_wait_count(r, &front->answers, 402));
	for (i = 0; i < 402; i++)
		if (front->order[i] == admit)
			at = i;
	assert_true(at < 300);
	assert_int_equal(front->statuses[401], VS_EXISTS);
	assert_int_equal(count_rows(r), 400);
}

/* Both in one transaction: the first wins, the other is told, the rest is not hurt. */
static void
test_twice_in_a_batch(void **state)
{
	struct rig *r = *state;
	struct rig_peer *front = rig_peer(r, RIG_FRONT), *admin = rig_peer(r, RIG_ADMIN);
	static const unsigned reports[] = { 7, 7, 8 };
	static const unsigned want[] = { VS_OK, VS_EXISTS, VS_OK };
	unsigned char ask[VAULT_ORDER_LEN];
	unsigned i;

	rig_enrol(admin, "sample-hospital", 1);
	for (i = 0; i < 3; i++) {
		rig_seal_ask(1, reports[i], 0, ask);
		(void)rig_send(front, VM_SEAL, ask, sizeof ask);
	}
	assert_true(rig_wait_count(r, &front->answers, 3));
	for (i = 0; i < 3; i++)
		assert_int_equal(front->statuses[i], want[i]);
	assert_int_equal(count_rows(r), 2);
}

static void
test_automatic_releases(void **state)
{
	struct rig *r = *state;
	struct rig_peer *front = rig_peer(r, RIG_FRONT), *admin = rig_peer(r, RIG_ADMIN);
	struct reg_member *m;
	struct vault_seal s;
	unsigned i;
	int64_t now = clock_timer_ms();

	rig_enrol(admin, "sample-hospital", 1);
	rig_enrol(admin, "sample-bank", 2);
	for (i = 0; i < 5; i++) {
		rig_seal(front, 1, i, 0, &s); /* does not count */
		assert_int_equal(s.auto_ok, 1);
	}
	for (i = 10; i < 13; i++) {
		rig_seal(front, 1, i, 1, &s);
		assert_int_equal(s.auto_ok, 1);
	}
	rig_enrol(admin, "sample-rail", 3); /* a new registry keeps the count */
	rig_seal(front, 1, 20, 1, &s);
	assert_int_equal(s.status, VS_OK);
	assert_int_equal(s.auto_ok, 0);
	rig_seal(front, 2, 10, 1, &s); /* refused: not counted */
	assert_int_equal(s.status, VS_EXISTS);
	assert_int_equal(s.auto_ok, 0);
	rig_seal(front, 2, 30, 1, &s); /* another member's are its own */
	assert_int_equal(s.auto_ok, 1);
	/* The window slides. */
	m = registry_member(r->v->reg, "sample-hospital");
	assert_int_equal(registry_auto(m, 3, now + 86399000, 0), 0);
	assert_int_equal(registry_auto(m, 3, now + 86402000 + RIG_WAIT_MS, 1), 1);
	assert_int_equal(m->auto_count, 1);
	assert_int_equal(registry_auto(m, 1, now + 86402000 + RIG_WAIT_MS, 0), 0);
	assert_int_equal(registry_auto(m, 0, now + 86402000 + RIG_WAIT_MS, 1), 1);
	assert_int_equal(m->auto_count, 1); /* without a cap nothing is counted */
}

/* A front that went away between SEAL and its batch leaves nothing behind. */
static void
test_front_gone(void **state)
{
	struct rig *r = *state;
	struct rig_peer *front = rig_peer(r, RIG_FRONT), *admin = rig_peer(r, RIG_ADMIN);
	struct rig_peer *second;
	unsigned char ask[VAULT_ORDER_LEN];
	struct vault_seal s;
	unsigned i;

	rig_enrol(admin, "sample-hospital", 1);
	for (i = 0; i < 400; i++) {
		rig_seal_ask(1, i, 0, ask);
		(void)rig_send(front, VM_SEAL, ask, sizeof ask);
	}
	rig_turn(r, 1);
	rig_hang_up(front);
	second = rig_peer(r, RIG_FRONT);
	rig_seal(second, 1, 1000, 0, &s);
	assert_int_equal(s.status, VS_OK);
	assert_true(count_rows(r) < 401);
}

static void
test_disk_full(void **state)
{
	struct rig *r = *state;
	struct rig_peer *front = rig_peer(r, RIG_FRONT), *admin = rig_peer(r, RIG_ADMIN);
	struct vault_seal s;
	struct vault_admit a;

	rig_enrol(admin, "sample-hospital", 1);
	rig_seal(front, 1, 99, 0, &s);	  /* the pair of holders is noted */
	(void)db_fail_at(2, SQLITE_FULL); /* BEGIN, then the row */
	rig_seal(front, 1, 1, 1, &s);
	assert_int_equal(s.status, VS_FULL);
	assert_int_equal(s.auto_ok, 0);
	rig_admit(front, 1, rig_end(1), &a);
	assert_int_equal(a.status, VS_OK);
	rig_seal(front, 1, 1, 1, &s); /* room again: as if nothing had been */
	assert_int_equal(s.status, VS_OK);
	assert_int_equal(count_rows(r), 2);
	assert_int_equal(r->v->failed, 0);
}

/* An order like rig_seal's; its status. */
static unsigned
seal_as(struct rig_peer *front, unsigned report, int critical)
{
	unsigned char ask[VAULT_ORDER_LEN];
	struct vault_seal s;

	rig_seal_ask(1, report, 0, ask);
	ask[VAULT_ORDER_LEN - 1] = (unsigned char)critical;
	(void)rig_call(front, VM_SEAL, ask, sizeof ask);
	assert_int_equal(vault_seal_get(front->answer.p, front->answer.n, &s), 0);
	return s.status;
}

/* The room that is kept is given up for what is critical, and is for nothing else. */
static void
test_ballast(void **state)
{
	struct rig *r = *state;
	struct rig_peer *front = rig_peer(r, RIG_FRONT), *admin = rig_peer(r, RIG_ADMIN);
	struct ballast *b;

	ballast_free(r->v->ballast);
	b = r->v->ballast = ballast_new(r->loop, r->o.db, 1);
	assert_non_null(b);
	rig_enrol(admin, "sample-hospital", 1);
	assert_int_equal(seal_as(front, 99, 0), VS_OK); /* the pair of holders is noted */
	(void)db_fail_at(2, SQLITE_FULL);
	assert_int_equal(seal_as(front, 1, 0), VS_FULL);
	assert_int_equal(ballast_is_spent(b), 0);
	(void)db_fail_at(2, SQLITE_FULL);
	assert_int_equal(seal_as(front, 1, 1), VS_OK);
	assert_int_equal(ballast_is_spent(b), 1);
	assert_int_equal(seal_as(front, 2, 0), VS_FULL);
	assert_int_equal(seal_as(front, 2, 1), VS_OK);
	(void)db_fail_at(2, SQLITE_FULL); /* there is nothing more to give */
	assert_int_equal(seal_as(front, 3, 1), VS_FULL);
	ballast_refill(b); /* this disk has room in truth */
	assert_int_equal(ballast_is_spent(b), 0);
	assert_int_equal(seal_as(front, 3, 0), VS_OK);
	assert_int_equal(count_rows(r), 4);
	assert_int_equal(r->v->failed, 0);
}

/* In one transaction with others: theirs are refused, and it is not. */
static void
test_ballast_in_a_batch(void **state)
{
	struct rig *r = *state;
	struct rig_peer *front = rig_peer(r, RIG_FRONT), *admin = rig_peer(r, RIG_ADMIN);
	unsigned char ask[VAULT_ORDER_LEN];
	struct vault_order o;
	unsigned i;

	ballast_free(r->v->ballast);
	r->v->ballast = ballast_new(r->loop, r->o.db, 1);
	rig_enrol(admin, "sample-hospital", 1);
	assert_int_equal(seal_as(front, 99, 0), VS_OK);
	for (i = 0; i < 4; i++) {
		rig_seal_ask(1, i, 0, ask);
		ask[VAULT_ORDER_LEN - 1] = i == 2;
		assert_int_equal(vault_order_get(ask, sizeof ask, &o), 0);
		assert_int_equal(seal_add(r->v->seal, front->l, i, &o), 0);
	}
	(void)db_fail_at(3, SQLITE_FULL);
	seal_drain(r->v->seal);
	assert_int_equal(ballast_is_spent(r->v->ballast), 1);
	assert_int_equal(count_rows(r), 2);
}

/* Nobody knows whether it was stored: say so, and stop. */
static void
test_failed_sync(void **state)
{
	struct rig *r = *state;
	struct rig_peer *front = rig_peer(r, RIG_FRONT), *admin = rig_peer(r, RIG_ADMIN);
	struct vault_seal s;

	rig_enrol(admin, "sample-hospital", 1);
	rig_seal(front, 1, 99, 0, &s);		 /* the pair of holders is noted */
	(void)db_fail_at(3, SQLITE_IOERR_FSYNC); /* BEGIN, row, COMMIT */
	rig_seal(front, 1, 1, 1, &s);
	assert_int_equal(s.status, VS_OUTCOME);
	assert_int_equal(r->v->failed, 1);
	rig_close(r);
	rig_open(r);
	front = rig_peer(r, RIG_FRONT);
	rig_seal(front, 1, 1, 1, &s); /* either state; here it was rolled back */
	assert_int_equal(s.status, VS_OK);
}

static void
test_damaged(void **state)
{
	struct rig *r = *state;
	struct rig_peer *front = rig_peer(r, RIG_FRONT), *admin = rig_peer(r, RIG_ADMIN);
	struct vault_seal s;
	struct vault_admit a;

	rig_enrol(admin, "sample-hospital", 1);
	rig_seal(front, 1, 99, 0, &s); /* the pair of holders is noted */
	(void)db_fail_at(2, SQLITE_CORRUPT);
	rig_seal(front, 1, 1, 0, &s);
	assert_int_equal(s.status, VS_INTERNAL);
	rig_seal(front, 1, 2, 0, &s); /* and nothing is written any more */
	assert_int_equal(s.status, VS_INTERNAL);
	rig_admit(front, 1, rig_end(1), &a); /* who is connected reads on */
	assert_int_equal(a.status, VS_OK);
	assert_int_equal(r->v->failed, 0);
}

static void
test_generation_is_pushed(void **state)
{
	struct rig *r = *state;
	struct rig_peer *one = rig_peer(r, RIG_FRONT), *two = rig_peer(r, RIG_FRONT);
	struct rig_peer *admin = rig_peer(r, RIG_ADMIN);

	(void)rig_call(one, VM_HELLO, NULL, 0);
	(void)rig_call(two, VM_HELLO, NULL, 0);
	rig_enrol(admin, "sample-hospital", 1);
	assert_true(rig_wait_count(r, &one->generations, 1));
	assert_true(rig_wait_count(r, &two->generations, 1));
	assert_int_equal(one->generation, 2);
	assert_int_equal(two->generation, 2);
}

/* SIGTERM: what was asked is written and answered first. */
static void
test_stop_finishes(void **state)
{
	struct rig *r = *state;
	struct rig_peer *front = rig_peer(r, RIG_FRONT), *admin = rig_peer(r, RIG_ADMIN);
	unsigned char ask[VAULT_ORDER_LEN];
	unsigned i;

	rig_enrol(admin, "sample-hospital", 1);
	for (i = 0; i < 200; i++) {
		rig_seal_ask(1, i, 0, ask);
		(void)rig_send(front, VM_SEAL, ask, sizeof ask);
	}
	assert_true(rig_wait_count(r, &front->answers, 1)); /* it has read them all */
	vault_stop(r->v);
	assert_int_equal(r->v->envelopes, 200);
	assert_true(rig_wait_count(r, &front->answers, 200));
	assert_int_equal(count_rows(r), 200);
}

/* Envelopes of long ago are destroyed at start, those within their time stay. */
static void
test_retention(void **state)
{
	struct rig *r = *state;
	int64_t today = clock_wall_minute() / 1440;
	unsigned char id[ID_LEN] = { 0 };
	unsigned i;

	assert_int_equal(db_begin(vstore_db(r->v->store)), 0);
	for (i = 0; i < 1200; i++) {
		memcpy(id, &i, sizeof i);
		assert_int_equal(vstore_put_envelope(r->v->store, id, "x", 1,
				     today - (i < 1000 ? 181 : 180), RIG_PAIR),
		    0);
	}
	assert_int_equal(db_commit(vstore_db(r->v->store)), 0);
	rig_close(r);
	rig_open(r);
	assert_int_equal(r->v->envelopes, 1200);
	rig_turn(r, 300);
	assert_int_equal(count_rows(r), 200);
}

static void
put_envelope(struct rig *r, unsigned n, int64_t day)
{
	unsigned char id[ID_LEN] = { 0 };

	memcpy(id, &n, sizeof n);
	assert_int_equal(vstore_put_envelope(r->v->store, id, "x", 1, day, RIG_PAIR), 0);
	r->v->envelopes++;
}

/* A clock that says that nothing may be left is not believed on its first word. */
static void
test_retention_waits(void **state)
{
	struct rig *r = *state;
	int64_t today = clock_wall_minute() / 1440;
	unsigned i;

	for (i = 0; i < 10; i++)
		put_envelope(r, i, today - 400);
	rig_close(r);
	rig_open(r);
	rig_turn(r, 50);
	assert_int_equal(count_rows(r), 10);
	vault_reload(r->v); /* nor on its second */
	rig_turn(r, 50);
	assert_int_equal(count_rows(r), 10);
	put_envelope(r, 11, today);
	rig_close(r);
	rig_open(r);
	rig_turn(r, 50);
	assert_int_equal(count_rows(r), 1);
}

/* After a second of quiet the log is empty: it would date every envelope. */
static void
test_log_is_emptied(void **state)
{
	struct rig *r = *state;
	struct rig_peer *front = rig_peer(r, RIG_FRONT), *admin = rig_peer(r, RIG_ADMIN);
	char path[PATH_MAX];
	struct vault_seal s;
	struct stat st;

	rig_enrol(admin, "sample-hospital", 1);
	rig_seal(front, 1, 1, 0, &s);
	rig_path(r, "vault.db-wal", path);
	assert_int_equal(stat(path, &st), 0);
	assert_true(st.st_size > 0);
	rig_turn(r, 1300);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_size, 0);
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, rig_setup, rig_teardown)
	const struct CMUnitTest tests[] = {
		T(test_hello),
		T(test_admit),
		T(test_receiver_id),
		T(test_frames_refused),
		T(test_terms),
		T(test_terms_fill_a_page),
		T(test_seal),
		T(test_groups),
		T(test_twice_in_a_batch),
		T(test_automatic_releases),
		T(test_front_gone),
		T(test_disk_full),
		T(test_ballast),
		T(test_ballast_in_a_batch),
		T(test_failed_sync),
		T(test_damaged),
		T(test_generation_is_pushed),
		T(test_stop_finishes),
		T(test_retention),
		T(test_retention_waits),
		T(test_log_is_emptied),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
