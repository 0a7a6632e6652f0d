/* Mending: what is written for jansson, and that it can be undone. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "codec_test.h"
#include "jin_mend.h"

START_TEST(texts_are_mended)
{
    static const struct {
        struct slice text, mended;
        bool repair;
    } rows[] = {
        {SLICE_INIT(""), SLICE_INIT(""), false},
        {SLICE_INIT("[1, \"a\\n\"]"), SLICE_INIT("[1, \"a\\n\"]"), true},
        {SLICE_INIT("\"\\u0000\""), SLICE_INIT("\"" JIN_MARK "0000\""), false},
        {SLICE_INIT("\"\\uD800x\""), SLICE_INIT("\"" JIN_MARK "d800x\""), false},
        {SLICE_INIT("\"\\ud83d\\ude00\""), SLICE_INIT("\"\\ud83d\\ude00\""), false},
        {SLICE_INIT("\"" JIN_MARK "\\uFDD0\""), SLICE_INIT("\"" JIN_MARK JIN_MARK JIN_MARK JIN_MARK "\""),
         false},
        {SLICE_INIT("\"\xEF\xB7\x91\xEF\""), SLICE_INIT("\"\xEF\xB7\x91\xEF\""), false},
        {SLICE_INIT("\"\n\0\""), SLICE_INIT("\"\\u000a" JIN_MARK "0000\""), true},
        {SLICE_INIT("\"\n\""), SLICE_INIT("\"\n\""), false},
        {SLICE_INIT("[99999999999999999999]"), SLICE_INIT("[[\"" JIN_MARK "i99999999999999999999\"]]"),
         false},
        {SLICE_INIT("-1e999 "), SLICE_INIT("[\"" JIN_MARK "r-1e999\"] "), false},
        {SLICE_INIT("{1e999:1}"), SLICE_INIT("{[\"" JIN_MARK "r1e999\"]:1}"), false},
        {SLICE_INIT("01e999"), SLICE_INIT("0[\"" JIN_MARK "r1e999\"]"), false},
        {SLICE_INIT("\"99999999999999999999"), SLICE_INIT("\"99999999999999999999"), false},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct buffer copy;
        buffer_init(&copy, JIN_MENDED_MAX(rows[i].text.n));
        ck_assert_int_eq(jin_mend(rows[i].text, rows[i].repair, &copy), ERR_OK);
        ck_assert_slice_eq(buffer_slice(&copy), rows[i].mended);
        buffer_done(&copy);
    }
}
END_TEST

START_TEST(strings_are_unmended)
{
    static const struct slice rows[][2] = {
        {SLICE_INIT(""), SLICE_INIT("")},
        {SLICE_INIT("plain"), SLICE_INIT("plain")},
        {SLICE_INIT("a" JIN_MARK "0000b"), SLICE_INIT("a\0b")},
        {SLICE_INIT(JIN_MARK "d800" JIN_MARK "dfff"), SLICE_INIT("\xED\xA0\x80\xED\xBF\xBF")},
        {SLICE_INIT(JIN_MARK JIN_MARK "0000"), SLICE_INIT(JIN_MARK "0000")},
        {SLICE_INIT("x" JIN_MARK JIN_MARK JIN_MARK JIN_MARK), SLICE_INIT("x" JIN_MARK JIN_MARK)},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        char out[64];
        ck_assert_slice_eq(slice_of(out, jin_unmend(rows[i][0], out)), rows[i][1]);
    }
}
END_TEST

START_TEST(worst_growth_fits)
{
    static char text[1000];
    struct buffer copy;
    text[0] = '"';
    memset(text + 1, 1, sizeof(text) - 1);
    buffer_init(&copy, JIN_MENDED_MAX(sizeof(text)));
    ck_assert_int_eq(jin_mend(slice_of(text, sizeof(text)), true, &copy), ERR_OK);
    ck_assert_uint_eq(copy.length, 1 + 6 * (sizeof(text) - 1));
    buffer_done(&copy);
}
END_TEST

UNIT_MAIN("jin_mend", texts_are_mended, strings_are_unmended, worst_growth_fits)
