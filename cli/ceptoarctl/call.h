/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CEPTOARCTL_CALL_H
#define CEPTOARCTL_CALL_H

#include <stddef.h>
#include <stdint.h>

#include "lib/buf.h"
#include "lib/err.h"

/* Opaque types. */
struct call;

enum { CALL_WAIT_MS = 30000 }; /* for one answer */

/* Connects to an admin socket.  ERR_DOWN: nobody listens, or this user may not. */
int call_open(struct call **ret, const char *path, size_t frame_max) MUST_CHECK;
void call_close(struct call *c); /* NULL is fine */

/*
 * Asks and waits.  The answer's payload goes to `body` (reset before) and its status to
 * *ret_status.  Pushes with our call id of type `progress` restart the waiting time and
 * are handed to on_progress (0 and NULL: none expected).  ERR_DOWN: it went away;
 * ERR_AGAIN: no answer in time, or a signal asked us to end.
 */
int call_do(struct call *c, uint16_t type, struct slice ask, struct buf *body,
    uint16_t *ret_status) MUST_CHECK;
int call_watch(struct call *c, uint16_t type, struct slice ask, uint16_t progress,
    void (*on_progress)(void *arg, uint32_t done, uint32_t total), void *arg,
    struct buf *body, uint16_t *ret_status) MUST_CHECK;

#endif
