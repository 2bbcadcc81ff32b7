/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_STORE_SITUATION_H
#define KEEPER_STORE_SITUATION_H

#include "daemon/keeper/store.h"

/* Situations; as in store.h: 0 or an error, ERR_NOTFOUND; minutes since 1970. */

/* What waits on one desk. */
struct store_waiting {
	unsigned by_level[5];
	int64_t oldest; /* minute; 0: nothing waits */
};
/* By slot, the centre's last.  Reports that are kept from the government count on the
 * centre's own desk only, where a hotline call has brought them. */
int store_backlog(struct store *s, struct store_waiting ret[SLOTS + 1]) MUST_CHECK;

enum situation_state { SITUATION_OPEN = 1, SITUATION_CLOSED };
enum { SITUATION_TITLE_MAX = 2048, SITUATION_TEXT_MAX = 8400 };

struct store_situation {
	uint8_t id[ID_LEN];
	uint8_t desk; /* a slot, or DESK_CENTRE */
	uint8_t state;
	int64_t opened, touched;
	uint8_t person[RECEIVER_LEN];
	uint16_t reports; /* number of the newest situation report */
	uint8_t has_draft, draft[ID_LEN];
	char title[SITUATION_TITLE_MAX + 1]; /* {"ja","en"} */
};

enum entry_kind {
	ENTRY_NOTE = 1, /* by hand */
	ENTRY_OPENED,	/* also again */
	ENTRY_CLOSED,
	ENTRY_REPORTS,	   /* value: so many reports joined */
	ENTRY_LEFT,	   /* value: so many left by hand */
	ENTRY_BULLETIN,	   /* it joined; ref, value: its revision */
	ENTRY_UPDATE,	   /* a revision; ref, value */
	ENTRY_CANCEL,	   /* its end; ref */
	ENTRY_REACHED,	   /* ref; value: percent of its readers have acknowledged */
	ENTRY_MODE,	   /* value: enum hub_mode */
	ENTRY_REPORT,	   /* a situation report was drafted; value: its number */
	ENTRY_REPORT_SENT, /* ref; value: its number */
};
struct store_entry {
	uint32_t n;
	int64_t minute;
	enum entry_kind kind;
	uint8_t public;
	uint32_t value;
	uint8_t person[RECEIVER_LEN]; /* zeros: the hub */
	uint8_t has_ref, ref[ID_LEN];
	char text[SITUATION_TEXT_MAX + 1]; /* {"ja","en"} of one by hand, or "" */
};

struct store_task {
	uint32_t n;
	int64_t due, done; /* 0: none, not yet */
	uint8_t person[RECEIVER_LEN];
	char text[SITUATION_TEXT_MAX + 1], who[SITUATION_TITLE_MAX + 1];
};

int store_situation_put(struct store *s, const struct store_situation *v) MUST_CHECK;
int store_situation_get(
    struct store *s, const uint8_t *id, struct store_situation *ret) MUST_CHECK;
int store_situation_by_draft(
    struct store *s, const uint8_t *draft, struct store_situation *ret) MUST_CHECK;
/* The nth of one desk in this state, the last touched first. */
int store_situation_nth(struct store *s, unsigned desk, unsigned state, unsigned nth,
    struct store_situation *ret) MUST_CHECK;
/* The nth open one that holds this case, or (case NULL) this bulletin, or (both NULL)
 * any. */
int store_situation_of(struct store *s, const uint8_t *case_id, const uint8_t *bulletin,
    unsigned nth, uint8_t ret[ID_LEN]) MUST_CHECK;

/* Gives it the next number. */
int store_entry_add(
    struct store *s, const uint8_t *situation, struct store_entry *e) MUST_CHECK;
/* The first with a number above *after. */
int store_entry_next(struct store *s, const uint8_t *situation, uint32_t after,
    struct store_entry *ret) MUST_CHECK;

/* *ret_new: was it not there? */
int store_situation_case_add(struct store *s, const uint8_t *situation,
    const uint8_t *case_id, int *ret_new) MUST_CHECK;
int store_situation_case_del(struct store *s, const uint8_t *situation,
    const uint8_t *case_id, int *ret_gone) MUST_CHECK;
int store_situation_case_nth(struct store *s, const uint8_t *situation, unsigned nth,
    uint8_t ret[ID_LEN]) MUST_CHECK;
/* How many of its cases are of each slot; those without a CEPTOAR last. */
int store_situation_counts(
    struct store *s, const uint8_t *situation, unsigned ret[SLOTS + 1]) MUST_CHECK;

int store_situation_bulletin_add(struct store *s, const uint8_t *situation,
    const uint8_t *bulletin, int *ret_new) MUST_CHECK;
int store_situation_bulletin_del(struct store *s, const uint8_t *situation,
    const uint8_t *bulletin, int *ret_gone) MUST_CHECK;
int store_situation_bulletin_nth(struct store *s, const uint8_t *situation, unsigned nth,
    uint8_t ret[ID_LEN]) MUST_CHECK;
/* The nth bulletin of open situations of which not all is said. */
struct store_watched {
	uint8_t situation[ID_LEN], bulletin[ID_LEN], desk;
	unsigned told; /* percent */
};
int store_situation_watched(
    struct store *s, unsigned nth, struct store_watched *ret) MUST_CHECK;
/* *ret_new: was less said of it so far?  Then it is remembered. */
int store_situation_told(struct store *s, const uint8_t *situation,
    const uint8_t *bulletin, unsigned percent, int *ret_new) MUST_CHECK;

/* n 0: gives it the next number. */
int store_task_put(
    struct store *s, const uint8_t *situation, struct store_task *t) MUST_CHECK;
int store_task_next(struct store *s, const uint8_t *situation, uint32_t after,
    struct store_task *ret) MUST_CHECK;

/* Closed ones that nobody has touched since `old`. */
int store_prune_situations(
    struct store *s, int64_t old, unsigned most, unsigned *ret_n) MUST_CHECK;

#endif
