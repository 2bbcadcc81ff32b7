/* SPDX-License-Identifier: Apache-2.0 */
/* Who of a desk looked at or did what: a row for each call, none for others; signed;
 * and where no row can be written, nobody looks. */
#include "tests/role/desk_rig.h"

#include <openssl/sha.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include "daemon/keeper/audit.h"
#include "daemon/keeper/desk_verbs.h"
#include "daemon/keeper/store_audit.h"
#include "lib/ballast.h"
#include "lib/db.h"
#include "proto/msg_case.h"
#include "proto/msg_desk.h"

enum { CENTRE = 1, OTHER = 2, DAY_MS = 24 * 60 * 60 * 1000 };

/* SHA-256 of the empty string, as commitment and as the hash of the presented secret. */
static const char with_secret[] =
    "{\"case_commitment\":\"47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU\"}";

struct seen {
	unsigned n;
	struct audit_row last;
};

static int
see(void *arg, const struct audit_row *r)
{
	struct seen *s = arg;

	s->n++;
	s->last = *r;
	return 0;
}

static struct seen
rows(struct rig *g)
{
	struct seen s = { 0 };

	assert_int_equal(store_audit_each(g->k.store, 1, 1000000, see, &s), 0);
	return s;
}

static struct audit_point
point(struct rig *g)
{
	struct audit_point p = { 0 };
	int rc = store_audit_point_last(g->k.store, &p);

	assert_true(rc == 0 || rc == ERR_NOTFOUND);
	return p;
}

static struct keeper_case
case_of(struct rig *g)
{
	struct keeper_put m = rig_put_default();
	struct keeper_case c;
	json_t *j;

	memset(&c, 0, sizeof c);
	assert_int_equal(rig_put(g, &m, 3, "ceptoar", with_secret), P_OK);
	j = rig_json(&g->peer[0]);
	assert_int_equal(
	    hex_decode(slice_of(rig_text(j, "case")), c.case_id, ID_LEN), ID_LEN);
	json_decref(j);
	return c;
}

static enum problem
ask(struct rig *g, const struct keeper_case *c, const struct rights *rights,
    unsigned type)
{
	struct keeper_message say = { .json = slice_of("{\"text\":{\"ja\":\"x\"}}") };
	struct keeper_desk d;
	struct keeper_list q;
	struct keeper_case w = *c;
	enum problem p;
	struct buf b;

	memset(&q, 0, sizeof q);
	memset(&d, 0, sizeof d);
	q.limit = 5;
	if (rights != NULL) {
		w.desk = 1;
		w.rights = q.rights = d.rights = *rights;
	} else {
		(void)SHA256((const unsigned char *)"", 0, w.secret_hash);
	}
	say.which = w;
	d.verb = DV_IDENTITY;
	d.ref = slice_of("00000000000000000000000000000007");
	buf_init(&b, KEEPER_FRAME_MAX);
	if (type == KM_INBOX || type == KM_TRENDS)
		keeper_list_put(&b, &q);
	else if (type == KM_MESSAGE)
		keeper_message_put(&b, &say);
	else if (type == KM_DESK)
		keeper_desk_put(&b, &d);
	else
		keeper_case_put(&b, &w);
	p = rig_call(g, &g->peer[0], type, &b);
	buf_done(&b);
	return p;
}

