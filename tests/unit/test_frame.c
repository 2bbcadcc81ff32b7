/* SPDX-License-Identifier: Apache-2.0 */
/* Who gets a row: audience, clearance, subscription, and what an earlier revision
 * reached. */
#include "proto/frame.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/frame_readers.h"

static const char *const kind_names[KINDS] = { "operator", "secretariat", "affiliate",
	"other sector", "cross from 2", "cross from 4", "centre", "observer", "ministry",
	"no role" };

#define BIT(k) (1u << (k))
static void
assert_readers(const struct frame_head *h, unsigned body, unsigned stub, const char *what)
{
	enum reader_kind k;
	enum frame_view v, want;
	struct reader x;

	for (k = OP_MED; k < KINDS; k++) {
		x = reader_of(k);
		want = (body & BIT(k)) != 0   ? VIEW_BODY
		       : (stub & BIT(k)) != 0 ? VIEW_STUB
					      : VIEW_NONE;
		v = frame_view(h, &x.r, &x.s, NULL);
		if (v != want)
			fail_msg("%s: %s gets %d, not %d", what, kind_names[k], (int)v,
			    (int)want);
	}
}

static const unsigned own = BIT(OP_MED) | BIT(SEC_MED);

/* What a reader of another sector has chosen, and what comes of it. */
static void
test_choices(void **state)
{
	enum { ANY_KIND = 0, EARLY = 1, RECOVERY = 2 };
	static const struct {
		const char *what;
		uint8_t cross, level_med, kinds, ot_only; /* level_med 9: none */
		unsigned severity, flags, sector;
		int other,
		    own; /* is it shown to one outside, and to one of the CEPTOAR? */
	} rows[] = {
		{ "a lower level for this sector", 4, 2, 0, 0, 2, 0, SECTOR_MED, 1, 1 },
		{ "just below it", 4, 2, 0, 0, 1, 0, SECTOR_MED, 0, 1 },
		{ "a higher one", 1, 3, 0, 0, 2, 0, SECTOR_MED, 0, 1 },
		{ "without any else", LEVEL_NEVER, 3, 0, 0, 3, 0, SECTOR_MED, 1, 1 },
		{ "the level is another sector's", LEVEL_NEVER, 3, 0, 0, 4, 0,
		    SECTOR_MED + 1, 0, 1 },
		{ "a sector that is not shown may be this one", LEVEL_NEVER, 3, 0, 0, 3,
		    0, 255, 1, 1 },
		{ "and the lowest level counts", 4, 3, 0, 0, 3, 0, 255, 1, 1 },
		{ "this kind", 0, 9, EARLY, 0, 3, 0, SECTOR_MED, 1, 1 },
		{ "another kind", 0, 9, RECOVERY, 0, 3, 0, SECTOR_MED, 0, 0 },
		{ "its kind", 0, 9, RECOVERY, 0, 3, KIND_RECOVERY_METHOD << FRAME_KIND_AT,
		    SECTOR_MED, 1, 1 },
		{ "a crisis of the own CEPTOAR", 0, 9, RECOVERY, 1, 4, FRAME_IT,
		    SECTOR_MED, 0, 1 },
		{ "OT", 0, 9, 0, 1, 3, FRAME_OT, SECTOR_MED, 1, 1 },
		{ "IT and OT", 0, 9, 0, 1, 3, FRAME_IT | FRAME_OT, SECTOR_MED, 1, 1 },
		{ "IT alone", 0, 9, 0, 1, 3, FRAME_IT, SECTOR_MED, 0, 0 },
		{ "things alone", 0, 9, 0, 1, 3, FRAME_IOT, SECTOR_MED, 0, 0 },
		{ "no system is shown", 0, 9, 0, 1, 3, 0, SECTOR_MED, 1, 1 },
	};
	struct frame_head h;
	struct reader x;
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		h = bulletin(rows[i].severity, FRAME_CROSS | rows[i].flags, TLP_AMBER);
		h.sector = (uint8_t)rows[i].sector;
		for (k = 0; k < 2; k++) {
			x = reader_of(k == 0 ? OP_PWR : OP_MED);
			x.s.cross_severity = rows[i].cross;
			if (rows[i].level_med != 9)
				x.s.sector_level[SECTOR_MED] = rows[i].level_med;
			x.s.kinds = rows[i].kinds;
			x.s.ot_only = rows[i].ot_only;
			if ((frame_view(&h, &x.r, &x.s, NULL) == VIEW_BODY) !=
			    (k == 0 ? rows[i].other : rows[i].own))
				fail_msg(
				    "%s: %s", rows[i].what, k == 0 ? "other" : "own");
		}
	}
}

