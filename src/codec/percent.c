/* Percent-decoding, and U+FFFD in place of what is no UTF-8. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "percent.h"

#include <string.h>

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int percent_byte(struct slice text)
{
    if (text.n < 3 || text.p[0] != '%')
        return -1;
    int high = hex_value(text.p[1]);
    int low = hex_value(text.p[2]);
    return high < 0 || low < 0 ? -1 : high << 4 | low;
}

enum err percent_decode(struct arena *arena, struct slice text, bool plus, struct slice *ret_text)
{
    struct slice copy = SLICE("");
    char *to = arena_alloc(arena, text.n + 1);
    if (!to)
        return ERR_MEMORY;
    copy.p = to;
    while (text.n > 0) {
        int byte = percent_byte(text);
        *to++ = byte >= 0 ? (char)byte : plus && text.p[0] == '+' ? ' ' : text.p[0];
        text = slice_skip(text, byte >= 0 ? 3 : 1);
    }
    copy.n = (size_t)(to - copy.p);
    return utf8_repair(arena, copy, ret_text);
}

static bool within(unsigned char byte, unsigned char low, unsigned char high)
{
    return byte >= low && byte <= high;
}

/* Length of the sequence at the start of TEXT, or of the part of it that could begin one; *RET_VALID: it is
 * whole. */
static size_t sequence(struct slice text, bool *ret_valid)
{
    const unsigned char *b = (const unsigned char *)text.p;
    size_t length = b[0] < 0x80 ? 1 : within(b[0], 0xC2, 0xDF) ? 2 : within(b[0], 0xE0, 0xEF) ? 3 : 4;
    *ret_valid = length < 4 || within(b[0], 0xF0, 0xF4);
    if (!*ret_valid)
        return 1;
    for (size_t i = 1; i < length; i++) {
        unsigned char low = 0x80, high = 0xBF;
        if (i == 1) {
            low = b[0] == 0xE0 ? 0xA0 : b[0] == 0xF0 ? 0x90 : 0x80;
            high = b[0] == 0xED ? 0x9F : b[0] == 0xF4 ? 0x8F : 0xBF;
        }
        if (i == text.n || !within(b[i], low, high)) {
            *ret_valid = false;
            return i;
        }
    }
    return length;
}

enum err utf8_repair(struct arena *arena, struct slice text, struct slice *ret_text)
{
    if (slice_is_utf8(text)) {
        *ret_text = text;
        return ERR_OK;
    }
    /* A bad byte becomes three. */
    size_t room;
    char *copy = __builtin_mul_overflow(text.n, (size_t)3, &room) ? NULL : arena_alloc(arena, room);
    if (!copy)
        return ERR_MEMORY;
    char *to = copy;
    while (text.n > 0) {
        bool valid;
        size_t length = sequence(text, &valid);
        struct slice piece = valid ? slice_head(text, length) : SLICE("\xEF\xBF\xBD");
        memcpy(to, piece.p, piece.n);
        to += piece.n;
        text = slice_skip(text, length);
    }
    *ret_text = slice_of(copy, (size_t)(to - copy));
    return ERR_OK;
}
