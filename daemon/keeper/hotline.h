/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_HOTLINE_H
#define KEEPER_HOTLINE_H

#include "daemon/keeper/desk_call.h"
#include "daemon/keeper/store_hotline.h"
#include "proto/report.h"

/* Opaque types. */
struct pager;

/*
 * Calls for the centre's help.  A call that pages, and any report of the highest level,
 * rouses whoever is on duty there: first on the roster, the first two, the first three,
 * then everybody, for as long as nobody takes it; at once the next ones when a round has
 * reached nobody.  Calls of one group of sectors within half an hour are one page, with
 * how many there are by sector: a wave is not a page a report; nor is it one later, while
 * the centre has a call of that page in an open situation and twelve hours have not
 * passed without any.  What joins a page that was taken pages when nobody has taken it as
 * well after a level's time, and who calls again at once.  A call whose case is withdrawn
 * leaves its page, which ends with the last one: what comes later is a page of its own.
 * Pages are deliveries that pass all others.
 */
struct pager *hotline_new(struct keeper *k) MUST_CHECK;
void hotline_free(struct pager *h);

/* In the transaction of a report: files the call that it is, if it is one. */
int hotline_report(struct keeper *k, const struct store_report *row,
    const struct report_facts *facts) MUST_CHECK;
/* In the transaction of a desk's word in a case: the caller was answered. */
int hotline_answered(struct keeper *k, const uint8_t *case_id, int64_t minute) MUST_CHECK;
/* In the transaction that takes a case back: its call leaves its page, and the page ends
 * with the last one. */
int hotline_withdrawn(
    struct keeper *k, const uint8_t *case_id, int64_t minute) MUST_CHECK;
/* Pages on their way are dropped for this reason, at the courier too. */
int hotline_stop(struct keeper *k, const uint8_t *page, const char *reason) MUST_CHECK;
/* In the transaction of a courier's word about a page: its round may have ended without
 * anybody being reached. */
int hotline_settled(struct keeper *k, const struct courier_key *key) MUST_CHECK;
/* What is due at `minute`; ERR_NOTFOUND: nothing is. */
int hotline_step(struct keeper *k, int64_t minute) MUST_CHECK;
/* The text of a page, canonical. */
int hotline_text(struct keeper *k, const uint8_t *page, struct buf *out) MUST_CHECK;
/* Pages were leased: when that runs out they come back. */
void hotline_leased(struct keeper *k);
/* Tells couriers that a page is due. */
void hotline_ring(struct keeper *k);

/* hotline_desk.c: GET and POST /v1/hotline, POST /v1/hotline/{id}/ack. */
int hotline_list(struct keeper *k, struct desk_call *c) MUST_CHECK;
int hotline_ack(struct keeper *k, struct desk_call *c) MUST_CHECK;
int hotline_open(struct keeper *k, struct desk_call *c) MUST_CHECK;

#endif
