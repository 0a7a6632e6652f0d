/* What a dialer reports: attempts, outcomes, leases that count once. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "dial_test.h"

#define NEW_YORK "+12125550123"

static struct lead new_york_lead(struct dial_test *test, const char *email)
{
    struct person person = {.lead_type = CALLED, .phone = NEW_YORK, .email = email, .state = "NY"};
    return dial_lead(test, &person);
}

START_TEST(each_outcome_does_its_own)
{
    static const struct {
        enum call_outcome outcome;
        enum lead_status status;
        bool call_dnc, over;
    } cases[] = {
        {CALL_OUTCOME_no_answer, LEAD_STATUS_NEW, false, false},
        {CALL_OUTCOME_answered, LEAD_STATUS_NEW, false, false},
        {CALL_OUTCOME_voicemail, LEAD_STATUS_NEW, false, false},
        {CALL_OUTCOME_failed, LEAD_STATUS_NEW, false, false},
        {CALL_OUTCOME_dnc, LEAD_STATUS_NEW, true, true},
        {CALL_OUTCOME_bad_number, LEAD_STATUS_BAD_NUMBER, false, true},
        {CALL_OUTCOME_transferred, LEAD_STATUS_CLOSED, false, true},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct dial_test test;
        dial_init(&test, "2026-11-23T15:00:00Z");
        struct lead lead = new_york_lead(&test, "a@example.com");
        struct lead other = new_york_lead(&test, "b@example.com");
        test.now_us += MINUTE_US;
        dial_called(&test, lead.id, cases[i].outcome);
        lead = dial_stored(&test, lead.id);
        other = dial_stored(&test, other.id);
        ck_assert_int_eq(lead.status, cases[i].status);
        ck_assert_int_eq(lead.call_attempts, 1);
        ck_assert_int_eq(lead.last_call_us, test.now_us);
        ck_assert_int_eq(lead.modified_us, test.now_us);
        ck_assert_int_eq(lead.next_call_us, cases[i].over ? TIME_NONE : instant("2026-11-23T15:31:00Z"));
        ck_assert(lead.call_dnc == cases[i].call_dnc);
        /* A no is the number's, a status the lead's. */
        ck_assert(other.call_dnc == cases[i].call_dnc);
        ck_assert_int_eq(other.status, LEAD_STATUS_NEW);
        ck_assert((other.next_call_us == TIME_NONE) == cases[i].call_dnc);
        dial_done(&test);
    }
}
END_TEST

START_TEST(a_no_is_kept_without_a_number)
{
    struct dial_test test;
    struct person person = {.lead_type = CALLED, .email = "a@example.com"};
    dial_init(&test, "2026-11-23T15:00:00Z");
    struct lead lead = dial_lead(&test, &person);
    dial_called(&test, lead.id, CALL_OUTCOME_dnc);
    ck_assert(dial_stored(&test, lead.id).call_dnc);
    dial_done(&test);
}
END_TEST

START_TEST(a_cadence_is_used_up)
{
    static const char *const next[] = {"2026-11-23T15:30:00Z", "2026-11-23T19:30:00Z"};
    struct dial_test test;
    dial_init(&test, "2026-11-23T15:00:00Z");
    struct lead lead = new_york_lead(&test, "a@example.com");
    for (size_t i = 0; i < ARRAY_LENGTH(next); i++) {
        lead = dial_called(&test, lead.id, CALL_OUTCOME_no_answer);
        ck_assert_int_eq(lead.next_call_us, instant(next[i]));
        ck_assert_int_eq(lead.next_call_reason, LEAD_NEXT_CALL_REASON_RETRY);
        test.now_us = lead.next_call_us;
    }
    dial_called(&test, lead.id, CALL_OUTCOME_answered);
    lead = dial_stored(&test, lead.id);
    ck_assert_int_eq(lead.status, LEAD_STATUS_SCHEDULE_COMPLETED);
    ck_assert_int_eq(lead.next_call_us, TIME_NONE);
    ck_assert_int_eq(lead.next_call_reason, LEAD_NEXT_CALL_REASON_NULL);
    ck_assert_int_eq(lead.call_attempts, 3);
    dial_done(&test);
}
END_TEST

