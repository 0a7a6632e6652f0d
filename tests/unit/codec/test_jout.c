/* JSON text out: commas, escapes, numbers, limits, and that it reads back. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "codec_test.h"

#include <math.h>

static struct buffer buffer;
static struct jout jout;

static void begin(size_t max)
{
    buffer_init(&buffer, max);
    jout_init(&jout, &buffer);
}

START_TEST(elements_are_separated)
{
    begin(4096);
    jout_object_begin(&jout);
    jout_member_string(&jout, "s", SLICE("x"));
    jout_member_string(&jout, "none", SLICE_NULL);
    jout_member_string(&jout, "empty", SLICE(""));
    jout_member_integer(&jout, "i", -5);
    jout_member_boolean(&jout, "t", true);
    jout_member_boolean(&jout, "f", false);
    jout_member_null(&jout, "n");
    jout_key(&jout, SLICE("a"));
    jout_array_begin(&jout);
    jout_array_begin(&jout);
    jout_array_end(&jout);
    jout_integer(&jout, 1);
    jout_object_begin(&jout);
    jout_object_end(&jout);
    jout_real(&jout, 0.5);
    jout_raw(&jout, SLICE("{\"raw\":1}"));
    jout_raw(&jout, SLICE_NULL);
    jout_string(&jout, SLICE("y"));
    jout_value(&jout, NULL);
    jout_array_end(&jout);
    jout_key(&jout, SLICE("last"));
    jout_boolean(&jout, true);
    jout_object_end(&jout);
    ck_assert_int_eq(buffer_error(&buffer), ERR_OK);
    ck_assert_slice_eq(
        buffer_slice(&buffer),
        SLICE("{\"s\":\"x\",\"none\":null,\"empty\":\"\",\"i\":-5,\"t\":true,\"f\":false,\"n\":null,"
              "\"a\":[[],1,{},0.5,{\"raw\":1},null,\"y\",null],\"last\":true}"));
    buffer_done(&buffer);
}
END_TEST

START_TEST(strings_are_escaped)
{
    static const struct slice rows[][2] = {
        {SLICE_INIT(""), SLICE_INIT("\"\"")},
        {SLICE_INIT("plain /"), SLICE_INIT("\"plain /\"")},
        {SLICE_INIT("\"\\"), SLICE_INIT("\"\\\"\\\\\"")},
        {SLICE_INIT("a\"b"), SLICE_INIT("\"a\\\"b\"")},
        {SLICE_INIT("\n\r\t\b\f"), SLICE_INIT("\"\\n\\r\\t\\b\\f\"")},
        {SLICE_INIT("\0\x01\x0b\x1f\x7f"), SLICE_INIT("\"\\u0000\\u0001\\u000b\\u001f\x7f\"")},
        {SLICE_INIT("\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80"),
         SLICE_INIT("\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\"")},
        {SLICE_INIT("\xE2\x80\xA7\xE2\x80\xA8\xE2\x80\xA9\xE2\x80\xAA"),
         SLICE_INIT("\"\xE2\x80\xA7\\u2028\\u2029\xE2\x80\xAA\"")},
        {SLICE_INIT("\xED\x9F\xBF\xED\xA0\x80\xED\xAF\xBF\xED\xB0\x80\xED\xBF\xBF\xEE\x80\x80"),
         SLICE_INIT("\"\xED\x9F\xBF\\ud800\\udbff\\udc00\\udfff\xEE\x80\x80\"")},
        {SLICE_INIT("\xE2"), SLICE_INIT("\"\xE2\"")},
        {SLICE_INIT("x\xED\xA0"), SLICE_INIT("\"x\xED\xA0\"")},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        begin(4096);
        jout_string(&jout, rows[i][0]);
        ck_assert_slice_eq(buffer_slice(&buffer), rows[i][1]);
        buffer_clear(&buffer);
        jout_object_begin(&jout);
        jout_key(&jout, rows[i][0]);
        ck_assert_slice_eq(slice_head(slice_skip(buffer_slice(&buffer), 2), rows[i][1].n), rows[i][1]);
        ck_assert_int_eq(buffer.data[buffer.length - 1], ':');
        buffer_done(&buffer);
    }
}
END_TEST

START_TEST(numbers_are_written)
{
    begin(4096);
    jout_array_begin(&jout);
    jout_integer(&jout, INT64_MIN);
    jout_integer(&jout, INT64_MAX);
    jout_real(&jout, 0.1);
    jout_real(&jout, 1e22);
    jout_real(&jout, -0.0);
    jout_real(&jout, 3.0);
    jout_real(&jout, HUGE_VAL);
    jout_real(&jout, nan(""));
    jout_value(&jout, &(struct value){.kind = VALUE_BIG_INTEGER, .text = SLICE("99999999999999999999")});
    jout_array_end(&jout);
    ck_assert_slice_eq(buffer_slice(&buffer),
                       SLICE("[-9223372036854775808,9223372036854775807,0.1,1e+22,-0.0,3.0,null,null,"
                             "\"99999999999999999999\"]"));
    buffer_done(&buffer);
}
END_TEST

/* However small the cap: an error and no byte over it; with room for all of it, all of it. */
START_TEST(errors_stick)
{
    static const struct slice text = SLICE_INIT("[\"a\\nb\xC3\xA9\",{\"k\":12}]");
    struct arena arena;
    arena_init(&arena, 65536);
    struct value value = test_decode(&arena, text.p);
    for (size_t max = 0; max < text.n + 10; max++) {
        begin(max);
        jout_value(&jout, &value);
        ck_assert_uint_le(buffer.length, max);
        if (max < text.n)
            ck_assert_int_eq(buffer_error(&buffer), ERR_LIMIT);
        if (max >= text.n + 4) {
            ck_assert_int_eq(buffer_error(&buffer), ERR_OK);
            ck_assert_slice_eq(buffer_slice(&buffer), text);
        }
        buffer_done(&buffer);
    }
    mem_fault_set(1);
    begin(4096);
    jout_value(&jout, &value);
    mem_fault_set(-1);
    ck_assert_int_eq(buffer_error(&buffer), ERR_MEMORY);
    buffer_done(&buffer);
    arena_done(&arena);
}
END_TEST