static void
test_a_row_for_each_call(void **state)
{
	static const struct {
		uint16_t type;
		const char *action;
		int ref;
	} table[] = {
		{ KM_INBOX, "inbox.look", 0 },
		{ KM_TRENDS, "trends.look", 0 },
		{ KM_CASE, "case.look", 1 },
		{ KM_MESSAGES, "messages.look", 1 },
		{ KM_MESSAGE, "message.write", 1 },
		{ KM_DESK, "identity.look", 2 },
		{ KM_CLOSE, "case.close", 1 },
	};
	struct rights centre = rig_rights(CENTRE, ROLE_CENTRE, 0),
		      power = rig_rights(OTHER, ROLE_SECRETARIAT, RIG_PWR);
	struct keeper_case c;
	struct seen s;
	struct rig g;
	char id[33];
	size_t i;

	(void)state;
	rig_open(&g, "");
	memset(centre.person, 9, sizeof centre.person);
	c = case_of(&g);
	for (i = 0; i < ID_LEN; i++)
		(void)snprintf(id + 2 * i, 3, "%02x", c.case_id[i]);
	/* The holder of the secret is nobody's business, and who is refused saw nothing.
	 */
	assert_int_equal(ask(&g, &c, NULL, KM_CASE), P_OK);
	assert_int_equal(ask(&g, &c, NULL, KM_MESSAGES), P_OK);
	assert_int_equal(ask(&g, &c, NULL, KM_MESSAGE), P_OK);
	assert_int_equal(ask(&g, &c, &power, KM_CASE), P_NOT_FOUND);
	assert_int_equal(ask(&g, &c, &power, KM_CLOSE), P_NOT_FOUND);
	assert_int_equal(ask(&g, &c, &power, KM_MESSAGE), P_NOT_FOUND);
	assert_int_equal(ask(&g, &c, &power, KM_DESK), P_FORBIDDEN);
	assert_int_equal(ask(&g, &c, &centre, KM_SLIP), P_NOT_FOUND);
	assert_int_equal(rows(&g).n, 0);
	for (i = 0; i < sizeof table / sizeof table[0]; i++) {
		assert_int_equal(ask(&g, &c, &centre, table[i].type), P_OK);
		s = rows(&g);
		assert_int_equal(s.n, i + 1);
		assert_string_equal(s.last.action, table[i].action);
		assert_string_equal(s.last.ref, table[i].ref == 0 ? ""
						: table[i].ref == 1
						    ? id
						    : "00000000000000000000000000000007");
		assert_int_equal(s.last.minute, rig_now / 60000);
		assert_int_equal(s.last.person[0], 9);
		assert_int_equal(s.last.receiver[0], CENTRE);
	}
	rig_close(&g);
}

/* A list of names is one row: how many, and of which bulletin when that is said.  What
 * cannot be is refused, and leaves none. */
static void
test_names_of_a_list(void **state)
{
	static const struct {
		const char *ref, *json;
		enum problem want;
		const char *detail;
	} table[] = {
		{ "", "{\"asked\":100,\"told\":98}", P_OK, "100 asked, 98 told" },
		{ "", "{\"asked\":1,\"told\":0}", P_OK, "1 asked, 0 told" },
		{ "number", "{\"asked\":7,\"told\":7}", P_OK, "7 asked, 7 told" },
		{ "2026-ZZZZZ", "{\"asked\":7,\"told\":7}", P_NOT_FOUND, NULL },
		{ "", "{\"asked\":101,\"told\":7}", P_BAD_REQUEST, NULL },
		{ "", "{\"asked\":7,\"told\":8}", P_BAD_REQUEST, NULL },
		{ "", "{\"asked\":7,\"told\":-1}", P_BAD_REQUEST, NULL },
		{ "", "{}", P_BAD_REQUEST, NULL },
	};
	struct rights med = rig_desk_of(RIG_MED, 7), pwr = rig_desk_of(RIG_PWR, 8);
	struct keeper_put m = rig_put_default();
	char number[AUDIT_REF_MAX + 1];
	const char *ref;
	unsigned n = 0;
	struct rig g;
	size_t i;

	(void)state;
	rig_open(&g, "");
	assert_int_equal(rig_put(&g, &m, 3, "ceptoar", NULL), P_OK);
	(void)rig_said(&g, "bulletin.number", number, sizeof number);
	assert_int_not_equal(number[0], '\0');
	for (i = 0; i < sizeof table / sizeof table[0]; i++) {
		ref = strcmp(table[i].ref, "number") == 0 ? number : table[i].ref;
		assert_int_equal(
		    rig_verb(&g, &med, DV_NAMES, ref, table[i].json), table[i].want);
		n += table[i].want == P_OK;
		assert_int_equal(rows(&g).n, n);
		if (table[i].want != P_OK)
			continue;
		assert_string_equal(rows(&g).last.action, "names.look");
		assert_string_equal(rows(&g).last.ref, ref);
		assert_string_equal(rows(&g).last.detail, table[i].detail);
		assert_int_equal(rows(&g).last.person[0], 7);
	}
	/* Of a bulletin that the desk may not read there is no list of its. */
	assert_int_equal(rig_verb(&g, &pwr, DV_NAMES, number, "{\"asked\":7,\"told\":7}"),
	    P_NOT_FOUND);
	assert_int_equal(rows(&g).n, n);
	rig_close(&g);
}

