/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_DUTY_H
#define PROTO_DUTY_H

#include <stdint.h>

#include "lib/buf.h"
#include "proto/json.h"

/*
 * When a desk is on duty: weekdays, hours and holidays, all in Japan's time, which knows
 * no summer time.  No clock here: the caller says what time it is, in ms since 1970; a
 * day is counted in days since 1970 in Japan.
 */

/* Opaque types. */
struct duty_holidays;

struct duty_hours {
	uint8_t days;	   /* Monday is bit 0 */
	uint16_t from, to; /* minutes of the day; `to` is over */
	uint8_t holidays;  /* works on those too */
};

/* {"days":[1..7],"from":"09:00","to":"17:30","holidays"?: true}: 1, or 0 when malformed.
 * Without "holidays" a desk that works on all seven days works on holidays as well. */
int duty_hours_read(const json_t *j, struct duty_hours *ret) MUST_CHECK;

/* conf/holidays.json.  On ERR_INVALID `why` says what is wrong.  NULL stands for a year
 * without holidays in all calls below. */
int duty_holidays_new(
    struct duty_holidays **ret, struct slice text, struct buf *why) MUST_CHECK;
void duty_holidays_free(struct duty_holidays *h); /* NULL is fine */
/* The name of this day ("ja" or "en"), or NULL when it is none. */
const char *duty_holiday(const struct duty_holidays *h, int64_t day, const char *lang);
/* The last day that the list speaks of; later ones are taken for working days. */
int64_t duty_holidays_end(const struct duty_holidays *h);

int64_t duty_day(int64_t ms);
int64_t duty_day_ms(int64_t day); /* its first moment */
/* "2026-11-08" as a day.  0 or ERR_INVALID. */
int duty_date(const char *text, int64_t *ret_day) MUST_CHECK;

/* Around the clock, on every day of the year? */
int duty_is_always(const struct duty_hours *d);
/* Does it work on this day at all? */
int duty_works(const struct duty_hours *d, const struct duty_holidays *h, int64_t day);
/* The time at which so many minutes of its hours have passed since now_ms. */
int64_t duty_add(const struct duty_hours *d, const struct duty_holidays *h,
    int64_t now_ms, int64_t minutes);
int duty_is_on(const struct duty_hours *d, const struct duty_holidays *h, int64_t now_ms);
/* The time at or after now_ms that lies in its hours. */
int64_t duty_next(
    const struct duty_hours *d, const struct duty_holidays *h, int64_t now_ms);

#endif
