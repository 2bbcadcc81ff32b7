/* SPDX-License-Identifier: Apache-2.0 */
/* The hotline: who is paged when, what stops it, and that nothing stands before it. */
#include "tests/role/hotline_rig.h"

#include <openssl/evp.h>

#include "lib/ballast.h"
#include "proto/receipt_words.h"

static const char kept_out[] =
    "{\"consent\":{\"publish\":\"none\",\"government\":false}}";

enum { BEFORE = 10000, BULLETINS = 25, TIMES = 9, PAGE_MS = 50 };

/* This person takes it; the answer says who has it, and when that one took it. */
static void
taken_by(struct rig *g, const struct rights *r, const char *ref, const char *person,
    unsigned calls)
{
	char who[64], when[64], began[64];

	assert_int_equal(rig_verb(g, r, DV_HOTLINE_ACK, ref, NULL), P_OK);
	assert_int_equal(rig_number(g, "taken"), calls);
	assert_string_equal(rig_said(g, "person", who, sizeof who), person);
	(void)rig_said(g, "taken_at", when, sizeof when);
	(void)listed(g, r, "calls.0.taken_at", began);
	assert_string_equal(when, began);
}

static void
test_levels_loop_and_stop(void **state)
{
	struct rights duty = rig_desk_of(SLOT_NONE, 7),
		      second = rig_desk_of(SLOT_NONE, 8);
	int64_t now;
	struct rig_peer *c;
	char id[64], room[64];
	struct rig g;
	unsigned n;

	(void)state;
	rig_open(&g, "");
	stage(&g, &c);
	now = escalate_minute(&g.k);
	assert_int_equal(call(&g, RIG_MED, 1, page), P_OK);
	/* At once whoever is first on the roster, by every way. */
	assert_int_equal(rung(&g, c, &n), CONTACT_DUTY + 1);
	assert_int_equal(n, 4);
	at(&g, now + 4);
	assert_int_equal(rung(&g, c, &n), 0);
	at(&g, now + 5);
	assert_int_equal(rung(&g, c, &n), CONTACT_DUTY + 2);
	assert_int_equal(n, 8); /* and whoever is first by now */
	at(&g, now + 9);
	assert_int_equal(rung(&g, c, &n), 0);
	at(&g, now + 10);
	assert_int_equal(rung(&g, c, &n), CONTACT_DUTY + 3);
	assert_int_equal(n, 12);
	at(&g, now + 15);
	assert_int_equal(rung(&g, c, &n), CONTACT_DUTY + DUTY_MOST); /* everybody */
	assert_int_equal(n, 4 * DUTY_MOST);
	/* For as long as nobody takes it; a restart goes on. */
	rig_restart(&g);
	stage(&g, &c);
	at(&g, now + 19);
	assert_int_equal(rung(&g, c, &n), 0);
	at(&g, now + 20);
	assert_int_equal(rung(&g, c, &n), CONTACT_DUTY + DUTY_MOST);
	at(&g, now + 25);
	(void)listed(&g, &duty, "calls.0.case", id);
	assert_int_equal(strlen(id), 32);
	assert_string_equal(listed(&g, &duty, "pages.0.paged.0.who", room), "1");
	assert_string_equal(listed(&g, &duty, "calls.0.state", room), "open");
	taken_by(&g, &duty, id, "07070707070707070707070707070707", 1);
	/* What was queued is not handed out any more, and nobody is paged again. */
	assert_int_equal(rung(&g, c, &n), 0);
	at(&g, now + 100);
	assert_int_equal(rung(&g, c, &n), 0);
	/* Whoever comes second is told who has it. */
	taken_by(&g, &second, id, "07070707070707070707070707070707", 0);
	taken_by(&g, &second, listed(&g, &duty, "pages.0.id", room),
	    "07070707070707070707070707070707", 0);
	assert_string_equal(listed(&g, &duty, "calls.0.state", room), "taken");
	assert_string_equal(listed(&g, &duty, "calls.0.person", room),
	    "07070707070707070707070707070707");
	assert_int_equal(
	    number(&g, "SELECT count(*) FROM audit WHERE action = 'hotline.ack'"), 3);
	rig_close(&g);
}

/* A report of the highest level that is kept from the government rouses nobody there, and
 * is not listed; a call of the hotline goes to the centre whatever it says of that. */