/* The first row is signed, the 257th, one after a day, and the last at the end. */
static void
test_signed(void **state)
{
	struct rights centre = rig_rights(CENTRE, ROLE_CENTRE, 0);
	int64_t began = rig_now;
	struct keeper_case c;
	struct rig g;
	int i;

	(void)state;
	rig_open(&g, "");
	c = case_of(&g);
	for (i = 1; i <= 1 + AUDIT_POINT_ROWS; i++) {
		assert_int_equal(ask(&g, &c, &centre, KM_INBOX), P_OK);
		assert_int_equal(point(&g).number, i <= AUDIT_POINT_ROWS ? 1 : i);
	}
	rig_now += DAY_MS - 60000;
	assert_int_equal(ask(&g, &c, &centre, KM_INBOX), P_OK);
	assert_int_equal(point(&g).number, i - 1);
	rig_now += 60000;
	assert_int_equal(ask(&g, &c, &centre, KM_INBOX), P_OK);
	assert_int_equal(point(&g).number, i + 1);
	assert_int_equal(ask(&g, &c, &centre, KM_INBOX), P_OK);
	keeper_drain(&g.k);
	assert_int_equal(point(&g).number, i + 2);
	assert_memory_equal(point(&g).sum, rows(&g).last.sum, 32);
	rig_now = began;
	rig_close(&g);
}

/* An id is an id: what a caller puts into a path does not get into the log as text. */
static void
test_ref_is_an_id(void **state)
{
	static const char *const table[] = { "a b", "x/y", "\"", "名", "a\n" };
	struct rights centre = rig_rights(CENTRE, ROLE_CENTRE, 0);
	struct rig g;
	size_t i;

	(void)state;
	rig_open(&g, "");
	for (i = 0; i < sizeof table / sizeof table[0]; i++) {
		assert_int_equal(store_begin(g.k.store), 0);
		assert_int_equal(
		    audit_add(&g.k, &centre, "x", slice_of(table[i]), NULL), 0);
		assert_int_equal(store_commit(g.k.store), 0);
		assert_string_equal(rows(&g).last.ref, "");
	}
	rig_close(&g);
}

static unsigned
listed(struct rig *g, const struct rights *rights, const char *query)
{
	struct keeper_desk m;
	struct buf b;
	unsigned n;
	json_t *j;

	memset(&m, 0, sizeof m);
	m.verb = DV_AUDIT_LIST;
	m.rights = *rights;
	m.query = slice_of(query);
	buf_init(&b, KEEPER_FRAME_MAX);
	keeper_desk_put(&b, &m);
	assert_int_equal(rig_call(g, &g->peer[0], KM_DESK, &b), P_OK);
	buf_done(&b);
	j = rig_json(&g->peer[0]);
	n = (unsigned)json_array_size(rig_at(j, "rows"));
	json_decref(j);
	return n;
}

