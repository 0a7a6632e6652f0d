/* What a config file may say, and what each mistake is told. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest_test.h"

#include <stdio.h>

#define NOT_FIELD  "No lead field has this name; use \"metadata.<key>\" for anything else."
#define NO_SUCH    "An ingestion config has no such key."
#define DAYS       "min_reengagement_days: This must be a number of days, \"never\" or null."
#define ONE        "only one name or index can stand here: the path must select at most one value."
#define NAME_BLANK "name: This must be a text that is not blank."

static void check_faults(const char *json, const char *expected)
{
    struct arena arena;
    struct faults faults;
    struct buffer text CLEANUP(buffer_done) = BUFFER_INIT(64 << 10);
    const struct ingest_config *config = NULL;
    arena_init(&arena, (size_t)16 << 20);
    faults_init(&faults, &arena);
    enum err error = ingest_config_compile(&arena, test_json(&arena, json), &config, &faults);
    test_print_faults(&text, &faults);
    ck_assert_msg(slice_equal(buffer_slice(&text), slice_from(expected)), "%s: %.*s", json,
                  SLICE_ARG(buffer_slice(&text)));
    ck_assert_int_eq(error, expected[0] ? ERR_INVALID : ERR_OK);
    ck_assert((config != NULL) == (error == ERR_OK));
    arena_done(&arena);
}

/* {"name": "x", "fields": FIELDS} */
static void check_field_faults(const char *fields, const char *expected)
{
    char json[1024];
    snprintf(json, sizeof(json), "{\"name\":\"x\",\"fields\":%s}", fields);
    check_faults(json, expected);
}

START_TEST(each_mistake_of_the_file_is_told)
{
    static const struct {
        const char *json, *expected;
    } cases[] = {
        {"{\"name\":\"x\"}", ""},
        {"[]", ": An ingestion config is a JSON object."},
        {"null", ": An ingestion config is a JSON object."},
        {"\"x\"", ": An ingestion config is a JSON object."},
        {"{}", "name: REQUIRED"},
        {"{\"name\":\"\"}", NAME_BLANK},
        {"{\"name\":\" \\u00a0\"}", NAME_BLANK},
        {"{\"name\":null}", NAME_BLANK},
        {"{\"name\":5}", NAME_BLANK},
        {"{\"name\":\"a\\u0000\"}", "name: Ensure this field has no more than 255 characters and no NUL."},
        {"{\"name\":\"x\",\"lead_type\":0}", "lead_type: This must be the id of a lead type, or null."},
        {"{\"name\":\"x\",\"lead_type\":-1}", "lead_type: This must be the id of a lead type, or null."},
        {"{\"name\":\"x\",\"lead_type\":\"1\"}", "lead_type: This must be the id of a lead type, or null."},
        {"{\"name\":\"x\",\"lead_type\":1.0}", "lead_type: This must be the id of a lead type, or null."},
        {"{\"name\":\"x\",\"lead_type\":99999999999999999999}",
         "lead_type: This must be the id of a lead type, or null."},
        {"{\"name\":\"x\",\"auth\":\"none\"}", "auth: This must be \"token\" or \"open\"."},
        {"{\"name\":\"x\",\"auth\":null}", "auth: This must be \"token\" or \"open\"."},
        {"{\"name\":\"x\",\"auth\":true}", "auth: This must be \"token\" or \"open\"."},
        {"{\"name\":\"x\",\"unmapped\":\"keep\"}", "unmapped: This must be \"metadata\" or \"drop\"."},
        {"{\"name\":\"x\",\"min_reengagement_days\":-1}", DAYS},
        {"{\"name\":\"x\",\"min_reengagement_days\":\"5\"}", DAYS},
        {"{\"name\":\"x\",\"min_reengagement_days\":1.5}", DAYS},
        {"{\"name\":\"x\",\"min_reengagement_days\":99999999999999999999}", DAYS},
        {"{\"name\":\"x\",\"each\":\"$.a\"}", "each: " NO_SUCH},
        {"{\"name\":\"x\",\"Auth\":\"open\"}", "Auth: " NO_SUCH},
        {"{\"name\":\"x\",\"fields\":[]}", "fields: This must be an object of targets and paths."},
        {"{\"name\":\"x\",\"fields\":null}", "fields: This must be an object of targets and paths."},
        {"{\"auth\":\"x\",\"name\":\"\",\"zz\":1}",
         "auth: This must be \"token\" or \"open\". | " NAME_BLANK " | zz: " NO_SUCH},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++)
        check_faults(cases[i].json, cases[i].expected);
}
END_TEST

