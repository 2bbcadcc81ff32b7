/* SPDX-License-Identifier: Apache-2.0 */
/* Files of the tree as JSON, and scrubbers of the members of a members file. */
#ifndef TESTS_UNIT_SCRUB_MEMBERS_H
#define TESTS_UNIT_SCRUB_MEMBERS_H

#include "tests/unit/scrub_cases.h"

#include "proto/members.h"

static struct taxonomy *taxonomy;

static inline void
read_file(const char *path, struct buf *b)
{
	char piece[4096];
	size_t n;
	FILE *f;

	f = fopen(path, "rb");
	if (f == NULL)
		print_error("%s: cannot be opened\n", path);
	assert_non_null(f);
	buf_init(b, 8 << 20);
	while ((n = fread(piece, 1, sizeof piece, f)) > 0)
		buf_add(b, piece, n);
	fclose(f);
	assert_int_equal(buf_err(b), 0);
}

static inline json_t *
load(const char *path)
{
	json_error_t e;
	struct buf b;
	json_t *j;

	read_file(path, &b);
	j = json_loadb(b.p, b.n, JSON_REJECT_DUPLICATES, &e);
	if (j == NULL)
		print_error("%s: %s, line %d\n", path, e.text, e.line);
	assert_non_null(j);
	buf_done(&b);
	return j;
}

static inline const char *
text_of(const json_t *j, const char *key)
{
	const char *s = json_string_value(json_object_get(j, key));

	return s == NULL ? "" : s;
}

static inline void
load_taxonomy(void)
{
	struct buf a, b;

	read_file("conf/ceptoars.json", &a);
	read_file("conf/taxonomy.json", &b);
	assert_int_equal(taxonomy_new(&taxonomy, buf_slice(&a), buf_slice(&b), NULL), 0);
	buf_done(&a);
	buf_done(&b);
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
