/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_LINKS_H
#define KEEPER_LINKS_H

#include "daemon/keeper/keeper.h"

/* Opaque types. */
struct batch_op;
struct courier_key;

/*
 * Answers by the link of a mail, from people without a client of the hub.  A link works
 * once, until its bulletin ends and three days at least.  Programs that look into mails
 * follow links, and some send forms: so an answer needs the seal that stands in the page
 * alone, and one that comes within [courier] link_quiet of the mail is kept as flagged,
 * counts for nothing, and leaves the link as it is.
 */
enum { LINKS_DAYS = 30, LINKS_LEAST_S = 3 * 86400, LINKS_PAGE_MINUTES = 60 };

/* A fresh key for seals: pages that stand open over a restart are shown anew. */
int links_init(struct keeper *k) MUST_CHECK;
void links_done(struct keeper *k);
/* KM_LINK.  ERR_PROTO, or 0: answered. */
int links_show(struct keeper *k, struct front *f, const struct link_frame *fr) MUST_CHECK;
/* KM_ANSWER: decoding, and its part of a batch. */
int links_check(struct batch_op *op) MUST_CHECK;
int links_apply(struct keeper *k, struct batch_op *op) MUST_CHECK;
/* In a batch: this delivery went out; its links count from now. */
int links_sent(struct keeper *k, const struct courier_key *key) MUST_CHECK;

#endif
