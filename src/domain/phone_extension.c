/* Whether symbols have the form of a telephone number, and where its extension starts. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "phone_symbol.h"
#include "phone_text.h"

#include "inlet/base/compiler.h"

/*
 * DESIGN: VALID_PHONE_NUMBER and EXTN_PATTERNS_FOR_PARSING of libphonenumber, by hand. All forms of an
 * extension end with a run of digits, one with a '#' behind it, most may have one. So the end is read first;
 * then each place before it is asked whether a label starts there that leads up to the digits. No step can be
 * read in two ways, so nothing has to be tried again.
 */

static const char wide_xt[] = {(char)PHONE_WIDE_X, (char)PHONE_WIDE_T};
static const char wide_int[] = {(char)PHONE_WIDE_I, (char)PHONE_WIDE_N, (char)PHONE_WIDE_T};
static const char cyrillic_dob[] = {(char)PHONE_CYRILLIC_DE, (char)PHONE_CYRILLIC_O, (char)PHONE_CYRILLIC_BE};

/* How many digits an extension may have, by how clear it is that it is one. */
#define DIGITS_EXPLICIT  20
#define DIGITS_LIKELY    15
#define DIGITS_AMBIGUOUS 9
#define DIGITS_UNSURE    6

/* The digits at the end of S, and what a label before them may be. */
struct tail {
    size_t start, count;
    bool hash; /* a '#' after them */
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || phone_symbol(c) == PHONE_NO_BREAK_SPACE;
}

static bool is_punctuation(char c)
{
    switch (phone_symbol(c)) {
    case '-':
    case 'x':
    case 'X':
    case ' ':
    case '(':
    case ')':
    case '.':
    case '[':
    case ']':
    case '/':
    case '~':
    case PHONE_PUNCTUATION:
    case PHONE_NO_BREAK_SPACE:
    case PHONE_WIDE_DOT:
    case PHONE_WIDE_TILDE: return true;
    default: return false;
    }
}

static struct tail read_tail(struct slice s)
{
    struct tail tail = {.hash = s.n > 0 && s.p[s.n - 1] == '#'};
    size_t end = s.n - tail.hash;
    tail.start = end;
    while (tail.start > 0 && phone_symbol_digit(s.p[tail.start - 1]) >= 0)
        tail.start--;
    tail.count = end - tail.start;
    return tail;
}

/* If WORD (in lower case) stands at AT, the place after it, otherwise AT. */
static size_t after_word(struct slice s, size_t at, struct slice word)
{
    if (s.n - at < word.n)
        return at;
    for (size_t i = 0; i < word.n; i++) {
        if (phone_symbol_lower(s.p[at + i]) != word.p[i])
            return at;
    }
    return at + word.n;
}

static size_t after_symbol(struct slice s, size_t at, unsigned symbol)
{
    return at < s.n && phone_symbol(phone_symbol_lower(s.p[at])) == symbol ? at + 1 : at;
}

/* [:.]?[ \t,-]* between a label and its digits. */
static bool leads_to_digits(struct slice s, size_t at, const struct tail *tail)
{
    if (at < tail->start && (s.p[at] == ':' || s.p[at] == '.' || phone_symbol(s.p[at]) == PHONE_WIDE_DOT))
        at++;
    while (at < tail->start && (is_blank(s.p[at]) || s.p[at] == ',' || s.p[at] == '-'))
        at++;
    return at == tail->start;
}

/* ensión, with the accent in one character, two, or left out. */
static size_t after_ension(struct slice s, size_t at)
{
    size_t ensi = after_word(s, at, SLICE("ensi"));
    if (ensi == at)
        return at;
    size_t letter = after_symbol(s, ensi, PHONE_O_ACUTE);
    if (letter > ensi)
        return letter;
    letter = after_symbol(s, ensi, 'o');
    return letter > ensi ? after_symbol(s, letter, PHONE_COMBINING_ACUTE) : at;
}

/* e?xt(ensi(o|ó))?n?, the same in full width without "ensio", доб, anexo. */
static size_t after_explicit_label(struct slice s, size_t at)
{
    size_t x = after_symbol(s, at, 'e');
    size_t label = after_word(s, x, SLICE("xt"));
    if (label > x)
        return after_symbol(s, after_ension(s, label), 'n');
    x = after_symbol(s, at, PHONE_WIDE_E);
    label = after_word(s, x, slice_of(wide_xt, sizeof(wide_xt)));
    if (label > x)
        return after_symbol(s, label, PHONE_WIDE_N);
    label = after_word(s, at, slice_of(cyrillic_dob, sizeof(cyrillic_dob)));
    return label > at ? label : after_word(s, at, SLICE("anexo"));
}

