/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/role/vault_rig.h"

#include <sqlite3.h>

static size_t
members(const struct rig *r)
{
	return registry_member_count(r->v->reg);
}

static unsigned
show(struct rig_peer *admin, const char *id, struct vault_member *ret,
    unsigned *ret_terms, unsigned *ret_certs)
{
	char ask[VAULT_ID_MAX] = "";
	struct vault_member zero = { .id = "" };
	struct buf size;
	struct wire w;
	unsigned status;

	(void)snprintf(ask, sizeof ask, "%s", id);
	status = rig_call(admin, VM_A_SHOW, ask, sizeof ask);
	if (status != VS_OK)
		return status;
	buf_init(&size, VAULT_PAGE);
	vault_member_put(&size, &zero);
	assert_int_equal(vault_member_get(admin->answer.p, size.n, ret), 0);
	wire_init(&w, admin->answer.p + size.n, admin->answer.n - size.n);
	*ret_terms = wire_u16(&w);
	*ret_certs = wire_u8(&w);
	assert_int_equal(w.n - w.at, *ret_certs * 41 + 1 + 32 + 8);
	buf_done(&size);
	return status;
}

static void
test_a_batch(void **state)
{
	struct rig *r = *state;
	struct rig_peer *admin = rig_peer(r, RIG_ADMIN);
	struct vault_member m, got;
	unsigned terms, certs;

	rig_member("sample-hospital", 12, &m);
	slots_set(&m.sec, 3);
	m.roles |= ROLE_SECRETARIAT;
	m.wants.cross_severity = 2;
	m.wants.sectors = 0x8001;
	assert_int_equal(rig_put_member(admin, &m), VS_OK);
	assert_int_equal(rig_put_term(admin, m.id, TERM_NAME, "Sample Hospital"), VS_OK);
	assert_int_equal(
	    rig_put_term(admin, m.id, TERM_DOMAIN, "hospital.example"), VS_OK);
	assert_int_equal(rig_put_cert(admin, m.id, 1, rig_end(1)), VS_OK);
	assert_int_equal(rig_put_cert(admin, m.id, 2, rig_end(2)), VS_OK);
	assert_int_equal(members(r), 0); /* nothing is so before COMMIT */
	assert_int_equal(show(admin, m.id, &got, &terms, &certs), VS_UNKNOWN);
	assert_int_equal(rig_commit(admin), VS_OK);
	assert_int_equal(show(admin, m.id, &got, &terms, &certs), VS_OK);
	assert_memory_equal(&got, &m, sizeof m);
	assert_int_equal(terms, 2);
	assert_int_equal(certs, 2);
	/* Replaced: the terms go, the certificates stay. */
	m.roles = ROLE_CENTRE;
	memset(&m.op, 0, sizeof m.op);
	memset(&m.sec, 0, sizeof m.sec);
	assert_int_equal(rig_put_member(admin, &m), VS_OK);
	assert_int_equal(rig_commit(admin), VS_OK);
	/* Durable. */
	rig_close(r);
	rig_open(r);
	admin = rig_peer(r, RIG_ADMIN);
	assert_int_equal(show(admin, m.id, &got, &terms, &certs), VS_OK);
	assert_int_equal(got.roles, ROLE_CENTRE);
	assert_int_equal(terms, 0);
	assert_int_equal(certs, 2);
	assert_int_equal(registry_generation(r->v->reg), 3);
}

/* A dropped link is a dropped batch; so is one bad change in it. */
static void
test_a_batch_is_whole(void **state)
{
	struct rig *r = *state;
	struct rig_peer *admin = rig_peer(r, RIG_ADMIN), *other;
	struct vault_member m;

	rig_member("sample-hospital", 1, &m);
	assert_int_equal(rig_put_member(admin, &m), VS_OK);
	rig_hang_up(admin);
	other = rig_peer(r, RIG_ADMIN);
	rig_turn(r, 20);
	assert_int_equal(rig_commit(other), VS_OK); /* an empty one */
	assert_int_equal(members(r), 0);
	assert_int_equal(registry_generation(r->v->reg), 1);

	assert_int_equal(rig_put_member(other, &m), VS_OK);
	memcpy(m.id, "Sample Bank", 12); /* not an id */
	assert_int_equal(rig_put_member(other, &m), VS_INVALID);
	assert_int_equal(rig_put_cert(other, "sample-hospital", 1, rig_end(1)), VS_OK);
	assert_int_equal(rig_commit(other), VS_INVALID);
	assert_int_equal(members(r), 0);
	rig_enrol(other, "sample-hospital", 1); /* the next one starts afresh */
	assert_int_equal(members(r), 1);
}

