/* Whether a day is a holiday, on its date or as the day one is observed on. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/base/datetime.h"
#include "inlet/domain/calling.h"

#define SATURDAY 5
#define SUNDAY   6
#define DAY_US   INT64_C(86400000000)

/* How far a holiday may lie from its observed day or its reckoning from the year that names it. */
#define NEAR_DAYS 7

/* Easter Sunday by the Gregorian reckoning (the algorithm known as Meeus, Jones and Butcher's). */
static int64_t easter(int year)
{
    int a = year % 19, b = year / 100, c = year % 100;
    int d = b / 4, e = b % 4, f = (b + 8) / 25;
    int g = (b - f + 1) / 3, h = (19 * a + b - d - g + 15) % 30;
    int i = c / 4, k = c % 4, l = (32 + 2 * e + 2 * i - h - k) % 7;
    int m = (a + 11 * h + 22 * l) / 451, n = h + l - 7 * m + 114;
    return civil_days(year, n / 31, n % 31 + 1);
}

static int64_t nth_weekday(int year, int month, int weekday, int nth)
{
    if (nth > 0) {
        int64_t first = civil_days(year, month, 1);
        return first + (weekday - civil_weekday(first) + 7) % 7 + (nth - 1) * 7;
    }
    int64_t last = civil_days(year, month, civil_days_in_month(year, month));
    return last - (civil_weekday(last) - weekday + 7) % 7 + (nth + 1) * 7;
}

static bool has_year(const struct calling_holiday *holiday, int year)
{
    return year >= holiday->from_year && year <= holiday->until_year &&
           (!holiday->even_years || year % 2 == 0);
}

static int64_t date_in(const struct calling_holiday *holiday, int year)
{
    int64_t day = 0;
    switch (holiday->kind) {
    case CALLING_HOLIDAY_DATE: day = civil_days(year, holiday->month, holiday->day); break;
    case CALLING_HOLIDAY_NTH: day = nth_weekday(year, holiday->month, holiday->weekday, holiday->nth); break;
    case CALLING_HOLIDAY_EASTER: day = easter(year); break;
    }
    return day + holiday->plus_days;
}

static bool falls_on(const struct calling_calendar *calendar, const struct calling_holiday *holiday, int year,
                     int64_t day)
{
    if (!has_year(holiday, year))
        return false;
    int64_t date = date_in(holiday, year);
    int weekday = civil_weekday(date);
    int shift = weekday == SATURDAY ? calendar->saturday_shift
                : weekday == SUNDAY ? calendar->sunday_shift
                                    : 0;
    return date == day || date + shift == day;
}

static int year_of(int64_t day)
{
    struct civil civil;
    civil_from_us(day * DAY_US, &civil);
    return civil.year;
}

bool calling_is_holiday(const struct calling_calendar *calendar, int64_t day)
{
    /* New Year's Day may be observed in the year before. */
    int first = year_of(day - NEAR_DAYS), last = year_of(day + NEAR_DAYS);
    for (size_t i = 0; i < calendar->count; i++) {
        for (int year = first; year <= last; year++) {
            if (falls_on(calendar, &calendar->holidays[i], year, day))
                return true;
        }
    }
    return false;
}
