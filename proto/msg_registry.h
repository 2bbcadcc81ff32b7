/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_MSG_REGISTRY_H
#define PROTO_MSG_REGISTRY_H

#include "proto/msg_vault.h"

/* What the vault tells and is told of its members: messages of vault-keeper and
 * vault-admin. */

/* A directory row for the keeper: no name. */
struct vault_dir_row {
	struct rights rights;
	uint8_t disabled, routes; /* routes: bit 0 mail, bit 1 webhook, bit 2 telephone */
	uint8_t always; /* somebody is there around the clock, whatever its CEPTOARs do */
	char region[16], class_[16], size[8];
	struct subscription wants; /* used until the member sets one */
};

/* How many persons are at a member's desk from minute to minute (since 1970), by its
 * roster: struct duty_span of a receiver. */
struct vault_dir_duty {
	unsigned char receiver[RECEIVER_LEN];
	int64_t from, to;
	uint8_t persons;
};

struct vault_member {
	char id[VAULT_ID_MAX];
	uint8_t disabled;
	struct slots op, sec, aff;
	uint16_t roles;
	uint8_t clearance, routes, always;
	char region[16], class_[16], size[8];
	struct subscription wants;
};

struct vault_term {
	char id[VAULT_ID_MAX];
	uint8_t kind;
	uint16_t n;
	char text[VAULT_TERM_MAX];
};

struct vault_state {
	uint64_t generation;
	uint32_t members, disabled, certs, envelopes, fronts, keepers;
	uint64_t wal_bytes;
	char reload_error[128]; /* "" when the last SIGHUP went well */
};

/* Encoders write exactly the fixed size; decoders check it (ERR_PROTO). */
void vault_dir_row_put(struct buf *b, const struct vault_dir_row *m);
int vault_dir_row_get(const void *p, size_t n, struct vault_dir_row *ret) MUST_CHECK;
void vault_dir_duty_put(struct buf *b, const struct vault_dir_duty *m);
int vault_dir_duty_get(const void *p, size_t n, struct vault_dir_duty *ret) MUST_CHECK;
void vault_member_put(struct buf *b, const struct vault_member *m);
int vault_member_get(const void *p, size_t n, struct vault_member *ret) MUST_CHECK;
void vault_term_put(struct buf *b, const struct vault_term *m);
int vault_term_get(const void *p, size_t n, struct vault_term *ret) MUST_CHECK;
void vault_state_put(struct buf *b, const struct vault_state *m);
int vault_state_get(const void *p, size_t n, struct vault_state *ret) MUST_CHECK;

#endif
