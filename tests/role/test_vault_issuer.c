/* SPDX-License-Identifier: Apache-2.0 */
#include <sqlite3.h>

#include "tests/role/issuer_rig.h"

/*
 * Issuer keys and what they sign, over the vault's links.  Two sector groups: slots 0 and
 * 1 are of group 0, slot 2 of group 1.  Epochs pass by moving the numbers in the database
 * while the vault is closed, for a vault that is not a test build believes its clock.
 */
enum { GROUPS = 2, BATCH = 4 };

static int smith = -1; /* our end */
static unsigned smith_next, smith_asked;

/* Hires the keysmith: keys from number `first` on. */
static void
hire(struct rig *r, unsigned first)
{
	int pair[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), 0);
	smith = pair[1];
	smith_next = first;
	smith_asked = 0;
	assert_int_equal(issuer_keysmith(r->v->issuer, pair[0], 0), 0);
}

/* Gives a key if one is asked for. */
static void
work(void)
{
	unsigned char der[KEYSMITH_DER_MAX];
	char ask;
	size_t n;

	if (recv(smith, &ask, 1, MSG_DONTWAIT) != 1)
		return;
	smith_asked++;
	n = smith_make(smith_next++, der);
	assert_int_equal(send(smith, der, n, 0), (ssize_t)n);
}

static unsigned
count_keys(struct rig *r)
{
	struct vault_issuer m;
	unsigned i = 0;

	while (issuer_at(r->v->issuer, i, &m))
		i++;
	return i;
}

/* Until so many keys are there. */
static void
make_keys(struct rig *r, unsigned n)
{
	int64_t end = clock_mono_ms() + RIG_WAIT_MS;

	while (count_keys(r) < n && clock_mono_ms() < end) {
		work();
		rig_turn(r, 2);
	}
	assert_int_equal(count_keys(r), n);
}

static void
let_go(void)
{
	(void)close(smith);
	smith = -1;
}

static unsigned
put_groups(struct rig_peer *admin, unsigned n)
{
	struct vault_groups g = { .n = (uint8_t)n };
	struct buf b;
	unsigned status;

	memset(g.of, GROUP_NONE, sizeof g.of);
	g.of[0] = g.of[1] = 0;
	g.of[2] = n > 1 ? 1 : GROUP_NONE;
	buf_init(&b, VAULT_GROUPS_LEN);
	vault_groups_put(&b, &g);
	status = rig_call(admin, VM_A_GROUPS, b.p, b.n);
	buf_done(&b);
	return status;
}

/* Three members, one in each slot, and the groups. */
static void
enrol_all(struct rig_peer *admin)
{
	rig_enrol(admin, "sample-hospital", 0);
	rig_enrol(admin, "sample-clinic", 1);
	rig_enrol(admin, "sample-bank", 2);
	assert_int_equal(put_groups(admin, GROUPS), VS_OK);
	assert_int_equal(rig_commit(admin), VS_OK);
}

static uint32_t
epoch_now(struct rig *r)
{
	struct vault_public all;

	issuer_public(r->v->issuer, &all);
	return all.epoch;
}

static int
key_at(struct rig *r, unsigned group, uint32_t epoch, struct vault_issuer *ret)
{
	unsigned i;

	for (i = 0; issuer_at(r->v->issuer, i, ret); i++)
		if (ret->group == group && ret->epoch == epoch)
			return 1;
	return 0;
}

static void
issue_ask(unsigned cert, unsigned group, uint32_t epoch, unsigned element, struct buf *b)
{
	struct vault_issue m = { .group = (uint8_t)group, .epoch = epoch };

	rig_spki(cert, m.spki);
	memset(m.blinded, 0, sizeof m.blinded);
	memcpy(m.blinded + BLIND_RSA_LEN - sizeof element, &element, sizeof element);
	buf_init(b, VAULT_ISSUE_LEN);
	vault_issue_put(b, &m);
}

