/* SPDX-License-Identifier: Apache-2.0 */
#ifndef KEEPER_DIGEST_H
#define KEEPER_DIGEST_H

#include <stdint.h>

#include "lib/err.h"

/* When the daily mail of bulletins that did not need one at once goes out. */

/* "08:30" or "08:30:15", Japan's time, as the second of the day; ERR_INVALID. */
int digest_read(const char *text, int *ret_of_day) MUST_CHECK;
/* The first such second after `now` (seconds since 1970). */
int64_t digest_next(int of_day, int64_t now);

#endif
