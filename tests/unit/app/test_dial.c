/* The next call of a lead: set when it comes in, when it comes back, when it is changed; by rules, plan and number. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "dial_test.h"

#define NEW_YORK "+12125550123"
#define FLORIDA  "+13055550123"

/* ---- a new lead ---- */

struct next_case {
    const char *now;
    struct person person;
    const char *next; /* NULL: none */
    enum lead_next_call_reason reason;
};

static void assert_next(const struct lead *lead, const char *next, enum lead_next_call_reason reason,
                        size_t index)
{
    int64_t next_us = next ? instant(next) : TIME_NONE;
    ck_assert_msg(lead->next_call_us == next_us && lead->next_call_reason == reason,
                  "case %zu: reason %d, %lld minutes from what was expected", index,
                  (int)lead->next_call_reason, (long long)((lead->next_call_us - next_us) / MINUTE_US));
}

START_TEST(a_new_lead_is_scheduled)
{
    static const struct next_case cases[] = {
        /* A Monday. Ten in New York; ten at night. */
        {"2026-11-23T15:00:00Z",
         {CALLED, NEW_YORK, .state = "NY"},
         "2026-11-23T15:00:00Z",
         LEAD_NEXT_CALL_REASON_FIRST_CALL},
        {"2026-11-24T03:00:00Z",
         {CALLED, NEW_YORK, .state = "NY"},
         "2026-11-24T13:00:00Z",
         LEAD_NEXT_CALL_REASON_NEXT_AVAILABLE_SLOT},
        /* The lead type's hours are those of the lead. */
        {"2026-11-23T15:00:00Z",
         {FEW_HOURS, NEW_YORK, .state = "NY"},
         "2026-11-23T17:00:00Z",
         LEAD_NEXT_CALL_REASON_NEXT_AVAILABLE_SLOT},
        {"2026-11-23T15:00:00Z",
         {FEW_HOURS, "+12135550123", .state = "CA"},
         "2026-11-23T20:00:00Z",
         LEAD_NEXT_CALL_REASON_NEXT_AVAILABLE_SLOT},
        /* metadata.timezone: 915 lies in two zones; the lead's own is one of them and replaces both. */
        {"2026-11-23T14:30:00Z",
         {CALLED, "+19155550123", .state = "TX"},
         "2026-11-23T16:00:00Z",
         LEAD_NEXT_CALL_REASON_NEXT_AVAILABLE_SLOT},
        {"2026-11-23T15:30:00Z",
         {CALLED, "+19155550123", .state = "TX", .metadata = "{\"timezone\":\"America/Chicago\"}"},
         "2026-11-23T15:30:00Z",
         LEAD_NEXT_CALL_REASON_FIRST_CALL},
        /* No calls on Sundays in Utah, but for those who consented to this kind. */
        {"2026-11-22T18:00:00Z",
         {CALLED, "+18015550123", .state = "UT"},
         "2026-11-23T15:00:00Z",
         LEAD_NEXT_CALL_REASON_NEXT_AVAILABLE_SLOT},
        {"2026-11-22T18:00:00Z",
         {CALLED, "+18015550123", .state = "UT", .metadata = "{\"consent\":[\"live\"]}"},
         "2026-11-22T18:00:00Z",
         LEAD_NEXT_CALL_REASON_FIRST_CALL},
        {"2026-11-22T18:00:00Z",
         {CALLED, "+18015550123", .state = "UT", .metadata = "{\"consent\":\"recorded\"}"},
         "2026-11-23T15:00:00Z",
         LEAD_NEXT_CALL_REASON_NEXT_AVAILABLE_SLOT},
        /* Nobody is called: no plan, no type, no number, no zone. */
        {"2026-11-23T15:00:00Z", {NOT_CALLED, NEW_YORK, .state = "NY"}, NULL, LEAD_NEXT_CALL_REASON_NULL},
        {"2026-11-23T15:00:00Z", {0, NEW_YORK, .state = "NY"}, NULL, LEAD_NEXT_CALL_REASON_NULL},
        {"2026-11-23T15:00:00Z",
         {CALLED, NULL, "ann@example.com", .state = "NY"},
         NULL,
         LEAD_NEXT_CALL_REASON_NULL},
        {"2026-11-23T15:00:00Z", {CALLED, NEW_YORK, .state = "AE"}, NULL, LEAD_NEXT_CALL_REASON_NULL},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct dial_test test;
        struct person person = cases[i].person;
        dial_init(&test, cases[i].now);
        struct lead lead = dial_lead(&test, &person);
        assert_next(&lead, cases[i].next, cases[i].reason, i);
        /* What was answered is what is stored. */
        lead = dial_stored(&test, lead.id);
        assert_next(&lead, cases[i].next, cases[i].reason, i);
        dial_done(&test);
    }
}
END_TEST

