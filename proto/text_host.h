/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_TEXT_HOST_H
#define PROTO_TEXT_HOST_H

#include "lib/buf.h"

/* Host names inside texts: helpers of text_defang. */

/* "exe", "txt" and the like: a name that ends so is a file far more often than a domain.
 */
int text_is_file_end(struct slice s);
/* A quick look whether text_add_ascii_hosts could find anything. */
int text_has_lookalikes(struct slice text);
/*
 * Appends the text; domain names with letters that look like ASCII ones and are not (a
 * Cyrillic a in a bank's name) stand there as xn--...  `keep` says of a name that it is
 * to be left as it is.  0, ERR_NOMEM, ERR_LIMIT.
 */
int text_add_ascii_hosts(struct slice text,
    int (*keep)(void *arg, struct slice text, size_t at, size_t n), void *arg,
    struct buf *out) MUST_CHECK;

#endif
