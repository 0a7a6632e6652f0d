/* Time zones of the system's tzdata: offsets at an instant, instants of a local time. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_BASE_TIMEZONE_H
#define INLET_BASE_TIMEZONE_H

#include "inlet/base/compiler.h"
#include "inlet/base/err.h"
#include "inlet/base/slice.h"

#include <stdbool.h>
#include <stdint.h>

/* Immutable once loaded: any thread may use one. */
struct timezone;

/* Loads a zone by its IANA name ("America/Los_Angeles", "UTC"). ERR_NOT_FOUND when tzdata has no such zone,
 * ERR_MEMORY. The caller owns it: timezone_free. */
NODISCARD enum err timezone_load(const char *name, struct timezone **ret_zone);
struct timezone *timezone_free(struct timezone *zone);
void timezone_free_pointer(struct timezone **zone);

/* Its name, as it was loaded. */
const char *timezone_name(const struct timezone *zone);

/* Seconds east of UTC at an instant. */
int timezone_offset_s(const struct timezone *zone, int64_t utc_us);

/* A run of time over which a zone's offset stays the same. */
struct timezone_span {
    int64_t from_us,
        until_us; /* half-open; no longer than it was worth to look, so a neighbour may have the same offset */
    int offset_s;
};

/* The span an instant lies in. Cheap: each thread remembers the spans it has asked for. */
struct timezone_span timezone_span(const struct timezone *zone, int64_t utc_us);

/* Whether the wall clocks of two zones agree for the year that begins at FROM_US, whatever the zones are called. */
bool timezone_same_year(const struct timezone *a, const struct timezone *b, int64_t from_us);

enum local_kind {
    LOCAL_UNIQUE,
    LOCAL_AMBIGUOUS, /* the clocks went back over it: two instants; the earlier one is returned */
    LOCAL_MISSING /* the clocks went forward over it: no instant; the one by the offset before is returned */
};

/* The instant at which the zone's wall clock shows LOCAL_US (microseconds as civil_to_us counts them). */
enum local_kind timezone_local_to_utc(const struct timezone *zone, int64_t local_us, int64_t *ret_utc_us);

#endif
