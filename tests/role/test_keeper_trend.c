/* SPDX-License-Identifier: Apache-2.0 */
/* Reports that say the same: a second member confirms, desks are told when many do. */
#include "tests/role/keeper_rig.h"

#include "daemon/keeper/expire.h"
#include "daemon/keeper/store_topic.h"

enum { DAY = 24 * 60 };

#define HASH "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
static const char hash[] =
    "{\"indicators\":[{\"type\":\"sha256\",\"value\":\"" HASH "\"}]}";
static const char exercise[] =
    "{\"exercise\":true,\"indicators\":[{\"type\":\"sha256\",\"value\":\"" HASH "\"}]}";
static const char weak[] =
    "{\"products\":[\"ExampleVPN\"],\"event_types\":[\"system_intrusion\"]}";

/* What the vault would say: since when it counts. */
static int64_t counting_since;

/* A PUT whose topics all have been counted so; 0 members: by nobody. */
static void
put(struct rig *g, unsigned slot, int level, const char *publish, const char *more,
    unsigned members)
{
	struct keeper_put m = rig_put_default();
	struct topics t;
	struct fault why;
	json_t *j = NULL;
	struct buf json, b;
	unsigned i;

	buf_init(&json, REPORT_JSON_MAX);
	buf_init(&b, KEEPER_FRAME_MAX);
	m.slot = (uint8_t)slot;
	rig_report(g, &json, level, publish, more);
	assert_int_equal(json_read(buf_slice(&json), &json_caps_report, &j, &why), 0);
	assert_int_equal(topics_of(j, &t), 0);
	json_decref(j);
	m.topic_count = (uint8_t)t.n;
	for (i = 0; i < t.n; i++) {
		memcpy(m.topics[i], t.v[i].id, TOPIC_LEN);
		m.counts[i].members = (uint16_t)members;
		m.counts[i].sectors = members > 1 ? 2 : (uint8_t)members;
	}
	m.since = members > 0 ? (uint32_t)counting_since : 0;
	rig_put_of(g, &m, &json, &b);
	assert_int_equal(rig_call(g, &g->peer[0], KM_PUT, &b), P_OK);
	buf_done(&json);
	buf_done(&b);
}

/* Rows of one kind so far, after those that are on their way; the last one in *h. */
static unsigned
rows_of(struct rig *g, struct rig_peer *p, unsigned kind, struct frame_head *h,
    struct slice *body)
{
	struct slice text, stub;
	struct store_info info;
	struct frame_head one;
	unsigned i, n = 0;

	store_info(g->k.store, &info);
	RIG_UNTIL(g, p->head == info.head || info.head == 0);
	for (i = 0; rig_row(p, i, &one, &text, &stub); i++) {
		if (one.kind != kind)
			continue;
		n++;
		*h = one;
		*body = text;
	}
	return n;
}

static int
says(const struct slice *body, const char *words)
{
	return memmem(body->p, body->n, words, strlen(words)) != NULL;
}

static struct rig_peer *
begin(struct rig *g, const char *policy)
{
	rig_open(g, policy);
	counting_since = rig_now / 60000 - DAY;
	return rig_tail(g, 1);
}

static void
test_second_member_confirms(void **state)
{
	struct frame_head h;
	struct slice body;
	struct rig_peer *p;
	struct rig g;

	(void)state;
	p = begin(&g, "");
	put(&g, RIG_MED, 3, "cross_sector", hash, 1);
	assert_int_equal(rows_of(&g, p, FRAME_BULLETIN, &h, &body), 1);
	assert_true((h.flags & FRAME_CROSS) == 0 && says(&body, "(one report)"));
	put(&g, RIG_BANK, 1, "none", weak, 2); /* about something else */
	put(&g, RIG_MED, 3, "none", hash, 1);  /* the same member again */
	assert_int_equal(rows_of(&g, p, FRAME_UPDATE, &h, &body), 0);

	put(&g, RIG_BANK, 1, "none", hash, 2);
	assert_int_equal(rows_of(&g, p, FRAME_UPDATE, &h, &body), 1);
	assert_true((h.flags & FRAME_CROSS) != 0 && slots_has(&h.slots, RIG_MED));
	assert_false(slots_has(&h.slots, RIG_BANK));
	assert_int_equal(h.revision, 2);
	assert_true(says(&body, "reported by more than one member"));
	assert_true(says(&body, "\"verified\":false") && !says(&body, "\"reports\""));
	assert_true(says(&body, "\"audience\":\"several\""));

	/* Once: further ones change nothing, over a restart too. */
	put(&g, RIG_BANK, 1, "none", hash, 3);
	rig_restart(&g);
	put(&g, RIG_PWR, 1, "none", hash, 4);
	p = rig_tail(&g, 1);
	assert_int_equal(rows_of(&g, p, FRAME_UPDATE, &h, &body), 1);
	rig_close(&g);
}