/* Found only while it is written: all of it is undone. */
static void
test_undone_at_commit(void **state)
{
	struct rig *r = *state;
	struct rig_peer *admin = rig_peer(r, RIG_ADMIN);
	struct vault_member m;
	unsigned char spki[32];

	rig_enrol(admin, "sample-bank", 2);
	rig_member("sample-hospital", 1, &m);
	assert_int_equal(rig_put_member(admin, &m), VS_OK);
	assert_int_equal(rig_put_term(admin, "nobody", TERM_NAME, "Nobody"), VS_OK);
	assert_int_equal(rig_commit(admin), VS_UNKNOWN);
	assert_int_equal(rig_put_member(admin, &m), VS_OK);
	assert_int_equal(rig_put_cert(admin, "nobody", 9, rig_end(9)), VS_OK);
	assert_int_equal(rig_commit(admin), VS_UNKNOWN);
	assert_int_equal(rig_put_member(admin, &m), VS_OK);
	assert_int_equal(rig_disable(admin, "nobody", 1), VS_OK);
	assert_int_equal(rig_commit(admin), VS_UNKNOWN);
	rig_spki(77, spki);
	assert_int_equal(rig_put_member(admin, &m), VS_OK);
	assert_int_equal(rig_call(admin, VM_A_CERT_REVOKE, spki, 32), VS_OK);
	assert_int_equal(rig_commit(admin), VS_UNKNOWN);
	/* One key for two members, within one batch. */
	assert_int_equal(rig_put_member(admin, &m), VS_OK);
	assert_int_equal(rig_put_cert(admin, "sample-hospital", 5, rig_end(5)), VS_OK);
	assert_int_equal(rig_put_cert(admin, "sample-bank", 5, rig_end(5)), VS_OK);
	assert_int_equal(rig_commit(admin), VS_EXISTS);
	assert_int_equal(members(r), 1);
	assert_int_equal(registry_cert_count(r->v->reg), 1);
	assert_int_equal(registry_generation(r->v->reg), 2);
}

static void
test_values_refused(void **state)
{
	struct rig *r = *state;
	struct rig_peer *admin = rig_peer(r, RIG_ADMIN);
	struct vault_member good, m;
	unsigned i;

	rig_enrol(admin, "sample-bank", 2);
	rig_member("sample-hospital", 1, &good);
	for (i = 0; i < 10; i++) {
		m = good;
		switch (i) {
		case 0:
			m.id[0] = '\0';
			break;
		case 1:
			m.id[0] = 'S';
			break;
		case 2:
			m.id[3] = '/';
			break;
		case 3:
			m.roles = 0;
			break;
		case 4:
			m.roles |= 1u << 7;
			break;
		case 5:
			m.roles = ROLE_CENTRE; /* but slots of an operator */
			break;
		case 6:
			m.roles |= ROLE_SECRETARIAT; /* of no CEPTOAR */
			break;
		case 7:
			m.clearance = TLP_RED; /* by name only */
			break;
		case 8:
			m.wants.min_severity = 9;
			break;
		default:
			memset(&m.op, 0, sizeof m.op);
			break;
		}
		assert_int_equal(rig_put_member(admin, &m), VS_INVALID);
		assert_int_equal(rig_commit(admin), VS_INVALID);
	}
	assert_int_equal(rig_put_term(admin, "sample-bank", 0, "x"), VS_INVALID);
	assert_int_equal(rig_commit(admin), VS_INVALID);
	assert_int_equal(rig_put_term(admin, "sample-bank", 9, "x"), VS_INVALID);
	assert_int_equal(rig_put_term(admin, "sample-bank", TERM_NAME, ""), VS_INVALID);
	assert_int_equal(rig_put_cert(admin, "sample-bank", 3, 0), VS_INVALID);
	assert_int_equal(
	    rig_put_cert(admin, "sample-bank/..", 3, rig_end(3)), VS_INVALID);
	assert_int_equal(rig_disable(admin, "sample-bank", 2), VS_INVALID);
	assert_int_equal(rig_commit(admin), VS_INVALID);
	assert_int_equal(members(r), 1);
}