START_TEST(each_mistake_of_a_field_is_told)
{
    static const struct {
        const char *fields, *expected;
    } cases[] = {
        {"{}", ""},
        {"{\"email\":\"$.a\"}", ""},
        {"{\"email\":[\"$.a\",\"@.b\"]}", ""},
        {"{\"email\":null}", ""},
        {"{\"email\":{\"required\":true}}", ""},
        {"{\"email\":{\"default\":null}}", ""},
        {"{\"email\":{}}", ""},
        {"{\"metadata\":\"$.x\",\"metadata.a.b\":\"$.y\"}", ""},
        {"{\"mail\":\"$.a\"}", "fields.mail: " NOT_FIELD},
        {"{\"status\":\"$.a\"}", "fields.status: " NOT_FIELD},
        {"{\"\":\"$.a\"}", "fields.: " NOT_FIELD},
        {"{\"metadata.\":\"$.a\"}", "fields.metadata.: A metadata target needs a key after the dot."},
        {"{\"metadata.*\":\"$.a\"}", "fields.metadata.*: \"metadata.*\" is not supported."},
        {"{\"metadatax\":\"$.a\"}", "fields.metadatax: " NOT_FIELD},
        {"{\"email\":\"a.b\"}", "fields.email: Not a valid path (column 1): a path begins with '$' or '@'."},
        {"{\"email\":\"$.a[x]\"}",
         "fields.email: Not a valid path (column 5): a quoted name or an index must stand in the brackets."},
        {"{\"email\":\"$.a[*]\"}", "fields.email: Not a valid path (column 5): " ONE},
        {"{\"email\":[\"$.a\",\"$..b\",\"$.\"]}",
         "fields.email: Not a valid path (column 3): " ONE
         " | fields.email: Not a valid path (column 3): a member name must follow the dot."},
        {"{\"email\":5}", "fields.email: A path must be a string."},
        {"{\"email\":[\"$.a\",{}]}", "fields.email: A path must be a string."},
        {"{\"email\":[]}", "fields.email: A list of paths must not be empty."},
        {"{\"email\":{\"path\":[]}}", "fields.email: A list of paths must not be empty."},
        {"{\"email\":{\"path\":null}}", "fields.email: A path must be a string."},
        {"{\"email\":{\"path\":\"$.a\",\"value\":1}}",
         "fields.email: \"path\" and \"value\" exclude each other."},
        {"{\"email\":{\"path\":\"$.a\",\"required\":1}}",
         "fields.email: \"required\" must be true or false."},
        {"{\"email\":{\"path\":\"$.a\",\"transform\":[\"trim\"]}}",
         "fields.email: Unknown key \"transform\"."},
        {"{\"metadata.a\":{}}", "fields.metadata.a: \"path\" or \"value\" is required."},
        {"{\"metadata.a\":{\"required\":true}}", "fields.metadata.a: \"path\" or \"value\" is required."},
        {"{\"metadata.a\":{\"default\":1}}", ""},
        {"{\"x\":5,\"email\":\"q\"}",
         "fields.x: " NOT_FIELD " | fields.x: A path must be a string. | "
         "fields.email: Not a valid path (column 1): a path begins with '$' or '@'."},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++)
        check_field_faults(cases[i].fields, cases[i].expected);
}
END_TEST

START_TEST(counts_are_capped)
{
    struct arena arena;
    struct buffer json CLEANUP(buffer_done) = BUFFER_INIT(1 << 20);
    struct faults faults;
    const struct ingest_config *config;
    arena_init(&arena, (size_t)16 << 20);
    for (size_t targets = INGEST_TARGETS_MAX; targets <= INGEST_TARGETS_MAX + 1; targets++) {
        buffer_clear(&json);
        buffer_append_text(&json, "{\"name\":\"x\",\"fields\":{\"email\":\"$.a\"");
        for (size_t i = 1; i < targets; i++)
            buffer_print(&json, ",\"metadata.%zu\":\"$.a\"", i);
        buffer_append_text(&json, "}}");
        buffer_append_byte(&json, '\0');
        faults_init(&faults, &arena);
        enum err error = ingest_config_compile(&arena, test_json(&arena, json.data), &config, &faults);
        ck_assert_int_eq(error, targets > INGEST_TARGETS_MAX ? ERR_INVALID : ERR_OK);
    }
    ck_assert(slice_equal(faults.items[0].input, SLICE("Too many targets.")));
    buffer_clear(&json);
    buffer_append_text(&json, "{\"name\":\"x\",\"fields\":{\"email\":[\"$\"");
    for (size_t i = 0; i < 64; i++)
        buffer_append_text(&json, ",\"$\"");
    buffer_append_text(&json, "]}}");
    buffer_append_byte(&json, '\0');
    check_faults(json.data, "fields.email: Too many paths.");
    arena_done(&arena);
}
END_TEST