static json_t *
trends(struct rig *g, unsigned roles, unsigned slot, unsigned limit, unsigned page)
{
	struct keeper_list q;
	struct buf b;

	memset(&q, 0, sizeof q);
	q.rights = rig_rights(1, roles, slot);
	q.limit = limit;
	q.before = page;
	buf_init(&b, 512);
	keeper_list_put(&b, &q);
	assert_int_equal(rig_call(g, &g->peer[0], KM_TRENDS, &b), P_OK);
	buf_done(&b);
	return rig_json(&g->peer[0]);
}

/* Bulletins that wait for a second member to name the hash. */
static size_t
waiting(struct rig *g)
{
	static const uint8_t none[ID_LEN];
	struct store_topic w[50];
	json_t *j = json_loads(hash, 0, NULL);
	struct topics t;
	size_t n = 0;

	assert_int_equal(topics_of(j, &t), 0);
	json_decref(j);
	assert_int_equal(store_topic_waiting(g->k.store, t.v[0].id, none, w, 50, &n), 0);
	return n;
}

/* The second one's own warning is not alone when it goes out. */
static void
test_own_bulletin_of_the_second(void **state)
{
	struct frame_head h;
	struct slice body;
	struct rig_peer *p;
	struct rig g;

	(void)state;
	p = begin(&g, "");
	put(&g, RIG_MED, 3, "none", hash, 1);
	put(&g, RIG_BANK, 3, "cross_sector", hash, 2);
	assert_int_equal(rows_of(&g, p, FRAME_BULLETIN, &h, &body), 1);
	assert_true((h.flags & FRAME_CROSS) != 0 && slots_has(&h.slots, RIG_BANK));
	assert_true(says(&body, "reported by more than one member"));
	assert_int_equal(waiting(&g), 0);
	put(&g, RIG_PWR, 3, "none", hash, 3);
	assert_int_equal(rows_of(&g, p, FRAME_UPDATE, &h, &body), 0);
	/* From k on the number is shown. */
	put(&g, RIG_MED, 3, "ceptoar", hash, 5);
	assert_int_equal(rows_of(&g, p, FRAME_BULLETIN, &h, &body), 2);
	assert_true((h.flags & FRAME_CROSS) == 0 && says(&body, "\"reports\":5,"));
	put(&g, RIG_MED, 3, "cross_sector", hash, 10);
	assert_int_equal(rows_of(&g, p, FRAME_BULLETIN, &h, &body), 3);
	assert_true((h.flags & FRAME_CROSS) != 0 && !says(&body, "\"reports\""));
	rig_close(&g);
}

static void
test_consent_and_level_hold(void **state)
{
	static const struct {
		int level, cross;
		const char *publish, *policy;
	} t[] = {
		{ 3, 0, "ceptoar", "" },
		{ 2, 0, "cross_sector", "[policy]\nauto_own_level = 1\n" },
		{ 3, 0, "cross_sector", "[policy]\nconfirm_cross_level = 5\n" },
		{ 2, 1, "cross_sector",
		    "[policy]\nauto_own_level = 1\nconfirm_cross_level = 2\n" },
		{ 3, 0, "cross_sector",
		    "[policy medical-ceptoar]\nconfirm_cross_level = 4\n" },
	};
	struct frame_head h;
	struct slice body;
	struct rig_peer *p;
	struct rig g;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof t / sizeof t[0]; i++) {
		p = begin(&g, t[i].policy);
		put(&g, RIG_MED, t[i].level, t[i].publish, hash, 1);
		put(&g, RIG_BANK, 0, "none", hash, 2);
		if (rows_of(&g, p, FRAME_UPDATE, &h, &body) != 1 ||
		    ((h.flags & FRAME_CROSS) != 0) != t[i].cross ||
		    !slots_has(&h.slots, RIG_MED))
			fail_msg("row %zu: flags %x", i, h.flags);
		rig_close(&g);
	}
	/* To ask for more from a confirmed one than from another makes no sense. */
	p = begin(&g, "[policy]\nauto_cross_level = 3\nconfirm_cross_level = 5\n");
	put(&g, RIG_MED, 3, "cross_sector", hash, 2);
	assert_int_equal(rows_of(&g, p, FRAME_BULLETIN, &h, &body), 1);
	assert_true((h.flags & FRAME_CROSS) != 0);
	rig_close(&g);
	/* What was not released is not released by this either. */
	p = begin(&g, "");
	put(&g, RIG_MED, 3, "none", hash, 1);
	put(&g, RIG_MED, 4, "cross_sector",
	    "{\"tlp\":\"TLP:RED\",\"indicators\":[{\"type\":\"sha256\",\"value\":\"" HASH
	    "\"}]}",
	    1);
	put(&g, RIG_MED, 2, "cross_sector", hash, 1);
	put(&g, RIG_BANK, 0, "none", hash, 2);
	put(&g, SLOT_NONE, 3, "cross_sector", hash, 3); /* an agency's */
	assert_int_equal(rows_of(&g, p, FRAME_BULLETIN, &h, &body), 0);
	assert_int_equal(rows_of(&g, p, FRAME_UPDATE, &h, &body), 0);
	rig_close(&g);
}

