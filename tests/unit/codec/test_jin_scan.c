/* The look over a JSON text: values counted, what needs mending seen, numbers measured. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "codec_test.h"
#include "jin_scan.h"

static const struct jin_options plain = {.depth_max = 100, .values_max = 200000};

START_TEST(values_are_counted_and_oddities_seen)
{
    static const struct {
        const char *text;
        size_t values;
        bool mend;
    } rows[] = {
        {"", 0, false},
        {"1", 1, false},
        {"[]", 1, false},
        {"[1,\"a\",true,null,-2.5,{}]", 7, false},
        {"{\"a\":1,\"b\":[2,3]}", 5, false},
        {"{\"a\":{\"b\":{\"c\":\"d\"}}}", 4, false},
        {"\"[1,2,{:}\\\"]\"", 1, false},
        {"\"\\u0000\"", 1, true},
        {"\"\\\\u0000\"", 1, false},
        {"\"\\\\\\u0000\"", 1, true},
        {"\"\\ud83d\\ude00\"", 1, false},
        {"\"\\ud83d\"", 1, true},
        {"\"\\ude00\"", 1, true},
        {"\"\\ud7ff\\ue000\"", 1, false},
        {"\"\xEF\xB7\x90\\ufdd0\"", 1, false},
        {"999999999999999999", 1, false},
        {"9223372036854775807", 1, false},
        {"9223372036854775808", 1, true},
        {"1e308", 1, false},
        {"1e309", 1, true},
        {"0.1234567890123456789012345678901234567890", 1, false},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct jin_scan scan;
        struct jin_fault fault;
        ck_assert_int_eq(jin_scan(slice_from(rows[i].text), &plain, &scan, &fault), ERR_OK);
        ck_assert_msg(scan.values == rows[i].values, "%s: %zu values", rows[i].text, scan.values);
        ck_assert_msg(scan.mend == rows[i].mend, "%s", rows[i].text);
    }
}
END_TEST

START_TEST(numbers_have_the_length_of_the_grammar)
{
    static const struct {
        const char *text;
        size_t length;
    } rows[] = {
        {"0", 1},   {"-0", 2},   {"-", 0},     {"01", 1},    {"-01", 2},   {"12x", 2},    {"1.5", 3},
        {"1.", 1},  {"1.e5", 1}, {"1e5", 3},   {"1e", 1},    {"1e+", 1},   {"1e+05", 5},  {"1.5E-7,", 6},
        {"--1", 0}, {"-a", 0},   {"1.5.5", 3}, {"1e5.5", 3}, {"1e5e5", 3}, {"0.0e0]", 5}, {"1-1", 1},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        const char *text = rows[i].text;
        ck_assert_msg(jin_number_length(text, text + strlen(text)) == rows[i].length, "%s", text);
    }
    /* The end is the slice's, not the NUL. */
    ck_assert_uint_eq(jin_number_length("123", &"123"[2]), 2);
}
END_TEST

START_TEST(escapes_are_read)
{
    static const struct {
        const char *text;
        size_t length;
        unsigned unit;
        bool odd;
    } rows[] = {
        {"\\n", 2, 0xFFFFFFFF, false},
        {"\\", 1, 0xFFFFFFFF, false},
        {"\\u12", 2, 0xFFFFFFFF, false},
        {"\\u12g4", 2, 0xFFFFFFFF, false},
        {"\\u0000", 6, 0, true},
        {"\\u00e9", 6, 0xE9, false},
        {"\\uFDD0x", 6, 0xFDD0, false},
        {"\\ud83d\\ude00", 12, 0x1F600, false},
        {"\\ud83d\\ud83d", 6, 0xD83D, true},
        {"\\ud83d\\u0041", 6, 0xD83D, true},
        {"\\ud83dx", 6, 0xD83D, true},
        {"\\udc00", 6, 0xDC00, true},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct jin_escape escape = jin_escape_read(rows[i].text, rows[i].text + strlen(rows[i].text));
        ck_assert_uint_eq(escape.length, rows[i].length);
        ck_assert_uint_eq(escape.unit, rows[i].unit);
        ck_assert(jin_escape_is_odd(escape) == rows[i].odd);
    }
}
END_TEST

START_TEST(bytes_out_of_place_are_refused)
{
    static const struct slice rows[] = {SLICE_INIT("1\0"), SLICE_INIT("[\x7f]"), SLICE_INIT("'a'"),
                                        SLICE_INIT("\xC3\xA9"), SLICE_INIT("\"\n\"")};
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct jin_scan scan;
        ck_assert_int_eq(jin_scan(rows[i], &plain, &scan, NULL), ERR_INVALID);
    }
}
END_TEST

UNIT_MAIN("jin_scan", values_are_counted_and_oddities_seen, numbers_have_the_length_of_the_grammar,
          escapes_are_read, bytes_out_of_place_are_refused)
