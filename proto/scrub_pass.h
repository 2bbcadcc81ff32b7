/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_SCRUB_PASS_H
#define PROTO_SCRUB_PASS_H

#include "proto/scrub_find.h"
#include "proto/scrub_keep.h"

/* All texts of one report, and what is known while they are scrubbed. */
struct scrub_pass {
	const struct scrubber *own; /* may be NULL: patterns only */
	struct scrubber *local;
	const struct scrub_keep *keep, *keep_weak; /* may be NULL */
};
/* Learns from all of the views, then masks in each until nothing more is found. */
int scrub_pass_run(
    struct scrub_pass *p, struct scrub_view *const *views, size_t n) MUST_CHECK;
/* Writes a view as text again. */
void scrub_pass_write(
    const struct scrub_view *w, struct slice text, int english, struct buf *out);

#endif
