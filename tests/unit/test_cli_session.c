/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/ceptoar/session.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/ceptoar/cmd.h"
#include "cli/ceptoar/seen.h"
#include "cli/ceptoar/state.h"
#include "lib/file.h"

static char dir[64], path[160];
static struct session s;

static const char *
at(const char *name)
{
	(void)snprintf(path, sizeof path, "%s/%s", dir, name);
	return path;
}

static void
test_urls(void **state)
{
	(void)state;
	assert_int_equal(session_urls(&s, "https://a:1/, https://b:2"), 0);
	assert_int_equal(s.n_urls, 2);
	assert_string_equal(s.urls[0], "https://a:1");
	assert_string_equal(s.urls[1], "https://b:2");
	assert_int_equal(
	    session_urls(&s, "http://a"), ERR_INVALID); /* never in the clear */
	assert_int_equal(session_urls(&s, "ftp://a"), ERR_INVALID);
	assert_int_equal(session_urls(&s, ""), ERR_INVALID);
	assert_int_equal(session_urls(&s, " , "), ERR_INVALID);
	assert_int_equal(
	    session_urls(&s, "https://a,https://b,https://c,https://d,https://e"),
	    ERR_INVALID);
}

/* hub.env is read as text, never by a shell. */
static void
test_as(void **state)
{
	static const char env[] =
	    "CEPTOAR_URL=https://127.0.0.1:4433\n"
	    "CEPTOAR_CA='/a b/it'\\''s/ca.pem'\nCEPTOAR_PIDS='front=1'\n";
	static const char desk_env[] = "CEPTOAR_DESK_URL=https://127.0.0.1:9443\n";
	static struct session desk;

	(void)state;
	memset(&s, 0, sizeof s);
	assert_int_equal(session_as(&s, at("nobody")), ERR_NOTFOUND);
	assert_int_equal(file_mkdir(at("m"), 0700), 0);
	assert_int_equal(file_write(at("m/cert.pem"), 0600, "x", 1), 0);
	assert_int_equal(session_as(&s, at("m")), 0);
	assert_int_equal(s.n_urls, 0); /* no hub.env yet */
	assert_int_equal(session_check(&s), EXIT_DOWN);
	assert_int_equal(file_write(at("hub.env"), 0600, env, sizeof env - 1), 0);
	assert_int_equal(session_as(&s, at("m")), 0);
	assert_int_equal(s.n_urls, 1);
	assert_string_equal(s.urls[0], "https://127.0.0.1:4433");
	assert_string_equal(s.ca, "/a b/it's/ca.pem");
	assert_int_equal(session_check(&s), EXIT_DONE);
	/* A desk's calls go to the desks' front, and nowhere else when that is not known.
	 */
	assert_int_equal(session_desk(&s, &desk), EXIT_DOWN);
	(void)snprintf(s.desk_list, sizeof s.desk_list, "http://127.0.0.1:9443");
	assert_int_equal(session_desk(&s, &desk), EXIT_USAGE);
	assert_int_equal(
	    file_write(at("hub.env"), 0600, desk_env, sizeof desk_env - 1), 0);
	assert_int_equal(session_as(&s, at("m")), 0);
	assert_int_equal(session_desk(&s, &desk), EXIT_DONE);
	assert_string_equal(desk.urls[0], "https://127.0.0.1:9443");
	assert_string_equal(desk.cert, s.cert);
	assert_string_equal(s.urls[0], "https://127.0.0.1:4433");
	/* The council's key, when it lies there. */
	assert_string_equal(s.council, "");
	assert_int_equal(file_write(at("council.pem"), 0600, "x", 1), 0);
	assert_int_equal(session_as(&s, at("m")), 0);
	assert_non_null(strstr(s.council, "/m/../council.pem"));
	assert_int_equal(unlink(at("council.pem")), 0);
}

static void
test_ways(void **state)
{
	static const char *const proxies[] = { "socks5://127.0.0.1:9050", "http://a:1",
		"socks5h://", "socks5h://a", "socks5h://a:0", "socks5h://a:65536",
		"socks5h://a b:1", "socks5h://user@a:1", "" },
				 *const relays[] = { "a", "a:", ":1", "a:b", "a:1:2",
					 "::1:8443", "https://a:1", "a:1/x", "" };
	size_t i;

	(void)state;
	memset(&s, 0, sizeof s);
	for (i = 0; i < sizeof proxies / sizeof proxies[0]; i++)
		if (session_proxy(&s, proxies[i]) != ERR_INVALID)
			fail_msg("proxy %s", proxies[i]);
	for (i = 0; i < sizeof relays / sizeof relays[0]; i++)
		if (session_relay(&s, relays[i]) != ERR_INVALID)
			fail_msg("relay %s", relays[i]);
	assert_int_equal(session_proxy(&s, "socks5h://127.0.0.1:9050"), 0);
	assert_int_equal(session_relay(&s, "[2001:db8::1]:8443"), 0);
	assert_int_equal(session_relay(&s, "relay.ceptoar.example:8443"), 0);
	/* What would show the certificate goes by none of them. */
	assert_int_equal(session_urls(&s, "https://a"), 0);
	(void)snprintf(s.cert, sizeof s.cert, "c");
	(void)snprintf(s.key, sizeof s.key, "k");
	(void)snprintf(s.ca, sizeof s.ca, "a");
	assert_int_equal(session_check(&s), EXIT_USAGE);
}

