/* Every kind of field against every kind of JSON value, as Django REST framework 3.14 coerces them. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "schema_test.h"

struct coercion_case {
    const char *field, *json, *expected;
};

/* Decodes {FIELD: JSON} and compares what became of FIELD. */
static void check_case(struct run *run, const struct coercion_case *c)
{
    struct value object;
    struct jin_fault fault;
    struct slice json;
    struct schema_input input = {.object = &object};
    ck_assert_int_eq(arena_print(&run->arena, &json, "{\"%s\":%s}", c->field, c->json), ERR_OK);
    ck_assert_msg(jin_decode(&run->arena, json, NULL, &object, &fault) == ERR_OK, "%s", json.p);
    run_decode(run, &input, true);
    const char *result = run_result(run, c->field);
    ck_assert_msg(strcmp(result, c->expected) == 0, "%s: %s: '%s' instead of '%s'", c->field, c->json, result,
                  c->expected);
}

static void check_cases(const struct coercion_case *cases, size_t count)
{
    struct run run;
    run_init(&run);
    for (size_t i = 0; i < count; i++)
        check_case(&run, &cases[i]);
    run_done(&run);
}

#define CASES(name, ...)                                                                                     \
    START_TEST(name)                                                                                         \
    {                                                                                                        \
        static const struct coercion_case cases[] = {__VA_ARGS__};                                           \
        check_cases(cases, ARRAY_LENGTH(cases));                                                             \
    }                                                                                                        \
    END_TEST

CASES(texts, {"text", "\"ab\"", "\"ab\""}, {"text", "\"  a b \\t\"", "\"a b\""},
      {"text", "\"\\u00a0x\\u2003\"", "\"x\""}, {"text", "\"\"", "\"\""}, {"text", "\"   \"", "\"\""},
      {"text", "null", "null"}, {"text", "12", "\"12\""}, {"text", "-1.5", "\"-1.5\""},
      {"text", "1e30", "\"1e+30\""}, {"text", "true", "NOT_TEXT"}, {"text", "[]", "NOT_TEXT"},
      {"text", "{}", "NOT_TEXT"}, {"text", "\"12345\"", "\"12345\""}, {"text", "\"123456\"", "TOO_LONG<5>"},
      {"text", "\"\\u00e4\\u00e4\\u00e4\\u00e4\\u00e4\"", "\"äääää\""},
      {"text", "\"\\ud83d\\ude00\\ud83d\\ude00\\ud83d\\ude00\\ud83d\\ude00\\ud83d\\ude00\"", "\"😀😀😀😀😀\""},
      {"text", "\"a\\u0000\"", "NULL_CHARACTER"}, {"text", "\"\\ud800\"", "SURROGATE<55296>"},
      {"text", "\"x\\udfff\"", "SURROGATE<57343>"},
      {"text", "\"\\u0000\\udc00abcdef\"", "TOO_LONG<5> NULL_CHARACTER SURROGATE<56320>"},
      {"text", "123456789012345678901234567890", "TOO_LONG<5>"}, {"name", "\"\"", "BLANK"},
      {"name", "\" \"", "BLANK"}, {"name", "null", "NULL"},
      {"name", "123456789012345678901234567890", "\"123456789012345678901234567890\""},
      {"name", "1e100", "\"1e+100\""}, {"name", "0.1", "\"0.1\""})

CASES(checked_texts, {"mail", "\"good\"", "\"good\""}, {"mail", "\" worse \"", "\"better\""},
      {"mail", "\"bad\"", "NOT_EMAIL"}, {"mail", "false", "NOT_EMAIL"},
      {"mail", "\"much too long\"", "TOO_LONG<5> NOT_EMAIL"}, {"mail", "\"\"", "BLANK"},
      {"mail", "\"\\u0000\"", "NULL_CHARACTER NOT_EMAIL"})

