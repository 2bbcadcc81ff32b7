/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VAULT_RETAIN_H
#define VAULT_RETAIN_H

#include "lib/err.h"

/* Opaque types. */
struct vault;
struct retain;

/*
 * Forgetting: envelopes older than envelope_days are destroyed, sealed and named alike
 * (looked for at start and every hour), and the log is written back: at 16 MiB when
 * nothing waits, at 64 MiB in any case, and emptied after a second of quiet, for it still
 * holds what was deleted and the order in which envelopes came.
 */
int retain_new(struct retain **ret, struct vault *v) MUST_CHECK;
void retain_free(struct retain *r); /* NULL is fine */
/* Look for old envelopes now, a few hundred a turn of the loop. */
void retain_start(struct retain *r);
/* Something was written. */
void retain_after_write(struct retain *r);

#endif
