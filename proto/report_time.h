/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTO_REPORT_TIME_H
#define PROTO_REPORT_TIME_H

#include <stdint.h>

#include "lib/buf.h"

enum { REPORT_TIME_LEN = 26 }; /* "2026-11-08T05:35:00+09:00" and its NUL */

/*
 * Times as people report them.  Accepted are RFC 3339 with its offset, and dates with or
 * without a time of day in Japan: 2026-11-08, 2026年11月8日, 令和8年11月8日, R8.11.8,
 * 令和8年11月8日 午後5時35分, 平成12年..., in full or half width.  A time comes out in
 * Japan's time (the offset would tell a client apart), a date as a date.
 * 0, or ERR_INVALID with *ret_detail (a literal): malformed, before 2000, more than five
 * minutes after now_ms, a 60th second, hour 24.  ERR_NOMEM.
 */
int report_time(struct slice in, int64_t now_ms, char ret[REPORT_TIME_LEN],
    const char **ret_detail) MUST_CHECK;
/* "2026-11-08T05:35:00+09:00" of a moment. */
void report_time_write(int64_t ms, char ret[REPORT_TIME_LEN]);
/* The moment (ms) of a text that report_time has written; of a date its end, midnight in
 * Japan. */
int64_t report_time_end(const char *written);

#endif
