/* SPDX-License-Identifier: Apache-2.0 */
/* Statistics: what counts, what stays when reports go, what is withheld; and what the
 * centre finds of a case afterwards. */
#include <openssl/evp.h>

#include "daemon/keeper/audit.h"
#include "daemon/keeper/expire.h"
#include "daemon/keeper/stats_table.h"
#include "daemon/keeper/store_audit.h"
#include "proto/receipt_words.h"
#include "tests/role/desk_rig.h"

enum { K = 11, HOUR = 3600 * 1000 };
#define DAY_MS (24LL * HOUR)

/* SHA-256 of the empty string: the commitment, and the hash of the presented secret. */
static const char channel[] =
    "\"case_commitment\":\"47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU\"";
static const uint8_t secret_hash[32] = { 0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14,
	0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24, 0x27, 0xae, 0x41, 0xe4, 0x64,
	0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55 };

static struct rights desk, centre;
static int64_t start;

static void
people(void)
{
	if (start == 0)
		start = rig_now;
	rig_now = start; /* November 2026 */
	desk = rig_desk_of(RIG_MED, 1);
	centre = rig_desk_of(SLOT_NONE, 2);
}

/* A report of these classes; *m is then set for follow-ups of its case. */
static void
sent(struct rig *g, struct keeper_put *m, unsigned slot, const char *fields)
{
	char json[512], id[33];

	if (!m->has_case) {
		*m = rig_put_default();
		m->slot = (uint8_t)slot;
	}
	(void)snprintf(json, sizeof json, "{%s,%s}", channel, fields);
	assert_int_equal(rig_put(g, m, 1, "none", json), P_OK);
	if (m->has_case)
		return;
	(void)rig_said(g, "case", id, sizeof id);
	m->has_case = 1;
	memcpy(m->secret_hash, secret_hash, sizeof secret_hash);
	assert_int_equal(hex_decode(slice_of(id), m->case_id, ID_LEN), ID_LEN);
}

static void
many(struct rig *g, unsigned n, unsigned slot, const char *fields)
{
	struct keeper_put m;

	while (n-- > 0) {
		memset(&m, 0, sizeof m);
		sent(g, &m, slot, fields);
	}
}

static void
withdraw(struct rig *g, const struct keeper_put *m)
{
	struct keeper_case c;
	struct buf b;

	memset(&c, 0, sizeof c);
	memcpy(c.case_id, m->case_id, ID_LEN);
	memcpy(c.secret_hash, m->secret_hash, sizeof c.secret_hash);
	buf_init(&b, 512);
	keeper_case_put(&b, &c);
	assert_int_equal(rig_call(g, &g->peer[0], KM_WITHDRAW, &b), P_OK);
	buf_done(&b);
}

static json_t *
shown(struct rig *g, const struct rights *r, const char *query)
{
	struct rig_ask a = { .rights = r, .verb = DV_STATS, .query = query };

	assert_int_equal(rig_ask(g, &a), P_OK);
	return rig_json(&g->peer[0]);
}

/* The row of a class or sector. */
static const json_t *
row(const json_t *j, const char *list, const char *name, const char *word)
{
	const json_t *r, *w;
	size_t i;

	json_array_foreach(rig_at(j, list), i, r)
	{
		w = json_object_get(r, name);
		if (word == NULL ? json_is_null(w) : strcmp(rig_text(r, name), word) == 0)
			return r;
	}
	fail_msg("no %s %s", name, word != NULL ? word : "null");
	return NULL;
}

/* What the centre sees of this moment: the newest quarter that is not settled. */
static int
live(struct rig *g, const char *group)
{
	json_t *j = shown(g, &centre, NULL), *last;
	int n;

	last = json_array_get(rig_at(j, "live"), json_array_size(rig_at(j, "live")) - 1);
	n = (int)json_integer_value(
	    json_object_get(row(last, "groups", "group", group), "cases"));
	json_decref(j);
	return n;
}

/* The same of "agencies" and "bulletins". */
static int
live_aside(struct rig *g, const char *name)
{
	json_t *j = shown(g, &centre, NULL), *last;
	int n;

	last = json_array_get(rig_at(j, "live"), json_array_size(rig_at(j, "live")) - 1);
	assert_true(json_is_integer(json_object_get(last, name)));
	n = (int)json_integer_value(json_object_get(last, name));
	json_decref(j);
	return n;
}

