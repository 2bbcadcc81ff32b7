/* SPDX-License-Identifier: Apache-2.0 */
/* The k gate, case by case: what it lets be shown, what waits, and where that is said. */
#include "tests/role/keeper_rig.h"

#include <sqlite3.h>

#include "daemon/keeper/expire.h"
#include "daemon/keeper/kgate.h"

enum { RIG_CREDIT = 16, MOST = 64, HOUR = 60 };

static const char commitment[] = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU";
static const uint8_t secret_hash[32] = { 0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14,
	0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24, 0x27, 0xae, 0x41, 0xe4, 0x64,
	0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55 };

/* A directory in the making. */
struct crowd {
	struct vault_dir_row rows[MOST];
	size_t n;
};

static void
add(struct crowd *c, size_t n, unsigned role, unsigned slot, const char *region,
    const char *class_, const char *size)
{
	struct vault_dir_row *row;

	for (; n > 0; n--) {
		assert_true(c->n < MOST);
		row = &c->rows[c->n++];
		memset(row, 0, sizeof *row);
		row->rights = rig_rights((unsigned)c->n, role, slot);
		subscription_default(&row->wants);
		(void)snprintf(row->region, sizeof row->region, "%s", region);
		(void)snprintf(row->class_, sizeof row->class_, "%s", class_);
		(void)snprintf(row->size, sizeof row->size, "%s", size);
	}
}

static void
settle(struct rig *g, const struct crowd *c)
{
	rig_directory(g, c->rows, c->n);
}

/* The newest row of the log, read by nobody's rights. */
static json_t *
newest(struct rig *g, struct frame_head *h)
{
	struct slice body, stub;
	struct store_info info;
	struct buf row;
	struct wire w;
	uint32_t n = 0;
	json_t *j;

	store_info(g->k.store, &info);
	buf_init(&row, KEEPER_FRAME_MAX);
	assert_int_equal(store_log_page(g->k.store, info.head, 1, &row, &n), 0);
	assert_int_equal(n, 1);
	wire_init(&w, row.p, row.n);
	frame_get(&w, h, &body, &stub);
	assert_int_equal(w.err, 0);
	j = json_loadb(body.p, body.n, 0, NULL);
	assert_non_null(j);
	buf_done(&row);
	return j;
}

/* The first item of an inbox. */
static json_t *
inbox(struct rig *g, unsigned role)
{
	struct keeper_list q = { .limit = 10 };
	json_t *j, *first;
	struct buf b;

	q.rights = rig_rights(250, role, RIG_MED);
	buf_init(&b, 1024);
	keeper_list_put(&b, &q);
	assert_int_equal(rig_call(g, &g->peer[0], KM_INBOX, &b), P_OK);
	buf_done(&b);
	j = rig_json(&g->peer[0]);
	first = json_incref((json_t *)(uintptr_t)rig_at(j, "items.0"));
	assert_non_null(first);
	json_decref(j);
	return first;
}

static int
has(const json_t *list, const char *word)
{
	json_t *v;
	size_t i;

	json_array_foreach(
	    list, i, v) if (strstr(json_string_value(v), word) != NULL) return 1;
	return 0;
}

/* Puts a first report; 1 when it was released.  *m goes on with its case. */
static int
put(struct rig *g, struct keeper_put *m, int level, const char *publish, const char *more)
{
	char text[512];
	json_t *j;
	int released;

	if (!m->has_case)
		(void)snprintf(text, sizeof text, "{\"case_commitment\":\"%s\"%s%s}",
		    commitment, more != NULL ? "," : "", more != NULL ? more : "");
	else
		(void)snprintf(text, sizeof text, "{%s}",
		    more != NULL ? more : "\"stage\":\"first\"");
	assert_int_equal(rig_put(g, m, level, publish, text), P_OK);
	j = rig_json(&g->peer[0]);
	released = strcmp(rig_text(j, "state"), "released") == 0;
	assert_int_equal(rig_at(j, "bulletin") != NULL, released);
	if (!m->has_case) {
		assert_int_equal(
		    hex_decode(slice_of(rig_text(j, "case")), m->case_id, ID_LEN),
		    ID_LEN);
		memcpy(m->secret_hash, secret_hash, sizeof secret_hash);
		m->has_case = 1;
	}
	json_decref(j);
	return released;
}

