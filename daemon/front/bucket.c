/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/front/bucket.h"

#include "lib/clock.h"

enum { MINUTE = 60000 }; /* what one takes */

/* More than any limit: cut down to the limit in force when it is looked at. */
static const int64_t FULL = INT64_MAX / 2;

void
bucket_init(struct bucket *b)
{
	b->at = clock_timer_ms();
	b->left = FULL;
}

int
bucket_take(struct bucket *b, int64_t per_minute)
{
	int64_t now = clock_timer_ms(), most = per_minute * MINUTE;

	if (per_minute == 0) { /* free until a reload, then all of its minute */
		b->left = FULL;
		return 1;
	}
	b->left += (now - b->at) * per_minute;
	b->at = now;
	if (b->left > most || b->left < 0)
		b->left = most;
	if (b->left < MINUTE)
		return 0;
	b->left -= MINUTE;
	return 1;
}