START_TEST(depth_is_limited)
{
    struct value levels[258] = {{.kind = VALUE_NULL}};
    for (size_t i = 1; i < ARRAY_LENGTH(levels); i++)
        levels[i] = (struct value){.kind = VALUE_ARRAY, .array = {.items = &levels[i - 1], .count = 1}};
    begin(4096);
    jout_value(&jout, &levels[255]);
    ck_assert_int_eq(buffer_error(&buffer), ERR_OK);
    jout_value(&jout, &levels[256]);
    ck_assert_int_eq(buffer_error(&buffer), ERR_LIMIT);
    buffer_done(&buffer);
}
END_TEST

/* ---- round trip ---- */

static struct slice random_text(struct arena *arena, unsigned long long *state)
{
    static const char *const pieces[] = {"a",
                                         "\"",
                                         "\\",
                                         "\n",
                                         "\x01",
                                         "/",
                                         "\xC3\xA9",
                                         "\xE2\x80\xA8",
                                         "\xF0\x9F\x98\x80",
                                         "\xEF\xB7\x90",
                                         "key",
                                         "\xED\xA0\x80x",
                                         "\\u0041",
                                         "\x7f",
                                         "i1"};
    char text[128];
    size_t length = 0;
    for (unsigned count = test_random(state, 12); count > 0; count--) {
        struct slice piece = slice_from(pieces[test_random(state, ARRAY_LENGTH(pieces))]);
        memcpy(text + length, piece.p, piece.n);
        length += piece.n;
        if (test_random(state, 12) == 0)
            text[length++] = '\0';
    }
    struct slice copy;
    ck_assert_int_eq(arena_copy(arena, slice_of(text, length), &copy), ERR_OK);
    return copy;
}

static double random_real(unsigned long long *state)
{
    for (;;) {
        unsigned long long bits = (unsigned long long)test_random(state, 1u << 31) << 33 ^
                                  (unsigned long long)test_random(state, 1u << 31) << 10 ^
                                  test_random(state, 1024);
        double real;
        memcpy(&real, &bits, sizeof(real));
        if (isfinite(real))
            return real;
    }
}

static struct value random_value(struct arena *arena, unsigned long long *state, int depth)
{
    struct value_builder builder;
    value_build(&builder, arena);
    unsigned count = test_random(state, 6);
    switch (test_random(state, depth > 0 ? 9 : 6)) {
    case 0: return (struct value){.kind = VALUE_NULL};
    case 1: return (struct value){.kind = test_random(state, 2) ? VALUE_TRUE : VALUE_FALSE};
    case 2:
        return (struct value){.kind = VALUE_INTEGER, .integer = (int64_t)*state >> test_random(state, 64)};
    case 3: return (struct value){.kind = VALUE_REAL, .real = random_real(state)};
    case 4:
    case 5: return value_string(random_text(arena, state));
    case 6:
        for (; count > 0; count--)
            ck_assert_int_eq(value_build_item(&builder, random_value(arena, state, depth - 1)), ERR_OK);
        return value_built_array(&builder);
    default:
        for (; count > 0; count--) {
            struct slice key = random_text(arena, state);
            struct value so_far = value_built_object(&builder);
            if (!value_get(&so_far, key))
                ck_assert_int_eq(value_build_member(&builder, key, random_value(arena, state, depth - 1)),
                                 ERR_OK);
        }
        return value_built_object(&builder);
    }
}

START_TEST(what_is_written_reads_back)
{
    unsigned long long state = 7;
    struct buffer again;
    begin((size_t)1 << 20);
    buffer_init(&again, (size_t)1 << 20);
    for (int round = 0; round < 20000; round++) {
        struct arena arena;
        arena_init(&arena, (size_t)1 << 24);
        struct value value = random_value(&arena, &state, 5);
        struct slice text = test_write(&buffer, &value);
        struct value read;
        struct jin_fault fault;
        enum err error = jin_decode(&arena, text, NULL, &read, &fault);
        ck_assert_msg(error == ERR_OK, "%.*s: %s", SLICE_ARG(text), error ? fault.what : "");
        ck_assert_msg(value_equal(&value, &read), "%.*s", SLICE_ARG(text));
        ck_assert_slice_eq(test_write(&again, &read), text);
        arena_done(&arena);
    }
    buffer_done(&again);
    buffer_done(&buffer);
}
END_TEST

UNIT_MAIN("jout", elements_are_separated, strings_are_escaped, numbers_are_written, errors_stick,
          depth_is_limited, what_is_written_reads_back)
