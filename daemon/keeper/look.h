/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_LOOK_H
#define KEEPER_LOOK_H

#include "daemon/keeper/keeper.h"

/* Opaque types. */
struct batch_op;

/*
 * What a desk looks at: the inbox, trends, a case, its messages, its slip.  It goes
 * through the batch although it only reads, for the row of the audit log that says who
 * looked is durable before the answer leaves.
 */
/* Is this a call of a desk that reads?  Of a case's only those without the secret are. */
int look_is(uint16_t type);
/* Decodes op->bytes.  0 or ERR_PROTO. */
int look_take(struct batch_op *op) MUST_CHECK;
/* In the batch: 0 also when refused (op->problem), else an error of the store. */
int look_apply(struct keeper *k, struct batch_op *op) MUST_CHECK;
/* The row of a case call of a desk that has written something; as audit_add. */
int look_wrote(
    struct keeper *k, const struct keeper_case *m, const char *action) MUST_CHECK;

#endif