/* Government offices and communities. */
static void
test_offices(void **state)
{
	enum { COMMUNITY = COMMUNITY_FIRST + 1 };
	struct reader ministry = reader_of(MINISTRY), agency = ministry,
		      guest = reader_of(NOBODY), centre = reader_of(CENTRE),
		      both = centre;
	struct frame_head h = bulletin(3, FRAME_CENTRE | FRAME_MINISTRY, TLP_AMBER);

	(void)state;
#define SEES(x) (frame_view(&h, &(x).r, &(x).s, NULL) == VIEW_BODY)
	agency.r.roles = ROLE_AGENCY;
	assert_true(SEES(ministry) && SEES(centre) && !SEES(agency));
	slots_set(&ministry.r.aff, PWR); /* it answers for another CEPTOAR */
	assert_false(SEES(ministry));
	slots_set(&ministry.r.aff, MED);
	assert_true(SEES(ministry));
	h.flags |= FRAME_AGENCY;
	assert_true(SEES(agency));
	h.flags |= FRAME_ALL | FRAME_NO_GOV;
	ministry.s.cross_severity = agency.s.cross_severity = 0;
	slots_set(&both.r.op, MED);
	both.r.roles |= ROLE_OPERATOR;
	assert_false(SEES(ministry) || SEES(agency) || SEES(centre));
	assert_true(SEES(both)); /* as one of the CEPTOAR */
	h = bulletin(1, 0, TLP_AMBER);
	guest.r.roles = ROLE_SUBSCRIBER;
	slots_set(&guest.r.aff, COMMUNITY);
	slots_set(&guest.r.aff, MED); /* no register has that: still no way in */
	assert_false(SEES(guest));
	slots_set(&h.slots, COMMUNITY);
	assert_true(SEES(guest));
	slots_set(&ministry.r.aff, COMMUNITY);
	assert_false(SEES(ministry));
#undef SEES
	h.kind = FRAME_INBOX;
	h.severity = 4;
	assert_int_equal(frame_view(&h, &centre.r, &centre.s, NULL), VIEW_BODY);
	h.flags = FRAME_NO_GOV;
	assert_int_equal(frame_view(&h, &centre.r, &centre.s, NULL), VIEW_NONE);
}

static void
test_audience(void **state)
{
	static const struct {
		const char *what;
		unsigned severity, flags, tlp, extra;
		int no_own;
	} rows[] = {
		{ "own only", 3, 0, TLP_AMBER, 0, 0 },
		{ "own and centre", 3, FRAME_CENTRE, TLP_AMBER, BIT(CENTRE), 0 },
		{ "cross at 3", 3, FRAME_CROSS, TLP_AMBER, BIT(CROSS2), 0 },
		{ "cross at 4", 4, FRAME_CROSS, TLP_AMBER, BIT(CROSS2) | BIT(CROSS4), 0 },
		{ "cross at 4, green", 4, FRAME_CROSS, TLP_GREEN,
		    BIT(CROSS2) | BIT(CROSS4) | BIT(OBSERVER), 0 },
		{ "all at 1", 1, FRAME_ALL, TLP_AMBER,
		    BIT(OP_PWR) | BIT(CROSS2) | BIT(CROSS4) | BIT(CENTRE), 0 },
		{ "public, amber", 0, FRAME_PUBLIC, TLP_AMBER,
		    BIT(AFF_MED) | BIT(OP_PWR) | BIT(CROSS2) | BIT(CROSS4) | BIT(CENTRE) |
			BIT(MINISTRY),
		    0 },
		{ "public, clear", 0, FRAME_PUBLIC, TLP_CLEAR,
		    BIT(AFF_MED) | BIT(OP_PWR) | BIT(CROSS2) | BIT(CROSS4) | BIT(CENTRE) |
			BIT(MINISTRY) | BIT(OBSERVER),
		    0 },
		{ "strict", 3, FRAME_CENTRE, TLP_AMBER_STRICT, BIT(CENTRE), 0 },
		{ "red", 4, FRAME_CROSS | FRAME_CENTRE | FRAME_ALL | FRAME_PUBLIC,
		    TLP_RED, 0, 1 },
	};
	struct frame_head h;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		h = bulletin(rows[i].severity, rows[i].flags, rows[i].tlp);
		assert_readers(
		    &h, rows[i].extra | (rows[i].no_own ? 0 : own), 0, rows[i].what);
	}
}