/* Page after page, while each look adds a row: every row once, the newest first. */
static void
test_pages(void **state)
{
	struct rights centre = rig_rights(1, ROLE_CENTRE, 0);
	char query[64] = "limit=3";
	unsigned seen = 0, n, i;
	const json_t *next;
	struct keeper_case c;
	struct rig g;
	json_t *j;

	(void)state;
	rig_open(&g, "");
	c = case_of(&g);
	for (i = 0; i < 8; i++)
		assert_int_equal(ask(&g, &c, &centre, KM_INBOX), P_OK);
	do {
		n = listed(&g, &centre, query);
		seen += n;
		j = rig_json(&g.peer[0]);
		next = rig_at(j, "next");
		if (json_is_string(next))
			(void)snprintf(query, sizeof query, "limit=3&cursor=%s",
			    json_string_value(next));
		else
			n = 0;
		json_decref(j);
	} while (n == 3);
	assert_int_equal(seen, 8);
	rig_close(&g);
}

/* A desk sees its own rows and those of others at the same desk, and nobody else's. */
static void
test_who_sees_it(void **state)
{
	struct rights first = rig_rights(1, ROLE_SECRETARIAT, RIG_MED),
		      second = rig_rights(2, ROLE_SECRETARIAT, RIG_MED),
		      wider = rig_rights(3, ROLE_SECRETARIAT, RIG_MED),
		      power = rig_rights(4, ROLE_SECRETARIAT, RIG_PWR),
		      centre = rig_rights(5, ROLE_CENTRE, 0);
	struct vault_dir_row v[4];
	struct keeper_case c;
	struct rig g;

	(void)state;
	rig_open(&g, "");
	c = case_of(&g);
	slots_set(&wider.sec, RIG_BANK);
	memset(v, 0, sizeof v);
	v[0].rights = first;
	v[1].rights = second;
	v[2].rights = wider;
	v[3].rights = power;
	rig_directory(&g, v, 4);
	assert_int_equal(ask(&g, &c, &first, KM_INBOX), P_OK);
	assert_int_equal(ask(&g, &c, &second, KM_INBOX), P_OK);
	assert_int_equal(ask(&g, &c, &second, KM_CASE), P_OK);
	assert_int_equal(ask(&g, &c, &wider, KM_INBOX), P_OK);
	assert_int_equal(ask(&g, &c, &centre, KM_INBOX), P_OK);
	/* To look at it is a row itself. */
	assert_int_equal(listed(&g, &power, ""), 0);
	assert_int_equal(listed(&g, &power, ""), 1);
	assert_int_equal(listed(&g, &centre, ""), 1);
	assert_int_equal(listed(&g, &first, ""), 3);
	assert_int_equal(listed(&g, &second, ""), 4);
	assert_int_equal(listed(&g, &second, "limit=2"), 2);
	assert_int_equal(listed(&g, &wider, ""), 7);
	rig_close(&g);
}

/* A call that is open to members too: who sits at no desk is not written down. */
static void
test_members_are_not(void **state)
{
	static const struct {
		unsigned roles;
		unsigned rows;
	} table[] = {
		{ ROLE_OPERATOR, 0 },
		{ ROLE_AFFILIATE, 0 },
		{ ROLE_AGENCY, 0 },
		{ ROLE_OBSERVER, 0 },
		{ ROLE_MINISTRY, 1 },
		{ ROLE_CENTRE, 1 },
		{ ROLE_SECRETARIAT, 1 },
		{ ROLE_OPERATOR | ROLE_SECRETARIAT, 1 },
	};
	struct rights rights;
	unsigned before = 0;
	struct rig g;
	size_t i;

	(void)state;
	rig_open(&g, "");
	for (i = 0; i < sizeof table / sizeof table[0]; i++) {
		rights = rig_rights(CENTRE, table[i].roles, RIG_MED);
		assert_int_equal(store_begin(g.k.store), 0);
		assert_int_equal(
		    audit_add(&g.k, &rights, "deliveries", slice_of("x"), NULL), 0);
		assert_int_equal(store_commit(g.k.store), 0);
		assert_int_equal(rows(&g).n, before + table[i].rows);
		before = rows(&g).n;
	}
	rig_close(&g);
}

/* The disk is full at the n-th step of SQLite from now on: who looks is answered when the
 * row that says so is written, and else refused; none is kept for later. */
