/* What the tests of dialing share: lead types with calling, the rules of the program, and a clock that the test sets. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INLET_TESTS_DIAL_TEST_H
#define INLET_TESTS_DIAL_TEST_H

#include "../../../src/store/session.h"
#include "app_test.h"
#include "calling_test.h"
#include "inlet/app/dial.h"
#include "inlet/app/intake.h"
#include "inlet/base/datetime.h"
#include "inlet/domain/phone.h"
#include "inlet/domain/us_state.h"
#include "inlet/store/lead.h"
#include "inlet/store/setup.h"

#define CALLED     INT64_C(31) /* lead types: at all hours, three attempts; and one whose hours are few */
#define FEW_HOURS  INT64_C(32)
#define NOT_CALLED INT64_C(33)
#define SLOW       INT64_C(34) /* at all hours, but not at once */
#define MINUTE_US  INT64_C(60000000)
#define HOUR_US    (60 * MINUTE_US)

#define ALL_HOURS                                                                                            \
    "{\"mon\":[\"00:00-24:00\"],\"tue\":[\"00:00-24:00\"],\"wed\":[\"00:00-24:00\"],"                        \
    "\"thu\":[\"00:00-24:00\"],\"fri\":[\"00:00-24:00\"],\"sat\":[\"00:00-24:00\"],\"sun\":[\"00:00-24:"     \
    "00\"]}"

struct dial_test {
    struct place place;
    struct calling_rulebook *rulebook;
    struct directory *directory;
    struct dial_counts counts;
    struct dial dial;
    int64_t now_us; /* what the clock shows */
};

/* "2026-11-23T15:00:00Z" */
static inline int64_t instant(const char *text)
{
    struct datetime_parts parts;
    ck_assert_int_eq(datetime_parse(slice_from(text), &parts), ERR_OK);
    ck_assert(parts.has_offset && parts.offset_s == 0);
    return civil_to_us(&parts.civil);
}

/* Something to do at the test's time. */
struct dial_step {
    struct dial_test *test;
    enum err (*run)(struct session *session, struct dial_test *test, void *context);
    void *context;
};

static inline enum err dial_run_step(struct session *session, void *context)
{
    struct dial_step *step = context;
    session->now_us = step->test->now_us;
    return step->run(session, step->test, step->context);
}

/* Runs RUN in a transaction of its own; its error. */
static inline enum err
dial_at_once(struct dial_test *test,
             enum err (*run)(struct session *session, struct dial_test *test, void *context), void *context)
{
    struct dial_step step = {test, run, context};
    return place_run(&test->place, dial_run_step, &step);
}

static inline enum err dial_set_up(struct session *session, struct dial_test *test, void *context)
{
    struct organization second = {.id = 2, .name = SLICE("Second")};
    const struct {
        int64_t id;
        const char *calling;
    } types[] = {
        {CALLED, "{\"hours\":" ALL_HOURS ",\"cadence\":[\"0m\",\"30m\",\"4h\"]}"},
        {FEW_HOURS, "{\"hours\":{\"mon\":[\"12:00-13:00\"]},\"cadence\":[\"0m\"],\"max_attempts\":2}"},
        {NOT_CALLED, NULL},
        {SLOW, "{\"hours\":" ALL_HOURS ",\"cadence\":[\"10m\"]}"},
    };
    (void)context;
    TRY(store_organization_insert(session, &second));
    for (size_t i = 0; i < ARRAY_LENGTH(types); i++) {
        struct lead_type type = {.id = types[i].id,
                                 .organization_id = 1,
                                 .name = SLICE("Campaign"),
                                 .metadata_fields = SLICE("[]"),
                                 .min_reengagement_days = REENGAGEMENT_UNSET,
                                 .calling = slice_from(types[i].calling)};
        TRY(store_lead_type_insert(session, &type));
    }
    return directory_build(session, &test->directory);
}

/* The clock shows TIME. */
static inline void dial_init(struct dial_test *test, const char *time)
{
    memset(test, 0, sizeof(*test));
    place_init(&test->place);
    ck_assert_int_eq(phone_module_init(), ERR_OK);
    test->rulebook = calling_test_rulebook(NULL);
    test->now_us = instant(time);
    ck_assert_int_eq(dial_counts_init(&test->counts), ERR_OK);
    ck_assert_int_eq(dial_at_once(test, dial_set_up, NULL), ERR_OK);
    test->dial = (struct dial){.rules = calling_rulebook_rules(test->rulebook),
                               .directory = test->directory,
                               .counts = &test->counts};
}

static inline void dial_done(struct dial_test *test)
{
    directory_unref(test->directory);
    dial_counts_done(&test->counts);
    calling_rulebook_free(test->rulebook);
    phone_module_done();
    place_done(&test->place);
}

