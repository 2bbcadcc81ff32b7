/* SPDX-License-Identifier: Apache-2.0 */
/* Forms filled from a record: which value comes from where, what is missing, and that no
 * cell of the table is a formula. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "cli/ceptoar/forms.h"
#include "lib/file.h"
#include "tests/unit/tree.h"

enum { FILE_MAX = 1024 * 1024 };

static struct taxonomy *taxonomy;
static struct forms *real;

static int
set_up(void **state)
{
	struct buf c, why;

	(void)state;
	taxonomy = load_taxonomy();
	read_file("conf/forms.json", &c);
	buf_init(&why, 1024);
	if (forms_new(&real, buf_slice(&c), &why) != 0)
		fail_msg("%s", buf_cstr(&why));
	buf_done(&c);
	buf_done(&why);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	forms_free(real);
	forms_free(NULL);
	taxonomy_free(taxonomy);
	return 0;
}

static json_t *
fill(const struct forms *f, const char *form, const char *record)
{
	json_t *r = json_loads(record, 0, NULL), *filled = NULL;

	assert_non_null(r);
	assert_int_equal(forms_fill(f, form, r, taxonomy, &filled), 0);
	json_decref(r);
	return filled;
}

static const json_t *
field(const json_t *filled, const char *id)
{
	const json_t *f;
	size_t i;

	json_array_foreach(json_object_get(filled, "fields"), i, f)
	{
		if (strcmp(json_string_value(json_object_get(f, "id")), id) == 0)
			return f;
	}
	fail_msg("no field %s", id);
	return NULL;
}

static void
assert_value(const json_t *filled, const char *id, const char *ja, const char *en)
{
	const json_t *v = json_object_get(field(filled, id), "value");

	if (ja == NULL) {
		assert_true(json_is_null(v));
		return;
	}
	assert_string_equal(json_string_value(json_object_get(v, "ja")), ja);
	assert_string_equal(json_string_value(json_object_get(v, "en")), en);
}

static int
is_missing(const json_t *filled, const char *id)
{
	const json_t *m;
	size_t i;

	json_array_foreach(json_object_get(filled, "missing"), i, m)
	{
		if (strcmp(json_string_value(m), id) == 0)
			return 1;
	}
	return 0;
}

static void
test_values(void **state)
{
	static const char record[] =
	    "{\"shared\":{\"stage\":\"follow_up\",\"title\":{\"ja\":\"件名\",\"en\":"
	    "\"t\"},"
	    "\"description\":\"plain\",\"event_types\":[\"info_leak\",\"unknown_class\"],"
	    "\"service_impact\":{\"status\":\"stopped\",\"text\":{\"en\":\"only\"}},"
	    "\"indicators\":[{\"type\":\"ipv4\",\"value\":\"192.0.2.1\"}]},"
	    "\"private\":{\"contact\":{\"department\":\"D\",\"phone\":\"1\",\"mail\":"
	    "\"\"},"
	    "\"ddos\":{\"attack\":[\"T1498.002\",\"T9\"],\"gbps\":68.5,\"pps\":9100000},"
	    "\"share_with_nco\":\"yes\",\"infrastructure_operator\":true,"
	    "\"other_authorities\":[],\"remarks\":\"\"}}";
	json_t *f = fill(real, "ddos", record);

	(void)state;
	assert_value(f, "stage", "続報", "follow-up");
	assert_value(f, "title", "件名", "t");
	assert_value(f, "description", "plain", "plain");
	assert_value(f, "event_types", "情報の漏えい\nunknown_class",
	    "information leakage\nunknown_class");
	/* Two sources, one below another; the other language where one is not there. */
	assert_value(f, "service_impact", "停止\nonly", "stopped\nonly");
	assert_value(f, "indicators", "ipv4 192.0.2.1", "ipv4 192.0.2.1");
	assert_value(f, "contact", "department: D, phone: 1", "department: D, phone: 1");
	assert_value(f, "ddos_attack", "リフレクション・増幅（T1498.002）\nT9",
	    "Reflection Amplification (T1498.002)\nT9");
	assert_value(f, "ddos_gbps", "68.5", "68.5");
	assert_value(f, "ddos_pps", "9100000", "9100000");
	assert_value(f, "infrastructure_operator", "はい", "yes");
	/* Empty is nothing. */
	assert_value(f, "other_authorities", NULL, NULL);
	assert_value(f, "remarks", NULL, NULL);
	assert_false(json_is_true(json_object_get(f, "complete")));
	assert_true(is_missing(f, "organisation"));
	assert_true(is_missing(f, "ddos_duration"));
	assert_false(is_missing(f, "address")); /* nobody demands it */
	assert_false(is_missing(f, "share_with_nco"));
	json_decref(f);
}

/* Seven items, of which several have parts that say what they are. */
static void
test_items(void **state)
{
	json_t *f = fill(real, "art5",
	    "{\"shared\":{\"title\":\"件名\",\"detected_at\":\"2026-11-08\"},"
	    "\"private\":{\"computers\":[{\"name\":\"a\",\"use\":\"b\"},\"c\"]}}");

	(void)state;
	assert_int_equal(json_array_size(json_object_get(f, "fields")), 7);
	assert_value(f, "item_3", "件名: 件名\n検知日時: 2026-11-08",
	    "title: 件名\nwhen it was detected: 2026-11-08");
	assert_value(f, "item_4", "name: a, use: b\nc", "name: a, use: b\nc");
	assert_true(is_missing(f, "item_1"));
	assert_true(is_missing(f, "item_2"));
	assert_false(is_missing(f, "item_7"));
	json_decref(f);
}

