/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_RELAY_H
#define PROTO_RELAY_H

#include "proto/bulletin.h"

/*
 * A bulletin passed on: a new one that wraps the original's signed bytes unchanged, so
 * that the original verifies by itself.  The wrapper's TLP and deadline govern.
 */
enum { RELAY_NOTE_BYTES = 4096 };

/* What a desk says when it passes one on: {ceptoar?, tlp?, note?, to?, ack?}. */
struct relay_ask {
	uint8_t has_tlp, tlp;
	uint8_t members;     /* also those whom the original has reached */
	const char *ceptoar; /* a slug inside `words`, or NULL */
	json_t *words;	     /* {"ack":..,"note":..}, normal form; the caller's */
};
/* ERR_INVALID with `why`, ERR_NOMEM. */
int relay_check(const json_t *in, const struct taxonomy *t, struct relay_ask *ret,
    struct fault *why) MUST_CHECK;

/* A standing order: {ceptoar, from, min_severity, when, tlp?, note?}. */
enum order_from { ORDER_CENTRE, ORDER_CEPTOARS, ORDER_ANY };
struct order_ask {
	uint8_t from;	      /* enum order_from: whose bulletins */
	uint8_t min_severity; /* from this routing level on */
	uint8_t always;	      /* 0: only while the desk is asleep */
	uint8_t has_tlp, tlp; /* of the wrapper; else the original's */
	unsigned slot;
	json_t *words; /* {"note":..}; the caller's */
};
int order_check(const json_t *in, const struct taxonomy *t, struct order_ask *ret,
    struct fault *why) MUST_CHECK;
const char *order_from_word(unsigned from); /* NULL: none */

/* The wrapper. */
struct relay_make {
	struct bulletin_make head; /* id, number, revision, kind, issued_ms, tlp */
	const char *by;		   /* slug of the CEPTOAR, or "centre" */
	const char *hub;	   /* the hub that it came from; NULL: this one */
	const json_t *words;
};
/* Appends the canonical wrapper of an original, parsed from its own canonical bytes.
 * ERR_INVALID: that is no bulletin. */
int relay_write(
    const struct relay_make *m, const json_t *original, struct buf *out) MUST_CHECK;
/* Appends the original's bytes out of a wrapper.  ERR_NOTFOUND: it is none. */
int relay_original(const json_t *wrapper, struct buf *out) MUST_CHECK;

#endif
