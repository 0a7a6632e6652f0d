/* Whole payloads through a field table: who is missing, forms, changes, unknown keys. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "schema_test.h"

/* A payload as text, the field that is looked at, what must become of it. */
struct payload_case {
    const char *payload, *field, *expected;
};

static struct value decode_json(struct run *run, const char *json)
{
    struct value value;
    struct jin_fault fault;
    ck_assert_msg(jin_decode(&run->arena, slice_from(json), NULL, &value, &fault) == ERR_OK, "%s", json);
    return value;
}

static struct url_pairs decode_form(struct run *run, const char *form)
{
    struct url_pairs pairs;
    ck_assert_int_eq(url_decode_pairs(&run->arena, slice_from(form), &pairs), ERR_OK);
    return pairs;
}

static void check_objects(const struct payload_case *cases, size_t count, bool partial)
{
    struct run run;
    run_init(&run);
    for (size_t i = 0; i < count; i++) {
        struct value object = decode_json(&run, cases[i].payload);
        struct schema_input input = {.object = &object};
        run_decode(&run, &input, partial);
        const char *result = run_result(&run, cases[i].field);
        ck_assert_msg(strcmp(result, cases[i].expected) == 0, "%s: %s: %s", cases[i].payload, cases[i].field,
                      result);
    }
    run_done(&run);
}

static void check_forms(const struct payload_case *cases, size_t count, bool partial)
{
    struct run run;
    run_init(&run);
    for (size_t i = 0; i < count; i++) {
        struct url_pairs pairs = decode_form(&run, cases[i].payload);
        struct schema_input input = {.pairs = &pairs};
        run_decode(&run, &input, partial);
        const char *result = run_result(&run, cases[i].field);
        ck_assert_msg(strcmp(result, cases[i].expected) == 0, "%s: %s: %s", cases[i].payload, cases[i].field,
                      result);
    }
    run_done(&run);
}

START_TEST(absent_fields_of_an_object)
{
    static const struct payload_case cases[] = {
        {"{}", "name", "REQUIRED"}, {"{}", "text", "absent"},   {"{}", "boolean", "absent"},
        {"{}", "key", "absent"},    {"{}", "object", "absent"}, {"{\"Name\":\"x\"}", "name", "REQUIRED"},
    };
    check_objects(cases, ARRAY_LENGTH(cases), false);
}
END_TEST

START_TEST(a_change_requires_nothing)
{
    static const struct payload_case cases[] = {
        {"{}", "name", "absent"},
        {"{\"name\":null}", "name", "NULL"},
        {"{\"name\":\"\"}", "name", "BLANK"},
        {"{\"name\":\"n\"}", "name", "\"n\""},
    };
    check_objects(cases, ARRAY_LENGTH(cases), true);
}
END_TEST

START_TEST(fields_of_a_form)
{
    static const struct payload_case cases[] = {
        {"", "name", "REQUIRED"},
        {"name=", "name", "BLANK"},
        {"name=a+b", "name", "\"a b\""},
        {"name=a&name=b", "name", "\"b\""},
        {"text=", "text", "\"\""},
        {"count=", "count", "absent"},
        {"count=3", "count", "3"},
        {"integer=", "integer", "null"},
        {"key=", "key", "null"},
        {"key=7", "key", "7"},
        {"time=", "time", "null"},
        {"choice=", "choice", "0"},
        {"choice=ONE", "choice", "1"},
        {"", "boolean", "false"},
        {"boolean=", "boolean", "absent"},
        {"boolean=on", "boolean", "true"},
        {"object={\"a\":1}", "object", "{\"a\":1}"},
        {"object= {} ", "object", "{}"},
        {"object=null", "object", "null"},
        {"object=plain", "object", "absent"},
        {"object=[1]", "object", "absent"},
        {"", "object", "absent"},
        {"list=[1,2]", "list", "[1,2]"},
        {"list=plain", "list", "NOT_LIST(str)"},
        {"any=5", "any", "5"},
        {"any=never", "any", "\"never\""},
        {"any=null", "any", "null"},
    };
    check_forms(cases, ARRAY_LENGTH(cases), false);
}
END_TEST

