/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VAULT_NAMED_H
#define VAULT_NAMED_H

#include "daemon/vault/envelope.h"
#include "proto/msg_seal.h"
#include "proto/recipient.h"

/* Opaque types. */
struct named;
struct vault;
struct vbooks;

/*
 * Named mode: the centre and the ministries whom a reporter may choose to know who sent a
 * report.  Each of them gets an envelope of its own, in the form of one layer of the
 * sealed one and with the same text, beside it and in the same transaction.
 */
int named_load(struct named **ret, struct vbooks *b) MUST_CHECK;
void named_free(struct named *n); /* NULL is fine */

/* The registered certificate of a member; NULL: it may not be named. */
const struct recipient *named_recipient(const struct named *n, const char *id);

/* Envelopes of one report, made before anything is written. */
struct named_set {
	unsigned count;
	size_t n[NAMED_MAX];
	unsigned char cms[NAMED_MAX][ENVELOPE_MAX];
};
/* VS_OK, also when nobody is named; VS_INVALID: one of them may not be named now
 * (unknown, no recipient, suspended, its certificate revoked or not in time);
 * VS_INTERNAL. */
enum vault_status named_make(struct vault *v, const struct vault_order *o,
    const char *sender, uint32_t epoch, struct named_set *ret);
/* The same without making any. */
enum vault_status named_check(const struct vault *v, const struct vault_order *o);
/* Into the open transaction. */
int named_put(struct vault *v, const struct vault_order *o, const struct named_set *set,
    int64_t day) MUST_CHECK;
/* Receiver ids of the order's recipients. */
void named_receivers(const struct vault *v, const struct vault_order *o,
    unsigned char ret[NAMED_MAX][RECEIVER_LEN]);

#endif
