/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COURIER_STEPS_H
#define COURIER_STEPS_H

#include "daemon/courier/courier.h"
#include "daemon/courier/resolver.h"

/*
 * The steps that every delivery takes, whatever its route: to a free connection of its
 * endpoint, through the lookup of its host's name and the check of every address, into
 * its transfer.
 */

/* Its contact is known. */
void steps_aim(struct courier *c, struct delivery *d);
/* Whoever waits and can go on does. */
void steps_turn(struct courier *c);
/* The resolver's answer. */
void steps_name(void *arg, uint64_t id, const struct resolved *a);
/* Gives its connection back; d->reason says why it failed. */
void steps_leave(struct courier *c, struct delivery *d, enum endpoint_word how);
/* What has stood in one stage for too long goes back: its lease will run out. */
void steps_late(struct courier *c);

#endif
