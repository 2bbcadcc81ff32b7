/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CEPTOAR_LOCAL_H
#define CEPTOAR_LOCAL_H

#include "cli/ceptoar/session.h"
#include "proto/members.h"

/* Opaque types. */
struct scrubber;

/*
 * What the front does with a report of ours, on this machine: check it, and scrub it with
 * our own terms, which the hub must not learn beside a blind report.
 */
struct local {
	struct taxonomy *tax;
	struct vault_member self;
	struct scrubber *own;
	json_t *text, *replaced; /* of local_scrub */
};

/* Reads the lists and the entry of s->terms.  Says what is wrong; an exit status.
 * local_done is needed either way. */
int local_open(struct local *l, const struct session *s) MUST_CHECK;
void local_done(struct local *l);
/* The CEPTOAR of the report: the one it names, or the only one that is ours, which is
 * then written into it.  Its slot, or says what is wrong and SLOT_NONE. */
unsigned local_ceptoar(const struct local *l, json_t *report) MUST_CHECK;
/* Checks and scrubs: l->text is what may leave, normalised, l->replaced what was masked.
 * Says what is wrong; an exit status. */
int local_scrub(struct local *l, const json_t *report) MUST_CHECK;

#endif
