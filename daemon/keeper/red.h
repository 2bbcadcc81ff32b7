/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_RED_H
#define KEEPER_RED_H

#include "lib/err.h"
#include "proto/draft.h"

/* Opaque types. */
struct directory;

/*
 * Named receivers of TLP:RED, as the audience that they are part of: consent, the k gate
 * and the rule of two persons look at where a text goes, and it goes there when one of
 * that place reads it.  Joins into *slots and *flags: CEPTOARs and communities that the
 * receiver belongs to, FRAME_CENTRE, FRAME_MINISTRY, FRAME_AGENCY, and FRAME_PUBLIC for
 * who belongs to nothing of these.  1; 0 when the directory does not know the receiver
 * or it is disabled.
 */
int red_place(const struct directory *d, const uint8_t *receiver, struct slots *slots,
    uint16_t *flags);
/* Of all whom a header names in its revision. */
void red_places(const struct directory *d, const struct frame_head *h,
    struct slots *slots, uint16_t *flags);

/* Whom the next revision of *h names: of TLP:RED whom the draft says, or when it says
 * nothing whom the last one named; otherwise nobody.  ERR_LIMIT: too many in all. */
int red_set(struct frame_head *h, const struct draft_facts *f) MUST_CHECK;

#endif
