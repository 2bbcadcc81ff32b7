/* SPDX-License-Identifier: Apache-2.0 */
/* The case channel: follow-ups, state, withdrawal, and what they do to the bulletin. */
#include "daemon/keeper/expire.h"
#include "daemon/keeper/store_case.h"
#include "tests/role/desk_rig.h"

/* SHA-256 of the empty string, as commitment and as the hash of the presented secret. */
static const char with_case[] =
    "{\"case_commitment\":\"47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU\"}";
static const uint8_t secret_hash[32] = { 0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14,
	0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24, 0x27, 0xae, 0x41, 0xe4, 0x64,
	0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55 };

/* A first report; *m is then set for follow-ups of its case. */
static void
first(struct rig *g, struct keeper_put *m, int level, const char *publish)
{
	json_t *j;

	*m = rig_put_default();
	assert_int_equal(rig_put(g, m, level, publish, with_case), P_OK);
	j = rig_json(&g->peer[0]);
	m->has_case = 1;
	memcpy(m->secret_hash, secret_hash, sizeof secret_hash);
	assert_int_equal(
	    hex_decode(slice_of(rig_text(j, "case")), m->case_id, ID_LEN), ID_LEN);
	json_decref(j);
}

static void
assert_state(struct rig *g, const struct keeper_put *m, const char *state, int reports,
    int revision)
{
	json_t *j;

	assert_int_equal(rig_case_call(g, KM_CASE, m), P_OK);
	j = rig_json(&g->peer[0]);
	assert_string_equal(rig_text(j, "state"), state);
	assert_int_equal(json_integer_value(rig_at(j, "reports")), reports);
	assert_int_equal(json_integer_value(rig_at(j, "bulletin.revision")), revision);
	assert_true(rig_text(j, "read_by.at")[0] != '\0');
	json_decref(j);
}

static void
test_only_the_secret_opens_a_case(void **state)
{
	struct keeper_put m, wrong, unknown;
	struct keeper_reply r;
	char body[2][256];
	struct rig g;

	(void)state;
	rig_open(&g, "");
	first(&g, &m, 3, "ceptoar");
	assert_state(&g, &m, "released", 1, 1);
	wrong = m;
	wrong.secret_hash[31] ^= 1;
	unknown = m;
	unknown.case_id[0] ^= 1;
	assert_int_equal(rig_case_call(&g, KM_CASE, &wrong), P_NOT_FOUND);
	r = rig_reply(&g.peer[0]);
	(void)snprintf(body[0], sizeof body[0], "%.*s|%.*s", (int)r.detail.n, r.detail.p,
	    (int)r.body.n, r.body.p);
	assert_int_equal(rig_case_call(&g, KM_CASE, &unknown), P_NOT_FOUND);
	r = rig_reply(&g.peer[0]);
	(void)snprintf(body[1], sizeof body[1], "%.*s|%.*s", (int)r.detail.n, r.detail.p,
	    (int)r.body.n, r.body.p);
	assert_string_equal(body[0], body[1]);
	assert_int_equal(rig_case_call(&g, KM_WITHDRAW, &wrong), P_NOT_FOUND);
	assert_int_equal(rig_put(&g, &wrong, 3, "ceptoar", NULL), P_NOT_FOUND);
	assert_int_equal(rig_put(&g, &unknown, 3, "ceptoar", NULL), P_NOT_FOUND);
	assert_state(&g, &m, "released", 1, 1);
	rig_close(&g);
}

static void
test_case_without_commitment_stays_shut(void **state)
{
	static const uint8_t zero[32];
	struct keeper_put m = rig_put_default();
	struct store_item item;
	struct store_report r;
	struct slots desks;
	struct rig g;
	size_t n;

	(void)state;
	rig_open(&g, "");
	assert_int_equal(rig_put(&g, &m, 3, "ceptoar", NULL), P_OK);
	memset(&desks, 0, sizeof desks);
	slots_set(&desks, RIG_MED);
	assert_int_equal(store_inbox_list(g.k.store, &desks, 0, &item, 1, &n), 0);
	assert_int_equal(store_report_get(g.k.store, item.report, &r, NULL), 0);
	memcpy(m.case_id, r.case_id, ID_LEN);
	memcpy(m.secret_hash, zero,
	    sizeof zero); /* what an empty column might compare with */
	assert_int_equal(rig_case_call(&g, KM_CASE, &m), P_NOT_FOUND);
	rig_close(&g);
}

