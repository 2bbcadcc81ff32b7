/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_REDEEM_H
#define KEEPER_REDEEM_H

#include "daemon/keeper/keeper.h"

/* Opaque types. */
struct batch_op;

/*
 * Tokens of the blind listener: the right to one first report, by whoever was a verified
 * member of a sector group in an epoch.  A front's word counts for nothing here.
 */

/* Before anything else of the report is looked at: 0 and what will be spent in op, or
 * ERR_INVALID with op->problem.  Every token that is none costs the same work, so that
 * time does not tell which keys there are. */
int redeem_check(struct keeper *k, struct batch_op *op) MUST_CHECK;
/* Inside the report's transaction: both are written, or neither. */
int redeem_spend(struct keeper *k, struct batch_op *op) MUST_CHECK;
/* Forgets tokens of epochs that are over, grace included. */
int redeem_prune(struct keeper *k, unsigned most, unsigned *ret_n) MUST_CHECK;

#endif
