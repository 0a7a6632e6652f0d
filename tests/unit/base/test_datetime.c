/* Calendar arithmetic, and date-times in and out of text. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/base/datetime.h"

#include "unit.h"

START_TEST(days_are_counted_from_1970)
{
    static const struct {
        int year, month, day;
        int64_t days;
        int weekday;
    } rows[] = {
        {1970, 1, 1, 0, 3},         {1969, 12, 31, -1, 2},    {2000, 2, 29, 11016, 1}, {2000, 3, 1, 11017, 2},
        {2024, 2, 29, 19782, 3},    {1900, 3, 1, -25508, 3},  {2100, 3, 1, 47541, 0},  {1, 1, 1, -719162, 0},
        {9999, 12, 31, 2932896, 4}, {2026, 11, 21, 20778, 5},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        ck_assert_int_eq(civil_days(rows[i].year, rows[i].month, rows[i].day), rows[i].days);
        ck_assert_int_eq(civil_weekday(rows[i].days), rows[i].weekday);
    }
}
END_TEST

START_TEST(every_day_of_five_centuries_comes_back)
{
    int64_t days = civil_days(1800, 1, 1);
    for (int year = 1800; year < 2300; year++) {
        for (int month = 1; month <= 12; month++) {
            for (int day = 1; day <= civil_days_in_month(year, month); day++, days++) {
                struct civil civil;
                ck_assert_int_eq(civil_days(year, month, day), days);
                civil_from_us(days * INT64_C(86400000000) + 1, &civil);
                ck_assert(civil.year == year && civil.month == month && civil.day == day && civil.hour == 0);
                ck_assert_int_eq(civil.microsecond, 1);
            }
        }
    }
}
END_TEST

START_TEST(civil_and_microseconds_are_inverse)
{
    static const int64_t rows[] = {0,
                                   1,
                                   -1,
                                   999999,
                                   -999999,
                                   INT64_C(-62135596800000000),
                                   INT64_C(253402300799999999),
                                   INT64_C(1700000000123456)};
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct civil civil;
        civil_from_us(rows[i], &civil);
        ck_assert_int_eq(civil_to_us(&civil), rows[i]);
        ck_assert(civil.microsecond >= 0 && civil.second >= 0 && civil.minute >= 0 && civil.hour >= 0);
    }
}
END_TEST

START_TEST(times_are_printed_as_the_rest_framework_does)
{
    static const struct {
        int64_t us;
        int offset_s;
        const char *text;
    } rows[] = {
        {INT64_C(1740784143139554), -28800, "2025-02-28T15:09:03.139554-08:00"},
        {INT64_C(1740784143000000), 0, "2025-02-28T23:09:03Z"},
        {INT64_C(1740784143000001), 19800, "2025-03-01T04:39:03.000001+05:30"},
        {INT64_C(1740784143100000), -12600, "2025-02-28T19:39:03.100000-03:30"},
        {0, 0, "1970-01-01T00:00:00Z"},
        {-1, 0, "1969-12-31T23:59:59.999999Z"},
        {0, 60, "1970-01-01T00:01:00+00:01"},
        {0, -2670, "1969-12-31T23:15:30-00:44:30"},
        {INT64_C(-62135596800000000), 0, "0001-01-01T00:00:00Z"},
        {INT64_C(253402300799999999), 0, "9999-12-31T23:59:59.999999Z"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        char text[DATETIME_MAX];
        size_t length = datetime_format(rows[i].us, rows[i].offset_s, text);
        ck_assert_str_eq(text, rows[i].text);
        ck_assert_uint_eq(length, strlen(text));
    }
}
END_TEST

START_TEST(texts_are_parsed_as_django_does)
{
    static const struct {
        const char *text;
        int64_t us; /* as if it were UTC */
        bool has_offset;
        int offset_s;
    } rows[] = {
        {"2025-02-28T15:09:03.139554-08:00", INT64_C(1740755343139554), true, -28800},
        {"2025-02-28T15:09:03Z", INT64_C(1740755343000000), true, 0},
        {"2025-02-28 15:09:03", INT64_C(1740755343000000), false, 0},
        {"2025-02-28T15:09", INT64_C(1740755340000000), false, 0},
        {"2025-2-8T5:9", INT64_C(1738991340000000), false, 0},
        {"2025-02-28T15:09:3", INT64_C(1740755343000000), false, 0},
        {"2025-02-28T15:09:03.1", INT64_C(1740755343100000), false, 0},
        {"2025-02-28T15:09:03,12", INT64_C(1740755343120000), false, 0},
        {"2025-02-28T15:09:03.1234567", INT64_C(1740755343123456), false, 0},
        {"2025-02-28T15:09:03.123456789012", INT64_C(1740755343123456), false, 0},
        {"2025-02-28T15:09:03+05", INT64_C(1740755343000000), true, 18000},
        {"2025-02-28T15:09:03+0530", INT64_C(1740755343000000), true, 19800},
        {"2025-02-28T15:09:03-23:59", INT64_C(1740755343000000), true, -86340},
        {"2025-02-28T15:09:03+00:99", INT64_C(1740755343000000), true, 5940},
        {"2025-02-28T15:09+01:00", INT64_C(1740755340000000), true, 3600},
        {"2025-02-28T15:09Z\n", INT64_C(1740755340000000), true, 0},
        {"2025-02-28T15:09:03+05\n", INT64_C(1740755343000000), true, 18000},
        {"0001-01-01T00:00", INT64_C(-62135596800000000), false, 0},
        {"\xd9\xa2\xd9\xa0\xd9\xa2\xd9\xa5-02-28T15:09:03.\xef\xbc\x91\xef\xbc\x92",
         INT64_C(1740755343120000), false, 0}, /* digits of any script */
        {"2024-02-29T00:00", INT64_C(1709164800000000), false, 0},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct datetime_parts parts;
        ck_assert_msg(datetime_parse(slice_from(rows[i].text), &parts) == ERR_OK, "%s", rows[i].text);
        ck_assert_msg(civil_to_us(&parts.civil) == rows[i].us, "%s", rows[i].text);
        ck_assert_msg(parts.has_offset == rows[i].has_offset && parts.offset_s == rows[i].offset_s, "%s",
                      rows[i].text);
    }
}
END_TEST

