/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_STORE_GATE_H
#define KEEPER_STORE_GATE_H

#include "daemon/keeper/store.h"

/* What readers are shown of a report, beside its text; words in kgate_words(). */
enum shown {
	SHOWN_SIZE = 1u << 0, /* of the facility, as the three ladder steps */
	SHOWN_REGION = 1u << 1,
	SHOWN_CLASS = 1u << 2,
	SHOWN_SECTOR = 1u << 3,
	SHOWN_GROUP = 1u << 4,	/* of sectors, in place of the sector */
	SHOWN_MINUTE = 1u << 5, /* of issue; without it the day */
	SHOWN_PRODUCTS = 1u << 6,
	SHOWN_OT = 1u << 7,
};

/* What the k gate has decided about one version of a report. */
struct store_gate {
	uint16_t held;	    /* HELD_* of policy.h, all reasons */
	uint16_t shown;	    /* SHOWN_*; 0 when everything waits */
	int inside, beyond; /* members that fit; -1: no such readers */
};

/* What the bulletins of one case have shown so far, all together. */
struct store_shown {
	uint16_t k;		 /* the most that was asked for */
	uint16_t inside, beyond; /* SHOWN_*, to the own CEPTOAR and to others */
	char region[16], class_[16], size[8];
};

int store_gate_add(
    struct store *s, const uint8_t *report, const struct store_gate *g) MUST_CHECK;
int store_gate_get(
    struct store *s, const uint8_t *report, struct store_gate *ret) MUST_CHECK;
int store_shown_put(
    struct store *s, const uint8_t *case_id, const struct store_shown *v) MUST_CHECK;
/* Zeros when nothing was shown yet. */
int store_shown_get(
    struct store *s, const uint8_t *case_id, struct store_shown *ret) MUST_CHECK;

#endif
