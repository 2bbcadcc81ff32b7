/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FRONT_IN_REPORT_H
#define FRONT_IN_REPORT_H

#include <stdint.h>

#include "lib/err.h"

/* Opaque types. */
struct conn;

enum report_kind { REPORT_FIRST, REPORT_PREVIEW, REPORT_FOLLOW_UP };

/* The way of a report through the front; for a follow-up, with its case and the hash of
 * the presented secret (else NULL).  Answers by itself. */
void in_report_start(struct conn *c, enum report_kind kind, const uint8_t *case_id,
    const uint8_t *secret_hash);

/* in_case.c: case id and secret of the request; 0 when it was refused (and answered). */
int in_case_of(struct conn *c, uint8_t case_id[16], uint8_t secret_hash[32]);

/* in_idem.c: Idempotency-Key of the request.  1 and key and mac; 0 none; ERR_INVALID. */
int in_idem_of(struct conn *c, const uint8_t *commitment, uint8_t key[32],
    uint8_t mac[32]) MUST_CHECK;

#endif
