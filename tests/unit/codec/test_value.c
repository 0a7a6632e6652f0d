/* The value tree: look-up, equality, merging, building. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "codec_test.h"

#include <stdio.h>

static struct arena arena;

START_TEST(members_are_found_by_name)
{
    arena_init(&arena, TEST_ARENA_CAP);
    struct value object = test_decode(&arena, "{\"a\":1,\"\":2,\"a\\u0000\":3}");
    ck_assert_int_eq(value_get(&object, SLICE("a"))->integer, 1);
    ck_assert_int_eq(value_get(&object, SLICE(""))->integer, 2);
    ck_assert_int_eq(value_get(&object, SLICE("a\0"))->integer, 3);
    ck_assert_ptr_null(value_get(&object, SLICE("b")));
    ck_assert_ptr_null(value_get(NULL, SLICE("a")));
    struct value array = test_decode(&arena, "[1]");
    ck_assert_ptr_null(value_get(&array, SLICE("a")));
    arena_done(&arena);
}
END_TEST

START_TEST(equality_is_by_value)
{
    static const struct {
        const char *a, *b;
        bool equal;
    } rows[] = {
        {"null", "null", true},
        {"null", "false", false},
        {"true", "true", true},
        {"true", "false", false},
        {"true", "1", false},
        {"1", "1", true},
        {"1", "2", false},
        {"1", "1.0", true},
        {"1", "1.5", false},
        {"0", "-0.0", true},
        {"9007199254740993", "9007199254740992.0", false},
        {"9007199254740992", "9007199254740992.0", true},
        {"9223372036854775807", "9223372036854775808.0", false},
        {"-9223372036854775808", "-9223372036854775808.0", true},
        {"9223372036854775808", "9223372036854775808.0", true},
        {"9223372036854775809", "9223372036854775808.0", false},
        {"100000000000000000000", "1e20", true},
        {"100000000000000000000", "100000000000000000000", true},
        {"100000000000000000000", "100000000000000000001", false},
        {"100000000000000000000", "\"100000000000000000000\"", false},
        {"-100000000000000000000", "-1e20", true},
        {"5", "100000000000000000000", false},
        {"1", "\"1\"", false},
        {"1.5", "\"1.5\"", false},
        {"\"a\"", "\"a\"", true},
        {"\"a\"", "\"A\"", false},
        {"\"\"", "null", false},
        {"[]", "[]", true},
        {"[]", "{}", false},
        {"[1,2]", "[1,2]", true},
        {"[1,2]", "[2,1]", false},
        {"[1]", "[1,1]", false},
        {"[1,[2.0]]", "[1.0,[2]]", true},
        {"{}", "{}", true},
        {"{\"a\":1,\"b\":2}", "{\"b\":2,\"a\":1}", true},
        {"{\"a\":1,\"b\":2}", "{\"b\":1,\"a\":2}", false},
        {"{\"a\":1}", "{\"a\":1,\"b\":2}", false},
        {"{\"a\":1}", "{\"b\":1}", false},
        {"{\"a\":1,\"b\":null}", "{\"a\":1,\"c\":null}", false},
        {"{\"a\":{\"x\":[1]}}", "{\"a\":{\"x\":[1]}}", true},
    };
    arena_init(&arena, TEST_ARENA_CAP);
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct value a = test_decode(&arena, rows[i].a);
        struct value b = test_decode(&arena, rows[i].b);
        ck_assert_msg(value_equal(&a, &b) == rows[i].equal, "%s and %s", rows[i].a, rows[i].b);
        ck_assert_msg(value_equal(&b, &a) == rows[i].equal, "%s and %s", rows[i].b, rows[i].a);
    }
    arena_done(&arena);
}
END_TEST

START_TEST(types_have_python_names)
{
    static const char *const rows[][2] = {
        {"null", "NoneType"},
        {"true", "bool"},
        {"false", "bool"},
        {"1", "int"},
        {"99999999999999999999", "int"},
        {"1.5", "float"},
        {"\"\"", "str"},
        {"[]", "list"},
        {"{}", "dict"},
    };
    arena_init(&arena, TEST_ARENA_CAP);
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct value value = test_decode(&arena, rows[i][0]);
        ck_assert_str_eq(value_python_type(&value), rows[i][1]);
    }
    arena_done(&arena);
}
END_TEST

START_TEST(merge_keeps_places_and_takes_new_values)
{
    static const struct {
        const char *base, *over, *merged; /* NULL: no object given */
    } rows[] = {
        {NULL, NULL, "{}"},
        {"{}", NULL, "{}"},
        {NULL, "{\"a\":1}", "{\"a\":1}"},
        {"{\"a\":1}", NULL, "{\"a\":1}"},
        {"{\"a\":1}", "{}", "{\"a\":1}"},
        {"null", "{\"a\":1}", "{\"a\":1}"},
        {"{\"a\":1,\"b\":2}", "{\"a\":3}", "{\"a\":3,\"b\":2}"},
        {"{\"a\":1,\"b\":2}", "{\"c\":3,\"b\":4,\"d\":5}", "{\"a\":1,\"b\":4,\"c\":3,\"d\":5}"},
        {"{\"a\":{\"x\":1}}", "{\"a\":{\"y\":2}}", "{\"a\":{\"y\":2}}"},
        {"{\"a\":1}", "{\"a\":null}", "{\"a\":null}"},
    };
    struct buffer buffer;
    buffer_init(&buffer, 65536);
    arena_init(&arena, TEST_ARENA_CAP);
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct value base, over, merged;
        if (rows[i].base)
            base = test_decode(&arena, rows[i].base);
        if (rows[i].over)
            over = test_decode(&arena, rows[i].over);
        ck_assert_int_eq(
            value_merge(&arena, rows[i].base ? &base : NULL, rows[i].over ? &over : NULL, &merged), ERR_OK);
        ck_assert_slice_eq(test_write(&buffer, &merged), slice_from(rows[i].merged));
    }
    buffer_done(&buffer);
    arena_done(&arena);
}
END_TEST

