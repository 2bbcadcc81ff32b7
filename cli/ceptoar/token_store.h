/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CEPTOAR_TOKEN_STORE_H
#define CEPTOAR_TOKEN_STORE_H

#include <jansson.h>

#include "cli/ceptoar/session.h"
#include "proto/key_statement.h"
#include "proto/token.h"

/* Opaque types. */
struct token_store;

/*
 * Tokens of this member, one file of mode 0600 in the state folder for each folder of
 * certificates: whoever has the file can report as an unnamed member.  A lock is held
 * from open to close, never while the hub is asked.  Every function that can fail says
 * what is wrong and returns an exit status.
 *
 *   drawn    a batch for each group and epoch, with the tokens that are left and what the
 *            hub last said of it: members that drew one, and how many of them report in
 *            each CEPTOAR (a file of an earlier version lacks these); k
 *   asked    blinded elements that were sent, or are about to be, and their secrets: a
 *            lost answer is asked for again with the same ones
 *   flying   tokens that were taken for a report, by its idempotency key
 *   seen     key ids that the council signed, by group and epoch; and its last serial
 */
int token_store_open(const struct session *s, struct token_store **ret) MUST_CHECK;
/* Durable when it returns. */
int token_store_save(struct token_store *t) MUST_CHECK;
void token_store_close(struct token_store *t); /* NULL is fine; nothing is saved */

/* Forgets what no longer counts in this epoch: batches older than the last one, elements
 * of other epochs, keys seen that long ago. */
void token_store_prune(struct token_store *t, uint32_t epoch);

/* What is held of a group and epoch. */
struct token_batch {
	char group[STATEMENT_GROUP];
	uint32_t epoch, epoch_seconds;
	unsigned char id[KEY_ID_LEN]; /* of the key that signed them */
	unsigned left;		      /* tokens */
	unsigned drawn, k; /* members that drew one, as last heard; the hub's k */
	json_t *in; /* of these, those of each CEPTOAR; borrowed, NULL: not known */
};
/* 1 and *ret when a batch was drawn, though no token of it may be left. */
int token_store_find(const struct token_store *t, const char *group, uint32_t epoch,
    struct token_batch *ret);
/* The i-th batch; 0 when there is none. */
int token_store_at(const struct token_store *t, size_t i, struct token_batch *ret);
/* Adds a batch (`tokens`: list of base64url, a reference is taken), or brings the numbers
 * of one up to date (NULL). */
int token_store_put(
    struct token_store *t, const struct token_batch *b, json_t *tokens) MUST_CHECK;

/* Forgets the i-th batch: its key was revoked. */
void token_store_drop(struct token_store *t, size_t i);

/* The elements asked for of a group and epoch, a borrowed reference; NULL: none. */
json_t *token_store_asked(const struct token_store *t, const char *group, uint32_t epoch);
int token_store_ask(struct token_store *t, json_t *elements) MUST_CHECK; /* steals it */
void token_store_answered(struct token_store *t, const char *group, uint32_t epoch);

/* Compares a statement of the council with what was seen before and remembers it: no
 * lower serial, no other statement of the same serial, no second key for a group and
 * epoch unless it revokes the first.  council: SHA-256 of its public key; with another
 * one, which somebody has put in the place of the first by hand, it begins anew. */
int token_store_pin(struct token_store *t, const unsigned char council[32],
    const struct key_statement *st) MUST_CHECK;

/*
 * A token for one report.  It is out of the file, and kept as flying under the report's
 * idempotency key, before this returns: a retry under the same key gets the same token,
 * and no other report does.  Of the batches that can be redeemed now it takes the one
 * that most members of the report's CEPTOAR drew; when that is fewer than the hub's k,
 * none is taken.  Where the file does not say yet how many these are, the whole group
 * must be k at least, and the hub, which knows, has the last word.
 */
struct taken_token {
	unsigned char token[TOKEN_LEN];
	uint32_t epoch;
	unsigned drawn, k; /* of the CEPTOAR, or, unless it is known, of the group */
	int known;
};
/* What a report's token has to fit. */
struct token_want {
	const char *group, *ceptoar;
};
int token_take(const struct session *s, struct token_want want, const char *idem_key,
    struct taken_token *ret) MUST_CHECK;
/* What a report would get now, without taking it: the token stays out of *ret. */
int token_look(
    const struct session *s, struct token_want want, struct taken_token *ret) MUST_CHECK;
/* The report was answered for good: its token is forgotten, spent or not. */
int token_landed(const struct session *s, const char *idem_key) MUST_CHECK;

#endif
