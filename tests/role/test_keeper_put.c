/* SPDX-License-Identifier: Apache-2.0 */
/* Reports come in: receipts, idempotency, refusals, a failing store, a killed keeper. */
#include "tests/role/keeper_rig.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>

#include <sqlite3.h>

#include "lib/db.h"

static const char commitment[] =
    "{\"case_commitment\":\"47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU\"}";

static void
test_receipt(void **state)
{
	struct keeper_put m = rig_put_default();
	struct rig g;
	json_t *j;

	(void)state;
	rig_open(&g, "");
	assert_int_equal(rig_put(&g, &m, 1, "cross_sector", NULL), P_OK);
	assert_int_equal(rig_reply(&g.peer[0]).created, 1);
	j = rig_json(&g.peer[0]);
	assert_int_equal(strlen(rig_text(j, "id")), 32);
	assert_string_equal(rig_text(j, "state"), "received");
	assert_null(rig_at(j, "case"));
	assert_null(rig_at(j, "bulletin"));
	/* 2026-11-08 is a Sunday: the secretariat reads it on Monday. */
	assert_string_equal(rig_text(j, "read_by.at"), "2026-11-09T09:00:00+09:00");
	assert_true(rig_text(j, "read_by.who.ja")[0] != '\0');
	json_decref(j);

	assert_int_equal(rig_put(&g, &m, 3, "ceptoar", commitment), P_OK);
	assert_int_equal(rig_reply(&g.peer[0]).created, REPLY_RELEASED);
	j = rig_json(&g.peer[0]);
	assert_string_equal(rig_text(j, "state"), "released");
	assert_int_equal(strlen(rig_text(j, "case")), 32);
	assert_string_not_equal(rig_text(j, "case"), rig_text(j, "id"));
	assert_int_equal(strlen(rig_text(j, "bulletin.number")), 10);
	assert_memory_equal(rig_text(j, "bulletin.number"), "2026-", 5);
	/* At level 3 the centre reads it at once. */
	assert_string_equal(rig_text(j, "read_by.at"), "2026-11-08T10:06:00+09:00");
	json_decref(j);

	assert_int_equal(rig_put(&g, &m, 3, "ceptoar", "{\"exercise\":true}"), P_OK);
	j = rig_json(&g.peer[0]);
	assert_memory_equal(rig_text(j, "bulletin.number"), "EX-2026-", 8);
	json_decref(j);
	rig_close(&g);
}

static void
set_key(struct keeper_put *m, int key, int mac)
{
	m->has_idem = 1;
	memset(m->idem_key, key, sizeof m->idem_key);
	memset(m->idem_mac, mac, sizeof m->idem_mac);
}

static enum problem
find(struct rig *g, const struct keeper_put *m)
{
	enum problem p;
	struct buf b;

	buf_init(&b, 128);
	wire_put_bytes(&b, m->idem_key, 32);
	wire_put_bytes(&b, m->idem_mac, 32);
	p = rig_call(g, &g->peer[0], KM_FIND, &b);
	buf_done(&b);
	return p;
}

static void
test_idempotency(void **state)
{
	struct keeper_put m = rig_put_default(), other;
	char first[1024];
	struct keeper_reply r;
	struct rig g;
	int i;

	(void)state;
	rig_open(&g, "");
	set_key(&m, 1, 2);
	other = m;
	memset(other.idem_mac, 3, sizeof other.idem_mac);
	assert_int_equal(find(&g, &m), P_NOT_FOUND);
	assert_int_equal(rig_put(&g, &m, 4, "cross_sector", commitment), P_OK);
	r = rig_reply(&g.peer[0]);
	assert_int_equal(r.created, REPLY_RELEASED);
	(void)snprintf(first, sizeof first, "%.*s", (int)r.body.n, r.body.p);
	for (i = 0; i < 2; i++) {
		rig_now +=
		    3600000; /* the answer does not depend on when it is asked for */
		assert_int_equal(rig_put(&g, &m, 4, "cross_sector", commitment), P_OK);
		r = rig_reply(&g.peer[0]);
		assert_int_equal(r.created, 0);
		assert_true(slice_eq(r.body, first));
		assert_int_equal(rig_put(&g, &other, 4, "cross_sector", commitment),
		    P_IDEMPOTENCY_MISMATCH);
		assert_int_equal(find(&g, &m), P_OK);
		assert_true(slice_eq(rig_reply(&g.peer[0]).body, first));
		assert_int_equal(find(&g, &other), P_IDEMPOTENCY_MISMATCH);
		rig_restart(&g); /* and all of it again after a restart */
	}
	rig_now -= 2 * 3600000;
	rig_close(&g);
}

