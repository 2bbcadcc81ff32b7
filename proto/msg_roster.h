/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_MSG_ROSTER_H
#define PROTO_MSG_ROSTER_H

#include "proto/msg_vault.h"

/* Who of a member's persons is on duty from when to when: messages of vault-admin. */
enum {
	SHIFT_MINUTES_MAX = 366 * 24 * 60,
	SHIFT_ORDER_MAX = 9,
	VAULT_SHIFT_LEN = 2 * VAULT_ID_MAX + 8 + 8 + 1, /* VM_A_SHIFT */
	VAULT_ROSTER_ASK = VAULT_ID_MAX + 2,		/* VM_A_ROSTER */
	ROSTER_PAGE = 40,				/* shifts of its answer */
};

struct vault_shift {
	char id[VAULT_ID_MAX], person[VAULT_ID_MAX];
	int64_t from, to; /* minutes since 1970; `to` is over */
	uint8_t order;	  /* who is called first: 1 to SHIFT_ORDER_MAX */
};

/* Encoders write exactly the fixed size; decoders check it (ERR_PROTO). */
void vault_shift_put(struct buf *b, const struct vault_shift *m);
int vault_shift_get(const void *p, size_t n, struct vault_shift *ret) MUST_CHECK;

#endif
