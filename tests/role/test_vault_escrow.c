/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/role/vault_rig.h"

#include <sqlite3.h>

#include "daemon/vault/envelope.h"
#include "daemon/vault/in_escrow.h"
#include "schema.h"

static void
ask_of(unsigned report, const char *reason, unsigned char q[ESCROW_ENVELOPE_LEN])
{
	memset(q, 0, ESCROW_ENVELOPE_LEN);
	memcpy(q, &report, sizeof report);
	memcpy(q + ID_LEN, reason, strlen(reason));
}

static unsigned export(struct rig_peer *admin, unsigned report, const char *reason)
{
	unsigned char q[ESCROW_ENVELOPE_LEN];

	ask_of(report, reason, q);
	return rig_call(admin, VM_A_ENVELOPE, q, sizeof q);
}

/* Rows from `from` on; how many the page holds. */
static unsigned
page(struct rig_peer *admin, uint64_t from, struct vault_export v[EXPORTS_PAGE])
{
	struct buf q;
	struct wire w;
	unsigned i, n;

	buf_init(&q, 8);
	wire_put_u64(&q, from);
	assert_int_equal(rig_call(admin, VM_A_EXPORTS, q.p, q.n), VS_OK);
	buf_done(&q);
	wire_init(&w, admin->answer.p, admin->answer.n);
	n = wire_u8(&w);
	assert_true(n <= EXPORTS_PAGE);
	for (i = 0; i < n; i++)
		vault_export_get(&w, &v[i]);
	assert_int_equal(wire_end(&w), 0);
	return n;
}

static void
test_written_down_first(void **state)
{
	struct rig *r = *state;
	struct rig_peer *front = rig_peer(r, RIG_FRONT), *admin = rig_peer(r, RIG_ADMIN);
	struct rig_peer *keeper = rig_peer(r, RIG_KEEPER);
	static const unsigned char zeros[32];
	struct vault_export v[EXPORTS_PAGE];
	unsigned char sum[32], head[32];
	struct vault_seal s;
	struct wire w;
	unsigned i;

	rig_enrol(admin, "sample-hospital", 1);
	rig_seal(front, 1, 7, 0, &s);
	rig_directory(keeper, 7);
	assert_true(rig_wait_count(r, &keeper->key_ends, 1));
	assert_int_equal(keeper->all.exports, 0);
	assert_int_equal(keeper->all.envelope_days, 180);
	for (i = 1; i <= 8; i++) {
		assert_int_equal(export(admin, 7, "order 12 of the court"), VS_OK);
		wire_init(&w, admin->answer.p, admin->answer.n);
		assert_int_equal(wire_u64(&w), i);
		wire_bytes(&w, head, sizeof head);
		assert_int_equal(wire_u16(&w), envelope_len(r->v->maker));
		assert_int_equal(w.n - w.at, envelope_len(r->v->maker));
	}
	/* One for each: nobody waits for the next of the issuer's own. */
	assert_true(rig_wait_count(r, &keeper->key_ends, 9));
	for (i = 0; i < 1000 && keeper->all.exports < 8; i++)
		rig_turn(r, 5);
	assert_int_equal(keeper->all.exports, 8);
	assert_memory_equal(keeper->all.exports_head, head, 32);

	assert_int_equal(page(admin, 1, v), EXPORTS_PAGE);
	assert_memory_equal(v[0].prev, zeros, 32);
	for (i = 0; i < EXPORTS_PAGE; i++) {
		assert_int_equal(v[i].number, i + 1);
		assert_int_equal(vault_export_sum(&v[i], sum), 0);
		assert_memory_equal(v[i].sum, sum, 32);
		if (i > 0)
			assert_memory_equal(v[i].prev, v[i - 1].sum, 32);
	}
	assert_int_equal(page(admin, 7, v), 2);
	assert_memory_equal(v[1].sum, head, 32);
	assert_int_equal(page(admin, 9, v), 0);
	assert_int_equal(page(admin, UINT64_MAX, v), 0);
	/* The count and head are those of before after a restart. */
	rig_close(r);
	rig_open(r);
	keeper = rig_peer(r, RIG_KEEPER);
	rig_directory(keeper, 7);
	assert_true(rig_wait_count(r, &keeper->key_ends, 1));
	assert_int_equal(keeper->all.exports, 8);
	assert_memory_equal(keeper->all.exports_head, head, 32);
}

