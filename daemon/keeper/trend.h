/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_TREND_H
#define KEEPER_TREND_H

#include "daemon/keeper/keeper.h"
#include "proto/json.h"

/* Opaque types. */
struct batch_op;

/*
 * Reports that say the same.  The vault counts how many different members named a thing
 * in 24 hours; here the figures are kept beside the reports' topics, never who.  They say
 * a little of senders all the same: a count that did not grow means that one member sent
 * twice.
 */

/* -------- trend.c: what comes in, inside its transaction */

/* The topics of a PUT, made again from its text: a front's word counts for the figures
 * only.  ERR_NOMEM, ERR_CRYPTO. */
int trend_check(struct batch_op *op) MUST_CHECK;
/* How many different members name one of its strong topics, the most of them; 0: nobody
 * counted (the blind listener). */
unsigned trend_counted(const struct batch_op *op);
/*
 * Keeps the topics of a version that was stored just now; as the second member's report
 * it confirms standing bulletins of other cases that name the same (a few: those left
 * over are the next report's); tells desks when many name the same.
 */
int trend_apply(struct keeper *k, const struct batch_op *op,
    const struct store_report *row) MUST_CHECK;

/* -------- trend_show.c: what is told of it */

/* Is the report that a topic's words are shown from kept from the government, or no more
 * there?  0, 1, or an error. */
int trend_is_kept(struct keeper *k, const uint8_t *report) MUST_CHECK;
/* Different members who name one of the strong topics of this report, as last counted. */
int trend_reporters(struct keeper *k, const json_t *json, unsigned *ret) MUST_CHECK;
/* How many others have seen what this case is about; 0 below k. */
int trend_others(struct keeper *k, const struct store_case *c, unsigned *ret) MUST_CHECK;
/* ,"like":{...} of an inbox item, or nothing when it stands alone. */
int trend_like(struct keeper *k, const json_t *json, struct buf *out) MUST_CHECK;
/* KM_TRENDS: what many say, of the desk's CEPTOARs, of all for the centre. */
int trend_list(struct keeper *k, const struct keeper_list *q, struct buf *out) MUST_CHECK;

/*
 * How many different members say that this bulletin happened to them too, as an object
 * {"last","members","reports" (null below k),"sectors","since"} or null: to the centre,
 * and to the desk of a CEPTOAR where somebody said so, as counted; to others from k up.
 * `r` NULL: a reader who is at no desk.
 */
int trend_seen_too(struct keeper *k, const struct store_bulletin *b,
    const struct rights *r, struct buf *out) MUST_CHECK;

#endif
