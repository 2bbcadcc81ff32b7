/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_RFC9474_CASES_H
#define TESTS_UNIT_RFC9474_CASES_H

#include <stdio.h>
#include <string.h>

#include "lib/buf.h"

/* Reads tests/data/rfc9474.txt; its format stands at its head. */
enum { VECTOR_CASES = 5, VECTOR_FIELDS = 12, VECTOR_BYTES = 512 };

struct vector_field {
	char name[16];
	unsigned char p[VECTOR_BYTES];
	size_t n;
};

struct vector {
	char name[40];
	struct vector_field fields[VECTOR_FIELDS];
	size_t count;
};

/* The field, or NULL when the RFC does not say it. */
static inline const struct vector_field *
vector_field(const struct vector *v, const char *name)
{
	size_t i;

	for (i = 0; i < v->count; i++)
		if (strcmp(v->fields[i].name, name) == 0)
			return &v->fields[i];
	return NULL;
}

static inline void
vector_add(struct vector *v, const char *name, const char *hex)
{
	struct vector_field *f =
	    v->count > 0 && strcmp(v->fields[v->count - 1].name, name) == 0
		? &v->fields[v->count - 1]
		: NULL;
	struct slice s = { hex, strcspn(hex, "\n") };
	long n;

	if (f == NULL) {
		assert_true(v->count < VECTOR_FIELDS);
		f = &v->fields[v->count++];
		(void)snprintf(f->name, sizeof f->name, "%.15s", name);
	}
	n = s.n > 0 ? hex_decode(s, f->p + f->n, sizeof f->p - f->n) : 0;
	assert_true(n >= 0);
	f->n += (size_t)n;
}

/* The key first, then the four cases. */
static inline void
vectors_load(struct vector cases[VECTOR_CASES])
{
	FILE *f = fopen("tests/data/rfc9474.txt", "re");
	char line[256], *colon, *value;
	size_t n = 0;

	assert_non_null(f);
	memset(cases, 0, VECTOR_CASES * sizeof cases[0]);
	while (fgets(line, sizeof line, f) != NULL) {
		if (line[0] == '#' || line[0] == '\n')
			continue;
		colon = strchr(line, ':');
		assert_non_null(colon);
		*colon = '\0';
		value = colon + 1 + (colon[1] == ' ');
		if (strcmp(line, "case") == 0) {
			assert_true(n < VECTOR_CASES);
			(void)snprintf(cases[n].name, sizeof cases[n].name, "%.*s",
			    (int)strcspn(value, "\n"), value);
			n++;
		} else {
			assert_true(n > 0);
			vector_add(&cases[n - 1], line, value);
		}
	}
	(void)fclose(f);
	assert_int_equal(n, VECTOR_CASES);
}

#endif