static unsigned
kept(struct rig *g, const char *class_, const char *sector)
{
	struct stats_table *t = mem_zalloc(sizeof *t);
	unsigned i, s, n = 0;

	assert_non_null(t);
	assert_int_equal(stats_table_make(t, &g->k, 2026 * 4 + 1, INT64_MAX / 60000), 0);
	for (i = 0; i < t->classes; i++)
		for (s = 0; s < t->sectors; s++)
			if (strcmp(t->class_[i], class_) == 0 &&
			    strcmp(t->sector[s], sector) == 0)
				n = stats_of_both(t, i, s)->n;
	stats_table_done(t);
	mem_free(t);
	return n;
}

static void
test_what_counts(void **state)
{
	struct keeper_put m[4];
	struct rig g;

	(void)state;
	people();
	rig_open_light(&g, "");
	memset(m, 0, sizeof m);
	sent(&g, &m[0], RIG_MED, "\"event_types\":[\"info_leak\",\"system_intrusion\"]");
	assert_int_equal(kept(&g, "info_leak", "medical"), 1);
	assert_int_equal(kept(&g, "system_intrusion", "medical"), 0);
	assert_int_equal(live(&g, "public-services"), 1);
	/* A follow-up is no second case; one that says otherwise moves it. */
	sent(&g, &m[0], RIG_MED, "\"event_types\":[\"info_leak\"]");
	assert_int_equal(kept(&g, "info_leak", "medical"), 1);
	sent(&g, &m[0], RIG_MED, "\"event_types\":[\"malware_infection\"]");
	assert_int_equal(kept(&g, "info_leak", "medical"), 0);
	assert_int_equal(kept(&g, "malware_infection", "medical"), 1);
	/* No class is one of its own; what did not happen has one. */
	sent(&g, &m[1], RIG_PWR, "\"lang\":\"ja\"");
	assert_int_equal(kept(&g, "", "electric-power"), 1);
	sent(&g, &m[1], RIG_PWR, "\"kind\":\"precursor\"");
	assert_int_equal(kept(&g, "precursor_near_miss", "electric-power"), 1);
	/* No exercise, not even one that becomes one. */
	sent(&g, &m[2], RIG_BANK, "\"exercise\":true");
	assert_int_equal(kept(&g, "", "finance"), 0);
	sent(&g, &m[3], RIG_BANK, "\"event_types\":[\"other_event\"]");
	assert_int_equal(live(&g, "finance"), 1);
	sent(&g, &m[3], RIG_BANK, "\"exercise\":true");
	assert_int_equal(live(&g, "finance"), 0);
	/* Nothing that was taken back, and once only. */
	withdraw(&g, &m[0]);
	withdraw(&g, &m[0]);
	assert_int_equal(kept(&g, "malware_infection", "medical"), 0);
	assert_int_equal(live(&g, "public-services"), 0);
	many(&g, 1, RIG_MED, "\"event_types\":[\"malware_infection\"]");
	assert_int_equal(kept(&g, "malware_infection", "medical"), 1);
	rig_close(&g);
}

static const json_t *
cell(const json_t *r, unsigned quarter)
{
	return json_array_get(json_object_get(r, "quarters"), quarter);
}

/* A case that the centre opened for somebody on the telephone who named no CEPTOAR. */
static void
telephoned(struct rig *g, struct keeper_put *m)
{
	struct receipt words;
	const char *why = NULL;
	unsigned line = 0;
	char room[1024];

	assert_int_equal(rig_verb(g, &centre, DV_HOTLINE_OPEN, NULL, "{}"), P_OK);
	(void)rig_said(g, "words", room, sizeof room);
	assert_int_equal(receipt_words_read(slice_of(room), &words, &line, &why), 0);
	*m = rig_put_default();
	m->slot = SLOT_NONE;
	m->has_case = 1;
	memcpy(m->case_id, words.case_id, ID_LEN);
	assert_int_equal(EVP_Digest(words.secret, sizeof words.secret, m->secret_hash,
			     NULL, EVP_sha256(), NULL),
	    1);
}

