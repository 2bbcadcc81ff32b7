/* SPDX-License-Identifier: Apache-2.0 */
/* The case channel as the keeper keeps it: who gets in, what is written, what is counted,
 * what rings, how long an unknown case takes, and the end of it all. */
#include <sqlite3.h>

#include "daemon/keeper/expire.h"
#include "daemon/keeper/store_case.h"
#include "lib/db.h"
#include "schema.h"
#include "tests/role/case_rig.h"

static enum problem
say_as(struct rig *g, const struct keeper_case *c, const char *json, const char *key)
{
	struct keeper_message m;
	enum problem p;
	struct buf b;

	memset(&m, 0, sizeof m);
	m.which = *c;
	m.json = slice_of(json);
	if (key != NULL) {
		m.has_idem = 1;
		memset(m.idem_key, key[0], sizeof m.idem_key);
		memset(m.idem_mac, key[1], sizeof m.idem_mac);
	}
	buf_init(&b, KEEPER_FRAME_MAX);
	keeper_message_put(&b, &m);
	p = rig_call(g, &g->peer[0], KM_MESSAGE, &b);
	buf_done(&b);
	return p;
}

static enum problem
say(struct rig *g, const struct keeper_case *c, const char *text)
{
	char json[256];

	(void)snprintf(json, sizeof json, "{\"text\":{\"ja\":\"%s\"}}", text);
	return say_as(g, c, json, NULL);
}

static void
assert_counts(struct rig *g, const struct keeper_case *c, int messages, int unread)
{
	json_t *j;

	assert_int_equal(call(g, KM_CASE, c), P_OK);
	j = rig_json(&g->peer[0]);
	assert_int_equal(json_integer_value(rig_at(j, "messages")), messages);
	assert_int_equal(json_integer_value(rig_at(j, "unread")), unread);
	json_decref(j);
}

/* A further report of the case, over the blind listener. */
static void
further(struct rig *g, struct keeper_put *m, const struct keeper_case *c, int level)
{
	m->has_case = m->blind = 1;
	memcpy(m->case_id, c->case_id, ID_LEN);
	memcpy(m->secret_hash, c->secret_hash, sizeof m->secret_hash);
	assert_int_equal(
	    rig_put(g, m, level, "ceptoar", "{\"ceptoar\":\"medical-ceptoar\"}"), P_OK);
}

/* Who is let in, and by which calls: for reports of both listeners. */
static void
test_who_may(void **state)
{
	static const unsigned reads[] = { KM_CASE, KM_MESSAGES };
	struct keeper_put m;
	struct keeper_case c, wrong, own, other, centre;
	struct rig g;
	int blind, level;
	size_t i;

	(void)state;
	rig_open(&g, "");
	for (blind = 0; blind < 2; blind++) {
		for (level = 1; level <= 3; level += 2) {
			m = rig_put_default();
			c = opened(&g, &m, level);
			if (blind) /* goes on over the other listener */
				further(&g, &m, &c, level);
			wrong = c;
			wrong.secret_hash[0] ^= 1;
			own = desk_of(&c, ROLE_SECRETARIAT, RIG_MED);
			other = desk_of(&c, ROLE_SECRETARIAT, RIG_PWR);
			centre = desk_of(&c, ROLE_CENTRE, 0);
			for (i = 0; i < 2; i++) {
				assert_int_equal(call(&g, reads[i], &c), P_OK);
				assert_int_equal(call(&g, reads[i], &own), P_OK);
				assert_int_equal(call(&g, reads[i], &wrong), P_NOT_FOUND);
				assert_int_equal(call(&g, reads[i], &other), P_NOT_FOUND);
				assert_int_equal(call(&g, reads[i], &centre),
				    level == 3 ? P_OK : P_NOT_FOUND);
			}
			assert_int_equal(say(&g, &wrong, "x"), P_NOT_FOUND);
			assert_int_equal(say(&g, &other, "x"), P_NOT_FOUND);
			/* The end by the desk is the desk's, the withdrawal the
			 * reporter's. */
			assert_int_equal(call(&g, KM_CLOSE, &c), P_NOT_FOUND);
			assert_int_equal(call(&g, KM_CLOSE, &other), P_NOT_FOUND);
			assert_int_equal(call(&g, KM_WITHDRAW, &own), P_NOT_FOUND);
			assert_counts(&g, &c, 0, 0);
		}
	}
	rig_close(&g);
}

