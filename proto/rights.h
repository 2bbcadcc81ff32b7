/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_RIGHTS_H
#define PROTO_RIGHTS_H

#include <stdint.h>

#include "lib/err.h"
#include "lib/wire.h"
#include "proto/subscription.h"

/*
 * What a connection may do, as the vault's ADMIT answers it.  No name, no address.  The
 * receiver id is an HMAC under a vault key whose domain differs from anything that
 * touches reports: it names a reader, never a reporter.
 */
enum {
	SLOTS = 128, /* CEPTOAR slots, given in conf/ceptoars.json and kept for ever */
	SLOT_BYTES = SLOTS / 8,
	SLOT_NONE = 255,
	SECTOR_NONE = 255,
	RECEIVER_LEN = 16,
	ID_LEN = 16, /* reports, cases, bulletins: random */
};

enum role {
	ROLE_OPERATOR = 1u << 0,
	ROLE_SECRETARIAT = 1u << 1,
	ROLE_AFFILIATE = 1u << 2, /* reports; reached by relay, not by its audience */
	ROLE_CENTRE = 1u << 3,
	ROLE_MINISTRY = 1u << 4,
	ROLE_AGENCY = 1u << 5,
	ROLE_OBSERVER = 1u << 6,
	ROLE_SUBSCRIBER = 1u << 7, /* of communities: reads what is sent to them */
};
enum {
	/* Slots from here on are communities, bodies beside the CEPTOARs that a bulletin
	 * may be sent to; nobody reports in one. */
	COMMUNITY_FIRST = 96,
};

/*
 * What a person may do for its member: its certificate says which person it is.  A
 * certificate of the member itself, as members without `persons` have, stands for one
 * person with every duty.
 */
enum person_duty {
	DUTY_REPORTER = 1u << 0,
	DUTY_DESK = 1u << 1,	/* drafts, releases, looks into the inbox */
	DUTY_OFFICER = 1u << 2, /* is paged */
	DUTY_MACHINE = 1u << 3, /* reads streams; decides nothing */
	DUTIES_PERSON = 15,	/* what an import may say of a person */
	/* Says what its member is sent.  Follows from the others: registry_duties(). */
	DUTY_SUBSCRIBES = 1u << 4,
	DUTIES_ALL = 31,
};

/* Ordered: a reader with clearance c may see tlp t when t <= c.  RED only by name. */
enum tlp { TLP_CLEAR = 0, TLP_GREEN, TLP_AMBER, TLP_AMBER_STRICT, TLP_RED };

struct slots {
	unsigned char b[SLOT_BYTES];
};

static inline void
slots_set(struct slots *s, unsigned i)
{
	if (i < SLOTS)
		s->b[i / 8] = (unsigned char)(s->b[i / 8] | 1u << (i % 8));
}

static inline int
slots_has(const struct slots *s, unsigned i)
{
	return i < SLOTS && (s->b[i / 8] >> (i % 8) & 1) != 0;
}

static inline int
slots_meet(const struct slots *a, const struct slots *b)
{
	unsigned i;

	for (i = 0; i < SLOT_BYTES; i++)
		if ((a->b[i] & b->b[i]) != 0)
			return 1;
	return 0;
}

static inline int
slots_empty(const struct slots *s)
{
	unsigned i;

	for (i = 0; i < SLOT_BYTES; i++)
		if (s->b[i] != 0)
			return 0;
	return 1;
}

struct rights {
	unsigned char receiver[RECEIVER_LEN];
	/* Operator and secretariat of these CEPTOARs.  aff: affiliate of them; of a
	 * ministry, those that it answers for; of a subscriber, its communities. */
	struct slots op, sec, aff;
	uint16_t roles;	   /* enum role bits */
	uint8_t clearance; /* enum tlp */
	/* Who of the member: an HMAC like the receiver's, in a domain of its own; never
	 * beside a report.  The receiver's own id for a certificate of the member itself.
	 */
	unsigned char person[RECEIVER_LEN];
	uint8_t duties; /* enum person_duty bits */
};

/* May this person sit at its member's desk? */
static inline int
rights_at_desk(const struct rights *r)
{
	return (r->duties & (DUTY_DESK | DUTY_OFFICER)) != 0;
}

/* May a member of these slots and roles report in this CEPTOAR? */
static inline int
rights_reports_in(
    const struct slots *op, const struct slots *aff, unsigned roles, unsigned slot)
{
	if (slot >= COMMUNITY_FIRST)
		return 0;
	return slots_has(op, slot) ||
	       ((roles & ROLE_AFFILIATE) != 0 && slots_has(aff, slot));
}

/* The CEPTOARs that somebody sits in, is secretariat or affiliate of; not those that a
 * ministry answers for, and no communities. */
static inline void
rights_places(const struct slots *op, const struct slots *sec, const struct slots *aff,
    unsigned roles, struct slots *ret)
{
	unsigned i;

	for (i = 0; i < SLOT_BYTES; i++) {
		ret->b[i] = op->b[i] | sec->b[i];
		if ((roles & ROLE_AFFILIATE) != 0 && i < COMMUNITY_FIRST / 8)
			ret->b[i] |= aff->b[i];
	}
}

void rights_put(struct buf *b, const struct rights *r);
void rights_get(struct wire *w, struct rights *ret);

#endif
