/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FRONT_LISTEN_H
#define FRONT_LISTEN_H

#include "lib/err.h"

/* Opaque types. */
struct address;
struct front;
struct listener;

/* Accepts members on a listening descriptor (kept open, not owned): until EAGAIN, with a
 * cap a turn; pauses by timer when descriptors run out or a cap is reached. */
int listen_start(struct front *f, int fd) MUST_CHECK;
void listen_stop(struct front *f); /* no more connections */
void listen_free(struct front *f);

/* Per address: connections now, and a bucket of handshakes.  An IPv6 address counts by
 * its /64.  NULL is fine. */
void address_enter(struct front *f, struct address *a);
void address_leave(struct front *f, struct address *a);

#endif
