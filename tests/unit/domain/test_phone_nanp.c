/* The table of area codes, against its readable form data/area_codes.tsv. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "phone_nanp.h"

#include "inlet/base/number.h"
#include "unit.h"

#include <stdio.h>

/* By area code and exchange, what the file says: the region, "" where it has none. */
static char regions[1000][1000][3];

static unsigned number_of(struct slice text)
{
    uint64_t number = 0;
    ck_assert_int_eq(number_parse_unsigned(text, 999, &number), ERR_OK);
    return (unsigned)number;
}

static void read_row(struct slice line)
{
    struct slice area = slice_cut(line, '\t', &line), region = slice_cut(line, '\t', &line);
    (void)slice_cut(line, '\t', &line); /* kind */
    while (!slice_is_null(line)) {
        struct slice last, item = slice_cut(line, ',', &line);
        struct slice first = slice_cut(item, '-', &last);
        unsigned end = number_of(slice_is_null(last) ? first : last);
        for (unsigned exchange = number_of(first); exchange <= end; exchange++)
            snprintf(regions[number_of(area)][exchange], 3, "%.*s", SLICE_ARG(region));
    }
}

static void read_table(void)
{
    char line[8192];
    FILE *file = fopen(INLET_SOURCE_DIR "/data/area_codes.tsv", "r");
    ck_assert_ptr_nonnull(file);
    while (fgets(line, sizeof(line), file)) {
        if (line[0] >= '0' && line[0] <= '9')
            read_row(slice_trim(slice_from(line)));
    }
    fclose(file);
}

START_TEST(every_exchange_is_as_the_readable_table_says)
{
    read_table();
    unsigned valid = 0;
    for (unsigned area = 0; area < 1000; area++) {
        for (unsigned exchange = 0; exchange < 1000; exchange++) {
            char digits[16], region[3] = "";
            /* No part of an exchange that is in service only in part starts with 9. */
            snprintf(digits, sizeof(digits), "%03u%03u9123", area, exchange);
            if (area == 246 && exchange == 521)
                continue;
            if (phone_nanp_check(slice_from(digits), region) == PHONE_VALID)
                valid++;
            ck_assert_msg(strcmp(region, regions[area][exchange]) == 0, "%s: '%s'", digits, region);
        }
    }
    ck_assert_uint_gt(valid, 300000);
}
END_TEST

START_TEST(verdicts_tell_area_codes_from_exchanges)
{
    static const struct {
        const char *digits;
        enum phone_verdict verdict;
    } rows[] = {
        {"2025550123", PHONE_VALID},
        {"202555012", PHONE_TOO_SHORT},
        {"20255501234", PHONE_TOO_LONG},
        {"", PHONE_TOO_SHORT},
        {"5555550123", PHONE_INVALID_AREA_CODE},
        {"0025550123", PHONE_INVALID_AREA_CODE},
        {"9995550123", PHONE_INVALID_AREA_CODE},
        {"2021550123", PHONE_INVALID},
        {"8766060123", PHONE_VALID},
        {"8766061123", PHONE_INVALID},
        {"2465212123", PHONE_INVALID},
        {"2465213123", PHONE_VALID},
        {"3101234", PHONE_VALID},
        {"3111234", PHONE_TOO_SHORT},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        char region[3] = "";
        ck_assert_msg(phone_nanp_check(slice_from(rows[i].digits), region) == rows[i].verdict, "%s",
                      rows[i].digits);
    }
}
END_TEST

START_TEST(regions_may_share_an_area_code)
{
    char region[3] = "";
    ck_assert_int_eq(phone_nanp_check(SLICE("8001400123"), region), PHONE_VALID);
    ck_assert_str_eq(region, "DO");
    ck_assert_int_eq(phone_nanp_check(SLICE("8002400123"), region), PHONE_VALID);
    ck_assert_str_eq(region, "US");
}
END_TEST

START_TEST(short_numbers_have_seven_digits)
{
    ck_assert(phone_nanp_is_short(SLICE("3101234")));
    ck_assert(!phone_nanp_is_short(SLICE("310123")));
    ck_assert(!phone_nanp_is_short(SLICE("31012345")));
    ck_assert(!phone_nanp_is_short(SLICE("3111234")));
}
END_TEST

UNIT_MAIN("phone_nanp", every_exchange_is_as_the_readable_table_says, verdicts_tell_area_codes_from_exchanges,
          regions_may_share_an_area_code, short_numbers_have_seven_digits)
