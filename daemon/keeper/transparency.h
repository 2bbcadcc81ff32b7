/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_TRANSPARENCY_H
#define KEEPER_TRANSPARENCY_H

#include "daemon/keeper/keeper.h"

/* KM_TRANSPARENCY: what everybody may check of the hub, as the vault told it last.
 * ERR_DOWN: it has not yet. */
int transparency_write(struct keeper *k, struct buf *out) MUST_CHECK;

#endif