START_TEST(a_lead_can_be_given_a_start)
{
    struct dial_test test;
    dial_init(&test, "2026-11-23T15:00:00Z");
    struct person person = {
        .lead_type = CALLED, .phone = NEW_YORK, .state = "NY", .start_us = instant("2026-11-25T18:00:00Z")};
    struct lead lead = dial_lead(&test, &person);
    assert_next(&lead, "2026-11-25T18:00:00Z", LEAD_NEXT_CALL_REASON_SCHEDULED_START, 0);
    dial_done(&test);
}
END_TEST

START_TEST(who_cannot_be_scheduled_is_counted)
{
    struct dial_test test;
    dial_init(&test, "2026-11-23T15:00:00Z");
    dial_lead(&test, &(struct person){.lead_type = CALLED, .phone = NEW_YORK, .state = "AP"});
    dial_lead(&test, &(struct person){.lead_type = CALLED, .phone = NEW_YORK, .email = "a@example.com"});
    ck_assert_uint_eq(atomic_load(&test.counts.no_zone), 1);
    ck_assert_uint_eq(atomic_load(&test.counts.no_window), 0);
    dial_done(&test);
}
END_TEST

/* ---- it comes back, it is changed ---- */

START_TEST(a_reengagement_starts_the_schedule_again)
{
    struct dial_test test;
    struct person person = {.lead_type = CALLED, .phone = NEW_YORK, .state = "NY"};
    dial_init(&test, "2026-11-23T15:00:00Z");
    struct lead lead = dial_lead(&test, &person);
    lead = dial_called(&test, lead.id, CALL_OUTCOME_no_answer);
    assert_next(&lead, "2026-11-23T15:30:00Z", LEAD_NEXT_CALL_REASON_RETRY, 0);
    ck_assert_int_eq(lead.call_attempts, 1);
    test.now_us += MINUTE_US;
    lead = dial_lead(&test, &person);
    ck_assert_int_eq(lead.reengagements_count, 1);
    ck_assert_int_eq(lead.call_attempts, 0);
    assert_next(&lead, "2026-11-23T15:01:00Z", LEAD_NEXT_CALL_REASON_REENGAGEMENT, 1);
    lead = dial_stored(&test, lead.id);
    ck_assert_int_eq(lead.call_attempts, 0);
    assert_next(&lead, "2026-11-23T15:01:00Z", LEAD_NEXT_CALL_REASON_REENGAGEMENT, 2);
    dial_done(&test);
}
END_TEST

START_TEST(the_first_wait_runs_from_the_schedule_s_start)
{
    struct dial_test test;
    struct person person = {.lead_type = SLOW, .phone = NEW_YORK, .state = "NY"};
    dial_init(&test, "2026-11-23T15:00:00Z");
    struct lead lead = dial_lead(&test, &person);
    assert_next(&lead, "2026-11-23T15:10:00Z", LEAD_NEXT_CALL_REASON_FIRST_CALL, 0);
    test.now_us += HOUR_US;
    lead = dial_lead(&test, &person);
    assert_next(&lead, "2026-11-23T16:10:00Z", LEAD_NEXT_CALL_REASON_REENGAGEMENT, 1);
    dial_done(&test);
}
END_TEST

START_TEST(a_reengagement_does_not_bring_back_who_said_stop)
{
    struct dial_test test;
    struct person person = {.lead_type = CALLED, .phone = NEW_YORK, .state = "NY"};
    dial_init(&test, "2026-11-23T15:00:00Z");
    struct lead lead = dial_lead(&test, &person);
    dial_called(&test, lead.id, CALL_OUTCOME_dnc);
    lead = dial_lead(&test, &person);
    ck_assert_int_eq(lead.reengagements_count, 1);
    assert_next(&lead, NULL, LEAD_NEXT_CALL_REASON_NULL, 0);
    dial_done(&test);
}
END_TEST

