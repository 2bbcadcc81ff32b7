/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Over random cases, drafts and releases, by one person or two: what leaves never goes
 * further than the narrowest consent of the cases that it was made of, and never with a
 * wider TLP than theirs.
 */
#include "tests/role/desk_rig.h"

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
};

static void
report_one(struct rig *g, struct one *o)
{
	struct keeper_put m = rig_put_default();
	char more[64];

	rig_now += 60000; /* its own place on the desk */
	o->slot = places[draw(3)];
	o->publish = draw(6) == 0 ? 0 : 1 + draw(2);
	o->tlp = draw(8) == 0 ? TLP_RED : draw(4);
	m.slot = (uint8_t)o->slot;
	(void)snprintf(more, sizeof more, "{\"tlp\":\"%s\"}", tlps[o->tlp]);
	assert_int_equal(rig_put(g, &m, (int)draw(5), publishes[o->publish], more), P_OK);
	rig_case_id(g, o->slot, o->id);
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
release(struct rig *g, const struct rights *one, const struct rights *two, const char *id)
{
	char request[33];
	enum problem p = rig_verb(g, one, DV_DRAFT_RELEASE, id, "{}");

	if (p != P_SECOND_PERSON)
		return p == P_OK;
	assert_int_equal(rig_verb(g, two, DV_SECOND_LIST, NULL, NULL), P_OK);
	(void)rig_said(g, "second.0.id", request, sizeof request);
	p = rig_verb(g, two, DV_SECOND_GIVE, request, "{\"agree\":true}");
	assert_int_equal(p, P_OK);
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

/* The bulletin that the draft became, at its newest revision. */
static void
bulletin_of(struct rig *g, const struct rights *r, const char *id, struct frame_head *h)
{
	struct store_bulletin b;
	uint8_t raw[ID_LEN];
	char hex[33];

	assert_int_equal(rig_verb(g, r, DV_DRAFT_GET, id, NULL), P_OK);
	(void)rig_said(g, "bulletin", hex, sizeof hex);
	assert_int_equal(hex_decode(slice_of(hex), raw, ID_LEN), ID_LEN);
	assert_int_equal(store_bulletin_get(g->k.store, raw, &b), 0);
	*h = b.head;
}

static void
test_what_leaves_is_within_every_consent(void **state)
{
	struct rights one = rig_desk_of(RIG_MED, 1), two;
	struct one v[CASES];
	char json[1024], id[33];
	struct frame_head h;
	unsigned round, i, n, left = 0, stayed = 0;
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
		if (!release(&g, &one, &two, id)) {
			stayed++;
			continue;
		}
		left++;
		bulletin_of(&g, &one, id, &h);
		for (i = 0; i < n; i++)
			assert_within(&h, &v[i]);
	}
	/* Both happen often enough to mean something. */
	assert_true(left > ROUNDS / 20);
	assert_true(stayed > ROUNDS / 20);
	rig_close(&g);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_leaves_is_within_every_consent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