static void
test_hundred_parallel_posts_make_one_report(void **state)
{
	struct keeper_put m = rig_put_default();
	struct buf json, b;
	struct rig_peer *p;
	struct store_info info;
	struct rig g;
	int i;

	(void)state;
	rig_open(&g, "");
	set_key(&m, 9, 9);
	p = &g.peer[0];
	buf_init(&json, 65536);
	buf_init(&b, 65536);
	rig_report(&g, &json, 1, "none", NULL);
	for (i = 0; i < 100; i++) {
		rig_put_of(&g, &m, &json, &b);
		p->got = 0;
		p->want = rig_send(&g, p, KM_PUT, &b);
	}
	RIG_UNTIL(&g, p->got); /* the last one: the others were answered before it */
	assert_int_equal(p->status, P_OK);
	assert_int_equal(rig_reply(p).created, 0);
	assert_int_equal(g.k.count.puts, 1);
	store_info(g.k.store, &info);
	assert_int_equal(info.head, 1);
	assert_true(g.k.count.batches < 20); /* they were committed together */
	buf_done(&json);
	buf_done(&b);
	rig_close(&g);
}

/* A batch is closed after a time; what it leaves behind is the next one's, in order. */
static void
test_a_long_queue_is_cut_and_stays_in_order(void **state)
{
	enum { MANY = 300 }; /* more than one batch may take */
	struct keeper_put m = rig_put_default();
	struct buf json, b;
	struct frame_head h;
	struct slice body, stub;
	struct rig_peer *p;
	struct rig g;
	char more[64], serial[16];
	int i, next = 0;

	(void)state;
	rig_open(&g, "");
	p = &g.peer[0];
	buf_init(&json, 65536);
	buf_init(&b, 65536);
	for (i = 0; i < MANY; i++) {
		(void)snprintf(more, sizeof more, "{\"title\":\"no%03d\"}", i);
		buf_reset(&json);
		rig_report(&g, &json, 3, "ceptoar", more);
		rig_put_of(&g, &m, &json, &b);
		p->got = 0;
		p->want = rig_send(&g, p, KM_PUT, &b);
	}
	RIG_UNTIL(&g, p->got);
	assert_int_equal(g.k.count.puts, MANY);
	assert_int_equal(batch_waiting(g.k.batch), 0);
	/* By number alone they would be two. */
	assert_in_range(g.k.count.batches, 3, MANY / 8 + 5);
	p = rig_tail(&g, 1);
	for (i = 0; rig_row(p, (uint32_t)i, &h, &body, &stub); i++) {
		assert_int_equal(h.seq, i + 1);
		(void)snprintf(serial, sizeof serial, "no%03d", next);
		next += memmem(body.p, body.n, serial, strlen(serial)) != NULL;
	}
	assert_int_equal(next, MANY);
	buf_done(&json);
	buf_done(&b);
	rig_close(&g);
}

static enum problem
put_raw(struct rig *g, struct keeper_put *m, const char *text)
{
	enum problem p;
	struct buf json, b;

	buf_init(&json, 65536);
	buf_init(&b, 65536);
	buf_adds(&json, text);
	rig_put_of(g, m, &json, &b);
	p = rig_call(g, &g->peer[0], KM_PUT, &b);
	buf_done(&json);
	buf_done(&b);
	return p;
}

static void
test_refusals(void **state)
{
	struct keeper_put m = rig_put_default();
	struct store_info info;
	struct buf json;
	struct rig g;

	(void)state;
	rig_open(&g, "");
	assert_int_equal(put_raw(&g, &m, "{"), P_JSON_SYNTAX);
	assert_int_equal(put_raw(&g, &m, "[]"), P_WRONG_TYPE);
	buf_init(&json, 65536);
	rig_report(&g, &json, 1, "none", NULL);
	buf_addc(&json, ' '); /* spacing is a mark of the client */
	assert_int_equal(put_raw(&g, &m, buf_cstr(&json)), P_NOT_PUBLIC);
	buf_done(&json);
	assert_int_equal(rig_put(&g, &m, 4, "cross_sector",
			     "{\"title\":\"mail csirt@aozora-hp.example.or.jp\"}"),
	    P_NOT_PUBLIC);
	assert_true(slice_eq(rig_reply(&g.peer[0]).pointer, "/title/ja"));
	m.slot = 100; /* no CEPTOAR has it */
	assert_int_equal(rig_put(&g, &m, 1, "none", NULL), P_INVALID_FIELD);
	m.slot = RIG_PWR; /* not the one that the report names */
	assert_int_equal(rig_put(&g, &m, 1, "none", "{\"ceptoar\":\"medical-ceptoar\"}"),
	    P_INVALID_FIELD);
	assert_true(slice_eq(rig_reply(&g.peer[0]).pointer, "/ceptoar"));
	store_info(g.k.store, &info);
	assert_int_equal(info.head, 0); /* nothing of it rang a bell */
	rig_close(&g);
}

