/* SPDX-License-Identifier: Apache-2.0 */
/* Files of the tree as JSON, and scrubbers of the members of a members file. */
#ifndef TESTS_UNIT_SCRUB_MEMBERS_H
#define TESTS_UNIT_SCRUB_MEMBERS_H

#include "tests/unit/scrub_cases.h"

#include "proto/members.h"
#include "tests/unit/tree.h"

static struct taxonomy *taxonomy;

static inline const char *
text_of(const json_t *j, const char *key)
{
	const char *s = json_string_value(json_object_get(j, key));

	return s == NULL ? "" : s;
}

/* A members file as the hub reads it. */
static inline json_t *
members_of(struct slice text)
{
	struct fault why = { 0 };
	json_t *checked = NULL;
	int r;

	r = members_read(text, taxonomy, &checked, &why);
	if (r != 0)
		print_error("%s %s\n", why.pointer, why.detail == NULL ? "" : why.detail);
	assert_int_equal(r, 0);
	return checked;
}

/* The scrubber of one member of a members file. */
static inline struct scrubber *
scrubber_of(const json_t *members, size_t i)
{
	struct scrubber *s = scrubber_new();
	struct member_terms terms;
	struct vault_member m;
	struct slice text;
	size_t k;

	assert_non_null(s);
	assert_int_equal(members_get(members, i, taxonomy, &m, &terms), 0);
	for (k = 0; k < terms.n; k++) {
		text.p = terms.v[k].text;
		text.n = terms.v[k].n;
		assert_int_equal(scrubber_add(s, terms.v[k].kind, text), 0);
	}
	assert_int_equal(scrubber_ready(s), 0);
	mem_free(terms.v);
	return s;
}

/* A members file made of one member, which is taken over. */
static inline struct scrubber *
scrubber_alone(json_t *member)
{
	struct scrubber *s;
	json_t *file = json_pack("{s:[o]}", "members", member), *checked;
	char *text = json_dumps(file, 0);

	assert_non_null(text);
	checked = members_of(slice_of(text));
	s = scrubber_of(checked, 0);
	json_decref(checked);
	json_decref(file);
	free(text);
	return s;
}

#endif