/* A version that lies on the centre's desk no more leaves the case there. */
static void
test_desks_of_all_versions(void **state)
{
	struct keeper_put m = rig_put_default();
	struct keeper_case c, centre;
	struct rig g;

	(void)state;
	rig_open(&g, "");
	c = opened(&g, &m, 3);
	m.has_case = 1;
	memcpy(m.case_id, c.case_id, ID_LEN);
	memcpy(m.secret_hash, secret_hash, sizeof secret_hash);
	assert_int_equal(rig_put(&g, &m, 1, "ceptoar", "{\"stage\":\"final\"}"), P_OK);
	centre = desk_of(&c, ROLE_CENTRE, 0);
	assert_int_equal(say(&g, &centre, "x"), P_OK); /* a final report ends nothing */
	assert_counts(&g, &c, 1, 1);
	rig_close(&g);
}

static void
test_counts_bells_and_the_inbox(void **state)
{
	struct keeper_put m = rig_put_default();
	struct keeper_case c, second, desk;
	struct frame_head h;
	struct slice body, stub;
	struct rig_peer *p;
	json_t *j;
	struct rig g;

	(void)state;
	rig_open(&g, "");
	c = opened(&g, &m, 1);
	rig_now += 60000;
	second = opened(&g, &m, 1);
	p = rig_tail(&g, 1);
	assert_int_equal(p->row_count, 2); /* two bells */
	desk = desk_of(&c, ROLE_SECRETARIAT, RIG_MED);
	assert_int_equal(say(&g, &desk, "問一"), P_OK);
	assert_int_equal(say(&g, &desk, "問二"), P_OK);
	assert_counts(&g, &c, 2, 2);
	assert_counts(&g, &desk, 2, 0);
	rig_now += 60000;
	assert_int_equal(say(&g, &c, "答"), P_OK);
	assert_counts(&g, &c, 3, 0);
	assert_counts(&g, &desk, 3, 1);
	assert_counts(&g, &second, 0, 0);
	/* The answer rang, the questions did not; the bell tells nothing of it. */
	RIG_UNTIL(&g, p->row_count >= 3);
	assert_int_equal(rig_row(p, 2, &h, &body, &stub), 1);
	assert_int_equal(h.kind, FRAME_INBOX);
	assert_int_equal(h.severity, 1);
	assert_int_equal(h.flags & FRAME_CENTRE, 0);
	assert_int_equal(h.minute, rig_now / 60000);
	assert_null(memmem(body.p, body.n, "答", strlen("答")));
	/* The older report is on top again, with its count. */
	j = inbox(&g, ROLE_SECRETARIAT, RIG_MED);
	assert_int_equal(json_array_size(rig_at(j, "items")), 2);
	assert_int_equal(json_integer_value(rig_at(j, "items.0.unread")), 1);
	assert_int_equal(json_integer_value(rig_at(j, "items.1.unread")), 0);
	json_decref(j);
	rig_restart(&g);
	assert_counts(&g, &desk, 3, 1);
	rig_close(&g);
}

