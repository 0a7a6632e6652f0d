/* Singular JSONPath queries: their grammar, where errors are, what they select. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/codec/jin.h"
#include "inlet/codec/jout.h"
#include "inlet/jsonpath/path.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

static void decode(struct arena *arena, struct slice text, struct value *ret_value)
{
    struct jin_fault fault;
    struct jin_options options = {.depth_max = 200, .values_max = 1000000};
    ck_assert_msg(jin_decode(arena, text, &options, ret_value, &fault) == ERR_OK, "%.*s", SLICE_ARG(text));
}

START_TEST(queries_select_one_node_or_none)
{
    static const char document[] =
        "{\"a\":{\"b "
        "c\":[10,[20,null]],\"\":1,\"\\u00e9\":2,\"x'y\":3,\"q\\\"\":4,\"_1\":5,\"\\n\":6,\"\\u0000\":7,"
        "\"\\ud83d\\ude00\":8,\"0\":9},\"n\":null}";
    static const struct {
        const char *query, *expected; /* NULL: selects nothing */
    } cases[] = {
        {"$['n']", "null"},
        {"@.n", "null"},
        {"$.a._1", "5"},
        {"$.a.\xC3\xA9", "2"},
        {"$.a['\xC3\xA9']", "2"},
        {"$.a['\\u00e9']", "2"},
        {"$.a[\"\\u00E9\"]", "2"},
        {"$.a['']", "1"},
        {"$.a[\"\"]", "1"},
        {"$.a['x\\'y']", "3"},
        {"$.a[\"x'y\"]", "3"},
        {"$.a['q\"']", "4"},
        {"$.a[\"q\\\"\"]", "4"},
        {"$.a['\\n']", "6"},
        {"$.a['\\u0000']", "7"},
        {"$.a['\\ud83d\\ude00']", "8"},
        {"$.a['\\uD83D\\uDE00']", "8"},
        {"$.a['0']", "9"},
        {"$.a[0]", NULL},
        {"$.a['b c'][0]", "10"},
        {"$.a['b c'][-1]", "[20,null]"},
        {"$.a['b c'][1][1]", "null"},
        {"$.a['b c'][-2]", "10"},
        {"$.a['b c'][2]", NULL},
        {"$.a['b c'][-3]", NULL},
        {"$.a['b c'][9007199254740991]", NULL},
        {"$.a['b c'][-9007199254740991]", NULL},
        {"$.a['b c'].length", NULL},
        {"$.a['b c']['0']", NULL},
        {"$.n.x", NULL},
        {"$.n[0]", NULL},
        {"$.missing.x.y", NULL},
        {"$ \t.a\n[\r'_1' ]", "5"},
        {"$[ 'a' ] [ 'b c' ] [ 0 ]", "10"},
        {"$.N", NULL},
    };
    struct arena arena;
    struct value root;
    arena_init(&arena, (size_t)16 << 20);
    decode(&arena, slice_of(document, sizeof(document) - 1), &root);
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        const struct path *path;
        struct path_fault fault = {0};
        struct value expected;
        ck_assert_msg(path_compile(&arena, slice_from(cases[i].query), &path, &fault) == ERR_OK, "%s: %s",
                      cases[i].query, fault.what);
        const struct value *found = path_find(path, &root);
        ck_assert_msg((found != NULL) == (cases[i].expected != NULL), "%s", cases[i].query);
        if (!found)
            continue;
        decode(&arena, slice_from(cases[i].expected), &expected);
        ck_assert_msg(value_equal(found, &expected), "%s", cases[i].query);
    }
    arena_done(&arena);
}
END_TEST

START_TEST(the_root_alone_is_the_document_itself)
{
    struct arena arena;
    const struct path *path;
    struct path_fault fault;
    struct value root = {.kind = VALUE_TRUE};
    arena_init(&arena, 1 << 20);
    ck_assert_int_eq(path_compile(&arena, SLICE("$"), &path, &fault), ERR_OK);
    ck_assert_ptr_eq(path_find(path, &root), &root);
    ck_assert_int_eq(path_compile(&arena, SLICE("@"), &path, &fault), ERR_OK);
    ck_assert_ptr_eq(path_find(path, &root), &root);
    arena_done(&arena);
}
END_TEST

#define ONE "only one name or index can stand here: the path must select at most one value"

