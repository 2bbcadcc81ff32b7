/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Over random cases, drafts and releases, by one person or two: what leaves never goes
 * further than the narrowest consent of the cases that it was made of, and never with a
 * wider TLP than theirs, though its reporter has taken one back since.
 */
#include "tests/role/reporter_rig.h"

enum { ROUNDS = 400, CASES = 3 };
static const unsigned places[] = { RIG_MED, RIG_PWR, RIG_BANK };
static const char *const publishes[] = { "none", "ceptoar", "cross_sector" };
static const char *const tlps[] = { "CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED" };

static unsigned seed = 20261126;

static unsigned
draw(unsigned n)
{
	seed = seed * 1103515245u + 12345u;
	return (seed >> 16) % n;
}

struct one {
	char id[33];
	unsigned slot, publish, tlp;
	struct keeper_put m;
};

static void
report_one(struct rig *g, struct one *o)
{
	char more[64];

	rig_now += 60000; /* its own place on the desk */
	o->slot = places[draw(3)];
	o->publish = draw(6) == 0 ? 0 : 1 + draw(2);
	o->tlp = draw(8) == 0 ? TLP_RED : draw(4);
	(void)snprintf(more, sizeof more, "\"tlp\":\"%s\"", tlps[o->tlp]);
	rig_reporter(g, &o->m, o->slot, (int)draw(5), publishes[o->publish], more, o->id);
}

static void
draft_of(const struct one *v, unsigned n, char *out, size_t cap)
{
	static const char *const slugs[] = { "medical-ceptoar", "power-ceptoar",
		"bank-ceptoar" };
	static const char *const offices[] = { "false", "{\"centre\":true}",
		"{\"ministries\":true}", "{\"centre\":true,\"agencies\":true}" };
	size_t at;
	unsigned i, any = 0;

	at = (size_t)snprintf(out, cap,
	    "{\"severity\":%u,\"title\":\"x\",\"tlp\":\"%s\",\"cases\":[", draw(5),
	    tlps[draw(10) == 0 ? 4 : draw(4)]);
	for (i = 0; i < n; i++)
		at += (size_t)snprintf(
		    out + at, cap - at, "%s\"%s\"", i > 0 ? "," : "", v[i].id);
	at += (size_t)snprintf(out + at, cap - at, "]");
	if (draw(4) > 0) {
		at +=
		    (size_t)snprintf(out + at, cap - at, ",\"audience\":{\"ceptoars\":[");
		for (i = 0; i < 3; i++)
			if (draw(2) == 0)
				at += (size_t)snprintf(out + at, cap - at, "%s\"%s\"",
				    any++ > 0 ? "," : "", slugs[i]);
		at += (size_t)snprintf(out + at, cap - at,
		    "],\"cross\":%s,\"all\":%s,\"public\":%s,\"government\":%s}",
		    draw(6) == 0 ? "true" : "false", draw(6) == 0 ? "true" : "false",
		    draw(8) == 0 ? "true" : "false", offices[draw(4)]);
	}
	(void)snprintf(out + at, cap - at, "}");
}

/* Released, if need be with the word of another.  1 when it left. */
static int
release(struct rig *g, const struct rights *one, const struct rights *two, unsigned verb,
    const char *id, const char *json)
{
	enum problem p = rig_verb(g, one, verb, id, json);

	if (p != P_SECOND_PERSON)
		return p == P_OK;
	assert_int_equal(rig_agree(g, two), P_OK);
	return 1;
}

static void
assert_within(const struct frame_head *h, const struct one *o)
{
	const uint16_t beyond =
	    FRAME_CROSS | FRAME_ALL | FRAME_PUBLIC | FRAME_MINISTRY | FRAME_AGENCY;
	unsigned i;

	assert_int_not_equal(o->publish, 0);
	assert_true(h->tlp >= o->tlp);
	assert_int_not_equal(h->tlp, TLP_RED);
	assert_int_equal(h->flags & FRAME_PUBLIC, 0);
	if (o->publish == 2)
		return;
	assert_int_equal(h->flags & beyond, 0);
	for (i = 0; i < SLOTS; i++)
		assert_true(i == o->slot || !slots_has(&h->slots, i));
	for (i = 0; i < 3; i++)
		if (places[i] != o->slot)
			assert_int_not_equal(
			    rig_sees(h, ROLE_OPERATOR, places[i]), VIEW_BODY);
	assert_int_not_equal(rig_sees(h, ROLE_MINISTRY, 0), VIEW_BODY);
}

/* The bulletin that was just released, at its newest revision. */
static void
assert_bulletin_within(struct rig *g, const char *number, const struct one *v, unsigned n)
{
	struct store_bulletin b;
	unsigned i;

	rig_bulletin(g, number, &b);
	for (i = 0; i < n; i++)
		assert_within(&b.head, &v[i]);
}

/* One of the cases is taken back, and the desk revises without naming it.  1 when that
 * left. */
static int
go_on(struct rig *g, const struct rights *one, const struct rights *two,
    const char *number, const struct one *v, unsigned n)
{
	char content[1024], json[1100];

	assert_int_equal(rig_withdraw(g, &v[0].m), P_OK);
	draft_of(v + 1, n - 1, content, sizeof content);
	(void)snprintf(json, sizeof json, "{\"content\":%s}", content);
	if (!release(g, one, two, DV_BULLETIN_UPDATE, number, json))
		return 0;
	assert_bulletin_within(g, number, v, n);
	return 1;
}

