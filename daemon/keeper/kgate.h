/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_KGATE_H
#define KEEPER_KGATE_H

#include "daemon/keeper/store_gate.h"
#include "proto/report.h"
#include "proto/taxonomy.h"

/* Opaque types. */
struct directory;
struct policy_rules;

/*
 * k: how many could have sent this (anonymity.md).  Candidates are the active operators
 * and affiliates of the directory that fit everything which a reader is shown: through
 * the reader's own CEPTOAR those of that CEPTOAR, for readers beyond it those of the
 * sector, of the group of sectors, or all.  What is shown is made coarser, step by step
 * of the group's ladder, until enough fit.  Free text is outside of it.
 *
 * The gate holds counts only, no receiver: how many members of a directory are alike.
 */
struct kgate;

struct kgate *kgate_new(void) MUST_CHECK;
void kgate_free(struct kgate *g);
/* A new set of members stands.  Out of memory it knows nothing, and lets nothing out. */
void kgate_learn(struct kgate *g, const struct directory *d);
int kgate_known(const struct kgate *g);
/* Candidates of these CEPTOARs (NULL: all) with that facility (NULL: any); a member of
 * several counts once. */
unsigned kgate_count(const struct kgate *g, const struct slots *who, const char *region,
    const char *class_, const char *size);

/* Who reads beyond the own CEPTOAR beside those of other slots.  The centre does not
 * count: it has the report on its desk. */
enum {
	KGATE_BEYOND =
	    FRAME_CROSS | FRAME_ALL | FRAME_PUBLIC | FRAME_MINISTRY | FRAME_AGENCY
};

struct kgate_ask {
	unsigned slot;	 /* SLOT_NONE: an agency's */
	int own, beyond; /* who is to read it */
	const struct report_facts *facts;
	const struct store_shown *before; /* of the case's bulletins so far */
};

/*
 * What may be shown to whom; ret->held says what has to wait: HELD_K everything,
 * HELD_K_CROSS all readers beyond the own CEPTOAR, HELD_DIRECTORY because nobody knows
 * yet.  Counts are those of what is shown, or of the coarsest when it was not enough; -1
 * without such readers.
 */
void kgate_decide(const struct kgate *g, const struct taxonomy *t,
    const struct policy_rules *r, const struct kgate_ask *ask, struct store_gate *ret);
/* Takes from an audience what ret->held has closed; 1 when it is for somebody still. */
int kgate_narrow(
    const struct store_gate *g, unsigned slot, struct slots *slots, uint16_t *flags);
/* Who is in an audience: the own CEPTOAR's readers, others. */
void kgate_audience(
    const struct slots *slots, uint16_t flags, struct kgate_ask *ret /* slot is set */);
/* Adds what a release has shown. */
void kgate_remember(
    const struct kgate_ask *ask, const struct store_gate *g, struct store_shown *shown);
/* How many reports a bulletin may say it stands for, 0: not said. */
unsigned kgate_reports(const struct policy_rules *r, int beyond, unsigned n);

/* "inside":n|null,"beyond":n|null,"shown":[..] of an object. */
void kgate_write(const struct store_gate *g, struct buf *out);
/* The words of a set of SHOWN_* bits as a JSON list. */
void kgate_words(unsigned bits, struct buf *out);
/* All that could have been shown of a report to these readers. */
unsigned kgate_wanted(const struct kgate_ask *ask);

#endif