static void
test_what_is_stored(void **state)
{
	struct keeper_put m = rig_put_default();
	struct keeper_case c, desk;
	json_t *j;
	struct rig g;

	(void)state;
	rig_open(&g, "");
	c = opened(&g, &m, 1);
	desk = desk_of(&c, ROLE_SECRETARIAT, RIG_MED);
	assert_int_equal(say_as(&g, &c,
			     "{\"text\":{\"en\":\"see http://u7.example/a\",\"ja\":\"甲"
			     "\\n乙\"}}",
			     NULL),
	    P_OK);
	assert_int_equal(say(&g, &desk, "03-0000-1234 desk@desk.example"), P_OK);
	assert_int_equal(call(&g, KM_MESSAGES, &desk), P_OK);
	j = rig_json(&g.peer[0]);
	assert_string_equal(
	    rig_text(j, "messages.0.text.en"), "see hxxp://u7[.]example/a");
	assert_string_equal(rig_text(j, "messages.0.text.ja"), "甲\n乙");
	assert_string_equal(rig_text(j, "messages.0.from"), "reporter");
	assert_string_equal(rig_text(j, "messages.1.from"), "desk");
	/* A desk may say how it is reached. */
	assert_non_null(strstr(rig_text(j, "messages.1.text.ja"), "03-0000-1234"));
	assert_int_equal(json_integer_value(rig_at(j, "messages.1.n")), 2);
	assert_int_equal(strlen(rig_text(j, "messages.1.at")), 25);
	assert_string_equal(rig_text(j, "messages.1.at") + 17, "00+09:00");
	json_decref(j);
	rig_close(&g);
}

static void
test_checked_again(void **state)
{
	static const struct {
		const char *json;
		enum problem want;
		const char *pointer;
	} table[] = {
		{ "{\"text\":{\"ja\":\"a@b.example\"}}", P_NOT_PUBLIC, "/text/ja" },
		{ "{\"text\":{\"en\":\"call 03-1234-5678\"}}", P_NOT_PUBLIC, "/text/en" },
		{ "{\"text\": {\"ja\":\"x\"}}", P_NOT_PUBLIC, "" },
		{ "{\"text\":\"x\"}", P_NOT_PUBLIC, "" },
		{ "{\"text\":{\"ja\":\"x\",\"fr\":\"x\"}}", P_UNKNOWN_FIELD, "/text/fr" },
		{ "{\"text\":{\"ja\":\"x\"},\"to\":1}", P_UNKNOWN_FIELD, "/to" },
		{ "{\"text\":{\"ja\":\"\\u202e\"}}", P_TEXT_CONTROL, "/text/ja" },
		{ "{}", P_MISSING_FIELD, "/text" },
		{ "{", P_JSON_SYNTAX, "" },
	};
	struct keeper_put m = rig_put_default();
	struct keeper_case c;
	struct keeper_reply r;
	struct rig g;
	size_t i;

	(void)state;
	rig_open(&g, "");
	c = opened(&g, &m, 1);
	for (i = 0; i < sizeof table / sizeof table[0]; i++) {
		if (say_as(&g, &c, table[i].json, NULL) != table[i].want)
			fail_msg("%s: %d", table[i].json, (int)g.peer[0].status);
		r = rig_reply(&g.peer[0]);
		assert_int_equal(r.pointer.n, strlen(table[i].pointer));
		assert_memory_equal(r.pointer.p, table[i].pointer, r.pointer.n);
	}
	assert_counts(&g, &c, 0, 0);
	rig_close(&g);
}

