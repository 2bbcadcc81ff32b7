/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/duty.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "proto/json.h"
#include "proto/report_time.h"
#include "proto/taxonomy.h"
#include "tests/unit/tree.h"

static struct duty_holidays *holidays;

static int
setup(void **state)
{
	struct buf b, why;
	int r;

	(void)state;
	read_file("conf/holidays.json", &b);
	buf_init(&why, 1024);
	r = duty_holidays_new(&holidays, buf_slice(&b), &why);
	if (r != 0)
		print_error("%s\n", buf_cstr(&why));
	buf_done(&b);
	buf_done(&why);
	return r;
}

static int
teardown(void **state)
{
	(void)state;
	duty_holidays_free(holidays);
	return 0;
}

/* "2026-11-08T05:35" in Japan. */
static int64_t
at(const char *text)
{
	char date[11] = "";
	int64_t day;
	int h, m;

	memcpy(date, text, 10);
	assert_int_equal(duty_date(date, &day), 0);
	assert_int_equal(sscanf(text + 10, "T%d:%d", &h, &m), 2);
	return duty_day_ms(day) + (h * 60 + m) * 60000LL;
}

static void
test_dates(void **state)
{
	static const char *const wrong[] = { "", "2026-1-1", "2026-02-29", "2026-13-01",
		"2026-00-01", "2026-01-00", "2026-04-31", "1969-12-31", "2026/01/01",
		"2026-01-01T", "20x6-01-01", NULL };
	char text[REPORT_TIME_LEN];
	int64_t day, before = -1;
	size_t i;

	(void)state;
	for (i = 0; wrong[i] != NULL; i++)
		assert_int_equal(duty_date(wrong[i], &day), ERR_INVALID);
	assert_int_equal(duty_date(NULL, &day), ERR_INVALID);
	assert_int_equal(duty_date("1970-01-01", &day), 0);
	assert_int_equal(day, 0);
	/* Every day there and back, by another way of reckoning. */
	for (day = 0; day < 40000; day++) {
		report_time_write(duty_day_ms(day), text);
		assert_string_equal(text + 10, "T00:00:00+09:00");
		text[10] = '\0';
		assert_int_equal(duty_date(text, &before), 0);
		assert_int_equal(before, day);
		assert_int_equal(duty_day(duty_day_ms(day)), day);
		assert_int_equal(duty_day(duty_day_ms(day) - 1), day - 1);
	}
}

static int64_t
day_of(int y, int m, int d)
{
	char text[40];
	int64_t day;

	(void)snprintf(text, sizeof text, "%04d-%02d-%02d", y, m, d);
	assert_int_equal(duty_date(text, &day), 0);
	return day;
}

/* 0 Monday .. 6 Sunday */
static int
weekday(int64_t day)
{
	return (int)((day + 3) % 7);
}

/* The n-th Monday of a month. */
static int64_t
monday(int y, int m, int n)
{
	int64_t first = day_of(y, m, 1);

	return first + (7 - weekday(first)) % 7 + 7 * (n - 1);
}

static int
has(const int64_t *v, size_t n, int64_t day)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (v[i] == day)
			return 1;
	return 0;
}

