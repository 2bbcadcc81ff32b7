/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_MESSAGE_H
#define KEEPER_MESSAGE_H

#include "daemon/keeper/keeper.h"
#include "proto/json.h"

/* Opaque types. */
struct batch_op;

/* Questions and answers between a reporter and the desks, kept with the case. */

/* KM_MESSAGE, checked before it may enter a batch, whatever the front has checked: 0, or
 * ERR_INVALID with op->problem and op->fault filled; ERR_PROTO, ERR_NOMEM. */
int message_take(struct batch_op *op) MUST_CHECK;
/* Inside a batch: the message with addresses defanged, the counts of the case; for the
 * reporter's the desk's bell, and the report back on top of the inbox. */
int message_apply(struct keeper *k, struct batch_op *op) MUST_CHECK;
/* Inside a batch: a desk's question to one case, {"ja","en"}.  ERR_CONFLICT: the case
 * holds no more. */
int message_ask(struct keeper *k, struct store_case *c, const json_t *text) MUST_CHECK;
/* The same for the reporter, checked and public: with the desks' bell. */
int message_reply(struct keeper *k, struct store_case *c, const json_t *text) MUST_CHECK;
/* KM_MESSAGES: {"messages":[...]}. */
int message_list(
    struct keeper *k, const struct keeper_case *m, struct buf *out) MUST_CHECK;

#endif
