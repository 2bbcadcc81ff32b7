/* SPDX-License-Identifier: Apache-2.0 */
/* Rosters as spans, and what they decide in place of duty hours. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "proto/duty_span.h"
#include "tests/unit/tree.h"

static struct vault_shift
shift(const char *person, int64_t from, int64_t to)
{
	struct vault_shift s = { .from = from, .to = to, .order = 1 };

	(void)snprintf(s.person, sizeof s.person, "%s", person);
	return s;
}

static void
test_spans(void **state)
{
	const struct vault_shift v[] = { shift("a", 100, 200), shift("b", 150, 250),
		shift("a", 180, 220), shift("c", 300, 310), shift("a", 310, 320) };
	static const struct {
		int64_t at;
		int persons;
		int64_t change;
	} want[] = { { 0, -1, 100 }, { 99, -1, 100 }, { 100, 1, 150 }, { 150, 2, 180 },
		{ 199, 2, 200 }, { 200, 2, 220 }, { 220, 1, 250 }, { 250, 0, 300 },
		{ 299, 0, 300 }, { 305, 1, 310 }, { 310, 1, 320 },
		{ 320, -1, INT64_MAX } };
	struct duty_spans s = { 0 };
	size_t i;

	(void)state;
	assert_int_equal(duty_spans_at(&s, 100), -1);
	assert_int_equal(duty_spans_change(&s, 100), INT64_MAX);
	assert_int_equal(duty_spans_make(&s, NULL, 0), 0);
	assert_int_equal(s.n, 0);
	assert_int_equal(duty_spans_make(&s, v, sizeof v / sizeof v[0]), 0);
	for (i = 0; i < sizeof want / sizeof want[0]; i++) {
		assert_int_equal(duty_spans_at(&s, want[i].at), want[i].persons);
		assert_int_equal(duty_spans_change(&s, want[i].at), want[i].change);
	}
	/* Two members of one desk: their people add up. */
	assert_int_equal(duty_spans_make(&s, v, 1), 0);
	assert_int_equal(duty_spans_at(&s, 150), 3);
	duty_spans_free(&s);
	assert_int_equal(duty_spans_at(&s, 150), -1);
}

static void
test_too_many(void **state)
{
	struct vault_shift v[65];
	struct duty_spans s = { 0 };
	char name[16];
	int i;

	(void)state;
	for (i = 0; i < 65; i++) {
		(void)snprintf(name, sizeof name, "p%d", i);
		v[i] = shift(name, 0, 10);
	}
	assert_int_equal(duty_spans_make(&s, v, 64), 0);
	assert_int_equal(duty_spans_at(&s, 5), 64);
	assert_int_equal(duty_spans_make(&s, v, 65), ERR_LIMIT);
	duty_spans_free(&s);
}

enum { HOUR = 60 };
/* Sunday, 2026-11-08T00:00 in Japan, in minutes. */
static const int64_t SUNDAY = 1794063600 / 60;

static struct taxonomy *
real_list(void)
{
	struct taxonomy *t = load_taxonomy();
	return t;
}

static int64_t
next(const struct taxonomy *t, unsigned slot, int64_t minute)
{
	return taxonomy_next_duty(t, slot, minute * 60000) / 60000 - SUNDAY;
}

/* The medical desk works from Monday to Friday, 9 to 17:30; its roster has Sunday 8 to 12
 * by two, and Monday from 14 by one. */
static void
test_desk(void **state)
{
	static const struct duty_span roster[] = {
		{ 1794063600 / 60 + 8 * HOUR, 1794063600 / 60 + 12 * HOUR, 2 },
		{ 1794063600 / 60 + 12 * HOUR, 1794063600 / 60 + 38 * HOUR, 0 },
		{ 1794063600 / 60 + 38 * HOUR, 1794063600 / 60 + 48 * HOUR, 1 },
	};
	static const struct {
		int at, next, paired; /* minutes from Sunday on */
	} want[] = { { 7 * HOUR, 8 * HOUR, 0 }, { 9 * HOUR, 9 * HOUR, 1 },
		{ 13 * HOUR, 38 * HOUR, 0 },
		/* Monday at ten: in the duty hours, but nobody is rostered. */
		{ 34 * HOUR, 38 * HOUR, 0 }, { 39 * HOUR, 39 * HOUR, 0 },
		/* Behind its end the duty hours decide again. */
		{ 48 * HOUR, 57 * HOUR, 0 }, { 58 * HOUR, 58 * HOUR, 1 } };
	struct taxonomy *t = real_list();
	unsigned slot = taxonomy_slot(t, slice_of("medical-ceptoar"));
	size_t i;

	(void)state;
	assert_int_equal(next(t, slot, SUNDAY + 7 * HOUR), 33 * HOUR);
	for (i = 0; i < 3; i++)
		assert_int_equal(taxonomy_roster_add(t, slot, &roster[i]), 0);
	assert_int_equal(taxonomy_roster_add(t, 90, &roster[0]), 0); /* nobody's */
	for (i = 0; i < sizeof want / sizeof want[0]; i++) {
		assert_int_equal(next(t, slot, SUNDAY + want[i].at), want[i].next);
		assert_int_equal(
		    taxonomy_is_paired(t, slot, (SUNDAY + want[i].at) * 60000),
		    want[i].paired);
	}
	assert_int_equal(next(t, SLOT_NONE, SUNDAY), 0); /* the centre always reads */
	assert_int_equal(taxonomy_roster_add(t, SLOT_NONE, &roster[1]), 0);
	assert_int_equal(next(t, SLOT_NONE, SUNDAY + 13 * HOUR), 38 * HOUR);
	taxonomy_roster_clear(t);
	assert_int_equal(next(t, slot, SUNDAY + 7 * HOUR), 33 * HOUR);
	assert_int_equal(next(t, SLOT_NONE, SUNDAY + 13 * HOUR), 13 * HOUR);
	taxonomy_free(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_spans),
		cmocka_unit_test(test_too_many),
		cmocka_unit_test(test_desk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
