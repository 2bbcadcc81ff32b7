/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/mem.h"

static int
hex(char c)
{
	return c >= 'A' ? c - 'A' + 10 : c - '0';
}

/* %NN to bytes, in place. */
static size_t
unescape(char *s)
{
	size_t n = 0;
	char *p;

	for (p = s; *p != '\0' && *p != '\n'; p++) {
		s[n++] = *p;
		if (*p == '%') {
			s[n - 1] = (char)(hex(p[1]) << 4 | hex(p[2]));
			p += 2;
		}
	}
	return n;
}

static void
test_reject_table(void **state)
{
	char line[1024], *text;
	struct slice s;
	struct fault why;
	json_t *j = NULL;
	unsigned cases = 0;
	FILE *f;

	(void)state;
	f = fopen("tests/data/json_reject.txt", "r");
	assert_non_null(f);
	while (fgets(line, sizeof line, f) != NULL) {
		text = strchr(line, '\t');
		if (line[0] == '#' || text == NULL)
			continue;
		*text++ = '\0';
		s.p = text;
		s.n = unescape(text);
		if (json_read(s, &json_caps_report, &j, &why) != ERR_INVALID) {
			print_error("accepted: %.*s\n", (int)s.n, s.p);
			fail();
		}
		if (strcmp(problem_code(why.problem), line) != 0)
			print_error(
			    "%.*s: %s\n", (int)s.n, s.p, problem_code(why.problem));
		assert_string_equal(problem_code(why.problem), line);
		assert_string_equal(why.pointer, "");
		assert_null(j);
		cases++;
	}
	fclose(f);
	assert_true(cases >= 100);
}

static const struct {
	const char *in, *canonical;
} accepted[] = {
	{ "{}", "{}" },
	{ "[]", "[]" },
	{ " [ 1 , -2 ]\r\n\t", "[1,-2]" },
	{ "0", "0" },
	{ "\"a\"", "\"a\"" },
	{ "null", "null" },
	{ "[true,false,null]", "[true,false,null]" },
	{ "[9007199254740991,-9007199254740991]",
	    "[9007199254740991,-9007199254740991]" },
	{ "{\"b\":1,\"a\":{\"d\":[],\"c\":{}}}", "{\"a\":{\"c\":{},\"d\":[]},\"b\":1}" },
	{ "{\"\":1,\"a\":2,\"A\":3,\"aa\":4}", "{\"\":1,\"A\":3,\"a\":2,\"aa\":4}" },
	/* RFC 8785, 3.2.2.2 and 3.2.3: strings and the order of keys by UTF-16 units. */
	{ "[\"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\"]",
	    "[\"\xE2\x82\xAC$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"]" },
	{ "{\"\\u20ac\":\"Euro Sign\",\"\\r\":\"Carriage Return\",\"\\ufb33\":\"Hebrew "
	  "Letter "
	  "Dalet With Dagesh\",\"1\":\"One\",\"\\ud83d\\ude00\":\"Emoji: Grinning Face\","
	  "\"\\u0080\":\"Control\",\"\\u00f6\":\"Latin Small Letter O With Diaeresis\"}",
	    "{\"\\r\":\"Carriage "
	    "Return\",\"1\":\"One\",\"\xC2\x80\":\"Control\",\"\xC3\xB6\":"
	    "\"Latin Small Letter O With Diaeresis\",\"\xE2\x82\xAC\":\"Euro "
	    "Sign\",\"\xF0\x9F"
	    "\x98\x80\":\"Emoji: Grinning Face\",\"\xEF\xAC\xB3\":\"Hebrew Letter Dalet "
	    "With "
	    "Dagesh\"}" },
	{ "\"\\b\\t\\n\\f\\r\\u0001\\u001F\\u007f\"",
	    "\"\\b\\t\\n\\f\\r\\u0001\\u001f\x7F\"" },
	{ "\"\\u2028</script>\"", "\"\xE2\x80\xA8</script>\"" },
	{ "[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]",
	    "[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]" }, /* 16 */
	{ "\"\\ud83d\\ude00\"", "\"\xF0\x9F\x98\x80\"" },
};

static void
test_accepted(void **state)
{
	struct fault why;
	struct buf b;
	json_t *j;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof accepted / sizeof accepted[0]; i++) {
		assert_int_equal(
		    json_read(slice_of(accepted[i].in), &json_caps_report, &j, &why), 0);
		buf_init(&b, 4096);
		assert_int_equal(json_canonical(j, &b), 0);
		assert_string_equal(buf_cstr(&b), accepted[i].canonical);
		buf_done(&b);
		json_decref(j);
	}
}

static void
check_refused(struct buf *text, enum problem p)
{
	struct fault why;
	json_t *j;

	assert_int_equal(buf_err(text), 0);
	assert_int_equal(
	    json_read(buf_slice(text), &json_caps_report, &j, &why), ERR_INVALID);
	assert_int_equal(why.problem, p);
	buf_done(text);
}

