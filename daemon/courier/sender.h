/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COURIER_SENDER_H
#define COURIER_SENDER_H

#include "daemon/courier/courier.h"
#include "daemon/courier/transfer.h"

/*
 * One way out: what a route does at the three places where routes differ.  The steps
 * between them, connections, names, breakers and results, are the same for all of them.
 */
struct sender {
	/* The contact is known: fills d->target; or says why nothing can be sent there,
	 * with what that means. */
	enum courier_outcome (*aim)(
	    struct courier *c, struct delivery *d, const char **ret_why);
	/* The name is looked up, its addresses are checked: makes the transfer; NULL: no
	 * memory, or it may not begin any more; it comes again soon. */
	struct transfer *(*load)(
	    struct courier *c, struct delivery *d, const struct resolved *a);
	/* It has ended: delivery_settle or delivery_failed; tells whether the endpoint
	 * works. */
	enum endpoint_word (*ended)(
	    struct courier *c, struct delivery *d, const struct transfer *t);
	/* Addresses inside our own network are fine: an administrator has set them. */
	int trusted;
};

/* out_webhook.c, out_gateway.c, out_mail.c */
extern const struct sender webhook_sender, gateway_sender, mail_sender;

/* The one of a route; NULL: this hub has no such way. */
const struct sender *sender_of(unsigned route);
/* Those that there are, as a lease says it. */
unsigned sender_routes(void);

/* For senders that sign what they send (Standard Webhooks). */
int sender_sign(struct courier *c, struct delivery *d, struct transfer *t,
    struct slice body, const unsigned char *secret, const unsigned char *old) MUST_CHECK;
/* What an HTTP answer means. */
enum endpoint_word sender_http_ended(
    struct courier *c, struct delivery *d, const struct transfer *t);

#endif
