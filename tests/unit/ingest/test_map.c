/* Payloads through configs: what becomes a field, what becomes metadata, what stays out. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest_test.h"

#include <stdio.h>

/* Members of the config besides its name, a payload, and the lead as JSON or "! faults". */
struct map_case {
    const char *config, *payload, *expected;
};

static void check_case(const struct map_case *c)
{
    struct arena arena;
    struct faults faults;
    struct buffer text CLEANUP(buffer_done) = BUFFER_INIT(64 << 10);
    const struct ingest_config *config;
    struct value lead;
    struct jout jout;
    char json[1024];
    snprintf(json, sizeof(json), "{\"name\":\"x\"%s%s}", c->config[0] ? "," : "", c->config);
    arena_init(&arena, (size_t)16 << 20);
    faults_init(&faults, &arena);
    ck_assert_msg(ingest_config_compile(&arena, test_json(&arena, json), &config, &faults) == ERR_OK, "%s",
                  json);
    ck_assert_int_eq(ingest_map(config, &arena, test_json(&arena, c->payload), &lead, &faults), ERR_OK);
    if (faults.count > 0) {
        buffer_append_text(&text, "! ");
        test_print_faults(&text, &faults);
    } else {
        jout_init(&jout, &text);
        jout_value(&jout, &lead);
    }
    ck_assert_msg(slice_equal(buffer_slice(&text), slice_from(c->expected)),
                  "%s <- %s:\n%.*s\ninstead of\n%s", json, c->payload, SLICE_ARG(buffer_slice(&text)),
                  c->expected);
    arena_done(&arena);
}

#define CASES(name, ...)                                                                                     \
    START_TEST(name)                                                                                         \
    {                                                                                                        \
        static const struct map_case cases[] = {__VA_ARGS__};                                                \
        for (size_t i = 0; i < ARRAY_LENGTH(cases); i++)                                                     \
            check_case(&cases[i]);                                                                           \
    }                                                                                                        \
    END_TEST

CASES(the_standard_format_just_works, {"", "{}", "{}"},
      {"", "{\"phone_number\":\"1\",\"email\":\"e\",\"metadata\":{\"a\":1},\"b\":2}",
       "{\"email\":\"e\",\"phone_number\":\"1\",\"metadata\":{\"b\":2,\"a\":1}}"},
      {"",
       "{\"lead_type\":1,\"representative\":null,\"external_id\":\"\",\"us_state\":\"CA\",\"lead_source\":"
       "\"s\","
       "\"call_schedule_start_time\":\"t\",\"min_reengagement_days\":3}",
       "{\"lead_type\":1,\"representative\":null,\"external_id\":\"\",\"us_state\":\"CA\",\"lead_source\":"
       "\"s\","
       "\"call_schedule_start_time\":\"t\",\"min_reengagement_days\":3}"},
      {"", "{\"metadata\":{\"k\":1},\"k\":2}", "{\"metadata\":{\"k\":1}}"},
      {"", "{\"metadata\":{}}", "{\"metadata\":{}}"}, {"", "{\"metadata\":null}", "{}"},
      {"", "{\"metadata\":null,\"a\":1}", "{\"metadata\":{\"a\":1}}"},
      {"", "{\"metadata\":\"text\"}", "{\"metadata\":{\"metadata\":\"text\"}}"},
      {"", "{\"status\":\"NEW\",\"id\":5}", "{\"metadata\":{\"status\":\"NEW\",\"id\":5}}"},
      {"", "{\"phone_number\":[null,\"\",\"1\",\"2\"]}",
       "{\"phone_number\":\"1\",\"metadata\":{\"phone_number\":[null,\"\",\"2\"]}}"},
      {"", "{\"phone_number\":[]}", "{\"metadata\":{\"phone_number\":[]}}"})

