/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_ASSESS_H
#define KEEPER_ASSESS_H

#include "daemon/keeper/keeper.h"

/* Opaque types. */
struct desk_call;

/*
 * How grave the centre finds a case afterwards: three axes as those that the reporter
 * claims, each time as a version of its own beside the report, which stays as it is.
 */
/* DV_ASSESS: of a report or its case, which has to lie on the centre's desk. */
int assess_post(struct keeper *k, struct desk_call *c) MUST_CHECK;
/* ,"severity_assessed":[..], the oldest first; nothing when there is none. */
int assess_write(struct keeper *k, const uint8_t *case_id, struct buf *out) MUST_CHECK;

#endif
