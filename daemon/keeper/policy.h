/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_POLICY_H
#define KEEPER_POLICY_H

#include "lib/buf.h"
#include "proto/frame.h"
#include "proto/report.h"

/* Opaque types. */
struct keeper;
struct keeper_auto;
struct kgate_ask;
struct store_gate;

enum { LEVEL_OFF = 5 }; /* no report has it: the rule never fires */

/* What happens without anybody's hand; one set for each CEPTOAR. */
struct policy_rules {
	long long auto_own_level;   /* own CEPTOAR from this routing level */
	long long auto_cross_level; /* cross-sector subscribers from this level */
	/* The same once a second member reports the same thing. */
	long long confirm_cross_level;
	long long unverified_note, unverified_end; /* ms */
	/* Members that must fit what a bulletin shows: its own CEPTOAR's, for readers
	 * beyond it, and for the names of products and the OT flag. */
	long long k_inside, k_beyond, k_products;
	int blind_auto; /* reports of the blind listener release too */
	/* The centre's bulletins are passed on from this level while a desk sleeps. */
	long long relay_centre_level;
	/* The CEPTOAR's ministry too from this level, where the consent goes beyond. */
	long long ministry_level;
	long long slip_hours; /* a call-back slip lives so long at most */
};

struct policy {
	struct policy_rules rules, slot[SLOTS]; /* rules: for reports without CEPTOAR */
};

struct policy_input {
	unsigned slot;
	int blind, auto_ok;
	const struct report_facts *facts;
	unsigned reporters; /* different members who said the same; 0: not counted */
	int passed_on;	    /* the centre has confirmed it, as a second member would */
};
enum { CONFIRM_MEMBERS = 2 };

/* Why less happened than the level would have allowed. */
enum policy_held {
	HELD_LEVEL = 1u << 0,	/* the level is below the automatic ones */
	HELD_CONSENT = 1u << 1, /* consent.publish none */
	HELD_RED = 1u << 2,	/* TLP:RED */
	HELD_BLIND = 1u << 3,	/* blind listener */
	HELD_LIMIT = 1u << 4,	/* the member's automatic releases of 24 h are used up */
	HELD_CONSENT_CROSS = 1u
			     << 5, /* level for all, consent for the own CEPTOAR only */
	HELD_NO_SLOT = 1u << 6,	   /* no CEPTOAR that an own audience could be */
	HELD_K = 1u << 7,	   /* too few members fit, with everything left out */
	HELD_K_CROSS = 1u << 8,	   /* the same for readers beyond the own CEPTOAR */
	HELD_DIRECTORY = 1u << 9,  /* with HELD_K: nobody knows the members yet */
	HELD_DESK = 1u << 10,	   /* stored for HELD_LIMIT: policy_neutral */
};

struct policy_verdict {
	int automatic; /* released now; slots and flags are the audience */
	struct slots slots;
	uint16_t flags; /* FRAME_CROSS, FRAME_CENTRE, systems, exercise */
	uint8_t desks;	/* DESK_BIT_* */
	unsigned held;	/* HELD_* */
};

const struct policy_rules *policy_of(const struct policy *p, unsigned slot);
/* From which levels policy_decide() may release; the fronts are told. */
void policy_auto(const struct policy *p, struct keeper_auto *ret);
/* Pure: the same input gives the same verdict, whoever reports. */
void policy_decide(
    const struct policy *p, const struct policy_input *in, struct policy_verdict *ret);
/* No release exceeds consent: drops from an audience what this version does not allow. */
void policy_narrow(const struct policy_input *in, struct slots *slots, uint16_t *flags);
/* The reasons as they may be stored and shown to others than the sender: that a limit of
 * its own holds a report would say that its sender has sent others today. */
unsigned policy_neutral(unsigned held);
/* The HELD_* bits as a JSON list of sentences. */
void policy_reasons(unsigned held, struct buf *out);
/* "ceptoar", "several" or "all", as bulletins show it. */
const char *policy_audience(uint16_t flags);

/*
 * The k gate's word on a first release by this verdict, which it narrows; where nothing
 * is automatic, on the widest release that the consent allows.  `ask` and *ret are
 * filled, ask->before is set by the caller; ret->held: all reasons.
 */
void policy_weigh(struct keeper *k, const struct policy_input *in,
    struct policy_verdict *v, struct kgate_ask *ask, struct store_gate *ret);
/* The verdict in words, with the number of receivers that it would reach today. */
int policy_explain(
    struct keeper *k, const struct policy_input *in, struct buf *out) MUST_CHECK;

#endif
