/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_STORE_STATEMENT_H
#define KEEPER_STORE_STATEMENT_H

#include <stdint.h>

#include "lib/buf.h"

/* Opaque types. */
struct store;

/* The council's statement of issuer keys, as it came; the newest alone.  As store.h. */
int store_statement_get(
    struct store *s, uint64_t *ret_serial, struct buf *out) MUST_CHECK;
int store_statement_put(struct store *s, uint64_t serial, struct slice jws) MUST_CHECK;

#endif