static void
test_clearance_ends_at_green(void **state)
{
	struct reader x = reader_of(OBSERVER);
	struct frame_head h = bulletin(4, FRAME_CROSS, TLP_GREEN);

	(void)state;
	assert_int_equal(frame_view(&h, &x.r, &x.s, NULL), VIEW_BODY);
	assert_int_equal(frame_may_read(&h, &x.r, 1), VIEW_BODY);
	/* Who has not asked for other sectors' is not in that audience. */
	assert_int_equal(frame_may_read(&h, &x.r, 0), VIEW_NONE);
	h.tlp = TLP_AMBER;
	assert_int_equal(frame_view(&h, &x.r, &x.s, NULL), VIEW_NONE);
	assert_int_equal(frame_may_read(&h, &x.r, 1), VIEW_NONE);
	/* Not even a clearance of RED opens RED: it goes to named receivers only. */
	x.r.clearance = TLP_RED;
	h.tlp = TLP_RED;
	assert_int_equal(frame_may_read(&h, &x.r, 1), VIEW_NONE);
}

static void
test_subscription(void **state)
{
	struct frame_head h = bulletin(1, FRAME_CROSS, TLP_AMBER);
	struct reader x = reader_of(OP_MED), c = reader_of(CROSS2);

	(void)state;
	x.s.min_severity = 2;
	assert_int_equal(frame_view(&h, &x.r, &x.s, NULL), VIEW_NONE);
	assert_int_equal(frame_may_read(&h, &x.r, 1), VIEW_BODY);
	/* A product that both name lowers the threshold to 0. */
	h.products[0] = 77;
	h.product_count = 1;
	x.s.products[0] = 5;
	x.s.products[1] = 77;
	x.s.product_count = 2;
	assert_int_equal(frame_view(&h, &x.r, &x.s, NULL), VIEW_BODY);
	x.s.product_count = 1;
	assert_int_equal(frame_view(&h, &x.r, &x.s, NULL), VIEW_NONE);
	/* It makes nobody a cross-sector subscriber, and "never" stays never. */
	c.s.cross_severity = LEVEL_NEVER;
	c.s.products[0] = 77;
	c.s.product_count = 1;
	assert_int_equal(frame_view(&h, &c.r, &c.s, NULL), VIEW_NONE);
	c.s.cross_severity = 4;
	assert_int_equal(frame_view(&h, &c.r, &c.s, NULL), VIEW_BODY);
	/* Only from the sectors that the subscription names; an unknown one concerns all.
	 */
	c.s.sectors = 1u << 3;
	assert_int_equal(frame_view(&h, &c.r, &c.s, NULL), VIEW_NONE);
	c.s.sectors |= 1u << SECTOR_MED;
	assert_int_equal(frame_view(&h, &c.r, &c.s, NULL), VIEW_BODY);
	c.s.sectors = 1u << 3;
	h.sector = 255;
	assert_int_equal(frame_view(&h, &c.r, &c.s, NULL), VIEW_BODY);
}

static void
test_exercise_is_left_out_on_wish(void **state)
{
	struct frame_head h = bulletin(4, FRAME_CENTRE | FRAME_EXERCISE, TLP_AMBER);
	struct reader x = reader_of(OP_MED);

	(void)state;
	assert_int_equal(frame_view(&h, &x.r, &x.s, NULL), VIEW_BODY);
	x.s.exercise = 0;
	assert_int_equal(frame_view(&h, &x.r, &x.s, NULL), VIEW_NONE);
	h.flags &= (uint16_t)~FRAME_EXERCISE;
	assert_int_equal(frame_view(&h, &x.r, &x.s, NULL), VIEW_BODY);
}

