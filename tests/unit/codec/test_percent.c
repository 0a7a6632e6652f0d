/* U+FFFD in place of what is no UTF-8; percent-encoded bytes. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "percent.h"

#include "codec_test.h"

START_TEST(utf8_is_repaired_as_python_does)
{
    /* As Python 3.11 has it: decode("utf-8", "replace"), with '?' for U+FFFD. */
    static const char *const rows[][2] = {
        {"", ""},
        {"plain", "plain"},
        {"\377", "?"},
        {"\303", "?"},
        {"\303(", "?("},
        {"\342\202", "?"},
        {"\342\202A", "?A"},
        {"\342(\241", "?(?"},
        {"\360\237\230", "?"},
        {"\360\237\230A", "?A"},
        {"\360\237A", "?A"},
        {"\360(\214\274", "?(??"},
        {"\360\220(\274", "?(?"},
        {"\355\240\200", "???"},
        {"\355\277\277", "???"},
        {"\340\200\200", "???"},
        {"\340\240A", "?A"},
        {"\300\200", "??"},
        {"\301\277", "??"},
        {"\364\220\200\200", "????"},
        {"\365\200", "??"},
        {"\370\210\200\200\200", "?????"},
        {"a\200b\200\200c", "a?b??c"},
        {"\342\202\254\342\202", "\342\202\254?"},
        {"\364\217\277\277\364\217\277", "\364\217\277\277?"},
        {"\200\277", "??"},
        {"\376\377", "??"},
        {"\340\303\251", "?\303\251"},
        {"\360\200\200\200", "????"},
        {"\361\200\200", "?"},
    };
    struct arena arena;
    arena_init(&arena, TEST_ARENA_CAP);
    struct buffer expected;
    buffer_init(&expected, 4096);
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct slice repaired;
        ck_assert_int_eq(utf8_repair(&arena, slice_from(rows[i][0]), &repaired), ERR_OK);
        buffer_clear(&expected);
        for (const char *p = rows[i][1]; *p; p++)
            buffer_append(&expected, *p == '?' ? SLICE("\xEF\xBF\xBD") : slice_of(p, 1));
        ck_assert_slice_eq(repaired, buffer_slice(&expected));
        ck_assert(slice_is_utf8(repaired));
    }
    arena_done(&arena);
    buffer_done(&expected);
}
END_TEST

START_TEST(bytes_are_read)
{
    ck_assert_int_eq(percent_byte(SLICE("%41")), 0x41);
    ck_assert_int_eq(percent_byte(SLICE("%fFx")), 0xFF);
    ck_assert_int_eq(percent_byte(SLICE("%00")), 0);
    ck_assert_int_eq(percent_byte(SLICE("%4")), -1);
    ck_assert_int_eq(percent_byte(SLICE("%4g")), -1);
    ck_assert_int_eq(percent_byte(SLICE("x41")), -1);
    ck_assert_int_eq(percent_byte(SLICE("")), -1);
}
END_TEST

UNIT_MAIN("percent", utf8_is_repaired_as_python_does, bytes_are_read)