static void
test_repeats_and_the_end(void **state)
{
	struct keeper_put m = rig_put_default();
	struct keeper_case c, desk;
	char first[128];
	struct keeper_reply r;
	struct rig g;

	(void)state;
	rig_open(&g, "");
	c = opened(&g, &m, 3);
	desk = desk_of(&c, ROLE_CENTRE, 0);
	assert_int_equal(say_as(&g, &desk, "{\"text\":{\"ja\":\"x\"}}", "km"), P_OK);
	r = rig_reply(&g.peer[0]);
	assert_int_equal(r.created, 1);
	(void)snprintf(first, sizeof first, "%.*s", (int)r.body.n, r.body.p);
	assert_int_equal(
	    say_as(&g, &desk, "{\"text\":{\"ja\":\"x\"}}", "kn"), P_IDEMPOTENCY_MISMATCH);
	assert_int_equal(call(&g, KM_CLOSE, &desk), P_OK);
	rig_now += 60000;
	/* The same answer whenever it is asked for again, also behind the end. */
	assert_int_equal(say_as(&g, &desk, "{\"text\":{\"ja\":\"x\"}}", "km"), P_OK);
	r = rig_reply(&g.peer[0]);
	assert_int_equal(r.created, 0);
	assert_int_equal(r.body.n, strlen(first));
	assert_memory_equal(r.body.p, first, r.body.n);
	assert_int_equal(say(&g, &desk, "y"), P_CONFLICT);
	assert_int_equal(say(&g, &c, "y"), P_CONFLICT);
	m.has_case = 1;
	memcpy(m.case_id, c.case_id, ID_LEN);
	memcpy(m.secret_hash, secret_hash, sizeof secret_hash);
	assert_int_equal(rig_put(&g, &m, 3, "ceptoar", NULL), P_CONFLICT);
	/* Closed by the desk, and still the reporter's to take back. */
	assert_int_equal(call(&g, KM_WITHDRAW, &c), P_OK);
	assert_int_equal(call(&g, KM_CLOSE, &desk), P_OK);
	{
		json_t *j = rig_json(&g.peer[0]);

		assert_string_equal(rig_text(j, "state"), "withdrawn");
		json_decref(j);
	}
	assert_counts(&g, &c, 1, 1);
	rig_close(&g);
}

/* Texts of all sizes: many short ones, or a megabyte. */
static void
test_full(void **state)
{
	struct keeper_put m = rig_put_default();
	struct keeper_case c, desk;
	struct buf b;
	struct rig g;
	int i;

	(void)state;
	rig_open(&g, "");
	c = opened(&g, &m, 1);
	desk = desk_of(&c, ROLE_SECRETARIAT, RIG_MED);
	buf_init(&b, MESSAGE_JSON_MAX);
	buf_adds(&b, "{\"text\":{\"ja\":\"");
	for (i = 0; i < MESSAGE_SCRUBBED_MAX; i++)
		buf_addc(&b, 'a');
	buf_adds(&b, "\"}}");
	for (i = 0; i < MESSAGES_MAX && say_as(&g, &desk, buf_cstr(&b), NULL) == P_OK;
	     i++)
		;
	assert_int_equal(g.peer[0].status, P_CONFLICT);
	assert_in_range(i, MESSAGES_BYTES / MESSAGE_SCRUBBED_MAX - 1,
	    MESSAGES_BYTES / MESSAGE_SCRUBBED_MAX);
	assert_int_equal(call(&g, KM_MESSAGES, &c), P_OK); /* fits into one answer */
	c = opened(&g, &m, 1);
	for (i = 0; i < MESSAGES_MAX; i++)
		assert_int_equal(say(&g, &c, "x"), P_OK);
	assert_int_equal(say(&g, &c, "x"), P_CONFLICT);
	buf_adds(&b, "x");
	buf_done(&b);
	rig_close(&g);
}

/* Retention takes the messages with the case. */
static void
test_messages_end_with_the_case(void **state)
{
	struct keeper_put m = rig_put_default();
	struct keeper_case c;
	uint64_t bytes = 1;
	struct rig g;

	(void)state;
	rig_open(&g, "[keeper]\nkeep_reports = 30d");
	c = opened(&g, &m, 3);
	assert_int_equal(say(&g, &c, "x"), P_OK);
	rig_now += 31LL * 86400000;
	assert_true(expire_prune(&g.k, rig_now / 60000, 64) > 0);
	assert_int_equal(call(&g, KM_CASE, &c), P_NOT_FOUND);
	assert_int_equal(store_message_bytes(g.k.store, c.case_id, &bytes), 0);
	assert_int_equal(bytes, 0);
	rig_close(&g);
}

