/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_BACKLOG_H
#define KEEPER_BACKLOG_H

#include "daemon/keeper/desk_call.h"

/* GET /v1/backlog: how many reports wait on each desk, by level, and since when, for the
 * centre alone.  Those that are kept from the government are not counted there either. */
int backlog_show(struct keeper *k, struct desk_call *c) MUST_CHECK;

#endif
