/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FRONT_IN_BLIND_H
#define FRONT_IN_BLIND_H

#include "proto/http.h"
#include "proto/token.h"

/* Opaque types. */
struct answer;
struct conn;
struct front;

/*
 * What is asked of a request on the blind listener and of no other.  Its limits know no
 * caller: they are of all together.
 */

/* Before the body is read: P_OK, or why the head may not stand there. */
enum problem in_blind_look(const struct http_request *r);
/* The token of a first report; 0 when none was shown (and answered). */
int in_blind_token(struct conn *c, uint8_t ret[TOKEN_LEN]) MUST_CHECK;
/* 0 when [limits] blind_reports_per_minute is used up. */
int in_blind_may_report(struct front *f);
/* The keeper has spoken about a report: what was stored counts against the limit, and who
 * brought a token that is none has to come by another handshake for the next try. */
void in_blind_put(struct conn *c, const struct answer *a);

#endif
