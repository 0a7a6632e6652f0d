/* Asks GLib's copy of the Unicode database. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/base/unicode.h"

#include <glib.h>

bool unicode_is_printable(unsigned code_point)
{
    if (code_point < 0x7F)
        return code_point >= 0x20;
    return g_unichar_isprint(code_point) && g_unichar_type(code_point) != G_UNICODE_SPACE_SEPARATOR;
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
