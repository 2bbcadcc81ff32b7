/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_MEMBER_PERSON_H
#define PROTO_MEMBER_PERSON_H

#include "proto/json.h"
#include "proto/msg_people.h"
#include "proto/msg_person.h"

/*
 * The list "persons" of the members file: {"id", "names"?, "duties": [..], "languages"?,
 * "contacts"?}.  A certificate belongs to the member, or to one of these.
 */
/* 0, ERR_INVALID with `why`, or ERR_NOMEM.  `terms` counts what the scrubber looks for.
 */
int member_persons_check(const json_t *list, size_t *terms, const struct json_at *at,
    struct fault *why) MUST_CHECK;
/* One of a checked list, as records for the vault; names.ja and names.en are "" when the
 * file gives none. */
void member_person_get(const json_t *j, const char *id, struct vault_person *ret,
    struct vault_names *ret_names);
/* The names of an entry: what is given in one language only stands for both. */
void member_names_get(
    const json_t *names, const char *id, const char *person, struct vault_names *ret);
/* "ja" or "en": the language of a person's contacts that say none. */
const char *member_person_lang(const json_t *j);

#endif
