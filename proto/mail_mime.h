/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_MAIL_MIME_H
#define PROTO_MAIL_MIME_H

#include <stdint.h>

#include "lib/buf.h"

/*
 * The letters and lines of a mail (RFC 5322, 2045, 2047): nothing that is given to these
 * can begin a header or end a part.  Lines end with CRLF and are 78 bytes at most.
 */

/* 1 for an address as we send to and from: a dot-atom of ASCII letters, digits and
 * !#$%&'*+/=?^_`{|}~- before the @, a host name behind it, 254 bytes at most. */
int mail_address_ok(struct slice s);
/* Appends one visible line: control characters, line ends and direction marks become
 * blanks, bytes that are no UTF-8 U+FFFD; after `points` code points it is cut with an
 * ellipsis.  Text that holds letters written from the right is isolated, so that it moves
 * nothing that stands around it. */
void mail_add_line(struct buf *out, struct slice utf8, unsigned points);
/* Appends a text of lines: the same, but LF and tab stay and CRLF becomes LF. */
void mail_add_block(struct buf *out, struct slice utf8);
/* "Name: value" CRLF; in encoded words when the value is not plain and short. */
void mail_header(struct buf *out, const char *name, struct slice utf8);
/* " =?UTF-8?B?...?=" in as many words as it takes, each on its line, no CRLF behind. */
void mail_add_encoded(struct buf *out, struct slice utf8);
/* Fields and content of a text/plain part in UTF-8, base64 or quoted-printable, whichever
 * reads better.  `text` has LF line ends. */
void mail_part(struct buf *out, const char *lang, struct slice text);

#endif