/* A store of the first version: what it knows of a case's desks is kept. */
static void
test_from_the_first_version(void **state)
{
	static const struct db_schema first = { .name = "keeper",
		.application_id = 0x43504b31,
		.migrations = SCHEMA_KEEPER,
		.versions = 1 };
	static const char rows[] =
	    "INSERT INTO meta VALUES (1, 7, zeroblob(16), 0, zeroblob(32));"
	    "INSERT INTO reports VALUES (x'000102030405060708090a0b0c0d0e0f', "
	    "x'100102030405060708090a0b0c0d0e0f', 12, 4711, 3, 0, 3, NULL, 0, "
	    "zeroblob(32), x'7b7d');"
	    "INSERT INTO cases VALUES (x'100102030405060708090a0b0c0d0e0f', NULL, 12, "
	    "4000, 1, 1, x'000102030405060708090a0b0c0d0e0f', NULL);";
	uint8_t id[ID_LEN] = { 0x10, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 };
	struct store_case c;
	struct db *d = NULL;
	char path[96];
	struct buf why;
	struct rig g;

	(void)state;
	rig_open(&g, "");
	rig_stop(&g);
	(void)snprintf(path, sizeof path, "%s/keeper.db", g.dir);
	assert_int_equal(unlink(path), 0);
	buf_init(&why, 4096);
	assert_int_equal(db_open(&d, path, &first, &why), 0);
	assert_int_equal(sqlite3_exec(db_handle(d), rows, NULL, NULL, NULL), SQLITE_OK);
	db_close(d);
	buf_done(&why);
	rig_start(&g);
	assert_int_equal(store_case_get(g.k.store, id, &c), 0);
	assert_int_equal(c.desks, DESK_BIT_OWN | DESK_BIT_CENTRE);
	assert_int_equal(c.touched, 4711);
	assert_int_equal(c.messages + c.asked + c.told, 0);
	rig_close(&g);
}

/* ---- time */

enum { SAMPLES = 301, KINDS = 4 };

static int
by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* A wrong secret, an unknown case and a case without a channel take as long as each
 * other: medians of interleaved calls, within half a millisecond. */
static void
test_one_time_class(void **state)
{
	static int64_t took[KINDS][SAMPLES];
	struct keeper_put m = rig_put_default();
	struct keeper_case c[KINDS];
	struct store_report r;
	int64_t began, lo, hi;
	struct rig g;
	size_t i, k;

	(void)state;
	rig_open(&g, "");
	c[0] = opened(&g, &m, 3);
	c[0].secret_hash[0] ^= 1;
	c[1] = opened(&g, &m, 3);
	c[1].secret_hash[31] ^= 1;
	c[2] = c[0];
	c[2].case_id[0] ^= 1;
	assert_int_equal(rig_put(&g, &m, 3, "ceptoar", NULL), P_OK);
	assert_int_equal(store_report_get(g.k.store, m.report, &r, NULL), 0);
	c[3] = c[0];
	memcpy(c[3].case_id, r.case_id, ID_LEN);
	for (i = 0; i < SAMPLES; i++) {
		for (k = 0; k < KINDS; k++) {
			began = clock_mono_us();
			assert_int_equal(
			    call(&g, i % 2 == 0 ? KM_CASE : KM_MESSAGES, &c[k]),
			    P_NOT_FOUND);
			took[k][i] = clock_mono_us() - began;
		}
	}
	for (k = 0; k < KINDS; k++)
		qsort(took[k], SAMPLES, sizeof took[k][0], by_value);
	lo = hi = took[0][SAMPLES / 2];
	for (k = 1; k < KINDS; k++) {
		lo = took[k][SAMPLES / 2] < lo ? took[k][SAMPLES / 2] : lo;
		hi = took[k][SAMPLES / 2] > hi ? took[k][SAMPLES / 2] : hi;
	}
	if (hi - lo > 500)
		fail_msg("medians from %lld to %lld us", (long long)lo, (long long)hi);
	rig_close(&g);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_who_may),
		cmocka_unit_test(test_desks_of_all_versions),
		cmocka_unit_test(test_counts_bells_and_the_inbox),
		cmocka_unit_test(test_what_is_stored),
		cmocka_unit_test(test_checked_again),
		cmocka_unit_test(test_repeats_and_the_end),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_messages_end_with_the_case),
		cmocka_unit_test(test_from_the_first_version),
		cmocka_unit_test(test_one_time_class),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