/* Each sample is whole in its own form, and in the seven items as far as it can be. */
static void
test_samples(void **state)
{
	static const char *const v[] = { "ddos", "ransomware", "other" };
	char path[64];
	struct buf text;
	json_t *f;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof v / sizeof v[0]; i++) {
		(void)snprintf(path, sizeof path, "tests/data/records/%s.json", v[i]);
		read_file(path, &text);
		f = fill(real, v[i], buf_cstr(&text));
		assert_true(json_is_true(json_object_get(f, "complete")));
		assert_int_equal(json_array_size(json_object_get(f, "missing")), 0);
		json_decref(f);
		f = fill(real, "art5", buf_cstr(&text));
		assert_int_equal(json_array_size(json_object_get(f, "missing")), i == 0);
		json_decref(f);
		buf_done(&text);
	}
}

static void
test_table(void **state)
{
	json_t *f = fill(real, "ransomware",
	    "{\"private\":{\"organisation\":\"=1+1\",\"ransomware\":{\"note\":\"@x, "
	    "\\\"y\\\"\"}}}");
	struct buf out;

	(void)state;
	buf_init(&out, FILE_MAX);
	forms_csv(f, &out);
	assert_non_null(strstr(buf_cstr(&out),
	    "\r\nransomware,organisation,組織名,organisation,yes,'=1+1,'=1+1\r\n"));
	assert_non_null(
	    strstr(buf_cstr(&out), ",yes,\"'@x, \"\"y\"\"\",\"'@x, \"\"y\"\"\"\r\n"));
	assert_non_null(
	    strstr(buf_cstr(&out), "\r\nransomware,address,所在地,address,no,,\r\n"));
	buf_done(&out);
	json_decref(f);
}

/* A list of forms that is not one is not used. */
static void
test_bad_forms(void **state)
{
#define FIELD(rest) \
	"{\"forms\":[{\"id\":\"a\",\"names\":{\"ja\":\"a\",\"en\":\"a\"},\"parts\":[" \
	"\"p\"]}]," \
	"\"parts\":{\"p\":[{\"id\":\"f\",\"label\":{\"ja\":\"f\",\"en\":\"f\"}," rest \
	"}]}," \
	"\"words\":{\"w\":{}}}"
	static const char *const bad[] = { "", "[]", "{}", "{\"forms\":[{}]}",
		"{\"forms\":[{\"id\":\"a\",\"names\":{\"ja\":\"a\",\"en\":\"a\"},"
		"\"parts\":[\"p\"]}]}",
		FIELD("\"required\":true,\"from\":[]"),
		FIELD("\"required\":1,\"from\":[\"/shared/a\"]"),
		FIELD("\"required\":true,\"from\":[\"/other/a\"]"),
		FIELD("\"required\":true,\"from\":[\"/shared/\"]"),
		FIELD("\"required\":true,\"from\":[\"/shared/a//b\"]"),
		FIELD("\"required\":true,\"from\":[\"/shared/a\"],\"words\":\"none\""),
		FIELD("\"required\":true,\"from\":[{\"path\":\"/shared/a\"}]") };
	struct forms *f = NULL;
	json_t *r = json_object(), *filled = NULL;
	struct buf why;
	size_t i;

	(void)state;
	buf_init(&why, 1024);
	for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		buf_reset(&why);
		assert_int_not_equal(forms_new(&f, slice_of(bad[i]), &why), 0);
		assert_true(why.n > 0);
		assert_null(f);
	}
	assert_int_equal(
	    forms_new(&f,
		slice_of(FIELD(
		    "\"required\":true,\"from\":[\"/shared/a/b\"],\"words\":\"w\"")),
		&why),
	    0);
	assert_int_equal(forms_fill(f, "b", r, taxonomy, &filled), ERR_NOTFOUND);
	forms_free(f);
	json_decref(r);
	buf_done(&why);
}

/* Whatever is in the record, however deep or long. */
static void
test_hostile(void **state)
{
	json_t *deep = json_string("x"), *r, *filled = NULL;
	char *text;
	int i;

	(void)state;
	for (i = 0; i < 40; i++)
		deep = json_pack("[o]", deep);
	r = json_pack("{s:{s:o},s:n}", "private", "organisation", deep, "shared");
	assert_int_equal(forms_fill(real, "other", r, taxonomy, &filled), 0);
	assert_value(filled, "organisation", NULL, NULL);
	json_decref(filled);
	json_decref(r);
	text = malloc(300 * 1024);
	assert_non_null(text);
	memset(text, 'a', 300 * 1024 - 1);
	text[300 * 1024 - 1] = '\0';
	r = json_pack("{s:{s:s}}", "private", "remarks", text);
	free(text);
	assert_int_equal(forms_fill(real, "other", r, taxonomy, &filled), ERR_LIMIT);
	json_decref(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_items),
		cmocka_unit_test(test_samples),
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_bad_forms),
		cmocka_unit_test(test_hostile),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