static void
test_refused_one_leaves_its_neighbours_alone(void **state)
{
	struct keeper_put m = rig_put_default();
	struct store_info info;
	struct buf json, b;
	struct rig_peer *p;
	struct rig g;
	int i;

	(void)state;
	rig_open(&g, "");
	p = &g.peer[0];
	buf_init(&json, 65536);
	buf_init(&b, 65536);
	rig_report(&g, &json, 3, "ceptoar", NULL);
	m.json = buf_slice(&json);
	for (i = 0; i < 3; i++) {
		m.report[0] = i == 2 ? 2 : 1; /* the second has the id of the first */
		buf_reset(&b);
		keeper_put_put(&b, &m);
		p->got = 0;
		p->want = rig_send(&g, p, KM_PUT, &b);
	}
	RIG_UNTIL(&g, p->got);
	assert_int_equal(p->status, P_OK);
	assert_int_equal(g.k.count.puts, 2);
	store_info(g.k.store, &info);
	assert_int_equal(
	    info.head, 4); /* two bells, two bulletins: no gap for the refused */
	buf_done(&json);
	buf_done(&b);
	rig_close(&g);
}

/* A front that does not validate: the keeper does. */
static void
test_text_beyond_its_cap_fails_alone(void **state)
{
	struct keeper_put m = rig_put_default();
	char text[100001];
	struct buf json, b;
	struct rig_peer *p;
	struct rig g;
	json_t *j;
	int i;

	(void)state;
	rig_open(&g, "");
	p = &g.peer[0];
	memset(text, 'a', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	buf_init(&json, REPORT_JSON_MAX);
	buf_init(&b, KEEPER_FRAME_MAX);
	rig_report(&g, &json, 3, "ceptoar", NULL);
	j = json_loadb(json.p, json.n, 0, NULL);
	assert_int_equal(json_object_set_new(
			     json_object_get(j, "description"), "ja", json_string(text)),
	    0);
	for (i = 0; i < 3; i++) {
		buf_reset(&json);
		if (i == 1)
			assert_int_equal(json_canonical(j, &json), 0);
		else
			rig_report(&g, &json, 3, "ceptoar", NULL);
		rig_put_of(&g, &m, &json, &b);
		p->got = 0;
		p->want = rig_send(&g, p, KM_PUT, &b);
	}
	RIG_UNTIL(&g, p->got);
	assert_int_equal(p->status, P_OK);
	assert_int_equal(g.k.count.puts, 2);
	buf_reset(&json);
	assert_int_equal(json_canonical(j, &json), 0);
	rig_put_of(&g, &m, &json, &b);
	assert_int_equal(rig_call(&g, p, KM_PUT, &b), P_INVALID_FIELD);
	json_decref(j);
	buf_done(&json);
	buf_done(&b);
	rig_close(&g);
}

static void
test_idle_second_empties_the_write_ahead_log(void **state)
{
	struct keeper_put m = rig_put_default();
	struct store_info info;
	int64_t end;
	struct rig g;

	(void)state;
	rig_open(&g, "");
	assert_int_equal(rig_put(&g, &m, 1, "none", NULL), P_OK);
	store_info(g.k.store, &info);
	assert_true(info.wal_bytes > 0);
	end = clock_mono_ms() + 5000;
	while (info.wal_bytes > 0 && clock_mono_ms() < end) {
		rig_turn(&g);
		store_info(g.k.store, &info);
	}
	assert_int_equal(info.wal_bytes, 0);
	rig_close(&g);
}

static void
test_broken_caller_is_closed_and_others_go_on(void **state)
{
	struct keeper_put m = rig_put_default();
	struct rig_peer *bad;
	struct buf b;
	struct rig g;

	(void)state;
	rig_open(&g, "");
	bad = rig_join(&g, 0);
	buf_init(&b, 64);
	buf_adds(&b, "short");
	assert_int_equal(rig_call(&g, bad, KM_PUT, &b), P_COUNT);
	assert_true(bad->down);
	bad = rig_join(&g, 0); /* an administrator's call is none of a front's */
	assert_int_equal(rig_call(&g, bad, KM_A_STATUS, &b), P_COUNT);
	assert_int_equal(rig_put(&g, &m, 1, "none", NULL), P_OK);
	buf_done(&b);
	rig_close(&g);
}

/* Every step of the store fails once: never a lost answer, never half a report. */
static void
walk_faults(int code, enum problem expected)
{
	struct keeper_put m = rig_put_default();
	struct store_info before, after;
	unsigned long n, left;
	enum problem p;
	struct rig g;
	int key = 0;

	rig_open(&g, "");
	for (n = 1; n < 200; n++) {
		set_key(&m, ++key, 1);
		store_info(g.k.store, &before);
		(void)db_fail_at(n, code);
		p = rig_put(&g, &m, 3, "ceptoar", commitment);
		left = db_fail_at(0, 0);
		store_info(g.k.store, &after);
		if (p == P_OK && left > 0)
			break;
		if (p == P_OK) { /* what the keeper does by itself has met it */
			n--;
			continue;
		}
		assert_int_equal(p, expected);
		assert_int_equal(after.head, before.head);
		assert_int_equal(find(&g, &m), P_NOT_FOUND);
		/* The retry makes exactly one. */
		assert_int_equal(rig_put(&g, &m, 3, "ceptoar", commitment), P_OK);
		assert_int_equal(rig_reply(&g.peer[0]).created, REPLY_RELEASED);
		store_info(g.k.store, &after);
		assert_int_equal(after.head, before.head + 2);
	}
	assert_true(n > 10 && n < 200);
	assert_false(g.k.failing);
	rig_close(&g);
}

static void
test_full_disk_is_507_and_goes_on(void **state)
{
	(void)state;
	walk_faults(SQLITE_FULL, P_STORAGE_FULL);
}

static void
test_out_of_memory_is_503_and_goes_on(void **state)
{
	(void)state;
	walk_faults(SQLITE_NOMEM, P_UNAVAILABLE);
}

static void
test_failed_sync_is_outcome_unknown_and_the_end(void **state)
{
	struct keeper_put m = rig_put_default();
	unsigned long n, left;
	enum problem p = P_OK;
	struct rig g;

	(void)state;
	for (n = 1; n < 60; n += 7) {
		rig_open(&g, "");
		set_key(&m, 1, 1);
		(void)db_fail_at(n, SQLITE_IOERR_FSYNC);
		p = rig_put(&g, &m, 3, "ceptoar", NULL);
		left = db_fail_at(0, 0);
		if (p == P_OK) {
			rig_close(&g);
			if (left > 0)
				break;
			n -= 7; /* what the keeper does by itself has met it */
			continue;
		}
		assert_int_equal(p, P_OUTCOME_UNKNOWN);
		assert_true(g.k.failing);
		RIG_UNTIL(&g, g.ended);
		/* After a fresh start: either state, and a retry gives one report. */
		rig_restart(&g);
		assert_int_equal(rig_put(&g, &m, 3, "ceptoar", NULL), P_OK);
		assert_int_equal(rig_put(&g, &m, 3, "ceptoar", NULL), P_OK);
		assert_int_equal(rig_reply(&g.peer[0]).created, 0);
		rig_close(&g);
	}
	assert_true(n > 1);
}

static void
test_damaged_row_stops_writing(void **state)
{
	struct keeper_put m = rig_put_default();
	struct rig_peer *p;
	struct rig g;
	char path[128];
	sqlite3 *h;
	struct buf b;

	(void)state;
	rig_open(&g, "");
	assert_int_equal(rig_put(&g, &m, 3, "ceptoar", NULL), P_OK);
	assert_int_equal(rig_put(&g, &m, 3, "ceptoar", NULL), P_OK);
	rig_stop(&g);
	(void)snprintf(path, sizeof path, "%s/keeper.db", g.dir);
	assert_int_equal(sqlite3_open(path, &h), SQLITE_OK);
	assert_int_equal(sqlite3_exec(h,
			     "UPDATE log SET body = CAST(replace(CAST(body AS TEXT),"
			     " '2026', '2027') AS BLOB) WHERE seq = 2",
			     NULL, NULL, NULL),
	    SQLITE_OK);
	assert_int_equal(sqlite3_close(h), SQLITE_OK);
	rig_start(&g);
	p = rig_join(&g, 0);
	buf_init(&b, 64);
	wire_put_u64(&b, 1);
	(void)rig_send(&g, p, KM_TAIL, &b);
	RIG_UNTIL(&g, p->down); /* the row is not handed out */
	assert_int_equal(p->row_count, 0);
	assert_true(g.k.write_stop);
	assert_int_equal(rig_put(&g, &m, 3, "ceptoar", NULL), P_UNAVAILABLE);
	buf_done(&b);
	rig_close(&g);
}

/* The child's keeper is killed in the middle; what it had answered must be there. */
static void
run_child(struct rig *g, int fd)
{
	rig_start(g);
	if (keeper_adopt(&g->k, fd, DOOR_FRONT) == NULL)
		_exit(2);
	for (;;)
		(void)event_base_loop(loop_base(g->loop), EVLOOP_ONCE);
}

struct acked {
	unsigned n;
	uint8_t key[4096];
};

static void
on_acked(void *arg, struct link *l, const struct link_frame *f)
{
	struct acked *a = arg;

	(void)l;
	if (f->type == KM_PUT && f->status == P_OK && a->n < sizeof a->key)
		a->key[a->n++] = (uint8_t)f->call;
}

static void
kill_round(struct rig *g, unsigned round)
{
	static const struct link_ops ops = { NULL, on_acked, NULL };
	struct keeper_put m = rig_put_default();
	struct acked a = { 0, { 0 } };
	struct buf json, b;
	struct link *l;
	unsigned i;
	pid_t pid;
	int fd[2];

	assert_int_equal(
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fd), 0);
	buf_init(&json, 65536);
	buf_init(&b, 65536);
	rig_report(g, &json, 3, "ceptoar", NULL);
	rig_stop(g);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		run_child(g, fd[0]);
	(void)close(fd[0]);
	g->loop = loop_new();
	l = link_adopt(g->loop, fd[1], &ops, &a, rig_limits);
	assert_non_null(l);
	for (i = 0; i < 200; i++) {
		m.has_idem = 1;
		memset(m.idem_key, (int)i, 31);
		m.idem_key[31] = (uint8_t)round;
		rig_put_of(g, &m, &json, &b);
		m.report[5] = (uint8_t)i;
		m.report[6] = (uint8_t)round;
		buf_reset(&b);
		keeper_put_put(&b, &m);
		assert_int_equal(link_send(l, KM_PUT, 0, i, b.p, b.n), 0);
		if (i % 10 == 9)
			rig_turn(g);
	}
	RIG_UNTIL(g, a.n > round * 15);
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	link_free(l);
	loop_free(g->loop);
	rig_start(g);
	for (i = 0; i < a.n; i++) {
		memset(m.idem_key, a.key[i], 31);
		m.idem_key[31] = (uint8_t)round;
		assert_int_equal(find(g, &m), P_OK);
	}
	buf_done(&json);
	buf_done(&b);
}

