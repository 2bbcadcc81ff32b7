/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_AUDIENCE_H
#define KEEPER_AUDIENCE_H

#include "daemon/keeper/desk_call.h"
#include "daemon/keeper/draft.h"
#include "daemon/keeper/kgate.h"

/*
 * Whom a draft would reach if it were released now, and what stands against it: the
 * consent of every case that it was made of, the k gate for each of them, TLP.  A desk
 * may reach fewer than the reporters allow, never more.
 *
 * A draft that names no audience goes to the desk's own CEPTOAR, and at level
 * AUDIENCE_DEPENDANTS to those of the sectors that depend on its sector too, where the
 * consent and the k gate of every case let it.  That is a suggestion: like whatever
 * leaves the own CEPTOAR it needs a second person, and a desk that names its own needs
 * none.
 */
enum { AUDIENCE_DEPENDANTS = 2 };
enum audience_reason {
	AUD_NOBODY = 1u << 0,
	AUD_RED = 1u << 1,
	AUD_CONSENT = 1u << 2,	      /* consent.publish none */
	AUD_CONSENT_OWN = 1u << 3,    /* ceptoar: beyond its own */
	AUD_CONSENT_PUBLIC = 1u << 4, /* cross_sector: the public, communities */
	AUD_TLP = 1u << 5,	      /* less strict than the reporter's */
	AUD_EXERCISE = 1u << 6,	      /* exercise and real events mixed */
	AUD_DIRECTORY = 1u << 7,      /* nobody knows the members yet */
	AUD_K = 1u << 8,
	AUD_K_CROSS = 1u << 9,
	AUD_WITHDRAWN = 1u << 10,
	AUD_PAST = 1u << 11,	   /* valid_until */
	AUD_PAST_ACK = 1u << 12,   /* ack.deadline */
	AUD_ENDED = 1u << 13,	   /* the bulletin that it revises */
	AUD_GOVERNMENT = 1u << 14, /* consent.government false */
	AUD_UNKNOWN = 1u << 15,	   /* a named receiver that is none */
	AUD_NAMES = 1u << 16,	   /* too many over all revisions */
	AUD_RED_CASE = 1u << 17,   /* a case that may not leave its desk */
	AUD_FOREIGN = 1u << 18,	   /* the bulletin that it revises is another desk's */
	AUDIENCE_REASONS = 19,
};

/* One case, weighed. */
struct audience_case {
	struct store_case row;
	struct report_facts facts;
	struct kgate_ask ask; /* points into this struct */
	struct store_shown before;
	struct store_gate gate;
};

struct audience {
	struct slots slots;
	uint16_t flags; /* all of the frame's but those of the systems */
	/* Where it goes: the same, but of TLP:RED the places of its named receivers. */
	struct slots to, fresh; /* fresh: whom no earlier revision has named */
	uint16_t to_flags, fresh_flags;
	struct frame_head names; /* who is named; of the rest nothing is set */
	unsigned reasons;	 /* AUD_* */
	int wide;		 /* goes where one person alone may not send it */
	int dependants;	 /* by default to sectors that depend on this one as well */
	unsigned shown;	 /* SHOWN_* that all its cases allow */
	unsigned wanted; /* SHOWN_* that it would show without any */
	unsigned sector; /* as struct bulletin_make */
	int revises;	 /* of `target` it is the next revision */
	struct store_bulletin target;
	struct audience_case *v;
	unsigned n;
};

/* audience_cases.c: its cases, with those of the bulletin that it revises, and that
 * bulletin: the one that it was made for, or of its cases the first that stands and is
 * this desk's or automatic.  Fills v, n, target, revises, reasons. */
int audience_gather(struct keeper *k, const struct store_draft *d,
    const struct draft_facts *f, struct audience *a) MUST_CHECK;

/* `rights` are of the person who would release it alone (NULL: it was agreed on).  The
 * caller frees. */
int audience_weigh(struct keeper *k, const struct rights *rights,
    const struct store_draft *d, const struct draft_facts *f, int64_t minute,
    struct audience *ret) MUST_CHECK;
void audience_free(struct audience *a);
/* The first reason as a fault of the call: ERR_INVALID.  With k_too_small goes what would
 * do. */
int audience_refuse(
    struct keeper *k, struct desk_call *c, const struct audience *a) MUST_CHECK;
/* A reason's problem code, pointer (or NULL), and sentence in Japanese (0) or English. */
const char *audience_reason_code(unsigned i);
const char *audience_reason_pointer(unsigned i);
const char *audience_reason_text(unsigned i, int lang);
/* {"figures","sentence","reasons",..}: counted with the function that delivers. */
int audience_write(struct keeper *k, const struct draft_facts *f,
    const struct audience *a, struct buf *out) MUST_CHECK;

/* Of a draft that the k gate refuses: the next smaller audience that it would let
 * through, as {"audience","candidates","left_out","shown"}; "null" when there is none. */
int audience_less(struct keeper *k, const struct audience *a, struct buf *out) MUST_CHECK;

/* GET /v1/drafts/{id}/audience. */
int audience_get(struct keeper *k, struct desk_call *c) MUST_CHECK;

#endif
