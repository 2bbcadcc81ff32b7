/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VAULT_CHANGE_PEOPLE_H
#define VAULT_CHANGE_PEOPLE_H

#include "lib/err.h"
#include "proto/msg_vault.h"

/* Opaque types. */
struct vpeople;

/* The changes of a batch (changes.h) that say how members are reached. */

/* Payload bytes of such a change, or 0 when the type is none. */
size_t change_people_len(uint16_t type);
/* What can be said of one alone: VS_OK or VS_INVALID. */
enum vault_status change_people_check(uint16_t type, const unsigned char *p, size_t n);
/* Into the open transaction; errors of vstore_people.h. */
int change_people_apply(
    struct vpeople *store, uint16_t type, const unsigned char *p, size_t n) MUST_CHECK;

/* An id in its room: [a-z0-9-]{1,63}, then zeros. */
int change_is_id(const char id[VAULT_ID_MAX]);

#endif