/* What began blind goes on blind, by the way of then, and without the certificate. */
static void
test_blind(void **state)
{
	struct session b;
	json_t *kept = json_object(), *plain = json_object();

	(void)state;
	memset(&s, 0, sizeof s);
	assert_int_equal(session_urls(&s, "https://members"), 0);
	(void)snprintf(s.cert, sizeof s.cert, "c");
	(void)snprintf(s.key, sizeof s.key, "k");
	(void)snprintf(s.ca, sizeof s.ca, "a");
	assert_int_equal(session_blind(&s, &b), EXIT_DOWN);
	(void)snprintf(s.blind_list, sizeof s.blind_list, "http://blind");
	assert_int_equal(session_blind(&s, &b), EXIT_USAGE);
	(void)snprintf(s.blind_list, sizeof s.blind_list, "https://blind");
	assert_int_equal(session_blind(&s, &b), EXIT_DONE);
	assert_int_equal(b.blind, 1);
	assert_string_equal(b.urls[0], "https://blind");
	assert_string_equal(b.cert, "");
	assert_string_equal(b.key, "");
	assert_int_equal(session_relay(&b, "r:1"), 0);
	assert_int_equal(session_note(&b, kept), 0);

	assert_int_equal(session_for(&s, kept, &b), EXIT_DONE);
	assert_int_equal(b.blind, 1);
	assert_string_equal(b.cert, "");
	assert_string_equal(b.relay, "r:1");
	assert_string_equal(b.proxy, "");
	(void)snprintf(s.proxy, sizeof s.proxy, "socks5h://p:1");
	assert_int_equal(session_for(&s, kept, &b), EXIT_DONE);
	assert_string_equal(b.proxy, "socks5h://p:1");
	assert_string_equal(b.relay, ""); /* another way now */
	assert_int_equal(session_for(&s, plain, &b), EXIT_USAGE);
	s.proxy[0] = '\0';
	assert_int_equal(session_note(&s, plain), 0);
	assert_int_equal(session_for(&s, plain, &b), EXIT_DONE);
	assert_int_equal(b.blind, 0);
	assert_string_equal(b.cert, "c");
	(void)json_object_set_new(kept, "relay", json_string("nonsense"));
	s.proxy[0] = '\0';
	assert_int_equal(session_for(&s, kept, &b), EXIT_REFUSED);
	json_decref(kept);
	json_decref(plain);
}

static void
test_seen(void **state)
{
	struct seen *seen = calloc(1, sizeof *seen);
	json_t *one = json_pack("{s:s, s:i}", "id", "aa", "revision", 1);
	json_t *two = json_pack("{s:s, s:i}", "id", "aa", "revision", 2);
	json_t *bell = json_pack("{s:i}", "severity", 3);
	char cursor[32];
	int i;

	(void)state;
	assert_non_null(seen);
	assert_int_equal(seen_before(seen, "bulletin", "c1", one), 0);
	assert_int_equal(seen_before(seen, "bulletin", "c9", one), 1); /* a new epoch */
	assert_int_equal(seen_before(seen, "update", "c2", two), 0);
	assert_int_equal(seen_before(seen, "cancel", "c3", two), 0);
	assert_int_equal(seen_before(seen, "inbox", "c4", bell), 0);
	assert_int_equal(seen_before(seen, "inbox", "c5", bell), 0); /* another bell */
	assert_int_equal(seen_before(seen, "inbox", "c5", bell), 1);
	assert_int_equal(seen_before(seen, "inbox", "", bell), 0);
	assert_int_equal(seen_before(seen, "inbox", NULL, bell), 0);
	for (i = 0; i < SEEN_MAX; i++) {
		(void)snprintf(cursor, sizeof cursor, "x%d", i);
		assert_int_equal(seen_before(seen, "inbox", cursor, bell), 0);
	}
	assert_int_equal(seen_before(seen, "inbox", "x7", bell), 1);
	assert_int_equal(seen_before(seen, "bulletin", "c1", one), 0); /* long ago */
	json_decref(one);
	json_decref(two);
	json_decref(bell);
	free(seen);
}

