/* SPDX-License-Identifier: Apache-2.0 */
/* Drills and contact tests: who may, what they show, and that it stays. */
#include "tests/role/desk_rig.h"

#include "daemon/keeper/acks.h"
#include "daemon/keeper/contact_test.h"
#include "daemon/keeper/expire.h"
#include "daemon/keeper/outbox.h"
#include "daemon/keeper/shelf.h"
#include "daemon/keeper/store_drill.h"
#include "proto/msg_courier.h"
#include "proto/report_time.h"

enum { MINUTE = 60000, FEW = 10, DESK = 60, MINISTRY = 40 };

/* Ten operators of one CEPTOAR with its desk and ministry, five of another. */
static void
members(struct rig *g)
{
	struct vault_dir_row rows[FEW + 8];
	unsigned i, n = 0;

	memset(rows, 0, sizeof rows);
	for (i = 0; i < FEW; i++)
		rows[n++].rights = rig_rights(128 + i, ROLE_OPERATOR, RIG_MED);
	for (i = 0; i < 5; i++)
		rows[n++].rights = rig_rights(160 + i, ROLE_OPERATOR, RIG_BANK);
	/* It also runs the other one's desk. */
	rows[0].rights.roles |= ROLE_SECRETARIAT;
	slots_set(&rows[0].rights.sec, RIG_BANK);
	rows[n++].rights = rig_desk_of(RIG_MED, 1);
	rows[n].rights = rig_rights(MINISTRY, ROLE_MINISTRY, 0);
	slots_set(&rows[n++].rights.aff, RIG_MED);
	for (i = 0; i < n; i++)
		subscription_default(&rows[i].wants);
	rows[0].routes = ROUTE_SMS | ROUTE_MAIL;
	rows[1].routes = ROUTE_MAIL;
	rig_directory(g, rows, n);
}

static void
open_hub(struct rig *g)
{
	memset(g, 0, sizeof *g);
	rig_open_as(g, "", 1, "/tmp");
	members(g);
}

/* {"kind":..,"title":..,"deadline": in so many minutes, what `more` says}. */
static const char *
plan(const char *kind, int minutes, const char *more)
{
	static char room[1024];
	char until[REPORT_TIME_LEN];

	report_time_write(rig_now + (int64_t)minutes * MINUTE, until);
	(void)snprintf(room, sizeof room,
	    "{\"kind\":\"%s\",\"title\":\"通報訓練\",\"deadline\":\"%s\"%s}", kind, until,
	    more);
	return room;
}

static void
begin(struct rig *g, const struct rights *r, const char *json, char id[33])
{
	enum problem p = rig_verb(g, r, DV_DRILL_NEW, NULL, json);

	if (p != P_OK) {
		struct keeper_reply k = rig_reply(&g->peer[0]);

		fail_msg("%s %.*s %.*s", problem_code(p), (int)k.pointer.n, k.pointer.p,
		    (int)k.detail.n, k.detail.p);
	}
	(void)rig_said(g, "id", id, 33);
	assert_int_equal(strlen(id), 32);
}

static json_t *
shown(struct rig *g, const struct rights *r, const char *id)
{
	assert_int_equal(rig_verb(g, r, DV_DRILL_GET, id, NULL), P_OK);
	return rig_json(&g->peer[0]);
}

static long long
at(const json_t *j, const char *path)
{
	return json_integer_value(rig_at(j, path));
}

static int
record_one(struct keeper *k, void *arg)
{
	return acks_record(k, arg);
}

static void
acknowledge(struct rig *g, const char *bulletin, unsigned who, unsigned evidence,
    unsigned status, int64_t after)
{
	struct ack_record a = { .revision = 1, .note = { "", 0 } };

	assert_int_equal(hex_decode(slice_of(bulletin), a.bulletin, ID_LEN), ID_LEN);
	memset(a.receiver, (int)who, sizeof a.receiver);
	a.evidence = (uint8_t)evidence;
	a.status = (uint8_t)status;
	a.minute = rig_now / MINUTE + after;
	assert_int_equal(batch_transact(g->k.batch, record_one, &a), 0);
}

