/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/mem.h"
#include "proto/members.h"
#include "tests/unit/tree.h"

static const int64_t NOW_MS = 1795143600000; /* 2026-11-20T12:00:00+09:00 */

static struct taxonomy *taxonomy;

static int
setup(void **state)
{
	(void)state;
	taxonomy = load_taxonomy();
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	taxonomy_free(taxonomy);
	return 0;
}

/* {"$repeat": x, "n": n} to x repeated, in depth; a new reference. */
static json_t *
expand(const json_t *j)
{
	const json_t *x = json_object_get(j, "$repeat");
	json_int_t n = json_integer_value(json_object_get(j, "n")), i;
	const char *key;
	json_t *out, *v;
	struct buf b;
	size_t k;

	if (json_is_string(x)) {
		buf_init(&b, 1 << 20);
		for (i = 0; i < n; i++)
			buf_adds(&b, json_string_value(x));
		out = json_stringn(b.p, b.n);
		buf_done(&b);
		return out;
	}
	if (json_is_array(x)) {
		out = json_array();
		for (i = 0; i < n; i++)
			json_array_append(out, json_array_get(x, 0));
		return out;
	}
	out = json_deep_copy(j);
	if (json_is_object(out))
		json_object_foreach(out, key, v) json_object_set_new(out, key, expand(v));
	if (json_is_array(out))
		json_array_foreach(out, k, v) json_array_set_new(out, k, expand(v));
	return out;
}

static json_t *
build(const json_t *base, const json_t *c)
{
	const char *key;
	json_t *in = json_deep_copy(base), *set = json_object_get(c, "set"), *v;
	size_t i;

	json_object_foreach(set, key, v) json_object_set_new(in, key, expand(v));
	json_array_foreach(json_object_get(c, "remove"), i, v)
	    json_object_del(in, json_string_value(v));
	return in;
}

static void
check_accepted(const char *name, const json_t *c, json_t *out)
{
	const char *key;
	json_t *v, *again = NULL, *want;
	struct fault why;
	size_t i;

	json_object_foreach(json_object_get(c, "expect"), key, v)
	{
		want = expand(v);
		if (!json_equal(json_object_get(out, key), want))
			print_error("%s: %s differs\n", name, key);
		assert_true(json_equal(json_object_get(out, key), want));
		json_decref(want);
	}
	json_array_foreach(json_object_get(c, "absent"), i, v)
	    assert_null(json_object_get(out, json_string_value(v)));
	/* The normal form is a fixed point. */
	assert_int_equal(report_check(out, taxonomy, NOW_MS, &again, &why), 0);
	assert_true(json_equal(out, again));
	json_decref(again);
}

static void
test_cases(void **state)
{
	json_t *all = load("tests/data/report_cases.json"), *c, *in, *out, *copy;
	const char *name, *code, *pointer;
	struct fault why;
	size_t i;
	int r;

	(void)state;
	json_array_foreach(json_object_get(all, "cases"), i, c)
	{
		name = json_string_value(json_object_get(c, "name"));
		code = json_string_value(json_object_get(c, "code"));
		pointer = json_string_value(json_object_get(c, "pointer"));
		in = build(json_object_get(all, "base"), c);
		copy = json_deep_copy(in);
		out = NULL;
		memset(&why, 0, sizeof why);
		r = report_check(in, taxonomy, NOW_MS, &out, &why);
		if (r != (code != NULL ? ERR_INVALID : 0))
			print_error("%s: %s %s %s\n", name, err_str(r),
			    problem_code(why.problem), why.pointer);
		assert_int_equal(r, code != NULL ? ERR_INVALID : 0);
		if (code != NULL) {
			if (strcmp(problem_code(why.problem), code) != 0 ||
			    strcmp(why.pointer, pointer) != 0)
				print_error("%s: %s %s\n", name,
				    problem_code(why.problem), why.pointer);
			assert_string_equal(problem_code(why.problem), code);
			assert_string_equal(why.pointer, pointer);
			assert_null(out);
		} else {
			check_accepted(name, c, out);
		}
		assert_true(json_equal(in, copy)); /* the input is untouched */
		json_decref(copy);
		json_decref(out);
		json_decref(in);
	}
	assert_true(i > 400);
	json_decref(all);
}