/* Agencies' reports and the centre's bulletins are in no sum. */
static void
test_what_stands_aside(void **state)
{
	static const char follow_up[] = "{\"event_types\":[\"info_leak\"]}";
	struct keeper_put m, call;
	struct rig g;
	json_t *j;
	int i;

	(void)state;
	people();
	rig_open_light(&g, "");
	memset(&m, 0, sizeof m);
	many(&g, 12, SLOT_NONE, "\"event_types\":[\"system_intrusion\"]");
	many(&g, 13, RIG_MED, "\"event_types\":[\"info_leak\"]");
	sent(&g, &m, SLOT_NONE, "\"event_types\":[\"info_leak\"]");
	assert_int_equal(live_aside(&g, "agencies"), 13);
	sent(&g, &m, SLOT_NONE, "\"event_types\":[\"other_event\"]");
	assert_int_equal(live_aside(&g, "agencies"), 13);
	withdraw(&g, &m);
	assert_int_equal(live_aside(&g, "agencies"), 12);
	assert_int_equal(live(&g, "public-services"), 13);
	/* Who telephones is no agency, and does not become one. */
	telephoned(&g, &call);
	assert_int_equal(live_aside(&g, "agencies"), 12);
	assert_int_equal(rig_put(&g, &call, 1, "none", follow_up), P_OK);
	assert_int_equal(live_aside(&g, "agencies"), 12);
	assert_int_equal(kept(&g, "info_leak", ""), 1);
	for (i = 0; i < 5; i++)
		assert_int_equal(stats_sent(&g.k, "early_warning", rig_now / 60000), 0);
	assert_int_equal(live_aside(&g, "bulletins"), 5);
	assert_int_equal(live(&g, "public-services"), 13);
	rig_now = 1799938800000; /* 2027-01-15: the quarter is settled */
	j = shown(&g, &desk, "year=2026");
	assert_int_equal(json_integer_value(rig_at(j, "agencies.quarters.2")), 12);
	assert_string_equal(rig_text(j, "bulletins.quarters.2"), "<11*");
	assert_int_equal(json_integer_value(rig_at(j, "bulletins.quarters.1")), 0);
	assert_int_equal(json_integer_value(rig_at(j, "total.quarters.2")), 14);
	assert_int_equal(
	    json_integer_value(cell(row(j, "classes", "class", "system_intrusion"), 2)),
	    0);
	assert_true(json_is_null(rig_at(j, "agencies.year")));
	json_decref(j);
	/* The year's sum would tell what the quarter withholds. */
	rig_now += 91 * DAY_MS;
	j = shown(&g, &desk, "year=2026");
	assert_int_equal(json_integer_value(rig_at(j, "agencies.year")), 12);
	assert_string_equal(rig_text(j, "bulletins.year"), "<11*");
	json_decref(j);
	rig_close(&g);
}

/* Nothing is shown of a quarter that is not over; then it is, and stays as it is. */
static void
test_settled(void **state)
{
	struct keeper_put m;
	struct rig g;
	json_t *j, *again;

	(void)state;
	people();
	rig_open_light(&g, "");
	memset(&m, 0, sizeof m);
	many(&g, 15, RIG_MED, "\"event_types\":[\"info_leak\"]");
	many(&g, 12, RIG_PWR, "\"event_types\":[\"system_unavailable\"]");
	many(&g, 2, RIG_BANK, "\"event_types\":[\"other_event\"]");
	sent(&g, &m, RIG_MED, "\"event_types\":[\"info_leak\"]");
	j = shown(&g, &desk, NULL);
	assert_int_equal(json_integer_value(rig_at(j, "year")), 2026);
	assert_int_equal(json_integer_value(rig_at(j, "k")), K);
	assert_string_equal(rig_text(j, "quarters.2.from"), "2026-10-01");
	assert_true(json_is_false(rig_at(j, "quarters.2.settled")));
	assert_true(json_is_true(rig_at(j, "quarters.1.settled")));
	assert_true(json_is_null(rig_at(j, "total.quarters.2")));
	assert_true(json_is_null(rig_at(j, "total.year")));
	assert_int_equal(json_integer_value(rig_at(j, "total.quarters.1")), 0);
	assert_null(rig_at(j, "live"));
	json_decref(j);
	rig_now = 1799938800000 - 1; /* 2027-01-15 in Japan, less a moment */
	j = shown(&g, &desk, "year=2026");
	assert_true(json_is_null(rig_at(j, "total.quarters.2")));
	json_decref(j);
	rig_now++;
	j = shown(&g, &desk, "year=2026");
	assert_int_equal(json_integer_value(rig_at(j, "total.quarters.2")), 30);
	/* Two are too few, and so are withheld the twelve that would tell. */
	assert_string_equal(
	    json_string_value(cell(row(j, "classes", "class", "other_event"), 2)),
	    "<11*");
	assert_string_equal(
	    json_string_value(cell(row(j, "classes", "class", "system_unavailable"), 2)),
	    "<11*");
	assert_int_equal(
	    json_integer_value(cell(row(j, "classes", "class", "info_leak"), 2)), 16);
	assert_string_equal(
	    json_string_value(cell(row(j, "sectors", "sector", "finance"), 2)), "<11*");
	assert_int_equal(
	    json_integer_value(cell(row(j, "sectors", "sector", "medical"), 2)), 16);
	withdraw(&g, &m);
	again = shown(&g, &desk, "year=2026");
	assert_true(json_equal(j, again));
	json_decref(j);
	json_decref(again);
	rig_close(&g);
}

