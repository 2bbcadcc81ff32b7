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
	VM_SEAL,       /* struct vault_order -> seal */
	VM_TERMS,      /* {spki[32], page u16} -> terms */
	VM_GENERATION, /* push, call 0: {generation u64} */
	/* {spki[32], group u8, epoch u32, blinded[384]} -> {status u8, signature[384]} */
	VM_ISSUE,
	/* {spki[32], report[16]} -> {status u8, n u16, n bytes of CMS}: to a recipient
	 * whom the reporter of a named report chose, and to nobody else */
	VM_NAMED,
	VM_NAMES, /* {spki[32], kind u8, id[64]} -> vault_called, to the desk concerned */
	VM_NAMEABLE, /* vault_order -> seal, of which status and auto_ok: for a preview */
	VM_SETTLE,   /* struct vault_settle, no answer: what became of a VM_SEAL */
	VM_NAMES_LIST, /* struct vault_readers -> as many names as a page has room for */
	/* vault-keeper: after VM_DIRECTORY, and again after every change */
	VM_DIRECTORY = 32, /* {keeper_epoch u32}: another one ends all issuer keys */
	VM_DIR_BEGIN,	   /* push {generation u64} */
	VM_DIR_ROW,	   /* push, struct vault_dir_row */
	VM_DIR_END,	   /* push {count u32} */
	/* Behind VM_DIR_END, and after every change: the whole set anew. */
	VM_ISSUER,     /* push struct vault_issuer: one key */
	VM_ISSUER_END, /* push struct vault_public */
	VM_DIR_DUTY,   /* push, struct vault_dir_duty: between VM_DIR_BEGIN and its end */
	VM_ROUTES = 48, /* vault-courier: {id[16], page u8} -> vault_routes */
	VM_DUTY,	/* {id[16], page u8, rank u8} -> vault_routes: msg_people.h */
	/* vault-admin: answers carry a status (enum vault_status) */
	VM_A_MEMBER = 64, /* struct vault_member: add or replace, its terms dropped */
	VM_A_TERM,	  /* struct vault_term: one more, of a member of this batch */
	VM_A_CERT,	  /* {id[64], person[64], spki[32], not_after i64} */
	VM_A_CERT_REVOKE, /* {spki[32]} */
	VM_A_DISABLE,	  /* {id[64], disabled u8} */
	VM_A_COMMIT,	  /* {} makes the batch durable, bumps the generation */
	VM_A_LIST,	  /* {after id[64]} -> u8 n <= 16, n * {id[64], roles u16, u8} */
	/* {id[64]} -> vault_member, u16 terms, u8 n, n * {spki[32], i64, revoked u8},
	 * recipient u8, spki[32], not_after i64 */
	VM_A_SHOW,
	VM_A_STATUS,   /* {} -> struct vault_state */
	VM_A_BACKUP,   /* {path[256]} -> pushes VM_A_PROGRESS, then the answer */
	VM_A_PROGRESS, /* push {done u32, total u32}, same call id */
	/* {id[64], n u16, cert[2048] DER}, in a batch: can be named; n 0: no more */
	VM_A_RECIPIENT,
	VM_A_ISSUER_LIST, /* {after u16} -> n u8, n * {group u8, epoch u32, state u8,
			     id[32]} */
	VM_A_ENVELOPE, /* {report[16], reason[512]} -> number u64, sum[32], n u16, CMS */
	VM_A_EXPORTS,  /* {from u64} -> n u8, n * export */
	VM_A_ESCROW, /* {} -> n u8, n * {pair[8], envelopes u32, last_day u32, now u8} */
	VM_A_RELOAD, /* {} -> text[128]: escrow certificates are read anew */
	VM_A_GROUPS, /* struct vault_groups, in a batch: the sector group of each slot */
	/* {sector u8 of each slot, 255: none}, in a batch: counts start from it */
	VM_A_SECTORS = 82,
	VM_A_CONTACT,  /* struct vault_contact, in a batch, of a member of it */
	VM_A_ROTATE,   /* struct vault_rotate, in a batch */
	VM_A_CONTACTS, /* {id[64], person[64], page u8} -> struct vault_routes */
	VM_A_PERSON,   /* struct vault_person, in a batch, of a member of it */
	VM_A_NAMES,    /* struct vault_names, the same */
	VM_A_PERSONS,  /* {id[64], after person[64]} -> struct vault_persons */
	/* {id[64], person[64], after u16} -> n u8, n * {spki[32], i64, revoked u8} */
	VM_A_CERTS,
	VM_A_SHIFT,    /* struct vault_shift, in a batch */
	VM_A_UNROSTER, /* {id[64]}, in a batch: all shifts of the member go */
	/* {id[64], after u16} -> n u8, n * {person[64], from i64, to i64, order u8} */
	VM_A_ROSTER,
	VM_A_RECEIVER = 96, /* {receiver[16]} -> id[64]: who a receiver is */
};

enum vault_status {
	VS_OK = 0,
	VS_UNKNOWN,  /* no such certificate or member */
	VS_DISABLED, /* the member is suspended, the person gone or without the duty */
	VS_EXPIRED,  /* not_after has passed, or differs from the registry's */
	VS_REVOKED,
	VS_EXISTS, /* a second SEAL for one report id; a certificate of another member */
	VS_INVALID,
	VS_FULL,    /* storage */
	VS_OUTCOME, /* sync failed; the vault stops */
	VS_INTERNAL,
	VS_QUOTA,  /* the tokens of this epoch are drawn */
	VS_NO_KEY, /* no issuer key of this group and epoch signs now, or not for him */
	VS_LAST = VS_NO_KEY
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

/* Text of a fixed room: bytes, then zeros; the last byte is always one.  room is at most
 * VAULT_TERM_MAX. */
void vault_text_put(struct buf *b, const char *s, size_t room);
void vault_text_get(struct wire *w, char *out, size_t room);
/* Encoders write exactly the fixed size; decoders check it (ERR_PROTO). */
void vault_hello_put(struct buf *b, const struct vault_hello *m);
int vault_hello_get(const void *p, size_t n, struct vault_hello *ret) MUST_CHECK;
void vault_admit_put(struct buf *b, const struct vault_admit *m);
int vault_admit_get(const void *p, size_t n, struct vault_admit *ret) MUST_CHECK;
void vault_terms_put(struct buf *b, const struct vault_terms *m);
int vault_terms_get(const void *p, size_t n, struct vault_terms *ret) MUST_CHECK;
/* Pads a fresh answer to VAULT_PAGE with zeros. */
void vault_page_pad(struct buf *b);

#endif
