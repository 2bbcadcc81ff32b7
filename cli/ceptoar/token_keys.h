/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CEPTOAR_TOKEN_KEYS_H
#define CEPTOAR_TOKEN_KEYS_H

#include <jansson.h>

#include "cli/ceptoar/session.h"
#include "proto/key_statement.h"

/* Opaque types. */
struct evp_pkey_st;

enum { BATCH_MAX = 100, CLOCK_SLACK_S = 300 };

/* An issuer key as the hub shows it. */
struct issuer_key {
	char group[STATEMENT_GROUP];
	uint32_t epoch;
	unsigned drawn; /* members that drew a batch of it */
	json_t *in;	/* of these, how many report in each CEPTOAR of the group */
	unsigned char n[BLIND_RSA_LEN], id[KEY_ID_LEN];
};

/* The hub's answer to GET /v1/tokens. */
struct token_keys {
	uint32_t epoch, epoch_seconds;
	unsigned batch, k;
	unsigned char council[32];	 /* SHA-256 of its public key */
	struct key_statement *statement; /* the council's; its signature stands */
	size_t n_keys;
	struct issuer_key *keys;
};

/* The council's public key, a PEM file that was brought by hand.  Says what is wrong; an
 * exit status. */
int token_council(const char *path, struct evp_pkey_st **ret) MUST_CHECK;

/*
 * Reads an answer and refuses, in words, everything that could tell one member from
 * another: no statement, another's signature, a key id that is not its key's, two keys
 * for one group and epoch, an epoch that is not now (an own epoch is a group of one).
 * now_s: this machine's clock.  An exit status.
 */
int token_keys_read(const json_t *answer, struct evp_pkey_st *council, int64_t now_s,
    struct token_keys **ret) MUST_CHECK;
void token_keys_free(struct token_keys *k); /* NULL is fine */

/* The key of a group in the epoch that is now, if the council signed it; else says so.
 * An exit status. */
int token_keys_current(const struct token_keys *k, const char *group,
    const struct issuer_key **ret) MUST_CHECK;
/* The same of any epoch, without words; NULL: none is shown. */
const struct issuer_key *token_keys_find(
    const struct token_keys *k, const char *group, uint32_t epoch);

#endif
