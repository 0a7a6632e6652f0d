/* Holidays on their dates and on the days they are observed on. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/base/compiler.h"
#include "inlet/base/datetime.h"
#include "inlet/domain/calling.h"
#include "unit.h"

#define ANY .from_year = 1, .until_year = 9999

static bool is_holiday(const struct calling_holiday *holiday, int saturday, int sunday, int year, int month,
                       int day)
{
    const struct calling_calendar calendar = {
        .holidays = holiday, .count = 1, .saturday_shift = saturday, .sunday_shift = sunday};
    return calling_is_holiday(&calendar, civil_days(year, month, day));
}

START_TEST(easter_is_where_the_tables_have_it)
{
    static const int easters[][3] = {{1818, 3, 22}, {1943, 4, 25}, {1954, 4, 18}, {1981, 4, 19},
                                     {2000, 4, 23}, {2008, 3, 23}, {2019, 4, 21}, {2024, 3, 31},
                                     {2025, 4, 20}, {2026, 4, 5},  {2027, 3, 28}, {2028, 4, 16},
                                     {2038, 4, 25}, {2049, 4, 18}, {2076, 4, 19}};
    const struct calling_holiday easter = {.kind = CALLING_HOLIDAY_EASTER, ANY};
    for (size_t i = 0; i < ARRAY_LENGTH(easters); i++) {
        int64_t day = civil_days(easters[i][0], easters[i][1], easters[i][2]);
        const struct calling_calendar calendar = {.holidays = &easter, .count = 1};
        for (int64_t near = day - 40; near <= day + 40; near++)
            ck_assert_msg(calling_is_holiday(&calendar, near) == (near == day), "%d", easters[i][0]);
    }
}
END_TEST

START_TEST(weekdays_of_a_month_are_counted)
{
    const struct calling_holiday thanksgiving = {
        .kind = CALLING_HOLIDAY_NTH, .month = 11, .weekday = 3, .nth = 4, ANY};
    const struct calling_holiday memorial = {
        .kind = CALLING_HOLIDAY_NTH, .month = 5, .weekday = 0, .nth = -1, ANY};
    const struct calling_holiday election = {.kind = CALLING_HOLIDAY_NTH,
                                             .month = 11,
                                             .weekday = 0,
                                             .nth = 1,
                                             .plus_days = 1,
                                             .even_years = true,
                                             ANY};
    ck_assert(is_holiday(&thanksgiving, -1, 1, 2026, 11, 26));
    ck_assert(!is_holiday(&thanksgiving, -1, 1, 2026, 11, 19));
    ck_assert(is_holiday(&thanksgiving, -1, 1, 2029, 11, 22));
    ck_assert(is_holiday(&memorial, -1, 1, 2027, 5, 31));
    ck_assert(!is_holiday(&memorial, -1, 1, 2027, 5, 24));
    ck_assert(is_holiday(&memorial, -1, 1, 2026, 5, 25));
    ck_assert(is_holiday(&election, -1, 1, 2026, 11, 3));
    ck_assert(is_holiday(&election, -1, 1, 2032, 11, 2));
    ck_assert(!is_holiday(&election, -1, 1, 2027, 11, 2));
}
END_TEST

START_TEST(weekends_move_a_holiday_and_keep_it)
{
    const struct calling_holiday fourth = {.kind = CALLING_HOLIDAY_DATE, .month = 7, .day = 4, ANY};
    const struct calling_holiday new_year = {.kind = CALLING_HOLIDAY_DATE, .month = 1, .day = 1, ANY};
    ck_assert(is_holiday(&fourth, -1, 1, 2026, 7, 4)); /* a Saturday */
    ck_assert(is_holiday(&fourth, -1, 1, 2026, 7, 3));
    ck_assert(!is_holiday(&fourth, -1, 1, 2026, 7, 5));
    ck_assert(is_holiday(&fourth, -1, 1, 2027, 7, 4)); /* a Sunday */
    ck_assert(is_holiday(&fourth, -1, 1, 2027, 7, 5));
    ck_assert(!is_holiday(&fourth, -1, 1, 2028, 7, 3));    /* a Tuesday */
    ck_assert(is_holiday(&new_year, -1, 1, 2027, 12, 31)); /* 2028's, a Saturday */
    ck_assert(!is_holiday(&new_year, 0, 1, 2027, 12, 31));
    ck_assert(is_holiday(&fourth, 2, 1, 2026, 7, 6)); /* where the state keeps Monday */
    ck_assert(!is_holiday(&fourth, 0, 0, 2027, 7, 5));
}
END_TEST

START_TEST(years_bound_a_holiday)
{
    const struct calling_holiday juneteenth = {
        .kind = CALLING_HOLIDAY_DATE, .month = 6, .day = 19, .from_year = 2021, .until_year = 2027};
    ck_assert(!is_holiday(&juneteenth, -1, 1, 2020, 6, 19));
    ck_assert(is_holiday(&juneteenth, -1, 1, 2021, 6, 19));
    ck_assert(is_holiday(&juneteenth, -1, 1, 2021, 6, 18)); /* a Saturday, kept on Friday */
    ck_assert(is_holiday(&juneteenth, -1, 1, 2027, 6, 19));
    ck_assert(!is_holiday(&juneteenth, -1, 1, 2028, 6, 19));
}
END_TEST

UNIT_MAIN("calling_holiday", easter_is_where_the_tables_have_it, weekdays_of_a_month_are_counted,
          weekends_move_a_holiday_and_keep_it, years_bound_a_holiday)
