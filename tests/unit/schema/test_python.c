/* Values as Python prints them, integers as Python reads them. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/codec/jin.h"
#include "inlet/schema/field.h"
#include "unit.h"

START_TEST(values_print_as_in_python)
{
    static const struct {
        const char *json, *expected;
    } cases[] = {
        {"\"it's\"", "it's"},
        {"null", "None"},
        {"true", "True"},
        {"false", "False"},
        {"-12", "-12"},
        {"1.0", "1.0"},
        {"1e16", "1e+16"},
        {"0.1", "0.1"},
        {"123456789012345678901234567890", "123456789012345678901234567890"},
        {"[]", "[]"},
        {"{}", "{}"},
        {"[1,[true,null]]", "[1, [True, None]]"},
        {"{\"a\":\"b\",\"c\":[1.5]}", "{'a': 'b', 'c': [1.5]}"},
        {"[\"it's\"]", "[\"it's\"]"},
        {"[\"\\\"\"]", "['\"']"},
        {"[\"it's \\\"x\\\"\"]", "['it\\'s \"x\"']"},
        {"[\"a\\\\b\"]", "['a\\\\b']"},
        {"[\"\\n\\r\\t\"]", "['\\n\\r\\t']"},
        {"[\"\\u0000\\u001f\\u007f\"]", "['\\x00\\x1f\\x7f']"},
        {"[\"\\u00a0\\u00ad\"]", "['\\xa0\\xad']"},
        {"[\"\\u200b\\u2028\"]", "['\\u200b\\u2028']"},
        {"[\"\\ud800\"]", "['\\ud800']"},
        {"[\"\\u00e9\\u65e5\"]", "['é日']"},
        {"[\"\\ud83d\\ude00\"]", "['😀']"},
        {"[\"\\udb40\\udc01\"]", "['\\U000e0001']"},
        {"{\"it's\":1}", "{\"it's\": 1}"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct arena arena;
        struct value value;
        struct jin_fault fault;
        struct buffer text CLEANUP(buffer_done) = BUFFER_INIT(4096);
        arena_init(&arena, 1 << 20);
        ck_assert_int_eq(jin_decode(&arena, slice_from(cases[i].json), NULL, &value, &fault), ERR_OK);
        ck_assert_int_eq(python_text(&text, &value), ERR_OK);
        ck_assert_msg(slice_equal(buffer_slice(&text), slice_from(cases[i].expected)), "%s: %.*s",
                      cases[i].json, SLICE_ARG(buffer_slice(&text)));
        arena_done(&arena);
    }
}
END_TEST

START_TEST(what_does_not_fit_is_a_limit)
{
    struct value item = {.kind = VALUE_TRUE},
                 list = {.kind = VALUE_ARRAY, .array = {.items = &item, .count = 1}};
    struct buffer text CLEANUP(buffer_done) = BUFFER_INIT(4);
    ck_assert_int_eq(python_text(&text, &list), ERR_LIMIT);
}
END_TEST

/* A tree deeper than any decoder makes ends in an error, not in the stack. */
START_TEST(depth_has_its_limit)
{
    static struct value levels[1000];
    struct buffer text CLEANUP(buffer_done) = BUFFER_INIT(1 << 20);
    for (size_t i = 0; i < ARRAY_LENGTH(levels); i++) {
        levels[i] = (struct value){.kind = VALUE_ARRAY};
        if (i + 1 < ARRAY_LENGTH(levels))
            levels[i].array.items = &levels[i + 1], levels[i].array.count = 1;
    }
    ck_assert_int_eq(python_text(&text, &levels[0]), ERR_LIMIT);
}
END_TEST

START_TEST(integers_read_as_in_python)
{
    static const struct {
        const char *text;
        enum err error;
        int64_t number;
    } cases[] = {
        {"0", ERR_OK, 0},
        {"-0", ERR_OK, 0},
        {"+12", ERR_OK, 12},
        {" \t12\n", ERR_OK, 12},
        {"\xC2\xA0"
         "12",
         ERR_OK, 12},
        {"007", ERR_OK, 7},
        {"0_0_7", ERR_OK, 7},
        {"1_000", ERR_OK, 1000},
        {"\xD9\xA3\xEF\xBC\x94", ERR_OK, 34},
        {"9223372036854775807", ERR_OK, INT64_MAX},
        {"-9223372036854775808", ERR_OK, INT64_MIN},
        {"9223372036854775808", ERR_LIMIT, 0},
        {"-9223372036854775809", ERR_LIMIT, 0},
        {"000000000000000000000000000000000000000000000000000000000000000000000000000000000000005", ERR_OK,
         5},
        {"1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000",
         ERR_LIMIT, 0},
        {"", ERR_INVALID, 0},
        {" ", ERR_INVALID, 0},
        {"+", ERR_INVALID, 0},
        {"- 1", ERR_INVALID, 0},
        {"+-1", ERR_INVALID, 0},
        {"_1", ERR_INVALID, 0},
        {"1_", ERR_INVALID, 0},
        {"1__0", ERR_INVALID, 0},
        {"-_1", ERR_INVALID, 0},
        {"1.0", ERR_INVALID, 0},
        {"1 0", ERR_INVALID, 0},
        {"0x10", ERR_INVALID, 0},
        {"\xC2\xB2", ERR_INVALID, 0},
        {"\xFF", ERR_INVALID, 0},
        {"9999999999999999999999x", ERR_INVALID, 0},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        int64_t number = 0;
        enum err error = python_int(slice_from(cases[i].text), &number);
        ck_assert_msg(error == cases[i].error && number == cases[i].number, "\"%s\": %s, %lld", cases[i].text,
                      err_text(error), (long long)number);
    }
}
END_TEST

UNIT_MAIN("python", values_print_as_in_python, what_does_not_fit_is_a_limit, depth_has_its_limit,
          integers_read_as_in_python)
