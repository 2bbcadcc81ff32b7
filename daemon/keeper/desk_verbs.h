/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_DESK_VERBS_H
#define KEEPER_DESK_VERBS_H

#include "daemon/keeper/desk_call.h"

/* What a verb is for: where it exists, who may, what the audit log calls it. */
struct desk_entry {
	uint8_t verb;
	uint8_t doors;	/* enum door bits */
	uint16_t roles; /* one of them is needed; 0: a case secret */
	uint8_t duties; /* one of them is needed; 0: any person */
	const char *action;
	int (*fn)(struct keeper *k, struct desk_call *c);
};

/* All of them, in no order; the last one is zeros. */
extern const struct desk_entry desk_verbs[];
extern const size_t desk_verb_count;

#endif
