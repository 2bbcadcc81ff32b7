/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_DELIVERIES_H
#define KEEPER_DELIVERIES_H

#include "daemon/keeper/desk_call.h"

/* Opaque types. */
struct vault_dir_row;

/*
 * Who got a bulletin.  On the desks' socket a secretariat sees the receivers of its
 * CEPTOARs, the centre the offices, each with figures by CEPTOAR (the centre of all); any
 * reader sees its own line.  Query: revision, silent=1, ceptoar=, state=, cursor, limit.
 */
int deliveries_list(struct keeper *k, struct desk_call *c) MUST_CHECK;
/* The same lines as {"csv":"..","next":cursor or null}: the front puts pages together. */
int deliveries_csv(struct keeper *k, struct desk_call *c) MUST_CHECK;
/* May a person of this desk be told which member this is? */
int deliveries_may_name(const struct rights *desk, const struct vault_dir_row *row);

#endif