static size_t after_ambiguous_label(struct slice s, size_t at)
{
    static const unsigned symbols[] = {'x', PHONE_WIDE_X, '#', PHONE_WIDE_HASH, '~', PHONE_WIDE_TILDE};
    for (size_t i = 0; i < ARRAY_LENGTH(symbols); i++) {
        size_t after = after_symbol(s, at, symbols[i]);
        if (after > at)
            return after;
    }
    size_t after = after_word(s, at, SLICE("int"));
    return after > at ? after : after_word(s, at, slice_of(wide_int, sizeof(wide_int)));
}

/* "- 503#": only blanks and hyphens before it, but a '#' behind. */
static bool is_american_style(struct slice s, size_t at, const struct tail *tail)
{
    if (!tail->hash || tail->count > DIGITS_UNSURE || at == tail->start)
        return false;
    while (at < tail->start && (s.p[at] == ' ' || s.p[at] == '-'))
        at++;
    return at == tail->start;
}

/* ",,5" and ";5", as telephones dial them by themselves, or any number of commas. */
static bool is_auto_dialled(struct slice s, size_t at, const struct tail *tail)
{
    while (at < tail->start && is_blank(s.p[at]))
        at++;
    size_t label = after_word(s, at, SLICE(",,"));
    label = label > at ? label : after_symbol(s, at, ';');
    if (label > at && tail->count <= DIGITS_LIKELY && leads_to_digits(s, label, tail))
        return true;
    for (label = at; label < tail->start && s.p[label] == ',';)
        label++;
    return label > at && tail->count <= DIGITS_AMBIGUOUS && leads_to_digits(s, label, tail);
}

static bool is_labelled(struct slice s, size_t at, const struct tail *tail)
{
    size_t label = after_word(s, at, SLICE(";ext="));
    if (label > at && label == tail->start)
        return tail->count <= DIGITS_EXPLICIT && !tail->hash;
    while (at < tail->start && (is_blank(s.p[at]) || s.p[at] == ','))
        at++;
    label = after_explicit_label(s, at);
    if (label > at && tail->count <= DIGITS_EXPLICIT && leads_to_digits(s, label, tail))
        return true;
    label = after_ambiguous_label(s, at);
    return label > at && tail->count <= DIGITS_AMBIGUOUS && leads_to_digits(s, label, tail);
}

/* Whether an extension reaches from AT to the end. */
static bool is_extension(struct slice s, size_t at, const struct tail *tail)
{
    return tail->count > 0 && at < tail->start &&
           (is_labelled(s, at, tail) || is_auto_dialled(s, at, tail) || is_american_style(s, at, tail));
}

bool phone_text_is_viable(struct slice s)
{
    size_t at = phone_text_plus_count(s), digits = 0, third = 0;
    if (s.n == 2 && phone_symbol_digit(s.p[0]) >= 0 && phone_symbol_digit(s.p[1]) >= 0)
        return true;
    for (; at < s.n; at++) {
        bool digit = phone_symbol_digit(s.p[at]) >= 0;
        if (digit && ++digits == 3)
            third = at + 1;
        if (!digit && !is_punctuation(s.p[at]) && s.p[at] != '*' &&
            !(digits >= 3 && phone_symbol_is_letter(s.p[at])))
            break;
    }
    if (digits < 3)
        return false;
    struct tail tail = read_tail(s);
    bool viable = at == s.n;
    for (size_t start = third; start <= at && !viable; start++)
        viable = is_extension(s, start, &tail);
    return viable;
}

struct slice phone_text_split_extension(struct slice s, struct slice *ret_extension)
{
    struct tail tail = read_tail(s);
    *ret_extension = SLICE("");
    for (size_t at = 0; at < tail.start; at++) {
        if (!is_extension(s, at, &tail))
            continue;
        if (!phone_text_is_viable(slice_head(s, at)))
            break;
        *ret_extension = slice_head(slice_skip(s, tail.start), tail.count);
        return slice_head(s, at);
    }
    return s;
}
