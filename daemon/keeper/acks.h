/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_ACKS_H
#define KEEPER_ACKS_H

#include "daemon/keeper/keeper.h"
#include "daemon/keeper/store_reader.h"

/* Opaque types. */
struct batch_op;

/* Acknowledgements and subscriptions: what readers write. */

/* Decodes the call's head; ERR_PROTO. */
int acks_check(struct batch_op *op) MUST_CHECK;
/* Inside a batch.  A bulletin that is unknown, or not for this reader, is "not_found";
 * a status never goes backwards. */
int acks_apply(struct keeper *k, struct batch_op *op) MUST_CHECK;
/*
 * The one way into the table, inside a batch: a revision of a bulletin (0: the newest)
 * has reached a->receiver, as a->evidence shows.  Whether that receiver may know of it is
 * the caller's affair.  A status never goes backwards within its grade; a flagged word
 * never takes the place of a counted one, and a counted one always that of a flagged.
 * Twice the same is 0.  ERR_NOTFOUND: no such bulletin or revision; ERR_INVALID: out of
 * range.
 */
int acks_record(struct keeper *k, const struct ack_record *a) MUST_CHECK;
int acks_sub_check(struct batch_op *op) MUST_CHECK;
int acks_sub_apply(struct keeper *k, struct batch_op *op) MUST_CHECK;
/* Tells every front, so that open streams follow. */
void acks_sub_changed(
    struct keeper *k, const uint8_t *receiver, const struct subscription *s);
/* What this receiver wants: its own setting, or the directory's; ERR_DOWN while it is in
 * neither, for the directory may be on its way. */
int acks_sub_get(
    struct keeper *k, const uint8_t *receiver, struct subscription *ret) MUST_CHECK;

/* Whether other sectors' warnings are for this receiver at all; yes while that is not
 * known, since the reporter's consent covers it. */
int acks_is_cross(struct keeper *k, const struct rights *r);

/* Puts what receivers have set into a fresh directory (arg: the keeper), so that counting
 * an audience reads memory only; tells the fronts what has changed. */
void acks_sub_overlay(void *arg);

#endif
