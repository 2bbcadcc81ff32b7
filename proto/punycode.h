/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_PUNYCODE_H
#define PROTO_PUNYCODE_H

#include "lib/buf.h"

/*
 * Appends a host name with every label that is not ASCII as its "xn--" form (RFC 3492,
 * after folding width, case and composition), so that a look-alike shows what it is.
 * ASCII labels are left as they are.  ERR_INVALID for bad UTF-8 or a label that cannot be
 * encoded (nothing usable was appended), ERR_NOMEM, ERR_LIMIT.
 */
int punycode_host(struct slice host, struct buf *out) MUST_CHECK;

#endif
