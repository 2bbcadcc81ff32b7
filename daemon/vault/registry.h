/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VAULT_REGISTRY_H
#define VAULT_REGISTRY_H

#include <stdint.h>

#include "lib/err.h"
#include "proto/msg_registry.h"

/* Opaque types. */
struct people;
struct reg_person;
struct vstore;
struct registry;

/*
 * Members, certificates and terms in memory, read whole from the store: a change makes a
 * new registry, so that nobody ever sees half of one.  Beside them stand the counters of
 * automatic releases, which are never stored anywhere.
 */
struct reg_member {
	struct vault_member m;
	unsigned char receiver[RECEIVER_LEN];
	unsigned char *terms; /* entries as in vault_terms.data */
	size_t terms_n;
	unsigned term_count;
	int64_t *autos; /* when its automatic releases were, oldest first */
	unsigned auto_count;
};

struct reg_cert {
	unsigned char spki[32];
	int64_t not_after;
	int revoked;
	struct reg_member *member;
	char person[VAULT_ID_MAX];    /* "": the member's own */
	const struct reg_person *who; /* NULL: the member's own, or of nobody any more */
	uint8_t duties;		      /* enum person_duty bits */
};

/* Reads the store.  `old` (may be NULL) gives its counters away to the new one. */
int registry_load(
    struct registry **ret, struct vstore *s, struct registry *old) MUST_CHECK;
void registry_free(struct registry *r); /* NULL is fine */

uint64_t registry_generation(const struct registry *r);
const unsigned char *registry_ticket_secret(const struct registry *r); /* 32 bytes */
size_t registry_member_count(const struct registry *r);
size_t registry_cert_count(const struct registry *r);
size_t registry_disabled_count(const struct registry *r);

const struct reg_cert *registry_cert(
    const struct registry *r, const unsigned char spki[32]);
struct reg_member *registry_member(const struct registry *r, const char *id);
/* The member at or behind `id` in the order of ids; index for registry_at. */
size_t registry_after(const struct registry *r, const char *id);
const struct reg_member *registry_at(const struct registry *r, size_t i);
/* The i-th certificate in no particular order. */
const struct reg_cert *registry_cert_at(const struct registry *r, size_t i);
/* The i-th member in the order of receiver ids, which tells nothing about names. */
const struct reg_member *registry_by_receiver(const struct registry *r, size_t i);
/* The member of this receiver id, or NULL. */
const struct reg_member *registry_receiver(
    const struct registry *r, const unsigned char receiver[RECEIVER_LEN]);

/*
 * May this certificate be used at `now` (seconds since 1970)?  VS_OK and the member, or
 * VS_UNKNOWN, VS_REVOKED, VS_EXPIRED, VS_DISABLED (the
 * member is, or the person is gone).
 */
enum vault_status registry_check(const struct registry *r, const unsigned char spki[32],
    int64_t now, struct reg_member **ret);
void registry_rights(const struct reg_member *m, struct rights *ret);
/* Those of a certificate that registry_check lets in: a person has its own duties. */
void registry_cert_rights(const struct reg_cert *c, struct rights *ret);
/* What whoever holds the certificate may do: enum person_duty bits. */
uint8_t registry_duties(const struct reg_cert *c);
const struct people *registry_people(const struct registry *r);
/* Sectors of the CEPTOARs that the member reports in, a bit for each. */
uint64_t registry_sectors(const struct registry *r, const struct reg_member *m);

/*
 * One page of the member's terms; `pages` is at least 1.  VS_INVALID beyond the last.
 */
enum vault_status registry_terms(
    const struct reg_member *m, unsigned page, struct vault_terms *ret);

/*
 * Under the cap of automatic releases in the 24 h before now_ms?  1 and, with `take`, one
 * more is counted; 0 when not, or when memory is short.  cap 0: there is none.
 */
int registry_auto(struct reg_member *m, unsigned cap, int64_t now_ms, int take);
/* The one that was taken at `at` was none. */
void registry_auto_back(struct reg_member *m, int64_t at);

#endif
