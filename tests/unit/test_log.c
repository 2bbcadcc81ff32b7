/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/log.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static int pipe_fd[2], real_stderr;

static int
setup(void **state)
{
	(void)state;
	if (pipe2(pipe_fd, O_CLOEXEC) != 0)
		return -1;
	real_stderr = dup(STDERR_FILENO);
	if (real_stderr < 0 || dup2(pipe_fd[1], STDERR_FILENO) < 0)
		return -1;
	log_open("unit", LOG_INFO);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	(void)dup2(real_stderr, STDERR_FILENO);
	(void)close(real_stderr);
	(void)close(pipe_fd[0]);
	(void)close(pipe_fd[1]);
	return 0;
}

/* What came out since the last call. */
static const char *
taken(void)
{
	static char out[200000];
	ssize_t n;

	(void)fcntl(pipe_fd[0], F_SETFL, O_NONBLOCK);
	n = read(pipe_fd[0], out, sizeof out - 1);
	out[n > 0 ? n : 0] = '\0';
	return out;
}

static void
test_levels(void **state)
{
	(void)state;
	log_debug("not shown");
	assert_string_equal(taken(), "");
	log_info("conn %d open", 7);
	assert_string_equal(taken(), "<6>unit: conn 7 open\n");
	log_warn("w");
	log_error("e");
	assert_string_equal(taken(), "<4>unit: w\n<3>unit: e\n");
	log_level_set(LOG_ERROR);
	log_warn("w");
	assert_string_equal(taken(), "");
	log_level_set(LOG_DEBUG);
	log_debug("d");
	assert_string_equal(taken(), "<7>unit: d\n");
}

static void
test_escapes(void **state)
{
	static const struct {
		const char *in, *out;
	} cases[] = {
		{ "a\nb\rc", "a\\x0ab\\x0dc" }, { "\x1b[31mred", "\\x1b[31mred" },
		{ "tab\there\x7f", "tab\\x09here\\x7f" },
		{ "\xc2\x9b"
		  "2J",
		    "\\xc2\\x9b"
		    "2J" },		    /* CSI as one character */
		{ "\xc2\xa7", "\xc2\xa7" }, /* a section sign is text */
		{ "\xe9\x9b\xbb\xe5\x8a\x9b",
		    "\xe9\x9b\xbb\xe5\x8a\x9b" }, /* so is Japanese */
	};
	char want[200];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		log_info("%s", cases[i].in);
		(void)snprintf(want, sizeof want, "<6>unit: %s\n", cases[i].out);
		assert_string_equal(taken(), want);
	}
}

static void
test_long_line(void **state)
{
	static char in[5000], ctl[5000];
	const char *out;

	(void)state;
	memset(in, 'a', sizeof in - 1);
	log_info("%s", in);
	out = taken();
	assert_true(strlen(out) > 900 && strlen(out) < 1400);
	assert_int_equal(out[strlen(out) - 1], '\n');
	memset(ctl, '\n', sizeof ctl - 1);
	log_info("%s", ctl);
	out = taken();
	assert_true(strlen(out) < 1401);
	assert_ptr_equal(strchr(out, '\n'), out + strlen(out) - 1); /* one line */
}

static void
test_errno_kept(void **state)
{
	(void)state;
	errno = ENOSPC;
	log_info("x");
	assert_int_equal(errno, ENOSPC);
}

/* A journal that reads nothing costs lines, never time. */
static void
test_full_pipe_drops(void **state)
{
	unsigned long before = log_dropped();
	int i;

	(void)state;
	for (i = 0; i < 5000; i++)
		log_info(
		    "line %d, and some more bytes so that the pipe fills up soon", i);
	assert_true(log_dropped() > before);
	(void)taken();
	before = log_dropped();
	log_info("again");
	assert_int_equal(log_dropped(), before);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_levels, setup, teardown),
		cmocka_unit_test_setup_teardown(test_escapes, setup, teardown),
		cmocka_unit_test_setup_teardown(test_long_line, setup, teardown),
		cmocka_unit_test_setup_teardown(test_errno_kept, setup, teardown),
		cmocka_unit_test_setup_teardown(test_full_pipe_drops, setup, teardown),
	};

	return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
