/* JSON text in: what is taken and refused, limits, repair, memory. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "case_file.h"
#include "codec_test.h"
#include "inlet/base/number.h"

static struct arena arena;
static struct buffer buffer;

static void set_up(void)
{
    arena_init(&arena, TEST_ARENA_CAP);
    buffer_init(&buffer, TEST_ARENA_CAP);
}

static void tear_down(void)
{
    arena_done(&arena);
    buffer_done(&buffer);
}

START_TEST(what_is_json_is_taken)
{
    set_up();
    FILE *file = case_file_open("json/accept.txt");
    struct case_line line = {.number = 0};
    int count = 0;
    for (; case_file_next(file, &line); count++) {
        ck_assert_uint_eq(line.count, 2);
        struct value value;
        struct jin_fault fault = {.what = ""};
        enum err error = jin_decode(&arena, line.columns[0], NULL, &value, &fault);
        ck_assert_msg(error == ERR_OK, "line %d: %s at %zu", line.number, fault.what, fault.position);
        struct slice written = test_write(&buffer, &value);
        ck_assert_msg(slice_equal(written, line.columns[1]), "line %d: %.*s", line.number,
                      SLICE_ARG(written));
    }
    ck_assert_int_ge(count, 190);
    fclose(file);
    tear_down();
}
END_TEST

START_TEST(what_is_no_json_is_refused_in_the_words_of_python)
{
    set_up();
    FILE *file = case_file_open("json/refuse.txt");
    struct case_line line = {.number = 0};
    int count = 0;
    for (; case_file_next(file, &line); count++) {
        ck_assert_uint_eq(line.count, 3);
        struct value value;
        struct jin_fault fault;
        enum err error = jin_decode(&arena, line.columns[0], NULL, &value, &fault);
        ck_assert_msg(error == ERR_INVALID, "line %d: %s", line.number, err_symbol(error));
        ck_assert_msg(slice_equal(slice_from(fault.what), line.columns[2]), "line %d: %s", line.number,
                      fault.what);
        uint64_t position;
        ck_assert_int_eq(number_parse_unsigned(line.columns[1], SIZE_MAX, &position), ERR_OK);
        ck_assert_msg(fault.position == position, "line %d: at %zu", line.number, fault.position);
        ck_assert_int_eq(jin_decode(&arena, line.columns[0], NULL, &value, NULL), ERR_INVALID);
    }
    ck_assert_int_ge(count, 230);
    fclose(file);
    tear_down();
}
END_TEST

START_TEST(fault_and_text_may_be_missing)
{
    struct value value;
    struct jin_fault fault;
    const struct jin_options options = {.depth_max = 1};
    set_up();
    ck_assert_int_eq(jin_decode(&arena, SLICE_NULL, NULL, &value, &fault), ERR_INVALID);
    ck_assert_str_eq(fault.what, "Expecting value");
    ck_assert_int_eq(jin_decode(&arena, SLICE("x"), NULL, &value, NULL), ERR_INVALID);
    ck_assert_int_eq(jin_decode(&arena, SLICE("[[]]"), &options, &value, NULL), ERR_LIMIT);
    tear_down();
}
END_TEST

START_TEST(kinds_are_told_apart)
{
    static const struct {
        const char *text;
        enum value_kind kind;
    } rows[] = {
        {"null", VALUE_NULL},
        {"false", VALUE_FALSE},
        {"true", VALUE_TRUE},
        {"9223372036854775807", VALUE_INTEGER},
        {"-9223372036854775808", VALUE_INTEGER},
        {"9223372036854775808", VALUE_BIG_INTEGER},
        {"-9223372036854775809", VALUE_BIG_INTEGER},
        {"1.0", VALUE_REAL},
        {"1e2", VALUE_REAL},
        {"1e999", VALUE_STRING},
        {"\"1\"", VALUE_STRING},
        {"[]", VALUE_ARRAY},
        {"{}", VALUE_OBJECT},
    };
    set_up();
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
        ck_assert_int_eq(test_decode(&arena, rows[i].text).kind, rows[i].kind);
    ck_assert_slice_eq(test_decode(&arena, "-9223372036854775809").text, SLICE("-9223372036854775809"));
    ck_assert_int_eq(test_decode(&arena, "-9223372036854775808").integer, INT64_MIN);
    tear_down();
}
END_TEST

START_TEST(odd_strings_have_their_bytes)
{
    static const struct {
        const char *json;
        struct slice bytes;
    } rows[] = {
        {"\"\\u0000\"", SLICE_INIT("\0")},
        {"\"a\\u0000b\"", SLICE_INIT("a\0b")},
        {"\"\\ud800\"", SLICE_INIT("\xED\xA0\x80")},
        {"\"\\uDFFFx\"", SLICE_INIT("\xED\xBF\xBFx")},
        {"\"\\ud83d\\ude00\"", SLICE_INIT("\xF0\x9F\x98\x80")},
        {"\"\\ufdd0\\u0000\xEF\xB7\x90\"", SLICE_INIT("\xEF\xB7\x90\0\xEF\xB7\x90")},
    };
    set_up();
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
        ck_assert_slice_eq(test_decode(&arena, rows[i].json).text, rows[i].bytes);
    struct value object = test_decode(&arena, "{\"a\\u0000b\":7}");
    ck_assert_ptr_nonnull(value_get(&object, SLICE("a\0b")));
    ck_assert_ptr_null(value_get(&object, SLICE("a")));
    tear_down();
}
END_TEST

START_TEST(value_outlives_the_text)
{
    char text[] = "{\"key\":[\"a string\",99999999999999999999]}";
    set_up();
    struct value value = test_decode(&arena, text);
    memset(text, 'x', sizeof(text));
    ck_assert_slice_eq(test_write(&buffer, &value),
                       SLICE("{\"key\":[\"a string\",\"99999999999999999999\"]}"));
    tear_down();
}
END_TEST

/* ---- limits ---- */

