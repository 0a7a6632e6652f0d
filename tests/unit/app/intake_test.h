/* What the tests of intake share: a store with lead types and a representative, one input, its outcome. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_TESTS_INTAKE_TEST_H
#define INLET_TESTS_INTAKE_TEST_H

#include "app_test.h"
#include "inlet/app/intake.h"
#include "inlet/base/clock.h"
#include "inlet/domain/us_state.h"
#include "inlet/store/lead.h"
#include "inlet/store/setup.h"

#define PHONE       "+18042221111"
#define STORED_TYPE INT64_C(11)
#define SENT_TYPE   INT64_C(12)
#define PERSON      INT64_C(21)
#define DAY_US      INT64_C(86400000000)

/* Input and source are what the next run takes; outcome and lead what the last one gave. */
struct intake_test {
    struct place place;
    struct lead_input input;
    struct intake_source source;
    struct directory *directory;
    struct dial dial; /* of lead types that are not called */
    enum intake_outcome outcome;
    struct lead lead;
};

static inline struct optional_text given(struct slice text)
{
    return (struct optional_text){.presence = GIVEN, .value = text};
}

/* NULL: null. */
static inline void assert_text(struct slice actual, const char *expected)
{
    ck_assert(slice_is_null(actual) == (expected == NULL));
    ck_assert_msg(slice_equal(actual, slice_from(expected)), "'%.*s' instead of '%s'", SLICE_ARG(actual),
                  expected ? expected : "null");
}

/* Ann, as she was received a while ago. */
static inline struct lead stored_lead(int64_t received_us)
{
    return (struct lead){.organization_id = 1,
                         .email = SLICE("Ann@Example.com"),
                         .email_key = SLICE("ann@example.com"),
                         .phone_number = SLICE(PHONE),
                         .modified_us = received_us,
                         .created_us = received_us,
                         .received_us = received_us,
                         .status = LEAD_STATUS_NEW,
                         .next_call_us = TIME_NONE,
                         .last_reengagement_us = TIME_NONE,
                         .last_call_us = TIME_NONE,
                         .call_schedule_start_us = TIME_NONE};
}

static inline enum err intake_set_up(struct session *session, void *context)
{
    struct organization second = {.id = 2, .name = SLICE("Second")};
    struct representative person = {.id = PERSON, .organization_id = 1, .name = SLICE("Bo")};
    (void)context;
    TRY(store_organization_insert(session, &second));
    for (int64_t id = STORED_TYPE; id <= SENT_TYPE; id++) {
        struct lead_type type = {.id = id,
                                 .organization_id = 1,
                                 .name = SLICE("Campaign"),
                                 .metadata_fields = SLICE("[]"),
                                 .min_reengagement_days = REENGAGEMENT_UNSET};
        TRY(store_lead_type_insert(session, &type));
    }
    return store_representative_insert(session, &person);
}

/* For sources whose lead types say nothing. */
static inline int64_t intake_days_unset(const void *context, int64_t lead_type_id)
{
    (void)context;
    (void)lead_type_id;
    return REENGAGEMENT_UNSET;
}

static inline enum err intake_build_directory(struct session *session, void *context)
{
    struct intake_test *test = context;
    return directory_build(session, &test->directory);
}

static inline void intake_init(struct intake_test *test)
{
    memset(test, 0, sizeof(*test));
    place_init(&test->place);
    ck_assert_int_eq(place_run(&test->place, intake_set_up, NULL), ERR_OK);
    ck_assert_int_eq(place_run(&test->place, intake_build_directory, test), ERR_OK);
    test->dial = (struct dial){.directory = test->directory};
    test->source = (struct intake_source){.organization_id = 1,
                                          .dial = &test->dial,
                                          .received_us = clock_now_us(),
                                          .config_min_days = REENGAGEMENT_UNSET,
                                          .lead_type_min_days = REENGAGEMENT_UNSET,
                                          .min_days_of = intake_days_unset};
    test->input = (struct lead_input){.email = given(SLICE("Ann@Example.com")),
                                      .phone_number = given(SLICE(PHONE)),
                                      .unknown = {.kind = VALUE_OBJECT}};
}

static inline void intake_done(struct intake_test *test)
{
    directory_unref(test->directory);
    place_done(&test->place);
}

static inline struct value *intake_json(struct intake_test *test, const char *json)
{
    struct value *value = ARENA_NEW(&test->place.arena, struct value);
    struct jin_fault fault;
    ck_assert_ptr_nonnull(value);
    ck_assert_int_eq(jin_decode(&test->place.arena, slice_from(json), NULL, value, &fault), ERR_OK);
    return value;
}

static inline void intake_metadata_of(struct intake_test *test, const char *json)
{
    test->input.metadata = (struct optional_value){GIVEN, intake_json(test, json)};
}

static inline void intake_unknown(struct intake_test *test, const char *json)
{
    test->input.unknown = *intake_json(test, json);
}

static inline enum err intake_take_input(struct session *session, void *context)
{
    struct intake_test *test = context;
    return intake_take(session, &test->place.arena, &test->source, &test->input, &test->outcome, &test->lead);
}

/* Takes the input in, in a transaction of its own. */
static inline enum err intake_run(struct intake_test *test)
{
    return place_run(&test->place, intake_take_input, test);
}

struct lead_to_store {
    const struct lead *lead;
    int64_t id;
};

static inline enum err intake_insert(struct session *session, void *context)
{
    struct lead_to_store *work = context;
    return store_lead_insert(session, work->lead, &work->id, NULL);
}

/* Puts LEAD into the store as it is; its id. */
static inline int64_t intake_store(struct intake_test *test, const struct lead *lead)
{
    struct lead_to_store work = {.lead = lead};
    ck_assert_int_eq(place_run(&test->place, intake_insert, &work), ERR_OK);
    ck_assert_int_gt(work.id, 0);
    return work.id;
}

#endif
