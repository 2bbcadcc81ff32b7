/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FRONT_BUCKET_H
#define FRONT_BUCKET_H

#include <stdint.h>

/* So many a minute, and all of a minute's at once after a quiet time. */
struct bucket {
	int64_t at;   /* clock_timer_ms() of the last look */
	int64_t left; /* in thousandths of a minute's one */
};

/* Full, whatever the rate will be. */
void bucket_init(struct bucket *b);
/* Takes one; 0 when there is none.  A rate of 0 is no cap. */
int bucket_take(struct bucket *b, int64_t per_minute);

#endif