static void
test_certificates(void **state)
{
	struct rig *r = *state;
	struct rig_peer *admin = rig_peer(r, RIG_ADMIN), *front = rig_peer(r, RIG_FRONT);
	struct vault_admit a;
	unsigned char spki[32];

	rig_enrol(admin, "sample-hospital", 1);
	rig_enrol(admin, "sample-bank", 2);
	/* Another member's key. */
	assert_int_equal(rig_put_cert(admin, "sample-bank", 1, rig_end(1)), VS_EXISTS);
	assert_int_equal(rig_commit(admin), VS_EXISTS);
	/* Renewed with the same key: the new end counts. */
	assert_int_equal(rig_put_cert(admin, "sample-hospital", 1, rig_end(5)), VS_OK);
	assert_int_equal(rig_commit(admin), VS_OK);
	rig_admit(front, 1, rig_end(1), &a);
	assert_int_equal(a.status, VS_EXPIRED);
	rig_admit(front, 1, rig_end(5), &a);
	assert_int_equal(a.status, VS_OK);
	/* Revoked for ever, and naming it again spoils no import. */
	rig_spki(1, spki);
	assert_int_equal(rig_call(admin, VM_A_CERT_REVOKE, spki, 32), VS_OK);
	assert_int_equal(rig_put_cert(admin, "sample-hospital", 1, rig_end(1)), VS_OK);
	assert_int_equal(rig_commit(admin), VS_OK);
	assert_int_equal(
	    rig_put_cert(admin, "sample-hospital", 1, rig_end(1)), VS_REVOKED);
	assert_int_equal(rig_put_cert(admin, "sample-hospital", 3, rig_end(3)), VS_OK);
	assert_int_equal(rig_commit(admin), VS_OK);
	rig_admit(front, 1, rig_end(1), &a);
	assert_int_equal(a.status, VS_REVOKED);
	rig_admit(front, 3, rig_end(3), &a);
	assert_int_equal(a.status, VS_OK);
}

/* A members file that is read again does not lift a suspension. */
static void
test_suspension_stays(void **state)
{
	struct rig *r = *state;
	struct rig_peer *admin = rig_peer(r, RIG_ADMIN);
	struct vault_member got;
	unsigned terms, certs;

	rig_enrol(admin, "sample-hospital", 1);
	assert_int_equal(rig_disable(admin, "sample-hospital", 1), VS_OK);
	assert_int_equal(rig_commit(admin), VS_OK);
	rig_enrol(admin, "sample-hospital", 1);
	assert_int_equal(show(admin, "sample-hospital", &got, &terms, &certs), VS_OK);
	assert_int_equal(got.disabled, 1);
	assert_int_equal(rig_disable(admin, "sample-hospital", 0), VS_OK);
	assert_int_equal(rig_commit(admin), VS_OK);
	assert_int_equal(show(admin, "sample-hospital", &got, &terms, &certs), VS_OK);
	assert_int_equal(got.disabled, 0);
}

static void
test_one_administrator(void **state)
{
	struct rig *r = *state;
	struct rig_peer *one = rig_peer(r, RIG_ADMIN), *two = rig_peer(r, RIG_ADMIN);
	struct vault_member m;

	rig_member("sample-hospital", 1, &m);
	assert_int_equal(rig_put_member(one, &m), VS_OK);
	assert_int_equal(rig_put_member(two, &m), VS_INVALID);
	assert_int_equal(rig_commit(two), VS_INVALID);
	assert_int_equal(rig_call(two, VM_A_STATUS, NULL, 0), VS_OK);
	assert_int_equal(rig_commit(one), VS_OK);
	assert_int_equal(members(r), 1);
	assert_int_equal(rig_put_member(two, &m), VS_OK);
	assert_int_equal(rig_commit(two), VS_OK);
}

