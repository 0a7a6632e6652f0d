/* The form of a number, and the extension behind it. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "phone_text.h"

#include "inlet/base/compiler.h"
#include "unit.h"

START_TEST(viable_is_what_has_the_form_of_a_number)
{
    static const struct {
        const char *text;
        bool viable;
    } rows[] = {
        {"12", true},         {"1", false},         {"1-2", false},    {"123", true},
        {"1-2-3", true},      {"+123", true},       {"++123", true},   {"12+3", false},
        {"1*2*3", true},      {"123abc", true},     {"12a3", false},   {"1x2x3", true},
        {"123_4", false},     {"123 ext 4", true},  {"123 ext", true}, {"123 foo 4", true},
        {"123;ext=4", true},  {"123;foo=4", false}, {"123,4", true},   {"123:4", false},
        {"12 ext 34", false}, {"", false},          {"123#", false},   {"123#4", true},
        {"123 - 4#", true},   {"1234#", false},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
        ck_assert_msg(phone_text_is_viable(slice_from(rows[i].text)) == rows[i].viable, "%s", rows[i].text);
}
END_TEST

START_TEST(extensions_are_split_off)
{
    static const struct {
        const char *text, *rest, *extension;
    } rows[] = {
        {"2025550123 ext. 5", "2025550123", "5"},
        {"2025550123ext5", "2025550123", "5"},
        {"2025550123 Extension: 12345678901234567890", "2025550123", "12345678901234567890"},
        {"2025550123 extension: 123456789012345678901", "2025550123 extension: 123456789012345678901", ""},
        {"2025550123 x123456789", "2025550123", "123456789"},
        {"2025550123 x1234567890", "2025550123 x1234567890", ""},
        {"2025550123;ext=5", "2025550123", "5"},
        {"2025550123;ext=5#", "2025550123;ext=5#", ""},
        {"2025550123 - 503#", "2025550123", "503"},
        {"2025550123 - 5034567#", "2025550123 - 5034567#", ""},
        {"2025550123,,5", "2025550123", "5"},
        {"2025550123;5", "2025550123", "5"},
        {"2025550123,5", "2025550123", "5"},
        {"2025550123 # 5", "2025550123", "5"},
        {"2025550123~5", "2025550123", "5"},
        {"2025550123 int 5", "2025550123", "5"},
        {"2025550123 anexo 5#", "2025550123", "5"},
        {"2025550123 extensio 5", "2025550123", "5"},
        {"2025550123 extens 5", "2025550123 extens 5", ""},
        {"12 x5", "12", "5"},
        {"1 x5", "1 x5", ""},
        {"2025550123", "2025550123", ""},
        {"", "", ""},
        {"#", "#", ""},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct slice extension, rest = phone_text_split_extension(slice_from(rows[i].text), &extension);
        ck_assert_msg(slice_equal(rest, slice_from(rows[i].rest)), "%s: %.*s", rows[i].text, SLICE_ARG(rest));
        ck_assert_msg(slice_equal(extension, slice_from(rows[i].extension)), "%s: %.*s", rows[i].text,
                      SLICE_ARG(extension));
    }
}
END_TEST

UNIT_MAIN("phone_extension", viable_is_what_has_the_form_of_a_number, extensions_are_split_off)
