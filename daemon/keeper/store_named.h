/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_STORE_NAMED_H
#define KEEPER_STORE_NAMED_H

#include "daemon/keeper/store_case.h"

/* Reports that name a reader: they are for him whatever his desk is.  By receiver id,
 * which is his, never the sender's. */
int store_named_add(struct store *s, const uint8_t *receiver, int64_t minute,
    const uint8_t *report) MUST_CHECK;
/* Puts them in their places among the *n that store_inbox_list has found, marked. */
int store_named_merge(struct store *s, const uint8_t *receiver, struct store_item *out,
    size_t cap, size_t *n) MUST_CHECK;

#endif
