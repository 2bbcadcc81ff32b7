/* SPDX-License-Identifier: Apache-2.0 */
/* Where a webhook may lead: addresses as they are written, and as they are resolved. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "daemon/courier/target.h"

static struct target_rules
rules(int loopback)
{
	struct target_rules r;

	memset(&r, 0, sizeof r);
	assert_int_equal(target_ports("443,8443", &r), 0);
	r.loopback = loopback;
	return r;
}

static void
test_written(void **state)
{
	static const struct {
		const char *url, *host;
		unsigned port;
		const char *path; /* NULL: refused */
	} cases[] = {
		{ "https://hooks.example.jp/ceptoar", "hooks.example.jp", 443,
		    "/ceptoar" },
		{ "https://Hooks.EXAMPLE.jp", "hooks.example.jp", 443, "/" },
		{ "https://a.example.jp:8443/x?y=1", "a.example.jp", 8443, "/x?y=1" },
		{ "https://a.example.jp?y", "a.example.jp", 443, "/?y" },
		{ "https://a.example.jp/t/@team/..%2f", "a.example.jp", 443,
		    "/t/@team/..%2f" },
		{ "http://a.example.jp/", "", 0, NULL },
		{ "HTTPS://a.example.jp/", "", 0, NULL },
		{ "ftp://a.example.jp/", "", 0, NULL },
		{ "file:///etc/passwd", "", 0, NULL },
		{ "https://", "", 0, NULL },
		{ "https:///x", "", 0, NULL },
		{ "https://a.example.jp:80/", "", 0, NULL },
		{ "https://a.example.jp:22/", "", 0, NULL },
		{ "https://a.example.jp:0/", "", 0, NULL },
		{ "https://a.example.jp:65536/", "", 0, NULL },
		{ "https://a.example.jp:443443443443/", "", 0, NULL },
		{ "https://a.example.jp:/", "", 0, NULL },
		{ "https://user@a.example.jp/", "", 0, NULL },
		{ "https://user:443@10.0.0.1/", "", 0, NULL },
		{ "https://a.example.jp:443@evil.example/", "", 0, NULL },
		{ "https://a.example.jp\\@evil.example/", "", 0, NULL },
		{ "https://127.0.0.1/", "", 0, NULL },
		{ "https://8.8.8.8/", "", 0, NULL },
		{ "https://2130706433/", "", 0, NULL },
		{ "https://0x7f.0.0.1/", "", 0, NULL },
		{ "https://0x7f000001/", "", 0, NULL },
		{ "https://a.0x7f/", "", 0, NULL },
		{ "https://127.1/", "", 0, NULL },
		{ "https://[::1]/", "", 0, NULL },
		{ "https://[2001:db8::1]/", "", 0, NULL },
		{ "https://localhost/", "", 0, NULL },
		{ "https://foo.localhost/", "", 0, NULL },
		{ "https://printer.local/", "", 0, NULL },
		{ "https://metadata.google.internal/", "", 0, NULL },
		{ "https://intranet/", "", 0, NULL },
		{ "https://a.example.jp./", "", 0, NULL },
		{ "https://a..example.jp/", "", 0, NULL },
		{ "https://-a.example.jp/", "", 0, NULL },
		{ "https://a_b.example.jp/", "", 0, NULL },
		{ "https://a.example.jp%00.evil/", "", 0, NULL },
		{ "https://\xe3\x81\x82.example.jp/", "", 0, NULL },
		{ "https://a.example.jp/a b", "", 0, NULL },
		{ "https://a.example.jp/a\r\nHost: x", "", 0, NULL },
		{ "https://a.example.jp/#frag", "", 0, NULL },
	};
	struct target_rules r = rules(0);
	struct target t;
	const char *why;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		why = target_read(cases[i].url, &r, &t);
		if ((why == NULL) != (cases[i].path != NULL))
			fail_msg("%s: %s", cases[i].url, why != NULL ? why : "allowed");
		if (why != NULL)
			continue;
		assert_string_equal(t.host, cases[i].host);
		assert_int_equal(t.port, cases[i].port);
		assert_string_equal(t.path, cases[i].path);
	}
	r = rules(1);
	assert_null(target_read("https://localhost:4711/x", &r, &t));
	assert_non_null(target_read("https://127.0.0.1:4711/x", &r, &t));
	assert_non_null(target_read("http://localhost:4711/x", &r, &t));
}

