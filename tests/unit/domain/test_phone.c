/* From what people type to E.164. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/domain/phone.h"

#include "cases.h"
#include "inlet/base/compiler.h"
#include "inlet/base/mem.h"

#include <pthread.h>

static void setup(void)
{
    ck_assert_int_eq(phone_module_init(), ERR_OK);
}

static const struct phone_region *home(const char *name)
{
    const struct phone_region *region = phone_region_find(slice_from(name));
    ck_assert_msg(region != NULL, "%s", name);
    return region;
}

/* One line: E.164, region and type, or "-" three times; what is typed in HOME. */
static void check_case(unsigned line, const struct slice expected[3], const struct phone_region *region,
                       struct slice text)
{
    struct phone phone;
    enum phone_verdict verdict = phone_parse(text, region, &phone);
    bool valid = verdict == PHONE_VALID;
    ck_assert_msg(valid == !slice_equal(expected[0], SLICE("-")), "line %u: %s", line,
                  phone_verdict_text(verdict));
    if (!valid)
        return;
    ck_assert_msg(slice_equal(phone_slice(&phone), expected[0]), "line %u: %s", line, phone.e164);
    ck_assert_msg(slice_equal(slice_from(phone.region), expected[1]), "line %u: %s", line, phone.region);
    if (!slice_is_null(expected[2]))
        ck_assert_msg(slice_equal(slice_from(phone_type_name(phone.type)), expected[2]), "line %u: %s", line,
                      phone_type_name(phone.type));
    ck_assert_uint_eq(strlen(phone.e164), phone.length);
}

/* libphonenumber's opinion of some hundred spellings in the United States. */
START_TEST(spellings_are_read_as_libphonenumber_does)
{
    struct cases cases;
    struct slice columns[CASES_COLUMNS_MAX];
    unsigned count = 0;
    setup();
    cases_open(&cases, "phone.tsv");
    for (; cases_next(&cases, 3, columns); count++) {
        struct slice expected[] = {columns[0], columns[1], SLICE_NULL};
        check_case(cases.number, expected, home("US"), columns[2]);
    }
    ck_assert_uint_ge(count, 500);
    phone_module_done();
}
END_TEST

/* And of numbers dialled in other countries. */
START_TEST(other_countries_are_read_as_libphonenumber_does)
{
    struct cases cases;
    struct slice columns[CASES_COLUMNS_MAX];
    unsigned count = 0;
    setup();
    cases_open(&cases, "phone_world.tsv");
    for (; cases_next(&cases, 5, columns); count++) {
        check_case(cases.number, columns, phone_region_find(columns[3]), columns[4]);
    }
    ck_assert_uint_ge(count, 150);
    phone_module_done();
}
END_TEST

START_TEST(what_is_wrong_is_told)
{
    static const struct {
        const char *text;
        enum phone_verdict verdict;
    } rows[] = {
        {"+1 202 555 0123", PHONE_VALID},
        {"", PHONE_NOT_A_NUMBER},
        {"call me", PHONE_NOT_A_NUMBER},
        {"1", PHONE_NOT_A_NUMBER},
        {"202_555_0123", PHONE_NOT_A_NUMBER},
        {"tel:202-555-0123;phone-context=", PHONE_NOT_A_NUMBER},
        {"555-0123", PHONE_TOO_SHORT},
        {"911", PHONE_TOO_SHORT},
        {"+1", PHONE_NOT_A_NUMBER},
        {"+12", PHONE_NOT_A_NUMBER},
        {"+44 1", PHONE_TOO_SHORT},
        {"202-555-01234", PHONE_TOO_LONG},
        {"0044 20 7946 0018", PHONE_TOO_LONG},
        {"+44 20 7946 00181", PHONE_TOO_LONG},
        {"+44 207946001811111111", PHONE_TOO_LONG},
        {"+999 202 555 0123", PHONE_INVALID_COUNTRY_CODE},
        {"+0 202 555 0123", PHONE_INVALID_COUNTRY_CODE},
        {"011 999 5550123", PHONE_INVALID_COUNTRY_CODE},
        {"(999) 555-0123", PHONE_INVALID},
        {"+1 555 555 0123", PHONE_INVALID},
        {"0000000000", PHONE_INVALID},
        {"202-155-0123", PHONE_INVALID},
        {"+44 12345678", PHONE_INVALID},
    };
    setup();
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct phone phone;
        enum phone_verdict verdict = phone_parse(slice_from(rows[i].text), home("US"), &phone);
        ck_assert_msg(verdict == rows[i].verdict, "%s: %s", rows[i].text, phone_verdict_text(verdict));
    }
    phone_module_done();
}
END_TEST