static void
test_full_anywhere(void **state)
{
	struct rights centre = rig_rights(CENTRE, ROLE_CENTRE, 0);
	unsigned n, fine = 0, refused = 0;
	struct keeper_case c;
	enum problem p;
	struct rig g;
	int i;

	(void)state;
	rig_open(&g, "");
	c = case_of(&g);
	for (n = 1; n < 40; n++) {
		for (i = 0; i < 2; i++) {
			(void)db_fail_at(n, SQLITE_FULL);
			p = ask(&g, &c, &centre,
			    i	    ? KM_MESSAGE
			    : n % 2 ? KM_INBOX
				    : KM_CASE);
			(void)db_fail_at(0, 0);
			if (p != P_OK && p != P_STORAGE_FULL)
				fail_msg("step %u, call %d: %d", n, i, (int)p);
			fine += p == P_OK;
			refused += p == P_STORAGE_FULL;
			assert_int_equal(rows(&g).n, fine);
		}
	}
	assert_in_range(refused, 6, 76);
	assert_in_range(fine, 2, 72);
	/* Damage was found, nothing is written any more: then nobody of a desk looks. */
	g.k.write_stop = 1;
	assert_int_equal(ask(&g, &c, &centre, KM_INBOX), P_UNAVAILABLE);
	assert_int_equal(ask(&g, &c, NULL, KM_CASE), P_OK);
	assert_int_equal(rows(&g).n, fine);
	g.k.write_stop = 0;
	rig_close(&g);
}

static int
has_ballast(const struct rig *g, char path[128])
{
	(void)snprintf(path, 128, "%s/keeper.db.ballast", g->dir);
	return access(path, F_OK) == 0;
}

/* Room that was kept for it: desks look, critical reports come in, the rest waits. */
static void
test_ballast(void **state)
{
	struct rights centre = rig_rights(CENTRE, ROLE_CENTRE, 0);
	struct keeper_put m = rig_put_default();
	struct keeper_case c;
	unsigned n, looks = 0, spent = 0;
	char path[128];
	struct stat st;
	struct rig g;

	(void)state;
	rig_open(&g, "");
	c = case_of(&g);
	ballast_free(g.k.ballast);
	g.k.ballast = ballast_new(g.k.loop, g.k.opt.db, 1);
	assert_true(has_ballast(&g, path));
	assert_int_equal(stat(path, &st), 0);
	assert_true(st.st_blocks * 512 >= 1024 * 1024);
	for (n = 1; n < 12; n++) {
		(void)db_fail_at(n, SQLITE_FULL);
		assert_int_equal(ask(&g, &c, &centre, n % 2 ? KM_INBOX : KM_CASE), P_OK);
		(void)db_fail_at(0, 0);
		assert_int_equal(rows(&g).n, ++looks);
		assert_int_equal(has_ballast(&g, path), !ballast_is_spent(g.k.ballast));
		if (!ballast_is_spent(g.k.ballast))
			continue;
		spent++;
		assert_int_equal(ask(&g, &c, &centre, KM_MESSAGE), P_STORAGE_FULL);
		assert_int_equal(rig_put(&g, &m, 2, "ceptoar", NULL), P_STORAGE_FULL);
		assert_int_equal(rig_put(&g, &m, 3, "ceptoar", NULL), P_OK);
		assert_int_equal(ask(&g, &c, NULL, KM_CASE), P_OK);
		assert_int_equal(ask(&g, &c, &centre, KM_TRENDS), P_OK);
		assert_int_equal(rows(&g).n, ++looks);
		ballast_refill(g.k.ballast); /* this disk has room in truth */
		assert_true(has_ballast(&g, path) && !ballast_is_spent(g.k.ballast));
		assert_int_equal(rig_put(&g, &m, 2, "ceptoar", NULL), P_OK);
	}
	assert_in_range(spent, 3, 11);
	/* Full again although it is given up: then nobody looks. */
	assert_int_equal(ballast_spend(g.k.ballast), 1);
	assert_int_equal(ballast_spend(g.k.ballast), 0);
	(void)db_fail_at(1, SQLITE_FULL);
	assert_int_equal(ask(&g, &c, &centre, KM_INBOX), P_STORAGE_FULL);
	(void)db_fail_at(0, 0);
	assert_int_equal(rows(&g).n, looks);
	rig_close(&g);
}