static unsigned
issue(struct rig_peer *front, unsigned cert, unsigned group, uint32_t epoch,
    unsigned element, struct vault_signed *ret)
{
	struct buf b;
	unsigned status;

	issue_ask(cert, group, epoch, element, &b);
	status = rig_call(front, VM_ISSUE, b.p, b.n);
	buf_done(&b);
	assert_int_equal(vault_signed_get(front->answer.p, front->answer.n, ret), 0);
	assert_int_equal(ret->status, status);
	return status;
}

static void
reopen(struct rig *r)
{
	rig_close(r);
	rig_open(r);
}

/* With the vault closed: one statement on its database; the first column, or -1. */
static long long
on_file(struct rig *r, const char *file, const char *sql)
{
	sqlite3_stmt *q = NULL;
	sqlite3 *h = NULL;
	char path[PATH_MAX];
	long long ret = -1;
	int rc;

	rig_path(r, file, path);
	assert_int_equal(sqlite3_open(path, &h), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(h, sql, -1, &q, NULL), SQLITE_OK);
	rc = sqlite3_step(q);
	if (rc == SQLITE_ROW)
		ret = sqlite3_column_int64(q, 0);
	else
		assert_int_equal(rc, SQLITE_DONE);
	(void)sqlite3_finalize(q);
	assert_int_equal(sqlite3_close(h), SQLITE_OK);
	return ret;
}

/* Closes, lets `n` epochs pass (or come back), opens. */
static void
pass_epochs(struct rig *r, int n)
{
	char sql[128];

	rig_close(r);
	(void)snprintf(sql, sizeof sql, "UPDATE tokens SET epoch = epoch - (%d)", n);
	(void)on_file(r, "vault.db", sql);
	/* By way of far numbers: one key a group and epoch, row by row. */
	(void)on_file(r, "vault.db", "UPDATE issuer_keys SET epoch = epoch + 100000");
	(void)snprintf(
	    sql, sizeof sql, "UPDATE issuer_keys SET epoch = epoch - 100000 - (%d)", n);
	(void)on_file(r, "vault.db", sql);
	rig_open(r);
}

/* Nothing is made before groups are known; then this epoch's keys come first. */
static void
test_made_ahead(void **state)
{
	struct rig *r = *state;
	struct rig_peer *admin = rig_peer(r, RIG_ADMIN), *keeper;
	struct vault_issuer m;
	uint32_t now = (uint32_t)(clock_wall_ms() / 1000 / (7 * 86400));

	hire(r, 0);
	keeper = rig_peer(r, RIG_KEEPER);
	rig_directory(keeper, 7);
	assert_true(rig_wait_count(r, &keeper->key_ends, 1));
	assert_int_equal(keeper->key_count, 0);
	assert_int_equal(keeper->all.epoch, now);
	assert_int_equal(keeper->all.epoch_seconds, 7 * 86400);
	assert_int_equal(keeper->all.batch, BATCH);
	assert_int_equal(keeper->all.envelope_days, 180);
	rig_turn(r, 20);
	work();
	assert_int_equal(smith_asked, 0);
	enrol_all(admin);
	make_keys(r, 1);
	assert_true(key_at(r, 0, now, &m));
	make_keys(r, 2);
	assert_true(key_at(r, 1, now, &m));
	make_keys(r, 4);
	assert_true(key_at(r, 0, now + 1, &m));
	assert_int_equal(m.state, ISSUER_COMING);
	rig_turn(r, 50);
	work();
	assert_int_equal(smith_asked, 4); /* and no more than are needed */
	keeper->key_ends = 0;
	assert_true(rig_wait_count(r, &keeper->key_ends, 1)); /* by itself */
	assert_int_equal(keeper->key_count, 4);
	assert_int_equal(keeper->keys[0].state, ISSUER_CURRENT);
	assert_int_equal(keeper->keys[3].state, ISSUER_COMING);
	assert_memory_equal(keeper->keys[2].n, m.n, sizeof m.n);
	/* A group less: its keys go. */
	assert_int_equal(put_groups(admin, 1), VS_OK);
	assert_int_equal(rig_commit(admin), VS_OK);
	assert_int_equal(count_keys(r), 2);
	let_go();
}

