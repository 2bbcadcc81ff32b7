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
/* The same for whoever asks: by the secret, or a desk by its rights, which a case that
 * does not lie on it is unknown to as well. */
int case_enter(
    struct keeper *k, const struct keeper_case *m, struct store_case *ret) MUST_CHECK;
/* Does it lie on a desk of these rights?  Not on one that its reporter keeps out since.
 */
int case_on_desk(struct keeper *k, const struct store_case *c, const struct rights *r);
/* Withdrawn or closed: nothing more is written to it. */
int case_has_ended(const struct store_case *c);
/* May a further version follow?  *ret_why: why not, or NULL.  Not over the members'
 * listener when the newest came over the blind one: its sender would be sealed, and the
 * case then had a name to be found. */
int case_may_follow(struct keeper *k, const struct store_case *c, int blind,
    const char **ret_why) MUST_CHECK;
/* The state as JSON: state, number of versions, messages, bulletin, who reads it next.
 * `desk`: as the desk sees it. */
int case_state_write(
    struct keeper *k, const struct store_case *c, int desk, struct buf *out) MUST_CHECK;
/* Every bulletin of the case that is still kept, each once: the one that its reporter is
 * shown, then what else desks have made of it.  fn may use the store and change *b; its
 * non-zero result ends it and is handed back. */
int case_bulletins(struct keeper *k, const struct store_case *c,
    int (*fn)(void *arg, struct store_bulletin *b), void *arg) MUST_CHECK;
/* KM_WITHDRAW inside a batch: once or many times, the same end. */
int case_withdraw(struct keeper *k, struct batch_op *op) MUST_CHECK;
/* KM_CLOSE, likewise: the desk has done with it; what is published stays. */
int case_close(struct keeper *k, struct batch_op *op) MUST_CHECK;

#endif
