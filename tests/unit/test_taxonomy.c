/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/taxonomy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/mem.h"

static struct buf ceptoars, classes;
static struct taxonomy *taxonomy;

static int
read_file(const char *path, struct buf *b)
{
	char piece[4096];
	size_t n;
	FILE *f;

	f = fopen(path, "rb");
	if (f == NULL)
		return -1;
	buf_init(b, 1 << 20);
	while ((n = fread(piece, 1, sizeof piece, f)) > 0)
		buf_add(b, piece, n);
	fclose(f);
	return buf_err(b);
}

static int
setup(void **state)
{
	struct buf why;
	int r;

	(void)state;
	if (read_file("conf/ceptoars.json", &ceptoars) != 0 ||
	    read_file("conf/taxonomy.json", &classes) != 0)
		return -1;
	buf_init(&why, 1024);
	r = taxonomy_new(&taxonomy, buf_slice(&ceptoars), buf_slice(&classes), &why);
	if (r != 0)
		print_error("%s\n", buf_cstr(&why));
	buf_done(&why);
	return r;
}

static int
teardown(void **state)
{
	(void)state;
	taxonomy_free(taxonomy);
	taxonomy_free(NULL);
	buf_done(&ceptoars);
	buf_done(&classes);
	return 0;
}

static unsigned
count(const struct slots *s)
{
	unsigned i, n = 0;

	for (i = 0; i < SLOTS; i++)
		n += (unsigned)slots_has(s, i);
	return n;
}

/* Slots and sector indexes are written into databases and frames: they never change. */
static void
test_fixed_numbers(void **state)
{
	static const char *const slugs[] = { "t-ceptoar", "catv-ceptoar",
		"broadcast-ceptoar", "bank-ceptoar", "securities-ceptoar",
		"life-insurance-ceptoar", "nonlife-insurance-ceptoar", "aviation-ceptoar",
		"railway-ceptoar", "power-ceptoar", "gas-ceptoar",
		"local-government-ceptoar", "medical-ceptoar", "water-ceptoar",
		"logistics-ceptoar", "chemical-ceptoar", "credit-ceptoar",
		"petroleum-ceptoar", "airport-ceptoar", "funds-settlement-ceptoar",
		"port-ceptoar" };
	static const char *const sectors[] = { "information-communication", "finance",
		"aviation", "railway", "electric-power", "gas",
		"government-administration", "medical", "water", "logistics", "chemical",
		"credit-card", "petroleum", "airport", "port" };
	struct slots all;
	unsigned i;

	(void)state;
	for (i = 0; i < 21; i++) {
		assert_int_equal(taxonomy_slot(taxonomy, slice_of(slugs[i])), i);
		assert_string_equal(taxonomy_slug(taxonomy, i), slugs[i]);
		assert_non_null(taxonomy_ceptoar_name(taxonomy, i, "ja"));
		assert_non_null(taxonomy_desk_name(taxonomy, i, "en"));
		assert_true(taxonomy_sector_of_slot(taxonomy, i) < 15);
	}
	taxonomy_all_slots(taxonomy, &all);
	assert_int_equal(count(&all), 21);
	for (i = 0; i < 15; i++) {
		assert_int_equal(taxonomy_sector(taxonomy, slice_of(sectors[i])), i);
		assert_string_equal(taxonomy_sector_slug(taxonomy, i), sectors[i]);
		assert_true(taxonomy_sector_group(taxonomy, i) < 5);
	}
	/* A token names a group by its place in the list. */
	assert_int_equal(taxonomy_group(taxonomy, slice_of("communication")), 0);
	assert_int_equal(taxonomy_group(taxonomy, slice_of("public-services")), 4);
	assert_string_equal(taxonomy_group_slug(taxonomy, 3), "energy");
	assert_int_equal(taxonomy_group_count(taxonomy), 5);
	assert_int_equal(taxonomy_group_of_slot(
			     taxonomy, taxonomy_slot(taxonomy, slice_of("bank-ceptoar"))),
	    1);
	assert_int_equal(taxonomy_group_of_slot(taxonomy, 99), 255);
}

