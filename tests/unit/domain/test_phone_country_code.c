/* The country calling code, written in all the ways there are. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "phone_country_code.h"

#include "inlet/base/compiler.h"
#include "phone_national.h"
#include "unit.h"

START_TEST(code_is_found_behind_plus_prefix_or_alone)
{
    static const struct {
        const char *home; /* NULL: none */
        bool plus;
        const char *digits;
        enum phone_verdict verdict;
        const char *plan, *national;
    } rows[] = {
        {"US", true, "442079460018", PHONE_VALID, "GB", "2079460018"},
        {NULL, true, "442079460018", PHONE_VALID, "GB", "2079460018"},
        {"US", true, "4402079460018", PHONE_VALID, "GB", "02079460018"},
        {"US", true, "14165550123", PHONE_VALID, "US", "4165550123"},
        {"US", true, "80012345678", PHONE_VALID, "001", "12345678"},
        {"US", true, "12", PHONE_TOO_SHORT, NULL, NULL},
        {"US", true, "9991234567", PHONE_INVALID_COUNTRY_CODE, NULL, NULL},
        {"US", true, "0442079460018", PHONE_INVALID_COUNTRY_CODE, NULL, NULL},
        {NULL, true, "9991234567", PHONE_INVALID_COUNTRY_CODE, NULL, NULL},
        {"US", true, "011442079460018", PHONE_VALID, "GB", "2079460018"},
        {NULL, true, "011442079460018", PHONE_INVALID_COUNTRY_CODE, NULL, NULL},
        {"US", false, "011442079460018", PHONE_VALID, "GB", "2079460018"},
        {"US", false, "01144", PHONE_TOO_SHORT, NULL, NULL},
        {"US", false, "0119991234567", PHONE_INVALID_COUNTRY_CODE, NULL, NULL},
        {"US", false, "0110442079460018", PHONE_VALID, "US", "0110442079460018"},
        {"US", false, "12025550123", PHONE_VALID, "US", "2025550123"},
        {"US", false, "2025550123", PHONE_VALID, "US", "2025550123"},
        {"CA", false, "12025550123", PHONE_VALID, "US", "2025550123"},
        {"CA", false, "2025550123", PHONE_VALID, "CA", "2025550123"},
        {"DE", false, "4930123456", PHONE_VALID, "DE", "30123456"},
        {"GB", false, "442079460018", PHONE_VALID, "GB", "2079460018"},
        {"GB", false, "4402079460018", PHONE_VALID, "GB", "2079460018"},
        {"AR", false, "540111523456789", PHONE_VALID, "AR", "91123456789"},
        {NULL, false, "442079460018", PHONE_INVALID_COUNTRY_CODE, NULL, NULL},
        {"US", false, "", PHONE_VALID, "US", ""},
    };
    ck_assert_int_eq(phone_module_init(), ERR_OK);
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        char storage[PHONE_DIGITS_MAX];
        const struct phone_region *plan = NULL, *home = phone_region_find(slice_from(rows[i].home));
        struct slice national;
        enum phone_verdict verdict = phone_country_code_take(slice_from(rows[i].digits), rows[i].plus, home,
                                                             storage, &plan, &national);
        ck_assert_msg(verdict == rows[i].verdict, "row %zu: %s", i, phone_verdict_text(verdict));
        if (verdict != PHONE_VALID)
            continue;
        ck_assert_msg(strcmp(plan->name, rows[i].plan) == 0, "row %zu: %s", i, plan->name);
        ck_assert_msg(slice_equal(national, slice_from(rows[i].national)), "row %zu: %.*s", i,
                      SLICE_ARG(national));
    }
    phone_module_done();
}
END_TEST

UNIT_MAIN("phone_country_code", code_is_found_behind_plus_prefix_or_alone)
