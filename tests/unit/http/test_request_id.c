/* Request ids: harmless ones are kept, others replaced. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "request_id.h"
#include "unit.h"

START_TEST(only_harmless_ids_are_kept)
{
    static const struct {
        struct slice wish;
        bool kept;
    } rows[] = {
        {SLICE_INIT("a"), true},
        {SLICE_INIT("Abc-1.2_3"), true},
        {SLICE_INIT("0123456789012345678901234567890123456789012345678901234567890123"), true},
        {SLICE_INIT("01234567890123456789012345678901234567890123456789012345678901234"), false},
        {SLICE_INIT(""), false},
        {{NULL, 0}, false},
        {SLICE_INIT("a b"), false},
        {SLICE_INIT("a\n"), false},
        {SLICE_INIT("a\"b"), false},
        {SLICE_INIT("a\0b"), false},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        char id[REQUEST_ID_MAX + 1];
        request_id_choose(rows[i].wish, id);
        ck_assert_msg(slice_equal(slice_from(id), rows[i].wish) == rows[i].kept, "row %zu: %s", i, id);
        if (!rows[i].kept)
            ck_assert_uint_eq(strlen(id), 32);
    }
}
END_TEST

START_TEST(random_ids_differ)
{
    enum { COUNT = 200 }; /* past the end of a pool of random bytes */
    static char ids[COUNT][REQUEST_ID_MAX + 1];
    for (size_t i = 0; i < COUNT; i++) {
        request_id_choose(SLICE_NULL, ids[i]);
        for (size_t k = 0; k < i; k++)
            ck_assert_str_ne(ids[i], ids[k]);
    }
}
END_TEST

UNIT_MAIN("request_id", only_harmless_ids_are_kept, random_ids_differ)
