/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_STORE_DRILL_H
#define KEEPER_STORE_DRILL_H

#include "daemon/keeper/store.h"

/* What the store keeps of drills and contact tests; as store.h, of which this is a part:
 * 0 or an error, ERR_NOTFOUND, buffers are appended to. */
enum drill_kind { DRILL_DOWN = 1, DRILL_UP, DRILL_CONTACT };
enum drill_state { DRILL_PLANNED = 1, DRILL_RUNNING, DRILL_ENDED };
enum { DRILL_BODY_MAX = 65536, DRILL_ROW_MAX = 16384 };

struct store_drill {
	uint8_t id[ID_LEN];
	enum drill_kind kind;
	enum drill_state state;
	uint8_t desk; /* a slot, or DESK_CENTRE */
	uint8_t person[RECEIVER_LEN];
	int64_t start, deadline, ended; /* minutes; ended 0: not yet */
	uint8_t has_draft, draft[ID_LEN];
	uint8_t has_bulletin, bulletin[ID_LEN];
	char number[NUMBER_MAX];
	uint8_t same[SUM_LEN];
};

int store_drill_add(
    struct store *s, const struct store_drill *d, struct slice body) MUST_CHECK;
/* Writes what changes in its life: state, times, bulletin. */
int store_drill_set(struct store *s, const struct store_drill *d) MUST_CHECK;
/* body may be NULL. */
int store_drill_get(struct store *s, const uint8_t *id, struct store_drill *ret,
    struct buf *body) MUST_CHECK;
int store_drill_of_bulletin(
    struct store *s, const uint8_t *bulletin, struct store_drill *ret) MUST_CHECK;
/* The planned one that this draft is for. */
int store_drill_of_draft(
    struct store *s, const uint8_t *draft, struct store_drill *ret) MUST_CHECK;
/* One that is to begin or to end by this minute. */
int store_drill_due(struct store *s, int64_t minute, struct store_drill *ret) MUST_CHECK;
/* The one before it that it can be compared with: the same, ended. */
int store_drill_before(
    struct store *s, const struct store_drill *d, struct store_drill *ret) MUST_CHECK;
/* Drills (no contact tests) in this state (0: in any), the latest first; calls fn until
 * it returns non-zero (handed back); fn may not ask for drills of a state. */
int store_drill_each(struct store *s, unsigned state, unsigned most,
    int (*fn)(void *arg, const struct store_drill *d), void *arg) MUST_CHECK;
/* How many contact tests this desk has begun after that minute. */
int store_drill_tests(
    struct store *s, unsigned desk, int64_t since, unsigned *ret) MUST_CHECK;

/* slot SLOT_NONE: of all. */
int store_drill_row_put(
    struct store *s, const uint8_t *drill, unsigned slot, struct slice body) MUST_CHECK;
int store_drill_row_get(
    struct store *s, const uint8_t *drill, unsigned slot, struct buf *out) MUST_CHECK;

/* One more report of this CEPTOAR; all of them; and they are forgotten. */
int store_drill_report(struct store *s, const uint8_t *drill, unsigned slot) MUST_CHECK;
int store_drill_reports(
    struct store *s, const uint8_t *drill, uint32_t ret[SLOTS]) MUST_CHECK;
int store_drill_reports_del(struct store *s, const uint8_t *drill) MUST_CHECK;

#endif
