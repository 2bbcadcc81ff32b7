/* SPDX-License-Identifier: Apache-2.0 */
#include "wireload.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { SUB_BUCKETS = 64, POWERS = 40 };

/* Log-linear: 64 sub-buckets a power of two, in microseconds. */
static unsigned long buckets[SUB_BUCKETS * POWERS], seen;
static uint64_t longest;

uint64_t
now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

void
hist_add(uint64_t ns)
{
	uint64_t us = ns / 1000;
	unsigned e = 0;

	if (ns > longest)
		longest = ns;
	while ((us >> e) >= SUB_BUCKETS && e < POWERS - 2)
		e++;
	buckets[e * SUB_BUCKETS + ((us >> e) & (SUB_BUCKETS - 1))]++;
	seen++;
}

double
hist_ms(double share)
{
	unsigned long want = (unsigned long)((double)seen * share), sum = 0;
	unsigned i;

	for (i = 0; i < SUB_BUCKETS * POWERS; i++) {
		sum += buckets[i];
		if (sum > want)
			return (double)((uint64_t)(i % SUB_BUCKETS)
					<< (i / SUB_BUCKETS)) /
			       1000.0;
	}
	return hist_max_ms();
}

double
hist_max_ms(void)
{
	return (double)longest / 1e6;
}

static FILE *
proc_open(const char *pid, const char *what)
{
	char path[64];

	snprintf(path, sizeof path, "/proc/%ld/%s", strtol(pid, NULL, 10), what);
	return fopen(path, "r");
}

long
server_rss_kb(void)
{
	long sum = 0, v;
	char line[256];
	FILE *f;
	int i;

	for (i = 0; i < wl.o.pid_count; i++) {
		f = proc_open(wl.o.server_pids[i], "status");
		if (f == NULL)
			continue;
		while (fgets(line, sizeof line, f) != NULL)
			if (sscanf(line, "VmRSS: %ld", &v) == 1)
				sum += v;
		fclose(f);
	}
	return sum;
}

double
server_cpu_s(void)
{
	unsigned long user, kernel;
	double sum = 0;
	char text[1024], *p;
	size_t n;
	FILE *f;
	int i;

	for (i = 0; i < wl.o.pid_count; i++) {
		f = proc_open(wl.o.server_pids[i], "stat");
		if (f == NULL)
			continue;
		n = fread(text, 1, sizeof text - 1, f);
		fclose(f);
		text[n] = '\0';
		/* Fields 14 and 15, counted from behind the name in parentheses. */
		p = strrchr(text, ')');
		if (p != NULL &&
		    sscanf(p + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu",
			&user, &kernel) == 2)
			sum += (double)(user + kernel) / (double)sysconf(_SC_CLK_TCK);
	}
	return sum;
}
