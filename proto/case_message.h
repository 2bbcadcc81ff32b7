/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_CASE_MESSAGE_H
#define PROTO_CASE_MESSAGE_H

#include "proto/json.h"

/*
 * A message of a case's channel: {"text": {"ja", "en"}}, either language or both; a plain
 * string is Japanese.  The reporter's goes through scrub_report() like a report; a mask
 * may be longer than what it hides, so the scrubbed form has more room.
 */
enum {
	MESSAGE_TEXT_MAX = 4096,	  /* bytes of one language, as it is written */
	MESSAGE_SCRUBBED_MAX = 16 * 1024, /* after the machine pass */
	MESSAGE_JSON_MAX = 80 * 1024,	  /* canonical bytes of that */
	MESSAGES_MAX = 200,		  /* of one case, both sides together */
	MESSAGES_BYTES = 1024 * 1024,	  /* of one case's texts as stored */
};

/* Checks and normalises; `most`: bytes of one language.  *ret is new.  0, ERR_INVALID
 * with `why` (too_large for a text beyond `most`), or ERR_NOMEM. */
int message_check(
    const json_t *in, size_t most, json_t **ret, struct fault *why) MUST_CHECK;
/* The receiving side's own look at a normalised message of the reporter: no mail address,
 * telephone number, private address or user path.  0, or ERR_INVALID with not_public. */
int message_is_public(const json_t *message, struct fault *why) MUST_CHECK;

#endif
