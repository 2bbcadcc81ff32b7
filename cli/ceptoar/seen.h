/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CEPTOAR_SEEN_H
#define CEPTOAR_SEEN_H

#include <jansson.h>
#include <stdint.h>

enum { SEEN_MAX = 8192 }; /* rows remembered; the hub's promise is "at least once" */

/* Rows that were shown, to drop the second coming of one after a break. */
struct seen {
	uint64_t v[SEEN_MAX];
	unsigned n, next;
};

/* 1 when this row was there before, else it is remembered.  A bulletin is known by id,
 * revision and event, anything else by its cursor; without either it is new. */
int seen_before(
    struct seen *s, const char *event, const char *cursor, const json_t *data);

#endif
