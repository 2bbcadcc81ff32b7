/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/msg_desk.h"
#include "proto/msg_put.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* A decoder takes the whole message and nothing shorter or longer. */
#define ASSERT_EXACT(b, get, m) \
	do { \
		size_t n_; \
		for (n_ = 0; n_ < (b)->n; n_++) \
			assert_int_not_equal(get((b)->p, n_, (m)), 0); \
		assert_int_equal(get((b)->p, (b)->n, (m)), 0); \
		buf_addc((b), 'x'); \
		assert_int_not_equal(get((b)->p, (b)->n, (m)), 0); \
		(b)->n--; \
	} while (0)

static void
test_hello(void **state)
{
	struct keeper_hello m = { 0x80000001u, "0123456789abcde", 77, 3 }, g;
	struct buf b;

	(void)state;
	buf_init(&b, 4096);
	keeper_hello_put(&b, &m);
	ASSERT_EXACT(&b, keeper_hello_get, &g);
	assert_int_equal(g.epoch, m.epoch);
	assert_memory_equal(g.cursor_key, m.cursor_key, 16);
	assert_int_equal(g.head, 77);
	assert_int_equal(g.earliest, 3);
	buf_done(&b);
}

static void
test_auto(void **state)
{
	struct keeper_auto m, g;
	struct buf b;
	unsigned i;

	(void)state;
	for (i = 0; i < SLOTS; i++)
		m.level[i] = (uint8_t)(i % 6);
	m.no_slot = 4;
	buf_init(&b, 4096);
	keeper_auto_put(&b, &m);
	ASSERT_EXACT(&b, keeper_auto_get, &g);
	assert_memory_equal(g.level, m.level, SLOTS);
	assert_int_equal(g.no_slot, 4);
	buf_done(&b);
}

static void
put_sample(struct keeper_put *m)
{
	memset(m, 0, sizeof *m);
	memset(m->report, 1, sizeof m->report);
	memset(m->idem_key, 2, sizeof m->idem_key);
	memset(m->idem_mac, 3, sizeof m->idem_mac);
	memset(m->case_id, 4, sizeof m->case_id);
	memset(m->secret_hash, 5, sizeof m->secret_hash);
	m->has_idem = 1;
	m->slot = 12;
	m->auto_ok = 1;
	m->has_case = 1;
	m->has_token = 1;
	memset(m->token, 6, sizeof m->token);
	m->topic_count = 2;
	memset(m->topics, 7, sizeof m->topics[0]);
	m->counts[1].members = 300;
	m->counts[1].sectors = 3;
	m->since = 29000000;
	m->named_count = 1;
	memset(m->named[0], 8, sizeof m->named[0]);
	m->slip_desk = SLOT_NONE;
	m->slip = slice_of("box");
	m->json = slice_of("{\"kind\":\"incident\"}");
}

static void
test_put(void **state)
{
	struct keeper_put m, g;
	struct buf b;

	(void)state;
	put_sample(&m);
	buf_init(&b, 4096);
	keeper_put_put(&b, &m);
	ASSERT_EXACT(&b, keeper_put_get, &g);
	assert_memory_equal(g.report, m.report, ID_LEN);
	assert_memory_equal(g.idem_key, m.idem_key, 32);
	assert_memory_equal(g.idem_mac, m.idem_mac, 32);
	assert_memory_equal(g.case_id, m.case_id, ID_LEN);
	assert_memory_equal(g.secret_hash, m.secret_hash, 32);
	assert_true(g.has_idem && g.auto_ok && g.has_case && !g.blind);
	assert_int_equal(g.slot, 12);
	assert_true(g.has_token);
	assert_memory_equal(g.token, m.token, TOKEN_LEN);
	assert_int_equal(g.topic_count, 2);
	assert_memory_equal(g.topics, m.topics, 2 * TOPIC_LEN);
	assert_memory_equal(g.counts, m.counts, sizeof g.counts);
	assert_int_equal(g.since, m.since);
	assert_int_equal(g.named_count, 1);
	assert_memory_equal(g.named, m.named, sizeof g.named);
	assert_int_equal(g.slip_desk, SLOT_NONE);
	assert_true(slice_eq(g.slip, "box"));
	assert_true(slice_eq(g.json, "{\"kind\":\"incident\"}"));
	buf_done(&b);
}

