/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_PASTE_IN_H
#define KEEPER_PASTE_IN_H

#include "daemon/keeper/desk_call.h"

/* DV_PASTE: {"text", "lang", "severity"?, "source"?}: a mail or an advisory becomes a
 * draft of this desk (proto/paste.h). */
int paste_in(struct keeper *k, struct desk_call *c) MUST_CHECK;

#endif
