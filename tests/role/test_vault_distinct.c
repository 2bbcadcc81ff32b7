/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/role/vault_rig.h"

#include <sqlite3.h>

#include "daemon/vault/distinct.h"

enum { MINUTE = 60000, HOUR = 60 * MINUTE, DAY = 24 * HOUR };

static struct distinct *
fresh(size_t most)
{
	struct distinct *d = NULL;

	assert_int_equal(distinct_new(&d, most, 1000LL * DAY), 0);
	return d;
}

/* `member` says topic number n at this offset from the start; how many say so then. */
static struct topic_count
says(struct distinct *d, const char *member, uint64_t sectors, unsigned n, int64_t at)
{
	uint8_t topic[1][TOPIC_LEN] = { { 0 } };
	struct topic_count c;

	memcpy(topic[0], &n, sizeof n);
	(void)distinct_count(d, member, sectors, topic, 1, 1000LL * DAY + at, &c);
	distinct_settle(d, member, sectors, topic, 1, 1000LL * DAY + at, 1);
	return c;
}

static unsigned
members(struct distinct *d, const char *member, unsigned n, int64_t at)
{
	return says(d, member, 1, n, at).members;
}

static void
test_counts(void **state)
{
	struct distinct *d = fresh(100);
	struct topic_count c;

	(void)state;
	c = says(d, "a", 1, 7, 0);
	assert_int_equal(c.members, 1);
	assert_int_equal(c.sectors, 1);
	assert_int_equal(says(d, "a", 1, 7, MINUTE).members, 1); /* twice is once */
	c = says(d, "b", 1, 7, 2 * MINUTE);
	assert_int_equal(c.members, 2);
	assert_int_equal(c.sectors, 1);
	c = says(d, "c", 6, 7, 2 * MINUTE); /* of two sectors */
	assert_int_equal(c.members, 3);
	assert_int_equal(c.sectors, 3);
	c = says(d, "c", 10, 7, 2 * MINUTE); /* the registry has changed */
	assert_int_equal(c.members, 3);
	assert_int_equal(c.sectors, 3);
	c = says(d, "c", 2, 7, 15 * MINUTE); /* fewer: seen with the next step */
	assert_int_equal(says(d, "c", 2, 7, 25 * MINUTE).sectors, 2);
	assert_int_equal(c.members, 3);
	c = says(d, "agency", 0, 7, 25 * MINUTE); /* counts, and is of no sector */
	assert_int_equal(c.members, 4);
	assert_int_equal(c.sectors, 2);
	assert_int_equal(says(d, "a", 1, 8, 2 * MINUTE).members, 1); /* another thing */
	assert_int_equal(distinct_entries(d), 5);
	distinct_free(d);
}

static void
test_window(void **state)
{
	struct distinct *d = fresh(100);

	(void)state;
	assert_int_equal(members(d, "a", 7, 0), 1);
	assert_int_equal(members(d, "b", 7, 12 * HOUR), 2);
	assert_int_equal(members(d, "c", 7, DAY), 3); /* a's is 24 hours old */
	assert_int_equal(members(d, "c", 7, DAY + 10 * MINUTE), 2);
	assert_int_equal(members(d, "b", 7, 35 * HOUR), 2); /* b says so again */
	assert_int_equal(members(d, "d", 7, 47 * HOUR), 3);
	assert_int_equal(members(d, "d", 7, 49 * HOUR), 2); /* c has gone */
	/* With a member its sectors go. */
	assert_int_equal(says(d, "e", 6, 7, 50 * HOUR).sectors, 3);
	assert_int_equal(says(d, "d", 1, 7, 70 * HOUR).sectors, 3);
	assert_int_equal(says(d, "d", 1, 7, 75 * HOUR).sectors, 1);
	distinct_tick(d, 1000LL * DAY + 100 * HOUR);
	assert_int_equal(distinct_entries(d), 0);
	distinct_free(d);
}

/* Keys change; who says the same under both still counts once. */
static void
test_keys(void **state)
{
	struct distinct *d = fresh(100);
	int h;

	(void)state;
	for (h = 0; h < 200; h += 5) {
		assert_int_equal(members(d, "a", 7, (int64_t)h * HOUR), h == 0 ? 1 : 2);
		assert_int_equal(members(d, "b", 7, (int64_t)h * HOUR), 2);
		assert_int_equal(distinct_entries(d), 2);
	}
	distinct_free(d);
}

