/* SPDX-License-Identifier: Apache-2.0 */
/* Normal and large-scale: who switches, what it changes, and how it ends. */
#include "tests/role/courier_rig.h"
#include "tests/role/desk_rig.h"

#include "daemon/keeper/expire.h"
#include "daemon/keeper/store_audit.h"

enum { HOUR = 60 };

static const char large[] = "{\"mode\":\"large-scale\",\"reason\":\"広域停電\"}";
static const char normal[] = "{\"mode\":\"normal\",\"reason\":\"収束\"}";
static const char asks[] =
    "{\"severity\":1,\"title\":\"件名\",\"ack\":{\"required\":true}}";

static int64_t
now_minute(void)
{
	return rig_now / 60000;
}

static void
assert_newest(struct rig *g, unsigned kind, const char *path, const char *want)
{
	struct frame_head h;
	json_t *j = rig_log(g, 0, &h, NULL);

	assert_int_equal(h.kind, kind);
	assert_string_equal(rig_text(j, path), want);
	json_decref(j);
}

static void
test_a_person_of_the_centre_switches(void **state)
{
	static const struct {
		const char *body, *pointer;
		enum problem want;
	} rows[] = {
		{ "{\"mode\":\"large-scale\"}", "/reason", P_MISSING_FIELD },
		{ "{\"reason\":\"x\"}", "/mode", P_MISSING_FIELD },
		{ "{\"mode\":\"war\",\"reason\":\"x\"}", "/mode", P_INVALID_FIELD },
		{ "{\"mode\":\"normal\",\"reason\":\"x\"}", "/mode", P_CONFLICT },
	};
	struct rights centre = rig_desk_of(SLOT_NONE, 4), sato = rig_desk_of(RIG_MED, 1);
	struct rights member = rig_rights(9, ROLE_OPERATOR, RIG_MED), machine = centre;
	struct frame_head h;
	struct keeper_reply r;
	char text[64];
	struct rig g;
	json_t *j;
	size_t i;

	(void)state;
	rig_open(&g, "");
	machine.duties = DUTY_REPORTER;
	assert_int_equal(rig_verb(&g, &sato, DV_MODE_SWITCH, NULL, large), P_FORBIDDEN);
	assert_int_equal(
	    rig_verb(&g, &machine, DV_MODE_SWITCH, NULL, large), P_FORBIDDEN);
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		assert_int_equal(
		    rig_verb(&g, &centre, DV_MODE_SWITCH, NULL, rows[i].body),
		    rows[i].want);
		r = rig_reply(&g.peer[0]);
		assert_int_equal(r.pointer.n, strlen(rows[i].pointer));
		assert_memory_equal(r.pointer.p, rows[i].pointer, r.pointer.n);
	}
	assert_int_equal(rig_head(&g), 0);
	assert_int_equal(rig_verb(&g, &centre, DV_MODE_SWITCH, NULL, large), P_OK);
	j = rig_log(&g, 0, &h, NULL);
	assert_int_equal(h.kind, FRAME_MODE);
	assert_int_equal(rig_sees(&h, ROLE_OBSERVER, 0), VIEW_BODY);
	assert_string_equal(rig_text(j, "mode"), "large-scale");
	assert_string_equal(rig_text(j, "reason.ja"), "広域停電");
	assert_null(rig_at(j, "person"));
	json_decref(j);
	/* A restart keeps it, and a front hears of it first of all. */
	rig_restart(&g);
	assert_int_equal(rig_verb(&g, &member, DV_MODE_SHOW, NULL, NULL), P_OK);
	assert_string_equal(rig_said(&g, "mode", text, sizeof text), "large-scale");
	assert_string_equal(rig_said(&g, "person", text, sizeof text), "");
	assert_int_equal(rig_verb(&g, &centre, DV_MODE_SHOW, NULL, NULL), P_OK);
	assert_string_equal(rig_said(&g, "person", text, sizeof text),
	    "04040404040404040404040404040404");
	assert_int_equal(rig_verb(&g, &centre, DV_MODE_SWITCH, NULL, normal), P_OK);
	assert_newest(&g, FRAME_MODE, "mode", "normal");
	rig_close(&g);
}

