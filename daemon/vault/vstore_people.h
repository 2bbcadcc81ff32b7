/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VAULT_VSTORE_PEOPLE_H
#define VAULT_VSTORE_PEOPLE_H

#include <stdint.h>

#include "lib/err.h"
#include "proto/msg_people.h"
#include "proto/msg_person.h"

/* Opaque types. */
struct db;
struct vpeople;

/*
 * The part of the vault's database that says how members are reached.  Errors as in
 * vstore.h; what writes is called inside a transaction.  Times are seconds since 1970.
 */
int vpeople_new(struct vpeople **ret, struct db *d) MUST_CHECK;
void vpeople_free(struct vpeople *p); /* NULL is fine */

/* An import begins anew with this member: its contacts and names go, its persons are gone
 * until they come again.  The secrets of webhooks stay
 * until vpeople_sweep, so that the same webhook has the same secret afterwards. */
int vpeople_forget(struct vpeople *p, const char *id) MUST_CHECK;
/* At the end of a batch: secrets whose webhook did not come back, and old secrets whose
 * time is over, are destroyed. */
int vpeople_sweep(struct vpeople *p, int64_t now) MUST_CHECK;

/* One more contact.  A webhook without a secret keeps the one it has, or gets a random
 * one; another secret than before leaves the old one in use for CONTACT_OVERLAP_S.
 * ERR_NOTFOUND: no such member or person. */
enum { CONTACT_OVERLAP_S = 7 * 86400 };
int vpeople_put_contact(
    struct vpeople *p, const struct vault_contact *c, int64_t now) MUST_CHECK;
/* ERR_NOTFOUND: no such webhook. */
int vpeople_rotate(
    struct vpeople *p, const struct vault_rotate *m, int64_t now) MUST_CHECK;

/* Persons and names.  ERR_NOTFOUND: no such member (or person). */
int vpeople_put_person(struct vpeople *p, const struct vault_person *m) MUST_CHECK;
int vpeople_put_names(struct vpeople *p, const struct vault_names *m) MUST_CHECK;
/* 1: the member has this person, and it is not gone. */
int vpeople_has(struct vpeople *p, const char *id, const char *person) MUST_CHECK;
/* Walks all persons by member and id: 1, 0 the end, or an error. */
int vpeople_next_person(
    struct vpeople *p, struct vault_person *ret, int *ret_gone) MUST_CHECK;
/* Names; both "" when none are known. */
int vpeople_names(struct vpeople *p, const char *id, const char *person,
    char ja[NAME_MAX_BYTES + 1], char en[NAME_MAX_BYTES + 1]) MUST_CHECK;

/* Walks the members that have contacts of their own or of who may sit at their desks, by
 * id: 1 and the kinds as enum route_bit, 0 the end, or an error. */
int vpeople_next_routes(
    struct vpeople *p, char ret_id[VAULT_ID_MAX], uint8_t *ret_bits) MUST_CHECK;
/* Contacts of a member (person "") or a person, CONTACTS_MAX at most, in their order. */
int vpeople_contacts(struct vpeople *p, const char *id, const char *person, int64_t now,
    struct vault_route *ret, unsigned *ret_count) MUST_CHECK;
/* Contacts of all of a member's persons, PERSON_ROUTES_MAX at most, numbered on from
 * those of the member; whose each of them is.  What they are for is the caller's to say.
 */
int vpeople_person_contacts(struct vpeople *p, const char *id, int64_t now,
    struct vault_route *ret, char (*ret_person)[VAULT_ID_MAX],
    unsigned *ret_count) MUST_CHECK;

#endif