static inline int64_t dial_days_unset(const void *context, int64_t lead_type_id)
{
    (void)context;
    (void)lead_type_id;
    return REENGAGEMENT_UNSET;
}

/* A person who comes in; NULL: not sent. */
struct person {
    int64_t lead_type;
    const char *phone, *email, *state, *metadata;
    int64_t start_us; /* call_schedule_start_time; 0: not sent */
};

struct taking {
    const struct person *person;
    struct lead lead;
};

static inline struct optional_text dial_given(const char *text)
{
    return (struct optional_text){.presence = text ? GIVEN : ABSENT, .value = slice_from(text)};
}

static inline enum err dial_take(struct session *session, struct dial_test *test, void *context)
{
    struct taking *taking = context;
    const struct person *person = taking->person;
    struct value metadata;
    struct jin_fault fault;
    enum intake_outcome outcome;
    struct intake_source source = {.organization_id = 1,
                                   .received_us = test->now_us,
                                   .config_min_days = REENGAGEMENT_UNSET,
                                   .lead_type_min_days = REENGAGEMENT_UNSET,
                                   .min_days_of = dial_days_unset,
                                   .dial = &test->dial};
    struct lead_input input = {.email = dial_given(person->email),
                               .phone_number = dial_given(person->phone),
                               .lead_type = {GIVEN, person->lead_type},
                               .unknown = {.kind = VALUE_OBJECT}};
    if (person->state)
        input.us_state =
            (struct optional_choice){GIVEN, vocabulary_find(&us_states, slice_from(person->state))};
    if (person->start_us)
        input.call_schedule_start_time = (struct optional_time){GIVEN, person->start_us};
    if (person->metadata) {
        TRY(jin_decode(&test->place.arena, slice_from(person->metadata), NULL, &metadata, &fault));
        input.metadata = (struct optional_value){GIVEN, &metadata};
    }
    return intake_take(session, &test->place.arena, &source, &input, &outcome, &taking->lead);
}

/* The person as a lead. */
static inline struct lead dial_lead(struct dial_test *test, const struct person *person)
{
    struct taking taking = {.person = person};
    ck_assert_int_eq(dial_at_once(test, dial_take, &taking), ERR_OK);
    return taking.lead;
}

static inline enum err dial_load(struct session *session, struct dial_test *test, void *context)
{
    struct lead *lead = context;
    return store_lead_by_id(session, &test->place.arena, 1, lead->id, lead);
}

/* The lead as it is stored. */
static inline struct lead dial_stored(struct dial_test *test, int64_t id)
{
    struct lead lead = {.id = id};
    ck_assert_int_eq(dial_at_once(test, dial_load, &lead), ERR_OK);
    return lead;
}

/* ---- leases ---- */

struct leasing {
    size_t limit;
    int64_t lease_us;
    bool peek;
    struct due_leads due;
};

static inline enum err dial_due(struct session *session, struct dial_test *test, void *context)
{
    struct leasing *leasing = context;
    return leasing->peek
               ? due_peek(session, &test->dial, &test->place.arena, 1, leasing->limit, &leasing->due)
               : due_lease(session, &test->dial, &test->place.arena, 1, leasing->limit, leasing->lease_us,
                           &leasing->due);
}

/* Leases up to LIMIT leads for five minutes. */
static inline struct due_leads dial_lease(struct dial_test *test, size_t limit)
{
    struct leasing leasing = {.limit = limit, .lease_us = 5 * MINUTE_US};
    ck_assert_int_eq(dial_at_once(test, dial_due, &leasing), ERR_OK);
    return leasing.due;
}

/* ---- reports ---- */

struct reporting {
    struct call_report report;
    int64_t organization_id; /* 0: 1 */
    bool repeated;
    struct call_record record;
    struct lead lead;
};

static inline enum err dial_report_step(struct session *session, struct dial_test *test, void *context)
{
    struct reporting *reporting = context;
    return call_report(session, &test->dial, &test->place.arena,
                       reporting->organization_id ? reporting->organization_id : 1, &reporting->report,
                       &reporting->repeated, &reporting->record, &reporting->lead);
}

static inline enum err dial_report(struct dial_test *test, struct reporting *reporting)
{
    return dial_at_once(test, dial_report_step, reporting);
}

/* A call that was made just now, without a lease. */
static inline struct lead dial_called(struct dial_test *test, int64_t lead_id, enum call_outcome outcome)
{
    struct reporting reporting = {.report = {.lead_id = lead_id, .outcome = outcome, .at_us = TIME_NONE}};
    ck_assert_int_eq(dial_report(test, &reporting), ERR_OK);
    ck_assert(!reporting.repeated);
    return reporting.lead;
}

#endif
