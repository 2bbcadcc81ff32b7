/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_SLIP_H
#define KEEPER_SLIP_H

#include "daemon/keeper/keeper.h"
#include "proto/msg_put.h"

/* Opaque types. */
struct link_frame;

/*
 * Call-back slips: a name or number that a reporter leaves for one desk, encrypted on the
 * reporter's machine to the desk's duty key.  Here it is bytes without meaning, handed to
 * that desk only, and destroyed when the case ends or after [policy] slip_hours.
 */

/* Whether the desk that it is for is one that the report comes to. */
int slip_fits(const struct keeper_put *p, unsigned desks);
/* Inside a batch, in the report's transaction. */
int slip_keep(struct keeper *k, const struct keeper_put *p, const uint8_t *case_id,
    int64_t minute) MUST_CHECK;
/* The slip of a case for whoever has these rights: {"to":..,"box":..} goes to `out`,
 * which may be NULL.  ERR_NOTFOUND: none, or another desk's. */
int slip_find(struct keeper *k, const uint8_t *case_id, const struct rights *rights,
    struct buf *out) MUST_CHECK;

/* KM_DUTY_KEYS: all of them as JSON, {"keys":[{"desk":..,"cert":..}]}. */
void slip_keys(struct keeper *k, struct front *f, const struct link_frame *fr);
/* KM_A_DUTY_KEY: a desk's certificate, from now on.  ERR_PROTO. */
int slip_key_set(
    struct keeper *k, struct front *f, const struct link_frame *fr) MUST_CHECK;

#endif
