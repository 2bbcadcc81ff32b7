/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/sock.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static char dir[] = "/tmp/ceptoar-sock.XXXXXX";
static char path[64];

static int
setup(void **state)
{
	(void)state;
	if (mkdtemp(dir) == NULL)
		return -1;
	(void)snprintf(path, sizeof path, "%s/s", dir);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	(void)unlink(path);
	return rmdir(dir);
}

static void
assert_flags(int fd)
{
	assert_true((fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
	assert_true((fcntl(fd, F_GETFL) & O_NONBLOCK) != 0);
}

static void
test_unix(void **state)
{
	struct stat st;
	int l, c;

	(void)state;
	assert_int_equal(sock_connect_unix(path), ERR_DOWN); /* nothing there */
	l = sock_listen_unix(path, 0660);
	assert_true(l >= 0);
	assert_flags(l);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0660);
	c = sock_connect_unix(path);
	assert_true(c >= 0);
	assert_flags(c);
	(void)close(c);
	(void)close(l);
	assert_int_equal(sock_connect_unix(path), ERR_DOWN); /* a file, and no listener */
	l = sock_listen_unix(path, 0600); /* the stale one is replaced */
	assert_true(l >= 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	(void)close(l);
	(void)unlink(path);
}

static void
test_unix_bad_path(void **state)
{
	char longer[200];
	int fd;

	(void)state;
	memset(longer, 'a', sizeof longer - 1);
	longer[0] = '/';
	longer[sizeof longer - 1] = '\0';
	assert_int_equal(sock_listen_unix(longer, 0600), ERR_INVALID);
	assert_int_equal(sock_connect_unix(longer), ERR_INVALID);
	assert_int_equal(sock_listen_unix("", 0600), ERR_INVALID);
	assert_int_equal(sock_connect_unix(""), ERR_INVALID);
	/* A file that is no socket is somebody's data. */
	fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "data", 4), 4);
	(void)close(fd);
	assert_int_equal(sock_listen_unix(path, 0600), ERR_IO);
	assert_int_equal(access(path, F_OK), 0);
	assert_int_equal(sock_connect_unix(path), ERR_DOWN);
	(void)unlink(path);
}

static void
test_tcp(void **state)
{
	struct sockaddr_in sa = { .sin_family = AF_INET };
	uint16_t port = 0, again = 0;
	int l, l2, c, on = 0;
	socklen_t n = sizeof on;

	(void)state;
	assert_int_equal(sock_listen_tcp("localhost", 0, 0, NULL), ERR_INVALID);
	assert_int_equal(sock_listen_tcp("127.0.0.256", 0, 0, NULL), ERR_INVALID);
	assert_int_equal(sock_listen_tcp("", 0, 0, NULL), ERR_INVALID);
	l = sock_listen_tcp("127.0.0.1", 0, 1, &port);
	assert_true(l >= 0);
	assert_flags(l);
	assert_true(port != 0);
	/* A second listener on the port: with reuseport yes, without no. */
	l2 = sock_listen_tcp("127.0.0.1", port, 1, &again);
	assert_true(l2 >= 0);
	assert_int_equal(again, port);
	(void)close(l2);
	assert_int_equal(sock_listen_tcp("127.0.0.1", port, 0, NULL), ERR_IO);
	sa.sin_port = htons(port);
	sa.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	c = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(connect(c, (struct sockaddr *)&sa, sizeof sa), 0);
	sock_tune_tcp(c, 15000);
	assert_int_equal(getsockopt(c, IPPROTO_TCP, TCP_NODELAY, &on, &n), 0);
	assert_true(on != 0);
	assert_int_equal(getsockopt(c, IPPROTO_TCP, TCP_USER_TIMEOUT, &on, &n), 0);
	assert_int_equal(on, 15000);
	(void)close(c);
	(void)close(l);
}

/* The child is what systemd would start: descriptors from 3 on, named by position. */
static int
child_sees(const char *names, const char *count, int right_pid, const char *want)
{
	int status, out[4], n;
	char pid[20];
	pid_t p = fork();

	if (p == 0) {
		(void)snprintf(pid, sizeof pid, "%ld", (long)(getpid() + !right_pid));
		n = open("/dev/null", O_RDONLY);
		for (int fd = 3; fd < 7; fd++)
			(void)dup2(n, fd);
		(void)setenv("LISTEN_PID", pid, 1);
		(void)setenv("LISTEN_FDS", count, 1);
		if (names != NULL)
			(void)setenv("LISTEN_FDNAMES", names, 1);
		else
			(void)unsetenv("LISTEN_FDNAMES");
		n = sock_passed_all(want, out, 4);
		if (n > 0 && (fcntl(out[0], F_GETFD) & FD_CLOEXEC) == 0)
			_exit(90);
		_exit(n == 0 ? (sock_passed(want) == ERR_NOTFOUND ? 0 : 91)
			     : n * 10 + out[0]);
	}
	(void)waitpid(p, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void
test_passed(void **state)
{
	(void)state;
	assert_int_equal(child_sees("members:front-admin", "2", 1, "members"), 13);
	assert_int_equal(child_sees("members:front-admin", "2", 1, "front-admin"), 14);
	assert_int_equal(child_sees("a:members:b:members", "4", 1, "members"), 24);
	assert_int_equal(child_sees("members:front-admin", "2", 1, "front"), 0);
	assert_int_equal(child_sees("members:front-admin", "2", 1, ""), 0);
	assert_int_equal(child_sees("members:front-admin", "1", 1, "front-admin"), 0);
	assert_int_equal(child_sees("members", "1", 0, "members"), 0); /* another's */
	assert_int_equal(child_sees(NULL, "1", 1, "members"), 0);
	assert_int_equal(child_sees("members", "-1", 1, "members"), 0);
	assert_int_equal(child_sees("members", "junk", 1, "members"), 0);
	assert_int_equal(child_sees("members", "99999999", 1, "members"), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unix),
		cmocka_unit_test(test_unix_bad_path),
		cmocka_unit_test(test_tcp),
		cmocka_unit_test(test_passed),
	};

	return cmocka_run_group_tests_name("sock", tests, setup, teardown);
}
