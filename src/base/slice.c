/* Comparing, trimming and walking text. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/base/slice.h"

#include "inlet/base/unicode.h"

static unsigned char lower(unsigned char c)
{
    return c >= 'A' && c <= 'Z' ? (unsigned char)(c + ('a' - 'A')) : c;
}

bool slice_equal_nocase(struct slice a, struct slice b)
{
    if (a.n != b.n)
        return false;
    for (size_t i = 0; i < a.n; i++) {
        if (lower((unsigned char)a.p[i]) != lower((unsigned char)b.p[i]))
            return false;
    }
    return true;
}

int slice_compare(struct slice a, struct slice b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int order = n ? memcmp(a.p, b.p, n) : 0;
    if (order != 0)
        return order;
    return a.n < b.n ? -1 : a.n > b.n;
}

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

struct slice slice_trim(struct slice s)
{
    while (s.n > 0 && is_blank(s.p[0]))
        s = slice_skip(s, 1);
    while (s.n > 0 && is_blank(s.p[s.n - 1]))
        s.n--;
    return s;
}

struct slice slice_trim_unicode(struct slice s)
{
    while (s.n > 0) {
        struct slice rest = s;
        if (!unicode_is_blank(slice_next_code_point(&rest)))
            break;
        s = rest;
    }
    while (s.n > 0) {
        size_t at = s.n - 1;
        while (at > 0 && s.n - at < 4 && ((unsigned char)s.p[at] & 0xC0) == 0x80)
            at--;
        struct slice last = slice_skip(s, at);
        unsigned c = slice_next_code_point(&last);
        if (last.n != 0 || !unicode_is_blank(c))
            break;
        s.n = at;
    }
    return s;
}

size_t slice_find(struct slice s, char byte)
{
    const char *at = s.n ? memchr(s.p, byte, s.n) : NULL;
    return at ? (size_t)(at - s.p) : s.n;
}

struct slice slice_cut(struct slice s, char separator, struct slice *rest)
{
    size_t at = slice_find(s, separator);
    *rest = at < s.n ? slice_skip(s, at + 1) : SLICE_NULL;
    return slice_head(s, at);
}

/* Length of the well-formed sequence at the start of S and its code point; 0 when it is malformed. */
static size_t decode(struct slice s, bool surrogates, unsigned *ret)
{
    const unsigned char *b = (const unsigned char *)s.p;
    unsigned c = b[0];
    if (c < 0x80) {
        *ret = c;
        return 1;
    }
    size_t length = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : 2;
    static const unsigned least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (c < 0xC2 || c > 0xF4 || s.n < length)
        return 0;
    c &= 0x7Fu >> length;
    for (size_t i = 1; i < length; i++) {
        if ((b[i] & 0xC0) != 0x80)
            return 0;
        c = c << 6 | (b[i] & 0x3F);
    }
    if (c < least[length] || c > 0x10FFFF || (!surrogates && c >= 0xD800 && c <= 0xDFFF))
        return 0;
    *ret = c;
    return length;
}

bool slice_is_utf8(struct slice s)
{
    while (s.n > 0) {
        unsigned c;
        if ((unsigned char)s.p[0] < 0x80) {
            s = slice_skip(s, 1);
            continue;
        }
        size_t length = decode(s, false, &c);
        if (length == 0)
            return false;
        s = slice_skip(s, length);
    }
    return true;
}

size_t slice_code_points(struct slice s)
{
    size_t count = 0;
    for (size_t i = 0; i < s.n; i++)
        count += ((unsigned char)s.p[i] & 0xC0) != 0x80;
    return count;
}

unsigned slice_next_code_point(struct slice *s)
{
    unsigned c;
    size_t length = decode(*s, true, &c);
    if (length == 0) {
        *s = slice_skip(*s, 1);
        return 0xFFFD;
    }
    *s = slice_skip(*s, length);
    return c;
}
