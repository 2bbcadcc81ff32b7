/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_CALL_LIST_H
#define KEEPER_CALL_LIST_H

#include "daemon/keeper/keeper.h"

/* KM_A_CALL_LIST: the receivers with a telephone for people whom a bulletin is for, by
 * today's rights, and who have not acknowledged its newest revision; who they are only
 * the vault knows. */
int call_list_call(
    struct keeper *k, struct front *f, const struct link_frame *fr) MUST_CHECK;

#endif
