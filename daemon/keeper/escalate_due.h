/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_ESCALATE_DUE_H
#define KEEPER_ESCALATE_DUE_H

#include "daemon/keeper/options.h"
#include "proto/duty.h"

/* Opaque types. */
struct vault_dir_row;

/*
 * When who has to have acknowledged, as [escalation] and duty hours say.  No clock and no
 * store here; minutes since 1970.
 */
struct escalate_ask {
	const struct escalation_rules *rules;
	const struct duty_hours *hours;
	const struct duty_holidays *holidays; /* NULL: none */
	unsigned level;
	int64_t own; /* the bulletin's own deadline; 0: it asks for none */
	int64_t now;
};
struct escalate_due {
	int64_t second_route, second_contact, deadline;
};

/* 1, or 0: at this level nobody has to acknowledge. */
int escalate_due(const struct escalate_ask *a, struct escalate_due *ret);

/* By whose hours this member goes: of a slot, or enum escalation_hours.  Around the clock
 * when it or one of its CEPTOARs is; else by the first of them. */
unsigned escalate_hours_of(const struct taxonomy *t, const struct vault_dir_row *row);
/* Those hours. */
const struct duty_hours *escalate_hours(const struct taxonomy *t, unsigned hours);

#endif