/* The reports are forgotten, the counts stay. */
static void
test_retention(void **state)
{
	struct store_stat v;
	struct keeper_put m;
	struct rig g;
	int i;

	(void)state;
	people();
	rig_open_light(&g, "");
	memset(&m, 0, sizeof m);
	many(&g, 11, RIG_MED, "\"event_types\":[\"info_leak\"]");
	sent(&g, &m, RIG_MED, "\"event_types\":[\"info_leak\"]");
	assert_int_equal(store_stat_case_get(g.k.store, m.case_id, &v), 0);
	rig_now += 1827 * DAY_MS;
	for (i = 0; i < 100 && expire_prune(&g.k, rig_now / 60000, 64) > 0; i++)
		;
	assert_int_equal(store_stat_case_get(g.k.store, m.case_id, &v), ERR_NOTFOUND);
	assert_int_equal(kept(&g, "info_leak", "medical"), 12);
	rig_close(&g);
}

/* A year of small and large figures, made of a seed. */
static void
fill(struct rig *g, unsigned year, unsigned seed)
{
	static const char *const classes[] = { "info_leak", "system_unavailable",
		"malware_infection", "an_older_class" };
	static const char *const sectors[] = { "medical", "finance", "water", "gas", "" };
	unsigned q, a, b, times, spread = seed % 16 + 1;
	struct store_stat v;

	for (q = 0; q < 4; q++)
		for (a = 0; a < 4; a++)
			for (b = 0; b < 5; b++) {
				memset(&v, 0, sizeof v);
				v.quarter = year * 4 + 1 + q;
				(void)snprintf(
				    v.class_, sizeof v.class_, "%s", classes[a]);
				(void)snprintf(
				    v.sector, sizeof v.sector, "%s", sectors[b]);
				seed = seed * 1103515245u + 12345u;
				for (times = (seed >> 16) % spread; times > 3; times--)
					assert_int_equal(
					    store_stat_count(g->k.store, &v, 0), 0);
			}
}

/* Of a line and its total: nothing small is shown, and nothing small is left over. */
struct line {
	int withheld;
	long long rest;
};

static void
add(struct line *l, const json_t *n)
{
	long long v = json_integer_value(n);

	l->withheld += json_is_string(n);
	l->rest -= v;
	assert_true(json_is_string(n) ? strcmp(json_string_value(n), "<11*") == 0
				      : v == 0 || v >= K);
}

static void
end(const struct line *l, const json_t *total)
{
	long long rest = l->rest + json_integer_value(total);

	assert_true(json_is_string(total) || json_integer_value(total) == 0 ||
		    json_integer_value(total) >= K);
	if (json_is_integer(total))
		assert_true(l->withheld > 0 ? rest >= K : rest == 0);
}

