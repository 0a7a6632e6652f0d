/* From what people type to E.164. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/base/compiler.h"
#include "inlet/domain/phone.h"

#include "cases.h"

/* libphonenumber's opinion of some hundred spellings. */
START_TEST(cases_file_is_read_as_libphonenumber_does)
{
    struct cases cases;
    struct slice columns[CASES_COLUMNS_MAX];
    unsigned count = 0;
    cases_open(&cases, "phone.tsv");
    while (cases_next(&cases, 3, columns)) {
        struct phone phone;
        enum phone_verdict verdict = phone_parse(columns[2], &phone);
        bool valid = verdict == PHONE_VALID, expected = !slice_equal(columns[0], SLICE("-"));
        ck_assert_msg(valid == expected, "line %u: %s", cases.number, phone_verdict_text(verdict));
        count++;
        if (!valid)
            continue;
        struct slice region = slice_equal(columns[1], SLICE("-")) ? SLICE("") : columns[1];
        ck_assert_msg(slice_equal(phone_slice(&phone), columns[0]), "line %u: %s", cases.number, phone.e164);
        ck_assert_msg(slice_equal(slice_from(phone.region), region), "line %u: %s", cases.number,
                      phone.region);
        ck_assert_uint_eq(strlen(phone.e164), phone.length);
    }
    ck_assert_uint_ge(count, 500);
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
        {"555-0123", PHONE_TOO_SHORT},
        {"911", PHONE_TOO_SHORT},
        {"+1", PHONE_NOT_A_NUMBER},
        {"+12", PHONE_NOT_A_NUMBER},
        {"+44 1", PHONE_TOO_SHORT},
        {"202-555-01234", PHONE_TOO_LONG},
        {"0044 20 7946 0018", PHONE_TOO_LONG},
        {"+44 20 7946 00181", PHONE_TOO_LONG},
        {"+999 202 555 0123", PHONE_INVALID_COUNTRY_CODE},
        {"+0 202 555 0123", PHONE_INVALID_COUNTRY_CODE},
        {"011 999 5550123", PHONE_INVALID_COUNTRY_CODE},
        {"(999) 555-0123", PHONE_INVALID_AREA_CODE},
        {"+1 555 555 0123", PHONE_INVALID_AREA_CODE},
        {"0000000000", PHONE_INVALID_AREA_CODE},
        {"202-155-0123", PHONE_INVALID},
        {"+44 12345678", PHONE_INVALID},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct phone phone;
        enum phone_verdict verdict = phone_parse(slice_from(rows[i].text), &phone);
        ck_assert_msg(verdict == rows[i].verdict, "%s: %s", rows[i].text, phone_verdict_text(verdict));
    }
}
END_TEST

START_TEST(every_verdict_has_its_own_words)
{
    for (int a = PHONE_VALID; a <= PHONE_INVALID; a++) {
        for (int b = a + 1; b <= PHONE_INVALID; b++)
            ck_assert_str_ne(phone_verdict_text((enum phone_verdict)a),
                             phone_verdict_text((enum phone_verdict)b));
    }
}
END_TEST

START_TEST(nothing_is_written_for_an_invalid_number)
{
    struct phone phone = {.e164 = "before", .length = 6, .region = "ZZ"};
    ck_assert_int_eq(phone_parse(SLICE("(999) 555-0123"), &phone), PHONE_INVALID_AREA_CODE);
    ck_assert_str_eq(phone.e164, "before");
    ck_assert_str_eq(phone.region, "ZZ");
}
END_TEST

/* 250 characters, however many bytes they have. */
START_TEST(texts_are_limited_by_characters)
{
    static const char number[] = "2025550123";
    char text[3 * 251];
    struct phone phone;
    memset(text, ' ', sizeof(text));
    memcpy(text, number, strlen(number));
    ck_assert_int_eq(phone_parse(slice_of(text, 250), &phone), PHONE_VALID);
    ck_assert_int_eq(phone_parse(slice_of(text, 251), &phone), PHONE_TOO_LONG);
    for (size_t i = 0; i < 251; i++)
        memcpy(text + 3 * i, "\xe3\x80\x80", 3); /* ideographic spaces */
    memcpy(text, number, 9);                     /* three characters less, nine more */
    memcpy(text + 9, "012", 3);
    ck_assert_int_eq(phone_parse(slice_of(text, 12 + 3 * 238), &phone), PHONE_TOO_LONG); /* twelve digits */
    memcpy(text, "+12025550123", 12);
    ck_assert_int_eq(phone_parse(slice_of(text, 12 + 3 * 238), &phone), PHONE_VALID);
    ck_assert_int_eq(phone_parse(slice_of(text, 12 + 3 * 239), &phone), PHONE_TOO_LONG);
}
END_TEST

/* No byte may be read behind the text, and none may crash it. */
START_TEST(any_bytes_are_survived)
{
    static const char alphabet[] =
        "0123456789+-().x#*,;/ \\text=isub:phone-context\xc2\xa0\xef\xbc\x8b\xd9\xa1\xff\x00";
    unsigned state = 1;
    for (int round = 0; round < 20000; round++) {
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
        if (phone_parse(slice_of(exact, n), &phone) == PHONE_VALID) {
            ck_assert_uint_lt(phone.length, PHONE_E164_MAX);
            struct phone again;
            ck_assert_int_eq(phone_parse(phone_slice(&phone), &again), PHONE_VALID);
            ck_assert_str_eq(phone.e164, again.e164);
        }
        free(exact);
    }
}
END_TEST

UNIT_MAIN("phone", cases_file_is_read_as_libphonenumber_does, what_is_wrong_is_told,
          every_verdict_has_its_own_words, nothing_is_written_for_an_invalid_number,
          texts_are_limited_by_characters, any_bytes_are_survived)