static void
test_list(void **state)
{
	struct rig *r = *state;
	struct rig_peer *admin = rig_peer(r, RIG_ADMIN);
	char after[VAULT_ID_MAX] = "", id[VAULT_ID_MAX], want[32];
	struct vault_member m;
	unsigned i, n, seen = 0, pages = 0;
	struct wire w;

	for (i = 0; i < 40; i++) {
		(void)snprintf(want, sizeof want, "member-%02u", (i * 7) % 40);
		rig_member(want, 1, &m);
		assert_int_equal(rig_put_member(admin, &m), VS_OK);
	}
	assert_int_equal(rig_commit(admin), VS_OK);
	do {
		assert_int_equal(rig_call(admin, VM_A_LIST, after, sizeof after), VS_OK);
		wire_init(&w, admin->answer.p, admin->answer.n);
		n = wire_u8(&w);
		for (i = 0; i < n; i++, seen++) {
			wire_bytes(&w, id, sizeof id);
			assert_int_equal(wire_u16(&w), ROLE_OPERATOR);
			assert_int_equal(wire_u8(&w), 0);
			(void)snprintf(want, sizeof want, "member-%02u", seen);
			assert_string_equal(id, want);
			memcpy(after, id, sizeof after);
		}
		assert_int_equal(wire_end(&w), 0);
		pages++;
	} while (n > 0);
	assert_int_equal(seen, 40);
	assert_int_equal(pages, 4);
}

static void
test_status(void **state)
{
	struct rig *r = *state;
	struct rig_peer *admin = rig_peer(r, RIG_ADMIN), *front = rig_peer(r, RIG_FRONT);
	struct rig_peer *keeper = rig_peer(r, RIG_KEEPER);
	struct vault_state s;
	struct vault_seal seal;

	rig_enrol(admin, "sample-hospital", 1);
	rig_enrol(admin, "sample-bank", 2);
	assert_int_equal(rig_disable(admin, "sample-bank", 1), VS_OK);
	assert_int_equal(rig_commit(admin), VS_OK);
	rig_seal(front, 1, 1, 0, &seal);
	rig_directory(keeper, 7);
	rig_turn(r, 20);
	assert_int_equal(rig_call(admin, VM_A_STATUS, NULL, 0), VS_OK);
	assert_int_equal(vault_state_get(admin->answer.p, admin->answer.n, &s), 0);
	assert_int_equal(s.generation, 4);
	assert_int_equal(s.members, 2);
	assert_int_equal(s.disabled, 1);
	assert_int_equal(s.certs, 2);
	assert_int_equal(s.envelopes, 1);
	assert_int_equal(s.fronts, 1);
	assert_int_equal(s.keepers, 1);
	assert_true(s.wal_bytes > 0);
	assert_string_equal(s.reload_error, "");
}

/* SIGHUP with an unreadable certificate: the old one stays and the state says why. */
static void
test_reload(void **state)
{
	struct rig *r = *state;
	struct rig_peer *admin = rig_peer(r, RIG_ADMIN), *front = rig_peer(r, RIG_FRONT);
	struct vault_state s;
	struct vault_seal seal;
	char path[PATH_MAX], away[PATH_MAX];

	rig_enrol(admin, "sample-hospital", 1);
	rig_path(r, "escrow-b.pem", path);
	rig_path(r, "away.pem", away);
	assert_int_equal(rename(path, away), 0);
	vault_reload(r->v);
	(void)rig_call(admin, VM_A_STATUS, NULL, 0);
	assert_int_equal(vault_state_get(admin->answer.p, admin->answer.n, &s), 0);
	assert_non_null(strstr(s.reload_error, "escrow-b.pem"));
	rig_seal(front, 1, 1, 0, &seal);
	assert_int_equal(seal.status, VS_OK);
	assert_int_equal(rename(away, path), 0);
	vault_reload(r->v);
	(void)rig_call(admin, VM_A_STATUS, NULL, 0);
	assert_int_equal(vault_state_get(admin->answer.p, admin->answer.n, &s), 0);
	assert_string_equal(s.reload_error, "");
	rig_seal(front, 1, 2, 0, &seal);
	assert_int_equal(seal.status, VS_OK);
}

