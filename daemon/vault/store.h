/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VAULT_STORE_H
#define VAULT_STORE_H

#include <stdint.h>

#include "lib/buf.h"
#include "lib/err.h"
#include "proto/msg_vault.h"

/* Opaque types. */
struct db;
struct store;

/*
 * The vault's database: every statement of SQL stands in store.c.  Errors are those of
 * lib/db.h; ERR_OUTCOME means that the program must stop.
 */
struct store_meta {
	uint64_t generation;
	unsigned char receiver_key[32], ticket_secret[32];
};

struct store_cert {
	char id[VAULT_ID_MAX]; /* the member */
	unsigned char spki[32];
	int64_t not_after; /* seconds since 1970 */
	int revoked;
};

/* Opens or makes the file; a new one gets its secrets.  `why` as in db_open. */
int store_open(struct store **ret, const char *path, struct buf *why) MUST_CHECK;
void store_close(struct store *s); /* NULL is fine */
struct db *store_db(struct store *s);

int store_meta(struct store *s, struct store_meta *ret) MUST_CHECK;
/* Walk a whole table: 1 a row, 0 the end (start again from the beginning), or an error.
 * Members by id; terms by member and position. */
int store_next_member(struct store *s, struct vault_member *ret) MUST_CHECK;
int store_next_term(struct store *s, struct vault_term *ret) MUST_CHECK;
int store_next_cert(struct store *s, struct store_cert *ret) MUST_CHECK;

/* Changes of the registry, inside db_begin and db_commit. */
/* Adds or replaces; the member's terms are dropped.  Who is disabled stays so. */
int store_put_member(struct store *s, const struct vault_member *m) MUST_CHECK;
int store_put_term(
    struct store *s, const struct vault_term *t) MUST_CHECK; /* ERR_NOTFOUND */
/* ERR_NOTFOUND: no such member; ERR_EXISTS: another member's; ERR_DENIED: it is revoked.
 */
int store_put_cert(struct store *s, const struct store_cert *c) MUST_CHECK;
int store_revoke(
    struct store *s, const unsigned char spki[32]) MUST_CHECK; /* ERR_NOTFOUND */
int store_disable(
    struct store *s, const char *id, int disabled) MUST_CHECK; /* the same */
int store_bump_generation(struct store *s) MUST_CHECK;

/* ERR_EXISTS: the report has one already (the transaction goes on). */
int store_put_envelope(struct store *s, const unsigned char report[ID_LEN], const void *p,
    size_t n, int64_t day) MUST_CHECK;
/* Destroys up to `most` envelopes of days before `day`; the count, or an error. */
int store_drop_envelopes(struct store *s, int64_t day, int most) MUST_CHECK;
int store_count_envelopes(struct store *s, uint32_t *ret) MUST_CHECK;

#endif