static void
test_what_does_not_confirm(void **state)
{
	struct frame_head h;
	struct slice body;
	struct rig_peer *p;
	struct rig g;

	(void)state;
	p = begin(&g, "");
	put(&g, RIG_MED, 3, "cross_sector", hash, 1);
	put(&g, RIG_MED, 3, "cross_sector", weak, 1);
	put(&g, RIG_BANK, 0, "none", exercise, 2); /* a drill */
	put(&g, RIG_BANK, 0, "none", weak, 9);	   /* a product that many have */
	put(&g, RIG_BANK, 0, "none", hash, 0);	   /* the blind listener */
	assert_int_equal(rows_of(&g, p, FRAME_UPDATE, &h, &body), 0);
	/* What has ended is left alone. */
	assert_int_equal(expire_due(&g.k, rig_now / 60000 + 73 * 60, 10), 2);
	put(&g, RIG_BANK, 0, "none", hash, 2);
	assert_int_equal(rows_of(&g, p, FRAME_UPDATE, &h, &body), 0);
	/* In a drill it is the same among its own. */
	put(&g, RIG_MED, 3, "cross_sector", exercise, 1);
	put(&g, RIG_BANK, 0, "none", hash, 3);
	assert_int_equal(rows_of(&g, p, FRAME_UPDATE, &h, &body), 0);
	put(&g, RIG_BANK, 0, "none", exercise, 2);
	assert_int_equal(rows_of(&g, p, FRAME_UPDATE, &h, &body), 1);
	assert_true((h.flags & FRAME_EXERCISE) != 0 && (h.flags & FRAME_CROSS) != 0);
	rig_close(&g);
}

/* The figures are taken from the front, what they belong to is not. */
static void
test_a_front_that_lies(void **state)
{
	struct keeper_put m = rig_put_default();
	struct frame_head h;
	struct slice body;
	struct rig_peer *p;
	struct topics t;
	json_t *j = json_loads(hash, 0, NULL);
	struct rig g;

	(void)state;
	p = begin(&g, "");
	put(&g, RIG_MED, 3, "cross_sector", hash, 1);
	assert_int_equal(topics_of(j, &t), 0);
	json_decref(j);
	m.slot = RIG_BANK;
	m.topic_count = 1;
	memcpy(m.topics[0], t.v[0].id, TOPIC_LEN);
	m.counts[0].members = 9;
	assert_int_equal(rig_put(&g, &m, 0, "none", NULL), P_OK); /* names no hash */
	assert_int_equal(rig_put(&g, &m, 0, "none", weak), P_OK); /* but something else */
	assert_int_equal(rows_of(&g, p, FRAME_UPDATE, &h, &body), 0);
	j = trends(&g, ROLE_CENTRE, 0, 50, 0);
	assert_int_equal(json_array_size(rig_at(j, "trends")), 0);
	json_decref(j);
	rig_close(&g);
}

