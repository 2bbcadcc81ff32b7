/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_NAMES_SENDER_H
#define PROTO_NAMES_SENDER_H

#include "lib/buf.h"
#include "proto/json.h"

/*
 * What would tell the blind listener who sends, or by which way it came: a careless
 * client, a browser or a relay that means well.  It is refused and not passed over, so
 * that whoever sends it learns of it before it becomes a habit.
 */

/* 1 when a header of this name says who sends (From, Cookie, X-Forwarded-For,
 * Client-Cert, X-Member-Id ...), or is shown to say so (Proxy-Authorization, X-Api-Key).
 * Names only: no value is looked at. */
int names_sender_header(struct slice name);
/* 0, or ERR_INVALID with NAMES_SENDER and the pointer of the first key, at any depth,
 * that says so (member, reporter_id, contactEmail ...).  No field of a report does. */
int names_sender_json(const json_t *j, struct fault *why) MUST_CHECK;

#endif
