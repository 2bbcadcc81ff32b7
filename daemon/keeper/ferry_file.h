/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_FERRY_FILE_H
#define KEEPER_FERRY_FILE_H

#include "daemon/keeper/keeper.h"

/* Opaque types. */
struct ferry_pending; /* a file of which pieces have come */

/*
 * Files of bulletins in a bundle, in pieces behind the bulletin that names them.  Of what
 * comes in, name, size and SHA-256 are those that the other hub has signed, and the bytes
 * are of a kind that is allowed.
 *
 * Has the row, the newest of its bulletin, a piece of this number?  *ret_more: 1 when one
 * comes behind it; with `out` NULL: when it is there itself.  `out`: its row is appended.
 */
int ferry_files(struct keeper *k, const struct frame_head *h, unsigned piece,
    struct buf *out, int *ret_more) MUST_CHECK;
/* A row of the file of that hub; *ret_result as ferry_import.c has it.  ERR_NOTFOUND:
 * nothing was to be done; ERR_INVALID with `why`. */
int ferry_file_take(struct keeper *k, const char *hub, struct slice row,
    const char **ret_result, struct fault *why) MUST_CHECK;
void ferry_file_free(struct ferry_pending *p);

#endif
