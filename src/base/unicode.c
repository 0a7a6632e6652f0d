/* Asks GLib's copy of the Unicode database. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/base/unicode.h"

#include <glib.h>

bool unicode_is_printable(unsigned code_point)
{
    if (code_point < 0x7F)
        return code_point >= 0x20;
    GUnicodeType type = g_unichar_type(code_point);
    return type != G_UNICODE_CONTROL && type != G_UNICODE_FORMAT && type != G_UNICODE_UNASSIGNED &&
           type != G_UNICODE_PRIVATE_USE && type != G_UNICODE_SURROGATE && type != G_UNICODE_LINE_SEPARATOR &&
           type != G_UNICODE_PARAGRAPH_SEPARATOR && type != G_UNICODE_SPACE_SEPARATOR;
}

int unicode_digit(unsigned code_point)
{
    if (code_point < 0x80)
        return code_point >= '0' && code_point <= '9' ? (int)(code_point - '0') : -1;
    return g_unichar_type(code_point) == G_UNICODE_DECIMAL_NUMBER ? g_unichar_digit_value(code_point) : -1;
}

bool unicode_is_alphanumeric(unsigned code_point)
{
    return g_unichar_isalnum(code_point);
}

bool unicode_is_blank(unsigned code_point)
{
    unsigned c = code_point;
    return c == ' ' || (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x1F) || c == 0x85 || c == 0xA0 ||
           c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
           c == 0x205F || c == 0x3000;
}