/* What cannot be written down does not leave. */
static void
test_nothing_leaves_unwritten(void **state)
{
	struct rig *r = *state;
	struct rig_peer *front = rig_peer(r, RIG_FRONT), *admin = rig_peer(r, RIG_ADMIN);
	struct vault_export v[EXPORTS_PAGE];
	struct vault_seal s;
	unsigned long at;

	rig_enrol(admin, "sample-hospital", 1);
	rig_seal(front, 1, 7, 0, &s);
	for (at = 2; at <= 4; at++) { /* BEGIN, row, COMMIT, behind the look-up */
		(void)db_fail_at(at, SQLITE_FULL);
		assert_int_equal(export(admin, 7, "order 12 of the court"), VS_FULL);
		assert_int_equal(admin->answer.n, 0);
	}
	(void)db_fail_at(0, 0);
	assert_int_equal(r->v->exports, 0);
	assert_int_equal(page(admin, 1, v), 0);
	r->v->writes_off = 1;
	assert_int_equal(export(admin, 7, "order 12 of the court"), VS_INTERNAL);
	assert_int_equal(admin->answer.n, 0);
	r->v->writes_off = 0;
	assert_int_equal(export(admin, 7, "order 12 of the court"), VS_OK);
	assert_int_equal(page(admin, 1, v), 1);
}

static void
test_reasons(void **state)
{
	static const struct {
		const char *reason;
		unsigned want;
	} cases[] = { { "", VS_INVALID }, { "123456789", VS_INVALID },
		{ "1234567890", VS_OK }, { "裁判所の命令 第12号", VS_OK },
		{ "a reason\nof two lines", VS_INVALID },
		{ "a reason\x1b[2J that hides", VS_INVALID },
		{ "a reason \xff that is no text", VS_INVALID },
		{ "a reason \xe2\x80\xae turned round", VS_INVALID } };
	struct rig *r = *state;
	struct rig_peer *front = rig_peer(r, RIG_FRONT), *admin = rig_peer(r, RIG_ADMIN);
	unsigned char q[ESCROW_ENVELOPE_LEN];
	char longest[ENVELOPE_REASON_MAX];
	struct vault_export v[EXPORTS_PAGE];
	struct vault_seal s;
	unsigned n = 0;
	size_t i;

	rig_enrol(admin, "sample-hospital", 1);
	rig_seal(front, 1, 7, 0, &s);
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		assert_int_equal(export(admin, 7, cases[i].reason), cases[i].want);
		n += cases[i].want == VS_OK;
	}
	memset(longest, 'x', sizeof longest - 1);
	longest[sizeof longest - 1] = '\0';
	assert_int_equal(export(admin, 7, longest), VS_OK);
	assert_int_equal(export(admin, 8, longest), VS_UNKNOWN); /* no such report */
	assert_int_equal(r->v->exports, n + 1);
	assert_int_equal(page(admin, n + 1, v), 1);
	assert_string_equal(v[0].reason, longest);
	memset(q, 'x', sizeof q); /* a text without an end */
	rig_refused(r, RIG_ADMIN, VM_A_ENVELOPE, q, sizeof q);
	rig_refused(r, RIG_ADMIN, VM_A_ENVELOPE, q, sizeof q - 1);
	rig_refused(r, RIG_ADMIN, VM_A_EXPORTS, q, 7);
	rig_refused(r, RIG_ADMIN, VM_A_ESCROW, q, 1);
	rig_refused(r, RIG_ADMIN, VM_A_RELOAD, q, 1);
	rig_refused(r, RIG_FRONT, VM_A_ENVELOPE, q, sizeof q);
	rig_refused(r, RIG_KEEPER, VM_A_EXPORTS, q, 8);
	rig_refused(r, RIG_ADMIN, VM_NAMED, q, 48);
}