static void
text_at(const json_t *j, const char *path, const char *want)
{
	assert_string_equal(rig_text(j, path), want);
}

/* One that the desk has begun, and whoever has acknowledged it: of ten operators four,
 * after 2, 4, 6 and 8 minutes, and the ministry. */
static void
drilled(struct rig *g, char id[33], struct store_bulletin *ret)
{
	struct rights desk = rig_desk_of(RIG_MED, 1);
	uint8_t raw[ID_LEN];
	char bulletin[33];
	json_t *j;
	unsigned i;

	open_hub(g);
	begin(g, &desk, plan("down", 60, ""), id);
	j = rig_json(&g->peer[0]);
	text_at(j, "state", "running");
	text_at(j, "status", "exercise");
	assert_memory_equal(rig_text(j, "bulletin.number"), "EX-", 3);
	(void)snprintf(bulletin, sizeof bulletin, "%s", rig_text(j, "bulletin.id"));
	json_decref(j);
	for (i = 0; i < 4; i++)
		acknowledge(g, bulletin, 128 + i,
		    i == 3 ? EVIDENCE_LINK : EVIDENCE_CLIENT,
		    i == 0 ? ACK_READ : ACK_RECEIVED, 2 * (i + 1));
	acknowledge(g, bulletin, MINISTRY, EVIDENCE_CLIENT, ACK_RECEIVED, 30);
	assert_int_equal(hex_decode(slice_of(bulletin), raw, ID_LEN), ID_LEN);
	assert_int_equal(store_bulletin_get(g->k.store, raw, ret), 0);
	assert_true((ret->head.flags & FRAME_EXERCISE) != 0);
}

static void
test_down_by_stages(void **state)
{
	static const struct {
		const char *path;
		int want;
	} figures[] = { { "0.entitled", 1 }, { "0.percent", 100 },
		{ "0.minutes.max", 30 }, { "1.entitled", 1 }, { "1.percent", 0 },
		{ "2.entitled", FEW }, { "2.acknowledged", 4 }, { "2.opened", 1 },
		{ "2.percent", 40 }, { "2.by.client", 3 }, { "2.by.link", 1 },
		{ "2.minutes.p50", 4 }, { "2.minutes.p90", 8 }, { "2.minutes.max", 8 },
		{ "2.unreached.no_contact", 6 } };
	struct rights desk = rig_desk_of(RIG_MED, 1), centre = rig_desk_of(SLOT_NONE, 2),
		      bank = rig_desk_of(RIG_BANK, 3);
	struct store_bulletin b;
	char id[33], path[64];
	struct rig g;
	json_t *j;
	size_t i;

	(void)state;
	drilled(&g, id, &b);
	j = shown(&g, &desk, id);
	assert_int_equal(json_array_size(json_object_get(j, "rows")), 1);
	text_at(j, "rows.0.ceptoar", "medical-ceptoar");
	text_at(j, "rows.0.stages.0.stage", "ministry");
	for (i = 0; i < sizeof figures / sizeof figures[0]; i++) {
		(void)snprintf(path, sizeof path, "rows.0.stages.%s", figures[i].path);
		if (at(j, path) != figures[i].want)
			fail_msg("%s: %lld", path, at(j, path));
	}
	assert_true(json_is_null(rig_at(j, "rows.0.stages.1.minutes")));
	/* The desk may name its own: six operators, itself. */
	assert_int_equal(json_array_size(json_object_get(j, "unreached")), 7);
	assert_true(json_is_null(json_object_get(j, "before")));
	json_decref(j);
	j = shown(&g, &centre, id);
	assert_int_equal(json_array_size(json_object_get(j, "rows")), 2);
	assert_true(json_is_null(rig_at(j, "rows.1.ceptoar")));
	/* The centre is told of offices alone. */
	assert_int_equal(json_array_size(json_object_get(j, "unreached")), 1);
	json_decref(j);
	assert_int_equal(rig_verb(&g, &bank, DV_DRILL_GET, id, NULL), P_NOT_FOUND);
	rig_close(&g);
}