static void
test_few_members_wait(void **state)
{
	struct keeper_put m = rig_put_default();
	struct store_info info;
	struct frame_head h;
	struct crowd c = { .n = 0 };
	struct rig g;
	json_t *j;

	(void)state;
	rig_open(&g, "");
	add(&c, 3, ROLE_OPERATOR, RIG_MED, "", "", "");
	add(&c, 1, ROLE_AFFILIATE, RIG_MED, "", "", "");
	add(&c, 1, ROLE_OPERATOR, RIG_MED, "", "", "");
	c.rows[4].disabled = 1; /* suspended: it cannot have sent anything */
	add(&c, 20, ROLE_SECRETARIAT, RIG_MED, "", "", "");
	add(&c, 20, ROLE_OPERATOR, RIG_PWR, "", "", "");
	settle(&g, &c);
	assert_int_equal(put(&g, &m, 3, "ceptoar", NULL), 0);
	store_info(g.k.store, &info);
	assert_int_equal(info.head, 1); /* the bell */
	j = inbox(&g, ROLE_SECRETARIAT);
	assert_int_equal(json_integer_value(rig_at(j, "k.inside")), 4);
	assert_true(json_is_null(rig_at(j, "k.beyond")));
	assert_int_equal(json_array_size(rig_at(j, "k.shown")), 0);
	assert_true(has(rig_at(j, "held"), "k: too few members"));
	assert_string_equal(rig_text(j, "state"), "received");
	json_decref(j);

	c.rows[4].disabled = 0;
	settle(&g, &c);
	m = rig_put_default();
	assert_int_equal(put(&g, &m, 3, "ceptoar", NULL), 1);
	j = newest(&g, &h);
	assert_string_equal(rig_text(j, "sector.slug"), "medical");
	assert_int_equal(h.sector, 7);
	json_decref(j);
	j = inbox(&g, ROLE_SECRETARIAT);
	assert_int_equal(json_array_size(rig_at(j, "held")), 0);
	json_decref(j);
	/* The reporter asked for more. */
	m = rig_put_default();
	assert_int_equal(
	    put(&g, &m, 3, "ceptoar", "\"consent\":{\"publish\":\"ceptoar\",\"k\":6}"),
	    0);
	rig_close(&g);
}

static void
test_ladder_inside(void **state)
{
	static const struct {
		const char *claim, *region, *class_, *size;
	} rows[] = {
		/* 5 small chubu hospitals, 3 large kanto hospitals, 4 small chubu
		   clinics. */
		{ "\"region\":\"chubu\",\"class\":\"hospital\",\"size\":\"small\"",
		    "chubu", "hospital", "small" },
		{ "\"region\":\"kanto\",\"class\":\"hospital\",\"size\":\"large\"", "",
		    "hospital", "" },
		{ "\"class\":\"clinic\"", "", "", "" },
		{ "\"region\":\"chubu\",\"size\":\"large\"", "chubu", "", "" },
		{ "\"region\":\"nowhere\"", "", "", "" },
		{ "\"region\":\"chub\"", "", "", "" },
		{ "\"region\":\"chubu\"", "chubu", "", "" },
	};
	struct crowd c = { .n = 0 };
	struct keeper_put m;
	struct frame_head h;
	char more[256];
	struct rig g;
	json_t *j;
	size_t i;

	(void)state;
	rig_open(&g, "");
	add(&c, 5, ROLE_OPERATOR, RIG_MED, "chubu", "hospital", "small");
	add(&c, 3, ROLE_OPERATOR, RIG_MED, "kanto", "hospital", "large");
	add(&c, 4, ROLE_OPERATOR, RIG_MED, "chubu", "clinic", "small");
	add(&c, 20, ROLE_OPERATOR, RIG_PWR, "kanto", "clinic", "large");
	settle(&g, &c);
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		m = rig_put_default();
		(void)snprintf(more, sizeof more, "\"facility\":{%s}", rows[i].claim);
		assert_int_equal(put(&g, &m, 3, "ceptoar", more), 1);
		j = newest(&g, &h);
		if (strcmp(rig_text(j, "facility.region"), rows[i].region) != 0 ||
		    strcmp(rig_text(j, "facility.class"), rows[i].class_) != 0 ||
		    strcmp(rig_text(j, "facility.size"), rows[i].size) != 0)
			fail_msg("row %zu: %s", i, json_dumps(rig_at(j, "facility"), 0));
		/* In the own CEPTOAR the minute and the sector stay. */
		assert_string_equal(
		    rig_text(j, "issued_at"), "2026-11-08T10:06:00+09:00");
		assert_string_equal(rig_text(j, "sector.slug"), "medical");
		json_decref(j);
	}
	rig_close(&g);
}

