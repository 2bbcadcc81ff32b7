/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CEPTOAR_STATE_H
#define CEPTOAR_STATE_H

#include <jansson.h>

#include "cli/ceptoar/session.h"

enum { SECRET_LEN = 32, SECRET_TEXT = 43, NAME_ROOM = 80 };

/*
 * What this machine must remember: the secret of each case, which nobody else has, and a
 * report that was sent and not answered, so that it can be sent again under the same key.
 * Small JSON files, mode 0600, in the state folder (0700).
 */
/* A new secret as base64url, and its SHA-256 as base64url (the case commitment). */
int state_secret(
    char ret_secret[SECRET_TEXT + 1], char ret_commitment[SECRET_TEXT + 1]) MUST_CHECK;
/* Writes name.json in the state folder, made when needed.  Says what is wrong; an exit
 * status. */
int state_save(const struct session *s, const char *name, const json_t *what) MUST_CHECK;
int state_has(const struct session *s, const char *name);
/* Reads one back; NULL and words when it is not there. */
json_t *state_load(const struct session *s, const char *name) MUST_CHECK;
void state_drop(const struct session *s, const char *name);
/* Appends the names that begin with `prefix`, one a line. */
void state_list(const struct session *s, const char *prefix, struct buf *out);

#endif