static void
test_kept_from_the_government(void **state)
{
	static const char kept[] =
	    "{\"consent\":{\"publish\":\"none\",\"government\":false}%s}";
	struct rights duty = rig_desk_of(SLOT_NONE, 7);
	struct rig_peer *c;
	char more[128], room[64];
	struct rig g;
	unsigned n;

	(void)state;
	rig_open(&g, "");
	stage(&g, &c);
	(void)snprintf(more, sizeof more, kept, "");
	assert_int_equal(call(&g, RIG_MED, 4, more), P_OK);
	assert_int_equal(rung(&g, c, &n), 0);
	assert_int_equal(rig_verb(&g, &duty, DV_HOTLINE_LIST, NULL, NULL), P_OK);
	assert_int_equal(number(&g, "SELECT count(*) FROM hotline_calls"), 0);
	stage(&g, &c);
	(void)snprintf(more, sizeof more, kept, ",\"hotline\":\"page\"");
	assert_int_equal(call(&g, RIG_MED, 4, more), P_OK);
	assert_int_equal(rung(&g, c, &n), CONTACT_DUTY + 1);
	assert_string_equal(listed(&g, &duty, "calls.0.kind", room), "page");
	rig_close(&g);
}

/* The disk is full, and the room that was kept is for this: taken in, paged, stopped. */
static void
test_full_disk(void **state)
{
	struct rights duty = rig_desk_of(SLOT_NONE, 7);
	struct rig_peer *c;
	char id[64], room[64];
	struct rig g;
	unsigned n;

	(void)state;
	rig_open(&g, "");
	ballast_free(g.k.ballast);
	g.k.ballast = ballast_new(g.k.loop, g.k.opt.db, 1);
	stage(&g, &c);
	assert_int_equal(ballast_spend(g.k.ballast), 1);
	assert_int_equal(call(&g, RIG_MED, 1, NULL), P_STORAGE_FULL);
	assert_int_equal(call(&g, RIG_MED, 1, page), P_OK);
	assert_int_equal(rung(&g, c, &n), CONTACT_DUTY + 1);
	take(&g, &duty, "calls.0.case", id);
	assert_string_equal(listed(&g, &duty, "calls.0.state", room), "taken");
	rig_close(&g);
}

/* While the centre deals with a call as a situation, what comes later joins its page. */
static void
test_one_page_a_situation(void **state)
{
	struct rights duty = rig_desk_of(SLOT_NONE, 7);
	char id[64], situation[64];
	struct rig_peer *c;
	struct rig g;
	unsigned n;

	(void)state;
	rig_open(&g, "[hotline]\nwindow = 1m");
	stage(&g, &c);
	assert_int_equal(call(&g, RIG_MED, 1, page), P_OK);
	assert_int_equal(rung(&g, c, &n), CONTACT_DUTY + 1);
	take(&g, &duty, "calls.0.case", id);
	situation_of(&g, &duty, id, situation);
	rig_now += 2 * MINUTE;
	assert_int_equal(call(&g, RIG_MED, 1, page), P_OK);
	assert_int_equal(rung(&g, c, &n), 0);
	assert_int_equal(rig_verb(&g, &duty, DV_SITUATION_CLOSE, situation, NULL), P_OK);
	assert_int_equal(call(&g, RIG_MED, 1, page), P_OK);
	assert_int_equal(rung(&g, c, &n), CONTACT_DUTY + 1);
	assert_int_equal(
	    number(&g, "SELECT 10 * count(*) + max(calls) FROM hotline_pages"), 22);
	rig_now -= 2 * MINUTE;
	rig_close(&g);
}

static int
is_due(struct rig *g)
{
	int64_t next;

	assert_int_equal(store_delivery_pages_next(g->k.store, &next), 0);
	return next <= rig_now / 1000;
}

static void
test_a_courier_that_dies_gives_them_back(void **state)
{
	struct rig_peer *c;
	struct rig g;
	unsigned n;

	(void)state;
	rig_open(&g, "");
	stage(&g, &c);
	assert_int_equal(call(&g, RIG_MED, 1, page), P_OK);
	assert_int_equal(pages(&g, c).n, 4);
	assert_false(is_due(&g));
	rig_now += 62000;
	RIG_UNTIL(&g, is_due(&g));
	assert_int_equal(rung(&g, c, &n), CONTACT_DUTY + 1);
	assert_int_equal(n, 4);
	/* And after a restart with leases that nobody has. */
	assert_int_equal(call(&g, RIG_BANK, 1, page), P_OK);
	assert_int_equal(pages(&g, c).n, 4);
	rig_restart(&g);
	stage(&g, &c);
	rig_now += 62000;
	RIG_UNTIL(&g, is_due(&g));
	rig_now -= 124000;
	rig_close(&g);
}