static void
test_kill_loses_no_answered_report(void **state)
{
	struct frame_head h;
	struct slice body, stub;
	struct rig_peer *p;
	struct rig g;
	unsigned round;
	uint32_t i;

	(void)state;
	rig_open(&g, "");
	for (round = 0; round < 10; round++)
		kill_round(&g, round);
	p = rig_tail(&g, 1);
	for (i = 0; rig_row(p, i, &h, &body, &stub); i++)
		assert_int_equal(h.seq, i + 1); /* no gap, nothing twice */
	assert_true(i > 10 && i % 2 == 0);
	rig_close(&g);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_receipt),
		cmocka_unit_test(test_idempotency),
		cmocka_unit_test(test_hundred_parallel_posts_make_one_report),
		cmocka_unit_test(test_a_long_queue_is_cut_and_stays_in_order),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_refused_one_leaves_its_neighbours_alone),
		cmocka_unit_test(test_text_beyond_its_cap_fails_alone),
		cmocka_unit_test(test_idle_second_empties_the_write_ahead_log),
		cmocka_unit_test(test_broken_caller_is_closed_and_others_go_on),
		cmocka_unit_test(test_full_disk_is_507_and_goes_on),
		cmocka_unit_test(test_out_of_memory_is_503_and_goes_on),
		cmocka_unit_test(test_failed_sync_is_outcome_unknown_and_the_end),
		cmocka_unit_test(test_damaged_row_stops_writing),
		cmocka_unit_test(test_kill_loses_no_answered_report),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
