/* Query strings and forms as Python reads and writes them. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/codec/url.h"

#include "codec_test.h"

#define BAD "\xEF\xBF\xBD" /* U+FFFD */

static struct arena arena;

START_TEST(pairs_are_those_of_parse_qsl)
{
    /* As Python 3.11 has it: parse_qsl(text, keep_blank_values=True). */
    static const char *const rows[][2] = {
        {"", ""},
        {"&", ""},
        {"&&", ""},
        {"a", "[a|]"},
        {"a=", "[a|]"},
        {"=", "[|]"},
        {"=b", "[|b]"},
        {"a=1", "[a|1]"},
        {"a=1&b=2", "[a|1][b|2]"},
        {"a=1&&b=2", "[a|1][b|2]"},
        {"&a=1&", "[a|1]"},
        {"a=1&a=2", "[a|1][a|2]"},
        {"a=b=c", "[a|b=c]"},
        {"a==", "[a|=]"},
        {"a+b=c+d", "[a b|c d]"},
        {"a%20b=c%20d", "[a b|c d]"},
        {"a%2Bb=%2b", "[a+b|+]"},
        {"%zz=%4", "[%zz|%4]"},
        {"%=%%", "[%|%%]"},
        {"a=%", "[a|%]"},
        {"a=%1", "[a|%1]"},
        {"%41%3d=%26", "[A=|&]"},
        {"a;b=1;c=2", "[a;b|1;c=2]"},
        {"a=%C3%A9", "[a|\303\251]"},
        {"a=\303\251", "[a|\303\251]"},
        {"\303\251=1", "[\303\251|1]"},
        {"a=%c3", "[a|" BAD "]"},
        {"a=%C3%28", "[a|" BAD "(]"},
        {"a=%E2%82", "[a|" BAD "]"},
        {"a=%E2%82%AC", "[a|\342\202\254]"},
        {"a=%F0%9F%98%80", "[a|\360\237\230\200]"},
        {"a=%ff%fe", "[a|" BAD BAD "]"},
        {"a=%ED%A0%80", "[a|" BAD BAD BAD "]"},
        {"a=%1%0", "[a|%1%0]"},
        {"a=1%0A2", "[a|1\n2]"},
        {"a=\303\251%A9", "[a|\303\251" BAD "]"},
        {"a=%E2%82\303\251", "[a|" BAD "\303\251]"},
        {"a b=c", "[a b|c]"},
        {"a=1#x", "[a|1#x]"},
        {"?a=1", "[?a|1]"},
        {"a.b=1&a[]=2", "[a.b|1][a[]|2]"},
        {"+=+", "[ | ]"},
        {"a=%2525", "[a|%25]"},
    };
    struct buffer buffer;
    buffer_init(&buffer, 4096);
    arena_init(&arena, TEST_ARENA_CAP);
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct url_pairs pairs;
        ck_assert_int_eq(url_decode_pairs(&arena, slice_from(rows[i][0]), &pairs), ERR_OK);
        buffer_clear(&buffer);
        for (size_t k = 0; k < pairs.count; k++)
            buffer_print(&buffer, "[%.*s|%.*s]", SLICE_ARG(pairs.pairs[k].name),
                         SLICE_ARG(pairs.pairs[k].value));
        ck_assert_slice_eq(buffer_slice(&buffer), slice_from(rows[i][1]));
    }
    struct url_pairs pairs;
    ck_assert_int_eq(url_decode_pairs(&arena, SLICE("a=x%00y"), &pairs), ERR_OK);
    ck_assert_slice_eq(pairs.pairs[0].value, SLICE("x\0y"));
    ck_assert_int_eq(url_decode_pairs(&arena, SLICE_NULL, &pairs), ERR_OK);
    ck_assert_uint_eq(pairs.count, 0);
    arena_done(&arena);
    buffer_done(&buffer);
}
END_TEST