/* Where the number of topics stands. */
enum { AT_TOPICS = ID_LEN + 1 + 32 + 32 + 4 + ID_LEN + 32 + 1 + TOKEN_LEN };

static void
test_put_refuses_bad_values(void **state)
{
	struct keeper_put m, g;
	struct buf b;
	unsigned slot;

	(void)state;
	for (slot = 0; slot < 256; slot++) {
		put_sample(&m);
		m.slot = (uint8_t)slot;
		buf_init(&b, 4096);
		keeper_put_put(&b, &m);
		assert_int_equal(
		    keeper_put_get(b.p, b.n, &g) == 0, slot < SLOTS || slot == 255);
		buf_done(&b);
	}
	put_sample(&m);
	buf_init(&b, 4096);
	keeper_put_put(&b, &m);
	assert_int_equal(b.p[AT_TOPICS], m.topic_count);
	b.p[AT_TOPICS] = TOPICS_MAX + 1;
	assert_int_not_equal(keeper_put_get(b.p, b.n, &g), 0);
	buf_done(&b);
	put_sample(&m);
	m.named_count = NAMED_MAX + 1;
	buf_init(&b, 4096);
	keeper_put_put(&b, &m);
	assert_int_not_equal(keeper_put_get(b.p, b.n, &g), 0);
	buf_done(&b);
	put_sample(&m);
	m.auto_ok = 2; /* a flag is 0 or 1 */
	buf_init(&b, 4096);
	keeper_put_put(&b, &m);
	assert_int_not_equal(keeper_put_get(b.p, b.n, &g), 0);
	buf_done(&b);
}

static void
test_case_and_list(void **state)
{
	struct keeper_case c = { .case_id = "case", .secret_hash = "secret" }, gc;
	struct keeper_list l, gl;
	struct buf b;

	(void)state;
	buf_init(&b, 4096);
	keeper_case_put(&b, &c);
	ASSERT_EXACT(&b, keeper_case_get, &gc);
	assert_memory_equal(&gc, &c, sizeof c);
	buf_reset(&b);
	memset(&l, 0, sizeof l);
	l.rights.roles = ROLE_SECRETARIAT;
	slots_set(&l.rights.sec, 12);
	l.min_severity = 2;
	l.sectors = 1ull << 40;
	l.limit = 500;
	l.before = 9;
	keeper_list_put(&b, &l);
	ASSERT_EXACT(&b, keeper_list_get, &gl);
	assert_true(slots_has(&gl.rights.sec, 12) && gl.rights.roles == ROLE_SECRETARIAT);
	assert_int_equal(gl.sectors, l.sectors);
	assert_int_equal(gl.limit, 500);
	assert_int_equal(gl.before, 9);
	for (l.limit = 0; l.limit <= 501; l.limit += 501) {
		buf_reset(&b);
		keeper_list_put(&b, &l);
		assert_int_not_equal(keeper_list_get(b.p, b.n, &gl), 0);
	}
	buf_done(&b);
}

