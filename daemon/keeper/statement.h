/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_STATEMENT_H
#define KEEPER_STATEMENT_H

#include "daemon/keeper/keeper.h"

/*
 * The council's statement of issuer keys (proto/key_statement.h).  The keeper stores and
 * publishes it; whether it is the council's, each client decides with the key it pinned:
 * here stands no such key.  Checked are form, size, and that its serial goes up.
 */

/* KM_A_STATEMENT: stores it and puts the row `keys` into the log. */
int statement_call(
    struct keeper *k, struct front *f, const struct link_frame *fr) MUST_CHECK;
/* {"serial":..,"signed_ahead":..} of the last statement, or null: how many epochs beyond
 * the current one have all their keys signed; -1: not even the current one, and clients
 * draw no tokens.  null without a statement, or before the vault has told its keys. */
int statement_status(struct keeper *k, struct buf *out) MUST_CHECK;
/* KM_TOKENS: issuer keys and the statement, as members see them. */
int tokens_call(
    struct keeper *k, struct front *f, const struct link_frame *fr) MUST_CHECK;

#endif