static void
test_not_an_object(void **state)
{
	static const char *const texts[] = { "[]", "null", "\"report\"", "3", "true",
		"[{}]" };
	struct fault why;
	json_t *in, *out = NULL;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		assert_int_equal(
		    json_read(slice_of(texts[i]), &json_caps_report, &in, &why), 0);
		assert_int_equal(
		    report_check(in, taxonomy, NOW_MS, &out, &why), ERR_INVALID);
		assert_int_equal(why.problem, P_WRONG_TYPE);
		assert_string_equal(why.pointer, "");
		json_decref(in);
	}
}

static void
facts_of(const char *text, struct report_facts *ret)
{
	struct fault why;
	json_t *in, *out;

	assert_int_equal(json_read(slice_of(text), &json_caps_report, &in, &why), 0);
	assert_int_equal(report_check(in, taxonomy, NOW_MS, &out, &why), 0);
	report_facts(out, ret);
	json_decref(in);
	json_decref(out);
}

/* Protocol, "Routing level": potential counts for precursors, OT intrusions, and anything
 * likely or confirmed; damage always. */
static void
test_routing_level(void **state)
{
	static const struct {
		const char *rest;
		int level;
	} cases[] = {
		{ "\"kind\":\"incident\",\"severity_claimed\":3", 3 },
		{ "\"kind\":\"incident\",\"severity_claimed\":{\"trust\":4}", 4 },
		{ "\"kind\":\"incident\",\"severity_claimed\":1,\"potential\":4", 1 },
		{ "\"kind\":\"incident\",\"severity_claimed\":1,\"potential\":4,"
		  "\"certainty\":"
		  "\"suspected\"",
		    1 },
		{ "\"kind\":\"incident\",\"severity_claimed\":1,\"potential\":4,"
		  "\"certainty\":"
		  "\"likely\"",
		    4 },
		{ "\"kind\":\"incident\",\"severity_claimed\":1,\"potential\":3,"
		  "\"certainty\":"
		  "\"confirmed\"",
		    3 },
		{ "\"kind\":\"precursor\",\"potential\":4", 4 },
		{ "\"kind\":\"precursor\"", 0 },
		{ "\"kind\":\"precursor\",\"severity_claimed\":3,\"potential\":0", 3 },
		{ "\"kind\":\"incident\",\"severity_claimed\":0,\"potential\":4,"
		  "\"systems\":["
		  "\"it\",\"ot\"],\"event_types\":[\"system_intrusion\"]",
		    4 },
		{ "\"kind\":\"incident\",\"severity_claimed\":0,\"potential\":4,"
		  "\"systems\":["
		  "\"it\"],\"event_types\":[\"system_intrusion\"]",
		    0 },
		{ "\"kind\":\"incident\",\"severity_claimed\":0,\"potential\":4,"
		  "\"systems\":["
		  "\"ot\"],\"event_types\":[\"info_leak\"]",
		    0 },
		{ "\"kind\":\"incident\",\"severity_claimed\":4,\"potential\":1,"
		  "\"certainty\":"
		  "\"confirmed\"",
		    4 },
	};
	struct report_facts f;
	char text[512];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		(void)snprintf(text, sizeof text, "{\"title\":\"t\",%s}", cases[i].rest);
		facts_of(text, &f);
		assert_int_equal(f.level, cases[i].level);
	}
}

