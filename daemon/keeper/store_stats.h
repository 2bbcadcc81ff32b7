/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_STORE_STATS_H
#define KEEPER_STORE_STATS_H

#include "daemon/keeper/store.h"

/* Statistics, and what the centre says of reports afterwards; as store.h, of which this
 * is a part. */
enum { STAT_WORD_MAX = 64, ASSESSMENTS_MAX = 32 };

struct store_stat {
	uint32_t quarter; /* four times the year, and 0 to 3 */
	char class_[STAT_WORD_MAX + 1], sector[STAT_WORD_MAX + 1];
	uint32_t n;
};

struct store_assessment {
	uint8_t case_id[ID_LEN], report[ID_LEN];
	uint8_t n; /* from 1 on */
	uint8_t continuity, safety, trust;
	int64_t minute;
};

/* One more (or, with `less`, one fewer, never below 0); v->n is not looked at. */
int store_stat_count(struct store *s, const struct store_stat *v, int less) MUST_CHECK;
/* Those of the quarters from..to, sorted; calls fn until it returns non-zero (handed
 * back). */
int store_stat_each(struct store *s, uint32_t from, uint32_t to,
    int (*fn)(void *arg, const struct store_stat *v), void *arg) MUST_CHECK;
/* As what a case was counted; ret->n is 0. */
int store_stat_case_get(
    struct store *s, const uint8_t *case_id, struct store_stat *ret) MUST_CHECK;
int store_stat_case_put(
    struct store *s, const uint8_t *case_id, const struct store_stat *v) MUST_CHECK;
int store_stat_case_del(struct store *s, const uint8_t *case_id) MUST_CHECK;

int store_assessment_add(struct store *s, const struct store_assessment *a) MUST_CHECK;
/* All of a case, the oldest first; ERR_NOTFOUND is not said of none. */
int store_assessment_list(struct store *s, const uint8_t *case_id,
    struct store_assessment out[ASSESSMENTS_MAX], unsigned *ret_n) MUST_CHECK;

#endif
