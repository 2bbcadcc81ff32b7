/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/role/vault_rig.h"

#include <openssl/x509v3.h>
#include <sqlite3.h>

#include "daemon/vault/der.h"
#include "daemon/vault/envelope.h"

static const unsigned char REPORT[ID_LEN] = { 0xa0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
	13, 14, 0xff };

/* What an escrow holder types.  1 when openssl was content. */
static int
cms_decrypt(const struct rig *r, const char *in, const char *holder, const char *out)
{
	char cmd[1024];

	(void)snprintf(cmd, sizeof cmd,
	    "cd %s && openssl cms -decrypt -binary -inform DER -in %s -recip %s.pem "
	    "-inkey %s.key -out %s 2>openssl.err",
	    r->dir, in, holder, holder, out);
	return system(cmd) == 0;
}

static void
write_all(const struct rig *r, const char *name, const void *p, size_t n)
{
	char path[PATH_MAX];
	FILE *f;

	rig_path(r, name, path);
	f = fopen(path, "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(p, 1, n, f), n);
	(void)fclose(f);
}

static size_t
read_all(const struct rig *r, const char *name, void *p, size_t room)
{
	char path[PATH_MAX];
	FILE *f;
	size_t n;

	rig_path(r, name, path);
	f = fopen(path, "rb");
	assert_non_null(f);
	n = fread(p, 1, room, f);
	(void)fclose(f);
	return n;
}

static struct envelope_maker *
maker(const struct rig *r, const char *a, const char *b)
{
	struct envelope_maker *m = NULL;
	char pa[PATH_MAX], pb[PATH_MAX];
	struct buf why;
	int rc;

	rig_path(r, a, pa);
	rig_path(r, b, pb);
	buf_init(&why, 4096);
	rc = envelope_new(&m, pa, pb, &why);
	if (rc != 0)
		print_message("%s\n", buf_cstr(&why));
	assert_int_equal(rc, 0);
	buf_done(&why);
	return m;
}

static void
check_opens(struct rig *r, struct envelope_maker *m, const char *member, uint32_t epoch)
{
	unsigned char env[ENVELOPE_MAX], got[ENVELOPE_MAX];
	char want[ENVELOPE_TEXT];

	assert_int_equal(envelope_seal(m, member, REPORT, epoch, env), 0);
	write_all(r, "env.der", env, envelope_len(m));
	/* One holder alone opens nothing, in either order. */
	assert_false(cms_decrypt(r, "env.der", "escrow-a", "x.out"));
	assert_true(cms_decrypt(r, "env.der", "escrow-b", "inner.der"));
	assert_false(cms_decrypt(r, "inner.der", "escrow-b", "x.out"));
	assert_true(cms_decrypt(r, "inner.der", "escrow-a", "text.out"));
	assert_int_equal(read_all(r, "text.out", got, sizeof got), ENVELOPE_TEXT);
	envelope_text(member, REPORT, epoch, want);
	assert_memory_equal(got, want, ENVELOPE_TEXT);
}

static void
test_openssl_opens_it(void **state)
{
	struct rig *r = *state;
	struct envelope_maker *m = maker(r, "escrow-a.pem", "escrow-b.pem");

	check_opens(r, m, "sample-hospital", 2966);
	check_opens(r, m, "a", 0);
	check_opens(r, m,
	    "sample-organisation-with-the-longest-name-that-an-id-may-be-63c",
	    4294967295u);
	envelope_free(m);
}

static void
test_p384(void **state)
{
	struct rig *r = *state;
	struct envelope_maker *m;

	rig_escrow(r, "escrow-b", "P-384");
	m = maker(r, "escrow-a.pem", "escrow-b.pem");
	check_opens(r, m, "sample-hospital", 2966);
	envelope_free(m);
	rig_escrow(r, "escrow-a", "P-384");
	m = maker(r, "escrow-a.pem", "escrow-b.pem");
	check_opens(r, m, "sample-hospital", 2966);
	envelope_free(m);
}

static void
test_text(void **state)
{
	char t[ENVELOPE_TEXT];

	(void)state;
	envelope_text("sample-hospital", REPORT, 2966, t);
	assert_non_null(memmem(t, sizeof t, "\nmember: sample-hospital\n", 25));
	assert_non_null(
	    memmem(t, sizeof t, "\nreport: a00102030405060708090a0b0c0d0eff\n", 42));
	assert_non_null(memmem(t, sizeof t, "\nepoch: 2966\n", 13));
	assert_int_equal(t[ENVELOPE_TEXT - 1], '\n');
}

/* The nonce of the outer layer. */
static const unsigned char *
nonce_of(const unsigned char *env, size_t n)
{
	static const unsigned char before[] = { 0x03, 0x04, 0x01, 0x2e, 0x30, 0x11, 0x04,
		0x0c };
	const unsigned char *p = memmem(env, n, before, sizeof before);

	assert_non_null(p);
	return p + sizeof before;
}

/* Nothing but keys, nonces and ciphertext differs: not the length, not the frame. */
static void
test_equal_length_and_fresh(void **state)
{
	struct rig *r = *state;
	struct envelope_maker *m = maker(r, "escrow-a.pem", "escrow-b.pem");
	unsigned char a[ENVELOPE_MAX] = { 0 }, b[ENVELOPE_MAX] = { 0 };
	size_t n = envelope_len(m), i, same = 0;

	assert_true(n < 1000); /* with its key it stays within a page of the database */
	assert_int_equal(envelope_seal(m, "a", REPORT, 1, a), 0);
	assert_int_equal(
	    envelope_seal(m, "sample-hospital-of-a-longer-name", REPORT, 2966, b), 0);
	assert_int_equal(a[n], 0);
	assert_int_equal(b[n], 0);
	for (i = 0; i < n; i++)
		same += a[i] == b[i];
	assert_true(same < n / 2);
	assert_memory_equal(a, b, 48); /* the same frame around it */
	assert_memory_not_equal(nonce_of(a, n), nonce_of(b, n), 12);
	/* The same sender and report twice: nothing to recognise it by. */
	assert_int_equal(envelope_seal(m, "a", REPORT, 1, b), 0);
	for (same = 0, i = 0; i < n; i++)
		same += a[i] == b[i];
	assert_true(same < n / 2);
	envelope_free(m);
}

/* A flipped bit anywhere in keys, ciphertext or tag is noticed. */
static void
test_tampering_is_noticed(void **state)
{
	struct rig *r = *state;
	struct envelope_maker *m = maker(r, "escrow-a.pem", "escrow-b.pem");
	unsigned char env[ENVELOPE_MAX];
	size_t n = envelope_len(m);
	static const size_t from_end[] = { 1, 16, 60, 400 };
	size_t i;

	assert_int_equal(envelope_seal(m, "a", REPORT, 1, env), 0);
	for (i = 0; i < sizeof from_end / sizeof from_end[0]; i++) {
		env[n - from_end[i]] ^= 1;
		write_all(r, "env.der", env, n);
		assert_false(cms_decrypt(r, "env.der", "escrow-b", "x.out"));
		env[n - from_end[i]] ^= 1;
	}
	envelope_free(m);
}

static void
refused(const struct rig *r, const char *a, const char *b, int want, const char *text)
{
	struct envelope_maker *m = NULL;
	char pa[PATH_MAX], pb[PATH_MAX];
	struct buf why;

	rig_path(r, a, pa);
	rig_path(r, b, pb);
	buf_init(&why, 8192);
	assert_int_equal(envelope_new(&m, pa, pb, &why), want);
	assert_null(m);
	if (strstr(buf_cstr(&why), text) == NULL)
		fail_msg("%s", buf_cstr(&why));
	buf_done(&why);
}

/* A certificate whose key may sign only. */
static void
write_signing_cert(const struct rig *r)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *x = X509_new();
	X509_EXTENSION *e =
	    X509V3_EXT_conf_nid(NULL, NULL, NID_key_usage, "critical,digitalSignature");
	char path[PATH_MAX];
	FILE *f;

	(void)X509_set_version(x, 2);
	(void)X509_gmtime_adj(X509_getm_notBefore(x), 0);
	(void)X509_gmtime_adj(X509_getm_notAfter(x), 86400);
	(void)X509_set_pubkey(x, key);
	assert_int_equal(X509_add_ext(x, e, -1), 1);
	assert_true(X509_sign(x, key, EVP_sha256()) > 0);
	rig_path(r, "signing.pem", path);
	f = fopen(path, "w");
	(void)PEM_write_X509(f, x);
	(void)fclose(f);
	X509_EXTENSION_free(e);
	X509_free(x);
	EVP_PKEY_free(key);
}

