/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_SCRUB_KEEP_H
#define PROTO_SCRUB_KEEP_H

#include <jansson.h>

#include "proto/scrub_mask.h"

/* What stands in `indicators` (or references and products) and is not masked in texts. */
struct scrub_keep;
int scrub_keep_new(const json_t *indicators, struct scrub_keep **ret) MUST_CHECK;
int scrub_keep_add(
    struct scrub_keep *k, const json_t *list) MUST_CHECK; /* plain strings */
int scrub_keep_ready(struct scrub_keep *k) MUST_CHECK;
void scrub_keep_free(struct scrub_keep *k);
/* The ranges of a text to leave alone, sorted and apart; those that are one plain word
 * have a rule. */
int scrub_keep_find(const struct scrub_keep *k, const struct scrub_view *w,
    struct scrub_hits *h) MUST_CHECK;

#endif
