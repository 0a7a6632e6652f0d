/* What is text, and what becomes of the rest. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "text.h"

#include "unit.h"

START_TEST(only_what_is_no_text_is_replaced)
{
    static const struct {
        struct slice text, clean;
    } rows[] = {
        {SLICE_INIT(""), SLICE_INIT("")},
        {SLICE_INIT("plain"), SLICE_INIT("plain")},
        {SLICE_INIT("\xC3\xA9\xF0\x9F\x98\x80"), SLICE_INIT("\xC3\xA9\xF0\x9F\x98\x80")},
        {SLICE_INIT("\0"), SLICE_INIT("\xEF\xBF\xBD")},
        {SLICE_INIT("a\0b\xFF"), SLICE_INIT("a\xEF\xBF\xBD"
                                            "b\xEF\xBF\xBD")},
        {SLICE_INIT("\xC3"), SLICE_INIT("\xEF\xBF\xBD")},
        {SLICE_INIT("\xC0\xAF"), SLICE_INIT("\xEF\xBF\xBD\xEF\xBF\xBD")},                 /* overlong */
        {SLICE_INIT("\xED\xA0\x80"), SLICE_INIT("\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD")}, /* surrogate */
        {SLICE_INIT("\xF4\x90\x80\x80"), SLICE_INIT("\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD")},
        {SLICE_INIT("\xEF\xBF\xBD\xFE"), SLICE_INIT("\xEF\xBF\xBD\xEF\xBF\xBD")},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct arena arena;
        struct slice clean;
        arena_init(&arena, 1 << 16);
        ck_assert_int_eq(text_clean(&arena, rows[i].text, &clean), ERR_OK);
        ck_assert_msg(slice_equal(clean, rows[i].clean), "row %zu: %.*s", i, SLICE_ARG(clean));
        ck_assert(text_is_clean(clean));
        ck_assert_msg(text_is_clean(rows[i].text) == slice_equal(clean, rows[i].text), "row %zu", i);
        arena_done(&arena);
    }
}
END_TEST

START_TEST(null_stays_null)
{
    struct arena arena;
    struct slice clean = SLICE("x");
    arena_init(&arena, 16);
    ck_assert(text_is_clean(SLICE_NULL));
    ck_assert_int_eq(text_clean(&arena, SLICE_NULL, &clean), ERR_OK);
    ck_assert(slice_is_null(clean));
    ck_assert_int_eq(text_clean(&arena, SLICE("\xFF\xFF\xFF\xFF\xFF\xFF"), &clean), ERR_MEMORY);
    arena_done(&arena);
}
END_TEST

UNIT_MAIN("text", only_what_is_no_text_is_replaced, null_stays_null)
