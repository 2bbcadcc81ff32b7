/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_MEMBER_CONTACT_H
#define PROTO_MEMBER_CONTACT_H

#include "proto/json.h"
#include "proto/msg_people.h"

/*
 * The list "contacts" of the members file: strings, or objects such as {"mail": ".."},
 * {"webhook": "https://..", "secret": "64 hex digits", "pin":
 * "sha256//.."}, {"telephone": ".."}, {"sms":
 * ".."} and {"voice": ".."}.  What stands under another word is told by its look; "name"
 * is no route, "lang" says in which language to write there.
 */
/* 0, ERR_INVALID with `why`, or ERR_NOMEM. */
int member_contacts_check(
    const json_t *list, const struct json_at *at, struct fault *why) MUST_CHECK;
/* The kinds of a checked list as enum route_bit. */
uint8_t member_routes(const json_t *list);
/* A checked list as records of a member's (person "") or a person's contacts; `lang` is
 * for those that say none.  The count. */
size_t member_contacts_get(const json_t *list, const char *id, const char *person,
    const char *lang, struct vault_contact ret[CONTACTS_MAX]);

#endif
