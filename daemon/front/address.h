/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FRONT_ADDRESS_H
#define FRONT_ADDRESS_H

#include <stdint.h>

#include "lib/err.h"

/* Opaque types. */
struct address;
struct addresses;
struct front;
struct sockaddr_storage;

/*
 * Limits for one address, on the members' listener alone: its connections now, and a
 * bucket of handshakes.  An IPv6 address counts by its /64.  The blind listener never
 * learns an address, so nothing here can hold one of its callers.
 */
struct addresses *addresses_new(struct front *f) MUST_CHECK;
void addresses_free(struct addresses *t); /* NULL is fine */

/* The entry of an address, made when it is new; NULL: no family of ours, or no memory. */
struct address *address_find(struct addresses *t, const struct sockaddr_storage *ss);
/* 1 when it may have one more connection; takes one from its bucket.  NULL may. */
int address_admits(struct front *f, struct address *a, int64_t now);
/* Counts its connections.  NULL is fine. */
void address_enter(struct address *a);
void address_leave(struct address *a);

#endif
