/* Query strings and form bodies, as Python's urllib reads and writes them. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/codec/url.h"

#include "percent.h"

static size_t count_parts(struct slice text)
{
    size_t count = 1;
    for (size_t at = slice_find(text, '&'); at < text.n; at = slice_find(text, '&')) {
        text = slice_skip(text, at + 1);
        count++;
    }
    return count;
}

enum err url_decode_pairs(struct arena *arena, struct slice text, struct url_pairs *ret_pairs)
{
    struct url_pairs found = {.count = 0};
    if (text.n == 0) {
        *ret_pairs = found;
        return ERR_OK;
    }
    size_t parts = count_parts(text);
    if (parts > URL_PAIRS_MAX)
        return ERR_LIMIT;
    found.pairs = ARENA_ARRAY(arena, struct url_pair, parts);
    if (!found.pairs)
        return ERR_MEMORY;
    for (struct slice rest = text; !slice_is_null(rest);) {
        struct slice value;
        struct slice part = slice_cut(rest, '&', &rest);
        if (part.n == 0)
            continue;
        struct slice name = slice_cut(part, '=', &value);
        struct url_pair *pair = &found.pairs[found.count++];
        TRY(percent_decode(arena, name, true, &pair->name));
        TRY(percent_decode(arena, value, true, &pair->value));
    }
    *ret_pairs = found;
    return ERR_OK;
}

enum err url_decode_segment(struct arena *arena, struct slice segment, struct slice *ret_text)
{
    for (struct slice rest = segment; rest.n > 0; rest = slice_skip(rest, 1)) {
        int byte = percent_byte(rest);
        if (byte == '\0' || byte == '\r' || byte == '\n')
            return ERR_INVALID;
    }
    return percent_decode(arena, segment, false, ret_text);
}

struct slice url_pairs_get(const struct url_pairs *pairs, struct slice name)
{
    for (size_t i = pairs->count; i-- > 0;) {
        if (slice_equal(pairs->pairs[i].name, name))
            return pairs->pairs[i].value;
    }
    return SLICE_NULL;
}

static bool stays_bare(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || c == '-' || c == '~';
}

enum err url_encode_plus(struct buffer *buffer, struct slice text)
{
    static const char hex[] = "0123456789ABCDEF";
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        if (stays_bare(text.p[i]) || c == ' ')
            TRY(buffer_append_byte(buffer, c == ' ' ? '+' : text.p[i]));
        else
            TRY(buffer_append(buffer, slice_of((const char[]){'%', hex[c >> 4], hex[c & 15]}, 3)));
    }
    return buffer_error(buffer);
}
