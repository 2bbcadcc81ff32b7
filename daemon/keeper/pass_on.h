/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_PASS_ON_H
#define KEEPER_PASS_ON_H

#include "daemon/keeper/desk_call.h"

/*
 * POST /v1/bulletins/{id}/confirm: the centre's one button.  An unverified warning goes
 * to the cross-sector subscribers, as it would with a second reporter: by the same path,
 * with the reporter's consent, the policy's levels and the k gate.  It stays unverified.
 */
int pass_on(struct keeper *k, struct desk_call *c) MUST_CHECK;

#endif
