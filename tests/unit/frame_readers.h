/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_FRAME_READERS_H
#define TESTS_FRAME_READERS_H

#include <string.h>

#include "proto/frame.h"

/* Readers of each role, and a bulletin of the medical CEPTOAR. */
enum { MED = 12, PWR = 9, SECTOR_MED = 7 };

enum reader_kind {
	OP_MED,
	SEC_MED,
	AFF_MED,
	OP_PWR,
	CROSS2,
	CROSS4,
	CENTRE,
	OBSERVER,
	MINISTRY,
	NOBODY,
	KINDS
};
struct reader {
	struct rights r;
	struct subscription s;
};

static inline struct reader
reader_of(enum reader_kind k)
{
	struct reader x;

	memset(&x, 0, sizeof x);
	subscription_default(&x.s);
	x.r.clearance = TLP_AMBER_STRICT;
	switch (k) {
	case OP_MED:
		x.r.roles = ROLE_OPERATOR;
		slots_set(&x.r.op, MED);
		break;
	case SEC_MED:
		x.r.roles = ROLE_SECRETARIAT;
		slots_set(&x.r.sec, MED);
		break;
	case AFF_MED:
		x.r.roles = ROLE_AFFILIATE;
		slots_set(&x.r.aff, MED);
		x.s.cross_severity = 0;
		break;
	case CROSS2:
	case CROSS4:
		x.s.cross_severity = k == CROSS2 ? 2 : 4;
		/* fallthrough */
	case OP_PWR:
		x.r.roles = ROLE_OPERATOR;
		slots_set(&x.r.op, PWR);
		break;
	case CENTRE:
		x.r.roles = ROLE_CENTRE;
		break;
	case OBSERVER:
		x.r.roles = ROLE_OBSERVER;
		x.r.clearance = TLP_GREEN;
		x.s.cross_severity = 0;
		break;
	case MINISTRY:
		x.r.roles = ROLE_MINISTRY;
		break;
	default:
		break;
	}
	return x;
}

static inline struct frame_head
bulletin(unsigned severity, unsigned flags, unsigned tlp)
{
	struct frame_head h;

	memset(&h, 0, sizeof h);
	h.kind = FRAME_BULLETIN;
	h.severity = (uint8_t)severity;
	h.tlp = (uint8_t)tlp;
	h.sector = SECTOR_MED;
	h.flags = (uint16_t)flags;
	slots_set(&h.slots, MED);
	return h;
}

#endif
