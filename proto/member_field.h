/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_MEMBER_FIELD_H
#define PROTO_MEMBER_FIELD_H

#include "proto/json.h"
#include "proto/rights.h"
#include "proto/taxonomy.h"

/* One member of the members file, as JSON; used by members.c only. */
enum { MEMBER_TERMS_MAX = 512 }; /* all entries of one member that become terms */

/* Remarks of the people who keep the file: "note", "$schema", "$comment". */
int member_is_remark(const char *key);
/* Checks one member: 0, ERR_INVALID with `why`, or ERR_NOMEM. */
int member_check(const json_t *member, const struct taxonomy *t, const struct json_at *at,
    struct fault *why) MUST_CHECK;
/* The bit of a role's name, 0 when there is none. */
unsigned member_role(const json_t *name);
/* One line of text, not blank, at most so many bytes: 0, or ERR_INVALID with `why`. */
int member_string(
    const json_t *j, size_t most, const struct json_at *at, struct fault *why) MUST_CHECK;
/* The subscription that holds until the member sets one; the default for NULL. */
void member_subscription(
    const json_t *j, const struct taxonomy *t, struct subscription *ret);

#endif
