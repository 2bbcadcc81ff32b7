/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_CURSOR_H
#define PROTO_CURSOR_H

#include <stdint.h>

#include "lib/buf.h"

enum { CURSOR_TEXT = 22 }; /* base64url of one AES block */

/* Opaque types. */
struct cursor_box; /* key schedule and epoch */

struct cursor_box *cursor_box_new(const unsigned char key[16], uint32_t epoch) MUST_CHECK;
void cursor_box_free(struct cursor_box *c);
/* AES-128 of one block (magic 32, epoch 32, sequence 64), as CURSOR_TEXT characters. */
int cursor_write(
    struct cursor_box *c, uint64_t seq, char out[CURSOR_TEXT + 1]) MUST_CHECK;
/* 0 and the sequence; ERR_INVALID: not one of ours; ERR_VERSION: ours, of another epoch.
 */
int cursor_read(struct cursor_box *c, struct slice text, uint64_t *ret_seq) MUST_CHECK;

#endif
