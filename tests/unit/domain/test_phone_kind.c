/* The region and the type of national numbers. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "phone_kind.h"

#include "inlet/base/compiler.h"
#include "unit.h"

START_TEST(region_and_type_are_found)
{
    static const struct {
        unsigned code;
        const char *national, *region; /* NULL: not valid */
        enum phone_type type;
    } rows[] = {
        {1, "2025550123", "US", PHONE_FIXED_LINE_OR_MOBILE}, /* one pattern for both */
        {1, "4165550123", "CA", PHONE_FIXED_LINE_OR_MOBILE},
        {1, "8765230123", "JM", PHONE_FIXED_LINE_OR_MOBILE},
        {1, "8002345678", "US", PHONE_TOLL_FREE},
        {1, "9002345678", "US", PHONE_PREMIUM_RATE},
        {1, "9995550123", NULL, PHONE_FIXED_LINE},
        {1, "202555012", NULL, PHONE_FIXED_LINE},
        {1, "2681234567", NULL, PHONE_FIXED_LINE}, /* Antigua is sure that it is its own, and not valid */
        {52, "5512345678", "MX", PHONE_FIXED_LINE_OR_MOBILE}, /* two patterns that both match */
        {44, "2079460018", "GB", PHONE_FIXED_LINE},
        {44, "7911123456", "GG", PHONE_MOBILE},
        {44, "7640123456", "GB", PHONE_PAGER},
        {39, "0669882345", "VA", PHONE_FIXED_LINE},
        {7, "7011234567", "KZ", PHONE_MOBILE},
        {800, "12345678", "001", PHONE_TOLL_FREE},
        {979, "123456789", "001", PHONE_PREMIUM_RATE},
        {999, "123456789", NULL, PHONE_FIXED_LINE},
    };
    ck_assert_int_eq(phone_module_init(), ERR_OK);
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        const struct phone_region *region = NULL;
        enum phone_type type = PHONE_VOICEMAIL;
        bool found = phone_kind_find(rows[i].code, slice_from(rows[i].national), &region, &type);
        ck_assert_msg(found == (rows[i].region != NULL), "%s", rows[i].national);
        ck_assert_msg(!found || strcmp(region->name, rows[i].region) == 0, "%s", rows[i].national);
        ck_assert_msg(!found || type == rows[i].type, "%s: %s", rows[i].national, phone_type_name(type));
    }
    phone_module_done();
}
END_TEST

UNIT_MAIN("phone_kind", region_and_type_are_found)
