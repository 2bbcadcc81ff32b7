/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_IN_ADMIN_H
#define KEEPER_IN_ADMIN_H

#include "daemon/keeper/keeper.h"

/* KM_EXPLAIN and KM_A_EXPLAIN: who would get this report, and why not more. */
int explain_call(
    struct keeper *k, struct front *f, const struct link_frame *fr) MUST_CHECK;
/* Ends a backup that is under way; an unfinished copy is removed. */
void backup_end(struct keeper *k);
/* The caller has gone: nobody waits for its backup. */
void backup_caller_gone(struct keeper *k, uint64_t front);

#endif
