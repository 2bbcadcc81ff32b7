/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FRONT_TERMS_H
#define FRONT_TERMS_H

/* Opaque types. */
struct conn;
struct front;
struct scrubber;
struct terms;

/*
 * The scrubber for what this connection sends: built from its member's own terms, which
 * the vault tells once a generation of the registry; patterns only for a connection
 * without a member.
 */

/* Calls `go` when it is at hand, now or later.  When it cannot be had, the request is
 * answered here and `go` is not called: without its terms nothing is sent on. */
void terms_need(struct conn *c, void (*go)(struct conn *c));
/* Inside `go`. */
const struct scrubber *terms_scrubber(const struct conn *c);
/* With the request; NULL is fine. */
void terms_free(struct terms *t);

#endif
