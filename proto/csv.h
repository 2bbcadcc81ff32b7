/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_CSV_H
#define PROTO_CSV_H

#include "lib/buf.h"

/*
 * Tables for spreadsheets (RFC 4180): UTF-8 with a byte order mark, without which the
 * spreadsheets in use read Japanese in another encoding; lines end with CRLF.
 */
void csv_begin(struct buf *out); /* the byte order mark */
/*
 * One cell, a comma before it unless it is the line's first (*at is 0; it is counted).
 * What a spreadsheet would take for a formula, since it begins with = + - @, a tab or a
 * return, gets an apostrophe in front.
 */
void csv_cell(struct buf *out, unsigned *at, struct slice text);
void csv_line(struct buf *out, unsigned *at); /* the end of one */

#endif