static void
test_corrections(void **state)
{
	struct frame_head h[3], c;
	struct slice body, stub;
	struct rig_peer *p;
	struct keeper_put m;
	struct rig g;
	uint32_t i;

	(void)state;
	rig_open(&g, "");
	first(&g, &m, 4, "cross_sector");
	assert_int_equal(
	    rig_put(&g, &m, 2, "cross_sector", "{\"title\":\"続報\"}"), P_OK);
	assert_int_equal(rig_put(&g, &m, 3, "ceptoar", "{\"title\":\"狭める\"}"), P_OK);
	assert_state(&g, &m, "released", 3, 3);
	assert_int_equal(rig_case_call(&g, KM_WITHDRAW, &m), P_OK);
	assert_int_equal(rig_case_call(&g, KM_WITHDRAW, &m), P_OK); /* the same end */
	assert_state(&g, &m, "withdrawn", 3, 4);
	assert_int_equal(rig_put(&g, &m, 3, "ceptoar", NULL), P_CONFLICT);

	/* bell, bulletin, bell, update, bell, update, cancel */
	p = rig_tail(&g, 1);
	assert_int_equal(p->row_count, 7);
	for (i = 0; i < 3; i++)
		assert_int_equal(rig_row(p, 1 + 2 * i, &h[i], &body, &stub), 1);
	assert_int_equal(h[0].kind, FRAME_BULLETIN);
	assert_int_equal(
	    h[0].flags & (FRAME_CROSS | FRAME_CENTRE), FRAME_CROSS | FRAME_CENTRE);
	/* Lowered: nobody is lost, the reach remembers the alarm. */
	assert_int_equal(h[1].kind, FRAME_UPDATE);
	assert_int_equal(h[1].severity, 2);
	assert_int_equal(h[1].reach_severity, 4);
	assert_true((h[1].flags & FRAME_CROSS) != 0 && slots_has(&h[1].slots, RIG_MED));
	/* Narrowed: the cross-sector readers stay in the reach and get the stub. */
	assert_int_equal(h[2].flags & FRAME_CROSS, 0);
	assert_true((h[2].reach_flags & FRAME_CROSS) != 0);
	assert_null(memmem(stub.p, stub.n, "狭める", strlen("狭める")));
	assert_non_null(memmem(body.p, body.n, "狭める", strlen("狭める")));
	assert_int_equal(rig_row(p, 6, &c, &body, &stub), 1);
	assert_int_equal(c.kind, FRAME_CANCEL);
	assert_int_equal(c.revision, 4);
	assert_memory_equal(c.id, h[0].id, ID_LEN);
	assert_true((c.reach_flags & FRAME_CROSS) != 0 && c.reach_severity == 4);
	assert_non_null(memmem(body.p, body.n, "withdrawn", 9));
	rig_close(&g);
}

/* Whoever wants OT alone got what showed no system; that it was IT after all, and its
 * end, is for the same readers. */
static void
test_corrections_reach_who_chose_by_system(void **state)
{
	struct rights own = rig_rights(1, ROLE_OPERATOR, RIG_MED);
	struct slice body, stub;
	struct subscription ot, all;
	struct keeper_put m;
	struct frame_head h;
	struct rig_peer *p;
	unsigned i, n = 0;
	struct rig g;

	(void)state;
	subscription_default(&all);
	subscription_default(&ot);
	ot.ot_only = 1;
	rig_open(&g, "");
	first(&g, &m, 3, "ceptoar");
	assert_int_equal(rig_put(&g, &m, 3, "ceptoar", "{\"systems\":[\"it\"]}"), P_OK);
	assert_int_equal(rig_put(&g, &m, 3, "ceptoar", "{\"systems\":[\"it\"]}"), P_OK);
	assert_int_equal(rig_case_call(&g, KM_WITHDRAW, &m), P_OK);
	p = rig_tail(&g, 1);
	for (i = 0; rig_row(p, i, &h, &body, &stub); i++) {
		if (h.kind == FRAME_INBOX)
			continue;
		assert_int_equal((h.flags & FRAME_IT) != 0, h.kind != FRAME_BULLETIN);
		assert_int_equal(frame_view(&h, &own, &all, NULL), VIEW_BODY);
		assert_int_equal(frame_view(&h, &own, &ot, NULL), VIEW_BODY);
		n++;
	}
	assert_int_equal(n, 4);
	rig_close(&g);
}

