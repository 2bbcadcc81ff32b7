/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_MSG_MODE_H
#define PROTO_MSG_MODE_H

#include <stdint.h>

#include "lib/wire.h"

enum { KM_MODE = 48 }; /* push struct keeper_mode to every front, as KM_AUTO */

/* The hub's operating mode: 通常時, 大規模重要インフラサービス障害対応時. */
enum hub_mode { MODE_NORMAL = 1, MODE_LARGE_SCALE };
struct keeper_mode {
	uint8_t mode;
	int64_t since, renew_by; /* minutes since 1970; 0: since ever, not at all */
};
const char *hub_mode_word(unsigned mode); /* "normal", "large-scale" */

/* KM_MODE: after hello, and when it changes. */
void keeper_mode_put(struct buf *b, const struct keeper_mode *m);
int keeper_mode_get(const void *p, size_t n, struct keeper_mode *ret) MUST_CHECK;

#endif