/* It answers for all CEPTOARs: it is measured in the one that is drilled. */
static void
test_a_ministry_of_all(void **state)
{
	struct rights desk = rig_desk_of(RIG_MED, 1);
	struct vault_dir_row rows[2];
	char id[33], bulletin[64];
	struct rig g;
	json_t *j;

	(void)state;
	open_hub(&g);
	memset(rows, 0, sizeof rows);
	rows[0].rights = rig_rights(128, ROLE_OPERATOR, RIG_MED);
	rows[1].rights = rig_rights(MINISTRY, ROLE_MINISTRY, SLOT_NONE);
	subscription_default(&rows[0].wants);
	subscription_default(&rows[1].wants);
	rig_directory(&g, rows, 2);
	begin(&g, &desk, plan("down", 60, ""), id);
	acknowledge(&g, rig_said(&g, "bulletin.id", bulletin, sizeof bulletin), MINISTRY,
	    EVIDENCE_CLIENT, ACK_RECEIVED, 3);
	j = shown(&g, &desk, id);
	assert_int_equal(json_array_size(json_object_get(j, "rows")), 1);
	assert_int_equal(at(j, "rows.0.stages.0.entitled"), 1);
	assert_int_equal(at(j, "rows.0.stages.0.percent"), 100);
	assert_int_equal(at(j, "rows.0.stages.2.entitled"), 1);
	json_decref(j);
	rig_close(&g);
}

static void
test_down_ends_and_stays(void **state)
{
	struct rights desk = rig_desk_of(RIG_MED, 1), centre = rig_desk_of(SLOT_NONE, 2),
		      bank = rig_desk_of(RIG_BANK, 3);
	struct store_bulletin b, gone;
	char id[33], again[33];
	struct frame_head h;
	struct rig g;
	json_t *j;

	(void)state;
	drilled(&g, id, &b);
	/* Another text would lose what was acknowledged of this one. */
	assert_int_equal(rig_verb(&g, &desk, DV_BULLETIN_UPDATE, b.number,
			     "{\"content\":{\"severity\":4,\"title\":\"x\",\"exercise\":"
			     "true}}"),
	    P_CONFLICT);
	/* Its ways are what is tried, as long as it runs. */
	assert_true(outbox_pages(&g.k, &b.head));
	assert_int_equal(expire_due(&g.k, rig_now / MINUTE + 59, 10), 0);
	rig_now += 60 * MINUTE;
	assert_true(expire_due(&g.k, rig_now / MINUTE, 10) > 0);
	assert_false(outbox_pages(&g.k, &b.head));
	json_decref(rig_log(&g, 0, &h, NULL));
	assert_int_equal(h.kind, FRAME_CANCEL);
	assert_memory_equal(h.id, b.id, ID_LEN);
	/* What it has shown outlives its bulletin. */
	rig_now += g.k.opt.report_ms + 60 * MINUTE;
	begin(&g, &desk, plan("down", 60, ""), again);
	while (expire_prune(&g.k, rig_now / MINUTE, 10) > 0)
		;
	assert_int_equal(store_bulletin_get(g.k.store, b.id, &gone), ERR_NOTFOUND);
	rig_restart(&g);
	members(&g);
	j = shown(&g, &desk, id);
	text_at(j, "state", "ended");
	assert_int_equal(at(j, "rows.0.stages.2.percent"), 40);
	assert_int_equal(json_array_size(json_object_get(j, "unreached")), 0);
	json_decref(j);
	/* The next one of the same kind is compared with it. */
	j = shown(&g, &desk, again);
	text_at(j, "before.id", id);
	assert_int_equal(at(j, "before.rows.0.stages.2.percent"), 40);
	json_decref(j);
	assert_int_equal(rig_verb(&g, &bank, DV_DRILL_END, again, "{}"), P_NOT_FOUND);
	assert_int_equal(rig_verb(&g, &centre, DV_DRILL_END, again, "{}"), P_FORBIDDEN);
	assert_int_equal(rig_verb(&g, &desk, DV_DRILL_END, again, "{}"), P_OK);
	assert_int_equal(rig_verb(&g, &desk, DV_DRILL_END, again, "{}"), P_CONFLICT);
	rig_close(&g);
}

