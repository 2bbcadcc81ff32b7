/* SPDX-License-Identifier: Apache-2.0 */
/* A planned drill: what goes out at its time is what was looked at, or its desk hears. */
#include "tests/role/desk_rig.h"

#include "daemon/keeper/expire.h"
#include "daemon/keeper/store_draft.h"
#include "proto/report_time.h"

enum { MINUTE = 60000, AHEAD = 5 };

static const char everybody[] =
    "{\"revision\":1,\"draft\":{\"exercise\":true,\"severity\":4,\"title\":\"全員へ\","
    "\"audience\":{\"all\":true}}}";

static void
members(struct rig *g)
{
	struct vault_dir_row rows[3 * RIG_MEMBERS];
	static const unsigned slots[] = { RIG_MED, RIG_PWR, RIG_BANK };
	unsigned i;

	memset(rows, 0, sizeof rows);
	for (i = 0; i < 3 * RIG_MEMBERS; i++) {
		rows[i].rights = rig_rights(128 + i, ROLE_OPERATOR, slots[i % 3]);
		subscription_default(&rows[i].wants);
	}
	rig_directory(g, rows, 3 * RIG_MEMBERS);
}

/* Five minutes ahead, of this desk: its id and its draft's. */
static void
planned(struct rig *g, const struct rights *desk, char id[33], char draft[33])
{
	char start[REPORT_TIME_LEN], until[REPORT_TIME_LEN], json[512];

	rig_open(g, "");
	members(g);
	report_time_write(rig_now + (int64_t)AHEAD * MINUTE, start);
	report_time_write(rig_now + (int64_t)60 * MINUTE, until);
	(void)snprintf(json, sizeof json,
	    "{\"kind\":\"down\",\"title\":\"訓練\",\"start\":\"%s\",\"deadline\":\"%s\"}",
	    start, until);
	assert_int_equal(rig_verb(g, desk, DV_DRILL_NEW, NULL, json), P_OK);
	(void)rig_said(g, "id", id, 33);
	(void)rig_said(g, "draft", draft, 33);
	assert_int_equal(strlen(draft), 32);
}

static void
state_is(struct rig *g, const struct rights *desk, const char *id, const char *want)
{
	char room[32];

	assert_int_equal(rig_verb(g, desk, DV_DRILL_GET, id, NULL), P_OK);
	assert_string_equal(rig_said(g, "state", room, sizeof room), want);
}

/* It never began: nobody looks at it, and when its draft is gone the desk still sees what
 * else waits for a second person. */
static void
test_an_ended_plan_leaves_nothing(void **state)
{
	struct rights sato = rig_desk_of(RIG_MED, 1), ito = rig_desk_of(RIG_MED, 2);
	char id[33], draft[33], room[64];
	struct rig g;

	(void)state;
	planned(&g, &sato, id, draft);
	assert_int_equal(rig_verb(&g, &ito, DV_SECOND_LIST, NULL, NULL), P_OK);
	assert_string_equal(rig_said(&g, "second.0.draft.id", room, sizeof room), draft);
	assert_int_equal(rig_verb(&g, &sato, DV_DRILL_END, id, "{}"), P_OK);
	assert_int_equal(rig_verb(&g, &sato, DV_DRAFT_DELETE, draft, NULL), P_OK);
	rig_draft(&g, &sato,
	    "{\"severity\":3,\"title\":\"x\",\"audience\":{\"all\":true}}", id);
	assert_int_equal(
	    rig_verb(&g, &sato, DV_DRAFT_RELEASE, id, "{}"), P_SECOND_PERSON);
	assert_int_equal(rig_verb(&g, &ito, DV_SECOND_LIST, NULL, NULL), P_OK);
	assert_string_equal(rig_said(&g, "second.0.draft.id", room, sizeof room), id);
	assert_string_equal(rig_said(&g, "second.1.id", room, sizeof room), "");
	assert_int_equal(expire_due(&g.k, rig_now / MINUTE + 25 * 60, 10), 0);
	rig_close(&g);
}

