/* The kinds of symbols in a telephone number's text. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_DOMAIN_PHONE_SYMBOL_H
#define INLET_DOMAIN_PHONE_SYMBOL_H

#include "phone_text.h"

static inline unsigned phone_symbol(char c)
{
    return (unsigned char)c;
}

/* The value of a digit, -1 for anything else. */
static inline int phone_symbol_digit(char c)
{
    unsigned symbol = phone_symbol(c);
    if (symbol >= '0' && symbol <= '9')
        return (int)symbol - '0';
    return symbol >= PHONE_DIGIT_0 && symbol <= PHONE_DIGIT_0 + 9 ? (int)symbol - PHONE_DIGIT_0 : -1;
}

/* ASCII lower case; other symbols have one case only. */
static inline char phone_symbol_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static inline bool phone_symbol_is_letter(char c)
{
    char lower = phone_symbol_lower(c);
    return lower >= 'a' && lower <= 'z';
}

static inline bool phone_symbol_is_plus(char c)
{
    return c == '+' || phone_symbol(c) == PHONE_PLUS;
}

#endif