/* A report of an exercise, or a real one, from this CEPTOAR. */
static void
report(struct rig *g, unsigned slot, const char *more)
{
	struct keeper_put m = rig_put_default();

	m.slot = (uint8_t)slot;
	assert_int_equal(rig_put(g, &m, 1, "none", more), P_OK);
}

static void
test_up_counts_and_withholds(void **state)
{
	struct rights desk = rig_desk_of(RIG_MED, 1), centre = rig_desk_of(SLOT_NONE, 2);
	static const char mark[] = "{\"exercise\":true}";
	unsigned k, i;
	char id[33];
	struct rig g;
	json_t *j;

	(void)state;
	open_hub(&g);
	k = (unsigned)g.k.policy.rules.k_beyond;
	report(&g, RIG_MED, mark); /* before it has begun */
	begin(&g, &centre, plan("up", 60, ""), id);
	/* Another one there would tell by the difference what neither tells. */
	assert_int_equal(
	    rig_verb(&g, &desk, DV_DRILL_NEW, NULL, plan("up", 30, "")), P_CONFLICT);
	for (i = 0; i < k; i++)
		report(&g, RIG_MED, mark);
	report(&g, RIG_MED, NULL); /* a real one */
	for (i = 0; i + 1 < k; i++)
		report(&g, RIG_BANK, mark);
	j = shown(&g, &centre, id);
	for (i = 0; i < 3; i++) /* a figure that moves tells reports apart */
		assert_true(json_is_null(json_object_get(
		    json_array_get(json_object_get(j, "rows"), i), "reports")));
	json_decref(j);
	assert_int_equal(rig_verb(&g, &centre, DV_DRILL_END, id, "{}"), P_OK);
	j = shown(&g, &centre, id);
	text_at(j, "rows.0.ceptoar", "bank-ceptoar");
	/* Below k, and so that it cannot be computed from the sum. */
	assert_memory_equal(rig_text(j, "rows.0.reports"), "<", 1);
	assert_true(json_is_string(rig_at(j, "rows.1.reports")) ||
		    json_is_string(rig_at(j, "rows.2.reports")));
	json_decref(j);
	/* Nothing that is below k is left anywhere. */
	{
		uint32_t n[SLOTS];
		uint8_t raw[ID_LEN];

		assert_int_equal(hex_decode(slice_of(id), raw, ID_LEN), ID_LEN);
		assert_int_equal(store_drill_reports(g.k.store, raw, n), 0);
		assert_int_equal(n[RIG_MED] + n[RIG_BANK], 0);
	}
	/* One that has enough alone. */
	begin(&g, &desk, plan("up", 60, ""), id);
	for (i = 0; i < k; i++)
		report(&g, RIG_MED, mark);
	report(&g, RIG_BANK, mark); /* it was not asked */
	report(&g, RIG_MED, NULL);  /* a real one */
	assert_int_equal(rig_verb(&g, &desk, DV_DRILL_END, id, "{}"), P_OK);
	j = shown(&g, &desk, id);
	assert_int_equal(at(j, "rows.0.reports"), k);
	json_decref(j);
	rig_close(&g);
}

