/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_QUESTION_H
#define KEEPER_QUESTION_H

#include "daemon/keeper/desk_call.h"

/*
 * Questions of readers about a bulletin.  They are kept without their reader; the desk
 * that made the bulletin, and the centre, answer one to whoever holds its secret, or to
 * all readers of the bulletin.
 */
int question_ask(struct keeper *k, struct desk_call *c) MUST_CHECK;
int question_list(struct keeper *k, struct desk_call *c) MUST_CHECK;
int question_answer(struct keeper *k, struct desk_call *c) MUST_CHECK;
/* By its secret. */
int question_get(struct keeper *k, struct desk_call *c) MUST_CHECK;
/* Those of a bulletin that were answered to all. */
int question_public(struct keeper *k, struct desk_call *c) MUST_CHECK;

#endif
