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

/* Who the receivers of a list are, asked about many at a time: each question is a row of
 * the audit log. */
struct names_told {
	struct session *s;
	const char *bulletin; /* whose list it is: its id or number */
	json_t *of;	/* the hub's answer by receiver; whom it may not tell is absent */
	struct buf ids; /* of those not asked about yet */
	unsigned n;
};
void names_begin(struct names_told *t, struct session *s, const char *bulletin);
/* One more, the first 32 characters of `receiver`; NULL is nobody. */
void names_want(struct names_told *t, const char *receiver);
/* Asks about the rest.  Where the hub does not answer, nobody is known: an id is shown.
 */
void names_ask(struct names_told *t);
void names_end(struct names_told *t);

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
