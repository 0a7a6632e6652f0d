/* The number among what is written around it. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "phone_text.h"

#include "inlet/base/compiler.h"
#include "unit.h"

START_TEST(characters_become_one_symbol_each)
{
    struct phone_text text;
    ck_assert(phone_text_read(SLICE("a\xc2\xa0\xef\xbc\x8b\xd9\xa3\xe4\xba\xac\xf0\x9f\x98\x80\xff"), &text));
    static const unsigned char symbols[] = {'a',         PHONE_NO_BREAK_SPACE, PHONE_PLUS, PHONE_DIGIT_0 + 3,
                                            PHONE_OTHER, PHONE_OTHER,          PHONE_OTHER};
    ck_assert_uint_eq(text.length, sizeof(symbols));
    ck_assert_mem_eq(text.symbols, symbols, sizeof(symbols));
}
END_TEST

START_TEST(number_starts_at_a_digit_or_plus_and_drops_what_trails)
{
    static const struct {
        const char *text, *number;
    } rows[] = {
        {"Tel: 202-555-0123", "202-555-0123"},
        {"(202) 555-0123 ", "202) 555-0123"},
        {"+1 202 555 0123.,;!", "+1 202 555 0123"},
        {"202-555-0123 #", "202-555-0123 #"},
        {"202-555-0123 home", "202-555-0123 home"},
        {"202-555-0123 (home)", "202-555-0123 (home"},
        {"202-555-0123 \xe4\xba\xac", "202-555-0123"},
        {"202-555-0123\xef\xbd\x98", "202-555-0123"},
        {"583-6985 x302/x2303", "583-6985 x302"},
        {"583-6985\\  x23", "583-6985"},
        {"583-6985/X23", "583-6985/X23"},
        {"no number", ""},
        {"", ""},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct phone_text text;
        ck_assert(phone_text_read(slice_from(rows[i].text), &text));
        struct slice number = phone_text_possible_number(slice_of(text.symbols, text.length));
        ck_assert_msg(slice_equal(number, slice_from(rows[i].number)), "%s: %.*s", rows[i].text,
                      SLICE_ARG(number));
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
        {"1-\x88"
         "00-FLOWERS",
         "18003569377"}, /* PHONE_DIGIT_0 + 8 */
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
          number_starts_at_a_digit_or_plus_and_drops_what_trails, three_letters_make_a_vanity_number)
