/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The promise of the scrubber on the sample reports: every must_remove string is gone
 * from every field and language, every must_keep string is where it was; once with the
 * members file, once with no more than the report's own `reporter`.
 */
#include "tests/unit/scrub_members.h"

#include "proto/report.h"

static const int64_t NOW_MS = 1796050800000; /* 2026-12-01T00:00:00+09:00 */

static json_t *demo, *samples, *more;

static int
setup(void **state)
{
	struct buf text;

	(void)state;
	taxonomy = load_taxonomy();
	read_file("conf/demo-members.json", &text);
	demo = members_of(buf_slice(&text));
	buf_done(&text);
	samples = load("tests/data/sample_reports.json");
	more = load("tests/data/more_reports.json");
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	taxonomy_free(taxonomy);
	json_decref(demo);
	json_decref(samples);
	json_decref(more);
	return 0;
}

/* Who of the members file has the name that the report's sender has. */
static struct scrubber *
scrubber_named(const json_t *members, const char *name)
{
	const json_t *list = json_object_get(members, "members");
	size_t i;

	for (i = 0; i < json_array_size(list); i++)
		if (strcmp(
			text_of(json_object_get(json_array_get(list, i), "names"), "ja"),
			name) == 0)
			return scrubber_of(members, i);
	print_error("no member is called %s\n", name);
	fail();
	return NULL;
}

/* No more than the report's own `reporter` tells. */
static struct scrubber *
scrubber_reporter(const json_t *sample)
{
	const json_t *who = json_object_get(sample, "reporter");
	json_t *roles = json_pack(
	    "[{s:s,s:s}]", "role", "operator", "ceptoar", text_of(sample, "ceptoar"));

	return scrubber_alone(json_pack("{s:s,s:{s:s,s:s},s:O,s:O,s:[s],s:o}", "id", "x",
	    "names", "ja", text_of(who, "org_ja"), "en", text_of(who, "org_en"),
	    "aliases", json_object_get(who, "aliases"), "domains",
	    json_object_get(who, "domains"), "people", text_of(who, "contact_name"),
	    "roles", roles));
}

static json_t *
normalised(const json_t *sample)
{
	struct fault why = { 0 };
	char path[128];
	json_t *in, *out = NULL;
	int r;

	(void)snprintf(
	    path, sizeof path, "tests/data/reports/%s.json", text_of(sample, "id"));
	in = load(path);
	r = report_check(in, taxonomy, NOW_MS, &out, &why);
	if (r != 0)
		print_error("%s: %s %s %s\n", path, problem_code(why.problem),
		    why.pointer, why.detail == NULL ? "" : why.detail);
	assert_int_equal(r, 0);
	json_decref(in);
	return out;
}

static char *
without_lists(json_t *report)
{
	json_t *copy = json_copy(report);
	char *text;

	(void)json_object_del(copy, "indicators");
	text = json_dumps(copy, JSON_SORT_KEYS);
	assert_non_null(text);
	json_decref(copy);
	return text;
}

static unsigned
count(const char *text, const char *part)
{
	unsigned n = 0;

	for (text = strstr(text, part); text != NULL; text = strstr(text + 1, part))
		n++;
	return n;
}

/* The text of a JSON string literal, without its quotes, as it stands in a dump. */
static char *
escaped(const json_t *j)
{
	char *text = json_dumps(j, JSON_ENCODE_ANY);

	text[strlen(text) - 1] = '\0';
	memmove(text, text + 1, strlen(text));
	return text;
}

struct score {
	unsigned remove, removed, keep, kept;
};

static void
look(const json_t *sample, const char *before, const char *after, struct score *s,
    int loud)
{
	const json_t *list = json_object_get(sample, "must_remove");
	char *text;
	size_t i;

	for (i = 0; i < json_array_size(list); i++) {
		text = escaped(json_array_get(list, i));
		s->remove++;
		if (strstr(after, text) == NULL)
			s->removed++;
		else if (loud)
			print_error("%s: still there: %s\n", text_of(sample, "id"), text);
		free(text);
	}
	list = json_object_get(sample, "must_keep");
	for (i = 0; i < json_array_size(list); i++) {
		text = escaped(json_array_get(list, i));
		s->keep++;
		if (count(before, text) == count(after, text))
			s->kept++;
		else
			print_error("%s: lost: %s\n", text_of(sample, "id"), text);
		free(text);
	}
}

/* A blind report was scrubbed by its sender; what the front does with it then, without
 * anybody's terms, changes no byte, or the hash of the approved text would not fit. */
