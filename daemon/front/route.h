/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FRONT_ROUTE_H
#define FRONT_ROUTE_H

#include "daemon/front/conn.h"
#include "proto/http.h"

enum route_body { BODY_NONE = 0, BODY_JSON, BODY_FORM, BODY_FILE /* of up to 2 MiB */ };

/* One call of the interface.  In the pattern up to two segments may be '*': parameters;
 * one of "*.csv" is the part before that, and its row stands before that of "*" alone. */
struct route {
	enum http_method method;
	const char *pattern;
	unsigned listeners; /* enum conn_on bits where it exists */
	unsigned roles;	    /* enum role bits that may */
	int takes_body;	    /* enum route_body */
	void (*handler)(struct conn *c);
	uint8_t verb; /* in_desk: enum desk_verb */
};

/* The variable parts of a path, n 0 where there is none. */
struct route_params {
	struct slice v[2];
};

/* Whoever is a member at all may what all may; what a member is sent, not every person of
 * it says. */
enum { ROLES_ALL = 0xffff, ROLE_MEMBER = 1u << 15, ROLE_SUBSCRIBES = 1u << 14 };

/* P_OK and the route; NOT_FOUND on this listener, METHOD, or FORBIDDEN for these roles.
 */
enum problem route_find(const struct http_request *r, enum conn_on on, unsigned roles,
    const struct route **ret, struct route_params *ret_params);
/* The name of the first parameter that this call has not, as it was sent; p NULL: none.
 */
struct slice route_query_unknown(const struct route *route, struct slice query);
/* "Allow: GET, POST\r\n" for a path that exists there, else NULL. */
const char *route_allow(enum conn_on on, struct slice path, char *room, size_t cap);

/* The handlers.  Called in WAITING with the whole body read; who and rights are known,
 * but on the blind listener. */
void in_report_post(struct conn *c);
void in_report_preview(struct conn *c);
void in_identity_get(struct conn *c);
void in_case_get(struct conn *c);
void in_case_messages(struct conn *c);
void in_message_post(struct conn *c);
void in_approval_post(struct conn *c);
void in_case_close(struct conn *c);
void in_case_slip(struct conn *c);
void in_case_report(struct conn *c);
void in_case_withdraw(struct conn *c);
void in_ack_post(struct conn *c);
void in_answer_get(struct conn *c);
void in_answer_post(struct conn *c);
void in_desk(struct conn *c);
/* The answer is written, or its connection gone: the next file may be asked for. */
void in_desk_file_end(struct front *f, struct request *r);
void in_csv(struct conn *c);
void in_drill(struct conn *c);
void in_stats(struct conn *c);
void in_question_post(struct conn *c);
void in_subscription_get(struct conn *c);
void in_subscription_put(struct conn *c);
void in_me_get(struct conn *c);
void in_read_bulletins(struct conn *c);
void in_read_bulletin(struct conn *c);
void in_read_inbox(struct conn *c);
void in_read_jwks(struct conn *c);
void in_read_transparency(struct conn *c);
void in_tokens_get(struct conn *c);
void in_tokens_post(struct conn *c);
void in_read_duty_keys(struct conn *c);
void in_read_trends(struct conn *c);
void in_names_get(struct conn *c);
void out_stream_get(struct conn *c);
void out_events_get(struct conn *c);

#endif