CASES(integers, {"integer", "5", "5"}, {"integer", "-5", "-5"}, {"integer", "\"5\"", "5"},
      {"integer", "\" +5 \"", "5"}, {"integer", "\"1_000\"", "1000"}, {"integer", "\"1__0\"", "NOT_INTEGER"},
      {"integer", "5.0", "5"}, {"integer", "\"5.000\"", "5"}, {"integer", "\"5.\"", "5"},
      {"integer", "\"5.0 \"", "5"}, {"integer", "5.5", "NOT_INTEGER"}, {"integer", "\"5.5\"", "NOT_INTEGER"},
      {"integer", "\"\"", "NOT_INTEGER"}, {"integer", "\"x\"", "NOT_INTEGER"},
      {"integer", "true", "NOT_INTEGER"}, {"integer", "[5]", "NOT_INTEGER"}, {"integer", "{}", "NOT_INTEGER"},
      {"integer", "null", "null"}, {"integer", "\"\\u0665\"", "5"},
      {"integer", "9223372036854775807", "9223372036854775807"},
      {"integer", "9223372036854775808", "9223372036854775807"},
      {"integer", "-9223372036854775809", "-9223372036854775808"},
      {"integer", "\" -99999999999999999999999 \"", "-9223372036854775808"},
      {"integer", "1e16", "NOT_INTEGER"}, {"integer", "1e15", "1000000000000000"}, {"count", "-2", "-2"},
      {"count", "10", "10"}, {"count", "-3", "TOO_SMALL<-2>"}, {"count", "11", "TOO_LARGE<10>"},
      {"count", "null", "NULL"}, {"count", "99999999999999999999", "TOO_LARGE<10>"},
      {"count", "-99999999999999999999", "TOO_SMALL<-2>"})

CASES(keys, {"key", "7", "7"}, {"key", "\"7\"", "7"}, {"key", "\" 7 \"", "7"}, {"key", "7.9", "7"},
      {"key", "null", "null"}, {"key", "\"\"", "null"}, {"key", "8", "KEY_UNKNOWN(8)"},
      {"key", "\"8\"", "KEY_UNKNOWN(8)"}, {"key", "\"seven\"", "NOT_KEY(str)"},
      {"key", "\"7.0\"", "NOT_KEY(str)"}, {"key", "true", "NOT_KEY(bool)"}, {"key", "[7]", "NOT_KEY(list)"},
      {"key", "{\"id\":7}", "NOT_KEY(dict)"}, {"key", "1e300", "KEY_UNKNOWN(1e+300)"},
      {"key", "-1e300", "KEY_UNKNOWN(-1e+300)"},
      {"key", "99999999999999999999", "KEY_UNKNOWN(99999999999999999999)"},
      {"key", "\"99999999999999999999\"", "KEY_UNKNOWN(99999999999999999999)"},
      {"key", "0", "KEY_UNKNOWN(0)"}, {"key", "-7", "KEY_UNKNOWN(-7)"})

CASES(choices, {"choice", "\"ONE\"", "1"}, {"choice", "\"2\"", "2"}, {"choice", "2", "2"},
      {"choice", "true", "3"}, {"choice", "\"\"", "0"}, {"choice", "null", "null"},
      {"choice", "\"one\"", "NOT_CHOICE(one)"}, {"choice", "\" ONE\"", "NOT_CHOICE( ONE)"},
      {"choice", "2.0", "NOT_CHOICE(2.0)"}, {"choice", "false", "NOT_CHOICE(False)"},
      {"choice", "[1,\"x\",null]", "NOT_CHOICE([1, 'x', None])"},
      {"choice", "{\"a\":[]}", "NOT_CHOICE({'a': []})"},
      {"choice", "99999999999999999999", "NOT_CHOICE(99999999999999999999)"})

CASES(booleans, {"boolean", "true", "true"}, {"boolean", "false", "false"}, {"boolean", "1", "true"},
      {"boolean", "0", "false"}, {"boolean", "1.0", "true"}, {"boolean", "0.0", "false"},
      {"boolean", "\"yes\"", "true"}, {"boolean", "\"No\"", "false"}, {"boolean", "\"t\"", "true"},
      {"boolean", "\"F\"", "false"}, {"boolean", "\"ON\"", "true"}, {"boolean", "\"off\"", "false"},
      {"boolean", "\"1\"", "true"}, {"boolean", "\"0\"", "false"}, {"boolean", "2", "NOT_BOOLEAN"},
      {"boolean", "\"tRUE\"", "NOT_BOOLEAN"}, {"boolean", "\"\"", "NOT_BOOLEAN"},
      {"boolean", "[]", "NOT_BOOLEAN"}, {"boolean", "{}", "NOT_BOOLEAN"}, {"boolean", "null", "NULL"},
      {"boolean", "99999999999999999999", "NOT_BOOLEAN"})