static void
check_rows(const json_t *j, const char *list)
{
	const json_t *r, *total = json_object_get(j, "total"), *c;
	struct line down[5], across;
	unsigned q;
	size_t i;

	memset(down, 0, sizeof down);
	json_array_foreach(json_object_get(j, list), i, r)
	{
		memset(&across, 0, sizeof across);
		for (q = 0; q < 4; q++) {
			add(&across, cell(r, q));
			add(&down[q], cell(r, q));
		}
		add(&down[4], json_object_get(r, "year"));
		end(&across, json_object_get(r, "year"));
	}
	for (q = 0; q < 5; q++) {
		c = q < 4 ? cell(total, q) : json_object_get(total, "year");
		end(&down[q], c);
	}
}

/* Classes by sectors against the sums of either. */
static void
check_both(const json_t *j, const char *list, const char *name)
{
	const json_t *r, *b, *all = json_object_get(j, "classes_by_sectors");
	struct line l;
	size_t i, k;

	json_array_foreach(json_object_get(j, list), i, r)
	{
		memset(&l, 0, sizeof l);
		json_array_foreach(all, k, b)
		{
			if (json_equal(
				json_object_get(r, name), json_object_get(b, name)))
				add(&l, json_object_get(b, "year"));
		}
		end(&l, json_object_get(r, "year"));
	}
}

/* What was shown of a year's quarters does not change with the year, and no figure
 * between 1 and 10 is shown or can be subtracted. */
static void
test_years(void **state)
{
	json_t *j, *before;
	const json_t *r;
	char query[32];
	unsigned year, q, some = 0;
	struct rig g;
	size_t i;

	(void)state;
	people();
	rig_open_light(&g, "");
	for (year = 2000; year < 2025; year++) {
		fill(&g, year, year * 7 + 3);
		(void)snprintf(query, sizeof query, "year=%u", year);
		/* February of the next one: three quarters are settled. */
		rig_now = (int64_t)((year - 1969) * 365.25 + 40) * DAY_MS;
		before = shown(&g, &desk, query);
		assert_int_equal(
		    json_array_size(rig_at(before, "classes_by_sectors")), 0);
		assert_true(json_is_null(rig_at(before, "total.quarters.3")));
		rig_now += 90 * DAY_MS;
		j = shown(&g, &desk, query);
		json_array_foreach(rig_at(j, "classes"), i, r)
		{
			for (q = 0; q < 3; q++)
				assert_true(json_equal(cell(r, q),
				    cell(json_array_get(rig_at(before, "classes"), i),
					q)));
		}
		check_rows(j, "classes");
		check_rows(j, "sectors");
		check_both(j, "classes", "class");
		check_both(j, "sectors", "sector");
		some += json_is_integer(rig_at(j, "total.year"));
		json_decref(j);
		json_decref(before);
	}
	assert_true(some > 15); /* and something is left to be seen */
	rig_close(&g);
}

static void
test_table_for_spreadsheets(void **state)
{
	struct rig_ask a = {
		.rights = &desk, .verb = DV_STATS_CSV, .query = "year=2025&limit=500"
	};
	struct store_stat v = { .quarter = 2025 * 4 + 1, .class_ = "=cmd()" };
	const char *text;
	struct rig g;
	json_t *j;
	int i;

	(void)state;
	people();
	rig_open_light(&g, "");
	for (i = 0; i < 12; i++)
		assert_int_equal(store_stat_count(g.k.store, &v, 0), 0);
	assert_int_equal(rig_ask(&g, &a), P_OK);
	j = rig_json(&g.peer[0]);
	text = rig_text(j, "csv");
	assert_non_null(strstr(text, "\r\n2025,all,,,all,,,12,0,0,0,12\r\n"));
	assert_non_null(strstr(text, "\r\n2025,info_leak,情報の漏えい,"));
	assert_non_null(strstr(text, "\r\n2025,'=cmd(),,,all,,,12,0,0,0,12\r\n"));
	assert_non_null(strstr(text, "\r\n2025,'=cmd(),,,none,,,,,,,12\r\n"));
	json_decref(j);
	a.query = "year=1999";
	assert_int_equal(rig_ask(&g, &a), P_BAD_REQUEST);
	a.query = "who=1";
	assert_int_equal(rig_ask(&g, &a), P_BAD_REQUEST);
	rig_close(&g);
}

