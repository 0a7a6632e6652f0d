/* Which page of which size a query asks for, and whether there is one. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "sela/sela.h"

#include "unit.h"

START_TEST(pages_are_read_as_the_reference_reads_them)
{
    static const struct {
        const char *query;
        int64_t number, size;
    } cases[] = {
        {"", 1, 100},
        {"page=3", 3, 100},
        {"page=last", 0, 100},
        {"page=LAST", -1, 100},
        {"page=", -1, 100},
        {"page=0", -1, 100},
        {"page=-1", -1, 100},
        {"page=1.0", -1, 100},
        {"page=x", -1, 100},
        {"page=99999999999999999999", -1, 100},
        {"page=+2+", 2, 100},
        {"page=1_0", 10, 100},
        {"page=2&page=3", 3, 100},
        {"page_size=7", 1, 7},
        {"page_size=1000", 1, 1000},
        {"page_size=1001", 1, 1000},
        {"page_size=99999999999999999999", 1, 1000},
        {"page_size=0", 1, 100},
        {"page_size=-5", 1, 100},
        {"page_size=-99999999999999999999", 1, 100},
        {"page_size=x", 1, 100},
        {"page_size=", 1, 100},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct arena arena;
        struct url_pairs query;
        struct page_request page;
        arena_init(&arena, 1 << 20);
        ck_assert_int_eq(url_decode_pairs(&arena, slice_from(cases[i].query), &query), ERR_OK);
        page_read(&query, &page);
        ck_assert_msg(page.number == cases[i].number && page.size == cases[i].size, "%s: page %lld of %lld",
                      cases[i].query, (long long)page.number, (long long)page.size);
        arena_done(&arena);
    }
}
END_TEST

START_TEST(the_first_page_always_exists)
{
    static const struct {
        int64_t number, size, count, settled; /* settled 0: there is no such page */
    } cases[] = {
        {1, 100, 0, 1}, {0, 100, 0, 1}, {2, 100, 0, 0},       {-1, 100, 0, 0},
        {1, 10, 10, 1}, {2, 10, 10, 0}, {2, 10, 11, 2},       {0, 10, 11, 2},
        {3, 10, 21, 3}, {4, 10, 21, 0}, {INT64_MAX, 1, 5, 0}, {0, 1, INT64_MAX, INT64_MAX},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct page_request page = {.number = cases[i].number, .size = cases[i].size};
        enum err error = page_settle(&page, cases[i].count);
        ck_assert_int_eq(error, cases[i].settled ? ERR_OK : ERR_NOT_FOUND);
        if (error == ERR_OK)
            ck_assert_int_eq(page.number, cases[i].settled);
    }
}
END_TEST

START_TEST(a_page_begins_after_those_before)
{
    struct page_request page = {.number = 3, .size = 25};
    ck_assert_int_eq(page_offset(&page), 50);
}
END_TEST

UNIT_MAIN("page", pages_are_read_as_the_reference_reads_them, the_first_page_always_exists,
          a_page_begins_after_those_before)
