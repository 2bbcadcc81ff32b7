/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FRONT_LISTEN_H
#define FRONT_LISTEN_H

#include "daemon/front/conn.h"
#include "lib/err.h"

/* Opaque types. */
struct front;
struct listener;

/*
 * Accepts on a listening descriptor (kept open, not owned): until EAGAIN, with a cap a
 * turn; pauses by timer when descriptors run out or a cap is reached.  Each listener has
 * limits of its own, so that a flood on one takes nothing from the other.  The blind one
 * and the answers' one never ask the kernel who called.
 */
int listen_start(
    struct front *f, enum conn_on on, int fd, struct listener **ret) MUST_CHECK;
void listen_stop(struct listener *s); /* no more connections; NULL is fine */
void listen_free(struct listener *s); /* NULL is fine */

#endif