static struct slice nested(size_t depth, const char *open, const char *inside, const char *close)
{
    buffer_clear(&buffer);
    for (size_t i = 0; i < depth; i++)
        buffer_append_text(&buffer, open);
    buffer_append_text(&buffer, inside);
    for (size_t i = 0; i < depth; i++)
        buffer_append_text(&buffer, close);
    ck_assert_int_eq(buffer_error(&buffer), ERR_OK);
    return buffer_slice(&buffer);
}

START_TEST(depth_is_limited)
{
    static const struct {
        const char *open, *inside, *close;
    } rows[] = {{"[", "", "]"}, {"{\"a\":", "1", "}"}, {"[1,", "2", "]"}, {"[", "99999999999999999999", "]"}};
    struct value value;
    struct jin_fault fault;
    set_up();
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct slice text = nested(100, rows[i].open, rows[i].inside, rows[i].close);
        ck_assert_int_eq(jin_decode(&arena, text, NULL, &value, &fault), ERR_OK);
        text = nested(101, rows[i].open, rows[i].inside, rows[i].close);
        ck_assert_int_eq(jin_decode(&arena, text, NULL, &value, &fault), ERR_LIMIT);
        ck_assert_uint_eq(fault.position, 100 * strlen(rows[i].open));
        ck_assert_str_eq(fault.what, "Nesting is deeper than 100 levels");
    }
    const struct jin_options options = {.depth_max = 2};
    ck_assert_int_eq(jin_decode(&arena, SLICE("[[],{},[]]"), &options, &value, &fault), ERR_OK);
    ck_assert_int_eq(jin_decode(&arena, SLICE("[[[]]]"), &options, &value, &fault), ERR_LIMIT);
    const struct jin_options huge = {.depth_max = 1000000};
    ck_assert_int_eq(jin_decode(&arena, nested(1000, "[", "", "]"), &huge, &value, &fault), ERR_OK);
    ck_assert_int_eq(jin_decode(&arena, nested(1001, "[", "", "]"), &huge, &value, &fault), ERR_LIMIT);
    /* Brackets in strings do not nest. */
    ck_assert_int_eq(jin_decode(&arena, SLICE("[\"[[[\\\"[[[\"]"), &options, &value, &fault), ERR_OK);
    tear_down();
}
END_TEST

/* An array of COUNT elements, or an object of COUNT members. */
static struct slice wide(size_t count, bool object, const char *element)
{
    buffer_clear(&buffer);
    buffer_append_byte(&buffer, object ? '{' : '[');
    for (size_t i = 0; i < count; i++) {
        if (object)
            buffer_print(&buffer, "%s\"%zu\":%s", i ? "," : "", i, element);
        else
            buffer_print(&buffer, "%s%s", i ? "," : "", element);
    }
    buffer_append_byte(&buffer, object ? '}' : ']');
    ck_assert_int_eq(buffer_error(&buffer), ERR_OK);
    return buffer_slice(&buffer);
}

