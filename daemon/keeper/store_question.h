/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_STORE_QUESTION_H
#define KEEPER_STORE_QUESTION_H

#include "daemon/keeper/store.h"

/* Questions of readers, and the desks' answers; as store.h, of which this is a part. */
struct store_question {
	uint8_t id[ID_LEN], bulletin[ID_LEN];
	uint8_t has_commitment, commitment[32];
	int64_t minute, answered; /* answered 0: not yet */
	uint8_t to_all;
};

int store_question_add(
    struct store *s, const struct store_question *q, struct slice body) MUST_CHECK;
/* Texts are appended to body and answer (NULL: not wanted). */
int store_question_get(struct store *s, const uint8_t *id, struct store_question *ret,
    struct buf *body, struct buf *answer) MUST_CHECK;
int store_question_answer(struct store *s, const uint8_t *id, struct slice answer,
    int64_t minute, int to_all) MUST_CHECK;
int store_question_count(
    struct store *s, const uint8_t *bulletin, unsigned *ret) MUST_CHECK;
/* The newest before (minute, id), one at a time; ERR_NOTFOUND. */
int store_question_before(struct store *s, int64_t minute, const uint8_t *id,
    struct store_question *ret) MUST_CHECK;
/* Of a bulletin those that are answered to all, the oldest first. */
int store_question_each(struct store *s, const uint8_t *bulletin,
    int (*fn)(void *arg, const struct store_question *q, struct slice body,
	struct slice answer),
    void *arg) MUST_CHECK;

#endif