/* Nobody changes a row through this database, not even the program. */
static void
test_append_only(void **state)
{
	static const char again[] = "INSERT INTO exports SELECT 9, minute, report_id, "
				    "reason, prev, sum FROM exports";
	static const char *const sql[] = { "UPDATE exports SET reason = 'another reason'",
		"UPDATE exports SET number = 2", "DELETE FROM exports",
		"INSERT OR REPLACE INTO exports SELECT * FROM exports", again };
	struct rig *r = *state;
	struct rig_peer *front = rig_peer(r, RIG_FRONT), *admin = rig_peer(r, RIG_ADMIN);
	struct db *db = vstore_db(r->v->store);
	struct vault_seal s;
	size_t i;

	rig_enrol(admin, "sample-hospital", 1);
	rig_seal(front, 1, 7, 0, &s);
	assert_int_equal(export(admin, 7, "order 12 of the court"), VS_OK);
	for (i = 0; i < sizeof sql / sizeof sql[0]; i++)
		assert_int_equal(db_run(db, db_prepare(db, sql[i])), ERR_EXISTS);
}

static unsigned
read_pairs(struct rig_peer *admin, struct vault_pair v[PAIRS_MAX])
{
	struct wire w;
	unsigned i, n;

	assert_int_equal(rig_call(admin, VM_A_ESCROW, NULL, 0), VS_OK);
	wire_init(&w, admin->answer.p, admin->answer.n);
	n = wire_u8(&w);
	for (i = 0; i < n; i++)
		vault_pair_get(&w, &v[i]);
	assert_int_equal(wire_end(&w), 0);
	return n;
}

static void
test_pairs(void **state)
{
	struct rig *r = *state;
	struct rig_peer *front = rig_peer(r, RIG_FRONT), *admin = rig_peer(r, RIG_ADMIN);
	uint32_t today = (uint32_t)(clock_wall_minute() / 1440);
	struct vault_pair v[PAIRS_MAX];
	unsigned char first[PAIR_LEN], text[128] = { 0 };
	struct vault_seal s;
	char path[PATH_MAX];
	unsigned i;

	rig_enrol(admin, "sample-hospital", 1);
	assert_int_equal(read_pairs(admin, v), 1); /* in use, and nothing made yet */
	assert_true(v[0].now && v[0].envelopes == 0 && v[0].last_day == 0);
	memcpy(first, v[0].pair, PAIR_LEN);
	for (i = 0; i < 3; i++)
		rig_seal(front, 1, i, 0, &s);
	assert_int_equal(read_pairs(admin, v), 1);
	assert_int_equal(v[0].envelopes, 3);
	assert_int_equal(v[0].last_day, today + 180);
	/* New holders; then a file that is none, and the pair stays. */
	rig_escrow(r, "escrow-a", "P-384");
	assert_int_equal(rig_call(admin, VM_A_RELOAD, NULL, 0), VS_OK);
	assert_int_equal(admin->answer.n, sizeof text);
	assert_memory_equal(admin->answer.p, text, sizeof text);
	rig_seal(front, 1, 10, 0, &s);
	assert_int_equal(read_pairs(admin, v), 2);
	assert_true(v[0].now && v[0].envelopes == 1 && !v[1].now && v[1].envelopes == 3);
	assert_memory_equal(v[1].pair, first, PAIR_LEN);
	assert_memory_not_equal(v[0].pair, first, PAIR_LEN);
	rig_path(r, "escrow-b.pem", path);
	assert_int_equal(truncate(path, 0), 0);
	assert_int_equal(rig_call(admin, VM_A_RELOAD, NULL, 0), VS_INVALID);
	assert_non_null(strstr(buf_cstr(&admin->answer), "escrow-b.pem"));
	rig_seal(front, 1, 11, 0, &s);
	assert_int_equal(read_pairs(admin, v), 2);
	assert_int_equal(v[0].envelopes, 2);
}