static void
test_ladder_beyond(void **state)
{
	struct keeper_put m = rig_put_default();
	struct crowd c = { .n = 0 };
	struct frame_head h;
	struct rig g;
	json_t *j;

	(void)state;
	rig_open(&g, "");
	m.slot = RIG_CREDIT;
	add(&c, 6, ROLE_OPERATOR, RIG_CREDIT, "kanto", "", "");
	add(&c, 4, ROLE_OPERATOR, RIG_BANK, "kanto", "", "");
	settle(&g, &c);
	/* Even all of them are ten: beyond the own CEPTOAR it goes to nobody. */
	assert_int_equal(
	    put(&g, &m, 4, "cross_sector", "\"facility\":{\"region\":\"kanto\"}"), 1);
	j = newest(&g, &h);
	assert_int_equal(h.flags & FRAME_CROSS, 0);
	assert_string_equal(rig_text(j, "audience"), "ceptoar");
	assert_string_equal(rig_text(j, "sector.slug"), "credit-card");
	/* What had been dropped for the others' sake is back. */
	assert_string_equal(rig_text(j, "facility.region"), "kanto");
	json_decref(j);
	j = inbox(&g, ROLE_CENTRE);
	assert_true(has(rig_at(j, "held"), "beyond the own CEPTOAR"));
	assert_int_equal(json_integer_value(rig_at(j, "k.inside")), 6);
	assert_int_equal(json_integer_value(rig_at(j, "k.beyond")), 10);
	json_decref(j);

	/* Without a sector there are eleven; the header tells no sector either. */
	add(&c, 1, ROLE_OPERATOR, RIG_PWR, "kanto", "", "");
	settle(&g, &c);
	m = rig_put_default();
	m.slot = RIG_CREDIT;
	assert_int_equal(
	    put(&g, &m, 4, "cross_sector", "\"facility\":{\"region\":\"kanto\"}"), 1);
	j = newest(&g, &h);
	assert_true((h.flags & FRAME_CROSS) != 0);
	assert_int_equal(h.sector, 255);
	assert_null(rig_at(j, "sector"));
	assert_null(rig_at(j, "facility"));
	assert_string_equal(rig_text(j, "issued_at"), "2026-11-08T00:00:00+09:00");
	assert_string_equal(rig_text(j, "valid_until"), "2026-11-12T00:00:00+09:00");
	json_decref(j);

	/* With a bank more the group of sectors is enough. */
	add(&c, 1, ROLE_OPERATOR, RIG_BANK, "kinki", "", "");
	settle(&g, &c);
	m = rig_put_default();
	m.slot = RIG_CREDIT;
	assert_int_equal(put(&g, &m, 4, "cross_sector", NULL), 1);
	j = newest(&g, &h);
	assert_int_equal(h.sector, 255);
	assert_string_equal(rig_text(j, "sector.slug"), "finance");
	assert_string_equal(rig_text(j, "sector.en"), "finance and credit");
	json_decref(j);

	/* Eleven in the sector itself. */
	add(&c, 5, ROLE_AFFILIATE, RIG_CREDIT, "tokai", "", "");
	settle(&g, &c);
	m = rig_put_default();
	m.slot = RIG_CREDIT;
	assert_int_equal(put(&g, &m, 4, "cross_sector", NULL), 1);
	j = newest(&g, &h);
	assert_int_equal(h.sector, 11);
	assert_string_equal(rig_text(j, "sector.slug"), "credit-card");
	assert_string_equal(rig_text(j, "issued_at"), "2026-11-08T10:06:00+09:00");
	json_decref(j);
	rig_close(&g);
}

