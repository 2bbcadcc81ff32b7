/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_TAXONOMY_PARTS_H
#define PROTO_TAXONOMY_PARTS_H

#include <stdint.h>

#include "proto/duty.h"
#include "proto/duty_span.h"
#include "proto/json.h"
#include "proto/taxonomy.h"

/* What taxonomy_read.c fills and taxonomy.c answers from. */
enum {
	SECTORS = 64,
	GROUPS = 64,
	NONE = 255,
	DEPUTIES_MAX = 8,
};

struct names {
	const char *ja, *en;
};

struct desk {
	const char *slug; /* NULL: the slot is free */
	struct names names, secretariat;
	struct duty_hours duty, paired; /* paired: two persons are there */
	struct duty_spans roster;	/* of its members; see taxonomy_roster_add() */
	uint8_t sector;
	uint8_t deputies[DEPUTIES_MAX], deputy_count; /* slots, in their order */
};

struct sector {
	const char *slug;
	struct names names;
	uint8_t group;
	uint64_t dependants; /* bit per sector index */
};

struct group {
	const char *slug;
	struct names names;
	uint8_t ladder[LADDER_STEPS], steps;
};

struct taxonomy {
	json_t *ceptoars, *classes;	/* all texts below point into these */
	struct duty_holidays *holidays; /* NULL: none were given */
	struct desk centre, desks[SLOTS];
	struct community {
		const char *slug; /* NULL: the slot is free */
		struct names names;
	} communities[SLOTS]; /* from COMMUNITY_FIRST on */
	struct sector sectors[SECTORS];
	struct group groups[GROUPS];
	unsigned group_count;
	struct names levels[5];
};

#endif