/* When it is full the oldest go, and it is said since when the count is whole. */
static void
test_full(void **state)
{
	uint8_t topic[1][TOPIC_LEN] = { { 0 } };
	struct distinct *d = fresh(8);
	struct topic_count c;
	unsigned i;

	(void)state;
	for (i = 0; i < 8; i++)
		assert_int_equal(members(d, "a", i, (int64_t)i * HOUR), 1);
	assert_int_equal(
	    distinct_count(d, "a", 1, topic, 1, 1000LL * DAY + 8 * HOUR, &c), 8 * 60);
	distinct_settle(d, "a", 1, topic, 1, 1000LL * DAY + 8 * HOUR, 1);
	/* Topic 0 was said again: topic 1 is the oldest now. */
	assert_int_equal(members(d, "b", 9, 9 * HOUR), 1);
	assert_int_equal(distinct_entries(d), 8);
	assert_int_equal(distinct_count(d, "b", 1, topic, 1, 1000LL * DAY + 9 * HOUR, &c),
	    6 * 60 + 50);
	assert_int_equal(c.members, 2);
	assert_int_equal(distinct_entries(d), 8);
	assert_int_equal(members(d, "b", 1, 9 * HOUR), 1); /* a's was lost */
	assert_int_equal(
	    distinct_count(d, "b", 1, topic, 1, 1000LL * DAY + 100 * HOUR, &c), 24 * 60);
	distinct_free(d);
}

/* What is only about to be said counts; what was not said in the end goes, and has made
 * nothing younger. */
static void
test_not_said(void **state)
{
	uint8_t topic[2][TOPIC_LEN] = { { 7 }, { 8 } };
	struct distinct *d = fresh(100);
	struct topic_count c[2];
	int64_t day = 1000LL * DAY;

	(void)state;
	assert_int_equal(members(d, "a", 7, 0), 1);
	(void)distinct_count(d, "b", 2, topic, 2, day, c);
	assert_int_equal(c[0].members, 2);
	assert_int_equal(c[0].sectors, 2);
	assert_int_equal(c[1].members, 1);
	(void)distinct_count(d, "b", 2, topic, 1, day, c); /* and once more */
	distinct_settle(d, "b", 2, topic, 1, day, 0);
	assert_int_equal(distinct_entries(d), 3);
	distinct_settle(d, "b", 2, topic, 2, day, 0);
	assert_int_equal(distinct_entries(d), 1);
	(void)distinct_count(d, "a", 1, topic, 1, day + 20 * HOUR, c);
	assert_int_equal(c[0].members, 1);
	distinct_settle(d, "a", 1, topic, 1, day + 20 * HOUR, 0);
	assert_int_equal(distinct_entries(d), 1);
	assert_int_equal(members(d, "b", 7, DAY), 2);
	assert_int_equal(members(d, "b", 7, DAY + 11 * MINUTE), 1); /* a's day is over */
	/* Said after all, when it had gone meanwhile. */
	(void)distinct_count(d, "c", 1, topic, 1, day + 30 * HOUR, c);
	distinct_settle(d, "c", 1, topic, 1, day + 60 * HOUR, 1);
	assert_int_equal(members(d, "d", 7, 60 * HOUR), 2);
	distinct_free(d);
}

/* Many members, topics and hours against a plain table of when who said what. */
static void
test_model(void **state)
{
	enum { MEMBERS = 12, TOPICS = 9, ROUNDS = 20000 };
	static int64_t said[TOPICS][MEMBERS]; /* steps of ten minutes, 0: never */
	struct distinct *d = fresh(MEMBERS * TOPICS);
	unsigned seed = 7, i, k, m, t, want;
	char name[8];
	int64_t step = 1;

	(void)state;
	for (i = 0; i < ROUNDS; i++) {
		seed = seed * 1103515245u + 12345u;
		m = (seed >> 16) % MEMBERS;
		t = (seed >> 20) % TOPICS;
		step += (seed >> 24) % 16 == 0 ? (seed >> 28) * 4 : 0;
		(void)snprintf(name, sizeof name, "m%u", m);
		said[t][m] = step;
		want = 0;
		for (k = 0; k < MEMBERS; k++)
			want += said[t][k] != 0 && step - said[t][k] <= 144;
		if (members(d, name, t, step * 10 * MINUTE) != want)
			fail_msg("round %u: not %u members", i, want);
	}
	distinct_free(d);
}

/* -------- over the socket */

static struct vault_seal
seals(struct rig_peer *front, unsigned cert, unsigned report, unsigned topic)
{
	unsigned char ask[VAULT_ORDER_LEN];
	struct vault_seal s;

	rig_seal_ask(cert, report, 0, ask);
	ask[49] = 1;
	memset(ask + 50, (int)topic, TOPIC_LEN);
	(void)rig_call(front, VM_SEAL, ask, sizeof ask);
	assert_int_equal(vault_seal_get(front->answer.p, front->answer.n, &s), 0);
	return s;
}

static void
put_sectors(struct rig_peer *admin, unsigned want)
{
	unsigned char sectors[SLOTS];
	unsigned i;

	for (i = 0; i < SLOTS; i++)
		sectors[i] = i < 3 ? (unsigned char)(i / 2) : SECTOR_NONE;
	if (want != VS_OK)
		sectors[100] = SECTOR_BITS;
	assert_int_equal(rig_call(admin, VM_A_SECTORS, sectors, sizeof sectors), want);
}

