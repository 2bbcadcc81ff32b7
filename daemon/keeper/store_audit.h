/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_STORE_AUDIT_H
#define KEEPER_STORE_AUDIT_H

#include "daemon/keeper/store.h"
#include "proto/audit.h"

/* The audit log of desks, its signed points and the keys that sign them. */

/* Puts the row behind the last one: number, prev and sum are set here. */
int store_audit_add(struct store *s, struct audit_row *r) MUST_CHECK;
/* The number and sum of the last row; 0 and zeros when there is none. */
int store_audit_last(struct store *s, uint64_t *ret_number, uint8_t *ret_sum) MUST_CHECK;
/* Rows from this number on, at most `most`, until fn gives something else than 0. */
int store_audit_each(struct store *s, uint64_t from, unsigned most,
    int (*fn)(void *arg, const struct audit_row *r), void *arg) MUST_CHECK;
/* Those of up to so many receivers, the newest first, below this number. */
enum { STORE_AUDIT_RECEIVERS = 8 };
struct store_receivers {
	size_t n;
	uint8_t v[STORE_AUDIT_RECEIVERS][RECEIVER_LEN];
};
int store_audit_of(struct store *s, const struct store_receivers *of, uint64_t before,
    unsigned most, int (*fn)(void *arg, const struct audit_row *r), void *arg) MUST_CHECK;

int store_audit_point_add(struct store *s, const struct audit_point *p) MUST_CHECK;
/* ERR_NOTFOUND: nothing is signed yet. */
int store_audit_point_last(struct store *s, struct audit_point *ret) MUST_CHECK;
int store_audit_point_each(struct store *s, uint64_t from, unsigned most,
    int (*fn)(void *arg, const struct audit_point *p), void *arg) MUST_CHECK;

/* A new key: its public and its private half, DER. */
int store_audit_key_add(
    struct store *s, int64_t minute, struct slice pub, struct slice priv) MUST_CHECK;
/* Public halves, the newest first. */
int store_audit_key_each(struct store *s, unsigned most,
    int (*fn)(void *arg, struct slice pub), void *arg) MUST_CHECK;
/* The private half of the newest.  ERR_NOTFOUND. */
int store_audit_private(struct store *s, struct buf *out) MUST_CHECK;

/* How many rows were written, changed or removed so far, also what is undone later. */
uint64_t store_changes(struct store *s);
/* A file for its audit log only; nothing in it is changed.  As db_open_read. */
int store_open_read(struct store **ret, const char *path, struct buf *why) MUST_CHECK;

#endif