static void
test_desk(void **state)
{
	struct keeper_desk m = { .verb = DV_TRIAGE_LOCK,
		.ref = { "ref", 3 },
		.sub = { "sub", 3 },
		.query = { "limit=3", 7 },
		.json = { "{}", 2 },
		.has_idem = 1,
		.idem_key = "key",
		.idem_mac = "mac",
		.has_secret = 1,
		.secret_hash = "secret" };
	struct keeper_desk g;
	char ref[DESK_REF_MAX + 1] = { 0 };
	struct buf b;

	(void)state;
	m.rights.duties = DUTY_DESK;
	buf_init(&b, 4096);
	keeper_desk_put(&b, &m);
	ASSERT_EXACT(&b, keeper_desk_get, &g);
	assert_int_equal(g.verb, DV_TRIAGE_LOCK);
	assert_int_equal(g.rights.duties, DUTY_DESK);
	assert_memory_equal(g.ref.p, "ref", 3);
	assert_memory_equal(g.sub.p, "sub", 3);
	assert_memory_equal(g.query.p, "limit=3", 7);
	assert_memory_equal(g.json.p, "{}", 2);
	assert_true(g.has_idem && g.has_secret);
	assert_memory_equal(g.idem_key, m.idem_key, sizeof m.idem_key);
	assert_memory_equal(g.idem_mac, m.idem_mac, sizeof m.idem_mac);
	assert_memory_equal(g.secret_hash, m.secret_hash, sizeof m.secret_hash);
	m.ref = (struct slice){ ref, sizeof ref };
	buf_reset(&b);
	keeper_desk_put(&b, &m);
	assert_int_not_equal(keeper_desk_get(b.p, b.n, &g), 0);
	buf_done(&b);
}

static void
test_acks(void **state)
{
	struct keeper_ack a = { "bulletin", 2, ACK_READ, 30, { "ok", 2 } }, g;
	char note[1025] = { 0 };
	struct wire w;
	struct buf b;

	(void)state;
	buf_init(&b, 8192);
	keeper_ack_put(&b, &a);
	keeper_ack_put(&b, &a);
	wire_init(&w, b.p, b.n);
	keeper_ack_get(&w, &g);
	keeper_ack_get(&w, &g);
	assert_int_equal(wire_end(&w), 0);
	assert_memory_equal(g.id, a.id, ID_LEN);
	assert_int_equal(g.revision, 2);
	assert_int_equal(g.status, ACK_READ);
	assert_int_equal(g.forwarded_to, 30);
	assert_true(slice_eq(g.note, "ok"));
	for (a.status = 0; a.status <= 4; a.status += 4) {
		buf_reset(&b);
		keeper_ack_put(&b, &a);
		wire_init(&w, b.p, b.n);
		keeper_ack_get(&w, &g);
		assert_int_not_equal(wire_end(&w), 0);
	}
	a.status = ACK_ACTED;
	a.note.p = note;
	a.note.n = sizeof note;
	buf_reset(&b);
	keeper_ack_put(&b, &a);
	wire_init(&w, b.p, b.n);
	keeper_ack_get(&w, &g);
	assert_int_not_equal(wire_end(&w), 0);
	buf_done(&b);
}

static void
test_reply(void **state)
{
	struct keeper_reply m = { P_NOT_PUBLIC, 0, { "/title/ja", 9 }, { "why", 3 },
		{ "{}", 2 } },
			    g;
	struct buf b;

	(void)state;
	buf_init(&b, 4096);
	keeper_reply_put(&b, &m);
	ASSERT_EXACT(&b, keeper_reply_get, &g);
	assert_int_equal(g.problem, P_NOT_PUBLIC);
	assert_true(slice_eq(g.pointer, "/title/ja") && slice_eq(g.detail, "why"));
	assert_true(slice_eq(g.body, "{}"));
	b.p[0] = (char)P_COUNT; /* a problem that this table does not have */
	assert_int_not_equal(keeper_reply_get(b.p, b.n, &g), 0);
	buf_done(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hello),
		cmocka_unit_test(test_auto),
		cmocka_unit_test(test_put),
		cmocka_unit_test(test_put_refuses_bad_values),
		cmocka_unit_test(test_case_and_list),
		cmocka_unit_test(test_acks),
		cmocka_unit_test(test_desk),
		cmocka_unit_test(test_reply),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
