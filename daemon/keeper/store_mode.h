/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_STORE_MODE_H
#define KEEPER_STORE_MODE_H

#include "daemon/keeper/store.h"

enum { MODE_REASON_MAX = 4096 };

/* The hub's operating mode, one row for all time. */
struct store_mode {
	uint8_t mode;		      /* enum hub_mode */
	uint8_t asked;		      /* the bell for its renewal has rung */
	int64_t since, renewed;	      /* minutes; 0: since ever */
	uint8_t person[RECEIVER_LEN]; /* who switched or renewed it; zeros: the clock */
	char reason[MODE_REASON_MAX + 1]; /* {"ja","en"}, or "" */
};

/* 0 or an error; where nothing was ever switched it is normal. */
int store_mode_get(struct store *s, struct store_mode *ret) MUST_CHECK;
int store_mode_put(struct store *s, const struct store_mode *m) MUST_CHECK;

#endif
