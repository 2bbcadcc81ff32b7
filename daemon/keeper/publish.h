/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_PUBLISH_H
#define KEEPER_PUBLISH_H

#include "daemon/keeper/keeper.h"
#include "proto/report.h"

/* Opaque types. */
struct bulletin_make;
struct store_trend;

/*
 * Makes log rows of a case's bulletin, inside the running transaction: row, newest state,
 * deadlines.  Nothing leaves before COMMIT.
 */
struct release {
	const uint8_t *report, *case_id;
	unsigned slot;
	int64_t minute;
	const json_t *json;
	const struct policy_input *in;
	struct policy_verdict *verdict;
	struct store_shown *shown; /* of the case so far; a release adds to it */
	struct store_gate *gate;   /* the k gate's decision, filled here */
};

/*
 * The one way into the log: every row of every kind goes through here, inside the running
 * transaction.  `body` and `stub` are canonical; h gets its sequence.
 */
int publish_row(struct keeper *k, struct frame_head *h, struct buf *body,
    struct buf *stub) MUST_CHECK;

/* The bell on the desks: CEPTOAR, level, minute, nothing of the report. */
struct bell {
	unsigned slot, desks; /* DESK_BIT_* */
	uint8_t level;
	int exercise;
	int64_t minute;
};
int publish_bell(struct keeper *k, const struct bell *b) MUST_CHECK;
/* A bell on the desks whose reports have it, and the centre's: many say the same. */
/* kept: from the government, and so from the centre. */
int publish_trend(
    struct keeper *k, const struct store_trend *t, int exercise, int kept) MUST_CHECK;
/* A bell that says one word, to these desks (NULL: none) and, unless not_centre, the
 * centre's. */
struct word_bell {
	const char *word;
	const struct slots *slots;
	unsigned level;
	int exercise;
	int64_t minute;
	int not_centre;
};
int publish_word(struct keeper *k, const struct word_bell *w) MUST_CHECK;

/* publish_case.c: the bulletin of a case. */

/* A first release when the verdict wants one, as far as the k gate lets it: *ret is the
 * new bulletin, of revision 0 when it has to wait.  A bulletin that waits is drawn up all
 * the same, so that it takes about the same time. */
int publish_first(
    struct keeper *k, const struct release *r, struct store_bulletin *ret) MUST_CHECK;
/* A new revision by a follow-up.  Whoever was reached stays in the audience as far as the
 * new version's consent and TLP and the k gate allow, and gets the stub otherwise.  When
 * it has to wait, *b stays as it was, unless the new version has taken rights away: then
 * all are given the stub. */
int publish_update(
    struct keeper *k, const struct release *r, struct store_bulletin *b) MUST_CHECK;
/* Readers of a bulletin of the case that the new version no longer allows are told so;
 * nothing when it allows all of them. */
int publish_retract(
    struct keeper *k, const struct release *r, struct store_bulletin *b) MUST_CHECK;
/* "Still unverified": the same text to the same audience, marked; left out when too few
 * members fit by now. */
int publish_note(struct keeper *k, struct store_bulletin *b, int64_t minute) MUST_CHECK;
/* A second member has said the same: the same text, marked, to whom the consent allows.
 */
int publish_confirm(struct keeper *k, struct store_bulletin *b, int64_t minute,
    unsigned reporters) MUST_CHECK;
/* The centre passes it on: the same text, still of as many reporters as before. */
int publish_pass_on(
    struct keeper *k, struct store_bulletin *b, int64_t minute) MUST_CHECK;
/* The end, with a reason of bulletin_make: "withdrawn", "expired", "ended". */
int publish_cancel(struct keeper *k, struct store_bulletin *b, int64_t minute,
    const char *reason) MUST_CHECK;

/* The same by a desk, with its own words (a text in ja and en, or NULL). */
int publish_recall(struct keeper *k, struct store_bulletin *b, int64_t minute,
    const char *reason, const json_t *why) MUST_CHECK;
/* A stored report: its row, and its text as a new reference. */
int publish_load(struct keeper *k, const uint8_t *report, struct store_report *ret,
    json_t **ret_json) MUST_CHECK;

/* publish.c again: what every release needs, automatic or a desk's. */

/* Year and five random characters: consecutive numbers would count the restricted ones.
 */
int publish_number(
    struct keeper *k, int64_t minute, int exercise, char ret[NUMBER_MAX]) MUST_CHECK;
/* The next revision's header: everybody whom an earlier one reached is in the reach. */
void publish_next(struct store_bulletin *b, enum frame_kind kind);
void publish_make(
    const struct store_bulletin *b, int64_t minute, struct bulletin_make *ret);
/* What a revision does with its texts. */
enum publish_writing { PUBLISH_ALL, PUBLISH_STUB, PUBLISH_NOTHING };
/* Writes the row of b->head and the bulletin's new state. */
int publish_revise(struct keeper *k, struct store_bulletin *b, int64_t minute,
    const struct bulletin_make *m, const json_t *json,
    enum publish_writing how) MUST_CHECK;
/* Products of an earlier revision stay: who was reached for one hears of the rest. */
void publish_products(struct frame_head *h, const uint32_t *products, unsigned n);
/* The day in Japan that a moment lies in, or (`up`) the end of that day. */
int64_t publish_day(int64_t ms, int up);
/* "secretariat" or "centre" of an enum desk_origin. */
const char *publish_origin(unsigned origin);

#endif
