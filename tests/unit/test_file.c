/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char dir[64], path[128];

static mode_t
mode_of(const char *p)
{
	struct stat st;

	assert_int_equal(stat(p, &st), 0);
	return st.st_mode & 07777;
}

static void
test_write_and_read(void **state)
{
	struct buf b;

	(void)state;
	assert_int_equal(file_write(path, 0600, "old text", 8), 0);
	assert_int_equal(mode_of(path), 0600);
	assert_int_equal(file_write(path, 0644, "new\0", 4), 0);
	assert_int_equal(mode_of(path), 0644);
	buf_init(&b, 100);
	buf_adds(&b, "+");
	assert_int_equal(file_read(path, &b), 0);
	assert_int_equal(b.n, 5);
	assert_memory_equal(b.p, "+new\0", 5);
	buf_done(&b);
}

/* A write that fails leaves the old bytes, and nothing beside them. */
static void
test_write_fails(void **state)
{
	char gone[160];
	struct buf b;

	(void)state;
	(void)snprintf(gone, sizeof gone, "%s/no/such/folder", dir);
	assert_int_equal(file_write(gone, 0600, "x", 1), ERR_IO);
	assert_int_equal(file_write(path, 0600, "kept", 4), 0);
	(void)snprintf(gone, sizeof gone, "%s.%ld.tmp", path, (long)getpid());
	assert_int_equal(mkdir(gone, 0700), 0); /* in the way of the new file */
	assert_int_equal(file_write(path, 0600, "new", 3), ERR_IO);
	assert_int_equal(rmdir(gone), 0);
	buf_init(&b, 100);
	assert_int_equal(file_read(path, &b), 0);
	assert_memory_equal(b.p, "kept", 4);
	buf_done(&b);
}

static void
test_read_refused(void **state)
{
	struct buf b;

	(void)state;
	assert_int_equal(file_write(path, 0600, "0123456789", 10), 0);
	buf_init(&b, 9);
	assert_int_equal(file_read(path, &b), ERR_LIMIT);
	assert_int_equal(b.n, 0);
	buf_done(&b);
	buf_init(&b, 10);
	assert_int_equal(file_read(path, &b), 0);
	assert_int_equal(file_read("/nonexistent", &b), ERR_NOTFOUND);
	assert_int_equal(b.n, 10);
	assert_int_equal(file_read("/", &b), ERR_IO);
	buf_done(&b);
}

static void
test_mkdir(void **state)
{
	char sub[128];

	(void)state;
	(void)snprintf(sub, sizeof sub, "%s/sub", dir);
	(void)umask(0);
	assert_int_equal(file_mkdir(sub, 0700), 0);
	assert_int_equal(mode_of(sub), 0700);
	assert_int_equal(file_mkdir(sub, 0700), 0);
	assert_int_equal(rmdir(sub), 0);
	assert_int_equal(file_write(sub, 0600, "", 0), 0);
	assert_int_equal(file_mkdir(sub, 0700), ERR_IO); /* a file of that name */
	assert_int_equal(unlink(sub), 0);
}

static void
test_find(void **state)
{
	char found[256], small[4];

	(void)state;
	assert_int_equal(setenv("PATH", "relative:/usr/bin:/bin", 1), 0);
	assert_int_equal(file_find_program("env", found, sizeof found), 0);
	assert_int_equal(found[0], '/');
	assert_int_equal(file_find_program("env", small, sizeof small), ERR_NOTFOUND);
	assert_int_equal(
	    file_find_program("no-such-program", found, sizeof found), ERR_NOTFOUND);
	assert_int_equal(setenv("PATH", "", 1), 0);
	assert_int_equal(file_find_program("env", found, sizeof found), ERR_NOTFOUND);
	/* Beside this very program. */
	assert_int_equal(file_find_program("test_file", found, sizeof found), 0);
	assert_int_equal(
	    file_find_data("no-such-file.json", found, sizeof found), ERR_NOTFOUND);
}

static int
setup(void **state)
{
	(void)state;
	(void)snprintf(dir, sizeof dir, "/tmp/test_file.XXXXXX");
	if (mkdtemp(dir) == NULL)
		return -1;
	(void)snprintf(path, sizeof path, "%s/file", dir);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	(void)unlink(path);
	return rmdir(dir); /* fails when something was left behind */
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_write_and_read),
		cmocka_unit_test(test_write_fails),
		cmocka_unit_test(test_read_refused),
		cmocka_unit_test(test_mkdir),
		cmocka_unit_test(test_find),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