/* A signature is one, and what a real client makes of it verifies. */
static void
test_signs(void **state)
{
	static const unsigned char prepared[64] =
	    "thirty-two bytes of a prefix     and a text";
	struct rig *r = *state;
	struct rig_peer *admin = rig_peer(r, RIG_ADMIN), *front = rig_peer(r, RIG_FRONT);
	unsigned char sig[BLIND_RSA_LEN];
	struct blind_state *st = NULL;
	struct vault_signed got;
	struct vault_issuer m;
	struct vault_issue ask;
	EVP_PKEY *pub = NULL;
	struct buf b;

	enrol_all(admin);
	hire(r, 0);
	make_keys(r, 4);
	assert_true(key_at(r, 0, epoch_now(r), &m));
	assert_int_equal(blind_rsa_key(&pub, m.n), 0);
	memset(&ask, 0, sizeof ask);
	rig_spki(0, ask.spki);
	ask.epoch = m.epoch;
	assert_int_equal(
	    blind_rsa_blind(pub, prepared, sizeof prepared, ask.blinded, &st), 0);
	buf_init(&b, VAULT_ISSUE_LEN);
	vault_issue_put(&b, &ask);
	assert_int_equal(rig_call(front, VM_ISSUE, b.p, b.n), VS_OK);
	assert_int_equal(vault_signed_get(front->answer.p, front->answer.n, &got), 0);
	assert_int_equal(
	    blind_rsa_finalize(pub, prepared, sizeof prepared, got.sig, st, sig), 0);
	assert_int_equal(blind_rsa_verify(pub, prepared, sizeof prepared, sig), 0);
	buf_done(&b);
	blind_state_free(st);
	EVP_PKEY_free(pub);
	let_go();
}

/* So many for a member, group and epoch; a retry gets the same and counts once, also
 * after a restart. */
static void
test_quota(void **state)
{
	struct rig *r = *state;
	struct rig_peer *admin = rig_peer(r, RIG_ADMIN), *front = rig_peer(r, RIG_FRONT);
	struct rig_peer *keeper = rig_peer(r, RIG_KEEPER);
	struct vault_signed first[BATCH], again;
	struct vault_issuer m;
	uint32_t e;
	unsigned i;

	enrol_all(admin);
	hire(r, 0);
	make_keys(r, 4);
	e = epoch_now(r);
	rig_directory(keeper, 7);
	for (i = 0; i < BATCH; i++)
		assert_int_equal(issue(front, 0, 0, e, 100 + i, &first[i]), VS_OK);
	assert_memory_not_equal(first[0].sig, first[1].sig, BLIND_RSA_LEN);
	assert_int_equal(issue(front, 0, 0, e, 500, &again), VS_QUOTA);
	for (i = 0; i < BATCH; i++) {
		assert_int_equal(issue(front, 0, 0, e, 100 + i, &again), VS_OK);
		assert_memory_equal(again.sig, first[i].sig, BLIND_RSA_LEN);
	}
	/* Another member of the group has its own. */
	assert_int_equal(issue(front, 1, 0, e, 100, &again), VS_OK);
	assert_true(key_at(r, 0, e, &m));
	assert_int_equal(m.drawn, 2);
	keeper->key_ends = 0;
	assert_true(rig_wait_count(r, &keeper->key_ends, 1));
	assert_int_equal(keeper->keys[0].drawn, 2);
	let_go();
	reopen(r);
	front = rig_peer(r, RIG_FRONT);
	assert_int_equal(issue(front, 0, 0, e, 500, &again), VS_QUOTA);
	assert_int_equal(issue(front, 0, 0, e, 101, &again), VS_OK);
	assert_memory_equal(again.sig, first[1].sig, BLIND_RSA_LEN);
	assert_true(key_at(r, 0, e, &m));
	assert_int_equal(m.drawn, 2);
}