START_TEST(the_cadence_runs_from_when_the_call_was_made)
{
    struct dial_test test;
    dial_init(&test, "2026-11-23T15:00:00Z");
    struct lead lead = new_york_lead(&test, "a@example.com");
    test.now_us += HOUR_US;
    struct reporting reporting = {.report = {.lead_id = lead.id,
                                             .outcome = CALL_OUTCOME_no_answer,
                                             .at_us = test.now_us - 10 * MINUTE_US}};
    ck_assert_int_eq(dial_report(&test, &reporting), ERR_OK);
    ck_assert_int_eq(reporting.record.at_us, test.now_us - 10 * MINUTE_US);
    ck_assert_int_eq(reporting.lead.next_call_us, test.now_us + 20 * MINUTE_US);
    /* An older call counts, but the wait does not run from it; one that is still to come happened now. */
    reporting.report.at_us = test.now_us - 50 * MINUTE_US;
    ck_assert_int_eq(dial_report(&test, &reporting), ERR_OK);
    ck_assert_int_eq(reporting.lead.call_attempts, 2);
    ck_assert_int_eq(reporting.lead.last_call_us, test.now_us - 10 * MINUTE_US);
    reporting.report.at_us = test.now_us + 1;
    ck_assert_int_eq(dial_report(&test, &reporting), ERR_OK);
    ck_assert_int_eq(reporting.record.at_us, test.now_us);
    dial_done(&test);
}
END_TEST

START_TEST(a_lease_counts_once)
{
    struct dial_test test;
    dial_init(&test, "2026-11-23T15:00:00Z");
    struct lead lead = new_york_lead(&test, "a@example.com");
    struct due_leads due = dial_lease(&test, 10);
    ck_assert_uint_eq(due.count, 1);
    struct reporting first = {.report = {.lead_id = lead.id,
                                         .outcome = CALL_OUTCOME_voicemail,
                                         .at_us = TIME_NONE,
                                         .lease_id = due.items[0].lease_id}};
    test.now_us += MINUTE_US;
    ck_assert_int_eq(dial_report(&test, &first), ERR_OK);
    ck_assert(!first.repeated);
    test.now_us += MINUTE_US;
    struct reporting again = first;
    again.report.outcome = CALL_OUTCOME_bad_number;
    ck_assert_int_eq(dial_report(&test, &again), ERR_OK);
    ck_assert(again.repeated);
    ck_assert_int_eq(again.record.id, first.record.id);
    ck_assert_int_eq(again.record.outcome, CALL_OUTCOME_voicemail);
    ck_assert_int_eq(again.record.at_us, first.record.at_us);
    ck_assert_int_eq(again.lead.call_attempts, 1);
    ck_assert_int_eq(again.lead.status, LEAD_STATUS_NEW);
    ck_assert_int_eq(again.lead.next_call_us, first.lead.next_call_us);
    dial_done(&test);
}
END_TEST

START_TEST(a_lease_is_of_one_lead)
{
    struct dial_test test;
    dial_init(&test, "2026-11-23T15:00:00Z");
    struct lead lead = new_york_lead(&test, "a@example.com");
    struct due_leads due = dial_lease(&test, 10);
    struct lead other = new_york_lead(&test, "b@example.com");
    const struct {
        int64_t organization_id, lead_id;
        struct slice lease_id;
        enum err expected;
    } cases[] = {
        {1, other.id, due.items[0].lease_id, ERR_INVALID},
        {1, lead.id, SLICE("00000000-0000-4000-8000-000000000000"), ERR_INVALID},
        {2, lead.id, due.items[0].lease_id, ERR_NOT_FOUND},
        {1, lead.id + 1000, due.items[0].lease_id, ERR_NOT_FOUND},
        {1, lead.id, due.items[0].lease_id, ERR_OK},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct reporting reporting = {.organization_id = cases[i].organization_id,
                                      .report = {.lead_id = cases[i].lead_id,
                                                 .outcome = CALL_OUTCOME_no_answer,
                                                 .at_us = TIME_NONE,
                                                 .lease_id = cases[i].lease_id}};
        ck_assert_int_eq(dial_report(&test, &reporting), cases[i].expected);
    }
    ck_assert_int_eq(dial_stored(&test, other.id).call_attempts, 0);
    dial_done(&test);
}
END_TEST

START_TEST(a_lease_that_ran_out_can_be_reported)
{
    struct dial_test test;
    dial_init(&test, "2026-11-23T15:00:00Z");
    struct lead lead = new_york_lead(&test, "a@example.com");
    struct due_leads old = dial_lease(&test, 1);
    test.now_us += 6 * MINUTE_US;
    struct due_leads due = dial_lease(&test, 1);
    ck_assert_uint_eq(due.count, 1);
    struct reporting late = {.report = {.lead_id = lead.id,
                                        .outcome = CALL_OUTCOME_no_answer,
                                        .at_us = TIME_NONE,
                                        .lease_id = old.items[0].lease_id}};
    ck_assert_int_eq(dial_report(&test, &late), ERR_OK);
    ck_assert(!late.repeated);
    ck_assert_int_eq(late.lead.call_attempts, 1);
    dial_done(&test);
}
END_TEST

UNIT_MAIN("call_report", each_outcome_does_its_own, a_no_is_kept_without_a_number, a_cadence_is_used_up,
          the_cadence_runs_from_when_the_call_was_made, a_lease_counts_once, a_lease_is_of_one_lead,
          a_lease_that_ran_out_can_be_reported)
