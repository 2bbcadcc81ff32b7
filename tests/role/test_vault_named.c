/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/role/vault_rig.h"

#include <openssl/x509v3.h>
#include <sqlite3.h>

#include "daemon/vault/envelope.h"
#include "daemon/vault/retain.h"
#include "daemon/vault/vstore_books.h"

enum { HOSPITAL = 1, CENTRE = 5, MINISTRY = 6, OTHER = 7 };

/* VM_A_RECIPIENT with the certificate <name>.pem; `tail` bytes more than it has. */
static unsigned
put_recipient(struct rig_peer *admin, const char *id, const char *name, size_t tail)
{
	unsigned char ask[VAULT_ID_MAX + 2 + RECIPIENT_DER_MAX] = { 0 }, *der = NULL;
	char path[PATH_MAX], file[64];
	X509 *x = NULL;
	int n = 0;
	FILE *f;

	if (name != NULL) {
		(void)snprintf(file, sizeof file, "%s.pem", name);
		rig_path(admin->rig, file, path);
		f = fopen(path, "r");
		assert_non_null(f);
		x = PEM_read_X509(f, NULL, NULL, NULL);
		(void)fclose(f);
		n = i2d_X509(x, &der);
		assert_true(n > 0);
		memcpy(ask + VAULT_ID_MAX + 2, der, (size_t)n);
	}
	n += (int)tail;
	memcpy(ask, id, strlen(id));
	ask[VAULT_ID_MAX] = (unsigned char)(n & 0xff);
	ask[VAULT_ID_MAX + 1] = (unsigned char)(n >> 8);
	OPENSSL_free(der);
	X509_free(x);
	return rig_call(admin, VM_A_RECIPIENT, ask, sizeof ask);
}

static void
enrol(struct rig_peer *admin, const char *id, unsigned n, unsigned role)
{
	struct vault_member m;

	rig_member(id, n, &m);
	m.roles = (uint16_t)role;
	if (role != ROLE_OPERATOR)
		memset(&m.op, 0, sizeof m.op);
	assert_int_equal(rig_put_member(admin, &m), VS_OK);
	assert_int_equal(rig_put_cert(admin, id, n, rig_end(n)), VS_OK);
}

/* A hospital, a centre and two ministries; all but the second may be named. */
static void
found(struct rig *r, struct rig_peer *admin)
{
	rig_escrow(r, "centre", "P-256");
	rig_escrow(r, "ministry", "P-384");
	enrol(admin, "sample-hospital", HOSPITAL, ROLE_OPERATOR);
	enrol(admin, "centre", CENTRE, ROLE_CENTRE);
	enrol(admin, "sample-ministry", MINISTRY, ROLE_MINISTRY);
	enrol(admin, "other-ministry", OTHER, ROLE_MINISTRY);
	assert_int_equal(put_recipient(admin, "centre", "centre", 0), VS_OK);
	assert_int_equal(put_recipient(admin, "sample-ministry", "ministry", 0), VS_OK);
	assert_int_equal(rig_commit(admin), VS_OK);
}

static unsigned
seal(struct rig_peer *front, unsigned report, const char *one, const char *two,
    struct vault_seal *ret)
{
	unsigned char spki[32];
	struct vault_seal asked;
	struct vault_order o;
	struct buf b;

	memset(&o, 0, sizeof o);
	rig_spki(HOSPITAL, spki);
	memcpy(o.spki, spki, sizeof o.spki);
	memcpy(o.report, &report, sizeof report);
	if (one != NULL)
		(void)snprintf(o.named[o.named_count++], VAULT_ID_MAX, "%s", one);
	if (two != NULL)
		(void)snprintf(o.named[o.named_count++], VAULT_ID_MAX, "%s", two);
	buf_init(&b, VAULT_ORDER_LEN);
	vault_order_put(&b, &o);
	/* What a preview is told, at the same length as everything else. */
	(void)rig_call(front, VM_NAMEABLE, b.p, b.n);
	assert_int_equal(front->answer.n, VAULT_PAGE);
	assert_int_equal(vault_seal_get(front->answer.p, front->answer.n, &asked), 0);
	(void)rig_call(front, VM_SEAL, b.p, b.n);
	buf_done(&b);
	assert_int_equal(vault_seal_get(front->answer.p, front->answer.n, ret), 0);
	assert_int_equal(asked.status, ret->status);
	return ret->status;
}

static unsigned
ask(struct rig_peer *front, unsigned who, unsigned report, struct vault_named *ret)
{
	unsigned char q[32 + ID_LEN] = { 0 };

	rig_spki(who, q);
	memcpy(q + 32, &report, sizeof report);
	(void)rig_call(front, VM_NAMED, q, sizeof q);
	assert_int_equal(front->answer.n, VAULT_PAGE);
	assert_int_equal(vault_named_get(front->answer.p, front->answer.n, ret), 0);
	assert_int_equal(ret->status, front->status);
	return ret->status;
}

