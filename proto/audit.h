/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_AUDIT_H
#define PROTO_AUDIT_H

#include "lib/wire.h"
#include "proto/rights.h"

/* Opaque types. */
struct evp_pkey_st;

/*
 * The audit log: who of a desk looked at or did what.  It names persons of desks and what
 * they acted on by its id; never a sender, a secret or text.
 */
enum {
	AUDIT_ACTION_MAX = 32,
	AUDIT_REF_MAX = 64,
	AUDIT_DETAIL_MAX = 128,
	AUDIT_JWS_MAX = 512,
	AUDIT_KEY_MAX = 256, /* bytes of a key as DER */
	AUDIT_PAGE = 256,    /* rows of one answer */
};
#define AUDIT_TYP "ceptoar-audit+jws"

/* One row.  sum = SHA-256(prev, number u64, minute i64, person, receiver, action, ref,
 * detail), integers little-endian, each text with its u32 length in front; prev is the
 * sum of the row before, zeros in the first. */
struct audit_row {
	uint64_t number; /* from 1 on, without a gap */
	int64_t minute;
	uint8_t person[RECEIVER_LEN], receiver[RECEIVER_LEN];
	char action[AUDIT_ACTION_MAX + 1];
	char ref[AUDIT_REF_MAX + 1]; /* of a case, report, bulletin or draft, or "" */
	char detail[AUDIT_DETAIL_MAX + 1];
	uint8_t prev[32], sum[32];
};

/* A row that the hub has signed: the log up to there cannot be written anew. */
struct audit_point {
	uint64_t number;
	int64_t minute; /* of the signature */
	uint8_t sum[32];
	char jws[AUDIT_JWS_MAX + 1]; /* over audit_point_payload, typ AUDIT_TYP */
};

int audit_row_sum(const struct audit_row *r, uint8_t ret[32]) MUST_CHECK;
void audit_row_put(struct buf *b, const struct audit_row *r);
void audit_row_get(struct wire *w, struct audit_row *ret);
void audit_point_put(struct buf *b, const struct audit_point *p);
void audit_point_get(struct wire *w, struct audit_point *ret);
/* {"minute":M,"number":N,"sum":"hex"}, what the signature is over. */
void audit_point_payload(const struct audit_point *p, struct buf *out);
/* Signs it.  ERR_CRYPTO, ERR_LIMIT. */
int audit_point_sign(struct audit_point *p, struct evp_pkey_st *key) MUST_CHECK;
/* 0: it is this key's, over exactly this point. */
int audit_point_check(const struct audit_point *p, struct evp_pkey_st *key) MUST_CHECK;

/* Reads the rows in the order of the table, and keeps the first thing that is wrong. */
struct audit_walk {
	uint64_t next; /* number that is expected; 0 reads as 1 */
	uint8_t head[32];
	uint64_t wrong;	  /* number of the row that does not fit; 0: none */
	const char *what; /* what is wrong with it */
};
void audit_walk_row(struct audit_walk *w, const struct audit_row *r);
/* A point of a row that was walked last. */
void audit_walk_point(struct audit_walk *w, const struct audit_point *p);
/* All rows were walked: a point behind the last one says that rows are missing. */
void audit_walk_end(struct audit_walk *w, uint64_t last_point);

#endif