static void
test_refused_holders(void **state)
{
	struct rig *r = *state;

	rig_escrow(r, "other", "P-521");
	write_signing_cert(r);
	write_all(r, "junk.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n", 33);
	refused(r, "escrow-a.pem", "escrow-a.pem", ERR_INVALID, "two holders");
	refused(r, "escrow-a.pem", "other.pem", ERR_INVALID, "P-256 or P-384");
	refused(r, "signing.pem", "escrow-b.pem", ERR_INVALID, "keyAgreement");
	refused(r, "junk.pem", "escrow-b.pem", ERR_IO, "junk.pem");
	refused(r, "escrow-a.pem", "nowhere.pem", ERR_IO, "nowhere.pem");
	envelope_free(NULL);
}

/* What stands in the database after a SEAL opens, and says who and what. */
static void
test_from_the_database(void **state)
{
	struct rig *r = *state;
	struct rig_peer *front = rig_peer(r, RIG_FRONT), *admin = rig_peer(r, RIG_ADMIN);
	struct db *db = vstore_db(r->v->store);
	sqlite3_stmt *q;
	struct vault_seal s;
	char got[ENVELOPE_TEXT + 1] = "", want[96];

	rig_enrol(admin, "sample-hospital", 1);
	rig_seal(front, 1, 0x01020304, 0, &s);
	assert_int_equal(s.status, VS_OK);
	q = db_prepare(db, "SELECT envelope, day, length(report_id) FROM envelopes");
	assert_int_equal(db_step(db, q), 1);
	assert_int_equal(sqlite3_column_int64(q, 1), clock_wall_minute() / 1440);
	assert_int_equal(sqlite3_column_int(q, 2), ID_LEN);
	assert_int_equal(sqlite3_column_bytes(q, 0), envelope_len(r->v->maker));
	write_all(
	    r, "env.der", sqlite3_column_blob(q, 0), (size_t)sqlite3_column_bytes(q, 0));
	db_reset(q);
	assert_true(cms_decrypt(r, "env.der", "escrow-b", "inner.der"));
	assert_true(cms_decrypt(r, "inner.der", "escrow-a", "text.out"));
	assert_int_equal(read_all(r, "text.out", got, ENVELOPE_TEXT), ENVELOPE_TEXT);
	assert_non_null(strstr(got, "member: sample-hospital\n"));
	assert_non_null(strstr(got, "report: 04030201000000000000000000000000\n"));
	(void)snprintf(
	    want, sizeof want, "epoch: %d\n", (int)(clock_wall_minute() / 1440 / 7));
	assert_non_null(strstr(got, want));
}

