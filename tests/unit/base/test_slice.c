/* Comparing, trimming and walking text. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/base/slice.h"

#include "inlet/base/compiler.h"
#include "unit.h"

#include <stdint.h>
#include <stdio.h>

#define ck_assert_slice(got, expected)                                                                       \
    do {                                                                                                     \
        struct slice got_ = (got);                                                                           \
        ck_assert_msg(slice_equal(got_, slice_from(expected)), "'%.*s' is not '%s'", SLICE_ARG(got_),        \
                      expected);                                                                             \
    } while (0)

START_TEST(null_and_empty_are_equal_but_not_the_same)
{
    ck_assert(slice_equal(SLICE_NULL, SLICE("")));
    ck_assert(slice_is_null(SLICE_NULL));
    ck_assert(!slice_is_null(SLICE("")));
    ck_assert(slice_is_null(slice_from(NULL)));
    ck_assert(slice_is_null(slice_skip(SLICE_NULL, 3)));
    ck_assert(slice_is_null(slice_head(SLICE_NULL, 3)));
    ck_assert(slice_is_null(slice_trim(SLICE_NULL)));
    ck_assert(slice_is_null(slice_trim_unicode(SLICE_NULL)));
    ck_assert(slice_is_utf8(SLICE_NULL));
    ck_assert_uint_eq(slice_code_points(SLICE_NULL), 0);
    ck_assert_uint_eq(slice_find(SLICE_NULL, 'a'), 0);
    ck_assert(slice_starts(SLICE_NULL, SLICE("")));
    ck_assert_int_eq(slice_compare(SLICE_NULL, SLICE("")), 0);
}
END_TEST

START_TEST(nul_bytes_are_bytes_like_others)
{
    ck_assert_uint_eq((SLICE("a\0b").n), 3);
    ck_assert(!slice_equal(SLICE("a\0b"), SLICE("a\0c")));
    ck_assert_uint_eq(slice_find(SLICE("a\0b"), 'b'), 2);
    ck_assert_uint_eq(slice_find(SLICE("a\0b"), '\0'), 1);
    ck_assert(slice_equal_nocase(SLICE("a\0B"), SLICE("A\0b")));
}
END_TEST

START_TEST(parts_stay_inside)
{
    ck_assert_slice(slice_skip(SLICE("abc"), 1), "bc");
    ck_assert_slice(slice_skip(SLICE("abc"), 3), "");
    ck_assert_slice(slice_skip(SLICE("abc"), SIZE_MAX), "");
    ck_assert_slice(slice_head(SLICE("abc"), 2), "ab");
    ck_assert_slice(slice_head(SLICE("abc"), SIZE_MAX), "abc");
    ck_assert(slice_starts(SLICE("abc"), SLICE("ab")));
    ck_assert(slice_starts(SLICE("abc"), SLICE("")));
    ck_assert(!slice_starts(SLICE("ab"), SLICE("abc")));
    ck_assert(!slice_starts(SLICE("abc"), SLICE("b")));
}
END_TEST

START_TEST(only_ascii_letters_have_two_cases)
{
    ck_assert(slice_equal_nocase(SLICE("AbZ"), SLICE("aBz")));
    ck_assert(!slice_equal_nocase(SLICE("@"), SLICE("`")));
    ck_assert(!slice_equal_nocase(SLICE("["), SLICE("{")));
    ck_assert(!slice_equal_nocase(SLICE("\xc3\x9c"), SLICE("\xc3\xbc")));
    ck_assert(!slice_equal_nocase(SLICE("ab"), SLICE("abc")));
}
END_TEST

START_TEST(order_is_by_bytes_then_length)
{
    ck_assert_int_lt(slice_compare(SLICE("a"), SLICE("b")), 0);
    ck_assert_int_lt(slice_compare(SLICE("a"), SLICE("ab")), 0);
    ck_assert_int_gt(slice_compare(SLICE("ab"), SLICE("a")), 0);
    ck_assert_int_gt(slice_compare(SLICE("\xff"), SLICE("a")), 0);
    ck_assert_int_gt(slice_compare(SLICE("b"), SLICE("ab")), 0);
    ck_assert_int_eq(slice_compare(SLICE("ab"), SLICE("ab")), 0);
}
END_TEST

START_TEST(blanks_are_trimmed)
{
    ck_assert_slice(slice_trim(SLICE(" \t\n\v\f\ra b \r\n")), "a b");
    ck_assert_slice(slice_trim(SLICE("   ")), "");
    ck_assert_slice(slice_trim(SLICE("")), "");
    ck_assert_slice(slice_trim(SLICE("\xc2\xa0"
                                     "a")),
                    "\xc2\xa0"
                    "a");
    ck_assert_slice(slice_trim(SLICE("\x1f"
                                     "a")),
                    "\x1f"
                    "a");
}
END_TEST

START_TEST(unicode_blanks_are_trimmed_as_python_does)
{
    static const char *const blanks[] = {
        " ",
        "\t",
        "\n",
        "\v",
        "\f",
        "\r",
        "\x1c",
        "\x1d",
        "\x1e",
        "\x1f",
        "\xc2\x85",
        "\xc2\xa0",
        "\xe1\x9a\x80",
        "\xe2\x80\x80",
        "\xe2\x80\x8a",
        "\xe2\x80\xa8",
        "\xe2\x80\xa9",
        "\xe2\x80\xaf",
        "\xe2\x81\x9f",
        "\xe3\x80\x80",
    };
    static const char *const others[] = {
        "\x1b",         "\x7f", "\xe2\x80\x8b", "\xe2\x81\xa0", "\xef\xbb\xbf",
        "\xe1\xa0\x8e", "\xa0", "\x80\x80",     "\xc2",         "\xf0\x9f\x98\x80"};
    for (size_t i = 0; i < ARRAY_LENGTH(blanks); i++) {
        char text[32];
        size_t n = (size_t)snprintf(text, sizeof(text), "%s%sa b%s", blanks[i], blanks[i], blanks[i]);
        ck_assert_slice(slice_trim_unicode(slice_of(text, n)), "a b");
        ck_assert_slice(slice_trim_unicode(slice_from(blanks[i])), "");
    }
    for (size_t i = 0; i < ARRAY_LENGTH(others); i++)
        ck_assert_slice(slice_trim_unicode(slice_from(others[i])), others[i]);
}
END_TEST

START_TEST(lists_are_walked_by_cutting)
{
    struct slice rest = SLICE("a,,b,");
    static const char *const items[] = {"a", "", "b", ""};
    size_t count = 0;
    while (!slice_is_null(rest)) {
        ck_assert_uint_lt(count, ARRAY_LENGTH(items));
        ck_assert_slice(slice_cut(rest, ',', &rest), items[count]);
        count++;
    }
    ck_assert_uint_eq(count, ARRAY_LENGTH(items));
    ck_assert_slice(slice_cut(SLICE(""), ',', &rest), "");
    ck_assert(slice_is_null(rest));
}
END_TEST

START_TEST(utf8_is_told_from_other_bytes)
{
    static const struct {
        const char *bytes;
        bool utf8;
        size_t code_points;
    } rows[] = {
        {"abc", true, 3},
        {"\xc2\x80\xdf\xbf", true, 2},
        {"\xe0\xa0\x80\xef\xbf\xbf", true, 2},
        {"\xf0\x90\x80\x80\xf4\x8f\xbf\xbf", true, 2},
        {"\xed\x9f\xbf\xee\x80\x80", true, 2},
        {"\x80", false, 0},
        {"\xc0\x80", false, 1},
        {"\xc1\xbf", false, 1},
        {"\xe0\x9f\xbf", false, 1},
        {"\xed\xa0\x80", false, 1}, /* surrogates */
        {"\xed\xbf\xbf", false, 1},
        {"\xf0\x8f\xbf\xbf", false, 1},
        {"\xf4\x90\x80\x80", false, 1},
        {"\xf5\x80\x80\x80", false, 1},
        {"\xff", false, 1},
        {"\xc3", false, 1},
        {"\xe2\x82", false, 1},
        {"\xf0\x9f\x98", false, 1},
        {"\xc3(", false, 2},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        ck_assert_msg(slice_is_utf8(slice_from(rows[i].bytes)) == rows[i].utf8, "row %zu", i);
        ck_assert_uint_eq(slice_code_points(slice_from(rows[i].bytes)), rows[i].code_points);
    }
}
END_TEST

START_TEST(code_points_are_decoded_one_by_one)
{
    struct slice s = SLICE("a\xc3\xbc\xe2\x82\xac\xf0\x9f\x98\x80\xed\xa0\x80\xff\xe2\x82z");
    static const unsigned expected[] = {'a', 0xFC, 0x20AC, 0x1F600, 0xD800, 0xFFFD, 0xFFFD, 0xFFFD, 'z'};
    for (size_t i = 0; i < ARRAY_LENGTH(expected); i++) {
        ck_assert_uint_gt(s.n, 0);
        ck_assert_uint_eq(slice_next_code_point(&s), expected[i]);
    }
    ck_assert_uint_eq(s.n, 0);
}
END_TEST

UNIT_MAIN("slice", null_and_empty_are_equal_but_not_the_same, nul_bytes_are_bytes_like_others,
          parts_stay_inside, only_ascii_letters_have_two_cases, order_is_by_bytes_then_length,
          blanks_are_trimmed, unicode_blanks_are_trimmed_as_python_does, lists_are_walked_by_cutting,
          utf8_is_told_from_other_bytes, code_points_are_decoded_one_by_one)