CASES(times, {"time", "\"1970-01-01T00:00:00Z\"", "0"},
      {"time", "\"1970-01-01T00:00:01.5+01:00\"", "-3598500000"},
      {"time", "\"1970-01-01 00:00\"", "28800000000"},
      {"time", "\"2026-03-08T02:30:00\"", "TIME_MISSING(America/Los_Angeles)"},
      {"time", "\"2026-11-01T01:30:00\"", "TIME_MISSING(America/Los_Angeles)"},
      {"time", "\"2026-11-01T01:30:00-08:00\"", "1793525400000000"},
      {"time", "\"1970-01-01\"", "TIME_FORMAT"}, {"time", "\"\"", "TIME_FORMAT"},
      {"time", "12", "TIME_FORMAT"}, {"time", "null", "null"},
      {"time", "\"9999-12-31T23:59:59-08:00\"", "TIME_RANGE"},
      {"time", "\"0001-01-01T00:00:00Z\"", "TIME_RANGE"},
      {"time", "\"0001-01-02T00:00:00Z\"", "-62135510400000000"})

CASES(trees, {"object", "{\"a\":[1]}", "{\"a\":[1]}"}, {"object", "{}", "{}"}, {"object", "null", "null"},
      {"object", "[]", "NOT_OBJECT(list)"}, {"object", "\"{}\"", "NOT_OBJECT(str)"},
      {"object", "1", "NOT_OBJECT(int)"}, {"object", "1.5", "NOT_OBJECT(float)"},
      {"object", "true", "NOT_OBJECT(bool)"}, {"list", "[1,{}]", "[1,{}]"}, {"list", "{}", "NOT_LIST(dict)"},
      {"list", "\"a\"", "NOT_LIST(str)"}, {"list", "null", "NULL"}, {"any", "0", "0"},
      {"any", "\"x\"", "\"x\""}, {"any", "[]", "[]"}, {"any", "null", "null"})

/* {"choice": "aaa…"}: the beginning, whole characters only. */
START_TEST(a_message_does_not_grow_with_the_body)
{
    struct run run;
    struct value_member members[] = {{SLICE_INIT("choice"), {.kind = VALUE_STRING}}};
    struct value object = {.kind = VALUE_OBJECT, .object = {.members = members, .count = 1}};
    struct schema_input input = {.object = &object};
    static char text[100001];
    for (size_t i = 0; i + 2 < sizeof(text); i += 2)
        memcpy(text + 1 + i, "\xC3\xA4", 2);
    text[0] = 'x';
    run_init(&run);
    members[0].value.text = slice_of(text, sizeof(text) - 2);
    run_decode(&run, &input, true);
    ck_assert_uint_eq(run.faults.count, 1);
    ck_assert_int_eq(run.faults.items[0].kind, FAULT_NOT_CHOICE);
    ck_assert_uint_eq(run.faults.items[0].input.n, 4095);
    ck_assert(slice_is_utf8(run.faults.items[0].input));
    run_done(&run);
}
END_TEST

/* An integer's text may have 1000 characters, not one more. */
START_TEST(the_text_of_an_integer_has_its_limit)
{
    struct run run;
    struct value_member members[] = {{SLICE_INIT("integer"), {.kind = VALUE_STRING}}};
    struct value object = {.kind = VALUE_OBJECT, .object = {.members = members, .count = 1}};
    struct schema_input input = {.object = &object};
    char text[1001];
    memset(text, '0', sizeof(text));
    text[999] = '4';
    run_init(&run);
    members[0].value.text = slice_of(text, 1000);
    run_decode(&run, &input, true);
    ck_assert_str_eq(run_result(&run, "integer"), "4");
    members[0].value.text = slice_of(text, 1001);
    run_decode(&run, &input, true);
    ck_assert_str_eq(run_result(&run, "integer"), "INTEGER_TEXT_TOO_LONG");
    run_done(&run);
}
END_TEST

UNIT_MAIN("coerce", texts, checked_texts, integers, keys, choices, booleans, times, trees,
          a_message_does_not_grow_with_the_body, the_text_of_an_integer_has_its_limit)