/* What the keeper is told of one slot under group 0's key of that epoch. */
static unsigned
told_in(struct rig_peer *keeper, uint32_t epoch, unsigned slot)
{
	const struct vault_issuer *m;
	unsigned i, j;

	for (i = 0; i < keeper->key_count; i++) {
		m = &keeper->keys[i];
		for (j = 0; m->group == 0 && m->epoch == epoch && j < m->slots; j++)
			if (m->slot[j] == slot)
				return m->in[j];
	}
	fail_msg("nothing was said of slot %u", slot);
	return 0;
}

static void
assert_in(struct rig *r, struct rig_peer *keeper, uint32_t epoch, unsigned first,
    unsigned second)
{
	keeper->key_ends = 0;
	keeper->key_count = 0;
	rig_directory(keeper, 7);
	assert_true(rig_wait_count(r, &keeper->key_ends, 1));
	assert_int_equal(told_in(keeper, epoch, 0), first);
	assert_int_equal(told_in(keeper, epoch, 1), second);
}

/* How many of each CEPTOAR drew: once in each that a member reports in, by what the
 * registry says now, and the same after a restart. */
static void
test_by_ceptoar(void **state)
{
	struct rig *r = *state;
	struct rig_peer *admin = rig_peer(r, RIG_ADMIN), *front = rig_peer(r, RIG_FRONT);
	struct rig_peer *keeper = rig_peer(r, RIG_KEEPER);
	struct vault_member both, affiliate;
	struct vault_signed got;
	struct vault_issuer m;
	uint32_t e;

	enrol_all(admin);
	rig_member("sample-both", 0, &both);
	slots_set(&both.op, 1);
	assert_int_equal(rig_put_member(admin, &both), VS_OK);
	assert_int_equal(rig_put_cert(admin, both.id, 3, rig_end(3)), VS_OK);
	rig_member("sample-affiliate", 1, &affiliate);
	affiliate.aff = affiliate.op;
	memset(&affiliate.op, 0, sizeof affiliate.op);
	affiliate.roles = ROLE_AFFILIATE;
	assert_int_equal(rig_put_member(admin, &affiliate), VS_OK);
	assert_int_equal(rig_put_cert(admin, affiliate.id, 4, rig_end(4)), VS_OK);
	assert_int_equal(rig_commit(admin), VS_OK);
	hire(r, 0);
	make_keys(r, 4);
	e = epoch_now(r);
	assert_in(r, keeper, e, 0, 0);
	assert_int_equal(issue(front, 0, 0, e, 100, &got), VS_OK);
	assert_int_equal(issue(front, 0, 0, e, 101, &got), VS_OK);
	assert_in(r, keeper, e, 1, 0);
	assert_int_equal(issue(front, 1, 0, e, 100, &got), VS_OK);
	assert_int_equal(issue(front, 3, 0, e, 100, &got), VS_OK);
	assert_int_equal(issue(front, 4, 0, e, 100, &got), VS_OK);
	assert_in(r, keeper, e, 2, 3);
	/* Only slots of the group are named, and those of a key that nobody drew of. */
	assert_true(key_at(r, 0, e, &m));
	assert_int_equal(m.drawn, 4);
	assert_int_equal(m.slots, 2);
	assert_true(key_at(r, 1, e, &m));
	assert_int_equal(m.slots, 1);
	assert_int_equal(m.slot[0], 2);
	assert_int_equal(m.in[0], 0);
	/* One is suspended; another leaves a CEPTOAR. */
	assert_int_equal(rig_disable(admin, "sample-hospital", 1), VS_OK);
	memset(&both.op, 0, sizeof both.op);
	slots_set(&both.op, 0);
	assert_int_equal(rig_put_member(admin, &both), VS_OK);
	assert_int_equal(rig_commit(admin), VS_OK);
	assert_in(r, keeper, e, 1, 2);
	let_go();
	reopen(r);
	keeper = rig_peer(r, RIG_KEEPER);
	assert_in(r, keeper, e, 1, 2);
}

