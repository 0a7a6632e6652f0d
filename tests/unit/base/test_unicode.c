/* Properties of characters, as Python knows them. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/base/unicode.h"

#include "inlet/base/compiler.h"
#include "unit.h"

START_TEST(characters_have_their_properties)
{
    static const struct {
        unsigned code_point;
        int digit;
        bool alphanumeric, printable;
    } rows[] = {
        {'0', 0, true, true},       {'9', 9, true, true},
        {'/', -1, false, true},     {':', -1, false, true},
        {'a', -1, true, true},      {' ', -1, false, true},
        {'_', -1, false, true},     {0x00, -1, false, false},
        {0x1F, -1, false, false},   {0x7F, -1, false, false},
        {0xA0, -1, false, false},   {0xAD, -1, false, false},
        {0xB2, -1, true, true}, /* superscript two: a number, no decimal digit */
        {0xDF, -1, true, true},     {0x301, -1, false, true}, /* a combining accent */
        {0x660, 0, true, true},     {0x6F9, 9, true, true},
        {0x966, 0, true, true},     {0x200B, -1, false, false},
        {0x2028, -1, false, false}, {0x2160, -1, true, true}, /* roman numeral one */
        {0x2460, -1, true, true},                             /* circled one */
        {0x3000, -1, false, false}, {0x30FC, -1, true, true},
        {0x4E00, -1, true, true},   {0xD800, -1, false, false},
        {0xE000, -1, false, false}, {0xFF15, 5, true, true},
        {0xFFFD, -1, false, true},  {0x1D7D8, 0, true, true},
        {0x1F600, -1, false, true}, {0x10FFFF, -1, false, false},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        unsigned c = rows[i].code_point;
        ck_assert_msg(unicode_digit(c) == rows[i].digit, "digit U+%04X", c);
        ck_assert_msg(unicode_is_alphanumeric(c) == rows[i].alphanumeric, "alphanumeric U+%04X", c);
        ck_assert_msg(unicode_is_printable(c) == rows[i].printable, "printable U+%04X", c);
    }
}
END_TEST

UNIT_MAIN("unicode", characters_have_their_properties)
