/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_RECALL_H
#define KEEPER_RECALL_H

#include "daemon/keeper/desk_call.h"

/*
 * A desk ends its bulletin, or an automatic one of its cases: cancelled with its reason,
 * or called a false alarm.  What it has passed on it takes back, which says nothing of
 * the original.  Whoever an earlier revision reached hears of it.  The centre ends a
 * secretariat's text in the same way, with two persons and a reason; the bell of the
 * secretariat says so.
 */
/* Whose bulletin it is: a slot, or DESK_CENTRE. */
int recall_desk(
    struct keeper *k, const struct store_bulletin *b, uint8_t *ret) MUST_CHECK;
/* The bulletin of the path, when it is this desk's and stands: ERR_NOTFOUND for who may
 * not read it, ERR_DENIED for who may. */
int recall_enter(struct keeper *k, struct desk_call *c, struct store_bulletin *ret,
    uint8_t *ret_desk) MUST_CHECK;
/* `why`: the reason as JSON text, or "".  `by`: the desk that ends it. */
int recall_write(struct keeper *k, struct store_bulletin *b, unsigned by, int64_t minute,
    int false_alarm, const char *why) MUST_CHECK;

/* POST /v1/bulletins/{id}/cancel and /false-alarm. */
int recall_cancel(struct keeper *k, struct desk_call *c) MUST_CHECK;
int recall_false_alarm(struct keeper *k, struct desk_call *c) MUST_CHECK;

#endif
