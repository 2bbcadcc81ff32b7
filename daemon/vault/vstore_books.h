/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VAULT_VSTORE_BOOKS_H
#define VAULT_VSTORE_BOOKS_H

#include <stdint.h>

#include "lib/buf.h"
#include "lib/err.h"
#include "proto/msg_escrow.h"

/* Opaque types. */
struct vbooks;
struct vstore;

/*
 * The part of the vault's database that says who may learn a sender: named recipients and
 * their envelopes, the pairs of escrow holders, the log of exports.  Errors as in
 * vstore.h.
 */
int vbooks_new(struct vbooks **ret, struct vstore *s) MUST_CHECK;
void vbooks_free(struct vbooks *b); /* before the store is closed; NULL is fine */

struct vbooks_recipient {
	char id[VAULT_ID_MAX];
	unsigned char spki[32];
	size_t n;
	unsigned char cert[RECIPIENT_DER_MAX];
};
/* Adds or replaces, inside a transaction.  ERR_NOTFOUND: no such member; ERR_INVALID: it
 * is neither a centre nor a ministry. */
int vbooks_put_recipient(struct vbooks *b, const struct vbooks_recipient *r) MUST_CHECK;
int vbooks_drop_recipient(struct vbooks *b, const char *id) MUST_CHECK; /* NOTFOUND */
/* Walks the table by id: 1 a row, 0 the end, or an error. */
int vbooks_next_recipient(struct vbooks *b, struct vbooks_recipient *ret) MUST_CHECK;

/* The envelope of a named report for one recipient. */
int vbooks_put_named(struct vbooks *b, const unsigned char report[ID_LEN], const char *id,
    const void *p, size_t n, int64_t day) MUST_CHECK;
int vbooks_get_named(struct vbooks *b, const unsigned char report[ID_LEN], const char *id,
    struct buf *out) MUST_CHECK; /* ERR_NOTFOUND */
/* Destroys up to `most` of days before `day`; the count, or an error. */
int vbooks_drop_named(struct vbooks *b, int64_t day, int most) MUST_CHECK;

/* From now on envelopes may be of this pair.  Harmless when it is known. */
int vbooks_note_pair(struct vbooks *b, const unsigned char pair[PAIR_LEN]) MUST_CHECK;
/* Walks all pairs that ever were, PAIRS_MAX at most, the newest first: 1, 0 or an error.
 * last_day is the day on which the newest was made. */
int vbooks_next_pair(struct vbooks *b, struct vault_pair *ret) MUST_CHECK;

/* The sealed envelope of a report.  ERR_NOTFOUND. */
int vbooks_get_envelope(
    struct vbooks *b, const unsigned char report[ID_LEN], struct buf *out) MUST_CHECK;
int vbooks_add_export(struct vbooks *b, const struct vault_export *e) MUST_CHECK;
/* The first row from this number on: 1, or 0 when there is none, or an error. */
int vbooks_get_export(
    struct vbooks *b, uint64_t from, struct vault_export *ret) MUST_CHECK;

#endif