/* "This happened to us too", from two members: one of them is not its author. */
static void
test_seen_bulletin(void **state)
{
	struct frame_head h;
	struct slice body;
	struct rig_peer *p;
	struct rig g;
	char seen[2][128];
	const char *number;
	unsigned i;

	(void)state;
	for (i = 0; i < 2; i++) {
		p = begin(&g, "");
		put(&g, RIG_MED, 3, "cross_sector", NULL, 0);
		assert_int_equal(rows_of(&g, p, FRAME_BULLETIN, &h, &body), 1);
		number = memmem(body.p, body.n, "\"number\":\"", 10);
		assert_non_null(number);
		(void)snprintf(seen[0], sizeof seen[0], "{\"seen_bulletin\":\"%.10s\"}",
		    number + 10);
		number = memmem(body.p, body.n, "\"id\":\"", 6);
		(void)snprintf(
		    seen[1], sizeof seen[1], "{\"seen_bulletin\":\"%.32s\"}", number + 6);
		put(&g, RIG_BANK, 0, "none", seen[i], 1);
		assert_int_equal(rows_of(&g, p, FRAME_UPDATE, &h, &body), 0);
		/* In a drill it is said of the drill. */
		(void)memmove(strrchr(seen[i], '}'), ",\"exercise\":true}", 18);
		put(&g, RIG_BANK, 0, "none", seen[i], 2);
		assert_int_equal(rows_of(&g, p, FRAME_UPDATE, &h, &body), 0);
		(void)memmove(strrchr(seen[i], ','), "}", 2);
		put(&g, RIG_PWR, 0, "none", seen[i], 2);
		assert_int_equal(rows_of(&g, p, FRAME_UPDATE, &h, &body), 1);
		assert_true((h.flags & FRAME_CROSS) != 0);
		put(&g, RIG_PWR, 0, "none", seen[i], 3);
		assert_int_equal(rows_of(&g, p, FRAME_UPDATE, &h, &body), 1);
		rig_close(&g);
	}
}

/* A bulletin goes on counting: what is shown with "still unverified" is of then. */
static void
test_note_counts_on(void **state)
{
	struct frame_head h;
	struct slice body;
	struct rig_peer *p;
	struct rig g;

	(void)state;
	p = begin(&g, "");
	put(&g, RIG_MED, 3, "cross_sector", hash, 1);
	put(&g, RIG_BANK, 0, "none", hash, 2);
	put(&g, RIG_BANK, 0, "none", hash, 12);
	assert_int_equal(expire_due(&g.k, rig_now / 60000 + 6 * 60, 10), 1);
	assert_int_equal(rows_of(&g, p, FRAME_UPDATE, &h, &body), 2);
	assert_true(says(&body, "still unverified (reported by more than one member)"));
	assert_true(says(&body, "\"reports\":12,") && (h.flags & FRAME_CROSS) != 0);
	rig_close(&g);
}

/* Many bulletins of one member wait: some with each report, in the end all. */
static void
test_many_wait(void **state)
{
	struct frame_head h;
	struct slice body;
	struct rig_peer *p;
	struct rig g;
	unsigned i;

	(void)state;
	p = begin(&g, "");
	for (i = 0; i < 20; i++)
		put(&g, RIG_MED, 3, "cross_sector", hash, 1);
	put(&g, RIG_BANK, 0, "none", hash, 2);
	assert_int_equal(rows_of(&g, p, FRAME_UPDATE, &h, &body), 8);
	put(&g, RIG_BANK, 0, "none", hash, 2);
	put(&g, RIG_BANK, 0, "none", hash, 2);
	assert_int_equal(rows_of(&g, p, FRAME_UPDATE, &h, &body), 20);
	assert_int_equal(waiting(&g), 0);
	put(&g, RIG_BANK, 0, "none", hash, 2);
	assert_int_equal(rows_of(&g, p, FRAME_UPDATE, &h, &body), 20);
	rig_close(&g);
}

/* -------- trends */

static unsigned
bells(struct rig *g, struct rig_peer *p, struct frame_head *h)
{
	struct slice text, stub;
	struct store_info info;
	struct frame_head one;
	unsigned i, n = 0;

	store_info(g->k.store, &info);
	RIG_UNTIL(g, p->head == info.head);
	for (i = 0; rig_row(p, i, &one, &text, &stub); i++)
		if (one.kind == FRAME_INBOX && says(&text, "\"trend\":true")) {
			assert_false(says(&text, HASH));
			n++;
			*h = one;
		}
	return n;
}