static void
test_refused(void **state)
{
	struct rig *r = *state;
	struct rig_peer *admin = rig_peer(r, RIG_ADMIN), *front = rig_peer(r, RIG_FRONT);
	static const unsigned char none[BLIND_RSA_LEN];
	struct vault_member desk;
	struct vault_signed got;
	struct vault_issue ask;
	struct buf b;
	uint32_t e;

	enrol_all(admin);
	rig_member("sample-desk", 0, &desk);
	memset(&desk.op, 0, sizeof desk.op);
	slots_set(&desk.sec, 0);
	desk.roles = ROLE_SECRETARIAT;
	assert_int_equal(rig_put_member(admin, &desk), VS_OK);
	assert_int_equal(rig_put_cert(admin, desk.id, 3, rig_end(3)), VS_OK);
	rig_member("sample-affiliate", 0, &desk);
	desk.aff = desk.op;
	memset(&desk.op, 0, sizeof desk.op);
	desk.roles = ROLE_AFFILIATE;
	assert_int_equal(rig_put_member(admin, &desk), VS_OK);
	assert_int_equal(rig_put_cert(admin, desk.id, 4, rig_end(4)), VS_OK);
	assert_int_equal(rig_commit(admin), VS_OK);
	e = epoch_now(r);
	assert_int_equal(issue(front, 0, 0, e, 9, &got), VS_NO_KEY); /* none is made */
	hire(r, 0);
	make_keys(r, 4);
	assert_int_equal(issue(front, 0, 1, e, 9, &got), VS_NO_KEY); /* another's group */
	assert_int_equal(issue(front, 3, 0, e, 9, &got), VS_NO_KEY); /* a secretariat */
	assert_int_equal(issue(front, 4, 0, e, 9, &got), VS_OK);     /* an affiliate */
	assert_int_equal(issue(front, 0, 0, e + 1, 9, &got), VS_NO_KEY);
	assert_int_equal(issue(front, 0, 0, e - 1, 9, &got), VS_NO_KEY);
	assert_int_equal(issue(front, 0, 77, e, 9, &got), VS_NO_KEY);
	assert_int_equal(issue(front, 9, 0, e, 9, &got), VS_UNKNOWN);
	assert_int_equal(issue(front, 0, 0, e, 0, &got), VS_INVALID); /* zero */
	assert_memory_equal(got.sig, none, sizeof none);
	memset(&ask, 0xff, sizeof ask); /* above the modulus */
	rig_spki(0, ask.spki);
	ask.group = 0;
	ask.epoch = e;
	buf_init(&b, VAULT_ISSUE_LEN);
	vault_issue_put(&b, &ask);
	assert_int_equal(rig_call(front, VM_ISSUE, b.p, b.n), VS_INVALID);
	buf_done(&b);
	assert_int_equal(rig_disable(admin, "sample-hospital", 1), VS_OK);
	assert_int_equal(rig_commit(admin), VS_OK);
	assert_int_equal(issue(front, 0, 0, e, 9, &got), VS_DISABLED);
	let_go();
}

/* What could not be written has not left. */
static void
test_commit_fails(void **state)
{
	static const unsigned char none[BLIND_RSA_LEN];
	struct rig *r = *state;
	struct rig_peer *admin = rig_peer(r, RIG_ADMIN), *front = rig_peer(r, RIG_FRONT);
	struct vault_signed got;
	unsigned long n;
	unsigned ok = 0;
	uint32_t e;

	enrol_all(admin);
	hire(r, 0);
	make_keys(r, 4);
	rig_turn(r, 1200); /* the log is folded in; nothing else steps meanwhile */
	e = epoch_now(r);
	for (n = 1; n < 12 && ok == 0; n++) {
		(void)db_fail_at(n, SQLITE_FULL);
		ok = issue(front, 0, 0, e, 9, &got) == VS_OK;
		(void)db_fail_at(0, 0);
		if (!ok) {
			assert_int_equal(got.status, VS_FULL);
			assert_memory_equal(got.sig, none, sizeof none);
		}
	}
	assert_true(n > 6); /* begin, look, count, add, drawn, commit */
	assert_int_equal(ok, 1);
	let_go();
}