static void
test_query_narrows(void **state)
{
	struct frame_head h = bulletin(3, 0, TLP_AMBER);
	struct reader x = reader_of(OP_MED);
	struct frame_query q = { 3, 0 };

	(void)state;
	assert_int_equal(frame_view(&h, &x.r, &x.s, &q), VIEW_BODY);
	q.min_severity = 4;
	assert_int_equal(frame_view(&h, &x.r, &x.s, &q), VIEW_NONE);
	q.min_severity = 0;
	q.sectors = 1u << SECTOR_MED;
	assert_int_equal(frame_view(&h, &x.r, &x.s, &q), VIEW_BODY);
	q.sectors = 1u << 1;
	assert_int_equal(frame_view(&h, &x.r, &x.s, &q), VIEW_NONE);
	h.sector = 255; /* it hides its sector, and so the filter may not tell it */
	assert_int_equal(frame_view(&h, &x.r, &x.s, &q), VIEW_BODY);
	h.kind = FRAME_MODE; /* concerns every stream */
	assert_int_equal(frame_view(&h, &x.r, &x.s, &q), VIEW_BODY);
	h.kind = FRAME_KEYS;
	q.min_severity = 4;
	x.r.roles = ROLE_OBSERVER;
	assert_int_equal(frame_view(&h, &x.r, &x.s, &q), VIEW_BODY);
	assert_int_equal(frame_may_read(&h, &x.r, 0), VIEW_BODY);
	x.r.roles = 0;
	assert_int_equal(frame_view(&h, &x.r, &x.s, &q), VIEW_NONE);
	assert_int_equal(frame_may_read(&h, &x.r, 0), VIEW_NONE);
}

static struct frame_head
update(unsigned severity, unsigned flags, unsigned tlp, unsigned reach_severity,
    unsigned reach_flags, unsigned reach_tlp)
{
	struct frame_head h = bulletin(severity, flags, tlp);

	h.kind = FRAME_UPDATE;
	h.revision = 2;
	h.reach = h.slots;
	h.reach_severity = (uint8_t)reach_severity;
	h.reach_flags = (uint16_t)reach_flags;
	h.reach_tlp = (uint8_t)reach_tlp;
	return h;
}

static void
test_update_reaches_whom_an_earlier_one_reached(void **state)
{
	static const struct slots none;
	const unsigned cc = FRAME_CROSS | FRAME_CENTRE;
	struct reader x = reader_of(OP_MED);
	struct frame_query q = { 4, 0 };
	struct frame_head h;

	(void)state;
	h = update(2, cc, TLP_AMBER, 4, cc, TLP_AMBER);
	assert_readers(&h, own | BIT(CROSS2) | BIT(CROSS4) | BIT(CENTRE), 0, "lowered");
	x.s.min_severity = 4; /* had the alarm of level 4: hears the end of it */
	assert_int_equal(frame_view(&h, &x.r, &x.s, NULL), VIEW_BODY);
	assert_int_equal(frame_view(&h, &x.r, &x.s, &q), VIEW_BODY);
	h.reach_severity = 3; /* never had it */
	assert_int_equal(frame_view(&h, &x.r, &x.s, NULL), VIEW_NONE);
	assert_int_equal(frame_view(&h, &x.r, &x.s, &q), VIEW_NONE);

	h = update(3, FRAME_CENTRE, TLP_AMBER, 4, cc, TLP_AMBER);
	assert_readers(&h, own | BIT(CENTRE), BIT(CROSS2) | BIT(CROSS4), "narrowed");
	h.kind = FRAME_CANCEL;
	assert_readers(
	    &h, own | BIT(CENTRE), BIT(CROSS2) | BIT(CROSS4), "narrowed, cancelled");
	h.kind = FRAME_BULLETIN; /* a first release has no reach, whatever stands there */
	assert_readers(&h, own | BIT(CENTRE), 0, "first");

	h = update(4, cc, TLP_AMBER, 4, cc, TLP_GREEN);
	assert_readers(&h, own | BIT(CROSS2) | BIT(CROSS4) | BIT(CENTRE), BIT(OBSERVER),
	    "TLP raised above the observer");
	h = update(4, cc, TLP_RED, 4, cc, TLP_AMBER);
	assert_readers(&h, 0, own | BIT(CROSS2) | BIT(CROSS4) | BIT(CENTRE), "now RED");
	h = update(4, 0, TLP_AMBER, 3, FRAME_CENTRE, TLP_AMBER);
	h.slots = none;
	assert_readers(&h, 0, own | BIT(CENTRE), "consent withdrawn");
}

static void
test_update_widens(void **state)
{
	struct frame_head h =
	    update(4, FRAME_CROSS | FRAME_CENTRE, TLP_AMBER, 3, FRAME_CENTRE, TLP_AMBER);

	(void)state;
	assert_readers(&h, own | BIT(CROSS2) | BIT(CROSS4) | BIT(CENTRE), 0, "widened");
}