/* The law's rules again, from its own fixed days and the equinoxes as announced. */
static void
test_the_law(void **state)
{
	static const int equinox[4][2] = { { 20, 23 }, { 20, 23 }, { 21, 23 },
		{ 20, 22 } };
	int64_t v[32], all[64], day, e;
	size_t n, k, i;
	int y;

	(void)state;
	for (y = 2025; y <= 2028; y++) {
		n = 0;
		v[n++] = day_of(y, 1, 1);
		v[n++] = monday(y, 1, 2);
		v[n++] = day_of(y, 2, 11);
		v[n++] = day_of(y, 2, 23);
		v[n++] = day_of(y, 3, equinox[y - 2025][0]);
		v[n++] = day_of(y, 4, 29);
		v[n++] = day_of(y, 5, 3);
		v[n++] = day_of(y, 5, 4);
		v[n++] = day_of(y, 5, 5);
		v[n++] = monday(y, 7, 3);
		v[n++] = day_of(y, 8, 11);
		v[n++] = monday(y, 9, 3);
		v[n++] = day_of(y, 9, equinox[y - 2025][1]);
		v[n++] = monday(y, 10, 2);
		v[n++] = day_of(y, 11, 3);
		v[n++] = day_of(y, 11, 23);
		memcpy(all, v, n * sizeof *v);
		k = n;
		for (i = 0; i < n; i++) {
			if (weekday(v[i]) == 6) {
				for (e = v[i] + 1; has(v, n, e); e++)
					;
				all[k++] = e;
			}
			if (has(v, n, v[i] + 2) && !has(all, k, v[i] + 1) &&
			    weekday(v[i] + 1) != 6)
				all[k++] = v[i] + 1;
		}
		for (day = day_of(y, 1, 4); day <= day_of(y, 12, 28); day++)
			if ((duty_holiday(holidays, day, "ja") != NULL) !=
			    has(all, k, day))
				fail_msg("day %d of %d", (int)(day - v[0] + 1), y);
	}
}

static void
test_names(void **state)
{
	(void)state;
	assert_string_equal(
	    duty_holiday(holidays, day_of(2026, 9, 22), "ja"), "国民の休日");
	assert_string_equal(
	    duty_holiday(holidays, day_of(2027, 3, 22), "ja"), "振替休日");
	assert_string_equal(
	    duty_holiday(holidays, day_of(2028, 9, 22), "en"), "Autumnal Equinox Day");
	/* Every year, also beyond what the list speaks of. */
	assert_string_equal(duty_holiday(holidays, day_of(2026, 1, 1), "ja"), "元日");
	assert_string_equal(duty_holiday(holidays, day_of(2026, 1, 2), "ja"), "年末年始");
	assert_string_equal(
	    duty_holiday(holidays, day_of(2031, 12, 29), "ja"), "年末年始");
	assert_null(duty_holiday(holidays, day_of(2026, 1, 4), "ja"));
	assert_null(duty_holiday(holidays, day_of(2026, 12, 28), "ja"));
	assert_null(duty_holiday(NULL, day_of(2026, 1, 1), "ja"));
	assert_int_equal(duty_holidays_end(holidays), day_of(2028, 12, 31));
}

static const struct {
	const char *hours, *at, *next, *what;
} rows[] = {
#define WEEK "\"days\":[1,2,3,4,5],\"from\":\"09:00\",\"to\":\"17:30\""
#define ALL  "\"days\":[1,2,3,4,5,6,7],\"from\":\"00:00\",\"to\":\"24:00\""
	{ WEEK, "2026-11-27T08:59", "2026-11-27T09:00", "Friday before it begins" },
	{ WEEK, "2026-11-27T09:00", "2026-11-27T09:00", "its first minute" },
	{ WEEK, "2026-11-27T17:29", "2026-11-27T17:29", "its last minute" },
	{ WEEK, "2026-11-27T17:30", "2026-11-30T09:00", "over: Monday" },
	{ WEEK, "2026-11-28T12:00", "2026-11-30T09:00", "Saturday" },
	{ WEEK, "2026-11-29T23:59", "2026-11-30T09:00", "Sunday" },
	{ WEEK, "2026-11-03T10:00", "2026-11-04T09:00", "Culture Day, a Tuesday" },
	{ WEEK, "2026-11-20T18:00", "2026-11-24T09:00", "a weekend and a holiday" },
	{ WEEK, "2026-09-18T18:00", "2026-09-24T09:00", "three holidays in a row" },
	{ WEEK, "2026-05-01T18:00", "2026-05-07T09:00", "a substitute holiday" },
	{ WEEK, "2026-12-28T17:30", "2027-01-04T09:00", "the turn of the year" },
	{ WEEK, "2027-12-31T00:00", "2028-01-04T09:00", "it ends on a Monday" },
	{ WEEK, "2029-02-12T10:00", "2029-02-12T10:00", "beyond the list" },
	{ WEEK ",\"holidays\":true", "2026-11-03T10:00", "2026-11-03T10:00", "works" },
	{ WEEK ",\"holidays\":true", "2026-12-31T18:00", "2027-01-01T09:00", "always" },
	{ ALL, "2027-01-01T03:00", "2027-01-01T03:00", "never off duty" },
	{ ALL ",\"holidays\":false", "2027-01-01T03:00", "2027-01-04T00:00", "but then" },
	{ "\"days\":[7],\"from\":\"10:00\",\"to\":\"11:00\"", "2026-05-03T09:00",
	    "2026-05-10T10:00", "Sundays only, and this one is a holiday" },
};