static void
test_names(void **state)
{
	unsigned medical = taxonomy_slot(taxonomy, slice_of("medical-ceptoar"));

	(void)state;
	assert_string_equal(
	    taxonomy_ceptoar_name(taxonomy, medical, "ja"), "医療CEPTOAR");
	assert_string_equal(
	    taxonomy_ceptoar_name(taxonomy, medical, "en"), "Medical CEPTOAR");
	assert_string_equal(
	    taxonomy_ceptoar_name(taxonomy, SLOT_NONE, "en"), "NCO (formerly NISC)");
	assert_string_equal(taxonomy_desk_name(taxonomy, SLOT_NONE, "ja"),
	    "国家サイバー統括室（旧NISC）");
	assert_string_equal(taxonomy_sector_name(taxonomy,
				taxonomy_sector_of_slot(taxonomy, medical), "ja"),
	    "医療");
	assert_string_equal(taxonomy_severity_name(taxonomy, 4, "ja"), "危機");
	assert_string_equal(taxonomy_severity_name(taxonomy, 0, "en"), "none");
	assert_string_equal(
	    taxonomy_class_name(taxonomy, slice_of("info_leak"), "ja"), "情報の漏えい");
	assert_string_equal(taxonomy_class_name(taxonomy, slice_of("insider"), "en"),
	    "insider misconduct");
	assert_null(taxonomy_class_name(taxonomy, slice_of("x"), "en"));
	assert_true(taxonomy_is_event(taxonomy, slice_of("system_intrusion")));
	assert_false(taxonomy_is_event(taxonomy, slice_of("insider")));
	assert_true(taxonomy_is_cause(taxonomy, slice_of("insider")));
	assert_false(taxonomy_is_cause(taxonomy, slice_of("")));
}

static void
test_unknown(void **state)
{
	struct slots s;

	(void)state;
	assert_int_equal(taxonomy_slot(taxonomy, slice_of("")), SLOT_NONE);
	assert_int_equal(taxonomy_slot(taxonomy, slice_of("medical")), SLOT_NONE);
	assert_int_equal(taxonomy_sector(taxonomy, slice_of("space")), 255);
	assert_null(taxonomy_slug(taxonomy, 21));
	assert_null(taxonomy_slug(taxonomy, 127));
	assert_null(taxonomy_slug(taxonomy, 9999));
	assert_null(taxonomy_ceptoar_name(taxonomy, 99, "ja"));
	assert_int_equal(taxonomy_sector_of_slot(taxonomy, 99), 255);
	assert_int_equal(taxonomy_sector_of_slot(taxonomy, SLOT_NONE), 255);
	assert_null(taxonomy_sector_slug(taxonomy, 255));
	assert_null(taxonomy_sector_name(taxonomy, 63, "ja"));
	assert_int_equal(taxonomy_sector_group(taxonomy, 255), 255);
	assert_int_equal(taxonomy_group(taxonomy, slice_of("medical")), 255);
	assert_null(taxonomy_group_slug(taxonomy, 5));
	assert_null(taxonomy_severity_name(taxonomy, 5, "ja"));
	taxonomy_dependants(taxonomy, SLOT_NONE, &s);
	assert_int_equal(count(&s), 0);
}

static void
test_dependants(void **state)
{
	struct slots s;

	(void)state;
	taxonomy_dependants(
	    taxonomy, taxonomy_slot(taxonomy, slice_of("power-ceptoar")), &s);
	assert_int_equal(count(&s), 21); /* everybody leans on electric power */
	taxonomy_dependants(
	    taxonomy, taxonomy_slot(taxonomy, slice_of("medical-ceptoar")), &s);
	assert_true(slots_has(&s, taxonomy_slot(taxonomy, slice_of("medical-ceptoar"))));
	assert_false(slots_has(&s, taxonomy_slot(taxonomy, slice_of("gas-ceptoar"))));
	/* The own sector means all CEPTOARs of it. */
	taxonomy_dependants(
	    taxonomy, taxonomy_slot(taxonomy, slice_of("bank-ceptoar")), &s);
	assert_true(
	    slots_has(&s, taxonomy_slot(taxonomy, slice_of("securities-ceptoar"))));
}