static void
test_desks_are_told_at_steps(void **state)
{
	static const unsigned counted[] = { 1, 2, 2, 3, 3, 4, 5, 9, 4, 5, 10 };
	static const unsigned told[] = { 0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 3 };
	struct frame_head h;
	struct rig_peer *p;
	struct rig g;
	size_t i;

	(void)state;
	p = begin(&g, "");
	for (i = 0; i < sizeof counted / sizeof counted[0]; i++) {
		put(&g, i == 0 ? RIG_BANK : RIG_MED, i == 1 ? 2 : 0, "none", hash,
		    counted[i]);
		if (bells(&g, p, &h) != told[i])
			fail_msg("report %zu: %u bells", i, bells(&g, p, &h));
	}
	assert_true(slots_has(&h.slots, RIG_MED) && slots_has(&h.slots, RIG_BANK));
	assert_false(slots_has(&h.slots, RIG_PWR));
	assert_true((h.flags & FRAME_CENTRE) != 0 && h.sector == SECTOR_NONE);
	assert_int_equal(h.severity, 2);
	/* The next day it is news again. */
	rig_now += 25 * 3600 * 1000;
	put(&g, RIG_MED, 0, "none", hash, 4);
	assert_int_equal(bells(&g, p, &h), 4);
	/* Other steps, as data. */
	rig_conf(&g, "");
	g.k.opt.trend_steps[0] = 2;
	g.k.opt.trend_steps[1] = 0;
	put(&g, RIG_MED, 0, "none", weak, 2);
	assert_int_equal(bells(&g, p, &h), 5);
	rig_close(&g);
}

static void
test_list_of_trends(void **state)
{
	struct rig g;
	json_t *j;

	(void)state;
	(void)begin(&g, "");
	put(&g, RIG_MED, 0, "none", hash, 1);
	put(&g, RIG_BANK, 0, "none", hash, 2);
	j = trends(&g, ROLE_CENTRE, 0, 50, 0);
	assert_int_equal(json_array_size(rig_at(j, "trends")), 0); /* two are not many */
	json_decref(j);
	put(&g, RIG_MED, 0, "none", hash, 3);
	rig_now += 60000;
	put(&g, RIG_PWR, 0, "none", weak, 5);
	rig_now += 60000;
	put(&g, RIG_PWR, 0, "none", exercise, 4);

	j = trends(&g, ROLE_SECRETARIAT, RIG_MED, 50, 0);
	assert_int_equal(json_array_size(rig_at(j, "trends")), 1);
	assert_string_equal(rig_text(j, "trends.0.topic.kind"), "indicator");
	assert_string_equal(rig_text(j, "trends.0.topic.type"), "sha256");
	assert_string_equal(rig_text(j, "trends.0.topic.value"), HASH);
	assert_int_equal(json_integer_value(rig_at(j, "trends.0.members")), 3);
	assert_int_equal(json_integer_value(rig_at(j, "trends.0.sectors")), 2);
	assert_true(json_is_null(rig_at(j, "trends.0.reports"))); /* fewer than k */
	assert_string_equal(rig_text(j, "trends.0.status"), "actual");
	assert_true(json_is_true(rig_at(j, "trends.0.whole")));
	assert_true(json_is_null(rig_at(j, "next")));
	json_decref(j);
	/* The centre sees all, the newest first, a page at a time. */
	j = trends(&g, ROLE_CENTRE, 0, 2, 0);
	assert_int_equal(json_array_size(rig_at(j, "trends")), 2);
	assert_string_equal(rig_text(j, "trends.0.status"), "exercise");
	assert_string_equal(rig_text(j, "trends.1.topic.value"), "examplevpn");
	assert_string_equal(rig_text(j, "trends.1.topic.event"), "system_intrusion");
	assert_int_equal(json_integer_value(rig_at(j, "next")), 2);
	json_decref(j);
	j = trends(&g, ROLE_CENTRE, 0, 2, 2);
	assert_int_equal(json_array_size(rig_at(j, "trends")), 1);
	json_decref(j);
	/* What others have stands in no figure of a page. */
	put(&g, RIG_BANK, 0, "none",
	    "{\"indicators\":[{\"type\":\"domain\",\"value\":"
	    "\"evil.example\"}]}",
	    3);
	j = trends(&g, ROLE_SECRETARIAT, RIG_BANK, 1, 0);
	assert_int_equal(json_integer_value(rig_at(j, "next")), 1);
	json_decref(j);
	j = trends(&g, ROLE_SECRETARIAT, RIG_BANK, 1, 1);
	assert_string_equal(rig_text(j, "trends.0.topic.value"), HASH);
	assert_true(json_is_null(rig_at(j, "next")));
	json_decref(j);
	rig_close(&g);
}

