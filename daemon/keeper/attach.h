/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_ATTACH_H
#define KEEPER_ATTACH_H

#include "daemon/keeper/desk_call.h"

/*
 * Files of a draft, and of the bulletin that came of it.  Their names, sizes and hashes
 * stand in the bulletin's bytes; the files themselves are handed to who may read those.
 * What is handed out: type str, name str, the file.
 */
int attach_put(struct keeper *k, struct desk_call *c) MUST_CHECK;
int attach_get(struct keeper *k, struct desk_call *c) MUST_CHECK;
int attach_delete(struct keeper *k, struct desk_call *c) MUST_CHECK;
/* Of a bulletin: the same 404 for who may not read it. */
int attach_file(struct keeper *k, struct desk_call *c) MUST_CHECK;

#endif