static void
test_bells_ring_on_desks(void **state)
{
	struct reader x = reader_of(SEC_MED);
	struct frame_head h = bulletin(2, 0, TLP_CLEAR);

	(void)state;
	h.kind = FRAME_INBOX;
	assert_readers(&h, BIT(SEC_MED), 0, "bell of level 2");
	h.severity = 3;
	assert_readers(&h, BIT(SEC_MED) | BIT(CENTRE), 0, "bell of level 3");
	h.severity = 0;
	h.flags = FRAME_CENTRE;
	assert_readers(&h, BIT(SEC_MED) | BIT(CENTRE), 0, "hotline bell");
	x.s.min_severity = 4; /* a desk may not switch its own bell off */
	assert_int_equal(frame_view(&h, &x.r, &x.s, NULL), VIEW_BODY);
	x.r.roles = ROLE_OPERATOR;
	assert_int_equal(frame_view(&h, &x.r, &x.s, NULL), VIEW_NONE);
}

static void
test_codec(void **state)
{
	struct slice body = slice_of("{\"a\":1}"), stub = slice_of("{}"), b2, s2;
	struct frame_head h = update(2, FRAME_CROSS, TLP_GREEN, 4, FRAME_ALL, TLP_AMBER),
			  g;
	struct buf b, again;
	struct wire w;
	size_t n;

	(void)state;
	h.seq = 0x0102030405060708;
	h.minute = 29000000;
	h.product_count = 2;
	h.products[1] = 99;
	memset(h.id, 7, sizeof h.id);
	buf_init(&b, 4096);
	frame_put(&b, &h, body, stub);
	assert_int_equal(b.n, FRAME_HEAD_LEN + body.n + stub.n);
	wire_init(&w, b.p, b.n);
	frame_get(&w, &g, &b2, &s2);
	assert_int_equal(wire_end(&w), 0);
	assert_true(g.seq == h.seq && g.minute == h.minute && g.revision == 2);
	assert_true(
	    g.reach_severity == 4 && g.reach_flags == FRAME_ALL && g.tlp == TLP_GREEN);
	buf_init(&again, 4096); /* and every other field */
	frame_put(&again, &g, b2, s2);
	assert_int_equal(again.n, b.n);
	assert_memory_equal(again.p, b.p, b.n);
	buf_done(&again);
	assert_true(slice_eq(b2, "{\"a\":1}") && slice_eq(s2, "{}"));
	for (n = 0; n < b.n; n++) { /* cut anywhere: an error, never a read beyond */
		wire_init(&w, b.p, n);
		frame_get(&w, &g, &b2, &s2);
		assert_int_not_equal(wire_end(&w), 0);
	}
	buf_done(&b);
}

static void
test_codec_refuses_what_is_out_of_range(void **state)
{
	/* Offset in the encoded header, and a value that is not allowed there. */
	static const struct {
		size_t at;
		unsigned char value;
	} bad[] = { { 8, 0 }, { 8, FRAME_CONTACT + 1 }, { 9, 5 }, { 10, 5 }, { 30, 5 },
		{ 31, 5 }, { 82, 9 }, { 116, 0xff }, { 120, 0xff } };
	struct frame_head h = bulletin(3, 0, TLP_AMBER), g;
	struct wire w;
	struct buf b;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		buf_init(&b, 4096);
		frame_head_put(&b, &h);
		b.p[bad[i].at] = (char)bad[i].value;
		wire_init(&w, b.p, b.n);
		frame_head_get(&w, &g);
		if (w.err == 0)
			fail_msg("offset %zu: %u was accepted", bad[i].at, bad[i].value);
		buf_done(&b);
	}
}

static struct rights
numbered(enum reader_kind k, unsigned who)
{
	struct rights r = reader_of(k).r;

	memset(r.receiver, (int)who, sizeof r.receiver);
	return r;
}

static enum frame_view
sees(const struct frame_head *h, const struct rights *r)
{
	struct subscription s;
	enum frame_view v;

	subscription_default(&s);
	s.min_severity = s.cross_severity = LEVEL_NEVER; /* by name all the same */
	v = frame_view(h, r, &s, NULL);
	assert_int_equal(v, frame_may_read(h, r, 1));
	return v;
}

