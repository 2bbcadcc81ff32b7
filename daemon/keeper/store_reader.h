/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_STORE_READER_H
#define KEEPER_STORE_READER_H

#include "daemon/keeper/store.h"

/* What the store keeps of receivers, in their own keyed domain. */
int store_ack_get(struct store *s, const uint8_t *receiver, const struct keeper_ack *key,
    uint8_t *ret_status) MUST_CHECK;
int store_ack_put(struct store *s, const uint8_t *receiver, const struct keeper_ack *a,
    int64_t minute) MUST_CHECK;
int store_sub_get(
    struct store *s, const uint8_t *receiver, struct subscription *ret) MUST_CHECK;
int store_sub_put(
    struct store *s, const uint8_t *receiver, const struct subscription *sub) MUST_CHECK;

#endif