/* A lost count is said, and found again when 24 hours have been counted. */
static void
test_lost_count_is_said(void **state)
{
	struct rig g;
	json_t *j;

	(void)state;
	(void)begin(&g, "");
	put(&g, RIG_MED, 0, "none", hash, 3);
	counting_since = rig_now / 60000; /* the vault has started again */
	put(&g, RIG_MED, 0, "none", hash, 1);
	j = trends(&g, ROLE_CENTRE, 0, 50, 0);
	assert_int_equal(json_integer_value(rig_at(j, "trends.0.members")), 1);
	assert_true(json_is_false(rig_at(j, "trends.0.whole")));
	assert_true(rig_text(j, "trends.0.since")[0] != '\0');
	json_decref(j);
	rig_now += (int64_t)DAY * 60000;
	put(&g, RIG_MED, 0, "none", hash, 2);
	j = trends(&g, ROLE_CENTRE, 0, 50, 0);
	assert_true(json_is_true(rig_at(j, "trends.0.whole")));
	json_decref(j);
	rig_close(&g);
}

static json_t *
inbox(struct rig *g)
{
	struct keeper_list q;
	struct buf b;

	memset(&q, 0, sizeof q);
	q.rights = rig_rights(1, ROLE_SECRETARIAT, RIG_MED);
	q.limit = 50;
	buf_init(&b, 512);
	keeper_list_put(&b, &q);
	assert_int_equal(rig_call(g, &g->peer[0], KM_INBOX, &b), P_OK);
	buf_done(&b);
	return rig_json(&g->peer[0]);
}

static void
test_like(void **state)
{
	struct rig g;
	json_t *j;

	(void)state;
	(void)begin(&g, "");
	put(&g, RIG_MED, 0, "none", hash, 1);
	put(&g, RIG_MED, 0, "none", hash, 1); /* by the same member: nobody's business */
	j = inbox(&g);
	assert_null(rig_at(j, "items.0.like"));
	json_decref(j);
	counting_since = rig_now / 60000 - 10; /* and nothing was there to be lost */
	put(&g, RIG_MED, 0, "none", hash, 1);
	j = inbox(&g);
	assert_null(rig_at(j, "items.0.like"));
	json_decref(j);
	counting_since = rig_now / 60000 - DAY;
	put(&g, RIG_BANK, 0, "none", hash, 2);
	j = inbox(&g);
	assert_int_equal(json_array_size(rig_at(j, "items")), 3);
	assert_int_equal(json_integer_value(rig_at(j, "items.0.like.members")), 2);
	assert_int_equal(json_integer_value(rig_at(j, "items.0.like.sectors")), 2);
	/* Of few, how many reports they sent would say who has sent several. */
	assert_true(json_is_null(rig_at(j, "items.0.like.reports")));
	assert_string_equal(rig_text(j, "items.1.like.topic.value"), HASH);
	assert_true(json_is_true(rig_at(j, "items.0.like.whole")));
	json_decref(j);
	put(&g, RIG_BANK, 0, "none", hash, 5);
	j = inbox(&g);
	assert_int_equal(json_integer_value(rig_at(j, "items.0.like.members")), 5);
	assert_int_equal(json_integer_value(rig_at(j, "items.0.like.reports")), 5);
	json_decref(j);
	/* Lost: said, though only one member is left of the count. */
	rig_now += 60000;
	counting_since = rig_now / 60000;
	put(&g, RIG_BANK, 0, "none", hash, 1);
	j = inbox(&g);
	assert_int_equal(json_integer_value(rig_at(j, "items.0.like.members")), 1);
	assert_true(json_is_false(rig_at(j, "items.0.like.whole")));
	json_decref(j);
	rig_close(&g);
}

static void
assert_others(struct rig *g, const uint8_t *case_id, unsigned want)
{
	struct keeper_case c;
	struct buf b;
	json_t *j;

	memset(&c, 0, sizeof c);
	memcpy(c.case_id, case_id, ID_LEN);
	assert_true(hex_decode(slice_of("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934c"
					"a495991b7852b855"),
			c.secret_hash, 32) == 32);
	buf_init(&b, 512);
	keeper_case_put(&b, &c);
	assert_int_equal(rig_call(g, &g->peer[0], KM_CASE, &b), P_OK);
	buf_done(&b);
	j = rig_json(&g->peer[0]);
	assert_int_equal(json_integer_value(rig_at(j, "others")), want);
	assert_int_equal(rig_at(j, "others") != NULL, want != 0);
	json_decref(j);
}

