/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_TOPIC_H
#define PROTO_TOPIC_H

#include <stdint.h>

#include "proto/json.h"
#include "proto/msg_seal.h"

/*
 * What a report is about, as ids under which different members' reports are counted
 * together: SHA-256 over a domain, what it is and its one way of being written, the first
 * 16 bytes.  Exercises have a domain of their own.  A topic says nothing of the sender:
 * it is made from the scrubbed report alone, and whoever has that can make it again.
 */
enum topic_kind {
	TOPIC_BULLETIN = 1, /* seen_bulletin, as it was given */
	TOPIC_INDICATOR,    /* a hash, domain, URL, address or mail address */
	TOPIC_PRODUCT,	    /* a product with a class of event: weak */
};

struct topic {
	uint8_t id[TOPIC_LEN];
	uint8_t kind;
};

struct topics {
	unsigned n;
	struct topic v[TOPICS_MAX];
};

/*
 * The topics of a scrubbed, normalised report, heaviest first: the bulletin; indicators,
 * one of each class in turn (hash, domain, URL, address, mail), of a class those with the
 * smallest ids, so that two reports with long lists in common choose the same ones; then
 * products.  Indicators are compared without fangs, case, width and the like.  Values
 * that mean nothing (private addresses, hashes of an empty file) are none.
 */
int topics_of(const json_t *report, struct topics *ret) MUST_CHECK;
/* Strong enough that a second member's report confirms the first. */
int topic_is_strong(const struct topic *t);
/* Is it one of these?  NULL when not. */
const struct topic *topics_find(const struct topics *t, const uint8_t *id);
/*
 * In words, as a JSON object: {"kind":"indicator","type":"sha256","value":".."},
 * {"kind":"bulletin","value":".."} or {"event":"..","kind":"product","value":".."}.  The
 * value is the one way of writing it, not the reporter's.  ERR_NOTFOUND: the report has
 * no such topic.
 */
int topic_words(const json_t *report, const uint8_t *id, struct buf *out) MUST_CHECK;

#endif
