/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static void
test_wall(void **state)
{
	int64_t before = (int64_t)time(NULL) * 1000, got = clock_wall_ms(), minute;

	(void)state;
	assert_true(got >= before);
	assert_true(got <= (int64_t)time(NULL) * 1000 + 1000);
	minute = clock_wall_minute();
	assert_true(minute * 60000 <= clock_wall_ms());
	assert_true((minute + 1) * 60000 > got);
}

static void
test_mono(void **state)
{
	int64_t ms = clock_mono_ms(), us = clock_mono_us(), next;
	int i;

	(void)state;
	for (i = 0; i < 10000; i++) {
		next = clock_mono_us();
		assert_true(next >= us);
		us = next;
	}
	assert_true(us / 1000 - ms >= 0 && us / 1000 - ms < 5000);
	(void)usleep(20000);
	assert_true(clock_mono_ms() - ms >= 20);
	assert_true(clock_mono_us() - us >= 20000);
}

/* Only a test build knows the variable: in any other it must change nothing. */
static void
test_offset(void **state)
{
	char path[] = "/tmp/ceptoar-clock.XXXXXX";
	int fd = mkstemp(path);
	int64_t wall = clock_wall_ms(), timer = clock_timer_ms(), mono = clock_mono_ms();
	int64_t moved = 0;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "86400\n", 6), 6);
	(void)close(fd);
	assert_int_equal(setenv("CEPTOAR_TEST_CLOCK", path, 1), 0);
#ifdef TEST_CLOCK
	moved = 86400000;
#endif
	assert_in_range(clock_wall_ms() - wall - moved + 10, 10, 5000);
	assert_in_range(clock_timer_ms() - timer - moved + 10, 10, 5000);
	assert_in_range(clock_mono_ms() - mono + 10, 10, 5000); /* never shifted */
	(void)unlink(path);
	(void)unsetenv("CEPTOAR_TEST_CLOCK");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_wall),
		cmocka_unit_test(test_mono),
		cmocka_unit_test(test_offset),
	};

	return cmocka_run_group_tests_name("clock", tests, NULL, NULL);
}