/* An epoch ends: its private half is destroyed, its public half stays for one more. */
static void
test_epoch_passes(void **state)
{
	struct rig *r = *state;
	struct rig_peer *admin = rig_peer(r, RIG_ADMIN), *front = rig_peer(r, RIG_FRONT);
	struct vault_signed got;
	struct vault_issuer m, coming;
	uint32_t e;

	enrol_all(admin);
	hire(r, 0);
	make_keys(r, 4);
	e = epoch_now(r);
	assert_int_equal(issue(front, 0, 0, e, 9, &got), VS_OK);
	assert_true(key_at(r, 0, e + 1, &coming));
	let_go();
	pass_epochs(r, 1);
	front = rig_peer(r, RIG_FRONT);
	assert_int_equal(epoch_now(r), e);
	assert_int_equal(count_keys(r), 4);
	assert_true(key_at(r, 0, e - 1, &m));
	assert_int_equal(m.state, ISSUER_GRACE);
	assert_int_equal(m.drawn, 1); /* who may redeem is still counted */
	assert_true(key_at(r, 0, e, &m));
	assert_int_equal(m.state, ISSUER_CURRENT);
	assert_memory_equal(m.n, coming.n, sizeof m.n); /* the one that was made ahead */
	assert_int_equal(issue(front, 0, 0, e - 1, 9, &got), VS_NO_KEY);
	assert_int_equal(issue(front, 0, 0, e, 9, &got), VS_OK);
	rig_close(r);
	assert_int_equal(
	    on_file(r, "vault.db", "SELECT count(*) FROM issuer_private"), 2);
	assert_int_equal(on_file(r, "vault.db", "SELECT count(*) FROM issued"), 2);
	rig_open(r);
	pass_epochs(r, 1);
	assert_int_equal(count_keys(r), 2); /* of the epoch before alone */
	assert_false(key_at(r, 0, e - 2, &m));
	rig_turn(r, 50);
	rig_close(r);
	assert_int_equal(
	    on_file(r, "vault.db", "SELECT count(*) FROM issuer_private"), 0);
	assert_int_equal(on_file(r, "vault.db", "SELECT count(*) FROM issued"), 1);
	assert_int_equal(on_file(r, "vault.db", "SELECT count(*) FROM issuer_keys"), 2);
	rig_open(r);
}

/* The clock is set back: the epoch stays, and its keys sign on. */
static void
test_clock_back(void **state)
{
	struct rig *r = *state;
	struct rig_peer *admin = rig_peer(r, RIG_ADMIN), *front;
	struct vault_signed got;
	uint32_t e;

	enrol_all(admin);
	hire(r, 0);
	make_keys(r, 4);
	e = epoch_now(r);
	let_go();
	pass_epochs(r, -3);
	front = rig_peer(r, RIG_FRONT);
	assert_int_equal(epoch_now(r), e + 3);
	assert_int_equal(count_keys(r), 4);
	assert_int_equal(issue(front, 0, 0, e, 9, &got), VS_NO_KEY);
	assert_int_equal(issue(front, 0, 0, e + 3, 9, &got), VS_OK);
}

