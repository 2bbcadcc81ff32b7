/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CEPTOAR_DESK_H
#define CEPTOAR_DESK_H

#include "cli/ceptoar/cmd.h"

enum { DESK_ID = 32, DESK_PATH = 256 };

/* One call of a desk: what it says on success, as a new reference (NULL when it is no
 * JSON).  POST goes under a fresh Idempotency-Key until the hub says what became of it.
 * Prints what is wrong; an exit status. */
int desk_call(struct session *s, const char *method, const char *path, const json_t *body,
    json_t **ret) MUST_CHECK;
/* Prints the answer, as JSON or as a list, and releases it. */
int desk_print(struct session *s, json_t *j) MUST_CHECK;
/* "/v1/<what>/<ref><end>"; says so when ref cannot be one. */
int desk_path(
    char path[DESK_PATH], const char *what, const char *ref, const char *end) MUST_CHECK;

/* Members that content.audience.members names, for the hub that knows receivers only:
 * they join audience.receivers.  Prints what is wrong; an exit status. */
int names_fill(struct session *s, json_t *content) MUST_CHECK;

/* Options of what needs two persons, and of drafts. */
struct desk_options {
	long revision; /* 0: not given */
	int alone;
	const char *reason, *draft, *out;
};
/* 0, or EXIT_USAGE; the words that are left begin at optind. */
int desk_options(int argc, char **argv, struct desk_options *ret) MUST_CHECK;
/* {"revision","alone","reason"} of them, as a new reference; NULL without memory. */
json_t *desk_words(const struct desk_options *o);

#endif