static void
test_hours(void **state)
{
	struct duty_hours d;
	char text[256];
	json_t *j;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		(void)snprintf(text, sizeof text, "{%s}", rows[i].hours);
		j = json_loads(text, 0, NULL);
		assert_int_equal(duty_hours_read(j, &d), 1);
		json_decref(j);
		if (duty_next(&d, holidays, at(rows[i].at)) != at(rows[i].next))
			fail_msg("%s: %s", rows[i].at, rows[i].what);
		assert_int_equal(duty_is_on(&d, holidays, at(rows[i].at)),
		    strcmp(rows[i].at, rows[i].next) == 0);
	}
	/* Without a list of holidays there are none. */
	j = json_loads("{" WEEK "}", 0, NULL);
	assert_int_equal(duty_hours_read(j, &d), 1);
	json_decref(j);
	assert_int_equal(
	    duty_next(&d, NULL, at("2026-11-03T10:00")), at("2026-11-03T10:00"));
}

static void
test_faulty(void **state)
{
#define LIST(days) \
	"{\"from\":\"2026-01-01\",\"to\":\"2026-12-31\",\"holidays\":[" days "]}"
#define NAMES "\"names\":{\"ja\":\"a\",\"en\":\"b\"}"
	static const struct {
		const char *text, *says;
	} bad[] = {
		{ "[]", "from" },
		{ "{", "holidays: " },
		{ "{\"from\":\"2026-01-01\",\"holidays\":[]}", "to" },
		{ LIST(""), "1 to 1000" },
		{ LIST("{\"date\":\"2026-02-30\"," NAMES "}"), "2026-02-30" },
		{ LIST("{\"date\":\"2027-01-01\"," NAMES "}"), "2027-01-01" },
		{ LIST("{\"date\":\"2026-01-02\"," NAMES
		       "},{\"date\":\"2026-01-01\"," NAMES "}"),
		    "2026-01-01" },
		{ LIST("{\"date\":\"2026-01-02\",\"names\":{\"ja\":\"a\"}}"), "names" },
		{ "{\"from\":\"2026-01-01\",\"to\":\"2026-12-31\",\"every_year\":[{"
		  "\"from\":"
		  "\"12-32\",\"to\":\"01-03\"," NAMES
		  "}],\"holidays\":[{\"date\":\"2026-01-02\"," NAMES "}]}",
		    "every_year" },
	};
	struct duty_holidays *h = NULL;
	struct buf why;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		buf_init(&why, 1024);
		assert_int_equal(
		    duty_holidays_new(&h, slice_of(bad[i].text), &why), ERR_INVALID);
		if (strstr(buf_cstr(&why), bad[i].says) == NULL)
			fail_msg("%zu: %s", i, buf_cstr(&why));
		buf_done(&why);
	}
}

/* A member of the list's entry of this slug. */
static void
set(json_t *list, const char *slug, const char *key, json_t *value)
{
	json_t *one;
	size_t i;

	json_array_foreach(json_object_get(list, "ceptoars"), i, one)
	{
		if (strcmp(json_string_value(json_object_get(one, "slug")), slug) == 0)
			assert_int_equal(json_object_set(one, key, value), 0);
	}
	json_decref(value);
}

