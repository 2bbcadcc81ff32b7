/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CEPTOARCTL_COUNCIL_PLAN_H
#define CEPTOARCTL_COUNCIL_PLAN_H

#include "proto/key_statement.h"

/*
 * What the council would sign next.  `request` is a statement that nobody signed: the
 * keys that the hub has.  `last` is the council's last one, NULL: none.  A key that was
 * signed for a group and epoch, is still needed, and is not the hub's any more, is
 * revoked; that happens after a restore, a loss or a compromise and at no other time, so
 * it takes may_replace.  ret gets its serial, the request's keys and what is revoked (the
 * newest COUNCIL_REVOKED of it: keys of long ago need no revocation); its time is the
 * caller's.
 *
 * `notes` gets a line for each group, for the people at the table.  0; ERR_CONFLICT: keys
 * are gone and may_replace is 0; ERR_DENIED: the hub shows a revoked key; ERR_INVALID: no
 * keys, or epochs of another length than before.
 */
enum { COUNCIL_REVOKED = 256 };

int council_plan(const struct key_statement *request, const struct key_statement *last,
    int may_replace, struct key_statement *ret, struct buf *notes) MUST_CHECK;

#endif
