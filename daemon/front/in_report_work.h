/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FRONT_IN_REPORT_WORK_H
#define FRONT_IN_REPORT_WORK_H

#include "daemon/front/calls.h"
#include "daemon/front/in_report.h"
#include "lib/buf.h"
#include "proto/report.h"

/* Opaque types. */
struct conn;
struct front;
struct vault_order;

/* A report while the front has it; only in_report.c, in_preview.c
 * and in_follow.c include this. */
enum { APPROVED_LEN = 43 };

struct report_work {
	enum report_kind kind;
	json_t *report, *scrubbed, *replaced;
	struct report_facts facts;
	char approved[APPROVED_LEN + 1];
	unsigned char slip[SLIP_MAX];
	struct keeper_put put;
	struct buf text; /* canonical */
};

/* The waiting request of an answer, or NULL when nobody waits any more. */
struct report_work *in_report_waiting(
    struct front *f, uint64_t owner, struct conn **ret) MUST_CHECK;
/* The vault's no; a preview says the same as the report would. */
void in_report_refused(struct conn *c, unsigned status);
/* Whom the reporter lets know; ids of at most 63 bytes, as report_check found them. */
void in_report_named(struct report_work *w, struct vault_order *o);

/* Who sends it is sealed, then it is stored; answers by itself. */
void in_report_seal(struct conn *c, struct report_work *w);

/* in_follow.c: the same if the keeper says that this version may follow. */
void in_follow_ask(struct conn *c, struct report_work *w);

/* in_preview.c: who would get the scrubbed report; answers by itself. */
void in_preview(struct conn *c, struct report_work *w);
/* The hash of the scrubbed text, which a report that was previewed carries. */
void in_preview_approval(const struct report_work *w, char out[APPROVED_LEN + 1]);

#endif
