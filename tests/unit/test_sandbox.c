/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/sandbox.h"

/* What is given up is given up for good, so each check has a child of its own. */
static int
in_child(int (*fn)(void))
{
	int status;
	pid_t pid;

	pid = fork();
	if (pid == 0)
		_exit(fn());
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

enum { NOT_HERE = 77 };

/* valgrind plays the kernel itself: it keeps descriptors for its own use and dies when
 * execve is refused. */
static int
in_valgrind(void)
{
	const char *preload = getenv("LD_PRELOAD");

	return preload != NULL && strstr(preload, "valgrind") != NULL;
}

static int
child_start(void)
{
	struct rlimit r = { 64, 128 };

	if (!in_valgrind() && setrlimit(RLIMIT_NOFILE, &r) != 0)
		return 6;
	if (sandbox_start() != 0)
		return 1;
	if (prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0)
		return 2;
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
		return 3;
	if (getrlimit(RLIMIT_CORE, &r) != 0 || r.rlim_max != 0)
		return 4;
	if (getrlimit(RLIMIT_NOFILE, &r) != 0 || r.rlim_cur != r.rlim_max)
		return 5;
	if (!in_valgrind() && r.rlim_cur != 128)
		return 7;
	return 0;
}

static void
test_start(void **state)
{
	(void)state;
	assert_int_equal(in_child(child_start), 0);
}

static int
refuses(long rc)
{
	return rc == -1 && errno == EPERM;
}

/* 0 when each of them is refused; otherwise which was not. */
static int
calls_refused(void)
{
	static char *const argv[] = { (char *)(uintptr_t) "true", NULL };

	if (!refuses(execve("/bin/true", argv, NULL)))
		return 3;
	if (!refuses(ptrace(PTRACE_TRACEME, 0, NULL, NULL)))
		return 4;
	if (!refuses(syscall(SYS_process_vm_readv, getpid(), NULL, 0, NULL, 0, 0)))
		return 5;
	if (!refuses(syscall(SYS_keyctl, 0, 0, 0, 0, 0)))
		return 6;
	if (!refuses(syscall(SYS_bpf, 0, NULL, 0)))
		return 7;
	if (!refuses(mount("none", "/mnt", "tmpfs", 0, NULL)))
		return 8;
	if (!refuses(syscall(SYS_io_uring_setup, 1, NULL)))
		return 9;
	if (!refuses(syscall(SYS_lookup_dcookie, 0, NULL, 0)))
		return 10;
	if (!refuses(syscall(SYS_userfaultfd, 0)))
		return 11;
	return 0;
}

static int
child_calls(enum sandbox_profile profile)
{
	int rc, fd;

	if (sandbox_start() != 0)
		return 1;
	rc = sandbox_syscalls(profile);
	if (rc == 0)
		return NOT_HERE;
	if (rc != 1)
		return 2;
	rc = in_valgrind() ? 0 : calls_refused();
	if (rc != 0)
		return rc;
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	if (profile == SANDBOX_ALONE ? fd >= 0 || errno != EPERM : fd < 0)
		return 12;
	close(fd);
	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (profile == SANDBOX_NETWORK ? fd < 0 : fd >= 0)
		return 13;
	if (profile != SANDBOX_NETWORK && errno != EPERM)
		return 14;
	fd = open("/dev/null", O_RDWR);
	return fd >= 0 && write(fd, "x", 1) == 1 ? 0 : 15;
}

static int
child_local(void)
{
	return child_calls(SANDBOX_LOCAL);
}

static int
child_network(void)
{
	return child_calls(SANDBOX_NETWORK);
}

static int
child_alone(void)
{
	return child_calls(SANDBOX_ALONE);
}

static void
test_syscalls(void **state)
{
	int rc;

	(void)state;
	rc = in_child(child_local);
	assert_true(rc == 0 || rc == NOT_HERE);
	if (rc != 0)
		print_message("system call filter: not in this build or kernel\n");
	rc = in_child(child_network);
	assert_true(rc == 0 || rc == NOT_HERE);
	rc = in_child(child_alone);
	assert_true(rc == 0 || rc == NOT_HERE);
}

static char dir_rw[] = "/tmp/test_sandbox_w.XXXXXX",
	    dir_ro[] = "/tmp/test_sandbox_r.XXXXXX";
static char file_ro[64], file_rw[64], file_new[64];

static int
child_paths(void)
{
	const char *const ro[] = { dir_ro, "", "/nonexistent/tree", NULL };
	const char *const rw[] = { dir_rw, NULL };
	int rc;

	if (sandbox_start() != 0)
		return 1;
	rc = sandbox_paths(ro, rw);
	if (rc == 0)
		return NOT_HERE;
	if (rc != 1)
		return 2;
	if (open(file_ro, O_RDONLY) < 0)
		return 3;
	if (open(file_ro, O_WRONLY) >= 0 || errno != EACCES)
		return 4;
	if (open(file_rw, O_RDWR | O_CREAT, 0600) < 0)
		return 5;
	if (link(file_rw, file_new) != 0 || unlink(file_new) != 0 || unlink(file_rw) != 0)
		return 6;
	if (open("/etc/passwd", O_RDONLY) >= 0 || errno != EACCES)
		return 7;
	if (mkdir(file_new, 0700) == 0)
		return 8;
	return 0;
}

static void
test_paths(void **state)
{
	int fd, rc;

	(void)state;
	assert_non_null(mkdtemp(dir_rw));
	assert_non_null(mkdtemp(dir_ro));
	(void)snprintf(file_ro, sizeof file_ro, "%s/f", dir_ro);
	(void)snprintf(file_rw, sizeof file_rw, "%s/f", dir_rw);
	(void)snprintf(file_new, sizeof file_new, "%s/g", dir_rw);
	fd = open(file_ro, O_WRONLY | O_CREAT, 0600);
	assert_true(fd >= 0);
	close(fd);
	rc = in_child(child_paths);
	(void)unlink(file_ro);
	(void)unlink(file_rw);
	(void)unlink(file_new);
	(void)rmdir(dir_ro);
	(void)rmdir(dir_rw);
	if (rc == NOT_HERE)
		print_message("Landlock: not in this kernel\n");
	assert_true(rc == 0 || rc == NOT_HERE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_start),
		cmocka_unit_test(test_syscalls),
		cmocka_unit_test(test_paths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