START_TEST(without_a_home_a_number_needs_its_plus)
{
    struct phone phone;
    setup();
    ck_assert_int_eq(phone_parse(SLICE("202-555-0123"), NULL, &phone), PHONE_INVALID_COUNTRY_CODE);
    ck_assert_int_eq(phone_parse(SLICE("011 44 20 7946 0018"), NULL, &phone), PHONE_INVALID_COUNTRY_CODE);
    ck_assert_int_eq(phone_parse(SLICE("+011 44 20 7946 0018"), NULL, &phone), PHONE_INVALID_COUNTRY_CODE);
    ck_assert_int_eq(phone_parse(SLICE("+44 020 7946 0018"), NULL, &phone), PHONE_VALID);
    ck_assert_str_eq(phone.e164, "+442079460018");
    phone_module_done();
}
END_TEST

START_TEST(a_number_comes_with_its_parts)
{
    static const struct {
        const char *text, *e164, *region, *national, *area, *extension;
        unsigned code;
        enum phone_type type;
    } rows[] = {
        {"(202) 555-0123 ext. 45", "+12025550123", "US", "2025550123", "202", "45", 1,
         PHONE_FIXED_LINE_OR_MOBILE},
        {"+1 416 555 0123;ext=007", "+14165550123", "CA", "4165550123", "416", "007", 1,
         PHONE_FIXED_LINE_OR_MOBILE},
        {"800 356 9377 x\xef\xbc\x95", "+18003569377", "US", "8003569377", "800", "5", 1, PHONE_TOLL_FREE},
        {"+39 06 698 82345", "+390669882345", "VA", "0669882345", "", "", 39, PHONE_FIXED_LINE},
        {"+80012345678", "+80012345678", "001", "12345678", "", "", 800, PHONE_TOLL_FREE},
    };
    setup();
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct phone phone, again;
        ck_assert_int_eq(phone_parse(slice_from(rows[i].text), home("US"), &phone), PHONE_VALID);
        ck_assert_str_eq(phone.e164, rows[i].e164);
        ck_assert_str_eq(phone.region, rows[i].region);
        ck_assert_str_eq(phone.extension, rows[i].extension);
        ck_assert_int_eq(phone.type, rows[i].type);
        ck_assert_uint_eq(phone.calling_code, rows[i].code);
        ck_assert(slice_equal(phone_national(&phone), slice_from(rows[i].national)));
        ck_assert(slice_equal(phone_area_code(&phone), slice_from(rows[i].area)));
        /* What was stored reads the same from anywhere. */
        ck_assert_int_eq(phone_parse(phone_slice(&phone), NULL, &again), PHONE_VALID);
        ck_assert_str_eq(again.e164, rows[i].e164);
        ck_assert_str_eq(again.region, rows[i].region);
        ck_assert_str_eq(again.extension, "");
    }
    phone_module_done();
}
END_TEST

START_TEST(every_verdict_and_type_has_its_own_words)
{
    for (int a = PHONE_VALID; a <= PHONE_INVALID; a++) {
        for (int b = a + 1; b <= PHONE_INVALID; b++)
            ck_assert_str_ne(phone_verdict_text((enum phone_verdict)a),
                             phone_verdict_text((enum phone_verdict)b));
    }
    for (int a = PHONE_FIXED_LINE; a <= PHONE_VOICEMAIL; a++) {
        for (int b = a + 1; b <= PHONE_VOICEMAIL; b++)
            ck_assert_str_ne(phone_type_name((enum phone_type)a), phone_type_name((enum phone_type)b));
    }
}
END_TEST

START_TEST(nothing_is_written_for_an_invalid_number)
{
    struct phone phone = {.e164 = "before", .length = 6, .region = "ZZ"};
    setup();
    ck_assert_int_eq(phone_parse(SLICE("(999) 555-0123"), home("US"), &phone), PHONE_INVALID);
    ck_assert_str_eq(phone.e164, "before");
    ck_assert_str_eq(phone.region, "ZZ");
    phone_module_done();
}
END_TEST

