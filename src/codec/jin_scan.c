/* The look over a JSON text before jansson sees it: depth, number of values, what needs mending. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "jin_scan.h"

#include "inlet/base/buffer.h"
#include "inlet/base/number.h"
#include "jin_fault.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* What a byte means outside of strings, where a token begins. */
enum { BAD, NOTHING, QUOTE, OPEN, CLOSE, COLON, LETTER, NUMBER };

__extension__ static const unsigned char classes[256] = {
    [' '] = NOTHING, ['\t'] = NOTHING, ['\n'] = NOTHING,       ['\r'] = NOTHING,       [','] = NOTHING,
    ['"'] = QUOTE,   ['['] = OPEN,     ['{'] = OPEN,           [']'] = CLOSE,          ['}'] = CLOSE,
    [':'] = COLON,   ['-'] = NUMBER,   ['0' ... '9'] = NUMBER, ['A' ... 'Z'] = LETTER, ['a' ... 'z'] = LETTER,
};

/* Bytes of a number: 1, and 2 for those that can make it huge in few bytes. */
__extension__ static const unsigned char number_bytes[256] = {
    ['0' ... '9'] = 1, ['.'] = 1, ['-'] = 1, ['+'] = 1, ['e'] = 2, ['E'] = 2,
};

/* Bytes that end a run of plain bytes in a string. */
__extension__ static const bool string_stops[256] = {[0 ... 0x1F] = true, ['"'] = true, ['\\'] = true};

/* Shorter tokens without an exponent fit into int64, or a double. */
#define PLAIN_NUMBER_MAX 18

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The code unit of \uXXXX at AT, or -1. */
static int read_unit(const char *at, const char *end)
{
    if (end - at < 6 || at[0] != '\\' || at[1] != 'u')
        return -1;
    int unit = 0;
    for (int i = 2; i < 6; i++) {
        int digit = hex_digit(at[i]);
        if (digit < 0)
            return -1;
        unit = unit << 4 | digit;
    }
    return unit;
}

struct jin_escape jin_escape_read(const char *at, const char *end)
{
    int unit = read_unit(at, end);
    if (unit < 0)
        return (struct jin_escape){.length = end - at < 2 ? 1 : 2, .unit = 0xFFFFFFFF};
    if (unit >= 0xD800 && unit <= 0xDBFF) {
        int low = read_unit(at + 6, end);
        if (low >= 0xDC00 && low <= 0xDFFF) {
            unsigned c = 0x10000u + ((unsigned)(unit - 0xD800) << 10) + (unsigned)(low - 0xDC00);
            return (struct jin_escape){.length = 12, .unit = c};
        }
    }
    return (struct jin_escape){.length = 6, .unit = (unsigned)unit};
}

static const char *skip_digits(const char *at, const char *end)
{
    while (at < end && *at >= '0' && *at <= '9')
        at++;
    return at;
}

size_t jin_number_length(const char *at, const char *end)
{
    const char *first = at + (*at == '-');
    const char *p = skip_digits(first, end);
    if (p == first)
        return 0;
    if (*first == '0')
        p = first + 1;
    if (end - p >= 2 && *p == '.' && p[1] >= '0' && p[1] <= '9')
        p = skip_digits(p + 1, end);
    if (end - p >= 2 && (*p == 'e' || *p == 'E')) {
        const char *digits = p + 1 + (p[1] == '+' || p[1] == '-');
        const char *digits_end = skip_digits(digits, end);
        if (digits_end > digits)
            p = digits_end;
    }
    return (size_t)(p - at);
}

/* strtod wants a NUL behind the text. jansson asks it, too, so both agree to the last digit. */
NODISCARD static enum err real_overflows(struct slice number, bool *ret_overflows)
{
    CLEANUP(buffer_done) struct buffer copy;
    buffer_init(&copy, number.n + 1);
    TRY(buffer_append(&copy, number));
    TRY(buffer_append_byte(&copy, '\0'));
    *ret_overflows = isinf(strtod(copy.data, NULL)) != 0;
    return ERR_OK;
}