static void
test_a_wave_is_not_a_page_a_report(void **state)
{
	struct rights duty = rig_desk_of(SLOT_NONE, 7);
	struct courier_jobs jobs;
	struct rig_peer *c;
	char id[64];
	unsigned i, n, paged = 0;
	struct rig g;

	(void)state;
	rig_open(&g, "");
	stage(&g, &c);
	for (i = 1; i <= 25; i++) {
		/* Two sectors of one group. */
		assert_int_equal(call(&g, i % 3 == 0 ? 13 : RIG_MED, 1, page), P_OK);
		jobs = pages(&g, c);
		if (jobs.n == 0)
			continue;
		paged++;
		assert_true(i == 1 || i == 5 || i == 20);
		if (i == 5) { /* how many there are by sector, and no word of theirs */
			assert_non_null(
			    memmem(jobs.body[0].p, jobs.body[0].n, "Medical 4", 9));
			assert_non_null(
			    memmem(jobs.body[0].p, jobs.body[0].n, "Water 1", 7));
			assert_null(memmem(jobs.body[0].p, jobs.body[0].n, "件名", 6));
			(void)listed(&g, &duty, "pages.0.id", id);
			assert_int_equal(
			    rig_verb(&g, &duty, DV_HOTLINE_ACK, id, NULL), P_OK);
			assert_int_equal(rig_number(&g, "taken"), 5);
		}
	}
	assert_int_equal(paged, 3);
	/* Another group is another page; a call to consult is none. */
	assert_int_equal(call(&g, RIG_BANK, 1, page), P_OK);
	assert_int_equal(rung(&g, c, &n), CONTACT_DUTY + 1);
	assert_int_equal(call(&g, RIG_PWR, 1, "{\"hotline\":\"consult\"}"), P_OK);
	assert_int_equal(rung(&g, c, &n), 0);
	/* Nor is an exercise; the highest level pages without asking. */
	assert_int_equal(
	    call(&g, RIG_PWR, 4, "{\"hotline\":\"page\",\"exercise\":true}"), P_OK);
	assert_int_equal(rung(&g, c, &n), 0);
	/* Not where the reporter keeps the government out. */
	assert_int_equal(call(&g, RIG_PWR, 4, kept_out), P_OK);
	assert_int_equal(rung(&g, c, &n), 0);
	assert_int_equal(call(&g, RIG_PWR, 4, NULL), P_OK);
	assert_int_equal(rung(&g, c, &n), CONTACT_DUTY + 1);
	assert_int_equal(number(&g, "SELECT count(*) FROM hotline_pages"), 3);
	assert_int_equal(number(&g, "SELECT count(*) FROM hotline_calls"), 28);
	rig_close(&g);
}

/* Bulletins that wait for many contacts of a hospital, and real rows of each. */
static void
crowd(struct rig *g)
{
	struct keeper_put m = rig_put_default();
	struct store *s = g->k.store;
	struct store_delivery d;
	struct frame_head h;
	struct slice body, stub;
	struct rig_peer *t;
	uint32_t i;
	unsigned n, rows = 0;

	for (n = 0; n < BULLETINS; n++)
		assert_int_equal(rig_put(g, &m, 3, "ceptoar", NULL), P_OK);
	expand(g);
	t = rig_tail(g, 1);
	memset(&d, 0, sizeof d);
	d.state = DELIVERY_QUEUED;
	memset(d.key.receiver, 1, RECEIVER_LEN);
	assert_int_equal(store_begin(s), 0);
	for (i = 0; rig_row(t, i, &h, &body, &stub); i++) {
		if (h.kind != FRAME_BULLETIN)
			continue;
		memcpy(d.key.bulletin, h.id, ID_LEN);
		d.key.revision = h.revision;
		for (n = 0; n < BEFORE / BULLETINS; n++) {
			d.key.route = (uint8_t)(n % 2 == 0 ? BY_MAIL : BY_WEBHOOK);
			d.key.contact = (uint8_t)(n / 2);
			assert_int_equal(store_delivery_add(s, &d), 0);
			rows++;
		}
	}
	assert_int_equal(store_commit(s), 0);
	assert_int_equal(rows, BEFORE);
	outbox_failed(&g->k);
}

