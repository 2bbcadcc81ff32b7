/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COURIER_SIGN_H
#define COURIER_SIGN_H

#include "lib/buf.h"
#include "proto/msg_courier.h"

/*
 * Standard Webhooks: what is signed is "id.timestamp.body", HMAC-SHA256, in base64 behind
 * "v1,".  During a rotation the header carries both signatures, separated by a blank.
 */
enum { SIGN_SECRET = 32 };

/* The message id of a delivery: the same for every try, and it tells nothing. */
void sign_id(const struct courier_key *key, struct buf *out);
/* Appends "v1,<base64>".  ERR_CRYPTO or the buffer's error. */
int sign_add(const unsigned char *secret, size_t secret_len, struct slice id,
    int64_t timestamp, struct slice body, struct buf *out) MUST_CHECK;
/* What marks a contact that is gone: another address or secret gives another mark. */
int sign_mark(const unsigned char secret[SIGN_SECRET], const char *value,
    uint8_t ret[COURIER_MARK_LEN]) MUST_CHECK;

#endif
