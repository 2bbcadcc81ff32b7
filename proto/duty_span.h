/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_DUTY_SPAN_H
#define PROTO_DUTY_SPAN_H

#include <stddef.h>
#include <stdint.h>

#include "lib/err.h"
#include "proto/msg_roster.h"

/*
 * A roster without names: how many persons are there from minute to minute (since 1970).
 * It speaks of the time from the beginning of its first shift to the end of its last one;
 * between two shifts nobody is there.
 */
struct duty_span {
	int64_t from, to; /* `to` is over */
	uint8_t persons;
};

struct duty_spans {
	struct duty_span *v;
	size_t n, room;
};

/* Zeros are an empty list; duty_spans_free empties it again. */
void duty_spans_free(struct duty_spans *s);
int duty_spans_add(struct duty_spans *s, const struct duty_span *one) MUST_CHECK;
/* Adds the spans of these shifts of one member, which may overlap, in order; a person
 * counts once at a time.  ERR_NOMEM, ERR_LIMIT (more persons than a member has); *s is
 * then worth nothing. */
int duty_spans_make(
    struct duty_spans *s, const struct vault_shift *shifts, size_t n) MUST_CHECK;

/* How many are there, by all spans together; -1: none of them speaks of this minute. */
int duty_spans_at(const struct duty_spans *s, int64_t minute);
/* The first minute behind this one at which that may change; INT64_MAX: never. */
int64_t duty_spans_change(const struct duty_spans *s, int64_t minute);

#endif
