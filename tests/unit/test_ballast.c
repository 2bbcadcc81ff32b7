/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/ballast.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/loop.h"

/* On a disk that says at once when so much cannot be had. */
static char dir[] = "/dev/shm/ballast-XXXXXX", db[64], path[64];
static struct loop *loop;
enum { MORE_THAN_ANY = 1 << 24 }; /* MiB */

static int
setup(void **state)
{
	(void)state;
	loop = loop_new();
	if (loop == NULL || mkdtemp(dir) == NULL)
		return -1;
	(void)snprintf(db, sizeof db, "%s/x.db", dir);
	(void)snprintf(path, sizeof path, "%s/x.db.ballast", dir);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	(void)unlink(path);
	(void)unlink(db);
	loop_free(loop);
	return rmdir(dir);
}

static long long
blocks(void)
{
	struct stat st;

	return stat(path, &st) == 0 ? (long long)st.st_blocks : -1;
}

static void
test_given_up_and_made_again(void **state)
{
	struct ballast *b = ballast_new(loop, db, 1);
	FILE *f = fopen(db, "w");

	(void)state;
	assert_non_null(b);
	assert_non_null(f);
	(void)fclose(f);
	assert_true(blocks() >= 2048);
	assert_int_equal(ballast_is_spent(b), 0);
	assert_int_equal(ballast_spend(b), 1);
	assert_int_equal(blocks(), -1);
	assert_int_equal(ballast_is_spent(b), 1);
	assert_int_equal(ballast_spend(b), 0);
	ballast_refill(b);
	assert_true(blocks() >= 2048);
	assert_int_equal(ballast_is_spent(b), 0);
	/* The next start finds it. */
	ballast_free(b);
	b = ballast_new(loop, db, 1);
	assert_int_equal(ballast_is_spent(b), 0);
	assert_int_equal(ballast_spend(b), 1);
	ballast_free(b);
}

/* Started while the disk is full: what room there is stays for what is critical. */
static void
test_no_room_at_start(void **state)
{
	struct ballast *b = ballast_new(loop, db, MORE_THAN_ANY);

	(void)state;
	assert_non_null(b);
	assert_int_equal(blocks(), -1);
	assert_int_equal(ballast_is_spent(b), 1);
	assert_int_equal(ballast_spend(b), 0);
	ballast_refill(b);
	assert_int_equal(ballast_is_spent(b), 1);
	ballast_free(b);
}

static void
test_none_wanted(void **state)
{
	struct ballast *b = ballast_new(loop, db, 0);

	(void)state;
	assert_non_null(b);
	assert_int_equal(blocks(), -1);
	assert_int_equal(ballast_spend(b), 0);
	ballast_refill(b);
	assert_int_equal(ballast_is_spent(b), 0);
	assert_int_equal(blocks(), -1);
	ballast_free(b);
	assert_int_equal(ballast_is_spent(NULL) + ballast_spend(NULL), 0);
}

/* Something else of that name is not touched, and is no room that could be given. */
static void
test_no_file(void **state)
{
	struct ballast *b;

	(void)state;
	assert_int_equal(symlink("/dev/null", path), 0);
	b = ballast_new(loop, db, 1);
	assert_non_null(b);
	assert_int_equal(ballast_is_spent(b), 0);
	assert_int_equal(ballast_spend(b), 0);
	ballast_free(b);
	assert_int_equal(access(path, F_OK), 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_given_up_and_made_again),
		cmocka_unit_test(test_no_room_at_start),
		cmocka_unit_test(test_none_wanted),
		cmocka_unit_test(test_no_file),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
