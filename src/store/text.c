/* Finds and replaces what is no text. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "text.h"

static const struct slice replacement = SLICE_INIT("\xEF\xBF\xBD");

bool text_is_clean(struct slice text)
{
    return slice_find(text, '\0') == text.n && slice_is_utf8(text);
}

/* How many bytes of REST are one character that can be kept; 0 when its first one cannot. */
static size_t clean_bytes(struct slice rest)
{
    struct slice after = rest;
    (void)slice_next_code_point(&after);
    struct slice character = slice_head(rest, rest.n - after.n);
    return text_is_clean(character) ? character.n : 0;
}

enum err text_clean(struct arena *arena, struct slice text, struct slice *ret_text)
{
    if (text_is_clean(text)) {
        *ret_text = text;
        return ERR_OK;
    }
    char *clean = arena_alloc(arena, text.n * replacement.n);
    if (!clean)
        return ERR_MEMORY;
    size_t length = 0;
    while (text.n > 0) {
        size_t good = clean_bytes(text);
        struct slice part = good > 0 ? slice_head(text, good) : replacement;
        memcpy(clean + length, part.p, part.n);
        length += part.n;
        text = slice_skip(text, good > 0 ? good : 1);
    }
    *ret_text = slice_of(clean, length);
    return ERR_OK;
}