static void
released(struct rig *g, const struct rights *r, const char *json, const char *deadline,
    const char *mode)
{
	struct frame_head h;
	char id[33];
	json_t *j;

	rig_draft(g, r, json, id);
	assert_int_equal(rig_verb(g, r, DV_DRAFT_RELEASE, id, "{}"), P_OK);
	j = rig_log(g, 0, &h, NULL);
	assert_string_equal(rig_text(j, "ack.deadline"), deadline);
	assert_string_equal(rig_text(j, "mode"), mode);
	json_decref(j);
}

static void
test_deadlines_are_shorter_and_bulletins_say_so(void **state)
{
	struct rights centre = rig_desk_of(SLOT_NONE, 4), sato = rig_desk_of(RIG_MED, 1);
	static const char own[] =
	    "{\"severity\":2,\"title\":\"件名\",\"ack\":{\"required\":true},"
	    "\"audience\":{\"ceptoars\":[\"medical-ceptoar\"]}}";
	struct rig g;

	(void)state;
	rig_open(&g, "[mode]\nack_deadline = 8h\nack_percent = 25");
	released(&g, &sato, own, "2026-11-08T18:06:00+09:00", "normal");
	assert_int_equal(rig_verb(&g, &centre, DV_MODE_SWITCH, NULL, large), P_OK);
	released(&g, &sato, own, "2026-11-08T12:06:00+09:00", "large-scale");
	rig_close(&g);
}

/* How long whoever is always there has, in minutes, for what goes out by itself. */
static long long
followed_up(struct rig *g, int level)
{
	static const struct with_routes duty = { 4, ROLE_CENTRE, SLOT_NONE, ROUTE_MAIL };
	struct keeper_put m = rig_put_default();

	members(g, &duty, 1);
	assert_int_equal(rig_put(g, &m, level, "ceptoar", NULL), P_OK);
	return number(g, "SELECT min(deadline) FROM escalation_steps") - now_minute();
}

static void
test_silence_is_followed_up_sooner(void **state)
{
	static const char own[] =
	    "{\"severity\":4,\"title\":\"件名\",\"ack\":{\"required\":true},"
	    "\"audience\":{\"ceptoars\":[\"medical-ceptoar\"]}}";
	struct rights centre = rig_desk_of(SLOT_NONE, 4), sato = rig_desk_of(RIG_MED, 1);
	struct rig g;

	(void)state;
	rig_open(&g, "[escalation]\nlevel4 = 40m");
	assert_int_equal(followed_up(&g, 4), 40);
	rig_close(&g);
	rig_open(&g, "[escalation]\nlevel4 = 40m");
	assert_int_equal(rig_verb(&g, &centre, DV_MODE_SWITCH, NULL, large), P_OK);
	assert_int_equal(followed_up(&g, 4), 20);
	rig_close(&g);
	/* Who asks and does not say until when says what is followed up. */
	rig_open(&g, "[escalation]\nlevel4 = 40m\n[mode]\nescalation_percent = 10");
	released(&g, &sato, own, "2026-11-08T10:46:00+09:00", "normal");
	assert_int_equal(rig_verb(&g, &centre, DV_MODE_SWITCH, NULL, large), P_OK);
	released(&g, &sato, own, "2026-11-08T10:10:00+09:00", "large-scale");
	rig_close(&g);
}

/* What a draft that names nobody reaches: "ceptoar" or "all". */
static void
assert_audience(struct rig *g, const struct rights *r, const char *json, int wide)
{
	char id[33];

	rig_draft(g, r, json, id);
	assert_int_equal(
	    rig_verb(g, r, DV_DRAFT_RELEASE, id, "{}"), wide ? P_SECOND_PERSON : P_OK);
}