/* Planned for everybody, it is looked at before: who says no stops it. */
static void
test_a_no_stops_it(void **state)
{
	struct rights sato = rig_desk_of(SLOT_NONE, 5),
		      centre = rig_desk_of(SLOT_NONE, 4);
	char start[REPORT_TIME_LEN], until[REPORT_TIME_LEN], json[512], id[33], asked[33];
	struct store_info before, after;
	struct rig g;

	(void)state;
	rig_open(&g, "");
	members(&g);
	report_time_write(rig_now + (int64_t)AHEAD * MINUTE, start);
	report_time_write(rig_now + (int64_t)60 * MINUTE, until);
	(void)snprintf(json, sizeof json,
	    "{\"kind\":\"down\",\"title\":\"訓練\",\"start\":\"%s\",\"deadline\":\"%s\","
	    "\"audience\":{\"all\":true}}",
	    start, until);
	assert_int_equal(rig_verb(&g, &sato, DV_DRILL_NEW, NULL, json), P_OK);
	(void)rig_said(&g, "id", id, sizeof id);
	assert_int_equal(rig_verb(&g, &centre, DV_SECOND_LIST, NULL, NULL), P_OK);
	(void)rig_said(&g, "second.0.id", asked, sizeof asked);
	assert_int_equal(rig_verb(&g, &centre, DV_SECOND_GIVE, asked,
			     "{\"agree\":false,\"reason\":\"本日は不可\"}"),
	    P_OK);
	state_is(&g, &sato, id, "ended");
	store_info(g.k.store, &before);
	rig_now += (int64_t)(AHEAD + 1) * MINUTE;
	assert_true(expire_due(&g.k, rig_now / 60000, 64) >= 0);
	store_info(g.k.store, &after);
	assert_int_equal(after.head, before.head);
	rig_close(&g);
}

static void
test_its_draft_is_nobodys_to_change(void **state)
{
	struct rights desk = rig_desk_of(RIG_MED, 1);
	char id[33], draft[33], own[33], json[128];
	struct rig_ask file = { .rights = &desk,
		.verb = DV_ATTACH_PUT,
		.sub = "a.pdf",
		.data = { "%PDF-1.4\n%%EOF\n", 15 } };
	struct frame_head h;
	struct rig g;
	json_t *j;

	(void)state;
	planned(&g, &desk, id, draft);
	assert_int_equal(rig_verb(&g, &desk, DV_DRAFT_PUT, draft, everybody), P_CONFLICT);
	assert_int_equal(rig_verb(&g, &desk, DV_DRAFT_RELEASE, draft, "{}"), P_CONFLICT);
	assert_int_equal(rig_verb(&g, &desk, DV_DRAFT_DELETE, draft, NULL), P_CONFLICT);
	file.ref = draft;
	assert_int_equal(rig_ask(&g, &file), P_CONFLICT);
	/* Nor as the next revision of another text. */
	rig_draft(&g, &desk,
	    "{\"severity\":1,\"title\":\"x\",\"audience\":{\"ceptoars\":"
	    "[\"medical-ceptoar\"]}}",
	    own);
	assert_int_equal(rig_verb(&g, &desk, DV_DRAFT_RELEASE, own, "{}"), P_OK);
	(void)rig_said(&g, "bulletin.id", own, sizeof own);
	(void)snprintf(json, sizeof json, "{\"draft\":\"%s\"}", draft);
	assert_int_equal(rig_verb(&g, &desk, DV_BULLETIN_UPDATE, own, json), P_CONFLICT);
	/* So what begins is what was planned. */
	rig_now += (int64_t)AHEAD * MINUTE;
	assert_int_equal(expire_due(&g.k, rig_now / MINUTE, 10), 1);
	state_is(&g, &desk, id, "running");
	j = rig_log(&g, 0, &h, NULL);
	assert_int_equal(h.flags & FRAME_ALL, 0);
	assert_string_equal(rig_text(j, "title.ja"), "【訓練】訓練");
	json_decref(j);
	rig_now -= (int64_t)AHEAD * MINUTE;
	rig_close(&g);
	/* When the drill is given up the draft is the desk's again. */
	planned(&g, &desk, id, draft);
	assert_int_equal(rig_verb(&g, &desk, DV_DRILL_END, id, "{}"), P_OK);
	file.ref = draft;
	assert_int_equal(rig_ask(&g, &file), P_OK);
	assert_int_equal(rig_verb(&g, &desk, DV_DRAFT_PUT, draft, everybody), P_OK);
	assert_int_equal(rig_verb(&g, &desk, DV_DRAFT_DELETE, draft, NULL), P_OK);
	rig_close(&g);
}