/* What a desk types.  1 when openssl was content and the text is the expected one. */
static int
opens(struct rig *r, const struct vault_named *m, const char *holder, unsigned report)
{
	char cmd[1024], path[PATH_MAX], got[ENVELOPE_TEXT] = "", want[ENVELOPE_TEXT];
	unsigned char id[ID_LEN] = { 0 };
	FILE *f;

	rig_path(r, "named.der", path);
	f = fopen(path, "wb");
	assert_int_equal(fwrite(m->cms.p, 1, m->cms.n, f), m->cms.n);
	(void)fclose(f);
	(void)snprintf(cmd, sizeof cmd,
	    "cd %s && openssl cms -decrypt -binary -inform DER -in named.der -recip "
	    "%s.pem -inkey %s.key -out text.out 2>openssl.err",
	    r->dir, holder, holder);
	if (system(cmd) != 0)
		return 0;
	rig_path(r, "text.out", path);
	f = fopen(path, "rb");
	assert_int_equal(fread(got, 1, sizeof got, f), sizeof got);
	(void)fclose(f);
	memcpy(id, &report, sizeof report);
	envelope_text(
	    "sample-hospital", id, (uint32_t)(clock_wall_minute() / 1440 / 7), want);
	assert_memory_equal(got, want, sizeof want);
	return 1;
}

static unsigned
rows(struct rig *r, const char *sql)
{
	struct db *db = vstore_db(r->v->store);
	sqlite3_stmt *q = db_prepare(db, sql);
	unsigned n;

	assert_int_equal(db_step(db, q), 1);
	n = (unsigned)sqlite3_column_int(q, 0);
	db_reset(q);
	return n;
}

static void
test_recipients_open_it(void **state)
{
	struct rig *r = *state;
	struct rig_peer *front = rig_peer(r, RIG_FRONT), *admin = rig_peer(r, RIG_ADMIN);
	static const unsigned char none[RECEIVER_LEN];
	struct vault_admit centre, ministry;
	struct vault_named m;
	struct vault_seal s;

	found(r, admin);
	rig_admit(front, CENTRE, rig_end(CENTRE), &centre);
	rig_admit(front, MINISTRY, rig_end(MINISTRY), &ministry);
	assert_int_equal(seal(front, 1, "centre", "sample-ministry", &s), VS_OK);
	assert_memory_equal(s.named[0], centre.rights.receiver, RECEIVER_LEN);
	assert_memory_equal(s.named[1], ministry.rights.receiver, RECEIVER_LEN);
	assert_int_equal(seal(front, 2, "sample-ministry", NULL, &s), VS_OK);
	assert_memory_equal(s.named[0], ministry.rights.receiver, RECEIVER_LEN);
	assert_memory_equal(s.named[1], none, RECEIVER_LEN);

	assert_int_equal(ask(front, CENTRE, 1, &m), VS_OK);
	assert_true(opens(r, &m, "centre", 1));
	assert_int_equal(ask(front, MINISTRY, 1, &m), VS_OK);
	assert_true(opens(r, &m, "ministry", 1));
	assert_false(opens(r, &m, "centre", 1));
	assert_int_equal(ask(front, MINISTRY, 2, &m), VS_OK);
	assert_true(opens(r, &m, "ministry", 2));
	/* Beside the sealed one, under the same day. */
	assert_int_equal(rows(r, "SELECT count(*) FROM envelopes"), 2);
	assert_int_equal(rows(r, "SELECT count(*) FROM named JOIN envelopes USING "
				 "(report_id, day)"),
	    3);
}

/* The same page, whatever it is that is not there. */
static void
test_all_else_is_one_answer(void **state)
{
	struct rig *r = *state;
	struct rig_peer *front = rig_peer(r, RIG_FRONT), *admin = rig_peer(r, RIG_ADMIN);
	static const struct {
		unsigned who, report;
	} cases[] = { { CENTRE, 2 }, { CENTRE, 3 }, { CENTRE, 4 }, { OTHER, 1 },
		{ HOSPITAL, 1 }, { 99, 1 } };
	unsigned char page[VAULT_PAGE] = { VS_UNKNOWN };
	struct vault_named m;
	struct vault_seal s;
	size_t i;

	found(r, admin);
	assert_int_equal(seal(front, 1, "centre", NULL, &s), VS_OK);
	assert_int_equal(seal(front, 2, "sample-ministry", NULL, &s), VS_OK);
	assert_int_equal(seal(front, 3, NULL, NULL, &s), VS_OK);
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		assert_int_equal(
		    ask(front, cases[i].who, cases[i].report, &m), VS_UNKNOWN);
		assert_memory_equal(front->answer.p, page, VAULT_PAGE);
	}
	/* Nor for a centre that is one no more, or is suspended. */
	assert_int_equal(ask(front, CENTRE, 1, &m), VS_OK);
	assert_int_equal(rig_disable(admin, "centre", 1), VS_OK);
	assert_int_equal(rig_commit(admin), VS_OK);
	assert_int_equal(ask(front, CENTRE, 1, &m), VS_UNKNOWN);
	assert_int_equal(rig_disable(admin, "centre", 0), VS_OK);
	enrol(admin, "centre", CENTRE, ROLE_OBSERVER);
	assert_int_equal(rig_commit(admin), VS_OK);
	assert_int_equal(ask(front, CENTRE, 1, &m), VS_UNKNOWN);
	assert_memory_equal(front->answer.p, page, VAULT_PAGE);
	assert_int_equal(seal(front, 9, "centre", NULL, &s), VS_INVALID);
}

