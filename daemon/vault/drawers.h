/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VAULT_DRAWERS_H
#define VAULT_DRAWERS_H

#include <stddef.h>
#include <stdint.h>

#include "lib/err.h"
#include "proto/msg_issuer.h"
#include "proto/token.h"

/* Opaque types. */
struct registry;
struct vstore_tokens;

/*
 * Who drew under one issuer key, and how many of them report in each CEPTOAR: a blind
 * report says its CEPTOAR, so it hides among these and not in the whole sector group.
 * The names come from the store; what they may do, from the registry as it is now.
 */
struct drawers {
	char (*ids)[VAULT_ID_MAX];
	size_t n, room;
	uint32_t in[SLOTS]; /* who reports in several counts in each */
};

/* Into an empty one, which drawers_done frees also after an error. */
int drawers_load(struct drawers *d, struct vstore_tokens *store,
    const unsigned char key[KEY_ID_LEN]) MUST_CHECK;
void drawers_done(struct drawers *d); /* empty, and may be filled again */

/* One more has drawn. */
void drawers_add(struct drawers *d, const struct registry *r, const char *id);
/* The registry has changed. */
void drawers_recount(struct drawers *d, const struct registry *r);
/* Those of the CEPTOARs of a group. */
void drawers_tell(const struct drawers *d, const struct vault_groups *groups,
    unsigned group, struct vault_issuer *ret);

#endif