static void
unchanged_by_front(const json_t *scrubbed)
{
	struct scrubber *patterns = scrubber_new();
	json_t *checked = NULL, *out = NULL;
	struct fault why = { 0 };
	struct buf a, b;

	assert_non_null(patterns);
	assert_int_equal(scrubber_ready(patterns), 0);
	assert_int_equal(report_check(scrubbed, taxonomy, NOW_MS, &checked, &why), 0);
	assert_int_equal(scrub_report(patterns, checked, &out, NULL, &why), 0);
	buf_init(&a, 1 << 20);
	buf_init(&b, 1 << 20);
	assert_int_equal(json_canonical(scrubbed, &a), 0);
	assert_int_equal(json_canonical(out, &b), 0);
	assert_string_equal(buf_cstr(&a), buf_cstr(&b));
	buf_done(&a);
	buf_done(&b);
	json_decref(checked);
	json_decref(out);
	scrubber_free(patterns);
}

static void
try_sample(const json_t *sample, struct scrubber *s, struct score *score, int loud)
{
	struct fault why = { 0 };
	json_t *report = normalised(sample), *out = NULL, *list = NULL, *again = NULL;
	char *before, *after;
	int r;

	r = scrub_report(s, report, &out, &list, &why);
	if (r != 0)
		print_error("%s: %s %s\n", text_of(sample, "id"),
		    problem_code(why.problem), why.pointer);
	assert_int_equal(r, 0);
	before = without_lists(report);
	after = without_lists(out);
	look(sample, before, after, score, loud);
	if (getenv("SHOW") != NULL)
		print_message("%s\n%s\n", text_of(sample, "id"), after);
	if (json_object_get(report, "indicators") != NULL)
		assert_true(json_equal(json_object_get(report, "indicators"),
		    json_object_get(out, "indicators")));
	/* What the hub would store is accepted by its second look, and is final. */
	r = report_is_public(out, &why);
	if (r != 0)
		print_error("%s: not public: %s\n", text_of(sample, "id"), why.pointer);
	assert_int_equal(r, 0);
	assert_int_equal(scrub_report(s, out, &again, NULL, &why), 0);
	assert_true(json_equal(out, again));
	unchanged_by_front(out);
	free(before);
	free(after);
	json_decref(report);
	json_decref(out);
	json_decref(again);
	json_decref(list);
	scrubber_free(s);
}

static void
test_samples_with_members(void **state)
{
	const json_t *list = json_object_get(samples, "reports"), *sample;
	struct score s = { 0, 0, 0, 0 };
	size_t i;

	(void)state;
	for (i = 0; i < json_array_size(list); i++) {
		sample = json_array_get(list, i);
		try_sample(sample,
		    scrubber_named(
			demo, text_of(json_object_get(sample, "reporter"), "org_ja")),
		    &s, 1);
	}
	print_message("samples, members file: removed %u/%u, kept %u/%u\n", s.removed,
	    s.remove, s.kept, s.keep);
	assert_int_equal(s.removed, s.remove);
	assert_int_equal(s.kept, s.keep);
	assert_true(s.remove >= 70);
}

static void
test_samples_with_reporter_only(void **state)
{
	const json_t *list = json_object_get(samples, "reports"), *sample;
	struct score s = { 0, 0, 0, 0 };
	size_t i;

	(void)state;
	for (i = 0; i < json_array_size(list); i++) {
		sample = json_array_get(list, i);
		try_sample(sample, scrubber_reporter(sample), &s, 1);
	}
	print_message("samples, reporter only: removed %u/%u, kept %u/%u\n", s.removed,
	    s.remove, s.kept, s.keep);
	assert_int_equal(s.removed, s.remove);
	assert_int_equal(s.kept, s.keep);
}

static void
test_more_with_members(void **state)
{
	const json_t *list = json_object_get(more, "reports"), *sample;
	struct score s = { 0, 0, 0, 0 };
	size_t i;

	(void)state;
	for (i = 0; i < json_array_size(list); i++) {
		sample = json_array_get(list, i);
		try_sample(sample,
		    scrubber_alone(json_deep_copy(json_object_get(sample, "member"))), &s,
		    1);
	}
	print_message("more, members file: removed %u/%u, kept %u/%u\n", s.removed,
	    s.remove, s.kept, s.keep);
	assert_int_equal(s.removed, s.remove);
	assert_int_equal(s.kept, s.keep);
}

static void
test_more_with_reporter_only(void **state)
{
	const json_t *list = json_object_get(more, "reports"), *sample;
	struct score s = { 0, 0, 0, 0 };
	size_t i;

	(void)state;
	for (i = 0; i < json_array_size(list); i++) {
		sample = json_array_get(list, i);
		try_sample(sample, scrubber_reporter(sample), &s, 0);
	}
	print_message("more, reporter only: removed %u/%u, kept %u/%u\n", s.removed,
	    s.remove, s.kept, s.keep);
	/* What is left are networks, plants and a second person that only a register
	 * knows. */
	assert_true(s.removed >= 176);
	assert_int_equal(s.kept, s.keep);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_samples_with_members),
		cmocka_unit_test(test_samples_with_reporter_only),
		cmocka_unit_test(test_more_with_members),
		cmocka_unit_test(test_more_with_reporter_only),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
