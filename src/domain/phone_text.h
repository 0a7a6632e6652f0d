/* What people write around a telephone number: characters, the number among them, the extension behind it. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_DOMAIN_PHONE_TEXT_H
#define INLET_DOMAIN_PHONE_TEXT_H

#include "inlet/base/slice.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * DESIGN: libphonenumber describes this with regular expressions over Unicode. Here a text is first rewritten
 * with one byte for each character: ASCII stands for itself, and what lies beyond is one of the symbols
 * below. Everything after that works on slices of such bytes.
 */
enum phone_symbol {
    PHONE_DIGIT_0 = 0x80, /* to 0x89: decimal digits of other scripts */
    PHONE_PLUS = 0x8A,    /* full-width plus */
    PHONE_PUNCTUATION,    /* dashes, blanks, brackets */
    PHONE_NO_BREAK_SPACE,
    PHONE_WIDE_DOT,
    PHONE_WIDE_TILDE,
    PHONE_WIDE_HASH,
    PHONE_WIDE_E,
    PHONE_WIDE_I,
    PHONE_WIDE_N,
    PHONE_WIDE_T,
    PHONE_WIDE_X,
    PHONE_CYRILLIC_DE, /* добавочный: extension */
    PHONE_CYRILLIC_O,
    PHONE_CYRILLIC_BE,
    PHONE_O_ACUTE, /* extensión */
    PHONE_COMBINING_ACUTE,
    PHONE_OTHER
};

/* Longer texts are no numbers (libphonenumber's limit). */
#define PHONE_TEXT_MAX 250

struct phone_text {
    char symbols[PHONE_TEXT_MAX];
    size_t length;
};

/* Rewrites UTF-8. False when it has more than PHONE_TEXT_MAX characters. */
bool phone_text_read(struct slice text, struct phone_text *ret_text);

/* The part that may be a number: from the first digit or plus on, without what trails it or starts a second number. */
struct slice phone_text_possible_number(struct slice symbols);

/* Whether all of it has the form of a number: two digits; or three and more with punctuation, letters, an
 * extension. */
bool phone_text_is_viable(struct slice symbols);

/* Without the extension at its end, if what stands before it is viable. *RET_EXTENSION: its digits, otherwise empty. */
struct slice phone_text_split_extension(struct slice symbols, struct slice *ret_extension);

/* How many plus signs it starts with. */
size_t phone_text_plus_count(struct slice symbols);

/* Its digits as ASCII; letters too, by the keypad, when there are three or more of them. DIGITS has room for one
 * of each symbol. */
size_t phone_text_digits(struct slice symbols, char *digits);

#endif