static void
test_consent_withdrawn_leaves_only_stubs(void **state)
{
	static const char *const more[] = { "{\"title\":\"秘密\"}",
		"{\"title\":\"秘密\",\"tlp\":\"TLP:RED\"}" };
	struct slice body, stub;
	struct rig_peer *p;
	struct frame_head h;
	struct keeper_put m;
	struct rights own;
	struct rig g;
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		rig_open(&g, "");
		first(&g, &m, 3, "ceptoar");
		assert_int_equal(
		    rig_put(&g, &m, 4, i == 0 ? "none" : "cross_sector", more[i]), P_OK);
		p = rig_tail(&g, 4);
		assert_int_equal(rig_row(p, 0, &h, &body, &stub), 1);
		own = rig_rights(1, ROLE_OPERATOR, RIG_MED);
		assert_int_equal(h.kind, FRAME_UPDATE);
		assert_int_equal(frame_may_read(&h, &own, 0), VIEW_STUB);
		/* The new text does not even lie in the log. */
		assert_null(memmem(p->rows.p, p->rows.n, "秘密", strlen("秘密")));
		rig_close(&g);
	}
}

static void
test_follow_up_may_be_the_first_release(void **state)
{
	struct keeper_put m;
	struct rig g;

	(void)state;
	rig_open(&g, "");
	first(&g, &m, 1, "ceptoar");
	assert_state(&g, &m, "received", 1, 0);
	m.auto_ok = 0; /* the member's automatic releases are used up */
	assert_int_equal(rig_put(&g, &m, 3, "ceptoar", NULL), P_OK);
	assert_state(&g, &m, "received", 2, 0);
	m.auto_ok = 1;
	assert_int_equal(rig_put(&g, &m, 3, "ceptoar", NULL), P_OK);
	assert_state(&g, &m, "released", 3, 1);
	m.auto_ok =
	    0; /* a correction is no new release: it goes out, and widens nothing */
	assert_int_equal(rig_put(&g, &m, 4, "cross_sector", NULL), P_OK);
	assert_state(&g, &m, "released", 4, 2);
	{
		struct slice body, stub;
		struct frame_head h;
		struct rig_peer *p = rig_tail(&g, 6);

		assert_int_equal(rig_row(p, 0, &h, &body, &stub), 1);
		assert_int_equal(h.kind, FRAME_UPDATE);
		assert_int_equal(h.flags & FRAME_CROSS, 0);
	}
	rig_close(&g);
}

static void
test_exercise_and_ceptoar_of_a_case_are_kept(void **state)
{
	struct keeper_put m;
	struct rig g;

	(void)state;
	rig_open(&g, "");
	first(&g, &m, 3, "ceptoar");
	assert_int_equal(
	    rig_put(&g, &m, 3, "ceptoar", "{\"exercise\":true}"), P_CONFLICT);
	m.slot = RIG_PWR;
	assert_int_equal(rig_put(&g, &m, 3, "ceptoar", NULL), P_CONFLICT);
	m.slot = RIG_MED;
	assert_state(&g, &m, "released", 1, 1);
	rig_close(&g);
}

/* The bulletin of a case has ended, and is forgotten before a word that came later. */
static void
test_outlives_its_bulletin(void **state)
{
	const int64_t day = 24 * 60;
	const int64_t now = rig_now, start = now / 60000;
	struct keeper_list q = { .limit = 50 };
	struct keeper_put m;
	struct rig g;
	struct buf b;
	json_t *j;

	(void)state;
	rig_open(&g, "");
	first(&g, &m, 3, "ceptoar");
	assert_int_equal(expire_due(&g.k, start + 3 * day, 10), 1);
	rig_now += 100 * day * 60000;
	assert_int_equal(rig_put(&g, &m, 1, "ceptoar", NULL), P_OK);
	assert_true(expire_prune(&g.k, start + 1826 * day + 5000, 100) > 0);
	assert_state(&g, &m, "released", 1, 0);
	q.rights = rig_rights(7, ROLE_SECRETARIAT, RIG_MED);
	buf_init(&b, 512);
	keeper_list_put(&b, &q);
	assert_int_equal(rig_call(&g, &g.peer[0], KM_INBOX, &b), P_OK);
	buf_done(&b);
	j = rig_json(&g.peer[0]);
	assert_int_equal(json_array_size(rig_at(j, "items")), 1);
	json_decref(j);
	rig_now = now;
	rig_close(&g);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_only_the_secret_opens_a_case),
		cmocka_unit_test(test_case_without_commitment_stays_shut),
		cmocka_unit_test(test_corrections),
		cmocka_unit_test(test_corrections_reach_who_chose_by_system),
		cmocka_unit_test(test_consent_withdrawn_leaves_only_stubs),
		cmocka_unit_test(test_follow_up_may_be_the_first_release),
		cmocka_unit_test(test_exercise_and_ceptoar_of_a_case_are_kept),
		cmocka_unit_test(test_outlives_its_bulletin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