static void
test_der_lengths(void **state)
{
	static const struct {
		size_t n, head;
		unsigned char want[4];
	} cases[] = { { 0, 2, { 0x30, 0 } }, { 127, 2, { 0x30, 127 } },
		{ 128, 3, { 0x30, 0x81, 128 } }, { 255, 3, { 0x30, 0x81, 255 } },
		{ 256, 4, { 0x30, 0x82, 1, 0 } }, { 300, 4, { 0x30, 0x82, 1, 44 } } };
	unsigned char b[512], small[8];
	struct der d;
	size_t i, end;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		der_init(&d, b, sizeof b);
		end = der_mark(&d);
		der_bytes(&d, NULL, cases[i].n);
		der_wrap(&d, DER_SEQUENCE, end);
		assert_int_equal(d.err, 0);
		assert_int_equal(d.room - d.at, cases[i].n + cases[i].head);
		assert_memory_equal(b + d.at, cases[i].want, cases[i].head);
	}
	der_init(&d, small, sizeof small);
	der_bytes(&d, NULL, 7);
	der_wrap(&d, DER_SEQUENCE, sizeof small);
	assert_int_equal(d.err, ERR_LIMIT);
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, rig_setup, rig_teardown)
	const struct CMUnitTest tests[] = {
		T(test_openssl_opens_it),
		T(test_p384),
		cmocka_unit_test(test_text),
		T(test_equal_length_and_fresh),
		T(test_tampering_is_noticed),
		T(test_refused_holders),
		T(test_from_the_database),
		cmocka_unit_test(test_der_lengths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
