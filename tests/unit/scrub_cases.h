/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of the scrubber share: one invented sender, and a look at one text. */
#ifndef TESTS_UNIT_SCRUB_CASES_H
#define TESTS_UNIT_SCRUB_CASES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/mem.h"
#include "proto/scrub.h"

struct scrub_entry {
	enum term_kind kind;
	const char *text;
};

static inline struct scrubber *
scrub_make(const struct scrub_entry *v, size_t n)
{
	struct scrubber *s = scrubber_new();
	size_t i;

	assert_non_null(s);
	for (i = 0; i < n; i++)
		assert_int_equal(scrubber_add(s, v[i].kind, slice_of(v[i].text)), 0);
	assert_int_equal(scrubber_ready(s), 0);
	return s;
}

/* {"type","value"} of each pair of words, as the report has them. */
static inline json_t *
scrub_indicators(const char *const *pairs)
{
	json_t *list = json_array();

	for (; pairs != NULL && pairs[0] != NULL; pairs += 2)
		assert_int_equal(
		    json_array_append_new(list,
			json_pack("{s:s,s:s}", "type", pairs[0], "value", pairs[1])),
		    0);
	return list;
}

/* One text in, one text out; said in full when it is another.  What came out must be
 * final and reveal nothing. */
static inline int
scrub_case(
    const struct scrubber *s, const char *in, const char *want, const json_t *indicators)
{
	struct buf out, again;
	int bad = 0;

	buf_init(&out, 1 << 20);
	buf_init(&again, 1 << 20);
	assert_int_equal(scrub_text(s, slice_of(in), indicators, &out), 0);
	if (strcmp(buf_cstr(&out), want) != 0) {
		print_error("in    %s\nwant  %s\ngot   %s\n", in, want, buf_cstr(&out));
		bad = 1;
	}
	assert_int_equal(scrub_text(s, buf_slice(&out), indicators, &again), 0);
	if (strcmp(buf_cstr(&out), buf_cstr(&again)) != 0) {
		print_error("in    %s\nonce  %s\ntwice %s\n", in, buf_cstr(&out),
		    buf_cstr(&again));
		bad = 1;
	}
	if (scrub_text_reveals(buf_slice(&out), indicators)) {
		print_error("in    %s\nout   %s still reveals\n", in, buf_cstr(&out));
		bad = 1;
	}
	buf_done(&out);
	buf_done(&again);
	return bad;
}

#endif