/* Its draft was changed all the same, or is gone. */
static void
spoil(struct rig *g, const char *draft, int gone)
{
	struct store *s = g->k.store;
	struct store_draft_revision r;
	struct store_draft d;
	uint8_t id[ID_LEN];
	struct buf text;

	assert_int_equal(hex_decode(slice_of(draft), id, ID_LEN), ID_LEN);
	buf_init(&text, 65536);
	assert_int_equal(store_begin(s), 0);
	assert_int_equal(store_draft_get(s, id, &d), 0);
	assert_int_equal(store_draft_revision_get(s, id, d.revision, &r, &text), 0);
	r.revision = ++d.revision;
	if (gone) {
		assert_int_equal(store_draft_del(s, id), 0);
	} else {
		assert_int_equal(store_draft_put(s, &d), 0);
		assert_int_equal(
		    store_draft_revision_add(s, id, &r, buf_slice(&text)), 0);
	}
	assert_int_equal(store_commit(s), 0);
	buf_done(&text);
}

static void
test_one_that_cannot_begin_rings_its_desk(void **state)
{
	struct rights desk = rig_desk_of(RIG_MED, 1), duty = rig_desk_of(SLOT_NONE, 2);
	const struct rights *who[] = { &desk, &duty };
	char id[33], draft[33];
	struct frame_head h;
	struct rig g;
	uint64_t head;
	unsigned i;
	json_t *j;

	(void)state;
	for (i = 0; i < 4; i++) {
		planned(&g, who[i / 2], id, draft);
		spoil(&g, draft, i % 2 == 0);
		rig_now += (int64_t)AHEAD * MINUTE;
		assert_int_equal(expire_due(&g.k, rig_now / MINUTE, 10), 1);
		state_is(&g, who[i / 2], id, "ended");
		j = rig_log(&g, 0, &h, NULL);
		assert_int_equal(h.kind, FRAME_INBOX);
		assert_true(json_is_true(rig_at(j, "drill")));
		assert_string_equal(rig_text(j, "status"), "exercise");
		json_decref(j);
		assert_int_equal(rig_sees(&h, ROLE_SECRETARIAT, RIG_MED),
		    i / 2 == 0 ? VIEW_BODY : VIEW_NONE);
		assert_int_equal(rig_sees(&h, ROLE_CENTRE, SLOT_NONE),
		    i / 2 == 0 ? VIEW_NONE : VIEW_BODY);
		assert_int_equal(rig_sees(&h, ROLE_SECRETARIAT, RIG_BANK), VIEW_NONE);
		rig_now -= (int64_t)AHEAD * MINUTE;
		rig_close(&g);
	}
	/* By hand nobody has to be told. */
	planned(&g, &desk, id, draft);
	head = rig_head(&g);
	assert_int_equal(rig_verb(&g, &desk, DV_DRILL_END, id, "{}"), P_OK);
	assert_int_equal(rig_head(&g), head);
	rig_close(&g);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_its_draft_is_nobodys_to_change),
		cmocka_unit_test(test_a_no_stops_it),
		cmocka_unit_test(test_an_ended_plan_leaves_nothing),
		cmocka_unit_test(test_one_that_cannot_begin_rings_its_desk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
