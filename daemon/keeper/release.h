/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_RELEASE_H
#define KEEPER_RELEASE_H

#include "daemon/keeper/audience.h"

/*
 * A draft becomes a bulletin, or the next revision of one: rows of the log, the newest
 * state, the cases that it was made of, and who released it.
 */
struct release_by {
	const uint8_t *person, *second; /* second NULL: nobody had to agree */
};
/* d and its state are written too; *ret is the bulletin. */
int release_write(struct keeper *k, struct store_draft *d, const json_t *content,
    const struct draft_facts *f, const struct release_by *by, int64_t minute,
    struct audience *a, struct store_bulletin *ret) MUST_CHECK;

/* release_cases.c: one of its cases, after the row was written: what else the case had
 * led to gives way or stays, its reporter is told, and the gate remembers. */
int release_settle(struct keeper *k, const struct store_draft *d,
    struct audience_case *one, const struct audience *a, const struct store_bulletin *b,
    int64_t minute) MUST_CHECK;

/*
 * The whole of a release: weighed again, refused with the reason, or written.  `rights`
 * NULL: a second person has agreed, or it was done alone.  P_SECOND_PERSON through
 * desk_fail when one is needed.
 */
int release_draft(struct keeper *k, struct desk_call *c, struct store_draft *d,
    const struct rights *rights, const struct release_by *by,
    struct store_bulletin *ret) MUST_CHECK;
/* {"state":"released","bulletin":{..}} without its closing brace. */
void release_answer(const struct store_bulletin *b, struct buf *out);

/* What a person says with a release or recall: {"alone","reason"}. */
struct release_words {
	int alone;
	json_t *reason; /* a text, or NULL; released by release_words_done */
	char text[SECOND_TEXT_MAX + 1]; /* the same as JSON, "" without */
};
int release_words(
    struct desk_call *c, const json_t *in, struct release_words *ret) MUST_CHECK;
void release_words_done(struct release_words *w);

/* POST /v1/drafts/{id}/release, POST /v1/bulletins/{id}/update. */
int release_post(struct keeper *k, struct desk_call *c) MUST_CHECK;
int release_update(struct keeper *k, struct desk_call *c) MUST_CHECK;

#endif
