/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static int64_t
read_clock(clockid_t id, int64_t per_second)
{
	struct timespec t;

	(void)clock_gettime(id, &t);
	return (int64_t)t.tv_sec * per_second + t.tv_nsec / (1000000000 / per_second);
}

static int64_t
offset_ms(int of_wall)
{
#ifdef TEST_CLOCK
	const char *path = getenv("CEPTOAR_TEST_CLOCK");
	long long s = 0, wrong = 0;
	FILE *f;

	if (path == NULL)
		return 0;
	f = fopen(path, "re");
	if (f == NULL)
		return 0;
	if (fscanf(f, "%lld %lld", &s, &wrong) < 1)
		s = 0;
	(void)fclose(f);
	return (int64_t)(s + (of_wall ? wrong : 0)) * 1000;
#else
	(void)of_wall;
	return 0;
#endif
}

int64_t
clock_wall_ms(void)
{
	return read_clock(CLOCK_REALTIME, 1000) + offset_ms(1);
}

int64_t
clock_wall_minute(void)
{
	return clock_wall_ms() / 60000;
}

int64_t
clock_mono_ms(void)
{
	return read_clock(CLOCK_MONOTONIC, 1000);
}

int64_t
clock_mono_us(void)
{
	return read_clock(CLOCK_MONOTONIC, 1000000);
}

int64_t
clock_timer_ms(void)
{
	return clock_mono_ms() + offset_ms(0);
}

int64_t
clock_boot_ms(void)
{
	return read_clock(CLOCK_BOOTTIME, 1000) + offset_ms(0);
}
