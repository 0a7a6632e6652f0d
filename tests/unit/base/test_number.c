/* Number parsing and shortest printing. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/base/number.h"
#include "unit.h"

START_TEST(real_is_printed_as_python_does)
{
    static const struct {
        double number;
        const char *text;
    } rows[] = {
        {0.0, "0.0"},
        {-0.0, "-0.0"},
        {0.1, "0.1"},
        {1.0, "1.0"},
        {7.5, "7.5"},
        {1e15, "1000000000000000.0"},
        {1e16, "1e+16"},
        {123456789012345.6, "123456789012345.6"},
        {1e-4, "0.0001"},
        {1e-5, "1e-05"},
        {1.5e-7, "1.5e-07"},
        {1e300, "1e+300"},
        {5e-324, "5e-324"},
        {0.30000000000000004, "0.30000000000000004"},
        {-2.5, "-2.5"},
        {1e100, "1e+100"},
        {12345678.9, "12345678.9"},
        {9007199254740993.0, "9007199254740992.0"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        char text[NUMBER_TEXT_MAX];
        size_t length = number_format_real(rows[i].number, text);
        ck_assert_str_eq(text, rows[i].text);
        ck_assert_uint_eq(length, strlen(text));
    }
}
END_TEST

START_TEST(integers_are_parsed_strictly)
{
    int64_t n;
    ck_assert_int_eq(number_parse_int64(SLICE("-9223372036854775808"), &n), ERR_OK);
    ck_assert_int_eq(n, INT64_MIN);
    ck_assert_int_eq(number_parse_int64(SLICE("9223372036854775807"), &n), ERR_OK);
    ck_assert_int_eq(n, INT64_MAX);
    ck_assert_int_eq(number_parse_int64(SLICE("9223372036854775808"), &n), ERR_LIMIT);
    ck_assert_int_eq(number_parse_int64(SLICE("99999999999999999999999999"), &n), ERR_LIMIT);
    ck_assert_int_eq(number_parse_int64(SLICE(""), &n), ERR_INVALID);
    ck_assert_int_eq(number_parse_int64(SLICE("-"), &n), ERR_INVALID);
    ck_assert_int_eq(number_parse_int64(SLICE("+1"), &n), ERR_INVALID);
    ck_assert_int_eq(number_parse_int64(SLICE("1 "), &n), ERR_INVALID);
}
END_TEST

START_TEST(integers_are_printed)
{
    char text[NUMBER_TEXT_MAX];
    number_format_int64(INT64_MIN, text);
    ck_assert_str_eq(text, "-9223372036854775808");
    number_format_int64(0, text);
    ck_assert_str_eq(text, "0");
}
END_TEST

UNIT_MAIN("number", real_is_printed_as_python_does, integers_are_parsed_strictly, integers_are_printed)
