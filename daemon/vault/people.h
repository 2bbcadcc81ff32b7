/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VAULT_PEOPLE_H
#define VAULT_PEOPLE_H

#include <stdint.h>

#include "lib/err.h"
#include "proto/msg_people.h"
#include "proto/msg_person.h"

/* Opaque types. */
struct people;
struct reg_member;
struct registry;
struct vstore_meta;
struct vpeople;

/*
 * Persons in memory, a part of the registry.  A person's id is an HMAC like a receiver's,
 * in a domain of its own; it stands in rights, never in an envelope or beside a report.
 */
struct reg_person {
	const struct reg_member *member;
	char id[VAULT_ID_MAX];
	unsigned char person[RECEIVER_LEN];
	uint8_t duties, langs, gone;
};

/* Reads the store; `r` has its members already. */
int people_load(struct people **ret, const struct registry *r,
    const struct vstore_meta *meta, struct vpeople *s) MUST_CHECK;
void people_free(struct people *p); /* NULL is fine */

/* By member and id; NULL: there is none.  Who is gone is found as well. */
const struct reg_person *people_find(
    const struct people *p, const struct reg_member *m, const char *id);
/* By the id in rights. */
const struct reg_person *people_by_id(
    const struct people *p, const unsigned char person[RECEIVER_LEN]);
/* The first person of the member behind this id, and its successors; NULL at the end. */
const struct reg_person *people_after(
    const struct people *p, const struct reg_member *m, const char *id);

/* A keyed name of a member, and of a person of it: `person` NULL stands for the first. */
int people_hmac(const struct vstore_meta *meta, const char *id, const char *person,
    unsigned char ret[RECEIVER_LEN]) MUST_CHECK;

#endif
