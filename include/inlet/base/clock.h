/* What time it is: microseconds since 1970-01-01 UTC, and a clock that never steps. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_BASE_CLOCK_H
#define INLET_BASE_CLOCK_H

#include <stdint.h>

/* Times in the program are int64_t microseconds UTC; this one stands for "no time". */
#define TIME_NONE INT64_MIN

/* Wall clock, microseconds since 1970-01-01 UTC. */
int64_t clock_now_us(void);

/* Monotonic clock in microseconds, for durations and deadlines. */
int64_t clock_monotonic_us(void);

#endif
