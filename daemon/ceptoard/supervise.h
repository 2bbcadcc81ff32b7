/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CEPTOARD_SUPERVISE_H
#define CEPTOARD_SUPERVISE_H

#include "daemon/ceptoard/options.h"
#include "daemon/ceptoard/scratch.h"
#include "lib/buf.h"

/* Opaque types. */
struct supervisor;

/* Opens the sockets of all programs and finds the programs; starts nothing yet.  `s` and
 * `o` must stay until supervise_free. */
int supervise_new(struct supervisor **ret, struct scratch *s, const struct options *o,
    struct buf *why) MUST_CHECK;
/* Starts the hub, prints "ready" once a member was served, and stays until a signal asks
 * for the end and every program is gone.  0, or an error when the hub did not start. */
int supervise_run(struct supervisor *v) MUST_CHECK;
void supervise_free(struct supervisor *v);

#endif
