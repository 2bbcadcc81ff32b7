/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_BALLAST_H
#define KEEPER_BALLAST_H

#include "daemon/keeper/keeper.h"

/* Opaque types. */
struct ballast;

/*
 * A file beside the database that is there to be given up: when the disk is full, its
 * room is for reports of level BALLAST_LEVEL and up, for calls of the hotline that page
 * and the end of paging, for what is brought to webhooks and pagers, and for the rows of
 * the audit log without which no desk may look.  It is made again when twice its size is
 * free.
 */
enum { BALLAST_LEVEL = 3, BALLAST_MIB_MOST = 4096 };

/* Makes or finds it; no room for it now is no error.  Size 0: there is none, ever. */
struct ballast *ballast_new(struct keeper *k) MUST_CHECK;
void ballast_free(struct ballast *b); /* the file stays; NULL is fine */
/* The disk is full: 1, its room is free now; 0, there was nothing left to give. */
int ballast_spend(struct keeper *k);
/* Is it given up, so that its room is not for everything? */
int ballast_is_spent(const struct keeper *k);
/* Makes it again when there is room; else the timer does. */
void ballast_refill(struct keeper *k);

#endif
