/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_MEMBERS_H
#define PROTO_MEMBERS_H

#include "proto/json.h"
#include "proto/msg_people.h"
#include "proto/msg_registry.h"
#include "proto/taxonomy.h"

/*
 * The members file (schema: conf/members.schema.json), parsed by ceptoarctl and ceptoard
 * only; what reaches the vault are fixed-size records.  A member reads its own entry, for
 * the terms of its own scrubber.
 */
struct member_terms {
	struct vault_term *v; /* owned by the caller after members_get; mem_free */
	size_t n;
};

/* Parses and checks the whole file: ids unique, [a-z0-9-]{1,63}, roles and slugs known,
 * texts within VAULT_TERM_MAX.  *ret is the parsed file (new reference). */
int members_read(struct slice text, const struct taxonomy *t, json_t **ret,
    struct fault *why) MUST_CHECK;
/* The same of one member's entry alone, as a file of that one. */
int members_read_one(struct slice text, const struct taxonomy *t, json_t **ret,
    struct fault *why) MUST_CHECK;
size_t members_count(const json_t *members);
/* The i-th member as records for the vault. */
int members_get(const json_t *members, size_t i, const struct taxonomy *t,
    struct vault_member *ret, struct member_terms *ret_terms) MUST_CHECK;
/* Its contacts, as records for the vault; the count. */
size_t members_contacts(
    const json_t *members, size_t i, struct vault_contact ret[CONTACTS_MAX]);

/* A word of a member (region, class, size) as the vault's record keeps it: one too long
 * is cut, and a hash of the whole stands at its end. */
void members_word(char *out, size_t room, const json_t *j);

#endif