/* Of the only recipient that is left. */
static void
the_spki(struct rig *r, unsigned char ret[32])
{
	struct db *db = vstore_db(r->v->store);
	sqlite3_stmt *q = db_prepare(db, "SELECT spki FROM recipients");

	assert_int_equal(db_step(db, q), 1);
	memcpy(ret, sqlite3_column_blob(q, 0), 32);
	db_reset(q);
}

/* Refused whole: no envelope of either kind is left. */
static void
test_who_may_not_be_named(void **state)
{
	struct rig *r = *state;
	struct rig_peer *front = rig_peer(r, RIG_FRONT), *admin = rig_peer(r, RIG_ADMIN);
	unsigned char spki[32], cert[2 * VAULT_ID_MAX + 32 + 8] = "centre";
	struct vault_seal s;

	memset(cert + 2 * VAULT_ID_MAX + 32, 1, 7); /* it ends far away */
	found(r, admin);
	assert_int_equal(seal(front, 1, "nobody", NULL, &s), VS_INVALID);
	assert_int_equal(seal(front, 1, "", NULL, &s), VS_INVALID);
	assert_int_equal(seal(front, 1, "sample-hospital", NULL, &s), VS_INVALID);
	assert_int_equal(seal(front, 1, "other-ministry", NULL, &s), VS_INVALID);
	assert_int_equal(seal(front, 1, "centre", "nobody", &s), VS_INVALID);
	assert_int_equal(seal(front, 1, "centre", "centre", &s), VS_INVALID);
	assert_int_equal(rig_disable(admin, "centre", 1), VS_OK);
	assert_int_equal(put_recipient(admin, "sample-ministry", NULL, 0), VS_OK);
	assert_int_equal(rig_commit(admin), VS_OK);
	assert_int_equal(seal(front, 1, "centre", NULL, &s), VS_INVALID);
	assert_int_equal(seal(front, 1, "sample-ministry", NULL, &s), VS_INVALID);
	assert_int_equal(rows(r, "SELECT count(*) FROM envelopes"), 0);
	assert_int_equal(rows(r, "SELECT count(*) FROM named"), 0);
	assert_int_equal(r->v->envelopes, 0);
	/* The key of a recipient that also connects with it, and is revoked. */
	assert_int_equal(rig_disable(admin, "centre", 0), VS_OK);
	assert_int_equal(rig_commit(admin), VS_OK);
	assert_int_equal(seal(front, 1, "centre", NULL, &s), VS_OK);
	the_spki(r, spki);
	memcpy(cert + 2 * VAULT_ID_MAX, spki, sizeof spki);
	assert_int_equal(rig_call(admin, VM_A_CERT, cert, sizeof cert), VS_OK);
	assert_int_equal(rig_commit(admin), VS_OK);
	assert_int_equal(seal(front, 2, "centre", NULL, &s), VS_OK);
	assert_int_equal(rig_call(admin, VM_A_CERT_REVOKE, spki, 32), VS_OK);
	assert_int_equal(rig_commit(admin), VS_OK);
	assert_int_equal(seal(front, 3, "centre", NULL, &s), VS_INVALID);
}