static void
test_plans(void **state)
{
	static const struct {
		const char *kind;
		int minutes;
		const char *more;
		enum problem want;
		const char *pointer;
	} cases[] = {
		{ "sideways", 60, "", P_INVALID_FIELD, "/kind" },
		{ "down", 0, "", P_INVALID_FIELD, "/deadline" },
		{ "down", 32 * 24 * 60, "", P_INVALID_FIELD, "/deadline" },
		{ "down", 60, ",\"start\":\"2090-01-01T00:00:00+09:00\"", P_INVALID_FIELD,
		    "/start" },
		{ "down", 60, ",\"cases\":[]", P_UNKNOWN_FIELD, "/cases" },
		{ "down", 60, ",\"exercise\":false", P_UNKNOWN_FIELD, "/exercise" },
		{ "down", 60, ",\"audience\":{\"all\":true}", P_FORBIDDEN, "/audience" },
		{ "down", 60, ",\"audience\":{\"ceptoars\":[\"bank-ceptoar\"]}",
		    P_FORBIDDEN, "/audience" },
		{ "down", 60, ",\"tlp\":\"TLP:RED\"", P_CONFLICT, "/audience/receivers" },
	};
	struct rights desk = rig_desk_of(RIG_MED, 1), op;
	struct store_info before, after;
	struct keeper_reply r;
	struct rig g;
	size_t i;

	(void)state;
	op = rig_rights(128, ROLE_OPERATOR, RIG_MED);
	open_hub(&g);
	store_info(g.k.store, &before);
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		enum problem p = rig_verb(&g, &desk, DV_DRILL_NEW, NULL,
		    plan(cases[i].kind, cases[i].minutes, cases[i].more));

		r = rig_reply(&g.peer[0]);
		if (p != cases[i].want || !slice_eq(r.pointer, cases[i].pointer))
			fail_msg("case %zu: %s %.*s", i, problem_code(p),
			    (int)r.pointer.n, r.pointer.p);
	}
	assert_int_equal(
	    rig_verb(&g, &op, DV_DRILL_NEW, NULL, plan("down", 60, "")), P_FORBIDDEN);
	store_info(g.k.store, &after);
	assert_int_equal(before.head, after.head); /* nothing has left */
	rig_close(&g);
}

static void
test_one_for_later_begins_with_the_clock(void **state)
{
	struct rights desk = rig_desk_of(RIG_MED, 1), centre = rig_desk_of(SLOT_NONE, 2);
	char id[33], start[128], text[REPORT_TIME_LEN];
	struct rig g;
	json_t *j;

	(void)state;
	open_hub(&g);
	report_time_write(rig_now + 5 * MINUTE, text);
	(void)snprintf(start, sizeof start, ",\"start\":\"%s\"", text);
	begin(&g, &desk, plan("down", 60, start), id);
	j = shown(&g, &desk, id);
	text_at(j, "state", "planned");
	assert_int_equal(json_array_size(json_object_get(j, "rows")), 0);
	json_decref(j);
	assert_int_equal(expire_due(&g.k, rig_now / MINUTE + 4, 10), 0);
	rig_now += 5 * MINUTE;
	assert_int_equal(expire_due(&g.k, rig_now / MINUTE, 10), 1);
	j = shown(&g, &desk, id);
	text_at(j, "state", "running");
	json_decref(j);
	/* The desk's own CEPTOAR and its ministry; another person looks at that. */
	assert_int_equal(rig_verb(&g, &centre, DV_SECOND_LIST, NULL, NULL), P_OK);
	assert_int_equal(rig_number(&g, "second.0.draft.revision"), 1);
	assert_int_equal(rig_verb(&g, &centre, DV_DRILL_LIST, NULL, NULL), P_OK);
	j = rig_json(&g.peer[0]);
	text_at(j, "drills.0.id", id);
	json_decref(j);
	rig_close(&g);
}

/* By which ways this member is tried, whatever it has subscribed to. */
static void
tried(struct rig *g, const struct frame_head *h, const struct rights *r, unsigned want)
{
	struct vault_dir_row row;
	enum frame_view view;
	unsigned way;

	memset(&row, 0, sizeof row);
	row.rights = *r;
	row.routes = ROUTE_MAIL | ROUTE_WEBHOOK | ROUTE_SMS | ROUTE_VOICE;
	row.wants.min_severity = row.wants.cross_severity = LEVEL_NEVER;
	for (way = BY_MAIL; way < BY_END; way++)
		assert_int_equal(
		    outbox_decide(h, &row, way, outbox_pages(&g->k, h), &view), want);
}