static void
test_others_of_a_case(void **state)
{
	uint8_t case_id[ID_LEN];
	struct rig g;
	json_t *j;

	(void)state;
	(void)begin(&g, "");
	/* The commitment is SHA-256 of the empty string. */
	put(&g, RIG_MED, 0, "none",
	    "{\"case_commitment\":\"47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU\","
	    "\"products\":[\"ExampleVPN\"],\"event_types\":[\"system_intrusion\"],"
	    "\"indicators\":[{\"type\":\"sha256\",\"value\":\"" HASH "\"}]}",
	    1);
	j = rig_json(&g.peer[0]);
	assert_int_equal(
	    hex_decode(slice_of(rig_text(j, "case")), case_id, ID_LEN), ID_LEN);
	json_decref(j);
	assert_others(&g, case_id, 0);
	put(&g, RIG_BANK, 0, "none", weak, 40); /* the product alone says little */
	put(&g, RIG_BANK, 0, "none", hash, 5);
	assert_others(&g, case_id, 0);
	put(&g, RIG_BANK, 0, "none", hash, 6);
	assert_others(&g, case_id, 5);
	put(&g, RIG_BANK, 0, "none", hash, 13);
	assert_others(&g, case_id, 12);
	rig_close(&g);
}

static void
test_retention(void **state)
{
	struct store_topic t;
	struct topics topics;
	json_t *j = json_loads(hash, 0, NULL);
	struct rig g;

	(void)state;
	(void)begin(&g, "");
	put(&g, RIG_MED, 0, "none", hash, 3);
	assert_int_equal(topics_of(j, &topics), 0);
	json_decref(j);
	assert_int_equal(expire_prune(&g.k, rig_now / 60000 + 30 * DAY, 10), 0);
	assert_int_equal(store_topic_last(g.k.store, topics.v[0].id, &t), 0);
	assert_int_equal(t.members, 3);
	assert_int_equal(expire_prune(&g.k, rig_now / 60000 + 30 * DAY + 1, 10), 2);
	assert_int_equal(store_topic_last(g.k.store, topics.v[0].id, &t), ERR_NOTFOUND);
	j = trends(&g, ROLE_CENTRE, 0, 50, 0);
	assert_int_equal(json_array_size(rig_at(j, "trends")), 0);
	json_decref(j);
	rig_close(&g);
}

static void
test_faulty_steps_are_refused(void **state)
{
	static const char *const bad[] = { "", "1,3", "3,3", "5,3", "3,", "3;5", "x",
		"3,99999", "2,3,4,5,6,7,8,9,10" };
	struct options o;
	char text[128];
	struct buf why;
	struct rig g;
	size_t i;

	(void)state;
	rig_open(&g, "");
	for (i = 0; i <= sizeof bad / sizeof bad[0]; i++) {
		(void)snprintf(text, sizeof text, "[keeper]\ntrend_steps = %s\n",
		    i > 0 ? bad[i - 1] : "2,4,65535");
		rig_conf(&g, text);
		buf_init(&why, 4096);
		if (options_read(&o, g.conf, &why) != (i > 0 ? ERR_INVALID : 0))
			fail_msg("%s: %s", text, buf_cstr(&why));
		buf_done(&why);
	}
	rig_close(&g);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_second_member_confirms),
		cmocka_unit_test(test_own_bulletin_of_the_second),
		cmocka_unit_test(test_consent_and_level_hold),
		cmocka_unit_test(test_what_does_not_confirm),
		cmocka_unit_test(test_a_front_that_lies),
		cmocka_unit_test(test_seen_bulletin),
		cmocka_unit_test(test_note_counts_on),
		cmocka_unit_test(test_many_wait),
		cmocka_unit_test(test_desks_are_told_at_steps),
		cmocka_unit_test(test_list_of_trends),
		cmocka_unit_test(test_lost_count_is_said),
		cmocka_unit_test(test_like),
		cmocka_unit_test(test_others_of_a_case),
		cmocka_unit_test(test_retention),
		cmocka_unit_test(test_faulty_steps_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
