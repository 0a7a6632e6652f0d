/* A Content-Type header taken apart. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "header_params.h"
#include "inlet/codec/body.h"

static enum err lower_case(struct arena *arena, struct slice text, struct slice *ret_lower)
{
    char *copy = arena_alloc(arena, text.n);
    if (!copy)
        return ERR_MEMORY;
    for (size_t i = 0; i < text.n; i++)
        copy[i] = (char)(text.p[i] >= 'A' && text.p[i] <= 'Z' ? text.p[i] + ('a' - 'A') : text.p[i]);
    *ret_lower = slice_of(copy, text.n);
    return ERR_OK;
}

enum err content_type_parse(struct arena *arena, struct slice header, struct content_type *ret_type)
{
    struct content_type type = {.media = SLICE_NULL};
    struct slice rest = header;
    struct slice media = header_params_word(&rest);
    if (media.n > 0)
        TRY(lower_case(arena, media, &type.media));
    for (;;) {
        struct header_param param;
        enum err error = header_params_next(arena, &rest, &param);
        if (error == ERR_NOT_FOUND)
            break;
        TRY(error);
        /* The last of two counts, as in Django. */
        if (slice_equal_nocase(param.name, SLICE("charset")))
            TRY(arena_copy(arena, param.value, &type.charset));
        else if (slice_equal_nocase(param.name, SLICE("boundary")))
            TRY(arena_copy(arena, param.value, &type.boundary));
    }
    *ret_type = type;
    return ERR_OK;
}
