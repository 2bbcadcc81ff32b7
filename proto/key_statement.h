/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_KEY_STATEMENT_H
#define PROTO_KEY_STATEMENT_H

#include <stdint.h>

#include "proto/json.h"
#include "proto/report_time.h"
#include "proto/token.h"

/* Opaque types. */
struct evp_pkey_st;

/*
 * What the council says about issuer keys: a JWS (proto/jws.h, typ "ceptoar-keys") over
 *
 *   {"epoch_seconds":604800,"issued_at":"2026-08-06T10:00:00+09:00",
 *    "keys":[{"epoch":2968,"group":"finance","key_id":"<43 characters>"}, ...],
 *    "revoked":["<43 characters>", ...],"serial":7,"v":1}
 *
 * in the bytes of RFC 8785.  One key for each group and epoch; a key that is revoked is
 * not listed.  A statement replaces those of lower serials as a whole.
 */
enum {
	STATEMENT_KEYS = 512,
	STATEMENT_REVOKED = 512,
	STATEMENT_GROUP = 32,	    /* a group's slug and its NUL */
	STATEMENT_MAX = 128 * 1024, /* bytes of the JWS */
};

struct statement_key {
	char group[STATEMENT_GROUP];
	uint32_t epoch;
	unsigned char id[KEY_ID_LEN];
};

struct key_statement {
	uint64_t serial;	/* 1 .. 2^53 - 1 */
	uint32_t epoch_seconds; /* 60 and more */
	char issued_at[REPORT_TIME_LEN];
	unsigned n_keys, n_revoked;
	struct statement_key keys[STATEMENT_KEYS];
	unsigned char revoked[STATEMENT_REVOKED][KEY_ID_LEN];
};

/* The payload's bytes, in the order of the struct; nothing is sorted here. */
int key_statement_write(const struct key_statement *s, struct buf *out) MUST_CHECK;
/* Reads a payload whose signature stands.  ERR_INVALID and `why` (pointer, detail). */
int key_statement_read(
    struct slice payload, struct key_statement **ret, struct fault *why) MUST_CHECK;
/* Signs and appends the JWS. */
int key_statement_sign(const struct key_statement *s, struct evp_pkey_st *council,
    struct buf *out) MUST_CHECK;
/* Verifies against the council's public key and reads.  ERR_DENIED: another's signature,
 * or changed; ERR_INVALID: no such statement. */
int key_statement_open(struct evp_pkey_st *council, struct slice jws,
    struct key_statement **ret, struct fault *why) MUST_CHECK;
void key_statement_free(struct key_statement *s); /* NULL is fine */

/* The key of that group and epoch, NULL: none. */
const struct statement_key *key_statement_find(
    const struct key_statement *s, struct slice group, uint32_t epoch);
int key_statement_revokes(
    const struct key_statement *s, const unsigned char id[KEY_ID_LEN]);

#endif
