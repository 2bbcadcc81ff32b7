/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VAULT_ISSUER_H
#define VAULT_ISSUER_H

#include <stdint.h>
#include <sys/types.h>

#include "daemon/vault/drawers.h"
#include "lib/buf.h"
#include "lib/err.h"
#include "proto/msg_issuer.h"
#include "proto/token.h"

/* Opaque types. */
struct issuer;
struct evp_pkey_st;
struct reg_member;
struct vault;
struct vstore_tokens;

/*
 * The keys that sign blind tokens: one for each sector group and epoch, made ahead.  The
 * epoch is the wall clock's, and never goes back: what was destroyed at its end must not
 * be made a second time.  (It starts afresh when the length of an epoch is set anew.)
 * The private half is destroyed when its epoch ends, the public half one epoch later.
 * All keys are destroyed, and others made, when a keeper with another epoch asks: it
 * does not know which tokens are spent.  Keys without a private half, as a restored
 * backup has them, are replaced too.  Without groups there are no keys.
 */
struct issuer_key {
	uint8_t group;
	uint32_t epoch, drawn;
	unsigned char id[KEY_ID_LEN], n[BLIND_RSA_LEN];
	int has_private;
	struct evp_pkey_st *priv; /* of the current epoch only */
	struct drawers who;
};

int issuer_new(struct issuer **ret, struct vault *v) MUST_CHECK;
void issuer_free(struct issuer *s); /* NULL is fine */
/* Who makes keys: our end of keysmith_spawn; fd is taken over also on error. */
int issuer_keysmith(struct issuer *s, int fd, pid_t pid) MUST_CHECK;

/* Groups may have been changed in the store, and who reports where. */
void issuer_registry_changed(struct issuer *s);
/* A keeper of this epoch has asked.  An error: it must not be answered, for it would
 * meet keys whose spent tokens it does not know. */
int issuer_keeper(struct issuer *s, uint32_t keeper_epoch) MUST_CHECK;

/* The key that signs now, its private half loaded; NULL: none. */
struct issuer_key *issuer_current(struct issuer *s, unsigned group, uint32_t epoch);
/* Is the member an operator or affiliate of a CEPTOAR in this group? */
int issuer_may(const struct issuer *s, const struct reg_member *m, unsigned group);
/* One more member has drawn from this key; told to keepers within a second. */
void issuer_drawn(struct issuer *s, struct issuer_key *k, const char *member);
struct vstore_tokens *issuer_store(struct issuer *s);

/* What is published, key by key by epoch and group, and at the end. */
int issuer_at(
    const struct issuer *s, size_t i, struct vault_issuer *ret); /* 0: no more */
const unsigned char *issuer_id_at(const struct issuer *s, size_t i);
void issuer_public(const struct issuer *s, struct vault_public *ret);

#endif