static void
test_products_and_ot_are_held_back(void **state)
{
	static const char more[] =
	    "\"products\":[\"KakuuRoute\"],\"systems\":[\"it\",\"ot\"],"
	    "\"references\":[\"CVE-2026-0001\"],\"indicators\":[{"
	    "\"type\":\"ipv4\",\"value\":\"203.0.113.9\"}]";
	struct keeper_put m = rig_put_default();
	struct crowd c = { .n = 0 };
	struct frame_head h;
	struct rig g;
	json_t *j;

	(void)state;
	rig_open(&g, "");
	add(&c, 19, ROLE_OPERATOR, RIG_MED, "", "", "");
	settle(&g, &c);
	assert_int_equal(put(&g, &m, 3, "ceptoar", more), 1);
	j = newest(&g, &h);
	assert_null(rig_at(j, "products"));
	assert_string_equal(rig_text(j, "references.0"), "CVE-2026-0001");
	assert_string_equal(rig_text(j, "indicators.0.value"), "203.0.113.9");
	assert_int_equal(h.product_count, 0);
	assert_int_equal(h.flags & (FRAME_IT | FRAME_OT), FRAME_IT);
	json_decref(j);
	add(&c, 1, ROLE_OPERATOR, RIG_MED, "", "", "");
	settle(&g, &c);
	m = rig_put_default();
	assert_int_equal(put(&g, &m, 3, "ceptoar", more), 1);
	j = newest(&g, &h);
	assert_string_equal(rig_text(j, "products.0"), "KakuuRoute");
	assert_int_equal(h.product_count, 1);
	assert_true((h.flags & FRAME_OT) != 0);
	json_decref(j);
	rig_close(&g);
}

/* A follow-up adds nothing that would single its sender out together with what is known.
 */
static void
test_earlier_bulletins_count(void **state)
{
	struct keeper_put m = rig_put_default();
	struct crowd c = { .n = 0 };
	struct frame_head h;
	struct rig g;
	json_t *j;

	(void)state;
	rig_open(&g, "");
	add(&c, 3, ROLE_OPERATOR, RIG_MED, "chubu", "hospital", "");
	add(&c, 3, ROLE_OPERATOR, RIG_MED, "chubu", "clinic", "");
	add(&c, 3, ROLE_OPERATOR, RIG_MED, "kanto", "hospital", "");
	add(&c, 3, ROLE_OPERATOR, RIG_MED, "kanto", "clinic", "");
	settle(&g, &c);
	assert_int_equal(
	    put(&g, &m, 3, "ceptoar", "\"facility\":{\"region\":\"chubu\"}"), 1);
	/* Six are hospitals, and six are in chubu, but three are both. */
	assert_int_equal(
	    put(&g, &m, 3, "ceptoar", "\"facility\":{\"class\":\"hospital\"}"), 1);
	j = newest(&g, &h);
	assert_int_equal(h.kind, FRAME_UPDATE);
	assert_null(rig_at(j, "facility"));
	json_decref(j);
	/* Another region than before would say that one of them was untrue. */
	assert_int_equal(
	    put(&g, &m, 3, "ceptoar", "\"facility\":{\"region\":\"kanto\"}"), 1);
	j = newest(&g, &h);
	assert_null(rig_at(j, "facility"));
	json_decref(j);
	assert_int_equal(
	    put(&g, &m, 3, "ceptoar", "\"facility\":{\"region\":\"chubu\"}"), 1);
	j = newest(&g, &h);
	assert_string_equal(rig_text(j, "facility.region"), "chubu");
	json_decref(j);
	rig_close(&g);
}

