/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "proto/topic.h"

static const char hash[] =
    "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

static struct topics
topics_from(const char *text)
{
	json_t *j = json_loads(text, 0, NULL);
	struct topics t;

	assert_non_null(j);
	assert_int_equal(topics_of(j, &t), 0);
	json_decref(j);
	return t;
}

static struct topics
of_one(const char *type, const char *value, int exercise)
{
	char text[4096];

	(void)snprintf(text, sizeof text,
	    "{\"indicators\":[{\"type\":\"%s\",\"value\":\"%s\"}],\"exercise\":%s}", type,
	    value, exercise ? "true" : "false");
	return topics_from(text);
}

/* The same thing, however it is written, is one topic; another thing is another. */
static void
test_disguises(void **state)
{
	static const struct {
		const char *type, *one, *other;
		int same;
	} t[] = {
		{ "domain", "evil.example", "EVIL[.]Example", 1 },
		{ "domain", "evil.example", "evil(.)example.", 1 },
		{ "domain", "evil.example", "*.evil.example", 1 },
		{ "domain", "evil.example", "ｅｖｉｌ.ｅｘａｍｐｌｅ", 1 },
		{ "domain", "www.evil.example", "www。evil.example", 1 },
		{ "domain", "pаypal.example", "XN--pypal-4ve.example", 1 },
		{ "domain", "pаypal.example", "paypal.example", 0 },
		{ "domain", "evil.example", "evil2.example", 0 },
		{ "url", "http://evil.example/", "hxxp://EVIL[.]example", 1 },
		{ "url", "http://evil.example/a", "HTTP://evil.example:80/a#top", 1 },
		{ "url", "https://evil.example/a", "https[:]//evil.example:443/%61", 1 },
		{ "url", "http://evil.example/a%2fb", "http://evil.example/a%2Fb", 1 },
		{ "url", "http://evil.example/\\u304c",
		    "http://evil.example/\\u304b\\u3099", 1 },
		{ "url", "http://evil.example/a", "http://evil.example/A", 0 },
		{ "url", "http://evil.example/a", "https://evil.example/a", 0 },
		{ "url", "http://evil.example/a", "http://evil.example:81/a", 0 },
		{ "url", "http://u@evil.example/a", "http://v@evil.example/a", 0 },
		{ "url", "http://[2001:db9::1]:80/", "http://[2001:DB9::1]/", 1 },
		{ "ipv4", "203.0.113.7", "203[.]0.113(.)7", 1 },
		{ "ipv4", "203.0.113.7", "203.0.113.8", 0 },
		{ "ipv6", "2001:db9::1", "2001:0DB9:0::0001", 1 },
		{ "email", "bad@evil.example", "Bad[at]EVIL[.]example", 1 },
		{ "email", "bad@evil.example", "bad2@evil.example", 0 },
		{ "md5", "0123456789abcdef0123456789abcdef",
		    "0123456789ABCDEF0123456789ABCDEF", 1 },
	};
	struct topics a, b;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof t / sizeof t[0]; i++) {
		a = of_one(t[i].type, t[i].one, 0);
		b = of_one(t[i].type, t[i].other, 0);
		if (a.n != 1 || b.n != 1 ||
		    (memcmp(a.v[0].id, b.v[0].id, TOPIC_LEN) == 0) != t[i].same)
			fail_msg("%s %s and %s: %u and %u topics, wanted %s", t[i].type,
			    t[i].one, t[i].other, a.n, b.n, t[i].same ? "one" : "two");
	}
	/* An IPv4 address inside an IPv6 one is itself; a domain is no URL. */
	a = of_one("ipv4", "203.0.113.7", 0);
	b = of_one("ipv6", "::ffff:203.0.113.7", 0);
	assert_memory_equal(a.v[0].id, b.v[0].id, TOPIC_LEN);
	a = of_one("filename", "evil.example", 0);
	assert_int_equal(a.n, 0);
}

/* What many have without anything in common connects no two reports. */
static void
test_common_values(void **state)
{
	static const char *const t[][2] = { { "ipv4", "10.1.2.3" },
		{ "ipv4", "127.0.0.1" }, { "ipv4", "192.168.1.1" },
		{ "ipv4", "172.31.0.1" }, { "ipv4", "100.64.0.1" },
		{ "ipv4", "169.254.1.1" }, { "ipv4", "255.255.255.255" },
		{ "ipv6", "::1" }, { "ipv6", "fe80::1" }, { "ipv6", "fd00::1" },
		{ "ipv6", "::ffff:10.0.0.1" },
		{ "md5", "D41D8CD98F00B204E9800998ECF8427E" },
		{ "sha1", "da39a3ee5e6b4b0d3255bfef95601890afd80709" },
		{ "sha256", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852"
			    "b855" } };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof t / sizeof t[0]; i++)
		if (of_one(t[i][0], t[i][1], 0).n != 0)
			fail_msg("%s %s is a topic", t[i][0], t[i][1]);
	assert_int_equal(of_one("ipv4", "172.32.0.1", 0).n, 1);
	assert_int_equal(of_one("ipv4", "100.128.0.1", 0).n, 1);
}

