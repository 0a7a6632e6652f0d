/* The cadence: what sets the next time, and what it is called. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "inlet/domain/calling.h"

#include "inlet/base/compiler.h"
#include "place_test.h"

#define MINUTE_US INT64_C(60000000)
#define NONE      (-1)

/* Minutes after the schedule's start; no rule is in the way. */
START_TEST(the_latest_of_now_start_and_cadence_counts)
{
    static const struct {
        int64_t now, start, last;
        unsigned made;
        bool reengaged;
        int64_t next;
        enum lead_next_call_reason reason;
    } rows[] = {
        /* waits: 10 minutes, 30, 60 and 60 for ever; 5 attempts */
        {0, NONE, NONE, 0, false, 10, LEAD_NEXT_CALL_REASON_FIRST_CALL},
        {0, NONE, NONE, 0, true, 10, LEAD_NEXT_CALL_REASON_REENGAGEMENT},
        {15, NONE, NONE, 0, false, 15, LEAD_NEXT_CALL_REASON_FIRST_CALL},
        {0, 100, NONE, 0, false, 110, LEAD_NEXT_CALL_REASON_FIRST_CALL},
        {0, 100, NONE, 0, true, 110, LEAD_NEXT_CALL_REASON_REENGAGEMENT},
        {105, 100, NONE, 0, false, 110, LEAD_NEXT_CALL_REASON_FIRST_CALL},
        {0, -50, NONE, 0, false, 10, LEAD_NEXT_CALL_REASON_FIRST_CALL},
        {20, NONE, 20, 1, false, 50, LEAD_NEXT_CALL_REASON_RETRY},
        {20, NONE, 20, 1, true, 50, LEAD_NEXT_CALL_REASON_RETRY},
        {20, 40, 20, 1, false, 50, LEAD_NEXT_CALL_REASON_RETRY},
        {20, 60, 20, 1, false, 60, LEAD_NEXT_CALL_REASON_SCHEDULED_START},
        {20, 50, 20, 1, false, 50, LEAD_NEXT_CALL_REASON_SCHEDULED_START},
        {90, NONE, 20, 1, false, 90, LEAD_NEXT_CALL_REASON_RETRY},
        {100, NONE, 100, 2, false, 160, LEAD_NEXT_CALL_REASON_RETRY},
        {100, NONE, 100, 4, false, 160, LEAD_NEXT_CALL_REASON_RETRY},
        {100, NONE, 100, 5, false, NONE, LEAD_NEXT_CALL_REASON_NULL},
        {100, NONE, 100, 9, false, NONE, LEAD_NEXT_CALL_REASON_NULL},
    };
    struct places *places = place_test_places();
    struct calling_rules rules = {.places = places};
    struct calling_plan plan = {.kind = CALLING_LIVE,
                                .waits_us = {10 * MINUTE_US, 30 * MINUTE_US, 60 * MINUTE_US},
                                .wait_count = 3,
                                .max_attempts = 5};
    for (size_t i = 0; i < ARRAY_LENGTH(plan.hours.days); i++)
        plan.hours.days[i] = calling_whole_day;
    calling_rules_index(&rules);
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        const int64_t base_us = INT64_C(1800000000000000);
        struct calling_next next;
        const struct calling_state state = {
            .subject = {.phone = SLICE("+12125550123")},
            .schedule_started_us = base_us,
            .call_schedule_start_us = rows[i].start == NONE ? TIME_NONE : base_us + rows[i].start * MINUTE_US,
            .last_attempt_us = rows[i].last == NONE ? TIME_NONE : base_us + rows[i].last * MINUTE_US,
            .attempts_made = rows[i].made,
            .reengaged = rows[i].reengaged,
            .now_us = base_us + rows[i].now * MINUTE_US,
        };
        ck_assert_int_eq(calling_next(&rules, &plan, &state, &next), ERR_OK);
        int64_t expected_us = rows[i].next == NONE ? TIME_NONE : base_us + rows[i].next * MINUTE_US;
        ck_assert_msg(next.next_us == expected_us, "row %zu", i);
        ck_assert_msg(next.reason == rows[i].reason, "row %zu: %d", i, (int)next.reason);
        ck_assert_int_eq(next.outcome, rows[i].next == NONE ? CALLING_COMPLETED : CALLING_SCHEDULED);
        ck_assert_int_eq(next.allowed_now, rows[i].next != NONE);
    }
    places_free(places);
}
END_TEST

UNIT_MAIN("calling", the_latest_of_now_start_and_cadence_counts)
