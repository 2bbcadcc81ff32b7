/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VAULT_VSTORE_ROSTER_H
#define VAULT_VSTORE_ROSTER_H

#include <stdint.h>

#include "lib/err.h"
#include "proto/msg_roster.h"

/* Opaque types. */
struct db;
struct duty_spans;
struct vroster;

/* The part of the vault's database that says who is on duty when.  Errors as in vstore.h;
 * what writes is called inside a transaction. */
int vroster_new(struct vroster **ret, struct db *d) MUST_CHECK;
void vroster_free(struct vroster *r); /* NULL is fine */

int vroster_drop(struct vroster *r, const char *id) MUST_CHECK;
/* ERR_NOTFOUND: no such person, or it is gone; ERR_EXISTS: it begins a shift then. */
int vroster_put(struct vroster *r, const struct vault_shift *m) MUST_CHECK;
/* Shifts that ended before this minute are forgotten. */
int vroster_sweep(struct vroster *r, int64_t minute) MUST_CHECK;
/* Shifts of a member in their order, so many passed over: up to ROSTER_PAGE of them. */
int vroster_list(struct vroster *r, const char *id, unsigned after,
    struct vault_shift *ret, unsigned *ret_count) MUST_CHECK;
/* Who is on duty at this minute, whoever is called first standing first; not who is gone.
 * Up to ROSTER_PAGE of them. */
int vroster_on_duty(struct vroster *r, const char *id, int64_t minute,
    struct vault_shift *ret, unsigned *ret_count) MUST_CHECK;
/* How many of those who may sit at its desk are on duty, from shift to shift; `ret` gets
 * no span without a roster, and is the caller's to free also after an error. */
int vroster_spans(struct vroster *r, const char *id, struct duty_spans *ret) MUST_CHECK;

#endif