static void
test_red_is_for_the_named(void **state)
{
	struct frame_head h =
	    bulletin(1, FRAME_PUBLIC | FRAME_ALL | FRAME_CROSS, TLP_RED);
	struct rights one = numbered(OP_PWR, 1), two = numbered(OBSERVER, 2),
		      other = numbered(OP_MED, 3), desk = numbered(SEC_MED, 4),
		      centre = numbered(CENTRE, 5), gone = numbered(NOBODY, 1);

	(void)state;
	assert_int_equal(frame_name(&h, one.receiver), 0);
	assert_int_equal(frame_name(&h, two.receiver), 0);
	assert_int_equal(frame_name(&h, one.receiver), 0);
	assert_int_equal(h.name_count, 2);
	assert_int_equal(sees(&h, &one), VIEW_BODY);
	assert_int_equal(sees(&h, &two), VIEW_BODY);
	assert_int_equal(sees(&h, &other), VIEW_NONE);
	assert_int_equal(sees(&h, &desk), VIEW_BODY);
	assert_int_equal(sees(&h, &centre), VIEW_NONE);
	assert_int_equal(sees(&h, &gone), VIEW_NONE); /* all its roles have ended */
	/* What is kept from the government is kept from a ministry that is named. */
	h.flags |= FRAME_NO_GOV;
	assert_int_equal(frame_name(&h, centre.receiver), 0);
	assert_int_equal(sees(&h, &centre), VIEW_NONE);
	/* An update to one of them: the other, and who heard the alarm, hear of it. */
	h = update(4, 0, TLP_RED, 4, 0, TLP_AMBER);
	assert_int_equal(frame_name(&h, one.receiver), 0);
	assert_int_equal(frame_name(&h, two.receiver), 0);
	h.named = 1;
	assert_int_equal(sees(&h, &one), VIEW_BODY);
	assert_int_equal(sees(&h, &two), VIEW_STUB);
	assert_int_equal(sees(&h, &centre), VIEW_NONE);
	/* No longer RED: the names are of the past. */
	h = update(4, 0, TLP_AMBER, 4, 0, TLP_RED);
	assert_int_equal(frame_name(&h, one.receiver), 0);
	h.named = 0;
	assert_int_equal(sees(&h, &one), VIEW_STUB);
	assert_int_equal(sees(&h, &two), VIEW_NONE);
}

static void
test_names_travel(void **state)
{
	static const struct {
		size_t at;
		unsigned char value;
	} bad[] = { { 0, 0 }, { 0, NAMES_MOST + 1 }, { 8, 0xff } };
	struct frame_head h = bulletin(1, 0, TLP_RED), g;
	uint8_t id[RECEIVER_LEN];
	struct wire w;
	struct buf b;
	unsigned i;

	(void)state;
	buf_init(&b, 4096);
	for (i = 0; i < NAMES_MOST; i++) {
		memset(id, (int)i, sizeof id);
		assert_int_equal(frame_name(&h, id), 0);
	}
	memset(id, 99, sizeof id);
	assert_int_equal(frame_name(&h, id), ERR_LIMIT);
	h.named &= ~(uint64_t)2;
	frame_head_put(&b, &h);
	assert_int_equal(b.n, FRAME_HEAD_LEN + 9 + NAMES_MOST * RECEIVER_LEN);
	wire_init(&w, b.p, b.n);
	frame_head_get(&w, &g);
	assert_int_equal(wire_end(&w), 0);
	assert_int_equal(g.kind, FRAME_BULLETIN);
	assert_int_equal(g.name_count, NAMES_MOST);
	assert_true(g.named == ~(uint64_t)2);
	assert_memory_equal(g.names, h.names, sizeof h.names);
	assert_int_equal(frame_head_size(&g) % 16, 0);
	h.name_count = 1;
	h.named = 1;
	for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		buf_reset(&b);
		frame_head_put(&b, &h);
		b.p[FRAME_HEAD_LEN + bad[i].at] = (char)bad[i].value;
		wire_init(&w, b.p, b.n);
		frame_head_get(&w, &g);
		assert_int_not_equal(wire_end(&w), 0);
	}
	buf_done(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_audience),
		cmocka_unit_test(test_choices),
		cmocka_unit_test(test_offices),
		cmocka_unit_test(test_clearance_ends_at_green),
		cmocka_unit_test(test_subscription),
		cmocka_unit_test(test_exercise_is_left_out_on_wish),
		cmocka_unit_test(test_query_narrows),
		cmocka_unit_test(test_update_reaches_whom_an_earlier_one_reached),
		cmocka_unit_test(test_update_widens),
		cmocka_unit_test(test_bells_ring_on_desks),
		cmocka_unit_test(test_red_is_for_the_named),
		cmocka_unit_test(test_names_travel),
		cmocka_unit_test(test_codec),
		cmocka_unit_test(test_codec_refuses_what_is_out_of_range),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