START_TEST(last_value_counts)
{
    struct url_pairs pairs;
    arena_init(&arena, TEST_ARENA_CAP);
    ck_assert_int_eq(url_decode_pairs(&arena, SLICE("a=1&b=&a=2&c"), &pairs), ERR_OK);
    ck_assert_slice_eq(url_pairs_get(&pairs, SLICE("a")), SLICE("2"));
    ck_assert(!slice_is_null(url_pairs_get(&pairs, SLICE("b"))));
    ck_assert(!slice_is_null(url_pairs_get(&pairs, SLICE("c"))));
    ck_assert(slice_is_null(url_pairs_get(&pairs, SLICE("d"))));
    arena_done(&arena);
}
END_TEST

START_TEST(number_of_pairs_is_limited)
{
    struct buffer buffer;
    struct url_pairs pairs;
    buffer_init(&buffer, 65536);
    arena_init(&arena, TEST_ARENA_CAP);
    for (int i = 0; i < URL_PAIRS_MAX; i++)
        buffer_append_text(&buffer, i == 0 ? "a=1" : "&a=1");
    ck_assert_int_eq(url_decode_pairs(&arena, buffer_slice(&buffer), &pairs), ERR_OK);
    ck_assert_uint_eq(pairs.count, URL_PAIRS_MAX);
    buffer_append_text(&buffer, "&");
    ck_assert_int_eq(url_decode_pairs(&arena, buffer_slice(&buffer), &pairs), ERR_LIMIT);
    arena_done(&arena);
    buffer_done(&buffer);
}
END_TEST

START_TEST(segments_are_decoded)
{
    static const struct {
        const char *segment, *text; /* NULL: refused */
    } rows[] = {
        {"", ""},         {"abc", "abc"}, {"a%2Fb", "a/b"},       {"a+b", "a+b"}, {"%7e", "~"},
        {"%zz", "%zz"},   {"%", "%"},     {"a%00b", NULL},        {"%0d", NULL},  {"x%0A", NULL},
        {"%2500", "%00"}, {"%ff", BAD},   {"%C3%A9", "\303\251"},
    };
    arena_init(&arena, TEST_ARENA_CAP);
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct slice text = SLICE_NULL;
        enum err error = url_decode_segment(&arena, slice_from(rows[i].segment), &text);
        ck_assert_int_eq(error, rows[i].text ? ERR_OK : ERR_INVALID);
        ck_assert_slice_eq(text, slice_from(rows[i].text));
    }
    arena_done(&arena);
}
END_TEST

START_TEST(text_is_quoted)
{
    struct buffer buffer;
    buffer_init(&buffer, 4096);
    ck_assert_int_eq(url_encode_plus(&buffer, SLICE("aZ09_.-~ /&=+%\303\251\342\202\254\n\0\"*'")), ERR_OK);
    ck_assert_slice_eq(buffer_slice(&buffer),
                       SLICE("aZ09_.-~+%2F%26%3D%2B%25%C3%A9%E2%82%AC%0A%00%22%2A%27"));
    buffer_done(&buffer);
    buffer_init(&buffer, 4);
    ck_assert_int_eq(url_encode_plus(&buffer, SLICE("%%")), ERR_LIMIT);
    buffer_done(&buffer);
}
END_TEST

START_TEST(every_allocation_may_fail)
{
    enum err error = ERR_MEMORY;
    for (long n = 1; error != ERR_OK; n++) {
        struct url_pairs pairs;
        arena_init(&arena, TEST_ARENA_CAP);
        /* Each on a chunk of its own. */
        static char text[40000];
        memset(text, '%', sizeof(text));
        memcpy(text + 10000, "&a=\xFF", 4);
        mem_fault_set(n);
        error = url_decode_pairs(&arena, slice_of(text, sizeof(text)), &pairs);
        ck_assert_int_eq(error, mem_fault_fired() ? ERR_MEMORY : ERR_OK);
        mem_fault_set(-1);
        arena_done(&arena);
        ck_assert_int_lt(n, 100);
    }
}
END_TEST

UNIT_MAIN("url", pairs_are_those_of_parse_qsl, last_value_counts, number_of_pairs_is_limited,
          segments_are_decoded, text_is_quoted, every_allocation_may_fail)
