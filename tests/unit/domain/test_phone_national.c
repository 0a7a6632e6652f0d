/* National prefixes come off where they are prefixes. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "phone_national.h"

#include "inlet/base/compiler.h"
#include "unit.h"

START_TEST(prefixes_come_off)
{
    static const struct {
        const char *region, *digits, *rest;
    } rows[] = {
        {"GB", "02079460018", "2079460018"},
        {"GB", "2079460018", "2079460018"},
        {"GB", "0", ""},
        {"GB", "", ""},
        {"IT", "0236618300", "0236618300"},
        {"US", "12025550123", "2025550123"},
        {"US", "1", ""},
        {"BS", "3651234", "2423651234"}, /* the area code is understood */
        {"BS", "12423651234", "2423651234"},
        {"AR", "0111523456789", "91123456789"}, /* a mobile, with its trunk prefix and its 15 */
        {"AR", "01123456789", "1123456789"},
        {"BR", "0151123456789", "1123456789"}, /* a carrier's code */
        {"BR", "01123456789", "1123456789"},
        {"SM", "886377", "0549886377"},
        {"SM", "0549886377", "0549886377"},
        {"RU", "84951234567", "4951234567"},
        {"RU", "8001234567", "8001234567"}, /* a number only with its 8 */
        {"001", "01234", NULL},
    };
    ck_assert_int_eq(phone_module_init(), ERR_OK);
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        char storage[PHONE_DIGITS_MAX];
        size_t count;
        const struct phone_region *plan = phone_region_find(slice_from(rows[i].region));
        if (!plan)
            plan = phone_regions_of_code(800, &count); /* no prefix at all */
        struct slice rest = phone_national_strip(plan, slice_from(rows[i].digits), storage);
        struct slice expected = slice_from(rows[i].rest ? rows[i].rest : rows[i].digits);
        ck_assert_msg(slice_equal(rest, expected), "%s %s: %.*s", rows[i].region, rows[i].digits,
                      SLICE_ARG(rest));
    }
    phone_module_done();
}
END_TEST

START_TEST(lengths_are_judged)
{
    static const struct {
        const char *region;
        size_t length;
        enum phone_verdict verdict;
    } rows[] = {
        {"US", 10, PHONE_VALID},     {"US", 9, PHONE_TOO_SHORT}, {"US", 11, PHONE_TOO_LONG},
        {"US", 0, PHONE_TOO_SHORT},  {"US", 31, PHONE_TOO_LONG}, {"US", 32, PHONE_TOO_LONG},
        {"US", 250, PHONE_TOO_LONG}, {"GB", 8, PHONE_INVALID},   {"GB", 7, PHONE_VALID},
        {"GB", 6, PHONE_TOO_SHORT},  {"GB", 10, PHONE_VALID},    {"GB", 11, PHONE_TOO_LONG},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
        ck_assert_msg(phone_national_judge_length(phone_region_find(slice_from(rows[i].region)),
                                                  rows[i].length) == rows[i].verdict,
                      "%s %zu", rows[i].region, rows[i].length);
}
END_TEST

UNIT_MAIN("phone_national", prefixes_come_off, lengths_are_judged)
