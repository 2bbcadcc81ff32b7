/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_MSG_PEOPLE_H
#define PROTO_MSG_PEOPLE_H

#include "proto/msg_vault.h"

/*
 * How members and their persons are reached: messages of vault-admin and vault-courier.
 * No other socket answers with an address.
 */
enum {
	CONTACTS_MAX = 16, /* of a member, and of each of its persons */
	/* Numbers of what a member is reached by: its own contacts, behind them those of
	 * its persons.  What is above is no number: see CONTACT_ALL. */
	ROUTES_MAX = 252,
	PERSON_ROUTES_MAX = ROUTES_MAX - CONTACTS_MAX, /* of all its persons together */
	CONTACT_VALUE_MAX = 512,		       /* bytes */
	CONTACT_SECRET = 32,
	CONTACT_LANG = 3, /* "ja" or "en" */
	CONTACT_PINS =
	    2, /* keys that a webhook's server may have: today's and the next */
	CONTACT_PIN_ONE = 8 + 44,
	CONTACT_PIN_MAX = CONTACT_PINS * (CONTACT_PIN_ONE + 1) - 1, /* bytes */
	CONTACT_OVERLAP_MAX_S = 90 * 86400,
};

enum contact_kind {
	CONTACT_MAIL = 1,
	CONTACT_WEBHOOK,
	CONTACT_SMS,
	CONTACT_VOICE,	   /* a telephone that a machine may call */
	CONTACT_TELEPHONE, /* a telephone for people: the printed call list */
	CONTACT_LAST = CONTACT_TELEPHONE
};

/* Bits of `routes` in the directory: which kinds a receiver has. */
enum route_bit {
	ROUTE_MAIL = 1u << 0,
	ROUTE_WEBHOOK = 1u << 1,
	ROUTE_TELEPHONE = 1u << 2,
	ROUTE_SMS = 1u << 3,
	ROUTE_VOICE = 1u << 4,
};

/* One contact as an import brings it; its number is its place. */
struct vault_contact {
	char id[VAULT_ID_MAX], person[VAULT_ID_MAX]; /* person "": the member's own */
	uint8_t kind;
	char lang[CONTACT_LANG];
	uint8_t has_secret; /* of a webhook; without one the vault keeps or makes one */
	unsigned char secret[CONTACT_SECRET];
	char value[CONTACT_VALUE_MAX + 1];
	char pin[CONTACT_PIN_MAX + 1]; /* of a webhook; "": any key */
};

/* A new secret for a webhook; the old one goes on for `overlap` seconds. */
struct vault_rotate {
	char id[VAULT_ID_MAX], person[VAULT_ID_MAX];
	uint8_t n; /* the contact's number, from 1 */
	uint32_t overlap;
};

/* One contact as it is used. */
struct vault_route {
	uint8_t n, kind;
	char lang[CONTACT_LANG];
	char value[CONTACT_VALUE_MAX + 1];
	char pin[CONTACT_PIN_MAX + 1];
	unsigned char secret[CONTACT_SECRET]; /* zeros without */
	/* Signed with as well until old_until (seconds since 1970; 0: there is none). */
	unsigned char old_secret[CONTACT_SECRET];
	int64_t old_until;
	uint8_t now; /* to be used for what comes now; else only to go on with */
	unsigned char person[RECEIVER_LEN]; /* whose it is; zeros: the member's own */
};

/* A page of them.  `pages` is at least 1. */
struct vault_routes {
	uint8_t status, pages, count;
	struct vault_route v[CONTACTS_MAX];
};

enum {
	VAULT_CONTACT_LEN = 2 * VAULT_ID_MAX + 1 + 2 + 1 + CONTACT_SECRET + 2 +
			    CONTACT_VALUE_MAX + CONTACT_PIN_MAX + 1,
	VAULT_ROTATE_LEN = 2 * VAULT_ID_MAX + 1 + 4,
	VAULT_ROUTES_ASK = RECEIVER_LEN + 1, /* VM_ROUTES */
	/* VM_DUTY: whoever is so many of a member to be called now: persons on its roster
	 * by rank, then its other officers, then the member itself, of those that have a
	 * contact.  Behind the last one VS_UNKNOWN. */
	VAULT_DUTY_ASK = RECEIVER_LEN + 2,
	VAULT_CONTACTS_ASK = 2 * VAULT_ID_MAX + 1 /* VM_A_CONTACTS */
};

/* The bit of a kind; 0: no kind. */
uint8_t contact_route(unsigned kind);
/* "mail", "webhook" and so on; NULL: no kind. */
const char *contact_word(unsigned kind);

/* May a webhook lead there?  The courier looks further; in the clear nothing leaves. */
int contact_is_https(const char *value);
/* "sha256//" and the base64 of 32 bytes, the digest of a key (SPKI); or two of these with
 * a semicolon between. */
int contact_pin_ok(const char *pin);

/* Encoders write exactly the fixed size; decoders check it (ERR_PROTO). */
void vault_contact_put(struct buf *b, const struct vault_contact *m);
int vault_contact_get(const void *p, size_t n, struct vault_contact *ret) MUST_CHECK;
void vault_rotate_put(struct buf *b, const struct vault_rotate *m);
int vault_rotate_get(const void *p, size_t n, struct vault_rotate *ret) MUST_CHECK;
/* An answer of VAULT_PAGE bytes. */
void vault_routes_put(struct buf *b, const struct vault_routes *m);
int vault_routes_get(const void *p, size_t n, struct vault_routes *ret) MUST_CHECK;
/* Those of `all` that lie on this page, and how many pages there are.  VS_INVALID beyond
 * the last. */
enum vault_status vault_routes_page(const struct vault_route *all, unsigned count,
    unsigned page, struct vault_routes *ret);

#endif