/* 2026-11-20 is a Friday; times in Japan. */
static void
test_next_duty(void **state)
{
	static const int64_t FRIDAY = 1795100400000, HOUR = 3600000; /* 00:00 */
	unsigned slot = taxonomy_slot(taxonomy, slice_of("medical-ceptoar"));
	static const struct {
		int64_t at, next; /* minutes since Friday 00:00 */
	} cases[] = {
		{ 0, 9 * 60 },
		{ 8 * 60 + 59, 9 * 60 },
		{ 9 * 60, 9 * 60 },
		{ 12 * 60, 12 * 60 },
		{ 17 * 60 + 29, 17 * 60 + 29 },
		{ 17 * 60 + 30, (3 * 24 + 9) * 60 }, /* Monday morning */
		{ 24 * 60, (3 * 24 + 9) * 60 },
		{ (2 * 24 + 23) * 60, (3 * 24 + 9) * 60 },
		{ (3 * 24 + 18) * 60, (4 * 24 + 9) * 60 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++)
		assert_int_equal(
		    taxonomy_next_duty(taxonomy, slot, FRIDAY + cases[i].at * 60000),
		    FRIDAY + cases[i].next * 60000);
	/* The last second of the day's duty counts; an unknown desk is the centre's. */
	assert_int_equal(taxonomy_next_duty(taxonomy, slot, FRIDAY + 35 * HOUR / 2 - 1),
	    FRIDAY + 35 * HOUR / 2 - 1);
	for (i = 0; i < 7; i++) {
		assert_int_equal(taxonomy_next_duty(taxonomy, SLOT_NONE,
				     FRIDAY + (int64_t)i * 24 * HOUR + 5),
		    FRIDAY + (int64_t)i * 24 * HOUR + 5);
		assert_int_equal(taxonomy_next_duty(taxonomy, 99, FRIDAY + 3 * HOUR),
		    FRIDAY + 3 * HOUR);
	}
}

static void
test_groups_and_their_ladders(void **state)
{
	static const uint8_t whole[] = { LADDER_SIZE, LADDER_REGION, LADDER_CLASS,
		LADDER_DAY, LADDER_GROUP, LADDER_SECTOR };
	struct slots s, both;
	const uint8_t *ladder;
	unsigned i;

	(void)state;
	assert_string_equal(taxonomy_group_slug(taxonomy, 1), "finance");
	assert_string_equal(taxonomy_group_name(taxonomy, 1, "ja"), "金融・クレジット");
	assert_string_equal(taxonomy_group_name(taxonomy, 1, "en"), "finance and credit");
	assert_null(taxonomy_group_slug(taxonomy, 5));
	assert_null(taxonomy_group_name(taxonomy, 5, "ja"));
	for (i = 0; i < 5; i++) {
		assert_int_equal(taxonomy_ladder(taxonomy, i, &ladder), sizeof whole);
		assert_memory_equal(ladder, whole, sizeof whole);
	}
	assert_int_equal(taxonomy_ladder(taxonomy, 255, &ladder), 0);
	/* Finance has five CEPTOARs, with credit cards it is six. */
	taxonomy_sector_slots(taxonomy, 1, &s);
	assert_int_equal(count(&s), 5);
	assert_true(slots_has(&s, 3) && slots_has(&s, 19) && !slots_has(&s, 16));
	taxonomy_group_slots(taxonomy, 1, &both);
	assert_int_equal(count(&both), 6);
	assert_true(slots_has(&both, 16));
	taxonomy_sector_slots(taxonomy, 255, &s);
	assert_true(slots_empty(&s));
}

#define CATV "\"deputies\": [\"t-ceptoar\", \"broadcast-ceptoar\"]"

/* One edit of the shipped file, and what is said about it. */
static const struct {
	const char *from, *to, *why;
} broken[] = {
	{ "\"slot\": 1,", "\"slot\": 0,", "slot" },
	{ "\"slot\": 1,", "\"slot\": 128,", "slot" },
	{ "\"slot\": 1,", "\"slot\": \"1\",", "slot" },
	{ "\"slot\": 1,", "", "slot" },
	{ "\"slug\": \"catv-ceptoar\"", "\"slug\": \"t-ceptoar\"", "twice" },
	{ "\"slug\": \"catv-ceptoar\"", "\"slug\": \"CATV\"", "malformed" },
	{ "\"index\": 1,", "\"index\": 64,", "index" },
	{ "\"index\": 1,", "\"index\": 0,", "index" },
	{ "\"slug\": \"gas-ceptoar\", \"sector\": \"gas\"",
	    "\"slug\": \"gas-ceptoar\", \"sector\": \"fire\"", "unknown sector" },
	{ "\"group\": \"finance\"", "\"group\": \"money\"", "unknown group" },
	{ "[\"airport\", \"logistics\"]", "[\"airport\", \"space\"]", "space" },
	{ "\"from\": \"09:00\"", "\"from\": \"9:00\"", "duty_hours" },
	{ "\"from\": \"09:00\"", "\"from\": \"19:00\"", "duty_hours" },
	{ "\"to\": \"17:30\"", "\"to\": \"25:00\"", "duty_hours" },
	{ "\"days\": [1, 2, 3, 4, 5]", "\"days\": [0]", "duty_hours" },
	{ "\"days\": [1, 2, 3, 4, 5]", "\"days\": []", "duty_hours" },
	{ "\"days\": [1, 2, 3, 4, 5]", "\"holidays\": 1, \"days\": [1, 2]",
	    "duty_hours" },
	{ CATV, "\"deputies\": [\"moon-ceptoar\"]", "moon" },
	{ CATV, "\"deputies\": \"bank-ceptoar\"", "deputies" },
	{ CATV, "\"deputies\": [1]", "deputies" },
	{ CATV, "\"deputies\": [\"catv-ceptoar\"]", "itself" },
	{ CATV, "\"deputies\": [\"bank-ceptoar\", \"bank-ceptoar\"]", "twice" },
	{ "\"en\": \"NCO (formerly NISC)\"", "\"en\": \"\"", "centre" },
	{ "\"secretariat\":", "\"secretary\":", "secretariat" },
	{ "\"ladder\": [\"size\", ", "\"ladder\": [\"width\", ", "ladder" },
	{ "\"ladder\": [\"size\", ", "\"ladder\": [\"sector\", ", "ladder" },
	{ "\"ladder\": [\"size\", ", "\"ladder\": [7, ", "ladder" },
	{ "\"ladder\":", "\"stairs\":", "ladder" },
	{ "{\"ja\": \"金融・クレジット\", ", "{", "groups: names" },
	{ "\"ceptoars\": [", "\"ceptoar\": [", "ceptoars" },
	{ "{", "[", "ceptoars" },
};

static void
test_broken_files(void **state)
{
	struct taxonomy *t = NULL;
	struct buf text, why;
	const char *all, *at;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof broken / sizeof broken[0]; i++) {
		all = buf_cstr(&ceptoars);
		at = strstr(all, broken[i].from);
		assert_non_null(at);
		buf_init(&text, 1 << 20);
		buf_init(&why, 1024);
		buf_add(&text, all, (size_t)(at - all));
		buf_adds(&text, broken[i].to);
		buf_adds(&text, at + strlen(broken[i].from));
		assert_int_equal(
		    taxonomy_new(&t, buf_slice(&text), buf_slice(&classes), &why),
		    ERR_INVALID);
		if (strstr(buf_cstr(&why), broken[i].why) == NULL)
			print_error("%s: %s\n", broken[i].to, buf_cstr(&why));
		assert_non_null(strstr(buf_cstr(&why), broken[i].why));
		assert_null(t);
		buf_done(&text);
		buf_done(&why);
	}
	buf_init(&why, 1024);
	assert_int_equal(
	    taxonomy_new(&t, buf_slice(&ceptoars), slice_of("{}"), &why), ERR_INVALID);
	assert_int_equal(
	    taxonomy_new(&t, buf_slice(&ceptoars), slice_of("[]"), &why), ERR_INVALID);
	(void)mem_fail_at(1);
	assert_int_equal(
	    taxonomy_new(&t, buf_slice(&ceptoars), buf_slice(&classes), &why), ERR_NOMEM);
	(void)mem_fail_at(0);
	buf_done(&why);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fixed_numbers),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_dependants),
		cmocka_unit_test(test_next_duty),
		cmocka_unit_test(test_groups_and_their_ladders),
		cmocka_unit_test(test_broken_files),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
