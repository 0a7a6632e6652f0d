/* Civil dates and times, and their ISO 8601 text. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_BASE_DATETIME_H
#define INLET_BASE_DATETIME_H

#include "inlet/base/compiler.h"
#include "inlet/base/err.h"
#include "inlet/base/slice.h"

#include <stdbool.h>
#include <stdint.h>

/* A point on a calendar and a wall clock, in no particular zone (proleptic Gregorian). */
struct civil {
    int year, month, day; /* month 1-12, day 1-31 */
    int hour, minute, second, microsecond;
};

/* Days since 1970-01-01 of a date; any year. */
int64_t civil_days(int year, int month, int day);

/* Microseconds since 1970-01-01T00:00:00 as if the civil time were UTC. */
int64_t civil_to_us(const struct civil *civil);

/* The inverse. */
void civil_from_us(int64_t us, struct civil *ret_civil);

/* Day of the week, 0 Monday to 6 Sunday. */
int civil_weekday(int64_t days);

int civil_days_in_month(int year, int month);

#define DATETIME_MAX 40

/* ISO 8601 as Django REST framework prints it: 2025-02-28T15:09:03.139554-08:00, no fraction when it is zero, Z for an
 * offset of zero. OFFSET_S: seconds east of UTC. Returns the length; TEXT has DATETIME_MAX bytes and ends with NUL. */
size_t datetime_format(int64_t us, int offset_s, char text[DATETIME_MAX]);

/* What a date-time text says. */
struct datetime_parts {
    struct civil civil;
    bool has_offset;
    int offset_s; /* seconds east of UTC */
};

/* Parses with the grammar of Django 3.2's parse_datetime (django/utils/dateparse.py): 2026-01-02T03:04[:05[.123456]] with
 * 'T' or a space, one-digit parts after the year, a comma for the dot, more fraction digits cut, and Z, +hh, +hhmm or
 * +hh:mm. ERR_INVALID when the text or a value in it does not fit. */
NODISCARD enum err datetime_parse(struct slice text, struct datetime_parts *ret_parts);

#endif