/* 250 characters, however many bytes they have. */
START_TEST(texts_are_limited_by_characters)
{
    static const char number[] = "2025550123";
    char text[3 * 251];
    struct phone phone;
    setup();
    const struct phone_region *us = home("US");
    memset(text, ' ', sizeof(text));
    memcpy(text, number, strlen(number));
    ck_assert_int_eq(phone_parse(slice_of(text, 250), us, &phone), PHONE_VALID);
    ck_assert_int_eq(phone_parse(slice_of(text, 251), us, &phone), PHONE_TOO_LONG);
    for (size_t i = 0; i < 251; i++)
        memcpy(text + 3 * i, "\xe3\x80\x80", 3); /* ideographic spaces */
    memcpy(text, number, 9);                     /* three characters less, nine more */
    memcpy(text + 9, "012", 3);
    ck_assert_int_eq(phone_parse(slice_of(text, 12 + 3 * 238), us, &phone), PHONE_TOO_LONG); /* 12 digits */
    memcpy(text, "+12025550123", 12);
    ck_assert_int_eq(phone_parse(slice_of(text, 12 + 3 * 238), us, &phone), PHONE_VALID);
    ck_assert_int_eq(phone_parse(slice_of(text, 12 + 3 * 239), us, &phone), PHONE_TOO_LONG);
    phone_module_done();
}
END_TEST

/* No byte may be read behind the text, none may crash it, and what is valid once is so for ever. */
START_TEST(any_bytes_are_survived)
{
    static const char alphabet[] = "0123456789012345678901234567890123456789++-().x#*,;/ \\text=isub:phone-"
                                   "context\xc2\xa0\xef\xbc\x8b\xd9\xa1\xff\x00";
    static const char *const homes[] = {"US", "AR", "BR", "DE", "GG", "JP", "SM", "AU"};
    unsigned state = 1, valid = 0;
    setup();
    for (int round = 0; round < 40000; round++) {
        char *text = malloc(64);
        ck_assert_ptr_nonnull(text);
        size_t n = (size_t)(round % 64);
        for (size_t i = 0; i < n; i++) {
            state = state * 1103515245u + 12345u;
            text[i] = alphabet[(state >> 16) % (sizeof(alphabet) - 1)];
        }
        char *exact = realloc(text, n ? n : 1);
        ck_assert_ptr_nonnull(exact);
        struct phone phone;
        const struct phone_region *region = home(homes[(size_t)round / 64 % ARRAY_LENGTH(homes)]);
        if (phone_parse(slice_of(exact, n), region, &phone) == PHONE_VALID) {
            struct phone again;
            ck_assert_uint_lt(phone.length, PHONE_E164_MAX);
            ck_assert_int_eq(phone_parse(phone_slice(&phone), NULL, &again), PHONE_VALID);
            ck_assert_str_eq(phone.e164, again.e164);
            valid++;
        }
        free(exact);
    }
    ck_assert_uint_gt(valid, 20);
    phone_module_done();
}
END_TEST

static void *read_often(void *pointer)
{
    for (int i = 0; i < 2000; i++) {
        struct phone phone;
        if (phone_parse(SLICE("(416) 555-0123"), pointer, &phone) != PHONE_VALID ||
            strcmp(phone.region, "CA") != 0)
            return NULL;
    }
    return pointer;
}

START_TEST(threads_share_the_plans)
{
    pthread_t threads[4];
    setup();
    struct phone_region *us = (struct phone_region *)(uintptr_t)home("US");
    for (size_t i = 0; i < ARRAY_LENGTH(threads); i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, read_often, us), 0);
    for (size_t i = 0; i < ARRAY_LENGTH(threads); i++) {
        void *result = NULL;
        ck_assert_int_eq(pthread_join(threads[i], &result), 0);
        ck_assert_ptr_eq(result, us);
    }
    phone_module_done();
}
END_TEST

UNIT_MAIN("phone", spellings_are_read_as_libphonenumber_does, other_countries_are_read_as_libphonenumber_does,
          what_is_wrong_is_told, without_a_home_a_number_needs_its_plus, a_number_comes_with_its_parts,
          every_verdict_and_type_has_its_own_words, nothing_is_written_for_an_invalid_number,
          texts_are_limited_by_characters, any_bytes_are_survived, threads_share_the_plans)
