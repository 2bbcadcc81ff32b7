/* SPDX-License-Identifier: Apache-2.0 */
/* Who stands in for a desk that is off duty works there as the desk itself may, and no
 * further; rosters say when. */
#include "tests/role/desk_rig.h"

#include "daemon/keeper/store_audit.h"

enum { RIG_GOV = 11, RIG_WATER = 13, SATO = 1, ABE = 2, HORI = 3, HOUR = 60 };

static const char channel[] =
    "{\"title\":\"停電\","
    "\"case_commitment\":\"47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU\"}";
static const char aside[] = "{\"code\":\"other\",\"reason\":{\"ja\":\"確認済\"}}";

static struct rights med, water, gov, bank;
static int64_t now;

/* A Sunday: no desk is on duty, but the one whose roster has somebody there. */
static void
open_with(struct rig *g, unsigned slot, unsigned persons)
{
	med = rig_desk_of(RIG_MED, SATO);
	water = rig_desk_of(RIG_WATER, ABE);
	gov = rig_desk_of(RIG_GOV, HORI);
	bank = rig_desk_of(RIG_BANK, 9);
	rig_open(g, "");
	now = rig_now / 60000;
	rig_roster(g, slot, now - HOUR, now + 2 * HOUR, persons);
	rig_members(g);
}

/* A report of level 1 on the medical desk: its group there. */
static void
reported(struct rig *g, const char *publish, char group[33])
{
	struct rig_ask a = { .rights = &med, .verb = DV_TRIAGE_LIST };
	struct keeper_put m = rig_put_default();

	assert_int_equal(rig_put(g, &m, 1, publish, channel), P_OK);
	assert_int_equal(rig_ask(g, &a), P_OK);
	(void)rig_said(g, "items.0.group", group, 33);
}

static size_t
items(struct rig *g, const struct rights *r)
{
	json_t *j;
	size_t n;

	assert_int_equal(rig_verb(g, r, DV_TRIAGE_LIST, NULL, NULL), P_OK);
	j = rig_json(&g->peer[0]);
	n = json_array_size(rig_at(j, "items"));
	json_decref(j);
	return n;
}

struct seen {
	struct rig *g;
	unsigned n, about;
};

static int
see(void *arg, const struct audit_row *r)
{
	struct seen *s = arg;

	if (memcmp(r->person, water.person, RECEIVER_LEN) != 0)
		return 0;
	assert_memory_equal(r->receiver, water.receiver, RECEIVER_LEN);
	s->n++;
	s->about += strcmp(r->detail, "for medical-ceptoar") == 0;
	return 0;
}

/* The text of the draft's, with these members. */
static void
put(struct rig *g, const char *id, const char *draft, int revision)
{
	char json[1024];

	(void)snprintf(
	    json, sizeof json, "{\"revision\":%d,\"draft\":%s}", revision, draft);
	assert_int_equal(rig_verb(g, &water, DV_DRAFT_PUT, id, json), P_OK);
}

static void
test_works(void **state)
{
	static const char text[] = "{\"severity\":1,\"title\":\"停電に注意\"}";
	struct rights machine, officer;
	char group[33], draft[33], number[32];
	struct seen s = { 0 };
	struct frame_head h;
	struct rig g;

	(void)state;
	open_with(&g, RIG_WATER, 1);
	reported(&g, "ceptoar", group);
	machine = officer = water;
	machine.duties = DUTY_REPORTER | DUTY_MACHINE | DUTY_SUBSCRIBES;
	officer.duties = DUTY_OFFICER;
	assert_int_equal(rig_verb(&g, &machine, DV_TRIAGE_LIST, NULL, NULL), P_FORBIDDEN);
	assert_int_equal(items(&g, &officer), 1); /* whoever is woken may work */
	assert_int_equal(items(&g, &water), 1);
	assert_int_equal(items(&g, &gov), 0); /* the second deputy, off duty */
	assert_int_equal(items(&g, &bank), 0);
	assert_int_equal(rig_verb(&g, &gov, DV_TRIAGE_LOCK, group, NULL), P_NOT_FOUND);
	assert_int_equal(rig_verb(&g, &bank, DV_TRIAGE_MERGE, group, NULL), P_NOT_FOUND);
	assert_int_equal(rig_verb(&g, &water, DV_TRIAGE_LOCK, group, NULL), P_OK);
	assert_int_equal(rig_verb(&g, &med, DV_TRIAGE_LOCK, group, NULL), P_CONFLICT);
	assert_int_equal(
	    rig_verb(&g, &water, DV_TRIAGE_ASK, group, "{\"text\":\"何時\"}"), P_OK);
	assert_int_equal(rig_number(&g, "asked"), 1);
	assert_int_equal(rig_verb(&g, &water, DV_TRIAGE_ASIDE, group, aside), P_OK);
	assert_int_equal(rig_verb(&g, &water, DV_TRIAGE_BACK, group, NULL), P_OK);
	assert_int_equal(rig_verb(&g, &water, DV_TRIAGE_MERGE, group, NULL), P_OK);
	(void)rig_said(&g, "draft", draft, sizeof draft);
	assert_int_equal(rig_verb(&g, &gov, DV_DRAFT_GET, draft, NULL), P_NOT_FOUND);
	assert_int_equal(rig_verb(&g, &med, DV_DRAFT_GET, draft, NULL), P_OK);
	assert_int_equal(rig_verb(&g, &water, DV_DRAFT_AUDIENCE, draft, NULL), P_OK);
	assert_int_equal(rig_verb(&g, &water, DV_DRAFT_RELEASE, draft, "{}"), P_OK);
	(void)rig_said(&g, "bulletin.number", number, sizeof number);
	json_decref(rig_log(&g, 0, &h, NULL));
	assert_int_equal(rig_sees(&h, ROLE_OPERATOR, RIG_MED), VIEW_BODY);
	assert_int_equal(rig_sees(&h, ROLE_OPERATOR, RIG_WATER), VIEW_NONE);
	assert_int_equal(rig_verb(&g, &gov, DV_FALSE_ALARM, number, NULL), P_NOT_FOUND);
	assert_int_equal(rig_verb(&g, &water, DV_FALSE_ALARM, number, NULL), P_OK);
	/* A text of its own is its own, also while it stands in. */
	rig_draft(&g, &water, text, draft);
	assert_int_equal(rig_verb(&g, &med, DV_DRAFT_GET, draft, NULL), P_NOT_FOUND);
	assert_int_equal(store_audit_each(g.k.store, 1, 1000000, see, &s), 0);
	assert_int_equal(s.n, 11);    /* what was done and looked at */
	assert_int_equal(s.about, 8); /* of them for whom it stood in */
	rig_close(&g);
}

