/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_ISSUERS_H
#define KEEPER_ISSUERS_H

#include <stddef.h>
#include <stdint.h>

#include "lib/err.h"
#include "proto/msg_issuer.h"
#include "proto/token.h"

/* Opaque types. */
struct evp_pkey_st;
struct issuers;

/*
 * The public halves of the vault's issuer keys, in memory only, as its pushes tell them
 * over the directory's link: a new set takes the old one's place when it is complete, and
 * while the vault is away the last one stands.
 */
struct issuers_key {
	uint8_t group;
	uint32_t epoch;
	enum issuer_state state;
	uint32_t drawn; /* members that drew in this epoch */
	/* Of these, who reports in a CEPTOAR of the group. */
	struct slots ceptoars;
	uint32_t in[SLOTS];
	unsigned char n[BLIND_RSA_LEN], id[KEY_ID_LEN];
	struct evp_pkey_st *key;
};

struct issuers *issuers_new(void) MUST_CHECK;
void issuers_free(struct issuers *s); /* NULL is fine */

/* VM_ISSUER and VM_ISSUER_END; ERR_PROTO and the like: the set so far is thrown away. */
int issuers_add(struct issuers *s, const void *p, size_t n) MUST_CHECK;
int issuers_end(struct issuers *s, const void *p, size_t n) MUST_CHECK;
/* The link is gone: half a set means nothing. */
void issuers_broken(struct issuers *s);

/* The key whose tokens may be redeemed, of the current epoch or the one before; valid
 * until the loop's next turn.  NULL: none. */
const struct issuers_key *issuers_find(
    const struct issuers *s, unsigned group, uint32_t epoch);
/* What does the work where no key fits: a key whose signatures anybody can make, so that
 * it proves nothing. */
const struct issuers_key *issuers_none(const struct issuers *s);
/* Every key that is known, i from 0 on; NULL: no more. */
const struct issuers_key *issuers_at(const struct issuers *s, size_t i);
/* What the vault publishes beside its keys; NULL: it has not spoken yet. */
const struct vault_public *issuers_public(const struct issuers *s);

#endif
