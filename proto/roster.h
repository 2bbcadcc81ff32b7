/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_ROSTER_H
#define PROTO_ROSTER_H

#include "proto/json.h"
#include "proto/msg_roster.h"

/*
 * Who of the persons is on duty from when to when (schema: conf/roster.schema.json), as
 * data with dates; parsed by ceptoarctl only, what reaches the vault are fixed-size
 * records.  Times are Japan's.
 */
enum { SHIFTS_MAX = 4096 }; /* of a file */

/* Parses and checks the whole file: dates real and in order, no person twice at a time.
 * *ret is the parsed file (new reference). */
int roster_read(struct slice text, json_t **ret, struct fault *why) MUST_CHECK;
size_t roster_count(const json_t *roster);
/* The i-th shift; 0 or ERR_NOTFOUND. */
int roster_get(const json_t *roster, size_t i, struct vault_shift *ret) MUST_CHECK;

#endif
