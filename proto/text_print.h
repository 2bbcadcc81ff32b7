/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_TEXT_PRINT_H
#define PROTO_TEXT_PRINT_H

#include <stdint.h>

#include "proto/json.h"
#include "proto/topic.h"

/*
 * By which a desk's copies of one text are known: ids that two reports share when they
 * say the same.  Made of the scrubbed report alone, as topics are; exercises have ids of
 * their own.
 */
enum { PRINT_LEN = 16 };

/*
 * Title and description in both languages: folded (width, case, hyphens, kana), each run
 * of digits as one, each run of blanks and line ends as one and none at the ends.  So the
 * same mail with another ticket number, time or line length is the same text.  0,
 * ERR_INVALID (not UTF-8), ERR_LIMIT, ERR_NOMEM, ERR_CRYPTO.
 */
int text_print(const json_t *report, uint8_t ret[PRINT_LEN]) MUST_CHECK;
/* The set of all its topics.  1; 0 when it has no strong one: a product with a class of
 * event makes no two reports copies. */
int text_print_topics(
    const struct topics *t, int exercise, uint8_t ret[PRINT_LEN]) MUST_CHECK;
/* One word of a kind ("class", "product"): what reports are counted together by. */
int text_print_word(
    const char *kind, struct slice word, int exercise, uint8_t ret[PRINT_LEN]) MUST_CHECK;

#endif