START_TEST(a_name_has_255_characters_at_most)
{
    struct buffer json CLEANUP(buffer_done) = BUFFER_INIT(4096);
    for (size_t length = 255; length <= 256; length++) {
        buffer_clear(&json);
        buffer_append_text(&json, "{\"name\":\"");
        for (size_t i = 0; i < length; i++)
            buffer_append_text(&json, "\xC3\xA4");
        buffer_append_text(&json, "\"}");
        buffer_append_byte(&json, '\0');
        check_faults(json.data, length == 255
                                    ? ""
                                    : "name: Ensure this field has no more than 255 characters and no NUL.");
    }
}
END_TEST

START_TEST(a_config_is_what_its_file_says)
{
    struct arena arena;
    struct faults faults;
    const struct ingest_config *config;
    arena_init(&arena, (size_t)16 << 20);
    faults_init(&faults, &arena);
    const char *plain = "{\"name\":\" Plain \"}";
    ck_assert_int_eq(ingest_config_compile(&arena, test_json(&arena, plain), &config, &faults), ERR_OK);
    ck_assert(slice_equal(config->name, SLICE("Plain")));
    ck_assert_int_eq(config->lead_type_id, 0);
    ck_assert(!config->open && !config->drop_unmapped);
    ck_assert_int_eq(config->min_reengagement_days, INGEST_DAYS_UNSET);
    ck_assert_uint_eq(config->target_count, 0);
    const char *full = "{\"name\":\"F\",\"lead_type\":7,\"auth\":\"open\",\"unmapped\":\"drop\",\"min_"
                       "reengagement_days\":\"never\","
                       "\"fields\":{\"phone_number\":null,\"metadata.a.b\":{\"path\":[\"$.x\",\"$.y\"],"
                       "\"default\":1,\"required\":true},"
                       "\"lead_source\":{\"value\":\"F\"},\"metadata\":\"$.m\"}}";
    ck_assert_int_eq(ingest_config_compile(&arena, test_json(&arena, full), &config, &faults), ERR_OK);
    ck_assert_int_eq(config->lead_type_id, 7);
    ck_assert(config->open && config->drop_unmapped);
    ck_assert_int_eq(config->min_reengagement_days, INGEST_DAYS_NEVER);
    ck_assert_uint_eq(config->target_count, 4);
    const struct ingest_target *targets = config->targets;
    ck_assert(targets[0].is_off && !targets[0].is_metadata);
    ck_assert(targets[1].is_metadata && targets[1].required && targets[1].fallback && !targets[1].value);
    ck_assert(slice_equal(targets[1].metadata_key, SLICE("a.b")));
    ck_assert_uint_eq(targets[1].path_count, 2);
    ck_assert(targets[2].value && targets[2].path_count == 0 && !targets[2].required);
    ck_assert(targets[3].is_metadata && slice_is_null(targets[3].metadata_key));
    arena_done(&arena);
}
END_TEST

START_TEST(days_and_lead_type_may_be_null)
{
    struct arena arena;
    struct faults faults;
    const struct ingest_config *config;
    const char *json = "{\"name\":\"x\",\"lead_type\":null,\"min_reengagement_days\":null}";
    arena_init(&arena, (size_t)16 << 20);
    faults_init(&faults, &arena);
    ck_assert_int_eq(ingest_config_compile(&arena, test_json(&arena, json), &config, &faults), ERR_OK);
    ck_assert_int_eq(config->lead_type_id, 0);
    ck_assert_int_eq(config->min_reengagement_days, INGEST_DAYS_UNSET);
    json = "{\"name\":\"x\",\"min_reengagement_days\":30}";
    ck_assert_int_eq(ingest_config_compile(&arena, test_json(&arena, json), &config, &faults), ERR_OK);
    ck_assert_int_eq(config->min_reengagement_days, 30);
    arena_done(&arena);
}
END_TEST

UNIT_MAIN("config", each_mistake_of_the_file_is_told, each_mistake_of_a_field_is_told, counts_are_capped,
          a_name_has_255_characters_at_most, a_config_is_what_its_file_says, days_and_lead_type_may_be_null)