static void
test_changes_refused(void **state)
{
	struct rig *r = *state;
	struct rig_peer *admin = rig_peer(r, RIG_ADMIN);

	found(r, admin);
	rig_escrow(r, "wide", "P-521");
	assert_int_equal(put_recipient(admin, "centre", "wide", 0), VS_INVALID);
	assert_int_equal(rig_commit(admin), VS_INVALID);
	assert_int_equal(put_recipient(admin, "centre", "centre", 1), VS_INVALID);
	assert_int_equal(rig_commit(admin), VS_INVALID);
	assert_int_equal(put_recipient(admin, "centre", NULL, 40), VS_INVALID);
	assert_int_equal(rig_commit(admin), VS_INVALID);
	assert_int_equal(
	    put_recipient(admin, "centre", NULL, RECIPIENT_DER_MAX + 1), VS_INVALID);
	assert_int_equal(rig_commit(admin), VS_INVALID);
	assert_int_equal(put_recipient(admin, "Centre", "centre", 0), VS_INVALID);
	assert_int_equal(rig_commit(admin), VS_INVALID);
	/* Seen only with the others of the batch. */
	assert_int_equal(put_recipient(admin, "sample-hospital", "centre", 0), VS_OK);
	assert_int_equal(rig_commit(admin), VS_INVALID);
	assert_int_equal(put_recipient(admin, "nobody", "centre", 0), VS_OK);
	assert_int_equal(rig_commit(admin), VS_UNKNOWN);
	assert_int_equal(put_recipient(admin, "other-ministry", NULL, 0), VS_OK);
	assert_int_equal(rig_commit(admin), VS_UNKNOWN);
	assert_int_equal(rows(r, "SELECT count(*) FROM recipients"), 2);
}

/* 1 when one of the vault's files holds the bytes. */
static int
in_files(struct rig *r, const void *p, size_t n)
{
	static const char *const names[] = { "vault.db", "vault.db-wal" };
	static unsigned char all[8 * 1024 * 1024];
	char path[PATH_MAX];
	size_t i, len;
	FILE *f;
	int hit = 0;

	for (i = 0; i < 2; i++) {
		rig_path(r, names[i], path);
		f = fopen(path, "rb");
		assert_non_null(f);
		len = fread(all, 1, sizeof all, f);
		(void)fclose(f);
		hit |= memmem(all, len, p, n) != NULL;
	}
	return hit;
}

/* After their time both kinds are gone, from the log and the free pages as well. */
static void
test_no_byte_is_left(void **state)
{
	struct rig *r = *state;
	struct rig_peer *front = rig_peer(r, RIG_FRONT), *admin = rig_peer(r, RIG_ADMIN);
	unsigned char sealed[ENVELOPE_MAX], id[ID_LEN] = { 1 };
	struct vault_named m;
	struct vault_seal s;
	char named[ENVELOPE_CMS_MAX];
	size_t n, k;
	struct buf b;
	struct db *db;

	found(r, admin);
	assert_int_equal(seal(front, 1, "centre", NULL, &s), VS_OK);
	assert_int_equal(ask(front, CENTRE, 1, &m), VS_OK);
	n = m.cms.n;
	memcpy(named, m.cms.p, n);
	buf_init(&b, ENVELOPE_MAX);
	assert_int_equal(vbooks_get_envelope(r->v->books, id, &b), 0);
	k = b.n;
	memcpy(sealed, b.p, k);
	buf_done(&b);
	assert_true(in_files(r, named + n - 200, 200));
	assert_true(in_files(r, sealed + k - 200, 200));
	/* As if 181 days had passed; a newer one says that the clock is right. */
	db = vstore_db(r->v->store);
	assert_int_equal(
	    db_run(db, db_prepare(db, "UPDATE envelopes SET day = day - 181")), 0);
	assert_int_equal(
	    db_run(db, db_prepare(db, "UPDATE named SET day = day - 181")), 0);
	assert_int_equal(seal(front, 2, "centre", NULL, &s), VS_OK);
	retain_start(r->v->retain);
	rig_turn(r, 1500); /* the sweep, and a second of quiet */
	assert_int_equal(ask(front, CENTRE, 1, &m), VS_UNKNOWN);
	assert_int_equal(ask(front, CENTRE, 2, &m), VS_OK);
	assert_int_equal(rows(r, "SELECT count(*) FROM named"), 1);
	assert_int_equal(r->v->envelopes, 1);
	assert_false(in_files(r, named + n - 200, 200));
	assert_false(in_files(r, sealed + k - 200, 200));
}

static void
test_reopened(void **state)
{
	struct rig *r = *state;
	struct rig_peer *front = rig_peer(r, RIG_FRONT), *admin = rig_peer(r, RIG_ADMIN);
	struct vault_named m;
	struct vault_seal s;

	found(r, admin);
	assert_int_equal(seal(front, 1, "centre", NULL, &s), VS_OK);
	rig_close(r);
	rig_open(r);
	front = rig_peer(r, RIG_FRONT);
	assert_int_equal(ask(front, CENTRE, 1, &m), VS_OK);
	assert_int_equal(seal(front, 2, "centre", NULL, &s), VS_OK);
	assert_int_equal(ask(front, CENTRE, 2, &m), VS_OK);
	assert_true(opens(r, &m, "centre", 2));
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, rig_setup, rig_teardown)
	const struct CMUnitTest tests[] = {
		T(test_recipients_open_it),
		T(test_all_else_is_one_answer),
		T(test_who_may_not_be_named),
		T(test_changes_refused),
		T(test_no_byte_is_left),
		T(test_reopened),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
