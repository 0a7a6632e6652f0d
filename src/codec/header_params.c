/* Headers of the form: word; name=value; name="quoted \"value\"". */
/* SPDX-License-Identifier: Apache-2.0 */
#include "header_params.h"

struct slice header_params_word(struct slice *rest)
{
    return slice_trim(slice_cut(*rest, ';', rest));
}

/* Takes the quoted string off *REST, which begins with '"'; one without an end reaches to the end. */
NODISCARD static enum err take_quoted(struct arena *arena, struct slice *rest, struct slice *ret_value)
{
    char *copy = arena_alloc(arena, rest->n);
    if (!copy)
        return ERR_MEMORY;
    size_t length = 0;
    size_t i = 1;
    for (; i < rest->n && rest->p[i] != '"'; i++) {
        /* Only these two are escapes: old browsers send C:\file without any. */
        if (rest->p[i] == '\\' && i + 1 < rest->n && (rest->p[i + 1] == '"' || rest->p[i + 1] == '\\'))
            i++;
        copy[length++] = rest->p[i];
    }
    *rest = slice_skip(*rest, i + 1);
    *ret_value = slice_of(copy, length);
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
