/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_TOPIC_VALUE_H
#define PROTO_TOPIC_VALUE_H

#include "proto/indicator.h"

/*
 * The one way of writing an indicator, so that a thing in disguise is the same thing:
 * without fangs, width and case folded, host names as xn--, no closing dot or "*.", a URL
 * without its scheme's own port, its fragment and needless escapes, an IPv4 address
 * inside an IPv6 one as itself.  Appends it; *type may change with it.  1 when it says
 * something of its own, 0 for what many have without anything in common (private and
 * reserved addresses, hashes of an empty file) and for types that are no strong
 * indicators; ERR_INVALID (not UTF-8), ERR_LIMIT, ERR_NOMEM.
 */
int topic_value(
    enum indicator_type *type, struct slice value, struct buf *out) MUST_CHECK;
/* A product's name folded, blanks squeezed. */
int topic_product(struct slice name, struct buf *out) MUST_CHECK;

#endif