/* COUNT members whose names count from FIRST in steps of STEP, with the number as value. */
static struct value numbered(int first, int step, int count)
{
    struct value_builder builder;
    value_build(&builder, &arena);
    for (int i = 0; i < count; i++) {
        struct slice key;
        int number = first + i * step;
        ck_assert_int_eq(arena_print(&arena, &key, "key %d", number), ERR_OK);
        struct value value = {.kind = VALUE_INTEGER, .integer = number};
        ck_assert_int_eq(value_build_member(&builder, key, value), ERR_OK);
    }
    return value_built_object(&builder);
}

START_TEST(large_objects_are_merged_and_compared_in_time)
{
    enum { COUNT = 100000 };
    arena_init(&arena, TEST_ARENA_CAP);
    struct value base = numbered(0, 2, COUNT);          /* even */
    struct value over = numbered(3 * COUNT, -1, COUNT); /* the upper half is new or odd */
    struct value merged;
    ck_assert_int_eq(value_merge(&arena, &base, &over, &merged), ERR_OK);
    size_t known = 0;
    VALUE_FOREACH (member, &over)
        known += member->value.integer % 2 == 0 && member->value.integer < 2 * COUNT;
    ck_assert_uint_eq(merged.object.count, 2 * (size_t)COUNT - known);
    for (size_t i = 0; i < COUNT; i++)
        ck_assert_slice_eq(merged.object.members[i].key, base.object.members[i].key);
    struct value backwards = numbered(2 * COUNT - 2, -2, COUNT);
    ck_assert(value_equal(&base, &backwards));
    backwards.object.members[COUNT / 2].value.integer++;
    ck_assert(!value_equal(&base, &backwards));
    arena_done(&arena);
}
END_TEST

START_TEST(builders_grow)
{
    struct value_builder builder;
    arena_init(&arena, TEST_ARENA_CAP);
    value_build(&builder, &arena);
    ck_assert_uint_eq(value_built_array(&builder).array.count, 0);
    for (int i = 0; i < 1000; i++)
        ck_assert_int_eq(value_build_item(&builder, (struct value){.kind = VALUE_INTEGER, .integer = i}),
                         ERR_OK);
    struct value array = value_built_array(&builder);
    ck_assert_int_eq(array.kind, VALUE_ARRAY);
    ck_assert_uint_eq(array.array.count, 1000);
    for (int i = 0; i < 1000; i++)
        ck_assert_int_eq(array.array.items[i].integer, i);
    arena_done(&arena);
}
END_TEST

START_TEST(without_memory_nothing_breaks)
{
    arena_init(&arena, TEST_ARENA_CAP);
    struct value base = numbered(0, 1, 50), over = numbered(25, 1, 50), merged;
    struct arena none;
    arena_init(&none, 0);
    ck_assert_int_eq(value_merge(&none, &base, &over, &merged), ERR_MEMORY);
    struct value_builder builder;
    value_build(&builder, &none);
    ck_assert_int_eq(value_build_item(&builder, base), ERR_MEMORY);
    ck_assert_int_eq(value_build_member(&builder, SLICE("a"), base), ERR_MEMORY);
    ck_assert_uint_eq(value_built_object(&builder).object.count, 0);

    enum err error = ERR_MEMORY;
    for (long n = 1; error != ERR_OK; n++) {
        struct arena fresh;
        arena_init(&fresh, TEST_ARENA_CAP);
        mem_fault_set(n);
        error = value_merge(&fresh, &base, &over, &merged);
        ck_assert_int_eq(error, mem_fault_fired() ? ERR_MEMORY : ERR_OK);
        mem_fault_set(-1);
        arena_done(&fresh);
    }
    /* Comparing falls back on a plain walk. */
    struct value backwards = numbered(49, -1, 50);
    mem_fault_set(1);
    ck_assert(value_equal(&base, &backwards));
    ck_assert(mem_fault_fired());
    mem_fault_set(-1);
    arena_done(&arena);
}
END_TEST

START_TEST(values_are_counted_at_every_depth)
{
    struct arena own;
    struct value value;
    arena_init(&own, 1 << 20);
    ck_assert_int_eq(jin_decode(&own, SLICE("{\"a\": [1, [2, {}]], \"b\": null}"), NULL, &value, NULL),
                     ERR_OK);
    ck_assert_uint_eq(value_count(&value), 7);
    arena_done(&own);
}
END_TEST

UNIT_MAIN("value", values_are_counted_at_every_depth, members_are_found_by_name, equality_is_by_value,
          types_have_python_names, merge_keeps_places_and_takes_new_values,
          large_objects_are_merged_and_compared_in_time, builders_grow, without_memory_nothing_breaks)