static void
ask_backup(struct rig *r, struct rig_peer *admin, const char *name, unsigned want)
{
	char ask[256] = "", path[PATH_MAX];

	rig_path(r, name, path);
	(void)snprintf(ask, sizeof ask, "%.255s", name[0] == '.' ? name : path);
	assert_int_equal(rig_call(admin, VM_A_BACKUP, ask, sizeof ask), want);
}

static void
test_backup(void **state)
{
	struct rig *r = *state;
	struct rig_peer *admin = rig_peer(r, RIG_ADMIN), *front = rig_peer(r, RIG_FRONT);
	unsigned char ask[VAULT_ORDER_LEN];
	unsigned i;
	struct stat st;
	char path[PATH_MAX];

	rig_enrol(admin, "sample-hospital", 1);
	for (i = 0; i < 500; i++) {
		rig_seal_ask(1, i, 0, ask);
		(void)rig_send(front, VM_SEAL, ask, sizeof ask);
	}
	assert_true(rig_wait_count(r, &front->answers, 500));
	ask_backup(r, admin, "copy.db", VS_OK);
	assert_true(admin->progress >= 2);
	rig_path(r, "copy.db", path);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	ask_backup(r, admin, "copy.db", VS_EXISTS);
	ask_backup(r, admin, "no/such/folder.db", VS_INVALID);
	ask_backup(r, admin, "./relative.db", VS_INVALID);
	/* The copy is a vault of its own. */
	rig_close(r);
	memcpy(r->o.db, path, sizeof path);
	rig_open(r);
	assert_int_equal(r->v->envelopes, 500);
	assert_int_equal(members(r), 1);
}

static void
test_backup_of_one_who_left(void **state)
{
	struct rig *r = *state;
	struct rig_peer *admin = rig_peer(r, RIG_ADMIN), *next;
	unsigned char big[3000] = { 0 }, id[ID_LEN] = { 0 };
	char ask[256] = "", path[PATH_MAX];
	unsigned i;

	assert_int_equal(db_begin(vstore_db(r->v->store)), 0);
	for (i = 0; i < 2000; i++) {
		memcpy(id, &i, sizeof i);
		assert_int_equal(vstore_put_envelope(r->v->store, id, big, sizeof big,
				     clock_wall_minute() / 1440, RIG_PAIR),
		    0);
	}
	assert_int_equal(db_commit(vstore_db(r->v->store)), 0);
	rig_path(r, "copy.db", path);
	(void)snprintf(ask, sizeof ask, "%.255s", path);
	(void)rig_send(admin, VM_A_BACKUP, ask, sizeof ask);
	assert_true(rig_wait_count(r, &admin->progress, 1));
	rig_hang_up(admin);
	rig_turn(r, 50);
	assert_int_not_equal(access(path, F_OK), 0);
	(void)strncat(path, ".part", 6);
	assert_int_not_equal(access(path, F_OK), 0);
	next = rig_peer(r, RIG_ADMIN);
	ask_backup(r, next, "copy.db", VS_OK);
}