/* What its reporters, or the desk's second person, have to be asked for stays so. */
static void
test_no_further(void **state)
{
	static const char alone[] = "{\"alone\":true,\"reason\":\"夜間のため\"}";
	char group[33], draft[33], text[512], id[33];
	struct rig g;

	(void)state;
	open_with(&g, RIG_WATER, 2);
	reported(&g, "none", group);
	assert_int_equal(rig_verb(&g, &water, DV_TRIAGE_MERGE, group, NULL), P_OK);
	(void)rig_said(&g, "draft", draft, sizeof draft);
	assert_int_equal(rig_verb(&g, &water, DV_DRAFT_RELEASE, draft, "{}"), P_CONSENT);
	/* Without any case: to the deputy's own members it is another's word. */
	(void)snprintf(text, sizeof text,
	    "{\"severity\":1,\"title\":\"注意\",\"audience\":{\"ceptoars\":["
	    "\"medical-ceptoar\"]}}");
	rig_draft(&g, &water, text, id);
	assert_int_equal(rig_verb(&g, &med, DV_DRAFT_GET, id, NULL), P_OK);
	put(&g, id,
	    "{\"severity\":1,\"title\":\"注意\",\"audience\":{\"ceptoars\":["
	    "\"medical-ceptoar\",\"water-ceptoar\"]}}",
	    1);
	assert_int_equal(
	    rig_verb(&g, &water, DV_DRAFT_RELEASE, id, "{}"), P_SECOND_PERSON);
	/* Two are at the deputy's own desk: there is no alone. */
	assert_int_equal(
	    rig_verb(&g, &water, DV_DRAFT_RELEASE, id, alone), P_SECOND_PERSON);
	g.duty[0].persons = 1;
	rig_members(&g);
	assert_int_equal(rig_verb(&g, &water, DV_DRAFT_RELEASE, id, alone), P_OK);
	/* Standing orders are the desk's own. */
	assert_int_equal(rig_verb(&g, &water, DV_ORDER_PUT, NULL,
			     "{\"ceptoar\":\"medical-ceptoar\",\"from\":\"centre\","
			     "\"min_severity\":3,\"when\":\"asleep\"}"),
	    P_FORBIDDEN);
	rig_close(&g);
}

/* It ends with the deputy's shift, and when the desk itself is back. */
static void
test_ends(void **state)
{
	const int64_t sunday = rig_now;
	char group[33], draft[33];
	struct rig g;

	(void)state;
	open_with(&g, RIG_WATER, 1);
	reported(&g, "ceptoar", group);
	assert_int_equal(rig_verb(&g, &water, DV_TRIAGE_MERGE, group, NULL), P_OK);
	(void)rig_said(&g, "draft", draft, sizeof draft);
	rig_now += 2 * HOUR * 60000;
	assert_int_equal(items(&g, &water), 0);
	assert_int_equal(rig_verb(&g, &water, DV_DRAFT_GET, draft, NULL), P_NOT_FOUND);
	assert_int_equal(
	    rig_verb(&g, &water, DV_DRAFT_RELEASE, draft, "{}"), P_NOT_FOUND);
	rig_now = sunday;
	assert_int_equal(rig_verb(&g, &water, DV_DRAFT_GET, draft, NULL), P_OK);
	rig_roster(&g, RIG_MED, now - HOUR, now + HOUR, 1);
	rig_members(&g);
	assert_int_equal(rig_verb(&g, &water, DV_DRAFT_GET, draft, NULL), P_NOT_FOUND);
	assert_int_equal(rig_verb(&g, &water, DV_TRIAGE_LOCK, group, NULL), P_NOT_FOUND);
	assert_int_equal(items(&g, &water), 0);
	/* Nobody of the desk's is rostered, though it is Monday at ten. */
	while (taxonomy_next_duty(g.k.tax, RIG_BANK, rig_now) > rig_now)
		rig_now += HOUR * 60000;
	now = rig_now / 60000;
	assert_int_equal(items(&g, &water), 0); /* behind the roster's end */
	g.duty_n = 0;
	rig_roster(&g, RIG_MED, now - HOUR, now + HOUR, 0);
	rig_members(&g);
	assert_int_equal(items(&g, &water), 1);
	/* The rosters are there after a new list of CEPTOARs as well. */
	keeper_reload(&g.k);
	assert_int_equal(items(&g, &water), 1);
	/* The first deputy is asleep by its roster: it is the second one's. */
	rig_roster(&g, RIG_WATER, now - HOUR, now + HOUR, 0);
	rig_members(&g);
	assert_int_equal(items(&g, &water), 0);
	assert_int_equal(items(&g, &gov), 1);
	rig_now = sunday;
	rig_close(&g);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_works),
		cmocka_unit_test(test_no_further),
		cmocka_unit_test(test_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
