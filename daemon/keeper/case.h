/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_CASE_H
#define KEEPER_CASE_H

#include "daemon/keeper/keeper.h"

/* Opaque types. */
struct batch_op;

/* The case that this secret opens.  A wrong secret, a case without channel and an unknown
 * case are the same ERR_NOTFOUND after the same work. */
int case_open(struct keeper *k, const uint8_t *case_id, const uint8_t *secret_hash,
    struct store_case *ret) MUST_CHECK;
/* The state as JSON: state, number of versions, bulletin, who reads it next. */
int case_state_write(
    struct keeper *k, const struct store_case *c, struct buf *out) MUST_CHECK;
/* KM_WITHDRAW inside a batch: once or many times, the same end. */
int case_withdraw(struct keeper *k, struct batch_op *op) MUST_CHECK;

#endif
