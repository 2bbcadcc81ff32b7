/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/conf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/mem.h"

struct sample {
	long long count, wait, room;
	int on;
	char name[8], path[32];
	long long ours;
};

#define AT(f) offsetof(struct sample, f)
static const struct conf_option table[] = {
	{ "front", "count", CONF_INT, -5, 100, "8", 1, AT(count), "How many." },
	{ "front", "on", CONF_BOOL, 0, 0, "yes", 0, AT(on), "Whether at all." },
	{ "front", "name", CONF_TEXT, 0, 8, "abc", 0, AT(name), "What it is called." },
	{ "limits", "path", CONF_PATH, 0, 32, "", 0, AT(path), "Where it lies." },
	{ "limits", "wait", CONF_MS, 0, 7LL * 86400000, "250ms", 1, AT(wait),
	    "How long." },
	{ "limits", "room", CONF_SIZE, 1024, 1LL << 30, "16K", 0, AT(room), "How much." },
	{ "shared", "ours", CONF_INT, 0, 9, "1", 0, AT(ours), "One of a section's." },
};
enum { N = sizeof table / sizeof table[0] };
static const char *const foreign[] = { "vault", "policy *", "limits.other", "shared.*",
	NULL };

static char file[64];
static struct buf why;

static int
read_bytes(const char *text, size_t n, struct sample *s)
{
	FILE *f = fopen(file, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
	return conf_read(table, N, foreign, file, s, sizeof *s, &why);
}

static int
read_text(const char *text, struct sample *s)
{
	return read_bytes(text, strlen(text), s);
}

static void
test_defaults(void **state)
{
	struct conf_option bad = table[0];
	struct sample s = { 0 };

	(void)state;
	assert_int_equal(conf_defaults(table, N, &s), 0);
	assert_int_equal(s.count, 8);
	assert_int_equal(s.on, 1);
	assert_string_equal(s.name, "abc");
	assert_string_equal(s.path, "");
	assert_int_equal(s.wait, 250);
	assert_int_equal(s.room, 16384);
	bad.fallback = "101";
	assert_int_equal(conf_defaults(&bad, 1, &s), ERR_INVALID);
}

static void
test_read(void **state)
{
	struct sample s;

	(void)state;
	assert_int_equal(conf_defaults(table, N, &s), 0);
	assert_int_equal(
	    read_text(
		"# comment\n[front]\ncount = -5 ; inline\n  \non=no\n"
		"name = 1234567\n[vault]\ndb = /x\n[policy bank]\nk = 3\n"
		"[limits]\npath = /a b\nother = what it likes\nwait = 7d\nroom = 1G\n"
		"[shared]\ntheirs = x\nours = 7\nmore = y",
		&s),
	    0);
	assert_int_equal(s.count, -5);
	assert_int_equal(s.on, 0);
	assert_string_equal(s.name, "1234567");
	assert_string_equal(s.path, "/a b");
	assert_int_equal(s.wait, 7LL * 86400000);
	assert_int_equal(s.room, 1LL << 30);
	assert_int_equal(s.ours, 7);
	assert_int_equal(buf_err(&why), 0);
	assert_int_equal(why.n, 0);
}

static void
test_refused(void **state)
{
	static const struct {
		const char *text, *why; /* why: what the message must hold */
	} cases[] = {
		{ "[front]\nother = 3", "no such option" }, /* not there */
		{ "[shared]\ntheirs = x\nours = 10\n", ":3: [shared] ours" },
		{ "[front]\ncount = 101\n",
		    ":2: [front] count: expected a whole number, -5 to 100" },
		{ "[front]\ncount = -6\n", "count" },
		{ "[front]\ncount = 1x\n", "count" },
		{ "[front]\ncount =\n", "count" },
		{ "[front]\ncount = 99999999999999999999\n", "count" },
		{ "[front]\n\n\non = true\n", ":4: [front] on: expected yes or no" },
		{ "[front]\nname = 12345678\n", "at most 7 bytes" },
		{ "[limits]\npath = a/b\n", "a path from the root" },
		{ "[limits]\nwait = 5\n", "a duration" },
		{ "[limits]\nwait = 8d\n", "0 to 7d" },
		{ "[limits]\nwait = 9223372036854775807d\n", "wait" },
		{ "[limits]\nroom = 1023\n", "1K to 1G" },
		{ "[limits]\nroom = 16k\n", "room" },
		{ "[front]\ncuont = 1\n", ":2: [front] cuont: no such option" },
		{ "[fornt]\ncount = 1\n", ":2: [fornt] count: no such section" },
		{ "count = 1\n", "no such section" },
		{ "[policy]\nk = 1\n", "no such section" },
		{ "[front]\ncount = 1\n[limits]\n[front]\ncount = 1\n",
		    ":5: [front] count: stands twice" },
		{ "[front]\ncount = 1\n 2\n", "stands twice" },
		{ "[front]\ncount\n", ":2: expected \"[section]\"" },
		{ "[front\ncount = 1\n", ":1: expected \"[section]\"" },
	};
	struct sample s, before;
	size_t i;

	(void)state;
	memset(&before, 0, sizeof before);
	assert_int_equal(conf_defaults(table, N, &before), 0);
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		s = before;
		assert_int_equal(read_text(cases[i].text, &s), ERR_INVALID);
		if (strstr(buf_cstr(&why), cases[i].why) == NULL)
			fail_msg("case %zu: %s", i, buf_cstr(&why));
		assert_int_equal(strncmp(buf_cstr(&why), file, strlen(file)), 0);
		assert_memory_equal(&s, &before, sizeof s);
	}
}

