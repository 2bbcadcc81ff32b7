/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_MSG_VAULT_H
#define PROTO_MSG_VAULT_H

#include <stdint.h>

#include "lib/wire.h"
#include "proto/rights.h"

/*
 * Messages of the vault.  Requests have a fixed size per type and answers are fixed 4 KiB
 * pages (zero-padded), so that no length tells anything and no parser is needed.  The
 * socket decides which types exist: vault-front, vault-keeper, vault-admin.
 * Nothing here answers "who sent this?" or "is this mine?".
 */
enum {
	VAULT_PAGE = 4096, /* payload of every answer on vault-front */
	VAULT_FRAME_MAX = 4096 + 64,
	VAULT_TERM_MAX = 256, /* bytes of one scrubber term */
	VAULT_ID_MAX = 64,    /* bytes of a member id, NUL included */
};

enum vault_msg {
	/* vault-front */
	VM_HELLO = 1,  /* {} -> hello */
	VM_ADMIT,      /* {spki[32], not_after i64} -> admit */
	VM_SEAL,       /* {spki[32], report[16], wants_auto u8} -> seal */
	VM_TERMS,      /* {spki[32], page u16} -> terms */
	VM_GENERATION, /* push, call 0: {generation u64} */
	/* vault-keeper: after VM_DIRECTORY, and again after every change */
	VM_DIRECTORY = 32, /* {} */
	VM_DIR_BEGIN,	   /* push {generation u64} */
	VM_DIR_ROW,	   /* push, struct vault_dir_row */
	VM_DIR_END,	   /* push {count u32} */
	/* vault-admin: answers carry a status (enum vault_status) */
	VM_A_MEMBER = 64, /* struct vault_member: add or replace, its terms dropped */
	VM_A_TERM,	  /* struct vault_term: one more, of a member of this batch */
	VM_A_CERT,	  /* {id[64], spki[32], not_after i64} */
	VM_A_CERT_REVOKE, /* {spki[32]} */
	VM_A_DISABLE,	  /* {id[64], disabled u8} */
	VM_A_COMMIT,	  /* {} makes the batch durable, bumps the generation */
	VM_A_LIST,	  /* {after id[64]} -> u8 n <= 16, n * {id[64], roles u16, u8} */
	/* {id[64]} -> vault_member, u16 terms, u8 n, n * {spki[32], i64, revoked u8} */
	VM_A_SHOW,
	VM_A_STATUS,   /* {} -> struct vault_state */
	VM_A_BACKUP,   /* {path[256]} -> pushes VM_A_PROGRESS, then the answer */
	VM_A_PROGRESS, /* push {done u32, total u32}, same call id */
};

enum vault_status {
	VS_OK = 0,
	VS_UNKNOWN,  /* no such certificate or member */
	VS_DISABLED, /* the member is suspended */
	VS_EXPIRED,  /* not_after has passed, or differs from the registry's */
	VS_REVOKED,
	VS_EXISTS, /* a second SEAL for one report id; a certificate of another member */
	VS_INVALID,
	VS_FULL,    /* storage */
	VS_OUTCOME, /* sync failed; the vault stops */
	VS_INTERNAL,
};

struct vault_hello {
	uint64_t generation;
	unsigned char ticket_secret[32];
};

struct vault_admit {
	uint8_t status;
	uint64_t generation;
	struct rights rights; /* when VS_OK */
};

struct vault_seal {
	uint8_t status;
	uint8_t auto_ok; /* 1: the member is under its automatic releases of 24 h */
};

/* Kinds of scrubber terms (member file: names, aliases, ...). */
enum term_kind {
	TERM_NAME = 1,
	TERM_ALIAS,
	TERM_DOMAIN,
	TERM_NETWORK,
	TERM_ASN,
	TERM_HOST_PREFIX,
	TERM_SITE,
	TERM_PERSON,
};

/* One page of terms: count entries of {kind u8, text}. */
struct vault_terms {
	uint8_t status;
	uint16_t pages, count;
	struct slice data; /* count * {u8 kind, u32 n, n bytes}; points into the frame */
};

/* A directory row for the keeper: no name. */
struct vault_dir_row {
	struct rights rights;
	uint8_t disabled, routes; /* routes: bit 0 mail, bit 1 webhook, bit 2 telephone */
	char region[16], class_[16], size[8];
	struct subscription wants; /* used until the member sets one */
};

struct vault_member {
	char id[VAULT_ID_MAX];
	uint8_t disabled;
	struct slots op, sec, aff;
	uint16_t roles;
	uint8_t clearance, routes;
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
void vault_hello_put(struct buf *b, const struct vault_hello *m);
int vault_hello_get(const void *p, size_t n, struct vault_hello *ret) MUST_CHECK;
void vault_admit_put(struct buf *b, const struct vault_admit *m);
int vault_admit_get(const void *p, size_t n, struct vault_admit *ret) MUST_CHECK;
void vault_seal_put(struct buf *b, const struct vault_seal *m);
int vault_seal_get(const void *p, size_t n, struct vault_seal *ret) MUST_CHECK;
void vault_terms_put(struct buf *b, const struct vault_terms *m);
int vault_terms_get(const void *p, size_t n, struct vault_terms *ret) MUST_CHECK;
void vault_dir_row_put(struct buf *b, const struct vault_dir_row *m);
int vault_dir_row_get(const void *p, size_t n, struct vault_dir_row *ret) MUST_CHECK;
void vault_member_put(struct buf *b, const struct vault_member *m);
int vault_member_get(const void *p, size_t n, struct vault_member *ret) MUST_CHECK;
void vault_term_put(struct buf *b, const struct vault_term *m);
int vault_term_get(const void *p, size_t n, struct vault_term *ret) MUST_CHECK;
void vault_state_put(struct buf *b, const struct vault_state *m);
int vault_state_get(const void *p, size_t n, struct vault_state *ret) MUST_CHECK;
/* Pads a fresh answer to VAULT_PAGE with zeros. */
void vault_page_pad(struct buf *b);

#endif