static void
test_default_audiences_are_wider_within_consent(void **state)
{
	static const struct {
		const char *publish;
		int level, wide;
	} rows[] = { { "cross_sector", 1, 1 }, { "ceptoar", 1, 0 },
		{ "cross_sector", 0, 0 } };
	struct rights centre = rig_desk_of(SLOT_NONE, 4), sato = rig_desk_of(RIG_MED, 1);
	char json[256], id[33];
	struct keeper_put m;
	struct rig g;
	size_t i;

	(void)state;
	rig_open(&g, "[mode]\nwide_level = 1");
	assert_audience(&g, &sato, asks, 0);
	assert_int_equal(rig_verb(&g, &centre, DV_MODE_SWITCH, NULL, large), P_OK);
	assert_audience(&g, &sato, asks, 1);
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		m = rig_put_default();
		assert_int_equal(rig_put(&g, &m, 1, rows[i].publish, NULL), P_OK);
		rig_case_id(&g, RIG_MED, id);
		(void)snprintf(json, sizeof json,
		    "{\"severity\":%d,\"title\":\"件名\",\"cases\":[\"%s\"]}",
		    rows[i].level, id);
		assert_audience(&g, &sato, json, rows[i].wide);
	}
	/* What is sent without anybody's hand is as before. */
	m = rig_put_default();
	assert_int_equal(rig_put(&g, &m, 2, "cross_sector", NULL), P_OK);
	assert_newest(&g, FRAME_INBOX, "ceptoar", "medical-ceptoar");
	rig_close(&g);
}

/* Rows that no person stands behind. */
static int
lapses(void *arg, const struct audit_row *r)
{
	static const uint8_t nobody[RECEIVER_LEN];
	unsigned *n = arg;

	if (strcmp(r->action, "mode.lapse") != 0)
		return 0;
	assert_memory_equal(r->person, nobody, RECEIVER_LEN);
	assert_string_equal(r->detail, "normal");
	(*n)++;
	return 0;
}

static void
test_it_is_renewed_or_ends_aloud(void **state)
{
	struct rights centre = rig_desk_of(SLOT_NONE, 4);
	struct frame_head h;
	int64_t t = now_minute();
	struct rig g;
	unsigned n = 0;
	json_t *j;

	(void)state;
	rig_open(&g, "");
	assert_int_equal(rig_verb(&g, &centre, DV_MODE_SWITCH, NULL, large), P_OK);
	assert_int_equal(expire_due(&g.k, t + 24 * HOUR - 1, 10), 0);
	assert_int_equal(expire_due(&g.k, t + 24 * HOUR, 10), 1);
	assert_int_equal(expire_due(&g.k, t + 48 * HOUR - 1, 10), 0);
	j = rig_log(&g, 0, &h, NULL);
	assert_int_equal(h.kind, FRAME_INBOX);
	assert_true(json_is_true(rig_at(j, "mode")));
	assert_int_equal(rig_sees(&h, ROLE_CENTRE, 0), VIEW_BODY);
	assert_int_equal(rig_sees(&h, ROLE_SECRETARIAT, RIG_MED), VIEW_NONE);
	json_decref(j);
	rig_now += 30 * HOUR * 60000LL;
	assert_int_equal(rig_verb(&g, &centre, DV_MODE_SWITCH, NULL, large), P_OK);
	rig_now -= 30 * HOUR * 60000LL;
	assert_int_equal(expire_due(&g.k, t + 54 * HOUR - 1, 10), 0);
	assert_int_equal(expire_due(&g.k, t + 54 * HOUR, 10), 1);
	rig_restart(&g);
	assert_int_equal(expire_due(&g.k, t + 78 * HOUR - 1, 10), 0);
	assert_int_equal(expire_due(&g.k, t + 78 * HOUR, 10), 1);
	assert_newest(&g, FRAME_MODE, "mode", "normal");
	assert_newest(
	    &g, FRAME_MODE, "reason.en", "Nobody has renewed large-scale mode.");
	assert_int_equal(expire_due(&g.k, t + 200 * HOUR, 10), 0);
	assert_int_equal(store_audit_each(g.k.store, 1, 1000000, lapses, &n), 0);
	assert_int_equal(n, 1);
	rig_close(&g);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_person_of_the_centre_switches),
		cmocka_unit_test(test_deadlines_are_shorter_and_bulletins_say_so),
		cmocka_unit_test(test_silence_is_followed_up_sooner),
		cmocka_unit_test(test_default_audiences_are_wider_within_consent),
		cmocka_unit_test(test_it_is_renewed_or_ends_aloud),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