static void
address(const char *text, struct sockaddr_storage *ret)
{
	struct sockaddr_in v4 = { .sin_family = AF_INET };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };

	memset(ret, 0, sizeof *ret);
	if (inet_pton(AF_INET, text, &v4.sin_addr) == 1) {
		memcpy(ret, &v4, sizeof v4);
		return;
	}
	assert_int_equal(inet_pton(AF_INET6, text, &v6.sin6_addr), 1);
	memcpy(ret, &v6, sizeof v6);
}

static void
test_resolved(void **state)
{
	static const char *const closed[] = { "0.0.0.0", "0.1.2.3", "10.0.0.1",
		"10.255.255.255", "100.64.0.1", "100.127.255.255", "127.0.0.1",
		"127.255.255.254", "169.254.169.254", "169.254.0.1", "172.16.0.1",
		"172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.0.1",
		"198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.7",
		"224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
		"::", "::1", "::ffff:10.0.0.1", "::ffff:8.8.8.8", "::ffff:127.0.0.1",
		"::127.0.0.1", "64:ff9b::a00:1", "64:ff9b:1::1", "100::1", "2001::1",
		"2001:db8::1", "2002:a00:1::1", "3fff::1", "5f00::1", "fc00::1",
		"fd00:ec2::254", "fdff::1", "fe80::1", "febf::1", "fec0::1", "ff02::1",
		"ff0e::1" };
	static const char *const open[] = { "1.1.1.1", "8.8.8.8", "9.255.255.255",
		"11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255",
		"128.0.0.1", "169.253.255.255", "172.15.255.255", "172.32.0.0",
		"192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0",
		"223.255.255.255", "2001:4860:4860::8888", "2606:4700::1111",
		"2400:cb00::1", "2a00:1450::1", "2001:200::1" };
	struct target_rules strict = rules(0), tests = rules(1);
	struct sockaddr_storage a;
	const struct sockaddr *p = (const struct sockaddr *)&a;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof closed / sizeof closed[0]; i++) {
		address(closed[i], &a);
		if (target_is_public(p) || target_may(p, &strict))
			fail_msg("%s would be connected to", closed[i]);
	}
	for (i = 0; i < sizeof open / sizeof open[0]; i++) {
		address(open[i], &a);
		if (!target_is_public(p) || !target_may(p, &strict))
			fail_msg("%s is refused", open[i]);
	}
	/* The tests' own hole is no larger than it has to be. */
	address("127.0.0.1", &a);
	assert_true(target_may(p, &tests));
	address("::1", &a);
	assert_true(target_may(p, &tests));
	address("10.0.0.1", &a);
	assert_false(target_may(p, &tests));
	address("::ffff:127.0.0.1", &a);
	assert_false(target_may(p, &tests));
	a.ss_family = AF_UNIX;
	assert_false(target_may(p, &tests));
}

static void
test_ports(void **state)
{
	static const char *const bad[] = { "", "0", "65536", "443,", ",443", "443;8443",
		"https", "443,8443,1,2,3,4,5,6,7", "-1", " 443" };
	struct target_rules r;
	size_t i;

	(void)state;
	memset(&r, 0, sizeof r);
	for (i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (target_ports(bad[i], &r) == 0)
			fail_msg("\"%s\" is taken", bad[i]);
	assert_int_equal(target_ports("443", &r), 0);
	assert_int_equal(r.port_count, 1);
	assert_int_equal(target_ports("1,2,3,4,5,6,7,65535", &r), 0);
	assert_int_equal(r.ports[7], 65535);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_written),
		cmocka_unit_test(test_resolved),
		cmocka_unit_test(test_ports),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
