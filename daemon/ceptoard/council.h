/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CEPTOARD_COUNCIL_H
#define CEPTOARD_COUNCIL_H

#include <sys/types.h>

#include "daemon/ceptoard/scratch.h"
#include "lib/err.h"

/* Opaque types. */
struct council;
struct loop;

/*
 * The council of a scratch hub: what people do with an offline key at a real one.  While
 * the hub runs it asks now and then which issuer keys the vault has, and when these are
 * others than it signed last, signs and publishes them (ceptoarctl council): once this
 * epoch has all its keys, and again for each further one that has.
 */
int council_new(struct council **ret, struct loop *loop, const struct scratch *s,
    const char *conf, struct buf *why) MUST_CHECK;
void council_free(struct council *c);  /* NULL is fine */
void council_start(struct council *c); /* the hub is ready */
void council_stop(struct council *c);  /* the step that runs is ended */
/* A child ended; was it ours? */
int council_ended(struct council *c, pid_t pid, int good);
int council_runs(const struct council *c); /* a step is under way */

#endif
