/* The number among what is written around it. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "phone_text.h"

#include "inlet/base/compiler.h"
#include "unit.h"

static struct slice candidate_of(const char *text, struct phone_text *read, struct phone_text *storage)
{
    ck_assert(phone_text_read(slice_from(text), read));
    return phone_text_candidate(read, storage);
}

START_TEST(characters_become_one_symbol_each)
{
    struct phone_text text;
    ck_assert(phone_text_read(SLICE("a\xc2\xa0\xef\xbc\x8b\xd9\xa3\xe4\xba\xac\xf0\x9f\x98\x80\xff"), &text));
    static const unsigned char symbols[] = {
        'a',         PHONE_NO_BREAK_SPACE, PHONE_PLUS, PHONE_DIGIT_0 + 3, PHONE_ALPHANUMERIC,
        PHONE_OTHER, PHONE_OTHER};
    ck_assert_uint_eq(text.length, sizeof(symbols));
    ck_assert_mem_eq(text.symbols, symbols, sizeof(symbols));
}
END_TEST

START_TEST(candidate_starts_at_the_number_and_drops_what_trails)
{
    static const struct {
        const char *text, *candidate;
    } rows[] = {
        {"Tel: 202-555-0123", "202-555-0123"},
        {"(202) 555-0123 ", "202) 555-0123"},
        {"+1 202 555 0123.,;!", "+1 202 555 0123"},
        {"202-555-0123 #", "202-555-0123 #"},
        {"202-555-0123 home", "202-555-0123 home"},
        {"202-555-0123 (home)", "202-555-0123 (home"},
        {"583-6985 x302/x2303", "583-6985 x302"},
        {"583-6985\\  x23", "583-6985"},
        {"583-6985/X23", "583-6985/X23"},
        {"no number", ""},
        {"", ""},
        {"tel:863-1234;phone-context=+1-914-555", "+1-914-555863-1234"},
        {"863-1234;phone-context=+1;x=y", "+1863-1234"},
        {"tel:863-1234;phone-context=example.com", "863-1234"},
        {"tel:863-1234;isub=5;phone-context=+1", "+1863-1234"},
        {"863-1234;isub=5", "863-1234"},
        {";phone-context=+1 tel:5", "+1 tel:5"},
        {"863-1234;phone-context=+1;x=tel:", "+1"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct phone_text read, storage;
        struct slice got = candidate_of(rows[i].text, &read, &storage);
        ck_assert_msg(slice_equal(got, slice_from(rows[i].candidate)), "%s: %.*s", rows[i].text,
                      SLICE_ARG(got));
    }
}
END_TEST

START_TEST(three_letters_make_a_vanity_number)
{
    static const struct {
        const char *text, *digits;
    } rows[] = {
        {"1-800-FLOWERS", "18003569377"},
        {"1-800-flowers", "18003569377"},
        {"202x555x0123", "2025550123"},
        {"202xyz", "202999"},
        {"ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999"},
        {"", ""},
        {"ab", ""},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        char digits[PHONE_TEXT_MAX];
        size_t n = phone_text_digits(slice_from(rows[i].text), digits);
        ck_assert_msg(slice_equal(slice_of(digits, n), slice_from(rows[i].digits)), "%s", rows[i].text);
    }
}
END_TEST

UNIT_MAIN("phone_text", characters_become_one_symbol_each,
          candidate_starts_at_the_number_and_drops_what_trails, three_letters_make_a_vanity_number)