static void
test_facts(void **state)
{
	struct report_facts f;
	char class_[16];
	json_t *word;

	(void)state;
	facts_of(
	    "{\"kind\":\"precursor\",\"title\":\"t\",\"tlp\":\"WHITE\",\"exercise\":true,"
	    "\"hotline\":\"page\",\"systems\":[\"ot\",\"iot\"],\"ceptoar\":\"gas-"
	    "ceptoar\","
	    "\"certainty\":\"confirmed\",\"potential\":2,\"products\":[\"KakuuRoute 8\"],"
	    "\"consent\":{\"publish\":\"cross_sector\",\"identity\":\"named\",\"named_"
	    "to\":["
	    "\"centre\"]},\"case_commitment\":"
	    "\"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\"}",
	    &f);
	assert_int_equal(f.precursor, 1);
	assert_int_equal(f.severity, 0);
	assert_int_equal(f.potential, 2);
	assert_int_equal(f.certainty, 2);
	assert_int_equal(f.tlp, TLP_CLEAR);
	assert_int_equal(f.publish, CONSENT_CROSS_SECTOR);
	assert_int_equal(f.hotline, HOTLINE_PAGE);
	assert_int_equal(f.exercise, 1);
	assert_int_equal(f.named, 1);
	assert_int_equal(f.systems, SYSTEM_OT | SYSTEM_IOT);
	assert_string_equal(f.ceptoar, "gas-ceptoar");
	assert_int_equal(f.has_commitment, 1);
	assert_int_equal(f.commitment[31], 31);
	assert_int_equal(f.product_count, 1);
	assert_int_equal(f.products[0], product_hash(slice_of("kakuuroute 8")));
	assert_int_equal(f.mixed_script, 0);
	facts_of(
	    "{\"kind\":\"incident\",\"title\":\"B\xD0\xB0nk\",\"severity_claimed\":0}",
	    &f);
	assert_int_equal(f.tlp, TLP_AMBER);
	assert_int_equal(f.publish, CONSENT_NONE);
	assert_int_equal(f.hotline, HOTLINE_NONE);
	assert_int_equal(f.has_commitment, 0);
	assert_string_equal(f.ceptoar, "");
	assert_int_equal(f.mixed_script, 1);
	facts_of("{\"kind\":\"incident\",\"title\":\"t\",\"tlp\":\"RED\",\"severity_"
		 "claimed\":0}",
	    &f);
	assert_int_equal(f.tlp, TLP_RED);
	assert_int_equal(f.k, 0);
	assert_string_equal(f.region, "");
	/* A long word is cut as the register cuts it. */
	facts_of("{\"kind\":\"incident\",\"title\":\"t\",\"severity_claimed\":0,"
		 "\"consent\":{\"k\":30},\"facility\":{\"region\":\"chubu\",\"class\":"
		 "\"generating-station\",\"size\":\"large\"}}",
	    &f);
	word = json_string("generating-station");
	members_word(class_, sizeof class_, word);
	json_decref(word);
	assert_int_equal(f.k, 30);
	assert_string_equal(f.region, "chubu");
	assert_string_equal(f.class_, class_);
	assert_int_equal(strlen(f.class_), sizeof class_ - 1);
	assert_string_equal(f.size, "large");
}

static int
is_public(const char *text, int normalise, struct fault *why)
{
	json_t *in, *out;
	int r;

	assert_int_equal(json_read(slice_of(text), &json_caps_report, &in, why), 0);
	out = json_incref(in);
	if (normalise) {
		json_decref(out);
		assert_int_equal(report_check(in, taxonomy, NOW_MS, &out, why), 0);
	}
	r = report_is_public(out, why);
	json_decref(in);
	json_decref(out);
	return r;
}

