/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/duty_span.h"

#include <stdlib.h>
#include <string.h>

#include "lib/mem.h"

enum { PERSONS_MOST = 64 };

/* Somebody comes, or goes. */
struct turn {
	int64_t minute;
	unsigned person;
	int by; /* 1 or -1 */
};

void
duty_spans_free(struct duty_spans *s)
{
	mem_free(s->v);
	memset(s, 0, sizeof *s);
}

int
duty_spans_add(struct duty_spans *s, const struct duty_span *one)
{
	size_t room = s->room * 2 + 16;
	struct duty_span *v;

	if (s->n == s->room) {
		v = mem_realloc(s->v, room * sizeof *v);
		if (v == NULL)
			return ERR_NOMEM;
		s->v = v;
		s->room = room;
	}
	s->v[s->n++] = *one;
	return 0;
}

static int
by_minute(const void *a, const void *b)
{
	const struct turn *x = a, *y = b;

	return x->minute < y->minute ? -1 : x->minute > y->minute;
}

/* Numbers persons in the order in which they are met; PERSONS_MOST: too many. */
static unsigned
number_of(const char *person, const char **known, unsigned *count)
{
	unsigned i;

	for (i = 0; i < *count; i++)
		if (strcmp(known[i], person) == 0)
			return i;
	if (i < PERSONS_MOST)
		known[(*count)++] = person;
	return i;
}

static int
read_turns(const struct vault_shift *shifts, size_t n, struct turn *ret)
{
	const char *known[PERSONS_MOST];
	unsigned count = 0, person;
	size_t i;

	for (i = 0; i < n; i++) {
		person = number_of(shifts[i].person, known, &count);
		if (person == PERSONS_MOST)
			return ERR_LIMIT;
		ret[2 * i] = (struct turn){ shifts[i].from, person, 1 };
		ret[2 * i + 1] = (struct turn){ shifts[i].to, person, -1 };
	}
	if (n > 0)
		qsort(ret, 2 * n, sizeof *ret, by_minute);
	return 0;
}

static int
walk(struct duty_spans *s, const struct turn *v, size_t n)
{
	unsigned shifts[PERSONS_MOST] = { 0 }, there = 0;
	struct duty_span one = { 0 };
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < n; i++) {
		if (i > 0 && v[i].minute > v[i - 1].minute) {
			one = (struct duty_span){ v[i - 1].minute, v[i].minute,
				(uint8_t)there };
			rc = duty_spans_add(s, &one);
		}
		if (v[i].by > 0)
			there += shifts[v[i].person]++ == 0;
		else
			there -= --shifts[v[i].person] == 0;
	}
	return rc;
}

int
duty_spans_make(struct duty_spans *s, const struct vault_shift *shifts, size_t n)
{
	struct turn *v;
	int rc;

	if (n == 0)
		return 0;
	v = mem_calloc(2 * n, sizeof *v);
	if (v == NULL)
		return ERR_NOMEM;
	rc = read_turns(shifts, n, v);
	if (rc == 0)
		rc = walk(s, v, 2 * n);
	mem_free(v);
	return rc;
}

int
duty_spans_at(const struct duty_spans *s, int64_t minute)
{
	int persons = -1;
	size_t i;

	for (i = 0; i < s->n; i++)
		if (s->v[i].from <= minute && minute < s->v[i].to)
			persons = (persons < 0 ? 0 : persons) + s->v[i].persons;
	return persons;
}

int64_t
duty_spans_change(const struct duty_spans *s, int64_t minute)
{
	int64_t first = INT64_MAX;
	size_t i;

	for (i = 0; i < s->n; i++) {
		if (s->v[i].from > minute && s->v[i].from < first)
			first = s->v[i].from;
		if (s->v[i].to > minute && s->v[i].to < first)
			first = s->v[i].to;
	}
	return first;
}
