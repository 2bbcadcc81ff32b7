/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_JSON_H
#define PROTO_JSON_H

#include <jansson.h>

#include "lib/buf.h"
#include "proto/problem.h"

/* What is wrong with an input, and where.  `pointer` is a JSON Pointer (RFC 6901). */
struct fault {
	enum problem problem;
	char pointer[160];
	const char *detail; /* a literal that says what was expected; may be NULL */
};

struct json_caps {
	size_t bytes, depth, nodes, string; /* string: bytes of one string */
};
extern const struct json_caps json_caps_report; /* 256 KiB, 16, 8000, 64 KiB */

/*
 * Parses one JSON text (RFC 8259) with jansson: duplicate keys, bad UTF-8, lone
 * surrogates, U+0000, out-of-range numbers, trailing data and a BOM are refused; depth is
 * checked before jansson recurses.  0 and a new reference in *ret, or ERR_INVALID with
 * `why` filled (json_syntax, json_depth, json_duplicate, json_encoding, json_number,
 * too_large), or ERR_NOMEM.
 */
int json_read(struct slice text, const struct json_caps *caps, json_t **ret,
    struct fault *why) MUST_CHECK;
/* RFC 8785 canonical bytes: keys sorted by UTF-16 units, no spaces, shortest escapes;
 * integers only (a real number is a bug of ours and gives ERR_INVALID). */
int json_canonical(const json_t *j, struct buf *out) MUST_CHECK;
/* Appends a JSON string literal, quotes included. */
void json_add_string(struct buf *out, struct slice utf8);

/*
 * Building a fault.  A place is a chain of steps on the stack, from the leaf up, so that
 * a text without fault pays nothing for its pointers; the pointer is written (RFC 6901,
 * cut at a character when too long) when something is wrong.
 */
struct json_at {
	const struct json_at *up; /* NULL: the whole text */
	const char *key;	  /* NULL: `index` of an array */
	size_t index;
};
/* Fills `why` and returns ERR_INVALID.  `detail` is a literal or NULL. */
int fault_set(
    struct fault *why, enum problem p, const struct json_at *at, const char *detail);

#endif