/* A pair whose envelopes are gone is still known, or nobody could retire it. */
static void
test_pair_is_remembered(void **state)
{
	struct rig *r = *state;
	struct rig_peer *front = rig_peer(r, RIG_FRONT), *admin = rig_peer(r, RIG_ADMIN);
	struct db *db = vstore_db(r->v->store);
	static const unsigned char zeros[PAIR_LEN], id[ID_LEN] = { 9 };
	struct vault_pair v[PAIRS_MAX];
	struct vault_seal s;
	unsigned i;

	rig_enrol(admin, "sample-hospital", 1);
	for (i = 0; i < 2; i++) {
		rig_seal(front, 1, i, 0, &s);
		rig_escrow(r, "escrow-b", "P-256");
		assert_int_equal(rig_call(admin, VM_A_RELOAD, NULL, 0), VS_OK);
	}
	assert_int_equal(db_run(db, db_prepare(db, "DELETE FROM envelopes")), 0);
	assert_int_equal(read_pairs(admin, v), 3);
	for (i = 0; i < 3; i++)
		assert_true(
		    v[i].now == (i == 0) && v[i].envelopes == 0 && v[i].last_day == 0);
	/* Envelopes of before this was noted. */
	assert_int_equal(vstore_put_envelope(r->v->store, id, "x", 1, 20000, zeros), 0);
	assert_int_equal(read_pairs(admin, v), 4);
	assert_memory_equal(v[1].pair, zeros, PAIR_LEN);
	assert_true(!v[1].now && v[1].envelopes == 1 && v[1].last_day == 20180);
}

/* Envelopes of a database of before pairs were noted: kept, and told apart. */
static void
test_from_version_1(void **state)
{
	static const unsigned char zeros[PAIR_LEN];
	struct rig *r = *state;
	struct vault_pair v[PAIRS_MAX];
	struct rig_peer *admin;
	char path[PATH_MAX], sql[256];
	sqlite3 *h = NULL;

	(void)SCHEMA_KEEPER;
	rig_path(r, "old.db", path);
	assert_int_equal(sqlite3_open(path, &h), SQLITE_OK);
	assert_int_equal(sqlite3_exec(h, SCHEMA_VAULT[0], NULL, NULL, NULL), SQLITE_OK);
	(void)snprintf(sql, sizeof sql,
	    "PRAGMA application_id = %d; PRAGMA user_version = 1; INSERT INTO envelopes "
	    "VALUES (zeroblob(16), x'3082', %d)",
	    0x43505456, (int)(clock_wall_minute() / 1440));
	assert_int_equal(sqlite3_exec(h, sql, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_close(h), SQLITE_OK);
	rig_close(r);
	memcpy(r->o.db, path, sizeof path);
	rig_open(r);
	admin = rig_peer(r, RIG_ADMIN);
	assert_int_equal(read_pairs(admin, v), 2);
	assert_true(v[0].now && v[0].envelopes == 0);
	assert_memory_equal(v[1].pair, zeros, PAIR_LEN);
	assert_int_equal(v[1].envelopes, 1);
	assert_int_equal(export(admin, 0, "order 12 of the court"), VS_OK);
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, rig_setup, rig_teardown)
	const struct CMUnitTest tests[] = {
		T(test_written_down_first),
		T(test_nothing_leaves_unwritten),
		T(test_reasons),
		T(test_append_only),
		T(test_pairs),
		T(test_pair_is_remembered),
		T(test_from_version_1),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