static void
test_shrunk_register_holds_the_update(void **state)
{
	struct keeper_put m = rig_put_default(), other = rig_put_default();
	struct store_info before, after;
	struct slice body, stub;
	struct crowd c = { .n = 0 };
	struct rig_peer *p;
	struct frame_head h;
	struct rig g;
	json_t *j;

	(void)state;
	rig_open(&g, "");
	add(&c, 5, ROLE_OPERATOR, RIG_MED, "", "", "");
	add(&c, 20, ROLE_OPERATOR, RIG_PWR, "", "", "");
	settle(&g, &c);
	assert_int_equal(put(&g, &m, 4, "cross_sector", NULL), 1);
	assert_int_equal(put(&g, &other, 3, "ceptoar", NULL), 1);
	c.rows[0].disabled = 1;
	settle(&g, &c);
	store_info(g.k.store, &before);
	assert_int_equal(put(&g, &m, 4, "cross_sector", "\"title\":\"続報\""), 0);
	store_info(g.k.store, &after);
	assert_int_equal(after.head, before.head + 1); /* its bell */
	j = inbox(&g, ROLE_SECRETARIAT);
	json_decref(j);
	/* Consent taken back is no release: who was reached is told, without the text. */
	assert_int_equal(put(&g, &m, 3, "none", "\"title\":\"秘密\""), 1);
	p = rig_tail(&g, before.head);
	assert_int_equal(rig_row(p, p->row_count - 1, &h, &body, &stub), 1);
	assert_int_equal(h.kind, FRAME_UPDATE);
	assert_true(slots_empty(&h.slots));
	assert_int_equal(h.flags & (FRAME_CROSS | FRAME_CENTRE), 0);
	assert_true(slots_has(&h.reach, RIG_MED) && (h.reach_flags & FRAME_CROSS) != 0);
	assert_null(memmem(p->rows.p, p->rows.n, "秘密", strlen("秘密")));
	assert_null(memmem(p->rows.p, p->rows.n, "続報", strlen("続報")));
	rig_leave(p);
	/* The note of the other one is left out, and its end comes all the same. */
	store_info(g.k.store, &before);
	assert_int_equal(expire_due(&g.k, rig_now / 60000 + 6 * HOUR, 10), 2);
	store_info(g.k.store, &after);
	assert_int_equal(after.head, before.head + 1); /* the stub of the first one */
	assert_int_equal(expire_due(&g.k, rig_now / 60000 + 72 * HOUR, 10), 2);
	j = newest(&g, &h);
	assert_int_equal(h.kind, FRAME_CANCEL);
	json_decref(j);
	rig_close(&g);
}

static void
test_unknown_directory_releases_nothing(void **state)
{
	struct keeper_put m = rig_put_default();
	struct store_info info;
	struct rig g;
	json_t *j;

	(void)state;
	rig_open(&g, "");
	assert_int_equal(put(&g, &m, 3, "ceptoar", NULL), 1);
	g.alone = 1;
	rig_restart(&g);
	assert_false(kgate_known(g.k.gate));
	m = rig_put_default();
	assert_int_equal(put(&g, &m, 4, "cross_sector", NULL), 0);
	j = inbox(&g, ROLE_SECRETARIAT);
	assert_true(has(rig_at(j, "held"), "not known yet"));
	json_decref(j);
	/* A note waits until somebody knows. */
	assert_int_equal(expire_due(&g.k, rig_now / 60000 + 6 * HOUR, 10), 0);
	store_info(g.k.store, &info);
	assert_int_equal(info.head, 3);
	rig_members(&g);
	assert_int_equal(expire_due(&g.k, rig_now / 60000 + 6 * HOUR, 10), 1);
	rig_close(&g);
}

/* Right after the start the members are waited for, not without end. */
static void
test_a_start_waits_for_the_members(void **state)
{
	struct keeper_put m = rig_put_default();
	struct buf json, b;
	struct rig_peer *p;
	struct rig g;
	int64_t end;
	int i;

	(void)state;
	rig_open(&g, "");
	g.alone = 1;
	rig_restart(&g);
	p = &g.peer[0];
	g.k.members_by = clock_mono_ms() + 300;
	buf_init(&json, 65536);
	buf_init(&b, 65536);
	rig_report(&g, &json, 3, "ceptoar", NULL);
	for (i = 0; i < 2; i++) {
		rig_put_of(&g, &m, &json, &b);
		p->got = 0;
		p->want = rig_send(&g, p, KM_PUT, &b);
		for (end = clock_mono_ms() + 50; clock_mono_ms() < end;)
			rig_turn(&g);
		if (i == 0) { /* nobody comes */
			RIG_UNTIL(&g, p->got);
			/* libevent's clock is coarse: a timer is early by a tick. */
			assert_true(clock_mono_ms() + 10 >= g.k.members_by);
			g.k.members_by = clock_mono_ms() + 60000;
			continue;
		}
		assert_false(p->got);
		rig_members(&g);
		RIG_UNTIL(&g, p->got);
	}
	assert_int_equal(p->status, P_OK);
	assert_non_null(memmem(p->answer.p, p->answer.n, "released", 8));
	buf_done(&json);
	buf_done(&b);
	rig_close(&g);
}

