/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_SITUATION_H
#define KEEPER_SITUATION_H

#include "daemon/keeper/desk_call.h"
#include "daemon/keeper/store_draft.h"
#include "daemon/keeper/store_situation.h"
#include "proto/report_field.h"

/*
 * A situation (事案): reports and bulletins that a desk deals with as one, its timeline,
 * its tasks, its numbered situation reports.  A secretariat's is its own CEPTOAR's; the
 * centre's may span all, and secretariats join their reports to it.  It widens nothing:
 * a desk is shown ids of what it may read anyway, and figures from k up; the centre also
 * how many reports of each group of sectors there are.  No text of a report is in it.
 */

/* -------- situation.c: it itself */

int situation_new(struct keeper *k, struct desk_call *c) MUST_CHECK;
int situation_close(struct keeper *k, struct desk_call *c) MUST_CHECK;
int situation_reopen(struct keeper *k, struct desk_call *c) MUST_CHECK;
/* The one that the call names.  *ret_own: it is this desk's; else it is an open one of
 * the centre's, and a secretariat asks. */
int situation_enter(struct keeper *k, struct desk_call *c, struct store_situation *ret,
    int *ret_own) MUST_CHECK;
/* The same, for what is written to this desk's own open ones. */
int situation_change(
    struct keeper *k, struct desk_call *c, struct store_situation *ret) MUST_CHECK;
/* A body by its table: a new reference.  Faults go through desk_fail(). */
int situation_body(
    struct desk_call *c, const struct field *table, json_t **ret) MUST_CHECK;
/* A text or a title of it as canonical JSON, into room bytes. */
int situation_text(struct desk_call *c, const json_t *body, const char *key, char *room,
    size_t cap) MUST_CHECK;

/* -------- situation_act.c: what a desk writes to it */

int situation_entry(struct keeper *k, struct desk_call *c) MUST_CHECK;
int situation_task(struct keeper *k, struct desk_call *c) MUST_CHECK;
int situation_done(struct keeper *k, struct desk_call *c) MUST_CHECK;
/* situation_members.c */
int situation_members(struct keeper *k, struct desk_call *c) MUST_CHECK;
/* situation_report.c: the next 状況報告 as a draft. */
int situation_report(struct keeper *k, struct desk_call *c) MUST_CHECK;

/* -------- situation_show.c */

int situation_list(struct keeper *k, struct desk_call *c) MUST_CHECK;
int situation_get(struct keeper *k, struct desk_call *c) MUST_CHECK;
/* The answer to what changed it: id and state. */
int situation_answer(const struct store_situation *s, struct buf *out) MUST_CHECK;
/* From how many up a reader other than the centre sees a figure of this desk's. */
unsigned situation_k(const struct keeper *k, unsigned desk);

/* -------- situation_auto.c: what the hub writes to its timeline */

/* An entry with nothing but numbers.  `person` and `ref` may be NULL. */
struct situation_said {
	enum entry_kind kind;
	unsigned value;
	const uint8_t *person, *ref;
	int64_t minute;
};
int situation_say(
    struct keeper *k, const uint8_t *id, const struct situation_said *said) MUST_CHECK;
/* A bulletin of this case was released just now: it joins where the case is. */
int situation_released(struct keeper *k, const uint8_t *case_id,
    const struct store_bulletin *b, int64_t minute) MUST_CHECK;
/* A row of the log: an update or the end of what is in a situation. */
int situation_row(struct keeper *k, const struct frame_head *h) MUST_CHECK;
/* This draft became that bulletin: was it a situation report? */
int situation_sent(struct keeper *k, const struct store_draft *d,
    const struct store_bulletin *b, int64_t minute) MUST_CHECK;
/* Once a minute: has a half, three quarters, 90 %, or all of a bulletin's readers
 * acknowledged it?  *ret_n: so many entries. */
int situation_reached(struct keeper *k, int64_t minute, unsigned *ret_n) MUST_CHECK;
int situation_mode(struct keeper *k, unsigned mode, int64_t minute) MUST_CHECK;

#endif
