/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VAULT_VSTORE_H
#define VAULT_VSTORE_H

#include <stdint.h>

#include "lib/buf.h"
#include "lib/err.h"
#include "proto/msg_escrow.h"
#include "proto/msg_registry.h"

/* Opaque types. */
struct db;
struct vstore;
struct vpeople;

/*
 * The vault's database: every statement of SQL stands in vstore.c and
 * vstore_books.c.  Errors are those of
 * lib/db.h; ERR_OUTCOME means that the program must stop.
 */
struct vstore_meta {
	uint64_t generation;
	unsigned char receiver_key[32], ticket_secret[32];
};

struct vstore_cert {
	char id[VAULT_ID_MAX]; /* the member */
	unsigned char spki[32];
	int64_t not_after; /* seconds since 1970 */
	int revoked;
};

/* Opens or makes the file; a new one gets its secrets.  `why` as in db_open. */
int vstore_open(struct vstore **ret, const char *path, struct buf *why) MUST_CHECK;
void vstore_close(struct vstore *s); /* NULL is fine */
struct db *vstore_db(struct vstore *s);
struct vpeople *vstore_people(struct vstore *s);

int vstore_meta(struct vstore *s, struct vstore_meta *ret) MUST_CHECK;
/* Walk a whole table: 1 a row, 0 the end (start again from the beginning), or an error.
 * Members by id; terms by member and position. */
int vstore_next_member(struct vstore *s, struct vault_member *ret) MUST_CHECK;
int vstore_next_term(struct vstore *s, struct vault_term *ret) MUST_CHECK;
int vstore_next_cert(struct vstore *s, struct vstore_cert *ret) MUST_CHECK;

/* Changes of the registry, inside db_begin and db_commit. */
/* Adds or replaces; the member's terms are dropped.  Who is disabled stays so. */
int vstore_put_member(struct vstore *s, const struct vault_member *m) MUST_CHECK;
int vstore_put_term(
    struct vstore *s, const struct vault_term *t) MUST_CHECK; /* ERR_NOTFOUND */
/* ERR_NOTFOUND: no such member; ERR_EXISTS: another member's; ERR_DENIED: it is revoked.
 */
int vstore_put_cert(struct vstore *s, const struct vstore_cert *c) MUST_CHECK;
int vstore_revoke(
    struct vstore *s, const unsigned char spki[32]) MUST_CHECK; /* ERR_NOTFOUND */
int vstore_disable(
    struct vstore *s, const char *id, int disabled) MUST_CHECK; /* the same */
/* The sector of each of SLOTS slots, SECTOR_NONE where there is none. */
int vstore_put_sectors(struct vstore *s, const uint8_t *sectors) MUST_CHECK;
/* What was put last; none where nothing was. */
int vstore_sectors(struct vstore *s, uint8_t *ret) MUST_CHECK;
int vstore_bump_generation(struct vstore *s) MUST_CHECK;

/* ERR_EXISTS: the report has one already (the transaction goes on).  pair: whose it is
 * to open. */
int vstore_put_envelope(struct vstore *s, const unsigned char report[ID_LEN],
    const void *p, size_t n, int64_t day, const unsigned char pair[PAIR_LEN]) MUST_CHECK;
/* Destroys up to `most` envelopes of days before `day`; the count, or an error. */
int vstore_drop_envelopes(struct vstore *s, int64_t day, int most) MUST_CHECK;
/* The newest day of all envelopes: 1, or 0 when there is none, or an error. */
int vstore_newest_day(struct vstore *s, int64_t *ret) MUST_CHECK;
int vstore_count_envelopes(struct vstore *s, uint32_t *ret) MUST_CHECK;

#endif