struct change_step {
    int64_t id;
    struct lead_input input;
    struct lead lead;
};

static enum err change(struct session *session, struct dial_test *test, void *context)
{
    struct change_step *step = context;
    return intake_change(session, &test->dial, &test->place.arena, 1, step->id, &step->input, &step->lead);
}

static struct lead changed(struct dial_test *test, int64_t id, struct lead_input input)
{
    struct change_step step = {.id = id, .input = input};
    step.input.unknown.kind = VALUE_OBJECT;
    ck_assert_int_eq(dial_at_once(test, change, &step), ERR_OK);
    struct lead stored = dial_stored(test, id);
    ck_assert_int_eq(stored.next_call_us, step.lead.next_call_us);
    ck_assert_int_eq(stored.next_call_reason, step.lead.next_call_reason);
    return step.lead;
}

START_TEST(a_change_moves_the_next_call)
{
    struct dial_test test;
    struct person person = {.lead_type = CALLED, .phone = NEW_YORK, .state = "NY"};
    dial_init(&test, "2026-11-24T03:00:00Z");
    struct lead lead = dial_lead(&test, &person);
    assert_next(&lead, "2026-11-24T13:00:00Z", LEAD_NEXT_CALL_REASON_NEXT_AVAILABLE_SLOT, 0);
    /* One column that an index has, several, none. */
    lead = changed(&test, lead.id,
                   (struct lead_input){.phone_number = dial_given("+12135550123"),
                                       .us_state = {GIVEN, vocabulary_find(&us_states, SLICE("CA"))}});
    assert_next(&lead, "2026-11-24T03:00:00Z", LEAD_NEXT_CALL_REASON_FIRST_CALL, 1);
    lead = changed(&test, lead.id, (struct lead_input){.lead_type = {GIVEN, FEW_HOURS}});
    assert_next(&lead, "2026-11-30T20:00:00Z", LEAD_NEXT_CALL_REASON_NEXT_AVAILABLE_SLOT, 2);
    lead = changed(&test, lead.id, (struct lead_input){.status = {GIVEN, LEAD_STATUS_LOST}});
    assert_next(&lead, NULL, LEAD_NEXT_CALL_REASON_NULL, 3);
    lead = changed(&test, lead.id,
                   (struct lead_input){.status = {GIVEN, LEAD_STATUS_OPEN}, .lead_type = {GIVEN, CALLED}});
    assert_next(&lead, "2026-11-24T03:00:00Z", LEAD_NEXT_CALL_REASON_FIRST_CALL, 4);
    lead = changed(&test, lead.id, (struct lead_input){.call_dnc = {GIVEN, true}});
    assert_next(&lead, NULL, LEAD_NEXT_CALL_REASON_NULL, 5);
    lead = changed(&test, lead.id, (struct lead_input){.call_dnc = {GIVEN, false}});
    assert_next(&lead, "2026-11-24T03:00:00Z", LEAD_NEXT_CALL_REASON_FIRST_CALL, 6);
    dial_done(&test);
}
END_TEST

