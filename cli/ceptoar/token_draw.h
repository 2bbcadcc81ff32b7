/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CEPTOAR_TOKEN_DRAW_H
#define CEPTOAR_TOKEN_DRAW_H

#include <jansson.h>

#include "cli/ceptoar/token_keys.h"

/*
 * One batch.  What is asked for is kept as JSON, so that it can be saved before it is
 * sent:
 *
 *   { "group", "epoch", "index", "key_id", "elements": [{ "nonce", "prefix", "factor",
 *     "blinded" }, ...] }    (base64url; all but "blinded" never leave this machine)
 */
/* Fresh nonces, prefixes and blinding factors for `count` tokens of the key; index: of
 * the group in the list of CEPTOARs.  An exit status. */
int token_draw_new(const struct issuer_key *key, unsigned index, unsigned count,
    json_t **ret) MUST_CHECK;
/* Were these elements made for that key, and as many? */
int token_draw_fits(const json_t *asked, const struct issuer_key *key, unsigned count);
/* The request's body. */
int token_draw_body(const json_t *asked, struct buf *out) MUST_CHECK;
/* Unblinds and verifies every signature of the answer: a list of tokens, base64url.  One
 * that does not verify refuses the batch, in words. */
int token_draw_finish(const json_t *asked, const struct issuer_key *key,
    const json_t *answer, json_t **ret_tokens) MUST_CHECK;

#endif
