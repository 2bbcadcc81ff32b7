/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_STORE_SIGNING_H
#define KEEPER_STORE_SIGNING_H

#include "daemon/keeper/store.h"
#include "proto/jwk.h"

/* The hub's keys for bulletins.  Public halves of its own stay for ever, so that all of
 * the log verifies; a private half never leaves this database, not even in a copy of it.
 */
enum { SIGNING_DER_MAX = 256 };

struct store_signing {
	char kid[JWK_KID + 1];
	unsigned char point[JWK_POINT];
	int64_t made, since;		    /* minutes; since: when it begins to sign */
	unsigned char der[SIGNING_DER_MAX]; /* the private half */
	size_t der_len;			    /* 0: it is gone */
};

int store_signing_add(struct store *s, const struct store_signing *k) MUST_CHECK;
/* In the order in which they begin; fn not 0 ends the walk and is handed back. */
int store_signing_each(struct store *s,
    int (*fn)(void *arg, const struct store_signing *k), void *arg) MUST_CHECK;
/* Destroys the private half; ERR_NOTFOUND: no such key. */
int store_signing_retire(struct store *s, const char *kid) MUST_CHECK;
/* Another hub's key, which has no private half here: it is forgotten. */
int store_signing_drop(struct store *s, const char *kid) MUST_CHECK;

#endif