static void
test_settings_and_the_hotline(void **state)
{
	struct keeper_put m = rig_put_default();
	struct crowd c = { .n = 0 };
	struct rig g;
	json_t *j;

	(void)state;
	rig_open(&g, "[policy medical-ceptoar]\nk_inside = 3\n[policy]\nk_inside = 8\n");
	add(&c, 7, ROLE_OPERATOR, RIG_PWR, "", "", "");
	add(&c, 3, ROLE_OPERATOR, RIG_MED, "", "", "");
	settle(&g, &c);
	assert_int_equal(put(&g, &m, 3, "ceptoar", NULL), 1);
	m = rig_put_default();
	m.slot = RIG_PWR;
	assert_int_equal(put(&g, &m, 3, "ceptoar", "\"hotline\":\"page\""), 0);
	/* The desk of the centre sees the call as it is, whatever k says. */
	j = inbox(&g, ROLE_CENTRE);
	assert_string_equal(rig_text(j, "hotline"), "page");
	assert_string_equal(rig_text(j, "ceptoar"), "power-ceptoar");
	json_decref(j);
	rig_close(&g);
}

static void
test_report_count_is_shown_from_k_up(void **state)
{
	struct policy_rules r = { .k_inside = 5, .k_beyond = 11 };

	(void)state;
	assert_int_equal(kgate_reports(&r, 0, 4), 0);
	assert_int_equal(kgate_reports(&r, 0, 5), 5);
	assert_int_equal(kgate_reports(&r, 1, 10), 0);
	assert_int_equal(kgate_reports(&r, 1, 11), 11);
}

/* One member of two CEPTOARs is one candidate. */
static void
test_nobody_counts_twice(void **state)
{
	struct keeper_put m = rig_put_default();
	struct crowd c = { .n = 0 };
	struct frame_head h;
	struct rig g;
	size_t i;
	json_t *j;

	(void)state;
	rig_open(&g, "");
	m.slot = RIG_CREDIT;
	add(&c, 10, ROLE_OPERATOR, RIG_CREDIT, "", "", "");
	for (i = 0; i < c.n; i++) {
		slots_set(&c.rows[i].rights.op, RIG_BANK);
		slots_set(&c.rows[i].rights.aff, RIG_BANK);
	}
	settle(&g, &c);
	assert_int_equal(put(&g, &m, 4, "cross_sector", NULL), 1);
	j = newest(&g, &h);
	assert_int_equal(h.flags & FRAME_CROSS, 0);
	json_decref(j);
	rig_close(&g);
}

/* All tables and triggers that version 1 had not. */
static void
drop_later_tables(sqlite3 *db)
{
	static const char later[] =
	    "SELECT 'DROP ' || type || ' ' || name FROM sqlite_schema WHERE"
	    " type IN ('table', 'trigger') AND name"
	    " NOT IN ('meta', 'log', 'reports', 'cases', 'inbox', 'idem', 'bulletins',"
	    " 'revisions', 'acks', 'subscriptions') ORDER BY type DESC, name LIMIT 1";
	sqlite3_stmt *st;
	char sql[128];

	for (;;) {
		assert_int_equal(sqlite3_prepare_v2(db, later, -1, &st, NULL), SQLITE_OK);
		if (sqlite3_step(st) != SQLITE_ROW)
			break;
		(void)snprintf(
		    sql, sizeof sql, "%s", (const char *)sqlite3_column_text(st, 0));
		assert_int_equal(sqlite3_finalize(st), SQLITE_OK);
		assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	}
	assert_int_equal(sqlite3_finalize(st), SQLITE_OK);
}

