/* A zone as GLib sees it: what the files about time zones share. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_BASE_TIMEZONE_ZONE_H
#define INLET_BASE_TIMEZONE_ZONE_H

#include "inlet/base/timezone.h"

/* Never 0 and never used twice: tells zones apart in caches even when their memory is used again. */
unsigned timezone_serial(const struct timezone *zone);

/* GLib's number of the interval of equal offset that second lies in. */
int timezone_interval(const struct timezone *zone, int64_t utc_s);

#endif