enum err jin_number_measure(struct slice number, enum jin_number_size *ret_size)
{
    int64_t integer;
    enum err error = number_parse_int64(number, &integer);
    bool overflows = false;
    if (error == ERR_INVALID) /* a fraction or an exponent in it */
        TRY(real_overflows(number, &overflows));
    *ret_size = error == ERR_LIMIT ? JIN_NUMBER_BIG_INTEGER
                : overflows        ? JIN_NUMBER_BIG_REAL
                                   : JIN_NUMBER_PLAIN;
    return ERR_OK;
}

struct scanner {
    const char *at, *end;
    const struct jin_options *limits;
    size_t depth, values;
    bool mend;
};

/* AT is behind the opening quote; leaves it behind the closing one, or at the end. */
NODISCARD static enum err scan_string(struct scanner *s)
{
    const char *p = s->at;
    const char *end = s->end;
    for (;;) {
        while (p < end && !string_stops[(unsigned char)*p])
            p++;
        if (p == end || *p == '"')
            break;
        if (*p == '\\') {
            struct jin_escape escape = jin_escape_read(p, end);
            s->mend = s->mend || jin_escape_is_odd(escape);
            p += escape.length;
        } else if (s->limits->repair_newlines) {
            s->mend = true;
            p++;
        } else {
            return ERR_INVALID;
        }
    }
    s->at = p < end ? p + 1 : end;
    return ERR_OK;
}

/* AT is at the number's first byte. */
NODISCARD static enum err scan_number(struct scanner *s)
{
    const char *p = s->at;
    unsigned seen = 0;
    while (p < s->end && number_bytes[(unsigned char)*p])
        seen |= number_bytes[(unsigned char)*p++];
    if (p - s->at > PLAIN_NUMBER_MAX || (seen & 2)) {
        enum jin_number_size size;
        TRY(jin_number_measure(slice_of(s->at, jin_number_length(s->at, s->end)), &size));
        s->mend = s->mend || size != JIN_NUMBER_PLAIN;
    }
    s->at = p;
    return ERR_OK;
}

/* Reads the token at AT, whose class is CLASS. */
NODISCARD static enum err scan_token(struct scanner *s, unsigned char class)
{
    const char *start = s->at++;
    switch (class) {
    case QUOTE: s->values++; return scan_string(s);
    case COLON:
        /* What stands before it was a key and no value. */
        s->values -= s->values > 0;
        return ERR_OK;
    case OPEN:
        s->values++;
        s->depth++;
        return ERR_OK;
    case CLOSE: s->depth -= s->depth > 0; return ERR_OK;
    case LETTER:
        s->values++;
        while (s->at < s->end && classes[(unsigned char)*s->at] == LETTER)
            s->at++;
        return ERR_OK;
    case NUMBER:
        s->values++;
        s->at = start;
        return scan_number(s);
    default: return ERR_INVALID;
    }
}

enum err jin_scan(struct slice text, const struct jin_options *limits, struct jin_scan *ret_scan,
                  struct jin_fault *ret_fault)
{
    struct scanner s = {.at = text.p, .end = text.p + text.n, .limits = limits};
    while (s.at < s.end) {
        unsigned char class = classes[(unsigned char)*s.at];
        if (class == NOTHING) {
            s.at++;
            continue;
        }
        size_t position = (size_t)(s.at - text.p);
        TRY(scan_token(&s, class));
        if (s.depth > limits->depth_max) {
            jin_fault_set(ret_fault, text, position, "Nesting is deeper than %zu levels", limits->depth_max);
            return ERR_LIMIT;
        }
        if (s.values > limits->values_max) {
            jin_fault_set(ret_fault, text, position, "More than %zu values", limits->values_max);
            return ERR_LIMIT;
        }
    }
    *ret_scan = (struct jin_scan){.values = s.values, .mend = s.mend};
    return ERR_OK;
}
