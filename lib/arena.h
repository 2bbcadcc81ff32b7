/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LIB_ARENA_H
#define LIB_ARENA_H

#include <stddef.h>

#include "lib/buf.h"
#include "lib/err.h"

/* Opaque types. */
struct arena;

/*
 * Memory of one request, freed in one stroke.  Over the cap it latches: every later call
 * gives NULL and arena_err() says ERR_LIMIT (or ERR_NOMEM), which the caller turns into
 * 413 or 503.  Under ASan each piece is its own allocation, so that overruns are seen.
 */
struct arena *arena_new(size_t cap) MUST_CHECK;
void arena_free(struct arena *a);  /* NULL is fine */
void arena_reset(struct arena *a); /* forget and overwrite all pieces, keep one block */
void *arena_alloc(struct arena *a, size_t n); /* zeroed, aligned for anything */
char *arena_dup(struct arena *a, const void *p, size_t n); /* with closing NUL */
int arena_err(const struct arena *a);

#endif