static void
test_frames_refused(void **state)
{
	static const struct {
		uint16_t type;
		size_t n;
	} cases[] = { { VM_HELLO, 0 }, { VM_ADMIT, 40 }, { VM_SEAL, 49 },
		{ VM_TERMS, 34 }, { VM_DIRECTORY, 0 }, { VM_A_MEMBER, 0 },
		{ VM_A_MEMBER, 64 }, { VM_A_MEMBER, 4000 }, { VM_A_TERM, 322 },
		{ VM_A_TERM, 324 }, { VM_A_CERT, 103 }, { VM_A_CERT_REVOKE, 33 },
		{ VM_A_DISABLE, 64 }, { VM_A_COMMIT, 1 }, { VM_A_LIST, 63 },
		{ VM_A_SHOW, 65 }, { VM_A_STATUS, 1 }, { VM_A_BACKUP, 255 },
		{ VM_A_PROGRESS, 0 }, { VM_A_GROUPS, VAULT_GROUPS_LEN - 1 },
		{ VM_A_ISSUER_LIST, 3 } };
	static unsigned char zeros[VAULT_PAGE], ones[VAULT_PAGE];
	struct rig *r = *state;
	size_t i;

	for (i = 0; i < sizeof cases / sizeof cases[0]; i++)
		rig_refused(r, RIG_ADMIN, cases[i].type, zeros, cases[i].n);
	memset(ones, 1, sizeof ones); /* texts without an end */
	rig_refused(r, RIG_ADMIN, VM_A_LIST, ones, VAULT_ID_MAX);
	rig_refused(r, RIG_ADMIN, VM_A_SHOW, ones, VAULT_ID_MAX);
	rig_refused(r, RIG_ADMIN, VM_A_BACKUP, ones, 256);
}

/* What stands behind a broken frame in the same read is not done any more. */
static void
test_nothing_after_a_broken_frame(void **state)
{
	struct rig *r = *state;
	struct rig_peer *admin = rig_peer(r, RIG_ADMIN);
	struct vault_member m;
	struct buf b;

	rig_member("sample-hospital", 1, &m);
	buf_init(&b, VAULT_PAGE);
	vault_member_put(&b, &m);
	(void)rig_send(admin, VM_A_COMMIT, "x", 1);
	(void)rig_send(admin, VM_A_MEMBER, b.p, b.n);
	(void)rig_send(admin, VM_A_COMMIT, NULL, 0);
	assert_true(rig_wait(r, &admin->down));
	assert_int_equal(members(r), 0);
	buf_done(&b);
}

static void
test_disk_full(void **state)
{
	struct rig *r = *state;
	struct rig_peer *admin = rig_peer(r, RIG_ADMIN);
	struct vault_member m;

	rig_member("sample-hospital", 1, &m);
	assert_int_equal(rig_put_member(admin, &m), VS_OK);
	(void)db_fail_at(3, SQLITE_FULL);
	assert_int_equal(rig_commit(admin), VS_FULL);
	assert_int_equal(members(r), 0);
	rig_enrol(admin, "sample-hospital", 1);
	assert_int_equal(members(r), 1);
}

/* Whatever allocation of an import fails: an error, or all of it. */
static void
test_memory_short(void **state)
{
	struct rig *r = *state;
	struct rig_peer *admin = rig_peer(r, RIG_ADMIN);
	struct registry *fresh;
	unsigned long n;
	int rc;

	rig_enrol(admin, "sample-hospital", 1);
	assert_int_equal(
	    rig_put_term(admin, "sample-hospital", TERM_NAME, "Sample"), VS_OK);
	assert_int_equal(rig_commit(admin), VS_OK);
	for (n = 1, rc = ERR_NOMEM; rc != 0; n++) {
		(void)mem_fail_at(n);
		fresh = NULL;
		rc = registry_load(&fresh, r->v->store, NULL);
		(void)mem_fail_at(0);
		assert_true(rc == 0 || rc == ERR_NOMEM);
		if (rc == 0)
			assert_int_equal(registry_member_count(fresh), 1);
		registry_free(fresh);
		assert_true(n < 100);
	}
	assert_true(n > 5);
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, rig_setup, rig_teardown)
	const struct CMUnitTest tests[] = {
		T(test_a_batch),
		T(test_a_batch_is_whole),
		T(test_undone_at_commit),
		T(test_values_refused),
		T(test_certificates),
		T(test_suspension_stays),
		T(test_one_administrator),
		T(test_list),
		T(test_status),
		T(test_reload),
		T(test_backup),
		T(test_backup_of_one_who_left),
		T(test_frames_refused),
		T(test_nothing_after_a_broken_frame),
		T(test_disk_full),
		T(test_memory_short),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
