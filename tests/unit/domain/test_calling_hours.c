/* Windows of a day, and waits. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/base/compiler.h"
#include "inlet/domain/calling.h"
#include "unit.h"

START_TEST(windows_are_read_strictly)
{
    static const struct {
        const char *text;
        int from, until; /* -1: refused */
    } rows[] = {
        {"09:00-20:00", 540, 1200},
        {"00:00-24:00", 0, 1440},
        {"23:59-24:00", 1439, 1440},
        {"13:30-21:00", 810, 1260},
        {"20:00-09:00", -1, -1},
        {"09:00-09:00", -1, -1},
        {"24:00-24:00", -1, -1},
        {"09:00-24:01", -1, -1},
        {"9:00-20:00", -1, -1},
        {"09:00", -1, -1},
        {"09:00-", -1, -1},
        {"09:60-10:00", -1, -1},
        {"09:00 - 20:00", -1, -1},
        {"-9:00-20:00", -1, -1},
        {"09:00-25:00", -1, -1},
        {"", -1, -1},
        {"09:00-20:00-21:00", -1, -1},
        {"+9:00-20:00", -1, -1},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct calling_window window = {7, 8};
        bool refused = calling_window_parse(slice_from(rows[i].text), &window) == ERR_INVALID;
        ck_assert_msg(refused == (rows[i].from < 0), "%s", rows[i].text);
        ck_assert_msg(window.from == (rows[i].from < 0 ? 7 : rows[i].from), "%s", rows[i].text);
        ck_assert_msg(window.until == (rows[i].from < 0 ? 8 : rows[i].until), "%s", rows[i].text);
    }
}
END_TEST

static struct calling_window window_of(unsigned from, unsigned until)
{
    return (struct calling_window){(uint16_t)from, (uint16_t)until};
}

START_TEST(a_day_keeps_its_windows_in_order_and_apart)
{
    struct calling_day day = {.count = 0};
    ck_assert_int_eq(calling_day_add(&day, window_of(600, 700)), ERR_OK);
    ck_assert_int_eq(calling_day_add(&day, window_of(900, 1000)), ERR_OK);
    ck_assert_int_eq(calling_day_add(&day, window_of(100, 200)), ERR_OK);
    ck_assert_int_eq(calling_day_add(&day, window_of(750, 800)), ERR_OK);
    ck_assert_uint_eq(day.count, 4);
    ck_assert_uint_eq(day.windows[0].from, 100);
    ck_assert_uint_eq(day.windows[2].from, 750);
    ck_assert_int_eq(calling_day_add(&day, window_of(700, 760)),
                     ERR_OK); /* touches one, covers into the next */
    ck_assert_uint_eq(day.count, 3);
    ck_assert_uint_eq(day.windows[1].from, 600);
    ck_assert_uint_eq(day.windows[1].until, 800);
    ck_assert_int_eq(calling_day_add(&day, window_of(0, 1440)), ERR_OK);
    ck_assert_uint_eq(day.count, 1);
    ck_assert_uint_eq(day.windows[0].until, 1440);
}
END_TEST

START_TEST(a_day_has_so_many_windows)
{
    struct calling_day day = {.count = 0};
    for (unsigned i = 0; i < CALLING_WINDOWS_MAX; i++)
        ck_assert_int_eq(calling_day_add(&day, window_of(i * 60 + 10, i * 60 + 20)), ERR_OK);
    ck_assert_int_eq(calling_day_add(&day, window_of(1400, 1410)), ERR_LIMIT);
    ck_assert_int_eq(calling_day_add(&day, window_of(0, 5)), ERR_LIMIT);
    ck_assert_uint_eq(day.count, CALLING_WINDOWS_MAX);
    ck_assert_int_eq(calling_day_add(&day, window_of(15, 30)), ERR_OK);
}
END_TEST

START_TEST(waits_are_read_strictly)
{
    static const struct {
        const char *text;
        enum err error;
        int64_t minutes;
    } rows[] = {
        {"0m", ERR_OK, 0},        {"30m", ERR_OK, 30},      {"4h", ERR_OK, 240},
        {"2d", ERR_OK, 2880},     {"366d", ERR_OK, 527040}, {"367d", ERR_LIMIT, 0},
        {"m", ERR_INVALID, 0},    {"", ERR_INVALID, 0},     {"30", ERR_INVALID, 0},
        {"30s", ERR_INVALID, 0},  {"-1m", ERR_INVALID, 0},  {"1.5h", ERR_INVALID, 0},
        {" 30m", ERR_INVALID, 0}, {"30M", ERR_INVALID, 0},  {"99999999999999999999d", ERR_LIMIT, 0},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        int64_t wait_us = -1;
        ck_assert_msg(calling_wait_parse(slice_from(rows[i].text), &wait_us) == rows[i].error, "%s",
                      rows[i].text);
        ck_assert_msg(wait_us == (rows[i].error == ERR_OK ? rows[i].minutes * 60000000 : -1), "%s",
                      rows[i].text);
    }
}
END_TEST

UNIT_MAIN("calling_hours", windows_are_read_strictly, a_day_keeps_its_windows_in_order_and_apart,
          a_day_has_so_many_windows, waits_are_read_strictly)