static void
test_public(void **state)
{
	static const struct {
		const char *rest, *pointer;
	} revealing[] = {
		{ "\"title\":\"t\",\"description\":\"csirt@hp.example.jp\"",
		    "/description/ja" },
		{ "\"title\":{\"ja\":\"t\",\"en\":\"call 03-0000-4821\"}", "/title/en" },
		{ "\"title\":\"t\",\"actions\":\"10.20.4.15\"", "/actions/ja" },
		{ "\"title\":\"t\",\"service_impact\":{\"text\":\"192.168.1.1\"}",
		    "/service_impact/text/ja" },
		{ "\"title\":\"t\",\"products\":[\"x\",\"a@b.example.jp\"]",
		    "/products/1" },
		{ "\"title\":\"t\",\"references\":[\"mail a@b.example.jp\"]",
		    "/references/0" },
		{ "\"title\":\"t\",\"facility\":{\"region\":\"03-0000-4821\"}",
		    "/facility/region" },
	};
	struct fault why;
	char text[512];
	size_t i;

	(void)state;
	assert_int_equal(
	    is_public("{\"kind\":\"incident\",\"title\":\"t\",\"severity_claimed\":3,"
		      "\"description\":\"C2 203.0.113.54\",\"occurred_at\":"
		      "\"2026-11-08\"}",
		1, &why),
	    0);
	for (i = 0; i < sizeof revealing / sizeof revealing[0]; i++) {
		(void)snprintf(
		    text, sizeof text, "{\"kind\":\"precursor\",%s}", revealing[i].rest);
		assert_int_equal(is_public(text, 1, &why), ERR_INVALID);
		assert_int_equal(why.problem, P_NOT_PUBLIC);
		assert_string_equal(why.pointer, revealing[i].pointer);
	}
	/* What is not in normal form did not come from a front of ours. */
	assert_int_equal(
	    is_public("{\"kind\":\"precursor\",\"title\":\"t\"}", 0, &why), ERR_INVALID);
	assert_int_equal(why.problem, P_INVALID_FIELD);
	assert_int_equal(
	    is_public(
		"{\"kind\":\"precursor\",\"title\":{\"ja\":\"t\"},\"org\":1}", 0, &why),
	    ERR_INVALID);
	assert_int_equal(why.problem, P_UNKNOWN_FIELD);
}

static void
test_record(void **state)
{
	static const struct {
		const char *text, *shared, *code, *pointer;
	} cases[] = {
		{ "{\"kind\":\"x\"}", "{\"kind\":\"x\"}", NULL, NULL },
		{ "{\"shared\":{\"kind\":\"x\"},\"private\":{\"org\":\"y\"}}",
		    "{\"kind\":\"x\"}", NULL, NULL },
		{ "{\"shared\":{}}", "{}", NULL, NULL },
		{ "{\"private\":{\"org\":\"y\"}}", NULL, "missing_field", "/shared" },
		{ "{\"private\":{\"org\":\"y\"},\"kind\":\"x\"}", NULL, "missing_field",
		    "/shared" },
		{ "{\"shared\":{},\"private\":{},\"kind\":\"x\"}", NULL, "unknown_field",
		    "/kind" },
		{ "{\"shared\":{\"private\":{\"org\":\"y\"}}}", NULL, "unknown_field",
		    "/shared/private" },
		{ "{\"shared\":[]}", NULL, "wrong_type", "/shared" },
		{ "[]", NULL, "wrong_type", "" },
	};
	struct fault why;
	json_t *in, *out;
	struct buf b;
	size_t i;
	int r;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		assert_int_equal(
		    json_read(slice_of(cases[i].text), &json_caps_report, &in, &why), 0);
		r = record_shared(in, &out, &why);
		json_decref(in);
		if (cases[i].shared != NULL) {
			assert_int_equal(r, 0);
			buf_init(&b, 1024);
			assert_int_equal(json_canonical(out, &b), 0);
			assert_string_equal(buf_cstr(&b), cases[i].shared);
			buf_done(&b);
			json_decref(out);
		} else {
			assert_int_equal(r, ERR_INVALID);
			assert_string_equal(problem_code(why.problem), cases[i].code);
			assert_string_equal(why.pointer, cases[i].pointer);
		}
	}
}

static int
list_has(const json_t *list, const char *word)
{
	json_t *v;
	size_t i;

	json_array_foreach(
	    list, i, v) if (strcmp(json_string_value(v), word) == 0) return 1;
	return 0;
}