START_TEST(number_of_values_is_limited)
{
    static const char *const elements[] = {"1", "\"x\"", "[]", "{}", "true", "-0.5e3", "\"\\u0000\""};
    struct value value;
    struct jin_fault fault;
    for (size_t i = 0; i < ARRAY_LENGTH(elements); i++) {
        for (int object = 0; object <= 1; object++) {
            set_up();
            struct slice text = wide(JIN_VALUES_MAX - 1, object, elements[i]);
            ck_assert_int_eq(jin_decode(&arena, text, NULL, &value, &fault), ERR_OK);
            ck_assert_uint_eq(object ? value.object.count : value.array.count, JIN_VALUES_MAX - 1);
            text = wide(JIN_VALUES_MAX, object, elements[i]);
            ck_assert_int_eq(jin_decode(&arena, text, NULL, &value, &fault), ERR_LIMIT);
            ck_assert_str_eq(fault.what, "More than 200000 values");
            tear_down();
        }
    }
    set_up();
    const struct jin_options options = {.values_max = 3};
    ck_assert_int_eq(jin_decode(&arena, SLICE("{\"a\":1,\"b\":{}}"), &options, &value, &fault), ERR_OK);
    ck_assert_int_eq(jin_decode(&arena, SLICE("{\"a\":1,\"b\":[2]}"), &options, &value, &fault), ERR_LIMIT);
    ck_assert_uint_eq(fault.position, 12);
    tear_down();
}
END_TEST

START_TEST(hostile_texts_are_refused_at_once)
{
    static const struct {
        const char *piece;
        enum err error;
    } rows[] = {
        {"[", ERR_LIMIT},       {"{\"a\":", ERR_LIMIT}, {"[]", ERR_LIMIT},    {"{}", ERR_LIMIT},
        {"1 ", ERR_LIMIT},      {"]", ERR_INVALID},     {":", ERR_INVALID},   {",", ERR_INVALID},
        {" ", ERR_INVALID},     {"\\", ERR_INVALID},    {"1", ERR_OK},        {"-", ERR_INVALID},
        {"\"", ERR_LIMIT},      {"e", ERR_INVALID},     {"1e9", ERR_INVALID}, {"[:", ERR_LIMIT},
        {"\"\":", ERR_INVALID}, {"\xFF", ERR_INVALID},  {"\0", ERR_INVALID},
    };
    const size_t size = (size_t)10 << 20;
    set_up();
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        size_t length = rows[i].piece[0] ? strlen(rows[i].piece) : 1;
        buffer_clear(&buffer);
        while (buffer.length < size)
            buffer_append(&buffer, slice_of(rows[i].piece, length));
        struct value value;
        struct jin_fault fault;
        enum err error = jin_decode(&arena, buffer_slice(&buffer), NULL, &value, &fault);
        ck_assert_msg(error == rows[i].error, "%s: %s", rows[i].piece, err_symbol(error));
        arena_reset(&arena);
    }
    tear_down();
}
END_TEST

/* jansson's scratch memory is capped by the text: it must do for the longest of strings, too. */
START_TEST(long_strings_fit)
{
    static const size_t lengths[] = {65535, 65536, 131073, 262144, 1048577, 10485760};
    struct buffer text;
    buffer_init(&text, TEST_ARENA_CAP);
    for (size_t i = 0; i < ARRAY_LENGTH(lengths); i++) {
        set_up();
        while (buffer.length < lengths[i])
            buffer_append_byte(&buffer, 'x');
        buffer_clear(&text);
        size_t members = lengths[i] > 1048576 ? 1 : 10;
        for (size_t k = 0; k < members; k++) {
            buffer_print(&text, "%s\"%zu", k ? "," : "{", k);
            buffer_append(&text, buffer_slice(&buffer));
            buffer_append_text(&text, "\":\"");
            buffer_append(&text, buffer_slice(&buffer));
            buffer_append_text(&text, "\"");
        }
        buffer_append_text(&text, "}");
        struct value value;
        ck_assert_int_eq(jin_decode(&arena, buffer_slice(&text), NULL, &value, NULL), ERR_OK);
        ck_assert_uint_eq(value.object.count, members);
        ck_assert_uint_eq(value.object.members[0].key.n, lengths[i] + 1);
        ck_assert_slice_eq(value.object.members[members - 1].value.text, buffer_slice(&buffer));
        tear_down();
    }
    buffer_done(&text);
}
END_TEST

