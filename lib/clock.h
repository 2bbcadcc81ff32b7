/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LIB_CLOCK_H
#define LIB_CLOCK_H

#include <stdint.h>

/* Milliseconds since 1970, wall clock.  A build with -DTEST_CLOCK adds the offset in
 * seconds that stands as text in the file named by CEPTOAR_TEST_CLOCK (read anew at each
 * call), so that a test can let hours pass, and a second number by which this clock alone
 * is wrong; no other build knows that variable. */
int64_t clock_wall_ms(void);
/* The whole minute that holds clock_wall_ms(), in minutes since 1970: the finest time
 * that may stand beside a report. */
int64_t clock_wall_minute(void);
/* Milliseconds that never go back; no relation to the wall clock; never shifted. */
int64_t clock_mono_ms(void);
int64_t clock_mono_us(void);
/* Monotonic plus the test offset: for deadlines that a test must be able to pass. */
int64_t clock_timer_ms(void);
/* The same, going on while the machine sleeps. */
int64_t clock_boot_ms(void);

#endif
