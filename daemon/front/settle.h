/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FRONT_SETTLE_H
#define FRONT_SETTLE_H

#include <stdint.h>

/* Opaque types. */
struct answer;
struct front;

/*
 * Tells the vault what became of a SEAL.  `a` is the keeper's answer to the PUT, also one
 * that did not come; NULL: it was never asked.  One message of one length for each SEAL
 * that went well, whoever sent the report and whatever became of it; before the reporter
 * is answered, so that its next report is counted behind this one.
 */
void settle(struct front *f, const uint8_t *ticket, const struct answer *a);

#endif
