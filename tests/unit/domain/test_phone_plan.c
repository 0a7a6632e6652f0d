/* Numbering plans by country calling code. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "phone_plan.h"

#include "inlet/base/compiler.h"
#include "unit.h"

#include <stdio.h>

static const struct phone_plan *plan_of(const char *code)
{
    struct slice digits = slice_from(code);
    const struct phone_plan *plan = phone_plan_take(&digits);
    ck_assert_ptr_nonnull(plan);
    ck_assert_uint_eq(digits.n, 0);
    return plan;
}

START_TEST(codes_are_taken_off)
{
    static const struct {
        const char *digits, *code, *rest;
    } rows[] = {
        {"12025550123", "1", "2025550123"},
        {"442079460018", "44", "2079460018"},
        {"35312345678", "353", "12345678"},
        {"7495", "7", "495"},
        {"99812", "998", "12"},
        {"80012345678", "800", "12345678"},
        {"1", "1", ""},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct slice digits = slice_from(rows[i].digits);
        const struct phone_plan *plan = phone_plan_take(&digits);
        ck_assert_ptr_nonnull(plan);
        ck_assert_msg(slice_equal(phone_plan_code(plan), slice_from(rows[i].code)), "%s", rows[i].digits);
        ck_assert_msg(slice_equal(digits, slice_from(rows[i].rest)), "%s", rows[i].digits);
    }
}
END_TEST

START_TEST(unknown_codes_are_left)
{
    static const char *const rows[] = {"", "0", "044", "999123", "2101234", "3", "21", "801234"};
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct slice digits = slice_from(rows[i]);
        ck_assert_msg(phone_plan_take(&digits) == NULL, "%s", rows[i]);
        ck_assert_str_eq(digits.p, rows[i]);
    }
}
END_TEST

START_TEST(every_code_is_found_and_starts_no_other)
{
    int count = 0;
    for (int code = 1; code <= 999; code++) {
        char text[8];
        snprintf(text, sizeof(text), "%d", code);
        struct slice digits = slice_from(text);
        const struct phone_plan *plan = phone_plan_take(&digits);
        if (plan && digits.n == 0)
            count++;
    }
    ck_assert_int_eq(count, 215);
}
END_TEST

START_TEST(national_prefixes_are_stripped_where_they_cannot_belong_to_the_number)
{
    static const struct {
        const char *code, *national, *stripped;
    } rows[] = {
        {"44", "02079460018", "2079460018"},
        {"44", "2079460018", "2079460018"},
        {"49", "030123456", "30123456"},
        {"39", "0669882345", "0669882345"},
        {"36", "0612345678", "12345678"},
        {"1", "12025550123", "2025550123"},
        {"1", "12025550", "12025550"},
        {"598", "021231234", "21231234"},
        {"598", "0004123456", "0004123456"},
        {"44", "0", "0"},
        {"44", "", ""},
        {"7", "84951234567", "4951234567"},
        {"81", "00312345678901", "00312345678901"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct slice got = phone_plan_strip_prefix(plan_of(rows[i].code), slice_from(rows[i].national));
        ck_assert_msg(slice_equal(got, slice_from(rows[i].stripped)), "+%s %s: %.*s", rows[i].code,
                      rows[i].national, SLICE_ARG(got));
    }
}
END_TEST

START_TEST(lengths_decide_abroad)
{
    static const struct {
        const char *code, *national;
        enum phone_verdict verdict;
        const char *region;
    } rows[] = {
        {"33", "142685300", PHONE_VALID, "FR"},     {"33", "14268530", PHONE_TOO_SHORT, NULL},
        {"33", "1426853000", PHONE_TOO_LONG, NULL}, {"44", "2079460018", PHONE_VALID, ""},
        {"44", "20794600", PHONE_INVALID, NULL},    {"800", "12345678", PHONE_VALID, ""},
        {"49", "1234567890123", PHONE_VALID, "DE"}, {"49", "12345678901234", PHONE_TOO_LONG, NULL},
        {"1", "2025550123", PHONE_VALID, "US"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        char region[3] = "";
        enum phone_verdict verdict =
            phone_plan_check(plan_of(rows[i].code), slice_from(rows[i].national), region);
        ck_assert_msg(verdict == rows[i].verdict, "+%s %s", rows[i].code, rows[i].national);
        if (rows[i].region)
            ck_assert_str_eq(region, rows[i].region);
    }
}
END_TEST

UNIT_MAIN("phone_plan", codes_are_taken_off, unknown_codes_are_left, every_code_is_found_and_starts_no_other,
          national_prefixes_are_stripped_where_they_cannot_belong_to_the_number, lengths_decide_abroad)
