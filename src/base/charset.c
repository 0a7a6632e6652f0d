/* Conversion by iconv, through GLib. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/base/charset.h"

#include <glib.h>

enum err charset_to_utf8(struct arena *arena, struct slice charset, struct slice text, struct slice *ret_text)
{
    if (slice_is_null(charset) || charset.n == 0 || slice_equal_nocase(charset, SLICE("utf-8")) ||
        slice_equal_nocase(charset, SLICE("utf8"))) {
        *ret_text = text;
        return ERR_OK;
    }
    struct slice name;
    TRY(arena_copy(arena, charset, &name));
    /* iconv takes options after the name ("//TRANSLIT"); a header must not reach them. */
    if (slice_find(name, '/') < name.n || slice_find(name, '\0') < name.n)
        return ERR_NOT_FOUND;
    GError *error = NULL;
    gsize length = 0;
    gchar *converted = g_convert(text.p, (gssize)text.n, "UTF-8", name.p, NULL, &length, &error);
    if (!converted) {
        bool unknown = g_error_matches(error, G_CONVERT_ERROR, G_CONVERT_ERROR_NO_CONVERSION);
        g_error_free(error);
        return unknown ? ERR_NOT_FOUND : ERR_INVALID;
    }
    enum err copied = arena_copy(arena, slice_of(converted, length), ret_text);
    g_free(converted);
    return copied;
}