/* What stored metadata says counts as what was sent did: a Sunday in Utah, with consent. */
START_TEST(stored_metadata_counts)
{
    static const struct {
        const char *metadata, *next;
    } cases[] = {
        {"{\"consent\":\"live\",\"name\":\"Ann\"}", "2026-11-22T18:00:00Z"},
        {"{\"consent\":[\"text\",\"live\"]}", "2026-11-22T18:00:00Z"},
        {"{\"consent\":\"text\"}", "2026-11-23T15:00:00Z"},
        {"{\"timezone\":\"Pacific/Honolulu\",\"consent\":\"live\"}", "2026-11-22T18:00:00Z"},
        {"{\"timezone\":\"Asia/Tokyo\",\"consent\":\"live\"}", "2026-11-22T23:00:00Z"},
        {"{\"name\":\"timezone consent\"}", "2026-11-23T15:00:00Z"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct dial_test test;
        struct person person = {
            .lead_type = NOT_CALLED, .phone = "+18015550123", .state = "UT", .metadata = cases[i].metadata};
        dial_init(&test, "2026-11-22T18:00:00Z");
        struct lead lead = dial_lead(&test, &person);
        lead = changed(&test, lead.id, (struct lead_input){.lead_type = {GIVEN, CALLED}});
        int64_t next_us = instant(cases[i].next);
        ck_assert_msg(lead.next_call_us == next_us, "case %zu: %lld minutes off", i,
                      (long long)((lead.next_call_us - next_us) / MINUTE_US));
        dial_done(&test);
    }
}
END_TEST

/* ---- caps follow the number ---- */

START_TEST(a_cap_counts_all_calls_to_the_number)
{
    struct dial_test test;
    struct person person = {
        .lead_type = CALLED, .phone = FLORIDA, .email = "first@example.com", .state = "FL"};
    dial_init(&test, "2026-11-23T15:00:00Z");
    struct lead lead = dial_lead(&test, &person);
    for (int i = 0; i < 2; i++) {
        dial_called(&test, lead.id, CALL_OUTCOME_no_answer);
        test.now_us += HOUR_US;
    }
    person.email = "second@example.com";
    struct lead second = dial_lead(&test, &person);
    assert_next(&second, "2026-11-23T17:00:00Z", LEAD_NEXT_CALL_REASON_FIRST_CALL, 0);
    dial_called(&test, second.id, CALL_OUTCOME_no_answer);
    /* Three in 24 hours: the next one a day after the first, whoever is asked for. */
    person.email = "third@example.com";
    struct lead third = dial_lead(&test, &person);
    assert_next(&third, "2026-11-24T15:00:00Z", LEAD_NEXT_CALL_REASON_NEXT_AVAILABLE_SLOT, 1);
    /* Florida presumes that they live there, whatever state they name. */
    person.email = "fourth@example.com";
    person.state = "NY";
    struct lead elsewhere = dial_lead(&test, &person);
    assert_next(&elsewhere, "2026-11-24T15:00:00Z", LEAD_NEXT_CALL_REASON_NEXT_AVAILABLE_SLOT, 2);
    person.state = "FL";
    /* Another number is another matter. */
    person.phone = "+13055550124";
    struct lead other = dial_lead(&test, &person);
    assert_next(&other, "2026-11-23T17:00:00Z", LEAD_NEXT_CALL_REASON_FIRST_CALL, 2);
    dial_done(&test);
}
END_TEST

static enum err insert_call(struct session *session, struct dial_test *test, void *context)
{
    (void)test;
    return store_call_insert(session, context);
}

START_TEST(a_call_by_a_clock_that_is_ahead_counts)
{
    struct dial_test test;
    struct person person = {.lead_type = CALLED, .phone = FLORIDA, .state = "FL"};
    dial_init(&test, "2026-11-23T15:00:00Z");
    struct lead lead = dial_lead(&test, &person);
    for (int i = 0; i < 3; i++) {
        struct call_record record = {.organization_id = 1,
                                     .lead_id = lead.id,
                                     .phone_number = SLICE(FLORIDA),
                                     .at_us = test.now_us + 5 * MINUTE_US,
                                     .outcome = CALL_OUTCOME_failed,
                                     .lease_until_us = TIME_NONE,
                                     .created_us = test.now_us + 5 * MINUTE_US};
        ck_assert_int_eq(dial_at_once(&test, insert_call, &record), ERR_OK);
    }
    person.email = "second@example.com";
    lead = dial_lead(&test, &person);
    assert_next(&lead, "2026-11-24T15:00:00Z", LEAD_NEXT_CALL_REASON_NEXT_AVAILABLE_SLOT, 0);
    dial_done(&test);
}
END_TEST

UNIT_MAIN("dial", a_new_lead_is_scheduled, a_lead_can_be_given_a_start, who_cannot_be_scheduled_is_counted,
          a_reengagement_starts_the_schedule_again, the_first_wait_runs_from_the_schedule_s_start,
          a_reengagement_does_not_bring_back_who_said_stop, a_change_moves_the_next_call,
          stored_metadata_counts, a_call_by_a_clock_that_is_ahead_counts,
          a_cap_counts_all_calls_to_the_number)
