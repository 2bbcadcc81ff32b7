/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_OUTBOX_H
#define KEEPER_OUTBOX_H

#include "daemon/keeper/keeper.h"
#include "daemon/keeper/store_delivery.h"

/* Opaque types. */
struct lanes;
struct outbox;
struct vault_dir_row;

/*
 * What is brought to people and machines beside the streams.  A row of the log puts one
 * row into the outbox in its own transaction; a timer takes it apart, some receivers a
 * step, into deliveries; the courier leases those.  It goes on after a crash where it
 * was, and doing a step twice changes nothing.
 */
enum {
	/* Routing levels from which a way is used at once.  A webhook is a feed for a
	 * machine; a mail below its level waits for the digest; what pages a person is
	 * for the highest alone. */
	OUTBOX_WEBHOOK_FROM = 0,
	OUTBOX_MAIL_FROM = 2,
	OUTBOX_PAGE_FROM = 4,
	OUTBOX_STEP = 2000,	/* receivers looked at in one step */
	OUTBOX_STEP_ROWS = 200, /* deliveries made in one step, or a few more */
	OUTBOX_LINK_DAYS = 30,	/* a link in a mail can be used so long */
	OUTBOX_WAY_DAYS = 30, /* so long a way is taken for broken after a dead letter */
	OUTBOX_DELAY_MAX = 86400, /* seconds a courier or a next try waits at most */
};

struct outbox *outbox_new(struct keeper *k) MUST_CHECK;
void outbox_free(struct outbox *o);

/* Inside the transaction of a row that was just written: it will be brought to its
 * receivers.  Does nothing for bells, and where nobody has a route or no courier is. */
int outbox_add(struct keeper *k, const struct frame_head *h) MUST_CHECK;
/* The members have changed: routes are counted anew. */
void outbox_members(struct keeper *k);
/* A transaction failed: what is known in memory is read anew. */
void outbox_failed(struct keeper *k);
/* One step; ERR_NOTFOUND: there is nothing to take apart. */
int outbox_step(struct keeper *k) MUST_CHECK;
/* Leases that ran out come back, or all of them, when who had them has gone. */
int outbox_lapse(struct keeper *k) MUST_CHECK;
/* A courier came or went: at the end of this turn all leases come back.  One that still
 * has some of them in hand, since only the keeper went, knows them when they are leased
 * to it again, and does not begin anew. */
void outbox_courier_changed(struct keeper *k);
/* Tells couriers that something is due. */
void outbox_ring(struct keeper *k);

/* A delivery is no longer wanted: what stays of it, and why. */
int outbox_drop(
    struct keeper *k, struct store_delivery *d, const char *reason) MUST_CHECK;
/* Tells couriers to give it up, in case one has it. */
void outbox_call_off(struct keeper *k, const struct courier_key *key);

/* What this receiver gets of a row by this route, as its rights stand now: 0 nothing,
 * DELIVERY_QUEUED at once, DELIVERY_DIGEST with the next digest.  `pages`: as below.
 * *ret_view: which text.
 */
unsigned outbox_decide(const struct frame_head *h, const struct vault_dir_row *row,
    unsigned route, int pages, enum frame_view *ret_view);
/* May this row page anybody?  An exercise only while its drill runs. */
int outbox_pages(struct keeper *k, const struct frame_head *h);

/* May it have this by this route at all, whatever the level is? */
int outbox_may(const struct frame_head *h, const struct vault_dir_row *row,
    unsigned route, int pages, enum frame_view *ret_view);
/* Is there anybody to bring a row to?  While the members are unknown: perhaps. */
int outbox_is_wanted(const struct keeper *k);
/* 1: the members are known. */
int outbox_knows(const struct outbox *o);
struct lanes *outbox_lanes(struct outbox *o);
/* For `ceptoarctl status`. */
void outbox_status(struct keeper *k, struct buf *out);
struct outbox_count {
	uint64_t queued, sent, retried, failed, dropped;
};
struct outbox_count *outbox_count(struct outbox *o);

/* in_courier.c: the courier's calls; the parts that write run inside a batch. */
struct batch_op;
void courier_frame(void *arg, struct link *l, const struct link_frame *fr);

/* in_courier_lease.c: what it is handed. */
int courier_lease_apply(struct keeper *k, struct batch_op *op) MUST_CHECK;
int courier_digest_apply(struct keeper *k, struct batch_op *op) MUST_CHECK;
/* The routes that a lease asks for, as bits. */
unsigned courier_lease_routes(const struct courier_lease *m);
/* Seconds until something is due; UINT32_MAX: nothing. */
uint32_t courier_lease_wait(struct keeper *k, unsigned routes, int64_t now);
uint32_t courier_digest_wait(struct keeper *k);

/* in_courier_done.c: what its results change. */
int courier_done_apply(struct keeper *k, struct batch_op *op) MUST_CHECK;

#endif
