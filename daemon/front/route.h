/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FRONT_ROUTE_H
#define FRONT_ROUTE_H

#include "proto/http.h"

/* Opaque types. */
struct conn;

/* One call of the interface.  In the pattern one segment may be '*': the parameter. */
struct route {
	enum http_method method;
	const char *pattern;
	unsigned roles; /* enum role bits that may */
	int takes_body; /* JSON is expected */
	void (*handler)(struct conn *c);
};

/* P_OK and the route; NOT_FOUND, METHOD, or FORBIDDEN for these roles. */
enum problem route_find(const struct http_request *r, unsigned roles,
    const struct route **ret, struct slice *ret_param);
/* "Allow: GET, POST\r\n" for a path that exists, else NULL. */
const char *route_allow(struct slice path, char *room, size_t cap);

/* The handlers.  Called in WAITING with the whole body read; who and rights are known. */
void in_report_post(struct conn *c);
void in_report_preview(struct conn *c);
void in_identity_get(struct conn *c);
void in_case_get(struct conn *c);
void in_case_report(struct conn *c);
void in_case_withdraw(struct conn *c);
void in_ack_post(struct conn *c);
void in_subscription_get(struct conn *c);
void in_subscription_put(struct conn *c);
void in_me_get(struct conn *c);
void in_read_bulletins(struct conn *c);
void in_read_bulletin(struct conn *c);
void in_read_inbox(struct conn *c);
void in_read_transparency(struct conn *c);
void in_tokens_get(struct conn *c);
void in_tokens_post(struct conn *c);
void out_stream_get(struct conn *c);
void out_events_get(struct conn *c);

#endif