static void
test_exercise_apart(void **state)
{
	struct topics a = of_one("sha256", hash, 0), b = of_one("sha256", hash, 1);

	(void)state;
	assert_int_equal(a.n, 1);
	assert_int_equal(b.n, 1);
	assert_memory_not_equal(a.v[0].id, b.v[0].id, TOPIC_LEN);
	assert_true(topic_is_strong(&b.v[0]));
}

/* Bulletin first, then a hash, a domain and so on in turn, then products; a repeated
 * value counts once. */
static void
test_order(void **state)
{
	struct topics t, u;

	(void)state;
	t = topics_from(
	    "{\"products\":[\"ExampleVPN\",\"Other\"],\"event_types\":[\"malware\"],"
	    "\"indicators\":[{\"type\":\"ipv4\",\"value\":\"203.0.113.7\"},"
	    "{\"type\":\"domain\",\"value\":\"a.example\"},"
	    "{\"type\":\"domain\",\"value\":\"b.example\"},"
	    "{\"type\":\"domain\",\"value\":\"A.example\"},"
	    "{\"type\":\"md5\",\"value\":\"0123456789abcdef0123456789abcdef\"}],"
	    "\"seen_bulletin\":\"2026-7KQ2M\"}");
	assert_int_equal(t.n, 7);
	assert_int_equal(t.v[0].kind, TOPIC_BULLETIN);
	u = of_one("md5", "0123456789abcdef0123456789abcdef", 0);
	assert_memory_equal(t.v[1].id, u.v[0].id, TOPIC_LEN);
	u = of_one("ipv4", "203.0.113.7", 0);
	assert_memory_equal(t.v[3].id, u.v[0].id, TOPIC_LEN);
	assert_int_equal(t.v[4].kind, TOPIC_INDICATOR);
	assert_int_equal(t.v[5].kind, TOPIC_PRODUCT);
	assert_int_equal(t.v[6].kind, TOPIC_PRODUCT);
	assert_false(topic_is_strong(&t.v[6]));
	assert_ptr_equal(topics_find(&t, u.v[0].id), &t.v[3]);
	assert_null(topics_find(&u, t.v[0].id));
	t = topics_from("{\"products\":[\"ExampleVPN\"]}");
	assert_int_equal(t.n, 0);
}

/* Two long lists with much in common choose the same ones, in whatever order they came.
 */
static void
test_long_lists(void **state)
{
	struct buf a, b;
	struct topics t, u;
	unsigned i;

	(void)state;
	buf_init(&a, 65536);
	buf_init(&b, 65536);
	buf_adds(&a, "{\"indicators\":[");
	buf_adds(&b, "{\"indicators\":[");
	for (i = 0; i < 100; i++) {
		buf_addf(&a, "%s{\"type\":\"domain\",\"value\":\"d%u.example\"}",
		    i > 0 ? "," : "", i);
		buf_addf(&b, "%s{\"type\":\"domain\",\"value\":\"d%u.example\"}",
		    i > 0 ? "," : "", 99 - i);
	}
	buf_adds(&a, ",{\"type\":\"url\",\"value\":\"http://z.example/\"}]}");
	buf_adds(&b, ",{\"type\":\"url\",\"value\":\"http://z.example/\"}]}");
	t = topics_from(buf_cstr(&a));
	u = topics_from(buf_cstr(&b));
	assert_int_equal(t.n, TOPICS_MAX);
	assert_memory_equal(&t, &u, sizeof t);
	t = of_one("url", "http://z.example/", 0);
	assert_non_null(
	    topics_find(&u, t.v[0].id)); /* a hundred domains leave it its place */
	buf_done(&a);
	buf_done(&b);
}

static void
test_words(void **state)
{
	static const char text[] =
	    "{\"products\":[\"Ｅｘａｍｐｌｅ  VPN \"],\"event_types\":[\"malware\"],"
	    "\"indicators\":[{\"type\":\"url\",\"value\":\"FTP://U[.]jp:21\"}],"
	    "\"seen_bulletin\":\"2026-7KQ2M\"}";
	static const char *const want[] = {
		"{\"kind\":\"bulletin\",\"value\":\"2026-7KQ2M\"}",
		"{\"kind\":\"indicator\",\"type\":\"url\",\"value\":\"ftp://u.jp/\"}",
		"{\"event\":\"malware\",\"kind\":\"product\",\"value\":\"example vpn\"}"
	};
	struct topics t = topics_from(text);
	json_t *j = json_loads(text, 0, NULL);
	uint8_t other[TOPIC_LEN] = { 1 };
	struct buf b;
	unsigned i;

	(void)state;
	assert_int_equal(t.n, 3);
	buf_init(&b, 4096);
	for (i = 0; i < 3; i++) {
		buf_reset(&b);
		assert_int_equal(topic_words(j, t.v[i].id, &b), 0);
		assert_string_equal(buf_cstr(&b), want[i]);
	}
	assert_int_equal(topic_words(j, other, &b), ERR_NOTFOUND);
	buf_done(&b);
	json_decref(j);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_disguises),
		cmocka_unit_test(test_common_values),
		cmocka_unit_test(test_exercise_apart),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_long_lists),
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
