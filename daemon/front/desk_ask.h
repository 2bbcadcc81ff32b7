/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FRONT_DESK_ASK_H
#define FRONT_DESK_ASK_H

#include "daemon/front/calls.h"

/* Opaque types. */
struct conn;
struct keeper_desk;

/* Asks the keeper for a desk's verb on behalf of c's request, which waits until fn has
 * the answer.  Keeps nothing of m, and wipes what it made of it.  0 or as call_start; on
 * an error fn is not called. */
int desk_ask(struct conn *c, const struct keeper_desk *m, call_fn *fn) MUST_CHECK;

#endif