CASES(paths_are_tried_in_order,
      {"\"fields\":{\"email\":[\"$.a\",\"$.b\"]}", "{\"a\":\"1\",\"b\":\"2\"}",
       "{\"email\":\"1\",\"metadata\":{\"b\":\"2\"}}"},
      {"\"fields\":{\"email\":[\"$.a\",\"$.b\"]}", "{\"b\":\"2\"}", "{\"email\":\"2\"}"},
      {"\"fields\":{\"email\":[\"$.a\",\"$.b\"]}", "{\"a\":\"\",\"b\":\"2\"}",
       "{\"email\":\"2\",\"metadata\":{\"a\":\"\"}}"},
      {"\"fields\":{\"email\":[\"$.a\",\"$.b\"]}", "{\"a\":null,\"b\":[]}",
       "{\"metadata\":{\"a\":null,\"b\":[]}}"},
      {"\"fields\":{\"email\":[\"$.a\",\"$.b\"]}", "{\"a\":{},\"b\":0}",
       "{\"email\":0,\"metadata\":{\"a\":{}}}"},
      {"\"fields\":{\"email\":\"$.a\"}", "{\"a\":false}", "{\"email\":false}"},
      {"\"fields\":{\"email\":\"$.x\"}", "{\"email\":\"top\"}", "{\"metadata\":{\"email\":\"top\"}}"})

CASES(a_lead_field_takes_the_first_value,
      {"\"fields\":{\"email\":\"$.a\"}", "{\"a\":[null,\"\",[],[\"\",\"e\",\"f\"],\"g\"]}",
       "{\"email\":\"e\",\"metadata\":{\"a\":[null,\"\",[],[\"\",\"f\"],\"g\"]}}"},
      {"\"fields\":{\"email\":\"$.a[1]\"}", "{\"a\":[1,2,3]}", "{\"email\":2,\"metadata\":{\"a\":[1,3]}}"},
      {"\"fields\":{\"email\":\"$.a\"}", "{\"a\":[\"e\"]}", "{\"email\":\"e\"}"},
      {"\"fields\":{\"email\":\"$.a\"}", "{\"a\":[[null]]}", "{\"metadata\":{\"a\":[[null]]}}"},
      {"\"fields\":{\"email\":\"$.a\"}", "{\"a\":{\"x\":1}}", "{\"email\":{\"x\":1}}"})

CASES(metadata_takes_what_stands_there,
      {"\"fields\":{\"metadata.m\":\"$.a\"}", "{\"a\":[null,1]}", "{\"metadata\":{\"m\":[null,1]}}"},
      {"\"fields\":{\"metadata.m\":\"$.a\"}", "{\"a\":{\"x\":{}}}", "{\"metadata\":{\"m\":{\"x\":{}}}}"},
      {"\"fields\":{\"metadata.m\":[\"$.a\",\"$.b\"]}", "{\"a\":[],\"b\":1}",
       "{\"metadata\":{\"a\":[],\"m\":1}}"},
      {"\"fields\":{\"metadata.m\":\"$\"}", "{\"a\":1,\"phone_number\":\"2\"}",
       "{\"phone_number\":\"2\",\"metadata\":{\"m\":{\"a\":1,\"phone_number\":\"2\"}}}"},
      {"\"fields\":{\"metadata.a.b\":\"$['a.b']\"}", "{\"a.b\":1}", "{\"metadata\":{\"a.b\":1}}"},
      {"\"fields\":{\"metadata\":\"$.extra\"}", "{\"extra\":{\"x\":1},\"y\":2}",
       "{\"metadata\":{\"y\":2,\"x\":1}}"},
      {"\"fields\":{\"metadata\":\"$.extra\",\"metadata.x\":\"$.y\"}",
       "{\"extra\":{\"x\":1,\"z\":3},\"y\":2}", "{\"metadata\":{\"x\":2,\"z\":3}}"},
      {"\"fields\":{\"metadata.x\":\"$.y\",\"metadata\":\"$.extra\"}",
       "{\"extra\":{\"x\":1,\"z\":3},\"y\":2}", "{\"metadata\":{\"x\":2,\"z\":3}}"},
      {"\"fields\":{\"metadata\":\"$.extra\"}", "{\"extra\":[1]}", "! metadata: NOT_OBJECT(list)"})