/* Another keeper, or a restored one, does not know which tokens are spent. */
static void
test_keeper_epoch(void **state)
{
	struct rig *r = *state;
	struct rig_peer *admin = rig_peer(r, RIG_ADMIN), *front = rig_peer(r, RIG_FRONT);
	struct rig_peer *keeper = rig_peer(r, RIG_KEEPER);
	struct vault_issuer before, after;
	struct vault_signed got, again;
	uint32_t e;

	enrol_all(admin);
	hire(r, 0);
	make_keys(r, 4);
	e = epoch_now(r);
	rig_directory(keeper, 7); /* the first one: nothing is lost */
	assert_true(rig_wait_count(r, &keeper->key_ends, 1));
	assert_int_equal(keeper->key_count, 4);
	assert_true(key_at(r, 0, e, &before));
	assert_int_equal(issue(front, 0, 0, e, 9, &got), VS_OK);
	rig_directory(keeper, 7);
	assert_true(rig_wait_count(r, &keeper->key_ends, 2));
	assert_int_equal(keeper->key_count, 4);
	rig_directory(keeper, 8);
	assert_true(rig_wait_count(r, &keeper->key_ends, 3));
	assert_int_equal(keeper->key_count, 0); /* in the answer itself */
	assert_int_equal(issue(front, 0, 0, e, 9, &again), VS_NO_KEY);
	make_keys(r, 4);
	assert_true(key_at(r, 0, e, &after));
	assert_memory_not_equal(before.n, after.n, sizeof after.n);
	assert_int_equal(after.drawn, 0);
	assert_int_equal(issue(front, 0, 0, e, 9, &again), VS_OK);
	assert_memory_not_equal(again.sig, got.sig, sizeof got.sig);
	let_go();
	reopen(r); /* and it is remembered */
	keeper = rig_peer(r, RIG_KEEPER);
	rig_directory(keeper, 8);
	assert_true(rig_wait_count(r, &keeper->key_ends, 1));
	assert_int_equal(keeper->key_count, 4);
}

/* While that cannot be written, the new keeper gets no keys. */
static void
test_keeper_disk_full(void **state)
{
	struct rig *r = *state;
	struct rig_peer *admin = rig_peer(r, RIG_ADMIN);
	struct rig_peer *keeper = rig_peer(r, RIG_KEEPER);
	struct rig_peer *other = rig_peer(r, RIG_KEEPER);

	enrol_all(admin);
	hire(r, 0);
	make_keys(r, 4);
	rig_directory(keeper, 7);
	assert_true(rig_wait_count(r, &keeper->key_ends, 1));
	rig_turn(r, 1200);
	(void)db_fail_at(1, SQLITE_FULL);
	rig_directory(other, 8);
	assert_true(rig_wait(r, &other->down));
	(void)db_fail_at(0, 0);
	assert_int_equal(other->key_ends, 0);
	rig_turn(r, 1200); /* tried again by itself */
	assert_true(count_keys(r) < 4);
	let_go();
}

/* Does the file hold these bytes? */
static int
holds(struct rig *r, const char *file, const void *p, size_t n)
{
	char path[PATH_MAX];
	static char all[4 << 20];
	size_t got;
	FILE *f;

	rig_path(r, file, path);
	f = fopen(path, "rb");
	assert_non_null(f);
	got = fread(all, 1, sizeof all, f);
	(void)fclose(f);
	assert_true(got > 0 && got < sizeof all);
	return memmem(all, got, p, n) != NULL;
}

/* No private half in a copy, not even in a page that is free; who starts from the copy
 * makes new keys. */
