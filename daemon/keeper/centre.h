/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_CENTRE_H
#define KEEPER_CENTRE_H

#include "daemon/keeper/desk_call.h"

/*
 * POST /v1/bulletins/{id}/confirm: the centre's one button.  An unverified warning goes
 * to the cross-sector subscribers, as it would with a second reporter: by the same path,
 * with the reporter's consent, the policy's levels and the k gate.  It stays unverified.
 */
int pass_on(struct keeper *k, struct desk_call *c) MUST_CHECK;

/* POST and GET /v1/mode; see mode.h. */
int mode_switch(struct keeper *k, struct desk_call *c) MUST_CHECK;
int mode_show(struct keeper *k, struct desk_call *c) MUST_CHECK;

/* GET /v1/backlog: how many reports wait on each desk, by level, and since when, for the
 * centre alone.  Those that are kept from the government are not counted there either. */
int backlog_show(struct keeper *k, struct desk_call *c) MUST_CHECK;

#endif
