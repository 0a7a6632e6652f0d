/* The table of numbering plans. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "phone_metadata.h"

#include "inlet/base/compiler.h"
#include "inlet/base/mem.h"
#include "unit.h"

START_TEST(regions_are_found_by_name)
{
    ck_assert_uint_eq(phone_region_find(SLICE("US"))->calling_code, 1);
    ck_assert_uint_eq(phone_region_find(SLICE("GB"))->calling_code, 44);
    ck_assert_uint_eq(phone_region_find(SLICE("VA"))->calling_code, 39);
    static const char *const none[] = {"", "us", "ZZ", "001", "USA", "U"};
    for (size_t i = 0; i < ARRAY_LENGTH(none); i++)
        ck_assert_msg(phone_region_find(slice_from(none[i])) == NULL, "%s", none[i]);
    ck_assert_ptr_null(phone_region_find(SLICE_NULL));
}
END_TEST

START_TEST(regions_of_a_code_begin_with_the_main_one)
{
    static const struct {
        unsigned code;
        const char *main;
        size_t least;
    } rows[] = {{1, "US", 20}, {44, "GB", 4}, {7, "RU", 2}, {39, "IT", 2}, {800, "001", 1}, {33, "FR", 1}};
    size_t count;
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        const struct phone_region *regions = phone_regions_of_code(rows[i].code, &count);
        ck_assert_str_eq(regions[0].name, rows[i].main);
        ck_assert_uint_ge(count, rows[i].least);
        for (size_t k = 0; k < count; k++)
            ck_assert_uint_eq(regions[k].calling_code, rows[i].code);
    }
    ck_assert_ptr_null(phone_regions_of_code(0, &count));
    ck_assert_ptr_null(phone_regions_of_code(999, &count));
    ck_assert_ptr_null(phone_regions_of_code(1000, &count));
}
END_TEST

/* Whatever the metadata will be: fixed lines and mobiles come last, since their order decides what is both. */
START_TEST(kinds_of_every_region_are_in_their_order)
{
    unsigned regions_seen = 0;
    for (unsigned code = 1; code <= PHONE_CALLING_CODE_MAX; code++) {
        size_t count = 0;
        const struct phone_region *regions = phone_regions_of_code(code, &count);
        for (size_t i = 0; regions && i < count; i++, regions_seen++) {
            const struct phone_kind *kinds = phone_region_kinds(&regions[i]);
            ck_assert_uint_ge(regions[i].kind_count, 1);
            for (size_t k = 0; k < regions[i].kind_count; k++) {
                bool last = k + 1 == regions[i].kind_count;
                uint32_t others = kinds[k].lengths & ~regions[i].lengths;
                ck_assert_msg(others == 0, "%s: a kind has lengths that the region has not", regions[i].name);
                if (kinds[k].type == PHONE_MOBILE || kinds[k].type == PHONE_FIXED_LINE_OR_MOBILE)
                    ck_assert_msg(last, "%s", regions[i].name);
                if (kinds[k].type == PHONE_FIXED_LINE)
                    ck_assert_msg(last || kinds[k + 1].type == PHONE_MOBILE, "%s", regions[i].name);
            }
        }
    }
    ck_assert_uint_ge(regions_seen, 245);
}
END_TEST

START_TEST(patterns_match_from_the_start)
{
    struct regex_match match;
    ck_assert_int_eq(phone_module_init(), ERR_OK);
    const struct phone_region *us = phone_region_find(SLICE("US")), *ar = phone_region_find(SLICE("AR"));
    ck_assert(phone_match(us->numbers, SLICE("2025550123"), NULL));
    ck_assert(!phone_match(us->numbers, SLICE("20255501234"), NULL));
    ck_assert(!phone_match(us->numbers, SLICE("12025550123"), NULL));
    ck_assert(!phone_match(us->numbers, SLICE(""), NULL));
    ck_assert(phone_match(us->international_prefix, SLICE("01144"), &match));
    ck_assert(slice_equal(match.groups[0], SLICE("011")));
    ck_assert(!phone_match(us->international_prefix, SLICE("44011"), NULL));
    ck_assert(phone_match(ar->national_prefix, SLICE("0111523456789"), &match));
    ck_assert(slice_equal(match.groups[0], SLICE("01115")));
    ck_assert(slice_equal(match.groups[match.count - 1], SLICE("11")));
    ck_assert(!phone_match(PHONE_NO_PATTERN, SLICE("2025550123"), NULL));
    phone_module_done();
}
END_TEST

START_TEST(version_is_told)
{
    ck_assert_int_eq(phone_metadata_version()[0], '9');
}
END_TEST

/* At the first allocations, in the midst, and never. Without memory for its machine code a pattern is interpreted. */
START_TEST(every_allocation_of_the_start_may_fail)
{
    unsigned failures = 0;
    bool fired = true;
    for (long n = 1; fired; n += n < 20 ? 1 : n / 3) {
        mem_fault_set(n);
        enum err error = phone_module_init();
        fired = mem_fault_fired();
        mem_fault_set(-1);
        ck_assert(error == ERR_OK || (error == ERR_MEMORY && fired));
        failures += error == ERR_MEMORY;
        phone_module_done();
    }
    ck_assert_uint_gt(failures, 10);
}
END_TEST

UNIT_MAIN("phone_metadata", regions_are_found_by_name, regions_of_a_code_begin_with_the_main_one,
          kinds_of_every_region_are_in_their_order, patterns_match_from_the_start, version_is_told,
          every_allocation_of_the_start_may_fail)
