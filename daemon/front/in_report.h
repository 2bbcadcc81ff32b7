/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FRONT_IN_REPORT_H
#define FRONT_IN_REPORT_H

#include <stdint.h>

#include "lib/err.h"
#include "proto/json.h"
#include "proto/msg_put.h"

/* Opaque types. */
struct conn;
struct taxonomy;

enum report_kind { REPORT_FIRST, REPORT_PREVIEW, REPORT_FOLLOW_UP };

/* The way of a report through the front; for a follow-up, with its case and the hash of
 * the presented secret (else NULL).  Answers by itself. */
void in_report_start(struct conn *c, enum report_kind kind, const uint8_t *case_id,
    const uint8_t *secret_hash);

/* One more report or message of whoever this is; 0 when there were too many. */
int in_report_may(struct conn *c);

/* in_idem.c: Idempotency-Key of the request.  1 and key and mac; 0 none; ERR_INVALID. */
int in_idem_of(struct conn *c, const uint8_t *commitment, uint8_t key[32],
    uint8_t mac[32]) MUST_CHECK;
#define IDEM_DETAIL "Idempotency-Key: at least 128 random bits"

/* in_slip.c: `slip` is no field of a report: taken out before it is checked.  *ret_n is
 * its length, 0 when there is none; *ret_desk whom it is for.  0, or ERR_INVALID. */
int in_slip_take(json_t *in, const struct taxonomy *t, unsigned char room[SLIP_MAX],
    size_t *ret_n, uint8_t *ret_desk, struct fault *why) MUST_CHECK;

#endif