START_TEST(errors_say_where_and_why)
{
    static const struct {
        const char *query;
        size_t column;
        const char *what;
    } cases[] = {
        {"", 1, "a path begins with '$' or '@'"},
        {" $", 1, "a path begins with '$' or '@'"},
        {"a.b", 1, "a path begins with '$' or '@'"},
        {"$ ", 3, "blanks at the end"},
        {"$.a\n", 5, "blanks at the end"},
        {"$a", 2, "'.' or '[' is expected"},
        {"$.a]", 4, "'.' or '[' is expected"},
        {"$.", 3, "a member name must follow the dot"},
        {"$. a", 3, "a member name must follow the dot"},
        {"$.1", 3, "a member name must follow the dot"},
        {"$.-a", 3, "a member name must follow the dot"},
        {"$.'a'", 3, "a member name must follow the dot"},
        {"$.a-b", 4, "'.' or '[' is expected"},
        {"$..a", 3, ONE},
        {"$.*", 3, ONE},
        {"$[*]", 3, ONE},
        {"$[?@.a]", 3, ONE},
        {"$[:]", 3, ONE},
        {"$[1:2]", 4, ONE},
        {"$['a','b']", 6, ONE},
        {"$[0 , 1]", 5, ONE},
        {"$[", 3, "a quoted name or an index must stand in the brackets"},
        {"$[]", 3, "a quoted name or an index must stand in the brackets"},
        {"$[a]", 3, "a quoted name or an index must stand in the brackets"},
        {"$[+1]", 3, "a quoted name or an index must stand in the brackets"},
        {"$[0", 4, "']' is missing"},
        {"$['a'", 6, "']' is missing"},
        {"$[0.5]", 4, "']' is missing"},
        {"$[01]", 3, "not an index"},
        {"$[-0]", 3, "not an index"},
        {"$[-]", 3, "not an index"},
        {"$[--1]", 3, "not an index"},
        {"$[9007199254740992]", 3, "not an index"},
        {"$[-9007199254740992]", 3, "not an index"},
        {"$[99999999999999999999999999]", 3, "not an index"},
        {"$['a", 5, "the string does not end"},
        {"$['a\\", 6, "the string does not end"},
        {"$[\"a']", 7, "the string does not end"},
        {"$['\\x']", 5, "unknown escape in a string"},
        {"$['\\\"']", 5, "unknown escape in a string"},
        {"$[\"\\'\"]", 5, "unknown escape in a string"},
        {"$['a\tb']", 5, "a control character in a string"},
        {"$['\\u12g4']", 8, "\\u must be followed by four hex digits"},
        {"$['\\u12']", 8, "\\u must be followed by four hex digits"},
        {"$['\\udc00']", 10, "a lone low surrogate"},
        {"$['\\ud800']", 10, "a lone high surrogate"},
        {"$['\\ud800\\n']", 11, "a lone high surrogate"},
        {"$['\\ud800\\ud800']", 16, "a lone high surrogate"},
        {"$['\xFF']", 1, "the path is not UTF-8"},
        {"$.\xED\xA0\x80", 1, "the path is not UTF-8"},
    };
    struct arena arena;
    arena_init(&arena, (size_t)16 << 20);
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        const struct path *path = NULL;
        struct path_fault fault = {0};
        ck_assert_msg(path_compile(&arena, slice_from(cases[i].query), &path, &fault) == ERR_INVALID, "%s",
                      cases[i].query);
        ck_assert_msg(strcmp(fault.what, cases[i].what) == 0, "%s: %s", cases[i].query, fault.what);
        ck_assert_msg(fault.column == cases[i].column, "%s: column %zu", cases[i].query, fault.column);
        ck_assert_ptr_null(path);
    }
    arena_done(&arena);
}
END_TEST