START_TEST(a_form_that_changes)
{
    static const struct payload_case cases[] = {{"", "name", "absent"},
                                                {"", "boolean", "absent"},
                                                {"boolean=0", "boolean", "false"},
                                                {"name=", "name", "BLANK"}};
    check_forms(cases, ARRAY_LENGTH(cases), true);
}
END_TEST

START_TEST(faults_come_in_the_order_of_the_table)
{
    struct run run;
    run_init(&run);
    struct value object = decode_json(&run, "{\"list\":1,\"count\":99,\"mail\":\"too long to be good\"}");
    struct schema_input input = {.object = &object};
    run_decode(&run, &input, false);
    static const struct {
        const char *field;
        enum fault_kind kind;
    } expected[] = {{"name", FAULT_REQUIRED},
                    {"mail", FAULT_TOO_LONG},
                    {"mail", FAULT_NOT_EMAIL},
                    {"count", FAULT_TOO_LARGE},
                    {"list", FAULT_NOT_LIST}};
    ck_assert_uint_eq(run.faults.count, ARRAY_LENGTH(expected));
    for (size_t i = 0; i < run.faults.count; i++) {
        ck_assert(slice_equal(run.faults.items[i].field, slice_from(expected[i].field)));
        ck_assert_int_eq(run.faults.items[i].kind, expected[i].kind);
    }
    run_done(&run);
}
END_TEST

/* What no field takes of PAYLOAD, as JSON. */
static void check_unknown(const char *payload, bool is_form, const char *expected)
{
    static const struct field other = {.name = "other"};
    static const struct field_table also = {&other, 1};
    struct run run;
    run_init(&run);
    struct value unknown, object = {.kind = VALUE_OBJECT};
    struct url_pairs pairs = {0};
    struct schema_input input = {.object = is_form ? NULL : &object, .pairs = is_form ? &pairs : NULL};
    if (is_form)
        pairs = decode_form(&run, payload);
    else
        object = decode_json(&run, payload);
    ck_assert_int_eq(schema_unknown(&sample_table, &also, &run.arena, &input, &unknown), ERR_OK);
    struct jout jout;
    jout_init(&jout, &run.text);
    jout_value(&jout, &unknown);
    ck_assert_msg(slice_equal(buffer_slice(&run.text), slice_from(expected)), "%s: %.*s", payload,
                  SLICE_ARG(buffer_slice(&run.text)));
    run_done(&run);
}

START_TEST(unknown_keys_keep_their_order)
{
    check_unknown("{\"b\":1,\"name\":\"n\",\"a\":{\"x\":null},\"other\":2}", false,
                  "{\"b\":1,\"a\":{\"x\":null}}");
    check_unknown("{}", false, "{}");
    check_unknown("b=1&name=n&a=2&other=3", true, "{\"b\":\"1\",\"a\":\"2\"}");
    check_unknown("a=1&b=2&a=3", true, "{\"b\":\"2\",\"a\":\"3\"}");
}
END_TEST

/* Text under the name of an object field is no object: it must not vanish. */
START_TEST(a_forms_plain_text_for_an_object_is_unknown)
{
    check_unknown("object=plain", true, "{\"object\":\"plain\"}");
    check_unknown("object={broken", true, "{\"object\":\"{broken\"}");
    check_unknown("object=[1]", true, "{\"object\":\"[1]\"}");
    check_unknown("object={\"a\":1}", true, "{}");
    check_unknown("object=null", true, "{}");
    check_unknown("object=+", true, "{}");
    check_unknown("list=plain", true, "{}");
}
END_TEST

START_TEST(fields_are_found_by_their_exact_name)
{
    ck_assert_ptr_eq(schema_find(&sample_table, SLICE("name")), &sample_rows[1]);
    ck_assert_ptr_null(schema_find(&sample_table, SLICE("nam")));
    ck_assert_ptr_null(schema_find(&sample_table, SLICE("name\0")));
    ck_assert_ptr_null(schema_find(NULL, SLICE("name")));
}
END_TEST

UNIT_MAIN("decode", absent_fields_of_an_object, a_change_requires_nothing, fields_of_a_form,
          a_form_that_changes, faults_come_in_the_order_of_the_table, unknown_keys_keep_their_order,
          a_forms_plain_text_for_an_object_is_unknown, fields_are_found_by_their_exact_name)