START_TEST(small_arena_is_no_memory)
{
    struct value value;
    struct jin_fault fault;
    set_up();
    struct slice text = wide(10000, false, "{\"a\":\"b\"}");
    struct arena small;
    arena_init(&small, 16384);
    ck_assert_int_eq(jin_decode(&small, text, NULL, &value, &fault), ERR_MEMORY);
    arena_done(&small);
    tear_down();
}
END_TEST

/* ---- repair ---- */

START_TEST(raw_control_characters_are_repaired_if_asked)
{
    static const struct {
        struct slice text;
        const char *written; /* NULL: refused even so */
    } rows[] = {
        {SLICE_INIT("\"a\nb\""), "\"a\\nb\""},
        {SLICE_INIT("\"a\r\n\tb\""), "\"a\\r\\n\\tb\""},
        {SLICE_INIT("\"\0\x01\x1f\""), "\"\\u0000\\u0001\\u001f\""},
        {SLICE_INIT("{\"a\nb\":\"\\u0000\n\"}"), "{\"a\\nb\":\"\\u0000\\n\"}"},
        {SLICE_INIT("{\"a\0b\":1}"), "{\"a\\u0000b\":1}"},
        {SLICE_INIT("\"\xEF\xB7\x90\n\""), "\"\xEF\xB7\x90\\n\""},
        {SLICE_INIT("[\n\"x\"\n]"), "[\"x\"]"},
        {SLICE_INIT("\"\\\n\""), NULL},
        {SLICE_INIT("\"a\nb"), NULL},
        {SLICE_INIT("[1\v]"), NULL},
        {SLICE_INIT("1\0"), NULL},
        {SLICE_INIT("\"\n\" x"), NULL},
    };
    const struct jin_options options = {.repair_newlines = true};
    set_up();
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct value value;
        struct jin_fault fault;
        enum err error = jin_decode(&arena, rows[i].text, &options, &value, &fault);
        ck_assert_int_eq(error, rows[i].written ? ERR_OK : ERR_INVALID);
        if (rows[i].written)
            ck_assert_slice_eq(test_write(&buffer, &value), slice_from(rows[i].written));
    }
    tear_down();
}
END_TEST

/* ---- no memory ---- */

START_TEST(every_allocation_may_fail)
{
    static const char *const texts[] = {
        "{\"a\":[1,2.5,\"x\",null,true,{\"b\":{}}],\"c\":\"0123456789012345678901234567890123456789\"}",
        "{\"k\\u0000\":[99999999999999999999,1e999,1e5,\"\\ud800\"]}",
    };
    for (size_t i = 0; i < ARRAY_LENGTH(texts); i++) {
        struct slice text = slice_from(texts[i]);
        enum err error = ERR_MEMORY;
        long n = 1;
        for (; error != ERR_OK; n++) {
            struct value value;
            struct jin_fault fault;
            set_up();
            mem_fault_set(n);
            error = jin_decode(&arena, text, NULL, &value, &fault);
            bool fired = mem_fault_fired();
            mem_fault_set(-1);
            ck_assert_int_eq(error, fired ? ERR_MEMORY : ERR_OK);
            tear_down();
            ck_assert_int_lt(n, 1000);
        }
        ck_assert_int_gt(n, 3);
    }
}
END_TEST

/* Scratch memory that ends anywhere inside jansson, not only where the heap is asked. */
START_TEST(large_text_without_memory)
{
    set_up();
    struct slice text = wide(3000, true, "[\"a string of some length, to let buffers grow\",1.5,{\"k\":[]}]");
    enum err error = ERR_MEMORY;
    for (long n = 1; error != ERR_OK; n++) {
        struct value value;
        mem_fault_set(n);
        error = jin_decode(&arena, text, NULL, &value, NULL);
        bool fired = mem_fault_fired();
        mem_fault_set(-1);
        ck_assert_int_eq(error, fired ? ERR_MEMORY : ERR_OK);
        arena_reset(&arena);
        ck_assert_int_lt(n, 1000);
    }
    tear_down();
}
END_TEST

UNIT_MAIN("jin", what_is_json_is_taken, what_is_no_json_is_refused_in_the_words_of_python,
          fault_and_text_may_be_missing, kinds_are_told_apart, odd_strings_have_their_bytes,
          value_outlives_the_text, depth_is_limited, number_of_values_is_limited,
          hostile_texts_are_refused_at_once, long_strings_fit, small_arena_is_no_memory,
          raw_control_characters_are_repaired_if_asked, every_allocation_may_fail, large_text_without_memory)
