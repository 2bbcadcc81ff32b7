/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_EXPIRE_H
#define KEEPER_EXPIRE_H

#include <stdint.h>

#include "lib/err.h"

/* Opaque types. */
struct expire;
struct keeper;

/*
 * What time alone does: an unverified warning says so again, then ends; idempotency rows,
 * reports and log rows beyond their retention go, call-back slips after hours.  Deadlines
 * are minutes in the database and go by keeper/steady.h, so that a restart goes on where
 * it was.  Nothing is ever released here.  What follows silence has timers of its own,
 * made with this one (keeper/escalate.h, keeper/hotline.h).
 */
struct expire *expire_new(struct keeper *k) MUST_CHECK;
void expire_free(struct expire *e);

/* Does what is due at `minute`, at most `most` of each kind; the number done, or an
 * error. */
int expire_due(struct keeper *k, int64_t minute, unsigned most) MUST_CHECK;
int expire_prune(struct keeper *k, int64_t minute, unsigned most) MUST_CHECK;
/* Destroys the call-back slips that are due. */
/* What is said of acknowledgements in situations. */
int expire_reached(struct keeper *k, int64_t minute) MUST_CHECK;
int expire_slips(struct keeper *k, int64_t minute) MUST_CHECK;

#endif