/* What no person's hand did, and what a desk is told of it. */
static void
test_without_a_person(void **state)
{
	struct rights one = rig_rights(7, ROLE_SECRETARIAT, RIG_MED),
		      wider = rig_rights(6, ROLE_SECRETARIAT, RIG_MED);
	static const uint8_t nobody[RECEIVER_LEN];
	struct vault_dir_row v[2];
	uint8_t desk[RECEIVER_LEN];
	struct seen s;
	struct rig g;

	(void)state;
	rig_open(&g, "");
	slots_set(&wider.sec, RIG_BANK);
	memset(v, 0, sizeof v);
	v[0].rights = wider;
	v[1].rights = one;
	rig_directory(&g, v, 2);
	assert_int_equal(directory_desk(g.k.dir, RIG_MED, desk), 0);
	assert_memory_equal(desk, one.receiver, RECEIVER_LEN);
	assert_int_equal(directory_desk(g.k.dir, RIG_BANK, desk), 0);
	assert_memory_equal(desk, wider.receiver, RECEIVER_LEN);
	assert_int_equal(directory_desk(g.k.dir, RIG_PWR, desk), ERR_NOTFOUND);
	assert_int_equal(store_begin(g.k.store), 0);
	assert_int_equal(
	    audit_add_own(&g.k, NULL, "export.acks", slice_of(""), "administrator"), 0);
	assert_int_equal(
	    audit_add_own(&g.k, one.receiver, "relay.order", slice_of("x"), "order"), 0);
	assert_int_equal(store_commit(g.k.store), 0);
	s = rows(&g);
	assert_int_equal(s.n, 2);
	assert_memory_equal(s.last.person, nobody, RECEIVER_LEN);
	assert_memory_equal(s.last.receiver, one.receiver, RECEIVER_LEN);
	assert_int_equal(listed(&g, &one, ""), 1);
	rig_close(&g);
}

/* Every verb that has an action leaves its row, whatever else the call shows; one that
 * goes by a secret has none. */
static void
test_a_secret_hides_nothing(void **state)
{
	struct rights sato = rig_desk_of(RIG_MED, 1);
	struct rig_ask a = { .rights = &sato, .has_secret = 1 };
	static const uint8_t verbs[] = { DV_DRAFT_GET, DV_DRAFT_AUDIENCE, DV_DRAFT_LIST,
		DV_TRIAGE_LIST, DV_AUDIT_LIST, DV_DRAFT_DELETE };
	struct rig g;
	char id[33];
	size_t i;

	(void)state;
	rig_open(&g, "");
	rig_draft(&g, &sato, "{\"severity\":2,\"title\":\"x\"}", id);
	for (i = 0; i < sizeof verbs; i++) {
		a.verb = verbs[i];
		a.ref = id;
		assert_int_equal(rig_ask(&g, &a), P_OK);
		assert_int_equal(rows(&g).n, i + 2);
		assert_int_equal(rows(&g).last.person[0], 1);
	}
	for (i = 0; i < desk_verb_count; i++)
		if (desk_verbs[i].fn != NULL && desk_verbs[i].roles == 0)
			assert_null(desk_verbs[i].action);
	rig_close(&g);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_row_for_each_call),
		cmocka_unit_test(test_names_of_a_list),
		cmocka_unit_test(test_signed),
		cmocka_unit_test(test_full_anywhere),
		cmocka_unit_test(test_ballast),
		cmocka_unit_test(test_without_a_person),
		cmocka_unit_test(test_ref_is_an_id),
		cmocka_unit_test(test_who_sees_it),
		cmocka_unit_test(test_pages),
		cmocka_unit_test(test_members_are_not),
		cmocka_unit_test(test_a_secret_hides_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