/* Two desks of the real list stand in for a third, the last of them on Saturdays too. */
static void
test_deputies(void **state)
{
	static const struct {
		const char *at, *who, *when;
	} want[] = {
		{ "2026-11-27T10:00", "medical-ceptoar", "2026-11-27T10:00" },
		{ "2026-11-27T18:00", "bank-ceptoar", "2026-11-27T18:00" },
		{ "2026-11-28T10:00", "water-ceptoar", "2026-11-28T10:00" },
		{ "2026-11-28T13:00", "bank-ceptoar", "2026-11-30T08:00" },
		{ "2026-11-03T10:00", "water-ceptoar", "2026-11-03T10:00" },
		{ "2026-11-30T08:30", "bank-ceptoar", "2026-11-30T08:30" },
		{ "2026-11-30T09:00", "medical-ceptoar", "2026-11-30T09:00" },
	};
	struct taxonomy *t = NULL;
	struct slots bank = { 0 }, in;
	struct buf a, b, h, why, text;
	json_t *list;
	unsigned slot, who;
	int64_t when;
	size_t i;

	(void)state;
	read_file("conf/ceptoars.json", &a);
	read_file("conf/taxonomy.json", &b);
	read_file("conf/holidays.json", &h);
	buf_init(&text, 1 << 20);
	buf_init(&why, 1024);
	list = json_loadb(a.p, a.n, 0, NULL);
	assert_non_null(list);
	set(list, "medical-ceptoar", "deputies",
	    json_pack("[s,s]", "bank-ceptoar", "water-ceptoar"));
	set(list, "bank-ceptoar", "duty_hours",
	    json_pack("{s:[i,i,i,i,i],s:s,s:s}", "days", 1, 2, 3, 4, 5, "from", "08:00",
		"to", "20:00"));
	set(list, "water-ceptoar", "duty_hours",
	    json_pack("{s:[i,i,i,i,i,i],s:s,s:s,s:b}", "days", 1, 2, 3, 4, 5, 6, "from",
		"10:00", "to", "12:00", "holidays", 1));
	assert_int_equal(json_canonical(list, &text), 0);
	json_decref(list);
	if (taxonomy_new(&t, buf_slice(&text), buf_slice(&b), &why) != 0)
		fail_msg("%s", buf_cstr(&why));
	assert_int_equal(taxonomy_holidays_end(t), 0);
	assert_int_equal(taxonomy_holidays(t, slice_of("{}"), &why), ERR_INVALID);
	assert_int_equal(taxonomy_holidays(t, buf_slice(&h), &why), 0);
	assert_int_equal(taxonomy_holidays_end(t), duty_holidays_end(holidays));
	slot = taxonomy_slot(t, slice_of("medical-ceptoar"));
	slots_set(&bank, taxonomy_slot(t, slice_of("bank-ceptoar")));
	for (i = 0; i < sizeof want / sizeof want[0]; i++) {
		who = taxonomy_reader(t, slot, at(want[i].at), &when);
		assert_string_equal(taxonomy_slug(t, who), want[i].who);
		assert_int_equal(when, at(want[i].when));
		/* It may sit there when it is the one that reads, and then only. */
		taxonomy_stands_in(t, &bank, at(want[i].at), &in);
		assert_int_equal(
		    slots_has(&in, slot), strcmp(want[i].who, "bank-ceptoar") == 0 &&
					      strcmp(want[i].at, want[i].when) == 0);
	}
	taxonomy_free(t);
	buf_done(&a);
	buf_done(&b);
	buf_done(&h);
	buf_done(&text);
	buf_done(&why);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dates),
		cmocka_unit_test(test_the_law),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_hours),
		cmocka_unit_test(test_faulty),
		cmocka_unit_test(test_deputies),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
