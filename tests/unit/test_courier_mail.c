/* SPDX-License-Identifier: Apache-2.0 */
/* Section [mail]: what is a server, an address, a password, and what is said otherwise.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "daemon/courier/mail_way.h"
#include "proto/rights.h"

static char secret[64];

static int
setup(void **state)
{
	int fd;

	(void)state;
	(void)snprintf(secret, sizeof secret, "/tmp/mail-secret.XXXXXX");
	fd = mkstemp(secret);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "open sesame\n", 12), 12);
	return close(fd);
}

static int
teardown(void **state)
{
	(void)state;
	return unlink(secret);
}

static void
fill(struct mail_options *o, const char *server)
{
	memset(o, 0, sizeof *o);
	(void)snprintf(o->server, sizeof o->server, "%s", server);
	(void)snprintf(o->from, sizeof o->from, "hub@hub.example");
	(void)snprintf(o->whole_text, sizeof o->whole_text, "TLP:AMBER");
}

/* What is said when it is refused; "" when it is not. */
static const char *
says(struct mail_options *o)
{
	static char text[512];
	struct buf why;

	buf_init(&why, sizeof text);
	if (mail_way_read(o, &why) == 0)
		assert_int_equal(why.n, 0);
	(void)snprintf(text, sizeof text, "%s", buf_cstr(&why));
	buf_done(&why);
	return text;
}

static void
test_servers(void **state)
{
	static const struct {
		const char *text, *host; /* NULL: refused */
		unsigned port, implicit;
	} table[] = {
		{ "smtps://mail.example.jp", "mail.example.jp", 465, 1 },
		{ "smtp://mail.example.jp", "mail.example.jp", 587, 0 },
		{ "smtp://localhost:2525", "localhost", 2525, 0 },
		{ "mail.example.jp", NULL, 0, 0 },
		{ "https://mail.example.jp", NULL, 0, 0 },
		{ "smtp://", NULL, 0, 0 },
		{ "smtp://Mail.example", NULL, 0, 0 },
		{ "smtp://user@mail.example", NULL, 0, 0 },
		{ "smtp://mail.example/x", NULL, 0, 0 },
		{ "smtp://mail.example:", NULL, 0, 0 },
		{ "smtp://mail.example:0", NULL, 0, 0 },
		{ "smtp://mail.example:65536", NULL, 0, 0 },
		{ "smtp://mail.example:999999", NULL, 0, 0 },
		{ "smtp://mail.example:25x", NULL, 0, 0 },
		{ "smtp://[::1]:25", NULL, 0, 0 },
	};
	struct mail_options o;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof table / sizeof table[0]; i++) {
		fill(&o, table[i].text);
		if (table[i].host == NULL) {
			assert_non_null(strstr(says(&o), "[mail] server: expected"));
			assert_int_equal(o.on, 0);
			continue;
		}
		assert_string_equal(says(&o), "");
		assert_string_equal(o.at.host, table[i].host);
		assert_string_equal(o.at.path, "/hub.example");
		assert_int_equal(o.at.port, table[i].port);
		assert_int_equal(o.implicit, table[i].implicit);
		assert_int_equal(o.on, 1);
		assert_int_equal(o.whole_up_to, TLP_AMBER);
	}
	fill(&o, ""); /* no mail: the rest is not looked at */
	o.from[0] = '\0';
	assert_string_equal(says(&o), "");
	assert_int_equal(o.on, 0);
}

static void
test_the_rest(void **state)
{
	struct mail_options o;

	(void)state;
	fill(&o, "smtps://mail.example");
	(void)snprintf(o.from, sizeof o.from, "hub");
	assert_non_null(strstr(says(&o), "[mail] from: expected an address"));
	fill(&o, "smtps://mail.example");
	(void)snprintf(o.user, sizeof o.user, "hub");
	assert_non_null(strstr(says(&o), "[mail] password_file: expected a file"));
	(void)snprintf(o.password_file, sizeof o.password_file, "%s", secret);
	assert_string_equal(says(&o), "");
	assert_string_equal(o.password, "open sesame");
	(void)snprintf(o.password_file, sizeof o.password_file, "%s.none", secret);
	assert_non_null(strstr(says(&o), ".none: "));
	(void)snprintf(o.password_file, sizeof o.password_file, "/dev/null");
	assert_non_null(strstr(says(&o), "[mail] password_file: expected a password"));
	fill(&o, "smtps://mail.example");
	(void)snprintf(o.answers_url, sizeof o.answers_url, "http://hub.example");
	assert_non_null(strstr(says(&o), "[mail] answers_url: expected https"));
	(void)snprintf(o.answers_url, sizeof o.answers_url, "https://hub.example/ x");
	assert_non_null(strstr(says(&o), "[mail] answers_url: expected"));
	(void)snprintf(o.answers_url, sizeof o.answers_url, "https://hub.example:8444");
	assert_string_equal(says(&o), "");
	(void)snprintf(o.whole_text, sizeof o.whole_text, "AMBER");
	assert_non_null(strstr(says(&o), "[mail] full_text_up_to: expected"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_servers),
		cmocka_unit_test(test_the_rest),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
