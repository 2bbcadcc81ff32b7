/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_STORE_LINK_H
#define KEEPER_STORE_LINK_H

#include "daemon/keeper/store.h"

/* The part of the store that links of mails need; rules and results as in store.h.  They
 * are added with the lease of their mail (store_delivery.h). */

struct store_link {
	uint8_t bulletin[ID_LEN], receiver[RECEIVER_LEN];
	/* Whose contact the mail went to; the receiver's id when it is the member's own.
	 */
	uint8_t person[RECEIVER_LEN];
	uint16_t revision;
	int64_t sent_at; /* seconds; of the lease, until the mail is known to be sent */
	int64_t used_at; /* 0: not yet */
	uint8_t leased;	 /* a mail of this kind to this receiver is being sent just now */
	uint8_t contact; /* as in struct courier_key */
};

/* token_sum: SHA-256 of the token. */
int store_link_get(
    struct store *s, const uint8_t *token_sum, struct store_link *ret) MUST_CHECK;
/* It was used with this answer. */
int store_link_use(
    struct store *s, const uint8_t *token_sum, unsigned answer, int64_t now) MUST_CHECK;
/* The mail went out now: links to it that are open count from here. */
int store_link_sent(struct store *s, const uint8_t *bulletin, uint16_t revision,
    const uint8_t *receiver, int64_t now) MUST_CHECK;
/* The mail of this revision to this contact reached somebody else: the desk sees why
 * nobody answers. */
int store_link_astray(struct store *s, const struct store_link *l) MUST_CHECK;

#endif