CASES(fields_win_over_metadata_over_the_rest,
      {"\"fields\":{\"metadata.k\":\"$.f\"}",
       "{\"f\":1,\"metadata\":{\"k\":2,\"m\":3},\"k\":4,\"m\":5,\"r\":6}",
       "{\"metadata\":{\"k\":1,\"m\":3,\"r\":6}}"},
      {"\"fields\":{\"metadata\":\"$.f\"}", "{\"f\":{\"k\":1},\"metadata\":{\"k\":2,\"m\":3},\"k\":4}",
       "{\"metadata\":{\"k\":1,\"m\":3}}"},
      {"\"fields\":{\"metadata\":\"$.metadata\"}", "{\"metadata\":{\"k\":2},\"r\":1}",
       "{\"metadata\":{\"r\":1,\"k\":2}}"})

CASES(constants_defaults_and_requirements,
      {"\"fields\":{\"lead_source\":{\"value\":\"F\"}}", "{\"lead_source\":\"theirs\"}",
       "{\"lead_source\":\"F\",\"metadata\":{\"lead_source\":\"theirs\"}}"},
      {"\"fields\":{\"lead_type\":{\"path\":\"$.a\",\"default\":5}}", "{}", "{\"lead_type\":5}"},
      {"\"fields\":{\"lead_type\":{\"path\":\"$.a\",\"default\":5}}", "{\"a\":\"\"}",
       "{\"lead_type\":5,\"metadata\":{\"a\":\"\"}}"},
      {"\"fields\":{\"lead_type\":{\"path\":\"$.a\",\"default\":5}}", "{\"a\":6}", "{\"lead_type\":6}"},
      {"\"fields\":{\"lead_type\":{\"default\":5}}", "{\"lead_type\":6}", "{\"lead_type\":6}"},
      {"\"fields\":{\"lead_type\":{\"default\":5}}", "{}", "{\"lead_type\":5}"},
      {"\"fields\":{\"email\":{\"path\":\"$.a\",\"required\":true}}", "{\"a\":\"\",\"email\":\"x\"}",
       "! email: REQUIRED"},
      {"\"fields\":{\"email\":{\"required\":true}}", "{\"email\":\"x\"}", "{\"email\":\"x\"}"},
      {"\"fields\":{\"email\":{\"required\":true}}", "{\"email\":\"\"}", "! email: REQUIRED"},
      {"\"fields\":{\"email\":{\"path\":\"$.a\",\"required\":true,\"default\":\"d\"}}", "{}",
       "{\"email\":\"d\"}"},
      {"\"fields\":{\"metadata.a\":{\"path\":\"$.a\",\"required\":true},\"external_id\":{\"path\":\"$.b\","
       "\"required\":true}}",
       "{}", "! metadata.a: REQUIRED | external_id: REQUIRED"},
      {"\"fields\":{\"metadata.a\":{\"value\":[1]}}", "{\"a\":2}", "{\"metadata\":{\"a\":[1]}}"},
      {"\"fields\":{\"metadata\":{\"value\":{\"x\":1}}}", "{\"x\":2}", "{\"metadata\":{\"x\":1}}"},
      {"\"fields\":{\"email\":{\"value\":null}}", "{\"email\":\"x\"}",
       "{\"email\":null,\"metadata\":{\"email\":\"x\"}}"})

CASES(null_switches_a_field_off,
      {"\"fields\":{\"phone_number\":null}", "{\"phone_number\":\"1\"}",
       "{\"metadata\":{\"phone_number\":\"1\"}}"},
      {"\"fields\":{\"metadata\":null}", "{\"metadata\":{\"a\":1},\"b\":2}",
       "{\"metadata\":{\"metadata\":{\"a\":1},\"b\":2}}"},
      {"\"fields\":{\"metadata.a\":null}", "{\"a\":1}", "{\"metadata\":{\"a\":1}}"})

