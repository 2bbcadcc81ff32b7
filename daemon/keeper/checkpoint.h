/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_CHECKPOINT_H
#define KEEPER_CHECKPOINT_H

#include "lib/err.h"

/* Opaque types. */
struct checkpoint;
struct keeper;

/*
 * When the WAL goes back into the database: above 16 MiB when nothing waits to be
 * written, above 64 MiB in any case, and all of it, which also erases what was deleted,
 * after a second without writing, or ten seconds of it.
 */
struct checkpoint *checkpoint_new(struct keeper *k) MUST_CHECK;
void checkpoint_free(struct checkpoint *c);
/* Something was written. */
void checkpoint_written(struct checkpoint *c);

#endif
