/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/mem.h"

#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static unsigned long calls, fail_call;

static int
failing(void)
{
	calls++;
	return fail_call != 0 && calls == fail_call;
}

void *
mem_alloc(size_t n)
{
	return failing() ? NULL : malloc(n ? n : 1);
}

void *
mem_zalloc(size_t n)
{
	return failing() ? NULL : calloc(1, n ? n : 1);
}

void *
mem_calloc(size_t n, size_t each)
{
	size_t all;

	if (__builtin_mul_overflow(n, each, &all))
		return NULL;
	return mem_zalloc(all);
}

void *
mem_realloc(void *p, size_t n)
{
	return failing() ? NULL : realloc(p, n ? n : 1);
}

char *
mem_dup(const void *p, size_t n)
{
	char *r;

	if (n == SIZE_MAX)
		return NULL;
	r = mem_alloc(n + 1);
	if (r == NULL)
		return NULL;
	if (n > 0)
		memcpy(r, p, n);
	r[n] = '\0';
	return r;
}

void
mem_free(void *p)
{
	free(p);
}

void
mem_wipe(void *p, size_t n)
{
	if (p != NULL)
		explicit_bzero(p, n);
}

void
mem_wipe_free(void *p, size_t n)
{
	mem_wipe(p, n);
	free(p);
}

void
mem_wipe_free_all(void *p)
{
	if (p != NULL)
		explicit_bzero(p, malloc_usable_size(p));
	free(p);
}

int
mem_equal_ct(const void *a, const void *b, size_t n)
{
	const volatile unsigned char *x = a, *y = b;
	unsigned char d = 0;
	size_t i;

	for (i = 0; i < n; i++)
		d |= (unsigned char)(x[i] ^ y[i]);
	return d == 0;
}

unsigned long
mem_fail_at(unsigned long n)
{
	unsigned long seen = calls;

	calls = 0;
	fail_call = n;
	return seen;
}