/* One object of the schema against one table of fields. */
static void
check_schema(const json_t *schema, const json_t *fields, const json_t *defs)
{
	json_t *properties = json_object_get(schema, "properties"), *f, *p, *v;
	const char *name, *ref;
	size_t i, k, required = 0;

	assert_true(json_is_false(json_object_get(schema, "additionalProperties")));
	assert_int_equal(json_object_size(properties), json_array_size(fields));
	json_array_foreach(fields, i, f)
	{
		name = json_string_value(json_object_get(f, "name"));
		p = json_object_get(properties, name);
		if (p == NULL)
			print_error("the schema lacks %s\n", name);
		assert_non_null(p);
		ref = json_string_value(json_object_get(p, "$ref"));
		if (ref != NULL) {
			assert_memory_equal(ref, "#/$defs/", 8);
			p = json_object_get(defs, ref + 8);
			assert_non_null(p);
		}
		if (json_is_true(json_object_get(f, "required"))) {
			required++;
			assert_true(list_has(json_object_get(schema, "required"), name));
		}
		v = json_object_get(p, "items");
		if (v != NULL && json_integer_value(json_object_get(f, "max")) > 0 &&
		    json_object_get(f, "words") == NULL)
			assert_int_equal(
			    json_integer_value(json_object_get(p, "maxItems")),
			    json_integer_value(json_object_get(f, "max")));
		v = json_object_get(v != NULL ? v : p, "enum");
		json_array_foreach(json_object_get(f, "words"), k, f)
		{
			if (!list_has(v, json_string_value(f)))
				print_error("%s: %s\n", name, json_string_value(f));
			assert_true(list_has(v, json_string_value(f)));
			assert_int_equal(json_array_size(v),
			    json_array_size(
				json_object_get(json_array_get(fields, i), "words")));
		}
		f = json_array_get(fields, i);
		if (json_object_get(f, "fields") != NULL)
			check_schema(p, json_object_get(f, "fields"), defs);
	}
	assert_int_equal(json_array_size(json_object_get(schema, "required")), required);
}

static void
test_schema(void **state)
{
	json_t *schema = load("proto/report.schema.json"), *fields;
	json_error_t e;
	struct buf b;

	(void)state;
	buf_init(&b, 1 << 16);
	report_fields(&b);
	assert_int_equal(buf_err(&b), 0);
	fields = json_loadb(b.p, b.n, 0, &e);
	assert_non_null(fields);
	check_schema(schema, fields, json_object_get(schema, "$defs"));
	buf_done(&b);
	json_decref(fields);
	json_decref(schema);
	schema = load("proto/record.schema.json");
	assert_string_equal(
	    json_string_value(json_object_get(
		json_object_get(json_object_get(schema, "properties"), "shared"),
		"$ref")),
	    "report.schema.json");
	json_decref(schema);
}

/* Every allocation fails in turn, jansson's too: ERR_NOMEM or the same result, no leak.
 */
static void
test_out_of_memory(void **state)
{
	static const char text[] =
	    "{\"kind\":\"precursor\",\"title\":{\"ja\":\"t\",\"en\":\"u\"},\"occurred_"
	    "at\":"
	    "\"令和8年11月8日\",\"description\":\"a\\r\\nb\",\"indicators\":[{\"type\":"
	    "\"ipv4\",\"value\":\"192.0.2.1\"}],\"products\":[\"x\",\"y\"],\"event_"
	    "types\":"
	    "[\"info_leak\"],\"service_impact\":{\"text\":\"x\"},\"tlp\":\"RED\","
	    "\"consent\":{\"publish\":\"ceptoar\"},\"references\":[\"CVE-2026-12345\"]}";
	struct fault why;
	json_t *in, *out;
	unsigned long n;
	struct buf b;
	int r;

	(void)state;
	for (n = 1;; n++) {
		in = out = NULL;
		buf_init(&b, 1 << 16);
		(void)mem_fail_at(n);
		r = json_read(slice_of(text), &json_caps_report, &in, &why);
		if (r == 0)
			r = report_check(in, taxonomy, NOW_MS, &out, &why);
		if (r == 0)
			r = json_canonical(out, &b);
		(void)mem_fail_at(0);
		json_decref(out);
		json_decref(in);
		buf_done(&b);
		if (r == 0)
			break;
		if (r != ERR_NOMEM)
			print_error("allocation %lu: %s %s %s\n", n, err_str(r),
			    problem_code(why.problem), why.pointer);
		assert_int_equal(r, ERR_NOMEM);
	}
	assert_true(n > 100);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_not_an_object),
		cmocka_unit_test(test_routing_level),
		cmocka_unit_test(test_facts),
		cmocka_unit_test(test_public),
		cmocka_unit_test(test_record),
		cmocka_unit_test(test_schema),
		cmocka_unit_test(test_out_of_memory),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
