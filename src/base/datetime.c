/* Calendar arithmetic, and date-times in and out of text. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/base/datetime.h"

#include "inlet/base/unicode.h"

#define DAY_US INT64_C(86400000000)

/* Both directions after Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms": years start in March, so the leap
 * day is the last one. */
int64_t civil_days(int year, int month, int day)
{
    int64_t y = month <= 2 ? (int64_t)year - 1 : year;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

static void date_of_days(int64_t days, struct civil *ret)
{
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t day_of_era = days - era * 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month = (5 * day_of_year + 2) / 153;
    ret->day = (int)(day_of_year - (153 * month + 2) / 5 + 1);
    ret->month = (int)(month < 10 ? month + 3 : month - 9);
    ret->year = (int)(year_of_era + era * 400 + (ret->month <= 2));
}

int64_t civil_to_us(const struct civil *civil)
{
    int64_t seconds = civil_days(civil->year, civil->month, civil->day) * 86400 + civil->hour * 3600 +
                      civil->minute * 60 + civil->second;
    return seconds * 1000000 + civil->microsecond;
}

void civil_from_us(int64_t us, struct civil *ret_civil)
{
    int64_t days = us / DAY_US, rest = us % DAY_US;
    if (rest < 0) {
        rest += DAY_US;
        days--;
    }
    date_of_days(days, ret_civil);
    ret_civil->microsecond = (int)(rest % 1000000);
    rest /= 1000000;
    ret_civil->hour = (int)(rest / 3600);
    ret_civil->minute = (int)(rest / 60 % 60);
    ret_civil->second = (int)(rest % 60);
}

int civil_weekday(int64_t days)
{
    int64_t weekday = (days + 3) % 7; /* day 0 was a Thursday */
    return (int)(weekday < 0 ? weekday + 7 : weekday);
}

int civil_days_in_month(int year, int month)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return lengths[month - 1] + (month == 2 && leap);
}

/* Writes NUMBER with WIDTH digits; this stands in every answer five times, so no printf. */
static char *digits(char *at, int number, int width)
{
    for (int i = width - 1; i >= 0; i--) {
        at[i] = (char)('0' + number % 10);
        number /= 10;
    }
    return at + width;
}

size_t datetime_format(int64_t us, int offset_s, char text[DATETIME_MAX])
{
    struct civil c;
    civil_from_us(us + (int64_t)offset_s * 1000000, &c);
    char *at = digits(text, c.year, 4);
    *at++ = '-';
    at = digits(at, c.month, 2);
    *at++ = '-';
    at = digits(at, c.day, 2);
    *at++ = 'T';
    at = digits(at, c.hour, 2);
    *at++ = ':';
    at = digits(at, c.minute, 2);
    *at++ = ':';
    at = digits(at, c.second, 2);
    if (c.microsecond != 0) {
        *at++ = '.';
        at = digits(at, c.microsecond, 6);
    }
    if (offset_s == 0) {
        *at++ = 'Z';
    } else {
        int east = offset_s < 0 ? -offset_s : offset_s;
        *at++ = offset_s < 0 ? '-' : '+';
        at = digits(at, east / 3600, 2);
        *at++ = ':';
        at = digits(at, east / 60 % 60, 2);
        if (east % 60 != 0) {
            *at++ = ':';
            at = digits(at, east % 60, 2);
        }
    }
    *at = '\0';
    return (size_t)(at - text);
}

/* Takes LEAST to MOST decimal digits off the front of S; of any script, as \d matches them. */
static bool take_digits(struct slice *s, size_t least, size_t most, int *ret)
{
    size_t n = 0;
    int number = 0;
    struct slice rest = *s;
    while (n < most && rest.n > 0) {
        struct slice next = rest;
        int digit = unicode_digit(slice_next_code_point(&next));
        if (digit < 0)
            break;
        number = number * 10 + digit;
        rest = next;
        n++;
    }
    if (n < least)
        return false;
    *s = rest;
    *ret = number;
    return true;
}

static bool take_byte(struct slice *s, char byte)
{
    if (s->n == 0 || s->p[0] != byte)
        return false;
    *s = slice_skip(*s, 1);
    return true;
}

/* [.,]\d{1,6}\d{0,6} after the seconds, cut to microseconds. */
static bool take_fraction(struct slice *s, int *ret_microsecond)
{
    if (!take_byte(s, '.') && !take_byte(s, ','))
        return true;
    int fraction = 0, digit;
    size_t n = 0;
    for (; n < 6 && take_digits(s, 1, 1, &digit); n++)
        fraction = fraction * 10 + digit;
    if (n == 0)
        return false;
    for (; n < 6; n++)
        fraction *= 10;
    (void)take_digits(s, 0, 6, &digit);
    *ret_microsecond = fraction;
    return true;
}

/* Z, +hh, +hhmm, +hh:mm or nothing. */
static bool take_offset(struct slice *s, struct datetime_parts *parts)
{
    if (take_byte(s, 'Z')) {
        parts->has_offset = true;
        return true;
    }
    bool west = s->n > 0 && s->p[0] == '-';
    if (!take_byte(s, '+') && !take_byte(s, '-'))
        return true;
    int hours, minutes = 0;
    if (!take_digits(s, 2, 2, &hours))
        return false;
    if (s->n > 0) {
        bool colon = take_byte(s, ':');
        if (!take_digits(s, 2, 2, &minutes) && (colon || s->n > 1 || s->p[0] != '\n'))
            return false;
    }
    int minutes_east = hours * 60 + minutes;
    if (minutes_east >= 24 * 60)
        return false; /* as Python's timezone() refuses it */
    parts->has_offset = true;
    parts->offset_s = (west ? -minutes_east : minutes_east) * 60;
    return true;
}

enum err datetime_parse(struct slice text, struct datetime_parts *ret_parts)
{
    struct datetime_parts parts = {0};
    struct civil *c = &parts.civil;
    if (!take_digits(&text, 4, 4, &c->year) || !take_byte(&text, '-') ||
        !take_digits(&text, 1, 2, &c->month) || !take_byte(&text, '-') || !take_digits(&text, 1, 2, &c->day))
        return ERR_INVALID;
    if (!take_byte(&text, 'T') && !take_byte(&text, ' '))
        return ERR_INVALID;
    if (!take_digits(&text, 1, 2, &c->hour) || !take_byte(&text, ':') ||
        !take_digits(&text, 1, 2, &c->minute))
        return ERR_INVALID;
    if (take_byte(&text, ':') &&
        (!take_digits(&text, 1, 2, &c->second) || !take_fraction(&text, &c->microsecond)))
        return ERR_INVALID;
    if (!take_offset(&text, &parts))
        return ERR_INVALID;
    (void)take_byte(&text, '\n'); /* Python's $ matches before a last line feed */
    if (text.n > 0)
        return ERR_INVALID;
    if (c->year < 1 || c->month < 1 || c->month > 12 || c->day < 1 ||
        c->day > civil_days_in_month(c->year, c->month) || c->hour > 23 || c->minute > 59 || c->second > 59)
        return ERR_INVALID;
    *ret_parts = parts;
    return ERR_OK;
}