static int
by_time(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* From a call to its pages in the courier's hands, the median of nine. */
static int64_t
page_ms(struct rig *g, struct rig_peer *c, unsigned slot)
{
	struct courier_jobs jobs;
	int64_t took[TIMES];
	unsigned i, n;

	for (i = 0; i < TIMES; i++) {
		took[i] = clock_mono_ms();
		assert_int_equal(call(g, slot, 1, page), P_OK);
		jobs = pages(g, c);
		took[i] = clock_mono_ms() - took[i];
		assert_int_equal(jobs.n, 4);
		for (n = 0; n < jobs.n; n++)
			assert_int_equal(
			    report(g, c, &jobs.job[n], OUTCOME_SENT, 0), P_OK);
	}
	qsort(took, TIMES, sizeof took[0], by_time);
	return took[TIMES / 2];
}

static void
test_nothing_stands_before_a_page(void **state)
{
	struct courier_jobs jobs;
	struct rig_peer *c;
	int64_t alone, behind;
	struct rig g;
	unsigned n;

	(void)state;
	rig_open_light(&g, "[hotline]\nsteps = 2,3,4,5,6,7,8,9\n");
	stage(&g, &c);
	alone = page_ms(&g, c, RIG_MED);
	crowd(&g);
	assert_true(lease(&g, c, ALL_ROUTES, 60).n >= 8);
	behind = page_ms(&g, c, RIG_BANK);
	print_message("a page: %d ms, %d ms behind %d deliveries\n", (int)alone,
	    (int)behind, BEFORE);
	assert_true(behind - alone <= PAGE_MS * rig_slower());
	/* An ordinary lease has them first as well. */
	assert_int_equal(call(&g, RIG_PWR, 1, page), P_OK);
	jobs = lease(&g, c, ALL_ROUTES, 60);
	assert_true(jobs.n >= 4);
	for (n = 0; n < 4; n++)
		assert_int_equal(jobs.job[n].stage, BROUGHT_PAGE);
	rig_close(&g);
}

static void
test_a_case_for_who_telephones(void **state)
{
	struct rights duty = rig_desk_of(SLOT_NONE, 7), other = rig_desk_of(RIG_MED, 8);
	struct rig_ask keyed = {
		.rights = &duty, .verb = DV_HOTLINE_OPEN, .json = "{}", .key = 3, .mac = 4
	};
	struct keeper_case m;
	struct receipt words;
	const char *why = NULL;
	unsigned line = 0;
	char room[1024];
	struct buf b;
	struct rig g;

	(void)state;
	rig_open(&g, "");
	assert_int_equal(rig_verb(&g, &other, DV_HOTLINE_OPEN, NULL, "{}"), P_FORBIDDEN);
	assert_int_equal(rig_verb(&g, &other, DV_HOTLINE_LIST, NULL, NULL), P_FORBIDDEN);
	assert_int_equal(rig_ask(&g, &keyed), P_BAD_REQUEST);
	assert_int_equal(
	    rig_verb(&g, &duty, DV_HOTLINE_OPEN, NULL, "{\"name\":\"somebody\"}"),
	    P_UNKNOWN_FIELD);
	assert_int_equal(
	    rig_verb(&g, &duty, DV_HOTLINE_OPEN, NULL, "{\"ceptoar\":\"nowhere\"}"),
	    P_INVALID_FIELD);
	assert_int_equal(rig_verb(&g, &duty, DV_HOTLINE_OPEN, NULL,
			     "{\"ceptoar\":\"medical-ceptoar\",\"listener\":\"blind\"}"),
	    P_OK);
	(void)rig_said(&g, "words", room, sizeof room);
	assert_int_equal(receipt_words_read(slice_of(room), &words, &line, &why), 0);
	assert_int_equal(words.blind, 1);
	/* With these words the caller opens the case, and with others nobody does. */
	memset(&m, 0, sizeof m);
	memcpy(m.case_id, words.case_id, ID_LEN);
	assert_int_equal(EVP_Digest(words.secret, sizeof words.secret, m.secret_hash,
			     NULL, EVP_sha256(), NULL),
	    1);
	buf_init(&b, 4096);
	keeper_case_put(&b, &m);
	assert_int_equal(rig_call(&g, &g.peer[0], KM_CASE, &b), P_OK);
	assert_int_equal(rig_call(&g, &g.peer[0], KM_FOLLOW, &b), P_CONFLICT);
	m.secret_hash[0] ^= 1;
	buf_reset(&b);
	keeper_case_put(&b, &m);
	assert_int_equal(rig_call(&g, &g.peer[0], KM_CASE, &b), P_NOT_FOUND);
	buf_done(&b);
	assert_string_equal(listed(&g, &duty, "calls.0.kind", room), "telephone");
	assert_string_equal(listed(&g, &duty, "calls.0.state", room), "taken");
	/* Neither the answer nor the secret stays anywhere. */
	assert_int_equal(number(&g, "SELECT count(*) FROM desk_idem"), 0);
	assert_int_equal(number(&g, "SELECT count(*) FROM inbox WHERE desk = 255"), 1);
	rig_close(&g);
}

static void
test_a_desks_word_is_the_first_contact(void **state)
{
	struct rights duty = rig_desk_of(SLOT_NONE, 7);
	struct rig_peer *c;
	char room[64];
	struct rig g;

	(void)state;
	rig_open(&g, "");
	stage(&g, &c);
	assert_int_equal(call(&g, RIG_MED, 1, "{\"hotline\":\"consult\"}"), P_OK);
	assert_string_equal(listed(&g, &duty, "calls.0.first_contact", room), "");
	{
		uint8_t id[ID_LEN];

		(void)listed(&g, &duty, "calls.0.case", room);
		assert_int_equal(hex_decode(slice_of(room), id, ID_LEN), ID_LEN);
		assert_int_equal(store_begin(g.k.store), 0);
		assert_int_equal(hotline_answered(&g.k, id, rig_now / MINUTE + 3), 0);
		assert_int_equal(hotline_answered(&g.k, id, rig_now / MINUTE + 9), 0);
		assert_int_equal(store_commit(g.k.store), 0);
	}
	assert_int_equal(rig_verb(&g, &duty, DV_HOTLINE_LIST, NULL, NULL), P_OK);
	assert_int_equal(rig_number(&g, "calls.0.waited"), 3);
	rig_close(&g);
}

/* Whoever has waited longest may be taken last, and is then what the list begins with. */
static void
test_taken_last_is_listed_first(void **state)
{
	struct rights duty = rig_desk_of(SLOT_NONE, 7);
	struct rig_peer *c;
	char old[64], late[64], room[64];
	struct rig g;

	(void)state;
	rig_open(&g, "");
	stage(&g, &c);
	assert_int_equal(call(&g, RIG_MED, 1, page), P_OK);
	(void)listed(&g, &duty, "calls.0.case", old);
	rig_now += MINUTE;
	assert_int_equal(call(&g, RIG_MED, 1, page), P_OK);
	(void)listed(&g, &duty, "calls.1.case", late);
	assert_int_equal(rig_verb(&g, &duty, DV_HOTLINE_ACK, late, NULL), P_OK);
	rig_now += MINUTE;
	assert_int_equal(rig_verb(&g, &duty, DV_HOTLINE_ACK, old, NULL), P_OK);
	assert_string_equal(listed(&g, &duty, "calls.0.case", room), old);
	assert_string_equal(listed(&g, &duty, "calls.1.case", room), late);
	rig_now -= (int64_t)2 * MINUTE;
	rig_close(&g);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_levels_loop_and_stop),
		cmocka_unit_test(test_kept_from_the_government),
		cmocka_unit_test(test_full_disk),
		cmocka_unit_test(test_one_page_a_situation),
		cmocka_unit_test(test_a_courier_that_dies_gives_them_back),
		cmocka_unit_test(test_a_wave_is_not_a_page_a_report),
		cmocka_unit_test(test_nothing_stands_before_a_page),
		cmocka_unit_test(test_a_case_for_who_telephones),
		cmocka_unit_test(test_a_desks_word_is_the_first_contact),
		cmocka_unit_test(test_taken_last_is_listed_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