START_TEST(other_texts_are_refused)
{
    static const char *const rows[] = {
        "",
        "2025",
        "2025-02-28",
        "2025-02-28T",
        "2025-02-28T15",
        "2025-02-28T15:",
        "2025-02-28T15:09:",
        "2025-02-28T15:09:03.",
        "2025-02-28T15:09:03.1234567890123",
        "2025-02-28t15:09:03",
        "2025-02-28T15:09:03z",
        "2025-02-28T15:09:03 Z",
        " 2025-02-28T15:09:03",
        "2025-02-28T15:09:03 ",
        "25-02-28T15:09:03",
        "12025-02-28T15:09:03",
        "2025-002-28T15:09",
        "2025/02/28T15:09",
        "2025-02-28T15.09",
        "2025-13-01T00:00",
        "2025-00-01T00:00",
        "2025-02-29T00:00",
        "2025-01-32T00:00",
        "2025-01-00T00:00",
        "0000-01-01T00:00",
        "2025-01-01T24:00",
        "2025-01-01T00:60",
        "2025-01-01T00:00:60",
        "2025-01-01T00:00+24:00",
        "2025-01-01T00:00-24:00",
        "2025-01-01T00:00+1",
        "2025-01-01T00:00+1:00",
        "2025-01-01T00:00+01:",
        "2025-01-01T00:00+01:0",
        "2025-01-01T00:00+010",
        "2025-01-01T00:00+010\n",
        "2025-01-01T00:00Z\n\n",
        "2025-01-01T00:00Z\r",
        "2025-01-01T00:00:00.1.2",
        "-025-01-01T00:00",
        "2025-01-01T-1:00",
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct datetime_parts parts = {.offset_s = 77};
        /* Exactly as many bytes as there are, for the sanitizers to see a read behind them. */
        size_t n = strlen(rows[i]);
        char *text = malloc(n ? n : 1);
        ck_assert_ptr_nonnull(text);
        memcpy(text, rows[i], n);
        ck_assert_msg(datetime_parse(slice_of(text, n), &parts) == ERR_INVALID, "%s", rows[i]);
        free(text);
        ck_assert_int_eq(parts.offset_s, 77);
    }
    struct datetime_parts parts;
    ck_assert_int_eq(datetime_parse(SLICE("2025-01-01T00:00\0"), &parts), ERR_INVALID);
}
END_TEST

UNIT_MAIN("datetime", days_are_counted_from_1970, every_day_of_five_centuries_comes_back,
          civil_and_microseconds_are_inverse, times_are_printed_as_the_rest_framework_does,
          texts_are_parsed_as_django_does, other_texts_are_refused)