/* A line that libinih would cut in two, where the second half would be an option. */
static void
test_long_line(void **state)
{
	char text[600];
	struct sample s = { 0 };

	(void)state;
	memset(text, ' ', sizeof text);
	memcpy(text, "[front]\n#", 9);
	memcpy(text + 9 + 198, "count = 1\n", 11);
	assert_int_equal(read_text(text, &s), ERR_INVALID);
	assert_non_null(strstr(buf_cstr(&why), ":2: the line is too long"));
	assert_int_equal(read_bytes("[front]\n\0count = 1\n", 19, &s), ERR_INVALID);
	assert_non_null(strstr(buf_cstr(&why), ":2: a NUL byte"));
}

static void
test_no_file(void **state)
{
	struct sample s = { 0 };

	(void)state;
	assert_int_equal(
	    conf_read(table, N, NULL, "/nonexistent", &s, sizeof s, &why), ERR_IO);
	assert_non_null(strstr(buf_cstr(&why), "/nonexistent: cannot be opened"));
}

static void
test_short_memory(void **state)
{
	struct sample s = { 0 };
	unsigned long n;
	int rc;

	(void)state;
	for (n = 1; n < 4; n++) {
		buf_done(&why);
		buf_init(&why, 4096);
		(void)mem_fail_at(n);
		rc = read_text("[front]\ncount = 7\n", &s);
		(void)mem_fail_at(0);
		if (rc == 0)
			break;
		assert_int_equal(rc, ERR_NOMEM);
	}
	assert_int_equal(rc, 0);
}

static void
test_set(void **state)
{
	struct sample s = { 0 };

	(void)state;
	buf_reset(&why);
	assert_int_equal(conf_set(table, N, "limits", "wait", "0", &s, &why), 0);
	assert_int_equal(conf_set(table, N, "limits", "wait", "72h", &s, &why), 0);
	assert_int_equal(s.wait, 72LL * 3600000);
	assert_int_equal(
	    conf_set(table, N, "limits", "wat", "1s", &s, &why), ERR_INVALID);
	assert_string_equal(buf_cstr(&why), "[limits] wat: no such option");
}

/* What the sample says is what the parser takes, and changes nothing. */
static void
test_sample(void **state)
{
	struct sample s, before;
	struct buf out, live;
	size_t i;

	(void)state;
	buf_init(&out, 65536);
	buf_init(&live, 65536);
	memset(&before, 0, sizeof before);
	assert_int_equal(conf_defaults(table, N, &before), 0);
	s = before;
	conf_sample(table, N, &out);
	assert_int_equal(read_text(buf_cstr(&out), &s), 0);
	for (i = 0; i < out.n; i++) /* "#name = value" to "name = value" */
		if (out.p[i] != '#' || (i + 1 < out.n && out.p[i + 1] == ' '))
			buf_addc(&live, out.p[i]);
	memset(&s, 0, sizeof s);
	assert_int_equal(read_text(buf_cstr(&live), &s), 0);
	assert_memory_equal(&s, &before, sizeof s);
	buf_reset(&out);
	conf_help(table, N, &out);
	for (i = 0; i < N; i++) {
		assert_non_null(strstr(buf_cstr(&out), table[i].name));
		assert_non_null(strstr(buf_cstr(&out), table[i].help));
	}
	buf_done(&out);
	buf_done(&live);
}

static int
setup(void **state)
{
	(void)state;
	(void)snprintf(file, sizeof file, "/tmp/test_conf.%ld", (long)getpid());
	buf_init(&why, 4096);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	buf_done(&why);
	(void)unlink(file);
	return 0;
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_long_line),
		cmocka_unit_test(test_no_file),
		cmocka_unit_test(test_short_memory),
		cmocka_unit_test(test_set),
		cmocka_unit_test(test_sample),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
