/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_STORE_TOKEN_H
#define KEEPER_STORE_TOKEN_H

#include "daemon/keeper/store.h"

/* The part of the store that blind tokens need; rules and results as in store.h. */

/* A token is used once: ERR_EXISTS for the second time. */
int store_spent_add(struct store *s, const uint8_t *id, uint32_t epoch) MUST_CHECK;
/* Spent tokens of the epochs before this one. */
int store_prune_spent(
    struct store *s, uint32_t before, unsigned most, unsigned *ret_n) MUST_CHECK;
/* The council's statement of issuer keys, as it came. */
int store_statement_get(
    struct store *s, uint64_t *ret_serial, struct buf *out) MUST_CHECK;
int store_statement_put(struct store *s, uint64_t serial, struct slice jws) MUST_CHECK;

#endif
