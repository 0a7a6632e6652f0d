/* Headers of the form: word; name=value; name="quoted \"value\"". */
/* SPDX-License-Identifier: Apache-2.0 */
#include "header_params.h"

struct slice header_params_word(struct slice *rest)
{
    return slice_trim(slice_cut(*rest, ';', rest));
}

/* Only these two are escapes: old browsers send C:\file without any. */
static bool is_escape(struct slice text)
{
    return slice_starts(text, SLICE("\\\"")) || slice_starts(text, SLICE("\\\\"));
}

/* Takes the quoted string off *REST, which begins with '"'; one without an end reaches to the end. */
NODISCARD static enum err take_quoted(struct arena *arena, struct slice *rest, struct slice *ret_value)
{
    struct slice inside = slice_skip(*rest, 1);
    size_t end = 0;
    while (end < inside.n && inside.p[end] != '"')
        end += is_escape(slice_skip(inside, end)) ? 2 : 1;
    *rest = slice_skip(inside, end + 1);
    inside = slice_head(inside, end);
    char *copy = arena_alloc(arena, inside.n + 1);
    if (!copy)
        return ERR_MEMORY;
    char *to = copy;
    while (inside.n > 0) {
        inside = slice_skip(inside, is_escape(inside));
        *to++ = inside.p[0];
        inside = slice_skip(inside, 1);
    }
    *ret_value = slice_of(copy, (size_t)(to - copy));
    return ERR_OK;
}

enum err header_params_next(struct arena *arena, struct slice *rest, struct header_param *ret_param)
{
    struct slice left = *rest;
    struct header_param param = {.value = SLICE_NULL};
    do {
        left = slice_trim(left);
        if (left.n == 0)
            return ERR_NOT_FOUND;
        size_t at = 0;
        while (at < left.n && left.p[at] != ';' && left.p[at] != '=')
            at++;
        param.name = slice_trim(slice_head(left, at));
        left = slice_skip(left, at);
        if (left.n > 0 && left.p[0] == '=') {
            left = slice_trim(slice_skip(left, 1));
            if (left.n > 0 && left.p[0] == '"')
                TRY(take_quoted(arena, &left, &param.value));
            else
                param.value = slice_trim(slice_head(left, slice_find(left, ';')));
        }
        left = slice_skip(left, slice_find(left, ';') + 1);
    } while (param.name.n == 0);
    *rest = left;
    *ret_param = param;
    return ERR_OK;
}