static void
test_contact_test(void **state)
{
	struct rights desk = rig_desk_of(RIG_MED, 1), centre = rig_desk_of(SLOT_NONE, 2),
		      own = rig_rights(128, ROLE_OPERATOR, RIG_MED),
		      bank = rig_rights(160, ROLE_OPERATOR, RIG_BANK);
	struct subscription wants;
	struct store_bulletin b;
	struct frame_head h;
	struct rig g;
	char id[33], number[16];
	json_t *j;
	unsigned n;

	(void)state;
	open_hub(&g);
	assert_int_equal(rig_verb(&g, &desk, DV_CONTACT_TEST, NULL, NULL), P_OK);
	(void)rig_said(&g, "id", id, sizeof id);
	(void)rig_said(&g, "bulletin.number", number, sizeof number);
	assert_memory_equal(number, "EX-", 3);
	j = rig_log(&g, 0, &h, NULL);
	assert_int_equal(h.kind, FRAME_CONTACT);
	text_at(j, "status", "exercise");
	text_at(j, "title.ja", "【訓練】連絡先の確認");
	json_decref(j);
	/* Every way; and on no stream and no shelf. */
	tried(&g, &h, &own, DELIVERY_QUEUED);
	tried(&g, &h, &bank, 0);
	subscription_default(&wants);
	assert_int_equal(frame_view(&h, &own, &wants, NULL), VIEW_NONE);
	assert_int_equal(frame_may_read(&h, &own, 1), VIEW_NONE);
	assert_int_equal(rig_verb(&g, &desk, DV_DELIVERIES, number, NULL), P_NOT_FOUND);
	assert_int_equal(shelf_find(&g.k, slice_of(number), &b), ERR_NOTFOUND);

	assert_int_equal(rig_verb(&g, &desk, DV_CONTACT_GET, id, NULL), P_OK);
	j = rig_json(&g.peer[0]);
	assert_int_equal(json_array_size(json_object_get(j, "deliveries")), FEW + 1);
	text_at(j, "routes.0.route", "mail");
	json_decref(j);
	assert_int_equal(rig_verb(&g, &own, DV_CONTACT_GET, id, NULL), P_OK);
	j = rig_json(&g.peer[0]);
	assert_int_equal(json_array_size(json_object_get(j, "deliveries")), 1);
	assert_null(json_object_get(j, "routes"));
	json_decref(j);
	assert_int_equal(rig_verb(&g, &bank, DV_CONTACT_GET, id, NULL), P_NOT_FOUND);
	assert_int_equal(rig_verb(&g, &desk, DV_DRILL_GET, id, NULL), P_NOT_FOUND);
	for (n = 1; n < CONTACT_TESTS_HOURLY; n++)
		assert_int_equal(rig_verb(&g, &desk, DV_CONTACT_TEST, NULL, NULL), P_OK);
	assert_int_equal(rig_verb(&g, &desk, DV_CONTACT_TEST, NULL, NULL), P_CONFLICT);
	assert_int_equal(rig_verb(&g, &own, DV_CONTACT_TEST, NULL, NULL), P_FORBIDDEN);
	assert_int_equal(
	    rig_verb(&g, &centre, DV_CONTACT_TEST, NULL, "{\"x\":1}"), P_UNKNOWN_FIELD);
	assert_int_equal(rig_verb(&g, &centre, DV_CONTACT_TEST, NULL, "{}"), P_OK);
	json_decref(rig_log(&g, 0, &h, NULL));
	assert_true(frame_tests(&h, &bank));
	/* It ends in silence. */
	rig_now += 8LL * 24 * 60 * MINUTE;
	assert_int_equal(
	    expire_due(&g.k, rig_now / MINUTE, 10), CONTACT_TESTS_HOURLY + 1);
	json_decref(rig_log(&g, 0, &h, NULL));
	assert_int_equal(h.kind, FRAME_CONTACT);
	rig_close(&g);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_down_by_stages),
		cmocka_unit_test(test_a_ministry_of_all),
		cmocka_unit_test(test_down_ends_and_stays),
		cmocka_unit_test(test_up_counts_and_withholds),
		cmocka_unit_test(test_plans),
		cmocka_unit_test(test_one_for_later_begins_with_the_clock),
		cmocka_unit_test(test_contact_test),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
