/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_MSG_PERSON_H
#define PROTO_MSG_PERSON_H

#include "proto/msg_vault.h"

/* Who a member's people are, and what members and persons are called. */

/* Who of a member may hold a certificate of its own. */
enum {
	PERSONS_MAX = 64, /* of a member */
	NAME_MAX_BYTES = VAULT_TERM_MAX,
	LANG_JA = 1,
	LANG_EN = 2,
};

struct vault_person {
	char id[VAULT_ID_MAX], person[VAULT_ID_MAX];
	uint8_t duties; /* enum person_duty bits, at least one */
	uint8_t langs;	/* LANG_* bits, at least one */
};

/* What a member (person "") or a person is called; "" when that is not known. */
struct vault_names {
	char id[VAULT_ID_MAX], person[VAULT_ID_MAX];
	char ja[NAME_MAX_BYTES + 1], en[NAME_MAX_BYTES + 1];
};

/* One of a member's persons in the answer to VM_A_PERSONS. */
struct vault_someone {
	char person[VAULT_ID_MAX];
	uint8_t duties, langs;
	uint8_t
	    gone; /* the newest import does not name it: its certificates are refused */
	char ja[NAME_MAX_BYTES + 1], en[NAME_MAX_BYTES + 1];
};
enum { SOMEONE_PAGE = 6 };
struct vault_persons {
	uint8_t count;
	struct vault_someone v[SOMEONE_PAGE];
};

/* The answer to VM_NAMES; id "" unless the status is VS_OK. */
struct vault_called {
	uint8_t status;
	char id[VAULT_ID_MAX];
	char ja[NAME_MAX_BYTES + 1], en[NAME_MAX_BYTES + 1];
	uint8_t receiver[RECEIVER_LEN]; /* of the member; of a person zeros */
};
/* Of whom it is asked: by a receiver or person id, or the other way round by a member's.
 */
enum { NAMES_OF_RECEIVER = 0, NAMES_OF_PERSON = 1, NAMES_OF_MEMBER = 2 };

/* VM_NAMES_LIST: of whom a list is. */
enum { NAMES_LIST_MOST = 100 };
struct vault_readers {
	uint8_t spki[32];
	uint8_t count; /* at least one */
	uint8_t ids[NAMES_LIST_MOST][RECEIVER_LEN];
};

enum {
	VAULT_READERS_LEN = 32 + 1 + NAMES_LIST_MOST * RECEIVER_LEN, /* VM_NAMES_LIST */
	VAULT_PERSON_LEN = 2 * VAULT_ID_MAX + 2,
	VAULT_NAMES_LEN = 2 * VAULT_ID_MAX + 2 * (2 + NAME_MAX_BYTES),
	VAULT_NAMES_ASK = 32 + 1 + VAULT_ID_MAX, /* VM_NAMES */
	VAULT_PERSONS_ASK = 2 * VAULT_ID_MAX,	 /* VM_A_PERSONS */
	VAULT_CERTS_ASK = 2 * VAULT_ID_MAX + 2,	 /* VM_A_CERTS */
	VAULT_CERTS_PAGE = 64,
	VAULT_CERT_LEN = 2 * VAULT_ID_MAX + 32 + 8 /* VM_A_CERT */
};

/* Encoders write exactly the fixed size; decoders check it (ERR_PROTO). */
void vault_person_put(struct buf *b, const struct vault_person *m);
int vault_person_get(const void *p, size_t n, struct vault_person *ret) MUST_CHECK;
void vault_names_put(struct buf *b, const struct vault_names *m);
int vault_names_get(const void *p, size_t n, struct vault_names *ret) MUST_CHECK;
void vault_persons_put(struct buf *b, const struct vault_persons *m);
int vault_persons_get(const void *p, size_t n, struct vault_persons *ret) MUST_CHECK;
/* An answer of VAULT_PAGE bytes. */
void vault_called_put(struct buf *b, const struct vault_called *m);
int vault_called_get(const void *p, size_t n, struct vault_called *ret) MUST_CHECK;
void vault_readers_put(struct buf *b, const struct vault_readers *m);
int vault_readers_get(const void *p, size_t n, struct vault_readers *ret) MUST_CHECK;
/* The answer to VM_NAMES_LIST, an answer of VAULT_PAGE bytes that tells of the first ones
 * in the order asked: begun empty, then a line for each (status VS_OK or VS_UNKNOWN; no
 * receiver, for the front knows whom it asked about), then padded.  ERR_LIMIT: there is
 * no room for this line, which is left out. */
void vault_lines_begin(struct buf *b);
int vault_lines_add(struct buf *b, const struct vault_called *m) MUST_CHECK;
/* Reads one: *ret_count lines follow in w, at least one and at most NAMES_LIST_MOST. */
int vault_lines_open(
    struct wire *w, const void *p, size_t n, unsigned *ret_count) MUST_CHECK;
int vault_lines_next(struct wire *w, struct vault_called *ret) MUST_CHECK;

#endif