static int
see(void *arg, const struct audit_row *r)
{
	*(struct audit_row *)arg = *r;
	return 0;
}

static void
test_assess(void **state)
{
	static const char *const bad[] = { "{}", "{\"severity_assessed\":5}",
		"{\"severity_assessed\":{\"fear\":1}}",
		"{\"severity_assessed\":1,\"severity_claimed\":1}" };
	struct keeper_put m = rig_put_default();
	char id[33], report[33], low[33];
	struct audit_row last;
	struct rig g;
	json_t *j;
	size_t i;

	(void)state;
	people();
	rig_open_light(&g, "");
	assert_int_equal(rig_put(&g, &m, 1, "none", "{\"title\":\"停電\"}"), P_OK);
	rig_case_id(&g, RIG_MED, low);
	assert_int_equal(rig_put(&g, &m, 3, "none", NULL), P_OK);
	(void)rig_said(&g, "id", report, sizeof report);
	rig_case_id(&g, RIG_MED, id);
	assert_int_equal(
	    rig_verb(&g, &desk, DV_ASSESS, id, "{\"severity_assessed\":1}"), P_FORBIDDEN);
	/* It does not lie on the centre's desk. */
	assert_int_equal(
	    rig_verb(&g, &centre, DV_ASSESS, low, "{\"severity_assessed\":1}"),
	    P_NOT_FOUND);
	assert_int_equal(
	    rig_verb(&g, &centre, DV_ASSESS, "x", "{\"severity_assessed\":1}"),
	    P_NOT_FOUND);
	for (i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_int_not_equal(rig_verb(&g, &centre, DV_ASSESS, id, bad[i]), P_OK);
	assert_int_equal(rig_verb(&g, &centre, DV_ASSESS, report,
			     "{\"severity_assessed\":{\"continuity\":1,\"trust\":2}}"),
	    P_OK);
	assert_int_equal(rig_number(&g, "severity_assessed.0.overall"), 2);
	assert_int_equal(
	    rig_verb(&g, &centre, DV_ASSESS, id, "{\"severity_assessed\":0}"), P_OK);
	j = rig_json(&g.peer[0]);
	assert_int_equal(json_array_size(rig_at(j, "severity_assessed")), 2);
	assert_int_equal(json_integer_value(rig_at(j, "severity_assessed.0.trust")), 2);
	assert_int_equal(json_integer_value(rig_at(j, "severity_assessed.1.version")), 2);
	assert_string_equal(rig_text(j, "case"), id);
	json_decref(j);
	memset(&last, 0, sizeof last);
	assert_int_equal(store_audit_each(g.k.store, 1, 1000, see, &last), 0);
	assert_string_equal(last.action, "assess");
	assert_string_equal(last.detail, "version 2: level 0");
	/* What the reporter claims stays beside it. */
	{
		struct rig_ask a = { .rights = &desk, .verb = DV_TRIAGE_LIST };
		char group[33];

		assert_int_equal(rig_ask(&g, &a), P_OK);
		(void)rig_said(&g, "items.0.group", group, sizeof group);
		assert_int_equal(rig_verb(&g, &desk, DV_TRIAGE_ITEM, group, NULL), P_OK);
		j = rig_json(&g.peer[0]);
		assert_int_equal(json_integer_value(rig_at(
				     j, "reports.0.report.severity_claimed.continuity")),
		    3);
		assert_int_equal(
		    json_array_size(rig_at(j, "reports.0.severity_assessed")), 2);
		json_decref(j);
	}
	for (i = 2; i < ASSESSMENTS_MAX; i++)
		assert_int_equal(
		    rig_verb(&g, &centre, DV_ASSESS, id, "{\"severity_assessed\":4}"),
		    P_OK);
	assert_int_equal(
	    rig_verb(&g, &centre, DV_ASSESS, id, "{\"severity_assessed\":4}"),
	    P_CONFLICT);
	rig_close(&g);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_counts),
		cmocka_unit_test(test_what_stands_aside),
		cmocka_unit_test(test_settled),
		cmocka_unit_test(test_retention),
		cmocka_unit_test(test_years),
		cmocka_unit_test(test_table_for_spreadsheets),
		cmocka_unit_test(test_assess),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
