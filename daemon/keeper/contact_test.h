/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_CONTACT_TEST_H
#define KEEPER_CONTACT_TEST_H

#include "daemon/keeper/desk_call.h"

/*
 * Every way to every member is tried at once with a message that says nothing else: a row
 * of the log of a kind of its own, which couriers bring like a bulletin and no stream,
 * list or poll ever shows.  What became of it stands where that of bulletins stands
 * (deliveries.h); a mail's link confirms.
 */
enum { CONTACT_TEST_DAYS = 7, CONTACT_TESTS_HOURLY = 4 /* of one desk */ };

/* POST /v1/contact-test. */
int contact_test_post(struct keeper *k, struct desk_call *c) MUST_CHECK;
/* The message of the one in the path: for a desk that it was for, and any receiver. */
int contact_test_find(
    struct keeper *k, struct desk_call *c, struct store_bulletin *ret) MUST_CHECK;
/* ,"routes":[..]: of each way how often it was tried and what became of it, within the
 * desk's CEPTOARs (the centre: of all). */
int contact_test_routes(struct keeper *k, const struct rights *r,
    const struct frame_head *h, struct buf *out) MUST_CHECK;

#endif
