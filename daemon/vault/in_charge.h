/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VAULT_IN_CHARGE_H
#define VAULT_IN_CHARGE_H

#include <stdint.h>

#include "lib/err.h"
#include "proto/msg_people.h"

/* Opaque types. */
struct reg_member;
struct vault;

/*
 * How a member is reached now: its own contacts, and those of its persons in charge where
 * it has none of that kind itself.  In charge are those on duty by its roster; without
 * one now, its duty officers, and behind them its other people at the desk, whoever has a
 * contact of that kind first.  A gateway's contacts of those on duty (without a roster:
 * of its duty officers) are used as well as its own: whoever is paged is a person.
 *
 * Into ret, of ROUTES_MAX, go all contacts of who may sit at the desk, with `now` for
 * those that are used; *ret_count is set on success.  `now` is in seconds.  The caller
 * wipes.
 */
int in_charge_routes(struct vault *v, const struct reg_member *m, int64_t now,
    struct vault_route *ret, unsigned *ret_count) MUST_CHECK;

#endif