START_TEST(queries_have_limits)
{
    struct arena arena;
    const struct path *path;
    struct path_fault fault;
    char text[PATH_LENGTH_MAX + 2];
    arena_init(&arena, (size_t)16 << 20);
    memset(text, 'a', sizeof(text));
    text[0] = '$';
    text[1] = '.';
    ck_assert_int_eq(path_compile(&arena, slice_of(text, PATH_LENGTH_MAX), &path, &fault), ERR_OK);
    ck_assert_int_eq(path_compile(&arena, slice_of(text, PATH_LENGTH_MAX + 1), &path, &fault), ERR_INVALID);
    ck_assert_str_eq(fault.what, "the path is too long");
    for (size_t i = 0; i <= PATH_SEGMENTS_MAX; i++)
        memcpy(text + 1 + 3 * i, "[0]", 3);
    ck_assert_int_eq(path_compile(&arena, slice_of(text, 1 + 3 * PATH_SEGMENTS_MAX), &path, &fault), ERR_OK);
    ck_assert_int_eq(path_compile(&arena, slice_of(text, 4 + 3 * PATH_SEGMENTS_MAX), &path, &fault),
                     ERR_INVALID);
    ck_assert_str_eq(fault.what, "the path has too many parts");
    arena_done(&arena);
}
END_TEST

START_TEST(no_memory_is_an_error)
{
    struct arena arena;
    const struct path *path;
    struct path_fault fault;
    arena_init(&arena, 16);
    ck_assert_int_eq(path_compile(&arena, SLICE("$['a']"), &path, &fault), ERR_MEMORY);
    arena_done(&arena);
}
END_TEST

/* Whether a VALID query can select more than one node: outside of strings only such ones have these characters. */
static bool selects_several(struct slice query)
{
    char quote = 0;
    for (size_t i = 0; i < query.n; i++) {
        char c = query.p[i];
        if (quote && c == '\\')
            i++;
        else if (quote)
            quote = c == quote ? 0 : quote;
        else if (c == '\'' || c == '"')
            quote = c;
        else if (c == '*' || c == '?' || c == ':' || c == ',' ||
                 (c == '.' && i + 1 < query.n && query.p[i + 1] == '.'))
            return true;
    }
    return false;
}

/* One case of the suite; its name in messages. */
static void check_suite_case(struct arena *arena, const struct value *test)
{
    struct slice name = value_get(test, SLICE("name"))->text,
                 query = value_get(test, SLICE("selector"))->text;
    const struct path *path;
    struct path_fault fault = {0};
    enum err error = path_compile(arena, query, &path, &fault);
    if (value_get(test, SLICE("invalid_selector"))) {
        ck_assert_msg(error == ERR_INVALID, "%.*s: taken", SLICE_ARG(name));
        return;
    }
    if (selects_several(query)) {
        ck_assert_msg(error == ERR_INVALID, "%.*s: taken", SLICE_ARG(name));
        ck_assert_msg(strcmp(fault.what, ONE) == 0, "%.*s: %s", SLICE_ARG(name), fault.what);
        return;
    }
    ck_assert_msg(error == ERR_OK, "%.*s: %s", SLICE_ARG(name), fault.what);
    const struct value *result = value_get(test, SLICE("result"));
    const struct value *found = path_find(path, value_get(test, SLICE("document")));
    ck_assert_msg(result->array.count == (found ? 1 : 0), "%.*s", SLICE_ARG(name));
    ck_assert_msg(!found || value_equal(found, &result->array.items[0]), "%.*s", SLICE_ARG(name));
}

/* The standard's own suite, where it lies beside the sources. */
START_TEST(the_compliance_suite_holds)
{
    struct buffer text CLEANUP(buffer_done) = BUFFER_INIT((size_t)16 << 20);
    struct arena arena;
    struct value suite;
    FILE *file = fopen(INLET_SOURCE_DIR "/../shared/jsonpath-cts/cts.json", "r");
    if (!file) {
        printf("jsonpath: skipped, the compliance suite is not there\n");
        return;
    }
    for (int c; (c = fgetc(file)) != EOF;)
        ck_assert_int_eq(buffer_append_byte(&text, (char)c), ERR_OK);
    fclose(file);
    arena_init(&arena, (size_t)256 << 20);
    decode(&arena, buffer_slice(&text), &suite);
    const struct value *tests = value_get(&suite, SLICE("tests"));
    ck_assert_uint_gt(tests->array.count, 700);
    for (size_t i = 0; i < tests->array.count; i++)
        check_suite_case(&arena, &tests->array.items[i]);
    arena_done(&arena);
}
END_TEST

UNIT_MAIN("path", queries_select_one_node_or_none, the_root_alone_is_the_document_itself,
          errors_say_where_and_why, queries_have_limits, no_memory_is_an_error, the_compliance_suite_holds)