static void
test_seal(void **state)
{
	struct rig *r = *state;
	struct rig_peer *front = rig_peer(r, RIG_FRONT), *admin = rig_peer(r, RIG_ADMIN);
	unsigned char ask[VAULT_ORDER_LEN];
	struct vault_seal s;
	unsigned i;

	for (i = 0; i < 3; i++) {
		static const char *const ids[] = { "a-hospital", "b-hospital", "c-bank" };

		rig_enrol(admin, ids[i], i);
	}
	s = seals(front, 0, 1, 9);
	assert_int_equal(s.topics[0].members, 1);
	assert_int_equal(s.topics[0].sectors, 0); /* nobody has told it the sectors */
	assert_int_equal(s.topics[1].members, 0);
	assert_in_range(s.since, clock_wall_minute() - 5, clock_wall_minute());
	put_sectors(admin, VS_INVALID);
	assert_int_equal(rig_commit(admin), VS_INVALID);
	put_sectors(admin, VS_OK);
	assert_int_equal(rig_commit(admin), VS_OK);
	/* A new registry, and the counts are there. */
	s = seals(front, 1, 2, 9);
	assert_int_equal(s.topics[0].members, 2);
	assert_int_equal(s.topics[0].sectors, 1);
	/* What is not on disk is not counted: the id is taken, the disk is full. */
	assert_int_equal(seals(front, 2, 2, 9).status, VS_EXISTS);
	(void)db_fail_at(2, SQLITE_FULL);
	s = seals(front, 2, 3, 9);
	(void)db_fail_at(0, 0);
	assert_int_equal(s.status, VS_FULL);
	assert_int_equal(s.topics[0].members, 0);
	assert_int_equal(seals(front, 1, 4, 9).topics[0].members, 2);
	s = seals(front, 2, 5, 9);
	assert_int_equal(s.topics[0].members, 3);
	assert_int_equal(s.topics[0].sectors, 2);
	/* In one batch no answer has anything of the one before. */
	rig_seal_ask(0, 7, 0, ask);
	ask[49] = 1;
	memset(ask + 50, 9, TOPIC_LEN);
	(void)rig_send(front, VM_SEAL, ask, sizeof ask);
	s = seals(front, 0, 7, 9);
	assert_int_equal(s.status, VS_EXISTS);
	assert_int_equal(s.topics[0].members + s.since + s.auto_ok, 0);
	/* Without topics: no counts, no time. */
	rig_seal(front, 2, 6, 0, &s);
	assert_int_equal(s.since, 0);
}

/* After a restart the counts are gone, which is said; the sectors are known. */
static void
test_restart(void **state)
{
	struct rig *r = *state;
	struct rig_peer *front = rig_peer(r, RIG_FRONT), *admin = rig_peer(r, RIG_ADMIN);
	struct vault_seal s;

	rig_enrol(admin, "a-hospital", 0);
	rig_enrol(admin, "b-hospital", 1);
	put_sectors(admin, VS_OK);
	assert_int_equal(rig_commit(admin), VS_OK);
	assert_int_equal(seals(front, 0, 1, 9).topics[0].members, 1);
	rig_close(r);
	rig_open(r);
	front = rig_peer(r, RIG_FRONT);
	s = seals(front, 1, 2, 9);
	assert_int_equal(s.topics[0].members, 1);
	assert_int_equal(s.topics[0].sectors, 1);
	assert_in_range(s.since, clock_wall_minute() - 5, clock_wall_minute());
}

/* No file of the vault holds a topic. */
static void
test_nothing_stored(void **state)
{
	struct rig *r = *state;
	struct rig_peer *front = rig_peer(r, RIG_FRONT), *admin = rig_peer(r, RIG_ADMIN);
	static const char topic[] = "QQQQQQQQQQQQQQQQ";
	char path[PATH_MAX];
	struct dirent *e;
	struct buf b;
	FILE *f;
	DIR *d;
	int c, files = 0;

	rig_enrol(admin, "a-hospital", 0);
	assert_int_equal(seals(front, 0, 1, 'Q').topics[0].members, 1);
	d = opendir(r->dir);
	assert_non_null(d);
	while ((e = readdir(d)) != NULL) {
		if (strncmp(e->d_name, "vault.db", 8) != 0)
			continue;
		files++;
		rig_path(r, e->d_name, path);
		f = fopen(path, "rb");
		assert_non_null(f);
		buf_init(&b, 64 << 20);
		while ((c = fgetc(f)) != EOF)
			buf_addc(&b, (char)c);
		(void)fclose(f);
		assert_int_equal(buf_err(&b), 0);
		assert_null(memmem(b.p, b.n, topic, TOPIC_LEN));
		buf_done(&b);
	}
	(void)closedir(d);
	assert_true(files >= 2);
}

#define T(f) cmocka_unit_test_setup_teardown(f, rig_setup, rig_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_window),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_not_said),
		cmocka_unit_test(test_model),
		T(test_seal),
		T(test_restart),
		T(test_nothing_stored),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