/* A database from before the gate: its bulletins are taken to have shown their sector. */
static void
test_bulletins_of_before_count(void **state)
{
	struct keeper_put m = rig_put_default();
	struct store_shown shown;
	struct crowd c = { .n = 0 };
	struct frame_head h;
	struct rig g;
	char path[128];
	unsigned n = 0;
	sqlite3 *db;
	json_t *j;

	(void)state;
	rig_open(&g, "");
	assert_int_equal(put(&g, &m, 3, "cross_sector", NULL), 1);
	rig_stop(&g);
	(void)snprintf(path, sizeof path, "%s/keeper.db", g.dir);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db,
			     "ALTER TABLE cases DROP COLUMN desks;"
			     "ALTER TABLE cases DROP COLUMN touched;"
			     "ALTER TABLE cases DROP COLUMN messages;"
			     "ALTER TABLE cases DROP COLUMN asked;"
			     "ALTER TABLE cases DROP COLUMN told;"
			     "ALTER TABLE bulletins DROP COLUMN reporters;"
			     "ALTER TABLE bulletins DROP COLUMN names;"
			     "ALTER TABLE log DROP COLUMN names;"
			     "PRAGMA user_version = 1",
			     NULL, NULL, NULL),
	    SQLITE_OK);
	drop_later_tables(db);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	rig_start(&g);
	assert_int_equal(store_shown_get(g.k.store, m.case_id, &shown), 0);
	assert_int_equal(shown.beyond, SHOWN_SECTOR);
	j = inbox(&g, ROLE_SECRETARIAT);
	assert_null(rig_at(j, "k"));
	json_decref(j);
	/* Ten in the sector are too few, though the whole hub has more. */
	add(&c, 10, ROLE_OPERATOR, RIG_MED, "", "", "");
	add(&c, 40, ROLE_OPERATOR, RIG_PWR, "", "", "");
	settle(&g, &c);
	assert_int_equal(put(&g, &m, 4, "cross_sector", NULL), 1);
	j = newest(&g, &h);
	assert_int_equal(h.kind, FRAME_UPDATE);
	assert_int_equal(h.flags & FRAME_CROSS, 0);
	json_decref(j);
	/* With the report and its case all of it goes. */
	assert_int_equal(store_begin(g.k.store), 0);
	assert_int_equal(store_prune_reports(g.k.store, rig_now / 60000 + 1, 100, &n), 0);
	assert_int_equal(store_commit(g.k.store), 0);
	assert_int_equal(store_shown_get(g.k.store, m.case_id, &shown), 0);
	assert_int_equal(shown.inside | shown.beyond, 0);
	rig_close(&g);
}

/* What is asked of the heap says what was done: a bulletin that waits is drawn up too. */
static void
test_waiting_takes_the_same_way(void **state)
{
	unsigned long calls[2];
	struct crowd c = { .n = 0 };
	struct keeper_put m;
	struct rig g;
	int i, k;

	(void)state;
	rig_open(&g, "");
	for (i = 0; i < 2; i++) {
		c.n = 0;
		add(&c, i == 0 ? 5 : 4, ROLE_OPERATOR, RIG_MED, "", "", "");
		settle(&g, &c);
		for (k = 0; k < 2; k++) { /* the second time, when buffers have grown */
			m = rig_put_default();
			calls[i] = mem_fail_at(0);
			assert_int_equal(
			    put(&g, &m, 3, "ceptoar",
				"\"actions\":\"遮断\",\"references\":[\"CVE-"
				"2026-0001\",\"CVE-2026-0002\",\"CVE-2026-0003"
				"\"]"),
			    i == 0);
			calls[i] = mem_fail_at(0) - calls[i];
		}
	}
	if (calls[1] * 100 < calls[0] * 90 || calls[1] > calls[0])
		fail_msg("%lu when released, %lu when it waits", calls[0], calls[1]);
	rig_close(&g);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_few_members_wait),
		cmocka_unit_test(test_ladder_inside),
		cmocka_unit_test(test_ladder_beyond),
		cmocka_unit_test(test_products_and_ot_are_held_back),
		cmocka_unit_test(test_earlier_bulletins_count),
		cmocka_unit_test(test_shrunk_register_holds_the_update),
		cmocka_unit_test(test_unknown_directory_releases_nothing),
		cmocka_unit_test(test_a_start_waits_for_the_members),
		cmocka_unit_test(test_settings_and_the_hotline),
		cmocka_unit_test(test_report_count_is_shown_from_k_up),
		cmocka_unit_test(test_nobody_counts_twice),
		cmocka_unit_test(test_bulletins_of_before_count),
		cmocka_unit_test(test_waiting_takes_the_same_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
