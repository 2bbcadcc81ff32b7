/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LIB_BALLAST_H
#define LIB_BALLAST_H

#include "lib/err.h"

/* Opaque types. */
struct ballast;
struct loop;

/*
 * A file beside a database that is there to be given up: when the disk is full, its room
 * is for what is critical, and whoever owns it refuses the rest until it is made again.
 * That is done when twice its size is free: two of one size on one disk do not take for
 * room what the other has given up.
 */
enum { BALLAST_MIB_MOST = 4096 };

/* Makes or finds db + ".ballast".  No room for it now is no error: then it counts as
 * given up.  Size 0: there is none, ever. */
struct ballast *ballast_new(struct loop *l, const char *db, long long mib) MUST_CHECK;
void ballast_free(struct ballast *b); /* the file stays; NULL is fine */
/* The disk is full: 1, its room is free now; 0, there was nothing left to give. */
int ballast_spend(struct ballast *b);
/* Is it given up, so that its room is not for everything? */
int ballast_is_spent(const struct ballast *b);
/* Makes it again when there is room; else the timer does. */
void ballast_refill(struct ballast *b);

#endif
