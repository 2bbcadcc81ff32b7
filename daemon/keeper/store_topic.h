/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_STORE_TOPIC_H
#define KEEPER_STORE_TOPIC_H

#include "daemon/keeper/store.h"
#include "proto/msg_seal.h"

/* Topics of reports and their counts; as store.h, of which this is a part. */

/* One case has it. */
struct store_topic {
	uint8_t topic[TOPIC_LEN], case_id[ID_LEN];
	int64_t minute, since;
	uint8_t slot, level, sectors, waits;
	uint16_t members;
};

/* Many have it. */
struct store_trend {
	uint8_t topic[TOPIC_LEN], report[ID_LEN];
	struct slots slots;
	uint8_t level, sectors;
	uint16_t members, told;
	int64_t since, first, last, told_at;
};

/* Adds it, or changes that of the same case and minute. */
int store_topic_put(struct store *s, const struct store_topic *t) MUST_CHECK;
/* The newest that was counted: minute, members, sectors, since.  ERR_NOTFOUND. */
int store_topic_last(
    struct store *s, const uint8_t *topic, struct store_topic *ret) MUST_CHECK;
/* How many cases have it in these minutes, at most about `most`. */
int store_topic_cases(struct store *s, const uint8_t *topic, int64_t from, int64_t to,
    unsigned most, unsigned *ret_n) MUST_CHECK;
/* first, level and slots of *ret, from at most `most` rows, the oldest first. */
int store_topic_span(struct store *s, const uint8_t *topic, unsigned most,
    struct store_trend *ret) MUST_CHECK;
/* Rows of other cases than this that wait, at most cap: case_id and minute. */
int store_topic_waiting(struct store *s, const uint8_t *topic, const uint8_t *case_id,
    struct store_topic *out, size_t cap, size_t *ret_n) MUST_CHECK;
/* This one waits no longer. */
int store_topic_settled(struct store *s, const struct store_topic *t) MUST_CHECK;

int store_trend_get(
    struct store *s, const uint8_t *topic, struct store_trend *ret) MUST_CHECK;
int store_trend_put(struct store *s, const struct store_trend *t) MUST_CHECK;
/* The newest first, at most cap. */
int store_trend_list(
    struct store *s, struct store_trend *out, size_t cap, size_t *ret_n) MUST_CHECK;
/* Both, as the others of store.h. */
int store_prune_topics(
    struct store *s, int64_t before, unsigned most, unsigned *ret_n) MUST_CHECK;

#endif
