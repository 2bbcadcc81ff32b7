/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VAULT_VSTORE_TOKENS_H
#define VAULT_VSTORE_TOKENS_H

#include <stdint.h>

#include "lib/buf.h"
#include "lib/err.h"
#include "proto/msg_issuer.h"
#include "proto/token.h"

/* Opaque types. */
struct db;
struct vstore_tokens;

/*
 * The tables of blind tokens in the vault's database; errors as in vstore.h.  What writes
 * stands between db_begin and db_commit of the caller.
 */
struct vstore_tokens_meta {
	uint32_t epoch; /* the newest ever seen */
	uint32_t seconds;
	uint32_t keeper; /* 0: none has asked yet */
	struct vault_groups groups;
};

struct vstore_key {
	unsigned char id[KEY_ID_LEN], n[BLIND_RSA_LEN];
	uint8_t group;
	uint32_t epoch, drawn;
	int has_private;
};

/* Lives as long as the database may; freed before it. */
int vstore_tokens_new(struct vstore_tokens **ret, struct db *db) MUST_CHECK;
void vstore_tokens_free(struct vstore_tokens *s); /* NULL is fine */
/* What a backup may not hold, as SQL for db_backup_scrub. */
extern const char vstore_tokens_secret[];

int vstore_tokens_meta(
    struct vstore_tokens *s, struct vstore_tokens_meta *ret) MUST_CHECK; /* NOTFOUND */
int vstore_tokens_meta_put(
    struct vstore_tokens *s, const struct vstore_tokens_meta *m) MUST_CHECK;

/* Walks the keys that are not dead, by epoch and group: 1, 0 at the end, or an error. */
int vstore_tokens_next_key(struct vstore_tokens *s, struct vstore_key *ret) MUST_CHECK;
/* The private half is put beside it. */
int vstore_tokens_key_add(struct vstore_tokens *s, const struct vstore_key *k,
    const void *der, size_t n) MUST_CHECK;
/* Appends the private half; the caller wipes it.  ERR_NOTFOUND. */
int vstore_tokens_private(struct vstore_tokens *s, const unsigned char id[KEY_ID_LEN],
    struct buf *out) MUST_CHECK;
/* Destroys the private half. */
int vstore_tokens_key_disarm(
    struct vstore_tokens *s, const unsigned char id[KEY_ID_LEN]) MUST_CHECK;
/* Destroys it and calls the key dead; vstore_tokens_sweep does the rest. */
int vstore_tokens_key_kill(
    struct vstore_tokens *s, const unsigned char id[KEY_ID_LEN]) MUST_CHECK;
/* Deletes up to `most` rows of dead keys.  1 there may be more, 0 nothing was left. */
int vstore_tokens_sweep(struct vstore_tokens *s, int most) MUST_CHECK;

/* What was signed.  ERR_NOTFOUND. */
int vstore_tokens_issued(struct vstore_tokens *s, const unsigned char id[KEY_ID_LEN],
    const char *member, const unsigned char blinded[32],
    unsigned char ret_sig[BLIND_RSA_LEN]) MUST_CHECK;
/* How often for this member under this key; a count, or an error. */
int vstore_tokens_issued_count(struct vstore_tokens *s,
    const unsigned char id[KEY_ID_LEN], const char *member) MUST_CHECK;
int vstore_tokens_issued_add(struct vstore_tokens *s, const unsigned char id[KEY_ID_LEN],
    const char *member, const unsigned char blinded[32],
    const unsigned char sig[BLIND_RSA_LEN]) MUST_CHECK;
/* Walks the members that drew under this key, by their ids: 1 and the one behind `id` in
 * its place, which is "" at first; 0 at the end, or an error. */
int vstore_tokens_next_drawer(struct vstore_tokens *s,
    const unsigned char key[KEY_ID_LEN], char id[VAULT_ID_MAX]) MUST_CHECK;
/* One more member drew under this key. */
int vstore_tokens_drawn(
    struct vstore_tokens *s, const unsigned char id[KEY_ID_LEN]) MUST_CHECK;

#endif
