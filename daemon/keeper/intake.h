/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_INTAKE_H
#define KEEPER_INTAKE_H

#include "daemon/keeper/keeper.h"

/* Opaque types. */
struct batch_op;

/*
 * A report comes in.  Checked again before it may enter a batch, whatever the front has
 * checked: 0, or ERR_INVALID with op->problem and op->fault filled; ERR_PROTO, ERR_NOMEM.
 */
int intake_check(struct keeper *k, struct batch_op *op) MUST_CHECK;
/* Inside a batch: report, case, desks, bell, bulletin, idempotency row, and the receipt
 * as the answer's body. */
int intake_apply(struct keeper *k, struct batch_op *op) MUST_CHECK;
/* KM_FIND: the receipt that this key has got before; ERR_NOTFOUND, or ERR_CONFLICT when
 * the body was another. */
int intake_find(
    struct keeper *k, const uint8_t *key, const uint8_t *mac, struct buf *out) MUST_CHECK;
/* Parses and checks a report's canonical bytes (also KM_EXPLAIN). */
int intake_read(struct slice bytes, json_t **ret, struct fault *why) MUST_CHECK;

#endif