static void
test_backup(void **state)
{
	struct rig *r = *state;
	struct rig_peer *admin = rig_peer(r, RIG_ADMIN);
	unsigned char der[KEYSMITH_DER_MAX];
	char path[256] = "", from[PATH_MAX], to[PATH_MAX];
	struct vault_issuer m;
	size_t n;

	enrol_all(admin);
	hire(r, 0);
	make_keys(r, 4);
	(void)snprintf(path, sizeof path, "%s/copy", r->dir);
	assert_int_equal(rig_call(admin, VM_A_BACKUP, path, sizeof path), VS_OK);
	let_go();
	rig_close(r);
	n = smith_make(0, der);
	/* Its primes stand in the second half; overflow pages cut what is longer. */
	assert_true(holds(r, "vault.db", der + n - 100, 64));
	assert_false(holds(r, "copy", der + n - 100, 64));
	assert_int_equal(on_file(r, "copy", "SELECT count(*) FROM issuer_private"), 0);
	assert_int_equal(on_file(r, "copy", "SELECT count(*) FROM issuer_keys"), 4);
	rig_path(r, "copy", from);
	rig_path(r, "vault.db", to);
	assert_int_equal(rename(from, to), 0);
	rig_open(r);
	assert_int_equal(count_keys(r), 0);
	hire(r, 4);
	make_keys(r, 4);
	assert_true(key_at(r, 0, epoch_now(r), &m));
	let_go();
}

/* What the council is told: the same keys, by the hash of their modulus. */
static void
test_list(void **state)
{
	struct rig *r = *state;
	struct rig_peer *admin = rig_peer(r, RIG_ADMIN);
	unsigned char id[KEY_ID_LEN], want[KEY_ID_LEN], after[2] = { 1, 0 };
	struct vault_issuer m;
	struct wire w;
	unsigned i;

	enrol_all(admin);
	hire(r, 0);
	make_keys(r, 4);
	assert_int_equal(rig_call(admin, VM_A_ISSUER_LIST, after, sizeof after), VS_OK);
	wire_init(&w, admin->answer.p, admin->answer.n);
	assert_int_equal(wire_u8(&w), 3);
	for (i = 1; i < 4; i++) {
		assert_int_equal(issuer_at(r->v->issuer, i, &m), 1);
		assert_int_equal(wire_u8(&w), m.group);
		assert_int_equal(wire_u32(&w), m.epoch);
		assert_int_equal(wire_u8(&w), m.state);
		wire_bytes(&w, id, sizeof id);
		assert_int_equal(token_key_id(m.n, want), 0);
		assert_memory_equal(id, want, sizeof id);
	}
	assert_int_equal(wire_end(&w), 0);
	after[0] = 4;
	assert_int_equal(rig_call(admin, VM_A_ISSUER_LIST, after, sizeof after), VS_OK);
	assert_int_equal(admin->answer.n, 1);
	let_go();
}

/* A queue of signatures holds up nobody who only wants to be admitted. */
static void
test_others_go_on(void **state)
{
	struct rig *r = *state;
	struct rig_peer *admin = rig_peer(r, RIG_ADMIN), *busy, *front;
	struct vault_admit a;
	struct vault_seal seal;
	struct buf b;
	unsigned i;

	r->v->opt.batch = 64;
	enrol_all(admin);
	hire(r, 0);
	make_keys(r, 4);
	busy = rig_peer(r, RIG_FRONT);
	front = rig_peer(r, RIG_FRONT);
	for (i = 0; i < 64; i++) {
		issue_ask(0, 0, epoch_now(r), 100 + i, &b);
		(void)rig_send(busy, VM_ISSUE, b.p, b.n);
		buf_done(&b);
	}
	rig_admit(front, 1, rig_end(1), &a);
	assert_int_equal(a.status, VS_OK);
	rig_seal(front, 1, 77, 0, &seal);
	assert_int_equal(seal.status, VS_OK);
	assert_true(busy->answers < 64);
	assert_true(rig_wait_count(r, &busy->answers, 64));
	for (i = 0; i < 64; i++)
		assert_int_equal(busy->statuses[i], VS_OK);
	let_go();
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, rig_setup, rig_teardown)
	const struct CMUnitTest tests[] = {
		T(test_made_ahead),
		T(test_signs),
		T(test_quota),
		T(test_by_ceptoar),
		T(test_refused),
		T(test_commit_fails),
		T(test_epoch_passes),
		T(test_clock_back),
		T(test_keeper_epoch),
		T(test_keeper_disk_full),
		T(test_backup),
		T(test_list),
		T(test_others_go_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