static void
test_sizes(void **state)
{
	struct buf b;
	int i;

	(void)state;
	buf_init(&b, 1 << 20);
	for (i = 0; i < 10000; i++)
		buf_addc(&b, '[');
	check_refused(&b, P_JSON_DEPTH);
	for (i = 0; i < 20000; i++)
		buf_adds(&b, "{\"a\":");
	check_refused(&b, P_JSON_DEPTH);
	buf_addc(&b, '[');
	for (i = 0; i < 20000; i++)
		buf_adds(&b, "1,");
	buf_adds(&b, "1]");
	check_refused(&b, P_TOO_LARGE);
	buf_addc(&b, '{');
	for (i = 0; i < 10000; i++)
		buf_addf(&b, "\"k%d\":0,", i);
	buf_adds(&b, "\"z\":0}");
	check_refused(&b, P_TOO_LARGE);
	buf_adds(&b, "\"");
	for (i = 0; i < 65537; i++)
		buf_addc(&b, 'a');
	buf_adds(&b, "\"");
	check_refused(&b, P_TOO_LARGE);
	for (i = 0; i < 256 * 1024 + 1; i++)
		buf_addc(&b, ' ');
	check_refused(&b, P_TOO_LARGE);
	buf_addc(&b, '[');
	for (i = 0; i < 500; i++)
		buf_addc(&b, '1');
	buf_addc(&b, ']');
	check_refused(&b, P_JSON_NUMBER);
	check_refused(&b, P_JSON_SYNTAX); /* empty */
}

/* What must not be written canonically is an error, never other bytes. */
static void
test_not_canonical(void **state)
{
	json_t *j;
	struct buf b;
	int i;

	(void)state;
	buf_init(&b, 1024);
	j = json_real(1.5);
	assert_int_equal(json_canonical(j, &b), ERR_INVALID);
	json_decref(j);
	j = json_integer(9007199254740992);
	assert_int_equal(json_canonical(j, &b), ERR_INVALID);
	json_decref(j);
	j = json_array();
	for (i = 0; i < 70; i++) {
		json_t *outer = json_array();

		json_array_append_new(outer, j);
		j = outer;
	}
	assert_int_equal(json_canonical(j, &b), ERR_INVALID);
	json_decref(j);
	buf_done(&b);
	buf_init(&b, 5);
	j = json_string("too long");
	assert_int_equal(json_canonical(j, &b), ERR_LIMIT);
	json_decref(j);
	buf_done(&b);
}

/* More keys than are sorted on the stack. */
static void
test_many_keys(void **state)
{
	char key[16];
	const char *p;
	struct buf b;
	json_t *j = json_object();
	unsigned i;

	(void)state;
	for (i = 0; i < 300; i++) {
		(void)snprintf(key, sizeof key, "k%03u", (i * 7) % 300);
		json_object_set_new(j, key, json_integer(1));
	}
	buf_init(&b, 1 << 16);
	assert_int_equal(json_canonical(j, &b), 0);
	p = buf_cstr(&b);
	for (i = 0; i < 300; i++) {
		(void)snprintf(key, sizeof key, "\"k%03u\":1", i);
		p = strstr(p, key); /* each one behind the one before */
		assert_non_null(p);
	}
	(void)mem_fail_at(1);
	buf_reset(&b);
	assert_int_equal(json_canonical(j, &b), ERR_NOMEM);
	(void)mem_fail_at(0);
	buf_done(&b);
	json_decref(j);
}

static void
test_pointers(void **state)
{
	struct json_at a = { .key = "indicators" }, b = { .up = &a, .index = 17 };
	struct json_at c = { .up = &b, .key = "a/b~c\xE3\x81\x82" };
	struct json_at d = { .up = &c, .key = NULL };
	char longest[400];
	struct fault why;

	(void)state;
	assert_int_equal(fault_set(&why, P_INVALID_FIELD, NULL, NULL), ERR_INVALID);
	assert_string_equal(why.pointer, "");
	(void)fault_set(&why, P_INVALID_FIELD, &c, "x");
	assert_string_equal(why.pointer, "/indicators/17/a~1b~0c\xE3\x81\x82");
	assert_string_equal(why.detail, "x");
	/* Too long: cut at a character, never inside one, never past the end. */
	memset(longest, 0, sizeof longest);
	while (strlen(longest) < 390)
		memcpy(longest + strlen(longest), "\xE3\x81\x82", 3);
	d.key = longest;
	(void)fault_set(&why, P_UNKNOWN_FIELD, &d, NULL);
	assert_true(strlen(why.pointer) < sizeof why.pointer);
	assert_true(strlen(why.pointer) > sizeof why.pointer - 5);
	assert_int_equal((unsigned char)why.pointer[strlen(why.pointer) - 1], 0x82);
	memset(longest, '/', 390);
	(void)fault_set(&why, P_UNKNOWN_FIELD, &d, NULL);
	assert_true(strlen(why.pointer) < sizeof why.pointer);
	assert_int_equal(why.pointer[strlen(why.pointer) - 1], '1');
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reject_table),
		cmocka_unit_test(test_accepted),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_not_canonical),
		cmocka_unit_test(test_many_keys),
		cmocka_unit_test(test_pointers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