static void
test_what_leaves_is_within_every_consent(void **state)
{
	struct rights one = rig_desk_of(RIG_MED, 1), two;
	struct one v[CASES];
	char json[1024], id[33], number[32];
	unsigned round, i, n, left = 0, stayed = 0, again = 0, not_again = 0;
	struct rig g;

	(void)state;
	rig_open_light(&g, "");
	slots_set(&one.sec, RIG_PWR); /* one office for three CEPTOARs */
	slots_set(&one.sec, RIG_BANK);
	two = one;
	memset(two.person, 2, sizeof two.person);
	for (round = 0; round < ROUNDS; round++) {
		n = 1 + draw(CASES);
		for (i = 0; i < n; i++)
			report_one(&g, &v[i]);
		draft_of(v, n, json, sizeof json);
		rig_draft(&g, &one, json, id);
		if (!release(&g, &one, &two, DV_DRAFT_RELEASE, id, "{}")) {
			stayed++;
			continue;
		}
		left++;
		(void)rig_said(&g, "bulletin.number", number, sizeof number);
		assert_bulletin_within(&g, number, v, n);
		if (n == 1)
			continue;
		if (go_on(&g, &one, &two, number, v, n))
			again++;
		else
			not_again++;
	}
	/* All of it happens often enough to mean something. */
	assert_true(left > ROUNDS / 20);
	assert_true(stayed > ROUNDS / 20);
	assert_true(again > 1);
	assert_true(not_again > 1);
	rig_close(&g);
}

static enum problem
revise(struct rig *g, const struct rights *r, const char *number, const char *other,
    const char *more)
{
	char json[512];

	(void)snprintf(json, sizeof json,
	    "{\"content\":{\"severity\":2,\"title\":\"y\",\"cases\":[\"%s\"],%s}}", other,
	    more);
	return rig_verb(g, r, DV_BULLETIN_UPDATE, number, json);
}

/* Taken back, a report hides its sender from later revisions no less than before. */
static void
test_a_withdrawn_case_keeps_its_protection(void **state)
{
	static const struct {
		const char *publish, *mine, *more;
		enum problem want;
	} rows[] = {
		{ "ceptoar", "", "\"audience\":{\"all\":true}", P_CONSENT },
		{ "cross_sector", "\"tlp\":\"AMBER+STRICT\"",
		    "\"audience\":{\"ceptoars\":[\"medical-ceptoar\"]},\"tlp\":\"AMBER\"",
		    P_CONSENT },
		{ "cross_sector",
		    "\"consent\":{\"publish\":\"cross_sector\",\"government\":false}",
		    "\"tlp\":\"AMBER+STRICT\",\"audience\":{\"ceptoars\":"
		    "[\"medical-ceptoar\"],\"government\":{\"centre\":true}}",
		    P_CONSENT },
		{ "cross_sector", "\"consent\":{\"publish\":\"cross_sector\",\"k\":20}",
		    "\"audience\":{\"ceptoars\":[\"medical-ceptoar\"]}", P_K_TOO_SMALL },
		{ "cross_sector", "", "\"audience\":{\"ceptoars\":[\"medical-ceptoar\"]}",
		    P_OK },
	};
	static const char first[] =
	    "\"tlp\":\"AMBER+STRICT\",\"audience\":{\"ceptoars\":[\"medical-ceptoar\"],"
	    "\"government\":false}";
	struct rights sato = rig_desk_of(RIG_MED, 1);
	struct vault_dir_row few[12];
	char a[33], b[33], id[33], cases[128], number[32];
	struct store_case after;
	struct keeper_put one, two;
	struct rig g;
	size_t i;

	(void)state;
	memset(few, 0, sizeof few);
	for (i = 0; i < 12; i++) {
		few[i].rights = rig_rights(128 + (unsigned)i, ROLE_OPERATOR, RIG_MED);
		subscription_default(&few[i].wants);
	}
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		rig_open(&g, "");
		rig_reporter(&g, &one, RIG_MED, 1, rows[i].publish, rows[i].mine, a);
		rig_reporter(&g, &two, RIG_MED, 1, "cross_sector", "", b);
		(void)snprintf(cases, sizeof cases, "\"%s\",\"%s\"", a, b);
		assert_int_equal(rig_release_of(&g, &sato, 2, cases, first, id), P_OK);
		(void)rig_said(&g, "bulletin.number", number, sizeof number);
		rig_directory(&g, few, 12); /* of k 20 that is too few by now */
		assert_int_equal(
		    revise(&g, &sato, number, b, rows[i].more), rows[i].want);
		assert_int_equal(rig_withdraw(&g, &one), P_OK);
		assert_int_equal(
		    revise(&g, &sato, number, b, rows[i].more), rows[i].want);
		/* What leaves all the same changes nothing of a case that has ended. */
		assert_int_equal(store_case_get(g.k.store, one.case_id, &after), 0);
		assert_int_equal(after.state, CASE_WITHDRAWN);
		rig_close(&g);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_leaves_is_within_every_consent),
		cmocka_unit_test(test_a_withdrawn_case_keeps_its_protection),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
