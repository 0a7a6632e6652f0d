/* Reads a text and finds the telephone number in it, as libphonenumber's parser does. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "phone_text.h"

#include "phone_symbol.h"

#include "inlet/base/unicode.h"

/* VALID_PUNCTUATION, EXTN_PATTERN and the digits of libphonenumber, beyond ASCII. */
static unsigned symbol_of(unsigned code_point)
{
    int digit = unicode_digit(code_point);
    if (digit >= 0)
        return PHONE_DIGIT_0 + (unsigned)digit;
    if ((code_point >= 0x2010 && code_point <= 0x2015) || code_point == 0xFF0D || code_point == 0xFF0F)
        return PHONE_PUNCTUATION; /* dashes, slash */
    switch (code_point) {
    case 0xFF0B: return PHONE_PLUS;
    case 0x00AD: /* soft hyphen */
    case 0x200B: /* zero-width space */
    case 0x2060: /* word joiner */
    case 0x2053: /* swung dash */
    case 0x2212: /* minus */
    case 0x223C: /* tilde operator */
    case 0x3000: /* ideographic space */
    case 0x30FC: /* prolonged sound mark */
    case 0xFF08: /* full-width brackets */
    case 0xFF09:
    case 0xFF3B:
    case 0xFF3D: return PHONE_PUNCTUATION;
    case 0x00A0: return PHONE_NO_BREAK_SPACE;
    case 0xFF0E: return PHONE_WIDE_DOT;
    case 0xFF5E: return PHONE_WIDE_TILDE;
    case 0xFF03: return PHONE_WIDE_HASH;
    case 0xFF25:
    case 0xFF45: return PHONE_WIDE_E;
    case 0xFF29:
    case 0xFF49: return PHONE_WIDE_I;
    case 0xFF2E:
    case 0xFF4E: return PHONE_WIDE_N;
    case 0xFF34:
    case 0xFF54: return PHONE_WIDE_T;
    case 0xFF38:
    case 0xFF58: return PHONE_WIDE_X;
    case 0x0414:
    case 0x0434: return PHONE_CYRILLIC_DE;
    case 0x041E:
    case 0x043E: return PHONE_CYRILLIC_O;
    case 0x0411:
    case 0x0431: return PHONE_CYRILLIC_BE;
    case 0x00D3:
    case 0x00F3: return PHONE_O_ACUTE;
    case 0x0301: return PHONE_COMBINING_ACUTE;
    default: return PHONE_OTHER;
    }
}

bool phone_text_read(struct slice text, struct phone_text *ret_text)
{
    size_t length = 0;
    while (text.n > 0) {
        if (length == PHONE_TEXT_MAX)
            return false;
        char symbol = text.p[0];
        if ((unsigned char)symbol < 0x80)
            text = slice_skip(text, 1);
        else
            symbol = (char)symbol_of(slice_next_code_point(&text));
        ret_text->symbols[length++] = symbol;
    }
    ret_text->length = length;
    return true;
}

/* What is cut off the end: neither a digit, nor a letter a number may have, nor '#'. */
static bool is_trailing(char c)
{
    return phone_symbol_digit(c) < 0 && !phone_symbol_is_letter(c) && c != '#';
}

/* Where a second number starts, as in "583-6985 x302/x2303": [\\/] *x */
static size_t second_number(struct slice s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] != '/' && s.p[i] != '\\')
            continue;
        size_t next = i + 1;
        while (next < s.n && s.p[next] == ' ')
            next++;
        if (next < s.n && s.p[next] == 'x')
            return i;
    }
    return s.n;
}

struct slice phone_text_possible_number(struct slice s)
{
    while (s.n > 0 && phone_symbol_digit(s.p[0]) < 0 && !phone_symbol_is_plus(s.p[0]))
        s = slice_skip(s, 1);
    while (s.n > 0 && is_trailing(s.p[s.n - 1]))
        s.n--;
    return slice_head(s, second_number(s));
}

size_t phone_text_plus_count(struct slice symbols)
{
    size_t count = 0;
    while (count < symbols.n && phone_symbol_is_plus(symbols.p[count]))
        count++;
    return count;
}

size_t phone_text_digits(struct slice symbols, char *digits)
{
    static const char keypad[] = "22233344455566677778889999";
    size_t letters = 0, count = 0;
    for (size_t i = 0; i < symbols.n; i++)
        letters += phone_symbol_is_letter(symbols.p[i]);
    bool vanity = letters >= 3;
    for (size_t i = 0; i < symbols.n; i++) {
        char c = symbols.p[i];
        int digit = phone_symbol_digit(c);
        if (digit >= 0)
            digits[count++] = (char)('0' + digit);
        else if (vanity && phone_symbol_is_letter(c))
            digits[count++] = keypad[phone_symbol_lower(c) - 'a'];
    }
    return count;
}
