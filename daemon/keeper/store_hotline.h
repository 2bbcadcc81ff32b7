/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_STORE_HOTLINE_H
#define KEEPER_STORE_HOTLINE_H

#include "daemon/keeper/store_delivery.h"

/* What the store keeps of the hotline; rules and results as in store.h. */
enum call_kind { CALL_CONSULT = 1, CALL_PAGE, CALL_TELEPHONE };
enum call_state { CALL_OPEN = 1, CALL_TAKEN };

struct store_call {
	uint8_t case_id[ID_LEN];
	uint8_t kind, slot, level, state;
	int64_t minute;
	uint8_t has_page, page[ID_LEN];
	uint8_t has_person, person[RECEIVER_LEN];
	int64_t taken_at, contact_at; /* minutes; 0: not yet */
	int64_t withdrawn_at;	      /* its case was taken back: state is CALL_TAKEN */
};

enum { PAGE_LEVELS = 3, PAGE_EVERYBODY = PAGE_LEVELS + 1 };
struct store_page {
	uint8_t id[ID_LEN];
	uint8_t grp; /* of sectors; 255: none */
	int64_t first, last;
	uint32_t calls, told; /* told: how many there were at the last page */
	uint16_t n;	      /* pages so far */
	uint8_t level;	      /* how many are roused: 1 to PAGE_LEVELS, PAGE_EVERYBODY */
	int64_t next_at;
	uint8_t state; /* enum call_state */
	uint8_t has_person, person[RECEIVER_LEN];
	int64_t taken_at;
	int64_t withdrawn_at; /* the last of its calls was: state is CALL_TAKEN */
};

int store_call_put(struct store *s, const struct store_call *c) MUST_CHECK;
int store_call_get(
    struct store *s, const uint8_t *case_id, struct store_call *ret) MUST_CHECK;
/* Of a state, the oldest first; fn may use the store.  Its non-zero result ends it. */
int store_call_each(struct store *s, enum call_state state, unsigned most,
    int (*fn)(void *arg, const struct store_call *c), void *arg) MUST_CHECK;
/* Every open call of a page is taken by this person. */
int store_call_take(struct store *s, const uint8_t *page, const uint8_t *person,
    int64_t minute, unsigned *ret_n) MUST_CHECK;

int store_page_put(struct store *s, const struct store_page *p) MUST_CHECK;
int store_page_get(struct store *s, const uint8_t *id, struct store_page *ret) MUST_CHECK;
/* The newest one of this group with a call left that still pages, or began after `since`,
 * or has a call in an open situation of the centre and one after `situation`. */
int store_page_of(struct store *s, unsigned grp, int64_t since, int64_t situation,
    struct store_page *ret) MUST_CHECK;
int store_page_due(struct store *s, int64_t minute, struct store_page *ret) MUST_CHECK;
/* One that was taken, with a call that joined it afterwards, by this minute, and that
 * nobody has taken. */
int store_page_left(struct store *s, int64_t minute, struct store_page *ret) MUST_CHECK;
/* What is queued of the rounds before round n is dropped; *ret_n: how many. */
int store_page_supersede(
    struct store *s, const uint8_t *page, unsigned n, unsigned *ret_n) MUST_CHECK;
/* How many deliveries of round n are queued or leased, and how many were sent. */
int store_page_round(struct store *s, const uint8_t *page, unsigned n, unsigned *ret_open,
    unsigned *ret_sent) MUST_CHECK;
/* The newest first; fn may use the store. */
int store_page_each(struct store *s, unsigned most,
    int (*fn)(void *arg, const struct store_page *p), void *arg) MUST_CHECK;
/* One more call from this sector. */
int store_page_count(struct store *s, const uint8_t *page, unsigned sector) MUST_CHECK;
/* One less from this sector, and how many calls of the page are left. */
int store_page_uncount(
    struct store *s, const uint8_t *page, unsigned sector, unsigned *ret_left) MUST_CHECK;
/* By sector; fn may not use the store. */
int store_page_counts(struct store *s, const uint8_t *page,
    int (*fn)(void *arg, unsigned sector, unsigned n), void *arg) MUST_CHECK;
int store_paged_add(struct store *s, const uint8_t *page, unsigned n, unsigned level,
    int64_t minute) MUST_CHECK;
/* In order; fn may not use the store. */
int store_paged_each(struct store *s, const uint8_t *page,
    int (*fn)(void *arg, unsigned level, int64_t minute), void *arg) MUST_CHECK;

/* Pages that are due at `now` (seconds), of all receivers. */
int store_delivery_pages(struct store *s, int64_t now, unsigned most,
    struct store_delivery *v, unsigned *ret_n) MUST_CHECK;
/* When the next one is due; INT64_MAX: none is queued. */
int store_delivery_pages_next(struct store *s, int64_t *ret_at) MUST_CHECK;
/* What is queued or leased of one page. */
int store_delivery_of_page(struct store *s, const uint8_t *page, unsigned most,
    struct store_delivery *v, unsigned *ret_n) MUST_CHECK;

#endif
