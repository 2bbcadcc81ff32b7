/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CEPTOARD_NOTIFY_H
#define CEPTOARD_NOTIFY_H

#include <sys/types.h>

#include "lib/buf.h"
#include "lib/err.h"

/* Opaque types. */
struct loop;
struct notify;

/* The receiving end of the notify protocol: on_ready is called with the process that said
 * READY=1, as the kernel names it. */
int notify_new(struct notify **ret, struct loop *loop, const char *path,
    void (*on_ready)(void *arg, pid_t pid), void *arg, struct buf *why) MUST_CHECK;
void notify_free(struct notify *n); /* NULL is fine */
const char *notify_path(const struct notify *n);

#endif
