/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LIB_TERM_H
#define LIB_TERM_H

#include "lib/buf.h"

/*
 * Text of others made safe for a terminal: control characters (C0, DEL, C1), direction
 * marks and overrides, zero-width and tag characters, line and paragraph separators, and
 * bytes that are not UTF-8 are written visibly as <U+202E> or <0x9B>, so that nothing a
 * stranger wrote can move the cursor, hide text or turn it round.  A tab becomes a space.
 */
enum { TERM_LINE = 0, TERM_TEXT = 1 }; /* TERM_TEXT keeps line feeds */
void term_add(struct buf *out, struct slice text, int how);
/* 1 when term_add would change nothing: UTF-8 and nothing that cannot be seen. */
int term_is_plain(struct slice text);

#endif