static void
test_secret(void **state)
{
	char a[SECRET_TEXT + 1], b[SECRET_TEXT + 1], c[SECRET_TEXT + 1];

	(void)state;
	assert_int_equal(state_secret(a, b), 0);
	assert_int_equal(strlen(a), SECRET_TEXT);
	assert_string_not_equal(a, b);
	assert_int_equal(state_secret(c, b), 0);
	assert_string_not_equal(a, c);
}

static void
test_state(void **state)
{
	json_t *j = json_pack("{s:s}", "secret", "x"), *back;
	struct buf names;

	(void)state;
	(void)snprintf(s.state_dir, sizeof s.state_dir, "%s/state", dir);
	assert_int_equal(state_save(&s, "case-1a", j), EXIT_DONE);
	assert_int_equal(state_save(&s, "pending-2", j), EXIT_DONE);
	back = state_load(&s, "case-1a");
	assert_true(json_equal(j, back));
	json_decref(back);
	assert_null(state_load(&s, "case-2"));
	assert_int_equal(state_save(&s, "../evil", j), EXIT_REFUSED);
	assert_null(state_load(&s, "../state/case-1a"));
	buf_init(&names, 4096);
	state_list(&s, "case-", &names);
	assert_string_equal(buf_cstr(&names), "case-1a\n");
	buf_done(&names);
	state_drop(&s, "case-1a");
	state_drop(&s, "pending-2");
	assert_null(state_load(&s, "case-1a"));
	assert_int_equal(rmdir(s.state_dir), 0);
	s.state_dir[0] = '\0';
	assert_int_equal(state_save(&s, "case-1a", j), EXIT_USAGE);
	json_decref(j);
}

static void
test_query(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 4096);
	buf_adds(&b, "/v1/stream");
	cmd_query(&b, "sector", "a,b");
	cmd_query(&b, "cursor", "x&y=z #\r\n\303\251");
	assert_string_equal(
	    buf_cstr(&b), "/v1/stream?sector=a,b&cursor=x%26y%3Dz%20%23%0D%0A%C3%A9");
	buf_done(&b);
}

/* Of a record, what is private does not come further than the file. */
static void
test_read_report(void **state)
{
	static const char record[] =
	    "{\"private\":{\"organisation\":\"KANARIA\"},"
	    "\"shared\":{\"kind\":\"incident\",\"title\":\"t\"}}";
	json_t *j = NULL;
	char *text;

	(void)state;
	assert_int_equal(file_write(at("record"), 0600, record, sizeof record - 1), 0);
	assert_int_equal(cmd_read_report(path, &j), EXIT_DONE);
	text = json_dumps(j, 0);
	assert_null(strstr(text, "KANARIA"));
	assert_null(strstr(text, "private"));
	assert_non_null(strstr(text, "incident"));
	free(text);
	json_decref(j);
	assert_int_equal(file_write(at("record"), 0600, "{\"a\":1,\"a\":2}", 13), 0);
	assert_int_equal(cmd_read_report(path, &j), EXIT_REFUSED);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(cmd_read_report(path, &j), EXIT_USAGE);
}

/* Every command explains itself, and on lines that fit a terminal. */
static void
test_help(void **state)
{
	static const char *const names[] = { "report", "preview", "case", "watch",
		"events", "bulletins", "show", "ack", "inbox", "me", "subscription",
		"tokens", "deliveries", "question" };
	const char *text, *end;
	char word[32];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof names / sizeof names[0]; i++) {
		text = help_of(names[i]);
		(void)snprintf(word, sizeof word, "ceptoar %s", names[i]);
		assert_non_null(strstr(text, "SYNOPSIS"));
		assert_non_null(strstr(text, word));
		assert_non_null(strstr(help_main, names[i]));
		for (; *text != '\0'; text = end + 1) {
			end = strchr(text, '\n');
			assert_non_null(end);
			if (end - text > 100)
				fail_msg("%s: a long line", names[i]);
		}
	}
}

static int
setup(void **state)
{
	(void)state;
	(void)snprintf(dir, sizeof dir, "/tmp/test_cli.XXXXXX");
	return mkdtemp(dir) != NULL ? 0 : -1;
}

static int
teardown(void **state)
{
	(void)state;
	(void)unlink(at("m/cert.pem"));
	(void)rmdir(at("m"));
	(void)unlink(at("hub.env"));
	return rmdir(dir);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_urls),
		cmocka_unit_test(test_as),
		cmocka_unit_test(test_ways),
		cmocka_unit_test(test_blind),
		cmocka_unit_test(test_seen),
		cmocka_unit_test(test_secret),
		cmocka_unit_test(test_state),
		cmocka_unit_test(test_query),
		cmocka_unit_test(test_read_report),
		cmocka_unit_test(test_help),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