CASES(what_was_taken_leaves_the_rest,
      {"\"fields\":{\"email\":\"$.a.b.c\"}", "{\"a\":{\"b\":{\"c\":\"e\",\"d\":1}}}",
       "{\"email\":\"e\",\"metadata\":{\"a\":{\"b\":{\"d\":1}}}}"},
      {"\"fields\":{\"email\":\"$.a.b.c\"}", "{\"a\":{\"b\":{\"c\":\"e\"}},\"x\":{}}",
       "{\"email\":\"e\",\"metadata\":{\"x\":{}}}"},
      {"\"fields\":{\"email\":\"$.a[0].v\"}", "{\"a\":[{\"v\":\"e\"},{\"v\":\"f\"},{}]}",
       "{\"email\":\"e\",\"metadata\":{\"a\":[{\"v\":\"f\"},{}]}}"},
      {"\"fields\":{\"email\":\"$.a[0]\",\"external_id\":\"$.a[2]\"}", "{\"a\":[\"e\",[],\"i\"]}",
       "{\"email\":\"e\",\"external_id\":\"i\",\"metadata\":{\"a\":[[]]}}"},
      {"\"fields\":{\"email\":\"$.metadata.e\"}", "{\"metadata\":{\"e\":\"x\"}}", "{\"email\":\"x\"}"},
      {"\"fields\":{\"email\":\"$.metadata.e\"}", "{\"metadata\":{\"e\":\"x\",\"f\":1}}",
       "{\"email\":\"x\",\"metadata\":{\"f\":1}}"},
      {"\"fields\":{\"email\":\"$.a\",\"metadata.copy\":\"$.a\"}", "{\"a\":\"x\"}",
       "{\"email\":\"x\",\"metadata\":{\"copy\":\"x\"}}"})

CASES(the_rest_can_be_dropped,
      {"\"unmapped\":\"drop\"", "{\"phone_number\":\"1\",\"ssn\":\"2\"}", "{\"phone_number\":\"1\"}"},
      {"\"unmapped\":\"drop\"", "{\"metadata\":{\"a\":1},\"ssn\":\"2\"}", "{\"metadata\":{\"a\":1}}"},
      {"\"unmapped\":\"drop\",\"fields\":{\"metadata\":null}", "{\"metadata\":{\"a\":1},\"b\":2}", "{}"},
      {"\"unmapped\":\"drop\",\"fields\":{\"metadata.k\":\"$.a.b\"}", "{\"a\":{\"b\":1,\"c\":2}}",
       "{\"metadata\":{\"k\":1}}"},
      {"\"unmapped\":\"drop\",\"fields\":{\"email\":\"$.metadata.e\"}",
       "{\"metadata\":{\"e\":\"x\",\"f\":1}}", "{\"email\":\"x\",\"metadata\":{\"f\":1}}"})

CASES(payloads_need_not_be_objects,
      {"\"fields\":{\"email\":\"$[0].e\"}", "[{\"e\":\"x\",\"f\":1}]", "{\"email\":\"x\"}"},
      {"\"fields\":{\"metadata.all\":\"$\"}", "[1,2]", "{\"metadata\":{\"all\":[1,2]}}"},
      {"\"fields\":{\"email\":\"$\"}", "\"x\"", "{\"email\":\"x\"}"},
      {"\"fields\":{\"email\":\"$.a\"}", "5", "{}"})

START_TEST(without_fields_only_an_object_can_be_read)
{
    static const char *const payloads[] = {"[]", "[{}]", "null", "5", "\"x\"", "true"};
    struct arena arena;
    struct faults faults;
    struct ingest_config config = {.min_reengagement_days = INGEST_DAYS_UNSET};
    struct value lead;
    arena_init(&arena, (size_t)16 << 20);
    faults_init(&faults, &arena);
    for (size_t i = 0; i < ARRAY_LENGTH(payloads); i++)
        ck_assert_int_eq(ingest_map(&config, &arena, test_json(&arena, payloads[i]), &lead, &faults),
                         ERR_INVALID);
    ck_assert_uint_eq(faults.count, 0);
    arena_done(&arena);
}
END_TEST

UNIT_MAIN("map", the_standard_format_just_works, paths_are_tried_in_order, a_lead_field_takes_the_first_value,
          metadata_takes_what_stands_there, fields_win_over_metadata_over_the_rest,
          constants_defaults_and_requirements, null_switches_a_field_off, what_was_taken_leaves_the_rest,
          the_rest_can_be_dropped, payloads_need_not_be_objects, without_fields_only_an_object_can_be_read)
